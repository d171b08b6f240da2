//! A first block: a counter with an enable, simulated and written as Verilog.
//!
//! `cargo run --example counter -- 12` makes it 12 bits wide.

use hw::rtl::prelude::*;

/// Counts the cycles in which `count_up` is high. Latency: 1 cycle. Wraps at its width.
#[derive(LogicBlock)]
struct Counter {
    pub clock: Wire<In, Clk>,
    pub count_up: Wire<In>,
    pub count: Wire<Out>,
    value: Reg,
}

impl Counter {
    fn new(bits: usize) -> Self {
        Counter {
            clock: Default::default(),
            count_up: Wire::bit(),
            count: Wire::unsigned(bits),
            value: Reg::unsigned(bits),
        }
    }
}

impl Logic for Counter {
    describe!("counter", "Counts the cycles in which count_up is high.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, value);
        if self.count_up.val().any() {
            // The sum has a bit more than the register; it is cut where it is assigned.
            self.value.d.next = self.value.q.val() + 1;
        }
        self.count.next = self.value.q.val();
    }
}

fn main() -> anyhow::Result<()> {
    let bits = std::env::args().nth(1).map_or(Ok(8), |text| text.parse())?;
    let mut counter = Counter::new(bits);
    counter.connect_all();

    tick!(counter, true);
    for cycle in 0..6 {
        counter.count_up.next = (cycle % 3 != 0).into();
        tick!(counter);
        println!("cycle {cycle}: count_up {} count {}", counter.count_up.val().index(), counter.count.val().index());
    }
    assert_eq!(counter.count.val(), 4);

    print!("\n{}", gen::verilog::emit(&counter, "counter")?);
    Ok(())
}
