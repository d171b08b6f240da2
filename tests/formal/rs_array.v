// The Y-buses: a word or a line moves only when all rows of its ID have room, into each of their buffers once and at the same time, unchanged, and into no
// other; whether it can does not depend on its being offered.
// depth 2
// gen --rows 3 --cols 2 --width 4 --glb-kb 4 --ifmap-spad 4 --filter-spad 8 --psum-spad 4 --link-width 32
module proof (
  input wire clk, rst, chain_shift, input wire [6:0] chain_word,
  input wire ifmap_valid, input wire [1:0] ifmap_y, input wire [2:0] ifmap_x, input wire [3:0] ifmap_word,
  input wire filter_valid, input wire [1:0] filter_y, input wire filter_x, input wire [1:0] filter_first, input wire [15:0] filter_word
);
  wire ifmap_ready, filter_ready;

  rs_array array (
    .clk(clk), .rst(rst), .chain_shift(chain_shift), .chain_word(chain_word), .taps_m1(3'd0), .step(3'd1), .filters_m1(4'd0),
    .windows_m1(12'd0), .images_m1(8'd0), .psum_shift(3'd0),
    .ifmap_valid(ifmap_valid), .ifmap_ready(ifmap_ready), .ifmap_y(ifmap_y), .ifmap_x(ifmap_x), .ifmap_word(ifmap_word),
    .filter_valid(filter_valid), .filter_ready(filter_ready), .filter_y(filter_y), .filter_x(filter_x),
    .filter_first(filter_first), .filter_word(filter_word),
    .psum_in_valid(2'd0), .psum_in_row(4'd0), .psum_in_col(2'd0), .psum_in_word(16'd0),
    .psum_out_row(4'd0), .psum_out_col(2'd0), .psum_out_take(2'd0)
  );
  (* hierconn *) wire [1:0] \array.rows_0.ifmap_id , \array.rows_1.ifmap_id , \array.rows_2.ifmap_id ;
  (* hierconn *) wire [1:0] \array.rows_0.filter_id , \array.rows_1.filter_id , \array.rows_2.filter_id ;
  (* hierconn *) wire \array.rows_0.ifmap_ready , \array.rows_1.ifmap_ready , \array.rows_2.ifmap_ready ;
  (* hierconn *) wire \array.rows_0.filter_ready , \array.rows_1.filter_ready , \array.rows_2.filter_ready ;
  (* hierconn *) wire \array.rows_0.ifmap_put , \array.rows_1.ifmap_put , \array.rows_2.ifmap_put ;
  (* hierconn *) wire \array.rows_0.filter_put , \array.rows_1.filter_put , \array.rows_2.filter_put ;
  (* hierconn *) wire [4:0] \array.rows_0.ifmap_word , \array.rows_1.ifmap_word , \array.rows_2.ifmap_word ;
  (* hierconn *) wire [2:0] \array.rows_0.ifmap_tag , \array.rows_1.ifmap_tag , \array.rows_2.ifmap_tag ;
  (* hierconn *) wire [15:0] \array.rows_0.filter_word , \array.rows_1.filter_word , \array.rows_2.filter_word ;
  (* hierconn *) wire [2:0] \array.rows_0.filter_tag , \array.rows_1.filter_tag , \array.rows_2.filter_tag ;

  wire [2:0] ifmap_rows = {\array.rows_2.ifmap_id == ifmap_y, \array.rows_1.ifmap_id == ifmap_y, \array.rows_0.ifmap_id == ifmap_y};
  wire [2:0] filter_rows = {\array.rows_2.filter_id == filter_y, \array.rows_1.filter_id == filter_y, \array.rows_0.filter_id == filter_y};
  wire [2:0] ifmap_room = {\array.rows_2.ifmap_ready , \array.rows_1.ifmap_ready , \array.rows_0.ifmap_ready };
  wire [2:0] filter_room = {\array.rows_2.filter_ready , \array.rows_1.filter_ready , \array.rows_0.filter_ready };
  wire [2:0] ifmap_put = {\array.rows_2.ifmap_put , \array.rows_1.ifmap_put , \array.rows_0.ifmap_put };
  wire [2:0] filter_put = {\array.rows_2.filter_put , \array.rows_1.filter_put , \array.rows_0.filter_put };
  wire [4:0] word = {ifmap_word == 0, ifmap_word};
  // From which of its words on the line counts, and its column tag.
  wire [2:0] tag = {filter_first, filter_x};

  always @(posedge clk) begin
    assert (ifmap_ready == ((ifmap_rows & ~ifmap_room) == 0));
    assert (filter_ready == ((filter_rows & ~filter_room) == 0));
    assert (ifmap_put == (ifmap_valid && ifmap_ready ? ifmap_rows : 3'd0));
    assert (filter_put == (filter_valid && filter_ready ? filter_rows : 3'd0));
    assert ((ifmap_put & ~ifmap_room) == 0 && (filter_put & ~filter_room) == 0);
    if (ifmap_put[0]) assert (\array.rows_0.ifmap_word == word && \array.rows_0.ifmap_tag == ifmap_x);
    if (ifmap_put[1]) assert (\array.rows_1.ifmap_word == word && \array.rows_1.ifmap_tag == ifmap_x);
    if (ifmap_put[2]) assert (\array.rows_2.ifmap_word == word && \array.rows_2.ifmap_tag == ifmap_x);
    if (filter_put[0]) assert (\array.rows_0.filter_word == filter_word && \array.rows_0.filter_tag == tag);
    if (filter_put[1]) assert (\array.rows_1.filter_word == filter_word && \array.rows_1.filter_tag == tag);
    if (filter_put[2]) assert (\array.rows_2.filter_word == filter_word && \array.rows_2.filter_tag == tag);
  end
endmodule
