use super::{ConvEngine, ConvLayerRegisters, ConvWalker, ConvWeightPlaces};
use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::matrix::{control, MatrixTree, PassInWork, PositionLayer, TileLayer};
use crate::rtl::prelude::*;
use crate::ws::WsNextWeights;

/// Cycles from the launch of a weight tile, less one, in which no line of the next one may come: its weights would be those of the tile in work.
const UNTIL_ROOM: usize = 4;
/// Cycles from a pixel in the walker to its window.
const TO_WINDOW: usize = 5;

/// Convolution engines, each on a channel and the filters of all columns, with trees that add up what they make.
///
/// Its walker is its own. Lines of weights, ifmap ports, psums and counts are as in [`crate::matrix::MatrixCore`].
#[derive(LogicBlock)]
pub struct ConvArray {
    pub clock: Wire<In, Clk>,
    // Layer constants
    pub psum_shift: Wire<In>,
    pub tile_layer: TileLayer,
    pub position_layer: PositionLayer,
    /// Windows of an ofmap tile.
    pub windows: Wire<In>,
    pub layer_write: Wire<In>,
    /// Words 5 to 7 of the LAYER command.
    pub command: Vec<Wire<In>>,
    // Passes
    pub pass: PassInWork,
    pub busy: Wire<Out>,
    pub idle: Wire<Out>,
    /// A pixel is sent.
    pub sends: Wire<Out>,
    pub control_out: Wire<Out>,
    // Weights
    pub room: Wire<Out>,
    pub line_valid: Wire<In>,
    /// The last line of a tap.
    pub line_end: Wire<In>,
    pub line_row: Wire<In>,
    pub line_group: Wire<In>,
    pub line_words: Wire<In>,
    // Ifmap ports, by engine
    pub ifmap_read: Vec<Wire<Out>>,
    pub ifmap_address: Vec<Wire<Out>>,
    pub ifmap_read_word: Vec<Wire<In>>,
    // Psums, by column
    pub psum: Vec<Wire<Out>>,
    // Counts
    pub macs: Wire<Out>,
    pub gated: Wire<Out>,
    /// Engines that take a pixel.
    pub taken: Wire<Out>,
    layer: ConvLayerRegisters,
    walker: ConvWalker,
    places: ConvWeightPlaces,
    next_weights: WsNextWeights,
    engine: Vec<ConvEngine>,
    tree: Vec<MatrixTree>,
    gated_tree: MatrixTree,
    // A line, a cycle after it was taken
    line_valid_1: Reg,
    line_engine_1: Reg,
    line_row_1: Reg,
    line_col_1: Reg,
    line_group_1: Reg,
    line_1: Reg,
    control_1: Reg,
    address_1: Reg,
    macs_1: Reg,
    // Of a pixel, one cycle later and so on: a weight tile's first; its window is whole; its column; it is alone in its row; engines that take it; rows and columns of its window
    firsts: Vec<Reg>,
    wholes: Vec<Reg>,
    columns: Vec<Reg>,
    alones: Vec<Reg>,
    lefts: Vec<Reg>,
    taps_h: Vec<Reg>,
    taps_w: Vec<Reg>,
    engines: Const,
    engine_rows: Const,
    cols: Const,
    words: Const,
    /// Registers of a pixel, to its window; those with which row FIFOs are read, and written.
    to_window: Const,
    reads_at: Const,
    writes_at: Const,
}

