// Cuts read beats into words, or decodes them; writes up to four a cycle to the lanes of the global buffer.
module load_unpack (
  input wire clk, rst, run_valid,
  output wire run_ready,
  input wire [1:0] skip,
  input wire [31:0] elements_m1,
  input wire [12:0] word,
  input wire post, run_rlc, run_last,
  output wire length_valid,
  output wire [31:0] length,
  input wire go, read_valid,
  output wire read_ready,
  input wire [63:0] read_data,
  output wire [3:0] load_write,
  output wire [43:0] load_line,
  output wire [63:0] load_word,
  output wire posted, idle, decoded, failed
);
  wire decoder_read_ready;
  wire [2:0] decoder_available;
  wire [15:0] decoder_word_0, decoder_word_1, decoder_word_2, decoder_word_3;
  reg fresh, group, post_seen;
  reg [33:0] left;
  reg [12:0] place, target;
  reg [15:0] element_0, element_1, element_2, element_3;
  reg [3:0] mask;

  wire group_now = group && !fresh;
  wire [1:0] skip_now = fresh ? skip & 2'd3 : 2'd0;
  wire [33:0] left_now = fresh ? {2'd0, elements_m1} + 34'd1 + {32'd0, skip_now} : left;
  wire [12:0] place_now = fresh ? word - {11'd0, skip_now} : place;
  wire is_plain = run_valid && !run_rlc;
  wire [2:0] amount = is_plain ? 3'd4 : decoder_available;
  wire last = left_now <= {31'd0, amount};
  wire beat_end = last || ({1'b0, group_now} + 2'd1) == 2'd1;
  wire decoder_read_valid = read_valid && !is_plain;
  wire step = is_plain ? read_valid : run_valid && amount != 3'd0;
  wire [2:0] count = last ? left_now[2:0] : amount;
  wire [2:0] decoder_take = (step && !is_plain) ? count : 3'd0;
  wire decoder_finish = run_ready && !is_plain && run_last;
  wire [2:0] hidden = 3'd4 - count;
  wire [3:0] from_first = 4'd15 << skip_now;
  wire [3:0] to_last = 4'd15 >> hidden;
  wire [1:0] rotation = target[1:0];
  wire [10:0] line = target[12:2];
  wire [6:0] lane_mask_shifted = {3'd0, mask} << rotation;
  wire [3:0] lane_mask = (mask << rotation) | {1'b0, lane_mask_shifted[6:4]};
  wire [15:0] half_0 = rotation[0] ? element_3 : element_0;
  wire [15:0] half_1 = rotation[0] ? element_0 : element_1;
  wire [15:0] half_2 = rotation[0] ? element_1 : element_2;
  wire [15:0] half_3 = rotation[0] ? element_2 : element_3;

  rlc_decoder decoder (
    .clk(clk), .rst(rst), .read_valid(decoder_read_valid), .read_ready(decoder_read_ready), .read_data(read_data),
    .length_valid(length_valid), .length(length), .go(go), .available(decoder_available),
    .word_0(decoder_word_0), .word_1(decoder_word_1), .word_2(decoder_word_2), .word_3(decoder_word_3),
    .take(decoder_take), .finish(decoder_finish), .decoded(decoded), .failed(failed)
  );

  assign read_ready = is_plain ? beat_end : decoder_read_ready;
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
        left <= left_now - {31'd0, amount};
        place <= place_now + {10'd0, amount};
        if (beat_end) group <= 1'b0;
        else group <= group_now + 1'b1;
      end
      mask <= 4'd0; post_seen <= 1'b0;
      if (step) begin
        target <= place_now;
        mask <= from_first & to_last;
        post_seen <= last & post;
      end
      element_0 <= decoder_word_0; element_1 <= decoder_word_1; element_2 <= decoder_word_2;
      element_3 <= decoder_word_3;
      if (is_plain) begin
        element_0 <= read_data[15:0];
        element_1 <= read_data[31:16];
        element_2 <= read_data[47:32];
        element_3 <= read_data[63:48];
      end
    end
  end
endmodule
