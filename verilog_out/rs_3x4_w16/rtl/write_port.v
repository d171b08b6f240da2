// AXI4 write master; a burst begins when all its data is here.
module write_port (
  input wire clk, rst, halt, beat_valid,
  output wire beat_ready,
  input wire [63:0] beat_data,
  input wire [7:0] beat_strobe,
  input wire burst_valid,
  output wire burst_ready,
  input wire [63:0] burst_address,
  input wire [3:0] burst_beats_m1,
  output wire [63:0] m_axi_awaddr,
  output wire [7:0] m_axi_awlen,
  output wire m_axi_awvalid,
  input wire m_axi_awready,
  output wire [63:0] m_axi_wdata,
  output wire [7:0] m_axi_wstrb,
  output wire m_axi_wlast, m_axi_wvalid,
  input wire m_axi_wready,
  input wire [1:0] m_axi_bresp,
  input wire m_axi_bvalid,
  output wire m_axi_bready, idle, drained, moved, beat, error
);
  wire [5:0] beats_level;
  wire bursts_deq_valid;
  wire [63:0] bursts_deq_0;
  wire [3:0] bursts_deq_1, bursts_level;
  reg [63:0] address;
  reg [3:0] beats_m1, sent, open;
  reg asking, sending, beat_seen, move_seen, bad_seen, room;
  wire [2:0] unused;
  wire take = sending & m_axi_wready;
  wire answer = m_axi_bvalid & m_axi_bready;
  wire start = bursts_deq_valid && (!asking || m_axi_awready) && (!sending || (take && m_axi_wlast)) && open != 4'd15 &&
      !halt;

  fifo #(.BITS(72), .DEPTH(32)) beats (
    .clk(clk), .rst(rst),
    .enq_payload({beat_strobe, beat_data}), .enq_valid(beat_valid), .enq_ready(unused[0]),
    .deq_payload({m_axi_wstrb, m_axi_wdata}), .deq_valid(unused[1]), .deq_ready(take), .level(beats_level)
  );

  fifo #(.BITS(68), .DEPTH(8)) bursts (
    .clk(clk), .rst(rst),
    .enq_payload({burst_beats_m1, burst_address}), .enq_valid(burst_valid), .enq_ready(unused[2]),
    .deq_payload({bursts_deq_1, bursts_deq_0}), .deq_valid(bursts_deq_valid), .deq_ready(start), .level(bursts_level)
  );

  assign beat_ready = room, burst_ready = room, m_axi_awaddr = address;
  assign m_axi_awlen = {4'd0, beats_m1};
  assign m_axi_awvalid = asking, m_axi_wvalid = sending;
  assign m_axi_wlast = sent == beats_m1;
  assign m_axi_bready = open != 4'd0;
  assign beat = beat_seen, moved = move_seen, error = bad_seen;
  assign drained = open == 4'd0;
  assign idle = !bursts_deq_valid && open == 4'd0;

  always @(posedge clk) begin
    if (rst) begin
      address <= 64'd0; beats_m1 <= 4'd0; asking <= 1'b0; sending <= 1'b0; sent <= 4'd0; open <= 4'd0;
      beat_seen <= 1'b0; move_seen <= 1'b0; bad_seen <= 1'b0; room <= 1'b0;
    end else begin
      if (start) begin
        address <= bursts_deq_0; beats_m1 <= bursts_deq_1; asking <= 1'b1; sending <= 1'b1; sent <= 4'd0;
      end else begin
        if (m_axi_awready) asking <= 1'b0;
        if (take) begin
          sent <= sent + 4'd1;
          sending <= !m_axi_wlast;
        end
      end
      room <= beats_level < 6'd31 && bursts_level < 4'd7;
      open <= open + {3'd0, start} - {3'd0, answer};
      beat_seen <= take;
      move_seen <= take | answer | (asking & m_axi_awready);
      bad_seen <= answer && m_axi_bresp != 2'd0;
    end
  end
endmodule
