use crate::matrix::MatrixMultiplier;
use crate::rtl::prelude::*;
use crate::Arch;

/// One processing element of an output-stationary array (ShiDianNao, ISCA 2015): a multiplier and the psum that stays.
///
/// `psum = (first ? 0 : psum) + ((act · weight) >>> psum_shift)`, cut to P bits. Words are W bits signed, products exact at 2W bits. Finished psums go up: `leave` takes
/// this PE's to the register that otherwise passes on the one from below.
///
/// Latency: the weight that comes with `load` in cycle c is added in c + 3, with the `act` of c + 1, if `adds` in c + 2; `first` belongs to c + 3. A psum that is
/// complete in cycle d is `psum_out` in d + 1, if `leave` in d.
#[derive(LogicBlock)]
pub struct OsPe {
    pub clock: Wire<In, Clk>,
    pub psum_shift: Wire<In>,
    pub load: Wire<In>,
    pub weight_in: Wire<In>,
    pub act: Wire<In>,
    pub adds: Wire<In>,
    pub first: Wire<In>,
    pub leave: Wire<In>,
    pub psum_in: Wire<In>,
    pub psum_out: Wire<Out>,
    multiplier: MatrixMultiplier,
    psum: Reg,
    leaving: Reg,
}

impl OsPe {
    /// A PE of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (w, p) = (arch.width, arch.psum_width);
        OsPe {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            load: Wire::bit(),
            weight_in: Wire::signed(w),
            act: Wire::signed(w),
            adds: Wire::bit(),
            first: Wire::bit(),
            leave: Wire::bit(),
            psum_in: Wire::signed(p),
            psum_out: Wire::signed(p),
            multiplier: MatrixMultiplier::new(arch),
            psum: Reg::data(p, true),
            leaving: Reg::data(p, true),
        }
    }
}

impl Logic for OsPe {
    describe!("os_pe", "Output-stationary processing element: one MAC a cycle into a psum that stays.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, psum, leaving);
        self.multiplier.clock.next = self.clock.val();
        self.multiplier.psum_shift.next = self.psum_shift.val();
        self.multiplier.load.next = self.load.val();
        self.multiplier.weight_in.next = self.weight_in.val();
        self.multiplier.act.next = self.act.val();
        self.multiplier.adds.next = self.adds.val();
        self.psum.d.next = self.psum.q.val() + self.multiplier.addend.val();
        if self.first.val().any() {
            self.psum.d.next = self.multiplier.addend.val();
        }
        self.leaving.d.next = self.psum_in.val();
        if self.leave.val().any() {
            self.leaving.d.next = self.psum.q.val();
        }
        self.psum_out.next = self.leaving.q.val();
    }
}
