//! Blocks that are no modules of their own: queues, wires, and `Vec`s of ports.

use super::check;
use expect_test::expect;
use hw::rtl::prelude::*;
use hw::shell::wide_fifo::WideFifo;

#[derive(Clone, Copy)]
struct Place {
    word: usize,
    low: usize,
    bits: usize,
}

const OPCODE: Place = Place { word: 1, low: 0, bits: 8 };
const ADDRESS: Place = Place { word: 2, low: 0, bits: 64 };

hw::slices! {
    /// Two fields.
    struct Fields, "fields", "Fields of a command.";
    fn new();
    words 1..3;
    opcode: OPCODE, 8;
    address: ADDRESS, 64;
}

/// Queues commands and offers their fields.
#[derive(LogicBlock)]
struct Commands {
    pub clock: Wire<In, Clk>,
    pub enq: StreamIn,
    pub word: Wire<In>,
    pub opcode: Wire<Out>,
    pub above: Wire<Out>,
    pub take: Wire<In>,
    opcodes: Fifo,
    queue: WideFifo,
    fields: Fields,
}

impl Commands {
    fn new() -> Self {
        Commands {
            clock: Default::default(),
            enq: StreamIn::new(64, false),
            word: Wire::unsigned(64),
            opcode: Wire::unsigned(8),
            above: Wire::unsigned(8),
            take: Wire::bit(),
            opcodes: Fifo::new(3, 8, false),
            queue: WideFifo::new(4, &[64, 64, 1]),
            fields: Fields::new(),
        }
    }
}

impl Logic for Commands {
    describe!("commands", "Queues commands and offers their fields.");

    #[hdl_gen]
    fn update(&mut self) {
        self.queue.clock.next = self.clock.val();
        self.opcodes.clock.next = self.clock.val();
        self.queue.enq_valid.next = self.enq.valid.val();
        self.enq.ready.next = self.queue.enq_ready.val();
        self.queue.enq[0].next = self.enq.payload.val();
        self.queue.enq[1].next = self.word.val();
        self.queue.enq[2].next = 1.into();
        self.fields.source[0].next = self.queue.deq[0].val();
        self.fields.source[1].next = self.queue.deq[1].val();
        self.queue.deq_ready.next = self.opcodes.enq.ready.val();
        self.opcodes.enq.valid.next = self.queue.deq_valid.val();
        self.opcodes.enq.payload.next = self.fields.opcode.val();
        self.opcode.next = self.opcodes.deq.payload.val();
        self.opcodes.deq.ready.next = self.take.val();
        self.above.next = self.fields.address.val() >> 56;
    }
}

