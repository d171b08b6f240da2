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
  output wire [1:0] filter_y, filter_x, filter_first,
  output wire [63:0] filter_word
);
  reg [5:0] line_count;
  reg [1:0] x_count, y_count;
  wire [1:0] unused;
  wire take = in_valid & in_ready;
  wire last_line = line_count == filter_lines_m1;
  wire [1:0] tagged_enq_2 = last_line ? -filter_words[1:0] : 2'd0;
  wire unused_bits = &{1'b0, filter_words[7:2]};

  fifo #(.BITS(70), .DEPTH(2)) tagged_ (
    .clk(clk), .rst(rst | restart),
    .enq_payload({in_word, tagged_enq_2, x_count, y_count}), .enq_valid(in_valid), .enq_ready(in_ready),
    .deq_payload({filter_word, filter_first, filter_x, filter_y}), .deq_valid(filter_valid), .deq_ready(filter_ready),
    .level(unused)
  );

  always @(posedge clk) begin
    if (rst) begin
      line_count <= 6'd0; x_count <= 2'd0; y_count <= 2'd0;
    end else begin
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
        line_count <= 6'd0; x_count <= 2'd0; y_count <= 2'd0;
      end
    end
  end
endmodule
