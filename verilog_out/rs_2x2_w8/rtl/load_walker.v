// Loops of a LOAD command: a run of adjacent elements a step.
module load_walker (
  input wire clk,
  input wire rst,
  input wire start,
  input wire [63:0] command_0,
  input wire [63:0] command_1,
  input wire [63:0] command_2,
  input wire [63:0] command_3,
  input wire [63:0] command_4,
  output wire run_valid,
  input wire run_ready,
  output wire [63:0] address,
  output wire [32:0] beats_m1,
  output wire [2:0] skip,
  output wire [31:0] elements_m1,
  output wire [11:0] word,
  output wire last,
  output wire active
);
  wire inner_last;
  wire outer_last;
  reg [63:0] next_address;
  reg [11:0] next_word;
  wire [2:0] offset;
  wire [63:0] fields_address;
  wire [11:0] fields_glb_word;
  wire [31:0] fields_run_m1;
  wire [15:0] fields_inner_m1;
  wire [15:0] fields_outer_m1;
  wire [31:0] fields_inner_bytes;
  wire [31:0] fields_outer_bytes;
  wire [11:0] fields_inner_words;
  wire [11:0] fields_outer_words;
  reg busy;
  reg [15:0] inner;
  reg [15:0] outer;
  reg [63:0] turn_address;
  reg [11:0] turn_word;
  reg [63:0] run_address;
  reg [11:0] run_word;
  wire [33:0] beats_m1_sum;

  load_fields fields (
    .source_0(command_0),
    .source_1(command_1),
    .source_2(command_2),
    .source_3(command_3),
    .source_4(command_4),
    .address(fields_address),
    .glb_word(fields_glb_word),
    .run_m1(fields_run_m1),
    .inner_m1(fields_inner_m1),
    .outer_m1(fields_outer_m1),
    .inner_bytes(fields_inner_bytes),
    .outer_bytes(fields_outer_bytes),
    .inner_words(fields_inner_words),
    .outer_words(fields_outer_words)
  );

  assign active = busy;
  assign run_valid = busy;
  assign address = run_address;
  assign word = run_word;
  assign elements_m1 = fields_run_m1;
  assign offset = run_address[2:0];
  assign skip = offset;
  assign beats_m1_sum = {31'd0, offset} + {2'd0, fields_run_m1} + 34'd0;
  assign beats_m1 = {2'd0, beats_m1_sum[33:3]};
  assign inner_last = inner == fields_inner_m1;
  assign outer_last = outer == fields_outer_m1;
  assign last = inner_last && outer_last;

  always @* begin
    if (inner_last) next_address = turn_address + {32'd0, fields_outer_bytes};
    else next_address = run_address + {32'd0, fields_inner_bytes};
  end

  always @* begin
    if (inner_last) next_word = turn_word + fields_outer_words;
    else next_word = run_word + fields_inner_words;
  end

  always @(posedge clk) begin
    if (rst) begin
      busy <= 1'b0;
      inner <= 16'd0;
      outer <= 16'd0;
      turn_address <= 64'd0;
      turn_word <= 12'd0;
      run_address <= 64'd0;
      run_word <= 12'd0;
    end else begin
      if (start) begin
        busy <= 1'b1;
        inner <= 16'd0;
        outer <= 16'd0;
        run_address <= fields_address;
        run_word <= fields_glb_word;
        turn_address <= fields_address;
        turn_word <= fields_glb_word;
      end else if (busy && run_ready) begin
        busy <= !last;
        run_address <= next_address;
        run_word <= next_word;
        if (inner_last) begin
          inner <= 16'd0;
          outer <= outer + 16'd1;
          turn_address <= next_address;
          turn_word <= next_word;
        end else inner <= inner + 16'd1;
      end
    end
  end
endmodule
