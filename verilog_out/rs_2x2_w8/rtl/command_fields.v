// Fields of TABLE and END commands.
module command_fields (
  input wire [63:0] source_0,
  output wire [7:0] target,
  output wire [15:0] count,
  output wire [31:0] payload_sum,
  output wire [31:0] layer
);
  assign target = source_0[7:0];
  assign count = source_0[31:16];
  assign payload_sum = source_0[63:32];
  assign layer = source_0[31:0];
endmodule
