use crate::rtl::prelude::*;
use std::ops::{BitOr, Shl};

/// A clock whose reset is also high while the bit is: `self.control.clock.next = self.clock.val() | self.shell_reset.val()`.
impl BitOr<Word> for Clk {
    type Output = Clk;

    #[inline]
    fn bitor(mut self, reset: Word) -> Clk {
        self.rst |= reset.any();
        self
    }
}

/// A clock with the bit as its reset: `self.loader.clock.next = self.clock.val() << self.shell_reset.val()`. The bit is a register's that the clock's
/// own reset makes 1, so that it follows that a cycle later, and nothing lies between a register and all that is reset.
impl Shl<Word> for Clk {
    type Output = Clk;

    #[inline]
    fn shl(mut self, reset: Word) -> Clk {
        self.rst = reset.any();
        self
    }
}

/// The host's reset of everything but the host port.
///
/// From a `request` on, `active` is high and keeps new transfers from beginning; once `drained` says that all have ended,
/// `shell_reset` is high for two cycles, then `active` falls. `core_reset` follows `shell_reset` a cycle later: the shell is still in reset in the first
/// cycle of the core's, in which the core may post something. Both are high from the first edge in reset to one and two cycles behind the last.
#[derive(LogicBlock)]
pub struct SoftReset {
    pub clock: Wire<In, Clk>,
    pub request: Wire<In>,
    pub drained: Wire<In>,
    pub active: Wire<Out>,
    pub shell_reset: Wire<Out>,
    pub core_reset: Wire<Out>,
    draining: Reg,
    shell: Reg,
    core: Reg,
}

impl Default for SoftReset {
    fn default() -> Self {
        SoftReset {
            clock: Default::default(),
            request: Wire::bit(),
            drained: Wire::bit(),
            active: Wire::bit(),
            shell_reset: Wire::bit(),
            core_reset: Wire::bit(),
            draining: Reg::bit(),
            shell: Reg::new(1, false, 1),
            core: Reg::new(1, false, 1),
        }
    }
}

impl Logic for SoftReset {
    describe!("soft_reset", "Resets everything but the host port once all transfers to memory have ended.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, draining, shell, core);
        self.active.next = self.draining.q.val();
        self.shell_reset.next = self.shell.q.val();
        self.core_reset.next = self.core.q.val();
        self.core.d.next = self.shell.q.val();
        self.shell.d.next = 0.into();
        if self.core.q.val().any() {
            self.draining.d.next = 0.into();
        } else if self.draining.q.val().any() {
            self.shell.d.next = self.drained.val();
        } else {
            self.draining.d.next = self.request.val();
        }
    }
}
