// AXI4 read master shared by four units; bursts in turn, beats in the order of the requests.
module read_port (
  input wire clk, rst, halt,
  input wire [3:0] request_valid,
  output wire [3:0] request_ready,
  input wire [255:0] request_address,
  input wire [23:0] request_beats_m1,
  output wire [3:0] read_valid,
  input wire [3:0] read_ready,
  output wire [63:0] read_data, m_axi_araddr,
  output wire [7:0] m_axi_arlen,
  output wire m_axi_arvalid,
  input wire m_axi_arready,
  input wire [63:0] m_axi_rdata,
  input wire [1:0] m_axi_rresp,
  input wire m_axi_rlast, m_axi_rvalid,
  output wire m_axi_rready, drained, moved, beat,
  output wire [3:0] beat_of,
  output wire error
);
  reg [1:0] turn;
  reg picked, asking, beat_seen, seen_0, seen_1, seen_2, seen_3, ask_seen, bad_seen;
  reg [63:0] address;
  reg [5:0] beats_m1;
  wire order_enq_ready, order_deq_valid;
  wire [1:0] order_deq_payload;
  wire beats_enq_ready, beats_deq_valid;
  wire [1:0] beats_deq_1;
  wire [5:0] unused;
  wire capture = picked && !asking && order_enq_ready && !halt;
  wire beats_deq_ready = halt || (beats_deq_1 == 2'd0 && read_ready[0]) || (beats_deq_1 == 2'd1 && read_ready[1]) ||
      (beats_deq_1 == 2'd2 && read_ready[2]) || (beats_deq_1 == 2'd3 && read_ready[3]);
  wire take = m_axi_rvalid && m_axi_rready;
  wire order_deq_ready = take && m_axi_rlast;

  fifo #(.BITS(2), .DEPTH(8)) order (
    .clk(clk), .rst(rst),
    .enq_payload(turn), .enq_valid(capture), .enq_ready(order_enq_ready),
    .deq_payload(order_deq_payload), .deq_valid(order_deq_valid), .deq_ready(order_deq_ready), .level(unused[3:0])
  );

  fifo #(.BITS(66), .DEPTH(2)) beats (
    .clk(clk), .rst(rst),
    .enq_payload({order_deq_payload, m_axi_rdata}), .enq_valid(take), .enq_ready(beats_enq_ready),
    .deq_payload({beats_deq_1, read_data}), .deq_valid(beats_deq_valid), .deq_ready(beats_deq_ready),
        .level(unused[5:4])
  );

  assign request_ready[0] = capture && turn == 2'd0;
  assign request_ready[1] = capture && turn == 2'd1;
  assign request_ready[2] = capture && turn == 2'd2;
  assign request_ready[3] = capture && turn == 2'd3;
  assign m_axi_araddr = address;
  assign m_axi_arlen = {2'd0, beats_m1};
  assign m_axi_arvalid = asking;
  assign read_valid[0] = beats_deq_valid && beats_deq_1 == 2'd0 && !halt;
  assign read_valid[1] = beats_deq_valid && beats_deq_1 == 2'd1 && !halt;
  assign read_valid[2] = beats_deq_valid && beats_deq_1 == 2'd2 && !halt;
  assign read_valid[3] = beats_deq_valid && beats_deq_1 == 2'd3 && !halt;
  assign m_axi_rready = beats_enq_ready & order_deq_valid;
  assign beat_of[0] = seen_0;
  assign beat_of[1] = seen_1;
  assign beat_of[2] = seen_2;
  assign beat_of[3] = seen_3;
  assign beat = beat_seen, error = bad_seen;
  assign moved = beat_seen | ask_seen;
  assign drained = !asking && !order_deq_valid;

  always @(posedge clk) begin
    if (rst) begin
      turn <= 2'd0; picked <= 1'b0; address <= 64'd0; beats_m1 <= 6'd0; asking <= 1'b0; beat_seen <= 1'b0;
      seen_0 <= 1'b0; seen_1 <= 1'b0; seen_2 <= 1'b0; seen_3 <= 1'b0; ask_seen <= 1'b0; bad_seen <= 1'b0;
    end else begin
      if (capture) begin
        picked <= 1'b0;
        if (turn == 2'd0) begin
          address <= request_address[0*64 +: 64];
          beats_m1 <= request_beats_m1[0*6 +: 6];
        end
        if (turn == 2'd1) begin
          address <= request_address[1*64 +: 64];
          beats_m1 <= request_beats_m1[1*6 +: 6];
        end
        if (turn == 2'd2) begin
          address <= request_address[2*64 +: 64];
          beats_m1 <= request_beats_m1[2*6 +: 6];
        end
        if (turn == 2'd3) begin
          address <= request_address[3*64 +: 64];
          beats_m1 <= request_beats_m1[3*6 +: 6];
        end
      end else if (!picked) begin
        if (request_valid[3]) begin
          picked <= 1'b1; turn <= 2'd3;
        end
        if (request_valid[2]) begin
          picked <= 1'b1; turn <= 2'd2;
        end
        if (request_valid[1]) begin
          picked <= 1'b1; turn <= 2'd1;
        end
        if (request_valid[0]) begin
          picked <= 1'b1; turn <= 2'd0;
        end
        if (request_valid[3] && turn < 2'd3) turn <= 2'd3;
        if (request_valid[2] && turn < 2'd2) turn <= 2'd2;
        if (request_valid[1] && turn < 2'd1) turn <= 2'd1;
      end
      if (capture) asking <= 1'b1;
      else if (m_axi_arready) asking <= 1'b0;
      ask_seen <= asking && m_axi_arready;
      beat_seen <= take;
      seen_0 <= take && order_deq_payload == 2'd0;
      seen_1 <= take && order_deq_payload == 2'd1;
      seen_2 <= take && order_deq_payload == 2'd2;
      seen_3 <= take && order_deq_payload == 2'd3;
      bad_seen <= take && m_axi_rresp != 2'd0;
    end
  end
endmodule
