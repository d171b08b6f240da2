// LOAD: copies a tile of the ifmap from DRAM to the global buffer.
module loader (
  input wire clk, rst, command_valid,
  output wire command_ready,
  input wire [7:0] flags,
  input wire [319:0] command,
  input wire ifmap_free_post,
  output wire loaded_post, request_valid,
  input wire request_ready,
  output wire [63:0] request_address,
  output wire [5:0] request_beats_m1,
  input wire read_valid,
  output wire read_ready,
  input wire [63:0] read_data,
  output wire [3:0] load_write,
  output wire [43:0] load_line,
  output wire [63:0] load_word,
  output wire idle, decoded, failed
);
  wire queue_deq_valid;
  wire [7:0] queue_deq_0;
  wire [63:0] queue_deq_1, queue_deq_2, queue_deq_3, queue_deq_4, queue_deq_5;
  wire free_available;
  wire walker_run_valid, walker_last, walker_active;
  wire [63:0] walker_address;
  wire [32:0] walker_beats_m1;
  wire [1:0] walker_skip;
  wire [31:0] walker_elements_m1;
  wire [12:0] walker_word;
  reg burst_run_valid;
  wire burst_run_ready;
  reg [63:0] burst_run_address;
  reg [35:0] burst_run_beats_m1;
  wire runs_enq_ready, runs_deq_valid, runs_deq_3, runs_deq_4, runs_deq_5;
  reg [1:0] runs_enq_0;
  wire [1:0] runs_deq_0;
  wire [31:0] runs_deq_1;
  wire [12:0] runs_deq_2;
  wire unpack_run_ready, unpack_length_valid, unpack_idle;
  wire [31:0] unpack_length;
  reg asked;
  wire [6:0] unused;
  wire waits = (queue_deq_0 & 8'd1) != 8'd0;
  wire is_slot = (queue_deq_0 & 8'd4) != 8'd0;
  wire ask = queue_deq_valid && is_slot && !asked && !walker_active && burst_run_ready;
  wire start = queue_deq_valid && !walker_active && (!is_slot || (asked && unpack_length_valid && burst_run_ready)) &&
      (!waits || free_available);
  wire free_take = start & waits;
  wire run = walker_run_valid && (is_slot || burst_run_ready) && runs_enq_ready;
  wire queue_deq_ready = run & walker_last;
  wire unpack_go = start & is_slot;
  wire [35:0] burst_run_beats_m1_difference = {1'b0, unpack_length, 3'd0} - 36'd1;
  wire runs_enq_3 = walker_last && (queue_deq_0 & 8'd2) != 8'd0;
  wire unused_bits = &{1'b0, burst_run_beats_m1_difference[2:0]};

  fifo #(.BITS(328), .DEPTH(4)) queue (
    .clk(clk), .rst(rst),
    .enq_payload({command, flags}), .enq_valid(command_valid), .enq_ready(command_ready),
    .deq_payload({queue_deq_5, queue_deq_4, queue_deq_3, queue_deq_2, queue_deq_1, queue_deq_0}),
    .deq_valid(queue_deq_valid), .deq_ready(queue_deq_ready), .level(unused[2:0])
  );

  counting_semaphore free (
    .clk(clk), .rst(rst), .post(ifmap_free_post), .take(free_take), .available(free_available)
  );

  load_walker walker (
    .clk(clk), .rst(rst), .start(start), .command({queue_deq_5, queue_deq_4, queue_deq_3, queue_deq_2, queue_deq_1}),
    .run_valid(walker_run_valid), .run_ready(run), .address(walker_address), .beats_m1(walker_beats_m1),
    .skip(walker_skip), .elements_m1(walker_elements_m1), .word(walker_word), .last(walker_last), .active(walker_active)
  );

  burst_6 burst (
    .clk(clk), .rst(rst), .run_valid(burst_run_valid), .run_ready(burst_run_ready), .run_address(burst_run_address),
    .run_beats_m1(burst_run_beats_m1), .allow(1'b1), .request_valid(request_valid), .request_ready(request_ready),
    .request_address(request_address), .request_beats_m1(request_beats_m1)
  );

  fifo #(.BITS(50), .DEPTH(8)) runs (
    .clk(clk), .rst(rst),
    .enq_payload({walker_last, is_slot, runs_enq_3, walker_word, walker_elements_m1, runs_enq_0}), .enq_valid(run),
    .enq_ready(runs_enq_ready),
    .deq_payload({runs_deq_5, runs_deq_4, runs_deq_3, runs_deq_2, runs_deq_1, runs_deq_0}), .deq_valid(runs_deq_valid),
    .deq_ready(unpack_run_ready), .level(unused[6:3])
  );

  load_unpack unpack (
    .clk(clk), .rst(rst), .run_valid(runs_deq_valid), .run_ready(unpack_run_ready), .skip(runs_deq_0),
    .elements_m1(runs_deq_1), .word(runs_deq_2), .post(runs_deq_3), .run_rlc(runs_deq_4), .run_last(runs_deq_5),
    .length_valid(unpack_length_valid), .length(unpack_length), .go(unpack_go), .read_valid(read_valid),
    .read_ready(read_ready), .read_data(read_data), .load_write(load_write), .load_line(load_line),
    .load_word(load_word), .posted(loaded_post), .idle(unpack_idle), .decoded(decoded), .failed(failed)
  );

  always @* begin
    if (!is_slot) begin
      burst_run_valid = run;
      burst_run_address = walker_address;
      burst_run_beats_m1 = {3'd0, walker_beats_m1};
      runs_enq_0 = walker_skip;
    end else begin
      burst_run_valid = ask | start;
      runs_enq_0 = 2'd0;
      if (!asked) begin
        burst_run_address = queue_deq_1;
        burst_run_beats_m1 = 36'd0;
      end else begin
        burst_run_address = queue_deq_1 + 64'd16;
        burst_run_beats_m1 = {{3{burst_run_beats_m1_difference[35]}}, burst_run_beats_m1_difference[35:3]};
      end
    end
  end

  assign idle = !queue_deq_valid && unpack_idle;

  always @(posedge clk) begin
    if (rst) begin
      asked <= 1'b0;
    end else begin
      if (start) asked <= 1'b0;
      else if (ask) asked <= 1'b1;
    end
  end
endmodule
