// Cuts each word of a stream into parts, low part first.
module narrow (
  input wire clk,
  input wire rst,
  input wire [63:0] enq_payload,
  input wire enq_valid,
  output wire enq_ready,
  output wire [63:0] deq_payload,
  output wire deq_valid,
  input wire deq_ready
);
  wire held_deq_valid;
  reg held_deq_ready;
  reg part;

  fifo_2x64 held (
    .clk(clk),
    .rst(rst),
    .enq_payload(enq_payload),
    .enq_valid(enq_valid),
    .enq_ready(enq_ready),
    .deq_payload(deq_payload),
    .deq_valid(held_deq_valid),
    .deq_ready(held_deq_ready),
    .level()
  );

  always @* begin
    held_deq_ready = 1'b0;
    if (held_deq_valid && deq_ready) begin
      if (({1'b0, part} + 2'd1) == 2'd1) held_deq_ready = 1'b1;
    end
  end

  assign deq_valid = held_deq_valid;

  always @(posedge clk) begin
    if (rst) begin
      part <= 1'b0;
    end else begin
      if (held_deq_valid && deq_ready) begin
        if (({1'b0, part} + 2'd1) == 2'd1) part <= 1'b0;
        else part <= part + 1'b1;
      end
    end
  end
endmodule
