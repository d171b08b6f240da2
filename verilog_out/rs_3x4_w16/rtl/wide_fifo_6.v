// Queue of entries of several parts, with registered ready and valid.
module wide_fifo_6 (
  input wire clk,
  input wire rst,
  input wire enq_valid,
  output wire enq_ready,
  input wire [63:0] enq_0,
  input wire enq_1,
  output wire deq_valid,
  input wire deq_ready,
  output wire [63:0] deq_0,
  output wire deq_1
);
  wire put;
  wire take;
  reg [2:0] count;
  reg [1:0] head;
  reg [1:0] tail;
  reg [63:0] store_0 [0:3];
  reg store_1 [0:3];

  assign enq_ready = count < 3'd4;
  assign deq_valid = count != 3'd0;
  assign put = enq_valid && enq_ready;
  assign take = deq_valid && deq_ready;

  always @(posedge clk) begin
    if (put) store_0[tail] <= enq_0;
  end

  assign deq_0 = store_0[head];

  always @(posedge clk) begin
    if (put) store_1[tail] <= enq_1;
  end

  assign deq_1 = store_1[head];

  always @(posedge clk) begin
    if (rst) begin
      count <= 3'd0;
      head <= 2'd0;
      tail <= 2'd0;
    end else begin
      tail <= tail + {1'b0, put};
      head <= head + {1'b0, take};
      count <= count + {2'd0, put} - {2'd0, take};
    end
  end
endmodule
