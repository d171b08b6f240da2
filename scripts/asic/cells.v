// Cells of scripts/standard_cells.py that stand apart while logic is mapped.
// Pins of a memory macro, each a cell of its own.
(* blackbox, keep *)
module sram_in (input clk, d);
endmodule
(* blackbox *)
module sram_out (input clk, output q);
endmodule
// The clock while `enable` is high, which changes only while the clock is low. Apart, so that no optimization makes a glitch of it.
(* blackbox *)
module clock_and (input clk, enable, output gated);
endmodule
(* blackbox *)
module clock_not (input clk, output low);
endmodule
