// One lane of every bank of the global buffer.
module glb_lane (
  input wire clk, rst,
  input wire [7:0] ifmap_banks,
  input wire ifmap_read,
  input wire [10:0] ifmap_line,
  output reg [15:0] ifmap_word,
  input wire load_write,
  input wire [10:0] load_line,
  input wire [15:0] load_word,
  input wire psum_read,
  input wire [10:0] psum_read_line,
  output reg [15:0] psum_read_part,
  input wire psum_write,
  input wire [10:0] psum_write_line,
  input wire [15:0] psum_write_part,
  input wire guest_read_0,
  input wire [10:0] guest_read_line_0,
  output wire [15:0] guest_read_part_0,
  input wire guest_write_0,
  input wire [10:0] guest_write_line_0,
  input wire [15:0] guest_write_part_0
);
  reg [15:0] bank_0_read_data, bank_1_read_data, bank_2_read_data;
  reg ifmap_due, psum_due, guest_due_0;
  reg [1:0] ifmap_from, psum_from, guest_from_0;
  (* no_rw_check *) reg [15:0] bank_0 [0:511], bank_1 [0:511], bank_2 [0:511];
  wire [1:0] ifmap_bank = ifmap_line[10:9];
  wire [1:0] load_bank = load_line[10:9];
  wire [1:0] read_bank = psum_read_line[10:9];
  wire [1:0] write_bank = psum_write_line[10:9];
  wire bank_0_read = (ifmap_banks > 8'd0) ? ifmap_read && ifmap_bank == 2'd0 : psum_read && read_bank == 2'd0;
  wire [8:0] bank_0_read_address = (ifmap_banks > 8'd0) ? ifmap_line[8:0] : psum_read_line[8:0];
  wire bank_0_write = (ifmap_banks > 8'd0) ? load_write && load_bank == 2'd0 : psum_write && write_bank == 2'd0;
  wire [8:0] bank_0_write_address = (ifmap_banks > 8'd0) ? load_line[8:0] : psum_write_line[8:0];
  wire bank_1_read = (ifmap_banks > 8'd1) ? ifmap_read && ifmap_bank == 2'd1 : psum_read && read_bank == 2'd1;
  wire [8:0] bank_1_read_address = (ifmap_banks > 8'd1) ? ifmap_line[8:0] : psum_read_line[8:0];
  wire bank_1_write = (ifmap_banks > 8'd1) ? load_write && load_bank == 2'd1 : psum_write && write_bank == 2'd1;
  wire [8:0] bank_1_write_address = (ifmap_banks > 8'd1) ? load_line[8:0] : psum_write_line[8:0];
  wire [1:0] guest_read_bank_0 = guest_read_line_0[10:9];
  wire [1:0] guest_write_bank_0 = guest_write_line_0[10:9];
  wire lent_read_0 = (psum_read && read_bank == 2'd2) || (guest_read_0 && guest_read_bank_0 == 2'd3);
  wire [8:0] lent_read_index_0 = (guest_read_0 && guest_read_bank_0 == 2'd3) ? guest_read_line_0[8:0] :
      psum_read_line[8:0];
  wire lent_write_0 = (psum_write && write_bank == 2'd2) || (guest_write_0 && guest_write_bank_0 == 2'd3);
  wire [8:0] lent_write_index_0 = (guest_write_0 && guest_write_bank_0 == 2'd3) ? guest_write_line_0[8:0] :
      psum_write_line[8:0];
  wire [15:0] lent_write_part_0 = (guest_write_0 && guest_write_bank_0 == 2'd3) ? guest_write_part_0 : psum_write_part;
  wire bank_2_read = (ifmap_banks > 8'd2) ? ifmap_read && ifmap_bank == 2'd2 : lent_read_0;
  wire [8:0] bank_2_read_address = (ifmap_banks > 8'd2) ? ifmap_line[8:0] : lent_read_index_0;
  wire bank_2_write = (ifmap_banks > 8'd2) ? load_write && load_bank == 2'd2 : lent_write_0;
  wire [8:0] bank_2_write_address = (ifmap_banks > 8'd2) ? load_line[8:0] : lent_write_index_0;

  always @* begin
    ifmap_word = 16'd0;
    if (ifmap_due) begin
      if (ifmap_from == 2'd0) ifmap_word = bank_0_read_data;
      if (ifmap_from == 2'd1) ifmap_word = bank_1_read_data;
      if (ifmap_from == 2'd2) ifmap_word = bank_2_read_data;
    end
  end

  always @* begin
    psum_read_part = 16'd0;
    if (psum_due) begin
      if (psum_from == 2'd0) psum_read_part = bank_0_read_data;
      if (psum_from == 2'd1) psum_read_part = bank_1_read_data;
      if (psum_from == 2'd2) psum_read_part = bank_2_read_data;
    end
  end

  assign guest_read_part_0 = (guest_due_0 && guest_from_0 == 2'd3) ? bank_2_read_data : 16'd0;

  always @(posedge clk) begin
    if (bank_0_write) bank_0[bank_0_write_address] <= (ifmap_banks > 8'd0) ? load_word : psum_write_part;
    if (bank_0_read) bank_0_read_data <= bank_0[bank_0_read_address];
    if (bank_1_write) bank_1[bank_1_write_address] <= (ifmap_banks > 8'd1) ? load_word : psum_write_part;
    if (bank_1_read) bank_1_read_data <= bank_1[bank_1_read_address];
    if (bank_2_write) bank_2[bank_2_write_address] <= (ifmap_banks > 8'd2) ? load_word : lent_write_part_0;
    if (bank_2_read) bank_2_read_data <= bank_2[bank_2_read_address];
  end

  always @(posedge clk) begin
    if (rst) begin
      ifmap_due <= 1'b0; psum_due <= 1'b0; guest_due_0 <= 1'b0;
    end else begin
      ifmap_due <= ifmap_read; psum_due <= psum_read; guest_due_0 <= guest_read_0;
    end
  end

  always @(posedge clk) begin
    ifmap_from <= ifmap_bank; psum_from <= read_bank; guest_from_0 <= guest_read_bank_0;
  end
endmodule
