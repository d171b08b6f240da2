// Queue with registered ready and valid: a word is offered one cycle after it is taken in.
module fifo_2x64 (
  input wire clk,
  input wire rst,
  input wire [63:0] enq_payload,
  input wire enq_valid,
  output wire enq_ready,
  output wire [63:0] deq_payload,
  output wire deq_valid,
  input wire deq_ready,
  output wire [1:0] level
);
  wire put;
  wire take;
  reg [1:0] count;
  reg head;
  reg tail;
  reg [63:0] store [0:1];

  assign enq_ready = count < 2'd2;
  assign deq_valid = count != 2'd0;
  assign level = count;
  assign put = enq_valid && enq_ready;
  assign take = deq_valid && deq_ready;

  always @(posedge clk) begin
    if (put) store[tail] <= enq_payload;
  end

  assign deq_payload = store[head];

  always @(posedge clk) begin
    if (rst) begin
      count <= 2'd0;
      head <= 1'b0;
      tail <= 1'b0;
    end else begin
      if (take) begin
        if (({1'b0, head} + 2'd1) == 2'd2) head <= 1'b0;
        else head <= head + 1'b1;
      end
      if (put) begin
        if (({1'b0, tail} + 2'd1) == 2'd2) tail <= 1'b0;
        else tail <= tail + 1'b1;
      end
      count <= count + {1'b0, put} - {1'b0, take};
    end
  end
endmodule
