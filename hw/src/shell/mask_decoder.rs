use crate::arch::LANES;
use crate::rlc::{masks, CODE_BITS};
use crate::rtl::prelude::*;
use crate::Arch;

/// Units beyond those of a code that are held: four words and the mask behind them, while the next code comes.
const AHEAD: usize = 8;
/// Units that are used in a cycle, at the most.
const MOST_USED: usize = LANES + 1;

/// Expands a stream of [`crate::rlc::masks`] in windows of four words.
///
/// `rest` words are offered, from `word[0]` on: a window, or what is left of one after a `take` with `cut` of its first `part` words; `take` alone
/// takes all. Latency: 3 cycles from a code to its words. Rate: a window a cycle, and a code a cycle, where it stands for four words or less. `more`
/// says that behind the first `part` words there is something that is not zero, or a code too many, `waits` that nothing comes of what there is without another
/// code. With `finish` all that is left is dropped; units that are not zero stay where they are, as the next code takes every place.
#[derive(LogicBlock)]
pub struct MaskDecoder {
    pub clock: Wire<In, Clk>,
    pub code_valid: Wire<In>,
    pub code_ready: Wire<Out>,
    pub code: Wire<In>,
    // Words
    pub rest: Wire<Out>,
    pub word: Vec<Wire<Out>>,
    pub take: Wire<In>,
    pub cut: Wire<In>,
    pub part: Wire<In>,
    pub finish: Wire<In>,
    pub more: Wire<Out>,
    pub waits: Wire<Out>,
    /// Units that have come, the next one first; those behind the last are zero.
    unit: Vec<Reg>,
    have: Reg,
    /// The mask of the words that come next, and how often it has four of them.
    mask: Reg,
    turns: Reg,
    window: Vec<Reg>,
    count: Reg,
    /// The units, and behind them what is shifted in.
    source: Vec<Wire<Local>>,
    shifted: Vec<Wire<Local>>,
    /// The window, and behind it what is shifted in.
    words: Vec<Wire<Local>>,
    /// Units that the first words of the next window take, for 0 to four words.
    before: Vec<Wire<Local>>,
    picked: Vec<Wire<Local>>,
    next_mask: Wire<Local>,
    /// The window is free; it is filled; a mask follows the units that this takes.
    empties: Wire<Local>,
    fills: Wire<Local>,
    opens: Wire<Local>,
    used: Wire<Local>,
    kept: Wire<Local>,
    accepts: Wire<Local>,
    /// Where the unit that comes to each place lies in a code, bits.
    offset: Vec<Wire<Local>>,
    capacity: Const,
    most: Const,
    most_used: Const,
    units: Const,
    all_turns: Const,
    unit_shift: Const,
    place: Vec<Const>,
}

impl MaskDecoder {
    /// For the words of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (bits, units) = (masks::unit_bits(arch.width), masks::units(arch.width));
        let (capacity, turns) = (units + AHEAD, bits / LANES);
        let wires = |count: usize, bits| (0..count).map(|_| Wire::unsigned(bits)).collect();
        MaskDecoder {
            clock: Default::default(),
            code_valid: Wire::bit(),
            code_ready: Wire::bit(),
            code: Wire::unsigned(CODE_BITS),
            rest: Wire::unsigned(count_bits(LANES)),
            word: (0..LANES).map(|_| Wire::unsigned(arch.width)).collect(),
            take: Wire::bit(),
            cut: Wire::bit(),
            part: Wire::unsigned(count_bits(LANES)),
            finish: Wire::bit(),
            more: Wire::bit(),
            waits: Wire::bit(),
            unit: (0..capacity).map(|_| Reg::unsigned(bits)).collect(),
            have: Reg::unsigned(count_bits(capacity)),
            mask: Reg::unsigned(bits),
            turns: Reg::unsigned(count_bits(turns)),
            window: (0..LANES).map(|_| Reg::unsigned(arch.width)).collect(),
            count: Reg::unsigned(count_bits(LANES)),
            source: wires(capacity + MOST_USED, bits),
            shifted: wires(capacity, bits),
            words: wires(2 * LANES, arch.width),
            before: wires(LANES + 1, count_bits(LANES)),
            picked: wires(LANES, arch.width),
            next_mask: Wire::unsigned(bits),
            empties: Wire::bit(),
            fills: Wire::bit(),
            opens: Wire::bit(),
            used: Wire::unsigned(count_bits(MOST_USED)),
            kept: Wire::unsigned(count_bits(capacity)),
            accepts: Wire::bit(),
            offset: wires(capacity, count_bits(capacity * bits)),
            capacity: Const::new(capacity),
            most: Const::new(AHEAD),
            most_used: Const::new(MOST_USED),
            units: Const::new(units),
            all_turns: Const::new(turns),
            unit_shift: Const::new(bits.ilog2() as usize),
            place: (0..capacity).map(Const::new).collect(),
        }
    }
}

