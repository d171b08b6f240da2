use crate::rtl::prelude::*;

/// Levels of a tree that adds up `terms` words.
pub const fn levels(terms: usize) -> usize {
    terms.next_power_of_two().ilog2() as usize
}

/// A pipelined tree that adds up words, cut to their width.
///
/// Latency: ⌈log2 terms⌉ cycles, a level each; with one term none.
#[derive(LogicBlock)]
pub struct MatrixTree {
    pub clock: Wire<In, Clk>,
    pub term: Vec<Wire<In>>,
    pub total: Wire<Out>,
    /// Terms that take part from the second level on.
    late: Vec<Reg>,
    /// Node j adds up values 2j and 2j + 1. The values are the terms, then the nodes; so the nodes of a level stand side by side.
    node: Vec<Reg>,
    value: Vec<Wire<Local>>,
    terms: Const,
    early: Const,
    nodes: Const,
}

impl MatrixTree {
    /// A tree of `terms` psums of `bits` bits. Which totals count, a control elsewhere says, so nothing is reset.
    pub fn of_psums(terms: usize, bits: usize) -> Self {
        Self::of(terms, bits, true, || Reg::data(bits, true))
    }

    /// A tree of `terms` counts, whose total has `bits` bits. Each total is taken as it is, from the reset on.
    pub fn of_counts(terms: usize, bits: usize) -> Self {
        Self::of(terms, bits, false, || Reg::unsigned(bits))
    }

    fn of(terms: usize, bits: usize, signed: bool, reg: impl Fn() -> Reg) -> Self {
        // Full levels hold a power of two: what is over is added up in a level before them.
        let full = 1 << (terms.ilog2() as usize);
        let early = if full == terms { terms } else { 2 * (terms - full) };
        debug_assert!(levels(terms) == full.ilog2() as usize + usize::from(full < terms));
        MatrixTree {
            clock: Default::default(),
            term: (0..terms).map(|_| Wire::of(bits, signed)).collect(),
            total: Wire::of(bits, signed),
            late: (early..terms).map(|_| reg()).collect(),
            node: (1..terms).map(|_| reg()).collect(),
            value: (0..2 * terms - 1).map(|_| Wire::of(bits, signed)).collect(),
            terms: Const::new(terms),
            early: Const::new(early),
            nodes: Const::new(terms - 1),
        }
    }
}

impl Logic for MatrixTree {
    describe!("matrix_tree", "Pipelined adder tree.");

    #[hdl_gen]
    fn update(&mut self) {
        for i in 0..self.early.index() {
            self.value[i].next = self.term[i].val();
        }
        for i in self.early.index()..self.terms.index() {
            self.late[i - self.early.index()].clock.next = self.clock.val();
            self.late[i - self.early.index()].d.next = self.term[i].val();
            self.value[i].next = self.late[i - self.early.index()].q.val();
        }
        for j in 0..self.nodes.index() {
            self.node[j].clock.next = self.clock.val();
            self.node[j].d.next = self.value[2 * j].val() + self.value[2 * j + 1].val();
            self.value[self.terms.index() + j].next = self.node[j].q.val();
        }
        self.total.next = self.value[2 * self.nodes.index()].val();
    }
}
