use crate::arch::{Arch, TILE_ROWS, WINDOW_BITS};
use crate::rtl::prelude::*;

/// Where in the banks a drain's psums are, which it reads in the order (image, ofmap row, window): row y is in bank y mod rows, one place after the other
/// of an image's blocks of rows.
///
/// `bank` and `place` are those of the psum that is read in this cycle; number `position` 0 begins anew.
#[derive(LogicBlock)]
pub struct IsDrainPlaces {
    pub clock: Wire<In, Clk>,
    pub windows_m1: Wire<In>,
    pub rows_m1: Wire<In>,
    pub read: Wire<In>,
    pub position: Wire<In>,
    pub bank: Wire<Out>,
    pub place: Wire<Out>,
    // Of the psum that is next
    next_window: Reg,
    next_row: Reg,
    next_bank: Reg,
    next_base: Reg,
    // Of this one
    window: Wire<Local>,
    row: Wire<Local>,
    number: Wire<Local>,
    base: Wire<Local>,
    last_bank: Const,
}

impl IsDrainPlaces {
    /// The places of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (place, bank, row) = (address_bits(arch.bank_places()), address_bits(arch.rows), address_bits(TILE_ROWS));
        IsDrainPlaces {
            clock: Default::default(),
            windows_m1: Wire::unsigned(WINDOW_BITS),
            rows_m1: Wire::unsigned(row),
            read: Wire::bit(),
            position: Wire::unsigned(address_bits(arch.accumulators)),
            bank: Wire::unsigned(bank),
            place: Wire::unsigned(place),
            next_window: Reg::unsigned(WINDOW_BITS),
            next_row: Reg::unsigned(row),
            next_bank: Reg::unsigned(bank),
            next_base: Reg::unsigned(place),
            window: Wire::unsigned(WINDOW_BITS),
            row: Wire::unsigned(row),
            number: Wire::unsigned(bank),
            base: Wire::unsigned(place),
            last_bank: Const::new(arch.rows - 1),
        }
    }
}

impl Logic for IsDrainPlaces {
    describe!("is_drain_places", "Where in the banks a drain's psums are.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, next_window, next_row, next_bank, next_base);
        self.window.next = 0.into();
        self.row.next = 0.into();
        self.number.next = 0.into();
        self.base.next = 0.into();
        if self.position.val().any() {
            self.window.next = self.next_window.q.val();
            self.row.next = self.next_row.q.val();
            self.number.next = self.next_bank.q.val();
            self.base.next = self.next_base.q.val();
        }
        self.bank.next = self.number.val();
        self.place.next = self.base.val() + self.window.val();
        if self.read.val().any() {
            self.next_row.d.next = self.row.val();
            self.next_bank.d.next = self.number.val();
            self.next_base.d.next = self.base.val();
            self.next_window.d.next = self.window.val() + 1;
            if self.window.val() == self.windows_m1.val() {
                self.next_window.d.next = 0.into();
                self.next_row.d.next = self.row.val() + 1;
                self.next_bank.d.next = self.number.val() + 1;
                if self.row.val() == self.rows_m1.val() {
                    self.next_row.d.next = 0.into();
                }
                if self.number.val() == self.last_bank.val() || self.row.val() == self.rows_m1.val() {
                    self.next_bank.d.next = 0.into();
                    self.next_base.d.next = self.base.val() + self.windows_m1.val() + 1;
                }
            }
        }
    }
}
