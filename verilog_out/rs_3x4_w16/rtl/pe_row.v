// A row of PEs with its X-buses, its ends of the psum lanes and its part of the configuration chain.
module pe_row (
  input wire clk, rst, chain_shift,
  input wire [8:0] chain_in,
  output wire [8:0] chain_out,
  input wire [3:0] layer_taps_m1, layer_step, input wire [7:0] layer_filters_m1, input wire [11:0] layer_windows_m1,
  input wire [7:0] layer_images_m1, input wire [4:0] layer_psum_shift,
  input wire ifmap_put, input wire [3:0] ifmap_tag, input wire [16:0] ifmap_word, output wire ifmap_ready,
  output wire [1:0] ifmap_id,
  input wire filter_put, input wire [3:0] filter_tag, input wire [63:0] filter_word, output wire filter_ready,
  output wire [1:0] filter_id,
  input wire [1:0] psum_in_valid, psum_in_col, input wire [63:0] psum_in_word,
  output wire [3:0] psum_room,
  input wire [1:0] psum_out_select, psum_out_col, psum_out_take,
  output reg psum_out_0_valid, output reg [31:0] psum_out_0_word,
  output reg psum_out_1_valid, output reg [31:0] psum_out_1_word,
  input wire [127:0] below_payload, input wire [3:0] below_valid, output wire [3:0] below_ready,
  output wire [127:0] above_payload, output wire [3:0] above_valid, input wire [3:0] above_ready,
  output wire [2:0] events_0, events_1, events_2, output wire [4:0] events_3, output wire [2:0] events_4, events_5
);
  reg [8:0] row_word, pe_word_0, pe_word_1, pe_word_2, pe_word_3;
  reg [2:0] event_count_0, event_count_1, event_count_2, event_count_4, event_count_5;
  reg [4:0] event_count_3;
  wire [16:0] ifmap_bus_word;
  wire [2:0] ifmap_bus_takers;
  wire [3:0] ifmap_bus_pe_put;
  wire [3:0] filter_bus_tag, filter_bus_pe_put;
  wire [63:0] filter_bus_word;
  wire [2:0] filter_bus_takers;
  wire pes_0_ifmap_ready, pes_0_filter_ready, pes_0_psum_out_valid, pes_0_mac, pes_0_gated, pes_0_fed;
  wire pes_1_ifmap_ready, pes_1_filter_ready, pes_1_psum_out_valid, pes_1_mac, pes_1_gated, pes_1_fed;
  wire pes_2_ifmap_ready, pes_2_filter_ready, pes_2_psum_out_valid, pes_2_mac, pes_2_gated, pes_2_fed;
  wire pes_3_ifmap_ready, pes_3_filter_ready, pes_3_psum_out_valid, pes_3_mac, pes_3_gated, pes_3_fed;
  wire [3:0] unused;
  wire from_lane_0 = pe_word_0[1];
  wire to_lane_0 = pe_word_0[2];
  wire [31:0] pes_0_psum_in_payload = from_lane_0 ? psum_in_word[0*32 +: 32] : below_payload[0*32 +: 32];
  wire pes_0_psum_in_valid = (from_lane_0 && psum_in_col[0] == 1'b0) ? psum_in_valid[0] : below_valid[0] &&
      !from_lane_0;
  wire pes_0_psum_out_ready = (to_lane_0 && psum_out_select[0] && psum_out_col[0] == 1'b0 && pes_0_psum_out_valid) ?
      psum_out_take[0] : above_ready[0] && !to_lane_0;
  wire to_lane_2 = pe_word_2[2];
  wire pes_2_psum_out_ready = (to_lane_2 && psum_out_select[0] && psum_out_col[0] == 1'b1 && pes_2_psum_out_valid) ?
      psum_out_take[0] : above_ready[2] && !to_lane_2;
  wire from_lane_1 = pe_word_1[1];
  wire to_lane_1 = pe_word_1[2];
  wire [31:0] pes_1_psum_in_payload = from_lane_1 ? psum_in_word[1*32 +: 32] : below_payload[1*32 +: 32];
  wire pes_1_psum_in_valid = (from_lane_1 && psum_in_col[1] == 1'b0) ? psum_in_valid[1] : below_valid[1] &&
      !from_lane_1;
  wire pes_1_psum_out_ready = (to_lane_1 && psum_out_select[1] && psum_out_col[1] == 1'b0 && pes_1_psum_out_valid) ?
      psum_out_take[1] : above_ready[1] && !to_lane_1;
  wire to_lane_3 = pe_word_3[2];
  wire pes_3_psum_out_ready = (to_lane_3 && psum_out_select[1] && psum_out_col[1] == 1'b1 && pes_3_psum_out_valid) ?
      psum_out_take[1] : above_ready[3] && !to_lane_3;
  wire from_lane_2 = pe_word_2[1];
  wire [31:0] pes_2_psum_in_payload = from_lane_2 ? psum_in_word[0*32 +: 32] : below_payload[2*32 +: 32];
  wire pes_2_psum_in_valid = (from_lane_2 && psum_in_col[0] == 1'b1) ? psum_in_valid[0] : below_valid[2] &&
      !from_lane_2;
  wire from_lane_3 = pe_word_3[1];
  wire [31:0] pes_3_psum_in_payload = from_lane_3 ? psum_in_word[1*32 +: 32] : below_payload[3*32 +: 32];
  wire pes_3_psum_in_valid = (from_lane_3 && psum_in_col[1] == 1'b1) ? psum_in_valid[1] : below_valid[3] &&
      !from_lane_3;
  wire [1:0] room_2 = {below_ready[2], below_ready[0]};
  wire [1:0] room_3 = {below_ready[3], below_ready[1]};
  wire [2:0] event_sum_0 = {2'd0, pes_0_mac} + {2'd0, pes_1_mac} + {2'd0, pes_2_mac} + {2'd0, pes_3_mac};
  wire [2:0] event_sum_1 = {2'd0, pes_0_gated} + {2'd0, pes_1_gated} + {2'd0, pes_2_gated} + {2'd0, pes_3_gated};
  wire [2:0] event_sum_4 = {2'd0, pes_0_fed} + {2'd0, pes_1_fed} + {2'd0, pes_2_fed} + {2'd0, pes_3_fed};
  wire [2:0] event_sum_5 = ({2'd0, pes_0_fed} & {2'd0, ~from_lane_0}) + ({2'd0, pes_1_fed} & {2'd0, ~from_lane_1}) +
      ({2'd0, pes_2_fed} & {2'd0, ~from_lane_2}) + ({2'd0, pes_3_fed} & {2'd0, ~from_lane_3});
  wire [4:0] event_sum_3 = {filter_bus_takers, 2'd0} - {2'd0, filter_bus_takers} * {3'd0, filter_bus_tag[3:2]};
  wire unused_bits = &{1'b0, filter_bus_tag[1:0]};

  x_bus_4 ifmap_bus (
    .clk(clk), .rst(rst),
    .y_bus_put(ifmap_put), .y_bus_tag(ifmap_tag), .y_bus_word(ifmap_word), .y_bus_ready(ifmap_ready),
    .listens({pe_word_3[0], pe_word_2[0], pe_word_1[0], pe_word_0[0]}),
    .id({pe_word_3[6:3], pe_word_2[6:3], pe_word_1[6:3], pe_word_0[6:3]}),
    .pe_ready({pes_3_ifmap_ready, pes_2_ifmap_ready, pes_1_ifmap_ready, pes_0_ifmap_ready}), .pe_put(ifmap_bus_pe_put),
    .tag(unused), .word(ifmap_bus_word), .takers(ifmap_bus_takers)
  );

  x_bus_2 filter_bus (
    .clk(clk), .rst(rst),
    .y_bus_put(filter_put), .y_bus_tag(filter_tag), .y_bus_word(filter_word), .y_bus_ready(filter_ready),
    .listens({pe_word_3[0], pe_word_2[0], pe_word_1[0], pe_word_0[0]}),
    .id({pe_word_3[8:7], pe_word_2[8:7], pe_word_1[8:7], pe_word_0[8:7]}),
    .pe_ready({pes_3_filter_ready, pes_2_filter_ready, pes_1_filter_ready, pes_0_filter_ready}),
    .pe_put(filter_bus_pe_put), .tag(filter_bus_tag), .word(filter_bus_word), .takers(filter_bus_takers)
  );

  pe pes_0 (
    .clk(clk), .rst(rst), .enable(pe_word_0[0]),
    .layer_taps_m1(layer_taps_m1), .layer_step(layer_step), .layer_filters_m1(layer_filters_m1),
    .layer_windows_m1(layer_windows_m1), .layer_images_m1(layer_images_m1), .layer_psum_shift(layer_psum_shift),
    .ifmap_payload(ifmap_bus_word), .ifmap_valid(ifmap_bus_pe_put[0]), .ifmap_ready(pes_0_ifmap_ready),
    .filter_payload(filter_bus_word), .filter_valid(filter_bus_pe_put[0]), .filter_ready(pes_0_filter_ready),
    .filter_first(filter_bus_tag[3:2]),
    .psum_in_payload(pes_0_psum_in_payload), .psum_in_valid(pes_0_psum_in_valid), .psum_in_ready(below_ready[0]),
    .psum_out_payload(above_payload[0*32 +: 32]), .psum_out_valid(pes_0_psum_out_valid),
    .psum_out_ready(pes_0_psum_out_ready), .mac(pes_0_mac), .gated(pes_0_gated), .fed(pes_0_fed)
  );

  pe pes_1 (
    .clk(clk), .rst(rst), .enable(pe_word_1[0]),
    .layer_taps_m1(layer_taps_m1), .layer_step(layer_step), .layer_filters_m1(layer_filters_m1),
    .layer_windows_m1(layer_windows_m1), .layer_images_m1(layer_images_m1), .layer_psum_shift(layer_psum_shift),
    .ifmap_payload(ifmap_bus_word), .ifmap_valid(ifmap_bus_pe_put[1]), .ifmap_ready(pes_1_ifmap_ready),
    .filter_payload(filter_bus_word), .filter_valid(filter_bus_pe_put[1]), .filter_ready(pes_1_filter_ready),
    .filter_first(filter_bus_tag[3:2]),
    .psum_in_payload(pes_1_psum_in_payload), .psum_in_valid(pes_1_psum_in_valid), .psum_in_ready(below_ready[1]),
    .psum_out_payload(above_payload[1*32 +: 32]), .psum_out_valid(pes_1_psum_out_valid),
    .psum_out_ready(pes_1_psum_out_ready), .mac(pes_1_mac), .gated(pes_1_gated), .fed(pes_1_fed)
  );

  pe pes_2 (
    .clk(clk), .rst(rst), .enable(pe_word_2[0]),
    .layer_taps_m1(layer_taps_m1), .layer_step(layer_step), .layer_filters_m1(layer_filters_m1),
    .layer_windows_m1(layer_windows_m1), .layer_images_m1(layer_images_m1), .layer_psum_shift(layer_psum_shift),
    .ifmap_payload(ifmap_bus_word), .ifmap_valid(ifmap_bus_pe_put[2]), .ifmap_ready(pes_2_ifmap_ready),
    .filter_payload(filter_bus_word), .filter_valid(filter_bus_pe_put[2]), .filter_ready(pes_2_filter_ready),
    .filter_first(filter_bus_tag[3:2]),
    .psum_in_payload(pes_2_psum_in_payload), .psum_in_valid(pes_2_psum_in_valid), .psum_in_ready(below_ready[2]),
    .psum_out_payload(above_payload[2*32 +: 32]), .psum_out_valid(pes_2_psum_out_valid),
    .psum_out_ready(pes_2_psum_out_ready), .mac(pes_2_mac), .gated(pes_2_gated), .fed(pes_2_fed)
  );

  pe pes_3 (
    .clk(clk), .rst(rst), .enable(pe_word_3[0]),
    .layer_taps_m1(layer_taps_m1), .layer_step(layer_step), .layer_filters_m1(layer_filters_m1),
    .layer_windows_m1(layer_windows_m1), .layer_images_m1(layer_images_m1), .layer_psum_shift(layer_psum_shift),
    .ifmap_payload(ifmap_bus_word), .ifmap_valid(ifmap_bus_pe_put[3]), .ifmap_ready(pes_3_ifmap_ready),
    .filter_payload(filter_bus_word), .filter_valid(filter_bus_pe_put[3]), .filter_ready(pes_3_filter_ready),
    .filter_first(filter_bus_tag[3:2]),
    .psum_in_payload(pes_3_psum_in_payload), .psum_in_valid(pes_3_psum_in_valid), .psum_in_ready(below_ready[3]),
    .psum_out_payload(above_payload[3*32 +: 32]), .psum_out_valid(pes_3_psum_out_valid),
    .psum_out_ready(pes_3_psum_out_ready), .mac(pes_3_mac), .gated(pes_3_gated), .fed(pes_3_fed)
  );

  assign chain_out = pe_word_3;
  assign ifmap_id = row_word[1:0];
  assign filter_id = row_word[3:2];
  assign above_valid[0] = pes_0_psum_out_valid && !to_lane_0;
  assign above_valid[2] = pes_2_psum_out_valid && !to_lane_2;

  always @* begin
    psum_out_0_valid = 1'b0;
    psum_out_0_word = 32'd0;
    if (to_lane_0 && psum_out_select[0] && psum_out_col[0] == 1'b0 && pes_0_psum_out_valid) begin
      psum_out_0_valid = 1'b1;
      psum_out_0_word = psum_out_0_word | above_payload[0*32 +: 32];
    end
    if (to_lane_2 && psum_out_select[0] && psum_out_col[0] == 1'b1 && pes_2_psum_out_valid) begin
      psum_out_0_valid = 1'b1;
      psum_out_0_word = psum_out_0_word | above_payload[2*32 +: 32];
    end
  end

  assign above_valid[1] = pes_1_psum_out_valid && !to_lane_1;
  assign above_valid[3] = pes_3_psum_out_valid && !to_lane_3;

  always @* begin
    psum_out_1_valid = 1'b0;
    psum_out_1_word = 32'd0;
    if (to_lane_1 && psum_out_select[1] && psum_out_col[1] == 1'b0 && pes_1_psum_out_valid) begin
      psum_out_1_valid = 1'b1;
      psum_out_1_word = psum_out_1_word | above_payload[1*32 +: 32];
    end
    if (to_lane_3 && psum_out_select[1] && psum_out_col[1] == 1'b1 && pes_3_psum_out_valid) begin
      psum_out_1_valid = 1'b1;
      psum_out_1_word = psum_out_1_word | above_payload[3*32 +: 32];
    end
  end

  assign psum_room[0*2 +: 2] = room_2;
  assign psum_room[1*2 +: 2] = room_3;
  assign events_0 = event_count_0, events_1 = event_count_1, events_2 = event_count_2, events_3 = event_count_3;
  assign events_4 = event_count_4, events_5 = event_count_5;

  always @(posedge clk) begin
    if (rst) begin
      row_word <= 9'd0; pe_word_0 <= 9'd0; pe_word_1 <= 9'd0; pe_word_2 <= 9'd0; pe_word_3 <= 9'd0;
      event_count_0 <= 3'd0; event_count_1 <= 3'd0; event_count_2 <= 3'd0; event_count_3 <= 5'd0; event_count_4 <= 3'd0;
      event_count_5 <= 3'd0;
    end else begin
      if (chain_shift) begin
        row_word <= chain_in; pe_word_0 <= row_word; pe_word_1 <= pe_word_0; pe_word_2 <= pe_word_1;
        pe_word_3 <= pe_word_2;
      end
      event_count_0 <= event_sum_0; event_count_1 <= event_sum_1; event_count_2 <= ifmap_bus_takers;
      event_count_3 <= event_sum_3; event_count_4 <= event_sum_4; event_count_5 <= event_sum_5;
    end
  end
endmodule
