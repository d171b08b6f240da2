use super::plane_row::TAKE;
use super::{
    OsLayerRegisters, OsPlaneLayerRegisters, OsPlaneLoops, OsPlaneReads, OsPlaneRow, OsPlaneStages, OsPlaneWeightRing,
    OsStepFlags, OsWalker,
};
use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::matrix::{control, MatrixTree, PassInWork, PositionLayer, TileLayer, COORDINATE_BITS};
use crate::rtl::prelude::*;

/// Cycles from a step to the read of its weight.
const READ: usize = 3;

/// Psums that stay, all of one plane of the ofmap: rows of PEs are adjacent rows of it, columns adjacent windows (OS_A, SOC-MOP, of ISCA 2016; ShiDianNao, ISCA 2015).
///
/// All PEs multiply by the same weight. Words go from PE to PE, to the left and up; ports bring what no neighbour has, a head at a time ([`OsPlaneRow`]). Psums leave up the columns as in [`super::OsArray`],
/// into accumulators that hold every so manieth window of a row. `macs` and `gated` are PEs that have a window; `bus_words` the words that rows of PEs with a window take from outside, `taken` those of them, and for PEs without, that lie in a port.
#[derive(LogicBlock)]
pub struct OsPlaneArray {
    pub clock: Wire<In, Clk>,
    // Layer constants
    pub psum_shift: Wire<In>,
    pub tile_layer: TileLayer,
    pub position_layer: PositionLayer,
    pub layer_write: Wire<In>,
    /// Words 2 to 7 of the LAYER command.
    pub command: Vec<Wire<In>>,
    pub last_cols: Wire<Out>,
    // Pass
    pub pass: PassInWork,
    pub busy: Wire<Out>,
    pub idle: Wire<Out>,
    /// A step is sent.
    pub sends: Wire<Out>,
    // Weights
    pub room: Wire<Out>,
    pub line_valid: Wire<In>,
    pub line_words: Wire<In>,
    // Ifmap ports, by row; lane p of row i's is word i · lanes + p
    pub ifmap_read: Vec<Wire<Out>>,
    pub ifmap_address: Vec<Wire<Out>>,
    pub ifmap_read_word: Vec<Wire<In>>,
    // Psums, by column
    pub control_out: Wire<Out>,
    pub psum: Vec<Wire<Out>>,
    // Counts
    pub macs: Wire<Out>,
    pub gated: Wire<Out>,
    pub bus_words: Wire<Out>,
    pub taken: Wire<Out>,
    /// The weight of a step is read.
    pub weights_read: Wire<Out>,
    /// Psums of a column that move up a row without leaving it.
    pub moves: Wire<Out>,
    layer: OsLayerRegisters,
    plane: OsPlaneLayerRegisters,
    walker: OsWalker,
    steps: OsPlaneLoops,
    ring: OsPlaneWeightRing,
    weights: Sram,
    row: Vec<OsPlaneRow>,
    reads: OsPlaneReads,
    stages: OsPlaneStages,
    flags: OsStepFlags,
    gated_tree: MatrixTree,
    line_valid_1: Reg,
    line_place_1: Reg,
    line_1: Reg,
    /// Word of the line that is read.
    weight_word: Reg,
    /// Flags of a pass's last step on its way to the read of its weight.
    ends: Vec<Reg>,
    /// Ifmap rows from the first row of the array to each.
    below_first: Vec<Reg>,
    place: Reg,
    port_reads: Vec<Reg>,
    working: Reg,
    bus: Reg,
    line: Wire<Local>,
    reads_now: Wire<Local>,
    valid_cols: Wire<Local>,
    y: Vec<Wire<Local>>,
    reaches: Vec<Wire<Local>>,
    weight: Wire<Local>,
    /// The words that the last row reads, from each port and in all.
    on_part: Vec<Wire<Local>>,
    on_word: Vec<Wire<Local>>,
    rows: Const,
    above: Const,
    cols: Const,
    lanes: Const,
    to_read: Const,
    width: Const,
    line_cols: Const,
}

fn delays(cycles: usize, bits: usize) -> Vec<Reg> {
    (0..cycles).map(|_| Reg::unsigned(bits)).collect()
}

