// Fields of a STORE command.
module store_fields (
  input wire [63:0] source_0,
  input wire [63:0] source_1,
  input wire [63:0] source_2,
  input wire [63:0] source_3,
  input wire [63:0] source_4,
  input wire [63:0] source_5,
  output wire [63:0] address,
  output wire [9:0] psum,
  output wire [11:0] windows_m1,
  output wire [1:0] rows_m1,
  output wire [7:0] images_m1,
  output wire [7:0] groups_m1,
  output wire [7:0] filters_m1,
  output wire [7:0] param,
  output wire [31:0] filter_bytes,
  output wire [31:0] image_bytes,
  output wire [9:0] psum_filter_stride,
  output wire [9:0] psum_image_stride,
  output wire [8:0] valid,
  output wire [1:0] group_rows,
  output wire [1:0] first_row
);
  assign address = source_0;
  assign psum = source_1[9:0];
  assign windows_m1 = source_1[43:32];
  assign rows_m1 = source_1[49:48];
  assign images_m1 = source_2[7:0];
  assign groups_m1 = source_2[23:16];
  assign filters_m1 = source_2[39:32];
  assign param = source_2[55:48];
  assign filter_bytes = source_3[31:0];
  assign image_bytes = source_3[63:32];
  assign psum_filter_stride = source_4[9:0];
  assign psum_image_stride = source_4[41:32];
  assign valid = source_5[8:0];
  assign group_rows = source_5[17:16];
  assign first_row = source_5[33:32];
endmodule
