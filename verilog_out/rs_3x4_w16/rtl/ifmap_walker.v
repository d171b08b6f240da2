// Reads a pass's ifmap words from the buffer and sends them to the array.
module ifmap_walker (
  input wire clk, rst,
  input wire [3:0] layer_channels_m1, layer_streams_m1, input wire [15:0] layer_row_width,
  input wire [12:0] layer_channel_stride, layer_image_stride, input wire [15:0] layer_col_run_m1, layer_col_skip,
  input wire [11:0] layer_col_runs_m1, input wire [7:0] layer_images_m1,
  input wire table_write,
  input wire [3:0] table_index,
  input wire [63:0] table_word,
  input wire pass_valid,
  output wire pass_ready,
  input wire [12:0] tile,
  input wire [15:0] x_start,
  input wire [11:0] c_valid, h_lo, h_hi,
  input wire wait_loaded, post_free, loaded_post,
  output wire ifmap_free_post, idle, ifmap_read,
  output wire [12:0] ifmap_address,
  input wire [15:0] ifmap_read_word,
  output wire ifmap_valid,
  input wire ifmap_ready,
  output wire [1:0] ifmap_y,
  output wire [3:0] ifmap_x,
  output wire [15:0] ifmap_word
);
  wire [66:0] queue_deq_payload;
  wire queue_deq_valid;
  wire loops_busy, loops_inside, loops_last;
  wire [3:0] loops_stream, loops_channel;
  wire [12:0] loops_address;
  reg [38:0] table_read_data;
  reg [7:0] loaded;
  reg [11:0] channels, row_low, row_high;
  reg post, looked_up, inside_, last, put, read, mark;
  reg [12:0] address, read_address;
  reg [3:0] channel;
  reg [5:0] tag;
  wire stream_room, stream_idle;
  wire [5:0] stream_out_tag;
  reg [38:0] table_ [0:11];
  wire [2:0] unused;
  wire [66:0] queue_enq_payload = {post_free, wait_loaded, h_hi, h_lo, c_valid, x_start, tile};
  wire start = queue_deq_valid && !loops_busy && (!queue_deq_payload[65] || loaded != 8'd0);
  wire step = loops_busy & stream_room;
  wire [12:0] offset = table_read_data[18:6];
  wire [9:0] row = table_read_data[28:19];
  wire [1:0] fields_y = table_word[1:0];
  wire [3:0] fields_x = table_word[11:8];
  wire [12:0] fields_offset = table_word[36:24];
  wire [9:0] fields_h = table_word[53:44];
  wire [9:0] fields_c = table_word[63:54];
  wire unused_bits = &{1'b0, table_word};

  fifo #(.BITS(67), .DEPTH(4)) queue (
    .clk(clk), .rst(rst),
    .enq_payload(queue_enq_payload), .enq_valid(pass_valid), .enq_ready(pass_ready),
    .deq_payload(queue_deq_payload), .deq_valid(queue_deq_valid), .deq_ready(start), .level(unused)
  );

  ifmap_loops loops (
    .clk(clk), .rst(rst),
    .layer_channels_m1(layer_channels_m1), .layer_streams_m1(layer_streams_m1), .layer_row_width(layer_row_width),
    .layer_channel_stride(layer_channel_stride), .layer_image_stride(layer_image_stride),
    .layer_col_run_m1(layer_col_run_m1), .layer_col_skip(layer_col_skip), .layer_col_runs_m1(layer_col_runs_m1),
    .layer_images_m1(layer_images_m1), .start(start), .tile(queue_deq_payload[12:0]),
    .x_start(queue_deq_payload[28:13]), .advance(step), .busy(loops_busy), .stream(loops_stream),
    .channel(loops_channel), .address(loops_address), .inside_(loops_inside), .last(loops_last)
  );

  read_stream_16 stream (
    .clk(clk), .rst(rst), .claim(step), .room(stream_room), .put(put), .fetch(read), .tag(tag), .mark(mark),
    .read_word(ifmap_read_word), .returned(ifmap_free_post), .idle(stream_idle), .out_valid(ifmap_valid),
    .out_ready(ifmap_ready), .out_tag(stream_out_tag), .out_word(ifmap_word)
  );

  assign ifmap_read = read, ifmap_address = read_address;
  assign ifmap_y = stream_out_tag[1:0];
  assign ifmap_x = stream_out_tag[5:2];
  assign idle = !queue_deq_valid && !loops_busy && stream_idle;

  always @(posedge clk) begin
    if (table_write) table_[table_index] <= {fields_c, fields_h, fields_offset, fields_x, fields_y};
    if (step) table_read_data <= table_[loops_stream];
  end

  always @(posedge clk) begin
    if (rst) begin
      loaded <= 8'd0; looked_up <= 1'b0; put <= 1'b0; read <= 1'b0; mark <= 1'b0;
    end else begin
      loaded <= loaded + {7'd0, loaded_post} - ({7'd0, start} & {6'd0, queue_deq_payload[66:65]});
      looked_up <= step; put <= looked_up;
      read <= looked_up && inside_ && {2'd0, row} >= row_low && {2'd0, row} < row_high &&
          ({2'd0, table_read_data[38:29]} + {8'd0, channel}) < channels;
      mark <= last & post;
    end
  end

  always @(posedge clk) begin
    if (start) begin
      channels <= queue_deq_payload[40:29];
      row_low <= queue_deq_payload[52:41];
      row_high <= queue_deq_payload[64:53];
      post <= queue_deq_payload[66];
    end
    address <= loops_address; channel <= loops_channel; inside_ <= loops_inside; last <= loops_last;
    read_address <= address + offset;
    tag <= table_read_data[5:0];
  end
endmodule
