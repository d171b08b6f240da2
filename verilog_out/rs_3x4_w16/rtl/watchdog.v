// Counts busy cycles without progress.
module watchdog (
  input wire clk, rst, busy, progress,
  input wire [31:0] limit,
  output wire expired
);
  reg [31:0] count;

  assign expired = limit != 32'd0 && count >= limit;

  always @(posedge clk) begin
    if (rst) begin
      count <= 32'd0;
    end else begin
      if (!busy || progress) count <= 32'd0;
      else if (!expired) count <= count + 32'd1;
    end
  end
endmodule
