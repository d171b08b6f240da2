// AXI4 read master shared by four units; bursts in turn, beats in the order of the requests.
module read_port (
  input wire clk,
  input wire rst,
  input wire halt,
  input wire request_valid_0,
  input wire request_valid_1,
  input wire request_valid_2,
  input wire request_valid_3,
  output wire request_ready_0,
  output wire request_ready_1,
  output wire request_ready_2,
  output wire request_ready_3,
  input wire [63:0] request_address_0,
  input wire [63:0] request_address_1,
  input wire [63:0] request_address_2,
  input wire [63:0] request_address_3,
  input wire [5:0] request_beats_m1_0,
  input wire [5:0] request_beats_m1_1,
  input wire [5:0] request_beats_m1_2,
  input wire [5:0] request_beats_m1_3,
  output wire read_valid_0,
  output wire read_valid_1,
  output wire read_valid_2,
  output wire read_valid_3,
  input wire read_ready_0,
  input wire read_ready_1,
  input wire read_ready_2,
  input wire read_ready_3,
  output wire [63:0] read_data,
  output wire [63:0] m_axi_araddr,
  output wire [7:0] m_axi_arlen,
  output wire m_axi_arvalid,
  input wire m_axi_arready,
  input wire [63:0] m_axi_rdata,
  input wire [1:0] m_axi_rresp,
  input wire m_axi_rlast,
  input wire m_axi_rvalid,
  output wire m_axi_rready,
  output wire drained,
  output wire moved,
  output wire beat,
  output wire command_beat,
  output wire error
);
  wire capture;
  wire take;
  reg ready;
  reg [1:0] turn;
  reg picked;
  reg [63:0] address;
  reg [5:0] beats_m1;
  reg asking;
  reg beat_seen;
  reg command_seen;
  reg ask_seen;
  reg bad_seen;
  wire order_enq_ready;
  wire [1:0] order_deq_payload;
  wire order_deq_valid;
  wire order_deq_ready;

  fifo_8x2 order (
    .clk(clk),
    .rst(rst),
    .enq_payload(turn),
    .enq_valid(capture),
    .enq_ready(order_enq_ready),
    .deq_payload(order_deq_payload),
    .deq_valid(order_deq_valid),
    .deq_ready(order_deq_ready),
    .level()
  );

  assign capture = picked && !asking && order_enq_ready && !halt;
  assign request_ready_0 = capture && turn == 2'd0;
  assign request_ready_1 = capture && turn == 2'd1;
  assign request_ready_2 = capture && turn == 2'd2;
  assign request_ready_3 = capture && turn == 2'd3;
  assign m_axi_araddr = address;
  assign m_axi_arlen = {2'd0, beats_m1};
  assign m_axi_arvalid = asking;
  assign read_data = m_axi_rdata;

  always @* begin
    ready = halt;
    if (order_deq_payload == 2'd0 && read_ready_0) ready = 1'b1;
    if (order_deq_payload == 2'd1 && read_ready_1) ready = 1'b1;
    if (order_deq_payload == 2'd2 && read_ready_2) ready = 1'b1;
    if (order_deq_payload == 2'd3 && read_ready_3) ready = 1'b1;
  end

  assign read_valid_0 = m_axi_rvalid && order_deq_valid && order_deq_payload == 2'd0 && !halt;
  assign read_valid_1 = m_axi_rvalid && order_deq_valid && order_deq_payload == 2'd1 && !halt;
  assign read_valid_2 = m_axi_rvalid && order_deq_valid && order_deq_payload == 2'd2 && !halt;
  assign read_valid_3 = m_axi_rvalid && order_deq_valid && order_deq_payload == 2'd3 && !halt;
  assign m_axi_rready = ready && order_deq_valid;
  assign take = m_axi_rvalid && m_axi_rready;
  assign order_deq_ready = take && m_axi_rlast;
  assign beat = beat_seen;
  assign command_beat = command_seen;
  assign error = bad_seen;
  assign moved = beat_seen | ask_seen;
  assign drained = !asking && !order_deq_valid;

  always @(posedge clk) begin
    if (rst) begin
      turn <= 2'd0;
      picked <= 1'b0;
      address <= 64'd0;
      beats_m1 <= 6'd0;
      asking <= 1'b0;
      beat_seen <= 1'b0;
      command_seen <= 1'b0;
      ask_seen <= 1'b0;
      bad_seen <= 1'b0;
    end else begin
      if (capture) begin
        picked <= 1'b0;
        if (turn == 2'd0) begin
          address <= request_address_0;
          beats_m1 <= request_beats_m1_0;
        end
        if (turn == 2'd1) begin
          address <= request_address_1;
          beats_m1 <= request_beats_m1_1;
        end
        if (turn == 2'd2) begin
          address <= request_address_2;
          beats_m1 <= request_beats_m1_2;
        end
        if (turn == 2'd3) begin
          address <= request_address_3;
          beats_m1 <= request_beats_m1_3;
        end
      end else if (!picked) begin
        if (request_valid_3) begin
          picked <= 1'b1;
          turn <= 2'd3;
        end
        if (request_valid_2) begin
          picked <= 1'b1;
          turn <= 2'd2;
        end
        if (request_valid_1) begin
          picked <= 1'b1;
          turn <= 2'd1;
        end
        if (request_valid_0) begin
          picked <= 1'b1;
          turn <= 2'd0;
        end
        if (request_valid_3 && turn < 2'd3) turn <= 2'd3;
        if (request_valid_2 && turn < 2'd2) turn <= 2'd2;
        if (request_valid_1 && turn < 2'd1) turn <= 2'd1;
      end
      if (capture) asking <= 1'b1;
      else if (m_axi_arready) asking <= 1'b0;
      ask_seen <= asking && m_axi_arready;
      beat_seen <= take;
      command_seen <= take && order_deq_payload == 2'd0;
      bad_seen <= take && m_axi_rresp != 2'd0;
    end
  end
endmodule
