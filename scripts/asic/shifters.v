// Techmap rule of scripts/standard_cells.py: shifts to the right go by the widest step first. Where the upper bits of the result are cut off, as a
// psum's are, the steps that follow are narrower.
(* techmap_celltype = "$shr $sshr" *)
module wide_steps_first (A, B, Y);
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  parameter A_WIDTH = 1;
  parameter B_WIDTH = 1;
  parameter Y_WIDTH = 1;
  parameter _TECHMAP_CELLTYPE_ = "";
  localparam WIDTH = A_WIDTH > Y_WIDTH ? A_WIDTH : Y_WIDTH;
  localparam SIGNED = A_SIGNED && _TECHMAP_CELLTYPE_ == "$sshr";
  input [A_WIDTH-1:0] A;
  input [B_WIDTH-1:0] B;
  output [Y_WIDTH-1:0] Y;
  // The operand is extended as it is read; what comes in from above is its sign, or zero.
  wire [WIDTH*(B_WIDTH+1)-1:0] step;
  wire fill = SIGNED ? A[A_WIDTH-1] : 1'b0;
  assign step[WIDTH*B_WIDTH +: WIDTH] = A_SIGNED ? {{WIDTH{A[A_WIDTH-1]}}, A} : A;
  assign Y = step[WIDTH-1:0];
  genvar i;
  generate
    for (i = 0; i < B_WIDTH; i = i + 1) begin : by
      wire [WIDTH-1:0] from = step[WIDTH*(i+1) +: WIDTH];
      if (i < 30 && (1 << i) < WIDTH)
        assign step[WIDTH*i +: WIDTH] = B[i] ? {{(1<<i){fill}}, from[WIDTH-1:(1<<i)]} : from;
      else
        assign step[WIDTH*i +: WIDTH] = B[i] ? {WIDTH{fill}} : from;
    end
  endgenerate
endmodule
