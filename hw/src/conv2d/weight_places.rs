use super::layer_registers::PhaseLayer;
use super::phase_loops::ConvPhaseLoops;
use crate::rtl::prelude::*;
use crate::Arch;

/// Which tap of its piece the next line of weights is for: those of a row of an engine one after the other, from the last tap of the piece on.
///
/// `row` and `col` are the engine's; a `tap_end`, with the last line of a tap, steps to the next one. `tile_end` tells, in the same cycle, that it ends a weight tile.
#[derive(LogicBlock)]
pub struct ConvWeightPlaces {
    pub clock: Wire<In, Clk>,
    pub layer: PhaseLayer,
    pub layer_written: Wire<In>,
    pub tap_end: Wire<In>,
    pub tile_end: Wire<Out>,
    pub row: Wire<Out>,
    pub col: Wire<Out>,
    rows: ConvPhaseLoops,
    cols: ConvPhaseLoops,
    row_count: Reg,
    col_count: Reg,
    ends_row: Wire<Local>,
    ends_tile: Wire<Local>,
}

impl ConvWeightPlaces {
    /// The places in an engine of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let taps = count_bits(arch.kernel());
        ConvWeightPlaces {
            clock: Default::default(),
            layer: PhaseLayer::default(),
            layer_written: Wire::bit(),
            tap_end: Wire::bit(),
            tile_end: Wire::bit(),
            row: Wire::unsigned(taps),
            col: Wire::unsigned(taps),
            rows: ConvPhaseLoops::new(arch),
            cols: ConvPhaseLoops::new(arch),
            row_count: Reg::unsigned(taps),
            col_count: Reg::unsigned(taps),
            ends_row: Wire::bit(),
            ends_tile: Wire::bit(),
        }
    }
}

impl Logic for ConvWeightPlaces {
    describe!("conv_weight_places", "Which tap of its piece a line of weights is for.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, row_count, col_count);
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

        self.row.next = self.row_count.q.val();
        self.col.next = self.col_count.q.val();
        self.ends_row.next = (self.tap_end.val().any() && self.col_count.q.val() + 1 == self.cols.taps.val()).into();
        self.ends_tile.next = (self.ends_row.val().any() && self.row_count.q.val() + 1 == self.rows.taps.val()).into();
        self.tile_end.next = self.ends_tile.val();
        if self.tap_end.val().any() {
            self.col_count.d.next = self.col_count.q.val() + 1;
        }
        if self.ends_row.val().any() {
            self.col_count.d.next = 0.into();
            self.row_count.d.next = self.row_count.q.val() + 1;
        }
        if self.ends_tile.val().any() || self.layer_written.val().any() {
            self.col_count.d.next = 0.into();
            self.row_count.d.next = 0.into();
        }
        self.cols.advance.next = self.ends_tile.val();
        self.rows.advance.next = self.ends_tile.val() & self.cols.last.val();
    }
}
