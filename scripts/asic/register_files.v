// Techmap rule of scripts/standard_cells.py: a memory that is read at once becomes a latch for each bit, with one more for each bit that comes
// in. Data, address and enable of a write pass a latch while the clock is low; while it is high, the word that they name is open, and
// what it takes stands still. So a word changes at the clock's edge, to what was written at it, as in flip-flops.
(* techmap_celltype = "$mem_v2" *)
module register_file (RD_CLK, RD_EN, RD_ARST, RD_SRST, RD_ADDR, RD_DATA, WR_CLK, WR_EN, WR_ADDR, WR_DATA);
  parameter MEMID = "";
  parameter SIZE = 1;
  parameter OFFSET = 0;
  parameter ABITS = 1;
  parameter WIDTH = 1;
  parameter signed INIT = 1'bx;
  parameter RD_PORTS = 1;
  parameter RD_CLK_ENABLE = 1'b1;
  parameter RD_CLK_POLARITY = 1'b1;
  parameter RD_TRANSPARENCY_MASK = 0;
  parameter RD_COLLISION_X_MASK = 0;
  parameter RD_WIDE_CONTINUATION = 0;
  parameter RD_CE_OVER_SRST = 0;
  parameter RD_ARST_VALUE = 0;
  parameter RD_SRST_VALUE = 0;
  parameter RD_INIT_VALUE = 0;
  parameter WR_PORTS = 1;
  parameter WR_CLK_ENABLE = 1'b1;
  parameter WR_CLK_POLARITY = 1'b1;
  parameter WR_PRIORITY_MASK = 0;
  parameter WR_WIDE_CONTINUATION = 0;
  parameter _TECHMAP_BITS_CONNMAP_ = 1;
  parameter [_TECHMAP_BITS_CONNMAP_*WR_PORTS*WIDTH-1:0] _TECHMAP_CONNMAP_WR_EN_ = 0;
  input [RD_PORTS-1:0] RD_CLK, RD_EN, RD_ARST, RD_SRST;
  input [RD_PORTS*ABITS-1:0] RD_ADDR;
  output [RD_PORTS*WIDTH-1:0] RD_DATA;
  input [WR_PORTS-1:0] WR_CLK;
  input [WR_PORTS*WIDTH-1:0] WR_EN, WR_DATA;
  input [WR_PORTS*ABITS-1:0] WR_ADDR;

  // All bits of a word have the first one's enable.
  localparam ONE_ENABLE = _TECHMAP_CONNMAP_WR_EN_ == {WIDTH{_TECHMAP_CONNMAP_WR_EN_[0 +: _TECHMAP_BITS_CONNMAP_]}};
  wire _TECHMAP_FAIL_ = RD_CLK_ENABLE != 0 || RD_PORTS != 1 || WR_PORTS != 1 || !WR_CLK_POLARITY || !ONE_ENABLE;
  wire low, write;
  wire [WIDTH-1:0] data;
  wire [ABITS-1:0] address;
  clock_not low_phase (.clk(WR_CLK), .low(low));
  \$dlatch #(.WIDTH(WIDTH), .EN_POLARITY(1'b1)) hold_data (.EN(low), .D(WR_DATA), .Q(data));
  \$dlatch #(.WIDTH(ABITS), .EN_POLARITY(1'b1)) hold_address (.EN(low), .D(WR_ADDR), .Q(address));
  \$dlatch #(.WIDTH(1), .EN_POLARITY(1'b1)) hold_write (.EN(low), .D(WR_EN[0]), .Q(write));

  // Read by AND and OR: less than multiplexers, as an AOI takes two words at once.
  wire [WIDTH*(SIZE+1)-1:0] found;
  assign found[WIDTH-1:0] = 0;
  assign RD_DATA = found[WIDTH*SIZE +: WIDTH];
  genvar i;
  generate
    for (i = 0; i < SIZE; i = i + 1) begin : word
      wire open, written = write && address == OFFSET + i, read = RD_ADDR == OFFSET + i;
      wire [WIDTH-1:0] value;
      clock_and gate (.clk(WR_CLK), .enable(written), .gated(open));
      \$dlatch #(.WIDTH(WIDTH), .EN_POLARITY(1'b1)) store (.EN(open), .D(data), .Q(value));
      assign found[(i+1)*WIDTH +: WIDTH] = found[i*WIDTH +: WIDTH] | ({WIDTH{read}} & value);
    end
  endgenerate
endmodule
