// Loops of a LOAD command: a run of adjacent elements a step.
module load_walker (
  input wire clk, rst, start,
  input wire [319:0] command,
  output wire run_valid,
  input wire run_ready,
  output wire [63:0] address,
  output wire [32:0] beats_m1,
  output wire [2:0] skip,
  output wire [31:0] elements_m1,
  output wire [11:0] word,
  output wire last, active
);
  reg busy;
  reg [15:0] inner, outer;
  reg [63:0] turn_address, run_address;
  reg [11:0] turn_word, run_word;
  wire [2:0] offset = run_address[2:0];
  wire [31:0] fields_run_m1 = command[127:96];
  wire [33:0] beats_m1_sum = {31'd0, offset} + {2'd0, fields_run_m1} + 34'd0;
  wire [15:0] fields_inner_m1 = command[143:128];
  wire inner_last = inner == fields_inner_m1;
  wire [15:0] fields_outer_m1 = command[159:144];
  wire outer_last = outer == fields_outer_m1;
  wire [31:0] fields_outer_bytes = command[255:224];
  wire [31:0] fields_inner_bytes = command[223:192];
  wire [63:0] next_address = inner_last ? turn_address + {32'd0, fields_outer_bytes} : run_address +
      {32'd0, fields_inner_bytes};
  wire [11:0] fields_outer_words = command[299:288];
  wire [11:0] fields_inner_words = command[267:256];
  wire [11:0] next_word = inner_last ? turn_word + fields_outer_words : run_word + fields_inner_words;
  wire [11:0] fields_glb_word = command[75:64];
  wire unused_bits = &{1'b0, command, beats_m1_sum[2:0]};

  assign active = busy, run_valid = busy, address = run_address, word = run_word, elements_m1 = fields_run_m1;
  assign skip = offset;
  assign beats_m1 = {2'd0, beats_m1_sum[33:3]};
  assign last = inner_last && outer_last;

  always @(posedge clk) begin
    if (rst) begin
      busy <= 1'b0;
    end else begin
      if (start) busy <= 1'b1;
      else if (busy && run_ready) busy <= !last;
    end
  end

  always @(posedge clk) begin
    if (start) begin
      inner <= 16'd0; outer <= 16'd0;
      run_address <= command[0*64 +: 64];
      run_word <= fields_glb_word;
      turn_address <= command[0*64 +: 64];
      turn_word <= fields_glb_word;
    end else if (busy && run_ready) begin
      run_address <= next_address; run_word <= next_word;
      if (inner_last) begin
        inner <= 16'd0;
        outer <= outer + 16'd1;
        turn_address <= next_address; turn_word <= next_word;
      end else inner <= inner + 16'd1;
    end
  end
endmodule
