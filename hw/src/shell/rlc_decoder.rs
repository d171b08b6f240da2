use super::mask_decoder::MaskDecoder;
use crate::arch::LANES;
use crate::rlc::runs::{pairs, MAX_RUN, RUN_BITS};
use crate::rlc::CODE_BITS;
use crate::rtl::prelude::*;
use crate::Arch;

/// Codes that wait to be expanded.
const CODES: usize = 2;

/// Reads a slot of [`crate::rlc`]: its length, then, after `go`, the words of its stream, up to four a cycle.
///
/// Codes wait in a queue, so that what is done with words is not seen by the link in the same cycle. A code is worked off from its lowest
/// pair on, in windows of up to four words: `take` takes a window, with `cut` just its first `part` words; `finish` says that the last of
/// these is the stream's last. Latency: 2 cycles from a beat to its words. Rate: a code of L words takes ⌈L/4⌉ cycles, so a link of 64 bits
/// is kept busy as long as codes stand for no more than the buffer can be written, four words a cycle. No path leads from `rest` to `take`:
/// what is left after a whole window, and after a part, is known before it is said which. `failed` is high in the cycle after a length of 0,
/// a stream that ends before or behind `finish`, or one that goes on behind it; zeros that the last code has room for are not missed.
/// No beat is taken that is not the slot's.
///
/// With [`Arch::masks`], a slot whose `go` comes with `go_masks` is expanded by a [`MaskDecoder`]: a window of four words a cycle.
#[derive(LogicBlock)]
pub struct RlcDecoder {
    pub clock: Wire<In, Clk>,
    // Beats of the slot: first its length (in whole beats), then its codes
    pub read_valid: Wire<In>,
    pub read_ready: Wire<Out>,
    pub read_data: Wire<In>,
    /// Codes of the slot, known before its first is asked for; `go` says that they will come.
    pub length_valid: Wire<Out>,
    pub length: Wire<Out>,
    pub go: Wire<In>,
    pub go_masks: Optional<Wire<In>>,
    // Words
    /// Words of the code that were not taken, and the first four of them.
    pub rest: Wire<Out>,
    pub word: Vec<Wire<Out>>,
    pub take: Wire<In>,
    pub cut: Wire<In>,
    pub part: Wire<In>,
    pub finish: Wire<In>,
    /// A code is taken in.
    pub decoded: Wire<Out>,
    pub failed: Wire<Out>,
    /// The lower half of a code, of beats that are half a code.
    low: Vec<Reg>,
    has_low: Reg,
    /// Which of a beat's codes comes next.
    second: Reg,
    /// The length is known; the stream is on its way.
    known: Reg,
    open: Reg,
    /// Codes to come.
    left: Reg,
    queue: Fifo,
    /// The stream has masks.
    masked: Optional<Reg>,
    masks: Optional<MaskDecoder>,
    code: Reg,
    /// Words of the code up to each pair's level, but for those that were taken; up to the last, they are the code's.
    until: Vec<Reg>,
    bad: Reg,
    pair: Vec<Wire<Local>>,
    /// Of the code that comes next.
    run: Vec<Wire<Local>>,
    length_until: Vec<Wire<Local>>,
    /// Of the code more words are left than a window has.
    long: Wire<Local>,
    is_last: Wire<Local>,
    /// What would be taken ends the code; no word of a code is left.
    ends: Wire<Local>,
    done: Wire<Local>,
    /// Codes are to follow this one.
    follows: Wire<Local>,
    /// Behind the words that are taken there is another pair.
    more: Wire<Local>,
    wanted: Wire<Local>,
    beat_end: Wire<Local>,
    taken: Wire<Local>,
    payload: Wire<Local>,
    enter: Wire<Local>,
    pairs: Const,
    top: Const,
    run_bits: Const,
    offset: Vec<Const>,
    last_bit: Const,
    halves: Const,
    half_bits: Const,
    codes: Const,
    code_offset: Vec<Const>,
    has_masks: Const,
}

impl RlcDecoder {
    /// Width of a number of words of a code.
    fn rest_bits(arch: &Arch) -> usize {
        count_bits(pairs(arch.width) * (MAX_RUN as usize + 1))
    }

