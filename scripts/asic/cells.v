// Pins of a memory macro, each a cell of its own.
(* blackbox, keep *)
module sram_in (input clk, d);
endmodule
(* blackbox *)
module sram_out (input clk, output q);
endmodule
