//! The accelerators, the layers that run on them, and how a run is judged.

use super::{Built, Kind, Measured, MeasuredLayer, OfDataflow, Sides};
use crate::calibrate::{narrow_bias, Range};
use crate::compare::{Figures, KINDS};
use crate::data::RandomData;
use crate::golden;
use crate::host::{progress_bar, MemoryTiming};
use crate::machine::{Done, EngineKind, Machine, Setup, Work};
use crate::networks::{Layer, Network};
use crate::prediction::Difference;
use crate::report::mismatch_lines;
use crate::tensor::Tensors;
use anyhow::Context;
use gen::area::Area;
use gen::design::{dataflow_name, other_style, Design};
use gen::mapper::{search_any, Accesses, AnyPlan, Compression, Goal, Link, Objective};
use gen::numerics::{Numerics, Output, Requant};
use gen::shape::ConvShape;
use gen::taxonomy;
use hw::program::error;
use hw::{Arch, LinkClock};
use ndarray::Array4;
use rayon::prelude::*;
use std::cell::Cell;
use std::num::NonZeroUsize;

/// Times the cycles of a run that the twin of its control may take before it is given up.
const PATIENCE: u64 = 2;

/// What is to be run on what.
pub struct Experiment<'a> {
    pub network: &'a Network,
    pub batch: usize,
    /// Designs of different dataflows, without zero gating: what is counted then depends on no data.
    pub designs: &'a [Design],
    pub engine: EngineKind,
    /// Threads of Verilator; one unless it is given.
    pub threads: Option<NonZeroUsize>,
    pub timing: &'a MemoryTiming,
    pub objective: Objective,
    /// Of the operands.
    pub seed: u64,
}

/// A layer with its operands and what is to come of them.
struct Job<'a> {
    layer: &'a Layer,
    numerics: Numerics,
    output: Output,
    tensors: Tensors,
    golden: Array4<i64>,
}

/// A layer on a design: its plan, and the cycles that it is estimated to take.
struct Planned {
    plan: AnyPlan,
    cycles: u64,
}

impl Experiment<'_> {
    /// Maps all layers on all designs, then runs them. What differs from golden or from the model is no error, but told by [`Measured::faults`].
    pub fn run(&self) -> anyhow::Result<Measured> {
        let layers = &self.network.layers;
        let pairs: Vec<_> = self.designs.iter().flat_map(|design| layers.iter().map(move |l| (design, l))).collect();
        let planned = pairs.par_iter().map(|(design, layer)| self.plan(design, layer));
        let planned = planned.collect::<anyhow::Result<Vec<Planned>>>()?;
        let jobs = layers.par_iter().enumerate().map(|(index, layer)| self.job(index as u64, layer));
        let jobs = jobs.collect::<anyhow::Result<Vec<Job>>>()?;

        let bar = progress_bar("measured", planned.iter().map(|planned| planned.cycles).sum());
        let runs = self.designs.par_iter().zip(planned.par_chunks(layers.len()));
        let runs = runs.map(|(design, planned)| self.run_design(design, &jobs, planned, &|cycles| bar.inc(cycles)));
        let runs = runs.collect::<anyhow::Result<Vec<_>>>();
        bar.finish_and_clear();
        let runs = runs?;

        let designs = self.designs.iter().zip(planned.chunks(layers.len())).map(|(design, plans)| built(design, plans));
        let kinds = KINDS.iter().map(|(kind, connected)| Kind {
            kind,
            dataflows: self
                .designs
                .iter()
                .zip(&runs)
                .map(|(design, runs)| of_kind(design, &jobs, runs, *connected))
                .collect(),
        });
        Ok(Measured {
            network: self.network.name.clone(),
            batch: self.batch,
            engine: self.engine.name(),
            objective: self.objective,
            designs: designs.collect::<anyhow::Result<_>>()?,
            kinds: kinds.filter(|kind| kind.dataflows.iter().any(|of| !of.layers.is_empty())).collect(),
        })
    }

    fn goal(&self, arch: &Arch) -> Goal {
        let link = self.timing.link(arch.link_clock);
        Goal { objective: self.objective, link, ofmap_bytes: arch.word_bytes() }
    }

    fn plan(&self, design: &Design, layer: &Layer) -> anyhow::Result<Planned> {
        let (arch, goal) = (&design.arch, self.goal(&design.arch));
        let mapping = search_any(&layer.shape, arch, &goal)
            .with_context(|| format!("dataflow `{}`, layer `{}`", dataflow_name(arch.dataflow), layer.name))?;
        let plan = mapping.check(&layer.shape, arch)?;
        let cycles = plan.estimate(&goal.link, goal.ofmap_bytes).cycles;
        Ok(Planned { plan, cycles })
    }

    /// Operands by chance, with the shifts that suit them, in the widths of all designs.
    fn job<'a>(&self, index: u64, layer: &'a Layer) -> anyhow::Result<Job<'a>> {
        let arch = &self.designs.first().context("no design")?.arch;
        let (width, psum_width) = (arch.width as u32, arch.psum_width as u32);
        let plain = Numerics { width, psum_width, psum_shift: 0 };
        let mut tensors = RandomData::new(self.seed, 0.0)?.tensors(&layer.shape, &plain, index);
        narrow_bias(&mut tensors, &plain);
        let range = Range::of(&layer.shape, width, &tensors)?;
        let numerics = Numerics { psum_shift: range.psum_shift(width, psum_width), ..plain };
        let output =
            Output::Quantised(Requant { relu: false, scales: vec![], shifts: vec![range.shift(&numerics, 1)] });
        let golden = golden::convolve(&layer.shape, &numerics, &output, &tensors)?;
        Ok(Job { layer, numerics, output, tensors, golden })
    }

    /// The layers on a design; `went` is told how many cycles more have passed.
    fn run_design(
        &self,
        design: &Design,
        jobs: &[Job],
        planned: &[Planned],
        went: &dyn Fn(u64),
    ) -> anyhow::Result<Vec<MeasuredLayer>> {
        let link = self.timing.link(design.arch.link_clock);
        let setup = Setup { timing: self.timing.clone(), threads: self.threads, ..Setup::default() };
        let mut machine = Machine::new(&design.arch, self.engine, &setup)?;
        let run = |(job, planned): (&Job, &Planned)| {
            let before = Cell::new(0);
            let mut progress = |cycles: u64| went(cycles.saturating_sub(before.replace(cycles)));
            let Job { layer, numerics, output, tensors, golden } = job;
            let (shape, mapping) = (&layer.shape, planned.plan.mapping());
            let compression = Compression::default();
            let work = Work { shape, mapping, numerics, output, tensors, compression, reset_at: None };
            let done = machine.run(&work, Some(&mut progress))?;
            Ok(judged(layer, &done, golden, &link))
        };
        jobs.iter().zip(planned).map(run).collect()
    }
}

