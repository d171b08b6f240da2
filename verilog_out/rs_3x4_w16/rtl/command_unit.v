// Assembles commands from words, checks them and gives them to their units in order.
module command_unit (
  input wire clk, rst, halt, word_valid,
  output wire word_ready,
  input wire [63:0] word,
  input wire word_last,
  output wire [447:0] command,
  output wire [7:0] flags,
  output reg load_valid,
  input wire load_ready,
  output reg filter_valid,
  input wire filter_ready,
  output reg store_valid,
  input wire store_ready,
  output wire store_params,
  output reg pass_valid,
  input wire pass_ready,
  output reg layer_write, table_write,
  output wire [7:0] table_target,
  output wire [15:0] table_index,
  output wire [63:0] table_word,
  input wire all_idle,
  output reg layer_done,
  output wire [31:0] layer_number,
  output wire dispatched, failed,
  output wire [2:0] cause,
  output wire idle
);
  localparam [2:0] STAGE_CHECK = 3'd1;
  localparam [2:0] STAGE_COLLECT = 3'd0;
  localparam [2:0] STAGE_DISPATCH = 3'd2;
  localparam [2:0] STAGE_FAILED = 3'd5;
  localparam [2:0] STAGE_PAYLOAD = 3'd3;
  localparam [2:0] STAGE_TOTAL = 3'd4;

  reg done;
  reg [2:0] error;
  reg [2:0] stage, place, reason;
  reg [63:0] words_0, words_1, words_2, words_3, words_4, words_5, words_6, words_7;
  reg [31:0] sum;
  reg [7:0] opcode, flag_bits;
  reg last;
  reg [16:0] index;
  wire check_looks, check_known, check_fits;
  wire take = word_valid & word_ready;
  wire check_take = take && stage == STAGE_COLLECT;
  wire [7:0] fields_target = words_1[7:0];
  wire [15:0] fields_count = words_1[31:16];
  wire [31:0] fields_payload_sum = words_1[63:32];
  wire [31:0] fields_layer = words_1[31:0];
  wire unused_bits = &{1'b0, words_0};

  command_check check (
    .clk(clk), .rst(rst), .take(check_take), .word(words_7), .place(place), .opcode(opcode), .flags(flag_bits),
    .target(fields_target), .count(fields_count), .last(last), .looks(check_looks), .known(check_known),
    .fits(check_fits)
  );

  always @* begin
    load_valid = 1'b0;
    filter_valid = 1'b0;
    store_valid = 1'b0;
    pass_valid = 1'b0;
    case (stage)
      STAGE_DISPATCH: begin
        if (opcode == 8'd3) load_valid = 1'b1;
        else if (opcode == 8'd4) filter_valid = 1'b1;
        else if (opcode == 8'd5) pass_valid = 1'b1;
        else if (opcode == 8'd6 || opcode == 8'd7) store_valid = 1'b1;
      end
      default: ;
    endcase
  end

  always @* begin
    layer_write = 1'b0;
    layer_done = 1'b0;
    case (stage)
      STAGE_DISPATCH: begin
        if (!(opcode == 8'd3) && !(opcode == 8'd4) && !(opcode == 8'd5) && !(opcode == 8'd6 || opcode == 8'd7)) begin
          layer_write = all_idle && opcode == 8'd1;
          layer_done = all_idle && opcode == 8'd15;
        end
      end
      default: ;
    endcase
  end

  always @* begin
    table_write = 1'b0;
    case (stage)
      STAGE_PAYLOAD: if (take) table_write = index < {1'b0, fields_count};
      default: ;
    endcase
  end

  always @* begin
    done = 1'b0;
    case (stage)
      STAGE_DISPATCH: begin
        if (opcode == 8'd3) done = load_ready;
        else if (opcode == 8'd4) done = filter_ready;
        else if (opcode == 8'd5) done = pass_ready;
        else if (opcode == 8'd6 || opcode == 8'd7) done = store_ready;
        else done = all_idle;
      end
      default: ;
    endcase
  end

  always @* begin
    error = 3'd0;
    case (stage)
      STAGE_CHECK: begin
        if (!check_looks) begin
          if (sum != 32'h7e55e7a1) error = 3'd1;
          else if (!check_known) error = 3'd2;
          else if (!check_fits) error = 3'd3;
          else if (last && opcode != 8'd15) error = 3'd7;
        end
      end
      STAGE_PAYLOAD: if (take && place == 3'd7 && !(({1'b0, index} + 18'd1) >= {2'd0, fields_count}) &&
          word_last) error = 3'd3;
      STAGE_TOTAL: begin
        if (sum != fields_payload_sum) error = 3'd1;
        else if (last) error = 3'd7;
      end
      default: ;
    endcase
  end

  assign word_ready = stage == STAGE_COLLECT || stage == STAGE_PAYLOAD;
  assign command[0*64 +: 64] = words_1;
  assign command[1*64 +: 64] = words_2;
  assign command[2*64 +: 64] = words_3;
  assign command[3*64 +: 64] = words_4;
  assign command[4*64 +: 64] = words_5;
  assign command[5*64 +: 64] = words_6;
  assign command[6*64 +: 64] = words_7;
  assign flags = flag_bits;
  assign store_params = opcode == 8'd6;
  assign layer_number = fields_layer, table_target = fields_target;
  assign table_index = index[15:0];
  assign table_word = word;
  assign failed = reason != 3'd0;
  assign cause = reason, dispatched = done;
  assign idle = stage == STAGE_COLLECT && place == 3'd0;

  always @(posedge clk) begin
    if (rst) begin
      stage <= STAGE_COLLECT; place <= 3'd0; sum <= 32'd0; opcode <= 8'd0; flag_bits <= 8'd0; last <= 1'b0;
      index <= 17'd0; reason <= 3'd0;
    end else begin
      if (take) begin
        place <= place + 3'd1;
        sum <= sum + word[31:0] + word[63:32];
        last <= word_last;
        if (stage == STAGE_COLLECT && place == 3'd0) begin
          opcode <= word[7:0];
          flag_bits <= word[15:8];
        end
      end
      case (stage)
        STAGE_COLLECT: if (take && place == 3'd7) stage <= STAGE_CHECK;
        STAGE_CHECK: begin
          if (!check_looks) begin
            sum <= 32'd0; index <= 17'd0; stage <= STAGE_DISPATCH;
          end
        end
        STAGE_DISPATCH: begin
          if (done) begin
            stage <= STAGE_COLLECT;
            if (opcode == 8'd2) stage <= STAGE_PAYLOAD;
          end
        end
        STAGE_PAYLOAD: begin
          if (take) begin
            index <= index + 17'd1;
            if (place == 3'd7 && ({1'b0, index} + 18'd1) >= {2'd0, fields_count}) stage <= STAGE_TOTAL;
          end
        end
        STAGE_TOTAL: begin
          sum <= 32'd0; stage <= STAGE_COLLECT;
        end
        default: ;
      endcase
      if (halt || error != 3'd0) stage <= STAGE_FAILED;
      if (error != 3'd0) reason <= error;
    end
  end

  always @(posedge clk) begin
    if (take && stage == STAGE_COLLECT) begin
      words_0 <= words_1; words_1 <= words_2; words_2 <= words_3; words_3 <= words_4; words_4 <= words_5;
      words_5 <= words_6; words_6 <= words_7; words_7 <= word;
    end
  end
endmodule
