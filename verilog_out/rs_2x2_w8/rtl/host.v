// Host port, registers, queue of programs, counters, watchdog and reset.
module host (
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
  output wire halt,
  output wire core_reset,
  output wire job_valid,
  input wire job_ready,
  output wire [63:0] job_address,
  output wire [31:0] job_blocks,
  input wire working,
  input wire drained,
  input wire progress,
  input wire layer_done,
  input wire [31:0] layer_number,
  input wire command_failed,
  input wire [2:0] command_cause,
  input wire read_failed,
  input wire write_failed,
  input wire [2:0] amount_0,
  input wire [2:0] amount_1,
  input wire amount_2,
  input wire amount_3,
  input wire amount_4,
  input wire [3:0] amount_5,
  input wire amount_6,
  input wire [2:0] amount_7,
  input wire [2:0] amount_8,
  input wire [2:0] amount_9,
  input wire amount_10,
  input wire amount_11
);
  reg busy;
  wire port_write;
  wire [9:0] port_write_address;
  wire [31:0] port_write_data;
  wire [3:0] port_write_strobe;
  wire port_read;
  wire [9:0] port_read_address;
  wire control_write_error;
  wire [31:0] control_read_data;
  wire control_read_error;
  wire control_reset_request;
  wire control_clear_counters;
  wire [31:0] control_watchdog_limit;
  wire control_job_valid;
  wire control_error;
  wire reset_active;
  wire reset_core_reset;
  wire watchdog_busy;
  wire watchdog_expired;
  wire [63:0] counters_total_0;
  wire [63:0] counters_total_1;
  wire [63:0] counters_total_2;
  wire [63:0] counters_total_3;
  wire [63:0] counters_total_4;
  wire [63:0] counters_total_5;
  wire [63:0] counters_total_6;
  wire [63:0] counters_total_7;
  wire [63:0] counters_total_8;
  wire [63:0] counters_total_9;
  wire [63:0] counters_total_10;
  wire [63:0] counters_total_11;
  wire [63:0] counters_total_12;

  axi_lite port (
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
    .write(port_write),
    .write_address(port_write_address),
    .write_data(port_write_data),
    .write_strobe(port_write_strobe),
    .write_error(control_write_error),
    .read(port_read),
    .read_address(port_read_address),
    .read_data(control_read_data),
    .read_error(control_read_error)
  );

  control control (
    .clk(clk),
    .rst(rst | reset_core_reset),
    .write(port_write),
    .write_address(port_write_address),
    .write_data(port_write_data),
    .write_strobe(port_write_strobe),
    .write_error(control_write_error),
    .read(port_read),
    .read_address(port_read_address),
    .read_data(control_read_data),
    .read_error(control_read_error),
    .irq(irq),
    .reset_request(control_reset_request),
    .clear_counters(control_clear_counters),
    .watchdog_limit(control_watchdog_limit),
    .job_valid(control_job_valid),
    .job_ready(job_ready),
    .job_address(job_address),
    .job_blocks(job_blocks),
    .resetting(reset_active),
    .busy(busy),
    .layer_done(layer_done),
    .layer_number(layer_number),
    .command_failed(command_failed),
    .command_cause(command_cause),
    .read_failed(read_failed),
    .write_failed(write_failed),
    .watchdog_expired(watchdog_expired),
    .error(control_error),
    .total_0(counters_total_0),
    .total_1(counters_total_1),
    .total_2(counters_total_2),
    .total_3(counters_total_3),
    .total_4(counters_total_4),
    .total_5(counters_total_5),
    .total_6(counters_total_6),
    .total_7(counters_total_7),
    .total_8(counters_total_8),
    .total_9(counters_total_9),
    .total_10(counters_total_10),
    .total_11(counters_total_11),
    .total_12(counters_total_12)
  );

  soft_reset reset (
    .clk(clk),
    .rst(rst),
    .request(control_reset_request),
    .drained(drained),
    .active(reset_active),
    .core_reset(reset_core_reset)
  );

  watchdog watchdog (
    .clk(clk),
    .rst(rst | reset_core_reset),
    .busy(watchdog_busy),
    .progress(progress),
    .limit(control_watchdog_limit),
    .expired(watchdog_expired)
  );

  counters counters (
    .clk(clk),
    .rst(rst | reset_core_reset),
    .clear(control_clear_counters),
    .amount_0(busy),
    .amount_1(amount_0),
    .amount_2(amount_1),
    .amount_3(amount_2),
    .amount_4(amount_3),
    .amount_5(amount_4),
    .amount_6(amount_5),
    .amount_7(amount_6),
    .amount_8(amount_7),
    .amount_9(amount_8),
    .amount_10(amount_9),
    .amount_11(amount_10),
    .amount_12(amount_11),
    .total_0(counters_total_0),
    .total_1(counters_total_1),
    .total_2(counters_total_2),
    .total_3(counters_total_3),
    .total_4(counters_total_4),
    .total_5(counters_total_5),
    .total_6(counters_total_6),
    .total_7(counters_total_7),
    .total_8(counters_total_8),
    .total_9(counters_total_9),
    .total_10(counters_total_10),
    .total_11(counters_total_11),
    .total_12(counters_total_12)
  );

  assign job_valid = control_job_valid;
  assign core_reset = reset_core_reset;
  assign halt = control_error | reset_active;

  always @* begin
    if (halt) busy = !drained;
    else busy = working | control_job_valid;
  end

  assign watchdog_busy = busy && !halt;
endmodule
