use crate::matrix::MatrixMultiplier;
use crate::rtl::prelude::*;
use crate::Arch;

/// One processing element of an input-stationary array: a multiplier and the ifmap word that it holds.
///
/// `addend = (held · weight) >>> psum_shift`, cut to P bits, if it `adds`, otherwise 0. Words are W bits signed, products exact at 2W bits.
///
/// Latency: the word that comes with `take` in cycle c is held from c + 1 on. The weight that comes with `load` in cycle c is multiplied by the word of c + 1; its
/// addend is there in c + 3, if `adds` in c + 2.
#[derive(LogicBlock)]
pub struct IsPe {
    pub clock: Wire<In, Clk>,
    pub psum_shift: Wire<In>,
    pub take: Wire<In>,
    pub word_in: Wire<In>,
    pub load: Wire<In>,
    pub weight_in: Wire<In>,
    pub adds: Wire<In>,
    pub addend: Wire<Out>,
    multiplier: MatrixMultiplier,
    held: Reg,
}

impl IsPe {
    /// A PE of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let w = arch.width;
        IsPe {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            take: Wire::bit(),
            word_in: Wire::signed(w),
            load: Wire::bit(),
            weight_in: Wire::signed(w),
            adds: Wire::bit(),
            addend: Wire::signed(arch.psum_width),
            multiplier: MatrixMultiplier::new(arch),
            held: Reg::data(w, true),
        }
    }
}

impl Logic for IsPe {
    describe!("is_pe", "Input-stationary processing element: one MAC a cycle with the word that it holds.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held);
        if self.take.val().any() {
            self.held.d.next = self.word_in.val();
        }
        self.multiplier.clock.next = self.clock.val();
        self.multiplier.psum_shift.next = self.psum_shift.val();
        self.multiplier.load.next = self.load.val();
        self.multiplier.weight_in.next = self.weight_in.val();
        self.multiplier.act.next = self.held.q.val();
        self.multiplier.adds.next = self.adds.val();
        self.addend.next = self.multiplier.addend.val();
    }
}
