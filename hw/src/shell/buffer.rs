use crate::rtl::prelude::*;

/// A queue in block RAM: `depth` words behind a registered output.
///
/// Latency: 2 cycles from `enq` to `deq`. One word a cycle in and out. `enq.ready` and `deq.valid` come from registers.
#[derive(LogicBlock)]
pub struct Buffer {
    pub clock: Wire<In, Clk>,
    pub enq: StreamIn,
    pub deq: StreamOut,
    /// Nothing is stored, the output included.
    pub empty: Wire<Out>,
    count: Reg,
    head: Reg,
    tail: Reg,
    shown: Reg,
    store: Sram,
    put: Wire<Local>,
    fetch: Wire<Local>,
    depth: Const,
}

impl Buffer {
    /// A queue of `depth` words of `bits` bits.
    pub fn new(depth: usize, bits: usize) -> Self {
        assert!(depth > 0, "a queue of no words");
        Buffer {
            clock: Default::default(),
            enq: StreamIn::new(bits, false),
            deq: StreamOut::new(bits, false),
            empty: Wire::bit(),
            count: Reg::unsigned(count_bits(depth)),
            head: Reg::unsigned(address_bits(depth)),
            tail: Reg::unsigned(address_bits(depth)),
            shown: Reg::bit(),
            store: Sram::new(depth, bits, false),
            put: Wire::bit(),
            fetch: Wire::bit(),
            depth: Const::new(depth),
        }
    }
}

impl Logic for Buffer {
    describe!("buffer", "Queue in block RAM with a registered output.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, count, head, tail, shown);
        self.store.clock.next = self.clock.val();

        self.enq.ready.next = (self.count.q.val() < self.depth.val()).into();
        self.deq.valid.next = self.shown.q.val();
        self.deq.payload.next = self.store.read_data.val();
        self.empty.next = (!self.shown.q.val().any() && !self.count.q.val().any()).into();
        self.put.next = (self.enq.valid.val().any() && self.enq.ready.val().any()).into();
        self.fetch.next =
            (self.count.q.val().any() && (!self.shown.q.val().any() || self.deq.ready.val().any())).into();

        self.store.write.next = self.put.val();
        self.store.write_address.next = self.tail.q.val();
        self.store.write_data.next = self.enq.payload.val();
        self.store.read.next = self.fetch.val();
        self.store.read_address.next = self.head.q.val();

        if self.put.val().any() {
            if self.tail.q.val() + 1 == self.depth.val() {
                self.tail.d.next = 0.into();
            } else {
                self.tail.d.next = self.tail.q.val() + 1;
            }
        }
        if self.fetch.val().any() {
            self.shown.d.next = 1.into();
            if self.head.q.val() + 1 == self.depth.val() {
                self.head.d.next = 0.into();
            } else {
                self.head.d.next = self.head.q.val() + 1;
            }
        } else if self.deq.ready.val().any() {
            self.shown.d.next = 0.into();
        }
        self.count.d.next = self.count.q.val() + self.put.val() - self.fetch.val();
    }
}
