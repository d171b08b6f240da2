// An entry of the store table.
module row_fields (
  input wire [63:0] source_0,
  output wire [1:0] lane,
  output wire [9:0] offset
);
  assign lane = source_0[1:0];
  assign offset = source_0[25:16];
endmodule
