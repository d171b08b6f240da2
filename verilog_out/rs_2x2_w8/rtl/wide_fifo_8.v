// Queue of entries of several parts, with registered ready and valid.
module wide_fifo_8 (
  input wire clk,
  input wire rst,
  input wire enq_valid,
  output wire enq_ready,
  input wire [63:0] enq_0,
  input wire [7:0] enq_1,
  output wire deq_valid,
  input wire deq_ready,
  output wire [63:0] deq_0,
  output wire [7:0] deq_1
);
  wire put;
  wire take;
  reg [5:0] count;
  reg [4:0] head;
  reg [4:0] tail;
  reg [63:0] store_0 [0:31];
  reg [7:0] store_1 [0:31];

  assign enq_ready = count < 6'd32;
  assign deq_valid = count != 6'd0;
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
      count <= 6'd0;
      head <= 5'd0;
      tail <= 5'd0;
    end else begin
      tail <= tail + {4'd0, put};
      head <= head + {4'd0, take};
      count <= count + {5'd0, put} - {5'd0, take};
    end
  end
endmodule
