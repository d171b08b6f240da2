use crate::rtl::prelude::*;
use std::ops::BitOr;

/// A clock whose reset is also high while the bit is: `self.loader.clock.next = self.clock.val() | self.core_reset.val()`.
impl BitOr<Word> for Clk {
    type Output = Clk;

    #[inline]
    fn bitor(mut self, reset: Word) -> Clk {
        self.rst |= reset.any();
        self
    }
}

/// The host's reset of everything but the host port.
///
/// From a `request` on, `active` is high and keeps new transfers from beginning; once `drained` says that all have ended,
/// `core_reset` is high for a cycle, and then both are low.
#[derive(LogicBlock)]
pub struct SoftReset {
    pub clock: Wire<In, Clk>,
    pub request: Wire<In>,
    pub drained: Wire<In>,
    pub active: Wire<Out>,
    pub core_reset: Wire<Out>,
    draining: Reg,
    pulse: Reg,
}

impl Default for SoftReset {
    fn default() -> Self {
        SoftReset {
            clock: Default::default(),
            request: Wire::bit(),
            drained: Wire::bit(),
            active: Wire::bit(),
            core_reset: Wire::bit(),
            draining: Reg::bit(),
            pulse: Reg::bit(),
        }
    }
}

impl Logic for SoftReset {
    describe!("soft_reset", "Resets everything but the host port once all transfers to memory have ended.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, draining, pulse);
        self.active.next = self.draining.q.val();
        self.core_reset.next = self.pulse.q.val();
        self.pulse.d.next = 0.into();
        if self.pulse.q.val().any() {
            self.draining.d.next = 0.into();
        } else if self.draining.q.val().any() {
            self.pulse.d.next = self.drained.val();
        } else {
            self.draining.d.next = self.request.val();
        }
    }
}
