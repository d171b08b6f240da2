// Row-stationary core: sequencer and PE array.
module rs_core (
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
  input wire [15:0] staging_word_0,
  input wire [15:0] staging_word_1,
  input wire [15:0] staging_word_2,
  input wire [15:0] staging_word_3,
  output wire [7:0] ifmap_banks,
  output wire ifmap_read,
  output wire [12:0] ifmap_address,
  input wire [15:0] ifmap_read_word,
  output wire psum_read_0,
  output wire psum_read_1,
  output wire [10:0] psum_read_line_0,
  output wire [10:0] psum_read_line_1,
  input wire [31:0] psum_read_word_0,
  input wire [31:0] psum_read_word_1,
  output wire psum_write_0,
  output wire psum_write_1,
  output wire [10:0] psum_write_line_0,
  output wire [10:0] psum_write_line_1,
  output wire [31:0] psum_write_word_0,
  output wire [31:0] psum_write_word_1,
  output wire ifmap_bus_words,
  output wire filter_bus_lines,
  output wire [3:0] macs,
  output wire [3:0] gated
);
  wire sequencer_chain_shift;
  wire [8:0] sequencer_chain_word;
  wire [3:0] sequencer_taps_m1;
  wire [3:0] sequencer_step;
  wire [7:0] sequencer_filters_m1;
  wire [11:0] sequencer_windows_m1;
  wire [7:0] sequencer_images_m1;
  wire [4:0] sequencer_psum_shift;
  wire sequencer_ifmap_valid;
  wire [1:0] sequencer_ifmap_y;
  wire [3:0] sequencer_ifmap_x;
  wire [15:0] sequencer_ifmap_word;
  wire sequencer_filter_valid;
  wire [1:0] sequencer_filter_y;
  wire [1:0] sequencer_filter_x;
  wire [1:0] sequencer_filter_count_m1;
  wire [15:0] sequencer_filter_word_0;
  wire [15:0] sequencer_filter_word_1;
  wire [15:0] sequencer_filter_word_2;
  wire [15:0] sequencer_filter_word_3;
  wire sequencer_psum_in_valid_0;
  wire sequencer_psum_in_valid_1;
  wire [1:0] sequencer_psum_in_row_0;
  wire [1:0] sequencer_psum_in_row_1;
  wire sequencer_psum_in_col_0;
  wire sequencer_psum_in_col_1;
  wire [31:0] sequencer_psum_in_word_0;
  wire [31:0] sequencer_psum_in_word_1;
  wire [1:0] sequencer_psum_out_row_0;
  wire [1:0] sequencer_psum_out_row_1;
  wire sequencer_psum_out_col_0;
  wire sequencer_psum_out_col_1;
  wire sequencer_psum_out_take_0;
  wire sequencer_psum_out_take_1;
  wire array_ifmap_ready;
  wire array_filter_ready;
  wire array_psum_in_ready_0;
  wire array_psum_in_ready_1;
  wire array_psum_out_valid_0;
  wire array_psum_out_valid_1;
  wire [31:0] array_psum_out_word_0;
  wire [31:0] array_psum_out_word_1;

  rs_sequencer sequencer (
    .clk(clk),
    .rst(rst),
    .command_0(command_0),
    .command_1(command_1),
    .command_2(command_2),
    .command_3(command_3),
    .command_4(command_4),
    .command_5(command_5),
    .command_6(command_6),
    .layer_write(layer_write),
    .table_write(table_write),
    .table_target(table_target),
    .table_index(table_index),
    .table_word(table_word),
    .pass_valid(pass_valid),
    .pass_ready(pass_ready),
    .flags(flags),
    .loaded_post(loaded_post),
    .ifmap_free_post(ifmap_free_post),
    .psum_free_post(psum_free_post),
    .psum_done_post(psum_done_post),
    .idle(idle),
    .staging_valid(staging_valid),
    .staging_ready(staging_ready),
    .staging_word_0(staging_word_0),
    .staging_word_1(staging_word_1),
    .staging_word_2(staging_word_2),
    .staging_word_3(staging_word_3),
    .ifmap_banks(ifmap_banks),
    .ifmap_read(ifmap_read),
    .ifmap_address(ifmap_address),
    .ifmap_read_word(ifmap_read_word),
    .psum_read_0(psum_read_0),
    .psum_read_1(psum_read_1),
    .psum_read_line_0(psum_read_line_0),
    .psum_read_line_1(psum_read_line_1),
    .psum_read_word_0(psum_read_word_0),
    .psum_read_word_1(psum_read_word_1),
    .psum_write_0(psum_write_0),
    .psum_write_1(psum_write_1),
    .psum_write_line_0(psum_write_line_0),
    .psum_write_line_1(psum_write_line_1),
    .psum_write_word_0(psum_write_word_0),
    .psum_write_word_1(psum_write_word_1),
    .chain_shift(sequencer_chain_shift),
    .chain_word(sequencer_chain_word),
    .taps_m1(sequencer_taps_m1),
    .step(sequencer_step),
    .filters_m1(sequencer_filters_m1),
    .windows_m1(sequencer_windows_m1),
    .images_m1(sequencer_images_m1),
    .psum_shift(sequencer_psum_shift),
    .ifmap_valid(sequencer_ifmap_valid),
    .ifmap_ready(array_ifmap_ready),
    .ifmap_y(sequencer_ifmap_y),
    .ifmap_x(sequencer_ifmap_x),
    .ifmap_word(sequencer_ifmap_word),
    .filter_valid(sequencer_filter_valid),
    .filter_ready(array_filter_ready),
    .filter_y(sequencer_filter_y),
    .filter_x(sequencer_filter_x),
    .filter_count_m1(sequencer_filter_count_m1),
    .filter_word_0(sequencer_filter_word_0),
    .filter_word_1(sequencer_filter_word_1),
    .filter_word_2(sequencer_filter_word_2),
    .filter_word_3(sequencer_filter_word_3),
    .psum_in_valid_0(sequencer_psum_in_valid_0),
    .psum_in_valid_1(sequencer_psum_in_valid_1),
    .psum_in_ready_0(array_psum_in_ready_0),
    .psum_in_ready_1(array_psum_in_ready_1),
    .psum_in_row_0(sequencer_psum_in_row_0),
    .psum_in_row_1(sequencer_psum_in_row_1),
    .psum_in_col_0(sequencer_psum_in_col_0),
    .psum_in_col_1(sequencer_psum_in_col_1),
    .psum_in_word_0(sequencer_psum_in_word_0),
    .psum_in_word_1(sequencer_psum_in_word_1),
    .psum_out_row_0(sequencer_psum_out_row_0),
    .psum_out_row_1(sequencer_psum_out_row_1),
    .psum_out_col_0(sequencer_psum_out_col_0),
    .psum_out_col_1(sequencer_psum_out_col_1),
    .psum_out_take_0(sequencer_psum_out_take_0),
    .psum_out_take_1(sequencer_psum_out_take_1),
    .psum_out_valid_0(array_psum_out_valid_0),
    .psum_out_valid_1(array_psum_out_valid_1),
    .psum_out_word_0(array_psum_out_word_0),
    .psum_out_word_1(array_psum_out_word_1),
    .ifmap_bus_words(ifmap_bus_words),
    .filter_bus_lines(filter_bus_lines)
  );

  rs_array array (
    .clk(clk),
    .rst(rst),
    .chain_shift(sequencer_chain_shift),
    .chain_word(sequencer_chain_word),
    .taps_m1(sequencer_taps_m1),
    .step(sequencer_step),
    .filters_m1(sequencer_filters_m1),
    .windows_m1(sequencer_windows_m1),
    .images_m1(sequencer_images_m1),
    .psum_shift(sequencer_psum_shift),
    .ifmap_valid(sequencer_ifmap_valid),
    .ifmap_ready(array_ifmap_ready),
    .ifmap_y(sequencer_ifmap_y),
    .ifmap_x(sequencer_ifmap_x),
    .ifmap_word(sequencer_ifmap_word),
    .filter_valid(sequencer_filter_valid),
    .filter_ready(array_filter_ready),
    .filter_y(sequencer_filter_y),
    .filter_x(sequencer_filter_x),
    .filter_count_m1(sequencer_filter_count_m1),
    .filter_word_0(sequencer_filter_word_0),
    .filter_word_1(sequencer_filter_word_1),
    .filter_word_2(sequencer_filter_word_2),
    .filter_word_3(sequencer_filter_word_3),
    .psum_in_valid_0(sequencer_psum_in_valid_0),
    .psum_in_valid_1(sequencer_psum_in_valid_1),
    .psum_in_ready_0(array_psum_in_ready_0),
    .psum_in_ready_1(array_psum_in_ready_1),
    .psum_in_row_0(sequencer_psum_in_row_0),
    .psum_in_row_1(sequencer_psum_in_row_1),
    .psum_in_col_0(sequencer_psum_in_col_0),
    .psum_in_col_1(sequencer_psum_in_col_1),
    .psum_in_word_0(sequencer_psum_in_word_0),
    .psum_in_word_1(sequencer_psum_in_word_1),
    .psum_out_row_0(sequencer_psum_out_row_0),
    .psum_out_row_1(sequencer_psum_out_row_1),
    .psum_out_col_0(sequencer_psum_out_col_0),
    .psum_out_col_1(sequencer_psum_out_col_1),
    .psum_out_take_0(sequencer_psum_out_take_0),
    .psum_out_take_1(sequencer_psum_out_take_1),
    .psum_out_valid_0(array_psum_out_valid_0),
    .psum_out_valid_1(array_psum_out_valid_1),
    .psum_out_word_0(array_psum_out_word_0),
    .psum_out_word_1(array_psum_out_word_1),
    .macs(macs),
    .gated(gated)
  );
endmodule
