use crate::rlc::{pairs, CODE_BITS, MAX_RUN, RUN_BITS};
use crate::rtl::prelude::*;
use crate::Arch;

/// Makes a slot of [`crate::rlc`] of a stream of words: its codes, and behind them, with `is_head`, their number.
///
/// A code is offered in the cycle after the word that fills it, or after the stream's last. Rate: a word a cycle, as long as each code is taken
/// before the next is full; at the end none until their number has been taken.
#[derive(LogicBlock)]
pub struct RlcEncoder {
    pub clock: Wire<In, Clk>,
    pub word_valid: Wire<In>,
    pub word_ready: Wire<Out>,
    pub word: Wire<In>,
    pub word_last: Wire<In>,
    pub code_valid: Wire<Out>,
    pub code_ready: Wire<In>,
    pub code: Wire<Out>,
    /// The stream's last code, or the number of codes.
    pub code_last: Wire<Out>,
    pub is_head: Wire<Out>,
    run: Reg,
    code_bits: Reg,
    filled: Reg,
    count: Reg,
    ending: Reg,
    /// The code that is offered.
    full: Reg,
    made: Reg,
    made_last: Reg,
    made_head: Reg,
    /// A code, or their number, can be made.
    room: Wire<Local>,
    closes: Wire<Local>,
    emits: Wire<Local>,
    joined: Wire<Local>,
    most: Const,
    run_bits: Const,
    pair_bits: Const,
    top: Const,
    last_bit: Const,
}

impl RlcEncoder {
    /// For the words of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (pairs, pair_bits) = (pairs(arch.width), RUN_BITS + arch.width);
        RlcEncoder {
            clock: Default::default(),
            word_valid: Wire::bit(),
            word_ready: Wire::bit(),
            word: Wire::unsigned(arch.width),
            word_last: Wire::bit(),
            code_valid: Wire::bit(),
            code_ready: Wire::bit(),
            code: Wire::unsigned(CODE_BITS),
            code_last: Wire::bit(),
            is_head: Wire::bit(),
            run: Reg::unsigned(RUN_BITS),
            code_bits: Reg::unsigned(CODE_BITS - 1),
            filled: Reg::unsigned(6),
            count: Reg::unsigned(32),
            ending: Reg::bit(),
            full: Reg::bit(),
            made: Reg::unsigned(CODE_BITS),
            made_last: Reg::bit(),
            made_head: Reg::bit(),
            room: Wire::bit(),
            closes: Wire::bit(),
            emits: Wire::bit(),
            joined: Wire::unsigned(CODE_BITS - 1),
            most: Const::new(MAX_RUN as usize),
            run_bits: Const::new(RUN_BITS),
            pair_bits: Const::new(pair_bits),
            top: Const::new((pairs - 1) * pair_bits),
            last_bit: Const::new(CODE_BITS - 1),
        }
    }
}

impl Logic for RlcEncoder {
    describe!("rlc_encoder", "Makes codes of runs and levels from words, and counts them.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, run, code_bits, filled, count, ending, full, made, made_last, made_head);
        self.code_valid.next = self.full.q.val();
        self.code.next = self.made.q.val();
        self.code_last.next = self.made_last.q.val();
        self.is_head.next = self.made_head.q.val();
        self.room.next = (!self.full.q.val().any() || self.code_ready.val().any()).into();
        if self.code_ready.val().any() {
            self.full.d.next = 0.into();
        }

        self.closes.next =
            (self.word.val().any() || self.run.q.val() == self.most.val() || self.word_last.val().any()).into();
        self.emits.next =
            (self.closes.val().any() && (self.word_last.val().any() || self.filled.q.val() == self.top.val())).into();
        self.joined.next = self.code_bits.q.val()
            | (((self.word.val() << self.run_bits.val()) | self.run.q.val()) << self.filled.q.val());
        // Words behind a stream's last may be another run's, until the number of codes has been taken.
        self.word_ready.next = (!self.ending.q.val().any()
            && !(self.full.q.val().any() && self.made_head.q.val().any())
            && (!self.emits.val().any() || self.room.val().any()))
        .into();
        if self.word_valid.val().any() && self.word_ready.val().any() {
            if !self.closes.val().any() {
                self.run.d.next = self.run.q.val() + 1;
            } else {
                self.run.d.next = 0.into();
                if self.emits.val().any() {
                    self.code_bits.d.next = 0.into();
                    self.filled.d.next = 0.into();
                    self.count.d.next = self.count.q.val() + 1;
                    self.ending.d.next = self.word_last.val();
                    self.full.d.next = 1.into();
                    self.made.d.next = (self.word_last.val() << self.last_bit.val()) | self.joined.val();
                    self.made_last.d.next = self.word_last.val();
                    self.made_head.d.next = 0.into();
                } else {
                    self.code_bits.d.next = self.joined.val();
                    self.filled.d.next = self.filled.q.val() + self.pair_bits.val();
                }
            }
        }
        if self.ending.q.val().any() && self.room.val().any() {
            self.ending.d.next = 0.into();
            self.count.d.next = 0.into();
            self.full.d.next = 1.into();
            self.made.d.next = self.count.q.val();
            self.made_last.d.next = 1.into();
            self.made_head.d.next = 1.into();
        }
    }
}
