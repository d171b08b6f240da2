// Packs the elements of runs into beats with strobes, and beats into bursts.
module packer (
  input wire clk, rst, run_valid,
  output wire run_ready,
  input wire [63:0] run_address,
  input wire [1:0] run_kind,
  output wire active, coded,
  input wire element_valid,
  output wire element_ready,
  input wire [63:0] element,
  input wire element_last,
  output wire beat_valid,
  input wire beat_ready,
  output wire [63:0] beat_data,
  output wire [7:0] beat_strobe,
  output wire burst_valid,
  input wire burst_ready,
  output wire [63:0] burst_address,
  output wire [3:0] burst_beats_m1, bytes
);
  reg [63:0] joined;
  reg [7:0] joined_strobe;
  reg [3:0] size;
  reg element_done;
  reg busy, part;
  reg [1:0] kind;
  reg [63:0] data;
  reg [7:0] strobe;
  reg [2:0] offset;
  reg [60:0] beat;
  reg [3:0] beats;
  wire [63:0] part_now = part ? 64'd0 : element;
  wire [15:0] chunk_0 = part_now[15:0];
  wire [31:0] chunk_1 = part_now[31:0];
  wire [3:0] end_ = {1'b0, offset} + size;
  wire [2:0] gap = 3'd0 - end_[2:0];
  wire run_done = element_last & element_done;
  wire beat_done = run_done || end_ == 4'd8;
  wire burst_done = run_done || (beat & 61'd15) == 61'd15;
  wire step = busy && element_valid && (!beat_done || (beat_ready && burst_ready));
  wire unused_bits = &{1'b0, data[15:0], strobe[1:0]};

  assign bytes = step ? size : 4'd0;
  assign active = busy;
  assign coded = busy && kind == 2'd2;

  always @* begin
    joined = 64'd0;
    if (kind == 2'd0) joined = {chunk_0, data[63:16]};
    if (kind == 2'd1) joined = {chunk_1, data[63:32]};
    if (kind == 2'd2) joined = part_now | 64'd0;
  end

  always @* begin
    joined_strobe = 8'd0;
    size = 4'd0;
    element_done = 1'b0;
    if (kind == 2'd0) begin
      joined_strobe = 8'd192 | {2'd0, strobe[7:2]};
      size = 4'd2;
      element_done = ({1'b0, part} + 2'd1) == 2'd1;
    end
    if (kind == 2'd1) begin
      joined_strobe = 8'd240 | {4'd0, strobe[7:4]};
      size = 4'd4;
      element_done = ({1'b0, part} + 2'd1) == 2'd1;
    end
    if (kind == 2'd2) begin
      joined_strobe = 8'd255;
      size = 4'd8;
      element_done = ({1'b0, part} + 2'd1) == 2'd1;
    end
  end

  assign element_ready = step & element_done;
  assign run_ready = !busy || (step && run_done);
  assign beat_valid = step & beat_done;
  assign beat_data = joined >> {gap, 3'd0};
  assign beat_strobe = joined_strobe >> gap;
  assign burst_valid = step & beat_done & burst_done;
  assign burst_address = {beat - {57'd0, beats}, 3'd0};
  assign burst_beats_m1 = beats;

  always @(posedge clk) begin
    if (rst) begin
      busy <= 1'b0; kind <= 2'd0; data <= 64'd0; strobe <= 8'd0; offset <= 3'd0; beat <= 61'd0; beats <= 4'd0;
      part <= 1'b0;
    end else begin
      if (step) begin
        part <= !element_done;
        data <= joined;
        if (beat_done) begin
          strobe <= 8'd0; offset <= 3'd0;
          beat <= beat + 61'd1;
          if (burst_done) beats <= 4'd0;
          else beats <= beats + 4'd1;
        end else begin
          strobe <= joined_strobe;
          offset <= end_[2:0];
        end
      end
      if (run_ready) begin
        busy <= run_valid; kind <= run_kind;
        offset <= run_address[2:0];
        beat <= run_address[63:3];
      end
    end
  end
endmodule
