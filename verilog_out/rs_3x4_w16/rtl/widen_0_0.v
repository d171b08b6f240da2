// Joins several words of a stream into a wider one, low part first.
module widen_0_0 (
  input wire clk,
  input wire rst,
  input wire [63:0] enq_payload,
  input wire enq_valid,
  output wire enq_ready,
  output wire [63:0] deq_payload,
  output wire deq_valid,
  input wire deq_ready,
  output wire empty
);
  wire last;
  wire [63:0] word;
  reg [63:0] parts;
  reg part;
  wire joined_enq_valid;
  wire joined_enq_ready;
  wire joined_deq_valid;

  fifo_2x64 joined (
    .clk(clk),
    .rst(rst),
    .enq_payload(word),
    .enq_valid(joined_enq_valid),
    .enq_ready(joined_enq_ready),
    .deq_payload(deq_payload),
    .deq_valid(joined_deq_valid),
    .deq_ready(deq_ready),
    .level()
  );

  assign last = part == 1'b0;
  assign word = enq_payload;
  assign enq_ready = !last || joined_enq_ready;
  assign joined_enq_valid = enq_valid && last;
  assign deq_valid = joined_deq_valid;
  assign empty = !part && !joined_deq_valid;

  always @(posedge clk) begin
    if (rst) begin
      parts <= 64'd0;
      part <= 1'b0;
    end else begin
      if (enq_valid && enq_ready) begin
        if (last) part <= 1'b0;
        else part <= part + 1'b1;
      end
    end
  end
endmodule
