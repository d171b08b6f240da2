// The write master: addresses and data are offered until they are taken, unchanged; a burst has as many beats as its address said, the last one marked;
// no more bursts are open than it counts.
// depth 4
module proof (
  input wire clk, rst, halt, beat_valid,
  input wire [63:0] beat_data, input wire [7:0] beat_strobe,
  input wire burst_valid, input wire [63:0] burst_address, input wire [3:0] burst_beats_m1,
  input wire awready, wready, bvalid, input wire [1:0] bresp
);
  wire beat_ready, burst_ready, awvalid, wvalid, wlast, bready;
  wire [63:0] awaddr, wdata;
  wire [7:0] awlen, wstrb;

  write_port port (
    .clk(clk), .rst(rst), .halt(halt), .beat_valid(beat_valid), .beat_ready(beat_ready), .beat_data(beat_data), .beat_strobe(beat_strobe),
    .burst_valid(burst_valid), .burst_ready(burst_ready), .burst_address(burst_address), .burst_beats_m1(burst_beats_m1),
    .m_axi_awaddr(awaddr), .m_axi_awlen(awlen), .m_axi_awvalid(awvalid), .m_axi_awready(awready),
    .m_axi_wdata(wdata), .m_axi_wstrb(wstrb), .m_axi_wlast(wlast), .m_axi_wvalid(wvalid), .m_axi_wready(wready),
    .m_axi_bresp(bresp), .m_axi_bvalid(bvalid), .m_axi_bready(bready), .idle(), .drained(), .moved(), .beat(), .error()
  );
  (* hierconn *) wire [3:0] \port.sent , \port.beats_m1 , \port.open ;

  // Beats of the burst on the W channel that have moved; whether its address has; what that said.
  reg [3:0] beats = 0;
  reg address_went = 0;
  reg [7:0] length;
  // Bursts whose data has gone and whose answer has not come.
  reg [4:0] unanswered = 0;
  wire [7:0] length_now = address_went ? length : awlen;

  reg started = 0;
  always @(posedge clk) begin
    started <= 1;
    if (!started) assume (rst);
    // An answer comes only to a burst whose address and data have both moved.
    assume (!bvalid || unanswered != 0);
    if (rst) begin
      beats <= 0;
      address_went <= 0;
      unanswered <= 0;
    end else begin
      if (awvalid && awready) begin
        address_went <= 1;
        length <= awlen;
      end
      if (wvalid && wready) begin
        beats <= wlast ? 0 : beats + 1;
        assert (wlast == (beats == length_now));
      end
      // Both have moved: the burst is whole.
      if ((address_went || (awvalid && awready)) && (!wvalid || (wready && wlast)) && (address_went || awvalid)) address_went <= 0;
      unanswered <= unanswered + ((address_went || (awvalid && awready)) && (!wvalid || (wready && wlast))) - (bvalid && bready);
    end
    if (started && !rst) begin
      // Data never goes without an address that is offered or has gone.
      if (wvalid) assert (awvalid || address_went);
      assert (!(awvalid && address_went));
      if (wvalid) assert (beats == \port.sent && beats <= \port.beats_m1 );
      if (address_went) assert (length == \port.beats_m1 && wvalid);
      assert (\port.open == unanswered + (awvalid || address_went || wvalid));
      if (!wvalid) assert (beats == 0);
      if (!$past(rst) && $past(awvalid && !awready)) assert (awvalid && $stable(awaddr) && $stable(awlen));
      if (!$past(rst) && $past(wvalid && !wready)) assert (wvalid && $stable(wlast));
    end
  end
endmodule