impl Logic for MaskDecoder {
    describe!("mask_decoder", "Expands masks of zeros and the words between them, four words a cycle.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, have, mask, turns, count);
        self.rest.next = self.count.q.val();
        if self.cut.val().any() {
            self.empties.next = (self.take.val().any() && self.part.val() == self.count.q.val()).into();
        } else {
            self.empties.next = self.take.val();
        }
        if !self.count.q.val().any() {
            self.empties.next = 1.into();
        }

        // The next four words, and the mask behind them, if it is their mask's last turn
        self.before[0].next = 0.into();
        for j in 0..4 {
            self.before[j + 1].next = self.before[j].val();
            if self.mask.q.val().get_bit(j) {
                self.before[j + 1].next = self.before[j].val() + 1;
            }
        }
        self.fills.next =
            (self.empties.val().any() && self.turns.q.val().any() && self.have.q.val() >= self.before[4].val()).into();
        self.opens.next = (self.have.q.val() > self.before[4].val()
            && (!self.turns.q.val().any() || (self.fills.val().any() && self.turns.q.val() == 1)))
            .into();
        self.used.next = self.opens.val();
        if self.fills.val().any() {
            self.used.next = self.before[4].val() + self.opens.val();
        }
        for j in 0..4 {
            self.picked[j].next = 0.into();
            for k in 0..4 {
                if self.mask.q.val().get_bit(j) && self.before[j].val() == k {
                    self.picked[j].next = self.unit[k].q.val();
                }
            }
        }
        self.next_mask.next = self.unit[0].q.val();
        for k in 1..self.most_used.index() {
            if self.before[4].val() == k {
                self.next_mask.next = self.unit[k].q.val();
            }
        }
        if self.fills.val().any() {
            self.mask.d.next = self.mask.q.val() >> 4;
            self.turns.d.next = self.turns.q.val() - 1;
        }
        if self.opens.val().any() {
            self.mask.d.next = self.next_mask.val();
            self.turns.d.next = self.all_turns.val();
        }

        // The window
        for j in 0..4 {
            self.word[j].next = self.window[j].q.val();
            self.words[j].next = self.window[j].q.val();
            self.words[j + 4].next = 0.into();
        }
        for j in 0..4 {
            self.window[j].clock.next = self.clock.val();
            self.window[j].d.next = self.window[j].q.val();
            if self.fills.val().any() {
                self.window[j].d.next = self.picked[j].val();
            } else if self.take.val().any() {
                for k in 1..4 {
                    if self.part.val() == k {
                        self.window[j].d.next = self.words[j + k].val();
                    }
                }
            }
        }
        if self.fills.val().any() {
            self.count.d.next = 4.into();
        } else if self.empties.val().any() {
            self.count.d.next = 0.into();
        } else if self.take.val().any() {
            self.count.d.next = self.count.q.val() - self.part.val();
        }

        // Units move up; those of a code come behind them.
        self.code_ready.next = (self.have.q.val() <= self.most.val()).into();
        self.accepts.next = self.code_valid.val() & self.code_ready.val();
        self.kept.next = self.have.q.val() - self.used.val();
        self.have.d.next = self.kept.val();
        if self.accepts.val().any() {
            self.have.d.next = self.kept.val() + self.units.val();
        }
        for i in 0..self.capacity.index() {
            self.source[i].next = self.unit[i].q.val();
        }
        for i in 0..self.most_used.index() {
            self.source[self.capacity.index() + i].next = 0.into();
        }
        for i in 0..self.capacity.index() {
            self.shifted[i].next = self.source[i].val();
            for k in 1..(self.most_used.index() + 1) {
                if self.used.val() == k {
                    self.shifted[i].next = self.source[i + k].val();
                }
            }
        }
        for i in 0..self.capacity.index() {
            self.offset[i].next = (self.place[i].val() - self.kept.val()) << self.unit_shift.val();
            self.unit[i].clock.next = self.clock.val();
            self.unit[i].d.next = self.shifted[i].val();
            if self.accepts.val().any() && self.kept.val() <= i {
                self.unit[i].d.next = self.code.val() >> self.offset[i].val();
            }
        }

        self.waits.next = (!self.count.q.val().any() && !self.fills.val().any() && !self.opens.val().any()).into();
        // A whole code of units is one too many, also if the first of them has been taken for a mask.
        self.more.next = (self.mask.q.val().any()
            || self.have.q.val() >= self.units.val()
            || (self.have.q.val() + 1 == self.units.val() && self.turns.q.val() == self.all_turns.val()))
        .into();
        for i in 0..self.capacity.index() {
            if self.unit[i].q.val().any() {
                self.more.next = 1.into();
            }
        }
        for j in 0..4 {
            if self.part.val() <= j && self.window[j].q.val().any() {
                self.more.next = 1.into();
            }
        }
        if self.finish.val().any() {
            self.have.d.next = 0.into();
            self.mask.d.next = 0.into();
            self.turns.d.next = 0.into();
            self.count.d.next = 0.into();
        }
    }
}
