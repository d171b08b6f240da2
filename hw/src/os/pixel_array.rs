use super::step_flags::{READ, WORD};
use super::{OsLayerRegisters, OsLeaving, OsRow, OsStepFlags, OsStepLoops, OsWalker, OsWeightRing};
use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::matrix::{control, PassInWork, PositionLayer, TileLayer, COORDINATE_BITS};
use crate::rtl::prelude::*;

/// Psums that stay, all of one pixel of the ofmap: each PE works on a filter of its own (OS_C, MOC-SOP, of ISCA 2016).
///
/// A step's ifmap word is read through the one port and broadcast to all PEs. Each row of PEs has a weight buffer; a line of weights goes to the one of its row
/// (`line_row`), where it is the columns 4 · `line_group` and those after it. `filter_rows` have filters; the others rest.
/// Schedule, psums and counts are those of [`super::OsArray`].
#[derive(LogicBlock)]
pub struct OsPixelArray {
    pub clock: Wire<In, Clk>,
    // Layer constants
    pub psum_shift: Wire<In>,
    pub tile_layer: TileLayer,
    pub position_layer: PositionLayer,
    pub layer_write: Wire<In>,
    /// Word 6 of the LAYER command.
    pub command: Wire<In>,
    pub filter_rows: Wire<Out>,
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
    pub line_row: Wire<In>,
    pub line_group: Wire<In>,
    pub line_words: Wire<In>,
    // Ifmap port, the only one
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
    layer: OsLayerRegisters,
    walker: OsWalker,
    steps: OsStepLoops,
    ring: OsWeightRing,
    /// The weights of row i, columns 4 · g and those after it, are element i · groups + g.
    weights: Vec<Sram>,
    row: Vec<OsRow>,
    leaving: OsLeaving,
    line_valid_1: Reg,
    line_row_1: Reg,
    line_group_1: Reg,
    line_place_1: Reg,
    line_1: Reg,
    place: Reg,
    working: Reg,
    flags: OsStepFlags,
    /// Ifmap column and row of the step, and whether the column lies within the ifmap.
    x: Wire<Local>,
    line: Wire<Local>,
    inside: Wire<Local>,
    reaches: Wire<Local>,
    rows: Const,
    above: Const,
    cols: Const,
    groups: Const,
}

impl OsPixelArray {
    /// The array of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (address, rows, w) = (address_bits(arch.port_words()), arch.rows, arch.width);
        let counts = count_bits(rows);
        let groups = arch.cols.div_ceil(FILTER_BUS_WORDS);
        let line = FILTER_BUS_WORDS * w;
        OsPixelArray {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            tile_layer: TileLayer::new(arch),
            position_layer: PositionLayer::new(arch),
            layer_write: Wire::bit(),
            command: Wire::unsigned(64),
            filter_rows: Wire::unsigned(counts),
            pass: PassInWork::new(arch),
            busy: Wire::bit(),
            idle: Wire::bit(),
            sends: Wire::bit(),
            room: Wire::bit(),
            line_valid: Wire::bit(),
            line_end: Wire::bit(),
            line_row: Wire::unsigned(address_bits(rows)),
            line_group: Wire::unsigned(address_bits(groups)),
            line_words: Wire::unsigned(line),
            ifmap_read: (0..arch.ifmap_ports()).map(|_| Wire::bit()).collect(),
            ifmap_address: (0..arch.ifmap_ports()).map(|_| Wire::unsigned(address)).collect(),
            ifmap_read_word: (0..arch.ifmap_ports()).map(|_| Wire::signed(w)).collect(),
            control_out: Wire::unsigned(control::bits(arch)),
            psum: (0..arch.cols).map(|_| Wire::signed(arch.psum_width)).collect(),
            macs: Wire::unsigned(counts),
            gated: Wire::unsigned(counts),
            weights_read: Wire::bit(),
            moves: Wire::unsigned(counts),
            layer: OsLayerRegisters::new(arch),
            walker: OsWalker::new(arch),
            steps: OsStepLoops::new(arch),
            ring: OsWeightRing::new(arch),
            weights: (0..rows * groups).map(|_| Sram::new(arch.weight_steps(), line, false)).collect(),
            row: (0..rows).map(|_| OsRow::new(arch)).collect(),
            leaving: OsLeaving::new(arch),
            line_valid_1: Reg::bit(),
            line_row_1: Reg::unsigned(address_bits(rows)),
            line_group_1: Reg::unsigned(address_bits(groups)),
            line_place_1: Reg::unsigned(address_bits(arch.weight_steps())),
            line_1: Reg::unsigned(line),
            place: Reg::unsigned(address),
            working: Reg::unsigned(counts),
            flags: OsStepFlags::new(WORD, READ),
            x: Wire::signed(COORDINATE_BITS),
            line: Wire::signed(COORDINATE_BITS),
            inside: Wire::bit(),
            reaches: Wire::bit(),
            rows: Const::new(rows),
            above: Const::new(rows - 1),
            cols: Const::new(arch.cols),
            groups: Const::new(groups),
        }
    }
}

impl Logic for OsPixelArray {
    describe!(
        "os_pixel_array",
        "Output-stationary array of one pixel: a filter in each PE, words broadcast, psums that stay."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, line_valid_1, line_row_1, line_group_1, line_place_1, line_1, place, working);
        self.layer.clock.next = self.clock.val();
        self.walker.clock.next = self.clock.val();
        self.ring.clock.next = self.clock.val();
        self.leaving.clock.next = self.clock.val();
        self.layer.write.next = self.layer_write.val();
        self.layer.command.next = self.command.val();
        self.filter_rows.next = self.layer.last_rows.val();

