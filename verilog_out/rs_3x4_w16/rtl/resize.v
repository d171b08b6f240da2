// Changes the width of a stream, low part first.
module resize (
  input wire clk,
  input wire rst,
  input wire [63:0] enq_payload,
  input wire enq_valid,
  output wire enq_ready,
  output wire [63:0] deq_payload,
  output wire deq_valid,
  input wire deq_ready
);
  wire [63:0] widen_deq_payload;
  wire widen_deq_valid;
  wire narrow_enq_ready;

  widen_0_0 widen (
    .clk(clk),
    .rst(rst),
    .enq_payload(enq_payload),
    .enq_valid(enq_valid),
    .enq_ready(enq_ready),
    .deq_payload(widen_deq_payload),
    .deq_valid(widen_deq_valid),
    .deq_ready(narrow_enq_ready),
    .empty()
  );

  narrow narrow (
    .clk(clk),
    .rst(rst),
    .enq_payload(widen_deq_payload),
    .enq_valid(widen_deq_valid),
    .enq_ready(narrow_enq_ready),
    .deq_payload(deq_payload),
    .deq_valid(deq_valid),
    .deq_ready(deq_ready)
  );
endmodule