#[test]
fn queues_and_wires_are_no_modules_of_their_own() {
    check(
        Commands::new(),
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

            // Queues commands and offers their fields.
            module top (
              input wire clk, rst,
              input wire [63:0] enq_payload, input wire enq_valid, output wire enq_ready,
              input wire [63:0] word,
              output wire [7:0] opcode, above,
              input wire take
            );
              wire opcodes_enq_ready;
              wire queue_deq_valid, queue_deq_2;
              wire [63:0] queue_deq_0, queue_deq_1;
              wire [5:0] unused;
              wire [7:0] fields_opcode = queue_deq_0[7:0];
              wire unused_bits = &{1'b0, queue_deq_0[63:8], queue_deq_1[55:0], queue_deq_2};

              fifo #(.BITS(8), .DEPTH(3)) opcodes (
                .clk(clk), .rst(rst),
                .enq_payload(fields_opcode), .enq_valid(queue_deq_valid), .enq_ready(opcodes_enq_ready),
                .deq_payload(opcode), .deq_valid(unused[0]), .deq_ready(take), .level(unused[2:1])
              );

              fifo #(.BITS(129), .DEPTH(4)) queue (
                .clk(clk), .rst(rst),
                .enq_payload({1'b1, word, enq_payload}), .enq_valid(enq_valid), .enq_ready(enq_ready),
                .deq_payload({queue_deq_2, queue_deq_1, queue_deq_0}), .deq_valid(queue_deq_valid), .deq_ready(opcodes_enq_ready),
                .level(unused[5:3])
              );

              assign above = queue_deq_1[63:56];
            endmodule
        "#]],
    );
}

/// Passes words up a column that `select` lets pass.
#[derive(LogicBlock)]
struct Gate {
    pub select: Vec<Wire<In>>,
    pub below: Vec<StreamIn>,
    pub above: Vec<StreamOut>,
    count: Const,
}

impl Gate {
    fn new(count: usize) -> Self {
        Gate {
            select: (0..count).map(|_| Wire::bit()).collect(),
            below: (0..count).map(|_| StreamIn::new(8, false)).collect(),
            above: (0..count).map(|_| StreamOut::new(8, false)).collect(),
            count: Const::new(count),
        }
    }
}

impl Logic for Gate {
    describe!("gate", "Lets the words of selected columns pass.");

    #[hdl_gen]
    fn update(&mut self) {
        for i in 0..self.count.index() {
            self.above[i].payload.next = self.below[i].payload.val();
            self.above[i].valid.next = self.below[i].valid.val() & self.select[i].val();
            self.below[i].ready.next = self.above[i].ready.val() & self.select[i].val();
        }
    }
}

/// Two gates one above the other.
#[derive(LogicBlock)]
struct Gates {
    pub below: Vec<StreamIn>,
    pub above: Vec<StreamOut>,
    pub open: Wire<In>,
    pub sign: Wire<Out>,
    gates: Vec<Gate>,
    count: Const,
}

impl Logic for Gates {
    describe!("gates", "Two gates one above the other.");

    #[hdl_gen]
    fn update(&mut self) {
        for i in 0..self.count.index() {
            self.gates[0].select[i].next = self.open.val() >> i;
            self.gates[1].select[i].next = self.open.val() >> i;
            self.gates[0].below[i].payload.next = self.below[i].payload.val();
            self.gates[0].below[i].valid.next = self.below[i].valid.val();
            self.below[i].ready.next = self.gates[0].below[i].ready.val();
            self.gates[1].below[i].payload.next = self.gates[0].above[i].payload.val();
            self.gates[1].below[i].valid.next = self.gates[0].above[i].valid.val();
            self.gates[0].above[i].ready.next = self.gates[1].below[i].ready.val();
            self.above[i].payload.next = self.gates[1].above[i].payload.val();
            self.above[i].valid.next = self.gates[1].above[i].valid.val();
            self.gates[1].above[i].ready.next = self.above[i].ready.val();
        }
        self.sign.next = self.gates[0].above[1].payload.val() >> 7;
    }
}

#[test]
fn a_vec_of_ports_is_a_vector_but_not_at_the_top() {
    let top = Gates {
        below: (0..3).map(|_| StreamIn::new(8, false)).collect(),
        above: (0..3).map(|_| StreamOut::new(8, false)).collect(),
        open: Wire::unsigned(3),
        sign: Wire::bit(),
        gates: (0..2).map(|_| Gate::new(3)).collect(),
        count: Const::new(3),
    };
    check(
        top,
        expect![[r#"
            // Lets the words of selected columns pass.
            module gate (
              input wire [2:0] select,
              input wire [23:0] below_payload, input wire [2:0] below_valid, output wire [2:0] below_ready,
              output wire [23:0] above_payload, output wire [2:0] above_valid, input wire [2:0] above_ready
            );
              assign above_payload[0*8 +: 8] = below_payload[0*8 +: 8];
              assign above_valid[0] = below_valid[0] & select[0];
              assign below_ready[0] = above_ready[0] & select[0];
              assign above_payload[1*8 +: 8] = below_payload[1*8 +: 8];
              assign above_valid[1] = below_valid[1] & select[1];
              assign below_ready[1] = above_ready[1] & select[1];
              assign above_payload[2*8 +: 8] = below_payload[2*8 +: 8];
              assign above_valid[2] = below_valid[2] & select[2];
              assign below_ready[2] = above_ready[2] & select[2];
            endmodule

            // Two gates one above the other.
            module top (
              input wire [7:0] below_0_payload, input wire below_0_valid, output wire below_0_ready,
              input wire [7:0] below_1_payload, input wire below_1_valid, output wire below_1_ready,
              input wire [7:0] below_2_payload, input wire below_2_valid, output wire below_2_ready,
              output wire [7:0] above_0_payload, output wire above_0_valid, input wire above_0_ready,
              output wire [7:0] above_1_payload, output wire above_1_valid, input wire above_1_ready,
              output wire [7:0] above_2_payload, output wire above_2_valid, input wire above_2_ready,
              input wire [2:0] open,
              output wire sign
            );
              wire [23:0] gates_0_above_payload;
              wire [2:0] gates_0_above_valid, gates_1_below_ready;

              gate gates_0 (
                .select(open),
                .below_payload({below_2_payload, below_1_payload, below_0_payload}),
                .below_valid({below_2_valid, below_1_valid, below_0_valid}),
                .below_ready({below_2_ready, below_1_ready, below_0_ready}),
                .above_payload(gates_0_above_payload), .above_valid(gates_0_above_valid), .above_ready(gates_1_below_ready)
              );

              gate gates_1 (
                .select(open),
                .below_payload(gates_0_above_payload), .below_valid(gates_0_above_valid), .below_ready(gates_1_below_ready),
                .above_payload({above_2_payload, above_1_payload, above_0_payload}),
                .above_valid({above_2_valid, above_1_valid, above_0_valid}),
                .above_ready({above_2_ready, above_1_ready, above_0_ready})
              );

              assign sign = gates_0_above_payload[15];
            endmodule
        "#]],
    );
}
