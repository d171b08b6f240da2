// Fields of an entry of a psum lane's table.
module source_fields (
  input wire [63:0] source_0,
  output wire [1:0] row,
  output wire [1:0] feed,
  output wire col,
  output wire [10:0] offset
);
  assign row = source_0[1:0];
  assign feed = source_0[37:36];
  assign col = source_0[8];
  assign offset = source_0[26:16];
endmodule