    /// For the link and the words of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (pairs, pair_bits) = (pairs(arch.width), RUN_BITS + arch.width);
        let (halves, codes) = (usize::from(arch.link_width < CODE_BITS), arch.link_width.div_ceil(CODE_BITS));
        let place_bits = Self::rest_bits(arch);
        RlcDecoder {
            clock: Default::default(),
            read_valid: Wire::bit(),
            read_ready: Wire::bit(),
            read_data: Wire::unsigned(arch.link_width),
            length_valid: Wire::bit(),
            length: Wire::unsigned(32),
            go: Wire::bit(),
            go_masks: Optional::new(arch.masks, Wire::bit()),
            rest: Wire::unsigned(Self::rest_bits(arch)),
            word: (0..LANES).map(|_| Wire::unsigned(arch.width)).collect(),
            take: Wire::bit(),
            cut: Wire::bit(),
            part: Wire::unsigned(3),
            finish: Wire::bit(),
            decoded: Wire::bit(),
            failed: Wire::bit(),
            low: (0..halves).map(|_| Reg::unsigned(arch.link_width)).collect(),
            has_low: Reg::bit(),
            second: Reg::bit(),
            known: Reg::bit(),
            open: Reg::bit(),
            left: Reg::unsigned(32),
            queue: Fifo::new(CODES, CODE_BITS, false),
            masked: Optional::new(arch.masks, Reg::bit()),
            masks: Optional::new(arch.masks, MaskDecoder::new(arch)),
            code: Reg::unsigned(CODE_BITS),
            until: (0..pairs).map(|_| Reg::unsigned(place_bits)).collect(),
            bad: Reg::bit(),
            pair: (0..pairs).map(|_| Wire::unsigned(pair_bits)).collect(),
            run: (0..pairs).map(|_| Wire::unsigned(RUN_BITS)).collect(),
            length_until: (0..pairs).map(|_| Wire::unsigned(place_bits)).collect(),
            long: Wire::bit(),
            is_last: Wire::bit(),
            ends: Wire::bit(),
            done: Wire::bit(),
            follows: Wire::bit(),
            more: Wire::bit(),
            wanted: Wire::bit(),
            beat_end: Wire::bit(),
            taken: Wire::bit(),
            payload: Wire::unsigned(CODE_BITS),
            enter: Wire::bit(),
            pairs: Const::new(pairs),
            top: Const::new(pairs - 1),
            run_bits: Const::new(RUN_BITS),
            offset: (0..pairs).map(|i| Const::new(i * pair_bits)).collect(),
            last_bit: Const::new(CODE_BITS - 1),
            halves: Const::new(halves),
            half_bits: Const::new(CODE_BITS / 2),
            codes: Const::new(codes),
            code_offset: (0..codes).map(|i| Const::new(i * CODE_BITS)).collect(),
            has_masks: Const::new(arch.masks as usize),
        }
    }
}

