use super::weight_ring::READ;
use super::{IsBankControl, IsColumn, IsDrainPlaces, IsLayerRegisters, IsRow, IsWalker, IsWeightRing};
use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::matrix::{control, MatrixTree, PassInWork, PositionLayer, TileLayer, COORDINATE_BITS};
use crate::rtl::prelude::*;

/// Ifmap words that stay: each row of PEs holds a word of an ifmap row, each column has a filter and banks of accumulators.
///
/// Its walker and its accumulators are its own. Lines of weights, ifmap ports, drains and counts are as in [`crate::matrix::MatrixCore`].
#[derive(LogicBlock)]
pub struct IsArray {
    pub clock: Wire<In, Clk>,
    // Layer constants
    pub psum_shift: Wire<In>,
    pub tile_layer: TileLayer,
    pub position_layer: PositionLayer,
    pub filters: Wire<In>,
    pub layer_write: Wire<In>,
    /// Word 6 of the LAYER command.
    pub command: Wire<In>,
    // Passes
    pub put: Wire<In>,
    /// Words 3 to 6 of the PASS command that is `put`.
    pub pass_command: Vec<Wire<In>>,
    /// Pairs of a channel and a filter column of this command.
    pub pairs: Wire<Out>,
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
    // Drain
    pub control_out: Wire<Out>,
    pub ended: Wire<Out>,
    pub column_read: Vec<Wire<In>>,
    pub drain_half: Wire<In>,
    pub drain_place: Wire<In>,
    pub column_word: Vec<Wire<Out>>,
    // Counts
    pub macs: Wire<Out>,
    pub gated: Wire<Out>,
    /// Rows that take a word.
    pub taken: Wire<Out>,
    /// The weights of a step are read.
    pub weights_read: Wire<Out>,
    layer: IsLayerRegisters,
    walker: IsWalker,
    ring: IsWeightRing,
    weights: Vec<Sram>,
    row: Vec<IsRow>,
    column: Vec<IsColumn>,
    to_banks: IsBankControl,
    places: IsDrainPlaces,
    mac_tree: MatrixTree,
    gated_tree: MatrixTree,
    taken_tree: MatrixTree,
    line_valid_1: Reg,
    line_group_1: Reg,
    line_place_1: Reg,
    line_1: Reg,
    /// Ifmap rows from the first row of the array to each.
    below_first: Vec<Reg>,
    address: Reg,
    frees_tile: Reg,
    exists: Vec<Reg>,
    /// Places that are to be cleared.
    to_clear: Reg,
    // Of a step, one cycle later and so on
    steps: Vec<Reg>,
    taps: Vec<Reg>,
    line: Vec<Wire<Local>>,
    ofmap_row: Vec<Wire<Local>>,
    inside: Vec<Wire<Local>>,
    clears: Wire<Local>,
    drains: Wire<Local>,
    rows: Const,
    cols: Const,
    lane_cols: Const,
    groups: Const,
    words: Const,
    /// Registers of a step, to the read of its weights.
    to_weights: Const,
    bank_places: Const,
    free_bit: Const,
}

