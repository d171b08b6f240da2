use super::{NlrRow, NlrWeightSlots};
use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::matrix::{control, MatrixTree, Position, WeightLine};
use crate::rtl::prelude::*;

/// Trees of multipliers: a word of each channel is multicast to all columns, each column adds up its products.
///
/// Its ports are those of every array in [`crate::matrix::MatrixCore`], which has the meaning of what they carry.
#[derive(LogicBlock)]
pub struct NlrArray {
    pub clock: Wire<In, Clk>,
    pub psum_shift: Wire<In>,
    pub position: Position,
    pub control_out: Wire<Out>,
    // Weights
    /// Nothing is on its way: the weights of the last tile are of no more use.
    pub clear: Wire<In>,
    pub launch: Wire<In>,
    pub full: Wire<Out>,
    pub room: Wire<Out>,
    pub line: WeightLine,
    // Ifmap ports, by row
    pub ifmap_read: Vec<Wire<Out>>,
    pub ifmap_address: Vec<Wire<Out>>,
    pub ifmap_read_word: Vec<Wire<In>>,
    // Psums, by column
    pub psum: Vec<Wire<Out>>,
    // Counts
    pub macs: Wire<Out>,
    pub gated: Wire<Out>,
    row: Vec<NlrRow>,
    tree: Vec<MatrixTree>,
    gated_tree: MatrixTree,
    slots: NlrWeightSlots,
    control_1: Reg,
    place: Reg,
    channels: Reg,
    swap_2: Reg,
    swap_3: Reg,
    line_valid_1: Reg,
    line_row_1: Reg,
    line_group_1: Reg,
    line_slot_1: Reg,
    line_1: Reg,
    rows: Const,
    cols: Const,
    swap_bit: Const,
}

impl NlrArray {
    /// The array of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let address = address_bits(arch.port_words());
        let (counts, row) = (count_bits(arch.rows), address_bits(arch.rows));
        let group = address_bits(arch.cols.div_ceil(FILTER_BUS_WORDS));
        let line = FILTER_BUS_WORDS * arch.width;
        NlrArray {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            position: Position::new(arch),
            control_out: Wire::unsigned(control::BITS),
            clear: Wire::bit(),
            launch: Wire::bit(),
            full: Wire::bit(),
            room: Wire::bit(),
            line: WeightLine::new(arch),
            ifmap_read: (0..arch.rows).map(|_| Wire::bit()).collect(),
            ifmap_address: (0..arch.rows).map(|_| Wire::unsigned(address)).collect(),
            ifmap_read_word: (0..arch.rows).map(|_| Wire::signed(arch.width)).collect(),
            psum: (0..arch.cols).map(|_| Wire::signed(arch.psum_width)).collect(),
            macs: Wire::unsigned(counts),
            gated: Wire::unsigned(counts),
            row: (0..arch.rows).map(|_| NlrRow::new(arch)).collect(),
            tree: (0..arch.cols).map(|_| MatrixTree::of_psums(arch.rows, arch.psum_width)).collect(),
            gated_tree: MatrixTree::of_counts(arch.rows, counts),
            slots: NlrWeightSlots::new(arch),
            control_1: Reg::unsigned(control::BITS),
            place: Reg::data(address, false),
            channels: Reg::unsigned(counts),
            swap_2: Reg::bit(),
            swap_3: Reg::bit(),
            line_valid_1: Reg::bit(),
            line_row_1: Reg::data(row, false),
            line_group_1: Reg::data(group, false),
            line_slot_1: Reg::data(address_bits(arch.weight_tiles), false),
            line_1: Reg::data(line, false),
            rows: Const::new(arch.rows),
            cols: Const::new(arch.cols),
            swap_bit: Const::new(control::SWAP),
        }
    }
}

impl Logic for NlrArray {
    describe!(
        "nlr_array",
        "Trees of multipliers: activations multicast to all columns, weights from the weight buffer."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, control_1, place, channels, swap_2, swap_3);
        dff_setup!(self, clock, line_valid_1, line_row_1, line_group_1, line_slot_1, line_1);
        self.slots.clock.next = self.clock.val();
        self.gated_tree.clock.next = self.clock.val();

        // Weights
        self.slots.clear.next = self.clear.val();
        self.slots.line_end.next = self.line.end.val();
        self.slots.launch.next = self.launch.val();
        self.full.next = self.slots.full.val();
        self.room.next = self.slots.room.val();
        self.line_valid_1.d.next = self.line.valid.val();
        self.line_row_1.d.next = self.line.row.val();
        self.line_group_1.d.next = self.line.group.val();
        self.line_slot_1.d.next = self.slots.write_slot.val();
        self.line_1.d.next = self.line.words.val();

        // Positions
        self.control_1.d.next = self.position.control.val();
        self.place.d.next = self.position.address.val();
        self.channels.d.next = 0.into();
        if self.position.control.val().get_bit(0) {
            self.channels.d.next = self.position.left.val();
        }
        self.control_out.next = self.control_1.q.val();
        self.swap_2.d.next =
            (self.control_1.q.val().get_bit(0) && self.control_1.q.val().get_bit(self.swap_bit.val())).into();
        self.swap_3.d.next = self.swap_2.q.val();
        self.slots.swap.next = self.swap_3.q.val();

        // Rows and columns
        for i in 0..self.rows.index() {
            self.row[i].clock.next = self.clock.val();
            self.row[i].psum_shift.next = self.psum_shift.val();
            self.row[i].valid_in.next = (self.position.control.val().get_bit(0) && self.position.left.val() > i).into();
            self.row[i].inside_in.next = self.position.inside.val();
            self.row[i].read_slot.next = self.slots.read_slot.val();
            self.row[i].write.next = (self.line_valid_1.q.val().any() && self.line_row_1.q.val() == i).into();
            self.row[i].write_slot.next = self.line_slot_1.q.val();
            self.row[i].write_group.next = self.line_group_1.q.val();
            self.row[i].line.next = self.line_1.q.val();
            self.ifmap_read[i].next = self.row[i].ifmap_read.val();
            self.ifmap_address[i].next = self.place.q.val();
            self.row[i].ifmap_read_word.next = self.ifmap_read_word[i].val();
            self.gated_tree.term[i].next = self.row[i].gated.val();
        }
        for c in 0..self.cols.index() {
            self.tree[c].clock.next = self.clock.val();
            for i in 0..self.rows.index() {
                self.tree[c].term[i].next = self.row[i].addend[c].val();
            }
            self.psum[c].next = self.tree[c].total.val();
        }
        self.macs.next = self.channels.q.val();
        self.gated.next = self.gated_tree.total.val();
    }
}
