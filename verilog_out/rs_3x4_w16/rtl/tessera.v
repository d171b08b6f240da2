// DNN accelerator: AXI4-Lite registers, AXI4 to memory, interrupt.
module tessera (
  input wire clk, rst,
  input wire [11:0] s_axil_awaddr,
  input wire s_axil_awvalid,
  output wire s_axil_awready,
  input wire [31:0] s_axil_wdata,
  input wire [3:0] s_axil_wstrb,
  input wire s_axil_wvalid,
  output wire s_axil_wready,
  output wire [1:0] s_axil_bresp,
  output wire s_axil_bvalid,
  input wire s_axil_bready,
  input wire [11:0] s_axil_araddr,
  input wire s_axil_arvalid,
  output wire s_axil_arready,
  output wire [31:0] s_axil_rdata,
  output wire [1:0] s_axil_rresp,
  output wire s_axil_rvalid,
  input wire s_axil_rready,
  output wire irq,
  output wire [63:0] m_axi_awaddr,
  output wire [7:0] m_axi_awlen,
  output wire [2:0] m_axi_awsize,
  output wire [1:0] m_axi_awburst,
  output wire [3:0] m_axi_awcache,
  output wire [2:0] m_axi_awprot,
  output wire m_axi_awvalid,
  input wire m_axi_awready,
  output wire [63:0] m_axi_wdata,
  output wire [7:0] m_axi_wstrb,
  output wire m_axi_wlast, m_axi_wvalid,
  input wire m_axi_wready,
  input wire [1:0] m_axi_bresp,
  input wire m_axi_bvalid,
  output wire m_axi_bready,
  output wire [63:0] m_axi_araddr,
  output wire [7:0] m_axi_arlen,
  output wire [2:0] m_axi_arsize,
  output wire [1:0] m_axi_arburst,
  output wire [3:0] m_axi_arcache,
  output wire [2:0] m_axi_arprot,
  output wire m_axi_arvalid,
  input wire m_axi_arready,
  input wire [63:0] m_axi_rdata,
  input wire [1:0] m_axi_rresp,
  input wire m_axi_rlast, m_axi_rvalid,
  output wire m_axi_rready
);
  wire shell_core_reset, shell_layer_write, shell_table_write, shell_pass_valid, shell_loaded_post;
  wire shell_psum_free_post, shell_staging_valid, shell_drain_read;
  wire [7:0] shell_flags, shell_table_target;
  wire [15:0] shell_table_index;
  wire [63:0] shell_table_word, shell_staging_word, shell_load_word;
  wire [1:0] shell_drain_lane;
  wire [10:0] shell_drain_line;
  wire [447:0] shell_command;
  wire [3:0] shell_load_write;
  wire [43:0] shell_load_line;
  wire [15:0] glb_ifmap_word;
  wire glb_drain_grant, glb_ifmap_reads;
  wire [31:0] glb_drain_word;
  wire [2:0] glb_ifmap_writes, glb_psum_reads, glb_psum_writes;
  wire [63:0] glb_psum_read_word;
  wire core_pass_ready, core_ifmap_free_post, core_psum_done_post, core_idle, core_staging_ready, core_ifmap_read;
  wire core_ifmap_bus_words, core_filter_bus_lines;
  wire [7:0] core_ifmap_banks;
  wire [12:0] core_ifmap_address;
  wire [3:0] core_events_0, core_events_1, core_events_2, core_events_4, core_events_5;
  wire [5:0] core_events_3;
  wire [1:0] core_psum_read, core_psum_write;
  wire [21:0] core_psum_read_line, core_psum_write_line;
  wire [63:0] core_psum_write_word;

  shell shell (
    .clk(clk), .rst(rst), .s_axil_awaddr(s_axil_awaddr), .s_axil_awvalid(s_axil_awvalid),
    .s_axil_awready(s_axil_awready), .s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb),
    .s_axil_wvalid(s_axil_wvalid), .s_axil_wready(s_axil_wready), .s_axil_bresp(s_axil_bresp),
    .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready), .s_axil_araddr(s_axil_araddr),
    .s_axil_arvalid(s_axil_arvalid), .s_axil_arready(s_axil_arready), .s_axil_rdata(s_axil_rdata),
    .s_axil_rresp(s_axil_rresp), .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready), .irq(irq),
    .m_axi_awaddr(m_axi_awaddr), .m_axi_awlen(m_axi_awlen), .m_axi_awsize(m_axi_awsize), .m_axi_awburst(m_axi_awburst),
    .m_axi_awcache(m_axi_awcache), .m_axi_awprot(m_axi_awprot), .m_axi_awvalid(m_axi_awvalid),
    .m_axi_awready(m_axi_awready), .m_axi_wdata(m_axi_wdata), .m_axi_wstrb(m_axi_wstrb), .m_axi_wlast(m_axi_wlast),
    .m_axi_wvalid(m_axi_wvalid), .m_axi_wready(m_axi_wready), .m_axi_bresp(m_axi_bresp), .m_axi_bvalid(m_axi_bvalid),
    .m_axi_bready(m_axi_bready), .m_axi_araddr(m_axi_araddr), .m_axi_arlen(m_axi_arlen), .m_axi_arsize(m_axi_arsize),
    .m_axi_arburst(m_axi_arburst), .m_axi_arcache(m_axi_arcache), .m_axi_arprot(m_axi_arprot),
    .m_axi_arvalid(m_axi_arvalid), .m_axi_arready(m_axi_arready), .m_axi_rdata(m_axi_rdata), .m_axi_rresp(m_axi_rresp),
    .m_axi_rlast(m_axi_rlast), .m_axi_rvalid(m_axi_rvalid), .m_axi_rready(m_axi_rready), .core_reset(shell_core_reset),
    .core_idle(core_idle), .command(shell_command), .flags(shell_flags), .layer_write(shell_layer_write),
    .table_write(shell_table_write), .table_target(shell_table_target), .table_index(shell_table_index),
    .table_word(shell_table_word), .pass_valid(shell_pass_valid), .pass_ready(core_pass_ready),
    .loaded_post(shell_loaded_post), .ifmap_free_post(core_ifmap_free_post), .psum_done_post(core_psum_done_post),
    .psum_free_post(shell_psum_free_post), .staging_valid(shell_staging_valid), .staging_ready(core_staging_ready),
    .staging_word(shell_staging_word), .load_write(shell_load_write), .load_line(shell_load_line),
    .load_word(shell_load_word), .drain_read(shell_drain_read), .drain_lane(shell_drain_lane),
    .drain_line(shell_drain_line), .drain_grant(glb_drain_grant), .drain_word(glb_drain_word),
    .events_0(core_events_0), .events_1(core_events_1), .events_2(core_events_2), .events_3(core_events_3),
    .events_4(core_events_4), .events_5(core_events_5), .ifmap_bus_words(core_ifmap_bus_words),
    .filter_bus_lines(core_filter_bus_lines), .ifmap_reads(glb_ifmap_reads), .ifmap_writes(glb_ifmap_writes),
    .psum_reads(glb_psum_reads), .psum_writes(glb_psum_writes)
  );

  glb glb (
    .clk(clk), .rst(shell_core_reset), .ifmap_banks(core_ifmap_banks), .ifmap_read(core_ifmap_read),
    .ifmap_address(core_ifmap_address), .ifmap_word(glb_ifmap_word), .load_write(shell_load_write),
    .load_line(shell_load_line), .load_word(shell_load_word), .psum_read(core_psum_read),
    .psum_read_line(core_psum_read_line), .psum_read_word(glb_psum_read_word), .psum_write(core_psum_write),
    .psum_write_line(core_psum_write_line), .psum_write_word(core_psum_write_word), .drain_read(shell_drain_read),
    .drain_lane(shell_drain_lane), .drain_line(shell_drain_line), .drain_grant(glb_drain_grant),
    .drain_word(glb_drain_word), .ifmap_reads(glb_ifmap_reads), .ifmap_writes(glb_ifmap_writes),
    .psum_reads(glb_psum_reads), .psum_writes(glb_psum_writes)
  );

  rs_core core (
    .clk(clk), .rst(shell_core_reset), .command(shell_command), .layer_write(shell_layer_write),
    .table_write(shell_table_write), .table_target(shell_table_target), .table_index(shell_table_index),
    .table_word(shell_table_word), .pass_valid(shell_pass_valid), .pass_ready(core_pass_ready), .flags(shell_flags),
    .loaded_post(shell_loaded_post), .ifmap_free_post(core_ifmap_free_post), .psum_free_post(shell_psum_free_post),
    .psum_done_post(core_psum_done_post), .idle(core_idle), .staging_valid(shell_staging_valid),
    .staging_ready(core_staging_ready), .staging_word(shell_staging_word), .ifmap_banks(core_ifmap_banks),
    .ifmap_read(core_ifmap_read), .ifmap_address(core_ifmap_address), .ifmap_read_word(glb_ifmap_word),
    .psum_read(core_psum_read), .psum_read_line(core_psum_read_line), .psum_read_word(glb_psum_read_word),
    .psum_write(core_psum_write), .psum_write_line(core_psum_write_line), .psum_write_word(core_psum_write_word),
    .ifmap_bus_words(core_ifmap_bus_words), .filter_bus_lines(core_filter_bus_lines),
    .events_0(core_events_0), .events_1(core_events_1), .events_2(core_events_2), .events_3(core_events_3),
    .events_4(core_events_4), .events_5(core_events_5)
  );
endmodule
