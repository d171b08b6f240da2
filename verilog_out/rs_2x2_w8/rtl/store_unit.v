// PARAMS and STORE: psums from the global buffer through the output stage to DRAM.
module store_unit (
  input wire clk, rst, command_valid,
  output wire command_ready,
  input wire command_params,
  input wire [7:0] flags,
  input wire [383:0] command,
  input wire table_write,
  input wire [15:0] table_index,
  input wire [63:0] table_word,
  input wire psum_done_post,
  output wire psum_free_post, request_valid,
  input wire request_ready,
  output wire [63:0] request_address,
  output wire [5:0] request_beats_m1,
  input wire read_valid,
  output wire read_ready,
  input wire [63:0] read_data,
  output wire drain_read,
  output wire [1:0] drain_lane,
  output wire [9:0] drain_line,
  input wire drain_grant,
  input wire [15:0] drain_word,
  output wire beat_valid,
  input wire beat_ready,
  output wire [63:0] beat_data,
  output wire [7:0] beat_strobe,
  output wire burst_valid,
  input wire burst_ready,
  output wire [63:0] burst_address,
  output wire [3:0] burst_beats_m1, bytes,
  output wire encoded, idle
);
  reg [1:0] kind;
  wire queue_deq_valid, queue_deq_1;
  wire [7:0] queue_deq_0;
  wire [63:0] queue_deq_2, queue_deq_3, queue_deq_4, queue_deq_5, queue_deq_6, queue_deq_7;
  wire done_available;
  wire walker_run_valid, walker_row_valid, walker_row_last, walker_active;
  wire [63:0] walker_run_address;
  wire [9:0] walker_row_line;
  wire [1:0] walker_row_lane;
  wire [7:0] walker_row_param;
  wire [11:0] walker_windows_m1;
  wire params_done, params_param_write;
  wire [7:0] params_param_index;
  wire [15:0] params_param_bias, params_param_scale;
  wire [5:0] params_param_shift;
  wire stage_valid, stage_value_last;
  wire [15:0] stage_value;
  wire runs_enq_ready, runs_deq_valid;
  wire [63:0] runs_deq_0;
  wire [1:0] runs_deq_1;
  wire elements_deq_valid, elements_deq_1;
  wire [15:0] elements_deq_0;
  wire encoder_word_ready, encoder_code_valid, encoder_code_last, encoder_is_head;
  wire [63:0] encoder_code;
  wire packer_run_ready, packer_active, packer_coded, packer_element_ready;
  reg packer_element_valid, packer_element_last;
  reg [63:0] packer_element;
  reg working, head, row, row_last;
  reg [11:0] window;
  reg [9:0] row_line;
  reg [1:0] row_lane;
  reg [7:0] row_param;
  reg [4:0] room;
  wire [11:0] unused;
  wire waits = !queue_deq_1 && (queue_deq_0 & 8'd1) != 8'd0;
  wire start = queue_deq_valid && !working && (!waits || done_available);
  wire done_take = start & waits;
  wire walker_start = start && !queue_deq_1;
  wire params_start = start & queue_deq_1;
  wire finish = working && ((queue_deq_1 && params_done) || (!queue_deq_1 && !walker_active && !row));
  wire walker_whole = (queue_deq_0 & 8'd16) != 8'd0;
  wire read = drain_read & drain_grant;
  wire row_end = window == walker_windows_m1;
  wire walker_row_ready = !row || (read && row_end);
  wire stage_raw = (queue_deq_0 & 8'd4) != 8'd0;
  wire stage_relu = (queue_deq_0 & 8'd8) != 8'd0;
  wire stage_last = row_end & row_last;
  wire encoder_word_valid = elements_deq_valid & packer_coded;
  wire run_rlc = runs_deq_1 == 2'd2;
  wire [63:0] packer_run_address = (run_rlc && !head) ? runs_deq_0 + 64'd16 : runs_deq_0;
  wire runs_deq_ready = packer_run_ready && !(run_rlc && !head);
  wire packed_ = packer_coded ? elements_deq_valid & encoder_word_ready : packer_element_ready;

  fifo #(.BITS(393), .DEPTH(4)) queue (
    .clk(clk), .rst(rst),
    .enq_payload({command, command_params, flags}), .enq_valid(command_valid), .enq_ready(command_ready),
    .deq_payload({queue_deq_7, queue_deq_6, queue_deq_5, queue_deq_4, queue_deq_3, queue_deq_2, queue_deq_1,
        queue_deq_0}),
    .deq_valid(queue_deq_valid), .deq_ready(finish), .level(unused[2:0])
  );

  counting_semaphore done (
    .clk(clk), .rst(rst), .post(psum_done_post), .take(done_take), .available(done_available)
  );

  store_walker walker (
    .clk(clk), .rst(rst), .start(walker_start),
    .command({queue_deq_7, queue_deq_6, queue_deq_5, queue_deq_4, queue_deq_3, queue_deq_2}), .whole(walker_whole),
    .table_write(table_write), .table_index(table_index), .table_word(table_word), .run_valid(walker_run_valid),
    .run_ready(runs_enq_ready), .run_address(walker_run_address), .row_valid(walker_row_valid),
    .row_ready(walker_row_ready), .row_line(walker_row_line), .row_lane(walker_row_lane), .row_param(walker_row_param),
    .row_last(walker_row_last), .windows_m1(walker_windows_m1), .active(walker_active)
  );

  params_loader params (
    .clk(clk), .rst(rst), .start(params_start), .command({queue_deq_3, queue_deq_2}), .done(params_done),
    .request_valid(request_valid), .request_ready(request_ready), .request_address(request_address),
    .request_beats_m1(request_beats_m1), .read_valid(read_valid), .read_ready(read_ready), .read_data(read_data),
    .param_write(params_param_write), .param_index(params_param_index), .param_bias(params_param_bias),
    .param_scale(params_param_scale), .param_shift(params_param_shift)
  );

  output_stage stage (
    .clk(clk), .rst(rst), .param_write(params_param_write), .param_index(params_param_index),
    .param_bias(params_param_bias), .param_scale(params_param_scale), .param_shift(params_param_shift), .read(read),
    .param(row_param), .raw(stage_raw), .relu(stage_relu), .last(stage_last), .psum(drain_word), .valid(stage_valid),
    .value(stage_value), .value_last(stage_value_last)
  );

  fifo #(.BITS(66), .DEPTH(4)) runs (
    .clk(clk), .rst(rst),
    .enq_payload({kind, walker_run_address}), .enq_valid(walker_run_valid), .enq_ready(runs_enq_ready),
    .deq_payload({runs_deq_1, runs_deq_0}), .deq_valid(runs_deq_valid), .deq_ready(runs_deq_ready), .level(unused[5:3])
  );

  fifo #(.BITS(17), .DEPTH(16)) elements (
    .clk(clk), .rst(rst),
    .enq_payload({stage_value_last, stage_value}), .enq_valid(stage_valid), .enq_ready(unused[6]),
    .deq_payload({elements_deq_1, elements_deq_0}), .deq_valid(elements_deq_valid), .deq_ready(packed_),
        .level(unused[11:7])
  );

  rlc_encoder encoder (
    .clk(clk), .rst(rst), .word_valid(encoder_word_valid), .word_ready(encoder_word_ready), .word(elements_deq_0[7:0]),
    .word_last(elements_deq_1), .code_valid(encoder_code_valid), .code_ready(packer_element_ready), .code(encoder_code),
    .code_last(encoder_code_last), .is_head(encoder_is_head)
  );

  packer packer (
    .clk(clk), .rst(rst), .run_valid(runs_deq_valid), .run_ready(packer_run_ready), .run_address(packer_run_address),
    .run_kind(runs_deq_1), .active(packer_active), .coded(packer_coded), .element_valid(packer_element_valid),
    .element_ready(packer_element_ready), .element(packer_element), .element_last(packer_element_last),
    .beat_valid(beat_valid), .beat_ready(beat_ready), .beat_data(beat_data), .beat_strobe(beat_strobe),
    .burst_valid(burst_valid), .burst_ready(burst_ready), .burst_address(burst_address),
    .burst_beats_m1(burst_beats_m1), .bytes(bytes)
  );

  assign psum_free_post = finish && !queue_deq_1 && (queue_deq_0 & 8'd2) != 8'd0;

  always @* begin
    kind = 2'd0;
    if ((queue_deq_0 & 8'd4) != 8'd0) kind = 2'd1;
    else if ((queue_deq_0 & 8'd16) != 8'd0) kind = 2'd2;
  end

  assign drain_read = row && room != 5'd0;
  assign drain_lane = row_lane, drain_line = row_line;

  always @* begin
    if (packer_coded) begin
      packer_element_valid = encoder_code_valid;
      packer_element = encoder_code;
      packer_element_last = encoder_code_last;
    end else begin
      packer_element_valid = elements_deq_valid;
      packer_element = {{48{elements_deq_0[15]}}, elements_deq_0};
      packer_element_last = elements_deq_1;
    end
  end

  assign encoded = packer_coded && packer_element_ready && !encoder_is_head;
  assign idle = !queue_deq_valid && !runs_deq_valid && !packer_active && room == 5'd16;

  always @(posedge clk) begin
    if (rst) begin
      working <= 1'b0; head <= 1'b0; row <= 1'b0; room <= 5'd16;
    end else begin
      if (start) working <= 1'b1;
      else if (finish) working <= 1'b0;
      if (runs_deq_valid && packer_run_ready && run_rlc) head <= !head;
      if (walker_row_ready) row <= walker_row_valid;
      room <= room - {4'd0, read} + {4'd0, packed_};
    end
  end

  always @(posedge clk) begin
    if (walker_row_ready) begin
      window <= 12'd0; row_line <= walker_row_line; row_lane <= walker_row_lane; row_param <= walker_row_param;
      row_last <= walker_row_last;
    end else if (read) begin
      window <= window + 12'd1;
      row_line <= row_line + 10'd1;
    end
  end
endmodule
