// Addresses of a memory that is read in sliding windows.
module ring_224_1 (
  input wire clk, rst, put,
  output wire room, room_next,
  output wire [7:0] write_address,
  input wire take, free, rewind,
  output wire available,
  output wire [7:0] read_address
);
  reg [7:0] base, read, tail;
  reg full, ahead;
  wire [7:0] after_tail = (tail == 8'd223) ? 8'd0 : tail + 8'd1;
  wire full_next = (put ? after_tail == base : full) && !(take && free);
  wire [7:0] after_read = (read == 8'd223) ? 8'd0 : read + 8'd1;

  assign room = !full;
  assign available = ahead, write_address = tail, read_address = read;
  assign room_next = !full_next;

  always @(posedge clk) begin
    if (rst) begin
      base <= 8'd0; read <= 8'd0; tail <= 8'd0; full <= 1'b0; ahead <= 1'b0;
    end else begin
      if (take) begin
        read <= after_read;
        ahead <= after_read != tail;
        if (rewind) begin
          read <= base; ahead <= 1'b1;
        end
      end
      if (put) begin
        tail <= after_tail; ahead <= 1'b1;
      end
      if (take && free) base <= after_read;
      full <= full_next;
    end
  end
endmodule
