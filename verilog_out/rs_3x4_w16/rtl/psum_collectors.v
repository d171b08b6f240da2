// The psum collectors of all lanes, which work on a pass together.
module psum_collectors (
  input wire clk, rst,
  input wire [11:0] layer_windows_m1, input wire [7:0] layer_filters_m1, layer_images_m1,
  input wire [10:0] layer_filter_stride, layer_image_stride,
  input wire [5:0] sources,
  input wire [1:0] table_write,
  input wire [2:0] entry_index, input wire [1:0] entry_row, input wire entry_col, input wire [10:0] entry_offset,
  input wire pass_valid,
  output wire pass_ready,
  input wire [10:0] psum,
  input wire wait_psum_free, post_psum_done, psum_free_post,
  output wire psum_done_post, pass_done, idle,
  output wire [3:0] psum_out_row,
  output wire [1:0] psum_out_col, psum_out_take,
  input wire [1:0] psum_out_valid,
  input wire [63:0] psum_out_word,
  output wire [1:0] psum_write,
  output wire [21:0] psum_write_line,
  output wire [63:0] psum_write_word
);
  wire [12:0] queue_deq_payload;
  wire queue_deq_valid;
  wire lanes_0_busy, lanes_1_busy;
  reg [7:0] free;
  reg working, posts, post;
  wire [2:0] unused;
  wire [12:0] queue_enq_payload = {post_psum_done, wait_psum_free, psum};
  wire any_busy = lanes_0_busy | lanes_1_busy;
  wire done = working && !any_busy;
  wire wait_ = queue_deq_payload[11];
  wire start = queue_deq_valid && !any_busy && (!wait_ || free != 8'd0);

  fifo #(.BITS(13), .DEPTH(4)) queue (
    .clk(clk), .rst(rst),
    .enq_payload(queue_enq_payload), .enq_valid(pass_valid), .enq_ready(pass_ready),
    .deq_payload(queue_deq_payload), .deq_valid(queue_deq_valid), .deq_ready(start), .level(unused)
  );

  psum_collector lanes_0 (
    .clk(clk), .rst(rst),
    .layer_windows_m1(layer_windows_m1), .layer_filters_m1(layer_filters_m1), .layer_images_m1(layer_images_m1),
    .layer_filter_stride(layer_filter_stride), .layer_image_stride(layer_image_stride), .sources(sources[0*3 +: 3]),
    .table_write(table_write[0]),
    .entry_index(entry_index), .entry_row(entry_row), .entry_col(entry_col), .entry_offset(entry_offset), .start(start),
    .base(queue_deq_payload[10:0]), .busy(lanes_0_busy), .psum_out_row(psum_out_row[0*2 +: 2]),
    .psum_out_col(psum_out_col[0]), .psum_out_take(psum_out_take[0]), .psum_out_valid(psum_out_valid[0]),
    .psum_out_word(psum_out_word[0*32 +: 32]), .psum_write(psum_write[0]),
    .psum_write_line(psum_write_line[0*11 +: 11]), .psum_write_word(psum_write_word[0*32 +: 32])
  );

  psum_collector lanes_1 (
    .clk(clk), .rst(rst),
    .layer_windows_m1(layer_windows_m1), .layer_filters_m1(layer_filters_m1), .layer_images_m1(layer_images_m1),
    .layer_filter_stride(layer_filter_stride), .layer_image_stride(layer_image_stride), .sources(sources[1*3 +: 3]),
    .table_write(table_write[1]),
    .entry_index(entry_index), .entry_row(entry_row), .entry_col(entry_col), .entry_offset(entry_offset), .start(start),
    .base(queue_deq_payload[10:0]), .busy(lanes_1_busy), .psum_out_row(psum_out_row[1*2 +: 2]),
    .psum_out_col(psum_out_col[1]), .psum_out_take(psum_out_take[1]), .psum_out_valid(psum_out_valid[1]),
    .psum_out_word(psum_out_word[1*32 +: 32]), .psum_write(psum_write[1]),
    .psum_write_line(psum_write_line[1*11 +: 11]), .psum_write_word(psum_write_word[1*32 +: 32])
  );

  assign pass_done = done, psum_done_post = post;
  assign idle = !working && !queue_deq_valid;

  always @(posedge clk) begin
    if (rst) begin
      free <= 8'd0; working <= 1'b0; posts <= 1'b0; post <= 1'b0;
    end else begin
      if (start) begin
        working <= 1'b1;
        posts <= queue_deq_payload[12];
      end else if (done) working <= 1'b0;
      post <= done & posts;
      free <= free + {7'd0, psum_free_post} - ({7'd0, start} & {7'd0, wait_});
    end
  end
endmodule
