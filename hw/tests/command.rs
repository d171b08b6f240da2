//! The command unit within the shell: what it refuses, how it stops, and how it starts again.

mod shell_bench;

use hw::program::{self, end, error, filter, flag, layer, load, op, params, pass, seal, store, Field};
use hw::{registers, Arch};
use shell_bench::job::{layer_command, params_command, rows_table, Channel, Job, Store};
use shell_bench::memory::{Random, Timing, FAST, SLOW};
use shell_bench::system::{command, table, Block, System};
use shell_bench::{arch, some_arch};

const PROGRAM: u64 = 0x1_0000;

fn end_command(number: u64) -> Block {
    command(op::END, 0, &[(end::LAYER, number)])
}

/// Runs what must fail, then resets and runs what must not.
#[track_caller]
fn check(what: &str, arch: &Arch, cause: u64, blocks: &[Block], prepare: impl FnOnce(&mut System)) {
    let seed = what.bytes().map(u64::from).sum();
    let mut system = System::new(arch, Timing { latency: 10, stall: 20 }, 20, seed);
    let job = Job::random(&mut system, seed);
    system.write(registers::IRQ_ENABLE, 2);
    prepare(&mut system);
    assert_eq!(system.run(PROGRAM, blocks), cause as u32, "{what}");
    assert!(system.memory.quiet(), "{what}: transfers are left");
    assert!(system.shell.irq.val().any(), "{what}: no interrupt");
    assert_eq!(system.read(registers::IRQ_STATUS), 2, "{what}");
    assert_eq!(system.read(registers::DONE_COUNT), 0, "{what}: went on after an error");
    let beats = system.memory.read_beats;
    for _ in 0..100 {
        system.cycle();
    }
    assert_eq!(system.memory.read_beats, beats, "{what}: reads after an error");
    system.memory.bad_reads.clear();
    system.memory.bad_writes.clear();
    system.core_stuck = false;
    system.soft_reset();
    assert_eq!(system.read(registers::STATUS), 0, "{what}");
    assert!(!system.shell.irq.val().any());
    system.memory.bytes.retain(|address, _| *address < 0x40_0000);
    job.run_and_check(&mut system, 0x2_0000, 0);
}

#[test]
fn a_wrong_sum_is_refused() {
    let arch = arch(16, 0, 64);
    for (block, word, bit) in [(0, 1, 0), (0, 0, 63), (1, 7, 63), (1, 0, 40)] {
        let mut blocks = vec![layer_command(&arch), end_command(1), end_command(2)];
        blocks[block][word] ^= 1 << bit;
        let job = [layer_command(&arch)];
        let blocks = if block == 1 { [&job[..], &blocks[1..]].concat() } else { blocks };
        check(&format!("command {block}, word {word}, bit {bit}"), &arch, error::CHECKSUM, &blocks, |_| {});
    }
    for (block, word) in [(1, 0), (2, 7)] {
        // The last block is padded; its padding counts.
        let mut blocks = table(program::table::IFMAP, &[1, 2, 3, 4, 5, 6, 7, 8, 9]);
        blocks[block][word] ^= 1 << 35;
        blocks.push(end_command(1));
        check(&format!("payload {block}, word {word}"), &arch, error::CHECKSUM, &blocks, |_| {});
    }
}

#[test]
fn an_opcode_that_does_not_exist_is_refused() {
    let arch = arch(16, 0, 32);
    for opcode in [0, 8, 14, 16, 255] {
        let blocks = [command(opcode, 0, &[]), end_command(1)];
        check(&format!("opcode {opcode}"), &arch, error::OPCODE, &blocks, |_| {});
    }
}

#[test]
fn a_program_that_does_not_end_with_an_end_is_refused() {
    let arch = arch(16, 0, 64);
    check("a single LAYER", &arch, error::NO_END, &[layer_command(&arch)], |_| {});
    check("a LOAD at the end", &arch, error::NO_END, &[layer_command(&arch), command(op::LOAD, 0, &[])], |_| {});
    check("a TABLE at the end", &arch, error::NO_END, &table(program::table::IFMAP, &[1, 2, 3]), |_| {});
}