impl ConvArray {
    /// The array of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (address, w, engines) = (address_bits(arch.port_words()), arch.width, arch.ifmap_ports());
        let (counts, line) = (count_bits(arch.rows), FILTER_BUS_WORDS * w);
        let (row, group) = (address_bits(engines), address_bits(arch.cols.div_ceil(FILTER_BUS_WORDS)));
        let (taps, left) = (count_bits(arch.kernel()), count_bits(engines));
        let chain = |bits: usize| -> Vec<Reg> { (0..TO_WINDOW).map(|_| Reg::unsigned(bits)).collect() };
        let layer = ConvLayerRegisters::new(arch);
        ConvArray {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            tile_layer: TileLayer::new(arch),
            position_layer: PositionLayer::new(arch),
            windows: Wire::unsigned(count_bits(arch.accumulators)),
            layer_write: Wire::bit(),
            command: layer.command.clone(),
            pass: PassInWork::new(arch),
            busy: Wire::bit(),
            idle: Wire::bit(),
            sends: Wire::bit(),
            control_out: Wire::unsigned(control::BITS),
            room: Wire::bit(),
            line_valid: Wire::bit(),
            line_end: Wire::bit(),
            line_row: Wire::unsigned(row),
            line_group: Wire::unsigned(group),
            line_words: Wire::unsigned(line),
            ifmap_read: (0..engines).map(|_| Wire::bit()).collect(),
            ifmap_address: (0..engines).map(|_| Wire::unsigned(address)).collect(),
            ifmap_read_word: (0..engines).map(|_| Wire::signed(w)).collect(),
            psum: (0..arch.cols).map(|_| Wire::signed(arch.psum_width)).collect(),
            macs: Wire::unsigned(counts),
            gated: Wire::unsigned(counts),
            taken: Wire::unsigned(left),
            words: Const::new(layer.command.len()),
            layer,
            walker: ConvWalker::new(arch),
            places: ConvWeightPlaces::new(arch),
            next_weights: WsNextWeights::new(UNTIL_ROOM),
            engine: (0..engines).map(|_| ConvEngine::new(arch)).collect(),
            tree: (0..arch.cols).map(|_| MatrixTree::of_psums(arch.rows, arch.psum_width)).collect(),
            gated_tree: MatrixTree::of_counts(arch.rows, counts),
            line_valid_1: Reg::bit(),
            line_engine_1: Reg::data(row, false),
            line_row_1: Reg::data(taps, false),
            line_col_1: Reg::data(taps, false),
            line_group_1: Reg::data(group, false),
            line_1: Reg::data(line, false),
            control_1: Reg::unsigned(control::BITS),
            address_1: Reg::data(address, false),
            macs_1: Reg::unsigned(counts),
            firsts: chain(1),
            wholes: chain(1),
            columns: chain(address_bits(arch.row_fifo())),
            alones: chain(1),
            lefts: chain(left),
            taps_h: chain(taps),
            taps_w: chain(taps),
            engines: Const::new(engines),
            engine_rows: Const::new(arch.engine_rows()),
            cols: Const::new(arch.cols),
            to_window: Const::new(TO_WINDOW),
            reads_at: Const::new(TO_WINDOW - 3),
            writes_at: Const::new(TO_WINDOW - 2),
        }
    }
}

impl Logic for ConvArray {
    describe!(
        "conv_array",
        "Convolution engines: weights stay, pixels shift past them by way of row FIFOs, trees add up."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, line_valid_1, line_engine_1, line_row_1, line_col_1, line_group_1, line_1);
        dff_setup!(self, clock, control_1, address_1, macs_1);
        self.layer.clock.next = self.clock.val();
        self.walker.clock.next = self.clock.val();
        self.places.clock.next = self.clock.val();
        self.next_weights.clock.next = self.clock.val();
        self.gated_tree.clock.next = self.clock.val();

        // Layer constants
        self.layer.write.next = self.layer_write.val();
        for i in 0..self.words.index() {
            self.layer.command[i].next = self.command[i].val();
        }
        self.walker.layer_written.next = self.layer.written.val();
        self.walker.phase_layer.phases_h_m1.next = self.layer.phases_h_m1.val();
        self.walker.phase_layer.long_phases_h.next = self.layer.long_phases_h.val();
        self.walker.phase_layer.phase_taps_h.next = self.layer.phase_taps_h.val();
        self.walker.phase_layer.phases_w_m1.next = self.layer.phases_w_m1.val();
        self.walker.phase_layer.long_phases_w.next = self.layer.long_phases_w.val();
        self.walker.phase_layer.phase_taps_w.next = self.layer.phase_taps_w.val();
        self.walker.piece_rows.next = self.layer.piece_rows.val();
        self.walker.piece_row_words.next = self.layer.piece_row_words.val();
        self.walker.piece_cols.next = self.layer.piece_cols.val();
        self.walker.windows.next = self.windows.val();
        self.places.layer_written.next = self.layer.written.val();
        self.places.layer.phases_h_m1.next = self.layer.phases_h_m1.val();
        self.places.layer.long_phases_h.next = self.layer.long_phases_h.val();
        self.places.layer.phase_taps_h.next = self.layer.phase_taps_h.val();
        self.places.layer.phases_w_m1.next = self.layer.phases_w_m1.val();
        self.places.layer.long_phases_w.next = self.layer.long_phases_w.val();
        self.places.layer.phase_taps_w.next = self.layer.phase_taps_w.val();

        // Weights
        self.places.tap_end.next = self.line_end.val();
        self.next_weights.line_end.next = self.places.tile_end.val();
        self.next_weights.launch.next = self.walker.launch.val();
        self.walker.full.next = self.next_weights.full.val();
        self.room.next = self.next_weights.room.val();
        self.line_valid_1.d.next = self.line_valid.val();
        self.line_engine_1.d.next = self.line_row.val();
        self.line_row_1.d.next = self.places.row.val();
        self.line_col_1.d.next = self.places.col.val();
        self.line_group_1.d.next = self.line_group.val();
        self.line_1.d.next = self.line_words.val();

