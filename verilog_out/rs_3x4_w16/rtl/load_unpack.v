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
  reg last;
  reg [2:0] amount;
  wire decoder_read_ready;
  wire [6:0] decoder_rest;
  wire [15:0] decoder_word_0, decoder_word_1, decoder_word_2, decoder_word_3;
  reg busy, is_slot, is_last, posts, group, post_seen;
  reg [1:0] before_;
  reg [33:0] left;
  reg [12:0] place, target;
  reg [15:0] element_0, element_1, element_2, element_3;
  reg [3:0] mask;
  wire is_plain = busy && !is_slot;
  wire few = left <= 34'd4;
  wire beat_end = few || ({1'b0, group} + 2'd1) == 2'd1;
  wire decoder_read_valid = read_valid && !is_plain;
  wire step = is_plain ? read_valid : busy && decoder_rest != 7'd0;
  wire [2:0] count = last ? left[2:0] : amount;
  wire decoder_take = busy & is_slot;
  wire done = step && last;
  wire decoder_finish = done && is_slot && is_last;
  wire [1:0] first = skip & 2'd3;
  wire [2:0] hidden = 3'd4 - count;
  wire [3:0] from_first = 4'd15 << before_;
  wire [3:0] to_last = 4'd15 >> hidden;
  wire [1:0] rotation = target[1:0];
  wire [10:0] line = target[12:2];
  wire [6:0] lane_mask_shifted = {3'd0, mask} << rotation;
  wire [3:0] lane_mask = (mask << rotation) | {1'b0, lane_mask_shifted[6:4]};
  wire [15:0] half_0 = rotation[0] ? element_3 : element_0;
  wire [15:0] half_1 = rotation[0] ? element_0 : element_1;
  wire [15:0] half_2 = rotation[0] ? element_1 : element_2;
  wire [15:0] half_3 = rotation[0] ? element_2 : element_3;
  wire unused_bits = &{1'b0, lane_mask_shifted[3:0]};

  rlc_decoder decoder (
    .clk(clk), .rst(rst), .read_valid(decoder_read_valid), .read_ready(decoder_read_ready), .read_data(read_data),
    .length_valid(length_valid), .length(length), .go(go), .rest(decoder_rest),
    .word_0(decoder_word_0), .word_1(decoder_word_1), .word_2(decoder_word_2), .word_3(decoder_word_3),
    .take(decoder_take), .cut(last), .part(left[2:0]), .finish(decoder_finish), .decoded(decoded), .failed(failed)
  );

  always @* begin
    if (is_plain) begin
      amount = 3'd4;
      last = few;
    end else begin
      amount = 3'd4;
      if (decoder_rest < 7'd4) amount = decoder_rest[2:0];
      last = left <= 34'd4 && left <= {27'd0, decoder_rest};
    end
  end

  assign read_ready = is_plain ? beat_end : decoder_read_ready;
  assign run_ready = !busy || done;
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
  assign idle = !run_valid && !busy && mask == 4'd0;

  always @(posedge clk) begin
    if (rst) begin
      busy <= 1'b0; is_slot <= 1'b0; is_last <= 1'b0; posts <= 1'b0; group <= 1'b0; before_ <= 2'd0; mask <= 4'd0;
      post_seen <= 1'b0;
    end else begin
      if (run_ready) begin
        busy <= run_valid; is_slot <= run_rlc; is_last <= run_last; posts <= post; group <= 1'b0; before_ <= first;
      end else if (step) begin
        before_ <= 2'd0;
        if (beat_end) group <= 1'b0;
        else group <= group + 1'b1;
      end
      mask <= 4'd0; post_seen <= 1'b0;
      if (step) begin
        mask <= from_first & to_last;
        post_seen <= last & posts;
      end
    end
  end

  always @(posedge clk) begin
    if (run_ready) begin
      left <= {2'd0, elements_m1} + 34'd1 + {32'd0, first};
      place <= word - {11'd0, first};
    end else if (step) begin
      left <= left - {31'd0, amount};
      place <= place + {10'd0, amount};
    end
    if (step) target <= place;
    element_0 <= decoder_word_0; element_1 <= decoder_word_1; element_2 <= decoder_word_2; element_3 <= decoder_word_3;
    if (is_plain) begin
      element_0 <= read_data[15:0];
      element_1 <= read_data[31:16];
      element_2 <= read_data[47:32];
      element_3 <= read_data[63:48];
    end
  end
endmodule
