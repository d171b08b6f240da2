//! STORE and PARAMS through the whole shell, against plain arithmetic; every byte outside the runs stays what it was.

mod shell_bench;

use hw::program::{end, error, flag, op};
use hw::Arch;
use shell_bench::job::{params_command, random_rows, rows_table, Channel, Store};
use shell_bench::memory::{Random, Timing, FAST, SLOW};
use shell_bench::some_arch;
use shell_bench::system::{command, System};
use std::collections::HashMap;

/// Runs these commands after a table and parameters; returns the system, the expected bytes and the number of elements.
fn run(arch: &Arch, timing: Timing, stall: u64, seed: u64, stores: &[Store]) -> (System, u64) {
    let mut system = System::new(arch, timing, stall, seed);
    let mut random = Random(seed.wrapping_mul(31) | 1);
    let rows = random_rows(&mut random, arch, 12);
    let mut blocks = rows_table(&rows);
    let (mut bytes, mut elements) = (HashMap::new(), 0);
    for (i, store) in stores.iter().enumerate() {
        if i % 3 == 0 {
            let channels: Vec<Channel> = (0..256).map(|_| Channel::random(&mut random, arch)).collect();
            blocks.push(params_command(&mut system, 0x30_0000 + 4096 * i as u64, &channels));
            for store in stores[i..].iter().take(3) {
                elements += store.expect(&system, &rows, &channels, &mut bytes);
            }
        }
        blocks.push(store.command());
    }
    blocks.push(command(op::END, 0, &[(end::LAYER, 1)]));
    assert_eq!(system.run(0x1_0000, &blocks), 0, "seed {seed}");
    let stored = system.memory.bytes.iter().filter(|(address, _)| **address >= 0x40_0000);
    let stored: HashMap<u64, u8> = stored.map(|(address, byte)| (*address, *byte)).collect();
    if stored != bytes {
        let mut wrong: Vec<_> = bytes.keys().chain(stored.keys()).filter(|a| stored.get(a) != bytes.get(a)).collect();
        wrong.sort();
        let address = wrong[0];
        panic!(
            "seed {seed}, W {}, P {}, D {}: {:#x} is {:?}, not {:?}",
            arch.width,
            arch.psum_width,
            arch.link_width,
            address,
            stored.get(address),
            bytes.get(address)
        );
    }
    assert_eq!(system.memory.write_bytes, bytes.len() as u64);
    assert_eq!(system.reads, elements);
    (system, elements)
}

#[test]
fn random_stores_write_what_the_arithmetic_says() {
    for seed in 0..24 {
        let arch = some_arch(seed);
        let mut random = Random(seed * 99 + 1);
        let count = 1 + random.below(7);
        let stores: Vec<Store> =
            (0..count).map(|i| Store::random(&mut random, &arch, 0x40_0000 + 0x1_0000 * i)).collect();
        run(&arch, [FAST, SLOW][seed as usize % 2], [0, 30, 60][seed as usize % 3], seed, &stores);
    }
}

#[test]
fn runs_of_every_length_start_at_every_alignment() {
    for n in 0..12 {
        let arch = some_arch(n);
        let mut random = Random(n + 1);
        let mut stores = vec![];
        for raw in [0, flag::STORE_RAW] {
            // Every place in a beat
            let bytes = Store { flags: raw, ..Store::random(&mut random, &arch, 0) }.bytes(&arch);
            for start in 0..(arch.link_bytes() as u64 / bytes).max(1) {
                for windows in [1, 2, 3, 5, 33] {
                    let mut s = Store::random(&mut random, &arch, 0);
                    s.flags = raw | s.flags & flag::STORE_RELU;
                    (s.windows, s.rows, s.images, s.groups, s.filters, s.valid) = (windows, 1, 1, 1, 1, 1);
                    (s.filter_bytes, s.image_bytes, s.row_bytes) = (0, 0, 0);
                    s.address = 0x40_0000 + 0x400 * stores.len() as u64 + start * bytes;
                    stores.push(s);
                }
            }
        }
        run(&arch, FAST, 0, n, &stores);
    }
}

/// A STORE of one run of this many elements.
fn long(arch: &Arch, flags: u64, windows: u64, rows: u64) -> Store {
    let mut s = Store::random(&mut Random(1), arch, 0);
    s.address = 0x40_0000 + s.bytes(arch);
    s.flags = flags;
    (s.windows, s.rows, s.images, s.groups, s.filters, s.valid) = (windows, rows, 1, 1, 1, 1);
    (s.filter_bytes, s.image_bytes, s.row_bytes) = (0, 0, 0);
    s
}

#[test]
fn a_long_run_takes_an_element_a_cycle() {
    for n in 0..9 {
        let arch = some_arch(n);
        for flags in [0, flag::STORE_RAW] {
            let store = long(&arch, flags, 200, 10);
            let (system, elements) = run(&arch, Timing { latency: 20, stall: 0 }, 0, n, std::slice::from_ref(&store));
            // An element wider than the link takes a cycle for each beat.
            let beats = store.bytes(&arch).div_ceil(arch.link_bytes() as u64);
            let cycles = system.last_read - system.first_read + 1;
            assert!(
                cycles <= elements * beats + 16,
                "W {}, P {}, D {}: {cycles} cycles for {elements} elements of {beats} beats",
                arch.width,
                arch.psum_width,
                arch.link_width
            );
        }
    }
}

