// The queue between two clocks, at any frequencies and phases of them: nothing is lost, made up, changed or out of order, the queue never overflows,
// and what is offered stays. From the state that both resets leave; the clocks' levels are free inputs of each step.
// A pointer on its way through a synchroniser is one that it was: as its Gray code changes in one bit, what a flip-flop that samples a change ends
// at is the pointer before or after it.
// depth 2
// slow
// gen --rows 1 --cols 1 --width 8 --glb-kb 2 --link-clock async
module proof (
  input wire enq_clk, deq_clk,
  input wire [1:0] word, input wire put, take
);
  // A place in the queue that is watched.
  (* anyconst *) wire [4:0] watched;
  wire ready, valid;
  wire [1:0] out;

  async_fifo_3 dut (
    .enq_clk(enq_clk), .enq_rst(1'b0), .enq_valid(put), .enq_ready(ready), .enq_0(word),
    .deq_clk(deq_clk), .deq_rst(1'b0), .deq_valid(valid), .deq_ready(take), .deq_0(out)
  );
  (* hierconn *) wire [4:0] \dut.write , \dut.write_gray , \dut.read , \dut.read_gray ;
  (* hierconn *) wire [4:0] \dut.read_seen.sample , \dut.read_seen.settled , \dut.write_seen.sample , \dut.write_seen.settled ;
  (* hierconn *) wire [1:0] \dut.store_0[0] , \dut.store_0[1] , \dut.store_0[2] , \dut.store_0[3] ;
  (* hierconn *) wire [1:0] \dut.store_0[4] , \dut.store_0[5] , \dut.store_0[6] , \dut.store_0[7] ;
  (* hierconn *) wire [1:0] \dut.store_0[8] , \dut.store_0[9] , \dut.store_0[10] , \dut.store_0[11] ;
  (* hierconn *) wire [1:0] \dut.store_0[12] , \dut.store_0[13] , \dut.store_0[14] , \dut.store_0[15] ;
  (* hierconn *) wire \dut.load ;
  wire [31:0] store = {
    \dut.store_0[15] , \dut.store_0[14] , \dut.store_0[13] , \dut.store_0[12] ,
    \dut.store_0[11] , \dut.store_0[10] , \dut.store_0[9] , \dut.store_0[8] ,
    \dut.store_0[7] , \dut.store_0[6] , \dut.store_0[5] , \dut.store_0[4] ,
    \dut.store_0[3] , \dut.store_0[2] , \dut.store_0[1] , \dut.store_0[0]
  };

  function [4:0] number(input [4:0] gray);
    number = gray ^ (gray >> 1) ^ (gray >> 2) ^ (gray >> 3) ^ (gray >> 4);
  endfunction

  // How far each pointer is ahead of the oldest one that anybody still goes by.
  wire [4:0] oldest = number(\dut.read_seen.settled );
  wire [4:0] read_sample = number(\dut.read_seen.sample ) - oldest;
  wire [4:0] read = \dut.read - oldest;
  wire [4:0] write_settled = number(\dut.write_seen.settled ) - oldest;
  wire [4:0] write_sample = number(\dut.write_seen.sample ) - oldest;
  wire [4:0] write = \dut.write - oldest;

  // What went into the watched place, and whether it is what is offered.
  reg [1:0] watched_word;
  reg offered = 0;
  always @(posedge enq_clk) if (put && ready && \dut.write == watched) watched_word <= word;
  always @(posedge deq_clk) if (\dut.load ) offered <= \dut.read == watched;

  always @* begin
    if ($initstate) begin
      assume (\dut.write == 0 && \dut.write_gray == 0 && \dut.read == 0 && \dut.read_gray == 0 && !ready && !valid && !offered);
      assume (\dut.read_seen.sample == 0 && \dut.read_seen.settled == 0);
      assume (\dut.write_seen.sample == 0 && \dut.write_seen.settled == 0);
    end
    assert (number(\dut.write_gray ) == \dut.write && number(\dut.read_gray ) == \dut.read );
    assert (read_sample <= read && read <= write_settled && write_settled <= write_sample && write_sample <= write);
    assert (write <= 16 && (!ready || write < 16));
    if (watched - \dut.read < write - read) assert (store[2*watched[3:0] +: 2] == watched_word);
    if (valid && offered) assert (\dut.read == watched + 5'd1 && out == watched_word);
  end

  // What is offered stays.
  (* gclk *) reg step;
  reg last_clk = 1, last_valid = 0, last_take;
  reg [1:0] last_out;
  always @(posedge step) begin
    last_clk <= deq_clk;
    last_valid <= valid;
    last_take <= take;
    last_out <= out;
    if (last_valid && !last_take) assert (valid && out == last_out);
  end
endmodule
