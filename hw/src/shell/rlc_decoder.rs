use crate::arch::LANES;
use crate::rlc::{pairs, CODE_BITS, MAX_RUN, RUN_BITS};
use crate::rtl::prelude::*;
use crate::Arch;

/// Reads a slot of [`crate::rlc`]: its length, then, after `go`, the words of its stream, up to four a cycle.
///
/// A code is worked off from its lowest pair on, in windows of up to four words, of which `take` are taken; `finish` says that
/// the last of them is the stream's last. Rate: a code of L words takes ⌈L/4⌉ cycles, so a link of 64 bits is kept busy as long as
/// codes stand for no more than the buffer can be written, four words a cycle. `failed` is high in the cycle after a length of 0,
/// a stream that ends before or behind `finish`, or one that goes on behind it; zeros that the last code has room for are not missed.
/// No beat is taken that is not the slot's.
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
    // Words
    pub available: Wire<Out>,
    pub word: Vec<Wire<Out>>,
    pub take: Wire<In>,
    pub finish: Wire<In>,
    /// A code is taken in.
    pub decoded: Wire<Out>,
    pub failed: Wire<Out>,
    /// The lower half of a code, of beats that are half a code.
    low: Vec<Reg>,
    has_low: Reg,
    /// Which of a beat's codes comes next.
    second: Reg,
    /// The length is known; the stream is on its way; a code is here.
    known: Reg,
    open: Reg,
    full: Reg,
    /// Codes to come.
    left: Reg,
    code: Reg,
    /// Words of the code that were taken.
    at: Reg,
    bad: Reg,
    pair: Vec<Wire<Local>>,
    run: Vec<Wire<Local>>,
    /// Place of each pair's level among the words of the code.
    place: Vec<Wire<Local>>,
    rest: Wire<Local>,
    is_last: Wire<Local>,
    done: Wire<Local>,
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
}

impl RlcDecoder {
    /// For the link and the words of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (pairs, pair_bits) = (pairs(arch.width), RUN_BITS + arch.width);
        let (halves, codes) = (usize::from(arch.link_width < CODE_BITS), arch.link_width.div_ceil(CODE_BITS));
        let place_bits = count_bits(pairs * (MAX_RUN as usize + 1));
        RlcDecoder {
            clock: Default::default(),
            read_valid: Wire::bit(),
            read_ready: Wire::bit(),
            read_data: Wire::unsigned(arch.link_width),
            length_valid: Wire::bit(),
            length: Wire::unsigned(32),
            go: Wire::bit(),
            available: Wire::unsigned(3),
            word: (0..LANES).map(|_| Wire::unsigned(arch.width)).collect(),
            take: Wire::unsigned(3),
            finish: Wire::bit(),
            decoded: Wire::bit(),
            failed: Wire::bit(),
            low: (0..halves).map(|_| Reg::unsigned(arch.link_width)).collect(),
            has_low: Reg::bit(),
            second: Reg::bit(),
            known: Reg::bit(),
            open: Reg::bit(),
            full: Reg::bit(),
            left: Reg::unsigned(32),
            code: Reg::unsigned(CODE_BITS),
            at: Reg::unsigned(place_bits),
            bad: Reg::bit(),
            pair: (0..pairs).map(|_| Wire::unsigned(pair_bits)).collect(),
            run: (0..pairs).map(|_| Wire::unsigned(RUN_BITS)).collect(),
            place: (0..pairs).map(|_| Wire::unsigned(place_bits)).collect(),
            rest: Wire::unsigned(place_bits),
            is_last: Wire::bit(),
            done: Wire::bit(),
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
        }
    }
}

impl Logic for RlcDecoder {
    describe!("rlc_decoder", "Expands the codes of a compressed slot into up to four words a cycle.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, has_low, second, known, open, full, left, code, at, bad);
        self.length.next = self.left.q.val();
        self.length_valid.next = (self.known.q.val().any() && !self.open.q.val().any()).into();

        // The words of the code, from the next that is to be taken
        for i in 0..self.pairs.index() {
            self.pair[i].next = self.code.q.val() >> self.offset[i].val();
            self.run[i].next = self.pair[i].val();
        }
        self.place[0].next = self.run[0].val();
        for i in 1..self.pairs.index() {
            self.place[i].next = self.place[i - 1].val() + self.run[i].val() + 1;
        }
        self.rest.next = self.place[self.top.index()].val() + 1 - self.at.q.val();
        self.more.next = 0.into();
        for j in 0..4 {
            self.word[j].next = 0.into();
        }
        for i in 0..self.pairs.index() {
            if self.place[i].val() >= self.at.q.val() + self.take.val() && self.pair[i].val().any() {
                self.more.next = 1.into();
            }
            for j in 0..4 {
                if self.place[i].val() == self.at.q.val() + j {
                    self.word[j].next = self.pair[i].val() >> self.run_bits.val();
                }
            }
        }
        self.available.next = 0.into();
        if self.full.q.val().any() {
            if self.rest.val() > 4 {
                self.available.next = 4.into();
            } else {
                self.available.next = self.rest.val();
            }
        }

        // The next code enters as the last word of the one before is taken.
        self.is_last.next = (self.code.q.val() >> self.last_bit.val()).any().into();
        self.done.next = (self.full.q.val().any() && self.take.val() == self.rest.val()).into();
        self.wanted.next = (!self.known.q.val().any()
            || (self.open.q.val().any()
                && self.left.q.val().any()
                && (!self.full.q.val().any() || self.done.val().any())))
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
        self.bad.d.next = (self.done.val().any()
            && !self.finish.val().any()
            && (self.is_last.val().any() || !self.left.q.val().any()))
        .into();
        self.at.d.next = self.at.q.val() + self.take.val();
        if self.done.val().any() {
            self.full.d.next = 0.into();
        }
        if self.go.val().any() {
            self.open.d.next = 1.into();
        }
        if self.enter.val().any() {
            if self.known.q.val().any() {
                self.code.d.next = self.payload.val();
                self.full.d.next = 1.into();
                self.at.d.next = 0.into();
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
            self.full.d.next = 0.into();
            self.bad.d.next = (!self.is_last.val().any() || self.left.q.val().any() || self.more.val().any()).into();
        }
        self.failed.next = self.bad.q.val();
    }
}
