use super::layer_registers::PhaseLayer;
use super::phase_loops::ConvPhaseLoops;
use crate::arch::Arch;
use crate::matrix::COORDINATE_BITS;
use crate::rtl::prelude::*;

/// The weight tiles of a pass: for each channel group, pieces of the filter's rows, pieces of its columns, the last the innermost.
///
/// While `busy`, the outputs describe a tile; `advance` steps to the next one. Products of counters and strides are kept as running sums. Latency: a
/// pass's first tile stands in the cycle after `start`, each other in the cycle after `advance`. A layer's first pass starts in the second cycle after
/// `layer_written` at the earliest.
#[derive(LogicBlock)]
pub struct ConvPieceLoops {
    pub clock: Wire<In, Clk>,
    pub layer: PhaseLayer,
    pub layer_written: Wire<In>,
    /// Rows and columns from a piece to the next of its phase, and port words for the rows.
    pub piece_rows: Wire<In>,
    pub piece_row_words: Wire<In>,
    pub piece_cols: Wire<In>,
    pub row_width: Wire<In>,
    pub group_stride: Wire<In>,
    // Pass
    pub start: Wire<In>,
    pub tile: Wire<In>,
    pub x_start: Wire<In>,
    pub y_start: Wire<In>,
    pub channels: Wire<In>,
    pub advance: Wire<In>,
    pub busy: Wire<Out>,
    /// Port word of the tile's first pixel, and that pixel's ifmap column and row.
    pub address: Wire<Out>,
    pub x: Wire<Out>,
    pub y: Wire<Out>,
    /// Rows and columns of the piece.
    pub taps_h: Wire<Out>,
    pub taps_w: Wire<Out>,
    /// Channels of the group that exist: engines that take part.
    pub left: Wire<Out>,
    pub first: Wire<Out>,
    pub last: Wire<Out>,
    rows: ConvPhaseLoops,
    cols: ConvPhaseLoops,
    running: Reg,
    fresh: Reg,
    channels_left: Reg,
    column: Reg,
    column_phase: Reg,
    column_first: Reg,
    row: Reg,
    row_phase: Reg,
    row_first: Reg,
    /// Port word of the group's first pixel, of that of the phase of rows, of the piece of rows, of the phase of columns.
    group_base: Reg,
    row_phase_base: Reg,
    row_base: Reg,
    phase_base: Reg,
    base: Reg,
    /// The base of the next piece of rows.
    next_base: Wire<Local>,
    next_row: Wire<Local>,
    last_group: Wire<Local>,
    engines: Const,
}

impl ConvPieceLoops {
    /// The loops for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (address, taps) = (address_bits(arch.port_words()), count_bits(arch.kernel()));
        ConvPieceLoops {
            clock: Default::default(),
            layer: PhaseLayer::default(),
            layer_written: Wire::bit(),
            piece_rows: Wire::unsigned(16),
            piece_row_words: Wire::unsigned(address),
            piece_cols: Wire::unsigned(16),
            row_width: Wire::unsigned(16),
            group_stride: Wire::unsigned(address),
            start: Wire::bit(),
            tile: Wire::unsigned(address),
            x_start: Wire::signed(16),
            y_start: Wire::signed(16),
            channels: Wire::unsigned(16),
            advance: Wire::bit(),
            busy: Wire::bit(),
            address: Wire::unsigned(address),
            x: Wire::signed(COORDINATE_BITS),
            y: Wire::signed(COORDINATE_BITS),
            taps_h: Wire::unsigned(taps),
            taps_w: Wire::unsigned(taps),
            left: Wire::unsigned(count_bits(arch.ifmap_ports())),
            first: Wire::bit(),
            last: Wire::bit(),
            rows: ConvPhaseLoops::new(arch),
            cols: ConvPhaseLoops::new(arch),
            running: Reg::bit(),
            fresh: Reg::bit(),
            channels_left: Reg::unsigned(16),
            column: Reg::signed(COORDINATE_BITS),
            column_phase: Reg::signed(COORDINATE_BITS),
            column_first: Reg::signed(COORDINATE_BITS),
            row: Reg::signed(COORDINATE_BITS),
            row_phase: Reg::signed(COORDINATE_BITS),
            row_first: Reg::signed(COORDINATE_BITS),
            group_base: Reg::unsigned(address),
            row_phase_base: Reg::unsigned(address),
            row_base: Reg::unsigned(address),
            phase_base: Reg::unsigned(address),
            base: Reg::unsigned(address),
            next_base: Wire::unsigned(address),
            next_row: Wire::signed(COORDINATE_BITS),
            last_group: Wire::bit(),
            engines: Const::new(arch.ifmap_ports()),
        }
    }
}

