// Sends staged filter lines to the array with their tags.
module filter_walker (
  input wire clk, rst,
  input wire [7:0] filter_words,
  input wire [5:0] filter_lines_m1,
  input wire [1:0] filter_x_m1, filter_y_m1,
  input wire restart, in_valid,
  output wire in_ready,
  input wire [63:0] in_word,
  output wire filter_valid,
  input wire filter_ready,
  output wire [1:0] filter_y, filter_x, filter_count_m1,
  output wire [63:0] filter_word
);
  reg [5:0] line_count;
  reg [1:0] x_count, y_count, y, x, count_m1;
  reg valid;
  reg [15:0] words_0, words_1, words_2, words_3;
  wire room = !valid || filter_ready;
  wire take = in_valid & room;
  wire last_line = line_count == filter_lines_m1;
  wire unused_bits = &{1'b0, filter_words[7:2]};

  assign in_ready = room;
  assign filter_word[0*16 +: 16] = words_0;
  assign filter_word[1*16 +: 16] = words_1;
  assign filter_word[2*16 +: 16] = words_2;
  assign filter_word[3*16 +: 16] = words_3;
  assign filter_valid = valid, filter_y = y, filter_x = x, filter_count_m1 = count_m1;

  always @(posedge clk) begin
    if (rst) begin
      line_count <= 6'd0; x_count <= 2'd0; y_count <= 2'd0; valid <= 1'b0; y <= 2'd0; x <= 2'd0; count_m1 <= 2'd0;
      words_0 <= 16'd0; words_1 <= 16'd0; words_2 <= 16'd0; words_3 <= 16'd0;
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
        line_count <= 6'd0; x_count <= 2'd0; y_count <= 2'd0; valid <= 1'b0;
      end
      if (take) begin
        y <= y_count; x <= x_count; count_m1 <= 2'd3;
        if (last_line) count_m1 <= filter_words[1:0] - 2'd1;
      end
      if (take) words_0 <= in_word[0*16 +: 16];
      if (take) words_1 <= in_word[1*16 +: 16];
      if (take) words_2 <= in_word[2*16 +: 16];
      if (take) words_3 <= in_word[3*16 +: 16];
    end
  end
endmodule
