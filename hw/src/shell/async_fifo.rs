use crate::rtl::prelude::*;

/// A queue between two clocks, of `depth` entries and one more in the register that offers it; an entry has a part for each width given.
///
/// Gray-coded pointers cross through synchronisers, and `enq_ready`, `deq_valid` and `deq` are registers (C. E. Cummings,
/// "Simulation and Synthesis Techniques for Asynchronous FIFO Design", SNUG 2002). Latency: an entry is offered after the
/// third edge of `deq_clock` behind the one of `enq_clock` that took it, or the fourth. A place is free again as long after, by
/// the other clock, and an edge more. So with 16 entries the slower clock moves one at each of its edges, whatever the other's pace.
/// `depth` is a power of two, at least 4. Both resets are high together for four edges of each clock, at any time.
#[derive(LogicBlock)]
pub struct AsyncFifo {
    pub enq_clock: Wire<In, Clk>,
    pub enq_valid: Wire<In>,
    pub enq_ready: Wire<Out>,
    pub enq: Vec<Wire<In>>,
    pub deq_clock: Wire<In, Clk>,
    pub deq_valid: Wire<Out>,
    pub deq_ready: Wire<In>,
    pub deq: Vec<Wire<Out>>,
    // Of enq_clock; pointers have a bit more than an address
    write: Reg,
    write_gray: Reg,
    ready: Reg,
    read_seen: Synchronizer,
    // Of deq_clock
    read: Reg,
    read_gray: Reg,
    valid: Reg,
    entry: Vec<Reg>,
    write_seen: Synchronizer,
    store: Vec<RegFile>,
    put: Wire<Local>,
    write_next: Wire<Local>,
    write_gray_next: Wire<Local>,
    load: Wire<Local>,
    read_next: Wire<Local>,
    /// The two Gray codes that are `depth` apart differ in their two upper bits alone.
    full: Const,
    parts: Const,
}

impl AsyncFifo {
    /// A queue of `depth` entries with parts of these widths.
    pub fn new(depth: usize, widths: &[usize]) -> Self {
        assert!(depth >= 4 && depth.is_power_of_two(), "a queue of {depth} entries; it has a power of two, from 4");
        let bits = address_bits(depth) + 1;
        AsyncFifo {
            enq_clock: Default::default(),
            enq_valid: Wire::bit(),
            enq_ready: Wire::bit(),
            enq: widths.iter().map(|bits| Wire::unsigned(*bits)).collect(),
            deq_clock: Default::default(),
            deq_valid: Wire::bit(),
            deq_ready: Wire::bit(),
            deq: widths.iter().map(|bits| Wire::unsigned(*bits)).collect(),
            write: Reg::unsigned(bits),
            write_gray: Reg::unsigned(bits),
            ready: Reg::bit(),
            read_seen: Synchronizer::new(bits),
            read: Reg::unsigned(bits),
            read_gray: Reg::unsigned(bits),
            valid: Reg::bit(),
            entry: widths.iter().map(|bits| Reg::unsigned(*bits)).collect(),
            write_seen: Synchronizer::new(bits),
            store: widths.iter().map(|bits| RegFile::new(depth, *bits, false)).collect(),
            put: Wire::bit(),
            write_next: Wire::unsigned(bits),
            write_gray_next: Wire::unsigned(bits),
            load: Wire::bit(),
            read_next: Wire::unsigned(bits),
            full: Const::new(3 << (bits - 2)),
            parts: Const::new(widths.len()),
        }
    }
}

impl Logic for AsyncFifo {
    describe!(
        "async_fifo",
        "Queue between two clocks: Gray-coded pointers (Cummings, SNUG 2002), registered ready, valid and entry."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, enq_clock, write, write_gray, ready);
        dff_setup!(self, deq_clock, read, read_gray, valid);
        self.read_seen.clock.next = self.enq_clock.val();
        self.read_seen.d.next = self.read_gray.q.val();
        self.write_seen.clock.next = self.deq_clock.val();
        self.write_seen.d.next = self.write_gray.q.val();

        self.enq_ready.next = self.ready.q.val();
        self.put.next = self.enq_valid.val() & self.ready.q.val();
        self.write_next.next = self.write.q.val() + self.put.val();
        self.write_gray_next.next = self.write_next.val() ^ (self.write_next.val() >> 1);
        self.write.d.next = self.write_next.val();
        self.write_gray.d.next = self.write_gray_next.val();
        self.ready.d.next = ((self.write_gray_next.val() ^ self.read_seen.q.val()) != self.full.val()).into();

        self.deq_valid.next = self.valid.q.val();
        self.load.next = (self.read_gray.q.val() != self.write_seen.q.val()
            && (!self.valid.q.val().any() || self.deq_ready.val().any()))
        .into();
        self.read_next.next = self.read.q.val() + self.load.val();
        self.read.d.next = self.read_next.val();
        self.read_gray.d.next = self.read_next.val() ^ (self.read_next.val() >> 1);
        if self.load.val().any() {
            self.valid.d.next = 1.into();
        } else if self.deq_ready.val().any() {
            self.valid.d.next = 0.into();
        }

        for i in 0..self.parts.index() {
            self.store[i].clock.next = self.enq_clock.val();
            self.store[i].write.next = self.put.val();
            self.store[i].write_address.next = self.write.q.val();
            self.store[i].write_data.next = self.enq[i].val();
            self.store[i].read_address.next = self.read.q.val();
            self.entry[i].clock.next = self.deq_clock.val();
            self.entry[i].d.next = self.entry[i].q.val();
            if self.load.val().any() {
                self.entry[i].d.next = self.store[i].read_data.val();
            }
            self.deq[i].next = self.entry[i].q.val();
        }
    }
}
