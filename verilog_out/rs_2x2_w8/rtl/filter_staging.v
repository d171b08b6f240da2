// Queue of filter lines in block memory, with the next line read ahead.
module filter_staging (
  input wire clk, rst, clear, in_valid,
  output wire in_ready,
  input wire [31:0] in_word,
  output wire out_valid,
  input wire out_ready,
  output wire [31:0] out_word
);
  reg [7:0] words_0_read_data, words_1_read_data, words_2_read_data, words_3_read_data;
  reg [6:0] count, head, tail;
  reg loaded;
  reg [7:0] words_0 [0:74], words_1 [0:74], words_2 [0:74], words_3 [0:74];
  wire put = in_valid && count < 7'd75;
  wire read = count != 7'd0 && (!loaded || out_ready);

  assign in_ready = count < 7'd75;
  assign out_valid = loaded;
  assign out_word[0*8 +: 8] = words_0_read_data;
  assign out_word[1*8 +: 8] = words_1_read_data;
  assign out_word[2*8 +: 8] = words_2_read_data;
  assign out_word[3*8 +: 8] = words_3_read_data;

  always @(posedge clk) begin
    if (put) words_0[tail] <= in_word[0*8 +: 8];
    if (read) words_0_read_data <= words_0[head];
    if (put) words_1[tail] <= in_word[1*8 +: 8];
    if (read) words_1_read_data <= words_1[head];
    if (put) words_2[tail] <= in_word[2*8 +: 8];
    if (read) words_2_read_data <= words_2[head];
    if (put) words_3[tail] <= in_word[3*8 +: 8];
    if (read) words_3_read_data <= words_3[head];
  end

  always @(posedge clk) begin
    if (rst) begin
      count <= 7'd0; head <= 7'd0; tail <= 7'd0; loaded <= 1'b0;
    end else begin
      if (put) begin
        tail <= tail + 7'd1;
        if (({1'b0, tail} + 8'd1) == 8'd75) tail <= 7'd0;
      end
      if (read) begin
        head <= head + 7'd1;
        if (({1'b0, head} + 8'd1) == 8'd75) head <= 7'd0;
      end
      count <= count + {6'd0, put} - {6'd0, read};
      if (read) loaded <= 1'b1;
      else if (out_ready) loaded <= 1'b0;
      if (clear) begin
        count <= 7'd0; head <= 7'd0; tail <= 7'd0; loaded <= 1'b0;
      end
    end
  end
endmodule
