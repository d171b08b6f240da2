use crate::rtl::prelude::*;

/// Cuts each word of a stream into `in_bits / out_bits` parts, the lowest bits first.
///
/// Latency 1 cycle; a part a cycle. A ratio of 1 is a queue of two words.
#[derive(LogicBlock)]
pub struct Narrow {
    pub clock: Wire<In, Clk>,
    pub enq: StreamIn,
    pub deq: StreamOut,
    held: Fifo,
    part: Reg,
    offset: Vec<Const>,
    parts: Const,
}

impl Narrow {
    /// From words of `in_bits` bits to parts of `out_bits`, of which they are a multiple.
    pub fn new(in_bits: usize, out_bits: usize) -> Self {
        assert!(in_bits.is_multiple_of(out_bits), "{in_bits} bits are no multiple of {out_bits}");
        let parts = in_bits / out_bits;
        Narrow {
            clock: Default::default(),
            enq: StreamIn::new(in_bits, false),
            deq: StreamOut::new(out_bits, false),
            held: Fifo::new(2, in_bits, false),
            part: Reg::unsigned(address_bits(parts)),
            offset: (0..parts).map(|i| Const::new(i * out_bits)).collect(),
            parts: Const::new(parts),
        }
    }
}

impl Logic for Narrow {
    describe!("narrow", "Cuts each word of a stream into parts, low part first.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, part);
        self.held.clock.next = self.clock.val();
        self.held.enq.valid.next = self.enq.valid.val();
        self.held.enq.payload.next = self.enq.payload.val();
        self.enq.ready.next = self.held.enq.ready.val();

        self.deq.valid.next = self.held.deq.valid.val();
        self.deq.payload.next = self.held.deq.payload.val();
        for i in 1..self.parts.index() {
            if self.part.q.val() == i {
                self.deq.payload.next = self.held.deq.payload.val() >> self.offset[i].val();
            }
        }
        self.held.deq.ready.next = 0.into();
        if self.held.deq.valid.val().any() && self.deq.ready.val().any() {
            if self.part.q.val() + 1 == self.parts.val() {
                self.held.deq.ready.next = 1.into();
                self.part.d.next = 0.into();
            } else {
                self.part.d.next = self.part.q.val() + 1;
            }
        }
    }
}
