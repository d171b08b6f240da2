use super::OsPe;
use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::rtl::prelude::*;

/// A row of the array, the windows of an ofmap row: its ifmap port and a PE for each filter.
///
/// A step's word comes from the port with `head`, otherwise from the row `below`; what has not been read is padding, a zero. With zero gating a
/// zero does not change a multiplier's operands.
///
/// Latencies, of a step that comes in cycle c: its port is read in c + 1 (with `read_in`), its word is there, or `below`, in c + 3, and is `word` in c + 4, with `gated` if
/// the row has a psum for it (`active_in`) and does not multiply it. Its `weight`s come in c + 5; they are added in c + 8, to 0 with the `first` of c + 7.
/// The psum that is complete in cycle d is `psum_out` in d + 1, with the `leave` of d − 1.
#[derive(LogicBlock)]
pub struct OsRow {
    pub clock: Wire<In, Clk>,
    pub psum_shift: Wire<In>,
    // Step
    pub step_in: Wire<In>,
    pub head_in: Wire<In>,
    pub active_in: Wire<In>,
    pub read_in: Wire<In>,
    pub first: Wire<In>,
    pub leave: Wire<In>,
    // Ifmap port, and the row below
    pub ifmap_read: Wire<Out>,
    pub ifmap_read_word: Wire<In>,
    pub below: Wire<In>,
    pub word: Wire<Out>,
    pub gated: Wire<Out>,
    /// Lines of weights of a step.
    pub weight: Vec<Wire<In>>,
    // Psums, by column
    pub psum_in: Vec<Wire<In>>,
    pub psum_out: Vec<Wire<Out>>,
    pe: Vec<OsPe>,
    read: Reg,
    step: Reg,
    head: Reg,
    active: Reg,
    /// Step, head, active and read, one and two cycles later.
    flags_1: Reg,
    flags_2: Reg,
    taken: Wire<Local>,
    zero: Wire<Local>,
    current: Reg,
    adds_0: Reg,
    gated_0: Reg,
    // Beside the weights that have been read, and beside them in the multiplier
    act_1: Reg,
    adds_1: Reg,
    operand: Reg,
    adds_2: Reg,
    adds_3: Reg,
    begins: Reg,
    leaves: Reg,
    gates: Const,
    cols: Const,
    group_cols: Const,
    /// For each column, where its word begins in a line.
    place_of: Vec<Const>,
}

impl OsRow {
    /// A row of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (w, p, groups) = (arch.width, arch.psum_width, arch.cols.div_ceil(FILTER_BUS_WORDS));
        OsRow {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            step_in: Wire::bit(),
            head_in: Wire::bit(),
            active_in: Wire::bit(),
            read_in: Wire::bit(),
            first: Wire::bit(),
            leave: Wire::bit(),
            ifmap_read: Wire::bit(),
            ifmap_read_word: Wire::signed(w),
            below: Wire::signed(w),
            word: Wire::signed(w),
            gated: Wire::bit(),
            weight: (0..groups).map(|_| Wire::unsigned(FILTER_BUS_WORDS * w)).collect(),
            psum_in: (0..arch.cols).map(|_| Wire::signed(p)).collect(),
            psum_out: (0..arch.cols).map(|_| Wire::signed(p)).collect(),
            pe: (0..arch.cols).map(|_| OsPe::new(arch)).collect(),
            read: Reg::bit(),
            step: Reg::bit(),
            head: Reg::bit(),
            active: Reg::bit(),
            flags_1: Reg::unsigned(4),
            flags_2: Reg::unsigned(4),
            taken: Wire::signed(w),
            zero: Wire::bit(),
            current: Reg::data(w, true),
            adds_0: Reg::bit(),
            gated_0: Reg::bit(),
            act_1: Reg::data(w, true),
            adds_1: Reg::bit(),
            operand: Reg::data(w, true),
            adds_2: Reg::bit(),
            adds_3: Reg::bit(),
            begins: Reg::bit(),
            leaves: Reg::bit(),
            gates: Const::new(arch.zero_gating as usize),
            cols: Const::new(arch.cols),
            group_cols: Const::new(FILTER_BUS_WORDS),
            place_of: (0..arch.cols).map(|c| Const::new(c % FILTER_BUS_WORDS * w)).collect(),
        }
    }
}

impl Logic for OsRow {
    describe!("os_row", "A row of output-stationary PEs with its ifmap port.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, read, step, head, active, flags_1, flags_2, current, adds_0, gated_0);
        dff_setup!(self, clock, act_1, adds_1, operand, adds_2, adds_3, begins, leaves);

        // The step's word
        self.read.d.next = self.read_in.val();
        self.step.d.next = self.step_in.val();
        self.head.d.next = self.head_in.val();
        self.active.d.next = self.active_in.val();
        self.ifmap_read.next = self.read.q.val();
        self.flags_1.d.next =
            (self.step.q.val() << 3) | (self.head.q.val() << 2) | (self.active.q.val() << 1) | self.read.q.val();
        self.flags_2.d.next = self.flags_1.q.val();
        self.taken.next = self.below.val();
        if self.flags_2.q.val().get_bit(2) {
            self.taken.next = 0.into();
            if self.flags_2.q.val().get_bit(0) {
                self.taken.next = self.ifmap_read_word.val();
            }
        }
        self.zero.next = 0.into();
        if self.gates.val().any() {
            self.zero.next = (self.taken.val() == 0).into();
        }
        if self.flags_2.q.val().get_bit(3) {
            self.current.d.next = self.taken.val();
        }
        self.adds_0.d.next =
            (self.flags_2.q.val().get_bit(3) && self.flags_2.q.val().get_bit(1) && !self.zero.val().any()).into();
        self.gated_0.d.next =
            (self.flags_2.q.val().get_bit(3) && self.flags_2.q.val().get_bit(1) && self.zero.val().any()).into();
        self.word.next = self.current.q.val();
        self.gated.next = self.gated_0.q.val();

        // Its weights
        self.act_1.d.next = self.current.q.val();
        self.adds_1.d.next = self.adds_0.q.val();
        if self.adds_1.q.val().any() {
            self.operand.d.next = self.act_1.q.val();
        }
        self.adds_2.d.next = self.adds_1.q.val();
        self.adds_3.d.next = self.adds_2.q.val();
        self.begins.d.next = self.first.val();
        self.leaves.d.next = self.leave.val();

        // PEs
        for c in 0..self.cols.index() {
            self.pe[c].clock.next = self.clock.val();
            self.pe[c].psum_shift.next = self.psum_shift.val();
            self.pe[c].load.next = self.adds_1.q.val();
            self.pe[c].weight_in.next = self.weight[c / self.group_cols.index()].val() >> self.place_of[c].val();
            self.pe[c].act.next = self.operand.q.val();
            self.pe[c].adds.next = self.adds_3.q.val();
            self.pe[c].first.next = self.begins.q.val();
            self.pe[c].leave.next = self.leaves.q.val();
            self.pe[c].psum_in.next = self.psum_in[c].val();
            self.psum_out[c].next = self.pe[c].psum_out.val();
        }
    }
}
