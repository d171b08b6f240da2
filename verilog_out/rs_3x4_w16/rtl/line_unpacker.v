// Turns lines of up to four words into words, one a cycle.
module line_unpacker (
  input wire clk, rst,
  input wire [63:0] line_payload, input wire line_valid, output wire line_ready,
  input wire [2:0] line_words,
  output wire [15:0] word_payload, output wire word_valid, input wire word_ready
);
  reg [63:0] held;
  reg [2:0] left;

  assign word_valid = left != 3'd0;
  assign word_payload = held[15:0];
  assign line_ready = left == 3'd0 || (left == 3'd1 && word_ready);

  always @(posedge clk) begin
    if (rst) begin
      held <= 64'd0; left <= 3'd0;
    end else begin
      if (left != 3'd0 && word_ready) begin
        left <= left - 3'd1;
        held <= {16'd0, held[63:16]};
      end
      if (line_valid && line_ready) begin
        left <= line_words; held <= line_payload;
      end
    end
  end
endmodule
