// PARAMS and STORE: psums from the global buffer through the output stage to DRAM.
module store_unit (
  input wire clk,
  input wire rst,
  input wire command_valid,
  output wire command_ready,
  input wire command_params,
  input wire [7:0] flags,
  input wire [63:0] command_0,
  input wire [63:0] command_1,
  input wire [63:0] command_2,
  input wire [63:0] command_3,
  input wire [63:0] command_4,
  input wire [63:0] command_5,
  input wire table_write,
  input wire [15:0] table_index,
  input wire [63:0] table_word,
  input wire psum_done_post,
  output wire psum_free_post,
  output wire request_valid,
  input wire request_ready,
  output wire [63:0] request_address,
  output wire [5:0] request_beats_m1,
  input wire read_valid,
  output wire read_ready,
  input wire [63:0] read_data,
  output wire drain_read,
  output wire [1:0] drain_lane,
  output wire [10:0] drain_line,
  input wire drain_grant,
  input wire [31:0] drain_word,
  output wire beat_valid,
  input wire beat_ready,
  output wire [63:0] beat_data,
  output wire [7:0] beat_strobe,
  output wire burst_valid,
  input wire burst_ready,
  output wire [63:0] burst_address,
  output wire [3:0] burst_beats_m1,
  output wire [3:0] bytes,
  output wire idle
);
  wire is_params;
  wire waits;
  wire start;
  wire finish;
  wire read;
  wire row_end;
  wire packed_;
  wire queue_deq_valid;
  wire [7:0] queue_deq_0;
  wire queue_deq_1;
  wire [63:0] queue_deq_2;
  wire [63:0] queue_deq_3;
  wire [63:0] queue_deq_4;
  wire [63:0] queue_deq_5;
  wire [63:0] queue_deq_6;
  wire [63:0] queue_deq_7;
  wire done_take;
  wire done_available;
  wire walker_start;
  wire walker_run_valid;
  wire [63:0] walker_run_address;
  wire walker_row_valid;
  wire walker_row_ready;
  wire [10:0] walker_row_line;
  wire [7:0] walker_row_param;
  wire walker_row_last;
  wire [11:0] walker_windows_m1;
  wire walker_active;
  wire params_start;
  wire params_done;
  wire params_param_write;
  wire [7:0] params_param_index;
  wire [31:0] params_param_bias;
  wire [15:0] params_param_scale;
  wire [5:0] params_param_shift;
  wire stage_raw;
  wire stage_relu;
  wire stage_last;
  wire stage_valid;
  wire [31:0] stage_value;
  wire stage_value_last;
  wire runs_enq_ready;
  wire runs_enq_1;
  wire runs_deq_valid;
  wire [63:0] runs_deq_0;
  wire runs_deq_1;
  wire elements_deq_valid;
  wire [31:0] elements_deq_0;
  wire elements_deq_1;
  wire packer_run_ready;
  wire packer_element_ready;
  reg working;
  reg [11:0] window;
  reg [4:0] room;

  wide_fifo_4 queue (
    .clk(clk),
    .rst(rst),
    .enq_valid(command_valid),
    .enq_ready(command_ready),
    .enq_0(flags),
    .enq_1(command_params),
    .enq_2(command_0),
    .enq_3(command_1),
    .enq_4(command_2),
    .enq_5(command_3),
    .enq_6(command_4),
    .enq_7(command_5),
    .deq_valid(queue_deq_valid),
    .deq_ready(finish),
    .deq_0(queue_deq_0),
    .deq_1(queue_deq_1),
    .deq_2(queue_deq_2),
    .deq_3(queue_deq_3),
    .deq_4(queue_deq_4),
    .deq_5(queue_deq_5),
    .deq_6(queue_deq_6),
    .deq_7(queue_deq_7)
  );

  counting_semaphore done (
    .clk(clk),
    .rst(rst),
    .post(psum_done_post),
    .take(done_take),
    .available(done_available)
  );

  store_walker walker (
    .clk(clk),
    .rst(rst),
    .start(walker_start),
    .command_0(queue_deq_2),
    .command_1(queue_deq_3),
    .command_2(queue_deq_4),
    .command_3(queue_deq_5),
    .command_4(queue_deq_6),
    .command_5(queue_deq_7),
    .table_write(table_write),
    .table_index(table_index),
    .table_word(table_word),
    .run_valid(walker_run_valid),
    .run_ready(runs_enq_ready),
    .run_address(walker_run_address),
    .row_valid(walker_row_valid),
    .row_ready(walker_row_ready),
    .row_line(walker_row_line),
    .row_lane(drain_lane),
    .row_param(walker_row_param),
    .row_last(walker_row_last),
    .windows_m1(walker_windows_m1),
    .active(walker_active)
  );

  params_loader params (
    .clk(clk),
    .rst(rst),
    .start(params_start),
    .command_0(queue_deq_2),
    .command_1(queue_deq_3),
    .done(params_done),
    .request_valid(request_valid),
    .request_ready(request_ready),
    .request_address(request_address),
    .request_beats_m1(request_beats_m1),
    .read_valid(read_valid),
    .read_ready(read_ready),
    .read_data(read_data),
    .param_write(params_param_write),
    .param_index(params_param_index),
    .param_bias(params_param_bias),
    .param_scale(params_param_scale),
    .param_shift(params_param_shift)
  );

  output_stage stage (
    .clk(clk),
    .rst(rst),
    .param_write(params_param_write),
    .param_index(params_param_index),
    .param_bias(params_param_bias),
    .param_scale(params_param_scale),
    .param_shift(params_param_shift),
    .read(read),
    .param(walker_row_param),
    .raw(stage_raw),
    .relu(stage_relu),
    .last(stage_last),
    .psum(drain_word),
    .valid(stage_valid),
    .value(stage_value),
    .value_last(stage_value_last)
  );

  wide_fifo_6 runs (
    .clk(clk),
    .rst(rst),
    .enq_valid(walker_run_valid),
    .enq_ready(runs_enq_ready),
    .enq_0(walker_run_address),
    .enq_1(runs_enq_1),
    .deq_valid(runs_deq_valid),
    .deq_ready(packer_run_ready),
    .deq_0(runs_deq_0),
    .deq_1(runs_deq_1)
  );

  wide_fifo_7 elements (
    .clk(clk),
    .rst(rst),
    .enq_valid(stage_valid),
    .enq_ready(),
    .enq_0(stage_value),
    .enq_1(stage_value_last),
    .deq_valid(elements_deq_valid),
    .deq_ready(packer_element_ready),
    .deq_0(elements_deq_0),
    .deq_1(elements_deq_1)
  );

  packer packer (
    .clk(clk),
    .rst(rst),
    .run_valid(runs_deq_valid),
    .run_ready(packer_run_ready),
    .run_address(runs_deq_0),
    .run_raw(runs_deq_1),
    .element_valid(elements_deq_valid),
    .element_ready(packer_element_ready),
    .element(elements_deq_0),
    .element_last(elements_deq_1),
    .beat_valid(beat_valid),
    .beat_ready(beat_ready),
    .beat_data(beat_data),
    .beat_strobe(beat_strobe),
    .burst_valid(burst_valid),
    .burst_ready(burst_ready),
    .burst_address(burst_address),
    .burst_beats_m1(burst_beats_m1),
    .bytes(bytes)
  );

  assign is_params = queue_deq_1;
  assign waits = !is_params && (queue_deq_0 & 8'd1) != 8'd0;
  assign start = queue_deq_valid && !working && (!waits || done_available);
  assign done_take = start & waits;
  assign walker_start = start && !is_params;
  assign params_start = start & is_params;
  assign finish = working && ((is_params && params_done) || (!is_params && !walker_active));
  assign psum_free_post = finish && !is_params && (queue_deq_0 & 8'd2) != 8'd0;
  assign runs_enq_1 = (queue_deq_0 & 8'd4) != 8'd0;
  assign drain_read = walker_row_valid && room != 5'd0;
  assign drain_line = walker_row_line + window[10:0];
  assign read = drain_read & drain_grant;
  assign row_end = window == walker_windows_m1;
  assign walker_row_ready = read & row_end;
  assign stage_raw = (queue_deq_0 & 8'd4) != 8'd0;
  assign stage_relu = (queue_deq_0 & 8'd8) != 8'd0;
  assign stage_last = row_end & walker_row_last;
  assign packed_ = packer_element_ready;
  assign idle = !queue_deq_valid && !runs_deq_valid && room == 5'd16;

  always @(posedge clk) begin
    if (rst) begin
      working <= 1'b0;
      window <= 12'd0;
      room <= 5'd16;
    end else begin
      if (start) working <= 1'b1;
      else if (finish) working <= 1'b0;
      if (read) begin
        if (row_end) window <= 12'd0;
        else window <= window + 12'd1;
      end
      room <= room - {4'd0, read} + {4'd0, packed_};
    end
  end
endmodule
