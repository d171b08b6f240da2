use super::{OsControl, OsRow};
use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::matrix::{control, PassInWork, PositionLayer, TileLayer};
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
    control: OsControl,
    /// The weights of row i, columns 4 · g and those after it, are element i · groups + g.
    weights: Vec<Sram>,
    row: Vec<OsRow>,
    line_valid_1: Reg,
    line_row_1: Reg,
    line_group_1: Reg,
    line_place_1: Reg,
    line_1: Reg,
    place: Reg,
    working: Reg,
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
            control: OsControl::new(arch),
            weights: (0..rows * groups).map(|_| Sram::new(arch.weight_steps(), line, false)).collect(),
            row: (0..rows).map(|_| OsRow::new(arch)).collect(),
            line_valid_1: Reg::bit(),
            line_row_1: Reg::data(address_bits(rows), false),
            line_group_1: Reg::data(address_bits(groups), false),
            line_place_1: Reg::data(address_bits(arch.weight_steps()), false),
            line_1: Reg::data(line, false),
            place: Reg::data(address, false),
            working: Reg::unsigned(counts),
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
        self.control.clock.next = self.clock.val();
        self.control.layer_write.next = self.layer_write.val();
        self.control.command.next = self.command.val();
        self.filter_rows.next = self.control.last_rows.val();

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
        self.line_row_1.d.next = self.line_row.val();
        self.line_group_1.d.next = self.line_group.val();
        self.line_place_1.d.next = self.control.write_place.val();
        self.line_1.d.next = self.line_words.val();
        for i in 0..self.rows.index() {
            for g in 0..self.groups.index() {
                self.weights[i * self.groups.index() + g].clock.next = self.clock.val();
                self.weights[i * self.groups.index() + g].write.next =
                    (self.line_valid_1.q.val().any() && self.line_row_1.q.val() == i && self.line_group_1.q.val() == g)
                        .into();
                self.weights[i * self.groups.index() + g].write_address.next = self.line_place_1.q.val();
                self.weights[i * self.groups.index() + g].write_data.next = self.line_1.q.val();
                self.weights[i * self.groups.index() + g].read.next = self.control.read.val();
                self.weights[i * self.groups.index() + g].read_address.next = self.control.read_place.val();
            }
        }

        // The ifmap word
        self.place.d.next = self.control.address.val();
        self.reaches.next = (self.control.step.val().any()
            && self.control.inside.val().any()
            && self.control.y.val() >= 0
            && self.control.y.val() < self.control.height.val())
        .into();
        self.ifmap_read[0].next = self.row[0].ifmap_read.val();
        self.ifmap_address[0].next = self.place.q.val();

        // Rows
        for i in 0..self.rows.index() {
            self.row[i].clock.next = self.clock.val();
            self.row[i].psum_shift.next = self.psum_shift.val();
            self.row[i].step_in.next = self.control.step.val();
            self.row[i].head_in.next = true.into();
            self.row[i].active_in.next = (self.control.last_rows.val() > i).into();
            self.row[i].read_in.next = self.reaches.val();
            self.row[i].first.next = self.control.begins.val();
            self.row[i].leave.next = self.control.leaves.val();
            self.row[i].ifmap_read_word.next = self.ifmap_read_word[0].val();
            self.row[i].below.next = 0.into();
            for g in 0..self.groups.index() {
                self.row[i].weight[g].next = self.weights[i * self.groups.index() + g].read_data.val();
            }
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
            self.working.d.next = self.control.last_rows.val();
        }
        self.macs.next = self.working.q.val();
        self.gated.next = 0.into();
        if self.row[0].gated.val().any() {
            self.gated.next = self.control.last_rows.val();
        }
        self.weights_read.next = self.control.read.val();
        self.moves.next = self.control.moves.val();
    }
}
