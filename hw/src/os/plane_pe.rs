use super::{OsPastWords, OsPe, PASSED_HEADS};
use crate::rtl::prelude::*;
use crate::Arch;

/// One processing element of an array of one ofmap plane: the ifmap word that it multiplies, which it gives to its left neighbour, the heads that it keeps for the row above, and [`OsPe`].
///
/// In a `step` that is a `head` its word is a `fresh` one, which may have come with an earlier read of the head (`takes_fresh`), or, with `takes_below`, what the PE below keeps; in other steps its right neighbour's (`beside`).
/// With zero gating a zero does not change the multiplier's operands.
///
/// Latencies, of a step that comes in cycle c: its word is `word` in c + 1, with `gated` if the PE has a psum for it (`active`) and does not multiply it. Its weight comes in c + 1; it is
/// added in c + 4, to 0 with the `first` of c + 4. The head is `kept` until the next `PASSED_HEADS` have come, the one of `stride` heads before the head of c in cycle c. A psum that is complete in cycle d is `psum_out` in d + 1, with the `leave` of d.
#[derive(LogicBlock)]
pub struct OsPlanePe {
    pub clock: Wire<In, Clk>,
    pub psum_shift: Wire<In>,
    pub stride: Wire<In>,
    // Step
    pub step: Wire<In>,
    pub head: Wire<In>,
    pub active: Wire<In>,
    // Words
    pub takes_fresh: Wire<In>,
    pub takes_below: Wire<In>,
    pub fresh: Wire<In>,
    pub below: Wire<In>,
    pub beside: Wire<In>,
    pub word: Wire<Out>,
    pub kept: Wire<Out>,
    pub gated: Wire<Out>,
    // Weight and psum
    pub weight: Wire<In>,
    pub first: Wire<In>,
    pub leave: Wire<In>,
    pub psum_in: Wire<In>,
    pub psum_out: Wire<Out>,
    kept_heads: OsPastWords,
    pe: OsPe,
    value: Wire<Local>,
    zero: Wire<Local>,
    current: Reg,
    latest: Reg,
    gated_0: Reg,
    adds_0: Reg,
    adds_1: Reg,
    adds_2: Reg,
    operand: Reg,
    gates: Const,
}

impl OsPlanePe {
    /// A PE of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (w, p) = (arch.width, arch.psum_width);
        OsPlanePe {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            stride: Wire::unsigned(count_bits(PASSED_HEADS)),
            step: Wire::bit(),
            head: Wire::bit(),
            active: Wire::bit(),
            takes_fresh: Wire::bit(),
            takes_below: Wire::bit(),
            fresh: Wire::signed(w),
            below: Wire::signed(w),
            beside: Wire::signed(w),
            word: Wire::signed(w),
            kept: Wire::signed(w),
            gated: Wire::bit(),
            weight: Wire::signed(w),
            first: Wire::bit(),
            leave: Wire::bit(),
            psum_in: Wire::signed(p),
            psum_out: Wire::signed(p),
            kept_heads: OsPastWords::new(arch, PASSED_HEADS),
            pe: OsPe::new(arch),
            value: Wire::signed(w),
            zero: Wire::bit(),
            current: Reg::data(w, true),
            latest: Reg::data(w, true),
            gated_0: Reg::bit(),
            adds_0: Reg::bit(),
            adds_1: Reg::bit(),
            adds_2: Reg::bit(),
            operand: Reg::data(w, true),
            gates: Const::new(arch.zero_gating as usize),
        }
    }
}

impl Logic for OsPlanePe {
    describe!(
        "os_plane_pe",
        "Output-stationary processing element of a plane: words from its neighbours, a psum that stays."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, current, latest, gated_0, adds_0, adds_1, adds_2, operand);
        // The word
        self.value.next = self.current.q.val();
        if self.takes_fresh.val().any() {
            self.value.next = self.fresh.val();
        } else if self.takes_below.val().any() {
            self.value.next = self.below.val();
        } else if self.step.val().any() && !self.head.val().any() {
            self.value.next = self.beside.val();
        }
        self.zero.next = 0.into();
        if self.gates.val().any() {
            self.zero.next = (self.value.val() == 0).into();
        }
        self.current.d.next = self.value.val();
        if self.step.val().any() && self.head.val().any() {
            self.latest.d.next = self.value.val();
        }
        self.word.next = self.current.q.val();
        self.kept_heads.clock.next = self.clock.val();
        self.kept_heads.stride.next = self.stride.val();
        self.kept_heads.step.next = self.step.val() & self.head.val();
        self.kept_heads.word.next = self.latest.q.val();
        self.kept.next = self.kept_heads.past.val();
        self.gated_0.d.next = self.step.val() & self.active.val() & self.zero.val();
        self.gated.next = self.gated_0.q.val();

        // Its MAC
        self.adds_0.d.next = self.step.val() & self.active.val() & !self.zero.val();
        self.adds_1.d.next = self.adds_0.q.val();
        self.adds_2.d.next = self.adds_1.q.val();
        if self.adds_0.q.val().any() {
            self.operand.d.next = self.current.q.val();
        }
        self.pe.clock.next = self.clock.val();
        self.pe.psum_shift.next = self.psum_shift.val();
        self.pe.load.next = self.adds_0.q.val();
        self.pe.weight_in.next = self.weight.val();
        self.pe.act.next = self.operand.q.val();
        self.pe.adds.next = self.adds_2.q.val();
        self.pe.first.next = self.first.val();
        self.pe.leave.next = self.leave.val();
        self.pe.psum_in.next = self.psum_in.val();
        self.psum_out.next = self.pe.psum_out.val();
    }
}
