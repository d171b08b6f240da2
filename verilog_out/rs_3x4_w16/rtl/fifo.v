// Queue with registered ready and valid: a word is offered one cycle after it is taken in.
module fifo #(parameter BITS = 8, parameter DEPTH = 2) (
  input wire clk, rst,
  input wire [BITS-1:0] enq_payload, input wire enq_valid, output wire enq_ready,
  output wire [BITS-1:0] deq_payload, output wire deq_valid, input wire deq_ready,
  output wire [$clog2(DEPTH+1)-1:0] level
);
  localparam LEVEL_BITS = $clog2(DEPTH + 1);
  localparam ADDRESS_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1;
  // Addresses that do not wrap by themselves are compared with the last one.
  localparam COMPARES = DEPTH != (1 << ADDRESS_BITS);

  reg [LEVEL_BITS-1:0] count;
  reg [ADDRESS_BITS-1:0] head, tail;
  reg [BITS-1:0] store [0:DEPTH-1];

  wire put = enq_valid && enq_ready;
  wire take = deq_valid && deq_ready;

  assign enq_ready = count != DEPTH;
  assign deq_valid = count != 0;
  assign deq_payload = store[head];
  assign level = count;

  always @(posedge clk) if (put) store[tail] <= enq_payload;

  always @(posedge clk) begin
    if (rst) begin
      count <= 0; head <= 0; tail <= 0;
    end else begin
      if (put && !take) count <= count + 1'b1;
      if (take && !put) count <= count - 1'b1;
      if (put) begin
        if (COMPARES && {1'b0, tail} + 1'b1 == DEPTH) tail <= 0;
        else tail <= tail + 1'b1;
      end
      if (take) begin
        if (COMPARES && {1'b0, head} + 1'b1 == DEPTH) head <= 0;
        else head <= head + 1'b1;
      end
    end
  end
endmodule
