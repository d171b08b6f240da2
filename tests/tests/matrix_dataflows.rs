//! Accelerators with arrays that multiply by a matrix, weight, output and input stationary and without local reuse: layers of every kind, on arrays and mappings at random, against golden and the predicted counts.

use gen::mapper::matrix::{self, MatrixMapping};
use gen::mapper::{Compression, Costed, Goal, Objective};
use gen::numerics::{Numerics, Output, Requant};
use gen::shape::ConvShape;
use hw::os::OsStyle;
use hw::rlc::Format;
use hw::{Arch, ArchSpec, Dataflow, WsStyle};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sim::data::RandomData;
use sim::golden;
use sim::host::MemoryTiming;
use sim::machine::{EngineKind, Machine, Setup, Work};

/// Tries at a mapping by chance that is legal.
const TRIES: usize = 200;

/// An array by its dataflow, and what it is of several of one.
type Array = (Dataflow, WsStyle, OsStyle);

const WS: Array = (Dataflow::Ws, WsStyle::Systolic, OsStyle::MopMop);
const CONV2D: Array = (Dataflow::Ws, WsStyle::Conv2d, OsStyle::MopMop);
const NLR: Array = (Dataflow::Nlr, WsStyle::Systolic, OsStyle::MopMop);
const MOP_MOP: Array = (Dataflow::Os, WsStyle::Systolic, OsStyle::MopMop);
const MOP_SOP: Array = (Dataflow::Os, WsStyle::Systolic, OsStyle::MopSop);
const SOP_MOP: Array = (Dataflow::Os, WsStyle::Systolic, OsStyle::SopMop);
const IS: Array = (Dataflow::Is, WsStyle::Systolic, OsStyle::MopMop);
const ARRAYS: [Array; 7] = [WS, NLR, MOP_MOP, IS, MOP_SOP, SOP_MOP, CONV2D];

fn any_arch(rng: &mut ChaCha8Rng, (dataflow, ws_style, os_style): Array) -> Arch {
    loop {
        let width = rng.random_range(2..=32);
        let spec = ArchSpec {
            dataflow,
            os_style,
            rows: rng.random_range(1..=6),
            cols: rng.random_range(1..=7),
            width,
            psum_width: rng.random_range(width..=64),
            glb_kb: *[8, 16, 40, 108].choose(rng).unwrap(),
            accumulators: *[16, 33, 64, 256].choose(rng).unwrap(),
            weight_tiles: *[2, 3, 8, 16].choose(rng).unwrap(),
            link_width: *[32, 64, 128].choose(rng).unwrap(),
            zero_gating: rng.random(),
            masks: rng.random(),
            ..ArchSpec::default()
        };
        let spec = match ws_style {
            WsStyle::Systolic => spec,
            WsStyle::Conv2d => {
                let kernel = rng.random_range(2..=4);
                let (rows, row_fifo) = (kernel * kernel * rng.random_range(1..=3), *[16, 40].choose(rng).unwrap());
                ArchSpec { ws_style, kernel, rows, row_fifo, ..spec }
            }
        };
        if let Ok(arch) = spec.check() {
            return arch;
        }
    }
}

/// A layer of at most `macs` MACs.
fn any_shape(rng: &mut ChaCha8Rng, macs: u64) -> ConvShape {
    loop {
        let groups = *[1, 1, 1, 2, 3].choose(rng).unwrap();
        let (c, m) = match rng.random_bool(0.1) {
            true => (groups, groups),
            false => (groups * rng.random_range(1..=14), groups * rng.random_range(1..=14)),
        };
        // Some filters are too tall or too wide for a pass.
        let (largest, tallest) = if rng.random_bool(0.15) { (20, 34) } else { (5, 14) };
        let (r, s) = (rng.random_range(1..=largest), rng.random_range(1..=largest));
        let shape = ConvShape {
            n: *[1, 1, 1, 2, 3].choose(rng).unwrap(),
            m,
            c,
            h: rng.random_range(1..=tallest),
            w: rng.random_range(1..=tallest),
            r,
            s,
            stride_h: *[1, 1, 2, 3, 7, 13].choose(rng).unwrap(),
            stride_w: *[1, 1, 2, 3, 7].choose(rng).unwrap(),
            pad_h: rng.random_range(0..r),
            pad_w: rng.random_range(0..s),
            groups,
        };
        if shape.check().is_ok() && shape.macs() <= macs {
            return shape;
        }
    }
}

