// Turns pass commands into traffic between the global buffer and the array.
module rs_sequencer (
  input wire clk, rst,
  input wire [447:0] command,
  input wire layer_write, table_write,
  input wire [7:0] table_target,
  input wire [15:0] table_index,
  input wire [63:0] table_word,
  input wire pass_valid,
  output wire pass_ready,
  input wire [7:0] flags,
  input wire loaded_post,
  output wire ifmap_free_post,
  input wire psum_free_post,
  output wire psum_done_post, idle,
  input wire staging_valid,
  output wire staging_ready,
  input wire [31:0] staging_word,
  output wire [7:0] ifmap_banks,
  output wire ifmap_read,
  output wire [11:0] ifmap_address,
  input wire [7:0] ifmap_read_word,
  output wire [1:0] psum_read,
  output wire [19:0] psum_read_line,
  input wire [31:0] psum_read_word,
  output wire [1:0] psum_write,
  output wire [19:0] psum_write_line,
  output wire [31:0] psum_write_word,
  output wire chain_shift,
  output wire [5:0] chain_word,
  output wire [3:0] taps_m1, step,
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
  output wire filter_y, filter_x,
  output wire [1:0] filter_first,
  output wire [31:0] filter_word,
  output wire [1:0] psum_in_valid,
  input wire [1:0] psum_in_ready,
  output wire [1:0] psum_in_row, psum_in_col,
  output wire [31:0] psum_in_word,
  output wire [1:0] psum_out_row, psum_out_col, psum_out_take,
  input wire [1:0] psum_out_valid,
  input wire [31:0] psum_out_word,
  output wire ifmap_bus_words, filter_bus_lines
);
  wire [3:0] layer_channels_m1, layer_sources;
  wire [1:0] layer_streams_m1;
  wire [15:0] layer_row_width, layer_col_run_m1, layer_col_skip;
  wire [11:0] layer_channel_stride, layer_image_stride, layer_col_runs_m1;
  wire [7:0] layer_filter_words;
  wire layer_filter_y_m1, layer_filter_x_m1;
  wire [5:0] layer_filter_lines_m1;
  wire [9:0] layer_psum_filter_stride, layer_psum_image_stride;
  wire ifmap_pass_ready, ifmap_idle;
  wire feeders_pass_ready, feeders_idle;
  wire collectors_pass_ready, collectors_pass_done, collectors_idle;
  wire staging_out_valid;
  wire [31:0] staging_out_word;
  wire filters_in_ready;
  reg shift, ifmap_moved, filter_moved;
  reg [5:0] chain;
  wire ifmap_table_write = table_write && table_target == 8'd1;
  wire feeders_table_write_0 = table_write && table_target == 8'd4;
  wire feeders_table_write_1 = table_write && table_target == 8'd5;
  wire take = pass_valid & ifmap_pass_ready & feeders_pass_ready & collectors_pass_ready;
  wire [11:0] pass_tile = command[11:0];
  wire [15:0] pass_x_start = command[47:32];
  wire [11:0] pass_c_valid = command[59:48];
  wire [11:0] pass_h_lo = command[75:64];
  wire [11:0] pass_h_hi = command[91:80];
  wire [7:0] pass_distance = command[103:96];
  wire [9:0] pass_psum = command[137:128];
  wire source_row = table_word[0];
  wire source_feed = table_word[36];
  wire source_col = table_word[8];
  wire [9:0] source_offset = table_word[25:16];
  wire unused_bits = &{1'b0, table_index[15:2], flags[7:5]};

  layer_registers layer (
    .clk(clk), .rst(rst), .write(layer_write), .command(command), .taps_m1(taps_m1), .step(step),
    .filters_m1(filters_m1), .windows_m1(windows_m1), .images_m1(images_m1), .psum_shift(psum_shift),
    .ifmap_banks(ifmap_banks), .channels_m1(layer_channels_m1), .streams_m1(layer_streams_m1),
    .row_width(layer_row_width), .channel_stride(layer_channel_stride), .image_stride(layer_image_stride),
    .col_run_m1(layer_col_run_m1), .col_skip(layer_col_skip), .col_runs_m1(layer_col_runs_m1),
    .filter_words(layer_filter_words), .filter_y_m1(layer_filter_y_m1), .filter_x_m1(layer_filter_x_m1),
    .filter_lines_m1(layer_filter_lines_m1), .psum_filter_stride(layer_psum_filter_stride),
    .psum_image_stride(layer_psum_image_stride), .sources(layer_sources)
  );

  ifmap_walker ifmap (
    .clk(clk), .rst(rst),
    .layer_channels_m1(layer_channels_m1), .layer_streams_m1(layer_streams_m1), .layer_row_width(layer_row_width),
    .layer_channel_stride(layer_channel_stride), .layer_image_stride(layer_image_stride),
    .layer_col_run_m1(layer_col_run_m1), .layer_col_skip(layer_col_skip), .layer_col_runs_m1(layer_col_runs_m1),
    .layer_images_m1(images_m1), .table_write(ifmap_table_write), .table_index(table_index[1:0]),
    .table_word(table_word), .pass_valid(take), .pass_ready(ifmap_pass_ready), .tile(pass_tile), .x_start(pass_x_start),
    .c_valid(pass_c_valid), .h_lo(pass_h_lo), .h_hi(pass_h_hi), .wait_loaded(flags[0]), .post_free(flags[1]),
    .loaded_post(loaded_post), .ifmap_free_post(ifmap_free_post), .idle(ifmap_idle), .ifmap_read(ifmap_read),
    .ifmap_address(ifmap_address), .ifmap_read_word(ifmap_read_word), .ifmap_valid(ifmap_valid),
    .ifmap_ready(ifmap_ready), .ifmap_y(ifmap_y), .ifmap_x(ifmap_x), .ifmap_word(ifmap_word)
  );

  psum_feeders feeders (
    .clk(clk), .rst(rst),
    .layer_windows_m1(windows_m1), .layer_filters_m1(filters_m1), .layer_images_m1(images_m1),
    .layer_filter_stride(layer_psum_filter_stride), .layer_image_stride(layer_psum_image_stride),
    .sources(layer_sources), .table_write({feeders_table_write_1, feeders_table_write_0}),
    .entry_index(table_index[0]), .entry_row(source_feed), .entry_col(source_col), .entry_offset(source_offset),
    .pass_valid(take), .pass_ready(feeders_pass_ready), .psum(pass_psum), .distance(pass_distance), .first(flags[2]),
    .pass_done(collectors_pass_done), .idle(feeders_idle), .psum_read(psum_read), .psum_read_line(psum_read_line),
    .psum_read_word(psum_read_word), .psum_in_valid(psum_in_valid), .psum_in_ready(psum_in_ready),
    .psum_in_row(psum_in_row), .psum_in_col(psum_in_col), .psum_in_word(psum_in_word)
  );

  psum_collectors collectors (
    .clk(clk), .rst(rst),
    .layer_windows_m1(windows_m1), .layer_filters_m1(filters_m1), .layer_images_m1(images_m1),
    .layer_filter_stride(layer_psum_filter_stride), .layer_image_stride(layer_psum_image_stride),
    .sources(layer_sources), .table_write({feeders_table_write_1, feeders_table_write_0}),
    .entry_index(table_index[0]), .entry_row(source_row), .entry_col(source_col), .entry_offset(source_offset),
    .pass_valid(take), .pass_ready(collectors_pass_ready), .psum(pass_psum), .wait_psum_free(flags[3]),
    .post_psum_done(flags[4]), .psum_free_post(psum_free_post), .psum_done_post(psum_done_post),
    .pass_done(collectors_pass_done), .idle(collectors_idle), .psum_out_row(psum_out_row), .psum_out_col(psum_out_col),
    .psum_out_take(psum_out_take), .psum_out_valid(psum_out_valid), .psum_out_word(psum_out_word),
    .psum_write(psum_write), .psum_write_line(psum_write_line), .psum_write_word(psum_write_word)
  );

  filter_staging staging (
    .clk(clk), .rst(rst), .clear(layer_write), .in_valid(staging_valid), .in_ready(staging_ready),
    .in_word(staging_word), .out_valid(staging_out_valid), .out_ready(filters_in_ready), .out_word(staging_out_word)
  );

  filter_walker filters (
    .clk(clk), .rst(rst), .filter_words(layer_filter_words), .filter_lines_m1(layer_filter_lines_m1),
    .filter_x_m1(layer_filter_x_m1), .filter_y_m1(layer_filter_y_m1), .restart(layer_write),
    .in_valid(staging_out_valid), .in_ready(filters_in_ready), .in_word(staging_out_word), .filter_valid(filter_valid),
    .filter_ready(filter_ready), .filter_y(filter_y), .filter_x(filter_x), .filter_first(filter_first),
    .filter_word(filter_word)
  );

  assign chain_shift = shift, chain_word = chain;
  assign pass_ready = ifmap_pass_ready & feeders_pass_ready & collectors_pass_ready;
  assign idle = ifmap_idle && feeders_idle && collectors_idle && !shift;
  assign ifmap_bus_words = ifmap_moved, filter_bus_lines = filter_moved;

  always @(posedge clk) begin
    if (rst) begin
      shift <= 1'b0; chain <= 6'd0; ifmap_moved <= 1'b0; filter_moved <= 1'b0;
    end else begin
      shift <= table_write && table_target == 8'd0;
      chain <= table_word[5:0];
      ifmap_moved <= ifmap_valid & ifmap_ready;
      filter_moved <= filter_valid & filter_ready;
    end
  end
endmodule
