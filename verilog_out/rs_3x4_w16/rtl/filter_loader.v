// FILTER: streams packed filters from DRAM to the core's filter staging.
module filter_loader (
  input wire clk,
  input wire rst,
  input wire command_valid,
  output wire command_ready,
  input wire [63:0] command_0,
  input wire [63:0] command_1,
  output wire request_valid,
  input wire request_ready,
  output wire [63:0] request_address,
  output wire [5:0] request_beats_m1,
  input wire read_valid,
  output wire read_ready,
  input wire [63:0] read_data,
  output wire staging_valid,
  input wire staging_ready,
  output wire [15:0] staging_word_0,
  output wire [15:0] staging_word_1,
  output wire [15:0] staging_word_2,
  output wire [15:0] staging_word_3,
  output wire idle
);
  wire start;
  reg [31:0] left_now;
  wire last;
  wire beat_end;
  wire step;
  wire [63:0] line;
  wire [15:0] word_0;
  wire [15:0] word_1;
  wire [15:0] word_2;
  wire [15:0] word_3;
  wire [7:0] asked;
  reg [7:0] freed;
  reg [7:0] dropped;
  wire queue_deq_valid;
  wire [63:0] queue_deq_0;
  wire [63:0] queue_deq_1;
  wire [63:0] fields_address;
  wire [31:0] fields_bytes;
  wire burst_run_ready;
  wire [31:0] burst_run_beats_m1;
  wire burst_allow;
  wire [5:0] burst_request_beats_m1;
  wire [31:0] runs_enq_payload;
  wire runs_enq_ready;
  wire [31:0] runs_deq_payload;
  wire runs_deq_valid;
  wire runs_deq_ready;
  wire [63:0] widen_deq_payload;
  wire widen_deq_valid;
  wire widen_deq_ready;
  wire [63:0] staging_enq_payload;
  wire staging_enq_ready;
  wire [63:0] staging_deq_payload;
  wire staging_deq_valid;
  wire staging_empty;
  reg [7:0] room;
  reg fresh;
  reg [31:0] left_m1;
  reg part;
  wire [32:0] burst_run_beats_m1_difference;

  wide_fifo_3 queue (
    .clk(clk),
    .rst(rst),
    .enq_valid(command_valid),
    .enq_ready(command_ready),
    .enq_0(command_0),
    .enq_1(command_1),
    .deq_valid(queue_deq_valid),
    .deq_ready(start),
    .deq_0(queue_deq_0),
    .deq_1(queue_deq_1)
  );

  filter_fields fields (
    .source_0(queue_deq_0),
    .source_1(queue_deq_1),
    .address(fields_address),
    .bytes(fields_bytes)
  );

  burst_32 burst (
    .clk(clk),
    .rst(rst),
    .run_valid(start),
    .run_ready(burst_run_ready),
    .run_address(fields_address),
    .run_beats_m1(burst_run_beats_m1),
    .allow(burst_allow),
    .request_valid(request_valid),
    .request_ready(request_ready),
    .request_address(request_address),
    .request_beats_m1(burst_request_beats_m1)
  );

  fifo_4x32 runs (
    .clk(clk),
    .rst(rst),
    .enq_payload(runs_enq_payload),
    .enq_valid(start),
    .enq_ready(runs_enq_ready),
    .deq_payload(runs_deq_payload),
    .deq_valid(runs_deq_valid),
    .deq_ready(runs_deq_ready),
    .level()
  );

  widen_0_0 widen (
    .clk(clk),
    .rst(rst),
    .enq_payload(read_data),
    .enq_valid(read_valid),
    .enq_ready(read_ready),
    .deq_payload(widen_deq_payload),
    .deq_valid(widen_deq_valid),
    .deq_ready(widen_deq_ready),
    .empty()
  );

  buffer_128x64 staging (
    .clk(clk),
    .rst(rst),
    .enq_payload(staging_enq_payload),
    .enq_valid(step),
    .enq_ready(staging_enq_ready),
    .deq_payload(staging_deq_payload),
    .deq_valid(staging_deq_valid),
    .deq_ready(staging_ready),
    .empty(staging_empty)
  );

  always @* begin
    dropped = 8'd0;
    if (step) begin
      if (beat_end) dropped = 8'd1 - {7'd0, part} - 8'd1;
    end
  end

  assign start = queue_deq_valid && burst_run_ready && runs_enq_ready;
  assign burst_run_beats_m1_difference = {1'b0, fields_bytes} - 33'd1;
  assign burst_run_beats_m1 = {{2{burst_run_beats_m1_difference[32]}}, burst_run_beats_m1_difference[32:3]};
  assign runs_enq_payload = {{2{burst_run_beats_m1_difference[32]}}, burst_run_beats_m1_difference[32:3]};
  assign asked = ({2'd0, burst_request_beats_m1} + 8'd1) * 8'd1;
  assign burst_allow = room >= asked;
  assign request_beats_m1 = burst_request_beats_m1;

  always @* begin
    if (fresh) left_now = runs_deq_payload;
    else left_now = left_m1;
  end

  assign last = left_now == 32'd0;
  assign beat_end = last || ({1'b0, part} + 2'd1) == 2'd1;
  assign step = widen_deq_valid && runs_deq_valid && staging_enq_ready;
  assign widen_deq_ready = step & beat_end;
  assign runs_deq_ready = step & last;
  assign line = widen_deq_payload;
  assign word_0 = line[15:0];
  assign staging_word_0 = staging_deq_payload[15:0];
  assign word_1 = line[31:16];
  assign staging_word_1 = staging_deq_payload[31:16];
  assign word_2 = line[47:32];
  assign staging_word_2 = staging_deq_payload[47:32];
  assign word_3 = line[63:48];
  assign staging_word_3 = staging_deq_payload[63:48];
  assign staging_enq_payload = {word_3, word_2, word_1, word_0};
  assign staging_valid = staging_deq_valid;

  always @* begin
    freed = dropped;
    if (staging_deq_valid && staging_ready) freed = dropped + 8'd1;
  end

  assign idle = !queue_deq_valid && !runs_deq_valid && staging_empty;

  always @(posedge clk) begin
    if (rst) begin
      room <= 8'd128;
      fresh <= 1'b1;
      left_m1 <= 32'd0;
      part <= 1'b0;
    end else begin
      if (step) begin
        fresh <= last;
        left_m1 <= left_now - 32'd1;
        if (beat_end) part <= 1'b0;
        else part <= part + 1'b1;
      end
      room <= room + freed;
      if (request_valid && request_ready) room <= room + freed - asked;
    end
  end
endmodule
