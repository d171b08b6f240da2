// Loops of the ifmap walker over images, columns, streams and channels.
module ifmap_loops (
  input wire clk, rst,
  input wire [3:0] layer_channels_m1, input wire [1:0] layer_streams_m1, input wire [15:0] layer_row_width,
  input wire [11:0] layer_channel_stride, layer_image_stride, input wire [15:0] layer_col_run_m1, layer_col_skip,
  input wire [11:0] layer_col_runs_m1, input wire [7:0] layer_images_m1,
  input wire start,
  input wire [11:0] tile,
  input wire [15:0] x_start,
  input wire advance,
  output wire busy,
  output wire [1:0] stream,
  output wire [3:0] channel,
  output wire [11:0] address,
  output wire inside_, last
);
  reg running;
  reg [3:0] channel_count;
  reg [1:0] stream_count;
  reg [15:0] col_count, x_first;
  reg [11:0] run_count, image_base, col_base, channel_offset;
  reg [7:0] image_count;
  reg [16:0] x;
  wire last_channel = channel_count == layer_channels_m1;
  wire last_stream = stream_count == layer_streams_m1;
  wire last_col = col_count == layer_col_run_m1;
  wire last_run = run_count == layer_col_runs_m1;
  wire last_image = image_count == layer_images_m1;

  assign busy = running, stream = stream_count, channel = channel_count;
  assign address = col_base + channel_offset;
  assign inside_ = $signed(x) >= 17'sd0 && $signed(x) < $signed({1'b0, layer_row_width});
  assign last = last_channel & last_stream & last_col & last_run & last_image;

  always @(posedge clk) begin
    if (rst) begin
      running <= 1'b0; channel_count <= 4'd0; stream_count <= 2'd0; col_count <= 16'd0; run_count <= 12'd0;
      image_count <= 8'd0; channel_offset <= 12'd0;
    end else begin
      if (start) running <= 1'b1;
      else if (advance) begin
        channel_count <= channel_count + 4'd1;
        channel_offset <= channel_offset + layer_channel_stride;
        if (last_channel) begin
          channel_count <= 4'd0; channel_offset <= 12'd0;
          stream_count <= stream_count + 2'd1;
          if (last_stream) begin
            stream_count <= 2'd0;
            if (!last_col) col_count <= col_count + 16'd1;
            else begin
              col_count <= 16'd0;
              if (!last_run) run_count <= run_count + 12'd1;
              else begin
                run_count <= 12'd0;
                image_count <= image_count + 8'd1;
                if (last_image) begin
                  image_count <= 8'd0; running <= 1'b0;
                end
              end
            end
          end
        end
      end
    end
  end

  always @(posedge clk) begin
    if (start) begin
      x <= {x_start[15], x_start};
      x_first <= x_start; image_base <= tile;
      col_base <= tile + x_start[11:0];
    end else if (advance) begin
      if (last_channel && last_stream) begin
        if (!last_col) begin
          x <= x + 17'd1;
          col_base <= col_base + 12'd1;
        end else begin
          if (!last_run) begin
            x <= x + {1'b0, layer_col_skip} + 17'd1;
            col_base <= col_base + layer_col_skip[11:0] + 12'd1;
          end else begin
            x <= {x_first[15], x_first};
            image_base <= image_base + layer_image_stride;
            col_base <= image_base + layer_image_stride + x_first[11:0];
          end
        end
      end
    end
  end
endmodule
