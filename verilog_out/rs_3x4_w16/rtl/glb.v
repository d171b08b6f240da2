// Global buffer: banks of four lanes for ifmaps and psums; a read takes 2 cycles.
module glb (
  input wire clk, rst,
  input wire [7:0] ifmap_banks,
  input wire ifmap_read,
  input wire [12:0] ifmap_address,
  output wire [15:0] ifmap_word,
  input wire [3:0] load_write,
  input wire [43:0] load_line,
  input wire [63:0] load_word,
  input wire [1:0] psum_read,
  input wire [21:0] psum_read_line,
  output wire [63:0] psum_read_word,
  input wire [1:0] psum_write,
  input wire [21:0] psum_write_line,
  input wire [63:0] psum_write_word,
  input wire drain_read,
  input wire [1:0] drain_lane,
  input wire [10:0] drain_line,
  output reg drain_grant,
  output wire [31:0] drain_word,
  output wire ifmap_reads,
  output wire [2:0] ifmap_writes, psum_reads, psum_writes
);
  wire [15:0] lane_0_ifmap_word, lane_0_psum_read_part, lane_0_guest_read_part_0, lane_1_ifmap_word;
  wire [15:0] lane_1_psum_read_part, lane_1_guest_read_part_0, lane_2_ifmap_word, lane_2_psum_read_part;
  wire [15:0] lane_2_guest_read_part_0, lane_3_ifmap_word, lane_3_psum_read_part, lane_3_guest_read_part_0;
  reg ifmap_due, psum_due_0, psum_due_1;
  reg [15:0] ifmap_data;
  reg [31:0] psum_data_0, psum_data_1;
  reg [1:0] drain_1, drain_2;
  reg [2:0] read_count, write_count, load_count;
  wire read_0 = !psum_read[0] ? drain_read && drain_lane == 2'd0 : psum_read[0];
  wire [10:0] read_line_0 = !psum_read[0] ? drain_line : psum_read_line[0*11 +: 11];
  wire read_1 = !psum_read[1] ? drain_read && drain_lane == 2'd1 : psum_read[1];
  wire [10:0] read_line_1 = !psum_read[1] ? drain_line : psum_read_line[1*11 +: 11];
  wire lane_0_ifmap_read = ifmap_read && ifmap_address[1:0] == 2'd0;
  wire lane_1_ifmap_read = ifmap_read && ifmap_address[1:0] == 2'd1;
  wire lane_2_ifmap_read = ifmap_read && ifmap_address[1:0] == 2'd2;
  wire lane_3_ifmap_read = ifmap_read && ifmap_address[1:0] == 2'd3;
  wire [31:0] read_word_0 = {16'd0, lane_0_psum_read_part} | {lane_1_psum_read_part, 16'd0} |
      {16'd0, lane_2_guest_read_part_0} | {lane_3_guest_read_part_0, 16'd0};
  wire [31:0] read_word_1 = {16'd0, lane_2_psum_read_part} | {lane_3_psum_read_part, 16'd0} |
      {16'd0, lane_0_guest_read_part_0} | {lane_1_guest_read_part_0, 16'd0};
  wire [2:0] loads = {2'd0, load_write[0]} + {2'd0, load_write[1]} + {2'd0, load_write[2]} + {2'd0, load_write[3]};
  wire [2:0] reads = {2'd0, read_0} + {2'd0, read_1};
  wire [2:0] writes = {2'd0, psum_write[0]} + {2'd0, psum_write[1]};

  glb_lane lane_0 (
    .clk(clk), .rst(rst), .ifmap_banks(ifmap_banks), .ifmap_read(lane_0_ifmap_read), .ifmap_line(ifmap_address[12:2]),
    .ifmap_word(lane_0_ifmap_word), .load_write(load_write[0]), .load_line(load_line[0*11 +: 11]),
    .load_word(load_word[0*16 +: 16]), .psum_read(read_0), .psum_read_line(read_line_0),
    .psum_read_part(lane_0_psum_read_part), .psum_write(psum_write[0]), .psum_write_line(psum_write_line[0*11 +: 11]),
    .psum_write_part(psum_write_word[15:0]), .guest_read_0(read_1), .guest_read_line_0(read_line_1),
    .guest_read_part_0(lane_0_guest_read_part_0), .guest_write_0(psum_write[1]),
    .guest_write_line_0(psum_write_line[1*11 +: 11]), .guest_write_part_0(psum_write_word[47:32])
  );

  glb_lane lane_1 (
    .clk(clk), .rst(rst), .ifmap_banks(ifmap_banks), .ifmap_read(lane_1_ifmap_read), .ifmap_line(ifmap_address[12:2]),
    .ifmap_word(lane_1_ifmap_word), .load_write(load_write[1]), .load_line(load_line[1*11 +: 11]),
    .load_word(load_word[1*16 +: 16]), .psum_read(read_0), .psum_read_line(read_line_0),
    .psum_read_part(lane_1_psum_read_part), .psum_write(psum_write[0]), .psum_write_line(psum_write_line[0*11 +: 11]),
    .psum_write_part(psum_write_word[31:16]), .guest_read_0(read_1), .guest_read_line_0(read_line_1),
    .guest_read_part_0(lane_1_guest_read_part_0), .guest_write_0(psum_write[1]),
    .guest_write_line_0(psum_write_line[1*11 +: 11]), .guest_write_part_0(psum_write_word[63:48])
  );

  glb_lane lane_2 (
    .clk(clk), .rst(rst), .ifmap_banks(ifmap_banks), .ifmap_read(lane_2_ifmap_read), .ifmap_line(ifmap_address[12:2]),
    .ifmap_word(lane_2_ifmap_word), .load_write(load_write[2]), .load_line(load_line[2*11 +: 11]),
    .load_word(load_word[2*16 +: 16]), .psum_read(read_1), .psum_read_line(read_line_1),
    .psum_read_part(lane_2_psum_read_part), .psum_write(psum_write[1]), .psum_write_line(psum_write_line[1*11 +: 11]),
    .psum_write_part(psum_write_word[47:32]), .guest_read_0(read_0), .guest_read_line_0(read_line_0),
    .guest_read_part_0(lane_2_guest_read_part_0), .guest_write_0(psum_write[0]),
    .guest_write_line_0(psum_write_line[0*11 +: 11]), .guest_write_part_0(psum_write_word[15:0])
  );

  glb_lane lane_3 (
    .clk(clk), .rst(rst), .ifmap_banks(ifmap_banks), .ifmap_read(lane_3_ifmap_read), .ifmap_line(ifmap_address[12:2]),
    .ifmap_word(lane_3_ifmap_word), .load_write(load_write[3]), .load_line(load_line[3*11 +: 11]),
    .load_word(load_word[3*16 +: 16]), .psum_read(read_1), .psum_read_line(read_line_1),
    .psum_read_part(lane_3_psum_read_part), .psum_write(psum_write[1]), .psum_write_line(psum_write_line[1*11 +: 11]),
    .psum_write_part(psum_write_word[63:48]), .guest_read_0(read_0), .guest_read_line_0(read_line_0),
    .guest_read_part_0(lane_3_guest_read_part_0), .guest_write_0(psum_write[0]),
    .guest_write_line_0(psum_write_line[0*11 +: 11]), .guest_write_part_0(psum_write_word[31:16])
  );

  always @* begin
    drain_grant = 1'b1;
    if (drain_lane == 2'd0) drain_grant = !psum_read[0];
    if (drain_lane == 2'd1) drain_grant = !psum_read[1];
  end

  assign ifmap_word = ifmap_data;
  assign psum_read_word[0*32 +: 32] = psum_data_0;
  assign psum_read_word[1*32 +: 32] = psum_data_1;
  assign drain_word = (drain_2 == 2'd1) ? psum_data_1 : psum_data_0;
  assign ifmap_reads = ifmap_due, ifmap_writes = load_count, psum_reads = read_count, psum_writes = write_count;

  always @(posedge clk) begin
    if (rst) begin
      ifmap_due <= 1'b0; psum_due_0 <= 1'b0; psum_due_1 <= 1'b0; read_count <= 3'd0; write_count <= 3'd0;
      load_count <= 3'd0;
    end else begin
      ifmap_due <= ifmap_read; psum_due_0 <= read_0; psum_due_1 <= read_1; load_count <= loads; read_count <= reads;
      write_count <= writes;
    end
  end

  always @(posedge clk) begin
    if (ifmap_due) ifmap_data <= lane_0_ifmap_word | lane_1_ifmap_word | lane_2_ifmap_word | lane_3_ifmap_word;
    if (psum_due_0) psum_data_0 <= read_word_0;
    if (psum_due_1) psum_data_1 <= read_word_1;
    drain_1 <= drain_lane; drain_2 <= drain_1;
  end
endmodule
