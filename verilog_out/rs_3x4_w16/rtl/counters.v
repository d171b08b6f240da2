// Event counters of 64 bits.
module counters (
  input wire clk, rst, clear,
  input wire amount_0, amount_1, amount_2, amount_3, amount_4, amount_5, input wire [3:0] amount_6,
  input wire amount_7, input wire [2:0] amount_8, amount_9, amount_10, input wire amount_11, amount_12,
  input wire [3:0] amount_13, amount_14, amount_15, input wire [5:0] amount_16, input wire [3:0] amount_17, amount_18,
  input wire amount_19, amount_20,
  output wire [1343:0] total
);
  reg due_0, due_1, due_2, due_3, due_4, due_5, due_7, due_11, due_12, due_19, due_20;
  reg [3:0] due_6, due_13, due_14, due_15, due_17, due_18;
  reg [2:0] due_8, due_9, due_10;
  reg [5:0] due_16;
  reg [63:0] count_0, count_1, count_2, count_3, count_4, count_5, count_6, count_7, count_8, count_9, count_10;
  reg [63:0] count_11, count_12, count_13, count_14, count_15, count_16, count_17, count_18, count_19, count_20;

  assign total[0*64 +: 64] = count_0;
  assign total[1*64 +: 64] = count_1;
  assign total[2*64 +: 64] = count_2;
  assign total[3*64 +: 64] = count_3;
  assign total[4*64 +: 64] = count_4;
  assign total[5*64 +: 64] = count_5;
  assign total[6*64 +: 64] = count_6;
  assign total[7*64 +: 64] = count_7;
  assign total[8*64 +: 64] = count_8;
  assign total[9*64 +: 64] = count_9;
  assign total[10*64 +: 64] = count_10;
  assign total[11*64 +: 64] = count_11;
  assign total[12*64 +: 64] = count_12;
  assign total[13*64 +: 64] = count_13;
  assign total[14*64 +: 64] = count_14;
  assign total[15*64 +: 64] = count_15;
  assign total[16*64 +: 64] = count_16;
  assign total[17*64 +: 64] = count_17;
  assign total[18*64 +: 64] = count_18;
  assign total[19*64 +: 64] = count_19;
  assign total[20*64 +: 64] = count_20;

  always @(posedge clk) begin
    if (rst) begin
      due_0 <= 1'b0; due_1 <= 1'b0; due_2 <= 1'b0; due_3 <= 1'b0; due_4 <= 1'b0; due_5 <= 1'b0; due_6 <= 4'd0;
      due_7 <= 1'b0; due_8 <= 3'd0; due_9 <= 3'd0; due_10 <= 3'd0; due_11 <= 1'b0; due_12 <= 1'b0; due_13 <= 4'd0;
      due_14 <= 4'd0; due_15 <= 4'd0; due_16 <= 6'd0; due_17 <= 4'd0; due_18 <= 4'd0; due_19 <= 1'b0; due_20 <= 1'b0;
      count_0 <= 64'd0; count_1 <= 64'd0; count_2 <= 64'd0; count_3 <= 64'd0; count_4 <= 64'd0; count_5 <= 64'd0;
      count_6 <= 64'd0; count_7 <= 64'd0; count_8 <= 64'd0; count_9 <= 64'd0; count_10 <= 64'd0; count_11 <= 64'd0;
      count_12 <= 64'd0; count_13 <= 64'd0; count_14 <= 64'd0; count_15 <= 64'd0; count_16 <= 64'd0; count_17 <= 64'd0;
      count_18 <= 64'd0; count_19 <= 64'd0; count_20 <= 64'd0;
    end else begin
      due_0 <= amount_0;
      if (clear) count_0 <= 64'd0;
      else if (due_0) count_0 <= count_0 + {63'd0, due_0};
      due_1 <= amount_1;
      if (clear) count_1 <= 64'd0;
      else if (due_1) count_1 <= count_1 + {63'd0, due_1};
      due_2 <= amount_2;
      if (clear) count_2 <= 64'd0;
      else if (due_2) count_2 <= count_2 + {63'd0, due_2};
      due_3 <= amount_3;
      if (clear) count_3 <= 64'd0;
      else if (due_3) count_3 <= count_3 + {63'd0, due_3};
      due_4 <= amount_4;
      if (clear) count_4 <= 64'd0;
      else if (due_4) count_4 <= count_4 + {63'd0, due_4};
      due_5 <= amount_5;
      if (clear) count_5 <= 64'd0;
      else if (due_5) count_5 <= count_5 + {63'd0, due_5};
      due_6 <= amount_6;
      if (clear) count_6 <= 64'd0;
      else if (due_6 != 4'd0) count_6 <= count_6 + {60'd0, due_6};
      due_7 <= amount_7;
      if (clear) count_7 <= 64'd0;
      else if (due_7) count_7 <= count_7 + {63'd0, due_7};
      due_8 <= amount_8;
      if (clear) count_8 <= 64'd0;
      else if (due_8 != 3'd0) count_8 <= count_8 + {61'd0, due_8};
      due_9 <= amount_9;
      if (clear) count_9 <= 64'd0;
      else if (due_9 != 3'd0) count_9 <= count_9 + {61'd0, due_9};
      due_10 <= amount_10;
      if (clear) count_10 <= 64'd0;
      else if (due_10 != 3'd0) count_10 <= count_10 + {61'd0, due_10};
      due_11 <= amount_11;
      if (clear) count_11 <= 64'd0;
      else if (due_11) count_11 <= count_11 + {63'd0, due_11};
      due_12 <= amount_12;
      if (clear) count_12 <= 64'd0;
      else if (due_12) count_12 <= count_12 + {63'd0, due_12};
      due_13 <= amount_13;
      if (clear) count_13 <= 64'd0;
      else if (due_13 != 4'd0) count_13 <= count_13 + {60'd0, due_13};
      due_14 <= amount_14;
      if (clear) count_14 <= 64'd0;
      else if (due_14 != 4'd0) count_14 <= count_14 + {60'd0, due_14};
      due_15 <= amount_15;
      if (clear) count_15 <= 64'd0;
      else if (due_15 != 4'd0) count_15 <= count_15 + {60'd0, due_15};
      due_16 <= amount_16;
      if (clear) count_16 <= 64'd0;
      else if (due_16 != 6'd0) count_16 <= count_16 + {58'd0, due_16};
      due_17 <= amount_17;
      if (clear) count_17 <= 64'd0;
      else if (due_17 != 4'd0) count_17 <= count_17 + {60'd0, due_17};
      due_18 <= amount_18;
      if (clear) count_18 <= 64'd0;
      else if (due_18 != 4'd0) count_18 <= count_18 + {60'd0, due_18};
      due_19 <= amount_19;
      if (clear) count_19 <= 64'd0;
      else if (due_19) count_19 <= count_19 + {63'd0, due_19};
      due_20 <= amount_20;
      if (clear) count_20 <= 64'd0;
      else if (due_20) count_20 <= count_20 + {63'd0, due_20};
    end
  end
endmodule
