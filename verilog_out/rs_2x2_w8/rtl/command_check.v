// Looks at a command's opcode and fields while its words arrive.
module command_check (
  input wire clk, rst, take,
  input wire [63:0] word,
  input wire [2:0] place,
  input wire [7:0] opcode, flags, target,
  input wire [15:0] count,
  input wire last,
  output wire looks, known,
  output reg fits
);
  reg came, wrong;

  assign looks = came;
  assign known = opcode == 8'd1 || opcode == 8'd2 || opcode == 8'd3 || opcode == 8'd4 || opcode == 8'd5 ||
      opcode == 8'd6 || opcode == 8'd7 || opcode == 8'd15;

  always @* begin
    fits = opcode != 8'd2 && !wrong;
    if (opcode == 8'd2) begin
      if (target == 8'd0 && count != 16'd0 && count <= 16'd6 && !last) fits = 1'b1;
      if (target == 8'd1 && count != 16'd0 && count <= 16'd4 && !last) fits = 1'b1;
      if (target == 8'd2 && count != 16'd0 && count <= 16'd4 && !last) fits = 1'b1;
      if (target == 8'd4 && count != 16'd0 && count <= 16'd2 && !last) fits = 1'b1;
      if (target == 8'd5 && count != 16'd0 && count <= 16'd2 && !last) fits = 1'b1;
    end
  end

  always @(posedge clk) begin
    if (rst) begin
      came <= 1'b0; wrong <= 1'b0;
    end else begin
      if (came) begin
        if (place == 3'd1) wrong <= 1'b0;
        if (place == 3'd2 && opcode == 8'd1 && (word & 64'hffff) > 64'd11) wrong <= 1'b1;
        if (place == 3'd2 && opcode == 8'd1 && ((word[63:16] & 48'hffff) < 48'd1 ||
            (word[63:16] & 48'hffff) > 48'd12)) wrong <= 1'b1;
        if (place == 3'd2 && opcode == 8'd1 && (word[63:32] & 32'hffff) > 32'd223) wrong <= 1'b1;
        if (place == 3'd2 && opcode == 8'd1 && ((word[63:48] & 16'hffff) < 16'd1 ||
            (word[63:48] & 16'hffff) > 16'd224)) wrong <= 1'b1;
        if (place == 3'd3 && opcode == 8'd1 && (word & 64'hffff) > 64'd4095) wrong <= 1'b1;
        if (place == 3'd3 && opcode == 8'd1 && (word[63:16] & 48'hffff) > 48'd255) wrong <= 1'b1;
        if (place == 3'd3 && opcode == 8'd1 && (word[63:32] & 32'd255) > 32'd15) wrong <= 1'b1;
        if (place == 3'd3 && opcode == 8'd1 && (word[63:40] & 24'd255) > 24'd2) wrong <= 1'b1;
        if (place == 3'd3 && opcode == 8'd1 && (word[63:48] & 16'hffff) > 16'd11) wrong <= 1'b1;
        if (place == 3'd4 && opcode == 8'd1 && (word & 64'hffff) > 64'd3) wrong <= 1'b1;
        if (place == 3'd6 && opcode == 8'd1 && (word[63:16] & 48'hffff) > 48'd1) wrong <= 1'b1;
        if (place == 3'd6 && opcode == 8'd1 && (word[63:32] & 32'hffff) > 32'd1) wrong <= 1'b1;
        if (place == 3'd6 && opcode == 8'd1 && (word[63:48] & 16'hffff) > 16'd55) wrong <= 1'b1;
        if (place == 3'd3 && opcode == 8'd5 && (word[63:32] & 32'd255) < 32'd1) wrong <= 1'b1;
        if (place == 3'd0 && opcode == 8'd1 && (word & 64'hffff) > 64'd2) wrong <= 1'b1;
        if (place == 3'd0 && opcode == 8'd1 && (word[63:16] & 48'hffff) > 48'd2) wrong <= 1'b1;
        if (place == 3'd2 && opcode == 8'd4 && (word & 64'd15) > 64'd0) wrong <= 1'b1;
        if (place == 3'd3 && opcode == 8'd4 && (word & 64'd3) > 64'd0) wrong <= 1'b1;
        if (place == 3'd3 && opcode == 8'd4 && (word & 64'hffffffff) < 64'd1) wrong <= 1'b1;
        if (place == 3'd2 && opcode == 8'd6 && (word & 64'd15) > 64'd0) wrong <= 1'b1;
        if (place == 3'd3 && opcode == 8'd6 && ((word & 64'hffff) < 64'd1 ||
            (word & 64'hffff) > 64'd256)) wrong <= 1'b1;
        if (place == 3'd2 && opcode == 8'd7 && (flags & 8'd4) == 8'd4 && (word & 64'd1) > 64'd0) wrong <= 1'b1;
        if (place == 3'd5 && opcode == 8'd7 && (flags & 8'd4) == 8'd4 && (word & 64'd1) > 64'd0) wrong <= 1'b1;
        if (place == 3'd5 && opcode == 8'd7 && (flags & 8'd4) == 8'd4 && (word[63:32] & 32'd1) > 32'd0) wrong <= 1'b1;
        if (place == 3'd7 && opcode == 8'd7 && (flags & 8'd4) == 8'd4 && (word[63:32] & 32'd1) > 32'd0) wrong <= 1'b1;
        if (place == 3'd2 && opcode == 8'd3 && (flags & 8'd4) == 8'd4 && (word & 64'd15) > 64'd0) wrong <= 1'b1;
        if (place == 3'd2 && opcode == 8'd7 && (flags & 8'd16) == 8'd16 && (word & 64'd15) > 64'd0) wrong <= 1'b1;
        if (place == 3'd2 && opcode == 8'd7 && (flags & 8'd20) == 8'd20 &&
            ((word & 64'd1) < 64'd1 || (word & 64'd1) > 64'd0)) wrong <= 1'b1;
        if (place == 3'd7 && opcode == 8'd7 && (flags & 8'd16) == 8'd16 && (word & 64'hffff) < 64'd1) wrong <= 1'b1;
        if (place == 3'd3 && opcode == 8'd7 && (word[63:32] & 32'hffff) > 32'd4095) wrong <= 1'b1;
        if (place == 3'd3 && opcode == 8'd7 && (word[63:48] & 16'hffff) > 16'd3) wrong <= 1'b1;
        if (place == 3'd4 && opcode == 8'd7 && (word & 64'hffff) > 64'd255) wrong <= 1'b1;
        if (place == 3'd4 && opcode == 8'd7 && (word[63:16] & 48'hffff) > 48'd255) wrong <= 1'b1;
        if (place == 3'd4 && opcode == 8'd7 && (word[63:32] & 32'hffff) > 32'd255) wrong <= 1'b1;
        if (place == 3'd4 && opcode == 8'd7 && (word[63:48] & 16'hffff) > 16'd255) wrong <= 1'b1;
        if (place == 3'd7 && opcode == 8'd7 && (word & 64'hffff) > 64'd256) wrong <= 1'b1;
        if (place == 3'd7 && opcode == 8'd7 && (word[63:16] & 48'hffff) > 48'd4) wrong <= 1'b1;
        if (place == 3'd2 && opcode == 8'd3 && (flags & 8'd8) == 8'd8 &&
            ((word & 64'd1) < 64'd1 || (word & 64'd1) > 64'd0)) wrong <= 1'b1;
        if (place == 3'd2 && opcode == 8'd7 && (flags & 8'd32) == 8'd32 &&
            ((word & 64'd1) < 64'd1 || (word & 64'd1) > 64'd0)) wrong <= 1'b1;
      end
      came <= take;
    end
  end
endmodule
