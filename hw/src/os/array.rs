use super::step_flags::WORD;
use super::{OsControl, OsPastWords, OsRow, MAX_STRIDE};
use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::matrix::{control, MatrixTree, PassInWork, PositionLayer, TileLayer, COORDINATE_BITS};
use crate::rtl::prelude::*;

/// Psums that stay: each row of PEs works on a window of an ofmap row, the rows adjacent ones, each column on a filter.
///
/// Its walker is its own, as its steps are: what the others take in as positions it works out itself, from passes. Lines of weights, ifmap ports, psums and
/// counts are as in [`crate::matrix::MatrixCore`].
#[derive(LogicBlock)]
pub struct OsArray {
    pub clock: Wire<In, Clk>,
    // Layer constants
    pub psum_shift: Wire<In>,
    pub tile_layer: TileLayer,
    pub position_layer: PositionLayer,
    pub layer_write: Wire<In>,
    /// Word 6 of the LAYER command.
    pub command: Wire<In>,
    // Pass
    pub pass: PassInWork,
    pub busy: Wire<Out>,
    pub idle: Wire<Out>,
    /// A step is sent.
    pub sends: Wire<Out>,
    // Weights
    pub room: Wire<Out>,
    pub line_valid: Wire<In>,
    pub line_end: Wire<In>,
    pub line_group: Wire<In>,
    pub line_words: Wire<In>,
    // Ifmap ports, by row
    pub ifmap_read: Vec<Wire<Out>>,
    pub ifmap_address: Vec<Wire<Out>>,
    pub ifmap_read_word: Vec<Wire<In>>,
    // Psums, by column
    pub control_out: Wire<Out>,
    pub psum: Vec<Wire<Out>>,
    // Counts
    pub macs: Wire<Out>,
    pub gated: Wire<Out>,
    /// The weights of a step are read.
    pub weights_read: Wire<Out>,
    /// Psums of a column that move up a row without leaving it.
    pub moves: Wire<Out>,
    control: OsControl,
    weights: Vec<Sram>,
    row: Vec<OsRow>,
    past: Vec<OsPastWords>,
    gated_tree: MatrixTree,
    line_valid_1: Reg,
    line_group_1: Reg,
    line_place_1: Reg,
    line_1: Reg,
    /// Ifmap rows from the first row of the array to each.
    below_first: Vec<Reg>,
    place: Reg,
    working: Reg,
    /// The last row reads from another port, and from which: one cycle after the step and so on.
    reads_on: Vec<Reg>,
    source: Vec<Reg>,
    y: Vec<Wire<Local>>,
    reaches: Vec<Wire<Local>>,
    /// The word that the last row reads on, from each port and in all.
    on_part: Vec<Wire<Local>>,
    on_word: Wire<Local>,
    rows: Const,
    above: Const,
    cols: Const,
    groups: Const,
    /// Registers from a step to its ifmap word.
    to_word: Const,
}

fn delays(cycles: usize, bits: usize) -> Vec<Reg> {
    (0..cycles).map(|_| Reg::unsigned(bits)).collect()
}

impl OsArray {
    /// The array of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (address, rows, w) = (address_bits(arch.port_words()), arch.rows, arch.width);
        let (counts, port) = (count_bits(rows), address_bits(rows));
        let groups = arch.cols.div_ceil(FILTER_BUS_WORDS);
        let line = FILTER_BUS_WORDS * w;
        OsArray {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            tile_layer: TileLayer::new(arch),
            position_layer: PositionLayer::new(arch),
            layer_write: Wire::bit(),
            command: Wire::unsigned(64),
            pass: PassInWork::new(arch),
            busy: Wire::bit(),
            idle: Wire::bit(),
            sends: Wire::bit(),
            room: Wire::bit(),
            line_valid: Wire::bit(),
            line_end: Wire::bit(),
            line_group: Wire::unsigned(address_bits(groups)),
            line_words: Wire::unsigned(line),
            ifmap_read: (0..rows).map(|_| Wire::bit()).collect(),
            ifmap_address: (0..rows).map(|_| Wire::unsigned(address)).collect(),
            ifmap_read_word: (0..rows).map(|_| Wire::signed(w)).collect(),
            control_out: Wire::unsigned(control::bits(arch)),
            psum: (0..arch.cols).map(|_| Wire::signed(arch.psum_width)).collect(),
            macs: Wire::unsigned(counts),
            gated: Wire::unsigned(counts),
            weights_read: Wire::bit(),
            moves: Wire::unsigned(counts),
            control: OsControl::new(arch),
            weights: (0..groups).map(|_| Sram::new(arch.weight_steps(), line, false)).collect(),
            row: (0..rows).map(|_| OsRow::new(arch)).collect(),
            past: (1..rows).map(|_| OsPastWords::new(arch, MAX_STRIDE)).collect(),
            gated_tree: MatrixTree::of_counts(rows, counts),
            line_valid_1: Reg::bit(),
            line_group_1: Reg::data(address_bits(groups), false),
            line_place_1: Reg::data(address_bits(arch.weight_steps()), false),
            line_1: Reg::data(line, false),
            below_first: (0..rows).map(|_| Reg::data(COORDINATE_BITS, true)).collect(),
            place: Reg::data(address, false),
            working: Reg::unsigned(counts),
            reads_on: delays(WORD, 1),
            source: delays(WORD, port),
            y: (0..rows).map(|_| Wire::signed(COORDINATE_BITS)).collect(),
            reaches: (0..rows).map(|_| Wire::bit()).collect(),
            on_part: (0..rows).map(|_| Wire::signed(w)).collect(),
            on_word: Wire::signed(w),
            rows: Const::new(rows),
            above: Const::new(rows - 1),
            cols: Const::new(arch.cols),
            groups: Const::new(groups),
            to_word: Const::new(WORD),
        }
    }
}

