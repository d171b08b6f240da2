# Timing of {{ design }} in Vivado: rst is synchronous to clk. Where clk is no pin, read it with -mode out_of_context.
set PERIOD {{ period }}
create_clock -name clk -period $PERIOD [get_ports clk]
{%- if is_async %}
# What passes between the clocks are Gray codes into synchronisers (ASYNC_REG), and
# entries that have stood still for two edges; a period of the faster clock bounds both.
create_clock -name link_clk -period $PERIOD [get_ports link_clk]
set_max_delay -datapath_only -from [get_clocks clk] -to [get_clocks link_clk] $PERIOD
set_max_delay -datapath_only -from [get_clocks link_clk] -to [get_clocks clk] $PERIOD
{%- endif %}
# What is around the design has 30 % of the cycle at each port.
set_input_delay [expr 0.3 * $PERIOD] -clock clk [get_ports -filter {DIRECTION == IN && NAME != clk{% if is_async %} && NAME !~ link_* && NAME !~ m_axi_*{% endif %}}]
set_output_delay [expr 0.3 * $PERIOD] -clock clk [get_ports -filter {DIRECTION == OUT && NAME != irq{% if is_async %} && NAME !~ m_axi_*{% endif %}}]
{%- if is_async %}
# The ports of the link are the other clock's.
set_input_delay [expr 0.3 * $PERIOD] -clock link_clk [get_ports -filter {NAME == link_rst || DIRECTION == IN && NAME =~ m_axi_*}]
set_output_delay [expr 0.3 * $PERIOD] -clock link_clk [get_ports -filter {DIRECTION == OUT && NAME =~ m_axi_*}]
{%- endif %}
# irq is a level that stays until it is cleared: who takes it into another clock synchronizes it.
set_false_path -to [get_ports irq]
# A reset from a pin goes through two flip-flops of clk to rst, with a false path to the first of them.
