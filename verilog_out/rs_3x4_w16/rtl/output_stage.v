// Turns psums into ofmap words: bias, ReLU, scale, rounding shift, saturation.
module output_stage (
  input wire clk, rst, param_write,
  input wire [7:0] param_index,
  input wire [31:0] param_bias,
  input wire [15:0] param_scale,
  input wire [5:0] param_shift,
  input wire read,
  input wire [7:0] param,
  input wire raw, relu, last,
  input wire [31:0] psum,
  output wire valid,
  output reg [31:0] value,
  output wire value_last
);
  reg [53:0] table_read_data;
  reg full_0, full_1, full_2, full_3, full_4, is_raw_0, is_raw_1, is_raw_2, is_raw_3, is_raw_4, is_relu_0, is_relu_1;
  reg is_relu_2, is_relu_3, is_relu_4, is_last_0, is_last_1, is_last_2, is_last_3, is_last_4;
  reg [7:0] param_1;
  reg [31:0] sum;
  reg [15:0] scale;
  reg [5:0] shift, shift_4;
  reg [47:0] product;
  reg [48:0] rounded;
  (* no_rw_check *) reg [53:0] table_ [0:255];
  wire [48:0] twice = $signed({product, 1'b0}) >>> shift_4;
  wire [49:0] rounded_sum = {twice[48], twice} + 50'd1;
  wire [31:0] bias = table_read_data[31:0];
  wire unused_bits = &{1'b0, is_relu_4, rounded_sum[0]};

  assign valid = full_4, value_last = is_last_4;

  always @* begin
    value = rounded[31:0];
    if (!is_raw_4) begin
      if ($signed(rounded) > 49'sd32767) value = 32'h7fff;
      else if ($signed({rounded[48], rounded} + 50'h8000) < 50'sd0) value = 32'hffff8000;
    end
  end

  always @(posedge clk) begin
    if (param_write) table_[param_index] <= {param_shift, param_scale, param_bias};
    if (full_0) table_read_data <= table_[param_1];
  end

  always @(posedge clk) begin
    if (rst) begin
      full_0 <= 1'b0; full_1 <= 1'b0; full_2 <= 1'b0; full_3 <= 1'b0; full_4 <= 1'b0; is_raw_0 <= 1'b0;
      is_raw_1 <= 1'b0; is_raw_2 <= 1'b0; is_raw_3 <= 1'b0; is_raw_4 <= 1'b0; is_relu_0 <= 1'b0; is_relu_1 <= 1'b0;
      is_relu_2 <= 1'b0; is_relu_3 <= 1'b0; is_relu_4 <= 1'b0; is_last_0 <= 1'b0; is_last_1 <= 1'b0; is_last_2 <= 1'b0;
      is_last_3 <= 1'b0; is_last_4 <= 1'b0;
    end else begin
      full_0 <= read; is_raw_0 <= raw; is_relu_0 <= relu; is_last_0 <= last; full_1 <= full_0; is_raw_1 <= is_raw_0;
      is_relu_1 <= is_relu_0; is_last_1 <= is_last_0; full_2 <= full_1; is_raw_2 <= is_raw_1; is_relu_2 <= is_relu_1;
      is_last_2 <= is_last_1; full_3 <= full_2; is_raw_3 <= is_raw_2; is_relu_3 <= is_relu_2; is_last_3 <= is_last_2;
      full_4 <= full_3; is_raw_4 <= is_raw_3; is_relu_4 <= is_relu_3; is_last_4 <= is_last_3;
    end
  end

  always @(posedge clk) begin
    if (full_1) begin
      sum <= psum + bias;
      if (is_raw_1) begin
        scale <= 16'd1; shift <= 6'd0;
      end else begin
        scale <= table_read_data[47:32];
        shift <= table_read_data[53:48];
      end
    end
    if (full_2) begin
      shift_4 <= shift;
      if (is_relu_2 && !is_raw_2 && $signed(sum) < 32'sd0) product <= 48'd0;
      else product <= $signed({{16{sum[31]}}, sum}) * $signed({32'd0, scale});
    end
    if (full_3) rounded <= rounded_sum[49:1];
    param_1 <= param;
  end
endmodule