impl Logic for OsArray {
    describe!("os_array", "Output-stationary array: adjacent ofmap rows by filters, words passed up, psums that stay.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, line_valid_1, line_group_1, line_place_1, line_1, place, working);
        self.control.clock.next = self.clock.val();
        self.control.layer_write.next = self.layer_write.val();
        self.control.command.next = self.command.val();
        self.gated_tree.clock.next = self.clock.val();

        // Steps
        TileLayer::link(&mut self.tile_layer, &mut self.control.tile_layer);
        PositionLayer::link(&mut self.position_layer, &mut self.control.position_layer);
        PassInWork::link(&mut self.pass, &mut self.control.pass);
        self.busy.next = self.control.busy.val();
        self.idle.next = !self.control.busy.val();
        self.sends.next = self.control.step.val();

        // Weights
        self.control.line_end.next = self.line_end.val();
        self.room.next = self.control.room.val();
        self.line_valid_1.d.next = self.line_valid.val();
        self.line_group_1.d.next = self.line_group.val();
        self.line_place_1.d.next = self.control.write_place.val();
        self.line_1.d.next = self.line_words.val();
        for g in 0..self.groups.index() {
            self.weights[g].clock.next = self.clock.val();
            self.weights[g].write.next = (self.line_valid_1.q.val().any() && self.line_group_1.q.val() == g).into();
            self.weights[g].write_address.next = self.line_place_1.q.val();
            self.weights[g].write_data.next = self.line_1.q.val();
            self.weights[g].read.next = self.control.read.val();
            self.weights[g].read_address.next = self.control.read_place.val();
        }

        // Ifmap words
        self.place.d.next = self.control.address.val();
        for i in 0..self.rows.index() {
            self.below_first[i].clock.next = self.clock.val();
            self.below_first[i].d.next = self.position_layer.stride_h.val() * i;
            self.y[i].next = self.control.y.val() + self.below_first[i].q.val();
            self.reaches[i].next = (self.control.step.val().any()
                && self.control.inside.val().any()
                && self.y[i].val() >= 0
                && self.y[i].val() < self.control.height.val())
            .into();
        }
        self.reads_on[0].d.next =
            (self.reaches[self.above.index()].val().any() && !self.control.head.val().any()).into();
        self.source[0].d.next = self.control.source.val();
        for i in 1..self.to_word.index() {
            self.reads_on[i].d.next = self.reads_on[i - 1].q.val();
            self.source[i].d.next = self.source[i - 1].q.val();
        }
        for i in 0..self.to_word.index() {
            self.reads_on[i].clock.next = self.clock.val();
            self.source[i].clock.next = self.clock.val();
        }
        for i in 0..self.rows.index() {
            self.on_part[i].next = 0.into();
            if self.reads_on[self.to_word.index() - 1].q.val().any()
                && self.source[self.to_word.index() - 1].q.val() == i
            {
                self.on_part[i].next = self.ifmap_read_word[i].val();
            }
        }
        self.on_word.next = self.on_part[0].val();
        for i in 1..self.rows.index() {
            self.on_word.next = self.on_word.val() | self.on_part[i].val();
        }

        // Rows
        for i in 0..self.rows.index() {
            self.row[i].clock.next = self.clock.val();
            self.row[i].psum_shift.next = self.psum_shift.val();
            self.row[i].step_in.next = self.control.step.val();
            self.row[i].head_in.next = self.control.head.val();
            self.row[i].active_in.next = (self.control.rows.val() > i).into();
            self.row[i].read_in.next = self.reaches[i].val() & self.control.head.val();
            if !self.control.head.val().any() {
                self.row[i].read_in.next =
                    (self.reaches[self.above.index()].val().any() && self.control.source.val() == i).into();
            }
            self.row[i].first.next = self.control.begins.val();
            self.row[i].leave.next = self.control.leaves.val();
            self.ifmap_read[i].next = self.row[i].ifmap_read.val();
            self.ifmap_address[i].next = self.place.q.val();
            self.row[i].ifmap_read_word.next = self.ifmap_read_word[i].val();
            for g in 0..self.groups.index() {
                self.row[i].weight[g].next = self.weights[g].read_data.val();
            }
            self.gated_tree.term[i].next = self.row[i].gated.val();
        }
        self.row[self.above.index()].below.next = self.on_word.val();
        for i in 0..self.above.index() {
            self.past[i].clock.next = self.clock.val();
            self.past[i].stride.next = self.position_layer.stride_h.val();
            self.past[i].step.next = self.control.word.val();
            self.past[i].word.next = self.row[i + 1].word.val();
            self.row[i].below.next = self.past[i].past.val();
        }

        // Psums
        self.control_out.next = self.control.control_out.val();
        for c in 0..self.cols.index() {
            self.row[self.above.index()].psum_in[c].next = 0.into();
            for i in 0..self.above.index() {
                self.row[i].psum_in[c].next = self.row[i + 1].psum_out[c].val();
            }
            self.psum[c].next = self.row[0].psum_out[c].val();
        }

        // Counts
        self.working.d.next = 0.into();
        if self.control.step.val().any() {
            self.working.d.next = self.control.rows.val();
        }
        self.macs.next = self.working.q.val();
        self.gated.next = self.gated_tree.total.val();
        self.weights_read.next = self.control.read.val();
        self.moves.next = self.control.moves.val();
    }
}
