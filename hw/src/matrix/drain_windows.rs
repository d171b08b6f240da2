use crate::arch::{Arch, WINDOW_BITS};
use crate::rtl::prelude::*;

/// Where the psums of an ofmap tile are that are drained one after the other, where columns hold adjacent windows (`Arch::is_of_planes`): window w of a row in column w mod cols, at a place that is the next one after each group of `cols` windows.
///
/// `advance` goes on to the next psum; with `clear`, beside the last one, which ends a row, back to the first. Latency: the next psum stands in the cycle after.
#[derive(LogicBlock)]
pub struct MatrixDrainWindows {
    pub clock: Wire<In, Clk>,
    /// Groups of windows of a row, less one, and windows of the last one.
    pub windows_m1: Wire<In>,
    pub last_cols: Wire<In>,
    pub advance: Wire<In>,
    pub clear: Wire<In>,
    pub column: Wire<Out>,
    pub place: Wire<Out>,
    column_count: Reg,
    group: Reg,
    place_count: Reg,
    last_group: Wire<Local>,
    cols: Const,
}

impl MatrixDrainWindows {
    /// The windows of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (cols, place) = (arch.cols, address_bits(arch.accumulators));
        MatrixDrainWindows {
            clock: Default::default(),
            windows_m1: Wire::unsigned(WINDOW_BITS),
            last_cols: Wire::unsigned(count_bits(cols)),
            advance: Wire::bit(),
            clear: Wire::bit(),
            column: Wire::unsigned(address_bits(cols)),
            place: Wire::unsigned(place),
            column_count: Reg::unsigned(address_bits(cols)),
            group: Reg::unsigned(WINDOW_BITS),
            place_count: Reg::unsigned(place),
            last_group: Wire::bit(),
            cols: Const::new(cols),
        }
    }
}

impl Logic for MatrixDrainWindows {
    describe!("matrix_drain_windows", "Columns and places of psums that are drained window by window.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, column_count, group, place_count);
        self.column.next = self.column_count.q.val();
        self.place.next = self.place_count.q.val();
        self.last_group.next = (self.group.q.val() == self.windows_m1.val()).into();
        if self.advance.val().any() {
            self.column_count.d.next = self.column_count.q.val() + 1;
            if self.column_count.q.val() + 1 == self.cols.val()
                || (self.last_group.val().any() && self.column_count.q.val() + 1 == self.last_cols.val())
            {
                self.column_count.d.next = 0.into();
                self.place_count.d.next = self.place_count.q.val() + 1;
                self.group.d.next = self.group.q.val() + 1;
                if self.last_group.val().any() {
                    self.group.d.next = 0.into();
                }
            }
        }
        if self.clear.val().any() {
            self.place_count.d.next = 0.into();
        }
    }
}
