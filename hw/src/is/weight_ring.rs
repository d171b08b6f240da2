use super::tap_bits;
use crate::rtl::prelude::*;
use crate::Arch;

/// Where in the weight buffer a channel's weights are, a ring: written tap by tap, then read in any order until the channel is done.
///
/// A tap's weights are there when their last line has come (`line_end`). A channel is `available` when all of its `taps` are there, from the next cycle on, until
/// its first step (`takes`). `read_place` is that of the channel's tap number `tap`. `frees` comes with the channel's last step, whose weights are read
/// four cycles later; then there is `room` for as many others.
#[derive(LogicBlock)]
pub struct IsWeightRing {
    pub clock: Wire<In, Clk>,
    // Lines
    pub line_end: Wire<In>,
    pub room: Wire<Out>,
    pub write_place: Wire<Out>,
    // Steps that are sent
    pub taps: Wire<In>,
    pub takes: Wire<In>,
    pub frees: Wire<In>,
    pub available: Wire<Out>,
    pub tap: Wire<In>,
    pub read_place: Wire<Out>,
    waiting: Reg,
    held: Reg,
    filling: Reg,
    /// The channel's first place.
    base: Reg,
    /// Taps that are read for the last time, on their way.
    freed: Vec<Reg>,
    place: Wire<Local>,
    after: Wire<Local>,
    places: Const,
    last: Const,
    delays: Const,
}

/// Cycles from a step to the read of its weights.
pub(super) const READ: usize = 4;

impl IsWeightRing {
    /// The ring of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let places = arch.weight_steps();
        let (place, count) = (address_bits(places), count_bits(places));
        IsWeightRing {
            clock: Default::default(),
            line_end: Wire::bit(),
            room: Wire::bit(),
            write_place: Wire::unsigned(place),
            taps: Wire::unsigned(tap_bits(arch)),
            takes: Wire::bit(),
            frees: Wire::bit(),
            available: Wire::bit(),
            tap: Wire::unsigned(tap_bits(arch)),
            read_place: Wire::unsigned(place),
            waiting: Reg::unsigned(count),
            held: Reg::unsigned(count),
            filling: Reg::unsigned(place),
            base: Reg::unsigned(place),
            freed: (0..READ).map(|_| Reg::unsigned(tap_bits(arch))).collect(),
            place: Wire::unsigned(count + 1),
            after: Wire::unsigned(count + 1),
            places: Const::new(places),
            last: Const::new(places - 1),
            delays: Const::new(READ),
        }
    }
}

impl Logic for IsWeightRing {
    describe!("is_weight_ring", "Places of the weight buffer: which is filled, which is read.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, waiting, held, filling, base);
        self.available.next = (self.waiting.q.val() >= self.taps.val()).into();
        self.room.next = (self.held.q.val() != self.places.val()).into();
        self.write_place.next = self.filling.q.val();
        if self.line_end.val().any() {
            self.filling.d.next = self.filling.q.val() + 1;
            if self.filling.q.val() == self.last.val() {
                self.filling.d.next = 0.into();
            }
        }
        self.waiting.d.next = self.waiting.q.val() + self.line_end.val();
        if self.takes.val().any() {
            self.waiting.d.next = self.waiting.q.val() + self.line_end.val() - self.taps.val();
        }
        self.freed[0].d.next = 0.into();
        if self.frees.val().any() {
            self.freed[0].d.next = self.taps.val();
        }
        for i in 1..self.delays.index() {
            self.freed[i].d.next = self.freed[i - 1].q.val();
        }
        for i in 0..self.delays.index() {
            self.freed[i].clock.next = self.clock.val();
        }
        self.held.d.next = self.held.q.val() + self.line_end.val() - self.freed[self.delays.index() - 1].q.val();

        self.place.next = self.base.q.val() + self.tap.val();
        self.read_place.next = self.place.val();
        if self.place.val() >= self.places.val() {
            self.read_place.next = self.place.val() - self.places.val();
        }
        self.after.next = self.base.q.val() + self.taps.val();
        if self.frees.val().any() {
            self.base.d.next = self.after.val();
            if self.after.val() >= self.places.val() {
                self.base.d.next = self.after.val() - self.places.val();
            }
        }
    }
}
