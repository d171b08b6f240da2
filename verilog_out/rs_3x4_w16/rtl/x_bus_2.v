// Multicast to the PEs of a row whose ID matches, when all of them are ready.
module x_bus_2 (
  input wire clk, rst,
  input wire y_bus_put, input wire [3:0] y_bus_tag, input wire [63:0] y_bus_word, output wire y_bus_ready,
  input wire [3:0] listens,
  input wire [7:0] id,
  input wire [3:0] pe_ready,
  output wire [3:0] pe_put, tag,
  output wire [63:0] word,
  output wire [2:0] takers
);
  reg all_ready;
  wire buffer_valid;
  wire hit_0 = buffer_valid && listens[0] && id[0*2 +: 2] == tag[1:0];
  wire hit_1 = buffer_valid && listens[1] && id[1*2 +: 2] == tag[1:0];
  wire hit_2 = buffer_valid && listens[2] && id[2*2 +: 2] == tag[1:0];
  wire hit_3 = buffer_valid && listens[3] && id[3*2 +: 2] == tag[1:0];
  wire buffer_take = buffer_valid & all_ready;
  wire [2:0] hits = {2'd0, hit_0} + {2'd0, hit_1} + {2'd0, hit_2} + {2'd0, hit_3};

  row_buffer_64 buffer (
    .clk(clk), .rst(rst),
    .y_bus_put(y_bus_put), .y_bus_tag(y_bus_tag), .y_bus_word(y_bus_word), .y_bus_ready(y_bus_ready),
    .valid(buffer_valid), .tag(tag), .word(word), .take(buffer_take)
  );

  always @* begin
    all_ready = 1'b1;
    if (buffer_valid) begin
      if (hit_0 && !pe_ready[0]) all_ready = 1'b0;
      if (hit_1 && !pe_ready[1]) all_ready = 1'b0;
      if (hit_2 && !pe_ready[2]) all_ready = 1'b0;
      if (hit_3 && !pe_ready[3]) all_ready = 1'b0;
    end
  end

  assign pe_put[0] = hit_0 & all_ready;
  assign pe_put[1] = hit_1 & all_ready;
  assign pe_put[2] = hit_2 & all_ready;
  assign pe_put[3] = hit_3 & all_ready;
  assign takers = all_ready ? hits : 3'd0;
endmodule