impl OsPlaneArray {
    /// The array of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (rows, cols, w, lanes) = (arch.rows, arch.cols, arch.width, arch.port_lanes());
        let address = address_bits(arch.port_words());
        let (counts, line) = (arch.ifmap_word_bits(), FILTER_BUS_WORDS * w);
        let places = arch.weight_steps() / FILTER_BUS_WORDS;
        OsPlaneArray {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            tile_layer: TileLayer::new(arch),
            position_layer: PositionLayer::new(arch),
            layer_write: Wire::bit(),
            command: (2..8).map(|_| Wire::unsigned(64)).collect(),
            last_cols: Wire::unsigned(count_bits(cols)),
            pass: PassInWork::new(arch),
            busy: Wire::bit(),
            idle: Wire::bit(),
            sends: Wire::bit(),
            room: Wire::bit(),
            line_valid: Wire::bit(),
            line_words: Wire::unsigned(line),
            ifmap_read: (0..rows).map(|_| Wire::bit()).collect(),
            ifmap_address: (0..rows).map(|_| Wire::unsigned(address)).collect(),
            ifmap_read_word: (0..rows * lanes).map(|_| Wire::signed(w)).collect(),
            control_out: Wire::unsigned(control::bits(arch)),
            psum: (0..cols).map(|_| Wire::signed(arch.psum_width)).collect(),
            macs: Wire::unsigned(counts),
            gated: Wire::unsigned(counts),
            bus_words: Wire::unsigned(counts),
            taken: Wire::unsigned(counts),
            weights_read: Wire::bit(),
            moves: Wire::unsigned(count_bits(rows)),
            layer: OsLayerRegisters::new(arch),
            plane: OsPlaneLayerRegisters::new(arch),
            walker: OsWalker::new(arch),
            steps: OsPlaneLoops::new(arch),
            ring: OsPlaneWeightRing::new(arch),
            weights: Sram::new(places, line, false),
            row: (0..rows).map(|_| OsPlaneRow::new(arch)).collect(),
            reads: OsPlaneReads::new(arch),
            stages: OsPlaneStages::new(arch),
            flags: OsStepFlags::new(TAKE, READ),
            gated_tree: MatrixTree::of_counts(rows, counts),
            line_valid_1: Reg::bit(),
            line_place_1: Reg::data(address_bits(places), false),
            line_1: Reg::data(line, false),
            weight_word: Reg::data(address_bits(FILTER_BUS_WORDS), false),
            ends: delays(READ, 1),
            below_first: (0..rows).map(|_| Reg::data(COORDINATE_BITS, true)).collect(),
            place: Reg::data(address, false),
            port_reads: delays(rows, 1),
            working: Reg::unsigned(counts),
            bus: Reg::unsigned(counts),
            line: Wire::signed(COORDINATE_BITS),
            reads_now: Wire::bit(),
            valid_cols: Wire::unsigned(count_bits(cols)),
            y: (0..rows).map(|_| Wire::signed(COORDINATE_BITS)).collect(),
            reaches: (0..rows).map(|_| Wire::bit()).collect(),
            weight: Wire::signed(w),
            on_part: (0..rows * lanes).map(|_| Wire::signed(w)).collect(),
            on_word: (0..lanes).map(|_| Wire::signed(w)).collect(),
            rows: Const::new(rows),
            above: Const::new(rows - 1),
            cols: Const::new(cols),
            lanes: Const::new(lanes),
            to_read: Const::new(READ),
            width: Const::new(w),
            line_cols: Const::new(FILTER_BUS_WORDS),
        }
    }

    /// Cycles from a step to the last of its counts, or more.
    pub(super) fn counted(arch: &Arch) -> usize {
        OsPlaneReads::latency(arch).max(OsPlaneRow::gated_latency(arch) + crate::matrix::levels(arch.rows)) + 2
    }
}

impl Logic for OsPlaneArray {
    describe!(
        "os_plane_array",
        "Output-stationary array of one plane: words from neighbours, one weight, psums that stay."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, line_valid_1, line_place_1, line_1, weight_word, place, working, bus);
        self.layer.clock.next = self.clock.val();
        self.walker.clock.next = self.clock.val();
        self.steps.clock.next = self.clock.val();
        self.ring.clock.next = self.clock.val();
        self.reads.clock.next = self.clock.val();
        self.flags.clock.next = self.clock.val();
        self.gated_tree.clock.next = self.clock.val();
        self.layer.write.next = self.layer_write.val();
        self.layer.command.next = self.command[4].val();
        self.plane.clock.next = self.clock.val();
        self.plane.write.next = self.layer_write.val();
        for i in 0..6 {
            self.plane.command[i].next = self.command[i].val();
        }
        self.last_cols.next = self.plane.last_cols.val();

