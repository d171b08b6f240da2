use crate::rtl::prelude::*;

/// Counters of 64 bits, each with the amount by which it grows in a cycle. An amount is in its total 2 cycles later; one that comes with `clear`
/// is counted after it, the one before it is not.
#[derive(LogicBlock)]
pub struct Counters {
    pub clock: Wire<In, Clk>,
    pub clear: Wire<In>,
    pub amount: Vec<Wire<In>>,
    pub total: Vec<Wire<Out>>,
    /// The amounts of the cycle before: what they are made of and the carry through a counter are no path.
    due: Vec<Reg>,
    count: Vec<Reg>,
    counters: Const,
}

impl Counters {
    /// A counter for each width of an amount.
    pub fn new(amount_bits: &[usize]) -> Self {
        Counters {
            clock: Default::default(),
            clear: Wire::bit(),
            amount: amount_bits.iter().map(|bits| Wire::unsigned(*bits)).collect(),
            total: amount_bits.iter().map(|_| Wire::unsigned(64)).collect(),
            due: amount_bits.iter().map(|bits| Reg::unsigned(*bits)).collect(),
            count: amount_bits.iter().map(|_| Reg::unsigned(64)).collect(),
            counters: Const::new(amount_bits.len()),
        }
    }
}

impl Logic for Counters {
    describe!("counters", "Event counters of 64 bits.");

    #[hdl_gen]
    fn update(&mut self) {
        for i in 0..self.counters.index() {
            self.due[i].clock.next = self.clock.val();
            self.due[i].d.next = self.amount[i].val();
            self.count[i].clock.next = self.clock.val();
            self.total[i].next = self.count[i].q.val();
            self.count[i].d.next = self.count[i].q.val();
            if self.clear.val().any() {
                self.count[i].d.next = 0.into();
            } else if self.due[i].q.val().any() {
                self.count[i].d.next = self.count[i].q.val() + self.due[i].q.val();
            }
        }
    }
}
