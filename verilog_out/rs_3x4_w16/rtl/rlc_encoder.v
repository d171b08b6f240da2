// Makes codes of runs and levels from words, and counts them.
module rlc_encoder (
  input wire clk, rst, word_valid,
  output wire word_ready,
  input wire [15:0] word,
  input wire word_last,
  output wire code_valid,
  input wire code_ready,
  output wire [63:0] code,
  output wire code_last, is_head
);
  reg [4:0] run;
  reg [62:0] code_bits;
  reg [5:0] filled;
  reg [31:0] count;
  reg ending, closed;
  wire codes_enq_ready;
  wire [1:0] unused;
  wire closes = word != 16'd0 || run == 5'd31 || word_last;
  wire emits = closes && (word_last || filled == 6'd42);
  wire [62:0] joined = code_bits | ({42'd0, word, run} << filled);
  wire fits = !emits || codes_enq_ready;
  wire enters = word_valid & word_ready;
  wire codes_enq_valid = (enters & emits) | ending;
  wire [63:0] codes_enq_0 = ending ? {32'd0, count} : {word_last, joined};
  wire codes_enq_1 = word_last | ending;

  fifo #(.BITS(66), .DEPTH(2)) codes (
    .clk(clk), .rst(rst),
    .enq_payload({ending, codes_enq_1, codes_enq_0}), .enq_valid(codes_enq_valid), .enq_ready(codes_enq_ready),
    .deq_payload({is_head, code_last, code}), .deq_valid(code_valid), .deq_ready(code_ready), .level(unused)
  );

  assign word_ready = !closed && fits;

  always @(posedge clk) begin
    if (rst) begin
      run <= 5'd0; code_bits <= 63'd0; filled <= 6'd0; count <= 32'd0; ending <= 1'b0; closed <= 1'b0;
    end else begin
      if (enters) begin
        if (!closes) run <= run + 5'd1;
        else begin
          run <= 5'd0;
          if (emits) begin
            code_bits <= 63'd0; filled <= 6'd0;
            count <= count + 32'd1;
            ending <= word_last; closed <= word_last;
          end else begin
            code_bits <= joined;
            filled <= filled + 6'd21;
          end
        end
      end
      if (ending && codes_enq_ready) begin
        ending <= 1'b0; count <= 32'd0;
      end
      if (code_valid && code_ready && is_head) closed <= 1'b0;
    end
  end
endmodule
