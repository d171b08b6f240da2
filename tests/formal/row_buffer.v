// The two words between Y-bus and X-bus: in order, unchanged, none lost, and what is offered stays until it is taken.
// depth 6
module proof (
  input wire clk, rst, put, take,
  input wire [1:0] tag_in, input wire [8:0] word_in
);
  wire ready, valid;
  wire [1:0] tag;
  wire [8:0] word;

  row_buffer buffer (
    .clk(clk), .rst(rst), .y_bus_put(put), .y_bus_tag(tag_in), .y_bus_word(word_in), .y_bus_ready(ready),
    .valid(valid), .tag(tag), .word(word), .take(take)
  );
  (* hierconn *) wire \buffer.head_valid , \buffer.spare_valid ;
  (* hierconn *) wire [1:0] \buffer.head_tag , \buffer.spare_tag ;
  (* hierconn *) wire [8:0] \buffer.head_word , \buffer.spare_word ;

  reg started = 0;
  always @(posedge clk) begin
    started <= 1;
    if (!started) assume (rst);
    // The Y-bus puts only where there is room, and an X-bus takes only what is there.
    assume (!put || ready);
    assume (!take || valid);
    if (started && !rst && !$past(rst) && $past(valid && !take))
      assert (valid && tag == $past(tag) && word == $past(word));
    // A word is seen at the earliest one cycle after it was put.
    if (started && !rst && !$past(rst) && $past(put)) assert (valid);
  end

  // As a queue of two places, of which the head is the first.
  tracker #(.BITS(11), .DEPTH(2)) tracker (
    .clk(clk), .rst(rst), .enq_payload({tag_in, word_in}), .enq_valid(put), .enq_ready(ready),
    .deq_payload({tag, word}), .deq_valid(valid), .deq_ready(take),
    .count({\buffer.head_valid && \buffer.spare_valid , \buffer.head_valid && !\buffer.spare_valid }),
    .head(1'b0), .tail(\buffer.head_valid && !\buffer.spare_valid ),
    .store({\buffer.spare_tag , \buffer.spare_word , \buffer.head_tag , \buffer.head_word })
  );
  always @(posedge clk) if (!rst && started) assert (!\buffer.spare_valid || \buffer.head_valid );
endmodule
