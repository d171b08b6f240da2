// Words that a memory returns two cycles after they were asked for: the queue behind it has room for each, whenever its reader takes one.
// depth 6
module proof (
  input wire clk, rst, claim, put, fetch, mark, out_ready,
  input wire [2:0] tag, input wire [7:0] read_word
);
  wire room, returned, idle, out_valid;
  wire [2:0] out_tag;
  wire [7:0] out_word;

  read_stream_8 stream (
    .clk(clk), .rst(rst), .claim(claim), .room(room), .put(put), .fetch(fetch), .tag(tag), .mark(mark), .read_word(read_word),
    .returned(returned), .idle(idle), .out_valid(out_valid), .out_ready(out_ready), .out_tag(out_tag), .out_word(out_word)
  );
  (* hierconn *) wire [3:0] \stream.in_flight , \stream.words.count ;
  (* hierconn *) wire [2:0] \stream.words.head , \stream.words.tail ;
  (* hierconn *) wire [5:0] \stream.request_1 , \stream.request_2 ;

  // Places that were claimed and not used yet.
  reg [3:0] claimed = 0;
  reg started = 0;
  always @(posedge clk) begin
    started <= 1;
    if (!started) assume (rst);
    // Only where there is room is a place claimed, and only with a place is a word asked for.
    assume (!claim || room);
    assume (!put || claimed != 0 || claim);
    claimed <= rst ? 0 : claimed + claim - put;
    if (started && !rst) begin
      assert (\stream.in_flight == 6'd0 + claimed + \stream.request_1 [0] + \stream.request_2 [0] + \stream.words.count );
      assert (\stream.in_flight <= 8);
      assert (\stream.words.tail == (\stream.words.head + \stream.words.count ) % 8);
      assert (!\stream.request_2 [0] || \stream.words.count < 8);
      assert (idle == (\stream.in_flight == 0));
      if (!$past(rst) && $past(out_valid && !out_ready)) assert (out_valid && $stable(out_tag) && $stable(out_word));
    end
  end
endmodule
