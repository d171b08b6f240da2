// Expands the codes of a compressed slot into up to four words a cycle.
module rlc_decoder (
  input wire clk, rst, read_valid,
  output wire read_ready,
  input wire [63:0] read_data,
  output wire length_valid,
  output wire [31:0] length,
  input wire go,
  output wire [7:0] rest,
  output reg [7:0] word_0, word_1, word_2, word_3,
  input wire take, cut,
  input wire [2:0] part,
  input wire finish,
  output wire decoded, failed
);
  reg has_low, second, known, open, bad;
  reg [31:0] left;
  reg [63:0] code;
  reg [7:0] until_0, until_1, until_2, until_3;
  wire queue_enq_ready, queue_deq_valid;
  wire [63:0] queue_deq_payload;
  wire [1:0] unused;
  wire [12:0] pair_0 = code[12:0];
  wire [12:0] pair_1 = code[25:13];
  wire [12:0] pair_2 = code[38:26];
  wire [12:0] pair_3 = code[51:39];
  wire more = (until_0 > {5'd0, part} && pair_0 != 13'd0) || (until_1 > {5'd0, part} && pair_1 != 13'd0) ||
      (until_2 > {5'd0, part} && pair_2 != 13'd0) || (until_3 > {5'd0, part} && pair_3 != 13'd0);
  wire long_ = rest > 8'd4;
  wire ends = cut ? {5'd0, part} == rest : !long_;
  wire done = rest == 8'd0 || (take && ends);
  wire [4:0] run_0 = queue_deq_payload[4:0];
  wire [4:0] run_1 = queue_deq_payload[17:13];
  wire [4:0] run_2 = queue_deq_payload[30:26];
  wire [4:0] run_3 = queue_deq_payload[43:39];
  wire [7:0] length_until_0 = {3'd0, run_0} + 8'd1;
  wire [7:0] length_until_1 = length_until_0 + {3'd0, run_1} + 8'd1;
  wire [7:0] length_until_2 = length_until_1 + {3'd0, run_2} + 8'd1;
  wire [7:0] length_until_3 = length_until_2 + {3'd0, run_3} + 8'd1;
  wire is_last = code[63];
  wire follows = left != 32'd0 || queue_deq_valid;
  wire wanted = !known || (open && left != 32'd0 && queue_enq_ready);
  wire taken = read_valid & wanted;
  wire beat_end = 1'b1;
  wire unused_bits = &{1'b0, has_low, second, code[62:52]};

  fifo #(.BITS(64), .DEPTH(2)) queue (
    .clk(clk), .rst(rst),
    .enq_payload(read_data), .enq_valid(decoded), .enq_ready(queue_enq_ready),
    .deq_payload(queue_deq_payload), .deq_valid(queue_deq_valid), .deq_ready(done), .level(unused)
  );

  assign length = left;
  assign length_valid = known && !open;

  always @* begin
    word_0 = 8'd0;
    if (until_0 == 8'd1) word_0 = pair_0[12:5];
    if (until_1 == 8'd1) word_0 = pair_1[12:5];
    if (until_2 == 8'd1) word_0 = pair_2[12:5];
    if (until_3 == 8'd1) word_0 = pair_3[12:5];
  end

  always @* begin
    word_1 = 8'd0;
    if (until_0 == 8'd2) word_1 = pair_0[12:5];
    if (until_1 == 8'd2) word_1 = pair_1[12:5];
    if (until_2 == 8'd2) word_1 = pair_2[12:5];
    if (until_3 == 8'd2) word_1 = pair_3[12:5];
  end

  always @* begin
    word_2 = 8'd0;
    if (until_0 == 8'd3) word_2 = pair_0[12:5];
    if (until_1 == 8'd3) word_2 = pair_1[12:5];
    if (until_2 == 8'd3) word_2 = pair_2[12:5];
    if (until_3 == 8'd3) word_2 = pair_3[12:5];
  end

  always @* begin
    word_3 = 8'd0;
    if (until_0 == 8'd4) word_3 = pair_0[12:5];
    if (until_1 == 8'd4) word_3 = pair_1[12:5];
    if (until_2 == 8'd4) word_3 = pair_2[12:5];
    if (until_3 == 8'd4) word_3 = pair_3[12:5];
  end

  assign rest = until_3;
  assign read_ready = wanted & beat_end;
  assign decoded = taken & known;
  assign failed = bad;

  always @(posedge clk) begin
    if (rst) begin
      has_low <= 1'b0; second <= 1'b0; known <= 1'b0; open <= 1'b0; left <= 32'd0; code <= 64'd0; until_0 <= 8'd0;
      until_1 <= 8'd0; until_2 <= 8'd0; until_3 <= 8'd0; bad <= 1'b0;
    end else begin
      until_0 <= 8'd0;
      if (done) begin
        if (queue_deq_valid) until_0 <= length_until_0;
      end else if (!take) until_0 <= until_0;
      else if (cut) begin
        if (until_0 > {5'd0, part}) until_0 <= until_0 - {5'd0, part};
      end else if (until_0 > 8'd4) until_0 <= until_0 - 8'd4;
      until_1 <= 8'd0;
      if (done) begin
        if (queue_deq_valid) until_1 <= length_until_1;
      end else if (!take) until_1 <= until_1;
      else if (cut) begin
        if (until_1 > {5'd0, part}) until_1 <= until_1 - {5'd0, part};
      end else if (until_1 > 8'd4) until_1 <= until_1 - 8'd4;
      until_2 <= 8'd0;
      if (done) begin
        if (queue_deq_valid) until_2 <= length_until_2;
      end else if (!take) until_2 <= until_2;
      else if (cut) begin
        if (until_2 > {5'd0, part}) until_2 <= until_2 - {5'd0, part};
      end else if (until_2 > 8'd4) until_2 <= until_2 - 8'd4;
      until_3 <= 8'd0;
      if (done) begin
        if (queue_deq_valid) until_3 <= length_until_3;
      end else if (!take) until_3 <= until_3;
      else if (cut) begin
        if (until_3 > {5'd0, part}) until_3 <= until_3 - {5'd0, part};
      end else if (until_3 > 8'd4) until_3 <= until_3 - 8'd4;
      bad <= rest != 8'd0 && done && !finish && (is_last || !follows);
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
        until_0 <= 8'd0; until_1 <= 8'd0; until_2 <= 8'd0; until_3 <= 8'd0;
      end
      if (done && queue_deq_valid) code <= queue_deq_payload;
    end
  end
endmodule
