use crate::rtl::prelude::*;
use crate::Arch;

/// Where in the weight buffer the weights of a step are, a ring: written in the order of their first use, read again for each position of their chunk.
///
/// A step's weights are there when its last line has come (`line_end`): `available` from the next cycle on, until the step is sent for the first time (`takes`).
/// Steps are read in the order in which they are sent, with `rewinds` beside the last one of a position from the chunk's first on again; `frees` beside
/// a step that is read for the last time. `room` while there is a place for another step's weights.
#[derive(LogicBlock)]
pub struct OsWeightRing {
    pub clock: Wire<In, Clk>,
    // Lines
    pub line_end: Wire<In>,
    pub room: Wire<Out>,
    pub write_place: Wire<Out>,
    // Steps that are sent
    pub takes: Wire<In>,
    pub available: Wire<Out>,
    // Steps that are read
    pub read: Wire<In>,
    pub rewinds: Wire<In>,
    pub frees: Wire<In>,
    pub read_place: Wire<Out>,
    waiting: Reg,
    held: Reg,
    filling: Reg,
    reading: Reg,
    /// The first place of the chunk.
    chunk: Reg,
    after: Wire<Local>,
    places: Const,
    last: Const,
}

impl OsWeightRing {
    /// The ring of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let places = arch.weight_steps();
        let (place, count) = (address_bits(places), count_bits(places));
        OsWeightRing {
            clock: Default::default(),
            line_end: Wire::bit(),
            room: Wire::bit(),
            write_place: Wire::unsigned(place),
            takes: Wire::bit(),
            available: Wire::bit(),
            read: Wire::bit(),
            rewinds: Wire::bit(),
            frees: Wire::bit(),
            read_place: Wire::unsigned(place),
            waiting: Reg::unsigned(count),
            held: Reg::unsigned(count),
            filling: Reg::unsigned(place),
            reading: Reg::unsigned(place),
            chunk: Reg::unsigned(place),
            after: Wire::unsigned(place),
            places: Const::new(places),
            last: Const::new(places - 1),
        }
    }
}

impl Logic for OsWeightRing {
    describe!("os_weight_ring", "Places of the weight buffer: which is filled, which is read.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, waiting, held, filling, reading, chunk);
        self.available.next = self.waiting.q.val().any().into();
        self.room.next = (self.held.q.val() != self.places.val()).into();
        self.write_place.next = self.filling.q.val();
        self.read_place.next = self.reading.q.val();
        if self.line_end.val().any() {
            self.filling.d.next = self.filling.q.val() + 1;
            if self.filling.q.val() == self.last.val() {
                self.filling.d.next = 0.into();
            }
        }
        if self.line_end.val().any() && !self.takes.val().any() {
            self.waiting.d.next = self.waiting.q.val() + 1;
        } else if !self.line_end.val().any() && self.takes.val().any() {
            self.waiting.d.next = self.waiting.q.val() - 1;
        }
        if self.line_end.val().any() && !self.frees.val().any() {
            self.held.d.next = self.held.q.val() + 1;
        } else if !self.line_end.val().any() && self.frees.val().any() {
            self.held.d.next = self.held.q.val() - 1;
        }

        self.after.next = self.reading.q.val() + 1;
        if self.reading.q.val() == self.last.val() {
            self.after.next = 0.into();
        }
        if self.read.val().any() {
            self.reading.d.next = self.after.val();
            if self.rewinds.val().any() {
                self.reading.d.next = self.chunk.q.val();
            }
            if self.frees.val().any() {
                self.chunk.d.next = self.after.val();
            }
        }
    }
}
