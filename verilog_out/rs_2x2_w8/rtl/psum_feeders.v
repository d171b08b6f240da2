// The psum feeders of all lanes, which start a pass together.
module psum_feeders (
  input wire clk, rst,
  input wire [11:0] layer_windows_m1, input wire [7:0] layer_filters_m1, layer_images_m1,
  input wire [9:0] layer_filter_stride, layer_image_stride,
  input wire [3:0] sources,
  input wire [1:0] table_write,
  input wire entry_index, entry_row, entry_col, input wire [9:0] entry_offset,
  input wire pass_valid,
  output wire pass_ready,
  input wire [9:0] psum,
  input wire [7:0] distance,
  input wire first, pass_done,
  output wire idle,
  output wire [1:0] psum_read,
  output wire [19:0] psum_read_line,
  input wire [31:0] psum_read_word,
  output wire [1:0] psum_in_valid,
  input wire [1:0] psum_in_ready,
  output wire [1:0] psum_in_row, psum_in_col,
  output wire [31:0] psum_in_word
);
  wire [18:0] queue_deq_payload;
  wire queue_deq_valid;
  wire lanes_0_busy, lanes_0_idle, lanes_1_busy, lanes_1_idle;
  reg [7:0] ahead;
  wire [2:0] unused;
  wire [18:0] queue_enq_payload = {first, distance, psum};
  wire any_busy = lanes_0_busy | lanes_1_busy;
  wire all_idle = 1'b1 & lanes_0_idle & lanes_1_idle;
  wire [7:0] due = queue_deq_payload[17:10];
  wire start = queue_deq_valid && !any_busy && ahead < due;

  fifo #(.BITS(19), .DEPTH(4)) queue (
    .clk(clk), .rst(rst),
    .enq_payload(queue_enq_payload), .enq_valid(pass_valid), .enq_ready(pass_ready),
    .deq_payload(queue_deq_payload), .deq_valid(queue_deq_valid), .deq_ready(start), .level(unused)
  );

  psum_feeder lanes_0 (
    .clk(clk), .rst(rst),
    .layer_windows_m1(layer_windows_m1), .layer_filters_m1(layer_filters_m1), .layer_images_m1(layer_images_m1),
    .layer_filter_stride(layer_filter_stride), .layer_image_stride(layer_image_stride), .sources(sources[0*2 +: 2]),
    .table_write(table_write[0]),
    .entry_index(entry_index), .entry_row(entry_row), .entry_col(entry_col), .entry_offset(entry_offset), .start(start),
    .base(queue_deq_payload[9:0]), .first(queue_deq_payload[18]), .busy(lanes_0_busy), .idle(lanes_0_idle),
    .psum_read(psum_read[0]), .psum_read_line(psum_read_line[0*10 +: 10]), .psum_read_word(psum_read_word[0*16 +: 16]),
    .psum_in_valid(psum_in_valid[0]), .psum_in_ready(psum_in_ready[0]), .psum_in_row(psum_in_row[0]),
    .psum_in_col(psum_in_col[0]), .psum_in_word(psum_in_word[0*16 +: 16])
  );

  psum_feeder lanes_1 (
    .clk(clk), .rst(rst),
    .layer_windows_m1(layer_windows_m1), .layer_filters_m1(layer_filters_m1), .layer_images_m1(layer_images_m1),
    .layer_filter_stride(layer_filter_stride), .layer_image_stride(layer_image_stride), .sources(sources[1*2 +: 2]),
    .table_write(table_write[1]),
    .entry_index(entry_index), .entry_row(entry_row), .entry_col(entry_col), .entry_offset(entry_offset), .start(start),
    .base(queue_deq_payload[9:0]), .first(queue_deq_payload[18]), .busy(lanes_1_busy), .idle(lanes_1_idle),
    .psum_read(psum_read[1]), .psum_read_line(psum_read_line[1*10 +: 10]), .psum_read_word(psum_read_word[1*16 +: 16]),
    .psum_in_valid(psum_in_valid[1]), .psum_in_ready(psum_in_ready[1]), .psum_in_row(psum_in_row[1]),
    .psum_in_col(psum_in_col[1]), .psum_in_word(psum_in_word[1*16 +: 16])
  );

  assign idle = all_idle && !queue_deq_valid;

  always @(posedge clk) begin
    if (rst) begin
      ahead <= 8'd0;
    end else begin
      ahead <= ahead + {7'd0, start} - {7'd0, pass_done};
    end
  end
endmodule
