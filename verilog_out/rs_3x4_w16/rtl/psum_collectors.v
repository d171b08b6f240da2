// The psum collectors of all lanes, which work on a pass together.
module psum_collectors (
  input wire clk,
  input wire rst,
  input wire [11:0] layer_windows_m1,
  input wire [7:0] layer_filters_m1,
  input wire [7:0] layer_images_m1,
  input wire [10:0] layer_filter_stride,
  input wire [10:0] layer_image_stride,
  input wire [2:0] sources_0,
  input wire [2:0] sources_1,
  input wire table_write_0,
  input wire table_write_1,
  input wire [2:0] entry_index,
  input wire [1:0] entry_row,
  input wire entry_col,
  input wire [10:0] entry_offset,
  input wire pass_valid,
  output wire pass_ready,
  input wire [10:0] psum,
  input wire wait_psum_free,
  input wire post_psum_done,
  input wire psum_free_post,
  output wire psum_done_post,
  output wire pass_done,
  output wire idle,
  output wire [1:0] psum_out_row_0,
  output wire [1:0] psum_out_row_1,
  output wire psum_out_col_0,
  output wire psum_out_col_1,
  output wire psum_out_take_0,
  output wire psum_out_take_1,
  input wire psum_out_valid_0,
  input wire psum_out_valid_1,
  input wire [31:0] psum_out_word_0,
  input wire [31:0] psum_out_word_1,
  output wire psum_write_0,
  output wire psum_write_1,
  output wire [10:0] psum_write_line_0,
  output wire [10:0] psum_write_line_1,
  output wire [31:0] psum_write_word_0,
  output wire [31:0] psum_write_word_1
);
  reg any_busy;
  wire wait_;
  wire done;
  wire start;
  wire [12:0] queue_enq_payload;
  wire [12:0] queue_deq_payload;
  wire queue_deq_valid;
  wire lanes_0_busy;
  wire lanes_1_busy;
  reg [7:0] free;
  reg working;
  reg posts;
  reg post;

  fifo_4x13 queue (
    .clk(clk),
    .rst(rst),
    .enq_payload(queue_enq_payload),
    .enq_valid(pass_valid),
    .enq_ready(pass_ready),
    .deq_payload(queue_deq_payload),
    .deq_valid(queue_deq_valid),
    .deq_ready(start),
    .level()
  );

  psum_collector lanes_0 (
    .clk(clk),
    .rst(rst),
    .layer_windows_m1(layer_windows_m1),
    .layer_filters_m1(layer_filters_m1),
    .layer_images_m1(layer_images_m1),
    .layer_filter_stride(layer_filter_stride),
    .layer_image_stride(layer_image_stride),
    .sources(sources_0),
    .table_write(table_write_0),
    .entry_index(entry_index),
    .entry_row(entry_row),
    .entry_col(entry_col),
    .entry_offset(entry_offset),
    .start(start),
    .base(queue_deq_payload[10:0]),
    .busy(lanes_0_busy),
    .psum_out_row(psum_out_row_0),
    .psum_out_col(psum_out_col_0),
    .psum_out_take(psum_out_take_0),
    .psum_out_valid(psum_out_valid_0),
    .psum_out_word(psum_out_word_0),
    .psum_write(psum_write_0),
    .psum_write_line(psum_write_line_0),
    .psum_write_word(psum_write_word_0)
  );

  psum_collector lanes_1 (
    .clk(clk),
    .rst(rst),
    .layer_windows_m1(layer_windows_m1),
    .layer_filters_m1(layer_filters_m1),
    .layer_images_m1(layer_images_m1),
    .layer_filter_stride(layer_filter_stride),
    .layer_image_stride(layer_image_stride),
    .sources(sources_1),
    .table_write(table_write_1),
    .entry_index(entry_index),
    .entry_row(entry_row),
    .entry_col(entry_col),
    .entry_offset(entry_offset),
    .start(start),
    .base(queue_deq_payload[10:0]),
    .busy(lanes_1_busy),
    .psum_out_row(psum_out_row_1),
    .psum_out_col(psum_out_col_1),
    .psum_out_take(psum_out_take_1),
    .psum_out_valid(psum_out_valid_1),
    .psum_out_word(psum_out_word_1),
    .psum_write(psum_write_1),
    .psum_write_line(psum_write_line_1),
    .psum_write_word(psum_write_word_1)
  );

  assign queue_enq_payload = {post_psum_done, wait_psum_free, psum};

  always @* begin
    any_busy = 1'b0;
    any_busy = any_busy | lanes_0_busy;
    any_busy = any_busy | lanes_1_busy;
  end

  assign done = working && !any_busy;
  assign pass_done = done;
  assign psum_done_post = post;
  assign idle = !working && !queue_deq_valid;
  assign wait_ = queue_deq_payload[11];
  assign start = queue_deq_valid && !any_busy && (!wait_ || free != 8'd0);

  always @(posedge clk) begin
    if (rst) begin
      free <= 8'd0;
      working <= 1'b0;
      posts <= 1'b0;
      post <= 1'b0;
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
