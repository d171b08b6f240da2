// Counting semaphore: post adds one, take takes one.
module counting_semaphore (
  input wire clk, rst, post, take,
  output wire available
);
  reg [15:0] count;

  assign available = count != 16'd0;

  always @(posedge clk) begin
    if (rst) begin
      count <= 16'd0;
    end else begin
      count <= count + {15'd0, post} - {15'd0, take};
    end
  end
endmodule
