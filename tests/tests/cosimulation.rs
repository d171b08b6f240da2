//! The same layers through golden and every engine: element by element equal, at any memory timing, and after a reset.

use gen::mapper::{map, Compression};
use gen::numerics::{Numerics, Output, Requant};
use gen::shape::ConvShape;
use hw::rlc::Format;
use hw::{Arch, ArchSpec};
use sim::data::RandomData;
use sim::golden;
use sim::host::MemoryTiming;
use sim::machine::{EngineKind, Machine, Setup, Work};

fn spec(rows: usize, cols: usize, width: usize, glb_kb: usize) -> ArchSpec {
    ArchSpec { rows, cols, width, glb_kb, ..ArchSpec::default() }
}

fn arch(rows: usize, cols: usize, width: usize, glb_kb: usize) -> Arch {
    spec(rows, cols, width, glb_kb).check().expect("a spec that can be built")
}

/// Runs `shapes`, raw and requantised in turn, with some tensors compressed, and compares every output with golden.
#[track_caller]
fn check(arch: &Arch, kind: EngineKind, shapes: &[ConvShape], jitter: Option<u64>, reset_at: Option<u64>) {
    let timing = MemoryTiming { latency: 7, jitter, ..MemoryTiming::default() };
    let mut machine = Machine::new(arch, kind, &Setup { timing, ..Setup::default() }).expect("an engine");
    let numerics = Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, psum_shift: 0 };
    for (index, shape) in shapes.iter().enumerate() {
        let output = match index % 2 {
            0 => Output::Raw,
            _ => Output::Quantised(Requant { relu: index % 4 == 1, scales: vec![3], shifts: vec![numerics.width] }),
        };
        let numerics = Numerics { psum_shift: (index % 3) as u32, ..numerics };
        let tensors = RandomData::new(7, 0.3).unwrap().tensors(shape, &numerics, index as u64);
        let golden = golden::convolve(shape, &numerics, &output, &tensors).unwrap();
        let mapping = map(shape, arch).unwrap();
        let format = Format::masked(arch.masks);
        let compression =
            Compression { ifmap: (index % 4 != 3).then_some(format), ofmap: (index % 8 != 1).then_some(format) };
        let (mapping, numerics, output, tensors) = (&mapping, &numerics, &output, &tensors);
        let work = Work { shape, mapping: (*mapping).into(), numerics, output, tensors, compression, reset_at };
        let done = machine.run(&work, None).unwrap_or_else(|e| panic!("{shape}: {e:#}"));
        assert!(done.ofmap.as_ref() == Some(&golden), "{shape} on {}: {:?}", kind.name(), done.run.status);
        let macs = done.run.counters.get("MACS");
        assert_eq!(macs, Some(done.program.counts.macs), "{shape}: MACs counted and predicted");
        let codes = |name| done.run.counters.get(name);
        assert_eq!(codes("RLC_READ_CODES"), Some(done.program.counts.rlc_read_codes), "{shape}");
        assert_eq!(codes("RLC_WRITE_CODES"), Some(done.program.counts.rlc_write_codes), "{shape}");
    }
}

fn shape(n: usize, c: usize, hw: usize, m: usize, rs: usize, stride: usize, pad: usize, groups: usize) -> ConvShape {
    let (h, w, r, s, stride_h, stride_w, pad_h, pad_w) = (hw, hw + 1, rs, rs, stride, stride, pad, pad);
    ConvShape { n, m, c, h, w, r, s, stride_h, stride_w, pad_h, pad_w, groups }
}

/// 3×3, strided 5×5, 1×1; groups, depthwise, a batch, a stride over the filter, a filter higher than the array.
fn shapes() -> Vec<ConvShape> {
    vec![
        shape(1, 3, 9, 5, 3, 1, 1, 1),
        shape(1, 4, 11, 6, 5, 2, 2, 1),
        shape(2, 7, 5, 9, 1, 1, 0, 1),
        shape(1, 4, 6, 6, 3, 1, 1, 2),
        shape(1, 5, 6, 5, 3, 1, 1, 5),
        shape(1, 3, 7, 2, 1, 2, 0, 1),
        shape(1, 2, 9, 3, 7, 1, 0, 1),
        shape(1, 6, 4, 7, 4, 1, 0, 1),
    ]
}

#[test]
fn builtin_equals_golden() {
    check(&arch(4, 4, 16, 32), EngineKind::Builtin, &shapes(), None, None);
}

#[test]
fn builtin_equals_golden_at_any_timing_and_width() {
    check(&arch(3, 5, 5, 8), EngineKind::Builtin, &shapes(), Some(11), None);
    check(&arch(1, 1, 32, 32), EngineKind::Builtin, &shapes()[..2], Some(12), None);
}

#[test]
fn builtin_is_right_after_a_reset_in_the_middle() {
    check(&arch(2, 3, 8, 8), EngineKind::Builtin, &shapes()[..3], Some(13), Some(400));
}

/// Feature maps with masks.
fn masked(rows: usize, cols: usize, width: usize, glb_kb: usize) -> Arch {
    ArchSpec { masks: true, ..spec(rows, cols, width, glb_kb) }.check().expect("a spec that can be built")
}

#[test]
fn builtin_equals_golden_with_masks() {
    check(&masked(3, 5, 5, 8), EngineKind::Builtin, &shapes()[..6], Some(16), None);
    check(&masked(2, 2, 32, 16), EngineKind::Builtin, &shapes()[..2], Some(17), Some(700));
}

#[test]
fn icarus_equals_golden_with_masks() {
    check(&masked(4, 4, 16, 32), EngineKind::Icarus, &shapes()[..4], Some(18), None);
}

#[test]
fn verilator_equals_golden_with_masks() {
    check(&masked(4, 4, 16, 32), EngineKind::Verilator, &shapes(), Some(19), Some(500));
    check(&masked(3, 4, 11, 32), EngineKind::Verilator, &shapes(), None, None);
}

#[test]
fn icarus_equals_golden() {
    check(&arch(4, 4, 16, 32), EngineKind::Icarus, &shapes()[..4], Some(14), None);
}

#[test]
fn verilator_equals_golden() {
    check(&arch(4, 4, 16, 32), EngineKind::Verilator, &shapes(), Some(15), None);
}
