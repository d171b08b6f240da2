// Queue of filter lines in block memory, with the next line read ahead.
module filter_staging (
  input wire clk,
  input wire rst,
  input wire clear,
  input wire in_valid,
  output wire in_ready,
  input wire [7:0] in_word_0,
  input wire [7:0] in_word_1,
  input wire [7:0] in_word_2,
  input wire [7:0] in_word_3,
  output wire out_valid,
  input wire out_ready,
  output wire [7:0] out_word_0,
  output wire [7:0] out_word_1,
  output wire [7:0] out_word_2,
  output wire [7:0] out_word_3
);
  wire put;
  wire read;
  reg [7:0] words_0_read_data;
  reg [7:0] words_1_read_data;
  reg [7:0] words_2_read_data;
  reg [7:0] words_3_read_data;
  reg [6:0] count;
  reg [6:0] head;
  reg [6:0] tail;
  reg loaded;
  reg [7:0] words_0 [0:74];
  reg [7:0] words_1 [0:74];
  reg [7:0] words_2 [0:74];
  reg [7:0] words_3 [0:74];

  assign in_ready = count < 7'd75;
  assign out_valid = loaded;
  assign put = in_valid && count < 7'd75;
  assign read = count != 7'd0 && (!loaded || out_ready);
  assign out_word_0 = words_0_read_data;
  assign out_word_1 = words_1_read_data;
  assign out_word_2 = words_2_read_data;
  assign out_word_3 = words_3_read_data;

  always @(posedge clk) begin
    if (put) words_0[tail] <= in_word_0;
    if (read) words_0_read_data <= words_0[head];
  end

  always @(posedge clk) begin
    if (put) words_1[tail] <= in_word_1;
    if (read) words_1_read_data <= words_1[head];
  end

  always @(posedge clk) begin
    if (put) words_2[tail] <= in_word_2;
    if (read) words_2_read_data <= words_2[head];
  end

  always @(posedge clk) begin
    if (put) words_3[tail] <= in_word_3;
    if (read) words_3_read_data <= words_3[head];
  end

  always @(posedge clk) begin
    if (rst) begin
      count <= 7'd0;
      head <= 7'd0;
      tail <= 7'd0;
      loaded <= 1'b0;
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
        count <= 7'd0;
        head <= 7'd0;
        tail <= 7'd0;
        loaded <= 1'b0;
      end
    end
  end
endmodule
