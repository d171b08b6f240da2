// Host port, command unit and DMA: everything around the array and the global buffer.
module shell (
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
  output wire m_axi_rready, core_reset,
  input wire core_idle,
  output wire [447:0] command,
  output wire [7:0] flags,
  output wire layer_write, table_write,
  output wire [7:0] table_target,
  output wire [15:0] table_index,
  output wire [63:0] table_word,
  output wire pass_valid,
  input wire pass_ready,
  output wire loaded_post,
  input wire ifmap_free_post, psum_done_post,
  output wire psum_free_post, staging_valid,
  input wire staging_ready,
  output wire [63:0] staging_word,
  output wire [3:0] load_write,
  output wire [43:0] load_line,
  output wire [63:0] load_word,
  output wire drain_read,
  output wire [1:0] drain_lane,
  output wire [10:0] drain_line,
  input wire drain_grant,
  input wire [31:0] drain_word,
  input wire [3:0] events_0, events_1, events_2, input wire [5:0] events_3, input wire [3:0] events_4, events_5,
  input wire ifmap_bus_words, filter_bus_lines, ifmap_reads,
  input wire [2:0] ifmap_writes, psum_reads, psum_writes
);
  wire host_halt, host_shell_reset, host_job_valid;
  wire [63:0] host_job_address;
  wire [31:0] host_job_blocks;
  wire fetch_job_ready, fetch_request_valid, fetch_read_ready, fetch_word_valid, fetch_word_last, fetch_idle;
  wire [63:0] fetch_request_address, fetch_word;
  wire [5:0] fetch_request_beats_m1;
  wire commands_word_ready, commands_load_valid, commands_filter_valid, commands_store_valid, commands_store_params;
  wire commands_layer_done, commands_dispatched, commands_failed, commands_idle;
  wire [31:0] commands_layer_number;
  wire [2:0] commands_cause;
  wire loader_command_ready, loader_request_valid, loader_read_ready, loader_idle, loader_decoded, loader_failed;
  wire [63:0] loader_request_address;
  wire [5:0] loader_request_beats_m1;
  wire filters_command_ready, filters_request_valid, filters_read_ready, filters_idle;
  wire [63:0] filters_request_address;
  wire [5:0] filters_request_beats_m1;
  wire store_command_ready, store_request_valid, store_read_ready, store_beat_valid, store_burst_valid, store_encoded;
  wire store_idle;
  wire [63:0] store_request_address, store_beat_data, store_burst_address;
  wire [5:0] store_request_beats_m1;
  wire [7:0] store_beat_strobe;
  wire [3:0] store_burst_beats_m1, store_bytes;
  wire [63:0] reads_read_data;
  wire reads_drained, reads_moved, reads_beat, reads_error;
  wire [3:0] reads_request_ready, reads_read_valid, reads_beat_of;
  wire writes_beat_ready, writes_burst_ready, writes_idle, writes_drained, writes_moved, writes_beat, writes_error;
  wire fetch_job_valid = host_job_valid && !host_halt;
  wire host_job_ready = fetch_job_ready && !host_halt;
  wire all_idle = loader_idle && filters_idle && store_idle && writes_idle && core_idle;
  wire store_table_write = table_write && table_target == 8'd2;
  wire host_working = !all_idle || !fetch_idle || !commands_idle;
  wire host_drained = reads_drained & writes_drained;
  wire host_progress = reads_moved || writes_moved || commands_dispatched || psum_writes != 3'd0 || ifmap_bus_words;
  wire unused_bits = &{1'b0, reads_beat_of[3]};

  host host (
    .clk(clk), .rst(rst), .s_axil_awaddr(s_axil_awaddr), .s_axil_awvalid(s_axil_awvalid),
    .s_axil_awready(s_axil_awready), .s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb),
    .s_axil_wvalid(s_axil_wvalid), .s_axil_wready(s_axil_wready), .s_axil_bresp(s_axil_bresp),
    .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready), .s_axil_araddr(s_axil_araddr),
    .s_axil_arvalid(s_axil_arvalid), .s_axil_arready(s_axil_arready), .s_axil_rdata(s_axil_rdata),
    .s_axil_rresp(s_axil_rresp), .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready), .irq(irq),
    .halt(host_halt), .shell_reset(host_shell_reset), .core_reset(core_reset), .job_valid(host_job_valid),
    .job_ready(host_job_ready), .job_address(host_job_address), .job_blocks(host_job_blocks), .working(host_working),
    .drained(host_drained), .progress(host_progress), .layer_done(commands_layer_done),
    .layer_number(commands_layer_number), .command_failed(commands_failed), .command_cause(commands_cause),
    .read_failed(reads_error), .write_failed(writes_error), .stream_failed(loader_failed),
    .amount_0(reads_beat), .amount_1(reads_beat_of[0]), .amount_2(reads_beat_of[1]), .amount_3(reads_beat_of[2]),
    .amount_4(writes_beat), .amount_5(store_bytes), .amount_6(ifmap_reads), .amount_7(ifmap_writes),
    .amount_8(psum_reads), .amount_9(psum_writes), .amount_10(ifmap_bus_words), .amount_11(filter_bus_lines),
    .amount_12(events_0), .amount_13(events_1), .amount_14(events_2), .amount_15(events_3), .amount_16(events_4),
    .amount_17(events_5), .amount_18(loader_decoded), .amount_19(store_encoded)
  );

  command_fetch fetch (
    .clk(clk), .rst(host_shell_reset), .job_valid(fetch_job_valid), .job_ready(fetch_job_ready),
    .job_address(host_job_address), .job_blocks(host_job_blocks), .request_valid(fetch_request_valid),
    .request_ready(reads_request_ready[0]), .request_address(fetch_request_address),
    .request_beats_m1(fetch_request_beats_m1), .read_valid(reads_read_valid[0]), .read_ready(fetch_read_ready),
    .read_data(reads_read_data), .word_valid(fetch_word_valid), .word_ready(commands_word_ready), .word(fetch_word),
    .word_last(fetch_word_last), .idle(fetch_idle)
  );

  command_unit commands (
    .clk(clk), .rst(host_shell_reset), .halt(host_halt), .word_valid(fetch_word_valid),
    .word_ready(commands_word_ready), .word(fetch_word), .word_last(fetch_word_last), .command(command), .flags(flags),
    .load_valid(commands_load_valid), .load_ready(loader_command_ready), .filter_valid(commands_filter_valid),
    .filter_ready(filters_command_ready), .store_valid(commands_store_valid), .store_ready(store_command_ready),
    .store_params(commands_store_params), .pass_valid(pass_valid), .pass_ready(pass_ready), .layer_write(layer_write),
    .table_write(table_write), .table_target(table_target), .table_index(table_index), .table_word(table_word),
    .all_idle(all_idle), .layer_done(commands_layer_done), .layer_number(commands_layer_number),
    .dispatched(commands_dispatched), .failed(commands_failed), .cause(commands_cause), .idle(commands_idle)
  );

  loader loader (
    .clk(clk), .rst(host_shell_reset), .command_valid(commands_load_valid), .command_ready(loader_command_ready),
    .flags(flags), .command(command[319:0]), .ifmap_free_post(ifmap_free_post), .loaded_post(loaded_post),
    .request_valid(loader_request_valid), .request_ready(reads_request_ready[2]),
    .request_address(loader_request_address), .request_beats_m1(loader_request_beats_m1),
    .read_valid(reads_read_valid[2]), .read_ready(loader_read_ready), .read_data(reads_read_data),
    .load_write(load_write), .load_line(load_line), .load_word(load_word), .idle(loader_idle), .decoded(loader_decoded),
    .failed(loader_failed)
  );

  filter_loader filters (
    .clk(clk), .rst(host_shell_reset), .command_valid(commands_filter_valid), .command_ready(filters_command_ready),
    .command(command[127:0]), .request_valid(filters_request_valid), .request_ready(reads_request_ready[1]),
    .request_address(filters_request_address), .request_beats_m1(filters_request_beats_m1),
    .read_valid(reads_read_valid[1]), .read_ready(filters_read_ready), .read_data(reads_read_data),
    .staging_valid(staging_valid), .staging_ready(staging_ready), .staging_word(staging_word), .idle(filters_idle)
  );

  store_unit store (
    .clk(clk), .rst(host_shell_reset), .command_valid(commands_store_valid), .command_ready(store_command_ready),
    .command_params(commands_store_params), .flags(flags), .command(command[383:0]), .table_write(store_table_write),
    .table_index(table_index), .table_word(table_word), .psum_done_post(psum_done_post),
    .psum_free_post(psum_free_post), .request_valid(store_request_valid), .request_ready(reads_request_ready[3]),
    .request_address(store_request_address), .request_beats_m1(store_request_beats_m1),
    .read_valid(reads_read_valid[3]), .read_ready(store_read_ready), .read_data(reads_read_data),
    .drain_read(drain_read), .drain_lane(drain_lane), .drain_line(drain_line), .drain_grant(drain_grant),
    .drain_word(drain_word), .beat_valid(store_beat_valid), .beat_ready(writes_beat_ready), .beat_data(store_beat_data),
    .beat_strobe(store_beat_strobe), .burst_valid(store_burst_valid), .burst_ready(writes_burst_ready),
    .burst_address(store_burst_address), .burst_beats_m1(store_burst_beats_m1), .bytes(store_bytes),
    .encoded(store_encoded), .idle(store_idle)
  );

  read_port reads (
    .clk(clk), .rst(rst | host_shell_reset), .halt(host_halt),
    .request_valid({store_request_valid, loader_request_valid, filters_request_valid, fetch_request_valid}),
    .request_ready(reads_request_ready),
    .request_address({store_request_address, loader_request_address, filters_request_address, fetch_request_address}),
    .request_beats_m1({store_request_beats_m1, loader_request_beats_m1, filters_request_beats_m1,
        fetch_request_beats_m1}),
    .read_valid(reads_read_valid),
    .read_ready({store_read_ready, loader_read_ready, filters_read_ready, fetch_read_ready}),
    .read_data(reads_read_data), .m_axi_araddr(m_axi_araddr), .m_axi_arlen(m_axi_arlen), .m_axi_arvalid(m_axi_arvalid),
    .m_axi_arready(m_axi_arready), .m_axi_rdata(m_axi_rdata), .m_axi_rresp(m_axi_rresp), .m_axi_rlast(m_axi_rlast),
    .m_axi_rvalid(m_axi_rvalid), .m_axi_rready(m_axi_rready), .drained(reads_drained), .moved(reads_moved),
    .beat(reads_beat), .beat_of(reads_beat_of), .error(reads_error)
  );

  write_port writes (
    .clk(clk), .rst(rst | host_shell_reset), .halt(host_halt), .beat_valid(store_beat_valid),
    .beat_ready(writes_beat_ready), .beat_data(store_beat_data), .beat_strobe(store_beat_strobe),
    .burst_valid(store_burst_valid), .burst_ready(writes_burst_ready), .burst_address(store_burst_address),
    .burst_beats_m1(store_burst_beats_m1), .m_axi_awaddr(m_axi_awaddr), .m_axi_awlen(m_axi_awlen),
    .m_axi_awvalid(m_axi_awvalid), .m_axi_awready(m_axi_awready), .m_axi_wdata(m_axi_wdata), .m_axi_wstrb(m_axi_wstrb),
    .m_axi_wlast(m_axi_wlast), .m_axi_wvalid(m_axi_wvalid), .m_axi_wready(m_axi_wready), .m_axi_bresp(m_axi_bresp),
    .m_axi_bvalid(m_axi_bvalid), .m_axi_bready(m_axi_bready), .idle(writes_idle), .drained(writes_drained),
    .moved(writes_moved), .beat(writes_beat), .error(writes_error)
  );

  assign m_axi_arsize = 3'd3, m_axi_arburst = 2'd1, m_axi_arcache = 4'd3, m_axi_arprot = 3'd0, m_axi_awsize = 3'd3;
  assign m_axi_awburst = 2'd1, m_axi_awcache = 4'd3, m_axi_awprot = 3'd0;
endmodule
