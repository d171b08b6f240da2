// Fields of a LAYER command.
module layer_fields (
  input wire [63:0] source_0,
  input wire [63:0] source_1,
  input wire [63:0] source_2,
  input wire [63:0] source_3,
  input wire [63:0] source_4,
  input wire [63:0] source_5,
  input wire [63:0] source_6,
  output wire [3:0] taps_m1,
  output wire [3:0] step,
  output wire [7:0] filters_m1,
  output wire [7:0] filter_words,
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
  output wire filter_y_m1,
  output wire filter_x_m1,
  output wire [5:0] filter_lines_m1,
  output wire [9:0] psum_filter_stride,
  output wire [9:0] psum_image_stride
);
  assign taps_m1 = source_0[3:0];
  assign step = source_0[19:16];
  assign filters_m1 = source_0[39:32];
  assign filter_words = source_0[55:48];
  assign windows_m1 = source_1[11:0];
  assign images_m1 = source_1[23:16];
  assign psum_shift = source_1[35:32];
  assign ifmap_banks = source_1[47:40];
  assign channels_m1 = source_1[51:48];
  assign streams_m1 = source_2[1:0];
  assign row_width = source_2[31:16];
  assign channel_stride = source_2[43:32];
  assign image_stride = source_3[11:0];
  assign col_run_m1 = source_3[47:32];
  assign col_skip = source_3[63:48];
  assign col_runs_m1 = source_4[11:0];
  assign filter_y_m1 = source_4[16];
  assign filter_x_m1 = source_4[32];
  assign filter_lines_m1 = source_4[53:48];
  assign psum_filter_stride = source_5[9:0];
  assign psum_image_stride = source_5[41:32];
endmodule
