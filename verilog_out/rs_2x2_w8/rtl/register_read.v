// The register or counter that the host reads.
module register_read (
  input wire read,
  input wire [9:0] read_address,
  input wire write,
  input wire [9:0] write_address,
  input wire [31:0] value_0, value_1, value_2, value_3, value_4, value_5, value_6, value_7, value_8, value_9,
  input wire [31:0] value_10, value_11, value_12, value_13, value_14, value_15, input wire [1:0] value_16,
  input wire [15:0] value_17, input wire [1:0] value_18, value_19, input wire [31:0] value_20, value_21, value_22,
  input wire [31:0] value_23, value_24, value_25,
  input wire [1343:0] total,
  output reg [31:0] data,
  output reg read_unmapped, write_unmapped
);
  always @* begin
    data = 32'd0;
    if (read) begin
      if (read_address == 10'd0) data = value_0;
      if (read_address == 10'd1) data = value_1;
      if (read_address == 10'd2) data = value_2;
      if (read_address == 10'd3) data = value_3;
      if (read_address == 10'd4) data = value_4;
      if (read_address == 10'd5) data = value_5;
      if (read_address == 10'd6) data = value_6;
      if (read_address == 10'd7) data = value_7;
      if (read_address == 10'd8) data = value_8;
      if (read_address == 10'd9) data = value_9;
      if (read_address == 10'd10) data = value_10;
      if (read_address == 10'd11) data = value_11;
      if (read_address == 10'd12) data = value_12;
      if (read_address == 10'd13) data = value_13;
      if (read_address == 10'd14) data = value_14;
      if (read_address == 10'd15) data = value_15;
      if (read_address == 10'd16) data = {30'd0, value_16};
      if (read_address == 10'd17) data = {16'd0, value_17};
      if (read_address == 10'd18) data = {30'd0, value_18};
      if (read_address == 10'd19) data = {30'd0, value_19};
      if (read_address == 10'd20) data = value_20;
      if (read_address == 10'd21) data = value_21;
      if (read_address == 10'd22) data = value_22;
      if (read_address == 10'd24) data = value_23;
      if (read_address == 10'd25) data = value_24;
      if (read_address == 10'd26) data = value_25;
      if (read_address == 10'd64) data = total[31:0];
      if (read_address == 10'd65) data = total[63:32];
      if (read_address == 10'd66) data = total[95:64];
      if (read_address == 10'd67) data = total[127:96];
      if (read_address == 10'd68) data = total[159:128];
      if (read_address == 10'd69) data = total[191:160];
      if (read_address == 10'd70) data = total[223:192];
      if (read_address == 10'd71) data = total[255:224];
      if (read_address == 10'd72) data = total[287:256];
      if (read_address == 10'd73) data = total[319:288];
      if (read_address == 10'd74) data = total[351:320];
      if (read_address == 10'd75) data = total[383:352];
      if (read_address == 10'd76) data = total[415:384];
      if (read_address == 10'd77) data = total[447:416];
      if (read_address == 10'd78) data = total[479:448];
      if (read_address == 10'd79) data = total[511:480];
      if (read_address == 10'd80) data = total[543:512];
      if (read_address == 10'd81) data = total[575:544];
      if (read_address == 10'd82) data = total[607:576];
      if (read_address == 10'd83) data = total[639:608];
      if (read_address == 10'd84) data = total[671:640];
      if (read_address == 10'd85) data = total[703:672];
      if (read_address == 10'd86) data = total[735:704];
      if (read_address == 10'd87) data = total[767:736];
      if (read_address == 10'd88) data = total[799:768];
      if (read_address == 10'd89) data = total[831:800];
      if (read_address == 10'd90) data = total[863:832];
      if (read_address == 10'd91) data = total[895:864];
      if (read_address == 10'd92) data = total[927:896];
      if (read_address == 10'd93) data = total[959:928];
      if (read_address == 10'd94) data = total[991:960];
      if (read_address == 10'd95) data = total[1023:992];
      if (read_address == 10'd96) data = total[1055:1024];
      if (read_address == 10'd97) data = total[1087:1056];
      if (read_address == 10'd98) data = total[1119:1088];
      if (read_address == 10'd99) data = total[1151:1120];
      if (read_address == 10'd100) data = total[1183:1152];
      if (read_address == 10'd101) data = total[1215:1184];
      if (read_address == 10'd102) data = total[1247:1216];
      if (read_address == 10'd103) data = total[1279:1248];
      if (read_address == 10'd104) data = total[1311:1280];
      if (read_address == 10'd105) data = total[1343:1312];
    end
  end

  always @* begin
    read_unmapped = 1'b0;
    if (read_address >= 10'd23) read_unmapped = read & 1'b1;
    if (read_address >= 10'd24) read_unmapped = 1'b0;
    if (read_address >= 10'd27) read_unmapped = read & 1'b1;
    if (read_address >= 10'd64) read_unmapped = 1'b0;
    if (read_address >= 10'd106) read_unmapped = read & 1'b1;
  end

  always @* begin
    write_unmapped = 1'b0;
    if (write_address >= 10'd23) write_unmapped = write & 1'b1;
    if (write_address >= 10'd24) write_unmapped = 1'b0;
    if (write_address >= 10'd27) write_unmapped = write & 1'b1;
    if (write_address >= 10'd64) write_unmapped = 1'b0;
    if (write_address >= 10'd106) write_unmapped = write & 1'b1;
  end
endmodule
