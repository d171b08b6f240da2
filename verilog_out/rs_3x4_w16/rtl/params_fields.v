// Fields of a PARAMS command.
module params_fields (
  input wire [63:0] source_0,
  input wire [63:0] source_1,
  output wire [63:0] address,
  output wire [15:0] count
);
  assign address = source_0;
  assign count = source_1[15:0];
endmodule
