use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::rtl::prelude::*;

/// Where in the weight buffer of an array of one ofmap plane the weights of its steps are, a ring of lines of four, written in the order of their first use, read again for each position of their chunk.
///
/// A line's weights are there when it has come (`line_end`): `available` from the next cycle on, until their steps are sent for the first time (`takes`; `takes_last` beside the last step
/// of a pass, whose line has nothing behind it). Steps are read in the order in which they are sent, with `rewinds` beside the last one of a position from the chunk's first on again; `frees` beside
/// a step that is read for the last time, `frees_last` beside the last of a pass. `room` while there is a place for another line.
#[derive(LogicBlock)]
pub struct OsPlaneWeightRing {
    pub clock: Wire<In, Clk>,
    // Lines
    pub line_end: Wire<In>,
    pub room: Wire<Out>,
    pub write_place: Wire<Out>,
    // Steps that are sent
    pub takes: Wire<In>,
    pub takes_last: Wire<In>,
    pub available: Wire<Out>,
    // Steps that are read: the line, and the word in it
    pub read: Wire<In>,
    pub rewinds: Wire<In>,
    pub frees: Wire<In>,
    pub frees_last: Wire<In>,
    pub read_place: Wire<Out>,
    pub read_word: Wire<Out>,
    /// Lines of which no step has been sent, and steps of the line in work that have been.
    waiting: Reg,
    taken: Reg,
    held: Reg,
    filling: Reg,
    reading: Reg,
    word: Reg,
    /// Where the chunk begins.
    chunk: Reg,
    chunk_word: Reg,
    takes_line: Wire<Local>,
    frees_line: Wire<Local>,
    after: Wire<Local>,
    after_word: Wire<Local>,
    places: Const,
    last: Const,
    last_word: Const,
}

impl OsPlaneWeightRing {
    /// The ring of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let places = arch.weight_steps() / FILTER_BUS_WORDS;
        let (place, count) = (address_bits(places), count_bits(places));
        let word = address_bits(FILTER_BUS_WORDS);
        OsPlaneWeightRing {
            clock: Default::default(),
            line_end: Wire::bit(),
            room: Wire::bit(),
            write_place: Wire::unsigned(place),
            takes: Wire::bit(),
            takes_last: Wire::bit(),
            available: Wire::bit(),
            read: Wire::bit(),
            rewinds: Wire::bit(),
            frees: Wire::bit(),
            frees_last: Wire::bit(),
            read_place: Wire::unsigned(place),
            read_word: Wire::unsigned(word),
            waiting: Reg::unsigned(count),
            taken: Reg::unsigned(word),
            held: Reg::unsigned(count),
            filling: Reg::unsigned(place),
            reading: Reg::unsigned(place),
            word: Reg::unsigned(word),
            chunk: Reg::unsigned(place),
            chunk_word: Reg::unsigned(word),
            takes_line: Wire::bit(),
            frees_line: Wire::bit(),
            after: Wire::unsigned(place),
            after_word: Wire::unsigned(word),
            places: Const::new(places),
            last: Const::new(places - 1),
            last_word: Const::new(FILTER_BUS_WORDS - 1),
        }
    }
}

impl Logic for OsPlaneWeightRing {
    describe!("os_plane_weight_ring", "Lines of the weight buffer: which is filled, which word of which is read.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, waiting, taken, held, filling, reading, word, chunk, chunk_word);
        // A line waits until its last step has been sent.
        self.available.next = self.waiting.q.val().any().into();
        self.room.next = (self.held.q.val() != self.places.val()).into();
        self.write_place.next = self.filling.q.val();
        self.read_place.next = self.reading.q.val();
        self.read_word.next = self.word.q.val();
        if self.line_end.val().any() {
            self.filling.d.next = self.filling.q.val() + 1;
            if self.filling.q.val() == self.last.val() {
                self.filling.d.next = 0.into();
            }
        }
        self.takes_line.next = (self.takes.val().any()
            && (self.taken.q.val() == self.last_word.val() || self.takes_last.val().any()))
        .into();
        if self.takes.val().any() {
            self.taken.d.next = self.taken.q.val() + 1;
            if self.takes_last.val().any() {
                self.taken.d.next = 0.into();
            }
        }
        if self.line_end.val().any() && !self.takes_line.val().any() {
            self.waiting.d.next = self.waiting.q.val() + 1;
        } else if !self.line_end.val().any() && self.takes_line.val().any() {
            self.waiting.d.next = self.waiting.q.val() - 1;
        }

        self.after.next = self.reading.q.val();
        self.after_word.next = self.word.q.val() + 1;
        self.frees_line.next = (self.read.val().any()
            && self.frees.val().any()
            && (self.word.q.val() == self.last_word.val() || self.frees_last.val().any()))
        .into();
        if self.word.q.val() == self.last_word.val() || self.frees_last.val().any() {
            self.after_word.next = 0.into();
            self.after.next = self.reading.q.val() + 1;
            if self.reading.q.val() == self.last.val() {
                self.after.next = 0.into();
            }
        }
        if self.line_end.val().any() && !self.frees_line.val().any() {
            self.held.d.next = self.held.q.val() + 1;
        } else if !self.line_end.val().any() && self.frees_line.val().any() {
            self.held.d.next = self.held.q.val() - 1;
        }
        if self.read.val().any() {
            self.reading.d.next = self.after.val();
            self.word.d.next = self.after_word.val();
            if self.rewinds.val().any() {
                self.reading.d.next = self.chunk.q.val();
                self.word.d.next = self.chunk_word.q.val();
            }
            if self.frees.val().any() {
                self.chunk.d.next = self.after.val();
                self.chunk_word.d.next = self.after_word.val();
            }
        }
    }
}
