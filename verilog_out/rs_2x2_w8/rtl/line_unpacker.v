// Turns lines of up to four words into words, one a cycle.
module line_unpacker (
  input wire clk, rst,
  input wire [31:0] line_payload, input wire line_valid, output wire line_ready,
  input wire [1:0] first,
  output reg [7:0] word_payload, output wire word_valid, input wire word_ready,
  input wire room_next
);
  reg [1:0] at_next;
  reg [31:0] held;
  reg [1:0] at;
  reg shut;

  always @* begin
    at_next = at;
    if (word_valid && word_ready) at_next = at + 2'd1;
    if (line_valid && !shut) at_next = first;
  end

  assign word_valid = shut || at == 2'd3;

  always @* begin
    word_payload = held[7:0];
    if (at == 2'd1) word_payload = held[15:8];
    if (at == 2'd2) word_payload = held[23:16];
    if (at == 2'd3) word_payload = held[31:24];
  end

  assign line_ready = !shut;

  always @(posedge clk) begin
    if (rst) begin
      at <= 2'd0; shut <= 1'b0;
    end else begin
      at <= at_next;
      shut <= (shut || line_valid) && (at_next != 2'd3 || !room_next);
    end
  end

  always @(posedge clk) begin
    if (line_valid && !shut) held <= line_payload;
  end
endmodule
