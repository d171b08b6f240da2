// Row-stationary DNN accelerator: AXI4-Lite registers, AXI4 to memory, interrupt.
module tessera (
  input wire clk,
  input wire rst,
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
  output wire m_axi_wlast,
  output wire m_axi_wvalid,
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
  input wire m_axi_rlast,
  input wire m_axi_rvalid,
  output wire m_axi_rready
);
  wire core_reset;
  wire shell_core_reset;
  wire [63:0] shell_command_0;
  wire [63:0] shell_command_1;
  wire [63:0] shell_command_2;
  wire [63:0] shell_command_3;
  wire [63:0] shell_command_4;
  wire [63:0] shell_command_5;
  wire [63:0] shell_command_6;
  wire [7:0] shell_flags;
  wire shell_layer_write;
  wire shell_table_write;
  wire [7:0] shell_table_target;
  wire [15:0] shell_table_index;
  wire [63:0] shell_table_word;
  wire shell_pass_valid;
  wire shell_loaded_post;
  wire shell_psum_free_post;
  wire shell_staging_valid;
  wire [15:0] shell_staging_word_0;
  wire [15:0] shell_staging_word_1;
  wire [15:0] shell_staging_word_2;
  wire [15:0] shell_staging_word_3;
  wire shell_load_write_0;
  wire shell_load_write_1;
  wire shell_load_write_2;
  wire shell_load_write_3;
  wire [10:0] shell_load_line_0;
  wire [10:0] shell_load_line_1;
  wire [10:0] shell_load_line_2;
  wire [10:0] shell_load_line_3;
  wire [15:0] shell_load_word_0;
  wire [15:0] shell_load_word_1;
  wire [15:0] shell_load_word_2;
  wire [15:0] shell_load_word_3;
  wire shell_drain_read;
  wire [1:0] shell_drain_lane;
  wire [10:0] shell_drain_line;
  wire [15:0] glb_ifmap_word;
  wire [31:0] glb_psum_read_word_0;
  wire [31:0] glb_psum_read_word_1;
  wire glb_drain_grant;
  wire [31:0] glb_drain_word;
  wire glb_ifmap_reads;
  wire [2:0] glb_ifmap_writes;
  wire [2:0] glb_psum_reads;
  wire [2:0] glb_psum_writes;
  wire core_pass_ready;
  wire core_ifmap_free_post;
  wire core_psum_done_post;
  wire core_idle;
  wire core_staging_ready;
  wire [7:0] core_ifmap_banks;
  wire core_ifmap_read;
  wire [12:0] core_ifmap_address;
  wire core_psum_read_0;
  wire core_psum_read_1;
  wire [10:0] core_psum_read_line_0;
  wire [10:0] core_psum_read_line_1;
  wire core_psum_write_0;
  wire core_psum_write_1;
  wire [10:0] core_psum_write_line_0;
  wire [10:0] core_psum_write_line_1;
  wire [31:0] core_psum_write_word_0;
  wire [31:0] core_psum_write_word_1;
  wire core_ifmap_bus_words;
  wire core_filter_bus_lines;
  wire [3:0] core_macs;
  wire [3:0] core_gated;

  shell shell (
    .clk(clk),
    .rst(rst),
    .s_axil_awaddr(s_axil_awaddr),
    .s_axil_awvalid(s_axil_awvalid),
    .s_axil_awready(s_axil_awready),
    .s_axil_wdata(s_axil_wdata),
    .s_axil_wstrb(s_axil_wstrb),
    .s_axil_wvalid(s_axil_wvalid),
    .s_axil_wready(s_axil_wready),
    .s_axil_bresp(s_axil_bresp),
    .s_axil_bvalid(s_axil_bvalid),
    .s_axil_bready(s_axil_bready),
    .s_axil_araddr(s_axil_araddr),
    .s_axil_arvalid(s_axil_arvalid),
    .s_axil_arready(s_axil_arready),
    .s_axil_rdata(s_axil_rdata),
    .s_axil_rresp(s_axil_rresp),
    .s_axil_rvalid(s_axil_rvalid),
    .s_axil_rready(s_axil_rready),
    .irq(irq),
    .m_axi_awaddr(m_axi_awaddr),
    .m_axi_awlen(m_axi_awlen),
    .m_axi_awsize(m_axi_awsize),
    .m_axi_awburst(m_axi_awburst),
    .m_axi_awcache(m_axi_awcache),
    .m_axi_awprot(m_axi_awprot),
    .m_axi_awvalid(m_axi_awvalid),
    .m_axi_awready(m_axi_awready),
    .m_axi_wdata(m_axi_wdata),
    .m_axi_wstrb(m_axi_wstrb),
    .m_axi_wlast(m_axi_wlast),
    .m_axi_wvalid(m_axi_wvalid),
    .m_axi_wready(m_axi_wready),
    .m_axi_bresp(m_axi_bresp),
    .m_axi_bvalid(m_axi_bvalid),
    .m_axi_bready(m_axi_bready),
    .m_axi_araddr(m_axi_araddr),
    .m_axi_arlen(m_axi_arlen),
    .m_axi_arsize(m_axi_arsize),
    .m_axi_arburst(m_axi_arburst),
    .m_axi_arcache(m_axi_arcache),
    .m_axi_arprot(m_axi_arprot),
    .m_axi_arvalid(m_axi_arvalid),
    .m_axi_arready(m_axi_arready),
    .m_axi_rdata(m_axi_rdata),
    .m_axi_rresp(m_axi_rresp),
    .m_axi_rlast(m_axi_rlast),
    .m_axi_rvalid(m_axi_rvalid),
    .m_axi_rready(m_axi_rready),
    .core_reset(shell_core_reset),
    .core_idle(core_idle),
    .command_0(shell_command_0),
    .command_1(shell_command_1),
    .command_2(shell_command_2),
    .command_3(shell_command_3),
    .command_4(shell_command_4),
    .command_5(shell_command_5),
    .command_6(shell_command_6),
    .flags(shell_flags),
    .layer_write(shell_layer_write),
    .table_write(shell_table_write),
    .table_target(shell_table_target),
    .table_index(shell_table_index),
    .table_word(shell_table_word),
    .pass_valid(shell_pass_valid),
    .pass_ready(core_pass_ready),
    .loaded_post(shell_loaded_post),
    .ifmap_free_post(core_ifmap_free_post),
    .psum_done_post(core_psum_done_post),
    .psum_free_post(shell_psum_free_post),
    .staging_valid(shell_staging_valid),
    .staging_ready(core_staging_ready),
    .staging_word_0(shell_staging_word_0),
    .staging_word_1(shell_staging_word_1),
    .staging_word_2(shell_staging_word_2),
    .staging_word_3(shell_staging_word_3),
    .load_write_0(shell_load_write_0),
    .load_write_1(shell_load_write_1),
    .load_write_2(shell_load_write_2),
    .load_write_3(shell_load_write_3),
    .load_line_0(shell_load_line_0),
    .load_line_1(shell_load_line_1),
    .load_line_2(shell_load_line_2),
    .load_line_3(shell_load_line_3),
    .load_word_0(shell_load_word_0),
    .load_word_1(shell_load_word_1),
    .load_word_2(shell_load_word_2),
    .load_word_3(shell_load_word_3),
    .drain_read(shell_drain_read),
    .drain_lane(shell_drain_lane),
    .drain_line(shell_drain_line),
    .drain_grant(glb_drain_grant),
    .drain_word(glb_drain_word),
    .macs(core_macs),
    .gated(core_gated),
    .ifmap_bus_words(core_ifmap_bus_words),
    .filter_bus_lines(core_filter_bus_lines),
    .ifmap_reads(glb_ifmap_reads),
    .ifmap_writes(glb_ifmap_writes),
    .psum_reads(glb_psum_reads),
    .psum_writes(glb_psum_writes)
  );

  glb glb (
    .clk(clk),
    .rst(rst | core_reset),
    .ifmap_banks(core_ifmap_banks),
    .ifmap_read(core_ifmap_read),
    .ifmap_address(core_ifmap_address),
    .ifmap_word(glb_ifmap_word),
    .load_write_0(shell_load_write_0),
    .load_write_1(shell_load_write_1),
    .load_write_2(shell_load_write_2),
    .load_write_3(shell_load_write_3),
    .load_line_0(shell_load_line_0),
    .load_line_1(shell_load_line_1),
    .load_line_2(shell_load_line_2),
    .load_line_3(shell_load_line_3),
    .load_word_0(shell_load_word_0),
    .load_word_1(shell_load_word_1),
    .load_word_2(shell_load_word_2),
    .load_word_3(shell_load_word_3),
    .psum_read_0(core_psum_read_0),
    .psum_read_1(core_psum_read_1),
    .psum_read_line_0(core_psum_read_line_0),
    .psum_read_line_1(core_psum_read_line_1),
    .psum_read_word_0(glb_psum_read_word_0),
    .psum_read_word_1(glb_psum_read_word_1),
    .psum_write_0(core_psum_write_0),
    .psum_write_1(core_psum_write_1),
    .psum_write_line_0(core_psum_write_line_0),
    .psum_write_line_1(core_psum_write_line_1),
    .psum_write_word_0(core_psum_write_word_0),
    .psum_write_word_1(core_psum_write_word_1),
    .drain_read(shell_drain_read),
    .drain_lane(shell_drain_lane),
    .drain_line(shell_drain_line),
    .drain_grant(glb_drain_grant),
    .drain_word(glb_drain_word),
    .ifmap_reads(glb_ifmap_reads),
    .ifmap_writes(glb_ifmap_writes),
    .psum_reads(glb_psum_reads),
    .psum_writes(glb_psum_writes)
  );

  rs_core core (
    .clk(clk),
    .rst(rst | core_reset),
    .command_0(shell_command_0),
    .command_1(shell_command_1),
    .command_2(shell_command_2),
    .command_3(shell_command_3),
    .command_4(shell_command_4),
    .command_5(shell_command_5),
    .command_6(shell_command_6),
    .layer_write(shell_layer_write),
    .table_write(shell_table_write),
    .table_target(shell_table_target),
    .table_index(shell_table_index),
    .table_word(shell_table_word),
    .pass_valid(shell_pass_valid),
    .pass_ready(core_pass_ready),
    .flags(shell_flags),
    .loaded_post(shell_loaded_post),
    .ifmap_free_post(core_ifmap_free_post),
    .psum_free_post(shell_psum_free_post),
    .psum_done_post(core_psum_done_post),
    .idle(core_idle),
    .staging_valid(shell_staging_valid),
    .staging_ready(core_staging_ready),
    .staging_word_0(shell_staging_word_0),
    .staging_word_1(shell_staging_word_1),
    .staging_word_2(shell_staging_word_2),
    .staging_word_3(shell_staging_word_3),
    .ifmap_banks(core_ifmap_banks),
    .ifmap_read(core_ifmap_read),
    .ifmap_address(core_ifmap_address),
    .ifmap_read_word(glb_ifmap_word),
    .psum_read_0(core_psum_read_0),
    .psum_read_1(core_psum_read_1),
    .psum_read_line_0(core_psum_read_line_0),
    .psum_read_line_1(core_psum_read_line_1),
    .psum_read_word_0(glb_psum_read_word_0),
    .psum_read_word_1(glb_psum_read_word_1),
    .psum_write_0(core_psum_write_0),
    .psum_write_1(core_psum_write_1),
    .psum_write_line_0(core_psum_write_line_0),
    .psum_write_line_1(core_psum_write_line_1),
    .psum_write_word_0(core_psum_write_word_0),
    .psum_write_word_1(core_psum_write_word_1),
    .ifmap_bus_words(core_ifmap_bus_words),
    .filter_bus_lines(core_filter_bus_lines),
    .macs(core_macs),
    .gated(core_gated)
  );

  assign core_reset = shell_core_reset;
endmodule
