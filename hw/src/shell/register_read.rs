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
    bounds: Const,
    bound: Vec<Const>,
    is_gap: Vec<Const>,
}

impl Default for RegisterRead {
    fn default() -> Self {
        let word = address_bits(PAGE_BYTES) - 2;
        let at = |offset: usize| Const::new(offset / 4);
        let bounds = bounds();
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
            bounds: Const::new(bounds.len()),
            bound: bounds.iter().map(|bound| Const::new(bound.0)).collect(),
            is_gap: bounds.iter().map(|bound| Const::new(usize::from(bound.1))).collect(),
        }
    }
}

impl Logic for RegisterRead {
    describe!("register_read", "The register or counter that the host reads.");

    #[hdl_gen]
    fn update(&mut self) {
        self.data.next = 0.into();
        if self.read.val().any() {
            for i in 0..self.registers.index() {
                if self.read_address.val() == self.register[i].val() {
                    self.data.next = self.value[i].val();
                }
            }
            for i in 0..self.counters.index() {
                if self.read_address.val() == self.counter_low[i].val() {
                    self.data.next = self.total[i].val();
                }
                if self.read_address.val() == self.counter_high[i].val() {
                    self.data.next = self.total[i].val() >> 32;
                }
            }
        }

        self.read_unmapped.next = 0.into();
        self.write_unmapped.next = 0.into();
        for i in 0..self.bounds.index() {
            if self.read_address.val() >= self.bound[i].val() {
                self.read_unmapped.next = self.read.val() & self.is_gap[i].val();
            }
            if self.write_address.val() >= self.bound[i].val() {
                self.write_unmapped.next = self.write.val() & self.is_gap[i].val();
            }
        }
    }
}

/// Word addresses at which gaps between registers and counters begin (true) and end, in order. The first word is a register.
fn bounds() -> Vec<(usize, bool)> {
    let registers = REGISTERS.iter().map(|register| register.offset / 4);
    let counters = (0..2 * COUNTERS.len()).map(|i| counter_offset(0) / 4 + i);
    let mut bounds = Vec::new();
    let mut next = 0;
    for word in registers.chain(counters) {
        if word > next {
            bounds.extend([(next, true), (word, false)]);
        }
        next = word + 1;
    }
    bounds.push((next, true));
    bounds
}
