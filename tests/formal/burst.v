// Runs of beats as bursts: each within 4 KiB, as many beats in all as the run has, at adjacent addresses; an offered burst stays.
// depth 4
module proof (
  input wire clk, rst, run_valid, allow, request_ready,
  input wire [63:0] run_address, input wire [35:0] run_beats_m1
);
  wire run_ready, request_valid;
  wire [63:0] request_address;
  wire [5:0] request_beats_m1;

  burst_4 burst (
    .clk(clk), .rst(rst), .run_valid(run_valid), .run_ready(run_ready), .run_address(run_address), .run_beats_m1(run_beats_m1),
    .allow(allow), .request_valid(request_valid), .request_ready(request_ready), .request_address(request_address),
    .request_beats_m1(request_beats_m1)
  );
  (* hierconn *) wire \burst.active ;
  (* hierconn *) wire [60:0] \burst.beat ;
  (* hierconn *) wire [35:0] \burst.left_m1 ;

  // Beats of the run that are still to be asked for, and where they are.
  reg [36:0] due = 0;
  reg [60:0] at;
  wire [12:0] end_in_page = {1'b0, request_address[11:0]} + 8 * (request_beats_m1 + 13'd1);

  reg started = 0;
  always @(posedge clk) begin
    started <= 1;
    if (!started) assume (rst);
    if (rst) due <= 0;
    else if (run_valid && run_ready) begin
      due <= run_beats_m1 + 37'd1;
      at <= run_address[63:3];
    end else if (request_valid && request_ready) begin
      due <= due - request_beats_m1 - 1;
      at <= at + request_beats_m1 + 1;
    end
    if (started && !rst) begin
      assert (run_ready == (due == 0));
      assert (\burst.active == (due != 0));
      assert (due == 0 || (due == \burst.left_m1 + 37'd1 && at == \burst.beat ));
      if (request_valid) begin
        assert (end_in_page <= 4096);
        assert (request_address == {at, 3'd0} && request_beats_m1 < due);
      end
      if (!$past(rst) && $past(request_valid && !request_ready) && allow)
        assert (request_valid && $stable(request_address) && $stable(request_beats_m1));
    end
  end
endmodule