        // Steps
        TileLayer::link(&mut self.tile_layer, &mut self.steps.layer);
        PositionLayer::link(&mut self.position_layer, &mut self.walker.position_layer);
        PassInWork::link(&mut self.pass, &mut self.walker.pass);
        self.walker.window_step.next = self.plane.window_step.val();
        self.walker.last_rows.next = self.layer.last_rows.val();
        self.walker.block_step.next = self.layer.block_step.val();
        self.walker.available.next = self.ring.available.val();
        self.walker.reads_ahead.next = self.steps.reads_ahead.val();
        self.walker.last.next = self.steps.last.val();
        self.walker.completes.next = self.steps.completes.val();
        self.steps.plane.chunk_m1.next = self.layer.chunk_m1.val();
        self.steps.plane.phases_m1.next = self.plane.phases_m1.val();
        self.steps.plane.long_phases.next = self.plane.long_phases.val();
        self.steps.plane.phase_taps.next = self.plane.phase_taps.val();
        self.steps.plane.window_step.next = self.plane.window_step.val();
        self.steps.plane.fetch_step.next = self.plane.fetch_step.val();
        self.steps.plane.fetches_m1.next = self.plane.fetches_m1.val();
        self.steps.stride_h.next = self.position_layer.stride_h.val();
        self.steps.stride_w.next = self.position_layer.stride_w.val();
        self.steps.block_words.next = self.position_layer.row_step.val();
        self.steps.start.next = self.pass.begin.val();
        self.steps.channels.next = self.pass.channels.val();
        self.steps.advance.next = self.walker.step.val();
        self.steps.finishes.next = self.walker.finishes.val();
        self.busy.next = self.walker.busy.val();
        self.idle.next = !self.walker.busy.val();
        self.sends.next = self.walker.step.val();
        self.flags.step.next = self.walker.step.val();
        self.flags.rewinds.next = self.walker.rewinds.val();
        self.flags.frees.next = self.walker.frees.val();
        self.flags.first.next = self.steps.first.val();
        self.flags.last.next = self.walker.ends.val();

        // Weights
        self.ring.line_end.next = self.line_valid.val();
        self.room.next = self.ring.room.val();
        self.line_valid_1.d.next = self.line_valid.val();
        self.line_place_1.d.next = self.ring.write_place.val();
        self.line_1.d.next = self.line_words.val();
        self.ring.takes.next = self.walker.takes.val();
        self.ring.takes_last.next = self.steps.last.val() & self.steps.completes.val();
        self.ends[0].d.next = self.steps.last.val() & self.steps.completes.val();
        for i in 1..self.to_read.index() {
            self.ends[i].d.next = self.ends[i - 1].q.val();
        }
        for i in 0..self.to_read.index() {
            self.ends[i].clock.next = self.clock.val();
        }
        self.ring.read.next = self.flags.read.val();
        self.ring.rewinds.next = self.flags.read_rewinds.val();
        self.ring.frees.next = self.flags.read_frees.val();
        self.ring.frees_last.next = self.ends[self.to_read.index() - 1].q.val();
        self.weights.clock.next = self.clock.val();
        self.weights.write.next = self.line_valid_1.q.val();
        self.weights.write_address.next = self.line_place_1.q.val();
        self.weights.write_data.next = self.line_1.q.val();
        self.weights.read.next = self.flags.read.val();
        self.weights.read_address.next = self.ring.read_place.val();
        self.weight_word.d.next = self.ring.read_word.val();
        self.weight.next = self.weights.read_data.val();
        for i in 1..self.line_cols.index() {
            if self.weight_word.q.val() == i {
                self.weight.next = self.weights.read_data.val() >> (i * self.width.index());
            }
        }

        // Ifmap words: the read
        self.line.next = self.walker.y.val() + self.steps.line.val();
        self.reads_now.next = (self.walker.step.val().any()
            || (self.walker.busy.val().any() && self.steps.reads_ahead.val().any()))
        .into();
        self.place.d.next = self.walker.address.val() + self.steps.offset.val();
        for i in 0..self.rows.index() {
            self.below_first[i].clock.next = self.clock.val();
            self.below_first[i].d.next = self.position_layer.stride_h.val() * i;
            self.y[i].next = self.line.val() + self.below_first[i].q.val();
            self.reaches[i].next =
                (self.reads_now.val().any() && self.y[i].val() >= 0 && self.y[i].val() < self.walker.height.val())
                    .into();
        }
        for i in 0..self.rows.index() {
            self.port_reads[i].clock.next = self.clock.val();
            self.port_reads[i].d.next = self.reaches[i].val();
            if !self.steps.own.val().any() {
                self.port_reads[i].d.next =
                    (self.reaches[self.above.index()].val().any() && self.steps.source.val() == i).into();
            }
            self.ifmap_read[i].next = self.port_reads[i].q.val();
            self.ifmap_address[i].next = self.place.q.val();
        }
        self.reads.stride_w.next = self.position_layer.stride_w.val();
        self.reads.width.next = self.position_layer.row_width.val();
        self.reads.column.next = self.walker.x.val() + self.steps.column.val();

