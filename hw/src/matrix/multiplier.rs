use crate::rtl::prelude::*;
use crate::Arch;

/// One multiplier: `(act · weight) >>> psum_shift`, cut to P bits. Words are W bits signed, the product exact at 2W bits.
///
/// The weight that comes with `load` in cycle c is multiplied by the `act` of cycle c + 1; the shifted product is `addend` in cycle c + 3, if `adds` in
/// cycle c + 2, otherwise 0. Without `load` the multiplier's operand stays as it is.
#[derive(LogicBlock)]
pub struct MatrixMultiplier {
    pub clock: Wire<In, Clk>,
    pub psum_shift: Wire<In>,
    pub load: Wire<In>,
    pub weight_in: Wire<In>,
    pub act: Wire<In>,
    pub adds: Wire<In>,
    pub addend: Wire<Out>,
    weight: Reg,
    product: Reg,
    shifted: Reg,
}

impl MatrixMultiplier {
    /// A multiplier of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (w, p) = (arch.width, arch.psum_width);
        MatrixMultiplier {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            load: Wire::bit(),
            weight_in: Wire::signed(w),
            act: Wire::signed(w),
            adds: Wire::bit(),
            addend: Wire::signed(p),
            weight: Reg::data(w, true),
            product: Reg::data(2 * w, true),
            shifted: Reg::data(p, true),
        }
    }
}

impl Logic for MatrixMultiplier {
    describe!("matrix_multiplier", "A weight of the weight buffer times a multicast activation.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, weight, product, shifted);
        if self.load.val().any() {
            self.weight.d.next = self.weight_in.val();
        }
        self.product.d.next = self.act.val() * self.weight.q.val();
        self.shifted.d.next = 0.into();
        if self.adds.val().any() {
            self.shifted.d.next = self.product.q.val() >> self.psum_shift.val();
        }
        self.addend.next = self.shifted.q.val();
    }
}
