use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::rtl::prelude::*;

/// Queue of filter lines for the passes to come (the chip's 8 KB of filter prefetch, JSSC 2017, section V).
///
/// A line is four words. The lines lie in a memory with synchronous reads; the next one is read ahead, so that a line a cycle
/// comes out. Capacity: `staging_lines` in the memory and one at the output. Latency: a line that was taken in is offered 2 cycles
/// later, if the queue was empty. `clear` drops everything.
#[derive(LogicBlock)]
pub struct FilterStaging {
    pub clock: Wire<In, Clk>,
    pub clear: Wire<In>,
    pub in_valid: Wire<In>,
    pub in_ready: Wire<Out>,
    pub in_word: Vec<Wire<In>>,
    pub out_valid: Wire<Out>,
    pub out_ready: Wire<In>,
    pub out_word: Vec<Wire<Out>>,
    words: Vec<Sram>,
    /// Lines in the memory that have not been read.
    count: Reg,
    head: Reg,
    tail: Reg,
    /// The memory's output is a line that has not been taken.
    loaded: Reg,
    put: Wire<Local>,
    read: Wire<Local>,
    depth: Const,
}

impl FilterStaging {
    /// The staging queue of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let depth = arch.staging_lines;
        FilterStaging {
            clock: Default::default(),
            clear: Wire::bit(),
            in_valid: Wire::bit(),
            in_ready: Wire::bit(),
            in_word: (0..FILTER_BUS_WORDS).map(|_| Wire::signed(arch.width)).collect(),
            out_valid: Wire::bit(),
            out_ready: Wire::bit(),
            out_word: (0..FILTER_BUS_WORDS).map(|_| Wire::signed(arch.width)).collect(),
            words: (0..FILTER_BUS_WORDS).map(|_| Sram::new(depth, arch.width, true)).collect(),
            count: Reg::unsigned(count_bits(depth)),
            head: Reg::unsigned(address_bits(depth)),
            tail: Reg::unsigned(address_bits(depth)),
            loaded: Reg::bit(),
            put: Wire::bit(),
            read: Wire::bit(),
            depth: Const::new(depth),
        }
    }
}

impl Logic for FilterStaging {
    describe!("filter_staging", "Queue of filter lines in block memory, with the next line read ahead.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, count, head, tail, loaded);
        self.in_ready.next = (self.count.q.val() < self.depth.val()).into();
        self.out_valid.next = self.loaded.q.val();
        self.put.next = (self.in_valid.val().any() && self.count.q.val() < self.depth.val()).into();
        self.read.next =
            (self.count.q.val().any() && (!self.loaded.q.val().any() || self.out_ready.val().any())).into();
        for i in 0..4 {
            self.words[i].clock.next = self.clock.val();
            self.words[i].write.next = self.put.val();
            self.words[i].write_address.next = self.tail.q.val();
            self.words[i].write_data.next = self.in_word[i].val();
            self.words[i].read.next = self.read.val();
            self.words[i].read_address.next = self.head.q.val();
            self.out_word[i].next = self.words[i].read_data.val();
        }

        if self.put.val().any() {
            self.tail.d.next = self.tail.q.val() + 1;
            if self.tail.q.val() + 1 == self.depth.val() {
                self.tail.d.next = 0.into();
            }
        }
        if self.read.val().any() {
            self.head.d.next = self.head.q.val() + 1;
            if self.head.q.val() + 1 == self.depth.val() {
                self.head.d.next = 0.into();
            }
        }
        self.count.d.next = self.count.q.val() + self.put.val() - self.read.val();
        if self.read.val().any() {
            self.loaded.d.next = true.into();
        } else if self.out_ready.val().any() {
            self.loaded.d.next = false.into();
        }
        if self.clear.val().any() {
            self.count.d.next = 0.into();
            self.head.d.next = 0.into();
            self.tail.d.next = 0.into();
            self.loaded.d.next = false.into();
        }
    }
}
