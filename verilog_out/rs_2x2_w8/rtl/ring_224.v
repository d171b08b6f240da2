// Addresses of a memory that is read in sliding windows.
module ring_224 (
  input wire clk,
  input wire rst,
  input wire put,
  output wire room,
  output wire [7:0] write_address,
  input wire take,
  input wire free,
  input wire rewind,
  output wire available,
  output wire [7:0] read_address
);
  reg [7:0] after_read;
  reg [7:0] after_tail;
  reg [7:0] base;
  reg [7:0] read;
  reg [7:0] tail;
  reg full;
  reg ahead;

  assign room = !full;
  assign available = ahead;
  assign write_address = tail;
  assign read_address = read;

  always @* begin
    after_read = read + 8'd1;
    if (read == 8'd223) after_read = 8'd0;
  end

  always @* begin
    after_tail = tail + 8'd1;
    if (tail == 8'd223) after_tail = 8'd0;
  end

  always @(posedge clk) begin
    if (rst) begin
      base <= 8'd0;
      read <= 8'd0;
      tail <= 8'd0;
      full <= 1'b0;
      ahead <= 1'b0;
    end else begin
      if (take) begin
        read <= after_read;
        ahead <= after_read != tail;
        if (rewind) begin
          read <= base;
          ahead <= 1'b1;
        end
      end
      if (put) begin
        tail <= after_tail;
        ahead <= 1'b1;
        full <= after_tail == base;
      end
      if (take && free) begin
        base <= after_read;
        full <= 1'b0;
      end
    end
  end
endmodule
