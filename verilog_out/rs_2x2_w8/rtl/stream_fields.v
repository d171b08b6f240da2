// Fields of an entry of the ifmap table.
module stream_fields (
  input wire [63:0] source_0,
  output wire y,
  output wire [1:0] x,
  output wire [11:0] offset,
  output wire [9:0] h,
  output wire [9:0] c
);
  assign y = source_0[0];
  assign x = source_0[9:8];
  assign offset = source_0[35:24];
  assign h = source_0[53:44];
  assign c = source_0[63:54];
endmodule