        // Steps
        TileLayer::link(&mut self.tile_layer, &mut self.steps.layer);
        PositionLayer::link(&mut self.position_layer, &mut self.walker.position_layer);
        PassInWork::link(&mut self.pass, &mut self.walker.pass);
        self.walker.window_step.next = self.position_layer.stride_w.val();
        self.walker.last_rows.next = self.layer.last_rows.val();
        self.walker.block_step.next = self.layer.block_step.val();
        self.walker.available.next = self.ring.available.val();
        self.walker.reads_ahead.next = false.into();
        self.walker.last.next = self.steps.last.val();
        self.walker.completes.next = self.steps.completes.val();
        self.steps.clock.next = self.clock.val();
        self.steps.stride_h.next = self.position_layer.stride_h.val();
        self.steps.block_words.next = self.position_layer.row_step.val();
        self.steps.chunk_m1.next = self.layer.chunk_m1.val();
        self.steps.start.next = self.pass.begin.val();
        self.steps.channels.next = self.pass.channels.val();
        self.steps.advance.next = self.walker.step.val();
        self.steps.finishes.next = self.walker.finishes.val();
        self.x.next = self.walker.x.val() + self.steps.column.val();
        self.line.next = self.walker.y.val() + self.steps.line.val();
        self.inside.next = (self.x.val() >= 0 && self.x.val() < self.position_layer.row_width.val()).into();
        self.busy.next = self.walker.busy.val();
        self.idle.next = !self.walker.busy.val();
        self.sends.next = self.walker.step.val();
        self.flags.clock.next = self.clock.val();
        self.flags.step.next = self.walker.step.val();
        self.flags.rewinds.next = self.walker.rewinds.val();
        self.flags.frees.next = self.walker.frees.val();
        self.flags.first.next = self.steps.first.val();
        self.flags.last.next = self.walker.leave.last.val();

        // Weights
        self.ring.line_end.next = self.line_end.val();
        self.room.next = self.ring.room.val();
        self.line_valid_1.d.next = self.line_valid.val();
        self.line_row_1.d.next = self.line_row.val();
        self.line_group_1.d.next = self.line_group.val();
        self.line_place_1.d.next = self.ring.write_place.val();
        self.line_1.d.next = self.line_words.val();
        self.ring.takes.next = self.walker.takes.val();
        self.ring.read.next = self.flags.read.val();
        self.ring.rewinds.next = self.flags.read_rewinds.val();
        self.ring.frees.next = self.flags.read_frees.val();
        for i in 0..self.rows.index() {
            for g in 0..self.groups.index() {
                self.weights[i * self.groups.index() + g].clock.next = self.clock.val();
                self.weights[i * self.groups.index() + g].write.next =
                    (self.line_valid_1.q.val().any() && self.line_row_1.q.val() == i && self.line_group_1.q.val() == g)
                        .into();
                self.weights[i * self.groups.index() + g].write_address.next = self.line_place_1.q.val();
                self.weights[i * self.groups.index() + g].write_data.next = self.line_1.q.val();
                self.weights[i * self.groups.index() + g].read.next = self.flags.read.val();
                self.weights[i * self.groups.index() + g].read_address.next = self.ring.read_place.val();
            }
        }

        // The ifmap word
        self.place.d.next = self.walker.address.val() + self.steps.offset.val();
        self.reaches.next = (self.walker.step.val().any()
            && self.inside.val().any()
            && self.line.val() >= 0
            && self.line.val() < self.walker.height.val())
        .into();
        self.ifmap_read[0].next = self.row[0].ifmap_read.val();
        self.ifmap_address[0].next = self.place.q.val();

        // Rows
        for i in 0..self.rows.index() {
            self.row[i].clock.next = self.clock.val();
            self.row[i].psum_shift.next = self.psum_shift.val();
            self.row[i].step_in.next = self.walker.step.val();
            self.row[i].head_in.next = true.into();
            self.row[i].active_in.next = (self.layer.last_rows.val() > i).into();
            self.row[i].read_in.next = self.reaches.val();
            self.row[i].first.next = self.flags.begins.val();
            self.row[i].leave.next = self.flags.leaves.val();
            self.row[i].ifmap_read_word.next = self.ifmap_read_word[0].val();
            self.row[i].below.next = 0.into();
            for g in 0..self.groups.index() {
                self.row[i].weight[g].next = self.weights[i * self.groups.index() + g].read_data.val();
            }
        }

        // Psums
        self.leaving.last.next = self.walker.leave.last.val();
        self.leaving.rows.next = self.walker.leave.rows.val();
        self.leaving.swap.next = self.walker.leave.swap.val();
        self.leaving.fresh.next = self.walker.leave.fresh.val();
        self.leaving.half.next = self.walker.leave.half.val();
        self.leaving.ends.next = self.walker.leave.ends.val();
        self.leaving.frees.next = self.walker.leave.frees.val();
        // A position's place is the one after that of the position before it, whatever row of the ofmap it is in.
        self.leaving.beside.next = true.into();
        self.control_out.next = self.leaving.control_out.val();
        for c in 0..self.cols.index() {
            self.row[self.above.index()].psum_in[c].next = 0.into();
            for i in 0..self.above.index() {
                self.row[i].psum_in[c].next = self.row[i + 1].psum_out[c].val();
            }
            self.psum[c].next = self.row[0].psum_out[c].val();
        }

        // Counts
        self.working.d.next = 0.into();
        if self.walker.step.val().any() {
            self.working.d.next = self.layer.last_rows.val();
        }
        self.macs.next = self.working.q.val();
        self.gated.next = 0.into();
        if self.row[0].gated.val().any() {
            self.gated.next = self.layer.last_rows.val();
        }
        self.weights_read.next = self.flags.read.val();
        self.moves.next = self.leaving.moves.val();
    }
}
