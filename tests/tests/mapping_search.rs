//! The search for mappings: against brute force, against the programs of its mappings, and against the chip's published numbers.
//!
//! `TESSERA_DRAWS` sets the number of random draws, `TESSERA_SEED` the first seed.

#[path = "../src/interpreter/mod.rs"]
mod interpreter;

use gen::mapper::{
    build, estimate, place, search, tally, Compression, Costed, Goal, Link, Mapping, MappingSpec, Objective,
};
use gen::mapper::{Plan, TileCols, TileRows};
use gen::numerics::{Numerics, Output, Requant};
use gen::shape::ConvShape;
use hw::{Arch, ArchSpec};
use interpreter::layer::{must_hold, Case};
use interpreter::Random;
use sim::campaign::draw;
use sim::networks::Network;
use std::collections::BTreeMap;

/// A memory that is not always fast enough.
const SLOW: Link = Link { latency: 20, bandwidth: Some((1, 2)) };

fn draws(usual: u64) -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let first = number("TESSERA_SEED").unwrap_or(1);
    first..first + number("TESSERA_DRAWS").unwrap_or(usual)
}

fn energy(plan: &Plan, goal: &Goal) -> f64 {
    plan.energy(goal.ofmap_bytes)
}

const OBJECTIVES: [Objective; 3] = [Objective::Cycles, Objective::Energy, Objective::Edp];

/// What each objective wants little of.
fn scores(plan: &Plan, goal: &Goal) -> [f64; 3] {
    let cycles = estimate(plan, &goal.link, goal.ofmap_bytes).cycles as f64;
    let energy = energy(plan, goal);
    OBJECTIVES.map(|objective| match objective {
        Objective::Cycles => cycles,
        Objective::Energy => energy,
        Objective::Edp => cycles * energy,
    })
}

/// What the goal wants little of.
fn score(plan: &Plan, goal: &Goal) -> f64 {
    scores(plan, goal)[goal.objective as usize]
}

