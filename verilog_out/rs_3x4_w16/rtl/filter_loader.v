// FILTER: streams packed filters from DRAM to the core's filter staging.
module filter_loader (
  input wire clk, rst, command_valid,
  output wire command_ready,
  input wire [127:0] command,
  output wire request_valid,
  input wire request_ready,
  output wire [63:0] request_address,
  output wire [5:0] request_beats_m1,
  input wire read_valid,
  output wire read_ready,
  input wire [63:0] read_data,
  output wire staging_valid,
  input wire staging_ready,
  output wire [63:0] staging_word,
  output wire idle
);
  wire queue_deq_valid;
  wire [63:0] queue_deq_0, queue_deq_1;
  wire burst_run_ready;
  wire runs_enq_ready, runs_deq_valid;
  wire [31:0] runs_deq_payload;
  wire [63:0] widen_deq_payload;
  wire widen_deq_valid;
  wire staging_enq_ready, staging_empty;
  wire [63:0] staging_deq_payload;
  reg [7:0] room;
  reg allow, fresh, part;
  reg [31:0] left_m1;
  reg [1:0] freed;
  wire [6:0] unused;
  wire step = widen_deq_valid && runs_deq_valid && staging_enq_ready;
  wire [31:0] left_now = fresh ? runs_deq_payload : left_m1;
  wire last = left_now == 32'd0;
  wire beat_end = last || ({1'b0, part} + 2'd1) == 2'd1;
  wire dropped = (step && beat_end) ? 1'b1 - part - 1'b1 : 1'b0;
  wire start = queue_deq_valid && burst_run_ready && runs_enq_ready;
  wire [31:0] fields_bytes = queue_deq_1[31:0];
  wire [32:0] burst_run_beats_m1_difference = {1'b0, fields_bytes} - 33'd1;
  wire [35:0] burst_run_beats_m1 = {{6{burst_run_beats_m1_difference[32]}}, burst_run_beats_m1_difference[32:3]};
  wire [31:0] runs_enq_payload = {{2{burst_run_beats_m1_difference[32]}}, burst_run_beats_m1_difference[32:3]};
  wire [7:0] asked = ({2'd0, request_beats_m1} + 8'd1) * 8'd1;
  wire widen_deq_ready = step & beat_end;
  wire runs_deq_ready = step & last;
  wire [15:0] word_0 = widen_deq_payload[15:0];
  wire [15:0] word_1 = widen_deq_payload[31:16];
  wire [15:0] word_2 = widen_deq_payload[47:32];
  wire [15:0] word_3 = widen_deq_payload[63:48];
  wire [63:0] staging_enq_payload = {word_3, word_2, word_1, word_0};
  wire unused_bits = &{1'b0, queue_deq_1[63:32], burst_run_beats_m1_difference[2:0]};

  fifo #(.BITS(128), .DEPTH(4)) queue (
    .clk(clk), .rst(rst),
    .enq_payload(command), .enq_valid(command_valid), .enq_ready(command_ready),
    .deq_payload({queue_deq_1, queue_deq_0}), .deq_valid(queue_deq_valid), .deq_ready(start), .level(unused[2:0])
  );

  burst_5 burst (
    .clk(clk), .rst(rst), .run_valid(start), .run_ready(burst_run_ready), .run_address(queue_deq_0),
    .run_beats_m1(burst_run_beats_m1), .allow(allow), .request_valid(request_valid), .request_ready(request_ready),
    .request_address(request_address), .request_beats_m1(request_beats_m1)
  );

  fifo #(.BITS(32), .DEPTH(4)) runs (
    .clk(clk), .rst(rst),
    .enq_payload(runs_enq_payload), .enq_valid(start), .enq_ready(runs_enq_ready),
    .deq_payload(runs_deq_payload), .deq_valid(runs_deq_valid), .deq_ready(runs_deq_ready), .level(unused[5:3])
  );

  widen_0_0 widen (
    .clk(clk), .rst(rst),
    .enq_payload(read_data), .enq_valid(read_valid), .enq_ready(read_ready),
    .deq_payload(widen_deq_payload), .deq_valid(widen_deq_valid), .deq_ready(widen_deq_ready), .empty(unused[6])
  );

  buffer_128x64 staging (
    .clk(clk), .rst(rst),
    .enq_payload(staging_enq_payload), .enq_valid(step), .enq_ready(staging_enq_ready),
    .deq_payload(staging_deq_payload), .deq_valid(staging_valid), .deq_ready(staging_ready), .empty(staging_empty)
  );

  assign staging_word[0*16 +: 16] = staging_deq_payload[15:0];
  assign staging_word[1*16 +: 16] = staging_deq_payload[31:16];
  assign staging_word[2*16 +: 16] = staging_deq_payload[47:32];
  assign staging_word[3*16 +: 16] = staging_deq_payload[63:48];
  assign idle = !queue_deq_valid && !runs_deq_valid && staging_empty;

  always @(posedge clk) begin
    if (rst) begin
      room <= 8'd128; allow <= 1'b0; fresh <= 1'b1; part <= 1'b0; freed <= 2'd0;
    end else begin
      if (step) begin
        fresh <= last;
        if (beat_end) part <= 1'b0;
        else part <= part + 1'b1;
      end
      allow <= !burst_run_ready && !request_ready && room > {2'd0, request_beats_m1};
      freed <= {1'b0, dropped};
      if (staging_valid && staging_ready) freed <= {1'b0, dropped} + 2'd1;
      room <= room + {6'd0, freed};
      if (request_valid && request_ready) room <= room + {6'd0, freed} - asked;
    end
  end

  always @(posedge clk) begin
    if (step) left_m1 <= left_now - 32'd1;
  end
endmodule
