// Takes the psums of a lane from the array and writes them to the buffer.
module psum_collector (
  input wire clk, rst,
  input wire [11:0] layer_windows_m1, input wire [7:0] layer_filters_m1, layer_images_m1,
  input wire [9:0] layer_filter_stride, layer_image_stride,
  input wire [1:0] sources,
  input wire table_write,
  input wire entry_index, entry_row, entry_col, input wire [9:0] entry_offset,
  input wire start,
  input wire [9:0] base,
  output wire busy, psum_out_row, psum_out_col, psum_out_take,
  input wire psum_out_valid,
  input wire [15:0] psum_out_word,
  output wire psum_write,
  output wire [9:0] psum_write_line,
  output wire [15:0] psum_write_word
);
  wire walker_valid, walker_row, walker_col, walker_last;
  wire [9:0] walker_line;
  reg working, polling, row, col, last, write, write_last;
  reg [9:0] line, write_line;
  reg [15:0] write_word;
  wire [2:0] unused;
  wire moved = polling & psum_out_valid;
  wire advance = !polling || moved;

  psum_walker walker (
    .clk(clk), .rst(rst),
    .layer_windows_m1(layer_windows_m1), .layer_filters_m1(layer_filters_m1), .layer_images_m1(layer_images_m1),
    .layer_filter_stride(layer_filter_stride), .layer_image_stride(layer_image_stride), .sources(sources),
    .table_write(table_write),
    .entry_index(entry_index), .entry_row(entry_row), .entry_col(entry_col), .entry_offset(entry_offset), .start(start),
    .base(base), .flag(1'b0), .busy(unused[0]), .idle(unused[1]), .valid(walker_valid), .ready(advance),
        .row(walker_row),
    .col(walker_col), .line(walker_line), .flagged(unused[2]), .last(walker_last)
  );

  assign psum_out_row = row, psum_out_col = col, psum_out_take = polling, psum_write = write;
  assign psum_write_line = write_line, psum_write_word = write_word, busy = working;

  always @(posedge clk) begin
    if (rst) begin
      working <= 1'b0; polling <= 1'b0; row <= 1'b0; col <= 1'b0; line <= 10'd0; last <= 1'b0; write <= 1'b0;
      write_line <= 10'd0; write_word <= 16'd0; write_last <= 1'b0;
    end else begin
      if (start) working <= sources != 2'd0;
      else if (write && write_last) working <= 1'b0;
      if (advance) begin
        polling <= walker_valid; row <= walker_row; col <= walker_col; line <= walker_line; last <= walker_last;
      end
      write <= moved; write_line <= line; write_word <= psum_out_word; write_last <= last;
    end
  end
endmodule