        // Which words are taken, and where they go
        self.valid_cols.next = self.cols.val();
        if self.walker.closes_row.val().any() {
            self.valid_cols.next = self.plane.last_cols.val();
        }
        self.stages.clock.next = self.clock.val();
        self.stages.stride_h.next = self.position_layer.stride_h.val();
        self.stages.long_tails.next = self.plane.tails.val();
        self.stages.address.next = self.walker.address.val() + self.steps.offset.val();
        self.stages.source_in.next = self.steps.source.val();
        self.stages.reads_in.next = self.reads_now.val();
        self.stages.head_in.next = self.steps.head.val();
        self.stages.own_in.next = self.steps.own.val();
        self.stages.fetch_in.next = self.steps.fetch.val();
        self.stages.long_in.next = self.steps.long.val();
        self.stages.columns_in.next = self.valid_cols.val();

        // The last row reads on from other rows' ports.
        for p in 0..self.lanes.index() {
            for i in 0..self.rows.index() {
                self.on_part[i * self.lanes.index() + p].next = 0.into();
                if self.stages.source.val() == i {
                    self.on_part[i * self.lanes.index() + p].next =
                        self.ifmap_read_word[i * self.lanes.index() + p].val();
                }
            }
            self.on_word[p].next = self.on_part[p].val();
            for i in 1..self.rows.index() {
                self.on_word[p].next = self.on_word[p].val() | self.on_part[i * self.lanes.index() + p].val();
            }
        }

        // Rows
        for i in 0..self.rows.index() {
            self.row[i].clock.next = self.clock.val();
            self.row[i].psum_shift.next = self.psum_shift.val();
            self.row[i].stride_h.next = self.position_layer.stride_h.val();
            self.row[i].stride_w.next = self.position_layer.stride_w.val();
            self.row[i].valid_in.next = self.reaches[i].val();
            self.row[i].active_in.next = (self.walker.rows.val() > i).into();
            self.row[i].turn.next = self.stages.turn.val();
            for p in 0..self.lanes.index() {
                self.row[i].lanes[p].next = self.ifmap_read_word[i * self.lanes.index() + p].val();
            }
            self.row[i].reads.next = self.stages.reads.val();
            self.row[i].step.next = self.flags.word.val();
            self.row[i].head.next = self.stages.head.val();
            self.row[i].own.next = self.stages.own.val();
            self.row[i].fetch.next = self.stages.fetch.val();
            self.row[i].tails.next = self.stages.tails.val();
            self.row[i].weight.next = self.weight.val();
            self.row[i].first.next = self.flags.begins.val();
            self.row[i].leave.next = self.flags.leaves.val();
            self.gated_tree.term[i].next = self.row[i].gated.val();
            self.reads.valid[i].next = self.row[i].valid.val() & self.stages.own.val();
            for j in 0..self.cols.index() {
                self.row[i].inside[j].next = self.reads.inside[j].val();
                self.row[i].columns[j].next = self.stages.columns[j].val();
            }
        }
        self.row[self.above.index()].own.next = true.into();
        self.reads.valid[self.above.index()].next = self.row[self.above.index()].valid.val();
        self.row[self.above.index()].below_tail.next = 0.into();
        for j in 0..self.cols.index() {
            self.row[self.above.index()].below_heads[j].next = 0.into();
        }
        for i in 0..self.above.index() {
            self.row[i].below_tail.next = self.row[i + 1].tail.val();
            for j in 0..self.cols.index() {
                self.row[i].below_heads[j].next = self.row[i + 1].heads[j].val();
            }
        }
        if !self.stages.lanes_own.val().any() {
            for p in 0..self.lanes.index() {
                self.row[self.above.index()].lanes[p].next = self.on_word[p].val();
            }
        }

        // Psums
        self.control_out.next = self.walker.control_out.val();
        for c in 0..self.cols.index() {
            self.row[self.above.index()].psum_in[c].next = 0.into();
            for i in 0..self.above.index() {
                self.row[i].psum_in[c].next = self.row[i + 1].psum_out[c].val();
            }
            self.psum[c].next = self.row[0].psum_out[c].val();
        }

        // Counts
        self.reads.step.next = self.flags.word.val();
        self.reads.head.next = self.stages.head.val();
        self.working.d.next = 0.into();
        self.bus.d.next = 0.into();
        if self.walker.step.val().any() {
            self.working.d.next = self.walker.rows.val() * self.valid_cols.val();
            self.bus.d.next = self.walker.rows.val();
            if self.steps.head.val().any() {
                self.bus.d.next = self.walker.rows.val() * self.valid_cols.val();
            }
        }
        self.macs.next = self.working.q.val();
        self.bus_words.next = self.bus.q.val();
        self.gated.next = self.gated_tree.total.val();
        self.taken.next = self.reads.taken.val();
        self.weights_read.next = self.flags.read.val();
        self.moves.next = self.walker.moves.val();
    }
}
