use crate::rtl::prelude::*;

/// Joins `out_bits / in_bits` words of a stream into one, the first in the lowest bits.
///
/// Latency 1 cycle after the last part; a part a cycle. A ratio of 1 is a queue of two words.
#[derive(LogicBlock)]
pub struct Widen {
    pub clock: Wire<In, Clk>,
    pub enq: StreamIn,
    pub deq: StreamOut,
    /// Nothing is held.
    pub empty: Wire<Out>,
    /// The parts so far, the newest at the top, if there are several.
    parts: Vec<Reg>,
    part: Reg,
    joined: Fifo,
    last: Wire<Local>,
    word: Wire<Local>,
    in_bits: Const,
    above: Const,
    several: Const,
    top: Const,
}

impl Widen {
    /// From words of `in_bits` bits to words of `out_bits`, a multiple.
    pub fn new(in_bits: usize, out_bits: usize) -> Self {
        assert!(out_bits.is_multiple_of(in_bits), "{out_bits} bits are no multiple of {in_bits}");
        let several = (out_bits > in_bits) as usize;
        Widen {
            clock: Default::default(),
            enq: StreamIn::new(in_bits, false),
            deq: StreamOut::new(out_bits, false),
            empty: Wire::bit(),
            parts: (0..several).map(|_| Reg::data(out_bits, false)).collect(),
            part: Reg::unsigned(address_bits(out_bits / in_bits)),
            joined: Fifo::new(2, out_bits, false),
            last: Wire::bit(),
            word: Wire::unsigned(out_bits),
            in_bits: Const::new(in_bits),
            above: Const::new(out_bits - in_bits),
            several: Const::new(several),
            top: Const::new(out_bits / in_bits - 1),
        }
    }
}

impl Logic for Widen {
    describe!("widen", "Joins several words of a stream into a wider one, low part first.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, part);
        self.joined.clock.next = self.clock.val();

        self.last.next = (self.part.q.val() == self.top.val()).into();
        self.word.next = self.enq.payload.val();
        for i in 0..self.several.index() {
            self.word.next =
                (self.enq.payload.val() << self.above.val()) | (self.parts[i].q.val() >> self.in_bits.val());
        }
        self.enq.ready.next = (!self.last.val().any() || self.joined.enq.ready.val().any()).into();
        self.joined.enq.valid.next = (self.enq.valid.val().any() && self.last.val().any()).into();
        self.joined.enq.payload.next = self.word.val();
        self.deq.valid.next = self.joined.deq.valid.val();
        self.deq.payload.next = self.joined.deq.payload.val();
        self.joined.deq.ready.next = self.deq.ready.val();
        self.empty.next = (!self.part.q.val().any() && !self.joined.deq.valid.val().any()).into();

        for i in 0..self.several.index() {
            self.parts[i].clock.next = self.clock.val();
            self.parts[i].d.next = self.parts[i].q.val();
            if self.enq.valid.val().any() && self.enq.ready.val().any() {
                self.parts[i].d.next = self.word.val();
            }
        }
        if self.enq.valid.val().any() && self.enq.ready.val().any() {
            if self.last.val().any() {
                self.part.d.next = 0.into();
            } else {
                self.part.d.next = self.part.q.val() + 1;
            }
        }
    }
}
