use crate::rtl::prelude::*;
use crate::Arch;

/// The words that a row of the array (or one of its PEs) has taken, for the row above, which needs each `stride` steps later: the FIFO between neighbours of ShiDianNao (ISCA 2015).
///
/// A word that is `word` in the cycle in which the next step comes (`step`) is `past` when, after it, step number `stride` comes.
#[derive(LogicBlock)]
pub struct OsPastWords {
    pub clock: Wire<In, Clk>,
    pub stride: Wire<In>,
    pub step: Wire<In>,
    pub word: Wire<In>,
    pub past: Wire<Out>,
    older: Vec<Reg>,
    depth: Const,
}

impl OsPastWords {
    /// At most `depth` words of `arch`, at least 2.
    pub fn new(arch: &Arch, depth: usize) -> Self {
        OsPastWords {
            clock: Default::default(),
            stride: Wire::unsigned(count_bits(depth)),
            step: Wire::bit(),
            word: Wire::signed(arch.width),
            past: Wire::signed(arch.width),
            older: (1..depth).map(|_| Reg::data(arch.width, true)).collect(),
            depth: Const::new(depth - 1),
        }
    }
}

impl Logic for OsPastWords {
    describe!("os_past_words", "Words of a row of the array on their way to the row above.");

    #[hdl_gen]
    fn update(&mut self) {
        self.past.next = self.word.val();
        for i in 0..self.depth.index() {
            self.older[i].clock.next = self.clock.val();
            self.older[i].d.next = self.older[i].q.val();
            if self.stride.val() == i + 2 {
                self.past.next = self.older[i].q.val();
            }
        }
        if self.step.val().any() {
            self.older[0].d.next = self.word.val();
            for i in 1..self.depth.index() {
                self.older[i].d.next = self.older[i - 1].q.val();
            }
        }
    }
}
