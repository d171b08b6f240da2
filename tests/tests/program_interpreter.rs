//! The mapper, proven without hardware: its programs, run by an interpreter of layer programs, give the golden model's ofmaps.
//!
//! `TESSERA_DRAWS` sets the number of random draws, `TESSERA_SEED` the first seed.

#[path = "../src/interpreter/mod.rs"]
mod interpreter;

use gen::mapper::{build, map, pack_filters, pack_params, pack_words, place, unpack_words};
use gen::mapper::{Counts, Mapping, Plan, TileCols, TileRows};
use gen::numerics::{Numerics, Output, Requant};
use gen::shape::ConvShape;
use hw::{Arch, ArchSpec};
use interpreter::{run, Memory, Random, Stats};
use sim::data::RandomData;
use sim::golden;

/// A layer, the array that runs it, and how.
struct Case {
    spec: ArchSpec,
    arch: Arch,
    shape: ConvShape,
    numerics: Numerics,
    output: Output,
    mapping: Mapping,
}

/// Runs the layer in the interpreter and compares ofmap and counts.
fn check(case: &Case, seed: u64) -> Result<(Plan, Stats), String> {
    let Case { arch, shape, numerics, output, mapping, .. } = case;
    let plan = mapping.check(shape, arch).map_err(|problems| problems.to_string())?;
    let tensors = RandomData::new(seed, 0.1).unwrap().tensors(shape, numerics, 0);
    let layout = place(&plan, output, 0x4000_0000 + 64 * (seed % 1000));
    let program = build(&plan, numerics, output, &layout, seed as u32).map_err(|error| error.to_string())?;

    let end = layout.program + program.bytes.len() as u64;
    let mut memory = Memory::new(layout.ifmap, (end - layout.ifmap) as usize);
    let filter: Vec<i64> = tensors.filter.iter().copied().collect();
    let filters = pack_filters(&plan, &filter);
    assert_eq!(filters.len(), plan.filter_bytes());
    memory.put(layout.ifmap, &pack_words(tensors.ifmap.iter().copied(), arch.width));
    memory.put(layout.filters, &filters);
    memory.put(layout.params, &pack_params(tensors.bias.as_slice().unwrap(), output));
    memory.put(layout.program, &program.bytes);
    let stats = run(arch, &mut memory, layout.program, seed).map_err(|fault| format!("fault: {fault}"))?;

    let bytes = memory.written(layout.ofmap, plan.ofmap_bytes(output)).map_err(|fault| fault.to_string())?;
    let ofmap = unpack_words(bytes, output.width(numerics) as usize);
    let wanted = golden::convolve(shape, numerics, output, &tensors).map_err(|error| error.to_string())?;
    let wrong = ofmap.iter().zip(&wanted).filter(|(have, want)| have != want).count();
    if wrong > 0 {
        return Err(format!("{wrong} of {} outputs are wrong", ofmap.len()));
    }
    if program.counts != counts_of(&stats) || stats.layer != u64::from(seed as u32) {
        return Err(format!("predicted {:?}, counted {stats:?}", program.counts));
    }
    Ok((plan, stats))
}

fn counts_of(stats: &Stats) -> Counts {
    Counts {
        passes: stats.passes,
        macs: stats.macs,
        ifmap_bus_words: stats.ifmap_bus_words,
        filter_bus_lines: stats.filter_bus_lines,
        ifmap_reads: stats.ifmap_reads,
        ifmap_writes: stats.ifmap_writes,
        psum_reads: stats.psum_reads,
        psum_writes: stats.psum_writes,
        psum_drains: stats.psum_drains,
        dram_ifmap_bytes: stats.dram_ifmap_bytes,
        dram_filter_bytes: stats.dram_filter_bytes,
        dram_param_bytes: stats.dram_param_bytes,
        dram_program_bytes: stats.dram_program_bytes,
        dram_write_bytes: stats.dram_write_bytes,
    }
}

#[track_caller]
fn must_hold(case: &Case, seed: u64) -> (Plan, Stats) {
    match check(case, seed) {
        Ok(result) => result,
        Err(error) => panic!(
            "seed {seed}: {error}\n{}\n{:?}\n{:?} {:?}\n{:?}",
            case.shape, case.spec, case.numerics, case.output, case.mapping
        ),
    }
}

/// An array from 1 × 1 to 12 × 14 with spads and buffers from tiny to the chip's.
fn draw_spec(random: &mut Random) -> ArchSpec {
    let width = random.range(2, 32);
    ArchSpec {
        rows: random.range(1, 12),
        cols: random.range(1, 14),
        width,
        psum_width: random.range(width, 64),
        glb_kb: random.pick(&[1, 1, 4, 16, 40, 108]),
        ifmap_spad: random.pick(&[1, 2, 5, 12, 16]),
        filter_spad: random.pick(&[1, 3, 16, 60, 224]),
        psum_spad: random.pick(&[1, 2, 7, 24]),
        link_width: 64,
        ..ArchSpec::default()
    }
}

