//! What the mapper predicts, against what the hardware counts: accesses exactly, cycles nearly.

use gen::mapper::{estimate, search, Goal, Link};
use gen::numerics::{Numerics, Output, Requant};
use gen::shape::ConvShape;
use hw::{Arch, ArchSpec};
use sim::data::RandomData;
use sim::host::MemoryTiming;
use sim::machine::{Done, EngineKind, Machine, Setup, Work};

fn shape(n: usize, c: usize, hw: usize, m: usize, rs: usize, stride: usize, pad: usize, groups: usize) -> ConvShape {
    let (h, w, r, s, stride_h, stride_w, pad_h, pad_w) = (hw, hw + 1, rs, rs, stride, stride, pad, pad);
    ConvShape { n, m, c, h, w, r, s, stride_h, stride_w, pad_h, pad_w, groups }
}

fn shapes() -> Vec<ConvShape> {
    vec![
        shape(1, 6, 12, 10, 3, 1, 1, 1),
        shape(2, 4, 11, 6, 5, 2, 2, 1),
        shape(1, 12, 9, 9, 1, 1, 0, 1),
        shape(1, 4, 10, 6, 3, 1, 1, 2),
        shape(1, 5, 9, 5, 3, 1, 1, 5),
        shape(1, 3, 15, 4, 7, 4, 0, 1),
    ]
}

/// Runs `shapes` on the built-in engine, requantised.
fn run(arch: &Arch, timing: &MemoryTiming, shapes: &[ConvShape], look: impl Fn(&ConvShape, &Done, &Goal)) {
    let mut machine =
        Machine::new(arch, EngineKind::Builtin, &Setup { timing: timing.clone(), ..Setup::default() }).unwrap();
    let numerics = Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, psum_shift: 0 };
    let output = Output::Quantised(Requant { relu: false, scales: vec![], shifts: vec![4] });
    let goal = Goal { link: timing.link(), ..Goal::new(arch) };
    for shape in shapes {
        let tensors = RandomData::new(3, 0.2).unwrap().tensors(shape, &numerics, 0);
        let mapping = search(shape, arch, &goal).unwrap();
        let (mapping, numerics, output, tensors) = (&mapping, &numerics, &output, &tensors);
        let done = machine.run(&Work { shape, mapping, numerics, output, tensors, reset_at: None }, None).unwrap();
        look(shape, &done, &goal);
    }
}

#[test]
fn every_access_is_predicted() {
    for (rows, cols, width, link_width) in [(3, 4, 16, 64), (4, 3, 8, 32), (5, 2, 12, 128)] {
        let arch = ArchSpec { rows, cols, width, link_width, glb_kb: 16, ..ArchSpec::default() }.check().unwrap();
        let timing = MemoryTiming { jitter: Some(5), ..MemoryTiming::default() };
        run(&arch, &timing, &shapes(), |shape, done, _| {
            for (name, predicted) in done.predicted_counts() {
                assert_eq!(done.run.counters.get(name), Some(predicted), "{shape} on {rows} × {cols}: {name}");
            }
        });
    }
}

/// Layers of a few thousand cycles, in which a start that nothing overlaps weighs more than in a real layer.
#[test]
fn cycles_are_predicted_nearly() {
    let arch = ArchSpec { rows: 3, cols: 4, psum_width: 16, glb_kb: 16, ..ArchSpec::default() }.check().unwrap();
    for bandwidth in [None, Link::EYERISS.bandwidth] {
        let timing = MemoryTiming { bandwidth, ..MemoryTiming::default() };
        run(&arch, &timing, &shapes(), |shape, done, goal| {
            let cycles = done.run.counters.get("CYCLES").unwrap() as f64;
            let predicted = estimate(&done.plan, &goal.link, goal.ofmap_bytes).cycles as f64;
            let error = (predicted / cycles - 1.0).abs();
            assert!(
                error < 0.15,
                "{shape} at {bandwidth:?}: {cycles} cycles, {predicted} predicted; {:?}",
                done.plan.mapping
            );
        });
    }
}
