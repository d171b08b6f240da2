{% if is_async -%}
# Timing of {{ design }}: two clocks without a relation. PERIOD and LINK_PERIOD are in ns; set them before this file is read for others.
if {![info exists PERIOD]} { set PERIOD {{ period }} }
if {![info exists LINK_PERIOD]} { set LINK_PERIOD {{ period }} }
create_clock -name clk -period $PERIOD [get_ports clk]
create_clock -name link_clk -period $LINK_PERIOD [get_ports link_clk]
# What passes between them are Gray codes into synchronisers, and entries that have stood still for two edges. Where a tool can bound
# paths between clocks (set_max_delay -datapath_only), a period of the faster clock keeps the bits of a code together.
set_clock_groups -asynchronous -group clk -group link_clk
{%- else -%}
# Timing of {{ design }}: one clock. PERIOD is in ns; set it before this file is read for another one.
if {![info exists PERIOD]} { set PERIOD {{ period }} }
create_clock -name clk -period $PERIOD [get_ports clk]
{%- endif %}
# What is around the design has 30 % of the cycle at each port but the clock's.
set inputs [all_inputs]
set at [lsearch $inputs [get_ports clk]]
set_input_delay [expr 0.3 * $PERIOD] -clock clk [lreplace $inputs $at $at]
set_output_delay [expr 0.3 * $PERIOD] -clock clk [all_outputs]
{%- if is_async %}
# The ports of the link are the other clock's.
set_input_delay [expr 0.3 * $LINK_PERIOD] -clock link_clk [get_ports {link_rst m_axi_awready m_axi_wready m_axi_bresp* m_axi_bvalid m_axi_arready m_axi_rdata* m_axi_rresp* m_axi_rlast m_axi_rvalid}]
set_output_delay [expr 0.3 * $LINK_PERIOD] -clock link_clk [get_ports {m_axi_awaddr* m_axi_awlen* m_axi_awsize* m_axi_awburst* m_axi_awcache* m_axi_awprot* m_axi_awvalid m_axi_wdata* m_axi_wstrb* m_axi_wlast m_axi_wvalid m_axi_bready m_axi_araddr* m_axi_arlen* m_axi_arsize* m_axi_arburst* m_axi_arcache* m_axi_arprot* m_axi_arvalid m_axi_rready}]
{%- endif %}
