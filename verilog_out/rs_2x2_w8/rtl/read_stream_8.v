// Words that a buffer port returns, with their tags, in a queue.
module read_stream_8 (
  input wire clk, rst, claim,
  output wire room,
  input wire put, fetch,
  input wire [2:0] tag,
  input wire mark,
  input wire [7:0] read_word,
  output wire returned, idle, out_valid,
  input wire out_ready,
  output wire [2:0] out_tag,
  output wire [7:0] out_word
);
  wire [10:0] words_deq_payload;
  reg [3:0] in_flight;
  reg [5:0] request_1, request_2;
  reg marked;
  wire [4:0] unused;
  wire [7:0] word = request_2[1] ? read_word : 8'd0;
  wire [10:0] words_enq_payload = {request_2[5:3], word};

  fifo #(.BITS(11), .DEPTH(8)) words (
    .clk(clk), .rst(rst),
    .enq_payload(words_enq_payload), .enq_valid(request_2[0]), .enq_ready(unused[0]),
    .deq_payload(words_deq_payload), .deq_valid(out_valid), .deq_ready(out_ready), .level(unused[4:1])
  );

  assign returned = marked;
  assign out_tag = words_deq_payload[10:8];
  assign out_word = words_deq_payload[7:0];
  assign room = in_flight < 4'd8;
  assign idle = in_flight == 4'd0;

  always @(posedge clk) begin
    if (rst) begin
      in_flight <= 4'd0; request_1 <= 6'd0; request_2 <= 6'd0; marked <= 1'b0;
    end else begin
      request_1 <= {tag, put & mark, fetch, put};
      request_2 <= request_1;
      marked <= request_2[2];
      in_flight <= in_flight + {3'd0, claim} - ({3'd0, out_valid} & {3'd0, out_ready});
    end
  end
endmodule
