use super::check;
use super::registers::Counter;
use expect_test::expect;
use hw::rtl::prelude::*;

#[test]
fn a_queue_of_the_language_layer() {
    check(
        Fifo::new(3, 16, true),
        expect![[r#"
            // Queue with registered ready and valid: a word is offered one cycle after it is taken in.
            module top (
              input wire clk, rst,
              input wire [15:0] enq_payload, input wire enq_valid, output wire enq_ready,
              output wire [15:0] deq_payload, output wire deq_valid, input wire deq_ready,
              output wire [1:0] level
            );
              reg [1:0] count, head, tail;
              reg [15:0] store [0:2];
              wire put = enq_valid && enq_ready;
              wire take = deq_valid && deq_ready;

              assign enq_ready = count < 2'd3;
              assign deq_valid = count != 2'd0;
              assign level = count;

              always @(posedge clk) if (put) store[tail] <= enq_payload;

              assign deq_payload = store[head];

              always @(posedge clk) begin
                if (rst) begin
                  count <= 2'd0; head <= 2'd0; tail <= 2'd0;
                end else begin
                  if (take) begin
                    head <= head + 2'd1;
                    if (({1'b0, head} + 3'd1) == 3'd3) head <= 2'd0;
                  end
                  if (put) begin
                    tail <= tail + 2'd1;
                    if (({1'b0, tail} + 3'd1) == 3'd3) tail <= 2'd0;
                  end
                  count <= count + {1'b0, put} - {1'b0, take};
                end
              end
            endmodule
        "#]],
    );
}

#[test]
fn a_queue_of_one_word() {
    check(
        Fifo::new(1, 16, true),
        expect![[r#"
            // Queue with registered ready and valid: a word is offered one cycle after it is taken in.
            module top (
              input wire clk, rst,
              input wire [15:0] enq_payload, input wire enq_valid, output wire enq_ready,
              output wire [15:0] deq_payload, output wire deq_valid, input wire deq_ready,
              output wire level
            );
              reg count, head, tail;
              reg [15:0] store;
              wire put = enq_valid && enq_ready;
              wire take = deq_valid && deq_ready;

              assign enq_ready = count < 1'b1;
              assign deq_valid = count, level = count;

              always @(posedge clk) if (put && !tail) store <= enq_payload;

              assign deq_payload = store;

              always @(posedge clk) begin
                if (rst) begin
                  count <= 1'b0; head <= 1'b0; tail <= 1'b0;
                end else begin
                  if (take) begin
                    head <= head + 1'b1;
                    if (({1'b0, head} + 2'd1) == 2'd1) head <= 1'b0;
                  end
                  if (put) begin
                    tail <= tail + 1'b1;
                    if (({1'b0, tail} + 2'd1) == 2'd1) tail <= 1'b0;
                  end
                  count <= count + put - take;
                end
              end
            endmodule
        "#]],
    );
}

#[derive(Copy, Clone, Debug, PartialEq, LogicState)]
enum State {
    Idle,
    LoadWeights,
    Run,
}

#[derive(LogicBlock)]
struct Sequencer {
    pub clock: Wire<In, Clk>,
    pub start: Wire<In>,
    pub last: Wire<In>,
    pub busy: Wire<Out>,
    pub load: Wire<Out>,
    state: Reg<State>,
}

impl Sequencer {
    fn new() -> Self {
        Sequencer {
            clock: Default::default(),
            start: Wire::bit(),
            last: Wire::bit(),
            busy: Wire::bit(),
            load: Wire::bit(),
            state: Reg::state(),
        }
    }
}

impl Logic for Sequencer {
    describe!("sequencer", "Loads, then runs until the last word.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, state);
        self.load.next = 0.into();
        match self.state.q.val() {
            State::Idle => {
                if self.start.val().any() {
                    self.state.d.next = State::LoadWeights;
                }
            }
            State::LoadWeights => {
                self.load.next = 1.into();
                self.state.d.next = State::Run;
            }
            State::Run => {
                if self.last.val().any() {
                    self.state.d.next = State::Idle;
                }
            }
        }
        self.busy.next = (self.state.q.val() != State::Idle).into();
    }
}

#[test]
fn a_state_machine() {
    check(
        Sequencer::new(),
        expect![[r#"
            // Loads, then runs until the last word.
            module top (
              input wire clk, rst, start, last,
              output wire busy,
              output reg load
            );
              localparam [1:0] STATE_IDLE = 2'd0;
              localparam [1:0] STATE_LOAD_WEIGHTS = 2'd1;
              localparam [1:0] STATE_RUN = 2'd2;

              reg [1:0] state;

              always @* begin
                load = 1'b0;
                case (state)
                  STATE_LOAD_WEIGHTS: load = 1'b1;
                  default: ;
                endcase
              end

              assign busy = state != STATE_IDLE;

              always @(posedge clk) begin
                if (rst) begin
                  state <= STATE_IDLE;
                end else begin
                  case (state)
                    STATE_IDLE: if (start) state <= STATE_LOAD_WEIGHTS;
                    STATE_LOAD_WEIGHTS: state <= STATE_RUN;
                    /* State::Run */ default: if (last) state <= STATE_IDLE;
                  endcase
                end
              end
            endmodule
        "#]],
    );
}

/// Two equal counters side by side, each with a Sram behind it.
#[derive(LogicBlock)]
struct Chain {
    pub clock: Wire<In, Clk>,
    pub enable: Wire<In>,
    pub sum: Wire<Out>,
    counters: Vec<Counter>,
    partial: Vec<Wire<Local>>,
    grid: Vec<Vec<Counter>>,
    cols: Const,
}

impl Chain {
    fn new() -> Self {
        Chain {
            clock: Default::default(),
            enable: Wire::bit(),
            sum: Wire::unsigned(10),
            counters: (0..3).map(|_| Counter::new(8)).collect(),
            partial: (0..4).map(|_| Wire::unsigned(10)).collect(),
            grid: (0..2).map(|i| vec![Counter::new(4 + i), Counter::new(4)]).collect(),
            cols: Const::new(2),
        }
    }
}

impl Logic for Chain {
    describe!("chain", "Adds up three counters.");

    #[hdl_gen]
    fn update(&mut self) {
        self.partial[0].next = 0.into();
        for i in 0..self.counters.len() {
            self.counters[i].clock.next = self.clock.val();
            if i == 0 {
                self.counters[i].enable.next = self.enable.val();
            } else {
                self.counters[i].enable.next = (self.counters[i - 1].value.val() == 7).into();
            }
            self.partial[i + 1].next = self.partial[i].val() + self.counters[i].value.val();
        }
        for i in 0..2 {
            for j in 0..self.cols.index() {
                self.grid[i][j].clock.next = self.clock.val();
                self.grid[i][j].enable.next = self.partial[i * self.cols.index() + j].val().get_bit(j).into();
            }
        }
        self.sum.next = self.partial[3].val() + (self.grid[1][0].value.val() << self.cols.val());
    }
}

#[test]
fn a_loop_over_blocks() {
    check(
        Chain::new(),
        expect![[r#"
            // Counts the cycles with `enable` high.
            module counter_8 (
              input wire clk, rst, enable,
              output wire [7:0] value
            );
              reg [7:0] count;

              assign value = count;

              always @(posedge clk) begin
                if (rst) begin
                  count <= 8'd3;
                end else begin
                  if (enable) count <= count + 8'd1;
                end
              end
            endmodule

            // Counts the cycles with `enable` high.
            module counter_4 (
              input wire clk, rst, enable,
              output wire [3:0] value
            );
              reg [3:0] count;

              assign value = count;

              always @(posedge clk) begin
                if (rst) begin
                  count <= 4'd3;
                end else begin
                  if (enable) count <= count + 4'd1;
                end
              end
            endmodule

            // Counts the cycles with `enable` high.
            module counter_5 (
              input wire clk, rst, enable,
              output wire [4:0] value
            );
              reg [4:0] count;

              assign value = count;

              always @(posedge clk) begin
                if (rst) begin
                  count <= 5'd3;
                end else begin
                  if (enable) count <= count + 5'd1;
                end
              end
            endmodule

            // Adds up three counters.
            module top (
              input wire clk, rst, enable,
              output wire [9:0] sum
            );
              wire [7:0] counters_0_value, counters_1_value, counters_2_value;
              wire [4:0] grid_1_0_value;
              wire [11:0] unused;
              wire [9:0] partial_0 = 10'd0;
              wire [9:0] partial_1 = partial_0 + {2'd0, counters_0_value};
              wire counters_1_enable = counters_0_value == 8'd7;
              wire [9:0] partial_2 = partial_1 + {2'd0, counters_1_value};
              wire counters_2_enable = counters_1_value == 8'd7;
              wire [9:0] partial_3 = partial_2 + {2'd0, counters_2_value};

              counter_8 counters_0 (
                .clk(clk), .rst(rst), .enable(enable), .value(counters_0_value)
              );

              counter_8 counters_1 (
                .clk(clk), .rst(rst), .enable(counters_1_enable), .value(counters_1_value)
              );

              counter_8 counters_2 (
                .clk(clk), .rst(rst), .enable(counters_2_enable), .value(counters_2_value)
              );

              counter_4 grid_0_0 (
                .clk(clk), .rst(rst), .enable(partial_0[0]), .value(unused[3:0])
              );

              counter_4 grid_0_1 (
                .clk(clk), .rst(rst), .enable(partial_1[1]), .value(unused[7:4])
              );

              counter_5 grid_1_0 (
                .clk(clk), .rst(rst), .enable(partial_2[0]), .value(grid_1_0_value)
              );

              counter_4 grid_1_1 (
                .clk(clk), .rst(rst), .enable(partial_3[1]), .value(unused[11:8])
              );

              assign sum = partial_3 + {3'd0, grid_1_0_value, 2'd0};
            endmodule
        "#]],
    );
}

/// A multiply-accumulate cell, pipelined.
#[derive(LogicBlock)]
struct Mac {
    pub clock: Wire<In, Clk>,
    pub act: Wire<In>,
    pub weight: Wire<In>,
    pub shift: Wire<In>,
    pub psum: Wire<In>,
    pub out: Wire<Out>,
    product: Reg,
    acc: Reg,
}

impl Logic for Mac {
    describe!("mac", "Multiplies, shifts and adds.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, product, acc);
        self.product.d.next = self.act.val() * self.weight.val();
        self.acc.d.next = self.psum.val() + (self.product.q.val() >> self.shift.val());
        self.out.next = self.acc.q.val();
    }
}

#[test]
fn a_signed_multiplier() {
    let mac = Mac {
        clock: Default::default(),
        act: Wire::signed(16),
        weight: Wire::signed(16),
        shift: Wire::unsigned(5),
        psum: Wire::signed(32),
        out: Wire::signed(32),
        product: Reg::signed(32),
        acc: Reg::signed(32),
    };
    check(
        mac,
        expect![[r#"
            // Multiplies, shifts and adds.
            module top (
              input wire clk, rst,
              input wire [15:0] act, weight,
              input wire [4:0] shift,
              input wire [31:0] psum,
              output wire [31:0] out
            );
              reg [31:0] product, acc;

              assign out = acc;

              always @(posedge clk) begin
                if (rst) begin
                  product <= 32'd0; acc <= 32'd0;
                end else begin
                  product <= $signed({{16{act[15]}}, act}) * $signed({{16{weight[15]}}, weight});
                  acc <= psum + $unsigned($signed(product) >>> shift);
                end
              end
            endmodule
        "#]],
    );
}
