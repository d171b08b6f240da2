use super::tap_bits;
use crate::arch::{Arch, WINDOW_BITS};
use crate::rtl::prelude::*;

/// The taps of a strip's words, one a cycle: for each ifmap column, tap in the row (p), tap up the column (q), the last the innermost.
///
/// Column V·k + φ, V the stride, meets filter columns s = φ + V·p for the windows k − p. Columns follow each other by φ, up to the last one that a tap reaches, then by k;
/// where windows end, its first taps are left out, V more (`base`) with each k. While a pass is in work, the outputs describe a tap; `advance` goes on to the
/// next one, after the strip's last one to its first. The first one stands in the cycle after `start`.
#[derive(LogicBlock)]
pub struct IsTapLoops {
    pub clock: Wire<In, Clk>,
    // Layer constants
    pub filter_rows_m1: Wire<In>,
    pub stride_h: Wire<In>,
    pub stride_w: Wire<In>,
    pub windows_m1: Wire<In>,
    /// Taps from a filter column to the one V further on.
    pub tap_step: Wire<In>,
    // Pass
    pub start: Wire<In>,
    pub filter_cols: Wire<In>,
    pub columns_m1: Wire<In>,
    /// φ and V·p of the first column's first tap; taps up to filter column V·p, and to the first one.
    pub phase: Wire<In>,
    pub base: Wire<In>,
    pub base_tap: Wire<In>,
    pub first_tap: Wire<In>,
    pub window: Wire<In>,
    pub rotation: Wire<In>,
    /// Filter row of a strip's first tap.
    pub first_row: Wire<In>,
    pub advance: Wire<In>,
    /// The column begins.
    pub takes: Wire<Out>,
    /// Words from the strip's beginning to the column.
    pub offset: Wire<Out>,
    /// Number of the tap among its channel's, and ofmap rows that its psums are above the first one's (q).
    pub tap: Wire<Out>,
    pub above: Wire<Out>,
    /// Place of the window in its row, for those psums that have not gone around, and how far psums go around.
    pub place: Wire<Out>,
    pub turn: Wire<Out>,
    /// The tap is the strip's last.
    pub last: Wire<Out>,
    // The column
    columns_left: Reg,
    left_phase: Reg,
    base_offset: Reg,
    base_col: Reg,
    base_place: Reg,
    col: Reg,
    col_place: Reg,
    first_window: Reg,
    // Its tap
    fresh: Reg,
    filter_col: Reg,
    filter_place: Reg,
    at_window: Reg,
    rows_up: Reg,
    blocks_up: Reg,
    number_up: Reg,
    turned: Reg,
    last_up: Wire<Local>,
    last_across: Wire<Local>,
    last_phase: Wire<Local>,
    last_column: Wire<Local>,
    next_base: Wire<Local>,
    next_base_place: Wire<Local>,
    next_col: Wire<Local>,
    next_place: Wire<Local>,
    next_window: Wire<Local>,
    last_turn: Const,
}

impl IsTapLoops {
    /// The loops for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (address, place) = (address_bits(arch.port_words()), address_bits(arch.bank_places()));
        let turn = address_bits(arch.rows);
        IsTapLoops {
            clock: Default::default(),
            filter_rows_m1: Wire::unsigned(16),
            stride_h: Wire::unsigned(16),
            stride_w: Wire::unsigned(16),
            windows_m1: Wire::unsigned(WINDOW_BITS),
            tap_step: Wire::unsigned(16),
            start: Wire::bit(),
            filter_cols: Wire::unsigned(16),
            columns_m1: Wire::unsigned(16),
            phase: Wire::unsigned(16),
            base: Wire::unsigned(16),
            base_tap: Wire::unsigned(16),
            first_tap: Wire::unsigned(16),
            window: Wire::unsigned(WINDOW_BITS),
            rotation: Wire::unsigned(turn),
            first_row: Wire::unsigned(16),
            advance: Wire::bit(),
            takes: Wire::bit(),
            offset: Wire::unsigned(address),
            tap: Wire::unsigned(tap_bits(arch)),
            above: Wire::unsigned(16),
            place: Wire::unsigned(place),
            turn: Wire::unsigned(turn),
            last: Wire::bit(),
            columns_left: Reg::unsigned(16),
            left_phase: Reg::unsigned(16),
            base_offset: Reg::unsigned(address),
            base_col: Reg::unsigned(16),
            base_place: Reg::unsigned(16),
            col: Reg::unsigned(16),
            col_place: Reg::unsigned(16),
            first_window: Reg::unsigned(WINDOW_BITS),
            fresh: Reg::bit(),
            filter_col: Reg::unsigned(16),
            filter_place: Reg::unsigned(16),
            at_window: Reg::unsigned(WINDOW_BITS),
            rows_up: Reg::unsigned(16),
            blocks_up: Reg::unsigned(place),
            number_up: Reg::unsigned(16),
            turned: Reg::unsigned(turn),
            last_up: Wire::bit(),
            last_across: Wire::bit(),
            last_phase: Wire::bit(),
            last_column: Wire::bit(),
            next_base: Wire::unsigned(16),
            next_base_place: Wire::unsigned(16),
            next_col: Wire::unsigned(16),
            next_place: Wire::unsigned(16),
            next_window: Wire::unsigned(WINDOW_BITS),
            last_turn: Const::new(arch.rows - 1),
        }
    }
}

