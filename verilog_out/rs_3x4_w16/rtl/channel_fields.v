// Parameters of an ofmap channel.
module channel_fields (
  input wire [63:0] source_0,
  input wire [63:0] source_1,
  output wire [31:0] bias,
  output wire [15:0] scale,
  output wire [5:0] shift
);
  assign bias = source_0[31:0];
  assign scale = source_1[15:0];
  assign shift = source_1[37:32];
endmodule
