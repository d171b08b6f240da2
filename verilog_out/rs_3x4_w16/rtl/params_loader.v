// PARAMS: copies parameters of ofmap channels to the output stage's table.
module params_loader (
  input wire clk, rst, start,
  input wire [127:0] command,
  output wire done, request_valid,
  input wire request_ready,
  output wire [63:0] request_address,
  output wire [5:0] request_beats_m1,
  input wire read_valid,
  output wire read_ready,
  input wire [63:0] read_data,
  output wire param_write,
  output wire [7:0] param_index,
  output wire [31:0] param_bias,
  output wire [15:0] param_scale,
  output wire [5:0] param_shift
);
  wire [127:0] widen_deq_payload;
  reg [7:0] index;
  wire [1:0] unused;
  wire [15:0] fields_count = command[79:64];
  wire [35:0] burst_run_beats_m1 = {19'd0, fields_count, 1'b0} - 36'd1;
  wire [63:0] channel_source_0 = widen_deq_payload[63:0];
  wire [63:0] channel_source_1 = widen_deq_payload[127:64];
  wire [31:0] channel_bias = channel_source_0[31:0];
  wire [15:0] channel_scale = channel_source_1[15:0];
  wire [5:0] channel_shift = channel_source_1[37:32];
  wire unused_bits = &{1'b0, command[127:80], channel_source_0[63:32], channel_source_1};

  burst_6 burst (
    .clk(clk), .rst(rst), .run_valid(start), .run_ready(unused[0]), .run_address(command[0*64 +: 64]),
    .run_beats_m1(burst_run_beats_m1), .allow(1'b1), .request_valid(request_valid), .request_ready(request_ready),
    .request_address(request_address), .request_beats_m1(request_beats_m1)
  );

  widen_64_1 widen (
    .clk(clk), .rst(rst),
    .enq_payload(read_data), .enq_valid(read_valid), .enq_ready(read_ready),
    .deq_payload(widen_deq_payload), .deq_valid(param_write), .deq_ready(1'b1), .empty(unused[1])
  );

  assign param_index = index, param_bias = channel_bias, param_scale = channel_scale, param_shift = channel_shift;
  assign done = param_write && ({8'd0, index} + 16'd1) == fields_count;

  always @(posedge clk) begin
    if (rst) begin
      index <= 8'd0;
    end else begin
      if (start) index <= 8'd0;
      else index <= index + {7'd0, param_write};
    end
  end
endmodule
