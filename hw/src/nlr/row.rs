use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::matrix::{MatrixMultiplier, MatrixReader};
use crate::rtl::prelude::*;

/// A row of the array: a channel's ifmap port, its part of the weight buffer, and a multiplier for each column.
///
/// Its part of the weight buffer has a bank for each four columns, a line of weights wide, a weight tile deep.
/// With zero gating a zero neither reads the weight buffer nor changes the multipliers' operands. Padding is a zero that is not read.
///
/// Latencies, for a position that comes in cycle c (`valid_in`: its channel exists; `inside_in`: the ifmap has a word for it): the buffer is read in c + 1, the weight
/// buffer, at `read_slot`, in c + 4; `gated` in c + 4, `addend` in c + 8. A line is written at the end of the cycle in which it comes.
#[derive(LogicBlock)]
pub struct NlrRow {
    pub clock: Wire<In, Clk>,
    pub psum_shift: Wire<In>,
    // Position
    pub valid_in: Wire<In>,
    pub inside_in: Wire<In>,
    pub read_slot: Wire<In>,
    // Lines of weights
    pub write: Wire<In>,
    pub write_slot: Wire<In>,
    pub write_group: Wire<In>,
    pub line: Wire<In>,
    // Ifmap port
    pub ifmap_read: Wire<Out>,
    pub ifmap_read_word: Wire<In>,
    /// By column.
    pub addend: Vec<Wire<Out>>,
    pub gated: Wire<Out>,
    weights: Vec<Sram>,
    multiplier: Vec<MatrixMultiplier>,
    reader: MatrixReader,
    // Beside the weight that has been read, and beside it in the multiplier
    act_1: Reg,
    adds_1: Reg,
    operand: Reg,
    adds_2: Reg,
    adds_3: Reg,
    groups: Const,
    cols: Const,
    /// Columns of a group, and where the word of each begins in a line.
    group_cols: Const,
    place_of: Vec<Const>,
}

impl NlrRow {
    /// A row of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (w, slot) = (arch.width, address_bits(arch.weight_tiles));
        let (groups, line) = (arch.cols.div_ceil(FILTER_BUS_WORDS), FILTER_BUS_WORDS * w);
        NlrRow {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            valid_in: Wire::bit(),
            inside_in: Wire::bit(),
            read_slot: Wire::unsigned(slot),
            write: Wire::bit(),
            write_slot: Wire::unsigned(slot),
            write_group: Wire::unsigned(address_bits(groups)),
            line: Wire::unsigned(line),
            ifmap_read: Wire::bit(),
            ifmap_read_word: Wire::signed(w),
            addend: (0..arch.cols).map(|_| Wire::signed(arch.psum_width)).collect(),
            gated: Wire::bit(),
            weights: (0..groups).map(|_| Sram::new(arch.weight_tiles, line, false)).collect(),
            multiplier: (0..arch.cols).map(|_| MatrixMultiplier::new(arch)).collect(),
            reader: MatrixReader::new(arch),
            act_1: Reg::data(w, true),
            adds_1: Reg::bit(),
            operand: Reg::data(w, true),
            adds_2: Reg::bit(),
            adds_3: Reg::bit(),
            groups: Const::new(groups),
            cols: Const::new(arch.cols),
            group_cols: Const::new(FILTER_BUS_WORDS),
            place_of: (0..arch.cols).map(|c| Const::new(c % FILTER_BUS_WORDS * w)).collect(),
        }
    }
}

impl Logic for NlrRow {
    describe!("nlr_row", "A channel of the trees: ifmap port, weights of all columns, multipliers.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, act_1, adds_1, operand, adds_2, adds_3);

        // The buffer's word
        self.reader.clock.next = self.clock.val();
        self.reader.valid_in.next = self.valid_in.val();
        self.reader.inside_in.next = self.inside_in.val();
        self.ifmap_read.next = self.reader.ifmap_read.val();
        self.reader.ifmap_read_word.next = self.ifmap_read_word.val();
        self.gated.next = self.reader.gated.val();

        // Its weights
        for g in 0..self.groups.index() {
            self.weights[g].clock.next = self.clock.val();
            self.weights[g].write.next = (self.write.val().any() && self.write_group.val() == g).into();
            self.weights[g].write_address.next = self.write_slot.val();
            self.weights[g].write_data.next = self.line.val();
            self.weights[g].read.next = self.reader.adds.val();
            self.weights[g].read_address.next = self.read_slot.val();
        }
        self.act_1.d.next = self.reader.act.val();
        self.adds_1.d.next = self.reader.adds.val();
        if self.adds_1.q.val().any() {
            self.operand.d.next = self.act_1.q.val();
        }
        self.adds_2.d.next = self.adds_1.q.val();
        self.adds_3.d.next = self.adds_2.q.val();

        // Multipliers
        for c in 0..self.cols.index() {
            self.multiplier[c].clock.next = self.clock.val();
            self.multiplier[c].psum_shift.next = self.psum_shift.val();
            self.multiplier[c].load.next = self.adds_1.q.val();
            self.multiplier[c].weight_in.next =
                self.weights[c / self.group_cols.index()].read_data.val() >> self.place_of[c].val();
            self.multiplier[c].act.next = self.operand.q.val();
            self.multiplier[c].adds.next = self.adds_3.q.val();
            self.addend[c].next = self.multiplier[c].addend.val();
        }
    }
}
