use crate::rtl::prelude::*;

/// Guards the next weights of the array: whether they are those of a whole weight tile, and whether they can be written.
///
/// The schedule, from the cycle k in which the walker launches a tile (`launch`): lines of the next tile have `room` from cycle k + `wait_cycles` + 1 on, so that
/// they come behind the swap of weights in every PE; `full` is high from the cycle after a tile's last line was taken (`line_end`).
#[derive(LogicBlock)]
pub struct WsNextWeights {
    pub clock: Wire<In, Clk>,
    pub line_end: Wire<In>,
    pub launch: Wire<In>,
    pub full: Wire<Out>,
    pub room: Wire<Out>,
    loaded: Reg,
    /// Cycles until a next weight may be written.
    wait: Reg,
    wait_cycles: Const,
}

impl WsNextWeights {
    /// A guard that waits so many cycles.
    pub fn new(wait_cycles: usize) -> Self {
        WsNextWeights {
            clock: Default::default(),
            line_end: Wire::bit(),
            launch: Wire::bit(),
            full: Wire::bit(),
            room: Wire::bit(),
            loaded: Reg::bit(),
            wait: Reg::unsigned(count_bits(wait_cycles)),
            wait_cycles: Const::new(wait_cycles),
        }
    }
}

impl Logic for WsNextWeights {
    describe!(
        "ws_next_weights",
        "Guards the next weights: loaded as a whole, written behind the swap of those before."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, loaded, wait);
        self.full.next = self.loaded.q.val();
        self.room.next = (!self.loaded.q.val().any() && !self.wait.q.val().any()).into();
        if self.wait.q.val().any() {
            self.wait.d.next = self.wait.q.val() - 1;
        }
        if self.line_end.val().any() {
            self.loaded.d.next = true.into();
        }
        if self.launch.val().any() {
            self.loaded.d.next = false.into();
            self.wait.d.next = self.wait_cycles.val();
        }
    }
}
