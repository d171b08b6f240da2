// Sends the psums of a lane from the buffer, or zeros, to the array.
module psum_feeder (
  input wire clk, rst,
  input wire [11:0] layer_windows_m1, input wire [7:0] layer_filters_m1, layer_images_m1,
  input wire [10:0] layer_filter_stride, layer_image_stride,
  input wire [2:0] sources,
  input wire table_write,
  input wire [2:0] entry_index, input wire [1:0] entry_row, input wire entry_col, input wire [10:0] entry_offset,
  input wire start,
  input wire [10:0] base,
  input wire first,
  output wire busy, idle, psum_read,
  output wire [10:0] psum_read_line,
  input wire [31:0] psum_read_word,
  output wire psum_in_valid,
  input wire psum_in_ready,
  output wire [1:0] psum_in_row,
  output wire psum_in_col,
  output wire [31:0] psum_in_word
);
  wire walker_idle, walker_valid, walker_col, walker_flagged;
  wire [1:0] walker_row;
  wire [10:0] walker_line;
  wire stream_room, stream_idle;
  wire [2:0] stream_out_tag;
  reg put, read;
  reg [10:0] line;
  reg [2:0] tag;
  wire [1:0] unused;
  wire take = walker_valid & stream_room;

  psum_walker walker (
    .clk(clk), .rst(rst),
    .layer_windows_m1(layer_windows_m1), .layer_filters_m1(layer_filters_m1), .layer_images_m1(layer_images_m1),
    .layer_filter_stride(layer_filter_stride), .layer_image_stride(layer_image_stride), .sources(sources),
    .table_write(table_write),
    .entry_index(entry_index), .entry_row(entry_row), .entry_col(entry_col), .entry_offset(entry_offset), .start(start),
    .base(base), .flag(first), .busy(busy), .idle(walker_idle), .valid(walker_valid), .ready(stream_room),
    .row(walker_row), .col(walker_col), .line(walker_line), .flagged(walker_flagged), .last(unused[0])
  );

  read_stream_32 stream (
    .clk(clk), .rst(rst), .claim(take), .room(stream_room), .put(put), .fetch(read), .tag(tag), .mark(1'b0),
    .read_word(psum_read_word), .returned(unused[1]), .idle(stream_idle), .out_valid(psum_in_valid),
    .out_ready(psum_in_ready), .out_tag(stream_out_tag), .out_word(psum_in_word)
  );

  assign idle = walker_idle & stream_idle;
  assign psum_read = read, psum_read_line = line;
  assign psum_in_row = stream_out_tag[1:0];
  assign psum_in_col = stream_out_tag[2];

  always @(posedge clk) begin
    if (rst) begin
      put <= 1'b0; read <= 1'b0;
    end else begin
      put <= take;
      read <= take && !walker_flagged;
    end
  end

  always @(posedge clk) begin
    line <= walker_line;
    tag <= {walker_col, walker_row};
  end
endmodule
