//! An array of blocks whose number and widths are run-time values: a dot product with one multiplier a lane.
//!
//! `cargo run --example dot_product -- 4 12` has 4 lanes of 12-bit words.

use hw::rtl::prelude::*;

/// `product <= a * b`, exact. Latency: 1 cycle.
#[derive(LogicBlock)]
struct Multiplier {
    pub clock: Wire<In, Clk>,
    pub a: Wire<In>,
    pub b: Wire<In>,
    pub product: Wire<Out>,
    held: Reg,
}

impl Logic for Multiplier {
    describe!("multiplier", "Registered signed product.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held);
        self.held.d.next = self.a.val() * self.b.val();
        self.product.next = self.held.q.val();
    }
}

/// The sum of the lanes' products. Latency: 1 cycle.
#[derive(LogicBlock)]
struct DotProduct {
    pub clock: Wire<In, Clk>,
    pub a: Vec<Wire<In>>,
    pub b: Vec<Wire<In>>,
    pub sum: Wire<Out>,
    multipliers: Vec<Multiplier>,
    partial: Vec<Wire<Local>>,
    lanes: Const,
}

impl DotProduct {
    fn new(lanes: usize, bits: usize) -> Self {
        let multiplier = || Multiplier {
            clock: Default::default(),
            a: Wire::signed(bits),
            b: Wire::signed(bits),
            product: Wire::signed(2 * bits),
            held: Reg::signed(2 * bits),
        };
        let sum_bits = 2 * bits + count_bits(lanes);
        DotProduct {
            clock: Default::default(),
            a: (0..lanes).map(|_| Wire::signed(bits)).collect(),
            b: (0..lanes).map(|_| Wire::signed(bits)).collect(),
            sum: Wire::signed(sum_bits),
            multipliers: (0..lanes).map(|_| multiplier()).collect(),
            partial: (0..lanes).map(|_| Wire::signed(sum_bits)).collect(),
            lanes: Const::new(lanes),
        }
    }
}

impl Logic for DotProduct {
    describe!("dot_product", "Sum of the products of its lanes.");

    #[hdl_gen]
    fn update(&mut self) {
        for i in 0..self.lanes.index() {
            self.multipliers[i].clock.next = self.clock.val();
            self.multipliers[i].a.next = self.a[i].val();
            self.multipliers[i].b.next = self.b[i].val();
        }
        self.partial[0].next = self.multipliers[0].product.val();
        for i in 1..self.lanes.index() {
            self.partial[i].next = self.partial[i - 1].val() + self.multipliers[i].product.val();
        }
        self.sum.next = self.partial[self.lanes.index() - 1].val();
    }
}

fn main() -> anyhow::Result<()> {
    let mut sizes = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let (lanes, bits) = (sizes.next().unwrap_or(Ok(4))?.max(1), sizes.next().unwrap_or(Ok(12))?);
    let mut dot = DotProduct::new(lanes, bits);
    dot.connect_all();

    let mut expected = 0;
    for i in 0..lanes {
        let (a, b) = (i as i128 + 1, -(2 * i as i128) - 1);
        dot.a[i].next = Word::new(a, bits, true);
        dot.b[i].next = Word::new(b, bits, true);
        expected += dot.a[i].val().value() * dot.b[i].val().value();
    }
    tick!(dot);
    println!("{lanes} lanes of {bits} bits: {} (expected {expected})\n", dot.sum.val().value());
    assert_eq!(dot.sum.val().value(), expected);

    print!("{}", gen::verilog::emit(&dot, "dot_product")?);
    Ok(())
}
