// Cuts read beats into words and writes up to four a cycle to the lanes of the global buffer.
module load_unpack (
  input wire clk,
  input wire rst,
  input wire run_valid,
  output wire run_ready,
  input wire [1:0] skip,
  input wire [31:0] elements_m1,
  input wire [12:0] word,
  input wire post,
  input wire read_valid,
  output wire read_ready,
  input wire [63:0] read_data,
  output wire load_write_0,
  output wire load_write_1,
  output wire load_write_2,
  output wire load_write_3,
  output reg [10:0] load_line_0,
  output reg [10:0] load_line_1,
  output reg [10:0] load_line_2,
  output wire [10:0] load_line_3,
  output reg [15:0] load_word_0,
  output reg [15:0] load_word_1,
  output reg [15:0] load_word_2,
  output reg [15:0] load_word_3,
  output wire posted,
  output wire idle
);
  reg group_now;
  reg [1:0] skip_now;
  reg [33:0] left_now;
  reg [12:0] place_now;
  wire beat_end;
  wire last;
  wire step;
  wire [3:0] from_first;
  reg [3:0] to_last;
  wire [63:0] chunk;
  wire [1:0] rotation;
  wire [10:0] line;
  wire [3:0] lane_mask;
  wire [15:0] wide_0;
  wire [15:0] wide_1;
  wire [15:0] wide_2;
  wire [15:0] wide_3;
  reg [15:0] half_0;
  reg [15:0] half_1;
  reg [15:0] half_2;
  reg [15:0] half_3;
  reg fresh;
  reg group;
  reg [33:0] left;
  reg [12:0] place;
  reg [15:0] element_0;
  reg [15:0] element_1;
  reg [15:0] element_2;
  reg [15:0] element_3;
  reg [3:0] mask;
  reg [12:0] target;
  reg post_seen;
  wire [6:0] lane_mask_shifted;

  always @* begin
    group_now = group;
    if (fresh) group_now = 1'b0;
  end

  always @* begin
    skip_now = 2'd0;
    if (fresh) skip_now = skip & 2'd3;
  end

  always @* begin
    left_now = left;
    if (fresh) left_now = {2'd0, elements_m1} + 34'd1 + {32'd0, skip_now};
  end

  always @* begin
    place_now = place;
    if (fresh) place_now = word - {11'd0, skip_now};
  end

  assign last = left_now <= 34'd4;
  assign beat_end = last || ({1'b0, group_now} + 2'd1) == 2'd1;
  assign read_ready = run_valid && beat_end;
  assign step = run_valid && read_valid;
  assign run_ready = step && last;
  assign chunk = read_data;
  assign from_first = 4'd15 << skip_now;

  always @* begin
    to_last = 4'd15;
    if (last) to_last = 4'd15 >> (2'd0 - left_now[1:0]);
  end

  assign rotation = target[1:0];
  assign line = target[12:2];
  assign lane_mask_shifted = {3'd0, mask} << rotation;
  assign lane_mask = (mask << rotation) | {1'b0, lane_mask_shifted[6:4]};
  assign wide_0 = element_0;
  assign wide_1 = element_1;
  assign wide_2 = element_2;
  assign wide_3 = element_3;

  always @* begin
    if (rotation[0]) half_0 = wide_3;
    else half_0 = wide_0;
  end

  always @* begin
    if (rotation[0]) half_1 = wide_0;
    else half_1 = wide_1;
  end

  always @* begin
    if (rotation[0]) half_2 = wide_1;
    else half_2 = wide_2;
  end

  always @* begin
    if (rotation[0]) half_3 = wide_2;
    else half_3 = wide_3;
  end

  always @* begin
    if (rotation[1]) load_word_0 = half_2;
    else load_word_0 = half_0;
  end

  always @* begin
    if (rotation > 2'd0) load_line_0 = line + 11'd1;
    else load_line_0 = line;
  end

  assign load_write_0 = lane_mask[0];

  always @* begin
    if (rotation[1]) load_word_1 = half_3;
    else load_word_1 = half_1;
  end

  always @* begin
    if (rotation > 2'd1) load_line_1 = line + 11'd1;
    else load_line_1 = line;
  end

  assign load_write_1 = lane_mask[1];

  always @* begin
    if (rotation[1]) load_word_2 = half_0;
    else load_word_2 = half_2;
  end

  always @* begin
    if (rotation > 2'd2) load_line_2 = line + 11'd1;
    else load_line_2 = line;
  end

  assign load_write_2 = lane_mask[2];

  always @* begin
    if (rotation[1]) load_word_3 = half_1;
    else load_word_3 = half_3;
  end

  assign load_line_3 = line;
  assign load_write_3 = lane_mask[3];
  assign posted = post_seen;
  assign idle = !run_valid && mask == 4'd0;

  always @(posedge clk) begin
    if (rst) begin
      fresh <= 1'b1;
      group <= 1'b0;
      left <= 34'd0;
      place <= 13'd0;
      element_0 <= 16'd0;
      element_1 <= 16'd0;
      element_2 <= 16'd0;
      element_3 <= 16'd0;
      mask <= 4'd0;
      target <= 13'd0;
      post_seen <= 1'b0;
    end else begin
      if (step) begin
        fresh <= last;
        left <= left_now - 34'd4;
        place <= place_now + 13'd4;
        if (beat_end) group <= 1'b0;
        else group <= group_now + 1'b1;
      end
      mask <= 4'd0;
      post_seen <= 1'b0;
      if (step) begin
        target <= place_now;
        mask <= from_first & to_last & 4'd15;
        post_seen <= last & post;
      end
      element_0 <= chunk[15:0];
      element_1 <= chunk[31:16];
      element_2 <= chunk[47:32];
      element_3 <= chunk[63:48];
    end
  end
endmodule