/// A small layer; about `macs` of them at the most.
fn draw_shape(random: &mut Random, macs: u64) -> ConvShape {
    loop {
        let groups = random.pick(&[1, 1, 1, 2, 3, 8]);
        let (c, m) = match random.range(0, 3) {
            0 => (1, 1),
            1 => (random.range(1, 4), random.range(1, 4)),
            _ => (random.range(1, 20), random.range(1, 20)),
        };
        let largest = random.pick(&[1, 3, 3, 5, 7, 12, 32]);
        let unit = random.once_in(5);
        let shape = ConvShape {
            n: random.pick(&[1, 1, 2, 3, 5]),
            m: m * groups,
            c: c * groups,
            h: random.range(1, 24),
            w: random.pick(&[1, 3, 8, 13, 20, 32, 70]),
            r: if unit { 1 } else { random.range(1, largest.min(12)) },
            s: if unit { 1 } else { random.range(1, largest) },
            stride_h: random.pick(&[1, 1, 1, 2, 3, 4, 12]),
            stride_w: random.pick(&[1, 1, 1, 2, 3, 5, 12]),
            pad_h: random.pick(&[0, 0, 1, 2, 6]),
            pad_w: random.pick(&[0, 0, 1, 3, 9]),
            groups,
        };
        if shape.check().is_ok() && shape.macs() <= macs {
            return shape;
        }
    }
}

fn draw_output(random: &mut Random, m: usize) -> Output {
    if random.once_in(2) {
        return Output::Raw;
    }
    let count = random.pick(&[0, 1, m]);
    let scales = (0..count).map(|_| random.range(0, 65_535) as u32).collect();
    let shifts = (0..count).map(|_| random.range(0, 63) as u32).collect();
    Output::Quantised(Requant { relu: random.once_in(2), scales, shifts })
}

/// A legal mapping at random, or the mapper's with one of its choices changed.
fn draw_mapping(random: &mut Random, good: Mapping, shape: &ConvShape, arch: &Arch) -> Mapping {
    for _ in 0..200 {
        let mut mapping = good;
        for _ in 0..random.range(1, 8) {
            let up_to = |random: &mut Random, most: usize| if random.once_in(3) { most.max(1) } else { random.range(1, most.max(1)) };
            match random.range(0, 15) {
                0 => mapping.n = up_to(random, shape.n),
                1 => mapping.m = up_to(random, shape.m_per_group() + mapping.pass_filters()),
                2 => mapping.e = up_to(random, shape.e()),
                3 => mapping.p = up_to(random, shape.m_per_group()),
                4 => mapping.q = up_to(random, shape.c_per_group()),
                5 => mapping.r = up_to(random, arch.rows),
                6 => mapping.t_rows = up_to(random, arch.rows),
                7 => mapping.t_cols = up_to(random, arch.cols),
                8 => {
                    mapping.groups = up_to(random, shape.groups);
                    mapping.p = shape.m_per_group();
                    (mapping.t_rows, mapping.t_cols) = (1, mapping.groups);
                }
                9 => mapping.folds = up_to(random, arch.rows),
                10 => mapping.filter_rows = up_to(random, shape.r),
                11 => mapping.filter_cols = up_to(random, shape.s),
                12 => mapping.windows = up_to(random, shape.f()),
                13 => mapping.tile_rows = random.pick(&[TileRows::Filter, TileRows::Segment]),
                14 => mapping.tile_cols = random.pick(&[TileCols::Whole, TileCols::Filter, TileCols::Segment]),
                _ => mapping.tiles = random.range(1, 2),
            }
        }
        mapping.m = mapping.m.max(mapping.pass_filters());
        mapping.ifmap_banks = random.range(1, arch.banks - 1);
        if mapping.check(shape, arch).is_ok_and(|plan| plan.passes() < 20_000) {
            return mapping;
        }
    }
    good
}

fn draw(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let spec = draw_spec(&mut random);
    let arch = spec.check().unwrap();
    // A 1 × 1 array with a spad of one word takes a pass for each product.
    let patience = (arch.pes() * arch.ifmap_spad.min(arch.filter_spad)) as u64;
    let shape = draw_shape(&mut random, (patience * 20_000).min(1_500_000));
    let psum_shift = if random.once_in(2) { 0 } else { random.range(0, 2 * arch.width - 1) as u32 };
    let numerics = Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, psum_shift };
    let output = draw_output(&mut random, shape.m);
    let good = map(&shape, &arch).unwrap_or_else(|error| panic!("seed {seed}: {shape} on {spec:?}: {error}"));
    let mapping = if random.once_in(2) { good } else { draw_mapping(&mut random, good, &shape, &arch) };
    Case { spec, arch, shape, numerics, output, mapping }
}

fn from_env(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

#[test]
fn random_layers_on_random_arrays_are_golden() {
    let (first, draws) = (from_env("TESSERA_SEED", 1), from_env("TESSERA_DRAWS", 400));
    for seed in first..first + draws {
        must_hold(&draw(seed), seed);
    }
}
