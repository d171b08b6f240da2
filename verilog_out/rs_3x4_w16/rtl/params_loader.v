// PARAMS: copies parameters of ofmap channels to the output stage's table.
module params_loader (
  input wire clk,
  input wire rst,
  input wire start,
  input wire [63:0] command_0,
  input wire [63:0] command_1,
  output wire done,
  output wire request_valid,
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
  wire [63:0] fields_address;
  wire [15:0] fields_count;
  wire [17:0] burst_run_beats_m1;
  wire [127:0] widen_deq_payload;
  wire widen_deq_valid;
  reg [7:0] index;

  params_fields fields (
    .source_0(command_0),
    .source_1(command_1),
    .address(fields_address),
    .count(fields_count)
  );

  channel_fields channel (
    .source_0(widen_deq_payload[63:0]),
    .source_1(widen_deq_payload[127:64]),
    .bias(param_bias),
    .scale(param_scale),
    .shift(param_shift)
  );

  burst_18 burst (
    .clk(clk),
    .rst(rst),
    .run_valid(start),
    .run_ready(),
    .run_address(fields_address),
    .run_beats_m1(burst_run_beats_m1),
    .allow(1'b1),
    .request_valid(request_valid),
    .request_ready(request_ready),
    .request_address(request_address),
    .request_beats_m1(request_beats_m1)
  );

  widen_64_1 widen (
    .clk(clk),
    .rst(rst),
    .enq_payload(read_data),
    .enq_valid(read_valid),
    .enq_ready(read_ready),
    .deq_payload(widen_deq_payload),
    .deq_valid(widen_deq_valid),
    .deq_ready(1'b1),
    .empty()
  );

  assign burst_run_beats_m1 = {1'b0, fields_count, 1'b0} - 18'd1;
  assign param_write = widen_deq_valid;
  assign param_index = index;
  assign done = widen_deq_valid && ({8'd0, index} + 16'd1) == fields_count;

  always @(posedge clk) begin
    if (rst) begin
      index <= 8'd0;
    end else begin
      if (start) index <= 8'd0;
      else index <= index + {7'd0, widen_deq_valid};
    end
  end
endmodule
