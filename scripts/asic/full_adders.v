// Techmap rule of scripts/standard_cells.py: full adders become the library's cell, `FULL_ADDER`, whose pins are `FA_…`; where an
// input is constant, gates are less.
(* techmap_celltype = "$fa" *)
module _00_full_adders (A, B, C, X, Y);
  parameter WIDTH = 1;
  parameter _TECHMAP_CONSTMSK_A_ = 0;
  parameter _TECHMAP_CONSTMSK_B_ = 0;
  parameter _TECHMAP_CONSTMSK_C_ = 0;
  input [WIDTH-1:0] A, B, C;
  output [WIDTH-1:0] X, Y;

  localparam [WIDTH-1:0] CONSTANT = _TECHMAP_CONSTMSK_A_ | _TECHMAP_CONSTMSK_B_ | _TECHMAP_CONSTMSK_C_;
  genvar i;
  generate
    for (i = 0; i < WIDTH; i = i + 1) begin : place
      if (CONSTANT[i]) begin
        assign X[i] = A[i] & B[i] | A[i] & C[i] | B[i] & C[i];
        assign Y[i] = A[i] ^ B[i] ^ C[i];
      end else
        `FULL_ADDER adder (.`FA_A(A[i]), .`FA_B(B[i]), .`FA_C(C[i]), .`FA_CARRY(X[i]), .`FA_SUM(Y[i]));
    end
  endgenerate
endmodule
