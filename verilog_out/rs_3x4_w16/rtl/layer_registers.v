// The constants of the layer in work.
module layer_registers (
  input wire clk, rst, write,
  input wire [447:0] command,
  output wire [3:0] taps_m1, step,
  output wire [7:0] filters_m1,
  output wire [11:0] windows_m1,
  output wire [7:0] images_m1,
  output wire [4:0] psum_shift,
  output wire [7:0] ifmap_banks,
  output wire [3:0] channels_m1, streams_m1,
  output wire [15:0] row_width,
  output wire [12:0] channel_stride, image_stride,
  output wire [15:0] col_run_m1, col_skip,
  output wire [11:0] col_runs_m1,
  output wire [7:0] filter_words,
  output wire [1:0] filter_y_m1, filter_x_m1,
  output wire [5:0] filter_lines_m1,
  output wire [10:0] psum_filter_stride, psum_image_stride,
  output wire [5:0] sources
);
  reg [3:0] held_taps_m1, held_step, held_channels_m1, held_streams_m1;
  reg [7:0] held_filters_m1, held_images_m1, held_ifmap_banks, held_filter_words;
  reg [11:0] held_windows_m1, held_col_runs_m1;
  reg [4:0] held_psum_shift;
  reg [15:0] held_row_width, held_col_run_m1, held_col_skip;
  reg [12:0] held_channel_stride, held_image_stride;
  reg [1:0] held_filter_y_m1, held_filter_x_m1;
  reg [5:0] held_filter_lines_m1;
  reg [10:0] held_psum_filter_stride, held_psum_image_stride;
  reg [2:0] held_sources_0, held_sources_1;
  wire [3:0] fields_taps_m1 = command[3:0];
  wire [3:0] fields_step = command[19:16];
  wire [7:0] fields_filters_m1 = command[39:32];
  wire [7:0] fields_filter_words = command[55:48];
  wire [11:0] fields_windows_m1 = command[75:64];
  wire [7:0] fields_images_m1 = command[87:80];
  wire [4:0] fields_psum_shift = command[100:96];
  wire [7:0] fields_ifmap_banks = command[111:104];
  wire [3:0] fields_channels_m1 = command[115:112];
  wire [3:0] fields_streams_m1 = command[131:128];
  wire [15:0] fields_row_width = command[159:144];
  wire [12:0] fields_channel_stride = command[172:160];
  wire [12:0] fields_image_stride = command[204:192];
  wire [15:0] fields_col_run_m1 = command[239:224];
  wire [15:0] fields_col_skip = command[255:240];
  wire [11:0] fields_col_runs_m1 = command[267:256];
  wire [1:0] fields_filter_y_m1 = command[273:272];
  wire [1:0] fields_filter_x_m1 = command[289:288];
  wire [5:0] fields_filter_lines_m1 = command[309:304];
  wire [10:0] fields_psum_filter_stride = command[330:320];
  wire [10:0] fields_psum_image_stride = command[362:352];
  wire unused_bits = &{1'b0, command};

  assign taps_m1 = held_taps_m1, step = held_step, filters_m1 = held_filters_m1, windows_m1 = held_windows_m1;
  assign images_m1 = held_images_m1, psum_shift = held_psum_shift, ifmap_banks = held_ifmap_banks;
  assign channels_m1 = held_channels_m1, streams_m1 = held_streams_m1, row_width = held_row_width;
  assign channel_stride = held_channel_stride, image_stride = held_image_stride, col_run_m1 = held_col_run_m1;
  assign col_skip = held_col_skip, col_runs_m1 = held_col_runs_m1, filter_words = held_filter_words;
  assign filter_y_m1 = held_filter_y_m1, filter_x_m1 = held_filter_x_m1, filter_lines_m1 = held_filter_lines_m1;
  assign psum_filter_stride = held_psum_filter_stride, psum_image_stride = held_psum_image_stride;
  assign sources[0*3 +: 3] = held_sources_0;
  assign sources[1*3 +: 3] = held_sources_1;

  always @(posedge clk) begin
    if (rst) begin
      held_taps_m1 <= 4'd0; held_step <= 4'd0; held_filters_m1 <= 8'd0; held_windows_m1 <= 12'd0;
      held_images_m1 <= 8'd0; held_psum_shift <= 5'd0; held_ifmap_banks <= 8'd0; held_channels_m1 <= 4'd0;
      held_streams_m1 <= 4'd0; held_row_width <= 16'd0; held_channel_stride <= 13'd0; held_image_stride <= 13'd0;
      held_col_run_m1 <= 16'd0; held_col_skip <= 16'd0; held_col_runs_m1 <= 12'd0; held_filter_words <= 8'd0;
      held_filter_y_m1 <= 2'd0; held_filter_x_m1 <= 2'd0; held_filter_lines_m1 <= 6'd0;
      held_psum_filter_stride <= 11'd0; held_psum_image_stride <= 11'd0; held_sources_0 <= 3'd0; held_sources_1 <= 3'd0;
    end else begin
      if (write) begin
        held_taps_m1 <= fields_taps_m1; held_step <= fields_step; held_filters_m1 <= fields_filters_m1;
        held_windows_m1 <= fields_windows_m1; held_images_m1 <= fields_images_m1; held_psum_shift <= fields_psum_shift;
        held_ifmap_banks <= fields_ifmap_banks; held_channels_m1 <= fields_channels_m1;
        held_streams_m1 <= fields_streams_m1; held_row_width <= fields_row_width;
        held_channel_stride <= fields_channel_stride; held_image_stride <= fields_image_stride;
        held_col_run_m1 <= fields_col_run_m1; held_col_skip <= fields_col_skip; held_col_runs_m1 <= fields_col_runs_m1;
        held_filter_words <= fields_filter_words; held_filter_y_m1 <= fields_filter_y_m1;
        held_filter_x_m1 <= fields_filter_x_m1; held_filter_lines_m1 <= fields_filter_lines_m1;
        held_psum_filter_stride <= fields_psum_filter_stride; held_psum_image_stride <= fields_psum_image_stride;
      end
      if (write) held_sources_0 <= command[386:384];
      if (write) held_sources_1 <= command[402:400];
    end
  end
endmodule
