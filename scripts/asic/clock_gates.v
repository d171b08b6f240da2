// Techmap rules of scripts/standard_cells.py: registers with a common enable become plain flip-flops behind a clock gate, in place of a
// multiplexer for each bit. A gate takes a latch, an AND and its share of an inverter, which pays from `GATED_BITS` on.
// The latch takes the enable while the clock is low, and so holds what it was at the edge while the clock is high.
(* techmap_celltype = "$dffe" *)
module gated_dffe (CLK, EN, D, Q);
  parameter WIDTH = 1;
  parameter CLK_POLARITY = 1;
  parameter EN_POLARITY = 1;
  input CLK, EN;
  input [WIDTH-1:0] D;
  output [WIDTH-1:0] Q;

  wire _TECHMAP_FAIL_ = WIDTH < `GATED_BITS || !CLK_POLARITY;
  wire low, on, gated;
  clock_not low_phase (.clk(CLK), .low(low));
  \$dlatch #(.WIDTH(1), .EN_POLARITY(1'b1)) hold (.EN(low), .D(EN_POLARITY ? EN : !EN), .Q(on));
  clock_and gate (.clk(CLK), .enable(on), .gated(gated));
  \$dff #(.WIDTH(WIDTH), .CLK_POLARITY(1'b1)) register (.CLK(gated), .D(D), .Q(Q));
endmodule

// A reset wins over the enable, so it opens the gate, too.
(* techmap_celltype = "$sdffe" *)
module gated_sdffe (CLK, EN, SRST, D, Q);
  parameter WIDTH = 1;
  parameter CLK_POLARITY = 1;
  parameter EN_POLARITY = 1;
  parameter SRST_POLARITY = 1;
  parameter SRST_VALUE = 0;
  input CLK, EN, SRST;
  input [WIDTH-1:0] D;
  output [WIDTH-1:0] Q;

  wire _TECHMAP_FAIL_ = WIDTH < `GATED_BITS || !CLK_POLARITY;
  wire low, on, gated;
  wire reset = SRST_POLARITY ? SRST : !SRST;
  clock_not low_phase (.clk(CLK), .low(low));
  \$dlatch #(.WIDTH(1), .EN_POLARITY(1'b1)) hold (.EN(low), .D(reset || (EN_POLARITY ? EN : !EN)), .Q(on));
  clock_and gate (.clk(CLK), .enable(on), .gated(gated));
  \$dff #(.WIDTH(WIDTH), .CLK_POLARITY(1'b1)) register (.CLK(gated), .D(reset ? SRST_VALUE : D), .Q(Q));
endmodule
