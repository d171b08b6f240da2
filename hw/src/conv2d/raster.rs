use crate::rtl::prelude::*;
use crate::Arch;

/// Which pixel of a raster ends a whole window. All in one cycle.
///
/// `column` is the pixel's number in its row. A window of `taps_h` × `taps_w` pixels ends with it (`window`) if as many rows and columns of its image have come, it included;
/// `opens` if it is the weight tile's first.
#[derive(LogicBlock)]
pub struct ConvRaster {
    pub clock: Wire<In, Clk>,
    pub taps_h: Wire<In>,
    pub taps_w: Wire<In>,
    /// A pixel comes: the first of a row, the first of a weight tile, in an image's last row.
    pub pixel: Wire<In>,
    pub opens_row: Wire<In>,
    pub first: Wire<In>,
    pub in_last_row: Wire<In>,
    pub column: Wire<Out>,
    pub window: Wire<Out>,
    pub opens: Wire<Out>,
    // Of the pixel before
    column_before: Reg,
    row_before: Reg,
    was_in_last_row: Reg,
    /// The tile has had a window.
    opened: Reg,
    this_column: Wire<Local>,
    /// Rows before the pixel's, K at the most.
    row: Wire<Local>,
    whole: Wire<Local>,
    kernel: Const,
}

impl ConvRaster {
    /// The raster of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (taps, column) = (count_bits(arch.kernel()), address_bits(arch.row_fifo()));
        ConvRaster {
            clock: Default::default(),
            taps_h: Wire::unsigned(taps),
            taps_w: Wire::unsigned(taps),
            pixel: Wire::bit(),
            opens_row: Wire::bit(),
            first: Wire::bit(),
            in_last_row: Wire::bit(),
            column: Wire::unsigned(column),
            window: Wire::bit(),
            opens: Wire::bit(),
            column_before: Reg::unsigned(column),
            row_before: Reg::unsigned(taps),
            was_in_last_row: Reg::bit(),
            opened: Reg::bit(),
            this_column: Wire::unsigned(column),
            row: Wire::unsigned(taps),
            whole: Wire::bit(),
            kernel: Const::new(arch.kernel()),
        }
    }
}

impl Logic for ConvRaster {
    describe!("conv_raster", "Which pixel of a raster ends a whole window.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, column_before, row_before, was_in_last_row, opened);
        self.this_column.next = self.column_before.q.val() + 1;
        self.row.next = self.row_before.q.val();
        if self.opens_row.val().any() {
            self.this_column.next = 0.into();
            if self.row_before.q.val() != self.kernel.val() {
                self.row.next = self.row_before.q.val() + 1;
            }
            if self.first.val().any() || self.was_in_last_row.q.val().any() {
                self.row.next = 0.into();
            }
        }
        self.whole.next = (self.pixel.val().any()
            && self.row.val() >= self.taps_h.val() - 1
            && self.this_column.val() >= self.taps_w.val() - 1)
            .into();
        self.column.next = self.this_column.val();
        self.window.next = self.whole.val();
        self.opens.next = (self.whole.val().any() && (self.first.val().any() || !self.opened.q.val().any())).into();
        if self.pixel.val().any() {
            self.column_before.d.next = self.this_column.val();
            self.row_before.d.next = self.row.val();
            self.was_in_last_row.d.next = self.in_last_row.val();
            self.opened.d.next = self.whole.val() | (self.opened.q.val() & !self.first.val());
        }
    }
}
