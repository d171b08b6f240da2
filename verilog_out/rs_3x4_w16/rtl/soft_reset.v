// Resets everything but the host port once all transfers to memory have ended.
module soft_reset (
  input wire clk, rst, request, drained,
  output wire active, shell_reset, core_reset
);
  reg draining, shell, core;

  assign active = draining, shell_reset = shell, core_reset = core;

  always @(posedge clk) begin
    if (rst) begin
      draining <= 1'b0; shell <= 1'b1; core <= 1'b1;
    end else begin
      shell <= 1'b0;
      if (core) draining <= 1'b0;
      else if (draining) shell <= drained;
      else draining <= request;
      core <= shell;
    end
  end
endmodule
