use super::check;
use expect_test::expect;
use hw::rtl::prelude::*;

/// Two streams led through, one past a register, and an arbiter whose `ready` depends on `valid`.
#[derive(LogicBlock)]
struct Router {
    pub clock: Wire<In, Clk>,
    pub from: Vec<StreamIn>,
    pub to: StreamOut,
    pub taken: Wire<Out>,
    queue: Fifo,
    turn: Reg,
}

impl Logic for Router {
    describe!("router", "Merges two streams; the first goes first.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, turn);
        self.queue.clock.next = self.clock.val();
        self.queue.enq.payload.next = 0.into();
        self.queue.enq.valid.next = 0.into();
        self.from[0].ready.next = 0.into();
        self.from[1].ready.next = 0.into();
        if self.from[0].valid.val().any() {
            self.queue.enq.payload.next = self.from[0].payload.val();
            self.queue.enq.valid.next = 1.into();
            self.from[0].ready.next = self.queue.enq.ready.val();
            self.turn.d.next = 0.into();
        } else if self.from[1].valid.val().any() {
            self.queue.enq.payload.next = self.from[1].payload.val();
            self.queue.enq.valid.next = 1.into();
            self.from[1].ready.next = self.queue.enq.ready.val();
            self.turn.d.next = 1.into();
        }
        self.taken.next = self.turn.q.val();
        StreamOut::link(&mut self.to, &mut self.queue.deq);
    }
}

