// Cuts read beats into words and writes up to four a cycle to the lanes of the global buffer.
module load_unpack (
  input wire clk, rst, run_valid,
  output wire run_ready,
  input wire [1:0] skip,
  input wire [31:0] elements_m1,
  input wire [12:0] word,
  input wire post, read_valid,
  output wire read_ready,
  input wire [63:0] read_data,
  output wire [3:0] load_write,
  output wire [43:0] load_line,
  output wire [63:0] load_word,
  output wire posted, idle
);
  reg fresh, group, post_seen;
  reg [33:0] left;
  reg [12:0] place, target;
  reg [15:0] element_0, element_1, element_2, element_3;
  reg [3:0] mask;

  wire group_now = group && !fresh;
  wire [1:0] skip_now = fresh ? skip & 2'd3 : 2'd0;
  wire [33:0] left_now = fresh ? {2'd0, elements_m1} + 34'd1 + {32'd0, skip_now} : left;
  wire [12:0] place_now = fresh ? word - {11'd0, skip_now} : place;
  wire last = left_now <= 34'd4;
  wire beat_end = last || ({1'b0, group_now} + 2'd1) == 2'd1;
  wire step = run_valid && read_valid;
  wire [3:0] from_first = 4'd15 << skip_now;
  wire [3:0] to_last = last ? 4'd15 >> (2'd0 - left_now[1:0]) : 4'd15;
  wire [1:0] rotation = target[1:0];
  wire [10:0] line = target[12:2];
  wire [6:0] lane_mask_shifted = {3'd0, mask} << rotation;
  wire [3:0] lane_mask = (mask << rotation) | {1'b0, lane_mask_shifted[6:4]};
  wire [15:0] half_0 = rotation[0] ? element_3 : element_0;
  wire [15:0] half_1 = rotation[0] ? element_0 : element_1;
  wire [15:0] half_2 = rotation[0] ? element_1 : element_2;
  wire [15:0] half_3 = rotation[0] ? element_2 : element_3;

  assign read_ready = run_valid && beat_end;
  assign run_ready = step && last;
  assign load_word[0*16 +: 16] = rotation[1] ? half_2 : half_0;
  assign load_line[0*11 +: 11] = (rotation > 2'd0) ? line + 11'd1 : line;
  assign load_write[0] = lane_mask[0];
  assign load_word[1*16 +: 16] = rotation[1] ? half_3 : half_1;
  assign load_line[1*11 +: 11] = (rotation > 2'd1) ? line + 11'd1 : line;
  assign load_write[1] = lane_mask[1];
  assign load_word[2*16 +: 16] = rotation[1] ? half_0 : half_2;
  assign load_line[2*11 +: 11] = (rotation > 2'd2) ? line + 11'd1 : line;
  assign load_write[2] = lane_mask[2];
  assign load_word[3*16 +: 16] = rotation[1] ? half_1 : half_3;
  assign load_line[3*11 +: 11] = line;
  assign load_write[3] = lane_mask[3];
  assign posted = post_seen;
  assign idle = !run_valid && mask == 4'd0;

  always @(posedge clk) begin
    if (rst) begin
      fresh <= 1'b1; group <= 1'b0; left <= 34'd0; place <= 13'd0; element_0 <= 16'd0; element_1 <= 16'd0;
      element_2 <= 16'd0; element_3 <= 16'd0; mask <= 4'd0; target <= 13'd0; post_seen <= 1'b0;
    end else begin
      if (step) begin
        fresh <= last;
        left <= left_now - 34'd4;
        place <= place_now + 13'd4;
        if (beat_end) group <= 1'b0;
        else group <= group_now + 1'b1;
      end
      mask <= 4'd0; post_seen <= 1'b0;
      if (step) begin
        target <= place_now;
        mask <= from_first & to_last & 4'd15;
        post_seen <= last & post;
      end
      element_0 <= read_data[15:0];
      element_1 <= read_data[31:16];
      element_2 <= read_data[47:32];
      element_3 <= read_data[63:48];
    end
  end
endmodule
