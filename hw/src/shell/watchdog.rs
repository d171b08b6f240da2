use crate::rtl::prelude::*;

/// Counts cycles without progress; `expired` is high when `limit` of them have passed while `busy`. A limit of 0 never does.
#[derive(LogicBlock)]
pub struct Watchdog {
    pub clock: Wire<In, Clk>,
    pub busy: Wire<In>,
    pub progress: Wire<In>,
    pub limit: Wire<In>,
    pub expired: Wire<Out>,
    count: Reg,
}

impl Default for Watchdog {
    fn default() -> Self {
        Watchdog {
            clock: Default::default(),
            busy: Wire::bit(),
            progress: Wire::bit(),
            limit: Wire::unsigned(32),
            expired: Wire::bit(),
            count: Reg::unsigned(32),
        }
    }
}

impl Logic for Watchdog {
    describe!("watchdog", "Counts busy cycles without progress.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, count);
        self.expired.next = (self.limit.val().any() && self.count.q.val() >= self.limit.val()).into();
        if !self.busy.val().any() || self.progress.val().any() {
            self.count.d.next = 0.into();
        } else if !self.expired.val().any() {
            self.count.d.next = self.count.q.val() + 1;
        }
    }
}