impl IsArray {
    /// The array of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (address, rows, cols, w) = (address_bits(arch.port_words()), arch.rows, arch.cols, arch.width);
        let (counts, groups) = (count_bits(rows), cols.div_ceil(FILTER_BUS_WORDS));
        let (line, ring) = (FILTER_BUS_WORDS * w, address_bits(arch.weight_steps()));
        IsArray {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            tile_layer: TileLayer::new(arch),
            position_layer: PositionLayer::new(arch),
            filters: Wire::unsigned(count_bits(cols)),
            layer_write: Wire::bit(),
            command: Wire::unsigned(64),
            put: Wire::bit(),
            pass_command: (0..4).map(|_| Wire::unsigned(64)).collect(),
            pairs: Wire::unsigned(16),
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
            ended: Wire::bit(),
            column_read: (0..cols).map(|_| Wire::bit()).collect(),
            drain_half: Wire::bit(),
            drain_place: Wire::unsigned(address_bits(arch.accumulators)),
            column_word: (0..cols).map(|_| Wire::signed(arch.psum_width)).collect(),
            macs: Wire::unsigned(counts),
            gated: Wire::unsigned(counts),
            taken: Wire::unsigned(counts),
            weights_read: Wire::bit(),
            layer: IsLayerRegisters::new(arch),
            walker: IsWalker::new(arch),
            ring: IsWeightRing::new(arch),
            weights: (0..groups).map(|_| Sram::new(arch.weight_steps(), line, false)).collect(),
            row: (0..rows).map(|_| IsRow::new(arch)).collect(),
            column: (0..cols).map(|_| IsColumn::new(arch)).collect(),
            to_banks: IsBankControl::new(arch),
            places: IsDrainPlaces::new(arch),
            mac_tree: MatrixTree::of_counts(rows, counts),
            gated_tree: MatrixTree::of_counts(rows, counts),
            taken_tree: MatrixTree::of_counts(rows, counts),
            line_valid_1: Reg::bit(),
            line_group_1: Reg::data(address_bits(groups), false),
            line_place_1: Reg::data(ring, false),
            line_1: Reg::data(line, false),
            below_first: (0..rows).map(|_| Reg::data(COORDINATE_BITS, true)).collect(),
            address: Reg::data(address, false),
            frees_tile: Reg::bit(),
            exists: (0..cols).map(|_| Reg::bit()).collect(),
            to_clear: Reg::unsigned(count_bits(arch.bank_places())),
            steps: (0..READ).map(|_| Reg::bit()).collect(),
            taps: (0..READ).map(|_| Reg::unsigned(ring)).collect(),
            line: (0..rows).map(|_| Wire::signed(COORDINATE_BITS)).collect(),
            ofmap_row: (0..rows).map(|_| Wire::signed(COORDINATE_BITS)).collect(),
            inside: (0..rows).map(|_| Wire::bit()).collect(),
            clears: Wire::bit(),
            drains: Wire::bit(),
            rows: Const::new(rows),
            cols: Const::new(cols),
            lane_cols: Const::new(arch.lane_cols()),
            groups: Const::new(groups),
            words: Const::new(4),
            to_weights: Const::new(READ),
            bank_places: Const::new(arch.bank_places()),
            free_bit: Const::new(control::FREE),
        }
    }
}

impl Logic for IsArray {
    describe!(
        "is_array",
        "Input-stationary array: adjacent ifmap rows by filters, words held, psums scattered to banks."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, line_valid_1, line_group_1, line_place_1, line_1, address, frees_tile, to_clear);
        self.layer.clock.next = self.clock.val();
        self.walker.clock.next = self.clock.val();
        self.ring.clock.next = self.clock.val();
        self.to_banks.clock.next = self.clock.val();
        self.places.clock.next = self.clock.val();
        self.mac_tree.clock.next = self.clock.val();
        self.gated_tree.clock.next = self.clock.val();
        self.taken_tree.clock.next = self.clock.val();
        self.layer.write.next = self.layer_write.val();
        self.layer.command.next = self.command.val();

        // Steps
        TileLayer::link(&mut self.tile_layer, &mut self.walker.tile_layer);
        PositionLayer::link(&mut self.position_layer, &mut self.walker.position_layer);
        PassInWork::link(&mut self.pass, &mut self.walker.pass);
        self.walker.tap_step.next = self.layer.tap_step.val();
        self.walker.block_step.next = self.layer.block_step.val();
        self.walker.image_places.next = self.layer.image_places.val();
        self.walker.put.next = self.put.val();
        for i in 0..self.words.index() {
            self.walker.command[i].next = self.pass_command[i].val();
        }
        self.pairs.next = self.walker.pairs.val();
        self.walker.available.next = self.ring.available.val();
        self.clears.next = self.to_clear.q.val().any().into();
        self.busy.next = self.walker.busy.val() | self.clears.val();
        self.idle.next = !self.walker.busy.val();
        self.sends.next = self.walker.step.val();
        self.frees_tile.d.next = self.walker.ends_tile.val();
        self.control_out.next = self.frees_tile.q.val() | (self.frees_tile.q.val() << self.free_bit.val());

        // Weights
        self.ring.line_end.next = self.line_end.val();
        self.room.next = self.ring.room.val();
        self.line_valid_1.d.next = self.line_valid.val();
        self.line_group_1.d.next = self.line_group.val();
        self.line_place_1.d.next = self.ring.write_place.val();
        self.line_1.d.next = self.line_words.val();
        self.ring.taps.next = self.walker.taps.val();
        self.ring.takes.next = self.walker.takes.val();
        self.ring.frees.next = self.walker.frees.val();
        self.ring.tap.next = self.walker.tap.val();
        self.steps[0].d.next = self.walker.step.val();
        self.taps[0].d.next = self.ring.read_place.val();
        for i in 1..self.to_weights.index() {
            self.steps[i].d.next = self.steps[i - 1].q.val();
            self.taps[i].d.next = self.taps[i - 1].q.val();
        }
        for i in 0..self.to_weights.index() {
            self.steps[i].clock.next = self.clock.val();
            self.taps[i].clock.next = self.clock.val();
        }
        for g in 0..self.groups.index() {
            self.weights[g].clock.next = self.clock.val();
            self.weights[g].write.next = (self.line_valid_1.q.val().any() && self.line_group_1.q.val() == g).into();
            self.weights[g].write_address.next = self.line_place_1.q.val();
            self.weights[g].write_data.next = self.line_1.q.val();
            self.weights[g].read.next = self.steps[self.to_weights.index() - 1].q.val();
            self.weights[g].read_address.next = self.taps[self.to_weights.index() - 1].q.val();
        }

