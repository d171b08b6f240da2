// Row-stationary array of PEs with its multicast networks, psum lanes and configuration chain.
module rs_array (
  input wire clk, rst, chain_shift,
  input wire [8:0] chain_word,
  input wire [3:0] taps_m1, step,
  input wire [7:0] filters_m1,
  input wire [11:0] windows_m1,
  input wire [7:0] images_m1,
  input wire [4:0] psum_shift,
  input wire ifmap_valid,
  output wire ifmap_ready,
  input wire [1:0] ifmap_y,
  input wire [3:0] ifmap_x,
  input wire [15:0] ifmap_word,
  input wire filter_valid,
  output wire filter_ready,
  input wire [1:0] filter_y, filter_x, filter_first,
  input wire [63:0] filter_word,
  input wire [1:0] psum_in_valid,
  output wire [1:0] psum_in_ready,
  input wire [3:0] psum_in_row,
  input wire [1:0] psum_in_col,
  input wire [63:0] psum_in_word,
  input wire [3:0] psum_out_row,
  input wire [1:0] psum_out_col, psum_out_take,
  output wire [1:0] psum_out_valid,
  output wire [63:0] psum_out_word,
  output wire [3:0] events_0, events_1, events_2, output wire [5:0] events_3, output wire [3:0] events_4, events_5
);
  reg [1:0] psum_room_0, psum_room_1;
  wire [8:0] rows_0_chain_out, rows_1_chain_out;
  wire rows_0_ifmap_ready, rows_0_filter_ready, rows_0_psum_out_0_valid, rows_0_psum_out_1_valid, rows_1_ifmap_ready;
  wire rows_1_filter_ready, rows_1_psum_out_0_valid, rows_1_psum_out_1_valid, rows_2_ifmap_ready, rows_2_filter_ready;
  wire rows_2_psum_out_0_valid, rows_2_psum_out_1_valid;
  wire [1:0] rows_0_ifmap_id, rows_0_filter_id, rows_1_ifmap_id, rows_1_filter_id, rows_2_ifmap_id, rows_2_filter_id;
  wire [31:0] rows_0_psum_out_0_word, rows_0_psum_out_1_word, rows_1_psum_out_0_word, rows_1_psum_out_1_word;
  wire [31:0] rows_2_psum_out_0_word, rows_2_psum_out_1_word;
  wire [2:0] rows_0_events_0, rows_0_events_1, rows_0_events_2, rows_0_events_4, rows_0_events_5, rows_1_events_0;
  wire [2:0] rows_1_events_1, rows_1_events_2, rows_1_events_4, rows_1_events_5, rows_2_events_0, rows_2_events_1;
  wire [2:0] rows_2_events_2, rows_2_events_4, rows_2_events_5;
  wire [4:0] rows_0_events_3, rows_1_events_3, rows_2_events_3;
  wire [3:0] rows_0_psum_room, rows_0_below_ready, rows_1_psum_room, rows_1_below_ready, rows_1_above_valid;
  wire [3:0] rows_2_psum_room, rows_2_above_valid;
  wire [127:0] rows_1_above_payload, rows_2_above_payload;
  reg row_reset_0, row_reset_1, row_reset_2;
  reg [3:0] event_count_0, event_count_1, event_count_2, event_count_4, event_count_5;
  reg [5:0] event_count_3;
  wire [144:0] unused;
  wire ifmap_zero = ifmap_word == 16'd0;
  wire [63:0] filter_line = filter_word;
  wire ifmap_hit_0 = rows_0_ifmap_id == ifmap_y;
  wire ifmap_hit_1 = rows_1_ifmap_id == ifmap_y;
  wire ifmap_hit_2 = rows_2_ifmap_id == ifmap_y;
  wire ifmap_all_ready = !(ifmap_hit_0 && !rows_0_ifmap_ready) && !(ifmap_hit_1 && !rows_1_ifmap_ready) &&
      !(ifmap_hit_2 && !rows_2_ifmap_ready);
  wire filter_hit_0 = rows_0_filter_id == filter_y;
  wire filter_hit_1 = rows_1_filter_id == filter_y;
  wire filter_hit_2 = rows_2_filter_id == filter_y;
  wire filter_all_ready = !(filter_hit_0 && !rows_0_filter_ready) && !(filter_hit_1 && !rows_1_filter_ready) &&
      !(filter_hit_2 && !rows_2_filter_ready);
  wire rows_0_ifmap_put = ifmap_valid & ifmap_hit_0 & ifmap_all_ready;
  wire [16:0] rows_0_ifmap_word = {ifmap_zero, ifmap_word};
  wire rows_0_filter_put = filter_valid & filter_hit_0 & filter_all_ready;
  wire [3:0] rows_0_filter_tag = {filter_first, filter_x};
  wire rows_1_ifmap_put = ifmap_valid & ifmap_hit_1 & ifmap_all_ready;
  wire rows_1_filter_put = filter_valid & filter_hit_1 & filter_all_ready;
  wire rows_2_ifmap_put = ifmap_valid & ifmap_hit_2 & ifmap_all_ready;
  wire rows_2_filter_put = filter_valid & filter_hit_2 & filter_all_ready;
  wire rows_0_psum_in_0_valid = psum_in_valid[0] && psum_in_row[0*2 +: 2] == 2'd0;
  wire rows_0_psum_out_0_select = psum_out_row[0*2 +: 2] == 2'd0;
  wire rows_1_psum_in_0_valid = psum_in_valid[0] && psum_in_row[0*2 +: 2] == 2'd1;
  wire rows_1_psum_out_0_select = psum_out_row[0*2 +: 2] == 2'd1;
  wire rows_2_psum_in_0_valid = psum_in_valid[0] && psum_in_row[0*2 +: 2] == 2'd2;
  wire rows_2_psum_out_0_select = psum_out_row[0*2 +: 2] == 2'd2;
  wire [1:0] psum_in_ready_0_shifted = psum_room_0 >> psum_in_col[0];
  wire rows_0_psum_in_1_valid = psum_in_valid[1] && psum_in_row[1*2 +: 2] == 2'd0;
  wire rows_0_psum_out_1_select = psum_out_row[1*2 +: 2] == 2'd0;
  wire rows_1_psum_in_1_valid = psum_in_valid[1] && psum_in_row[1*2 +: 2] == 2'd1;
  wire rows_1_psum_out_1_select = psum_out_row[1*2 +: 2] == 2'd1;
  wire rows_2_psum_in_1_valid = psum_in_valid[1] && psum_in_row[1*2 +: 2] == 2'd2;
  wire rows_2_psum_out_1_select = psum_out_row[1*2 +: 2] == 2'd2;
  wire [1:0] psum_in_ready_1_shifted = psum_room_1 >> psum_in_col[1];
  wire [3:0] event_sum_0 = {1'b0, rows_0_events_0} + {1'b0, rows_1_events_0} + {1'b0, rows_2_events_0};
  wire [3:0] event_sum_1 = {1'b0, rows_0_events_1} + {1'b0, rows_1_events_1} + {1'b0, rows_2_events_1};
  wire [3:0] event_sum_2 = {1'b0, rows_0_events_2} + {1'b0, rows_1_events_2} + {1'b0, rows_2_events_2};
  wire [5:0] event_sum_3 = {1'b0, rows_0_events_3} + {1'b0, rows_1_events_3} + {1'b0, rows_2_events_3};
  wire [3:0] event_sum_4 = {1'b0, rows_0_events_4} + {1'b0, rows_1_events_4} + {1'b0, rows_2_events_4};
  wire [3:0] event_sum_5 = {1'b0, rows_0_events_5} + {1'b0, rows_1_events_5} + {1'b0, rows_2_events_5};
  wire unused_bits = &{1'b0, psum_in_ready_0_shifted[1], psum_in_ready_1_shifted[1]};

  pe_row rows_0 (
    .clk(clk), .rst(row_reset_0), .chain_shift(chain_shift), .chain_in(chain_word), .chain_out(rows_0_chain_out),
    .layer_taps_m1(taps_m1), .layer_step(step), .layer_filters_m1(filters_m1), .layer_windows_m1(windows_m1),
    .layer_images_m1(images_m1), .layer_psum_shift(psum_shift),
    .ifmap_put(rows_0_ifmap_put), .ifmap_tag(ifmap_x), .ifmap_word(rows_0_ifmap_word), .ifmap_ready(rows_0_ifmap_ready),
    .ifmap_id(rows_0_ifmap_id),
    .filter_put(rows_0_filter_put), .filter_tag(rows_0_filter_tag), .filter_word(filter_line),
    .filter_ready(rows_0_filter_ready), .filter_id(rows_0_filter_id),
    .psum_in_valid({rows_0_psum_in_1_valid, rows_0_psum_in_0_valid}), .psum_in_col(psum_in_col),
    .psum_in_word(psum_in_word), .psum_room(rows_0_psum_room),
    .psum_out_select({rows_0_psum_out_1_select, rows_0_psum_out_0_select}), .psum_out_col(psum_out_col),
    .psum_out_take(psum_out_take),
    .psum_out_0_valid(rows_0_psum_out_0_valid), .psum_out_0_word(rows_0_psum_out_0_word),
    .psum_out_1_valid(rows_0_psum_out_1_valid), .psum_out_1_word(rows_0_psum_out_1_word),
    .below_payload(rows_1_above_payload), .below_valid(rows_1_above_valid), .below_ready(rows_0_below_ready),
    .above_payload(unused[127:0]), .above_valid(unused[131:128]), .above_ready(4'd0),
    .events_0(rows_0_events_0), .events_1(rows_0_events_1), .events_2(rows_0_events_2), .events_3(rows_0_events_3),
    .events_4(rows_0_events_4), .events_5(rows_0_events_5)
  );

  pe_row rows_1 (
    .clk(clk), .rst(row_reset_1), .chain_shift(chain_shift), .chain_in(rows_0_chain_out), .chain_out(rows_1_chain_out),
    .layer_taps_m1(taps_m1), .layer_step(step), .layer_filters_m1(filters_m1), .layer_windows_m1(windows_m1),
    .layer_images_m1(images_m1), .layer_psum_shift(psum_shift),
    .ifmap_put(rows_1_ifmap_put), .ifmap_tag(ifmap_x), .ifmap_word(rows_0_ifmap_word), .ifmap_ready(rows_1_ifmap_ready),
    .ifmap_id(rows_1_ifmap_id),
    .filter_put(rows_1_filter_put), .filter_tag(rows_0_filter_tag), .filter_word(filter_line),
    .filter_ready(rows_1_filter_ready), .filter_id(rows_1_filter_id),
    .psum_in_valid({rows_1_psum_in_1_valid, rows_1_psum_in_0_valid}), .psum_in_col(psum_in_col),
    .psum_in_word(psum_in_word), .psum_room(rows_1_psum_room),
    .psum_out_select({rows_1_psum_out_1_select, rows_1_psum_out_0_select}), .psum_out_col(psum_out_col),
    .psum_out_take(psum_out_take),
    .psum_out_0_valid(rows_1_psum_out_0_valid), .psum_out_0_word(rows_1_psum_out_0_word),
    .psum_out_1_valid(rows_1_psum_out_1_valid), .psum_out_1_word(rows_1_psum_out_1_word),
    .below_payload(rows_2_above_payload), .below_valid(rows_2_above_valid), .below_ready(rows_1_below_ready),
    .above_payload(rows_1_above_payload), .above_valid(rows_1_above_valid), .above_ready(rows_0_below_ready),
    .events_0(rows_1_events_0), .events_1(rows_1_events_1), .events_2(rows_1_events_2), .events_3(rows_1_events_3),
    .events_4(rows_1_events_4), .events_5(rows_1_events_5)
  );

  pe_row rows_2 (
    .clk(clk), .rst(row_reset_2), .chain_shift(chain_shift), .chain_in(rows_1_chain_out), .chain_out(unused[140:132]),
    .layer_taps_m1(taps_m1), .layer_step(step), .layer_filters_m1(filters_m1), .layer_windows_m1(windows_m1),
    .layer_images_m1(images_m1), .layer_psum_shift(psum_shift),
    .ifmap_put(rows_2_ifmap_put), .ifmap_tag(ifmap_x), .ifmap_word(rows_0_ifmap_word), .ifmap_ready(rows_2_ifmap_ready),
    .ifmap_id(rows_2_ifmap_id),
    .filter_put(rows_2_filter_put), .filter_tag(rows_0_filter_tag), .filter_word(filter_line),
    .filter_ready(rows_2_filter_ready), .filter_id(rows_2_filter_id),
    .psum_in_valid({rows_2_psum_in_1_valid, rows_2_psum_in_0_valid}), .psum_in_col(psum_in_col),
    .psum_in_word(psum_in_word), .psum_room(rows_2_psum_room),
    .psum_out_select({rows_2_psum_out_1_select, rows_2_psum_out_0_select}), .psum_out_col(psum_out_col),
    .psum_out_take(psum_out_take),
    .psum_out_0_valid(rows_2_psum_out_0_valid), .psum_out_0_word(rows_2_psum_out_0_word),
    .psum_out_1_valid(rows_2_psum_out_1_valid), .psum_out_1_word(rows_2_psum_out_1_word),
    .below_payload(128'd0), .below_valid(4'd0), .below_ready(unused[144:141]),
    .above_payload(rows_2_above_payload), .above_valid(rows_2_above_valid), .above_ready(rows_1_below_ready),
    .events_0(rows_2_events_0), .events_1(rows_2_events_1), .events_2(rows_2_events_2), .events_3(rows_2_events_3),
    .events_4(rows_2_events_4), .events_5(rows_2_events_5)
  );

  assign ifmap_ready = ifmap_all_ready, filter_ready = filter_all_ready;

  always @* begin
    psum_room_0 = 2'd0;
    if (psum_in_row[0*2 +: 2] == 2'd0) psum_room_0 = rows_0_psum_room[0*2 +: 2];
    if (psum_in_row[0*2 +: 2] == 2'd1) psum_room_0 = rows_1_psum_room[0*2 +: 2];
    if (psum_in_row[0*2 +: 2] == 2'd2) psum_room_0 = rows_2_psum_room[0*2 +: 2];
  end

  assign psum_out_valid[0] = rows_0_psum_out_0_valid | rows_1_psum_out_0_valid | rows_2_psum_out_0_valid;
  assign psum_out_word[0*32 +: 32] = 32'd0 | rows_0_psum_out_0_word | rows_1_psum_out_0_word | rows_2_psum_out_0_word;
  assign psum_in_ready[0] = psum_in_ready_0_shifted[0];

  always @* begin
    psum_room_1 = 2'd0;
    if (psum_in_row[1*2 +: 2] == 2'd0) psum_room_1 = rows_0_psum_room[1*2 +: 2];
    if (psum_in_row[1*2 +: 2] == 2'd1) psum_room_1 = rows_1_psum_room[1*2 +: 2];
    if (psum_in_row[1*2 +: 2] == 2'd2) psum_room_1 = rows_2_psum_room[1*2 +: 2];
  end

  assign psum_out_valid[1] = rows_0_psum_out_1_valid | rows_1_psum_out_1_valid | rows_2_psum_out_1_valid;
  assign psum_out_word[1*32 +: 32] = 32'd0 | rows_0_psum_out_1_word | rows_1_psum_out_1_word | rows_2_psum_out_1_word;
  assign psum_in_ready[1] = psum_in_ready_1_shifted[0];
  assign events_0 = event_count_0, events_1 = event_count_1, events_2 = event_count_2, events_3 = event_count_3;
  assign events_4 = event_count_4, events_5 = event_count_5;

  always @(posedge clk) begin
    if (rst) begin
      row_reset_0 <= 1'b1; row_reset_1 <= 1'b1; row_reset_2 <= 1'b1; event_count_0 <= 4'd0; event_count_1 <= 4'd0;
      event_count_2 <= 4'd0; event_count_3 <= 6'd0; event_count_4 <= 4'd0; event_count_5 <= 4'd0;
    end else begin
      row_reset_0 <= 1'b0; row_reset_1 <= row_reset_0; row_reset_2 <= row_reset_1; event_count_0 <= event_sum_0;
      event_count_1 <= event_sum_1; event_count_2 <= event_sum_2; event_count_3 <= event_sum_3;
      event_count_4 <= event_sum_4; event_count_5 <= event_sum_5;
    end
  end
endmodule
