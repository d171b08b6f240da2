// Host port, registers, queue of programs, counters, watchdog and reset.
module host (
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
  output wire irq, halt, shell_reset, core_reset, job_valid,
  input wire job_ready,
  output wire [63:0] job_address,
  output wire [31:0] job_blocks,
  input wire working, drained, progress, layer_done,
  input wire [31:0] layer_number,
  input wire command_failed,
  input wire [2:0] command_cause,
  input wire read_failed, write_failed, stream_failed,
  input wire amount_0, amount_1, amount_2, amount_3, amount_4, input wire [3:0] amount_5, input wire amount_6,
  input wire [2:0] amount_7, amount_8, amount_9, input wire amount_10, amount_11, input wire [3:0] amount_12,
  input wire [3:0] amount_13, amount_14, input wire [5:0] amount_15, input wire [3:0] amount_16, amount_17,
  input wire amount_18, amount_19
);
  wire port_write, port_read;
  wire [9:0] port_write_address, port_read_address;
  wire [31:0] port_write_data;
  wire [3:0] port_write_strobe;
  wire control_write_error, control_read_error, control_reset_request, control_clear_counters, control_error;
  wire [31:0] control_read_data, control_watchdog_limit;
  wire reset_active;
  wire watchdog_expired;
  wire [1343:0] counters_total;
  wire busy = halt ? !drained : working | job_valid;
  wire watchdog_busy = busy && !halt;

  axi_lite port (
    .clk(clk), .rst(rst), .s_axil_awaddr(s_axil_awaddr), .s_axil_awvalid(s_axil_awvalid),
    .s_axil_awready(s_axil_awready), .s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb),
    .s_axil_wvalid(s_axil_wvalid), .s_axil_wready(s_axil_wready), .s_axil_bresp(s_axil_bresp),
    .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready), .s_axil_araddr(s_axil_araddr),
    .s_axil_arvalid(s_axil_arvalid), .s_axil_arready(s_axil_arready), .s_axil_rdata(s_axil_rdata),
    .s_axil_rresp(s_axil_rresp), .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready), .write(port_write),
    .write_address(port_write_address), .write_data(port_write_data), .write_strobe(port_write_strobe),
    .write_error(control_write_error), .read(port_read), .read_address(port_read_address),
    .read_data(control_read_data), .read_error(control_read_error)
  );

  control control (
    .clk(clk), .rst(rst | shell_reset), .write(port_write), .write_address(port_write_address),
    .write_data(port_write_data), .write_strobe(port_write_strobe), .write_error(control_write_error), .read(port_read),
    .read_address(port_read_address), .read_data(control_read_data), .read_error(control_read_error), .irq(irq),
    .reset_request(control_reset_request), .clear_counters(control_clear_counters),
    .watchdog_limit(control_watchdog_limit), .job_valid(job_valid), .job_ready(job_ready), .job_address(job_address),
    .job_blocks(job_blocks), .resetting(reset_active), .busy(busy), .layer_done(layer_done),
    .layer_number(layer_number), .command_failed(command_failed), .command_cause(command_cause),
    .read_failed(read_failed), .write_failed(write_failed), .stream_failed(stream_failed),
    .watchdog_expired(watchdog_expired), .error(control_error), .total(counters_total)
  );

  soft_reset reset (
    .clk(clk), .rst(rst), .request(control_reset_request), .drained(drained), .active(reset_active),
    .shell_reset(shell_reset), .core_reset(core_reset)
  );

  watchdog watchdog (
    .clk(clk), .rst(shell_reset), .busy(watchdog_busy), .progress(progress), .limit(control_watchdog_limit),
    .expired(watchdog_expired)
  );

  counters counters (
    .clk(clk), .rst(shell_reset), .clear(control_clear_counters),
    .amount_0(busy), .amount_1(amount_0), .amount_2(amount_1), .amount_3(amount_2), .amount_4(amount_3),
    .amount_5(amount_4), .amount_6(amount_5), .amount_7(amount_6), .amount_8(amount_7), .amount_9(amount_8),
    .amount_10(amount_9), .amount_11(amount_10), .amount_12(amount_11), .amount_13(amount_12), .amount_14(amount_13),
    .amount_15(amount_14), .amount_16(amount_15), .amount_17(amount_16), .amount_18(amount_17), .amount_19(amount_18),
    .amount_20(amount_19), .total(counters_total)
  );

  assign halt = control_error | reset_active;
endmodule
