use super::wide_fifo::WideFifo;
use crate::rlc::{pairs, CODE_BITS, MAX_RUN, RUN_BITS};
use crate::rtl::prelude::*;
use crate::Arch;

/// Codes, and their number, that wait to be taken.
const CODES: usize = 2;

/// Makes a slot of [`crate::rlc`] of a stream of words: its codes, and behind them, with `is_head`, their number.
///
/// A code is offered in the cycle after the word that fills it, or after the stream's last. Rate: a word a cycle, as long as codes are taken
/// as fast as they are filled. Words behind a stream's last may be another run's: none is taken until the number of codes has been.
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
    /// The number of codes is to be made; it has not been taken.
    ending: Reg,
    closed: Reg,
    codes: WideFifo,
    closes: Wire<Local>,
    emits: Wire<Local>,
    /// A code is complete.
    fills: Wire<Local>,
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
            closed: Reg::bit(),
            codes: WideFifo::new(CODES, &[CODE_BITS, 1, 1]),
            closes: Wire::bit(),
            emits: Wire::bit(),
            fills: Wire::bit(),
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
        dff_setup!(self, clock, run, code_bits, filled, count, ending, closed);
        self.codes.clock.next = self.clock.val();
        self.code_valid.next = self.codes.deq_valid.val();
        self.code.next = self.codes.deq[0].val();
        self.code_last.next = self.codes.deq[1].val();
        self.is_head.next = self.codes.deq[2].val();
        self.codes.deq_ready.next = self.code_ready.val();

        self.closes.next =
            (self.word.val().any() || self.run.q.val() == self.most.val() || self.word_last.val().any()).into();
        self.emits.next =
            (self.closes.val().any() && (self.word_last.val().any() || self.filled.q.val() == self.top.val())).into();
        self.joined.next = self.code_bits.q.val()
            | (((self.word.val() << self.run_bits.val()) | self.run.q.val()) << self.filled.q.val());
        self.word_ready.next =
            (!self.closed.q.val().any() && (!self.emits.val().any() || self.codes.enq_ready.val().any())).into();
        self.fills.next = self.word_valid.val() & self.word_ready.val() & self.emits.val();
        self.codes.enq_valid.next = self.fills.val() | self.ending.q.val();
        self.codes.enq[0].next = (self.word_last.val() << self.last_bit.val()) | self.joined.val();
        if self.ending.q.val().any() {
            self.codes.enq[0].next = self.count.q.val();
        }
        self.codes.enq[1].next = self.word_last.val() | self.ending.q.val();
        self.codes.enq[2].next = self.ending.q.val();
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
                    self.closed.d.next = self.word_last.val();
                } else {
                    self.code_bits.d.next = self.joined.val();
                    self.filled.d.next = self.filled.q.val() + self.pair_bits.val();
                }
            }
        }
        if self.ending.q.val().any() && self.codes.enq_ready.val().any() {
            self.ending.d.next = 0.into();
            self.count.d.next = 0.into();
        }
        if self.code_valid.val().any() && self.code_ready.val().any() && self.is_head.val().any() {
            self.closed.d.next = 0.into();
        }
    }
}
