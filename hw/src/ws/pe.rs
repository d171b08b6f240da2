use crate::rtl::prelude::*;
use crate::Arch;

/// One processing element of a weight-stationary array (TPU, ISCA 2017, section 2).
///
/// `psum_out = psum_in + ((act · weight) >>> psum_shift)`, cut to P bits. Words are W bits signed, products exact at 2W bits.
/// It holds two weights: the one in use, and the next one, which `load` writes. An activation that comes with `swap` is the first of the next weight.
/// One without `adds` is passed on all the same, but holds the multiplier's operand and adds nothing.
///
/// Latency: 1 cycle from `act_in` to `act_out`. What comes as `act_in` in cycle c is added to the `psum_in` of cycle c + 3 (operand, product and
/// shifted product between them), and the sum is `psum_out` in cycle c + 4; so rows work one cycle behind each other.
#[derive(LogicBlock)]
pub struct WsPe {
    pub clock: Wire<In, Clk>,
    pub psum_shift: Wire<In>,
    // Next weight
    pub load: Wire<In>,
    pub weight_in: Wire<In>,
    // Left to right
    pub act_in: Wire<In>,
    pub adds_in: Wire<In>,
    pub swap_in: Wire<In>,
    pub act_out: Wire<Out>,
    pub adds_out: Wire<Out>,
    pub swap_out: Wire<Out>,
    // Down
    pub psum_in: Wire<In>,
    pub psum_out: Wire<Out>,
    next_weight: Reg,
    weight: Reg,
    act: Reg,
    adds: Reg,
    swap: Reg,
    operand: Reg,
    product: Reg,
    multiplied: Reg,
    addend: Reg,
    psum: Reg,
}

impl WsPe {
    /// A PE of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (w, p) = (arch.width, arch.psum_width);
        WsPe {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            load: Wire::bit(),
            weight_in: Wire::signed(w),
            act_in: Wire::signed(w),
            adds_in: Wire::bit(),
            swap_in: Wire::bit(),
            act_out: Wire::signed(w),
            adds_out: Wire::bit(),
            swap_out: Wire::bit(),
            psum_in: Wire::signed(p),
            psum_out: Wire::signed(p),
            next_weight: Reg::data(w, true),
            weight: Reg::data(w, true),
            act: Reg::data(w, true),
            adds: Reg::bit(),
            swap: Reg::bit(),
            operand: Reg::data(w, true),
            product: Reg::data(2 * w, true),
            multiplied: Reg::bit(),
            addend: Reg::data(p, true),
            psum: Reg::data(p, true),
        }
    }
}

impl Logic for WsPe {
    describe!("ws_pe", "Weight-stationary processing element: activations to the right, psums down, one MAC a cycle.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, next_weight, weight, act, adds, swap, operand, product, multiplied, addend, psum);
        if self.load.val().any() {
            self.next_weight.d.next = self.weight_in.val();
        }
        if self.swap_in.val().any() {
            self.weight.d.next = self.next_weight.q.val();
        }

        // Activations
        self.act.d.next = self.act_in.val();
        self.adds.d.next = self.adds_in.val();
        self.swap.d.next = self.swap_in.val();
        self.act_out.next = self.act.q.val();
        self.adds_out.next = self.adds.q.val();
        self.swap_out.next = self.swap.q.val();

        // Operand, product, shifted product, sum
        if self.adds_in.val().any() {
            self.operand.d.next = self.act_in.val();
        }
        self.product.d.next = self.operand.q.val() * self.weight.q.val();
        self.multiplied.d.next = self.adds.q.val();
        self.addend.d.next = 0.into();
        if self.multiplied.q.val().any() {
            self.addend.d.next = self.product.q.val() >> self.psum_shift.val();
        }
        self.psum.d.next = self.psum_in.val() + self.addend.q.val();
        self.psum_out.next = self.psum.q.val();
    }
}
