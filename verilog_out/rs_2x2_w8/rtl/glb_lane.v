// One lane of every bank of the global buffer.
module glb_lane (
  input wire clk, rst,
  input wire [7:0] ifmap_banks,
  input wire ifmap_read,
  input wire [9:0] ifmap_line,
  output reg [7:0] ifmap_word,
  input wire load_write,
  input wire [9:0] load_line,
  input wire [7:0] load_word,
  input wire psum_read,
  input wire [9:0] psum_read_line,
  output reg [7:0] psum_read_part,
  input wire psum_write,
  input wire [9:0] psum_write_line,
  input wire [7:0] psum_write_part
);
  reg [7:0] bank_0_read_data, bank_1_read_data;
  reg ifmap_due, ifmap_from, psum_due, psum_from;
  (* no_rw_check *) reg [7:0] bank_0 [0:511], bank_1 [0:511];
  wire ifmap_bank = ifmap_line[9];
  wire load_bank = load_line[9];
  wire read_bank = psum_read_line[9];
  wire write_bank = psum_write_line[9];
  wire bank_0_read = (ifmap_banks > 8'd0) ? ifmap_read && ifmap_bank == 1'b0 : psum_read && read_bank == 1'b0;
  wire [8:0] bank_0_read_address = (ifmap_banks > 8'd0) ? ifmap_line[8:0] : psum_read_line[8:0];
  wire bank_0_write = (ifmap_banks > 8'd0) ? load_write && load_bank == 1'b0 : psum_write && write_bank == 1'b0;
  wire [8:0] bank_0_write_address = (ifmap_banks > 8'd0) ? load_line[8:0] : psum_write_line[8:0];
  wire bank_1_read = (ifmap_banks > 8'd1) ? ifmap_read && ifmap_bank == 1'b1 : psum_read && read_bank == 1'b1;
  wire [8:0] bank_1_read_address = (ifmap_banks > 8'd1) ? ifmap_line[8:0] : psum_read_line[8:0];
  wire bank_1_write = (ifmap_banks > 8'd1) ? load_write && load_bank == 1'b1 : psum_write && write_bank == 1'b1;
  wire [8:0] bank_1_write_address = (ifmap_banks > 8'd1) ? load_line[8:0] : psum_write_line[8:0];

  always @* begin
    ifmap_word = 8'd0;
    if (ifmap_due) begin
      if (ifmap_from == 1'b0) ifmap_word = bank_0_read_data;
      if (ifmap_from == 1'b1) ifmap_word = bank_1_read_data;
    end
  end

  always @* begin
    psum_read_part = 8'd0;
    if (psum_due) begin
      if (psum_from == 1'b0) psum_read_part = bank_0_read_data;
      if (psum_from == 1'b1) psum_read_part = bank_1_read_data;
    end
  end

  always @(posedge clk) begin
    if (bank_0_write) bank_0[bank_0_write_address] <= (ifmap_banks > 8'd0) ? load_word : psum_write_part;
    if (bank_0_read) bank_0_read_data <= bank_0[bank_0_read_address];
    if (bank_1_write) bank_1[bank_1_write_address] <= (ifmap_banks > 8'd1) ? load_word : psum_write_part;
    if (bank_1_read) bank_1_read_data <= bank_1[bank_1_read_address];
  end

  always @(posedge clk) begin
    if (rst) begin
      ifmap_due <= 1'b0; psum_due <= 1'b0;
    end else begin
      ifmap_due <= ifmap_read; psum_due <= psum_read;
    end
  end

  always @(posedge clk) begin
    ifmap_from <= ifmap_bank; psum_from <= read_bank;
  end
endmodule
