// Fields of an entry of the ifmap table.
module stream_fields (
  input wire [63:0] source_0,
  output wire [1:0] y,
  output wire [3:0] x,
  output wire [12:0] offset,
  output wire [9:0] h,
  output wire [9:0] c
);
  assign y = source_0[1:0];
  assign x = source_0[11:8];
  assign offset = source_0[36:24];
  assign h = source_0[53:44];
  assign c = source_0[63:54];
endmodule
