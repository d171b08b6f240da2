// Expands the codes of a compressed slot into up to four words a cycle.
module rlc_decoder (
  input wire clk, rst, read_valid,
  output wire read_ready,
  input wire [63:0] read_data,
  output wire length_valid,
  output wire [31:0] length,
  input wire go,
  output wire [6:0] rest,
  output reg [15:0] word_0, word_1, word_2, word_3,
  input wire take, cut,
  input wire [2:0] part,
  input wire finish,
  output wire decoded, failed
);
  reg has_low, second, known, open, bad;
  reg [31:0] left;
  reg [63:0] code;
  reg [6:0] until_0, until_1, until_2;
  wire queue_enq_ready, queue_deq_valid;
  wire [63:0] queue_deq_payload;
  wire [1:0] unused;
  wire [20:0] pair_0 = code[20:0];
  wire [20:0] pair_1 = code[41:21];
  wire [20:0] pair_2 = code[62:42];
  wire more = (until_0 > {4'd0, part} && pair_0 != 21'd0) || (until_1 > {4'd0, part} && pair_1 != 21'd0) ||
      (until_2 > {4'd0, part} && pair_2 != 21'd0);
  wire long_ = rest > 7'd4;
  wire ends = cut ? {4'd0, part} == rest : !long_;
  wire done = rest == 7'd0 || (take && ends);
  wire [4:0] run_0 = queue_deq_payload[4:0];
  wire [4:0] run_1 = queue_deq_payload[25:21];
  wire [4:0] run_2 = queue_deq_payload[46:42];
  wire [6:0] length_until_0 = {2'd0, run_0} + 7'd1;
  wire [6:0] length_until_1 = length_until_0 + {2'd0, run_1} + 7'd1;
  wire [6:0] length_until_2 = length_until_1 + {2'd0, run_2} + 7'd1;
  wire is_last = code[63];
  wire follows = left != 32'd0 || queue_deq_valid;
  wire wanted = !known || (open && left != 32'd0 && queue_enq_ready);
  wire taken = read_valid & wanted;
  wire beat_end = 1'b1;
  wire unused_bits = &{1'b0, has_low, second};

  fifo #(.BITS(64), .DEPTH(2)) queue (
    .clk(clk), .rst(rst),
    .enq_payload(read_data), .enq_valid(decoded), .enq_ready(queue_enq_ready),
    .deq_payload(queue_deq_payload), .deq_valid(queue_deq_valid), .deq_ready(done), .level(unused)
  );

  assign length = left;
  assign length_valid = known && !open;

  always @* begin
    word_0 = 16'd0;
    if (until_0 == 7'd1) word_0 = pair_0[20:5];
    if (until_1 == 7'd1) word_0 = pair_1[20:5];
    if (until_2 == 7'd1) word_0 = pair_2[20:5];
  end

  always @* begin
    word_1 = 16'd0;
    if (until_0 == 7'd2) word_1 = pair_0[20:5];
    if (until_1 == 7'd2) word_1 = pair_1[20:5];
    if (until_2 == 7'd2) word_1 = pair_2[20:5];
  end

  always @* begin
    word_2 = 16'd0;
    if (until_0 == 7'd3) word_2 = pair_0[20:5];
    if (until_1 == 7'd3) word_2 = pair_1[20:5];
    if (until_2 == 7'd3) word_2 = pair_2[20:5];
  end

  always @* begin
    word_3 = 16'd0;
    if (until_0 == 7'd4) word_3 = pair_0[20:5];
    if (until_1 == 7'd4) word_3 = pair_1[20:5];
    if (until_2 == 7'd4) word_3 = pair_2[20:5];
  end

  assign rest = until_2;
  assign read_ready = wanted & beat_end;
  assign decoded = taken & known;
  assign failed = bad;

  always @(posedge clk) begin
    if (rst) begin
      has_low <= 1'b0; second <= 1'b0; known <= 1'b0; open <= 1'b0; left <= 32'd0; code <= 64'd0; until_0 <= 7'd0;
      until_1 <= 7'd0; until_2 <= 7'd0; bad <= 1'b0;
    end else begin
      until_0 <= 7'd0;
      if (done) begin
        if (queue_deq_valid) until_0 <= length_until_0;
      end else if (!take) until_0 <= until_0;
      else if (cut) begin
        if (until_0 > {4'd0, part}) until_0 <= until_0 - {4'd0, part};
      end else if (until_0 > 7'd4) until_0 <= until_0 - 7'd4;
      until_1 <= 7'd0;
      if (done) begin
        if (queue_deq_valid) until_1 <= length_until_1;
      end else if (!take) until_1 <= until_1;
      else if (cut) begin
        if (until_1 > {4'd0, part}) until_1 <= until_1 - {4'd0, part};
      end else if (until_1 > 7'd4) until_1 <= until_1 - 7'd4;
      until_2 <= 7'd0;
      if (done) begin
        if (queue_deq_valid) until_2 <= length_until_2;
      end else if (!take) until_2 <= until_2;
      else if (cut) begin
        if (until_2 > {4'd0, part}) until_2 <= until_2 - {4'd0, part};
      end else if (until_2 > 7'd4) until_2 <= until_2 - 7'd4;
      bad <= rest != 7'd0 && done && !finish && (is_last || !follows);
      if (go) open <= 1'b1;
      if (taken) begin
        if (known) left <= left - 32'd1;
        else begin
          known <= read_data[31:0] != 32'd0;
          left <= read_data[31:0];
          bad <= read_data[31:0] == 32'd0;
        end
      end
      if (finish) begin
        known <= 1'b0; open <= 1'b0;
        bad <= !is_last || follows || more;
        until_0 <= 7'd0; until_1 <= 7'd0; until_2 <= 7'd0;
      end
      if (done && queue_deq_valid) code <= queue_deq_payload;
    end
  end
endmodule
