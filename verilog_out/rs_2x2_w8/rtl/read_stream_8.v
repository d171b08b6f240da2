// Words that a buffer port returns, with their tags, in a queue.
module read_stream_8 (
  input wire clk,
  input wire rst,
  input wire claim,
  output wire room,
  input wire put,
  input wire fetch,
  input wire [2:0] tag,
  input wire mark,
  input wire [7:0] read_word,
  output wire returned,
  output wire idle,
  output wire out_valid,
  input wire out_ready,
  output wire [2:0] out_tag,
  output wire [7:0] out_word
);
  reg [7:0] word;
  wire [10:0] words_enq_payload;
  wire [10:0] words_deq_payload;
  wire words_deq_valid;
  reg [3:0] in_flight;
  reg [5:0] request_1;
  reg [5:0] request_2;
  reg marked;

  fifo_8x11 words (
    .clk(clk),
    .rst(rst),
    .enq_payload(words_enq_payload),
    .enq_valid(request_2[0]),
    .enq_ready(),
    .deq_payload(words_deq_payload),
    .deq_valid(words_deq_valid),
    .deq_ready(out_ready),
    .level()
  );

  always @* begin
    word = 8'd0;
    if (request_2[1]) word = read_word;
  end

  assign words_enq_payload = {request_2[5:3], word};
  assign returned = marked;
  assign out_valid = words_deq_valid;
  assign out_tag = words_deq_payload[10:8];
  assign out_word = words_deq_payload[7:0];
  assign room = in_flight < 4'd8;
  assign idle = in_flight == 4'd0;

  always @(posedge clk) begin
    if (rst) begin
      in_flight <= 4'd0;
      request_1 <= 6'd0;
      request_2 <= 6'd0;
      marked <= 1'b0;
    end else begin
      request_1 <= {tag, put & mark, fetch, put};
      request_2 <= request_1;
      marked <= request_2[2];
      in_flight <= in_flight + {3'd0, claim} - ({3'd0, words_deq_valid} & {3'd0, out_ready});
    end
  end
endmodule
