//! A block that uses another one: a queue between a producer that never waits and a consumer that sometimes does.
//!
//! `cargo run --example fifo`

use hw::rtl::prelude::*;

/// Numbers 0, 1, 2 … through a queue of four words.
#[derive(LogicBlock)]
struct Numbers {
    pub clock: Wire<In, Clk>,
    pub number: StreamOut,
    queue: Fifo,
    next: Reg,
}

impl Numbers {
    fn new(bits: usize) -> Self {
        Numbers {
            clock: Default::default(),
            number: StreamOut::new(bits, false),
            queue: Fifo::new(4, bits, false),
            next: Reg::unsigned(bits),
        }
    }
}

impl Logic for Numbers {
    describe!("numbers", "Counts, through a queue of four words.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, next);
        self.queue.clock.next = self.clock.val();
        self.queue.enq.payload.next = self.next.q.val();
        self.queue.enq.valid.next = 1.into();
        if self.queue.enq.ready.val().any() {
            self.next.d.next = self.next.q.val() + 1;
        }
        // A stream of a part becomes a stream of the whole.
        StreamOut::link(&mut self.number, &mut self.queue.deq);
    }
}

fn main() -> anyhow::Result<()> {
    let mut numbers = Numbers::new(16);
    numbers.connect_all();

    tick!(numbers, true);
    let mut taken = Vec::new();
    for cycle in 0..20 {
        let ready = cycle % 3 == 0;
        numbers.number.ready.next = ready.into();
        settle(&mut numbers);
        if ready && numbers.number.valid.val().any() {
            taken.push(numbers.number.payload.val().index());
        }
        tick!(numbers);
    }
    println!("taken: {taken:?}\n");
    assert!(taken.iter().copied().eq(0..taken.len()), "in order, none lost");

    print!("{}", gen::verilog::emit(&numbers, "numbers")?);
    Ok(())
}
