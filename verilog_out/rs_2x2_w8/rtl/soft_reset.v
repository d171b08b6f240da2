// Resets everything but the host port once all transfers to memory have ended.
module soft_reset (
  input wire clk, rst, request, drained,
  output wire active, core_reset
);
  reg draining, pulse;

  assign active = draining;
  assign core_reset = pulse;

  always @(posedge clk) begin
    if (rst) begin
      draining <= 1'b0; pulse <= 1'b0;
    end else begin
      pulse <= 1'b0;
      if (pulse) draining <= 1'b0;
      else if (draining) pulse <= drained;
      else draining <= request;
    end
  end
endmodule
