// Reads a program's commands ahead of their execution.
module command_fetch (
  input wire clk, rst, job_valid,
  output wire job_ready,
  input wire [63:0] job_address,
  input wire [31:0] job_blocks,
  output wire request_valid,
  input wire request_ready,
  output wire [63:0] request_address,
  output wire [5:0] request_beats_m1,
  input wire read_valid,
  output wire read_ready,
  input wire [63:0] read_data,
  output wire word_valid,
  input wire word_ready,
  output wire [63:0] word,
  output wire word_last, idle
);
  reg active, allow;
  reg [31:0] blocks;
  reg [2:0] place;
  reg [6:0] room;
  wire burst_run_ready;
  wire words_enq_ready;
  wire unused;
  wire start = job_valid && !active;
  wire take = word_valid && word_ready;
  wire [1:0] freed = (!start && take) ? 2'd1 : 2'd0;
  wire [35:0] burst_run_beats_m1 = {1'b0, job_blocks, 3'd0} - 36'd1;
  wire [6:0] asked = ({1'b0, request_beats_m1} + 7'd1) * 7'd1;

  burst_5 burst (
    .clk(clk), .rst(rst), .run_valid(start), .run_ready(burst_run_ready), .run_address(job_address),
    .run_beats_m1(burst_run_beats_m1), .allow(allow), .request_valid(request_valid), .request_ready(request_ready),
    .request_address(request_address), .request_beats_m1(request_beats_m1)
  );

  buffer_64x64 words (
    .clk(clk), .rst(rst),
    .enq_payload(read_data), .enq_valid(read_valid), .enq_ready(words_enq_ready),
    .deq_payload(word), .deq_valid(word_valid), .deq_ready(word_ready), .empty(unused)
  );

  assign job_ready = !active;
  assign idle = !active;
  assign read_ready = words_enq_ready;
  assign word_last = blocks == 32'd1;

  always @(posedge clk) begin
    if (rst) begin
      active <= 1'b0; blocks <= 32'd0; place <= 3'd0; room <= 7'd64; allow <= 1'b0;
    end else begin
      if (start) begin
        active <= 1'b1; blocks <= job_blocks;
      end else if (take) begin
        place <= place + 3'd1;
        if (place == 3'd7) begin
          blocks <= blocks - 32'd1;
          active <= !word_last;
        end
      end
      allow <= !burst_run_ready && !request_ready && room > {1'b0, request_beats_m1};
      room <= room + {5'd0, freed};
      if (request_valid && request_ready) room <= room + {5'd0, freed} - asked;
    end
  end
endmodule
