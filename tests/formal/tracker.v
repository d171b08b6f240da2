// Follows one entry, any one, through a queue of DEPTH places that keeps its entries at `store[head]` and on: it leaves unchanged and in its turn.
module tracker #(parameter BITS = 4, parameter DEPTH = 4) (
  input wire clk, rst,
  input wire [BITS-1:0] enq_payload, input wire enq_valid, enq_ready,
  input wire [BITS-1:0] deq_payload, input wire deq_valid, deq_ready,
  // Inside of the queue, without which no induction holds.
  input wire [$clog2(DEPTH+1)-1:0] count,
  input wire [$clog2(DEPTH)-1:0] head, tail,
  input wire [BITS*DEPTH-1:0] store
);
  (* anyseq *) wire pick;
  reg tracked = 0;
  reg [BITS-1:0] entry;
  // Entries in front of it.
  reg [$clog2(DEPTH+1)-1:0] ahead;

  wire put = enq_valid && enq_ready;
  wire take = deq_valid && deq_ready;
  wire [$clog2(DEPTH+1):0] sum = head + ahead;
  wire [$clog2(DEPTH+1):0] behind = head + count;
  wire [$clog2(DEPTH+1):0] place = sum >= DEPTH ? sum - DEPTH : sum;

  always @(posedge clk) begin
    if (rst) tracked <= 0;
    else begin
      if (!tracked && put && pick) begin
        tracked <= 1;
        entry <= enq_payload;
        ahead <= count - take;
      end else if (tracked && take) begin
        if (ahead == 0) begin
          tracked <= 0;
          assert (deq_payload == entry);
        end else
          ahead <= ahead - 1;
      end
      assert (count <= DEPTH && head < DEPTH && tail < DEPTH);
      assert (behind == tail || behind == tail + DEPTH);
      assert (enq_ready == (count != DEPTH) && deq_valid == (count != 0));
      assert (!tracked || (ahead < count && store[BITS*place +: BITS] == entry));
    end
  end
endmodule