#[test]
fn short_rows_cost_few_cycles_more_than_their_elements() {
    let arch = some_arch(0);
    let mut store = long(&arch, 0, 3, 4);
    (store.images, store.filters, store.valid) = (2, 64, 64);
    (store.filter_bytes, store.image_bytes, store.filter_stride) = (24, 64 * 24 + 8, 3);
    let (system, elements) = run(&arch, Timing { latency: 20, stall: 0 }, 0, 5, &[store]);
    let cycles = system.last_read - system.first_read + 1;
    assert!(cycles <= elements * 11 / 10 + 16, "{cycles} cycles for {elements} elements");
}

#[test]
fn rows_with_gaps_between_them_cost_no_more_than_adjacent_ones() {
    let arch = some_arch(0);
    let cycles = [0, 40 * arch.word_bytes() as u64].map(|row_bytes| {
        let mut store = long(&arch, 0, 32, 8);
        (store.filters, store.valid, store.row_bytes, store.filter_bytes) = (4, 4, row_bytes, 8 * 40 * 2);
        let (system, elements) = run(&arch, Timing { latency: 20, stall: 0 }, 0, 5, &[store]);
        (system.last_read - system.first_read + 1, elements)
    });
    assert!(cycles[1].0 <= cycles[0].0 + cycles[1].1 / 16, "{cycles:?} cycles and elements, adjacent and with gaps");
}

#[test]
fn random_slots_are_encoded_under_random_stalls() {
    for seed in 0..30 {
        let arch = some_arch(seed);
        let mut random = Random(seed * 57 + 3);
        let count = 1 + random.below(5);
        let store = |i| {
            let mut s = Store::random(&mut random, &arch, 0x40_0000 + 0x1_0000 * i);
            // Raw and plain stores stand between compressed ones. A ReLU makes zeros; a large shift makes many.
            if random.chance(75) {
                s.flags =
                    s.flags & flag::STORE_RELU | flag::STORE_RLC | [0, flag::STORE_MASKS][random.below(2) as usize];
                s.address = (s.address + 15) & !15;
                (s.filter_bytes, s.image_bytes) = (0, 0);
            }
            s
        };
        let stores: Vec<Store> = (0..count).map(store).collect();
        let (mut system, _) =
            run(&arch, [FAST, SLOW][seed as usize % 2], [0, 30, 60][seed as usize % 3], seed, &stores);
        let slots = stores.iter().filter(|s| s.flags & flag::STORE_RLC != 0);
        let codes: u64 = slots.map(|s| system.memory.number(s.address, 8)).sum();
        assert_eq!(system.counter("RLC_WRITE_CODES"), codes, "seed {seed}");
    }
}

#[test]
fn a_compressed_store_takes_an_element_or_a_beat_a_cycle() {
    for (n, masks) in (0..9).flat_map(|n| [(n, 0), (n, flag::STORE_MASKS)]) {
        let arch = some_arch(n);
        let mut store = long(&arch, flag::STORE_RLC | masks, 200, 10);
        store.address = 0x40_0000;
        let (mut system, elements) = run(&arch, Timing { latency: 20, stall: 0 }, 0, n, &[store]);
        let cycles = system.last_read - system.first_read + 1;
        let beats = system.counter("RLC_WRITE_CODES") * 8_usize.div_ceil(arch.link_bytes()) as u64;
        // A unit a cycle, too, where a mask is one.
        let units = elements + if masks == 0 { 0 } else { elements.div_ceil(8 * arch.word_bytes() as u64) };
        let most = units.max(beats) + 32;
        assert!(cycles <= most, "W {}, D {}: {cycles} cycles, {most} at the most", arch.width, arch.link_width);
    }
}

#[test]
fn a_store_of_raw_psums_or_of_nothing_is_not_compressed() {
    let arch = some_arch(0);
    let mut good = long(&arch, flag::STORE_RLC, 5, 2);
    good.address = 0x40_0000;
    let raw = Store { flags: flag::STORE_RLC | flag::STORE_RAW, ..good.clone() };
    let nothing = Store { valid: 0, ..good.clone() };
    let crooked = Store { address: 0x40_0008, ..good.clone() };
    for (store, cause) in [(good, 0), (raw, error::FIELD), (nothing, error::FIELD), (crooked, error::FIELD)] {
        let mut system = System::new(&arch, FAST, 0, 1);
        let mut blocks = rows_table(&[(0, 0); 12]);
        blocks.push(params_command(&mut system, 0x30_0000, &[Channel { bias: 0, scale: 1, shift: 0 }; 16]));
        blocks.extend([store.command(), command(op::END, 0, &[(end::LAYER, 1)])]);
        let status = system.run(0x1_0000, &blocks);
        assert_eq!(u64::from(status), cause, "{store:?}");
    }
}
