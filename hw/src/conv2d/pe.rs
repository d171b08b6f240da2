use crate::matrix::MatrixMultiplier;
use crate::rtl::prelude::*;
use crate::Arch;

/// A PE: its weight, the next one, a multiplier.
///
/// A weight that comes with `load` in cycle c is the next one from c + 1 on. With `swap` in cycle c it becomes the weight by which the `act` of cycle c + 1 is multiplied; the rest as in
/// [`MatrixMultiplier`].
#[derive(LogicBlock)]
pub struct ConvPe {
    pub clock: Wire<In, Clk>,
    pub psum_shift: Wire<In>,
    // Weights
    pub load: Wire<In>,
    pub weight_in: Wire<In>,
    pub swap: Wire<In>,
    // Activation
    pub act: Wire<In>,
    pub adds: Wire<In>,
    pub addend: Wire<Out>,
    next_weight: Reg,
    multiplier: MatrixMultiplier,
}

impl ConvPe {
    /// A PE of `arch`.
    pub fn new(arch: &Arch) -> Self {
        ConvPe {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            load: Wire::bit(),
            weight_in: Wire::signed(arch.width),
            swap: Wire::bit(),
            act: Wire::signed(arch.width),
            adds: Wire::bit(),
            addend: Wire::signed(arch.psum_width),
            next_weight: Reg::data(arch.width, true),
            multiplier: MatrixMultiplier::new(arch),
        }
    }
}

impl Logic for ConvPe {
    describe!("conv_pe", "PE of a convolution engine: a weight, the next one, a multiplier.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, next_weight);
        if self.load.val().any() {
            self.next_weight.d.next = self.weight_in.val();
        }
        self.multiplier.clock.next = self.clock.val();
        self.multiplier.psum_shift.next = self.psum_shift.val();
        self.multiplier.load.next = self.swap.val();
        self.multiplier.weight_in.next = self.next_weight.q.val();
        self.multiplier.act.next = self.act.val();
        self.multiplier.adds.next = self.adds.val();
        self.addend.next = self.multiplier.addend.val();
    }
}