impl Logic for IsTapLoops {
    describe!(
        "is_tap_loops",
        "Loops over the taps of a strip's words: ifmap column, tap in the row, tap up the column."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, columns_left, left_phase, base_offset, base_col, base_place, col, col_place);
        dff_setup!(self, clock, first_window, fresh, filter_col, filter_place, at_window);
        dff_setup!(self, clock, rows_up, blocks_up, number_up, turned);
        self.last_up.next =
            (self.first_row.val() + self.rows_up.q.val() + self.stride_h.val() > self.filter_rows_m1.val()).into();
        self.last_across.next = (!self.at_window.q.val().any()
            || self.filter_col.q.val() + self.stride_w.val() >= self.filter_cols.val())
        .into();
        self.last_phase.next = (self.left_phase.q.val() + 1 == self.stride_w.val()
            || self.left_phase.q.val() + 1 == self.filter_cols.val())
        .into();
        self.last_column.next = (!self.columns_left.q.val().any()).into();
        self.takes.next = self.fresh.q.val();
        self.offset.next = self.base_offset.q.val() + self.left_phase.q.val();
        self.tap.next = self.filter_place.q.val() + self.first_row.val() + self.rows_up.q.val();
        self.above.next = self.number_up.q.val();
        self.place.next = self.at_window.q.val() - self.blocks_up.q.val();
        self.turn.next = self.turned.q.val();
        self.last.next = self.last_up.val() & self.last_across.val() & self.last_column.val();

        // The column after this one
        self.next_base.next = self.base_col.q.val();
        self.next_base_place.next = self.base_place.q.val();
        self.next_col.next = self.col.q.val() + 1;
        self.next_place.next = self.col_place.q.val() + self.filter_rows_m1.val() + 1;
        self.next_window.next = self.first_window.q.val();
        if self.last_phase.val().any() {
            if self.first_window.q.val() == self.windows_m1.val() {
                self.next_base.next = self.base_col.q.val() + self.stride_w.val();
                self.next_base_place.next = self.base_place.q.val() + self.tap_step.val();
            } else {
                self.next_window.next = self.first_window.q.val() + 1;
            }
            self.next_col.next = self.next_base.val();
            self.next_place.next = self.next_base_place.val();
        }

        if self.start.val().any() || (self.advance.val().any() && self.last.val().any()) {
            self.columns_left.d.next = self.columns_m1.val();
            self.left_phase.d.next = self.phase.val();
            self.base_offset.d.next = 0.into();
            self.base_col.d.next = self.base.val();
            self.base_place.d.next = self.base_tap.val();
            self.col.d.next = self.base.val() + self.phase.val();
            self.col_place.d.next = self.first_tap.val();
            self.first_window.d.next = self.window.val();
            self.fresh.d.next = true.into();
            self.filter_col.d.next = self.base.val() + self.phase.val();
            self.filter_place.d.next = self.first_tap.val();
            self.at_window.d.next = self.window.val();
            self.rows_up.d.next = 0.into();
            self.blocks_up.d.next = 0.into();
            self.number_up.d.next = 0.into();
            self.turned.d.next = self.rotation.val();
        } else if self.advance.val().any() {
            self.fresh.d.next = false.into();
            if !self.last_up.val().any() {
                self.rows_up.d.next = self.rows_up.q.val() + self.stride_h.val();
                self.number_up.d.next = self.number_up.q.val() + 1;
                self.turned.d.next = self.turned.q.val() + 1;
                if self.turned.q.val() == self.last_turn.val() {
                    self.turned.d.next = 0.into();
                    self.blocks_up.d.next = self.blocks_up.q.val() + self.windows_m1.val() + 1;
                }
            } else {
                self.rows_up.d.next = 0.into();
                self.blocks_up.d.next = 0.into();
                self.number_up.d.next = 0.into();
                self.turned.d.next = self.rotation.val();
                self.filter_col.d.next = self.filter_col.q.val() + self.stride_w.val();
                self.filter_place.d.next = self.filter_place.q.val() + self.tap_step.val();
                self.at_window.d.next = self.at_window.q.val() - 1;
                if self.last_across.val().any() {
                    self.fresh.d.next = true.into();
                    self.columns_left.d.next = self.columns_left.q.val() - 1;
                    self.left_phase.d.next = self.left_phase.q.val() + 1;
                    if self.last_phase.val().any() {
                        self.left_phase.d.next = 0.into();
                        self.base_offset.d.next = self.base_offset.q.val() + self.stride_w.val();
                    }
                    self.base_col.d.next = self.next_base.val();
                    self.base_place.d.next = self.next_base_place.val();
                    self.col.d.next = self.next_col.val();
                    self.col_place.d.next = self.next_place.val();
                    self.first_window.d.next = self.next_window.val();
                    self.filter_col.d.next = self.next_col.val();
                    self.filter_place.d.next = self.next_place.val();
                    self.at_window.d.next = self.next_window.val();
                }
            }
        }
    }
}
