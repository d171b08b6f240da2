//! The whole shell: programs that use every unit, against plain Rust.

mod shell_bench;

use hw::program::{end, filter, flag, load, op, store};
use hw::registers;
use shell_bench::job::{rows_table, Job};
use shell_bench::memory::{Timing, FAST, SLOW};
use shell_bench::system::{command, System};
use shell_bench::{arch, some_arch};

#[test]
fn programs_do_what_they_say_at_any_speed() {
    for seed in 0..30 {
        let timing = [FAST, SLOW, Timing { latency: 90, stall: 5 }][seed as usize % 3];
        let arch = some_arch(seed);
        println!("seed {seed}: W {}, P {}, D {}", arch.width, arch.psum_width, arch.link_width);
        let mut system = System::new(&arch, timing, [0, 30, 70][seed as usize / 3 % 3], seed);
        let job = Job::random(&mut system, seed);
        job.run_and_check(&mut system, 0x1_0000, 0);

        let counts = ["READ_BEATS", "WRITE_BEATS", "WRITE_BYTES"].map(|name| system.counter(name));
        let memory = &system.memory;
        assert_eq!(counts, [memory.read_beats, memory.write_beats, memory.write_bytes]);
        let command_beats = system.counter("COMMAND_BEATS");
        assert_eq!(command_beats, (job.blocks.len() * 64 / arch.link_bytes()) as u64);
        assert_eq!(system.counter("GLB_PSUM_READS"), system.reads);
        let busy = system.counter("CYCLES");
        assert!(busy > 0 && busy < system.cycles);
        system.write(registers::CONTROL, 2);
        assert_eq!(system.counter("READ_BEATS"), 0);
    }
}

#[test]
fn filters_that_nobody_takes_hold_up_neither_loads_nor_commands() {
    for link in [32, 64, 128] {
        let arch = arch(16, 0, link);
        let mut system = System::new(&arch, Timing { latency: 20, stall: 0 }, 0, 1);
        let mut blocks = vec![command(op::FILTER, 0, &[(filter::ADDRESS, 0x20_0000), (filter::BYTES, 8000)])];
        for n in 0..40 {
            let fields = [(load::ADDRESS, 0x10_0000), (load::GLB_WORD, 8 * n), (load::RUN_M1, 99)];
            blocks.push(command(op::LOAD, flag::LOAD_POST_LOADED, &fields));
        }
        blocks.push(command(op::END, 0, &[(end::LAYER, 5)]));
        system.place(0x1_0000, &blocks);
        system.push(0x1_0000, blocks.len());
        system.stall = 100;
        system.until(10_000, "last load", |system| system.seen.loaded == 40);
        system.stall = 0;
        assert_eq!(system.wait(), 0);
        assert_eq!(system.seen.lines.len(), 1000);
    }
}

#[test]
fn a_layer_is_done_when_its_last_byte_is_in_memory() {
    for seed in 0..6 {
        let mut system = System::new(&some_arch(seed), SLOW, 0, seed);
        system.write(registers::IRQ_ENABLE, 1);
        let mut blocks = rows_table(&[(0, 0); 12]);
        for n in 0..5 {
            let fields = [(store::ADDRESS, 0x40_0000 + 4096 * n), (store::WINDOWS_M1, 20 * n), (store::VALID, 1)];
            blocks.push(command(op::STORE, flag::STORE_RAW, &fields));
            blocks.push(command(op::END, 0, &[(end::LAYER, n)]));
        }
        system.place(0x1_0000, &blocks);
        system.push(0x1_0000, blocks.len());
        for n in 0..5 {
            system.until(5000, "interrupt", |system| system.shell.irq.val().any());
            let bytes = (0..=n).map(|n| (20 * n + 1) * system.arch.psum_bytes() as u64).sum::<u64>();
            assert_eq!(system.memory.write_bytes, bytes, "seed {seed}, layer {n}");
            assert!(system.memory.writes_done(), "seed {seed}, layer {n}: not answered");
            system.memory.timing.stall = 100;
            system.write(registers::IRQ_STATUS, 1);
            system.memory.timing.stall = 50;
        }
    }
}
