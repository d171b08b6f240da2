use crate::rtl::prelude::*;

/// A queue of `depth` entries that are too wide for a `Word`, or made of several: each entry has a part for each width given.
///
/// Latency 1 cycle; `enq_ready` and `deq_valid` come from registers. `depth` is a power of two, at least 2. An entry holds at
/// the head until it is taken, so a unit can work from the head of its queue.
#[derive(LogicBlock)]
pub struct WideFifo {
    pub clock: Wire<In, Clk>,
    pub enq_valid: Wire<In>,
    pub enq_ready: Wire<Out>,
    pub enq: Vec<Wire<In>>,
    pub deq_valid: Wire<Out>,
    pub deq_ready: Wire<In>,
    pub deq: Vec<Wire<Out>>,
    /// Number of entries held, 0 to depth.
    pub level: Wire<Out>,
    count: Reg,
    head: Reg,
    tail: Reg,
    store: Vec<RegFile>,
    put: Wire<Local>,
    take: Wire<Local>,
    depth: Const,
    parts: Const,
}

impl WideFifo {
    /// A queue of `depth` entries with parts of these widths.
    pub fn new(depth: usize, widths: &[usize]) -> Self {
        assert!(depth >= 2 && depth.is_power_of_two(), "a queue of {depth} entries; it has a power of two, from 2");
        WideFifo {
            clock: Default::default(),
            enq_valid: Wire::bit(),
            enq_ready: Wire::bit(),
            enq: widths.iter().map(|bits| Wire::unsigned(*bits)).collect(),
            deq_valid: Wire::bit(),
            deq_ready: Wire::bit(),
            deq: widths.iter().map(|bits| Wire::unsigned(*bits)).collect(),
            level: Wire::unsigned(count_bits(depth)),
            count: Reg::unsigned(count_bits(depth)),
            head: Reg::unsigned(address_bits(depth)),
            tail: Reg::unsigned(address_bits(depth)),
            store: widths.iter().map(|bits| RegFile::new(depth, *bits, false)).collect(),
            put: Wire::bit(),
            take: Wire::bit(),
            depth: Const::new(depth),
            parts: Const::new(widths.len()),
        }
    }
}

impl Logic for WideFifo {
    describe!("wide_fifo", "Queue of entries of several parts, with registered ready and valid.", queue of depth);

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, count, head, tail);
        self.enq_ready.next = (self.count.q.val() < self.depth.val()).into();
        self.deq_valid.next = self.count.q.val().any().into();
        self.level.next = self.count.q.val();
        self.put.next = (self.enq_valid.val().any() && self.enq_ready.val().any()).into();
        self.take.next = (self.deq_valid.val().any() && self.deq_ready.val().any()).into();
        for i in 0..self.parts.index() {
            self.store[i].clock.next = self.clock.val();
            self.store[i].write.next = self.put.val();
            self.store[i].write_address.next = self.tail.q.val();
            self.store[i].write_data.next = self.enq[i].val();
            self.store[i].read_address.next = self.head.q.val();
            self.deq[i].next = self.store[i].read_data.val();
        }
        self.tail.d.next = self.tail.q.val() + self.put.val();
        self.head.d.next = self.head.q.val() + self.take.val();
        self.count.d.next = self.count.q.val() + self.put.val() - self.take.val();
    }
}
