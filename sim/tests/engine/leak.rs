use hw::rtl::prelude::*;

/// Lets a word of a memory out that may never have been written.
#[derive(LogicBlock)]
pub struct Leak {
    pub clock: Wire<In, Clk>,
    pub write: Wire<In>,
    pub address: Wire<In>,
    pub data: Wire<In>,
    pub shown: Wire<In>,
    pub word: Wire<Out>,
    pub valid: Wire<Out>,
    /// A count of cycles, and a vector of the widest kind.
    pub count: Wire<Out>,
    pub wide: Wire<Out>,
    pub sum: Wire<In>,
    memory: Sram,
    counter: Reg,
    show: Reg,
}

impl Leak {
    pub fn new() -> Self {
        Leak {
            clock: Default::default(),
            write: Wire::bit(),
            address: Wire::unsigned(3),
            data: Wire::signed(16),
            shown: Wire::bit(),
            word: Wire::signed(16),
            valid: Wire::bit(),
            count: Wire::unsigned(20),
            wide: Wire::unsigned(128),
            sum: Wire::unsigned(128),
            memory: Sram::new(8, 16, true),
            counter: Reg::unsigned(20),
            show: Reg::bit(),
        }
    }
}

impl Logic for Leak {
    describe!("leak", "Lets a word of a memory out that may never have been written.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, counter, show);
        self.memory.clock.next = self.clock.val();
        self.memory.write.next = self.write.val();
        self.memory.write_address.next = self.address.val();
        self.memory.write_data.next = self.data.val();
        self.memory.read.next = !self.write.val();
        self.memory.read_address.next = self.address.val();
        self.word.next = self.memory.read_data.val();
        self.valid.next = self.show.q.val();
        self.show.d.next = self.shown.val();
        self.counter.d.next = self.counter.q.val() + 1;
        self.count.next = self.counter.q.val();
        self.wide.next = !self.sum.val();
    }
}