/// A command of this kind that is accepted.
fn good(arch: &Arch, opcode: u64, flags: u64) -> Block {
    let fields: &[(Field, u64)] = match opcode {
        op::LAYER => return layer_command(arch),
        op::PASS => &[(pass::DISTANCE, 1)],
        op::FILTER => &[(filter::BYTES, 64)],
        op::PARAMS => &[(params::COUNT, 1)],
        op::STORE => &[(store::VALID, 1)],
        _ => &[],
    };
    command(opcode, flags, fields)
}

#[test]
fn a_field_beyond_what_was_built_is_refused() {
    // 3 × 4 PEs with spads of 12, 224 and 24 words; W 16, P 40, D 64; the words of a psum take 8 bytes.
    let arch = arch(16, 40, 64);
    assert_eq!((arch.banks, arch.psum_lanes, arch.lane_sources()), (3, 1, 12));
    let bad = [
        (op::LAYER, layer::TAPS_M1, 12),
        (op::LAYER, layer::STEP, 0),
        (op::LAYER, layer::STEP, 13),
        (op::LAYER, layer::FILTERS_M1, 224),
        (op::LAYER, layer::FILTER_WORDS, 0),
        (op::LAYER, layer::FILTER_WORDS, 225),
        (op::LAYER, layer::WINDOWS_M1, 4096),
        (op::LAYER, layer::IMAGES_M1, 256),
        (op::LAYER, layer::PSUM_SHIFT, 32),
        (op::LAYER, layer::IFMAP_BANKS, 4),
        (op::LAYER, layer::CHANNELS_M1, 12),
        (op::LAYER, layer::STREAMS_M1, 12),
        (op::LAYER, layer::FILTER_Y_M1, 3),
        (op::LAYER, layer::FILTER_X_M1, 4),
        (op::LAYER, layer::FILTER_LINES_M1, 56),
        (op::LAYER, layer::sources(0), 13),
        (op::PASS, pass::DISTANCE, 0),
        (op::LOAD, load::ADDRESS, 1),
        (op::LOAD, load::INNER_BYTES, 3),
        (op::LOAD, load::OUTER_BYTES, 5),
        (op::FILTER, filter::ADDRESS, 8),
        (op::FILTER, filter::BYTES, 0),
        (op::FILTER, filter::BYTES, 12),
        (op::PARAMS, params::ADDRESS, 8),
        (op::PARAMS, params::COUNT, 0),
        (op::PARAMS, params::COUNT, 257),
        (op::STORE, store::ADDRESS, 1),
        (op::STORE, store::FILTER_BYTES, 7),
        (op::STORE, store::IMAGE_BYTES, 1),
        (op::STORE, store::WINDOWS_M1, 4096),
        (op::STORE, store::ROWS_M1, 12),
        (op::STORE, store::IMAGES_M1, 256),
        (op::STORE, store::GROUPS_M1, 256),
        (op::STORE, store::FILTERS_M1, 256),
        (op::STORE, store::PARAM, 256),
        (op::STORE, store::VALID, 257),
        (op::STORE, store::GROUP_ROWS, 13),
        (op::STORE, store::ROW_BYTES, 3),
    ];
    let mut cases: Vec<_> = bad.into_iter().map(|(opcode, field, value)| (opcode, 0, field, value)).collect();
    for field in [store::ADDRESS, store::FILTER_BYTES, store::IMAGE_BYTES, store::ROW_BYTES] {
        cases.push((op::STORE, flag::STORE_RAW, field, 4));
    }
    for (opcode, flags, field, value) in cases {
        let mut block = good(&arch, opcode, flags);
        field.set(&mut block, value);
        seal(&mut block);
        check(&format!("opcode {opcode}, {field:?}: {value}"), &arch, error::FIELD, &[block, end_command(1)], |_| {});
    }
}

