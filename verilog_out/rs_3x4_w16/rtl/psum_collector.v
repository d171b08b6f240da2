// Takes the psums of a lane from the array and writes them to the buffer.
module psum_collector (
  input wire clk, rst,
  input wire [11:0] layer_windows_m1, input wire [7:0] layer_filters_m1, layer_images_m1,
  input wire [10:0] layer_filter_stride, layer_image_stride,
  input wire [2:0] sources,
  input wire table_write,
  input wire [2:0] entry_index, input wire [1:0] entry_row, input wire entry_col, input wire [10:0] entry_offset,
  input wire start,
  input wire [10:0] base,
  output wire busy,
  output wire [1:0] psum_out_row,
  output wire psum_out_col, psum_out_take,
  input wire psum_out_valid,
  input wire [31:0] psum_out_word,
  output wire psum_write,
  output wire [10:0] psum_write_line,
  output wire [31:0] psum_write_word
);
  wire [10:0] walker_line;
  wire walker_last;
  reg working, write, write_last;
  reg [10:0] write_line;
  reg [31:0] write_word;
  wire [2:0] unused;
  wire moved = psum_out_take & psum_out_valid;

  psum_walker walker (
    .clk(clk), .rst(rst),
    .layer_windows_m1(layer_windows_m1), .layer_filters_m1(layer_filters_m1), .layer_images_m1(layer_images_m1),
    .layer_filter_stride(layer_filter_stride), .layer_image_stride(layer_image_stride), .sources(sources),
    .table_write(table_write),
    .entry_index(entry_index), .entry_row(entry_row), .entry_col(entry_col), .entry_offset(entry_offset), .start(start),
    .base(base), .flag(1'b0), .busy(unused[0]), .idle(unused[1]), .valid(psum_out_take), .ready(psum_out_valid),
    .row(psum_out_row), .col(psum_out_col), .line(walker_line), .flagged(unused[2]), .last(walker_last)
  );

  assign psum_write = write, psum_write_line = write_line, psum_write_word = write_word, busy = working;

  always @(posedge clk) begin
    if (rst) begin
      working <= 1'b0; write <= 1'b0;
    end else begin
      if (start) working <= sources != 3'd0;
      else if (write && write_last) working <= 1'b0;
      write <= moved;
    end
  end

  always @(posedge clk) begin
    write_line <= walker_line; write_word <= psum_out_word; write_last <= walker_last;
  end
endmodule
