use super::wide_fifo::WideFifo;
use crate::rlc::masks;
use crate::rtl::prelude::*;
use crate::Arch;

/// Masks that wait for the units of the one before.
const MASKS: usize = 2;

/// Makes the units of [`crate::rlc::masks`] of a stream of words: for each mask of words the mask, then those that are not zero.
///
/// Words wait until their mask is complete. Latency: 2 cycles from the last word of a mask to the mask. Rate: a unit a cycle; so U words, none of which
/// is zero, take U + 1 cycles.
#[derive(LogicBlock)]
pub struct MaskEncoder {
    pub clock: Wire<In, Clk>,
    pub word_valid: Wire<In>,
    pub word_ready: Wire<Out>,
    pub word: Wire<In>,
    pub word_last: Wire<In>,
    pub unit_valid: Wire<Out>,
    pub unit_ready: Wire<In>,
    pub unit: Wire<Out>,
    pub unit_last: Wire<Out>,
    /// The mask so far, of so many words, so many of which are not zero.
    mask: Reg,
    place: Reg,
    count: Reg,
    words: Fifo,
    masks: WideFifo,
    /// Words to come behind their mask, which is the stream's last.
    left: Reg,
    is_last: Reg,
    whole: Wire<Local>,
    joined: Wire<Local>,
    closes: Wire<Local>,
    takes: Wire<Local>,
    moves: Wire<Local>,
    top: Const,
    one: Const,
}

impl MaskEncoder {
    /// For the words of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let bits = masks::unit_bits(arch.width);
        MaskEncoder {
            clock: Default::default(),
            word_valid: Wire::bit(),
            word_ready: Wire::bit(),
            word: Wire::unsigned(arch.width),
            word_last: Wire::bit(),
            unit_valid: Wire::bit(),
            unit_ready: Wire::bit(),
            unit: Wire::unsigned(bits),
            unit_last: Wire::bit(),
            mask: Reg::unsigned(bits),
            place: Reg::unsigned(address_bits(bits)),
            count: Reg::unsigned(count_bits(bits)),
            words: Fifo::new(bits + 2, arch.width, false),
            masks: WideFifo::new(MASKS, &[bits, count_bits(bits), 1]),
            left: Reg::unsigned(count_bits(bits)),
            is_last: Reg::bit(),
            whole: Wire::unsigned(count_bits(bits)),
            joined: Wire::unsigned(bits),
            closes: Wire::bit(),
            takes: Wire::bit(),
            moves: Wire::bit(),
            top: Const::new(bits - 1),
            one: Const::new(1),
        }
    }
}

impl Logic for MaskEncoder {
    describe!("mask_encoder", "Makes masks of zeros from words, and puts the other words behind them.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, mask, place, count, left, is_last);
        self.words.clock.next = self.clock.val();
        self.masks.clock.next = self.clock.val();

        self.closes.next = (self.word_last.val().any() || self.place.q.val() == self.top.val()).into();
        self.word_ready.next = ((!self.word.val().any() || self.words.enq.ready.val().any())
            && (!self.closes.val().any() || self.masks.enq_ready.val().any()))
        .into();
        self.takes.next = self.word_valid.val() & self.word_ready.val();
        self.whole.next = self.count.q.val();
        self.joined.next = self.mask.q.val();
        if self.word.val().any() {
            self.whole.next = self.count.q.val() + 1;
            self.joined.next = self.mask.q.val() | (self.one.val() << self.place.q.val());
        }
        self.words.enq.valid.next = (self.takes.val().any() && self.word.val().any()).into();
        self.words.enq.payload.next = self.word.val();
        self.masks.enq_valid.next = self.takes.val() & self.closes.val();
        self.masks.enq[0].next = self.joined.val();
        self.masks.enq[1].next = self.whole.val();
        self.masks.enq[2].next = self.word_last.val();
        if self.takes.val().any() {
            if self.closes.val().any() {
                self.mask.d.next = 0.into();
                self.place.d.next = 0.into();
                self.count.d.next = 0.into();
            } else {
                self.mask.d.next = self.joined.val();
                self.place.d.next = self.place.q.val() + 1;
                self.count.d.next = self.whole.val();
            }
        }

        if self.left.q.val().any() {
            self.unit_valid.next = self.words.deq.valid.val();
            self.unit.next = self.words.deq.payload.val();
            self.unit_last.next = (self.is_last.q.val().any() && self.left.q.val() == 1).into();
        } else {
            self.unit_valid.next = self.masks.deq_valid.val();
            self.unit.next = self.masks.deq[0].val();
            self.unit_last.next = (self.masks.deq[2].val().any() && !self.masks.deq[1].val().any()).into();
        }
        self.moves.next = self.unit_valid.val() & self.unit_ready.val();
        self.words.deq.ready.next = (self.unit_ready.val().any() && self.left.q.val().any()).into();
        self.masks.deq_ready.next = (self.unit_ready.val().any() && !self.left.q.val().any()).into();
        if self.moves.val().any() {
            if self.left.q.val().any() {
                self.left.d.next = self.left.q.val() - 1;
            } else {
                self.left.d.next = self.masks.deq[1].val();
                self.is_last.d.next = self.masks.deq[2].val();
            }
        }
    }
}
