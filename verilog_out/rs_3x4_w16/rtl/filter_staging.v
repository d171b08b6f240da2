// Queue of filter lines in block memory, with the next line read ahead.
module filter_staging (
  input wire clk, rst, clear, in_valid,
  output wire in_ready,
  input wire [63:0] in_word,
  output wire out_valid,
  input wire out_ready,
  output wire [63:0] out_word
);
  reg [15:0] words_0_read_data, words_1_read_data, words_2_read_data, words_3_read_data;
  reg [7:0] count, head, tail;
  reg loaded;
  reg [15:0] words_0 [0:150], words_1 [0:150], words_2 [0:150], words_3 [0:150];
  wire put = in_valid && count < 8'd151;
  wire read = count != 8'd0 && (!loaded || out_ready);

  assign in_ready = count < 8'd151;
  assign out_valid = loaded;
  assign out_word[0*16 +: 16] = words_0_read_data;
  assign out_word[1*16 +: 16] = words_1_read_data;
  assign out_word[2*16 +: 16] = words_2_read_data;
  assign out_word[3*16 +: 16] = words_3_read_data;

  always @(posedge clk) begin
    if (put) words_0[tail] <= in_word[0*16 +: 16];
    if (read) words_0_read_data <= words_0[head];
    if (put) words_1[tail] <= in_word[1*16 +: 16];
    if (read) words_1_read_data <= words_1[head];
    if (put) words_2[tail] <= in_word[2*16 +: 16];
    if (read) words_2_read_data <= words_2[head];
    if (put) words_3[tail] <= in_word[3*16 +: 16];
    if (read) words_3_read_data <= words_3[head];
  end

  always @(posedge clk) begin
    if (rst) begin
      count <= 8'd0; head <= 8'd0; tail <= 8'd0; loaded <= 1'b0;
    end else begin
      if (put) begin
        tail <= tail + 8'd1;
        if (({1'b0, tail} + 9'd1) == 9'd151) tail <= 8'd0;
      end
      if (read) begin
        head <= head + 8'd1;
        if (({1'b0, head} + 9'd1) == 9'd151) head <= 8'd0;
      end
      count <= count + {7'd0, put} - {7'd0, read};
      if (read) loaded <= 1'b1;
      else if (out_ready) loaded <= 1'b0;
      if (clear) begin
        count <= 8'd0; head <= 8'd0; tail <= 8'd0; loaded <= 1'b0;
      end
    end
  end
endmodule
