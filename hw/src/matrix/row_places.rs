use super::control;
use crate::arch::{Arch, WINDOW_BITS};
use crate::rtl::prelude::*;

/// Where psums belong in the accumulators that leave an array ofmap row by ofmap row: place (image · rows + row) · windows + window.
///
/// A position has a psum for each of a block of adjacent rows, one a cycle. `place` is that of the psum with this `control`, `before` that of the psum before it.
#[derive(LogicBlock)]
pub struct MatrixRowPlaces {
    pub clock: Wire<In, Clk>,
    /// Windows of an ofmap row, less one.
    pub windows_m1: Wire<In>,
    /// Bits as in [`control`].
    pub control: Wire<In>,
    pub before: Wire<In>,
    pub place: Wire<Out>,
    /// Place of the position's first row.
    first: Reg,
    next_place: Wire<Local>,
    swap_bit: Const,
    beside_bit: Const,
    below_bit: Const,
}

impl MatrixRowPlaces {
    /// The places of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let place = address_bits(arch.accumulators);
        MatrixRowPlaces {
            clock: Default::default(),
            windows_m1: Wire::unsigned(WINDOW_BITS),
            control: Wire::unsigned(control::bits(arch)),
            before: Wire::unsigned(place),
            place: Wire::unsigned(place),
            first: Reg::unsigned(place),
            next_place: Wire::unsigned(place),
            swap_bit: Const::new(control::SWAP),
            beside_bit: Const::new(control::BESIDE),
            below_bit: Const::new(control::BELOW),
        }
    }
}

impl Logic for MatrixRowPlaces {
    describe!("matrix_row_places", "Where psums belong in the accumulators that leave an array row by row.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, first);
        self.next_place.next = self.before.val() + 1;
        if self.control.val().get_bit(self.below_bit.val()) {
            self.next_place.next = self.before.val() + self.windows_m1.val() + 1;
        } else if self.control.val().get_bit(self.beside_bit.val()) {
            self.next_place.next = self.first.q.val() + 1;
        }
        if self.control.val().get_bit(self.swap_bit.val()) {
            self.next_place.next = 0.into();
        }
        self.place.next = self.before.val();
        if self.control.val().get_bit(0) {
            self.place.next = self.next_place.val();
            if !self.control.val().get_bit(self.below_bit.val()) {
                self.first.d.next = self.next_place.val();
            }
        }
    }
}
