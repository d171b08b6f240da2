//! The host port and the registers behind it.

mod shell_bench;

use hw::registers::{self, counter_offset, Access, COUNTERS, PAGE_BYTES, REGISTERS};
use shell_bench::memory::FAST;
use shell_bench::system::System;
use std::collections::HashSet;

#[test]
fn the_table_of_registers_has_no_two_in_one_place() {
    let mut seen = HashSet::new();
    for register in REGISTERS {
        assert!(register.offset % 4 == 0 && register.offset < PAGE_BYTES, "{}", register.name);
        assert!(register.width <= 32 && !register.doc.is_empty(), "{}", register.name);
        assert!(seen.insert(register.offset), "{}", register.name);
    }
    for i in 0..COUNTERS.len() {
        assert!(seen.insert(counter_offset(i)) && seen.insert(counter_offset(i) + 4));
        assert!(counter_offset(i) + 8 <= PAGE_BYTES);
    }
    assert!(REGISTERS.windows(2).all(|pair| pair[0].offset < pair[1].offset), "not in the order of their offsets");
}

#[test]
fn what_was_built_can_be_read() {
    for stall in [0, 60] {
        let arch = shell_bench::arch(12, 31, 128);
        let mut system = System::new(&arch, FAST, stall, 1);
        let expect = [
            (registers::ID, 0x5445_5353),
            (registers::VERSION, 0x100),
            (registers::DATAFLOW, 0),
            (registers::ACCUMULATORS, 256),
            (registers::ROWS, 3),
            (registers::COLS, 4),
            (registers::WIDTH, 12),
            (registers::PSUM_WIDTH, 31),
            (registers::BANKS, arch.banks as u32),
            (registers::LANE_WIDTH, 12),
            (registers::PSUM_LANES, 1),
            (registers::IFMAP_SPAD, 12),
            (registers::FILTER_SPAD, 224),
            (registers::PSUM_SPAD, 24),
            (registers::LINK_WIDTH, 128),
            (registers::STAGING_LINES, arch.staging_lines as u32),
        ];
        for (register, value) in expect {
            assert_eq!(system.read(register), value, "{}", register.name);
            // A write to it is taken and does nothing.
            system.write(register, !value);
            assert_eq!(system.read(register), value, "{}", register.name);
        }
        for register in &REGISTERS[expect.len()..] {
            assert_eq!(system.read(*register), register.reset, "{}", register.name);
        }
        for counter in COUNTERS {
            assert_eq!(system.counter(counter.name), 0);
        }
    }
}

#[test]
fn strobes_choose_the_bytes_that_are_written() {
    let mut system = System::new(&shell_bench::arch(16, 0, 64), FAST, 40, 2);
    for register in REGISTERS.iter().filter(|register| register.access == Access::ReadWrite) {
        let mask = if register.width == 32 { u32::MAX } else { (1 << register.width) - 1 };
        let mut value = register.reset;
        for strobe in 0..16 {
            let data = system.random.next() as u32;
            assert_eq!(system.write_strobed(register.offset, data, strobe), 0);
            for byte in (0..4).filter(|byte| strobe >> byte & 1 == 1) {
                value = value & !(0xff << (8 * byte)) | data & (0xff << (8 * byte));
            }
            assert_eq!(system.read(*register), value & mask, "{}, strobe {strobe}", register.name);
        }
    }
    // Without a strobe nothing happens.
    assert_eq!(system.write_strobed(registers::CONTROL.offset, 1, 0b1110), 0);
    assert_eq!(system.read(registers::CONTROL), 0);
    assert_eq!(system.seen.resets, 0);
}

#[test]
fn an_address_without_a_register_is_answered_with_an_error() {
    let mut system = System::new(&shell_bench::arch(16, 0, 64), FAST, 10, 3);
    let mapped: HashSet<usize> = REGISTERS
        .iter()
        .map(|register| register.offset)
        .chain((0..COUNTERS.len()).flat_map(|i| [counter_offset(i), counter_offset(i) + 4]))
        .collect();
    for offset in (0..0x200).chain(0xfc0..0x1000).step_by(4) {
        let response = if mapped.contains(&offset) { 0 } else { 2 };
        assert_eq!(system.read_at(offset).1, response, "read {offset:#x}");
        if offset != registers::QUEUE_PUSH.offset {
            assert_eq!(system.write_strobed(offset, 0, 15), response, "write {offset:#x}");
        }
    }
}
