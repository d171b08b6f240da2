use super::prelude::*;

/// Brings a register of another clock over to `clock`, through two flip-flops a bit.
///
/// `d` comes straight from a register, of which at most one bit changes at an edge of its clock: a Gray code, or a single bit.
/// Latency: `q` shows a value of `d` after the second edge of `clock` that sees it, or, if `d` changed shortly before the
/// first of them, after the third.
#[derive(LogicBlock)]
pub struct Synchronizer {
    pub clock: Wire<In, Clk>,
    pub d: Wire<In>,
    pub q: Wire<Out>,
    sample: Sample,
    settled: Reg,
}

impl Synchronizer {
    /// For `bits` bits, which reset to 0.
    pub fn new(bits: usize) -> Self {
        Synchronizer {
            clock: Default::default(),
            d: Wire::unsigned(bits),
            q: Wire::unsigned(bits),
            sample: Sample::new(bits),
            settled: Reg::unsigned(bits).of_synchronizer(),
        }
    }
}

impl Logic for Synchronizer {
    describe!(
        "synchronizer",
        "Two flip-flops a bit, for a register of another clock that changes in one bit at a time."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, settled);
        self.sample.clock.next = self.clock.val();
        self.sample.d.next = self.d.val();
        self.settled.d.next = self.sample.q.val();
        self.q.next = self.settled.q.val();
    }
}