/// A legal mapping, the best one or any.
fn any_mapping(rng: &mut ChaCha8Rng, shape: &ConvShape, arch: &Arch) -> MatrixMapping {
    let best = matrix::search(shape, arch, &Goal::new(arch)).unwrap_or_else(|e| panic!("{shape} on {arch:?}: {e}"));
    for _ in 0..TRIES * usize::from(rng.random_bool(0.6)) {
        let all = shape.c_per_group();
        let mapping = MatrixMapping {
            n: rng.random_range(1..=shape.n),
            m: rng.random_range(1..=shape.m_per_group().min(arch.pass_filters())),
            e: rng.random_range(1..=shape.e()),
            windows: rng.random_range(1..=shape.f()),
            channels: *[all, arch.ifmap_ports(), 2 * arch.ifmap_ports(), 1 + all / 2].choose(rng).unwrap(),
            tiles: rng.random_range(1..=2),
        };
        if mapping.check(shape, arch).is_ok() {
            return mapping;
        }
    }
    best
}

fn any_output(rng: &mut ChaCha8Rng, arch: &Arch) -> Output {
    match rng.random_bool(0.4) {
        true => Output::Raw,
        false => Output::Quantised(Requant {
            relu: rng.random(),
            scales: vec![rng.random_range(1..100)],
            shifts: vec![rng.random_range(0..arch.width as u32 + 8)],
        }),
    }
}

fn any_compression(rng: &mut ChaCha8Rng, arch: &Arch) -> Compression {
    let formats = [None, Some(Format::Runs), Some(Format::masked(arch.masks && rng.random()))];
    Compression { ifmap: *formats.choose(rng).unwrap(), ofmap: *formats.choose(rng).unwrap() }
}

/// Runs layer number `seed` on `machine`, whose memory has this `timing`, compressed or not, and compares outputs, counts and, without jitter, cycles.
fn run(rng: &mut ChaCha8Rng, arch: &Arch, (machine, timing): (&mut Machine, &MemoryTiming), macs: u64, seed: u64) {
    let shape = &any_shape(rng, macs);
    let mapping = &any_mapping(rng, shape, arch);
    let output = &any_output(rng, arch);
    let psum_shift = if rng.random() { 0 } else { rng.random_range(0..2 * arch.width as u32) };
    let numerics = &Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, psum_shift };
    let tensors = &RandomData::new(seed, *[0.0, 0.5, 0.9].choose(rng).unwrap()).unwrap().tensors(shape, numerics, seed);
    let golden = golden::convolve(shape, numerics, output, tensors).unwrap();
    let compression = any_compression(rng, arch);
    // A layer that is reset in its middle starts anew.
    let plan = mapping.check(shape, arch).unwrap();
    let cycles = matrix::estimate(&plan, &Goal::new(arch).link, output.bytes(arch)).cycles;
    let reset_at = rng.random_bool(0.2).then(|| rng.random_range(0..cycles));
    let work = Work { shape, mapping: (*mapping).into(), numerics, output, tensors, compression, reset_at };
    let case = format!("seed {seed}: {shape}, {mapping:?}, {compression:?} on {arch:?}");
    let done = machine.run(&work, None).unwrap_or_else(|e| panic!("{case}: {e:#}"));
    assert!(!done.run.status.error, "{case}: {:?}", done.run.status);
    let differing = done.ofmap.iter().flatten().zip(&golden).filter(|(is, expected)| is != expected).count();
    assert_eq!(differing, 0, "{case}: outputs of {}", golden.len());
    if timing.jitter.is_none() && work.reset_at.is_none() {
        let counted = done.run.counters.get("CYCLES").unwrap();
        let predicted = done.predicted_cycles(&timing.link(arch.link_clock), 2 * counted);
        assert_eq!(predicted, Some(counted), "{case}: cycles");
    }
    if done.program.layout.compression == Compression::default() {
        assert_eq!(plan.counts(output.bytes(arch)), done.program.counts, "{case}: counts in closed form");
    }
    assert_eq!(done.differences(&done.program.counts), [], "{case}");
}

/// `designs` designs from `seed` on, `layers` layers of at most `macs` MACs on each.
fn campaign(engine: EngineKind, array: Array, seed: u64, designs: u64, layers: u64, macs: u64) {
    for design in 0..designs {
        let mut rng = ChaCha8Rng::seed_from_u64(seed + design);
        let arch = any_arch(&mut rng, array);
        let timing = MemoryTiming {
            latency: rng.random_range(1..=40),
            jitter: rng.random_bool(0.5).then(|| rng.random()),
            ..MemoryTiming::default()
        };
        let mut machine =
            Machine::new(&arch, engine, &Setup { timing: timing.clone(), ..Setup::default() }).expect("an engine");
        for layer in 0..layers {
            run(&mut rng, &arch, (&mut machine, &timing), macs, (seed + design) * 1000 + layer);
        }
    }
}

