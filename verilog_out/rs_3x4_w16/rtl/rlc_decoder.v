// Expands the codes of a compressed slot into up to four words a cycle.
module rlc_decoder (
  input wire clk, rst, read_valid,
  output wire read_ready,
  input wire [63:0] read_data,
  output wire length_valid,
  output wire [31:0] length,
  input wire go,
  output reg [2:0] available,
  output reg [15:0] word_0, word_1, word_2, word_3,
  input wire [2:0] take,
  input wire finish,
  output wire decoded, failed
);
  reg has_low, second, known, open, full, bad;
  reg [31:0] left;
  reg [63:0] code;
  reg [6:0] at;

  wire [20:0] pair_0 = code[20:0];
  wire [4:0] run_0 = pair_0[4:0];
  wire [20:0] pair_1 = code[41:21];
  wire [4:0] run_1 = pair_1[4:0];
  wire [20:0] pair_2 = code[62:42];
  wire [4:0] run_2 = pair_2[4:0];
  wire [6:0] place_0 = {2'd0, run_0};
  wire [6:0] place_1 = place_0 + {2'd0, run_1} + 7'd1;
  wire [6:0] place_2 = place_1 + {2'd0, run_2} + 7'd1;
  wire [6:0] rest = place_2 + 7'd1 - at;
  wire more = ({1'b0, place_0} >= ({1'b0, at} + {5'd0, take}) && pair_0 != 21'd0) ||
      ({1'b0, place_1} >= ({1'b0, at} + {5'd0, take}) && pair_1 != 21'd0) ||
      ({1'b0, place_2} >= ({1'b0, at} + {5'd0, take}) && pair_2 != 21'd0);
  wire is_last = code[63];
  wire done = full && {4'd0, take} == rest;
  wire wanted = !known || (open && left != 32'd0 && (!full || done));
  wire taken = read_valid & wanted;
  wire beat_end = 1'b1;

  assign length = left;
  assign length_valid = known && !open;

  always @* begin
    word_0 = 16'd0;
    if ({1'b0, place_0} == ({1'b0, at} + 8'd0)) word_0 = pair_0[20:5];
    if ({1'b0, place_1} == ({1'b0, at} + 8'd0)) word_0 = pair_1[20:5];
    if ({1'b0, place_2} == ({1'b0, at} + 8'd0)) word_0 = pair_2[20:5];
  end

  always @* begin
    word_1 = 16'd0;
    if ({1'b0, place_0} == ({1'b0, at} + 8'd1)) word_1 = pair_0[20:5];
    if ({1'b0, place_1} == ({1'b0, at} + 8'd1)) word_1 = pair_1[20:5];
    if ({1'b0, place_2} == ({1'b0, at} + 8'd1)) word_1 = pair_2[20:5];
  end

  always @* begin
    word_2 = 16'd0;
    if ({1'b0, place_0} == ({1'b0, at} + 8'd2)) word_2 = pair_0[20:5];
    if ({1'b0, place_1} == ({1'b0, at} + 8'd2)) word_2 = pair_1[20:5];
    if ({1'b0, place_2} == ({1'b0, at} + 8'd2)) word_2 = pair_2[20:5];
  end

  always @* begin
    word_3 = 16'd0;
    if ({1'b0, place_0} == ({1'b0, at} + 8'd3)) word_3 = pair_0[20:5];
    if ({1'b0, place_1} == ({1'b0, at} + 8'd3)) word_3 = pair_1[20:5];
    if ({1'b0, place_2} == ({1'b0, at} + 8'd3)) word_3 = pair_2[20:5];
  end

  always @* begin
    available = 3'd0;
    if (full) begin
      if (rest > 7'd4) available = 3'd4;
      else available = rest[2:0];
    end
  end

  assign read_ready = wanted & beat_end;
  assign decoded = taken & known;
  assign failed = bad;

  always @(posedge clk) begin
    if (rst) begin
      has_low <= 1'b0; second <= 1'b0; known <= 1'b0; open <= 1'b0; full <= 1'b0; left <= 32'd0; code <= 64'd0;
      at <= 7'd0; bad <= 1'b0;
    end else begin
      bad <= done && !finish && (is_last || left == 32'd0);
      at <= at + {4'd0, take};
      if (done) full <= 1'b0;
      if (go) open <= 1'b1;
      if (taken) begin
        if (known) begin
          code <= read_data; full <= 1'b1; at <= 7'd0;
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
