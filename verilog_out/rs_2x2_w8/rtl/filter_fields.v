// Fields of a FILTER command.
module filter_fields (
  input wire [63:0] source_0,
  input wire [63:0] source_1,
  output wire [63:0] address,
  output wire [31:0] bytes
);
  assign address = source_0;
  assign bytes = source_1[31:0];
endmodule
