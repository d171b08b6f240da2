// Queue with registered ready and valid: a word is offered one cycle after it is taken in.
module fifo_16x96 (
  input wire clk,
  input wire rst,
  input wire [95:0] enq_payload,
  input wire enq_valid,
  output wire enq_ready,
  output wire [95:0] deq_payload,
  output wire deq_valid,
  input wire deq_ready,
  output wire [4:0] level
);
  wire put;
  wire take;
  reg [4:0] count;
  reg [3:0] head;
  reg [3:0] tail;
  reg [95:0] store [0:15];

  assign enq_ready = count < 5'd16;
  assign deq_valid = count != 5'd0;
  assign level = count;
  assign put = enq_valid && enq_ready;
  assign take = deq_valid && deq_ready;

  always @(posedge clk) begin
    if (put) store[tail] <= enq_payload;
  end

  assign deq_payload = store[head];

  always @(posedge clk) begin
    if (rst) begin
      count <= 5'd0;
      head <= 4'd0;
      tail <= 4'd0;
    end else begin
      if (take) begin
        if (({1'b0, head} + 5'd1) == 5'd16) head <= 4'd0;
        else head <= head + 4'd1;
      end
      if (put) begin
        if (({1'b0, tail} + 5'd1) == 5'd16) tail <= 4'd0;
        else tail <= tail + 4'd1;
      end
      count <= count + {4'd0, put} - {4'd0, take};
    end
  end
endmodule
