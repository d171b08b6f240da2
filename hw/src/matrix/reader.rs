use crate::rtl::prelude::*;
use crate::Arch;

/// Reads a row's activations from its ifmap port, and tells those that add something from zeros.
///
/// A position that comes in cycle c (`valid_in`: the row's channel exists; `inside_in`: the ifmap has a word for it, otherwise it is padding, a zero that is not
/// read) is read in c + 1, its word comes in c + 3, and is `act` in c + 4, with `adds` or, of a zero with zero gating, with `gated`.
#[derive(LogicBlock)]
pub struct MatrixReader {
    pub clock: Wire<In, Clk>,
    pub valid_in: Wire<In>,
    pub inside_in: Wire<In>,
    // Ifmap port
    pub ifmap_read: Wire<Out>,
    pub ifmap_read_word: Wire<In>,
    // Activation
    pub act: Wire<Out>,
    pub adds: Wire<Out>,
    pub gated: Wire<Out>,
    valid: Reg,
    read: Reg,
    /// Valid and read, one and two cycles later.
    flags_1: Reg,
    flags_2: Reg,
    word: Reg,
    counts: Reg,
    zeros: Reg,
    zero: Wire<Local>,
    gates: Const,
}

impl MatrixReader {
    /// A reader of `arch`.
    pub fn new(arch: &Arch) -> Self {
        MatrixReader {
            clock: Default::default(),
            valid_in: Wire::bit(),
            inside_in: Wire::bit(),
            ifmap_read: Wire::bit(),
            ifmap_read_word: Wire::signed(arch.width),
            act: Wire::signed(arch.width),
            adds: Wire::bit(),
            gated: Wire::bit(),
            valid: Reg::bit(),
            read: Reg::bit(),
            flags_1: Reg::unsigned(2),
            flags_2: Reg::unsigned(2),
            word: Reg::data(arch.width, true),
            counts: Reg::bit(),
            zeros: Reg::bit(),
            zero: Wire::bit(),
            gates: Const::new(arch.zero_gating as usize),
        }
    }
}

impl Logic for MatrixReader {
    describe!("matrix_reader", "Reads a row's activations, and tells those that add something from zeros.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, valid, read, flags_1, flags_2, word, counts, zeros);
        self.valid.d.next = self.valid_in.val();
        self.read.d.next = self.valid_in.val() & self.inside_in.val();
        self.ifmap_read.next = self.read.q.val();
        self.flags_1.d.next = (self.read.q.val() << 1) | self.valid.q.val();
        self.flags_2.d.next = self.flags_1.q.val();
        self.zero.next = 0.into();
        if self.gates.val().any() {
            self.zero.next = (!self.flags_2.q.val().get_bit(1) || self.ifmap_read_word.val() == 0).into();
        }
        self.word.d.next = 0.into();
        if self.flags_2.q.val().get_bit(1) {
            self.word.d.next = self.ifmap_read_word.val();
        }
        self.counts.d.next = (self.flags_2.q.val().get_bit(0) && !self.zero.val().any()).into();
        self.zeros.d.next = (self.flags_2.q.val().get_bit(0) && self.zero.val().any()).into();
        self.act.next = self.word.q.val();
        self.adds.next = self.counts.q.val();
        self.gated.next = self.zeros.q.val();
    }
}
