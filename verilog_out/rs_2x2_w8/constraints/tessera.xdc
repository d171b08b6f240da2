# Timing of rs_2x2_w8_glb4 in Vivado: rst is synchronous to clk. Where clk is no pin, read it with -mode out_of_context.
set PERIOD 10
create_clock -name clk -period $PERIOD [get_ports clk]
# What is around the design has 30 % of the cycle at each port.
set_input_delay [expr 0.3 * $PERIOD] -clock clk [get_ports -filter {DIRECTION == IN && NAME != clk}]
set_output_delay [expr 0.3 * $PERIOD] -clock clk [get_ports -filter {DIRECTION == OUT && NAME != irq}]
# irq is a level that stays until it is cleared: who takes it into another clock synchronizes it.
set_false_path -to [get_ports irq]
# A reset from a pin goes through two flip-flops of clk to rst, with a false path to the first of them.