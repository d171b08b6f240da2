use crate::rtl::prelude::*;
use crate::Arch;

/// The pieces of a filter along its rows, or its columns: for each phase (first tap, less than the stride), at most K taps at a time, a stride apart.
///
/// `taps` are those of the current piece; `advance` steps to the next one, and from the last one to the first. The first piece stands in the cycle after `start`.
#[derive(LogicBlock)]
pub struct ConvPhaseLoops {
    pub clock: Wire<In, Clk>,
    /// Phases, less one; of these, the first `long_phases` have `phase_taps` taps, the others one less.
    pub phases_m1: Wire<In>,
    pub long_phases: Wire<In>,
    pub phase_taps: Wire<In>,
    pub start: Wire<In>,
    pub advance: Wire<In>,
    pub taps: Wire<Out>,
    /// The phase has another piece.
    pub more: Wire<Out>,
    /// The last piece.
    pub last: Wire<Out>,
    phase: Reg,
    /// Taps of the phase that are left, those of the piece included.
    left: Reg,
    has_more: Wire<Local>,
    kernel: Const,
}

impl ConvPhaseLoops {
    /// The loops for `arch`.
    pub fn new(arch: &Arch) -> Self {
        ConvPhaseLoops {
            clock: Default::default(),
            phases_m1: Wire::unsigned(16),
            long_phases: Wire::unsigned(16),
            phase_taps: Wire::unsigned(16),
            start: Wire::bit(),
            advance: Wire::bit(),
            taps: Wire::unsigned(count_bits(arch.kernel())),
            more: Wire::bit(),
            last: Wire::bit(),
            phase: Reg::unsigned(16),
            left: Reg::unsigned(16),
            has_more: Wire::bit(),
            kernel: Const::new(arch.kernel()),
        }
    }
}

impl Logic for ConvPhaseLoops {
    describe!(
        "conv_phase_loops",
        "Pieces of a filter along its rows or columns: phases of the stride, K taps at a time."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, phase, left);
        self.has_more.next = (self.left.q.val() > self.kernel.val()).into();
        self.more.next = self.has_more.val();
        self.last.next = (!self.has_more.val().any() && self.phase.q.val() == self.phases_m1.val()).into();
        self.taps.next = self.left.q.val();
        if self.has_more.val().any() {
            self.taps.next = self.kernel.val();
        }
        if self.advance.val().any() {
            if self.has_more.val().any() {
                self.left.d.next = self.left.q.val() - self.kernel.val();
            } else {
                self.phase.d.next = self.phase.q.val() + 1;
                self.left.d.next = self.phase_taps.val();
                if self.phase.q.val() == self.phases_m1.val() {
                    self.phase.d.next = 0.into();
                } else if self.phase.q.val() + 1 >= self.long_phases.val() {
                    self.left.d.next = self.phase_taps.val() - 1;
                }
            }
        }
        if self.start.val().any() {
            self.phase.d.next = 0.into();
            self.left.d.next = self.phase_taps.val();
        }
    }
}
