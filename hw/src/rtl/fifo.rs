use super::prelude::*;

/// A first-in, first-out queue of exactly `depth` words.
///
/// Latency: a word taken in at one edge is offered at the next (1 cycle), also when the queue was empty. `enq.ready` and
/// `deq.valid` come from registers alone, so no path runs through the queue from one side's handshake to the other's.
/// A full queue takes no word in the cycle in which it gives one: full throughput wants a depth of 2 or more.
#[derive(LogicBlock)]
pub struct Fifo {
    pub clock: Wire<In, Clk>,
    pub enq: StreamIn,
    pub deq: StreamOut,
    /// Number of words held, 0 to depth.
    pub level: Wire<Out>,
    count: Reg,
    head: Reg,
    tail: Reg,
    store: RegFile,
    put: Wire<Local>,
    take: Wire<Local>,
    depth: Const,
    /// An address that counts on past the last word is not 0 by itself.
    wraps: Const,
}

impl Fifo {
    /// A queue of `depth` words of `bits` bits.
    pub fn new(depth: usize, bits: usize, signed: bool) -> Self {
        assert!(depth > 0, "a queue of no words");
        Fifo {
            clock: Default::default(),
            enq: StreamIn::new(bits, signed),
            deq: StreamOut::new(bits, signed),
            level: Wire::unsigned(count_bits(depth)),
            count: Reg::unsigned(count_bits(depth)),
            head: Reg::unsigned(address_bits(depth)),
            tail: Reg::unsigned(address_bits(depth)),
            store: RegFile::new(depth, bits, signed),
            put: Wire::bit(),
            take: Wire::bit(),
            depth: Const::new(depth),
            wraps: Const::new((depth < 1 << address_bits(depth)) as usize),
        }
    }
}

impl Logic for Fifo {
    describe!("fifo", "Queue with registered ready and valid: a word is offered one cycle after it is taken in.", queue of depth);

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, count, head, tail);
        self.store.clock.next = self.clock.val();

        self.enq.ready.next = (self.count.q.val() < self.depth.val()).into();
        self.deq.valid.next = self.count.q.val().any().into();
        self.deq.payload.next = self.store.read_data.val();
        self.level.next = self.count.q.val();
        self.put.next = (self.enq.valid.val().any() && self.enq.ready.val().any()).into();
        self.take.next = (self.deq.valid.val().any() && self.deq.ready.val().any()).into();

        self.store.write.next = self.put.val();
        self.store.write_address.next = self.tail.q.val();
        self.store.write_data.next = self.enq.payload.val();
        self.store.read_address.next = self.head.q.val();

        if self.put.val().any() {
            self.tail.d.next = self.tail.q.val() + 1;
            if self.wraps.val().any() && self.tail.q.val() + 1 == self.depth.val() {
                self.tail.d.next = 0.into();
            }
        }
        if self.take.val().any() {
            self.head.d.next = self.head.q.val() + 1;
            if self.wraps.val().any() && self.head.q.val() + 1 == self.depth.val() {
                self.head.d.next = 0.into();
            }
        }
        self.count.d.next = self.count.q.val() + self.put.val() - self.take.val();
    }
}
