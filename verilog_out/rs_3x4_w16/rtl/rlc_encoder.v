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
  reg ending, full, made_last, made_head;
  reg [63:0] made;

  wire room = !full || code_ready;
  wire closes = word != 16'd0 || run == 5'd31 || word_last;
  wire emits = closes && (word_last || filled == 6'd42);
  wire [62:0] joined = code_bits | ({42'd0, word, run} << filled);

  assign code_valid = full;
  assign code = made;
  assign code_last = made_last;
  assign is_head = made_head;
  assign word_ready = !ending && !(full && made_head) && (!emits || room);

  always @(posedge clk) begin
    if (rst) begin
      run <= 5'd0; code_bits <= 63'd0; filled <= 6'd0; count <= 32'd0; ending <= 1'b0; full <= 1'b0; made <= 64'd0;
      made_last <= 1'b0; made_head <= 1'b0;
    end else begin
      if (code_ready) full <= 1'b0;
      if (word_valid && word_ready) begin
        if (!closes) run <= run + 5'd1;
        else begin
          run <= 5'd0;
          if (emits) begin
            code_bits <= 63'd0; filled <= 6'd0;
            count <= count + 32'd1;
            ending <= word_last; full <= 1'b1;
            made <= {word_last, joined};
            made_last <= word_last; made_head <= 1'b0;
          end else begin
            code_bits <= joined;
            filled <= filled + 6'd21;
          end
        end
      end
      if (ending && room) begin
        ending <= 1'b0; count <= 32'd0; full <= 1'b1;
        made <= {32'd0, count};
        made_last <= 1'b1; made_head <= 1'b1;
      end
    end
  end
endmodule
