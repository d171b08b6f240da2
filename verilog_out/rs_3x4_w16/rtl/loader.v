// LOAD: copies a tile of the ifmap from DRAM to the global buffer.
module loader (
  input wire clk,
  input wire rst,
  input wire command_valid,
  output wire command_ready,
  input wire [7:0] flags,
  input wire [63:0] command_0,
  input wire [63:0] command_1,
  input wire [63:0] command_2,
  input wire [63:0] command_3,
  input wire [63:0] command_4,
  input wire ifmap_free_post,
  output wire loaded_post,
  output wire request_valid,
  input wire request_ready,
  output wire [63:0] request_address,
  output wire [5:0] request_beats_m1,
  input wire read_valid,
  output wire read_ready,
  input wire [63:0] read_data,
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
  output wire idle
);
  wire waits;
  wire start;
  wire run;
  wire queue_deq_valid;
  wire queue_deq_ready;
  wire [7:0] queue_deq_0;
  wire [63:0] queue_deq_1;
  wire [63:0] queue_deq_2;
  wire [63:0] queue_deq_3;
  wire [63:0] queue_deq_4;
  wire [63:0] queue_deq_5;
  wire free_take;
  wire free_available;
  wire walker_run_valid;
  wire [63:0] walker_address;
  wire [32:0] walker_beats_m1;
  wire [1:0] walker_skip;
  wire [31:0] walker_elements_m1;
  wire [12:0] walker_word;
  wire walker_last;
  wire walker_active;
  wire burst_run_ready;
  wire runs_enq_ready;
  wire runs_enq_3;
  wire runs_deq_valid;
  wire [1:0] runs_deq_0;
  wire [31:0] runs_deq_1;
  wire [12:0] runs_deq_2;
  wire runs_deq_3;
  wire unpack_run_ready;
  wire unpack_idle;

  wide_fifo queue (
    .clk(clk),
    .rst(rst),
    .enq_valid(command_valid),
    .enq_ready(command_ready),
    .enq_0(flags),
    .enq_1(command_0),
    .enq_2(command_1),
    .enq_3(command_2),
    .enq_4(command_3),
    .enq_5(command_4),
    .deq_valid(queue_deq_valid),
    .deq_ready(queue_deq_ready),
    .deq_0(queue_deq_0),
    .deq_1(queue_deq_1),
    .deq_2(queue_deq_2),
    .deq_3(queue_deq_3),
    .deq_4(queue_deq_4),
    .deq_5(queue_deq_5)
  );

  counting_semaphore free (
    .clk(clk),
    .rst(rst),
    .post(ifmap_free_post),
    .take(free_take),
    .available(free_available)
  );

  load_walker walker (
    .clk(clk),
    .rst(rst),
    .start(start),
    .command_0(queue_deq_1),
    .command_1(queue_deq_2),
    .command_2(queue_deq_3),
    .command_3(queue_deq_4),
    .command_4(queue_deq_5),
    .run_valid(walker_run_valid),
    .run_ready(run),
    .address(walker_address),
    .beats_m1(walker_beats_m1),
    .skip(walker_skip),
    .elements_m1(walker_elements_m1),
    .word(walker_word),
    .last(walker_last),
    .active(walker_active)
  );

  burst_33 burst (
    .clk(clk),
    .rst(rst),
    .run_valid(run),
    .run_ready(burst_run_ready),
    .run_address(walker_address),
    .run_beats_m1(walker_beats_m1),
    .allow(1'b1),
    .request_valid(request_valid),
    .request_ready(request_ready),
    .request_address(request_address),
    .request_beats_m1(request_beats_m1)
  );

  wide_fifo_2 runs (
    .clk(clk),
    .rst(rst),
    .enq_valid(run),
    .enq_ready(runs_enq_ready),
    .enq_0(walker_skip),
    .enq_1(walker_elements_m1),
    .enq_2(walker_word),
    .enq_3(runs_enq_3),
    .deq_valid(runs_deq_valid),
    .deq_ready(unpack_run_ready),
    .deq_0(runs_deq_0),
    .deq_1(runs_deq_1),
    .deq_2(runs_deq_2),
    .deq_3(runs_deq_3)
  );

  load_unpack unpack (
    .clk(clk),
    .rst(rst),
    .run_valid(runs_deq_valid),
    .run_ready(unpack_run_ready),
    .skip(runs_deq_0),
    .elements_m1(runs_deq_1),
    .word(runs_deq_2),
    .post(runs_deq_3),
    .read_valid(read_valid),
    .read_ready(read_ready),
    .read_data(read_data),
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
    .posted(loaded_post),
    .idle(unpack_idle)
  );

  assign waits = (queue_deq_0 & 8'd1) != 8'd0;
  assign start = queue_deq_valid && !walker_active && (!waits || free_available);
  assign free_take = start & waits;
  assign run = walker_run_valid && burst_run_ready && runs_enq_ready;
  assign queue_deq_ready = run & walker_last;
  assign runs_enq_3 = walker_last && (queue_deq_0 & 8'd2) != 8'd0;
  assign idle = !queue_deq_valid && unpack_idle;
endmodule