        // Rows
        self.address.d.next = self.walker.address.val();
        for i in 0..self.rows.index() {
            self.below_first[i].clock.next = self.clock.val();
            self.below_first[i].d.next = self.position_layer.stride_h.val() * i;
            self.line[i].next = self.walker.line.val() + self.below_first[i].q.val();
            self.ofmap_row[i].next = self.walker.row.val() + i;
            self.inside[i].next = (self.line[i].val() >= 0 && self.line[i].val() < self.walker.height.val()).into();
            self.row[i].clock.next = self.clock.val();
            self.row[i].psum_shift.next = self.psum_shift.val();
            self.row[i].take_in.next = self.walker.reads.val() & self.inside[i].val();
            self.row[i].active_in.next = (self.walker.step.val().any()
                && self.inside[i].val().any()
                && self.ofmap_row[i].val() >= 0
                && self.ofmap_row[i].val() <= self.position_layer.rows_m1.val())
            .into();
            self.ifmap_read[i].next = self.row[i].ifmap_read.val();
            self.ifmap_address[i].next = self.address.q.val();
            self.row[i].ifmap_read_word.next = self.ifmap_read_word[i].val();
            for g in 0..self.groups.index() {
                self.row[i].weight[g].next = self.weights[g].read_data.val();
            }
            self.mac_tree.term[i].next = self.row[i].mac.val();
            self.gated_tree.term[i].next = self.row[i].gated.val();
            self.taken_tree.term[i].next = self.row[i].ifmap_read.val();
        }

        // Banks
        if self.layer_write.val().any() {
            self.to_clear.d.next = self.bank_places.val();
        } else if self.clears.val().any() {
            self.to_clear.d.next = self.to_clear.q.val() - 1;
        }
        self.to_banks.windows_m1.next = self.position_layer.windows_m1.val();
        self.to_banks.rotation.next = self.walker.turn.val();
        self.to_banks.place.next = self.walker.place.val();
        self.to_banks.half.next = self.walker.half.val();
        self.to_banks.ends.next = self.walker.ends.val();
        self.ended.next = self.to_banks.ended.val();
        for i in 0..self.rows.index() {
            self.to_banks.adds[i].next = self.row[i].adds.val();
        }
        // Whatever is read, a column of the first lane is.
        self.drains.next = self.column_read[0].val();
        for c in 1..self.lane_cols.index() {
            self.drains.next = self.drains.val() | self.column_read[c].val();
        }
        self.places.windows_m1.next = self.position_layer.windows_m1.val();
        self.places.rows_m1.next = self.position_layer.rows_m1.val();
        self.places.read.next = self.drains.val();
        self.places.position.next = self.drain_place.val();
        for c in 0..self.cols.index() {
            self.exists[c].clock.next = self.clock.val();
            self.exists[c].d.next = (self.filters.val() > c).into();
            self.column[c].clock.next = self.clock.val();
            self.column[c].exists.next = self.exists[c].q.val();
            self.column[c].turn.next = self.to_banks.turn.val();
            self.column[c].read_half.next = self.to_banks.read_half.val();
            self.column[c].write_half.next = self.to_banks.write_half.val();
            for i in 0..self.rows.index() {
                self.column[c].addend[i].next = self.row[i].addend[c].val();
                self.column[c].reads[i].next = self.to_banks.reads[i].val();
                self.column[c].read_place[i].next = self.to_banks.read_place[i].val();
                self.column[c].writes[i].next = self.to_banks.writes[i].val();
                self.column[c].write_place[i].next = self.to_banks.write_place[i].val();
                self.column[c].forwards[i].next = self.to_banks.forwards[i].val();
            }
            self.column[c].drain_read.next = self.column_read[c].val();
            self.column[c].drain_half.next = self.drain_half.val();
            self.column[c].drain_bank.next = self.places.bank.val();
            self.column[c].drain_place.next = self.places.place.val();
            self.column[c].clear.next = self.clears.val();
            self.column[c].clear_place.next = self.to_clear.q.val() - 1;
            self.column_word[c].next = self.column[c].column_word.val();
        }

        // Counts
        self.macs.next = self.mac_tree.total.val();
        self.gated.next = self.gated_tree.total.val();
        self.taken.next = self.taken_tree.total.val();
        self.weights_read.next = self.steps[self.to_weights.index() - 1].q.val();
    }
}
