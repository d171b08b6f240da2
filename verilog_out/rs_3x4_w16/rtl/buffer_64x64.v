// Queue in block RAM with a registered output.
module buffer_64x64 (
  input wire clk, rst,
  input wire [63:0] enq_payload, input wire enq_valid, output wire enq_ready,
  output wire [63:0] deq_payload, output wire deq_valid, input wire deq_ready,
  output wire empty
);
  reg [6:0] count;
  reg [5:0] head, tail;
  reg shown;
  reg [63:0] store_read_data;
  (* no_rw_check *) reg [63:0] store [0:63];
  wire put = enq_valid && enq_ready;
  wire fetch = count != 7'd0 && (!shown || deq_ready);

  assign enq_ready = count < 7'd64;
  assign deq_valid = shown, deq_payload = store_read_data;
  assign empty = !shown && count == 7'd0;

  always @(posedge clk) begin
    if (put) store[tail] <= enq_payload;
    if (fetch) store_read_data <= store[head];
  end

  always @(posedge clk) begin
    if (rst) begin
      count <= 7'd0; head <= 6'd0; tail <= 6'd0; shown <= 1'b0;
    end else begin
      if (fetch) begin
        shown <= 1'b1;
        if (({1'b0, head} + 7'd1) == 7'd64) head <= 6'd0;
        else head <= head + 6'd1;
      end else if (deq_ready) shown <= 1'b0;
      if (put) begin
        if (({1'b0, tail} + 7'd1) == 7'd64) tail <= 6'd0;
        else tail <= tail + 6'd1;
      end
      count <= count + {6'd0, put} - {6'd0, fetch};
    end
  end
endmodule
