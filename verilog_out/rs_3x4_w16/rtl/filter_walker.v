// Sends staged filter lines to the array with their tags.
module filter_walker (
  input wire clk,
  input wire rst,
  input wire [7:0] filter_words,
  input wire [5:0] filter_lines_m1,
  input wire [1:0] filter_x_m1,
  input wire [1:0] filter_y_m1,
  input wire restart,
  input wire in_valid,
  output wire in_ready,
  input wire [15:0] in_word_0,
  input wire [15:0] in_word_1,
  input wire [15:0] in_word_2,
  input wire [15:0] in_word_3,
  output wire filter_valid,
  input wire filter_ready,
  output wire [1:0] filter_y,
  output wire [1:0] filter_x,
  output wire [1:0] filter_count_m1,
  output wire [15:0] filter_word_0,
  output wire [15:0] filter_word_1,
  output wire [15:0] filter_word_2,
  output wire [15:0] filter_word_3
);
  wire room;
  wire take;
  wire last_line;
  reg [5:0] line_count;
  reg [1:0] x_count;
  reg [1:0] y_count;
  reg valid;
  reg [1:0] y;
  reg [1:0] x;
  reg [1:0] count_m1;
  reg [15:0] words_0;
  reg [15:0] words_1;
  reg [15:0] words_2;
  reg [15:0] words_3;

  assign room = !valid || filter_ready;
  assign in_ready = room;
  assign take = in_valid & room;
  assign last_line = line_count == filter_lines_m1;
  assign filter_word_0 = words_0;
  assign filter_word_1 = words_1;
  assign filter_word_2 = words_2;
  assign filter_word_3 = words_3;
  assign filter_valid = valid;
  assign filter_y = y;
  assign filter_x = x;
  assign filter_count_m1 = count_m1;

  always @(posedge clk) begin
    if (rst) begin
      line_count <= 6'd0;
      x_count <= 2'd0;
      y_count <= 2'd0;
      valid <= 1'b0;
      y <= 2'd0;
      x <= 2'd0;
      count_m1 <= 2'd0;
      words_0 <= 16'd0;
      words_1 <= 16'd0;
      words_2 <= 16'd0;
      words_3 <= 16'd0;
    end else begin
      if (room) valid <= in_valid;
      if (take) begin
        y_count <= y_count + 2'd1;
        if (y_count == filter_y_m1) begin
          y_count <= 2'd0;
          x_count <= x_count + 2'd1;
          if (x_count == filter_x_m1) begin
            x_count <= 2'd0;
            line_count <= line_count + 6'd1;
            if (last_line) line_count <= 6'd0;
          end
        end
      end
      if (restart) begin
        line_count <= 6'd0;
        x_count <= 2'd0;
        y_count <= 2'd0;
        valid <= 1'b0;
      end
      if (take) begin
        y <= y_count;
        x <= x_count;
        count_m1 <= 2'd3;
        if (last_line) count_m1 <= filter_words[1:0] - 2'd1;
      end
      if (take) words_0 <= in_word_0;
      if (take) words_1 <= in_word_1;
      if (take) words_2 <= in_word_2;
      if (take) words_3 <= in_word_3;
    end
  end
endmodule
