// The queue, of a depth that is a power of two and of one that is not: nothing is lost, made up, changed or out of order; valid does not
// wait for ready, nor the other way round.
// depth 6
module proof (
  input wire clk, rst,
  input wire [3:0] word, input wire put, take
);
  wire [3:0] out_4, out_5;
  wire ready_4, ready_5, valid_4, valid_5;

  fifo #(.BITS(4), .DEPTH(4)) of_4 (
    .clk(clk), .rst(rst), .enq_payload(word), .enq_valid(put), .enq_ready(ready_4),
    .deq_payload(out_4), .deq_valid(valid_4), .deq_ready(take), .level()
  );
  fifo #(.BITS(4), .DEPTH(5)) of_5 (
    .clk(clk), .rst(rst), .enq_payload(word), .enq_valid(put), .enq_ready(ready_5),
    .deq_payload(out_5), .deq_valid(valid_5), .deq_ready(take), .level()
  );

  (* hierconn *) wire [1:0] \of_4.head , \of_4.tail ;
  (* hierconn *) wire [2:0] \of_5.head , \of_5.tail , \of_4.count , \of_5.count ;
  (* hierconn *) wire [3:0] \of_4.store[0] , \of_4.store[1] , \of_4.store[2] , \of_4.store[3] ;
  (* hierconn *) wire [3:0] \of_5.store[0] , \of_5.store[1] , \of_5.store[2] , \of_5.store[3] , \of_5.store[4] ;

  tracker #(.BITS(4), .DEPTH(4)) tracker_4 (
    .clk(clk), .rst(rst), .enq_payload(word), .enq_valid(put), .enq_ready(ready_4),
    .deq_payload(out_4), .deq_valid(valid_4), .deq_ready(take),
    .count(\of_4.count ), .head(\of_4.head ), .tail(\of_4.tail ),
    .store({\of_4.store[3] , \of_4.store[2] , \of_4.store[1] , \of_4.store[0] })
  );
  tracker #(.BITS(4), .DEPTH(5)) tracker_5 (
    .clk(clk), .rst(rst), .enq_payload(word), .enq_valid(put), .enq_ready(ready_5),
    .deq_payload(out_5), .deq_valid(valid_5), .deq_ready(take),
    .count(\of_5.count ), .head(\of_5.head ), .tail(\of_5.tail ),
    .store({\of_5.store[4] , \of_5.store[3] , \of_5.store[2] , \of_5.store[1] , \of_5.store[0] })
  );

  // What is offered stays.
  reg started = 0;
  always @(posedge clk) begin
    started <= 1;
    if (!started) assume (rst);
    if (started && !rst && !$past(rst) && $past(valid_5 && !take)) assert (valid_5 && out_5 == $past(out_5));
    if (started && !rst && !$past(rst) && $past(valid_4 && !take)) assert (valid_4 && out_4 == $past(out_4));
  end
endmodule
