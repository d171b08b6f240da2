// Queue with registered ready and valid: a word is offered one cycle after it is taken in.
module fifo_4x66 (
  input wire clk,
  input wire rst,
  input wire [65:0] enq_payload,
  input wire enq_valid,
  output wire enq_ready,
  output wire [65:0] deq_payload,
  output wire deq_valid,
  input wire deq_ready,
  output wire [2:0] level
);
  wire put;
  wire take;
  reg [2:0] count;
  reg [1:0] head;
  reg [1:0] tail;
  reg [65:0] store [0:3];

  assign enq_ready = count < 3'd4;
  assign deq_valid = count != 3'd0;
  assign level = count;
  assign put = enq_valid && enq_ready;
  assign take = deq_valid && deq_ready;

  always @(posedge clk) begin
    if (put) store[tail] <= enq_payload;
  end

  assign deq_payload = store[head];

  always @(posedge clk) begin
    if (rst) begin
      count <= 3'd0;
      head <= 2'd0;
      tail <= 2'd0;
    end else begin
      if (take) begin
        if (({1'b0, head} + 3'd1) == 3'd4) head <= 2'd0;
        else head <= head + 2'd1;
      end
      if (put) begin
        if (({1'b0, tail} + 3'd1) == 3'd4) tail <= 2'd0;
        else tail <= tail + 2'd1;
      end
      count <= count + {2'd0, put} - {2'd0, take};
    end
  end
endmodule
