// A row of PEs with its X-buses, its ends of the psum lanes and its part of the configuration chain.
module pe_row (
  input wire clk,
  input wire rst,
  input wire chain_shift,
  input wire [5:0] chain_in,
  output wire [5:0] chain_out,
  input wire [3:0] layer_taps_m1,
  input wire [3:0] layer_step,
  input wire [7:0] layer_filters_m1,
  input wire [11:0] layer_windows_m1,
  input wire [7:0] layer_images_m1,
  input wire [3:0] layer_psum_shift,
  input wire ifmap_put,
  input wire [1:0] ifmap_tag,
  input wire [8:0] ifmap_word,
  output wire ifmap_ready,
  output wire ifmap_id,
  input wire filter_put,
  input wire [3:0] filter_tag,
  input wire [31:0] filter_word,
  output wire filter_ready,
  output wire filter_id,
  input wire psum_in_0_valid,
  input wire psum_in_0_col,
  input wire [15:0] psum_in_0_word,
  output reg psum_in_0_ready,
  input wire psum_in_1_valid,
  input wire psum_in_1_col,
  input wire [15:0] psum_in_1_word,
  output reg psum_in_1_ready,
  input wire psum_out_0_select,
  input wire psum_out_0_col,
  input wire psum_out_0_take,
  output reg psum_out_0_valid,
  output reg [15:0] psum_out_0_word,
  input wire psum_out_1_select,
  input wire psum_out_1_col,
  input wire psum_out_1_take,
  output reg psum_out_1_valid,
  output reg [15:0] psum_out_1_word,
  input wire [15:0] below_0_payload,
  input wire below_0_valid,
  output reg below_0_ready,
  input wire [15:0] below_1_payload,
  input wire below_1_valid,
  output reg below_1_ready,
  output wire [15:0] above_0_payload,
  output reg above_0_valid,
  input wire above_0_ready,
  output wire [15:0] above_1_payload,
  output reg above_1_valid,
  input wire above_1_ready,
  output wire [1:0] macs,
  output wire [1:0] gated
);
  reg [1:0] mac_sum;
  reg [1:0] gated_sum;
  wire from_lane_0;
  wire from_lane_1;
  wire to_lane_0;
  wire to_lane_1;
  reg [5:0] row_word;
  reg [5:0] pe_word_0;
  reg [5:0] pe_word_1;
  wire ifmap_bus_pe_put_0;
  wire ifmap_bus_pe_put_1;
  wire [8:0] ifmap_bus_word;
  wire filter_bus_pe_put_0;
  wire filter_bus_pe_put_1;
  wire [3:0] filter_bus_tag;
  wire [31:0] filter_bus_word;
  wire pes_0_ifmap_ready;
  wire pes_0_filter_ready;
  reg [15:0] pes_0_psum_in_payload;
  reg pes_0_psum_in_valid;
  wire pes_0_psum_in_ready;
  wire [15:0] pes_0_psum_out_payload;
  wire pes_0_psum_out_valid;
  reg pes_0_psum_out_ready;
  wire pes_0_mac;
  wire pes_0_gated;
  wire pes_1_ifmap_ready;
  wire pes_1_filter_ready;
  reg [15:0] pes_1_psum_in_payload;
  reg pes_1_psum_in_valid;
  wire pes_1_psum_in_ready;
  wire [15:0] pes_1_psum_out_payload;
  wire pes_1_psum_out_valid;
  reg pes_1_psum_out_ready;
  wire pes_1_mac;
  wire pes_1_gated;
  reg [1:0] mac_count;
  reg [1:0] gated_count;

  x_bus_2 ifmap_bus (
    .clk(clk),
    .rst(rst),
    .y_bus_put(ifmap_put),
    .y_bus_tag(ifmap_tag),
    .y_bus_word(ifmap_word),
    .y_bus_ready(ifmap_ready),
    .listens_0(pe_word_0[0]),
    .listens_1(pe_word_1[0]),
    .id_0(pe_word_0[4:3]),
    .id_1(pe_word_1[4:3]),
    .pe_ready_0(pes_0_ifmap_ready),
    .pe_ready_1(pes_1_ifmap_ready),
    .pe_put_0(ifmap_bus_pe_put_0),
    .pe_put_1(ifmap_bus_pe_put_1),
    .tag(),
    .word(ifmap_bus_word)
  );

  x_bus_1 filter_bus (
    .clk(clk),
    .rst(rst),
    .y_bus_put(filter_put),
    .y_bus_tag(filter_tag),
    .y_bus_word(filter_word),
    .y_bus_ready(filter_ready),
    .listens_0(pe_word_0[0]),
    .listens_1(pe_word_1[0]),
    .id_0(pe_word_0[5]),
    .id_1(pe_word_1[5]),
    .pe_ready_0(pes_0_filter_ready),
    .pe_ready_1(pes_1_filter_ready),
    .pe_put_0(filter_bus_pe_put_0),
    .pe_put_1(filter_bus_pe_put_1),
    .tag(filter_bus_tag),
    .word(filter_bus_word)
  );

  pe pes_0 (
    .clk(clk),
    .rst(rst),
    .enable(pe_word_0[0]),
    .layer_taps_m1(layer_taps_m1),
    .layer_step(layer_step),
    .layer_filters_m1(layer_filters_m1),
    .layer_windows_m1(layer_windows_m1),
    .layer_images_m1(layer_images_m1),
    .layer_psum_shift(layer_psum_shift),
    .ifmap_payload(ifmap_bus_word),
    .ifmap_valid(ifmap_bus_pe_put_0),
    .ifmap_ready(pes_0_ifmap_ready),
    .filter_payload(filter_bus_word),
    .filter_valid(filter_bus_pe_put_0),
    .filter_ready(pes_0_filter_ready),
    .filter_words(filter_bus_tag[3:1]),
    .psum_in_payload(pes_0_psum_in_payload),
    .psum_in_valid(pes_0_psum_in_valid),
    .psum_in_ready(pes_0_psum_in_ready),
    .psum_out_payload(pes_0_psum_out_payload),
    .psum_out_valid(pes_0_psum_out_valid),
    .psum_out_ready(pes_0_psum_out_ready),
    .mac(pes_0_mac),
    .gated(pes_0_gated)
  );

  pe pes_1 (
    .clk(clk),
    .rst(rst),
    .enable(pe_word_1[0]),
    .layer_taps_m1(layer_taps_m1),
    .layer_step(layer_step),
    .layer_filters_m1(layer_filters_m1),
    .layer_windows_m1(layer_windows_m1),
    .layer_images_m1(layer_images_m1),
    .layer_psum_shift(layer_psum_shift),
    .ifmap_payload(ifmap_bus_word),
    .ifmap_valid(ifmap_bus_pe_put_1),
    .ifmap_ready(pes_1_ifmap_ready),
    .filter_payload(filter_bus_word),
    .filter_valid(filter_bus_pe_put_1),
    .filter_ready(pes_1_filter_ready),
    .filter_words(filter_bus_tag[3:1]),
    .psum_in_payload(pes_1_psum_in_payload),
    .psum_in_valid(pes_1_psum_in_valid),
    .psum_in_ready(pes_1_psum_in_ready),
    .psum_out_payload(pes_1_psum_out_payload),
    .psum_out_valid(pes_1_psum_out_valid),
    .psum_out_ready(pes_1_psum_out_ready),
    .mac(pes_1_mac),
    .gated(pes_1_gated)
  );

  assign chain_out = pe_word_1;
  assign ifmap_id = row_word[0];
  assign filter_id = row_word[1];
  assign from_lane_0 = pe_word_0[1];
  assign to_lane_0 = pe_word_0[2];

  always @* begin
    pes_0_psum_in_payload = below_0_payload;
    if (from_lane_0) pes_0_psum_in_payload = psum_in_0_word;
  end

  always @* begin
    pes_0_psum_in_valid = below_0_valid;
    if (from_lane_0) pes_0_psum_in_valid = 1'b0;
    if (from_lane_0) begin
      if (psum_in_0_col == 1'b0) pes_0_psum_in_valid = psum_in_0_valid;
    end
  end

  always @* begin
    below_0_ready = pes_0_psum_in_ready;
    if (from_lane_0) below_0_ready = 1'b0;
  end

  always @* begin
    psum_in_0_ready = 1'b0;
    if (from_lane_0) begin
      if (psum_in_0_col == 1'b0) psum_in_0_ready = pes_0_psum_in_ready;
    end
  end

  assign above_0_payload = pes_0_psum_out_payload;

  always @* begin
    above_0_valid = pes_0_psum_out_valid;
    if (to_lane_0) above_0_valid = 1'b0;
  end

  always @* begin
    pes_0_psum_out_ready = above_0_ready;
    if (to_lane_0) pes_0_psum_out_ready = 1'b0;
    if (to_lane_0 && psum_out_0_select && psum_out_0_col == 1'b0 && pes_0_psum_out_valid) pes_0_psum_out_ready = psum_out_0_take;
  end

  always @* begin
    psum_out_0_valid = 1'b0;
    psum_out_0_word = 16'd0;
    if (to_lane_0 && psum_out_0_select && psum_out_0_col == 1'b0 && pes_0_psum_out_valid) begin
      psum_out_0_valid = 1'b1;
      psum_out_0_word = psum_out_0_word | pes_0_psum_out_payload;
    end
  end

  assign from_lane_1 = pe_word_1[1];
  assign to_lane_1 = pe_word_1[2];

  always @* begin
    pes_1_psum_in_payload = below_1_payload;
    if (from_lane_1) pes_1_psum_in_payload = psum_in_1_word;
  end

  always @* begin
    pes_1_psum_in_valid = below_1_valid;
    if (from_lane_1) pes_1_psum_in_valid = 1'b0;
    if (from_lane_1) begin
      if (psum_in_1_col == 1'b0) pes_1_psum_in_valid = psum_in_1_valid;
    end
  end

  always @* begin
    below_1_ready = pes_1_psum_in_ready;
    if (from_lane_1) below_1_ready = 1'b0;
  end

  always @* begin
    psum_in_1_ready = 1'b0;
    if (from_lane_1) begin
      if (psum_in_1_col == 1'b0) psum_in_1_ready = pes_1_psum_in_ready;
    end
  end

  assign above_1_payload = pes_1_psum_out_payload;

  always @* begin
    above_1_valid = pes_1_psum_out_valid;
    if (to_lane_1) above_1_valid = 1'b0;
  end

  always @* begin
    pes_1_psum_out_ready = above_1_ready;
    if (to_lane_1) pes_1_psum_out_ready = 1'b0;
    if (to_lane_1 && psum_out_1_select && psum_out_1_col == 1'b0 && pes_1_psum_out_valid) pes_1_psum_out_ready = psum_out_1_take;
  end

  always @* begin
    psum_out_1_valid = 1'b0;
    psum_out_1_word = 16'd0;
    if (to_lane_1 && psum_out_1_select && psum_out_1_col == 1'b0 && pes_1_psum_out_valid) begin
      psum_out_1_valid = 1'b1;
      psum_out_1_word = psum_out_1_word | pes_1_psum_out_payload;
    end
  end

  always @* begin
    mac_sum = 2'd0;
    mac_sum = mac_sum + {1'b0, pes_0_mac};
    mac_sum = mac_sum + {1'b0, pes_1_mac};
  end

  always @* begin
    gated_sum = 2'd0;
    gated_sum = gated_sum + {1'b0, pes_0_gated};
    gated_sum = gated_sum + {1'b0, pes_1_gated};
  end

  assign macs = mac_count;
  assign gated = gated_count;

  always @(posedge clk) begin
    if (rst) begin
      row_word <= 6'd0;
      pe_word_0 <= 6'd0;
      pe_word_1 <= 6'd0;
      mac_count <= 2'd0;
      gated_count <= 2'd0;
    end else begin
      if (chain_shift) begin
        row_word <= chain_in;
        pe_word_0 <= row_word;
        pe_word_1 <= pe_word_0;
      end
      mac_count <= mac_sum;
      gated_count <= gated_sum;
    end
  end
endmodule
