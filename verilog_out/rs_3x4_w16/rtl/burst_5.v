// Cuts a run of beats into AXI bursts that do not cross 4 KiB.
module burst_5 (
  input wire clk, rst, run_valid,
  output wire run_ready,
  input wire [63:0] run_address,
  input wire [35:0] run_beats_m1,
  input wire allow,
  output wire request_valid,
  input wire request_ready,
  output wire [63:0] request_address,
  output wire [5:0] request_beats_m1
);
  reg active;
  reg [60:0] beat;
  reg [35:0] left_m1;
  wire [4:0] room_m1 = ~beat[4:0];
  wire last = left_m1 <= {31'd0, room_m1};
  wire unused_bits = &{1'b0, run_address[2:0]};

  assign run_ready = !active;
  assign request_valid = active && allow;
  assign request_address = {beat, 3'd0};
  assign request_beats_m1 = last ? left_m1[5:0] : {1'b0, room_m1};

  always @(posedge clk) begin
    if (rst) begin
      active <= 1'b0;
    end else begin
      if (run_valid && run_ready) active <= 1'b1;
      else if (request_valid && request_ready) active <= !last;
    end
  end

  always @(posedge clk) begin
    if (run_valid && run_ready) begin
      beat <= run_address[63:3];
      left_m1 <= run_beats_m1;
    end else if (request_valid && request_ready) begin
      beat <= beat + {56'd0, room_m1} + 61'd1;
      left_m1 <= left_m1 - {31'd0, room_m1} - 36'd1;
    end
  end
endmodule
