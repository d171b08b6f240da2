use crate::arch::FILTER_BUS_WORDS;
use crate::rtl::prelude::*;

/// Takes lines of up to four filter words and gives the words one a cycle.
///
/// A line of n words has them in its n upper places, the first one lowest, so that a line ends as its highest place has been given. Latency: 1 cycle.
/// Lines follow each other without a gap: a line is taken in the cycle in which the last word of the one before leaves. `line.ready` comes from a
/// register alone, as `room_next` says a cycle ahead whether that word will leave.
#[derive(LogicBlock)]
pub struct LineUnpacker {
    pub clock: Wire<In, Clk>,
    pub line: StreamIn,
    /// Place of the line's first word.
    pub first: Wire<In>,
    pub word: StreamOut,
    /// What `word.ready` will be in the next cycle.
    pub room_next: Wire<In>,
    held: Reg,
    /// Place of the word that is given. With none it is not the last one.
    at: Reg,
    /// A word is held that does not leave as a line's last in this cycle.
    shut: Reg,
    at_next: Wire<Local>,
    width: Const,
}

impl LineUnpacker {
    /// An unpacker of lines of four `width`-bit words.
    pub fn new(width: usize) -> Self {
        let place = address_bits(FILTER_BUS_WORDS);
        LineUnpacker {
            clock: Default::default(),
            line: StreamIn::new(FILTER_BUS_WORDS * width, false),
            first: Wire::unsigned(place),
            word: StreamOut::new(width, true),
            room_next: Wire::bit(),
            held: Reg::data(FILTER_BUS_WORDS * width, false),
            at: Reg::unsigned(place),
            shut: Reg::bit(),
            at_next: Wire::unsigned(place),
            width: Const::new(width),
        }
    }
}

impl Logic for LineUnpacker {
    describe!("line_unpacker", "Turns lines of up to four words into words, one a cycle.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held, at, shut);
        // A line's last word that is not held back leaves in this cycle.
        self.word.valid.next = (self.shut.q.val().any() || self.at.q.val() == 3).into();
        // Chosen, not shifted: a line that stays where it is takes no gate a bit to hold.
        self.word.payload.next = self.held.q.val();
        for i in 1..4 {
            if self.at.q.val() == i {
                self.word.payload.next = self.held.q.val() >> (i * self.width.index());
            }
        }
        self.line.ready.next = (!self.shut.q.val().any()).into();

        self.at_next.next = self.at.q.val();
        if self.word.valid.val().any() && self.word.ready.val().any() {
            self.at_next.next = self.at.q.val() + 1;
        }
        if self.line.valid.val().any() && !self.shut.q.val().any() {
            self.at_next.next = self.first.val();
            self.held.d.next = self.line.payload.val();
        }
        self.at.d.next = self.at_next.val();
        self.shut.d.next = ((self.shut.q.val().any() || self.line.valid.val().any())
            && (self.at_next.val() != 3 || !self.room_next.val().any()))
        .into();
    }
}
