//! Threads that share an array in Verilator: the same outputs and counts as one thread's, cycle by cycle.

use gen::mapper::{map, Compression};
use gen::numerics::{Numerics, Output};
use gen::shape::ConvShape;
use hw::{Arch, ArchSpec};
use sim::data::RandomData;
use sim::engine::{Engine, VerilatorOptions};
use sim::golden;
use sim::host::MemoryTiming;
use sim::machine::{verilator, Machine, Work};
use std::num::NonZeroUsize;

/// 7 × 8 PEs: rows do not divide by the threads.
fn arch() -> Arch {
    ArchSpec { rows: 7, cols: 8, width: 9, glb_kb: 16, ..ArchSpec::default() }
        .check()
        .expect("a spec that can be built")
}

fn with(threads: usize) -> VerilatorOptions<'static> {
    VerilatorOptions { threads: NonZeroUsize::new(threads), ..VerilatorOptions::default() }
}

#[test]
fn threads_share_the_array() {
    for (threads, shares) in [(1, false), (2, true), (3, true)] {
        let mut engine = verilator(&arch(), with(threads)).unwrap();
        engine.reset(2).unwrap();
        for _ in 0..3000 {
            engine.step().unwrap();
        }
        assert_eq!(engine.shared() > 0, shares, "{threads} threads");
    }
}

#[test]
fn outputs_and_counters_do_not_depend_on_threads() {
    let arch = arch();
    let timing = MemoryTiming { latency: 9, jitter: Some(5), ..MemoryTiming::default() };
    let numerics = Numerics::new(arch.width as u32);
    let shape = ConvShape { n: 2, c: 6, h: 13, w: 15, m: 11, r: 3, s: 3, pad_h: 1, pad_w: 1, ..ConvShape::default() };
    let tensors = RandomData::new(3, 0.3).unwrap().tensors(&shape, &numerics, 0);
    let golden = golden::convolve(&shape, &numerics, &Output::Raw, &tensors).unwrap();
    let runs = [1, 2, 3].map(|threads| {
        let engine = verilator(&arch, with(threads)).unwrap();
        let mut machine = Machine::on(&arch, Box::new(engine), &timing).unwrap();
        let work = Work {
            shape: &shape,
            mapping: map(&shape, &arch).unwrap().into(),
            numerics: &numerics,
            output: &Output::Raw,
            tensors: &tensors,
            compression: Compression::default(),
            reset_at: Some(2500),
        };
        // Threads are tried after some thousand cycles, and again later.
        [0, 1].map(|_| {
            let done = machine.run(&work, None).unwrap();
            assert!(done.ofmap.as_ref() == Some(&golden), "{threads} threads: {:?}", done.run.status);
            (done.run.cycles, done.run.counters)
        })
    });
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[0], runs[2]);
}
