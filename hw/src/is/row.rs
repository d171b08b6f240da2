use super::IsPe;
use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::rtl::prelude::*;

/// A row of the array: its ifmap port, and a PE for each filter, all of which hold the same word.
///
/// With zero gating a zero is not taken into the PEs, and no weight either until the next word comes.
///
/// Latencies, of a step that comes in cycle c: its port is read in c + 1, if it takes a word (`take_in`), which is there in c + 3. In c + 4 it is `mac` if there is a psum for it
/// (`active_in`), and `gated` if it then does not multiply. Its `weight`s come in c + 5; in c + 8 its products are the `addend`s, with `adds` if they are to be added.
#[derive(LogicBlock)]
pub struct IsRow {
    pub clock: Wire<In, Clk>,
    pub psum_shift: Wire<In>,
    // Step
    pub take_in: Wire<In>,
    pub active_in: Wire<In>,
    // Ifmap port
    pub ifmap_read: Wire<Out>,
    pub ifmap_read_word: Wire<In>,
    pub mac: Wire<Out>,
    pub gated: Wire<Out>,
    /// Lines of weights of a step.
    pub weight: Vec<Wire<In>>,
    // Products, by column
    pub adds: Wire<Out>,
    pub addend: Vec<Wire<Out>>,
    pe: Vec<IsPe>,
    read: Reg,
    active: Reg,
    /// Active and read, one and two cycles later.
    flags_1: Reg,
    flags_2: Reg,
    zero: Wire<Local>,
    // The word that was taken last
    word: Reg,
    is_zero: Reg,
    takes_0: Reg,
    adds_0: Reg,
    gated_0: Reg,
    // Beside the weights that have been read, and beside them in the multiplier
    word_1: Reg,
    takes_1: Reg,
    adds_1: Reg,
    adds_2: Reg,
    adds_3: Reg,
    adds_4: Reg,
    gates: Const,
    cols: Const,
    group_cols: Const,
    /// For each column, where its word begins in a line.
    place_of: Vec<Const>,
}

impl IsRow {
    /// A row of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (w, groups) = (arch.width, arch.cols.div_ceil(FILTER_BUS_WORDS));
        IsRow {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            take_in: Wire::bit(),
            active_in: Wire::bit(),
            ifmap_read: Wire::bit(),
            ifmap_read_word: Wire::signed(w),
            mac: Wire::bit(),
            gated: Wire::bit(),
            weight: (0..groups).map(|_| Wire::unsigned(FILTER_BUS_WORDS * w)).collect(),
            adds: Wire::bit(),
            addend: (0..arch.cols).map(|_| Wire::signed(arch.psum_width)).collect(),
            pe: (0..arch.cols).map(|_| IsPe::new(arch)).collect(),
            read: Reg::bit(),
            active: Reg::bit(),
            flags_1: Reg::unsigned(2),
            flags_2: Reg::unsigned(2),
            zero: Wire::bit(),
            word: Reg::data(w, true),
            is_zero: Reg::bit(),
            takes_0: Reg::bit(),
            adds_0: Reg::bit(),
            gated_0: Reg::bit(),
            word_1: Reg::data(w, true),
            takes_1: Reg::bit(),
            adds_1: Reg::bit(),
            adds_2: Reg::bit(),
            adds_3: Reg::bit(),
            adds_4: Reg::bit(),
            gates: Const::new(arch.zero_gating as usize),
            cols: Const::new(arch.cols),
            group_cols: Const::new(FILTER_BUS_WORDS),
            place_of: (0..arch.cols).map(|c| Const::new(c % FILTER_BUS_WORDS * w)).collect(),
        }
    }
}

impl Logic for IsRow {
    describe!("is_row", "A row of input-stationary PEs with its ifmap port.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, read, active, flags_1, flags_2, word, is_zero, takes_0, adds_0, gated_0);
        dff_setup!(self, clock, word_1, takes_1, adds_1, adds_2, adds_3, adds_4);

        // The word of the step's column
        self.read.d.next = self.take_in.val();
        self.active.d.next = self.active_in.val();
        self.ifmap_read.next = self.read.q.val();
        self.flags_1.d.next = (self.active.q.val() << 1) | self.read.q.val();
        self.flags_2.d.next = self.flags_1.q.val();
        self.zero.next = self.is_zero.q.val();
        self.takes_0.d.next = 0.into();
        if self.flags_2.q.val().get_bit(0) {
            self.zero.next = (self.gates.val().any() && self.ifmap_read_word.val() == 0).into();
            self.word.d.next = self.ifmap_read_word.val();
            self.takes_0.d.next = !self.zero.val();
        }
        self.is_zero.d.next = self.zero.val();
        self.adds_0.d.next = (self.flags_2.q.val().get_bit(1) && !self.zero.val().any()).into();
        self.gated_0.d.next = (self.flags_2.q.val().get_bit(1) && self.zero.val().any()).into();
        self.mac.next = self.adds_0.q.val() | self.gated_0.q.val();
        self.gated.next = self.gated_0.q.val();
        self.word_1.d.next = self.word.q.val();
        self.takes_1.d.next = self.takes_0.q.val();
        self.adds_1.d.next = self.adds_0.q.val();
        self.adds_2.d.next = self.adds_1.q.val();
        self.adds_3.d.next = self.adds_2.q.val();
        self.adds_4.d.next = self.adds_3.q.val();
        self.adds.next = self.adds_4.q.val();

        // PEs
        for c in 0..self.cols.index() {
            self.pe[c].clock.next = self.clock.val();
            self.pe[c].psum_shift.next = self.psum_shift.val();
            self.pe[c].take.next = self.takes_1.q.val();
            self.pe[c].word_in.next = self.word_1.q.val();
            self.pe[c].load.next = self.adds_1.q.val();
            self.pe[c].weight_in.next = self.weight[c / self.group_cols.index()].val() >> self.place_of[c].val();
            self.pe[c].adds.next = self.adds_3.q.val();
            self.addend[c].next = self.pe[c].addend.val();
        }
    }
}
