// Fields of a LOAD command.
module load_fields (
  input wire [63:0] source_0,
  input wire [63:0] source_1,
  input wire [63:0] source_2,
  input wire [63:0] source_3,
  input wire [63:0] source_4,
  output wire [63:0] address,
  output wire [12:0] glb_word,
  output wire [31:0] run_m1,
  output wire [15:0] inner_m1,
  output wire [15:0] outer_m1,
  output wire [31:0] inner_bytes,
  output wire [31:0] outer_bytes,
  output wire [12:0] inner_words,
  output wire [12:0] outer_words
);
  assign address = source_0;
  assign glb_word = source_1[12:0];
  assign run_m1 = source_1[63:32];
  assign inner_m1 = source_2[15:0];
  assign outer_m1 = source_2[31:16];
  assign inner_bytes = source_3[31:0];
  assign outer_bytes = source_3[63:32];
  assign inner_words = source_4[12:0];
  assign outer_words = source_4[44:32];
endmodule
