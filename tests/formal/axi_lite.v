// The host's port: an answer for each access and none besides, offered until it is taken, unchanged; each access is made once.
// depth 5
module proof (
  input wire clk, rst,
  input wire [11:0] awaddr, araddr, input wire awvalid, wvalid, arvalid, bready, rready,
  input wire [31:0] wdata, read_data, input wire [3:0] wstrb, input wire write_error, read_error
);
  wire awready, wready, arready, bvalid, rvalid, write, read;
  wire [1:0] bresp, rresp;
  wire [31:0] rdata, write_data;
  wire [9:0] write_address, read_address;
  wire [3:0] write_strobe;

  axi_lite port (
    .clk(clk), .rst(rst), .s_axil_awaddr(awaddr), .s_axil_awvalid(awvalid), .s_axil_awready(awready),
    .s_axil_wdata(wdata), .s_axil_wstrb(wstrb), .s_axil_wvalid(wvalid), .s_axil_wready(wready),
    .s_axil_bresp(bresp), .s_axil_bvalid(bvalid), .s_axil_bready(bready),
    .s_axil_araddr(araddr), .s_axil_arvalid(arvalid), .s_axil_arready(arready),
    .s_axil_rdata(rdata), .s_axil_rresp(rresp), .s_axil_rvalid(rvalid), .s_axil_rready(rready),
    .write(write), .write_address(write_address), .write_data(write_data), .write_strobe(write_strobe), .write_error(write_error),
    .read(read), .read_address(read_address), .read_data(read_data), .read_error(read_error)
  );
  (* hierconn *) wire \port.aw_held , \port.w_held , \port.ar_held ;

  // Accesses that were taken and not answered yet.
  reg [1:0] addresses = 0, words = 0, reads = 0, writes_made = 0, reads_made = 0;
  wire answered = bvalid && bready, read_answered = rvalid && rready;
  reg started = 0;
  always @(posedge clk) begin
    started <= 1;
    if (!started) assume (rst);
    addresses <= rst ? 0 : addresses + (awvalid && awready) - answered;
    words <= rst ? 0 : words + (wvalid && wready) - answered;
    writes_made <= rst ? 0 : writes_made + write - answered;
    reads <= rst ? 0 : reads + (arvalid && arready) - read_answered;
    reads_made <= rst ? 0 : reads_made + read - read_answered;
    if (started && !rst) begin
      assert (addresses == \port.aw_held + bvalid && words == \port.w_held + bvalid && writes_made == bvalid);
      assert (reads == \port.ar_held + rvalid && reads_made == rvalid);
      assert (!write || (addresses != 0 && words != 0));
      if (!$past(rst) && $past(bvalid && !bready)) assert (bvalid && $stable(bresp));
      if (!$past(rst) && $past(rvalid && !rready)) assert (rvalid && $stable(rresp) && $stable(rdata));
      if (!$past(rst) && $past(write)) assert (bvalid && bresp == {$past(write_error), 1'b0});
      if (!$past(rst) && $past(read)) assert (rvalid && rdata == $past(read_data) && rresp == {$past(read_error), 1'b0});
    end
  end
endmodule
