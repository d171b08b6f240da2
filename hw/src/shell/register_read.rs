use crate::registers::{counter_offset, COUNTERS, PAGE_BYTES, REGISTERS};
use crate::rtl::prelude::*;

/// What the host reads: the register or counter at a word address. Latency: 0.
///
/// `value` holds the registers in the order of [`REGISTERS`]. `unmapped` says that there is nothing at the address, of a
/// read and of a write.
#[derive(LogicBlock)]
pub struct RegisterRead {
    pub read: Wire<In>,
    pub read_address: Wire<In>,
    pub write: Wire<In>,
    pub write_address: Wire<In>,
    pub value: Vec<Wire<In>>,
    pub total: Vec<Wire<In>>,
    pub data: Wire<Out>,
    pub read_unmapped: Wire<Out>,
    pub write_unmapped: Wire<Out>,
    registers: Const,
    register: Vec<Const>,
    counters: Const,
    counter_low: Vec<Const>,
    counter_high: Vec<Const>,
}

impl Default for RegisterRead {
    fn default() -> Self {
        let word = address_bits(PAGE_BYTES) - 2;
        let at = |offset: usize| Const::new(offset / 4);
        RegisterRead {
            read: Wire::bit(),
            read_address: Wire::unsigned(word),
            write: Wire::bit(),
            write_address: Wire::unsigned(word),
            value: REGISTERS.iter().map(|register| Wire::unsigned(register.width)).collect(),
            total: COUNTERS.iter().map(|_| Wire::unsigned(64)).collect(),
            data: Wire::unsigned(32),
            read_unmapped: Wire::bit(),
            write_unmapped: Wire::bit(),
            registers: Const::new(REGISTERS.len()),
            register: REGISTERS.iter().map(|register| at(register.offset)).collect(),
            counters: Const::new(COUNTERS.len()),
            counter_low: (0..COUNTERS.len()).map(|i| at(counter_offset(i))).collect(),
            counter_high: (0..COUNTERS.len()).map(|i| at(counter_offset(i) + 4)).collect(),
        }
    }
}

impl Logic for RegisterRead {
    describe!("register_read", "The register or counter that the host reads.");

    #[hdl_gen]
    fn update(&mut self) {
        self.data.next = 0.into();
        self.read_unmapped.next = 0.into();
        if self.read.val().any() {
            self.read_unmapped.next = 1.into();
            for i in 0..self.registers.index() {
                if self.read_address.val() == self.register[i].val() {
                    self.read_unmapped.next = 0.into();
                    self.data.next = self.value[i].val();
                }
            }
            for i in 0..self.counters.index() {
                if self.read_address.val() == self.counter_low[i].val() {
                    self.read_unmapped.next = 0.into();
                    self.data.next = self.total[i].val();
                }
                if self.read_address.val() == self.counter_high[i].val() {
                    self.read_unmapped.next = 0.into();
                    self.data.next = self.total[i].val() >> 32;
                }
            }
        }
        self.write_unmapped.next = 0.into();
        if self.write.val().any() {
            self.write_unmapped.next = 1.into();
            for i in 0..self.registers.index() {
                if self.write_address.val() == self.register[i].val() {
                    self.write_unmapped.next = 0.into();
                }
            }
            for i in 0..self.counters.index() {
                if self.write_address.val() == self.counter_low[i].val()
                    || self.write_address.val() == self.counter_high[i].val()
                {
                    self.write_unmapped.next = 0.into();
                }
            }
        }
    }
}
