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
  input wire [1:0] filter_y, filter_x, filter_count_m1,
  input wire [63:0] filter_word,
  input wire [1:0] psum_in_valid,
  output reg psum_in_ready_0, psum_in_ready_1,
  input wire [3:0] psum_in_row,
  input wire [1:0] psum_in_col,
  input wire [63:0] psum_in_word,
  input wire [3:0] psum_out_row,
  input wire [1:0] psum_out_col, psum_out_take,
  output wire [1:0] psum_out_valid,
  output wire [63:0] psum_out_word,
  output wire [3:0] macs, gated
);
  reg [63:0] filter_line;
  wire [8:0] rows_0_chain_out, rows_1_chain_out;
  wire rows_0_ifmap_ready, rows_0_filter_ready, rows_0_psum_out_0_valid, rows_0_psum_out_1_valid;
  wire rows_1_ifmap_ready, rows_1_filter_ready, rows_1_psum_out_0_valid, rows_1_psum_out_1_valid;
  wire rows_2_ifmap_ready, rows_2_filter_ready, rows_2_psum_out_0_valid, rows_2_psum_out_1_valid;
  wire [1:0] rows_0_ifmap_id, rows_0_filter_id, rows_1_ifmap_id, rows_1_filter_id, rows_2_ifmap_id;
  wire [1:0] rows_2_filter_id, rows_0_psum_in_ready, rows_1_psum_in_ready, rows_2_psum_in_ready;
  wire [31:0] rows_0_psum_out_0_word, rows_0_psum_out_1_word, rows_1_psum_out_0_word, rows_1_psum_out_1_word;
  wire [31:0] rows_2_psum_out_0_word, rows_2_psum_out_1_word;
  wire [2:0] rows_0_macs, rows_0_gated, rows_1_macs, rows_1_gated, rows_2_macs, rows_2_gated;
  wire [3:0] rows_0_below_ready, rows_1_below_ready, rows_1_above_valid, rows_2_above_valid;
  wire [127:0] rows_1_above_payload, rows_2_above_payload;
  reg [3:0] mac_count, gated_count;

  wire ifmap_zero = ifmap_word == 16'd0;
  wire ifmap_hit_0 = rows_0_ifmap_id == ifmap_y;
  wire ifmap_hit_1 = rows_1_ifmap_id == ifmap_y;
  wire ifmap_hit_2 = rows_2_ifmap_id == ifmap_y;
  wire ifmap_all_ready = !(ifmap_hit_0 && !rows_0_ifmap_ready) && !(ifmap_hit_1 && !rows_1_ifmap_ready) &&
      !(ifmap_hit_2 && !rows_2_ifmap_ready);
  wire filter_hit_0 = rows_0_filter_id == filter_y;
  wire filter_hit_1 = rows_1_filter_id == filter_y;
  wire filter_hit_2 = rows_2_filter_id == filter_y;
  wire filter_all_ready = !(filter_hit_0 && !rows_0_filter_ready) &&
      !(filter_hit_1 && !rows_1_filter_ready) && !(filter_hit_2 && !rows_2_filter_ready);
  wire rows_0_ifmap_put = ifmap_valid & ifmap_hit_0 & ifmap_all_ready;
  wire [16:0] rows_0_ifmap_word = {ifmap_zero, ifmap_word};
  wire rows_0_filter_put = filter_valid & filter_hit_0 & filter_all_ready;
  wire [4:0] rows_0_filter_tag = {{1'b0, filter_count_m1} + 3'd1, filter_x};
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
  wire rows_0_psum_in_1_valid = psum_in_valid[1] && psum_in_row[1*2 +: 2] == 2'd0;
  wire rows_0_psum_out_1_select = psum_out_row[1*2 +: 2] == 2'd0;
  wire rows_1_psum_in_1_valid = psum_in_valid[1] && psum_in_row[1*2 +: 2] == 2'd1;
  wire rows_1_psum_out_1_select = psum_out_row[1*2 +: 2] == 2'd1;
  wire rows_2_psum_in_1_valid = psum_in_valid[1] && psum_in_row[1*2 +: 2] == 2'd2;
  wire rows_2_psum_out_1_select = psum_out_row[1*2 +: 2] == 2'd2;
  wire [3:0] mac_sum = {1'b0, rows_0_macs} + {1'b0, rows_1_macs} + {1'b0, rows_2_macs};
  wire [3:0] gated_sum = {1'b0, rows_0_gated} + {1'b0, rows_1_gated} + {1'b0, rows_2_gated};

  pe_row rows_0 (
    .clk(clk), .rst(rst), .chain_shift(chain_shift), .chain_in(chain_word), .chain_out(rows_0_chain_out),
    .layer_taps_m1(taps_m1), .layer_step(step), .layer_filters_m1(filters_m1), .layer_windows_m1(windows_m1),
    .layer_images_m1(images_m1), .layer_psum_shift(psum_shift),
    .ifmap_put(rows_0_ifmap_put), .ifmap_tag(ifmap_x), .ifmap_word(rows_0_ifmap_word),
    .ifmap_ready(rows_0_ifmap_ready), .ifmap_id(rows_0_ifmap_id),
    .filter_put(rows_0_filter_put), .filter_tag(rows_0_filter_tag), .filter_word(filter_line),
    .filter_ready(rows_0_filter_ready), .filter_id(rows_0_filter_id),
    .psum_in_valid({rows_0_psum_in_1_valid, rows_0_psum_in_0_valid}), .psum_in_col(psum_in_col),
    .psum_in_word(psum_in_word), .psum_in_ready(rows_0_psum_in_ready),
    .psum_out_select({rows_0_psum_out_1_select, rows_0_psum_out_0_select}), .psum_out_col(psum_out_col),
    .psum_out_take(psum_out_take),
    .psum_out_0_valid(rows_0_psum_out_0_valid), .psum_out_0_word(rows_0_psum_out_0_word),
    .psum_out_1_valid(rows_0_psum_out_1_valid), .psum_out_1_word(rows_0_psum_out_1_word),
    .below_payload(rows_1_above_payload), .below_valid(rows_1_above_valid), .below_ready(rows_0_below_ready),
    .above_payload(), .above_valid(), .above_ready(4'd0), .macs(rows_0_macs), .gated(rows_0_gated)
  );

  pe_row rows_1 (
    .clk(clk), .rst(rst), .chain_shift(chain_shift), .chain_in(rows_0_chain_out),
    .chain_out(rows_1_chain_out),
    .layer_taps_m1(taps_m1), .layer_step(step), .layer_filters_m1(filters_m1), .layer_windows_m1(windows_m1),
    .layer_images_m1(images_m1), .layer_psum_shift(psum_shift),
    .ifmap_put(rows_1_ifmap_put), .ifmap_tag(ifmap_x), .ifmap_word(rows_0_ifmap_word),
    .ifmap_ready(rows_1_ifmap_ready), .ifmap_id(rows_1_ifmap_id),
    .filter_put(rows_1_filter_put), .filter_tag(rows_0_filter_tag), .filter_word(filter_line),
    .filter_ready(rows_1_filter_ready), .filter_id(rows_1_filter_id),
    .psum_in_valid({rows_1_psum_in_1_valid, rows_1_psum_in_0_valid}), .psum_in_col(psum_in_col),
    .psum_in_word(psum_in_word), .psum_in_ready(rows_1_psum_in_ready),
    .psum_out_select({rows_1_psum_out_1_select, rows_1_psum_out_0_select}), .psum_out_col(psum_out_col),
    .psum_out_take(psum_out_take),
    .psum_out_0_valid(rows_1_psum_out_0_valid), .psum_out_0_word(rows_1_psum_out_0_word),
    .psum_out_1_valid(rows_1_psum_out_1_valid), .psum_out_1_word(rows_1_psum_out_1_word),
    .below_payload(rows_2_above_payload), .below_valid(rows_2_above_valid), .below_ready(rows_1_below_ready),
    .above_payload(rows_1_above_payload), .above_valid(rows_1_above_valid), .above_ready(rows_0_below_ready),
    .macs(rows_1_macs), .gated(rows_1_gated)
  );

  pe_row rows_2 (
    .clk(clk), .rst(rst), .chain_shift(chain_shift), .chain_in(rows_1_chain_out), .chain_out(),
    .layer_taps_m1(taps_m1), .layer_step(step), .layer_filters_m1(filters_m1), .layer_windows_m1(windows_m1),
    .layer_images_m1(images_m1), .layer_psum_shift(psum_shift),
    .ifmap_put(rows_2_ifmap_put), .ifmap_tag(ifmap_x), .ifmap_word(rows_0_ifmap_word),
    .ifmap_ready(rows_2_ifmap_ready), .ifmap_id(rows_2_ifmap_id),
    .filter_put(rows_2_filter_put), .filter_tag(rows_0_filter_tag), .filter_word(filter_line),
    .filter_ready(rows_2_filter_ready), .filter_id(rows_2_filter_id),
    .psum_in_valid({rows_2_psum_in_1_valid, rows_2_psum_in_0_valid}), .psum_in_col(psum_in_col),
    .psum_in_word(psum_in_word), .psum_in_ready(rows_2_psum_in_ready),
    .psum_out_select({rows_2_psum_out_1_select, rows_2_psum_out_0_select}), .psum_out_col(psum_out_col),
    .psum_out_take(psum_out_take),
    .psum_out_0_valid(rows_2_psum_out_0_valid), .psum_out_0_word(rows_2_psum_out_0_word),
    .psum_out_1_valid(rows_2_psum_out_1_valid), .psum_out_1_word(rows_2_psum_out_1_word),
    .below_payload(128'd0), .below_valid(4'd0), .below_ready(),
    .above_payload(rows_2_above_payload), .above_valid(rows_2_above_valid), .above_ready(rows_1_below_ready),
    .macs(rows_2_macs), .gated(rows_2_gated)
  );

  always @* begin
    filter_line = filter_word;
    if (filter_count_m1 == 2'd2) filter_line = {filter_word[47:0], 16'd0};
    if (filter_count_m1 == 2'd1) filter_line = {filter_word[31:0], 32'd0};
    if (filter_count_m1 == 2'd0) filter_line = {filter_word[0*16 +: 16], 48'd0};
  end

  assign ifmap_ready = ifmap_all_ready;
  assign filter_ready = filter_all_ready;

  always @* begin
    psum_in_ready_0 = 1'b0;
    if (psum_in_row[0*2 +: 2] == 2'd0) psum_in_ready_0 = rows_0_psum_in_ready[0];
    if (psum_in_row[0*2 +: 2] == 2'd1) psum_in_ready_0 = rows_1_psum_in_ready[0];
    if (psum_in_row[0*2 +: 2] == 2'd2) psum_in_ready_0 = rows_2_psum_in_ready[0];
  end

  assign psum_out_valid[0] = rows_0_psum_out_0_valid | rows_1_psum_out_0_valid | rows_2_psum_out_0_valid;
  assign psum_out_word[0*32 +: 32] = 32'd0 | rows_0_psum_out_0_word | rows_1_psum_out_0_word |
      rows_2_psum_out_0_word;

  always @* begin
    psum_in_ready_1 = 1'b0;
    if (psum_in_row[1*2 +: 2] == 2'd0) psum_in_ready_1 = rows_0_psum_in_ready[1];
    if (psum_in_row[1*2 +: 2] == 2'd1) psum_in_ready_1 = rows_1_psum_in_ready[1];
    if (psum_in_row[1*2 +: 2] == 2'd2) psum_in_ready_1 = rows_2_psum_in_ready[1];
  end

  assign psum_out_valid[1] = rows_0_psum_out_1_valid | rows_1_psum_out_1_valid | rows_2_psum_out_1_valid;
  assign psum_out_word[1*32 +: 32] = 32'd0 | rows_0_psum_out_1_word | rows_1_psum_out_1_word |
      rows_2_psum_out_1_word;
  assign macs = mac_count;
  assign gated = gated_count;

  always @(posedge clk) begin
    if (rst) begin
      mac_count <= 4'd0; gated_count <= 4'd0;
    end else begin
      mac_count <= mac_sum;
      gated_count <= gated_sum;
    end
  end
endmodule
