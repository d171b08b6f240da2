// Multicast to the PEs of a row whose ID matches, when all of them are ready.
module x_bus_1 (
  input wire clk,
  input wire rst,
  input wire y_bus_put,
  input wire [3:0] y_bus_tag,
  input wire [31:0] y_bus_word,
  output wire y_bus_ready,
  input wire listens_0,
  input wire listens_1,
  input wire id_0,
  input wire id_1,
  input wire pe_ready_0,
  input wire pe_ready_1,
  output wire pe_put_0,
  output wire pe_put_1,
  output wire [3:0] tag,
  output wire [31:0] word
);
  wire hit_0;
  wire hit_1;
  reg all_ready;
  wire buffer_valid;
  wire [3:0] buffer_tag;
  wire buffer_take;

  row_buffer_2 buffer (
    .clk(clk),
    .rst(rst),
    .y_bus_put(y_bus_put),
    .y_bus_tag(y_bus_tag),
    .y_bus_word(y_bus_word),
    .y_bus_ready(y_bus_ready),
    .valid(buffer_valid),
    .tag(buffer_tag),
    .word(word),
    .take(buffer_take)
  );

  assign tag = buffer_tag;

  always @* begin
    all_ready = 1'b1;
    if (hit_0 && !pe_ready_0) all_ready = 1'b0;
    if (hit_1 && !pe_ready_1) all_ready = 1'b0;
  end

  assign hit_0 = buffer_valid && listens_0 && id_0 == buffer_tag[0];
  assign hit_1 = buffer_valid && listens_1 && id_1 == buffer_tag[0];
  assign pe_put_0 = hit_0 & all_ready;
  assign pe_put_1 = hit_1 & all_ready;
  assign buffer_take = buffer_valid & all_ready;
endmodule
