use super::args::NetworkArgs;
use super::feature_maps::make_sparse;
use super::input::{check_writable, print, write_json};
use crate::calibrate::narrow_bias;
use crate::golden;
use crate::host::progress_bar;
use crate::machine::{EngineKind, Machine, Setup, Work};
use crate::published::Chip;
use crate::report::{mismatch_lines, table, LayerReport};
use crate::tensor::Tensors;
use crate::traffic::Wanted;
use gen::mapper::AnyMapping;
use gen::numerics::{Numerics, Output};
use gen::shape::ConvShape;
use hw::program::error;
use hw::Arch;
use ndarray::Array4;
use std::time::Instant;

/// A layer with its data.
pub struct Layered<'a> {
    pub name: &'a str,
    pub shape: &'a ConvShape,
    pub numerics: &'a Numerics,
    pub output: &'a Output,
    pub tensors: &'a Tensors,
}

/// How a layer is run.
pub struct Way {
    pub kind: EngineKind,
    pub reset_at: Option<u64>,
    pub wanted: Wanted,
}

/// `sim network`: `true` if every output of every layer equals golden.
pub fn run(args: &NetworkArgs) -> anyhow::Result<bool> {
    let arch = args.design.design()?.arch;
    let numerics = args.number.numerics(&arch)?;
    let network = args.layers.network()?;
    let first = args.layers.first()?;
    check_writable([&args.run.json])?;
    let sparsities =
        network.layers.iter().map(|layer| args.zeros.of_layer(args.seed, &args.layers.network, &layer.name));
    let sparsities = sparsities.collect::<Result<Vec<_>, _>>()?;
    // Every layer must map before the first one runs.
    let (timing, threads) = (args.run.timing(&args.design, &arch)?, args.run.threads.count());
    let setup = Setup { timing, threads, ..Setup::default() };
    let goal = args.mapper.goal(&setup.timing.link(arch.link_clock), arch.word_bytes());
    let by_hand = args.mapper.mappings()?;
    let mappings = network.layers.iter().map(|l| by_hand.of(&l.name, &l.shape, &arch, &goal));
    let mappings = mappings.collect::<Result<Vec<_>, _>>()?;

    let kind = args.run.engine;
    let mut machine = match kind {
        EngineKind::Golden => None,
        _ => Some(Machine::new(&arch, kind, &setup)?),
    };
    let mut reports = Vec::new();
    let mut before: Option<Array4<i64>> = None;
    for (index, (layer, plan)) in network.layers.iter().zip(&mappings).enumerate() {
        let sparsity = &sparsities[index];
        let mut tensors = sparsity.data.tensors(&layer.shape, &numerics, index as u64);
        narrow_bias(&mut tensors, &numerics);
        if let Some(ofmap) = before.take().filter(|_| layer.chained && !args.number.raw) {
            tensors.ifmap = ofmap;
        }
        if let Some(share) = sparsity.ofmap {
            make_sparse(&mut tensors, share, &layer.shape, &numerics, &args.number)?;
        }
        let (numerics, output) = args.number.calibrated(&layer.shape, &numerics, &tensors)?;
        let (name, shape) = (layer.name.as_str(), &layer.shape);
        let layered = Layered { name, shape, numerics: &numerics, output: &output, tensors: &tensors };
        let wanted = args.run.rlc.of_layer(first.as_ref() == Some(&layer.name), args.run.rlc_format);
        let way = Way { kind, reset_at: args.run.reset_at, wanted };
        let (report, ofmap) = run_layer(&layered, &arch, machine.as_mut(), &plan.mapping(), &way)?;
        before = ofmap;
        reports.push(report);
    }
    print(&table(&reports))?;
    if let Some(beside) = Chip::eyeriss().beside(&args.layers.network, args.layers.batch, &reports) {
        print(&beside)?;
    }
    if let Some(path) = &args.run.json {
        write_json(path, &reports)?;
    }
    Ok(reports.iter().all(|r| r.mismatches == 0))
}

/// Runs a layer and compares it with golden. The ofmap is the engine's; there is none if the accelerator stopped.
pub fn run_layer(
    layer: &Layered,
    arch: &Arch,
    machine: Option<&mut Machine>,
    mapping: &AnyMapping,
    way: &Way,
) -> anyhow::Result<(LayerReport, Option<Array4<i64>>)> {
    let Layered { name, shape, numerics, output, tensors } = *layer;
    let start = Instant::now();
    let golden = golden::convolve(shape, numerics, output, tensors)?;
    let Some(machine) = machine else {
        let report = LayerReport::golden(name, shape, arch, &golden, start.elapsed().as_secs_f64());
        return Ok((report.of(numerics, output, &tensors.ifmap), Some(golden)));
    };
    let Way { kind, reset_at, wanted } = *way;
    let compression = wanted.compression(arch, &tensors.ifmap, &golden);
    let work = Work { shape, mapping: *mapping, numerics, output, tensors, compression, reset_at };
    let loaded = machine.load(&work)?;
    let expected = machine.expected(&work, &loaded);
    let bar = progress_bar(name, expected.cycles);
    let mut progress = |cycles| bar.set_position(cycles);
    let done = machine.execute(&work, loaded, expected.cycles, Some(&mut progress));
    bar.finish_and_clear();
    let done = done?;
    let report = LayerReport::new(name, shape, arch, kind, &done, &golden);
    let report = LayerReport { bound: Some(expected.bound), ..report.of(numerics, output, &tensors.ifmap) };
    let Some(ofmap) = done.ofmap else {
        let cause = done.run.status.cause;
        eprintln!("{name}: the accelerator stopped with error cause {cause}: {}", error::describe(cause.into()));
        return Ok((report, None));
    };
    for line in mismatch_lines(&ofmap, &golden) {
        eprintln!("{name}: {line}");
    }
    Ok((report, Some(ofmap)))
}
