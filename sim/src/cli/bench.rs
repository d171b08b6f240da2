use super::args::BenchArgs;
use super::input::{check_writable, print, write_json};
use super::network::{run_layer, Layered, Way};
use crate::data::RandomData;
use crate::engine::VerilatorOptions;
use crate::machine::{verilator, EngineKind, Machine, Setup};
use crate::networks::Network;
use crate::report::{layout, table, LayerReport};
use crate::traffic::Wanted;
use comfy_table::Table;
use gen::design::{Design, DesignArgs};
use gen::generate::generate;
use gen::mapper::{search, search_any, Goal, Link, MapError, Objective};
use gen::numerics::{Numerics, Output};
use gen::shape::ConvShape;
use hw::Arch;
use serde::Serialize;
use std::path::PathBuf;
use std::time::Instant;

/// The large array of which the generation is timed.
const LARGE: usize = 64;
/// An accelerator that Icarus runs in a moment.
const SMALL: usize = 2;

/// What `sim bench` records.
#[derive(Serialize)]
struct Bench {
    generation: Vec<Generation>,
    searches: Vec<Search>,
    engines: Vec<Speed>,
    layers: Vec<LayerReport>,
}

/// How long it takes to generate a design.
#[derive(Serialize)]
struct Generation {
    design: String,
    pes: usize,
    seconds: f64,
    modules: usize,
    lines: usize,
}

/// How long it takes to find the mapping of a layer.
#[derive(Serialize)]
struct Search {
    layer: String,
    /// Seconds by what is wanted little of.
    cycles_s: f64,
    energy_s: f64,
    edp_s: f64,
}

/// How fast an engine runs a design.
#[derive(Serialize)]
struct Speed {
    engine: &'static str,
    pes: usize,
    layer: String,
    /// Seconds until the engine can run.
    build_s: f64,
    cycles: u64,
    cycles_per_s: f64,
}

/// `sim bench`
pub fn run(args: &BenchArgs) -> anyhow::Result<bool> {
    let design = args.design.design()?;
    let network = Network::find(&args.network)?;
    let convolutions = || network.layers.iter().filter(|layer| layer.shape.e() * layer.shape.f() > 1);
    let names: Vec<String> = match args.layers.is_empty() {
        true => convolutions().map(|layer| layer.name.clone()).collect(),
        false => args.layers.clone(),
    };
    let network = network.select(&names)?;
    let network = network.with_batch(args.batch);
    network.check()?;
    check_writable([&args.json])?;

    let square = |side| DesignArgs { rows: Some(side), cols: Some(side), ..DesignArgs::default() };
    let generation = vec![generation(&design)?, generation(&square(LARGE).design()?)?];

    let (timing, threads) = (args.memory.timing(&args.design, &design.arch)?, args.threads.count());
    let setup = Setup { timing, threads, ..Setup::default() };
    let link = setup.timing.link(design.arch.link_clock);
    let searches = network.layers.iter().map(|layer| search_times(&layer.name, &layer.shape, &design.arch, &link));
    let searches = searches.collect::<Result<Vec<_>, _>>()?;
    if args.mapper {
        let bench = Bench { generation, searches, engines: vec![], layers: vec![] };
        return bench.record(&args.json).map(|()| true);
    }
    let bench = |arch| Runner { arch, setup: &setup };
    let small = DesignArgs { width: Some(8), glb_kb: Some(8), ..square(SMALL) }.design()?;
    let sample = ConvShape { n: 1, m: 16, c: 4, h: 14, w: 14, r: 3, s: 3, pad_h: 1, pad_w: 1, ..Default::default() };
    let tiny = ConvShape { n: 1, m: 2, c: 2, h: 6, w: 6, r: 3, s: 3, ..Default::default() };
    let (builtin, first) = bench(&design.arch).engine(EngineKind::Builtin, &sample)?;
    let (icarus, second) = bench(&small.arch).engine(EngineKind::Icarus, &tiny)?;

    // Built anew, whatever is kept of earlier runs.
    let cache = tempfile::tempdir()?;
    let start = Instant::now();
    eprintln!("building the Verilator model anew ...");
    let options = VerilatorOptions { cache: Some(cache.path()), threads, ..VerilatorOptions::default() };
    let engine = verilator(&design.arch, options)?;
    let build_s = start.elapsed().as_secs_f64();
    let mut machine = Machine::on(&design.arch, Box::new(engine), &setup.timing)?;
    let mut layers = vec![];
    for layer in &network.layers {
        layers.push(bench(&design.arch).layer(&mut machine, EngineKind::Verilator, &layer.name, &layer.shape)?);
    }
    let (cycles, seconds) = layers.iter().fold((0, 0.0), |(cycles, s), r| (cycles + r.cycles, s + r.wall_s));
    let verilator = Speed {
        engine: EngineKind::Verilator.name(),
        pes: design.arch.pes(),
        layer: network.name,
        build_s,
        cycles,
        cycles_per_s: cycles as f64 / seconds,
    };
    let right = layers.iter().chain([&first, &second]).all(|report| report.mismatches == 0);
    let bench = Bench { generation, searches, engines: vec![builtin, verilator, icarus], layers };
    bench.record(&args.json)?;
    Ok(right)
}