impl Logic for ConvPieceLoops {
    describe!(
        "conv_piece_loops",
        "Loops over a pass's weight tiles: channel group, pieces of a filter's rows and columns."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, running, fresh, channels_left, column, column_phase, column_first);
        dff_setup!(self, clock, row, row_phase, row_first, group_base, row_phase_base, row_base, phase_base, base);
        self.rows.clock.next = self.clock.val();
        self.cols.clock.next = self.clock.val();
        self.rows.phases_m1.next = self.layer.phases_h_m1.val();
        self.rows.long_phases.next = self.layer.long_phases_h.val();
        self.rows.phase_taps.next = self.layer.phase_taps_h.val();
        self.cols.phases_m1.next = self.layer.phases_w_m1.val();
        self.cols.long_phases.next = self.layer.long_phases_w.val();
        self.cols.phase_taps.next = self.layer.phase_taps_w.val();
        self.rows.start.next = self.layer_written.val();
        self.cols.start.next = self.layer_written.val();
        self.cols.advance.next = self.advance.val();
        self.rows.advance.next = self.advance.val() & self.cols.last.val();

        self.last_group.next = (self.channels_left.q.val() <= self.engines.val()).into();
        self.busy.next = self.running.q.val();
        self.address.next = self.base.q.val();
        self.x.next = self.column.q.val();
        self.y.next = self.row.q.val();
        self.taps_h.next = self.rows.taps.val();
        self.taps_w.next = self.cols.taps.val();
        self.left.next = self.engines.val();
        if self.last_group.val().any() {
            self.left.next = self.channels_left.q.val();
        }
        self.first.next = self.fresh.q.val();
        self.last.next = self.cols.last.val() & self.rows.last.val() & self.last_group.val();

        // The piece of rows that comes next, in its phase, in the next one, or in the next group
        self.next_row.next = self.row.q.val() + self.piece_rows.val();
        self.next_base.next = self.row_base.q.val() + self.piece_row_words.val();
        if self.rows.last.val().any() {
            self.next_row.next = self.row_first.q.val();
            self.next_base.next = self.group_base.q.val() + self.group_stride.val();
        } else if !self.rows.more.val().any() {
            self.next_row.next = self.row_phase.q.val() + 1;
            self.next_base.next = self.row_phase_base.q.val() + self.row_width.val();
        }
        if self.start.val().any() {
            self.running.d.next = true.into();
            self.fresh.d.next = true.into();
            self.channels_left.d.next = self.channels.val();
            self.column.d.next = self.x_start.val();
            self.column_phase.d.next = self.x_start.val();
            self.column_first.d.next = self.x_start.val();
            self.row.d.next = self.y_start.val();
            self.row_phase.d.next = self.y_start.val();
            self.row_first.d.next = self.y_start.val();
            self.group_base.d.next = self.tile.val();
            self.row_phase_base.d.next = self.tile.val();
            self.row_base.d.next = self.tile.val();
            self.phase_base.d.next = self.tile.val();
            self.base.d.next = self.tile.val();
        } else if self.advance.val().any() {
            self.fresh.d.next = false.into();
            if self.cols.last.val().any() {
                self.column.d.next = self.column_first.q.val();
                self.column_phase.d.next = self.column_first.q.val();
                self.row.d.next = self.next_row.val();
                self.row_base.d.next = self.next_base.val();
                self.phase_base.d.next = self.next_base.val();
                self.base.d.next = self.next_base.val();
                if !self.rows.more.val().any() {
                    self.row_phase.d.next = self.next_row.val();
                    self.row_phase_base.d.next = self.next_base.val();
                }
                if self.rows.last.val().any() {
                    self.group_base.d.next = self.next_base.val();
                    self.channels_left.d.next = self.channels_left.q.val() - self.engines.val();
                    if self.last_group.val().any() {
                        self.running.d.next = false.into();
                    }
                }
            } else if self.cols.more.val().any() {
                self.column.d.next = self.column.q.val() + self.piece_cols.val();
                self.base.d.next = self.base.q.val() + self.piece_cols.val();
            } else {
                self.column.d.next = self.column_phase.q.val() + 1;
                self.column_phase.d.next = self.column_phase.q.val() + 1;
                self.base.d.next = self.phase_base.q.val() + 1;
                self.phase_base.d.next = self.phase_base.q.val() + 1;
            }
        }
    }
}
