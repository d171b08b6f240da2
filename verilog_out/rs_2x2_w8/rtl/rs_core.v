// Row-stationary core: sequencer and PE array.
module rs_core (
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
  output wire ifmap_bus_words, filter_bus_lines,
  output wire [2:0] events_0, events_1, events_2, output wire [4:0] events_3, output wire [2:0] events_4, events_5
);
  wire sequencer_chain_shift, sequencer_ifmap_valid, sequencer_ifmap_y, sequencer_filter_valid, sequencer_filter_y;
  wire sequencer_filter_x;
  wire [5:0] sequencer_chain_word;
  wire [3:0] sequencer_taps_m1, sequencer_step, sequencer_psum_shift;
  wire [7:0] sequencer_filters_m1, sequencer_images_m1, sequencer_ifmap_word;
  wire [11:0] sequencer_windows_m1;
  wire [1:0] sequencer_ifmap_x, sequencer_filter_first, sequencer_psum_in_valid, sequencer_psum_in_row;
  wire [1:0] sequencer_psum_in_col, sequencer_psum_out_row, sequencer_psum_out_col, sequencer_psum_out_take;
  wire [31:0] sequencer_filter_word, sequencer_psum_in_word;
  wire array_ifmap_ready, array_filter_ready;
  wire [1:0] array_psum_in_ready, array_psum_out_valid;
  wire [31:0] array_psum_out_word;

  rs_sequencer sequencer (
    .clk(clk), .rst(rst), .command(command), .layer_write(layer_write), .table_write(table_write),
    .table_target(table_target), .table_index(table_index), .table_word(table_word), .pass_valid(pass_valid),
    .pass_ready(pass_ready), .flags(flags), .loaded_post(loaded_post), .ifmap_free_post(ifmap_free_post),
    .psum_free_post(psum_free_post), .psum_done_post(psum_done_post), .idle(idle), .staging_valid(staging_valid),
    .staging_ready(staging_ready), .staging_word(staging_word), .ifmap_banks(ifmap_banks), .ifmap_read(ifmap_read),
    .ifmap_address(ifmap_address), .ifmap_read_word(ifmap_read_word), .psum_read(psum_read),
    .psum_read_line(psum_read_line), .psum_read_word(psum_read_word), .psum_write(psum_write),
    .psum_write_line(psum_write_line), .psum_write_word(psum_write_word), .chain_shift(sequencer_chain_shift),
    .chain_word(sequencer_chain_word), .taps_m1(sequencer_taps_m1), .step(sequencer_step),
    .filters_m1(sequencer_filters_m1), .windows_m1(sequencer_windows_m1), .images_m1(sequencer_images_m1),
    .psum_shift(sequencer_psum_shift), .ifmap_valid(sequencer_ifmap_valid), .ifmap_ready(array_ifmap_ready),
    .ifmap_y(sequencer_ifmap_y), .ifmap_x(sequencer_ifmap_x), .ifmap_word(sequencer_ifmap_word),
    .filter_valid(sequencer_filter_valid), .filter_ready(array_filter_ready), .filter_y(sequencer_filter_y),
    .filter_x(sequencer_filter_x), .filter_first(sequencer_filter_first), .filter_word(sequencer_filter_word),
    .psum_in_valid(sequencer_psum_in_valid), .psum_in_ready(array_psum_in_ready), .psum_in_row(sequencer_psum_in_row),
    .psum_in_col(sequencer_psum_in_col), .psum_in_word(sequencer_psum_in_word), .psum_out_row(sequencer_psum_out_row),
    .psum_out_col(sequencer_psum_out_col), .psum_out_take(sequencer_psum_out_take),
    .psum_out_valid(array_psum_out_valid), .psum_out_word(array_psum_out_word), .ifmap_bus_words(ifmap_bus_words),
    .filter_bus_lines(filter_bus_lines)
  );

  rs_array array (
    .clk(clk), .rst(rst), .chain_shift(sequencer_chain_shift), .chain_word(sequencer_chain_word),
    .taps_m1(sequencer_taps_m1), .step(sequencer_step), .filters_m1(sequencer_filters_m1),
    .windows_m1(sequencer_windows_m1), .images_m1(sequencer_images_m1), .psum_shift(sequencer_psum_shift),
    .ifmap_valid(sequencer_ifmap_valid), .ifmap_ready(array_ifmap_ready), .ifmap_y(sequencer_ifmap_y),
    .ifmap_x(sequencer_ifmap_x), .ifmap_word(sequencer_ifmap_word), .filter_valid(sequencer_filter_valid),
    .filter_ready(array_filter_ready), .filter_y(sequencer_filter_y), .filter_x(sequencer_filter_x),
    .filter_first(sequencer_filter_first), .filter_word(sequencer_filter_word), .psum_in_valid(sequencer_psum_in_valid),
    .psum_in_ready(array_psum_in_ready), .psum_in_row(sequencer_psum_in_row), .psum_in_col(sequencer_psum_in_col),
    .psum_in_word(sequencer_psum_in_word), .psum_out_row(sequencer_psum_out_row), .psum_out_col(sequencer_psum_out_col),
    .psum_out_take(sequencer_psum_out_take), .psum_out_valid(array_psum_out_valid), .psum_out_word(array_psum_out_word),
    .events_0(events_0), .events_1(events_1), .events_2(events_2), .events_3(events_3), .events_4(events_4),
    .events_5(events_5)
  );
endmodule
