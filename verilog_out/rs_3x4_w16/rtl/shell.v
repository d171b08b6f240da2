// Host port, command unit and DMA: everything around the array and the global buffer.
module shell (
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
  output wire m_axi_rready,
  output wire core_reset,
  input wire core_idle,
  output wire [63:0] command_0,
  output wire [63:0] command_1,
  output wire [63:0] command_2,
  output wire [63:0] command_3,
  output wire [63:0] command_4,
  output wire [63:0] command_5,
  output wire [63:0] command_6,
  output wire [7:0] flags,
  output wire layer_write,
  output wire table_write,
  output wire [7:0] table_target,
  output wire [15:0] table_index,
  output wire [63:0] table_word,
  output wire pass_valid,
  input wire pass_ready,
  output wire loaded_post,
  input wire ifmap_free_post,
  input wire psum_done_post,
  output wire psum_free_post,
  output wire staging_valid,
  input wire staging_ready,
  output wire [15:0] staging_word_0,
  output wire [15:0] staging_word_1,
  output wire [15:0] staging_word_2,
  output wire [15:0] staging_word_3,
  output wire load_write_0,
  output wire load_write_1,
  output wire load_write_2,
  output wire load_write_3,
  output wire [10:0] load_line_0,
  output wire [10:0] load_line_1,
  output wire [10:0] load_line_2,
  output wire [10:0] load_line_3,
  output wire [15:0] load_word_0,
  output wire [15:0] load_word_1,
  output wire [15:0] load_word_2,
  output wire [15:0] load_word_3,
  output wire drain_read,
  output wire [1:0] drain_lane,
  output wire [10:0] drain_line,
  input wire drain_grant,
  input wire [31:0] drain_word,
  input wire [3:0] macs,
  input wire [3:0] gated,
  input wire ifmap_bus_words,
  input wire filter_bus_lines,
  input wire ifmap_reads,
  input wire [2:0] ifmap_writes,
  input wire [2:0] psum_reads,
  input wire [2:0] psum_writes
);
  wire all_idle;
  wire host_halt;
  wire host_core_reset;
  wire host_job_valid;
  wire host_job_ready;
  wire [63:0] host_job_address;
  wire [31:0] host_job_blocks;
  wire host_working;
  wire host_drained;
  wire host_progress;
  wire fetch_job_valid;
  wire fetch_job_ready;
  wire fetch_request_valid;
  wire [63:0] fetch_request_address;
  wire [5:0] fetch_request_beats_m1;
  wire fetch_read_ready;
  wire fetch_word_valid;
  wire [63:0] fetch_word;
  wire fetch_word_last;
  wire fetch_idle;
  wire commands_word_ready;
  wire [63:0] commands_command_0;
  wire [63:0] commands_command_1;
  wire [63:0] commands_command_2;
  wire [63:0] commands_command_3;
  wire [63:0] commands_command_4;
  wire [63:0] commands_command_5;
  wire [7:0] commands_flags;
  wire commands_load_valid;
  wire commands_filter_valid;
  wire commands_store_valid;
  wire commands_store_params;
  wire commands_table_write;
  wire [7:0] commands_table_target;
  wire [15:0] commands_table_index;
  wire [63:0] commands_table_word;
  wire commands_layer_done;
  wire [31:0] commands_layer_number;
  wire commands_dispatched;
  wire commands_failed;
  wire [2:0] commands_cause;
  wire commands_idle;
  wire loader_command_ready;
  wire loader_request_valid;
  wire [63:0] loader_request_address;
  wire [5:0] loader_request_beats_m1;
  wire loader_read_ready;
  wire loader_idle;
  wire filters_command_ready;
  wire filters_request_valid;
  wire [63:0] filters_request_address;
  wire [5:0] filters_request_beats_m1;
  wire filters_read_ready;
  wire filters_idle;
  wire store_command_ready;
  wire store_table_write;
  wire store_request_valid;
  wire [63:0] store_request_address;
  wire [5:0] store_request_beats_m1;
  wire store_read_ready;
  wire store_beat_valid;
  wire [63:0] store_beat_data;
  wire [7:0] store_beat_strobe;
  wire store_burst_valid;
  wire [63:0] store_burst_address;
  wire [3:0] store_burst_beats_m1;
  wire [3:0] store_bytes;
  wire store_idle;
  wire reads_request_ready_0;
  wire reads_request_ready_1;
  wire reads_request_ready_2;
  wire reads_request_ready_3;
  wire reads_read_valid_0;
  wire reads_read_valid_1;
  wire reads_read_valid_2;
  wire reads_read_valid_3;
  wire [63:0] reads_read_data;
  wire reads_drained;
  wire reads_moved;
  wire reads_beat;
  wire reads_command_beat;
  wire reads_error;
  wire writes_beat_ready;
  wire writes_burst_ready;
  wire writes_idle;
  wire writes_drained;
  wire writes_moved;
  wire writes_beat;
  wire writes_error;

  host host (
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
    .halt(host_halt),
    .core_reset(host_core_reset),
    .job_valid(host_job_valid),
    .job_ready(host_job_ready),
    .job_address(host_job_address),
    .job_blocks(host_job_blocks),
    .working(host_working),
    .drained(host_drained),
    .progress(host_progress),
    .layer_done(commands_layer_done),
    .layer_number(commands_layer_number),
    .command_failed(commands_failed),
    .command_cause(commands_cause),
    .read_failed(reads_error),
    .write_failed(writes_error),
    .amount_0(macs),
    .amount_1(gated),
    .amount_2(reads_beat),
    .amount_3(reads_command_beat),
    .amount_4(writes_beat),
    .amount_5(store_bytes),
    .amount_6(ifmap_reads),
    .amount_7(ifmap_writes),
    .amount_8(psum_reads),
    .amount_9(psum_writes),
    .amount_10(ifmap_bus_words),
    .amount_11(filter_bus_lines)
  );

  command_fetch fetch (
    .clk(clk),
    .rst(rst | host_core_reset),
    .job_valid(fetch_job_valid),
    .job_ready(fetch_job_ready),
    .job_address(host_job_address),
    .job_blocks(host_job_blocks),
    .request_valid(fetch_request_valid),
    .request_ready(reads_request_ready_0),
    .request_address(fetch_request_address),
    .request_beats_m1(fetch_request_beats_m1),
    .read_valid(reads_read_valid_0),
    .read_ready(fetch_read_ready),
    .read_data(reads_read_data),
    .word_valid(fetch_word_valid),
    .word_ready(commands_word_ready),
    .word(fetch_word),
    .word_last(fetch_word_last),
    .idle(fetch_idle)
  );

  command_unit commands (
    .clk(clk),
    .rst(rst | host_core_reset),
    .halt(host_halt),
    .word_valid(fetch_word_valid),
    .word_ready(commands_word_ready),
    .word(fetch_word),
    .word_last(fetch_word_last),
    .command_0(commands_command_0),
    .command_1(commands_command_1),
    .command_2(commands_command_2),
    .command_3(commands_command_3),
    .command_4(commands_command_4),
    .command_5(commands_command_5),
    .command_6(command_6),
    .flags(commands_flags),
    .load_valid(commands_load_valid),
    .load_ready(loader_command_ready),
    .filter_valid(commands_filter_valid),
    .filter_ready(filters_command_ready),
    .store_valid(commands_store_valid),
    .store_ready(store_command_ready),
    .store_params(commands_store_params),
    .pass_valid(pass_valid),
    .pass_ready(pass_ready),
    .layer_write(layer_write),
    .table_write(commands_table_write),
    .table_target(commands_table_target),
    .table_index(commands_table_index),
    .table_word(commands_table_word),
    .all_idle(all_idle),
    .layer_done(commands_layer_done),
    .layer_number(commands_layer_number),
    .dispatched(commands_dispatched),
    .failed(commands_failed),
    .cause(commands_cause),
    .idle(commands_idle)
  );

  loader loader (
    .clk(clk),
    .rst(rst | host_core_reset),
    .command_valid(commands_load_valid),
    .command_ready(loader_command_ready),
    .flags(commands_flags),
    .command_0(commands_command_0),
    .command_1(commands_command_1),
    .command_2(commands_command_2),
    .command_3(commands_command_3),
    .command_4(commands_command_4),
    .ifmap_free_post(ifmap_free_post),
    .loaded_post(loaded_post),
    .request_valid(loader_request_valid),
    .request_ready(reads_request_ready_2),
    .request_address(loader_request_address),
    .request_beats_m1(loader_request_beats_m1),
    .read_valid(reads_read_valid_2),
    .read_ready(loader_read_ready),
    .read_data(reads_read_data),
    .load_write_0(load_write_0),
    .load_write_1(load_write_1),
    .load_write_2(load_write_2),
    .load_write_3(load_write_3),
    .load_line_0(load_line_0),
    .load_line_1(load_line_1),
    .load_line_2(load_line_2),
    .load_line_3(load_line_3),
    .load_word_0(load_word_0),
    .load_word_1(load_word_1),
    .load_word_2(load_word_2),
    .load_word_3(load_word_3),
    .idle(loader_idle)
  );

  filter_loader filters (
    .clk(clk),
    .rst(rst | host_core_reset),
    .command_valid(commands_filter_valid),
    .command_ready(filters_command_ready),
    .command_0(commands_command_0),
    .command_1(commands_command_1),
    .request_valid(filters_request_valid),
    .request_ready(reads_request_ready_1),
    .request_address(filters_request_address),
    .request_beats_m1(filters_request_beats_m1),
    .read_valid(reads_read_valid_1),
    .read_ready(filters_read_ready),
    .read_data(reads_read_data),
    .staging_valid(staging_valid),
    .staging_ready(staging_ready),
    .staging_word_0(staging_word_0),
    .staging_word_1(staging_word_1),
    .staging_word_2(staging_word_2),
    .staging_word_3(staging_word_3),
    .idle(filters_idle)
  );

  store_unit store (
    .clk(clk),
    .rst(rst | host_core_reset),
    .command_valid(commands_store_valid),
    .command_ready(store_command_ready),
    .command_params(commands_store_params),
    .flags(commands_flags),
    .command_0(commands_command_0),
    .command_1(commands_command_1),
    .command_2(commands_command_2),
    .command_3(commands_command_3),
    .command_4(commands_command_4),
    .command_5(commands_command_5),
    .table_write(store_table_write),
    .table_index(commands_table_index),
    .table_word(commands_table_word),
    .psum_done_post(psum_done_post),
    .psum_free_post(psum_free_post),
    .request_valid(store_request_valid),
    .request_ready(reads_request_ready_3),
    .request_address(store_request_address),
    .request_beats_m1(store_request_beats_m1),
    .read_valid(reads_read_valid_3),
    .read_ready(store_read_ready),
    .read_data(reads_read_data),
    .drain_read(drain_read),
    .drain_lane(drain_lane),
    .drain_line(drain_line),
    .drain_grant(drain_grant),
    .drain_word(drain_word),
    .beat_valid(store_beat_valid),
    .beat_ready(writes_beat_ready),
    .beat_data(store_beat_data),
    .beat_strobe(store_beat_strobe),
    .burst_valid(store_burst_valid),
    .burst_ready(writes_burst_ready),
    .burst_address(store_burst_address),
    .burst_beats_m1(store_burst_beats_m1),
    .bytes(store_bytes),
    .idle(store_idle)
  );

  read_port reads (
    .clk(clk),
    .rst(rst | host_core_reset),
    .halt(host_halt),
    .request_valid_0(fetch_request_valid),
    .request_valid_1(filters_request_valid),
    .request_valid_2(loader_request_valid),
    .request_valid_3(store_request_valid),
    .request_ready_0(reads_request_ready_0),
    .request_ready_1(reads_request_ready_1),
    .request_ready_2(reads_request_ready_2),
    .request_ready_3(reads_request_ready_3),
    .request_address_0(fetch_request_address),
    .request_address_1(filters_request_address),
    .request_address_2(loader_request_address),
    .request_address_3(store_request_address),
    .request_beats_m1_0(fetch_request_beats_m1),
    .request_beats_m1_1(filters_request_beats_m1),
    .request_beats_m1_2(loader_request_beats_m1),
    .request_beats_m1_3(store_request_beats_m1),
    .read_valid_0(reads_read_valid_0),
    .read_valid_1(reads_read_valid_1),
    .read_valid_2(reads_read_valid_2),
    .read_valid_3(reads_read_valid_3),
    .read_ready_0(fetch_read_ready),
    .read_ready_1(filters_read_ready),
    .read_ready_2(loader_read_ready),
    .read_ready_3(store_read_ready),
    .read_data(reads_read_data),
    .m_axi_araddr(m_axi_araddr),
    .m_axi_arlen(m_axi_arlen),
    .m_axi_arvalid(m_axi_arvalid),
    .m_axi_arready(m_axi_arready),
    .m_axi_rdata(m_axi_rdata),
    .m_axi_rresp(m_axi_rresp),
    .m_axi_rlast(m_axi_rlast),
    .m_axi_rvalid(m_axi_rvalid),
    .m_axi_rready(m_axi_rready),
    .drained(reads_drained),
    .moved(reads_moved),
    .beat(reads_beat),
    .command_beat(reads_command_beat),
    .error(reads_error)
  );

  write_port writes (
    .clk(clk),
    .rst(rst | host_core_reset),
    .halt(host_halt),
    .beat_valid(store_beat_valid),
    .beat_ready(writes_beat_ready),
    .beat_data(store_beat_data),
    .beat_strobe(store_beat_strobe),
    .burst_valid(store_burst_valid),
    .burst_ready(writes_burst_ready),
    .burst_address(store_burst_address),
    .burst_beats_m1(store_burst_beats_m1),
    .m_axi_awaddr(m_axi_awaddr),
    .m_axi_awlen(m_axi_awlen),
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
    .idle(writes_idle),
    .drained(writes_drained),
    .moved(writes_moved),
    .beat(writes_beat),
    .error(writes_error)
  );

  assign core_reset = host_core_reset;
  assign fetch_job_valid = host_job_valid && !host_halt;
  assign host_job_ready = fetch_job_ready && !host_halt;
  assign all_idle = loader_idle && filters_idle && store_idle && writes_idle && core_idle;
  assign flags = commands_flags;
  assign command_0 = commands_command_0;
  assign command_1 = commands_command_1;
  assign command_2 = commands_command_2;
  assign command_3 = commands_command_3;
  assign command_4 = commands_command_4;
  assign command_5 = commands_command_5;
  assign table_write = commands_table_write;
  assign table_target = commands_table_target;
  assign table_index = commands_table_index;
  assign table_word = commands_table_word;
  assign store_table_write = commands_table_write && commands_table_target == 8'd2;
  assign m_axi_arsize = 3'd3;
  assign m_axi_arburst = 2'd1;
  assign m_axi_arcache = 4'd3;
  assign m_axi_arprot = 3'd0;
  assign m_axi_awsize = 3'd3;
  assign m_axi_awburst = 2'd1;
  assign m_axi_awcache = 4'd3;
  assign m_axi_awprot = 3'd0;
  assign host_working = !all_idle || !fetch_idle || !commands_idle;
  assign host_drained = reads_drained & writes_drained;
  assign host_progress = reads_moved || writes_moved || commands_dispatched || psum_writes != 3'd0 || ifmap_bus_words;
endmodule
