// The constants of the layer in work.
module layer_registers (
  input wire clk,
  input wire rst,
  input wire write,
  input wire [63:0] command_0,
  input wire [63:0] command_1,
  input wire [63:0] command_2,
  input wire [63:0] command_3,
  input wire [63:0] command_4,
  input wire [63:0] command_5,
  input wire [63:0] command_6,
  output wire [3:0] taps_m1,
  output wire [3:0] step,
  output wire [7:0] filters_m1,
  output wire [11:0] windows_m1,
  output wire [7:0] images_m1,
  output wire [3:0] psum_shift,
  output wire [7:0] ifmap_banks,
  output wire [3:0] channels_m1,
  output wire [1:0] streams_m1,
  output wire [15:0] row_width,
  output wire [11:0] channel_stride,
  output wire [11:0] image_stride,
  output wire [15:0] col_run_m1,
  output wire [15:0] col_skip,
  output wire [11:0] col_runs_m1,
  output wire [7:0] filter_words,
  output wire filter_y_m1,
  output wire filter_x_m1,
  output wire [5:0] filter_lines_m1,
  output wire [9:0] psum_filter_stride,
  output wire [9:0] psum_image_stride,
  output wire [1:0] sources_0,
  output wire [1:0] sources_1
);
  wire [3:0] fields_taps_m1;
  wire [3:0] fields_step;
  wire [7:0] fields_filters_m1;
  wire [7:0] fields_filter_words;
  wire [11:0] fields_windows_m1;
  wire [7:0] fields_images_m1;
  wire [3:0] fields_psum_shift;
  wire [7:0] fields_ifmap_banks;
  wire [3:0] fields_channels_m1;
  wire [1:0] fields_streams_m1;
  wire [15:0] fields_row_width;
  wire [11:0] fields_channel_stride;
  wire [11:0] fields_image_stride;
  wire [15:0] fields_col_run_m1;
  wire [15:0] fields_col_skip;
  wire [11:0] fields_col_runs_m1;
  wire fields_filter_y_m1;
  wire fields_filter_x_m1;
  wire [5:0] fields_filter_lines_m1;
  wire [9:0] fields_psum_filter_stride;
  wire [9:0] fields_psum_image_stride;
  reg [3:0] held_taps_m1;
  reg [3:0] held_step;
  reg [7:0] held_filters_m1;
  reg [11:0] held_windows_m1;
  reg [7:0] held_images_m1;
  reg [3:0] held_psum_shift;
  reg [7:0] held_ifmap_banks;
  reg [3:0] held_channels_m1;
  reg [1:0] held_streams_m1;
  reg [15:0] held_row_width;
  reg [11:0] held_channel_stride;
  reg [11:0] held_image_stride;
  reg [15:0] held_col_run_m1;
  reg [15:0] held_col_skip;
  reg [11:0] held_col_runs_m1;
  reg [7:0] held_filter_words;
  reg held_filter_y_m1;
  reg held_filter_x_m1;
  reg [5:0] held_filter_lines_m1;
  reg [9:0] held_psum_filter_stride;
  reg [9:0] held_psum_image_stride;
  reg [1:0] held_sources_0;
  reg [1:0] held_sources_1;

  layer_fields fields (
    .source_0(command_0),
    .source_1(command_1),
    .source_2(command_2),
    .source_3(command_3),
    .source_4(command_4),
    .source_5(command_5),
    .source_6(command_6),
    .taps_m1(fields_taps_m1),
    .step(fields_step),
    .filters_m1(fields_filters_m1),
    .filter_words(fields_filter_words),
    .windows_m1(fields_windows_m1),
    .images_m1(fields_images_m1),
    .psum_shift(fields_psum_shift),
    .ifmap_banks(fields_ifmap_banks),
    .channels_m1(fields_channels_m1),
    .streams_m1(fields_streams_m1),
    .row_width(fields_row_width),
    .channel_stride(fields_channel_stride),
    .image_stride(fields_image_stride),
    .col_run_m1(fields_col_run_m1),
    .col_skip(fields_col_skip),
    .col_runs_m1(fields_col_runs_m1),
    .filter_y_m1(fields_filter_y_m1),
    .filter_x_m1(fields_filter_x_m1),
    .filter_lines_m1(fields_filter_lines_m1),
    .psum_filter_stride(fields_psum_filter_stride),
    .psum_image_stride(fields_psum_image_stride)
  );

  assign taps_m1 = held_taps_m1;
  assign step = held_step;
  assign filters_m1 = held_filters_m1;
  assign windows_m1 = held_windows_m1;
  assign images_m1 = held_images_m1;
  assign psum_shift = held_psum_shift;
  assign ifmap_banks = held_ifmap_banks;
  assign channels_m1 = held_channels_m1;
  assign streams_m1 = held_streams_m1;
  assign row_width = held_row_width;
  assign channel_stride = held_channel_stride;
  assign image_stride = held_image_stride;
  assign col_run_m1 = held_col_run_m1;
  assign col_skip = held_col_skip;
  assign col_runs_m1 = held_col_runs_m1;
  assign filter_words = held_filter_words;
  assign filter_y_m1 = held_filter_y_m1;
  assign filter_x_m1 = held_filter_x_m1;
  assign filter_lines_m1 = held_filter_lines_m1;
  assign psum_filter_stride = held_psum_filter_stride;
  assign psum_image_stride = held_psum_image_stride;
  assign sources_0 = held_sources_0;
  assign sources_1 = held_sources_1;

  always @(posedge clk) begin
    if (rst) begin
      held_taps_m1 <= 4'd0;
      held_step <= 4'd0;
      held_filters_m1 <= 8'd0;
      held_windows_m1 <= 12'd0;
      held_images_m1 <= 8'd0;
      held_psum_shift <= 4'd0;
      held_ifmap_banks <= 8'd0;
      held_channels_m1 <= 4'd0;
      held_streams_m1 <= 2'd0;
      held_row_width <= 16'd0;
      held_channel_stride <= 12'd0;
      held_image_stride <= 12'd0;
      held_col_run_m1 <= 16'd0;
      held_col_skip <= 16'd0;
      held_col_runs_m1 <= 12'd0;
      held_filter_words <= 8'd0;
      held_filter_y_m1 <= 1'b0;
      held_filter_x_m1 <= 1'b0;
      held_filter_lines_m1 <= 6'd0;
      held_psum_filter_stride <= 10'd0;
      held_psum_image_stride <= 10'd0;
      held_sources_0 <= 2'd0;
      held_sources_1 <= 2'd0;
    end else begin
      if (write) begin
        held_taps_m1 <= fields_taps_m1;
        held_step <= fields_step;
        held_filters_m1 <= fields_filters_m1;
        held_windows_m1 <= fields_windows_m1;
        held_images_m1 <= fields_images_m1;
        held_psum_shift <= fields_psum_shift;
        held_ifmap_banks <= fields_ifmap_banks;
        held_channels_m1 <= fields_channels_m1;
        held_streams_m1 <= fields_streams_m1;
        held_row_width <= fields_row_width;
        held_channel_stride <= fields_channel_stride;
        held_image_stride <= fields_image_stride;
        held_col_run_m1 <= fields_col_run_m1;
        held_col_skip <= fields_col_skip;
        held_col_runs_m1 <= fields_col_runs_m1;
        held_filter_words <= fields_filter_words;
        held_filter_y_m1 <= fields_filter_y_m1;
        held_filter_x_m1 <= fields_filter_x_m1;
        held_filter_lines_m1 <= fields_filter_lines_m1;
        held_psum_filter_stride <= fields_psum_filter_stride;
        held_psum_image_stride <= fields_psum_image_stride;
      end
      if (write) held_sources_0 <= command_6[1:0];
      if (write) held_sources_1 <= command_6[17:16];
    end
  end
endmodule
