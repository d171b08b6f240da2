# Timing of rs_3x4_w16_glb16: one clock. PERIOD is in ns; set it before this file is read for another one.
if {![info exists PERIOD]} { set PERIOD 10 }
create_clock -name clk -period $PERIOD [get_ports clk]
# What is around the design has 30 % of the cycle at each port but the clock's.
set inputs [all_inputs]
set at [lsearch $inputs [get_ports clk]]
set_input_delay [expr 0.3 * $PERIOD] -clock clk [lreplace $inputs $at $at]
set_output_delay [expr 0.3 * $PERIOD] -clock clk [all_outputs]