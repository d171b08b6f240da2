use super::{narrow::Narrow, widen::Widen};
use crate::rtl::prelude::*;

/// A stream of `in_bits`-bit words as one of `out_bits`-bit words, one width a multiple of the other; low part first.
///
/// Latency 2 cycles; the narrower side moves a word a cycle.
#[derive(LogicBlock)]
pub struct Resize {
    pub clock: Wire<In, Clk>,
    pub enq: StreamIn,
    pub deq: StreamOut,
    widen: Widen,
    narrow: Narrow,
}

impl Resize {
    /// From words of `in_bits` bits to words of `out_bits`.
    pub fn new(in_bits: usize, out_bits: usize) -> Self {
        let wide = in_bits.max(out_bits);
        Resize {
            clock: Default::default(),
            enq: StreamIn::new(in_bits, false),
            deq: StreamOut::new(out_bits, false),
            widen: Widen::new(in_bits, wide),
            narrow: Narrow::new(wide, out_bits),
        }
    }
}

impl Logic for Resize {
    describe!("resize", "Changes the width of a stream, low part first.");

    #[hdl_gen]
    fn update(&mut self) {
        self.widen.clock.next = self.clock.val();
        self.narrow.clock.next = self.clock.val();
        self.widen.enq.valid.next = self.enq.valid.val();
        self.widen.enq.payload.next = self.enq.payload.val();
        self.enq.ready.next = self.widen.enq.ready.val();
        self.narrow.enq.valid.next = self.widen.deq.valid.val();
        self.narrow.enq.payload.next = self.widen.deq.payload.val();
        self.widen.deq.ready.next = self.narrow.enq.ready.val();
        self.deq.valid.next = self.narrow.deq.valid.val();
        self.deq.payload.next = self.narrow.deq.payload.val();
        self.narrow.deq.ready.next = self.deq.ready.val();
    }
}
