use crate::program::load;
use crate::rtl::prelude::*;

crate::slices! {
    /// The fields of `LOAD`.
    pub struct LoadFields, "load_fields", "Fields of a LOAD command.";
    fn new(word_address_bits: usize);
    words 1..6;
    address: load::ADDRESS, 64;
    glb_word: load::GLB_WORD, word_address_bits;
    run_m1: load::RUN_M1, 32;
    inner_m1: load::INNER_M1, 16;
    outer_m1: load::OUTER_M1, 16;
    inner_bytes: load::INNER_BYTES, 32;
    outer_bytes: load::OUTER_BYTES, 32;
    inner_words: load::INNER_WORDS, word_address_bits;
    outer_words: load::OUTER_WORDS, word_address_bits;
}

/// The loops of a LOAD command: a run of adjacent elements a step.
///
/// `start` begins with the command in `command` (words 1 to 5), which holds until `done`, high with its last run. Each run is
/// offered with the beats that it touches and with its place in its first beat; one run a cycle, from the cycle after `start`.
#[derive(LogicBlock)]
pub struct LoadWalker {
    pub clock: Wire<In, Clk>,
    pub start: Wire<In>,
    pub command: Vec<Wire<In>>,
    pub run_valid: Wire<Out>,
    pub run_ready: Wire<In>,
    /// Byte address of the run's first element.
    pub address: Wire<Out>,
    pub beats_m1: Wire<Out>,
    /// Element of the first beat that the run begins with.
    pub skip: Wire<Out>,
    pub elements_m1: Wire<Out>,
    /// Buffer word of the first element.
    pub word: Wire<Out>,
    /// This is the command's last run.
    pub last: Wire<Out>,
    pub active: Wire<Out>,
    fields: LoadFields,
    busy: Reg,
    inner: Reg,
    outer: Reg,
    turn_address: Reg,
    turn_word: Reg,
    run_address: Reg,
    run_word: Reg,
    inner_last: Wire<Local>,
    outer_last: Wire<Local>,
    next_address: Wire<Local>,
    next_word: Wire<Local>,
    offset: Wire<Local>,
    beat_shift: Const,
    word_shift: Const,
    rest: Const,
}

impl LoadWalker {
    /// For beats of `beat_bytes` and words of `word_bytes` bytes, in a buffer with this width of a word's address.
    pub fn new(beat_bytes: usize, word_bytes: usize, word_address_bits: usize, beats_bits: usize) -> Self {
        let beat_shift = beat_bytes.ilog2() as usize;
        LoadWalker {
            clock: Default::default(),
            start: Wire::bit(),
            command: (0..5).map(|_| Wire::unsigned(64)).collect(),
            run_valid: Wire::bit(),
            run_ready: Wire::bit(),
            address: Wire::unsigned(64),
            beats_m1: Wire::unsigned(beats_bits),
            skip: Wire::unsigned(address_bits(beat_bytes / word_bytes)),
            elements_m1: Wire::unsigned(32),
            word: Wire::unsigned(word_address_bits),
            last: Wire::bit(),
            active: Wire::bit(),
            fields: LoadFields::new(word_address_bits),
            busy: Reg::bit(),
            inner: Reg::data(16, false),
            outer: Reg::data(16, false),
            turn_address: Reg::data(64, false),
            turn_word: Reg::data(word_address_bits, false),
            run_address: Reg::data(64, false),
            run_word: Reg::data(word_address_bits, false),
            inner_last: Wire::bit(),
            outer_last: Wire::bit(),
            next_address: Wire::unsigned(64),
            next_word: Wire::unsigned(word_address_bits),
            offset: Wire::unsigned(beat_shift),
            beat_shift: Const::new(beat_shift),
            word_shift: Const::new(word_bytes.ilog2() as usize),
            rest: Const::new(word_bytes - 1),
        }
    }
}

impl Logic for LoadWalker {
    describe!("load_walker", "Loops of a LOAD command: a run of adjacent elements a step.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, busy, inner, outer, turn_address, turn_word, run_address, run_word);
        for i in 0..5 {
            self.fields.source[i].next = self.command[i].val();
        }

        self.active.next = self.busy.q.val();
        self.run_valid.next = self.busy.q.val();
        self.address.next = self.run_address.q.val();
        self.word.next = self.run_word.q.val();
        self.elements_m1.next = self.fields.run_m1.val();
        self.offset.next = self.run_address.q.val();
        self.skip.next = self.offset.val() >> self.word_shift.val();
        self.beats_m1.next =
            (self.offset.val() + (self.fields.run_m1.val() << self.word_shift.val()) + self.rest.val())
                >> self.beat_shift.val();

        self.inner_last.next = (self.inner.q.val() == self.fields.inner_m1.val()).into();
        self.outer_last.next = (self.outer.q.val() == self.fields.outer_m1.val()).into();
        self.last.next = (self.inner_last.val().any() && self.outer_last.val().any()).into();
        if self.inner_last.val().any() {
            self.next_address.next = self.turn_address.q.val() + self.fields.outer_bytes.val();
            self.next_word.next = self.turn_word.q.val() + self.fields.outer_words.val();
        } else {
            self.next_address.next = self.run_address.q.val() + self.fields.inner_bytes.val();
            self.next_word.next = self.run_word.q.val() + self.fields.inner_words.val();
        }

        if self.start.val().any() {
            self.busy.d.next = 1.into();
            self.inner.d.next = 0.into();
            self.outer.d.next = 0.into();
            self.run_address.d.next = self.fields.address.val();
            self.run_word.d.next = self.fields.glb_word.val();
            self.turn_address.d.next = self.fields.address.val();
            self.turn_word.d.next = self.fields.glb_word.val();
        } else if self.busy.q.val().any() && self.run_ready.val().any() {
            self.busy.d.next = (!self.last.val().any()).into();
            self.run_address.d.next = self.next_address.val();
            self.run_word.d.next = self.next_word.val();
            if self.inner_last.val().any() {
                self.inner.d.next = 0.into();
                self.outer.d.next = self.outer.q.val() + 1;
                self.turn_address.d.next = self.next_address.val();
                self.turn_word.d.next = self.next_word.val();
            } else {
                self.inner.d.next = self.inner.q.val() + 1;
            }
        }
    }
}
