use super::mask_encoder::MaskEncoder;
use super::wide_fifo::WideFifo;
use crate::rlc::runs::{pairs, MAX_RUN, RUN_BITS};
use crate::rlc::{masks, CODE_BITS};
use crate::rtl::prelude::*;
use crate::Arch;

/// Codes, and their number, that wait to be taken.
const CODES: usize = 2;

/// Makes a slot of [`crate::rlc`] of a stream of words: its codes, and behind them, with `is_head`, their number.
///
/// A code is offered in the cycle after the word that fills it, or after the stream's last. Rate: a word a cycle, as long as codes are taken
/// as fast as they are filled. Words behind a stream's last may be another run's: none is taken until the number of codes has been.
///
/// With [`Arch::masks`], a stream in whose cycles `masked` is high goes through a [`MaskEncoder`], and codes are made of its units.
#[derive(LogicBlock)]
pub struct RlcEncoder {
    pub clock: Wire<In, Clk>,
    pub word_valid: Wire<In>,
    pub word_ready: Wire<Out>,
    pub word: Wire<In>,
    pub word_last: Wire<In>,
    pub masked: Optional<Wire<In>>,
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
    masks: Optional<MaskEncoder>,
    codes: WideFifo,
    closes: Wire<Local>,
    /// A code is complete.
    emits: Wire<Local>,
    /// What enters the code is the stream's last; it does enter.
    last: Wire<Local>,
    enters: Wire<Local>,
    /// There is room for a code, if this makes one.
    fits: Wire<Local>,
    joined: Wire<Local>,
    most: Const,
    run_bits: Const,
    pair_bits: Const,
    top: Const,
    last_bit: Const,
    unit_bits: Const,
    top_unit: Const,
    has_masks: Const,
}

impl RlcEncoder {
    /// For the words of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (pairs, pair_bits) = (pairs(arch.width), RUN_BITS + arch.width);
        // Codes with masks use all bits.
        let used_bits = if arch.masks { CODE_BITS } else { CODE_BITS - 1 };
        let unit_bits = masks::unit_bits(arch.width);
        RlcEncoder {
            clock: Default::default(),
            word_valid: Wire::bit(),
            word_ready: Wire::bit(),
            word: Wire::unsigned(arch.width),
            word_last: Wire::bit(),
            masked: Optional::new(arch.masks, Wire::bit()),
            code_valid: Wire::bit(),
            code_ready: Wire::bit(),
            code: Wire::unsigned(CODE_BITS),
            code_last: Wire::bit(),
            is_head: Wire::bit(),
            run: Reg::unsigned(RUN_BITS),
            code_bits: Reg::unsigned(used_bits),
            filled: Reg::unsigned(6),
            count: Reg::unsigned(32),
            ending: Reg::bit(),
            closed: Reg::bit(),
            masks: Optional::new(arch.masks, MaskEncoder::new(arch)),
            codes: WideFifo::new(CODES, &[CODE_BITS, 1, 1]),
            closes: Wire::bit(),
            emits: Wire::bit(),
            last: Wire::bit(),
            enters: Wire::bit(),
            fits: Wire::bit(),
            joined: Wire::unsigned(used_bits),
            most: Const::new(MAX_RUN as usize),
            run_bits: Const::new(RUN_BITS),
            pair_bits: Const::new(pair_bits),
            top: Const::new((pairs - 1) * pair_bits),
            last_bit: Const::new(CODE_BITS - 1),
            unit_bits: Const::new(unit_bits),
            top_unit: Const::new(CODE_BITS - unit_bits),
            has_masks: Const::new(arch.masks as usize),
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

        self.last.next = self.word_last.val();
        self.closes.next =
            (self.word.val().any() || self.run.q.val() == self.most.val() || self.word_last.val().any()).into();
        self.emits.next =
            (self.closes.val().any() && (self.word_last.val().any() || self.filled.q.val() == self.top.val())).into();
        self.joined.next = self.code_bits.q.val()
            | (((self.word.val() << self.run_bits.val()) | self.run.q.val()) << self.filled.q.val());
        if self.has_masks.val().any() && self.masked.val().any() {
            self.last.next = self.masks.unit_last.val();
            self.closes.next = 1.into();
            self.emits.next = (self.masks.unit_last.val().any() || self.filled.q.val() == self.top_unit.val()).into();
            self.joined.next = self.code_bits.q.val() | (self.masks.unit.val() << self.filled.q.val());
        }
        self.fits.next = (!self.emits.val().any() || self.codes.enq_ready.val().any()).into();
        self.word_ready.next = (!self.closed.q.val().any() && self.fits.val().any()).into();
        self.enters.next = self.word_valid.val() & self.word_ready.val();
        if self.has_masks.val().any() {
            self.masks.clock.next = self.clock.val();
            self.masks.word_valid.next =
                (self.word_valid.val().any() && self.masked.val().any() && !self.closed.q.val().any()).into();
            self.masks.word.next = self.word.val();
            self.masks.word_last.next = self.word_last.val();
            self.masks.unit_ready.next = self.fits.val();
            if self.masked.val().any() {
                self.word_ready.next = (!self.closed.q.val().any() && self.masks.word_ready.val().any()).into();
                self.enters.next = self.masks.unit_valid.val() & self.fits.val();
            }
        }
        self.codes.enq_valid.next = (self.enters.val() & self.emits.val()) | self.ending.q.val();
        self.codes.enq[0].next = (self.last.val() << self.last_bit.val()) | self.joined.val();
        if self.has_masks.val().any() && self.masked.val().any() {
            self.codes.enq[0].next = self.joined.val();
        }
        if self.ending.q.val().any() {
            self.codes.enq[0].next = self.count.q.val();
        }
        self.codes.enq[1].next = self.last.val() | self.ending.q.val();
        self.codes.enq[2].next = self.ending.q.val();
        if self.enters.val().any() {
            if !self.closes.val().any() {
                self.run.d.next = self.run.q.val() + 1;
            } else {
                self.run.d.next = 0.into();
                if self.emits.val().any() {
                    self.code_bits.d.next = 0.into();
                    self.filled.d.next = 0.into();
                    self.count.d.next = self.count.q.val() + 1;
                    self.ending.d.next = self.last.val();
                    self.closed.d.next = self.last.val();
                } else {
                    self.code_bits.d.next = self.joined.val();
                    self.filled.d.next = self.filled.q.val() + self.pair_bits.val();
                }
            }
        }
        // Words behind the last wait, while units of those before are still to come.
        if self.has_masks.val().any() && self.masked.val().any() {
            if self.enters.val().any() && !self.emits.val().any() {
                self.filled.d.next = self.filled.q.val() + self.unit_bits.val();
            }
            self.closed.d.next = self.closed.q.val();
            if self.word_valid.val().any() && self.word_ready.val().any() && self.word_last.val().any() {
                self.closed.d.next = 1.into();
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