#[test]
fn a_field_at_its_limit_is_taken() {
    let arch = arch(16, 40, 64);
    let limits = [
        (op::LAYER, layer::TAPS_M1, 11),
        (op::LAYER, layer::STEP, 12),
        (op::LAYER, layer::FILTER_WORDS, 224),
        (op::LAYER, layer::FILTER_WORDS, 1),
        (op::LAYER, layer::WINDOWS_M1, 4095),
        (op::LAYER, layer::IMAGES_M1, 255),
        (op::LAYER, layer::PSUM_SHIFT, 31),
        (op::LAYER, layer::IFMAP_BANKS, 3),
        (op::LAYER, layer::STREAMS_M1, 11),
        (op::LAYER, layer::FILTER_Y_M1, 2),
        (op::LAYER, layer::FILTER_X_M1, 3),
        (op::LAYER, layer::FILTER_LINES_M1, 55),
        (op::LAYER, layer::sources(0), 12),
        // A lane that was not built is not looked at.
        (op::LAYER, layer::sources(3), 65535),
        (op::PASS, pass::DISTANCE, 255),
        (op::PARAMS, params::COUNT, 256),
        (op::LOAD, load::ADDRESS, 0xffff_fff2),
        (op::FILTER, filter::BYTES, 8),
        (op::STORE, store::ROWS_M1, 11),
        (op::STORE, store::PARAM, 255),
        (op::STORE, store::VALID, 0),
    ];
    let mut system = System::new(&arch, FAST, 0, 3);
    for (n, (opcode, field, value)) in limits.into_iter().enumerate() {
        let mut block = good(&arch, opcode, 0);
        field.set(&mut block, value);
        seal(&mut block);
        let rows = rows_table(&[(0, 0); 12]);
        let blocks = [&rows[..], &[block, end_command(n as u64)]].concat();
        assert_eq!(system.run(PROGRAM, &blocks), 0, "opcode {opcode}, {field:?}: {value}");
        assert_eq!(system.read(registers::LAST_LAYER), n as u32);
    }
}

#[test]
fn a_table_that_does_not_fit_is_refused() {
    let arch = arch(16, 0, 64);
    assert_eq!(arch.psum_lanes, 2);
    let long = [1; 20];
    for (target, count) in [(3, 1), (6, 1), (255, 1), (0, 16), (1, 13), (2, 13), (4, 7), (5, 7), (0, 0), (1, 0)] {
        let mut blocks = table(target, &long[..count]);
        blocks.push(end_command(1));
        check(&format!("table {target} of {count}"), &arch, error::FIELD, &blocks, |_| {});
    }
    for (target, count) in [(0, 15), (1, 12), (2, 12), (4, 6), (5, 6)] {
        let mut system = System::new(&arch, FAST, 0, 1);
        let mut blocks = table(target, &long[..count]);
        blocks.push(end_command(1));
        assert_eq!(system.run(PROGRAM, &blocks), 0);
        assert_eq!(system.seen.tables.len(), count);
    }
    for missing in 1..=2 {
        let blocks = table(0, &long[..15]);
        check(&format!("{missing} blocks missing"), &arch, error::FIELD, &blocks[..3 - missing], |_| {});
    }
}

