// Techmap rule of scripts/standard_cells.py: a multiplier becomes the sum of radix-4 Booth rows, half as many as bits of B. Yosys
// makes one tree of full adders of the sum.
(* techmap_celltype = "$mul" *)
module booth_multiplier (A, B, Y);
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  parameter A_WIDTH = 1;
  parameter B_WIDTH = 1;
  parameter Y_WIDTH = 1;
  input [A_WIDTH-1:0] A;
  input [B_WIDTH-1:0] B;
  output [Y_WIDTH-1:0] Y;

  // Below, encoding costs more than the rows that it saves.
  wire _TECHMAP_FAIL_ = A_WIDTH < 6 || B_WIDTH < 6;
  localparam ROW = A_SIGNED ? A_WIDTH : A_WIDTH + 1;
  localparam DIGITS = ((B_SIGNED ? B_WIDTH : B_WIDTH + 1) + 1) / 2;
  localparam WIDTH = ROW + 2 * DIGITS;
  // Signed, with a zero below.
  wire [ROW+1:0] a = {{(ROW+1-A_WIDTH){A_SIGNED && A[A_WIDTH-1]}}, A, 1'b0};
  wire [2*DIGITS:0] b = {{(2*DIGITS-B_WIDTH){B_SIGNED && B[B_WIDTH-1]}}, B, 1'b0};

  // A row's sign bit counts -2^ROW; inverted, it counts 2^ROW beside a constant -2^ROW, and needs no extension.
  function [WIDTH-1:0] signs;
    input unused;
    integer k;
    begin
      signs = 0;
      for (k = 0; k < DIGITS; k = k + 1) signs = signs - ({{(WIDTH-1){1'b0}}, 1'b1} << (ROW + 2*k));
    end
  endfunction

  wire [WIDTH*(DIGITS+1)-1:0] sums;
  // A negative digit's row is inverted; here is what it lacks of a negated one.
  wire [WIDTH-1:0] ones;
  assign sums[WIDTH-1:0] = signs(1'b0);
  assign ones[WIDTH-1:2*DIGITS] = 0;
  genvar i;
  generate
    for (i = 0; i < DIGITS; i = i + 1) begin : digit
      wire negative = b[2*i+2], one = b[2*i+1] ^ b[2*i];
      wire two = b[2*i+2] ? !b[2*i+1] && !b[2*i] : b[2*i+1] && b[2*i];
      wire [ROW:0] row = (({(ROW+1){one}} & a[ROW+1:1]) | ({(ROW+1){two}} & a[ROW:0])) ^ {(ROW+1){negative}};
      wire [WIDTH-1:0] placed = {!row[ROW], row[ROW-1:0]} << (2*i);
      assign ones[2*i +: 2] = {1'b0, negative};
      assign sums[(i+1)*WIDTH +: WIDTH] = sums[i*WIDTH +: WIDTH] + placed;
    end
  endgenerate
  wire [WIDTH-1:0] product = sums[DIGITS*WIDTH +: WIDTH] + ones;
  assign Y = A_SIGNED || B_SIGNED ? $signed(product) : product;
endmodule
