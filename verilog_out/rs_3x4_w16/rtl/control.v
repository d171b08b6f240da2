// Registers behind the host port, the queue of programs, and the first error.
module control (
  input wire clk, rst, write,
  input wire [9:0] write_address,
  input wire [31:0] write_data,
  input wire [3:0] write_strobe,
  output wire write_error,
  input wire read,
  input wire [9:0] read_address,
  output wire [31:0] read_data,
  output wire read_error, irq,
  output reg reset_request, clear_counters,
  output wire [31:0] watchdog_limit,
  output wire job_valid,
  input wire job_ready,
  output wire [63:0] job_address,
  output wire [31:0] job_blocks,
  input wire resetting, busy, layer_done,
  input wire [31:0] layer_number,
  input wire command_failed,
  input wire [2:0] command_cause,
  input wire read_failed, write_failed, stream_failed, watchdog_expired,
  output wire error,
  input wire [1343:0] total
);
  reg [1:0] cleared;
  wire jobs_enq_ready;
  wire [95:0] jobs_deq_payload;
  wire [4:0] jobs_level;
  wire readout_write_unmapped;
  reg [31:0] address_low, address_high, watchdog, last_layer, done_count;
  reg [1:0] irq_enable, irq_status;
  reg failed;
  reg [3:0] cause;
  wire [31:0] mask = ({31'd0, write_strobe[0]} * 32'd255) | {{23'd0, write_strobe[1]} * 24'd255, 8'd0} |
      {{15'd0, write_strobe[2]} * 16'd255, 16'd0} | {{7'd0, write_strobe[3]} * 8'd255, 24'd0};
  wire [31:0] data = write_data & mask;
  wire push_bad = !jobs_enq_ready || data == 32'd0 || address_low[5:0] != 6'd0;
  wire push = write && !(write_address == 10'd16) && !(write_address == 10'd18) && !(write_address == 10'd19) &&
      !(write_address == 10'd20) && !(write_address == 10'd24) && !(write_address == 10'd25) &&
      write_address == 10'd26 && !push_bad;
  wire [95:0] jobs_enq_payload = {data, address_high, address_low};
  wire fresh_error = !failed && (command_failed || read_failed || write_failed || stream_failed || watchdog_expired);
  wire [1:0] events = {fresh_error, layer_done};
  wire [1:0] readout_value_16 = {1'b0, resetting};
  wire [15:0] readout_value_17 = {4'd0, cause, 5'd0, irq, failed, busy};
  wire [31:0] readout_value_25 = 32'd16 - {27'd0, jobs_level};

  fifo #(.BITS(96), .DEPTH(16)) jobs (
    .clk(clk), .rst(rst),
    .enq_payload(jobs_enq_payload), .enq_valid(push), .enq_ready(jobs_enq_ready),
    .deq_payload(jobs_deq_payload), .deq_valid(job_valid), .deq_ready(job_ready), .level(jobs_level)
  );

  register_read readout (
    .read(read), .read_address(read_address), .write(write), .write_address(write_address),
    .value_0(32'h54455353), .value_1(32'd256), .value_2(32'd0), .value_3(32'd256), .value_4(32'd3), .value_5(32'd4),
    .value_6(32'd16), .value_7(32'd32), .value_8(32'd3), .value_9(32'd16), .value_10(32'd2), .value_11(32'd12),
    .value_12(32'd224), .value_13(32'd24), .value_14(32'd64), .value_15(32'd151), .value_16(readout_value_16),
    .value_17(readout_value_17), .value_18(irq_enable), .value_19(irq_status), .value_20(watchdog),
    .value_21(last_layer), .value_22(done_count), .value_23(address_low), .value_24(address_high),
    .value_25(readout_value_25), .total(total), .data(read_data), .read_unmapped(read_error),
    .write_unmapped(readout_write_unmapped)
  );

  always @* begin
    cleared = 2'd0;
    reset_request = 1'b0;
    clear_counters = 1'b0;
    if (write) begin
      if (write_address == 10'd16) begin
        reset_request = data[0];
        clear_counters = data[1];
      end else if (write_address == 10'd18) begin
      end else if (write_address == 10'd19) cleared = data[1:0];
    end
  end

  assign write_error = (write && !(write_address == 10'd16) && !(write_address == 10'd18) &&
      !(write_address == 10'd19) && !(write_address == 10'd20) && !(write_address == 10'd24) &&
      !(write_address == 10'd25) && write_address == 10'd26) ? push_bad : readout_write_unmapped;
  assign job_address = jobs_deq_payload[63:0];
  assign job_blocks = jobs_deq_payload[95:64];
  assign error = failed;
  assign irq = (irq_status & irq_enable) != 2'd0;
  assign watchdog_limit = watchdog;

  always @(posedge clk) begin
    if (rst) begin
      address_low <= 32'd0; address_high <= 32'd0; irq_enable <= 2'd0; irq_status <= 2'd0; watchdog <= 32'h100000;
      last_layer <= 32'd0; done_count <= 32'd0; failed <= 1'b0; cause <= 4'd0;
    end else begin
      if (write && !(write_address == 10'd16)) begin
        if (write_address == 10'd18) irq_enable <= (irq_enable & (~mask[1:0])) | data[1:0];
        else if (write_address == 10'd19) begin
        end else if (write_address == 10'd20) watchdog <= (watchdog & (~mask)) | data;
        else if (write_address == 10'd24) address_low <= (address_low & (~mask)) | data;
        else if (write_address == 10'd25) address_high <= (address_high & (~mask)) | data;
      end
      if (layer_done) begin
        last_layer <= layer_number;
        done_count <= done_count + 32'd1;
      end
      if (fresh_error) begin
        failed <= 1'b1;
        if (command_failed) cause <= {1'b0, command_cause};
        else if (read_failed) cause <= 4'd4;
        else if (write_failed) cause <= 4'd5;
        else if (stream_failed) cause <= 4'd8;
        else cause <= 4'd6;
      end
      irq_status <= (irq_status & (~cleared)) | events;
    end
  end
endmodule
