// Joins several words of a stream into a wider one, low part first.
module widen_0_0 (
  input wire clk, rst,
  input wire [63:0] enq_payload, input wire enq_valid, output wire enq_ready,
  output wire [63:0] deq_payload, output wire deq_valid, input wire deq_ready,
  output wire empty
);
  reg part;
  wire joined_enq_ready;
  wire [1:0] unused;
  wire last = part == 1'b0;
  wire joined_enq_valid = enq_valid && last;

  fifo #(.BITS(64), .DEPTH(2)) joined (
    .clk(clk), .rst(rst),
    .enq_payload(enq_payload), .enq_valid(joined_enq_valid), .enq_ready(joined_enq_ready),
    .deq_payload(deq_payload), .deq_valid(deq_valid), .deq_ready(deq_ready), .level(unused)
  );

  assign enq_ready = !last || joined_enq_ready;
  assign empty = !part && !deq_valid;

  always @(posedge clk) begin
    if (rst) begin
      part <= 1'b0;
    end else begin
      if (enq_valid && enq_ready) begin
        if (last) part <= 1'b0;
        else part <= part + 1'b1;
      end
    end
  end
endmodule