#[test]
fn a_memory_error_stops_everything_whoever_read_or_wrote() {
    let arch = arch(16, 0, 64);
    let load = command(op::LOAD, 0, &[(load::ADDRESS, 0x50_0ffe), (load::RUN_M1, 3000)]);
    let filter = command(op::FILTER, 0, &[(filter::ADDRESS, 0x50_0f00), (filter::BYTES, 4096)]);
    let params = command(op::PARAMS, 0, &[(params::ADDRESS, 0x50_0f00), (params::COUNT, 200)]);
    for (what, block) in [("load", load), ("filter", filter), ("params", params)] {
        let blocks = [block, end_command(1)];
        check(what, &arch, error::READ, &blocks, |system| {
            system.memory.bad_reads.insert(0x501);
        });
    }
    let mut blocks = vec![command(op::PASS, 0, &[(pass::DISTANCE, 1)]); 80];
    blocks.push(end_command(1));
    check("commands", &arch, error::READ, &blocks, |system| {
        system.memory.bad_reads.insert((PROGRAM >> 12) + 1);
    });
    let mut blocks = rows_table(&[(0, 0); 12]);
    let mut random = Random(5);
    let s = Store {
        windows: 700,
        rows: 9,
        valid: 1,
        flags: 0,
        row_bytes: 0,
        ..Store::random(&mut random, &arch, 0x50_0000)
    };
    blocks.extend([s.command(), end_command(1)]);
    check("store", &arch, error::WRITE, &blocks, |system| {
        system.memory.bad_writes.insert(0x501);
    });
}

#[test]
fn the_watchdog_ends_what_does_not_move() {
    let arch = arch(16, 0, 64);
    let wait = command(op::LOAD, flag::LOAD_WAIT_FREE, &[]);
    check("a load that waits for ever", &arch, error::WATCHDOG, &[wait, end_command(1)], |system| {
        system.write(registers::WATCHDOG, 300);
    });
    let wait = command(op::STORE, flag::STORE_WAIT_DONE, &[(store::VALID, 1)]);
    check("a store that waits for ever", &arch, error::WATCHDOG, &[wait, end_command(1)], |system| {
        system.write(registers::WATCHDOG, 300);
    });
    let pass = command(op::PASS, 0, &[(pass::DISTANCE, 1)]);
    check("a pass that does not end", &arch, error::WATCHDOG, &[pass, end_command(1)], |system| {
        system.write(registers::WATCHDOG, 300);
        system.core_stuck = true;
    });

    // The memory stands still: busy until it moves again, then the error stands alone.
    let mut system = System::new(&arch, FAST, 0, 7);
    system.write(registers::WATCHDOG, 300);
    let load = command(op::LOAD, 0, &[(load::RUN_M1, 3000)]);
    system.place(PROGRAM, &[load, end_command(1)]);
    system.push(PROGRAM, 2);
    system.until(500, "read", |system| system.memory.read_beats > 50);
    system.memory.frozen = true;
    for _ in 0..400 {
        system.cycle();
    }
    assert_eq!(system.read(registers::STATUS), (error::WATCHDOG as u32) << 8 | 3);
    system.memory.frozen = false;
    assert_eq!(system.wait(), error::WATCHDOG as u32);

    // Turned off, it waits.
    let mut system = System::new(&arch, FAST, 0, 7);
    system.write(registers::WATCHDOG, 0);
    system.core_stuck = true;
    system.place(PROGRAM, &[pass, end_command(1)]);
    system.push(PROGRAM, 2);
    for _ in 0..5000 {
        system.cycle();
    }
    assert_eq!(system.read(registers::STATUS), 1);
    assert_eq!(system.read(registers::DONE_COUNT), 0);
    system.core_stuck = false;
    assert_eq!(system.wait(), 0);
    assert_eq!(system.read(registers::DONE_COUNT), 1);
}

