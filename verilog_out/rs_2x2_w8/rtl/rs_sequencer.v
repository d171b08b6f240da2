// Turns pass commands into traffic between the global buffer and the array.
module rs_sequencer (
  input wire clk,
  input wire rst,
  input wire [63:0] command_0,
  input wire [63:0] command_1,
  input wire [63:0] command_2,
  input wire [63:0] command_3,
  input wire [63:0] command_4,
  input wire [63:0] command_5,
  input wire [63:0] command_6,
  input wire layer_write,
  input wire table_write,
  input wire [7:0] table_target,
  input wire [15:0] table_index,
  input wire [63:0] table_word,
  input wire pass_valid,
  output wire pass_ready,
  input wire [7:0] flags,
  input wire loaded_post,
  output wire ifmap_free_post,
  input wire psum_free_post,
  output wire psum_done_post,
  output wire idle,
  input wire staging_valid,
  output wire staging_ready,
  input wire [7:0] staging_word_0,
  input wire [7:0] staging_word_1,
  input wire [7:0] staging_word_2,
  input wire [7:0] staging_word_3,
  output wire [7:0] ifmap_banks,
  output wire ifmap_read,
  output wire [11:0] ifmap_address,
  input wire [7:0] ifmap_read_word,
  output wire psum_read_0,
  output wire psum_read_1,
  output wire [9:0] psum_read_line_0,
  output wire [9:0] psum_read_line_1,
  input wire [15:0] psum_read_word_0,
  input wire [15:0] psum_read_word_1,
  output wire psum_write_0,
  output wire psum_write_1,
  output wire [9:0] psum_write_line_0,
  output wire [9:0] psum_write_line_1,
  output wire [15:0] psum_write_word_0,
  output wire [15:0] psum_write_word_1,
  output wire chain_shift,
  output wire [5:0] chain_word,
  output wire [3:0] taps_m1,
  output wire [3:0] step,
  output wire [7:0] filters_m1,
  output wire [11:0] windows_m1,
  output wire [7:0] images_m1,
  output wire [3:0] psum_shift,
  output wire ifmap_valid,
  input wire ifmap_ready,
  output wire ifmap_y,
  output wire [1:0] ifmap_x,
  output wire [7:0] ifmap_word,
  output wire filter_valid,
  input wire filter_ready,
  output wire filter_y,
  output wire filter_x,
  output wire [1:0] filter_count_m1,
  output wire [7:0] filter_word_0,
  output wire [7:0] filter_word_1,
  output wire [7:0] filter_word_2,
  output wire [7:0] filter_word_3,
  output wire psum_in_valid_0,
  output wire psum_in_valid_1,
  input wire psum_in_ready_0,
  input wire psum_in_ready_1,
  output wire psum_in_row_0,
  output wire psum_in_row_1,
  output wire psum_in_col_0,
  output wire psum_in_col_1,
  output wire [15:0] psum_in_word_0,
  output wire [15:0] psum_in_word_1,
  output wire psum_out_row_0,
  output wire psum_out_row_1,
  output wire psum_out_col_0,
  output wire psum_out_col_1,
  output wire psum_out_take_0,
  output wire psum_out_take_1,
  input wire psum_out_valid_0,
  input wire psum_out_valid_1,
  input wire [15:0] psum_out_word_0,
  input wire [15:0] psum_out_word_1,
  output wire ifmap_bus_words,
  output wire filter_bus_lines
);
  wire take;
  wire [7:0] layer_filters_m1;
  wire [11:0] layer_windows_m1;
  wire [7:0] layer_images_m1;
  wire [3:0] layer_channels_m1;
  wire [1:0] layer_streams_m1;
  wire [15:0] layer_row_width;
  wire [11:0] layer_channel_stride;
  wire [11:0] layer_image_stride;
  wire [15:0] layer_col_run_m1;
  wire [15:0] layer_col_skip;
  wire [11:0] layer_col_runs_m1;
  wire [7:0] layer_filter_words;
  wire layer_filter_y_m1;
  wire layer_filter_x_m1;
  wire [5:0] layer_filter_lines_m1;
  wire [9:0] layer_psum_filter_stride;
  wire [9:0] layer_psum_image_stride;
  wire [1:0] layer_sources_0;
  wire [1:0] layer_sources_1;
  wire [11:0] pass_tile;
  wire [15:0] pass_x_start;
  wire [11:0] pass_c_valid;
  wire [11:0] pass_h_lo;
  wire [11:0] pass_h_hi;
  wire [7:0] pass_distance;
  wire [9:0] pass_psum;
  wire source_row;
  wire source_feed;
  wire source_col;
  wire [9:0] source_offset;
  wire ifmap_table_write;
  wire ifmap_pass_ready;
  wire ifmap_idle;
  wire ifmap_ifmap_valid;
  wire feeders_table_write_0;
  wire feeders_table_write_1;
  wire feeders_pass_ready;
  wire feeders_idle;
  wire collectors_pass_ready;
  wire collectors_pass_done;
  wire collectors_idle;
  wire staging_out_valid;
  wire [7:0] staging_out_word_0;
  wire [7:0] staging_out_word_1;
  wire [7:0] staging_out_word_2;
  wire [7:0] staging_out_word_3;
  wire filters_in_ready;
  wire filters_filter_valid;
  reg shift;
  reg [5:0] chain;
  reg ifmap_moved;
  reg filter_moved;

  layer_registers layer (
    .clk(clk),
    .rst(rst),
    .write(layer_write),
    .command_0(command_0),
    .command_1(command_1),
    .command_2(command_2),
    .command_3(command_3),
    .command_4(command_4),
    .command_5(command_5),
    .command_6(command_6),
    .taps_m1(taps_m1),
    .step(step),
    .filters_m1(layer_filters_m1),
    .windows_m1(layer_windows_m1),
    .images_m1(layer_images_m1),
    .psum_shift(psum_shift),
    .ifmap_banks(ifmap_banks),
    .channels_m1(layer_channels_m1),
    .streams_m1(layer_streams_m1),
    .row_width(layer_row_width),
    .channel_stride(layer_channel_stride),
    .image_stride(layer_image_stride),
    .col_run_m1(layer_col_run_m1),
    .col_skip(layer_col_skip),
    .col_runs_m1(layer_col_runs_m1),
    .filter_words(layer_filter_words),
    .filter_y_m1(layer_filter_y_m1),
    .filter_x_m1(layer_filter_x_m1),
    .filter_lines_m1(layer_filter_lines_m1),
    .psum_filter_stride(layer_psum_filter_stride),
    .psum_image_stride(layer_psum_image_stride),
    .sources_0(layer_sources_0),
    .sources_1(layer_sources_1)
  );

  pass_fields pass (
    .source_0(command_0),
    .source_1(command_1),
    .source_2(command_2),
    .tile(pass_tile),
    .x_start(pass_x_start),
    .c_valid(pass_c_valid),
    .h_lo(pass_h_lo),
    .h_hi(pass_h_hi),
    .distance(pass_distance),
    .psum(pass_psum)
  );

  source_fields source (
    .source_0(table_word),
    .row(source_row),
    .feed(source_feed),
    .col(source_col),
    .offset(source_offset)
  );

  ifmap_walker ifmap (
    .clk(clk),
    .rst(rst),
    .layer_channels_m1(layer_channels_m1),
    .layer_streams_m1(layer_streams_m1),
    .layer_row_width(layer_row_width),
    .layer_channel_stride(layer_channel_stride),
    .layer_image_stride(layer_image_stride),
    .layer_col_run_m1(layer_col_run_m1),
    .layer_col_skip(layer_col_skip),
    .layer_col_runs_m1(layer_col_runs_m1),
    .layer_images_m1(layer_images_m1),
    .table_write(ifmap_table_write),
    .table_index(table_index[1:0]),
    .table_word(table_word),
    .pass_valid(take),
    .pass_ready(ifmap_pass_ready),
    .tile(pass_tile),
    .x_start(pass_x_start),
    .c_valid(pass_c_valid),
    .h_lo(pass_h_lo),
    .h_hi(pass_h_hi),
    .wait_loaded(flags[0]),
    .post_free(flags[1]),
    .loaded_post(loaded_post),
    .ifmap_free_post(ifmap_free_post),
    .idle(ifmap_idle),
    .ifmap_read(ifmap_read),
    .ifmap_address(ifmap_address),
    .ifmap_read_word(ifmap_read_word),
    .ifmap_valid(ifmap_ifmap_valid),
    .ifmap_ready(ifmap_ready),
    .ifmap_y(ifmap_y),
    .ifmap_x(ifmap_x),
    .ifmap_word(ifmap_word)
  );

  psum_feeders feeders (
    .clk(clk),
    .rst(rst),
    .layer_windows_m1(layer_windows_m1),
    .layer_filters_m1(layer_filters_m1),
    .layer_images_m1(layer_images_m1),
    .layer_filter_stride(layer_psum_filter_stride),
    .layer_image_stride(layer_psum_image_stride),
    .sources_0(layer_sources_0),
    .sources_1(layer_sources_1),
    .table_write_0(feeders_table_write_0),
    .table_write_1(feeders_table_write_1),
    .entry_index(table_index[0]),
    .entry_row(source_feed),
    .entry_col(source_col),
    .entry_offset(source_offset),
    .pass_valid(take),
    .pass_ready(feeders_pass_ready),
    .psum(pass_psum),
    .distance(pass_distance),
    .first(flags[2]),
    .pass_done(collectors_pass_done),
    .idle(feeders_idle),
    .psum_read_0(psum_read_0),
    .psum_read_1(psum_read_1),
    .psum_read_line_0(psum_read_line_0),
    .psum_read_line_1(psum_read_line_1),
    .psum_read_word_0(psum_read_word_0),
    .psum_read_word_1(psum_read_word_1),
    .psum_in_valid_0(psum_in_valid_0),
    .psum_in_valid_1(psum_in_valid_1),
    .psum_in_ready_0(psum_in_ready_0),
    .psum_in_ready_1(psum_in_ready_1),
    .psum_in_row_0(psum_in_row_0),
    .psum_in_row_1(psum_in_row_1),
    .psum_in_col_0(psum_in_col_0),
    .psum_in_col_1(psum_in_col_1),
    .psum_in_word_0(psum_in_word_0),
    .psum_in_word_1(psum_in_word_1)
  );

  psum_collectors collectors (
    .clk(clk),
    .rst(rst),
    .layer_windows_m1(layer_windows_m1),
    .layer_filters_m1(layer_filters_m1),
    .layer_images_m1(layer_images_m1),
    .layer_filter_stride(layer_psum_filter_stride),
    .layer_image_stride(layer_psum_image_stride),
    .sources_0(layer_sources_0),
    .sources_1(layer_sources_1),
    .table_write_0(feeders_table_write_0),
    .table_write_1(feeders_table_write_1),
    .entry_index(table_index[0]),
    .entry_row(source_row),
    .entry_col(source_col),
    .entry_offset(source_offset),
    .pass_valid(take),
    .pass_ready(collectors_pass_ready),
    .psum(pass_psum),
    .wait_psum_free(flags[3]),
    .post_psum_done(flags[4]),
    .psum_free_post(psum_free_post),
    .psum_done_post(psum_done_post),
    .pass_done(collectors_pass_done),
    .idle(collectors_idle),
    .psum_out_row_0(psum_out_row_0),
    .psum_out_row_1(psum_out_row_1),
    .psum_out_col_0(psum_out_col_0),
    .psum_out_col_1(psum_out_col_1),
    .psum_out_take_0(psum_out_take_0),
    .psum_out_take_1(psum_out_take_1),
    .psum_out_valid_0(psum_out_valid_0),
    .psum_out_valid_1(psum_out_valid_1),
    .psum_out_word_0(psum_out_word_0),
    .psum_out_word_1(psum_out_word_1),
    .psum_write_0(psum_write_0),
    .psum_write_1(psum_write_1),
    .psum_write_line_0(psum_write_line_0),
    .psum_write_line_1(psum_write_line_1),
    .psum_write_word_0(psum_write_word_0),
    .psum_write_word_1(psum_write_word_1)
  );

  filter_staging staging (
    .clk(clk),
    .rst(rst),
    .clear(layer_write),
    .in_valid(staging_valid),
    .in_ready(staging_ready),
    .in_word_0(staging_word_0),
    .in_word_1(staging_word_1),
    .in_word_2(staging_word_2),
    .in_word_3(staging_word_3),
    .out_valid(staging_out_valid),
    .out_ready(filters_in_ready),
    .out_word_0(staging_out_word_0),
    .out_word_1(staging_out_word_1),
    .out_word_2(staging_out_word_2),
    .out_word_3(staging_out_word_3)
  );

  filter_walker filters (
    .clk(clk),
    .rst(rst),
    .filter_words(layer_filter_words),
    .filter_lines_m1(layer_filter_lines_m1),
    .filter_x_m1(layer_filter_x_m1),
    .filter_y_m1(layer_filter_y_m1),
    .restart(layer_write),
    .in_valid(staging_out_valid),
    .in_ready(filters_in_ready),
    .in_word_0(staging_out_word_0),
    .in_word_1(staging_out_word_1),
    .in_word_2(staging_out_word_2),
    .in_word_3(staging_out_word_3),
    .filter_valid(filters_filter_valid),
    .filter_ready(filter_ready),
    .filter_y(filter_y),
    .filter_x(filter_x),
    .filter_count_m1(filter_count_m1),
    .filter_word_0(filter_word_0),
    .filter_word_1(filter_word_1),
    .filter_word_2(filter_word_2),
    .filter_word_3(filter_word_3)
  );

  assign filters_m1 = layer_filters_m1;
  assign windows_m1 = layer_windows_m1;
  assign images_m1 = layer_images_m1;
  assign chain_shift = shift;
  assign chain_word = chain;
  assign ifmap_table_write = table_write && table_target == 8'd1;
  assign feeders_table_write_0 = table_write && table_target == 8'd4;
  assign feeders_table_write_1 = table_write && table_target == 8'd5;
  assign pass_ready = ifmap_pass_ready & feeders_pass_ready & collectors_pass_ready;
  assign take = pass_valid & ifmap_pass_ready & feeders_pass_ready & collectors_pass_ready;
  assign idle = ifmap_idle && feeders_idle && collectors_idle && !shift;
  assign ifmap_valid = ifmap_ifmap_valid;
  assign ifmap_bus_words = ifmap_moved;
  assign filter_valid = filters_filter_valid;
  assign filter_bus_lines = filter_moved;

  always @(posedge clk) begin
    if (rst) begin
      shift <= 1'b0;
      chain <= 6'd0;
      ifmap_moved <= 1'b0;
      filter_moved <= 1'b0;
    end else begin
      shift <= table_write && table_target == 8'd0;
      chain <= table_word[5:0];
      ifmap_moved <= ifmap_ifmap_valid & ifmap_ready;
      filter_moved <= filters_filter_valid & filter_ready;
    end
  end
endmodule
