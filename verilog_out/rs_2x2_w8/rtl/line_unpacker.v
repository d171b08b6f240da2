// Turns lines of up to four words into words, one a cycle.
module line_unpacker (
  input wire clk, rst,
  input wire [31:0] line_payload, input wire line_valid, output wire line_ready,
  input wire [2:0] line_words,
  output reg [7:0] word_payload, output wire word_valid, input wire word_ready
);
  reg [31:0] held;
  reg [1:0] at;
  reg [2:0] left;

  assign word_valid = left != 3'd0;

  always @* begin
    word_payload = held[7:0];
    if (at == 2'd1) word_payload = held[15:8];
    if (at == 2'd2) word_payload = held[23:16];
    if (at == 2'd3) word_payload = held[31:24];
  end

  assign line_ready = left == 3'd0 || (left == 3'd1 && word_ready);

  always @(posedge clk) begin
    if (rst) begin
      at <= 2'd0; left <= 3'd0;
    end else begin
      if (left != 3'd0 && word_ready) begin
        left <= left - 3'd1;
        at <= at + 2'd1;
      end
      if (line_valid && line_ready) begin
        left <= line_words; at <= 2'd0;
      end
    end
  end

  always @(posedge clk) begin
    if (line_valid && line_ready) held <= line_payload;
  end
endmodule
