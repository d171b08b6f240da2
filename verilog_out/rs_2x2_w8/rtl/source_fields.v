// Fields of an entry of a psum lane's table.
module source_fields (
  input wire [63:0] source_0,
  output wire row,
  output wire feed,
  output wire col,
  output wire [9:0] offset
);
  assign row = source_0[0];
  assign feed = source_0[36];
  assign col = source_0[8];
  assign offset = source_0[25:16];
endmodule
