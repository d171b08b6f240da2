// The psum feeders of all lanes, which start a pass together.
module psum_feeders (
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
  input wire [7:0] distance,
  input wire first,
  input wire pass_done,
  output wire idle,
  output wire psum_read_0,
  output wire psum_read_1,
  output wire [10:0] psum_read_line_0,
  output wire [10:0] psum_read_line_1,
  input wire [31:0] psum_read_word_0,
  input wire [31:0] psum_read_word_1,
  output wire psum_in_valid_0,
  output wire psum_in_valid_1,
  input wire psum_in_ready_0,
  input wire psum_in_ready_1,
  output wire [1:0] psum_in_row_0,
  output wire [1:0] psum_in_row_1,
  output wire psum_in_col_0,
  output wire psum_in_col_1,
  output wire [31:0] psum_in_word_0,
  output wire [31:0] psum_in_word_1
);
  reg any_busy;
  reg all_idle;
  wire [7:0] due;
  wire start;
  wire [19:0] queue_enq_payload;
  wire [19:0] queue_deq_payload;
  wire queue_deq_valid;
  wire lanes_0_busy;
  wire lanes_0_idle;
  wire lanes_1_busy;
  wire lanes_1_idle;
  reg [7:0] ahead;

  fifo_4x20 queue (
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

  psum_feeder lanes_0 (
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
    .first(queue_deq_payload[19]),
    .busy(lanes_0_busy),
    .idle(lanes_0_idle),
    .psum_read(psum_read_0),
    .psum_read_line(psum_read_line_0),
    .psum_read_word(psum_read_word_0),
    .psum_in_valid(psum_in_valid_0),
    .psum_in_ready(psum_in_ready_0),
    .psum_in_row(psum_in_row_0),
    .psum_in_col(psum_in_col_0),
    .psum_in_word(psum_in_word_0)
  );

  psum_feeder lanes_1 (
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
    .first(queue_deq_payload[19]),
    .busy(lanes_1_busy),
    .idle(lanes_1_idle),
    .psum_read(psum_read_1),
    .psum_read_line(psum_read_line_1),
    .psum_read_word(psum_read_word_1),
    .psum_in_valid(psum_in_valid_1),
    .psum_in_ready(psum_in_ready_1),
    .psum_in_row(psum_in_row_1),
    .psum_in_col(psum_in_col_1),
    .psum_in_word(psum_in_word_1)
  );

  assign queue_enq_payload = {first, distance, psum};

  always @* begin
    any_busy = 1'b0;
    any_busy = any_busy | lanes_0_busy;
    any_busy = any_busy | lanes_1_busy;
  end

  always @* begin
    all_idle = 1'b1;
    all_idle = all_idle & lanes_0_idle;
    all_idle = all_idle & lanes_1_idle;
  end

  assign idle = all_idle && !queue_deq_valid;
  assign due = queue_deq_payload[18:11];
  assign start = queue_deq_valid && !any_busy && ahead < due;

  always @(posedge clk) begin
    if (rst) begin
      ahead <= 8'd0;
    end else begin
      ahead <= ahead + {7'd0, start} - {7'd0, pass_done};
    end
  end
endmodule
