// Global buffer: banks of four lanes for ifmaps and psums; a read takes 2 cycles.
module glb (
  input wire clk,
  input wire rst,
  input wire [7:0] ifmap_banks,
  input wire ifmap_read,
  input wire [11:0] ifmap_address,
  output wire [7:0] ifmap_word,
  input wire load_write_0,
  input wire load_write_1,
  input wire load_write_2,
  input wire load_write_3,
  input wire [9:0] load_line_0,
  input wire [9:0] load_line_1,
  input wire [9:0] load_line_2,
  input wire [9:0] load_line_3,
  input wire [7:0] load_word_0,
  input wire [7:0] load_word_1,
  input wire [7:0] load_word_2,
  input wire [7:0] load_word_3,
  input wire psum_read_0,
  input wire psum_read_1,
  input wire [9:0] psum_read_line_0,
  input wire [9:0] psum_read_line_1,
  output wire [15:0] psum_read_word_0,
  output wire [15:0] psum_read_word_1,
  input wire psum_write_0,
  input wire psum_write_1,
  input wire [9:0] psum_write_line_0,
  input wire [9:0] psum_write_line_1,
  input wire [15:0] psum_write_word_0,
  input wire [15:0] psum_write_word_1,
  input wire drain_read,
  input wire [1:0] drain_lane,
  input wire [9:0] drain_line,
  output reg drain_grant,
  output reg [15:0] drain_word,
  output wire ifmap_reads,
  output wire [2:0] ifmap_writes,
  output wire [2:0] psum_reads,
  output wire [2:0] psum_writes
);
  reg read_0;
  reg read_1;
  reg [9:0] read_line_0;
  reg [9:0] read_line_1;
  reg [15:0] read_word_0;
  reg [15:0] read_word_1;
  reg [2:0] reads;
  reg [2:0] writes;
  reg [2:0] loads;
  wire lane_0_ifmap_read;
  wire [7:0] lane_0_ifmap_word;
  wire [7:0] lane_0_psum_read_part;
  wire lane_1_ifmap_read;
  wire [7:0] lane_1_ifmap_word;
  wire [7:0] lane_1_psum_read_part;
  wire lane_2_ifmap_read;
  wire [7:0] lane_2_ifmap_word;
  wire [7:0] lane_2_psum_read_part;
  wire lane_3_ifmap_read;
  wire [7:0] lane_3_ifmap_word;
  wire [7:0] lane_3_psum_read_part;
  reg ifmap_due;
  reg [7:0] ifmap_data;
  reg psum_due_0;
  reg psum_due_1;
  reg [15:0] psum_data_0;
  reg [15:0] psum_data_1;
  reg [1:0] drain_1;
  reg [1:0] drain_2;
  reg [2:0] read_count;
  reg [2:0] write_count;
  reg [2:0] load_count;

  glb_lane lane_0 (
    .clk(clk),
    .rst(rst),
    .ifmap_banks(ifmap_banks),
    .ifmap_read(lane_0_ifmap_read),
    .ifmap_line(ifmap_address[11:2]),
    .ifmap_word(lane_0_ifmap_word),
    .load_write(load_write_0),
    .load_line(load_line_0),
    .load_word(load_word_0),
    .psum_read(read_0),
    .psum_read_line(read_line_0),
    .psum_read_part(lane_0_psum_read_part),
    .psum_write(psum_write_0),
    .psum_write_line(psum_write_line_0),
    .psum_write_part(psum_write_word_0[7:0])
  );

  glb_lane lane_1 (
    .clk(clk),
    .rst(rst),
    .ifmap_banks(ifmap_banks),
    .ifmap_read(lane_1_ifmap_read),
    .ifmap_line(ifmap_address[11:2]),
    .ifmap_word(lane_1_ifmap_word),
    .load_write(load_write_1),
    .load_line(load_line_1),
    .load_word(load_word_1),
    .psum_read(read_0),
    .psum_read_line(read_line_0),
    .psum_read_part(lane_1_psum_read_part),
    .psum_write(psum_write_0),
    .psum_write_line(psum_write_line_0),
    .psum_write_part(psum_write_word_0[15:8])
  );

  glb_lane lane_2 (
    .clk(clk),
    .rst(rst),
    .ifmap_banks(ifmap_banks),
    .ifmap_read(lane_2_ifmap_read),
    .ifmap_line(ifmap_address[11:2]),
    .ifmap_word(lane_2_ifmap_word),
    .load_write(load_write_2),
    .load_line(load_line_2),
    .load_word(load_word_2),
    .psum_read(read_1),
    .psum_read_line(read_line_1),
    .psum_read_part(lane_2_psum_read_part),
    .psum_write(psum_write_1),
    .psum_write_line(psum_write_line_1),
    .psum_write_part(psum_write_word_1[7:0])
  );

  glb_lane lane_3 (
    .clk(clk),
    .rst(rst),
    .ifmap_banks(ifmap_banks),
    .ifmap_read(lane_3_ifmap_read),
    .ifmap_line(ifmap_address[11:2]),
    .ifmap_word(lane_3_ifmap_word),
    .load_write(load_write_3),
    .load_line(load_line_3),
    .load_word(load_word_3),
    .psum_read(read_1),
    .psum_read_line(read_line_1),
    .psum_read_part(lane_3_psum_read_part),
    .psum_write(psum_write_1),
    .psum_write_line(psum_write_line_1),
    .psum_write_part(psum_write_word_1[15:8])
  );

  always @* begin
    drain_grant = 1'b1;
    if (drain_lane == 2'd0) drain_grant = !psum_read_0;
    if (drain_lane == 2'd1) drain_grant = !psum_read_1;
  end

  always @* begin
    read_0 = psum_read_0;
    if (!psum_read_0) read_0 = drain_read && drain_lane == 2'd0;
  end

  always @* begin
    read_line_0 = psum_read_line_0;
    if (!psum_read_0) read_line_0 = drain_line;
  end

  always @* begin
    read_1 = psum_read_1;
    if (!psum_read_1) read_1 = drain_read && drain_lane == 2'd1;
  end

  always @* begin
    read_line_1 = psum_read_line_1;
    if (!psum_read_1) read_line_1 = drain_line;
  end

  assign lane_0_ifmap_read = ifmap_read && ifmap_address[1:0] == 2'd0;
  assign lane_1_ifmap_read = ifmap_read && ifmap_address[1:0] == 2'd1;
  assign lane_2_ifmap_read = ifmap_read && ifmap_address[1:0] == 2'd2;
  assign lane_3_ifmap_read = ifmap_read && ifmap_address[1:0] == 2'd3;
  assign ifmap_word = ifmap_data;

  always @* begin
    read_word_0 = {8'd0, lane_0_psum_read_part};
    read_word_0 = read_word_0 | {lane_1_psum_read_part, 8'd0};
  end

  assign psum_read_word_0 = psum_data_0;

  always @* begin
    read_word_1 = {8'd0, lane_2_psum_read_part};
    read_word_1 = read_word_1 | {lane_3_psum_read_part, 8'd0};
  end

  assign psum_read_word_1 = psum_data_1;

  always @* begin
    drain_word = psum_data_0;
    if (drain_2 == 2'd1) drain_word = psum_data_1;
  end

  always @* begin
    loads = {2'd0, load_write_0};
    loads = loads + {2'd0, load_write_1};
    loads = loads + {2'd0, load_write_2};
    loads = loads + {2'd0, load_write_3};
  end

  always @* begin
    reads = {2'd0, read_0};
    reads = reads + {2'd0, read_1};
  end

  always @* begin
    writes = {2'd0, psum_write_0};
    writes = writes + {2'd0, psum_write_1};
  end

  assign ifmap_reads = ifmap_due;
  assign ifmap_writes = load_count;
  assign psum_reads = read_count;
  assign psum_writes = write_count;

  always @(posedge clk) begin
    if (rst) begin
      ifmap_due <= 1'b0;
      ifmap_data <= 8'd0;
      psum_due_0 <= 1'b0;
      psum_due_1 <= 1'b0;
      psum_data_0 <= 16'd0;
      psum_data_1 <= 16'd0;
      drain_1 <= 2'd0;
      drain_2 <= 2'd0;
      read_count <= 3'd0;
      write_count <= 3'd0;
      load_count <= 3'd0;
    end else begin
      if (ifmap_due) begin
        ifmap_data <= lane_0_ifmap_word | lane_1_ifmap_word | lane_2_ifmap_word | lane_3_ifmap_word;
      end
      ifmap_due <= ifmap_read;
      psum_due_0 <= read_0;
      if (psum_due_0) psum_data_0 <= read_word_0;
      psum_due_1 <= read_1;
      if (psum_due_1) psum_data_1 <= read_word_1;
      drain_1 <= drain_lane;
      drain_2 <= drain_1;
      load_count <= loads;
      read_count <= reads;
      write_count <= writes;
    end
  end
endmodule
