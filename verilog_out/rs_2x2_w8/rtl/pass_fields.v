// Fields of a PASS command.
module pass_fields (
  input wire [63:0] source_0,
  input wire [63:0] source_1,
  input wire [63:0] source_2,
  output wire [11:0] tile,
  output wire [15:0] x_start,
  output wire [11:0] c_valid,
  output wire [11:0] h_lo,
  output wire [11:0] h_hi,
  output wire [7:0] distance,
  output wire [9:0] psum
);
  assign tile = source_0[11:0];
  assign x_start = source_0[47:32];
  assign c_valid = source_0[59:48];
  assign h_lo = source_1[11:0];
  assign h_hi = source_1[27:16];
  assign distance = source_1[39:32];
  assign psum = source_2[9:0];
endmodule