fn search_times(name: &str, shape: &ConvShape, arch: &Arch, link: &Link) -> Result<Search, MapError> {
    let seconds = |objective| {
        let start = Instant::now();
        search_any(shape, arch, &Goal { objective, link: *link, ofmap_bytes: arch.word_bytes() })?;
        Ok::<_, MapError>(start.elapsed().as_secs_f64())
    };
    Ok(Search {
        layer: name.into(),
        cycles_s: seconds(Objective::Cycles)?,
        energy_s: seconds(Objective::Energy)?,
        edp_s: seconds(Objective::Edp)?,
    })
}

fn generation(design: &Design) -> anyhow::Result<Generation> {
    let start = Instant::now();
    let generated = generate(design)?;
    let seconds = start.elapsed().as_secs_f64();
    let modules: Vec<_> =
        generated.files.iter().filter(|file| file.path.starts_with("rtl/") && file.path.ends_with(".v")).collect();
    let lines = modules.iter().map(|file| file.text.lines().count()).sum();
    Ok(Generation { design: generated.name, pes: design.arch.pes(), seconds, modules: modules.len(), lines })
}

/// Runs layers of random data on an accelerator.
struct Runner<'a> {
    arch: &'a Arch,
    setup: &'a Setup<'a>,
}

impl Runner<'_> {
    fn engine(&self, kind: EngineKind, shape: &ConvShape) -> anyhow::Result<(Speed, LayerReport)> {
        let start = Instant::now();
        let mut machine = Machine::new(self.arch, kind, self.setup)?;
        let build_s = start.elapsed().as_secs_f64();
        let layer = format!("{}x{}x{}x{}", shape.m, shape.c, shape.r, shape.s);
        let report = self.layer(&mut machine, kind, &layer, shape)?;
        let LayerReport { cycles, cycles_per_s, .. } = report;
        let speed = Speed { engine: kind.name(), pes: self.arch.pes(), layer, build_s, cycles, cycles_per_s };
        Ok((speed, report))
    }

    fn layer(
        &self,
        machine: &mut Machine,
        kind: EngineKind,
        name: &str,
        shape: &ConvShape,
    ) -> anyhow::Result<LayerReport> {
        let numerics = Numerics { psum_width: self.arch.psum_width as u32, ..Numerics::new(self.arch.width as u32) };
        let tensors = RandomData::new(1, 0.0)?.tensors(shape, &numerics, 0);
        let output = Output::Quantised(Default::default());
        let goal = Goal {
            objective: Default::default(),
            link: self.setup.timing.link(self.arch.link_clock),
            ofmap_bytes: self.arch.word_bytes(),
        };
        let mapping = search(shape, self.arch, &goal)?;
        let layered = Layered { name, shape, numerics: &numerics, output: &output, tensors: &tensors };
        let way = Way { kind, reset_at: None, wanted: Wanted::default() };
        Ok(run_layer(&layered, self.arch, Some(machine), &mapping.into(), &way)?.0)
    }
}

impl Bench {
    fn record(&self, json: &Option<PathBuf>) -> anyhow::Result<()> {
        print(&self.tables())?;
        json.as_ref().map_or(Ok(()), |path| write_json(path, self))
    }

    fn tables(&self) -> String {
        let mut generation = Table::new();
        generation.set_header(["generation", "PEs", "s", "modules", "lines"]);
        for g in &self.generation {
            let seconds = format!("{:.3}", g.seconds);
            generation.add_row([
                g.design.clone(),
                g.pes.to_string(),
                seconds,
                g.modules.to_string(),
                g.lines.to_string(),
            ]);
        }
        let mut searches = Table::new();
        searches.set_header(["search for a mapping", "cycles s", "energy s", "edp s"]);
        for s in &self.searches {
            let seconds = [s.cycles_s, s.energy_s, s.edp_s].map(|seconds| format!("{seconds:.2}"));
            searches.add_row([s.layer.clone()].into_iter().chain(seconds));
        }
        let mut engines = Table::new();
        engines.set_header(["engine", "PEs", "layer", "build s", "cycles", "kcycles/s"]);
        for e in &self.engines {
            engines.add_row([
                e.engine.into(),
                e.pes.to_string(),
                e.layer.clone(),
                format!("{:.1}", e.build_s),
                e.cycles.to_string(),
                format!("{:.2}", e.cycles_per_s / 1e3),
            ]);
        }
        let before = format!("{}\n{}", layout(generation), layout(searches));
        match self.layers.is_empty() {
            true => before,
            false => format!("{before}\n{}\n{}", layout(engines), table(&self.layers)),
        }
    }
}
