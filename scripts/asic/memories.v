// Techmap rule of scripts/synth-asic: a memory that is read at the clock's edge becomes its pins, which stand for a memory macro. Its
// area is not counted; its timing is that of `sram_out` and `sram_in` in the liberty that the script writes.
(* techmap_celltype = "$mem_v2" *)
module memory_pins (RD_CLK, RD_EN, RD_ARST, RD_SRST, RD_ADDR, RD_DATA, WR_CLK, WR_EN, WR_ADDR, WR_DATA);
  parameter MEMID = "";
  parameter SIZE = 1;
  parameter OFFSET = 0;
  parameter ABITS = 1;
  parameter WIDTH = 1;
  parameter signed INIT = 1'bx;
  parameter RD_PORTS = 1;
  parameter RD_CLK_ENABLE = 1'b1;
  parameter RD_CLK_POLARITY = 1'b1;
  parameter RD_TRANSPARENCY_MASK = 0;
  parameter RD_COLLISION_X_MASK = 0;
  parameter RD_WIDE_CONTINUATION = 0;
  parameter RD_CE_OVER_SRST = 0;
  parameter RD_ARST_VALUE = 0;
  parameter RD_SRST_VALUE = 0;
  parameter RD_INIT_VALUE = 0;
  parameter WR_PORTS = 1;
  parameter WR_CLK_ENABLE = 1'b1;
  parameter WR_CLK_POLARITY = 1'b1;
  parameter WR_PRIORITY_MASK = 0;
  parameter WR_WIDE_CONTINUATION = 0;
  input [RD_PORTS-1:0] RD_CLK, RD_EN, RD_ARST, RD_SRST;
  input [RD_PORTS*ABITS-1:0] RD_ADDR;
  output [RD_PORTS*WIDTH-1:0] RD_DATA;
  input [WR_PORTS-1:0] WR_CLK;
  input [WR_PORTS*WIDTH-1:0] WR_EN, WR_DATA;
  input [WR_PORTS*ABITS-1:0] WR_ADDR;

  // A read that sees the same edge's write is a register file behind a registered address, as in a queue.
  wire _TECHMAP_FAIL_ = RD_CLK_ENABLE == 0 || RD_TRANSPARENCY_MASK != 0 || RD_PORTS != 1 || WR_PORTS != 1;
  // A write enables all bits of a word, so that the first one's enable is the word's.
  wire [2*ABITS+WIDTH+1:0] pins = {RD_EN, RD_ADDR, WR_EN[0], WR_ADDR, WR_DATA};
  genvar i;
  generate
    for (i = 0; i < 2*ABITS+WIDTH+2; i = i + 1) begin : in
      sram_in pin (.clk(RD_CLK), .d(pins[i]));
    end
    for (i = 0; i < WIDTH; i = i + 1) begin : out
      sram_out pin (.clk(RD_CLK), .q(RD_DATA[i]));
    end
  endgenerate
endmodule