/// For each objective the least score of all legal mappings, those with unequal pieces and with needlessly few filters in the buffer included.
fn brute_force(shape: &ConvShape, arch: &Arch, goal: &Goal) -> [f64; 3] {
    let mut least = [f64::INFINITY; 3];
    let mut legal = 0;
    let upto = |most: usize| 1..=most;
    let (c, m) = (shape.c_per_group(), shape.m_per_group());
    for (n, e, p, q) in product4(upto(shape.n), upto(shape.e()), upto(m), upto(c)) {
        for (r, t_rows, t_cols, folds) in product4(upto(arch.rows), upto(arch.rows), upto(arch.cols), upto(arch.rows)) {
            if r * t_rows * folds > arch.rows || t_cols * e.div_ceil(folds) > arch.cols {
                continue;
            }
            for (filter_rows, filter_cols, windows, tiles) in
                product4(upto(shape.r), upto(shape.s), upto(shape.f()), upto(2))
            {
                for tile_rows in [TileRows::Filter, TileRows::Segment] {
                    for tile_cols in [TileCols::Whole, TileCols::Filter, TileCols::Segment] {
                        let pass = p * t_rows * t_cols;
                        for (kept, ifmap_banks) in (pass..=shape.m.max(pass)).step_by(pass).zip(std::iter::repeat(1)) {
                            let mapping = Mapping {
                                n,
                                m: kept,
                                e,
                                p,
                                q,
                                r,
                                t_rows,
                                t_cols,
                                groups: 1,
                                folds,
                                filter_rows,
                                filter_cols,
                                windows,
                                tile_rows,
                                tile_cols,
                                tiles,
                                ifmap_banks,
                            };
                            if let Ok(plan) = mapping.check(shape, arch) {
                                legal += 1;
                                let scores = scores(&plan, goal);
                                least = std::array::from_fn(|i| least[i].min(scores[i]));
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(legal > 100, "{legal} legal mappings of {shape}");
    least
}

fn product4<I: Iterator<Item = usize> + Clone>(
    a: I,
    b: I,
    c: I,
    d: I,
) -> impl Iterator<Item = (usize, usize, usize, usize)> {
    a.flat_map(move |a| {
        let (c, d) = (c.clone(), d.clone());
        b.clone().flat_map(move |b| {
            let d = d.clone();
            c.clone().flat_map(move |c| d.clone().map(move |d| (a, b, c, d)))
        })
    })
}

#[track_caller]
fn check_against_brute_force(shape: ConvShape, spec: ArchSpec) {
    let arch = spec.check().unwrap();
    let goal = |objective| Goal { objective, link: SLOW, ..Goal::new(&arch) };
    let least = brute_force(&shape, &arch, &goal(Objective::Cycles));
    for (objective, least) in OBJECTIVES.into_iter().zip(least) {
        let mapping = search(&shape, &arch, &goal(objective)).unwrap();
        let found = score(&mapping.check(&shape, &arch).unwrap(), &goal(objective));
        assert!(found <= least, "{objective:?} of {shape}: {found}, but {least} can be had; {mapping:?}");
    }
}

#[test]
fn the_search_is_as_good_as_brute_force() {
    let spec =
        ArchSpec { rows: 2, cols: 2, ifmap_spad: 4, filter_spad: 8, psum_spad: 3, glb_kb: 12, ..ArchSpec::default() };
    check_against_brute_force(ConvShape { m: 3, c: 3, h: 4, w: 4, r: 2, s: 2, ..ConvShape::default() }, spec.clone());
    check_against_brute_force(
        ConvShape { n: 2, m: 3, c: 2, h: 5, w: 3, r: 3, s: 1, pad_h: 1, ..ConvShape::default() },
        spec.clone(),
    );
    let spec = ArchSpec { rows: 3, cols: 2, filter_spad: 4, ..spec };
    check_against_brute_force(
        ConvShape { m: 4, c: 2, h: 6, w: 5, r: 2, s: 2, stride_h: 2, ..ConvShape::default() },
        spec,
    );
}

/// A small layer and an array for it.
fn draw(random: &mut Random) -> (ConvShape, ArchSpec) {
    let spec = draw::spec(random, 8, 9);
    (draw::shape(random, 60_000), spec)
}

#[test]
fn what_the_search_finds_computes_the_layer_for_any_objective() {
    for seed in draws(60) {
        let mut random = Random::new(seed);
        let (shape, spec) = draw(&mut random);
        let arch = spec.check().unwrap();
        let objective = random.pick(&OBJECTIVES);
        let goal = Goal { objective, link: SLOW, ..Goal::new(&arch) };
        let Ok(mapping) = search(&shape, &arch, &goal) else { continue };
        must_hold(&Case { mapping, ..Case::mapped(shape, spec) }, seed);
    }
}

#[test]
fn counts_in_closed_form_are_those_of_the_program() {
    for seed in draws(400) {
        let mut random = Random::new(seed);
        let (shape, spec) = draw(&mut random);
        let arch = spec.check().unwrap();
        let Ok(mapping) = search(&shape, &arch, &Goal::new(&arch)) else { continue };
        let mapping =
            if random.once_in(4) { mapping } else { draw::mapping(&mut random, mapping, &shape, &arch, 20_000) };
        let plan = mapping.check(&shape, &arch).unwrap();
        let output = Output::Quantised(Requant { relu: false, scales: vec![], shifts: vec![0] });
        let numerics = Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, psum_shift: 0 };
        let program = build(&plan, &numerics, &output, &place(&plan, &output, Compression::default(), 0), 0).unwrap();
        assert_eq!(program.counts, tally(&plan, arch.word_bytes()), "seed {seed}: {shape}\n{:?}", plan.mapping);
    }
}

/// The chip (JSSC 2017).
fn chip() -> Arch {
    ArchSpec { psum_width: 16, ..ArchSpec::default() }.check().unwrap()
}

/// Bytes of the global buffer and of DRAM by the closed form that fits JSSC 2017, Table V; filters in staging not counted.
fn closed_form(shape: &ConvShape, m: &MappingSpec) -> (f64, f64) {
    let (c, filters) = (shape.c_per_group(), shape.m_per_group());
    let turns = c.div_ceil(m.q * m.r);
    let strips = shape.e().div_ceil(m.e);
    let lines = |strip: usize| (shape.e() - strip * m.e).min(m.e);
    let rows: usize = (0..strips).map(|strip| shape.stride_h * (lines(strip) - 1) + shape.r).sum();
    let ifmap = shape.n * shape.c * rows * shape.w;
    let ofmap: usize = shape.ofmap_dims().iter().product();
    let weights: usize = shape.filter_dims().iter().product();
    let glb = ifmap * filters.div_ceil(m.p * m.t) + 2 * turns * ofmap;
    let dram = ifmap * filters.div_ceil(m.m) + weights * (shape.n / m.n) * strips + ofmap;
    (2.0 * glb as f64, 2.0 * dram as f64)
}

#[test]
fn the_published_mapping_moves_what_the_chip_moved() {
    let file = |name: &str| format!("{}/../mappings/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(file("alexnet_jssc2017.toml")).unwrap();
    let mappings: BTreeMap<String, MappingSpec> = toml::from_str(&text).unwrap();
    let network = Network::find(&file("alexnet_padded.toml")).unwrap().with_batch(4);
    let arch = chip();
    // FIELD: JSSC 2017, Table V, in MB; DRAM without compression.
    let published = [(18.45, 6.06), (77.57, 5.43), (50.18, 5.05), (37.37, 3.92), (24.92, 2.61)];
    for (layer, (glb_mb, dram_mb)) in network.layers.iter().zip(published) {
        let spec = &mappings[&layer.name];
        let plan = spec.mapping(&layer.shape, &arch).check(&layer.shape, &arch).unwrap();
        let counts = tally(&plan, arch.word_bytes());
        let glb = 2 * (counts.ifmap_reads + counts.psum_reads + counts.psum_writes + counts.psum_drains);
        let dram = counts.dram_ifmap_bytes + counts.dram_filter_bytes + counts.dram_write_bytes;
        let (glb_form, dram_form) = closed_form(&layer.shape, spec);
        for (what, have, form, table) in
            [("GLB", glb as f64, glb_form, glb_mb * 1e6), ("DRAM", dram as f64, dram_form, dram_mb * 1e6)]
        {
            assert!((have / form - 1.0).abs() < 0.005, "{}, {what}: {have} and {form} bytes", layer.name);
            assert!((have / table - 1.0).abs() < 0.005, "{}, {what}: {have} and {table} bytes", layer.name);
        }
    }
}

#[test]
fn each_objective_is_best_at_its_own() {
    let arch = ArchSpec { psum_width: 16, ..ArchSpec::default() }.check().unwrap();
    let shape = Network::find("alexnet").unwrap().with_batch(4).layer("conv3").unwrap().shape;
    let goal = |objective| Goal { objective, link: Link::EYERISS, ..Goal::new(&arch) };
    let plans =
        OBJECTIVES.map(|objective| search(&shape, &arch, &goal(objective)).unwrap().check(&shape, &arch).unwrap());
    for (objective, own) in OBJECTIVES.into_iter().zip(&plans) {
        for other in &plans {
            // The time of a program that is too long for the twin is known to 1 %.
            let most = 1.01 * score(other, &goal(objective));
            assert!(score(own, &goal(objective)) <= most, "{objective:?}: {:?}", own.mapping);
        }
    }
}
