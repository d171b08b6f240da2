// Joins several words of a stream into a wider one, low part first.
module widen_64_1 (
  input wire clk, rst,
  input wire [63:0] enq_payload, input wire enq_valid, output wire enq_ready,
  output wire [127:0] deq_payload, output wire deq_valid, input wire deq_ready,
  output wire empty
);
  reg [127:0] parts_0;
  reg part;
  wire joined_enq_ready;
  wire [1:0] unused;
  wire last = part == 1'b1;
  wire [127:0] word = {enq_payload, parts_0[127:64]};
  wire joined_enq_valid = enq_valid && last;
  wire unused_bits = &{1'b0, parts_0[63:0]};

  fifo #(.BITS(128), .DEPTH(2)) joined (
    .clk(clk), .rst(rst),
    .enq_payload(word), .enq_valid(joined_enq_valid), .enq_ready(joined_enq_ready),
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

  always @(posedge clk) begin
    if (enq_valid && enq_ready) parts_0 <= word;
  end
endmodule
