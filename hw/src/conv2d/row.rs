use super::pe::ConvPe;
use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::rtl::prelude::*;

/// A row of the array, a tap of an engine: the pixel that its multipliers work on, and a PE for each column.
///
/// A pixel that comes in cycle c with `exists` (it is in a whole window, of an engine whose channel exists, and the piece has the tap) makes an `addend` in each column in
/// c + 3; with zero gating a zero is only counted, as `gated` in c + 1. What does not exist changes no operand.
#[derive(LogicBlock)]
pub struct ConvRow {
    pub clock: Wire<In, Clk>,
    pub psum_shift: Wire<In>,
    // Pixel
    pub exists: Wire<In>,
    pub pixel: Wire<In>,
    // Weights
    pub swap: Wire<In>,
    pub write: Wire<In>,
    pub write_group: Wire<In>,
    pub line: Wire<In>,
    /// By column.
    pub addend: Vec<Wire<Out>>,
    pub gated: Wire<Out>,
    pe: Vec<ConvPe>,
    operand: Reg,
    // Beside the operand, and beside its product
    adds_1: Reg,
    adds_2: Reg,
    is_gated: Reg,
    zero: Wire<Local>,
    adds: Wire<Local>,
    gates: Const,
    cols: Const,
    /// For each column, its group of four and where its word begins in a line.
    group_of: Vec<Const>,
    place_of: Vec<Const>,
}

impl ConvRow {
    /// A row of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let w = arch.width;
        ConvRow {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            exists: Wire::bit(),
            pixel: Wire::signed(w),
            swap: Wire::bit(),
            write: Wire::bit(),
            write_group: Wire::unsigned(address_bits(arch.cols.div_ceil(FILTER_BUS_WORDS))),
            line: Wire::unsigned(FILTER_BUS_WORDS * w),
            addend: (0..arch.cols).map(|_| Wire::signed(arch.psum_width)).collect(),
            gated: Wire::bit(),
            pe: (0..arch.cols).map(|_| ConvPe::new(arch)).collect(),
            operand: Reg::data(w, true),
            adds_1: Reg::bit(),
            adds_2: Reg::bit(),
            is_gated: Reg::bit(),
            zero: Wire::bit(),
            adds: Wire::bit(),
            gates: Const::new(arch.zero_gating as usize),
            cols: Const::new(arch.cols),
            group_of: (0..arch.cols).map(|c| Const::new(c / FILTER_BUS_WORDS)).collect(),
            place_of: (0..arch.cols).map(|c| Const::new(c % FILTER_BUS_WORDS * w)).collect(),
        }
    }
}

impl Logic for ConvRow {
    describe!("conv_row", "A tap of a convolution engine: the pixel in work, and a PE for each column.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, operand, adds_1, adds_2, is_gated);
        self.zero.next = 0.into();
        if self.gates.val().any() {
            self.zero.next = (self.pixel.val() == 0).into();
        }
        self.adds.next = (self.exists.val().any() && !self.zero.val().any()).into();
        self.is_gated.d.next = (self.exists.val().any() && self.zero.val().any()).into();
        self.gated.next = self.is_gated.q.val();
        if self.adds.val().any() {
            self.operand.d.next = self.pixel.val();
        }
        self.adds_1.d.next = self.adds.val();
        self.adds_2.d.next = self.adds_1.q.val();
        for c in 0..self.cols.index() {
            self.pe[c].clock.next = self.clock.val();
            self.pe[c].psum_shift.next = self.psum_shift.val();
            self.pe[c].load.next = (self.write.val().any() && self.write_group.val() == self.group_of[c].val()).into();
            self.pe[c].weight_in.next = self.line.val() >> self.place_of[c].val();
            self.pe[c].swap.next = self.swap.val();
            self.pe[c].act.next = self.operand.q.val();
            self.pe[c].adds.next = self.adds_2.q.val();
            self.addend[c].next = self.pe[c].addend.val();
        }
    }
}
