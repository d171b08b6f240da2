use crate::rtl::prelude::*;
use crate::Arch;

/// The slots of the weight buffer, a weight tile each, filled and used in turns.
///
/// A slot is filled by the lines that come while it is `write_slot`, up to `line_end`. It is used from the cycle after `swap` on, when it becomes `read_slot`,
/// to the cycle of the next `swap`, from whose following cycle on it may be filled again. `full` is high while there is a filled slot that has not been
/// launched, from the cycle after its `line_end` on; `room` while there is a slot to fill. A `clear` ends the use of the last one, at a time when nothing is on its way.
#[derive(LogicBlock)]
pub struct NlrWeightSlots {
    pub clock: Wire<In, Clk>,
    pub clear: Wire<In>,
    pub line_end: Wire<In>,
    pub launch: Wire<In>,
    pub swap: Wire<In>,
    pub full: Wire<Out>,
    pub room: Wire<Out>,
    pub write_slot: Wire<Out>,
    pub read_slot: Wire<Out>,
    /// Slots filled but not launched, and those filled but not yet behind their use.
    waiting: Reg,
    held: Reg,
    /// There has been a swap: the slot before the next one is in use.
    used: Reg,
    filling: Reg,
    upcoming: Reg,
    current: Reg,
    slots: Const,
    last: Const,
}

impl NlrWeightSlots {
    /// The slots of the weight buffer of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (slots, slot) = (arch.weight_tiles, address_bits(arch.weight_tiles));
        NlrWeightSlots {
            clock: Default::default(),
            clear: Wire::bit(),
            line_end: Wire::bit(),
            launch: Wire::bit(),
            swap: Wire::bit(),
            full: Wire::bit(),
            room: Wire::bit(),
            write_slot: Wire::unsigned(slot),
            read_slot: Wire::unsigned(slot),
            waiting: Reg::unsigned(count_bits(slots)),
            held: Reg::unsigned(count_bits(slots)),
            used: Reg::bit(),
            filling: Reg::unsigned(slot),
            upcoming: Reg::unsigned(slot),
            current: Reg::unsigned(slot),
            slots: Const::new(slots),
            last: Const::new(slots - 1),
        }
    }
}

impl Logic for NlrWeightSlots {
    describe!("nlr_weight_slots", "Slots of the weight buffer: which is filled, which is used.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, waiting, held, used, filling, upcoming, current);
        self.full.next = self.waiting.q.val().any().into();
        self.room.next = (self.held.q.val() != self.slots.val()).into();
        self.write_slot.next = self.filling.q.val();
        self.read_slot.next = self.current.q.val();
        if self.line_end.val().any() {
            self.filling.d.next = self.filling.q.val() + 1;
            if self.filling.q.val() == self.last.val() {
                self.filling.d.next = 0.into();
            }
        }
        if self.swap.val().any() {
            self.used.d.next = true.into();
            self.current.d.next = self.upcoming.q.val();
            self.upcoming.d.next = self.upcoming.q.val() + 1;
            if self.upcoming.q.val() == self.last.val() {
                self.upcoming.d.next = 0.into();
            }
        }
        if self.line_end.val().any() && !self.launch.val().any() {
            self.waiting.d.next = self.waiting.q.val() + 1;
        } else if !self.line_end.val().any() && self.launch.val().any() {
            self.waiting.d.next = self.waiting.q.val() - 1;
        }
        if self.line_end.val().any() && !(self.swap.val().any() && self.used.q.val().any()) {
            self.held.d.next = self.held.q.val() + 1;
        } else if !self.line_end.val().any() && self.swap.val().any() && self.used.q.val().any() {
            self.held.d.next = self.held.q.val() - 1;
        }
        if self.clear.val().any() {
            self.used.d.next = false.into();
            self.held.d.next = 0.into();
        }
    }
}
