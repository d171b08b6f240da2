//! How far the mapper's predicted cycles are from the hardware's: drawn layers on Verilator, at several speeds of the memory.
//!
//! `cargo run --release -p tessera-tests --example model_error -- ROWS COLS PSUM_WIDTH GLB_KB LAYERS SEED`

use gen::mapper::{estimate, search, Compression, Goal, Mapping};
use gen::numerics::{Numerics, Output, Requant};
use gen::shape::ConvShape;
use hw::{Arch, ArchSpec};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sim::data::RandomData;
use sim::host::MemoryTiming;
use sim::machine::{EngineKind, Machine, Setup, Work};

/// Most MACs of a layer.
const MACS: u64 = 3_000_000;

fn pick<T: Copy>(rng: &mut ChaCha8Rng, from: &[T]) -> T {
    from[rng.random_range(0..from.len())]
}

fn shape(rng: &mut ChaCha8Rng) -> ConvShape {
    loop {
        let r = pick(rng, &[1, 2, 3, 3, 3, 3, 5, 5, 7, 11]);
        let s = if rng.random_bool(0.75) { r } else { pick(rng, &[1, 3, 5, 7]) };
        let stride = pick(rng, &[1, 1, 1, 1, 2, 4]);
        let groups = pick(rng, &[1, 1, 1, 1, 1, 2]);
        let shape = ConvShape {
            n: pick(rng, &[1, 1, 2, 3, 4]),
            c: groups * pick(rng, &[1, 3, 8, 16, 24, 32, 64]),
            m: groups * pick(rng, &[1, 4, 8, 12, 16, 24, 32, 64]),
            h: rng.random_range(4..40),
            w: rng.random_range(4..60),
            r,
            s,
            stride_h: stride,
            stride_w: stride,
            pad_h: rng.random_range(0..=r / 2),
            pad_w: rng.random_range(0..=s / 2),
            groups,
        };
        if shape.check().is_ok() && (MACS / 40..MACS).contains(&shape.macs()) {
            return shape;
        }
    }
}

/// A legal mapping that nobody would choose.
fn changed(rng: &mut ChaCha8Rng, mapping: Mapping, shape: &ConvShape, arch: &Arch) -> Mapping {
    let mut found = mapping;
    for _ in 0..40 {
        let mut m = found;
        match rng.random_range(0..8) {
            0 => m.n = rng.random_range(1..=shape.n),
            1 => m.e = rng.random_range(1..=shape.e()),
            2 => m.p = rng.random_range(1..=shape.m_per_group()),
            3 => m.q = rng.random_range(1..=shape.c_per_group()),
            4 => m.r = rng.random_range(1..=arch.rows),
            5 => (m.t_rows, m.t_cols) = (rng.random_range(1..=arch.rows), rng.random_range(1..=arch.cols)),
            6 => m.tiles = rng.random_range(1..=2),
            _ => m.folds = rng.random_range(1..=2),
        }
        m.m = m.pass_filters() * rng.random_range(1..=4);
        if m.check(shape, arch).is_ok_and(|plan| plan.passes() < 3000) {
            found = m;
        }
    }
    found
}

fn report(what: &str, errors: &mut [f64]) {
    errors.sort_by(f64::total_cmp);
    let at = |share: f64| 100.0 * errors[((errors.len() - 1) as f64 * share) as usize];
    let within = errors.iter().filter(|error| **error <= 0.01).count();
    println!(
        "{what}: {} layers, {within} within 1 %; median {:.2} %, 90 % under {:.2} %, all under {:.2} %",
        errors.len(),
        at(0.5),
        at(0.9),
        at(1.0)
    );
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let numbers = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<Vec<usize>, _>>()?;
    let [rows, cols, psum_width, glb_kb, layers, seed] = numbers[..] else {
        return Err("ROWS COLS PSUM_WIDTH GLB_KB LAYERS SEED".into());
    };
    let arch = ArchSpec { rows, cols, psum_width, glb_kb, ..ArchSpec::default() }.check().map_err(|e| e[0].clone())?;
    let numerics = Numerics { width: 16, psum_width: psum_width as u32, psum_shift: 0 };
    let output = Output::Quantised(Requant { relu: false, scales: vec![], shifts: vec![4] });
    let mut rng = ChaCha8Rng::seed_from_u64(seed as u64);
    let (mut best, mut any) = (Vec::new(), Vec::new());
    for (latency, bandwidth) in [(5, None), (20, None), (20, Some((60, 200))), (60, Some((1, 2)))] {
        let timing = MemoryTiming { latency, bandwidth, ..MemoryTiming::default() };
        let goal = Goal { link: timing.link(), ..Goal::new(&arch) };
        let mut machine = Machine::new(&arch, EngineKind::Verilator, &Setup { timing, vcd: None })?;
        for _ in 0..layers {
            let shape = shape(&mut rng);
            let tensors = RandomData::new(1, 0.0)?.tensors(&shape, &numerics, 0);
            let found = search(&shape, &arch, &goal)?;
            let other = changed(&mut rng, found, &shape, &arch);
            for (mapping, errors) in [(&found, &mut best), (&other, &mut any)] {
                let (numerics, output, tensors) = (&numerics, &output, &tensors);
                let done = machine.run(
                    &Work {
                        shape: &shape,
                        mapping,
                        numerics,
                        output,
                        tensors,
                        compression: Compression::default(),
                        reset_at: None,
                    },
                    None,
                )?;
                let cycles = done.run.counters.get("CYCLES").unwrap_or_default() as f64;
                let predicted = estimate(&done.plan, &goal.link, goal.ofmap_bytes).cycles as f64;
                println!("{:+.2} %  {cycles} cycles  {shape}  {mapping:?}", 100.0 * (predicted / cycles - 1.0));
                errors.push((predicted / cycles - 1.0).abs());
            }
        }
    }
    report("mappings that the search found", &mut best);
    report("other mappings", &mut any);
    Ok(())
}