#[test]
fn a_reset_in_the_middle_of_anything_leaves_nothing_behind() {
    for seed in 0..40 {
        let arch = some_arch(seed);
        let timing = [FAST, SLOW][seed as usize % 2];
        let mut system = System::new(&arch, timing, 30, seed);
        let jobs = [Job::random(&mut system, seed), Job::random(&mut system, seed + 1000)];
        system.place(PROGRAM, &jobs[0].blocks);
        system.push(PROGRAM, jobs[0].blocks.len());
        system.push(PROGRAM, jobs[0].blocks.len());
        let most = if seed % 2 == 0 { 1500 } else { 6000 };
        for _ in 0..system.random.below(most) {
            system.cycle();
        }
        system.soft_reset();
        assert_eq!(system.seen.resets, 1);
        assert_eq!(system.read(registers::STATUS), 0, "seed {seed}");
        assert_eq!(system.read(registers::QUEUE_PUSH), 16);
        assert_eq!(system.counter("CYCLES"), 0);
        for _ in 0..50 {
            system.cycle();
        }
        assert!(system.memory.quiet());
        system.memory.bytes.retain(|address, _| *address < 0x40_0000);
        jobs[1].run_and_check(&mut system, 0x2_0000, 0);
    }
}

#[test]
fn the_queue_runs_programs_in_order_and_refuses_what_it_has_no_room_for() {
    let arch = arch(8, 0, 32);
    let mut system = System::new(&arch, FAST, 0, 9);
    system.write(registers::IRQ_ENABLE, 1);
    system.core_stuck = true;
    for n in 0..18 {
        let pass = command(op::PASS, 0, &[(pass::DISTANCE, 1)]);
        system.place(PROGRAM + 128 * n, &[pass, end_command(100 + n)]);
    }
    // One is in work, another is being read, sixteen wait.
    for n in 0..18 {
        system.push(PROGRAM + 128 * n, 2);
        system.until(100, "room", |system| n > 1 || system.read(registers::QUEUE_PUSH) == 16);
    }
    assert_eq!(system.read(registers::QUEUE_PUSH), 0);
    assert_eq!(system.write_strobed(registers::QUEUE_PUSH.offset, 2, 15), 2);
    assert_eq!(system.read(registers::STATUS), 1);
    system.core_stuck = false;
    assert_eq!(system.wait(), 0);
    assert_eq!(system.read(registers::DONE_COUNT), 18);
    assert_eq!(system.read(registers::LAST_LAYER), 117);
    assert!(system.shell.irq.val().any());
    assert_eq!(system.read(registers::STATUS), 4);
    system.write(registers::IRQ_STATUS, 1);
    assert!(!system.shell.irq.val().any());
    // A length of nothing, and an address that is no multiple of 64
    assert_eq!(system.write_strobed(registers::QUEUE_PUSH.offset, 0, 15), 2);
    system.write(registers::QUEUE_ADDR_LO, PROGRAM as u32 + 32);
    assert_eq!(system.write_strobed(registers::QUEUE_PUSH.offset, 2, 15), 2);
    assert_eq!(system.read(registers::QUEUE_PUSH), 16);
    assert_eq!(system.read(registers::STATUS), 0);
}

#[test]
fn layer_and_table_wait_for_all_that_came_before() {
    let arch = arch(16, 0, 64);
    let mut system = System::new(&arch, SLOW, 50, 11);
    let channels: Vec<Channel> = (0..4).map(|_| Channel { bias: 0, scale: 1, shift: 0 }).collect();
    let params = params_command(&mut system, 0x30_0000, &channels);
    let rows = rows_table(&[(0, 0); 12]);
    let mut random = Random(3);
    let mut blocks = vec![];
    for turn in 0..6 {
        let s = Store { param: 0, valid: 2, ..Store::random(&mut random, &arch, 0x40_0000) };
        blocks.extend_from_slice(&rows);
        blocks.push(params);
        blocks.push(s.command());
        blocks.push(command(op::LOAD, 0, &[(load::RUN_M1, 50)]));
        blocks.push(command(op::PASS, 0, &[(pass::DISTANCE, 1)]));
        // The model of the core asserts that no pass is in work at these.
        blocks.push(layer_command(&arch));
        blocks.push(end_command(turn));
    }
    assert_eq!(system.run(PROGRAM, &blocks), 0);
    assert_eq!(system.read(registers::DONE_COUNT), 6);
}