#[test]
fn random_layers_equal_golden_in_the_built_in_engine() {
    campaign(EngineKind::Builtin, WS, 1, 3, 3, 3_000);
    campaign(EngineKind::Builtin, NLR, 50, 3, 3, 3_000);
    campaign(EngineKind::Builtin, MOP_MOP, 350, 3, 3, 3_000);
    campaign(EngineKind::Builtin, IS, 650, 3, 3, 3_000);
    campaign(EngineKind::Builtin, CONV2D, 950, 6, 4, 3_000);
    campaign(EngineKind::Builtin, MOP_SOP, 1050, 3, 3, 3_000);
    campaign(EngineKind::Builtin, SOP_MOP, 1350, 6, 4, 3_000);
}

#[test]
fn random_layers_equal_golden_in_verilator_weight_stationary() {
    campaign(EngineKind::Verilator, WS, 100, 1, 25, 200_000);
}

#[test]
fn random_layers_equal_golden_in_verilator_no_local_reuse() {
    campaign(EngineKind::Verilator, NLR, 150, 1, 25, 200_000);
}

#[test]
fn random_layers_equal_golden_in_verilator_output_stationary() {
    campaign(EngineKind::Verilator, MOP_MOP, 450, 1, 25, 200_000);
}

#[test]
fn random_layers_equal_golden_in_verilator_output_stationary_of_one_pixel() {
    campaign(EngineKind::Verilator, MOP_SOP, 1150, 1, 25, 200_000);
}

#[test]
fn random_layers_equal_golden_in_verilator_output_stationary_of_one_plane() {
    campaign(EngineKind::Verilator, SOP_MOP, 1450, 2, 20, 200_000);
}

#[test]
fn random_layers_equal_golden_in_verilator_input_stationary() {
    campaign(EngineKind::Verilator, IS, 750, 1, 25, 200_000);
}

#[test]
fn random_layers_equal_golden_in_verilator_convolution_engines() {
    campaign(EngineKind::Verilator, CONV2D, 1050, 2, 20, 200_000);
}

#[test]
fn random_layers_equal_golden_in_icarus_with_x() {
    campaign(EngineKind::Icarus, WS, 200, 1, 2, 5_000);
    campaign(EngineKind::Icarus, NLR, 250, 1, 3, 5_000);
    campaign(EngineKind::Icarus, MOP_MOP, 550, 1, 3, 5_000);
    campaign(EngineKind::Icarus, IS, 850, 1, 3, 5_000);
    campaign(EngineKind::Icarus, CONV2D, 1150, 1, 3, 5_000);
    campaign(EngineKind::Icarus, MOP_SOP, 1250, 1, 3, 5_000);
    campaign(EngineKind::Icarus, SOP_MOP, 1550, 1, 3, 5_000);
}

/// A window alone, or two: the next weight tile waits for the accumulators. A filter whose pieces are of several sizes.
#[test]
fn convolution_engines_are_timed() {
    let one = ConvShape { m: 4, c: 3, h: 5, w: 5, r: 5, s: 5, ..ConvShape::default() };
    is_timed(CONV2D, 2, &one, 2);
    is_timed(CONV2D, 1, &ConvShape { w: 6, ..one }, 1);
    is_timed(CONV2D, 1, &ConvShape { h: 7, w: 5, s: 1, ..one }, 1);
    is_timed(CONV2D, 1, &ConvShape { h: 19, w: 23, stride_h: 2, stride_w: 3, ..one }, 1);
}

/// The slot of a program's last weights stayed in use until the next program's first swap, so that a later layer that waits for weights took other cycles than the
/// first (without local reuse).
#[test]
fn no_weights_of_one_layer_hold_up_the_next() {
    let shape = ConvShape { m: 4, c: 6, h: 3, w: 3, r: 3, s: 3, ..ConvShape::default() };
    for array in ARRAYS {
        is_timed(array, 2, &shape, 3);
    }
}

/// The weights of a chunk fill more than half of the ring, so that those of the next wait for their places.
#[test]
fn weights_that_wait_for_their_places_are_timed() {
    let shape = ConvShape { m: 4, c: 3, h: 15, w: 9, r: 12, s: 2, ..ConvShape::default() };
    is_timed(MOP_MOP, 1, &shape, 1);
    is_timed(MOP_SOP, 3, &ConvShape { m: 12, ..shape }, 1);
    // A channel's weights end within a line of the ring's 64.
    is_timed(SOP_MOP, 2, &ConvShape { h: 16, w: 20, r: 13, s: 15, ..shape }, 1);
}

/// Psums of three rows with filters leave, of an array of six: steps wait for these alone, in the last ofmap row of a tile and in the others.
#[test]
fn positions_of_few_steps_wait_for_the_rows_that_have_filters() {
    let shape = ConvShape { m: 24, c: 4, h: 5, w: 5, ..ConvShape::default() };
    for m in [12, 24] {
        let mapping = MatrixMapping { n: 1, m, e: 5, windows: 5, channels: 4, tiles: 1 };
        is_timed_with(MOP_SOP, 6, &shape, mapping, 1);
    }
}

