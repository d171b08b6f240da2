use crate::arch::FILTER_BUS_WORDS;
use crate::rtl::prelude::*;

/// Takes lines of up to four filter words and gives the words one a cycle.
///
/// A line of n words has them in its n lower places, the first one lowest. Latency: 1 cycle. Lines follow each other without a gap:
/// a line is taken in the cycle in which the last word of the one before leaves.
#[derive(LogicBlock)]
pub struct LineUnpacker {
    pub clock: Wire<In, Clk>,
    pub line: StreamIn,
    /// Words in the line, 1 to 4.
    pub line_words: Wire<In>,
    pub word: StreamOut,
    held: Reg,
    /// Number of the word of the held line that is given.
    at: Reg,
    /// Words of the held line that are still to be given.
    left: Reg,
    width: Const,
}

impl LineUnpacker {
    /// An unpacker of lines of four `width`-bit words.
    pub fn new(width: usize) -> Self {
        LineUnpacker {
            clock: Default::default(),
            line: StreamIn::new(FILTER_BUS_WORDS * width, false),
            line_words: Wire::unsigned(count_bits(FILTER_BUS_WORDS)),
            word: StreamOut::new(width, true),
            held: Reg::data(FILTER_BUS_WORDS * width, false),
            at: Reg::unsigned(address_bits(FILTER_BUS_WORDS)),
            left: Reg::unsigned(count_bits(FILTER_BUS_WORDS)),
            width: Const::new(width),
        }
    }
}

impl Logic for LineUnpacker {
    describe!("line_unpacker", "Turns lines of up to four words into words, one a cycle.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held, at, left);
        self.word.valid.next = self.left.q.val().any().into();
        // Chosen, not shifted: a line that stays where it is takes no gate a bit to hold.
        self.word.payload.next = self.held.q.val();
        for i in 1..4 {
            if self.at.q.val() == i {
                self.word.payload.next = self.held.q.val() >> (i * self.width.index());
            }
        }
        self.line.ready.next =
            (!self.left.q.val().any() || (self.left.q.val() == 1 && self.word.ready.val().any())).into();

        if self.left.q.val().any() && self.word.ready.val().any() {
            self.left.d.next = self.left.q.val() - 1;
            self.at.d.next = self.at.q.val() + 1;
        }
        if self.line.valid.val().any() && self.line.ready.val().any() {
            self.left.d.next = self.line_words.val();
            self.held.d.next = self.line.payload.val();
            self.at.d.next = 0.into();
        }
    }
}
