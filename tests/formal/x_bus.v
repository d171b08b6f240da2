// A multicast controller: a word moves only when all PEs of its ID are ready, to each of them once and at the same time, and to no other.
// depth 4
module proof (
  input wire clk, rst, put,
  input wire [1:0] tag_in, input wire [8:0] word_in,
  input wire [1:0] pe_ready
);
  // As the configuration chain has left them.
  (* anyconst *) wire [1:0] listens;
  (* anyconst *) wire [3:0] id;
  wire ready;
  wire [1:0] pe_put, tag, takers;
  wire [8:0] word;

  x_bus_2 bus (
    .clk(clk), .rst(rst), .y_bus_put(put), .y_bus_tag(tag_in), .y_bus_word(word_in), .y_bus_ready(ready),
    .listens(listens), .id(id), .pe_ready(pe_ready), .pe_put(pe_put), .tag(tag), .word(word), .takers(takers)
  );
  (* hierconn *) wire \bus.buffer_valid , \bus.buffer.spare_valid ;

  wire [1:0] targets = {listens[1] && id[3:2] == tag, listens[0] && id[1:0] == tag};
  wire moves = \bus.buffer_valid && (targets & ~pe_ready) == 0;

  reg started = 0;
  // Words that are inside.
  reg [1:0] inside = 0;
  always @(posedge clk) begin
    started <= 1;
    if (!started) assume (rst);
    assume (!put || ready);
    inside <= rst ? 0 : inside + put - moves;
    if (started && !rst) begin
      assert (pe_put == (moves ? targets : 2'b00));
      assert ((pe_put & ~pe_ready) == 0);
      assert (takers == pe_put[0] + pe_put[1]);
      // What waits, stays; what has moved, is gone.
      assert (inside == \bus.buffer_valid + \bus.buffer.spare_valid );
      assert (!\bus.buffer.spare_valid || \bus.buffer_valid );
      if (!$past(rst) && $past(\bus.buffer_valid && !moves)) assert (tag == $past(tag) && word == $past(word));
    end
  end
endmodule
