// A row of PEs with its X-buses, its ends of the psum lanes and its part of the configuration chain.
module pe_row (
  input wire clk, rst, chain_shift,
  input wire [5:0] chain_in,
  output wire [5:0] chain_out,
  input wire [3:0] layer_taps_m1, layer_step, input wire [7:0] layer_filters_m1, input wire [11:0] layer_windows_m1,
  input wire [7:0] layer_images_m1, input wire [3:0] layer_psum_shift,
  input wire ifmap_put, input wire [1:0] ifmap_tag, input wire [8:0] ifmap_word, output wire ifmap_ready,
  output wire ifmap_id,
  input wire filter_put, input wire [2:0] filter_tag, input wire [31:0] filter_word, output wire filter_ready,
  output wire filter_id,
  input wire [1:0] psum_in_valid, psum_in_col, input wire [31:0] psum_in_word,
  output wire [1:0] psum_room,
  input wire [1:0] psum_out_select, psum_out_col, psum_out_take,
  output reg psum_out_0_valid, output reg [15:0] psum_out_0_word,
  output reg psum_out_1_valid, output reg [15:0] psum_out_1_word,
  input wire [31:0] below_payload, input wire [1:0] below_valid, output wire [1:0] below_ready,
  output wire [31:0] above_payload, output wire [1:0] above_valid, input wire [1:0] above_ready,
  output wire [1:0] events_0, events_1, events_2, output wire [3:0] events_3, output wire [1:0] events_4, events_5
);
  reg [5:0] row_word, pe_word_0, pe_word_1;
  reg [1:0] event_count_0, event_count_1, event_count_2, event_count_4, event_count_5;
  reg [3:0] event_count_3;
  wire [8:0] ifmap_bus_word;
  wire [1:0] ifmap_bus_takers, ifmap_bus_pe_put;
  wire [2:0] filter_bus_tag;
  wire [31:0] filter_bus_word;
  wire [1:0] filter_bus_takers, filter_bus_pe_put;
  wire pes_0_ifmap_ready, pes_0_filter_ready, pes_0_psum_out_valid, pes_0_mac, pes_0_gated, pes_0_fed;
  wire pes_1_ifmap_ready, pes_1_filter_ready, pes_1_psum_out_valid, pes_1_mac, pes_1_gated, pes_1_fed;
  wire [1:0] unused;
  wire from_lane_0 = pe_word_0[1];
  wire to_lane_0 = pe_word_0[2];
  wire [15:0] pes_0_psum_in_payload = from_lane_0 ? psum_in_word[0*16 +: 16] : below_payload[0*16 +: 16];
  wire pes_0_psum_in_valid = (from_lane_0 && psum_in_col[0] == 1'b0) ? psum_in_valid[0] : below_valid[0] &&
      !from_lane_0;
  wire pes_0_psum_out_ready = (to_lane_0 && psum_out_select[0] && psum_out_col[0] == 1'b0 && pes_0_psum_out_valid) ?
      psum_out_take[0] : above_ready[0] && !to_lane_0;
  wire from_lane_1 = pe_word_1[1];
  wire to_lane_1 = pe_word_1[2];
  wire [15:0] pes_1_psum_in_payload = from_lane_1 ? psum_in_word[1*16 +: 16] : below_payload[1*16 +: 16];
  wire pes_1_psum_in_valid = (from_lane_1 && psum_in_col[1] == 1'b0) ? psum_in_valid[1] : below_valid[1] &&
      !from_lane_1;
  wire pes_1_psum_out_ready = (to_lane_1 && psum_out_select[1] && psum_out_col[1] == 1'b0 && pes_1_psum_out_valid) ?
      psum_out_take[1] : above_ready[1] && !to_lane_1;
  wire [1:0] event_sum_0 = {1'b0, pes_0_mac} + {1'b0, pes_1_mac};
  wire [1:0] event_sum_1 = {1'b0, pes_0_gated} + {1'b0, pes_1_gated};
  wire [1:0] event_sum_4 = {1'b0, pes_0_fed} + {1'b0, pes_1_fed};
  wire [1:0] event_sum_5 = ({1'b0, pes_0_fed} & {1'b0, ~from_lane_0}) + ({1'b0, pes_1_fed} & {1'b0, ~from_lane_1});
  wire [3:0] event_sum_3 = {filter_bus_takers, 2'd0} - {2'd0, filter_bus_takers} * {2'd0, filter_bus_tag[2:1]};
  wire unused_bits = &{1'b0, filter_bus_tag[0]};

  x_bus_2 ifmap_bus (
    .clk(clk), .rst(rst),
    .y_bus_put(ifmap_put), .y_bus_tag(ifmap_tag), .y_bus_word(ifmap_word), .y_bus_ready(ifmap_ready),
    .listens({pe_word_1[0], pe_word_0[0]}), .id({pe_word_1[4:3], pe_word_0[4:3]}),
    .pe_ready({pes_1_ifmap_ready, pes_0_ifmap_ready}), .pe_put(ifmap_bus_pe_put), .tag(unused), .word(ifmap_bus_word),
    .takers(ifmap_bus_takers)
  );

  x_bus_1 filter_bus (
    .clk(clk), .rst(rst),
    .y_bus_put(filter_put), .y_bus_tag(filter_tag), .y_bus_word(filter_word), .y_bus_ready(filter_ready),
    .listens({pe_word_1[0], pe_word_0[0]}), .id({pe_word_1[5], pe_word_0[5]}),
    .pe_ready({pes_1_filter_ready, pes_0_filter_ready}), .pe_put(filter_bus_pe_put), .tag(filter_bus_tag),
    .word(filter_bus_word), .takers(filter_bus_takers)
  );

  pe pes_0 (
    .clk(clk), .rst(rst), .enable(pe_word_0[0]),
    .layer_taps_m1(layer_taps_m1), .layer_step(layer_step), .layer_filters_m1(layer_filters_m1),
    .layer_windows_m1(layer_windows_m1), .layer_images_m1(layer_images_m1), .layer_psum_shift(layer_psum_shift),
    .ifmap_payload(ifmap_bus_word), .ifmap_valid(ifmap_bus_pe_put[0]), .ifmap_ready(pes_0_ifmap_ready),
    .filter_payload(filter_bus_word), .filter_valid(filter_bus_pe_put[0]), .filter_ready(pes_0_filter_ready),
    .filter_first(filter_bus_tag[2:1]),
    .psum_in_payload(pes_0_psum_in_payload), .psum_in_valid(pes_0_psum_in_valid), .psum_in_ready(below_ready[0]),
    .psum_out_payload(above_payload[0*16 +: 16]), .psum_out_valid(pes_0_psum_out_valid),
    .psum_out_ready(pes_0_psum_out_ready), .mac(pes_0_mac), .gated(pes_0_gated), .fed(pes_0_fed)
  );

  pe pes_1 (
    .clk(clk), .rst(rst), .enable(pe_word_1[0]),
    .layer_taps_m1(layer_taps_m1), .layer_step(layer_step), .layer_filters_m1(layer_filters_m1),
    .layer_windows_m1(layer_windows_m1), .layer_images_m1(layer_images_m1), .layer_psum_shift(layer_psum_shift),
    .ifmap_payload(ifmap_bus_word), .ifmap_valid(ifmap_bus_pe_put[1]), .ifmap_ready(pes_1_ifmap_ready),
    .filter_payload(filter_bus_word), .filter_valid(filter_bus_pe_put[1]), .filter_ready(pes_1_filter_ready),
    .filter_first(filter_bus_tag[2:1]),
    .psum_in_payload(pes_1_psum_in_payload), .psum_in_valid(pes_1_psum_in_valid), .psum_in_ready(below_ready[1]),
    .psum_out_payload(above_payload[1*16 +: 16]), .psum_out_valid(pes_1_psum_out_valid),
    .psum_out_ready(pes_1_psum_out_ready), .mac(pes_1_mac), .gated(pes_1_gated), .fed(pes_1_fed)
  );

  assign chain_out = pe_word_1;
  assign ifmap_id = row_word[0];
  assign filter_id = row_word[1];
  assign above_valid[0] = pes_0_psum_out_valid && !to_lane_0;

  always @* begin
    psum_out_0_valid = 1'b0;
    psum_out_0_word = 16'd0;
    if (to_lane_0 && psum_out_select[0] && psum_out_col[0] == 1'b0 && pes_0_psum_out_valid) begin
      psum_out_0_valid = 1'b1;
      psum_out_0_word = psum_out_0_word | above_payload[0*16 +: 16];
    end
  end

  assign above_valid[1] = pes_1_psum_out_valid && !to_lane_1;

  always @* begin
    psum_out_1_valid = 1'b0;
    psum_out_1_word = 16'd0;
    if (to_lane_1 && psum_out_select[1] && psum_out_col[1] == 1'b0 && pes_1_psum_out_valid) begin
      psum_out_1_valid = 1'b1;
      psum_out_1_word = psum_out_1_word | above_payload[1*16 +: 16];
    end
  end

  assign psum_room[0] = below_ready[0];
  assign psum_room[1] = below_ready[1];
  assign events_0 = event_count_0, events_1 = event_count_1, events_2 = event_count_2, events_3 = event_count_3;
  assign events_4 = event_count_4, events_5 = event_count_5;

  always @(posedge clk) begin
    if (rst) begin
      row_word <= 6'd0; pe_word_0 <= 6'd0; pe_word_1 <= 6'd0; event_count_0 <= 2'd0; event_count_1 <= 2'd0;
      event_count_2 <= 2'd0; event_count_3 <= 4'd0; event_count_4 <= 2'd0; event_count_5 <= 2'd0;
    end else begin
      if (chain_shift) begin
        row_word <= chain_in; pe_word_0 <= row_word; pe_word_1 <= pe_word_0;
      end
      event_count_0 <= event_sum_0; event_count_1 <= event_sum_1; event_count_2 <= ifmap_bus_takers;
      event_count_3 <= event_sum_3; event_count_4 <= event_sum_4; event_count_5 <= event_sum_5;
    end
  end
endmodule