#[test]
fn branches_are_split_by_what_they_depend_on() {
    let router = Router {
        clock: Default::default(),
        from: (0..2).map(|_| StreamIn::new(8, false)).collect(),
        to: StreamOut::new(8, false),
        taken: Wire::bit(),
        queue: Fifo::new(2, 8, false),
        turn: Reg::bit(),
    };
    check(
        router,
        expect![[r#"
            // Queue with registered ready and valid: a word is offered one cycle after it is taken in.
            module fifo #(parameter BITS = 8, parameter DEPTH = 2) (
              input wire clk, rst,
              input wire [BITS-1:0] enq_payload, input wire enq_valid, output wire enq_ready,
              output wire [BITS-1:0] deq_payload, output wire deq_valid, input wire deq_ready,
              output wire [$clog2(DEPTH+1)-1:0] level
            );
              localparam LEVEL_BITS = $clog2(DEPTH + 1);
              localparam ADDRESS_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1;
              // Addresses that do not wrap by themselves are compared with the last one.
              localparam COMPARES = DEPTH != (1 << ADDRESS_BITS);

              reg [LEVEL_BITS-1:0] count;
              reg [ADDRESS_BITS-1:0] head, tail;
              reg [BITS-1:0] store [0:DEPTH-1];

              wire put = enq_valid && enq_ready;
              wire take = deq_valid && deq_ready;

              assign enq_ready = count != DEPTH;
              assign deq_valid = count != 0;
              assign deq_payload = store[head];
              assign level = count;

              always @(posedge clk) if (put) store[tail] <= enq_payload;

              always @(posedge clk) begin
                if (rst) begin
                  count <= 0; head <= 0; tail <= 0;
                end else begin
                  if (put && !take) count <= count + 1'b1;
                  if (take && !put) count <= count - 1'b1;
                  if (put) begin
                    if (COMPARES && {1'b0, tail} + 1'b1 == DEPTH) tail <= 0;
                    else tail <= tail + 1'b1;
                  end
                  if (take) begin
                    if (COMPARES && {1'b0, head} + 1'b1 == DEPTH) head <= 0;
                    else head <= head + 1'b1;
                  end
                end
              end
            endmodule

            // Merges two streams; the first goes first.
            module top (
              input wire clk, rst,
              input wire [7:0] from_0_payload, input wire from_0_valid, output wire from_0_ready,
              input wire [7:0] from_1_payload, input wire from_1_valid, output reg from_1_ready,
              output wire [7:0] to_payload, output wire to_valid, input wire to_ready,
              output wire taken
            );
              reg [7:0] queue_enq_payload;
              reg queue_enq_valid;
              wire queue_enq_ready;
              reg turn;
              wire [1:0] unused;

              fifo #(.BITS(8), .DEPTH(2)) queue (
                .clk(clk), .rst(rst),
                .enq_payload(queue_enq_payload), .enq_valid(queue_enq_valid), .enq_ready(queue_enq_ready),
                .deq_payload(to_payload), .deq_valid(to_valid), .deq_ready(to_ready), .level(unused)
              );

              always @* begin
                queue_enq_payload = 8'd0;
                if (from_0_valid) queue_enq_payload = from_0_payload;
                else if (from_1_valid) queue_enq_payload = from_1_payload;
              end

              always @* begin
                queue_enq_valid = 1'b0;
                from_1_ready = 1'b0;
                if (from_0_valid) queue_enq_valid = 1'b1;
                else if (from_1_valid) begin
                  queue_enq_valid = 1'b1;
                  from_1_ready = queue_enq_ready;
                end
              end

              assign from_0_ready = from_0_valid && queue_enq_ready;
              assign taken = turn;

              always @(posedge clk) begin
                if (rst) begin
                  turn <= 1'b0;
                end else begin
                  if (from_0_valid) turn <= 1'b0;
                  else if (from_1_valid) turn <= 1'b1;
                end
              end
            endmodule
        "#]],
    );
}

/// Expressions of every kind.
#[derive(LogicBlock)]
struct Alu {
    pub a: Wire<In>,
    pub b: Wire<In>,
    pub k: Wire<In>,
    pub outs: Vec<Wire<Out>>,
    shift: Const,
}

impl Logic for Alu {
    describe!("alu", "Expressions of every kind.");

    #[hdl_gen]
    fn update(&mut self) {
        self.outs[0].next = self.a.val() + 1;
        self.outs[1].next = self.a.val() + self.b.val();
        self.outs[2].next = self.a.val() - self.k.val() * self.b.val();
        self.outs[3].next = bit_cast(self.a.val() >> 3, 4);
        self.outs[4].next = (self.a.val() << 4) | self.k.val();
        self.outs[5].next = (self.a.val() >> self.shift.val()) + (self.b.val() >> self.k.val());
        self.outs[6].next = (self.a.val() < self.b.val() && !self.k.val().any()).into();
        self.outs[7].next = (self.a.val() >= -5 || self.k.val().all() || self.k.val().xor()).into();
        self.outs[8].next = self.a.val().get_bit(self.k.val()).into();
        self.outs[9].next = signed_cast(self.k.val()) * self.b.val();
        self.outs[10].next = bit_cast(self.a.val() + self.b.val(), 8) >> 2;
        self.outs[11].next = -self.k.val();
        self.outs[12].next = !self.k.val();
    }
}

#[test]
fn expressions_say_their_widths() {
    let alu = Alu {
        a: Wire::signed(8),
        b: Wire::signed(6),
        k: Wire::unsigned(4),
        outs: (0..13).map(|_| Wire::unsigned(12)).collect(),
        shift: Const::new(2),
    };
    check(
        alu,
        expect![[r#"
            // Expressions of every kind.
            module top (
              input wire [7:0] a,
              input wire [5:0] b,
              input wire [3:0] k,
              output wire [11:0] outs_0, outs_1, outs_2, outs_3, outs_4, outs_5, outs_6, outs_7, outs_8, outs_9, outs_10, outs_11,
              output wire [11:0] outs_12
            );
              wire [7:0] outs_10_sum = a + {{2{b[5]}}, b};
              wire unused_bits = &{1'b0, outs_10_sum[1:0]};

              assign outs_0 = {{4{a[7]}}, a} + 12'd1;
              assign outs_1 = {{4{a[7]}}, a} + {{6{b[5]}}, b};
              assign outs_2 = {{4{a[7]}}, a} - $unsigned($signed({8'd0, k}) * $signed({{6{b[5]}}, b}));
              assign outs_3 = {8'd0, a[6:3]};
              assign outs_4 = {a, k};
              assign outs_5 = {{6{a[7]}}, a[7:2]} + $unsigned($signed({{6{b[5]}}, b}) >>> k);
              assign outs_6 = {11'd0, $signed(a) < $signed({{2{b[5]}}, b}) && k == 4'd0};
              assign outs_7 = {11'd0, $signed(a) >= -8'sd5 || (&k) || (^k)};
              assign outs_8 = {11'd0, ((a >> k) & 8'd1) != 8'd0};
              assign outs_9 = $signed({{8{k[3]}}, k}) * $signed({{6{b[5]}}, b});
              assign outs_10 = {6'd0, outs_10_sum[7:2]};
              assign outs_11 = -{8'd0, k};
              assign outs_12 = {8'd0, ~k};
            endmodule
        "#]],
    );
}

/// A value that is read while it changes.
#[derive(LogicBlock)]
struct Steps {
    pub a: Wire<In>,
    pub b: Wire<In>,
    pub first: Wire<Out>,
    pub last: Wire<Out>,
    value: Wire<Local>,
}

impl Logic for Steps {
    describe!("steps", "Reads a local between two assignments.");

    #[hdl_gen]
    fn update(&mut self) {
        self.value.next = self.a.val();
        self.first.next = (self.value.val() + self.b.val()) >> 1;
        if self.b.val().any() {
            self.value.next = self.value.val() + 1;
        }
        self.last.next = self.value.val();
    }
}

#[test]
fn a_value_that_is_read_while_it_changes_stays_in_order() {
    let steps = Steps {
        a: Wire::unsigned(8),
        b: Wire::unsigned(8),
        first: Wire::unsigned(8),
        last: Wire::unsigned(8),
        value: Wire::unsigned(8),
    };
    check(
        steps,
        expect![[r#"
            // Reads a local between two assignments.
            module top (
              input wire [7:0] a, b,
              output reg [7:0] first,
              output wire [7:0] last
            );
              reg [7:0] value;
              reg [8:0] first_sum;
              wire unused_bits = &{1'b0, first_sum[0]};

              always @(a, b) begin
                first_sum = 9'd0;
                value = a;
                first_sum = {1'b0, value} + {1'b0, b};
                first = first_sum[8:1];
                if (b != 8'd0) value = value + 8'd1;
              end

              assign last = value;
            endmodule
        "#]],
    );
}

/// A register that its own clock drives.
#[derive(LogicBlock)]
struct Cell {
    pub clock: Wire<In, Clk>,
    pub d: Wire<In>,
    pub q: Wire<Out>,
    pub tick_clock: Wire<Out, Clk>,
    value: Reg,
}

impl Logic for Cell {
    describe!("cell", "A register, and its clock led on.");

    #[hdl_gen]
    fn update(&mut self) {
        self.tick_clock.next = self.clock.val();
        self.value.clock.next = self.clock.val();
        self.value.d.next = self.d.val();
        self.q.next = self.value.q.val();
    }
}

/// Two cells, the second on the clock that comes out of the first.
#[derive(LogicBlock)]
struct Clocks {
    pub link_clock: Wire<In, Clk>,
    pub d: Wire<In>,
    pub q: Wire<Out>,
    cells: Vec<Cell>,
    inner: Wire<Local, Clk>,
}

impl Logic for Clocks {
    describe!("clocks", "Leads a clock through.");

    #[hdl_gen]
    fn update(&mut self) {
        self.inner.next = self.link_clock.val();
        self.cells[0].clock.next = self.inner.val();
        self.cells[1].clock.next = self.cells[0].tick_clock.val();
        self.cells[0].d.next = self.d.val();
        self.cells[1].d.next = self.cells[0].q.val();
        self.q.next = self.cells[1].q.val();
    }
}

#[test]
fn clocks_are_led_through() {
    let cell = || Cell {
        clock: Default::default(),
        d: Wire::unsigned(4),
        q: Wire::unsigned(4),
        tick_clock: Default::default(),
        value: Reg::unsigned(4),
    };
    let clocks = Clocks {
        link_clock: Default::default(),
        d: Wire::unsigned(4),
        q: Wire::unsigned(4),
        cells: vec![cell(), cell()],
        inner: Default::default(),
    };
    check(
        clocks,
        expect![[r#"
            // A register, and its clock led on.
            module cell_ (
              input wire clk, rst,
              input wire [3:0] d,
              output wire [3:0] q,
              output wire tick_clk, tick_rst
            );
              reg [3:0] value;

              assign tick_clk = clk, tick_rst = rst, q = value;

              always @(posedge clk) begin
                if (rst) begin
                  value <= 4'd0;
                end else begin
                  value <= d;
                end
              end
            endmodule

            // Leads a clock through.
            module top (
              input wire link_clk, link_rst,
              input wire [3:0] d,
              output wire [3:0] q
            );
              wire inner_clk, inner_rst;
              wire [3:0] cells_0_q;
              wire cells_0_tick_clk, cells_0_tick_rst;

              cell_ cells_0 (
                .clk(inner_clk), .rst(inner_rst), .d(d), .q(cells_0_q),
                .tick_clk(cells_0_tick_clk), .tick_rst(cells_0_tick_rst)
              );

              cell_ cells_1 (
                .clk(cells_0_tick_clk), .rst(cells_0_tick_rst), .d(cells_0_q), .q(q),
                .tick_clk(), .tick_rst()
              );

              assign inner_clk = link_clk, inner_rst = link_rst;
            endmodule
        "#]],
    );
}

/// Made of a register: `a`, `b` of `a`, `c` of `b`; and `e` of a value that `a` has on the way to its last one.
#[derive(LogicBlock)]
struct Ring {
    pub clock: Wire<In, Clk>,
    pub step: Wire<In>,
    pub a: Wire<Out>,
    pub b: Wire<Out>,
    pub c: Wire<Out>,
    pub e: Wire<Out>,
    state: Reg,
}

impl Logic for Ring {
    describe!("ring", "Outputs that make each other.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, state);
        self.state.d.next = self.state.q.val() + self.step.val();
        self.a.next = self.state.q.val() & 5;
        self.c.next = 0.into();
        self.e.next = self.a.val() + self.b.val();
        if self.state.q.val() > 2 {
            self.a.next = 2.into();
            self.c.next = self.b.val();
        }
        self.b.next = self.a.val() ^ 1;
    }
}

#[test]
fn blocks_that_read_each_other_are_split_by_signal() {
    let four = || Wire::unsigned(4);
    let ring = Ring {
        clock: Default::default(),
        step: Wire::bit(),
        a: four(),
        b: four(),
        c: four(),
        e: four(),
        state: Reg::new(4, false, 0),
    };
    check(
        ring,
        expect![[r#"
        // Outputs that make each other.
        module top (
          input wire clk, rst, step,
          output wire [3:0] a, b,
          output reg [3:0] c, e
        );
          reg [3:0] state;
          reg [3:0] a_so_far;

          assign a = (state > 4'd2) ? 4'd2 : state & 4'd5;

          always @* begin
            a_so_far = state & 4'd5;
            c = 4'd0;
            e = a_so_far + b;
            if (state > 4'd2) c = b;
          end

          assign b = a ^ 4'd1;

          always @(posedge clk) begin
            if (rst) begin
              state <= 4'd0;
            end else begin
              state <= state + {3'd0, step};
            end
          end
        endmodule
    "#]],
    );
}
