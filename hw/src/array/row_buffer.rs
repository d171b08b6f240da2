use crate::rtl::prelude::*;

/// The end of a Y-bus at a row: a word with its tag, put only while `ready`.
#[derive(Clone, Debug, LogicInterface)]
pub struct MulticastIn {
    pub put: Wire<In>,
    pub tag: Wire<In>,
    pub word: Wire<In>,
    pub ready: Wire<Out>,
}

impl MulticastIn {
    /// The end of a bus with words of `word_bits` bits.
    pub fn new(tag_bits: usize, word_bits: usize) -> Self {
        MulticastIn {
            put: Wire::bit(),
            tag: Wire::unsigned(tag_bits),
            word: Wire::unsigned(word_bits),
            ready: Wire::bit(),
        }
    }
}

/// Two words between the Y-bus and an X-bus of a multicast network, each with its tag.
///
/// Latency: 1 cycle; a word a cycle. `ready` and everything about the word that is offered come from registers alone.
#[derive(LogicBlock)]
pub struct RowBuffer {
    pub clock: Wire<In, Clk>,
    pub y_bus: MulticastIn,
    // To the X-bus
    pub valid: Wire<Out>,
    pub tag: Wire<Out>,
    pub word: Wire<Out>,
    /// The word that is offered has moved.
    pub take: Wire<In>,
    head_valid: Reg,
    head_tag: Reg,
    head_word: Reg,
    spare_valid: Reg,
    spare_tag: Reg,
    spare_word: Reg,
}

impl RowBuffer {
    /// A buffer of words of `word_bits` bits.
    pub fn new(tag_bits: usize, word_bits: usize) -> Self {
        RowBuffer {
            clock: Default::default(),
            y_bus: MulticastIn::new(tag_bits, word_bits),
            valid: Wire::bit(),
            tag: Wire::unsigned(tag_bits),
            word: Wire::unsigned(word_bits),
            take: Wire::bit(),
            head_valid: Reg::bit(),
            head_tag: Reg::unsigned(tag_bits),
            head_word: Reg::data(word_bits, false),
            spare_valid: Reg::bit(),
            spare_tag: Reg::unsigned(tag_bits),
            spare_word: Reg::data(word_bits, false),
        }
    }
}

impl Logic for RowBuffer {
    describe!("row_buffer", "Two tagged words between the Y-bus and an X-bus; all outputs are registers.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, head_valid, head_tag, head_word, spare_valid, spare_tag, spare_word);
        self.y_bus.ready.next = (!self.spare_valid.q.val().any()).into();
        self.valid.next = self.head_valid.q.val();
        self.tag.next = self.head_tag.q.val();
        self.word.next = self.head_word.q.val();

        if self.take.val().any() || !self.head_valid.q.val().any() {
            self.head_valid.d.next = (self.spare_valid.q.val().any() || self.y_bus.put.val().any()).into();
            self.spare_valid.d.next = 0.into();
            if self.spare_valid.q.val().any() {
                self.head_tag.d.next = self.spare_tag.q.val();
                self.head_word.d.next = self.spare_word.q.val();
            } else if self.y_bus.put.val().any() {
                self.head_tag.d.next = self.y_bus.tag.val();
                self.head_word.d.next = self.y_bus.word.val();
            }
        } else if self.y_bus.put.val().any() {
            self.spare_valid.d.next = 1.into();
            self.spare_tag.d.next = self.y_bus.tag.val();
            self.spare_word.d.next = self.y_bus.word.val();
        }
    }
}
