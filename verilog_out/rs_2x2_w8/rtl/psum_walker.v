// Goes through the psums of a lane in a pass: the PE and the buffer line of each.
module psum_walker (
  input wire clk, rst,
  input wire [11:0] layer_windows_m1, input wire [7:0] layer_filters_m1, layer_images_m1,
  input wire [9:0] layer_filter_stride, layer_image_stride,
  input wire [1:0] sources,
  input wire table_write,
  input wire entry_index, entry_row, entry_col, input wire [9:0] entry_offset,
  input wire start,
  input wire [9:0] base,
  input wire flag,
  output wire busy, idle, valid,
  input wire ready,
  output wire row, col,
  output wire [9:0] line,
  output wire flagged, last
);
  reg running, pass_flag, looked_up, final_entry;
  reg [1:0] source_count;
  reg [7:0] filter_count, image_count;
  reg [11:0] window_count, table_read_data;
  reg [9:0] image_base, window_base, filter_base, line_base;
  wire [13:0] entries_deq_payload;
  wire [2:0] entries_level;
  reg [11:0] table_ [0:1];
  wire unused;
  wire last_source = ({1'b0, source_count} + 3'd1) == {1'b0, sources};
  wire last_filter = filter_count == layer_filters_m1;
  wire last_window = window_count == layer_windows_m1;
  wire last_image = image_count == layer_images_m1;
  wire step = running && ({1'b0, entries_level} + {3'd0, looked_up}) < 4'd4;
  wire [9:0] offset = table_read_data[11:2];
  wire [9:0] line_sum = line_base + offset;
  wire [13:0] entries_enq_payload = {final_entry, pass_flag, line_sum, table_read_data[1:0]};

  fifo #(.BITS(14), .DEPTH(4)) entries (
    .clk(clk), .rst(rst),
    .enq_payload(entries_enq_payload), .enq_valid(looked_up), .enq_ready(unused),
    .deq_payload(entries_deq_payload), .deq_valid(valid), .deq_ready(ready), .level(entries_level)
  );

  assign busy = running;
  assign idle = !running && !looked_up && !valid;
  assign row = entries_deq_payload[0];
  assign col = entries_deq_payload[1];
  assign line = entries_deq_payload[11:2];
  assign flagged = entries_deq_payload[12];
  assign last = entries_deq_payload[13];

  always @(posedge clk) begin
    if (table_write) table_[entry_index] <= {entry_offset, entry_col, entry_row};
    if (step) table_read_data <= table_[source_count[0]];
  end

  always @(posedge clk) begin
    if (rst) begin
      running <= 1'b0; source_count <= 2'd0; filter_count <= 8'd0; window_count <= 12'd0; image_count <= 8'd0;
      looked_up <= 1'b0;
    end else begin
      if (start) running <= sources != 2'd0;
      else if (step) begin
        source_count <= source_count + 2'd1;
        if (last_source) begin
          source_count <= 2'd0;
          if (!last_filter) filter_count <= filter_count + 8'd1;
          else begin
            filter_count <= 8'd0;
            if (!last_window) window_count <= window_count + 12'd1;
            else begin
              window_count <= 12'd0;
              image_count <= image_count + 8'd1;
              if (last_image) begin
                image_count <= 8'd0; running <= 1'b0;
              end
            end
          end
        end
      end
      looked_up <= step;
    end
  end

  always @(posedge clk) begin
    if (start) begin
      image_base <= base; window_base <= base; filter_base <= base;
    end else if (step) begin
      if (last_source) begin
        if (!last_filter) filter_base <= filter_base + layer_filter_stride;
        else begin
          if (!last_window) begin
            window_base <= window_base + 10'd1;
            filter_base <= window_base + 10'd1;
          end else begin
            image_base <= image_base + layer_image_stride;
            window_base <= image_base + layer_image_stride;
            filter_base <= image_base + layer_image_stride;
          end
        end
      end
    end
    if (start) pass_flag <= flag;
    line_base <= filter_base;
    final_entry <= last_source & last_filter & last_window & last_image;
  end
endmodule
