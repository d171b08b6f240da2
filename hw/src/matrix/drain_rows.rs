use crate::arch::Arch;
use crate::rtl::prelude::*;

/// The rows of PEs whose psums are drained one after the other, where each PE has a filter of its own: `first` is the place of the row's first psum in its column.
///
/// `advance` goes on to the next row, and from the `last` one to the first. Latency: the next row stands in the cycle after.
#[derive(LogicBlock)]
pub struct MatrixDrainRows {
    pub clock: Wire<In, Clk>,
    /// Rows that have filters, and psums of each filter.
    pub filter_rows: Wire<In>,
    pub positions: Wire<In>,
    pub advance: Wire<In>,
    pub first: Wire<Out>,
    pub last: Wire<Out>,
    row: Reg,
    base: Reg,
}

impl MatrixDrainRows {
    /// The rows of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (rows, place) = (count_bits(arch.rows), address_bits(arch.accumulators));
        MatrixDrainRows {
            clock: Default::default(),
            filter_rows: Wire::unsigned(rows),
            positions: Wire::unsigned(count_bits(arch.accumulators)),
            advance: Wire::bit(),
            first: Wire::unsigned(place),
            last: Wire::bit(),
            row: Reg::unsigned(rows),
            base: Reg::unsigned(place),
        }
    }
}

impl Logic for MatrixDrainRows {
    describe!("matrix_drain_rows", "Rows of PEs whose psums are drained one after the other.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, row, base);
        self.first.next = self.base.q.val();
        self.last.next = (self.row.q.val() + 1 == self.filter_rows.val()).into();
        if self.advance.val().any() {
            self.row.d.next = self.row.q.val() + 1;
            self.base.d.next = self.base.q.val() + self.positions.val();
            if self.last.val().any() {
                self.row.d.next = 0.into();
                self.base.d.next = 0.into();
            }
        }
    }
}
