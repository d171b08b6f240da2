// Row-stationary processing element: spads, one MAC a cycle, psums from below to above.
module pe (
  input wire clk, rst, enable,
  input wire [3:0] layer_taps_m1, layer_step, input wire [7:0] layer_filters_m1, input wire [11:0] layer_windows_m1,
  input wire [7:0] layer_images_m1, input wire [4:0] layer_psum_shift,
  input wire [16:0] ifmap_payload, input wire ifmap_valid, output wire ifmap_ready,
  input wire [63:0] filter_payload, input wire filter_valid, output wire filter_ready,
  input wire [1:0] filter_first,
  input wire [31:0] psum_in_payload, input wire psum_in_valid, output wire psum_in_ready,
  output wire [31:0] psum_out_payload, output wire psum_out_valid, input wire psum_out_ready,
  output wire mac, gated, fed
);
  wire walk_first, walk_last, walk_ifmap_free, walk_ifmap_rewind, walk_filter_free, walk_filter_rewind;
  wire [3:0] ifmap_ring_write_address, ifmap_ring_read_address;
  wire ifmap_ring_available;
  wire [16:0] ifmap_spad_read_data;
  wire [15:0] unpacker_word_payload;
  wire unpacker_word_valid;
  wire filter_ring_room, filter_ring_room_next, filter_ring_available;
  wire [7:0] filter_ring_write_address, filter_ring_read_address;
  reg [15:0] filter_spad_read_data, operand;
  reg [4:0] psums_free;
  reg issued, skipped, taken, done, spare_valid;
  reg [31:0] product, addend, sum, spare;
  reg [8:0] stages;
  wire [31:0] psums_deq_payload;
  reg [16:0] ifmap_spad [0:15];
  reg [15:0] filter_spad [0:223];
  wire [6:0] unused;
  wire ifmap_ring_put = ifmap_valid & ifmap_ready;
  wire filter_ring_put = unpacker_word_valid & filter_ring_room;
  wire go = !done || !spare_valid;
  wire issue = enable && go && ifmap_ring_available && filter_ring_available && (!walk_first || psums_free != 5'd0);
  wire zero = ifmap_spad_read_data[16];
  wire [31:0] augend = stages[8] ? psums_deq_payload : sum;
  wire psums_deq_ready = go && stages[8];
  wire unused_bits = &{1'b0, stages[6]};

  walk walk (
    .clk(clk), .rst(rst),
    .layer_taps_m1(layer_taps_m1), .layer_step(layer_step), .layer_filters_m1(layer_filters_m1),
    .layer_windows_m1(layer_windows_m1), .layer_images_m1(layer_images_m1), .layer_psum_shift(layer_psum_shift),
    .take(issue), .first(walk_first), .last(walk_last), .ifmap_free(walk_ifmap_free), .ifmap_rewind(walk_ifmap_rewind),
    .filter_free(walk_filter_free), .filter_rewind(walk_filter_rewind)
  );

  ring_16_0 ifmap_ring (
    .clk(clk), .rst(rst), .put(ifmap_ring_put), .room(ifmap_ready), .room_next(unused[0]),
    .write_address(ifmap_ring_write_address), .take(issue), .free(walk_ifmap_free), .rewind(walk_ifmap_rewind),
    .available(ifmap_ring_available), .read_address(ifmap_ring_read_address)
  );

  line_unpacker unpacker (
    .clk(clk), .rst(rst),
    .line_payload(filter_payload), .line_valid(filter_valid), .line_ready(filter_ready), .first(filter_first),
    .word_payload(unpacker_word_payload), .word_valid(unpacker_word_valid), .word_ready(filter_ring_room),
    .room_next(filter_ring_room_next)
  );

  ring_224_1 filter_ring (
    .clk(clk), .rst(rst), .put(filter_ring_put), .room(filter_ring_room), .room_next(filter_ring_room_next),
    .write_address(filter_ring_write_address), .take(issue), .free(walk_filter_free), .rewind(walk_filter_rewind),
    .available(filter_ring_available), .read_address(filter_ring_read_address)
  );

  fifo #(.BITS(32), .DEPTH(24)) psums (
    .clk(clk), .rst(rst),
    .enq_payload(psum_in_payload), .enq_valid(psum_in_valid), .enq_ready(psum_in_ready),
    .deq_payload(psums_deq_payload), .deq_valid(unused[1]), .deq_ready(psums_deq_ready), .level(unused[6:2])
  );

  assign psum_out_payload = spare_valid ? spare : sum;
  assign fed = taken, mac = issued, gated = skipped;
  assign psum_out_valid = done | spare_valid;

  always @(posedge clk) if (ifmap_valid & ifmap_ready) ifmap_spad[ifmap_ring_write_address] <= ifmap_payload;

  assign ifmap_spad_read_data = ifmap_spad[ifmap_ring_read_address];

  always @(posedge clk) begin
    if (unpacker_word_valid & filter_ring_room) filter_spad[filter_ring_write_address] <= unpacker_word_payload;
    if (issue && !zero) filter_spad_read_data <= filter_spad[filter_ring_read_address];
  end

  always @(posedge clk) begin
    if (rst) begin
      psums_free <= 5'd0; issued <= 1'b0; skipped <= 1'b0; taken <= 1'b0; stages <= 9'd0; done <= 1'b0;
      spare_valid <= 1'b0;
    end else begin
      if (go) begin
        stages <= {stages[5:0], 3'd0};
        if (issue) stages <= {stages[5:0], walk_first, walk_last, !zero};
        done <= stages[7];
      end
      taken <= psum_in_valid & psum_in_ready;
      psums_free <= psums_free + ({4'd0, psum_in_valid} & {4'd0, psum_in_ready}) - ({4'd0, issue} & {4'd0, walk_first});
      issued <= issue;
      skipped <= issue & zero;
      spare_valid <= psum_out_valid && !psum_out_ready;
    end
  end

  always @(posedge clk) begin
    if (issue && !zero) operand <= ifmap_spad_read_data[15:0];
    if (go) begin
      product <= $signed({{16{operand[15]}}, operand}) * $signed({{16{filter_spad_read_data[15]}},
          filter_spad_read_data});
      addend <= 32'd0;
      if (stages[3]) addend <= $signed(product) >>> layer_psum_shift;
      sum <= augend + addend;
    end
    if (!spare_valid && done) spare <= sum;
  end
endmodule
