use super::{narrow::Narrow, widen::Widen};
use crate::rtl::prelude::*;

/// A stream of `in_bits`-bit words as one of `out_bits`-bit words, one width a multiple of the other; low part first.
///
/// Latency 1 cycle; the narrower side moves a word a cycle. Of equal widths it is wires.
#[derive(LogicBlock)]
pub struct Resize {
    pub clock: Wire<In, Clk>,
    pub enq: StreamIn,
    pub deq: StreamOut,
    /// One, where words become wider.
    widen: Vec<Widen>,
    /// One, where words become narrower.
    narrow: Vec<Narrow>,
    widens: Const,
    narrows: Const,
    same: Const,
}

impl Resize {
    /// From words of `in_bits` bits to words of `out_bits`.
    pub fn new(in_bits: usize, out_bits: usize) -> Self {
        let (widens, narrows) = ((in_bits < out_bits) as usize, (in_bits > out_bits) as usize);
        Resize {
            clock: Default::default(),
            enq: StreamIn::new(in_bits, false),
            deq: StreamOut::new(out_bits, false),
            widen: (0..widens).map(|_| Widen::new(in_bits, out_bits)).collect(),
            narrow: (0..narrows).map(|_| Narrow::new(in_bits, out_bits)).collect(),
            widens: Const::new(widens),
            narrows: Const::new(narrows),
            same: Const::new((in_bits == out_bits) as usize),
        }
    }
}

impl Logic for Resize {
    describe!("resize", "Changes the width of a stream, low part first.");

    #[hdl_gen]
    fn update(&mut self) {
        for i in 0..self.widens.index() {
            self.widen[i].clock.next = self.clock.val();
            self.widen[i].enq.valid.next = self.enq.valid.val();
            self.widen[i].enq.payload.next = self.enq.payload.val();
            self.enq.ready.next = self.widen[i].enq.ready.val();
            self.deq.valid.next = self.widen[i].deq.valid.val();
            self.deq.payload.next = self.widen[i].deq.payload.val();
            self.widen[i].deq.ready.next = self.deq.ready.val();
        }
        for i in 0..self.narrows.index() {
            self.narrow[i].clock.next = self.clock.val();
            self.narrow[i].enq.valid.next = self.enq.valid.val();
            self.narrow[i].enq.payload.next = self.enq.payload.val();
            self.enq.ready.next = self.narrow[i].enq.ready.val();
            self.deq.valid.next = self.narrow[i].deq.valid.val();
            self.deq.payload.next = self.narrow[i].deq.payload.val();
            self.narrow[i].deq.ready.next = self.deq.ready.val();
        }
        if self.same.val().any() {
            self.deq.valid.next = self.enq.valid.val();
            self.deq.payload.next = self.enq.payload.val();
            self.enq.ready.next = self.deq.ready.val();
        }
    }
}
