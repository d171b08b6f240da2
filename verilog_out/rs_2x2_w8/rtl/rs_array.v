// Row-stationary array of PEs with its multicast networks, psum lanes and configuration chain.
module rs_array (
  input wire clk,
  input wire rst,
  input wire chain_shift,
  input wire [5:0] chain_word,
  input wire [3:0] taps_m1,
  input wire [3:0] step,
  input wire [7:0] filters_m1,
  input wire [11:0] windows_m1,
  input wire [7:0] images_m1,
  input wire [3:0] psum_shift,
  input wire ifmap_valid,
  output wire ifmap_ready,
  input wire ifmap_y,
  input wire [1:0] ifmap_x,
  input wire [7:0] ifmap_word,
  input wire filter_valid,
  output wire filter_ready,
  input wire filter_y,
  input wire filter_x,
  input wire [1:0] filter_count_m1,
  input wire [7:0] filter_word_0,
  input wire [7:0] filter_word_1,
  input wire [7:0] filter_word_2,
  input wire [7:0] filter_word_3,
  input wire psum_in_valid_0,
  input wire psum_in_valid_1,
  output reg psum_in_ready_0,
  output reg psum_in_ready_1,
  input wire psum_in_row_0,
  input wire psum_in_row_1,
  input wire psum_in_col_0,
  input wire psum_in_col_1,
  input wire [15:0] psum_in_word_0,
  input wire [15:0] psum_in_word_1,
  input wire psum_out_row_0,
  input wire psum_out_row_1,
  input wire psum_out_col_0,
  input wire psum_out_col_1,
  input wire psum_out_take_0,
  input wire psum_out_take_1,
  output reg psum_out_valid_0,
  output reg psum_out_valid_1,
  output reg [15:0] psum_out_word_0,
  output reg [15:0] psum_out_word_1,
  output wire [2:0] macs,
  output wire [2:0] gated
);
  reg [2:0] mac_sum;
  reg [2:0] gated_sum;
  wire ifmap_hit_0;
  wire ifmap_hit_1;
  reg ifmap_all_ready;
  wire ifmap_zero;
  wire filter_hit_0;
  wire filter_hit_1;
  reg filter_all_ready;
  reg [31:0] filter_line;
  wire [5:0] rows_0_chain_out;
  wire rows_0_ifmap_put;
  wire [8:0] rows_0_ifmap_word;
  wire rows_0_ifmap_ready;
  wire rows_0_ifmap_id;
  wire rows_0_filter_put;
  wire [3:0] rows_0_filter_tag;
  wire rows_0_filter_ready;
  wire rows_0_filter_id;
  wire rows_0_psum_in_0_valid;
  wire rows_0_psum_in_0_ready;
  wire rows_0_psum_in_1_valid;
  wire rows_0_psum_in_1_ready;
  wire rows_0_psum_out_0_select;
  wire rows_0_psum_out_0_valid;
  wire [15:0] rows_0_psum_out_0_word;
  wire rows_0_psum_out_1_select;
  wire rows_0_psum_out_1_valid;
  wire [15:0] rows_0_psum_out_1_word;
  wire rows_0_below_0_ready;
  wire rows_0_below_1_ready;
  wire [1:0] rows_0_macs;
  wire [1:0] rows_0_gated;
  wire rows_1_ifmap_put;
  wire [8:0] rows_1_ifmap_word;
  wire rows_1_ifmap_ready;
  wire rows_1_ifmap_id;
  wire rows_1_filter_put;
  wire [3:0] rows_1_filter_tag;
  wire rows_1_filter_ready;
  wire rows_1_filter_id;
  wire rows_1_psum_in_0_valid;
  wire rows_1_psum_in_0_ready;
  wire rows_1_psum_in_1_valid;
  wire rows_1_psum_in_1_ready;
  wire rows_1_psum_out_0_select;
  wire rows_1_psum_out_0_valid;
  wire [15:0] rows_1_psum_out_0_word;
  wire rows_1_psum_out_1_select;
  wire rows_1_psum_out_1_valid;
  wire [15:0] rows_1_psum_out_1_word;
  wire [15:0] rows_1_above_0_payload;
  wire rows_1_above_0_valid;
  wire [15:0] rows_1_above_1_payload;
  wire rows_1_above_1_valid;
  wire [1:0] rows_1_macs;
  wire [1:0] rows_1_gated;
  reg [2:0] mac_count;
  reg [2:0] gated_count;

  pe_row rows_0 (
    .clk(clk),
    .rst(rst),
    .chain_shift(chain_shift),
    .chain_in(chain_word),
    .chain_out(rows_0_chain_out),
    .layer_taps_m1(taps_m1),
    .layer_step(step),
    .layer_filters_m1(filters_m1),
    .layer_windows_m1(windows_m1),
    .layer_images_m1(images_m1),
    .layer_psum_shift(psum_shift),
    .ifmap_put(rows_0_ifmap_put),
    .ifmap_tag(ifmap_x),
    .ifmap_word(rows_0_ifmap_word),
    .ifmap_ready(rows_0_ifmap_ready),
    .ifmap_id(rows_0_ifmap_id),
    .filter_put(rows_0_filter_put),
    .filter_tag(rows_0_filter_tag),
    .filter_word(filter_line),
    .filter_ready(rows_0_filter_ready),
    .filter_id(rows_0_filter_id),
    .psum_in_0_valid(rows_0_psum_in_0_valid),
    .psum_in_0_col(psum_in_col_0),
    .psum_in_0_word(psum_in_word_0),
    .psum_in_0_ready(rows_0_psum_in_0_ready),
    .psum_in_1_valid(rows_0_psum_in_1_valid),
    .psum_in_1_col(psum_in_col_1),
    .psum_in_1_word(psum_in_word_1),
    .psum_in_1_ready(rows_0_psum_in_1_ready),
    .psum_out_0_select(rows_0_psum_out_0_select),
    .psum_out_0_col(psum_out_col_0),
    .psum_out_0_take(psum_out_take_0),
    .psum_out_0_valid(rows_0_psum_out_0_valid),
    .psum_out_0_word(rows_0_psum_out_0_word),
    .psum_out_1_select(rows_0_psum_out_1_select),
    .psum_out_1_col(psum_out_col_1),
    .psum_out_1_take(psum_out_take_1),
    .psum_out_1_valid(rows_0_psum_out_1_valid),
    .psum_out_1_word(rows_0_psum_out_1_word),
    .below_0_payload(rows_1_above_0_payload),
    .below_0_valid(rows_1_above_0_valid),
    .below_0_ready(rows_0_below_0_ready),
    .below_1_payload(rows_1_above_1_payload),
    .below_1_valid(rows_1_above_1_valid),
    .below_1_ready(rows_0_below_1_ready),
    .above_0_payload(),
    .above_0_valid(),
    .above_0_ready(1'b0),
    .above_1_payload(),
    .above_1_valid(),
    .above_1_ready(1'b0),
    .macs(rows_0_macs),
    .gated(rows_0_gated)
  );

  pe_row rows_1 (
    .clk(clk),
    .rst(rst),
    .chain_shift(chain_shift),
    .chain_in(rows_0_chain_out),
    .chain_out(),
    .layer_taps_m1(taps_m1),
    .layer_step(step),
    .layer_filters_m1(filters_m1),
    .layer_windows_m1(windows_m1),
    .layer_images_m1(images_m1),
    .layer_psum_shift(psum_shift),
    .ifmap_put(rows_1_ifmap_put),
    .ifmap_tag(ifmap_x),
    .ifmap_word(rows_1_ifmap_word),
    .ifmap_ready(rows_1_ifmap_ready),
    .ifmap_id(rows_1_ifmap_id),
    .filter_put(rows_1_filter_put),
    .filter_tag(rows_1_filter_tag),
    .filter_word(filter_line),
    .filter_ready(rows_1_filter_ready),
    .filter_id(rows_1_filter_id),
    .psum_in_0_valid(rows_1_psum_in_0_valid),
    .psum_in_0_col(psum_in_col_0),
    .psum_in_0_word(psum_in_word_0),
    .psum_in_0_ready(rows_1_psum_in_0_ready),
    .psum_in_1_valid(rows_1_psum_in_1_valid),
    .psum_in_1_col(psum_in_col_1),
    .psum_in_1_word(psum_in_word_1),
    .psum_in_1_ready(rows_1_psum_in_1_ready),
    .psum_out_0_select(rows_1_psum_out_0_select),
    .psum_out_0_col(psum_out_col_0),
    .psum_out_0_take(psum_out_take_0),
    .psum_out_0_valid(rows_1_psum_out_0_valid),
    .psum_out_0_word(rows_1_psum_out_0_word),
    .psum_out_1_select(rows_1_psum_out_1_select),
    .psum_out_1_col(psum_out_col_1),
    .psum_out_1_take(psum_out_take_1),
    .psum_out_1_valid(rows_1_psum_out_1_valid),
    .psum_out_1_word(rows_1_psum_out_1_word),
    .below_0_payload(16'd0),
    .below_0_valid(1'b0),
    .below_0_ready(),
    .below_1_payload(16'd0),
    .below_1_valid(1'b0),
    .below_1_ready(),
    .above_0_payload(rows_1_above_0_payload),
    .above_0_valid(rows_1_above_0_valid),
    .above_0_ready(rows_0_below_0_ready),
    .above_1_payload(rows_1_above_1_payload),
    .above_1_valid(rows_1_above_1_valid),
    .above_1_ready(rows_0_below_1_ready),
    .macs(rows_1_macs),
    .gated(rows_1_gated)
  );

  assign ifmap_zero = ifmap_word == 8'd0;

  always @* begin
    filter_line = {filter_word_3, filter_word_2, filter_word_1, filter_word_0};
    if (filter_count_m1 == 2'd2) filter_line = {filter_word_2, filter_word_1, filter_word_0, 8'd0};
    if (filter_count_m1 == 2'd1) filter_line = {filter_word_1, filter_word_0, 16'd0};
    if (filter_count_m1 == 2'd0) filter_line = {filter_word_0, 24'd0};
  end

  always @* begin
    ifmap_all_ready = 1'b1;
    if (ifmap_hit_0 && !rows_0_ifmap_ready) begin
      ifmap_all_ready = 1'b0;
    end
    if (ifmap_hit_1 && !rows_1_ifmap_ready) begin
      ifmap_all_ready = 1'b0;
    end
  end

  always @* begin
    filter_all_ready = 1'b1;
    if (filter_hit_0 && !rows_0_filter_ready) filter_all_ready = 1'b0;
    if (filter_hit_1 && !rows_1_filter_ready) filter_all_ready = 1'b0;
  end

  assign ifmap_hit_0 = rows_0_ifmap_id == ifmap_y;
  assign filter_hit_0 = rows_0_filter_id == filter_y;
  assign ifmap_hit_1 = rows_1_ifmap_id == ifmap_y;
  assign filter_hit_1 = rows_1_filter_id == filter_y;
  assign ifmap_ready = ifmap_all_ready;
  assign filter_ready = filter_all_ready;
  assign rows_0_ifmap_put = ifmap_valid & ifmap_hit_0 & ifmap_all_ready;
  assign rows_0_ifmap_word = {ifmap_zero, ifmap_word};
  assign rows_0_filter_put = filter_valid & filter_hit_0 & filter_all_ready;
  assign rows_0_filter_tag = {{1'b0, filter_count_m1} + 3'd1, filter_x};
  assign rows_1_ifmap_put = ifmap_valid & ifmap_hit_1 & ifmap_all_ready;
  assign rows_1_ifmap_word = {ifmap_zero, ifmap_word};
  assign rows_1_filter_put = filter_valid & filter_hit_1 & filter_all_ready;
  assign rows_1_filter_tag = {{1'b0, filter_count_m1} + 3'd1, filter_x};

  always @* begin
    psum_in_ready_0 = 1'b0;
    if (psum_in_row_0 == 1'b0) psum_in_ready_0 = rows_0_psum_in_0_ready;
    if (psum_in_row_0 == 1'b1) psum_in_ready_0 = rows_1_psum_in_0_ready;
  end

  always @* begin
    psum_out_valid_0 = 1'b0;
    psum_out_valid_0 = psum_out_valid_0 | rows_0_psum_out_0_valid;
    psum_out_valid_0 = psum_out_valid_0 | rows_1_psum_out_0_valid;
  end

  always @* begin
    psum_out_word_0 = 16'd0;
    psum_out_word_0 = psum_out_word_0 | rows_0_psum_out_0_word;
    psum_out_word_0 = psum_out_word_0 | rows_1_psum_out_0_word;
  end

  assign rows_0_psum_in_0_valid = psum_in_valid_0 && psum_in_row_0 == 1'b0;
  assign rows_0_psum_out_0_select = psum_out_row_0 == 1'b0;
  assign rows_1_psum_in_0_valid = psum_in_valid_0 && psum_in_row_0 == 1'b1;
  assign rows_1_psum_out_0_select = psum_out_row_0 == 1'b1;

  always @* begin
    psum_in_ready_1 = 1'b0;
    if (psum_in_row_1 == 1'b0) psum_in_ready_1 = rows_0_psum_in_1_ready;
    if (psum_in_row_1 == 1'b1) psum_in_ready_1 = rows_1_psum_in_1_ready;
  end

  always @* begin
    psum_out_valid_1 = 1'b0;
    psum_out_valid_1 = psum_out_valid_1 | rows_0_psum_out_1_valid;
    psum_out_valid_1 = psum_out_valid_1 | rows_1_psum_out_1_valid;
  end

  always @* begin
    psum_out_word_1 = 16'd0;
    psum_out_word_1 = psum_out_word_1 | rows_0_psum_out_1_word;
    psum_out_word_1 = psum_out_word_1 | rows_1_psum_out_1_word;
  end

  assign rows_0_psum_in_1_valid = psum_in_valid_1 && psum_in_row_1 == 1'b0;
  assign rows_0_psum_out_1_select = psum_out_row_1 == 1'b0;
  assign rows_1_psum_in_1_valid = psum_in_valid_1 && psum_in_row_1 == 1'b1;
  assign rows_1_psum_out_1_select = psum_out_row_1 == 1'b1;

  always @* begin
    mac_sum = 3'd0;
    mac_sum = mac_sum + {1'b0, rows_0_macs};
    mac_sum = mac_sum + {1'b0, rows_1_macs};
  end

  always @* begin
    gated_sum = 3'd0;
    gated_sum = gated_sum + {1'b0, rows_0_gated};
    gated_sum = gated_sum + {1'b0, rows_1_gated};
  end

  assign macs = mac_count;
  assign gated = gated_count;

  always @(posedge clk) begin
    if (rst) begin
      mac_count <= 3'd0;
      gated_count <= 3'd0;
    end else begin
      mac_count <= mac_sum;
      gated_count <= gated_sum;
    end
  end
endmodule
