//! The whole shell: programs that use every unit, against plain Rust.

mod shell_bench;

use hw::registers;
use shell_bench::job::Job;
use shell_bench::memory::{Timing, FAST, SLOW};
use shell_bench::some_arch;
use shell_bench::system::System;

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
