// The read master and its arbiter: one grant at a time, to a unit that asks, with its address; no unit waits for more than three others; addresses
// are offered until they are taken, unchanged; the beats of a burst go to the unit that asked for it, unchanged, in their turn, and to no other.
// depth 5
module proof (
  input wire clk, rst, halt, arready, rlast, rvalid,
  input wire [3:0] request_valid, read_ready,
  input wire [255:0] request_address, input wire [23:0] request_beats_m1,
  input wire [63:0] rdata, input wire [1:0] rresp
);
  wire [3:0] request_ready, read_valid, beat_of;
  wire [63:0] read_data, araddr;
  wire [7:0] arlen;
  wire arvalid, rready, drained, moved, beat, error;

  read_port port (
    .clk(clk), .rst(rst), .halt(halt), .request_valid(request_valid), .request_ready(request_ready),
    .request_address(request_address), .request_beats_m1(request_beats_m1), .read_valid(read_valid), .read_ready(read_ready),
    .read_data(read_data), .m_axi_araddr(araddr), .m_axi_arlen(arlen), .m_axi_arvalid(arvalid), .m_axi_arready(arready),
    .m_axi_rdata(rdata), .m_axi_rresp(rresp), .m_axi_rlast(rlast), .m_axi_rvalid(rvalid), .m_axi_rready(rready),
    .drained(drained), .moved(moved), .beat(beat), .beat_of(beat_of), .error(error)
  );
  (* hierconn *) wire [1:0] \port.turn ;
  (* hierconn *) wire \port.picked ;
  (* hierconn *) wire [3:0] \port.order.count ;
  (* hierconn *) wire [2:0] \port.order.head , \port.order.tail ;
  (* hierconn *) wire [1:0] \port.order.store[0] , \port.order.store[1] , \port.order.store[2] , \port.order.store[3] ;
  (* hierconn *) wire [1:0] \port.order.store[4] , \port.order.store[5] , \port.order.store[6] , \port.order.store[7] ;

  (* hierconn *) wire [1:0] \port.order_deq_payload ;
  (* hierconn *) wire [1:0] \port.beats.count ;
  (* hierconn *) wire \port.beats.head , \port.beats.tail ;
  (* hierconn *) wire [65:0] \port.beats.store[0] , \port.beats.store[1] ;

  wire granted = request_ready != 0;
  wire [1:0] unit = request_ready[1] ? 1 : request_ready[2] ? 2 : request_ready[3] ? 3 : 0;
  wire take = rvalid && rready;
  wire [1:0] reader = read_valid[1] ? 1 : read_valid[2] ? 2 : read_valid[3] ? 3 : 0;

  // The units in the order of their grants, of which the memory answers the first.
  tracker #(.BITS(2), .DEPTH(8)) order (
    .clk(clk), .rst(rst), .enq_payload(unit), .enq_valid(granted), .enq_ready(\port.order.count != 8),
    .deq_payload(\port.order_deq_payload ), .deq_valid(\port.order.count != 0), .deq_ready(take && rlast),
    .count(\port.order.count ), .head(\port.order.head ), .tail(\port.order.tail ),
    .store({
      \port.order.store[7] , \port.order.store[6] , \port.order.store[5] , \port.order.store[4] ,
      \port.order.store[3] , \port.order.store[2] , \port.order.store[1] , \port.order.store[0]
    })
  );

  // Beats with whose they are.
  tracker #(.BITS(66), .DEPTH(2)) beats (
    .clk(clk), .rst(rst), .enq_payload({\port.order_deq_payload , rdata}), .enq_valid(take), .enq_ready(\port.beats.count != 2),
    .deq_payload({reader, read_data}), .deq_valid(read_valid != 0), .deq_ready((read_valid & read_ready) != 0),
    .count(\port.beats.count ), .head(\port.beats.head ), .tail(\port.beats.tail ),
    .store({\port.beats.store[1] , \port.beats.store[0] })
  );

  // Grants that a unit, any one, has seen go to others while it asked.
  (* anyconst *) wire [1:0] waiting;
  reg [2:0] passed = 0;
  // Units between the last turn, or the one that is now, and its own.
  wire [1:0] between = waiting - \port.turn - 2'd1;
  reg started = 0;
  always @(posedge clk) begin
    started <= 1;
    if (!started) assume (rst);
    // A unit asks until it is granted, for the same. Nothing is read that was not asked for. No error halts the port: an error is a reset's to end.
    assume (!halt);
    assume (!rvalid || \port.order.count != 0);
    if (started && !$past(rst)) begin
      assume ((request_valid & $past(request_valid & ~request_ready)) == $past(request_valid & ~request_ready));
      if ($past(request_valid[waiting] && !request_ready[waiting])) begin
        assume (request_address[64*waiting +: 64] == $past(request_address[64*waiting +: 64]));
        assume (request_beats_m1[6*waiting +: 6] == $past(request_beats_m1[6*waiting +: 6]));
      end
    end
    if (rst || request_ready[waiting] || !request_valid[waiting]) passed <= 0;
    else if (granted) passed <= passed + 1;

    if (started && !rst) begin
      assert ((request_ready & (request_ready - 4'd1)) == 0 && (request_ready & ~request_valid) == 0);
      assert (!\port.picked || request_valid[\port.turn ]);
      assert ((read_valid & (read_valid - 4'd1)) == 0);
      assert (rready == (\port.beats.count != 2 && \port.order.count != 0));
      // Its turn comes: each turn is nearer to it than the one before.
      assert (passed <= 3);
      assert (passed + \port.picked + between <= 3 || (\port.picked && \port.turn == waiting));
      if (!$past(rst) && $past(granted)) assert (arvalid && araddr == $past(request_address[64*unit +: 64]) && arlen == $past(request_beats_m1[6*unit +: 6]));
      if (!$past(rst) && $past(arvalid && !arready)) assert (arvalid && $stable(araddr) && $stable(arlen));
    end
  end
endmodule