        // Pixels
        TileLayer::link(&mut self.tile_layer, &mut self.walker.tile_layer);
        PositionLayer::link(&mut self.position_layer, &mut self.walker.position_layer);
        PassInWork::link(&mut self.pass, &mut self.walker.pass);
        self.busy.next = self.walker.busy.val();
        self.idle.next = self.walker.idle.val();
        self.sends.next = self.walker.pixel.valid.val();
        self.control_1.d.next = self.walker.pixel.control.val();
        self.control_out.next = self.control_1.q.val();
        self.address_1.d.next = self.walker.pixel.address.val();
        self.firsts[0].d.next = self.walker.pixel.first.val();
        self.wholes[0].d.next = self.walker.pixel.control.val();
        self.columns[0].d.next = self.walker.pixel.column.val();
        self.alones[0].d.next = self.walker.pixel.alone.val();
        self.lefts[0].d.next = 0.into();
        if self.walker.pixel.valid.val().any() {
            self.lefts[0].d.next = self.walker.pixel.left.val();
        }
        self.taps_h[0].d.next = self.walker.pixel.taps_h.val();
        self.taps_w[0].d.next = self.walker.pixel.taps_w.val();
        for i in 1..self.to_window.index() {
            self.firsts[i].d.next = self.firsts[i - 1].q.val();
            self.wholes[i].d.next = self.wholes[i - 1].q.val();
            self.columns[i].d.next = self.columns[i - 1].q.val();
            self.alones[i].d.next = self.alones[i - 1].q.val();
            self.lefts[i].d.next = self.lefts[i - 1].q.val();
            self.taps_h[i].d.next = self.taps_h[i - 1].q.val();
            self.taps_w[i].d.next = self.taps_w[i - 1].q.val();
        }
        for i in 0..self.to_window.index() {
            self.firsts[i].clock.next = self.clock.val();
            self.wholes[i].clock.next = self.clock.val();
            self.columns[i].clock.next = self.clock.val();
            self.alones[i].clock.next = self.clock.val();
            self.lefts[i].clock.next = self.clock.val();
            self.taps_h[i].clock.next = self.clock.val();
            self.taps_w[i].clock.next = self.clock.val();
        }

        // Engines
        for g in 0..self.engines.index() {
            self.engine[g].clock.next = self.clock.val();
            self.engine[g].psum_shift.next = self.psum_shift.val();
            self.engine[g].valid_in.next =
                (self.walker.pixel.valid.val().any() && self.walker.pixel.left.val() > g).into();
            self.engine[g].inside_in.next = self.walker.pixel.inside.val();
            self.engine[g].next_valid.next = (self.lefts[self.reads_at.index()].q.val() > g).into();
            self.engine[g].next_column.next = self.columns[self.reads_at.index()].q.val();
            self.engine[g].valid.next = (self.lefts[self.writes_at.index()].q.val() > g).into();
            self.engine[g].column.next = self.columns[self.writes_at.index()].q.val();
            self.engine[g].alone.next = self.alones[self.writes_at.index()].q.val();
            self.engine[g].whole.next = (self.wholes[self.to_window.index() - 1].q.val().any()
                && self.lefts[self.to_window.index() - 1].q.val() > g)
                .into();
            self.engine[g].taps_h.next = self.taps_h[self.to_window.index() - 1].q.val();
            self.engine[g].taps_w.next = self.taps_w[self.to_window.index() - 1].q.val();
            self.engine[g].swap.next = self.firsts[self.to_window.index() - 1].q.val();
            self.engine[g].write.next = (self.line_valid_1.q.val().any() && self.line_engine_1.q.val() == g).into();
            self.engine[g].write_row.next = self.line_row_1.q.val();
            self.engine[g].write_col.next = self.line_col_1.q.val();
            self.engine[g].write_group.next = self.line_group_1.q.val();
            self.engine[g].line.next = self.line_1.q.val();
            self.ifmap_read[g].next = self.engine[g].ifmap_read.val();
            self.ifmap_address[g].next = self.address_1.q.val();
            self.engine[g].ifmap_read_word.next = self.ifmap_read_word[g].val();
            for t in 0..self.engine_rows.index() {
                self.gated_tree.term[g * self.engine_rows.index() + t].next = self.engine[g].gated[t].val();
                for c in 0..self.cols.index() {
                    self.tree[c].term[g * self.engine_rows.index() + t].next =
                        self.engine[g].addend[t * self.cols.index() + c].val();
                }
            }
        }
        for c in 0..self.cols.index() {
            self.tree[c].clock.next = self.clock.val();
            self.psum[c].next = self.tree[c].total.val();
        }

        // Counts
        self.macs_1.d.next = 0.into();
        if self.walker.pixel.control.val().get_bit(0) {
            self.macs_1.d.next =
                self.walker.pixel.left.val() * self.walker.pixel.taps_h.val() * self.walker.pixel.taps_w.val();
        }
        self.macs.next = self.macs_1.q.val();
        self.gated.next = self.gated_tree.total.val();
        self.taken.next = self.lefts[0].q.val();
    }
}