/// A run beside golden and the mapper's model: accesses by the closed forms that mappings are searched by, cycles by all of its program in the twin.
pub(super) fn judged(layer: &Layer, done: &Done, golden: &Array4<i64>, link: &Link) -> MeasuredLayer {
    let plan = done.plan.costed();
    let arch = plan.arch();
    let counts = plan.counts(arch.word_bytes());
    let (measured, estimated_cycles) = (done.count("CYCLES"), plan.time(link, arch.word_bytes()).cycles);
    let predicted = match arch.link_clock {
        LinkClock::Sync => done.predicted_cycles(link, PATIENCE * measured).unwrap_or(PATIENCE * measured),
        LinkClock::Async => estimated_cycles,
    };
    let cycles = Sides { measured, predicted };
    let accesses = Sides { measured: done.counted_accesses(), predicted: done.predicted_accesses(&counts) };
    let figures = |accesses: &Accesses, cycles| figures(&layer.shape, accesses, plan.psum_words(), cycles);
    let mut differences = done.differences(&counts);
    if arch.link_clock == LinkClock::Sync {
        differences.extend(Difference::of("CYCLES", measured, predicted));
    }
    MeasuredLayer {
        layer: layer.name.clone(),
        mapping: done.plan.mapping(),
        outputs: golden.len(),
        wrong: match &done.ofmap {
            Some(ofmap) => mismatch_lines(ofmap, golden),
            None => {
                let cause = done.run.status.cause;
                vec![format!("the accelerator stopped with error cause {cause}: {}", error::describe(cause.into()))]
            }
        },
        figures: Sides {
            measured: figures(&accesses.measured, cycles.measured),
            predicted: figures(&accesses.predicted, cycles.predicted),
        },
        cycles,
        estimated_cycles,
        accesses,
        differences,
    }
}

fn figures(shape: &ConvShape, accesses: &Accesses, psum_words: f64, cycles: u64) -> Figures {
    let dram = &accesses.dram;
    Figures {
        macs: shape.macs() as f64,
        energy: accesses.layer_energy(psum_words),
        dram_words: (dram.ifmap + dram.filter + dram.psum + accesses.control) as f64,
        delay: cycles as f64,
    }
}

fn name(design: &Design) -> String {
    let style = other_style(&design.spec).map_or(String::new(), |style| format!(" {style}"));
    dataflow_name(design.arch.dataflow).to_uppercase() + &style
}

fn built(design: &Design, planned: &[Planned]) -> anyhow::Result<Built> {
    let memories = planned.first().map(|planned| planned.plan.costed().memories()).unwrap_or_default();
    let spads = [memories.ifmap, memories.filter, memories.psum];
    Ok(Built {
        dataflow: name(design),
        design: design.spec.clone(),
        rf_bytes: spads.into_iter().flatten().fold(0.0, |sum, bytes| sum + bytes),
        accumulator_bytes: memories.accumulator.unwrap_or_default(),
        area: Area::of(&design.arch)?,
        cycles_estimated: design.arch.link_clock == LinkClock::Async,
    })
}

/// The runs of a kind of layers.
fn of_kind(design: &Design, jobs: &[Job], runs: &[MeasuredLayer], connected: bool) -> OfDataflow {
    let is_kind = |job: &Job| taxonomy::Layer::new(&job.layer.shape).fully_connected() == connected;
    let layers = jobs.iter().zip(runs).filter(|(job, _)| is_kind(job)).map(|(_, run)| run.clone());
    let layers: Vec<MeasuredLayer> = layers.collect();
    let total = |of: &dyn Fn(&Sides<Figures>) -> Figures| layers.iter().map(|layer| of(&layer.figures)).sum();
    let total = Sides { measured: total(&|sides| sides.measured), predicted: total(&|sides| sides.predicted) };
    OfDataflow { dataflow: name(design), layers, total }
}