/// Positions of one step, which wait for the rows that leave, in the last block and in the others; heads of several reads, those of the last windows without some of them.
#[test]
fn positions_of_one_plane_are_timed() {
    let shape = ConvShape { m: 3, c: 4, h: 8, w: 11, ..ConvShape::default() };
    for channels in [1, 4] {
        let mapping = MatrixMapping { n: 1, m: 1, e: 8, windows: 11, channels, tiles: 1 };
        is_timed_with(SOP_MOP, 6, &shape, mapping, 1);
    }
    for stride_w in [2, 5] {
        is_timed(SOP_MOP, 3, &ConvShape { w: 40, r: 3, s: 7, stride_w, ..shape }, 2);
    }
}

/// A layer takes as many cycles as predicted, each of so many `times`, on an array of four columns with a weight buffer of two tiles.
#[track_caller]
fn is_timed(array: Array, readers: usize, shape: &ConvShape, times: usize) {
    let arch = &of_four_columns(array, readers);
    let mapping = matrix::search(shape, arch, &Goal::new(arch)).unwrap();
    is_timed_with(array, readers, shape, mapping, times);
}

/// So many rows, or convolution engines.
fn of_four_columns((dataflow, ws_style, os_style): Array, readers: usize) -> Arch {
    let rows = if ws_style == WsStyle::Conv2d { 9 * readers } else { readers };
    ArchSpec { dataflow, ws_style, os_style, rows, cols: 4, weight_tiles: 2, ..ArchSpec::default() }.check().unwrap()
}

/// The same with a mapping that is given.
#[track_caller]
fn is_timed_with(array: Array, readers: usize, shape: &ConvShape, mapping: MatrixMapping, times: usize) {
    let arch = &of_four_columns(array, readers);
    let numerics = &Numerics { width: 16, psum_width: 32, psum_shift: 0 };
    let tensors = &RandomData::new(1, 0.0).unwrap().tensors(shape, numerics, 1);
    let setup = Setup::default();
    let mut machine = Machine::new(arch, EngineKind::Builtin, &setup).unwrap();
    for time in 0..times {
        let work = Work {
            shape,
            mapping: mapping.into(),
            numerics,
            output: &Output::Raw,
            tensors,
            compression: Compression::default(),
            reset_at: None,
        };
        let done = machine.run(&work, None).unwrap();
        let counted = done.run.counters.get("CYCLES").unwrap();
        let predicted = done.predicted_cycles(&setup.timing.link(arch.link_clock), 2 * counted);
        assert_eq!(predicted, Some(counted), "{array:?}, time {time}");
    }
}

#[test]
fn counts_in_closed_form_are_those_of_the_program() {
    for seed in 0..100 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let arch = any_arch(&mut rng, ARRAYS[seed as usize % ARRAYS.len()]);
        let shape = any_shape(&mut rng, 200_000);
        let plan = any_mapping(&mut rng, &shape, &arch).check(&shape, &arch).unwrap();
        let output = any_output(&mut rng, &arch);
        let numerics = Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, psum_shift: 0 };
        let program =
            matrix::build(&plan, &numerics, &output, &matrix::place(&plan, &output, Compression::default(), 0), 0)
                .unwrap();
        assert_eq!(plan.counts(output.bytes(&arch)), program.counts, "seed {seed}: {shape}, {:?}", plan.mapping);
    }
}

/// The search for little energy finds as little as any mapping that is drawn has.
#[test]
fn each_objective_is_best_at_its_own() {
    for seed in 0..8 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (arch, shape) = (any_arch(&mut rng, WS), any_shape(&mut rng, 20_000));
        let scores = |mapping: &MatrixMapping| {
            let plan = mapping.check(&shape, &arch).unwrap();
            let (link, bytes) = (Goal::new(&arch).link, arch.word_bytes());
            let (cycles, energy) = (plan.time(&link, bytes).cycles as f64, plan.energy(bytes));
            [cycles, energy, cycles * energy]
        };
        let drawn: Vec<_> = (0..10).map(|_| scores(&any_mapping(&mut rng, &shape, &arch))).collect();
        for (index, objective) in [Objective::Cycles, Objective::Energy, Objective::Edp].into_iter().enumerate() {
            let found = scores(&matrix::search(&shape, &arch, &Goal { objective, ..Goal::new(&arch) }).unwrap());
            for other in &drawn {
                // All sizes of a tile that matter are tried, but the filters of a pass, which are as many as there are columns.
                assert!(
                    found[index] <= 1.001 * other[index],
                    "seed {seed}, {objective:?}: {shape}, {found:?}, {other:?}"
                );
            }
        }
    }
}
