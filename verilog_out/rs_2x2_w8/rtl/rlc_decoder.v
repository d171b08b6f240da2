// Expands the codes of a compressed slot into up to four words a cycle.
module rlc_decoder (
  input wire clk, rst, read_valid,
  output wire read_ready,
  input wire [63:0] read_data,
  output wire length_valid,
  output wire [31:0] length,
  input wire go,
  output reg [2:0] available,
  output reg [7:0] word_0, word_1, word_2, word_3,
  input wire [2:0] take,
  input wire finish,
  output wire decoded, failed
);
  reg has_low, second, known, open, full, bad;
  reg [31:0] left;
  reg [63:0] code;
  reg [7:0] at;

  wire [12:0] pair_0 = code[12:0];
  wire [4:0] run_0 = pair_0[4:0];
  wire [12:0] pair_1 = code[25:13];
  wire [4:0] run_1 = pair_1[4:0];
  wire [12:0] pair_2 = code[38:26];
  wire [4:0] run_2 = pair_2[4:0];
  wire [12:0] pair_3 = code[51:39];
  wire [4:0] run_3 = pair_3[4:0];
  wire [7:0] place_0 = {3'd0, run_0};
  wire [7:0] place_1 = place_0 + {3'd0, run_1} + 8'd1;
  wire [7:0] place_2 = place_1 + {3'd0, run_2} + 8'd1;
  wire [7:0] place_3 = place_2 + {3'd0, run_3} + 8'd1;
  wire [7:0] rest = place_3 + 8'd1 - at;
  wire more = ({1'b0, place_0} >= ({1'b0, at} + {6'd0, take}) && pair_0 != 13'd0) ||
      ({1'b0, place_1} >= ({1'b0, at} + {6'd0, take}) && pair_1 != 13'd0) ||
      ({1'b0, place_2} >= ({1'b0, at} + {6'd0, take}) && pair_2 != 13'd0) ||
      ({1'b0, place_3} >= ({1'b0, at} + {6'd0, take}) && pair_3 != 13'd0);
  wire is_last = code[63];
  wire done = full && {5'd0, take} == rest;
  wire wanted = !known || (open && left != 32'd0 && (!full || done));
  wire taken = read_valid & wanted;
  wire beat_end = 1'b1;

  assign length = left;
  assign length_valid = known && !open;

  always @* begin
    word_0 = 8'd0;
    if ({1'b0, place_0} == ({1'b0, at} + 9'd0)) word_0 = pair_0[12:5];
    if ({1'b0, place_1} == ({1'b0, at} + 9'd0)) word_0 = pair_1[12:5];
    if ({1'b0, place_2} == ({1'b0, at} + 9'd0)) word_0 = pair_2[12:5];
    if ({1'b0, place_3} == ({1'b0, at} + 9'd0)) word_0 = pair_3[12:5];
  end

  always @* begin
    word_1 = 8'd0;
    if ({1'b0, place_0} == ({1'b0, at} + 9'd1)) word_1 = pair_0[12:5];
    if ({1'b0, place_1} == ({1'b0, at} + 9'd1)) word_1 = pair_1[12:5];
    if ({1'b0, place_2} == ({1'b0, at} + 9'd1)) word_1 = pair_2[12:5];
    if ({1'b0, place_3} == ({1'b0, at} + 9'd1)) word_1 = pair_3[12:5];
  end

  always @* begin
    word_2 = 8'd0;
    if ({1'b0, place_0} == ({1'b0, at} + 9'd2)) word_2 = pair_0[12:5];
    if ({1'b0, place_1} == ({1'b0, at} + 9'd2)) word_2 = pair_1[12:5];
    if ({1'b0, place_2} == ({1'b0, at} + 9'd2)) word_2 = pair_2[12:5];
    if ({1'b0, place_3} == ({1'b0, at} + 9'd2)) word_2 = pair_3[12:5];
  end

  always @* begin
    word_3 = 8'd0;
    if ({1'b0, place_0} == ({1'b0, at} + 9'd3)) word_3 = pair_0[12:5];
    if ({1'b0, place_1} == ({1'b0, at} + 9'd3)) word_3 = pair_1[12:5];
    if ({1'b0, place_2} == ({1'b0, at} + 9'd3)) word_3 = pair_2[12:5];
    if ({1'b0, place_3} == ({1'b0, at} + 9'd3)) word_3 = pair_3[12:5];
  end

  always @* begin
    available = 3'd0;
    if (full) begin
      if (rest > 8'd4) available = 3'd4;
      else available = rest[2:0];
    end
  end

  assign read_ready = wanted & beat_end;
  assign decoded = taken & known;
  assign failed = bad;

  always @(posedge clk) begin
    if (rst) begin
      has_low <= 1'b0; second <= 1'b0; known <= 1'b0; open <= 1'b0; full <= 1'b0; left <= 32'd0; code <= 64'd0;
      at <= 8'd0; bad <= 1'b0;
    end else begin
      bad <= done && !finish && (is_last || left == 32'd0);
      at <= at + {5'd0, take};
      if (done) full <= 1'b0;
      if (go) open <= 1'b1;
      if (taken) begin
        if (known) begin
          code <= read_data; full <= 1'b1; at <= 8'd0;
          left <= left - 32'd1;
        end else begin
          known <= read_data[31:0] != 32'd0;
          left <= read_data[31:0];
          bad <= read_data[31:0] == 32'd0;
        end
      end
      if (finish) begin
        known <= 1'b0; open <= 1'b0; full <= 1'b0;
        bad <= !is_last || left != 32'd0 || more;
      end
    end
  end
endmodule