impl Logic for RlcDecoder {
    describe!("rlc_decoder", "Expands the codes of a compressed slot into up to four words a cycle.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, has_low, second, known, open, left, code, bad);
        self.queue.clock.next = self.clock.val();
        self.length.next = self.left.q.val();
        self.length_valid.next = (self.known.q.val().any() && !self.open.q.val().any()).into();

        // The words of the code, from the next that is to be taken
        self.more.next = 0.into();
        for j in 0..4 {
            self.word[j].next = 0.into();
        }
        for i in 0..self.pairs.index() {
            self.pair[i].next = self.code.q.val() >> self.offset[i].val();
            if self.until[i].q.val() > self.part.val() && self.pair[i].val().any() {
                self.more.next = 1.into();
            }
            for j in 0..4 {
                if self.until[i].q.val() == j + 1 {
                    self.word[j].next = self.pair[i].val() >> self.run_bits.val();
                }
            }
        }
        self.rest.next = self.until[self.top.index()].q.val();
        if self.has_masks.val().any() {
            self.masks.clock.next = self.clock.val();
            self.masks.take.next = self.take.val();
            self.masks.cut.next = self.cut.val();
            self.masks.part.next = self.part.val();
            self.masks.finish.next = self.finish.val();
            if self.masked.q.val().any() {
                self.rest.next = self.masks.rest.val();
                for j in 0..4 {
                    self.word[j].next = self.masks.word[j].val();
                }
            }
        }
        self.long.next = (self.rest.val() > 4).into();
        if self.cut.val().any() {
            self.ends.next = (self.part.val() == self.rest.val()).into();
        } else {
            self.ends.next = (!self.long.val().any()).into();
        }
        self.done.next = (!self.rest.val().any() || (self.take.val().any() && self.ends.val().any())).into();

        // The next code enters as the last word of the one before is taken.
        for i in 0..self.pairs.index() {
            self.run[i].next = self.queue.deq.payload.val() >> self.offset[i].val();
        }
        self.length_until[0].next = self.run[0].val() + 1;
        for i in 1..self.pairs.index() {
            self.length_until[i].next = self.length_until[i - 1].val() + self.run[i].val() + 1;
        }
        self.queue.deq.ready.next = self.done.val();
        for i in 0..self.pairs.index() {
            self.until[i].clock.next = self.clock.val();
            self.until[i].d.next = 0.into();
            if self.done.val().any() {
                if self.queue.deq.valid.val().any() {
                    self.until[i].d.next = self.length_until[i].val();
                }
            } else if !self.take.val().any() {
                self.until[i].d.next = self.until[i].q.val();
            } else if self.cut.val().any() {
                if self.until[i].q.val() > self.part.val() {
                    self.until[i].d.next = self.until[i].q.val() - self.part.val();
                }
            } else if self.until[i].q.val() > 4 {
                self.until[i].d.next = self.until[i].q.val() - 4;
            }
        }
        if self.done.val().any() && self.queue.deq.valid.val().any() {
            self.code.d.next = self.queue.deq.payload.val();
        }

        // Beats become codes.
        self.is_last.next = (self.code.q.val() >> self.last_bit.val()).any().into();
        self.follows.next = (self.left.q.val().any() || self.queue.deq.valid.val().any()).into();
        self.wanted.next = (!self.known.q.val().any()
            || (self.open.q.val().any() && self.left.q.val().any() && self.queue.enq.ready.val().any()))
        .into();
        self.taken.next = self.read_valid.val() & self.wanted.val();
        self.payload.next = self.read_data.val();
        self.enter.next = self.taken.val();
        self.beat_end.next = 1.into();
        for i in 0..self.halves.index() {
            self.low[i].clock.next = self.clock.val();
            self.low[i].d.next = self.low[i].q.val();
            self.payload.next = (self.read_data.val() << self.half_bits.val()) | self.low[i].q.val();
            self.enter.next = self.taken.val() & self.has_low.q.val();
            if self.taken.val().any() {
                self.low[i].d.next = self.read_data.val();
                self.has_low.d.next = !self.has_low.q.val();
            }
        }
        for i in 1..self.codes.index() {
            // A length, and the last code of an odd number, have a beat for themselves.
            if self.second.q.val().any() {
                self.payload.next = self.read_data.val() >> self.code_offset[i].val();
            }
            self.beat_end.next =
                (self.second.q.val().any() || !self.known.q.val().any() || self.left.q.val() == 1).into();
            if self.taken.val().any() {
                self.second.d.next = !self.beat_end.val();
            }
        }
        self.read_ready.next = self.wanted.val() & self.beat_end.val();
        self.decoded.next = self.enter.val() & self.known.q.val();
        self.queue.enq.valid.next = self.decoded.val();
        self.queue.enq.payload.next = self.payload.val();
        self.bad.d.next = (self.rest.val().any()
            && self.done.val().any()
            && !self.finish.val().any()
            && (self.is_last.val().any() || !self.follows.val().any()))
        .into();
        if self.go.val().any() {
            self.open.d.next = 1.into();
        }
        if self.enter.val().any() {
            if self.known.q.val().any() {
                self.left.d.next = self.left.q.val() - 1;
            } else {
                self.known.d.next = bit_cast(self.payload.val(), 32).any().into();
                self.left.d.next = self.payload.val();
                self.bad.d.next = (!bit_cast(self.payload.val(), 32).any()).into();
            }
        }
        if self.finish.val().any() {
            self.known.d.next = 0.into();
            self.open.d.next = 0.into();
            self.bad.d.next = (!self.is_last.val().any() || self.follows.val().any() || self.more.val().any()).into();
            for i in 0..self.pairs.index() {
                self.until[i].d.next = 0.into();
            }
        }
        self.failed.next = self.bad.q.val();

        // A stream with masks: codes go on to be expanded there.
        if self.has_masks.val().any() {
            self.masked.clock.next = self.clock.val();
            self.masked.d.next = self.masked.q.val();
            if self.go.val().any() {
                self.masked.d.next = self.go_masks.val();
            }
            self.masks.code_valid.next = self.queue.deq.valid.val() & self.masked.q.val();
            self.masks.code.next = self.queue.deq.payload.val();
            if self.masked.q.val().any() {
                self.queue.deq.ready.next = self.masks.code_ready.val();
                for i in 0..self.pairs.index() {
                    self.until[i].d.next = 0.into();
                }
                if self.finish.val().any() {
                    self.bad.d.next = self.follows.val() | self.masks.more.val();
                } else if self.known.q.val().any() {
                    self.bad.d.next =
                        (self.open.q.val().any() && self.masks.waits.val().any() && !self.follows.val().any()).into();
                }
            }
        }
    }
}
