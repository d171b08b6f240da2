// Two tagged words between the Y-bus and an X-bus; all outputs are registers.
module row_buffer_2 (
  input wire clk, rst,
  input wire y_bus_put, input wire [2:0] y_bus_tag, input wire [31:0] y_bus_word, output wire y_bus_ready,
  output wire valid,
  output wire [2:0] tag,
  output wire [31:0] word,
  input wire take
);
  reg head_valid, spare_valid;
  reg [2:0] head_tag, spare_tag;
  reg [31:0] head_word, spare_word;

  assign y_bus_ready = !spare_valid;
  assign valid = head_valid, tag = head_tag, word = head_word;

  always @(posedge clk) begin
    if (rst) begin
      head_valid <= 1'b0; head_tag <= 3'd0; spare_valid <= 1'b0; spare_tag <= 3'd0;
    end else begin
      if (take || !head_valid) begin
        head_valid <= spare_valid || y_bus_put;
        spare_valid <= 1'b0;
        if (spare_valid) head_tag <= spare_tag;
        else if (y_bus_put) head_tag <= y_bus_tag;
      end else if (y_bus_put) begin
        spare_valid <= 1'b1; spare_tag <= y_bus_tag;
      end
    end
  end

  always @(posedge clk) begin
    if (take || !head_valid) begin
      if (spare_valid) head_word <= spare_word;
      else if (y_bus_put) head_word <= y_bus_word;
    end else if (y_bus_put) spare_word <= y_bus_word;
  end
endmodule
