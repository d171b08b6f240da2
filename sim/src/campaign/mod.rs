//! A campaign: layers at random on designs at random, each run to equality with golden, and every prediction held against the counters.
//!
//! A seed gives the designs, and a seed and a number give a draw, whatever else is drawn. The layers of a design run on one machine, one
//! after the other without a reset between them, so what one leaves behind is the next one's to meet.

mod case;
pub mod draw;
mod judge;
mod outcome;
mod refusal;
mod refusal_matrix;
mod report;

pub use outcome::{Outcome, Record};
pub use report::{failure, tables, Errors, Summary};

use crate::engine::EngineError;
use crate::machine::{EngineKind, Machine, Setup};
use crate::random::Random;
use case::Case;
use hw::{Arch, ArchSpec};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Mutex;

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Options {
    /// The seed of everything.
    pub seed: u64,
    /// How many draws.
    pub draws: u64,
    /// Draws on each design.
    pub layers: u64,
    /// MACs of a layer at the most.
    pub macs: u64,
    /// PE rows, and PE columns, at the most.
    pub side: usize,
    /// What runs them.
    pub engine: EngineKind,
    /// This draw alone, after those before it on its design.
    pub only: Option<u64>,
}

/// Runs a campaign on `jobs` threads, with compiled designs in the folder `cache`; `told` hears of every draw that is done, in the order of its end.
///
/// The records are in the order of their numbers. An error is one of the campaign itself: a tool that is missing, a full disk.
pub fn run(options: &Options, jobs: usize, cache: &Path, told: impl Fn(&Record) + Sync) -> anyhow::Result<Vec<Record>> {
    let designs = match options.only {
        Some(draw) => draw / options.layers..draw / options.layers + 1,
        None => 0..options.draws.div_ceil(options.layers),
    };
    let next = AtomicU64::new(designs.start);
    let stop = AtomicBool::new(false);
    let found = Mutex::new((Vec::new(), None));
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| loop {
                let design = next.fetch_add(1, Ordering::Relaxed);
                if design >= designs.end || stop.load(Ordering::Relaxed) {
                    break;
                }
                let done = Design::new(options, design, cache).and_then(|mut design| design.run(&told));
                let mut found = found.lock().unwrap_or_else(|e| e.into_inner());
                match done {
                    Ok(records) => found.0.extend(records),
                    Err(error) => {
                        stop.store(true, Ordering::Relaxed);
                        found.1 = Some(error);
                    }
                }
            });
        }
    });
    let (mut records, error) = found.into_inner().unwrap_or_else(|e| e.into_inner());
    match error {
        Some(error) => Err(error),
        None => {
            records.sort_by_key(|record: &Record| record.draw);
            Ok(records)
        }
    }
}

/// A design of a campaign.
struct Design<'a> {
    options: &'a Options,
    number: u64,
    spec: ArchSpec,
    arch: Arch,
    cache: &'a Path,
    machine: Option<Machine>,
}

impl Design<'_> {
    fn new<'a>(options: &'a Options, number: u64, cache: &'a Path) -> anyhow::Result<Design<'a>> {
        let spec = case::design(options, number);
        let arch = spec.check().map_err(|errors| anyhow::anyhow!("{spec:?} is refused: {}", errors[0]))?;
        Ok(Design { options, number, spec, arch, cache, machine: None })
    }

    /// The design's draws.
    fn run(&mut self, told: &(impl Fn(&Record) + Sync)) -> anyhow::Result<Vec<Record>> {
        let first = self.number * self.options.layers;
        let end = self.options.only.map_or((first + self.options.layers).min(self.options.draws), |only| only + 1);
        let mut records = Vec::new();
        for draw in first..end {
            let record = self.draw(draw)?;
            told(&record);
            records.push(record);
        }
        // What comes before the one draw that is wanted only prepares it.
        Ok(match self.options.only {
            Some(_) => records.into_iter().rev().take(1).collect(),
            None => records,
        })
    }

    fn draw(&mut self, draw: u64) -> anyhow::Result<Record> {
        let mut random = Random::of(self.options.seed, draw);
        let record = |case, outcome| Record::new(draw, &self.spec, case, outcome);
        let case = match Case::draw(&mut random, &self.arch, self.options) {
            Ok(case) => case,
            Err(error) => return Ok(record(None, Outcome::Failed { what: error.to_string() })),
        };
        if random.once_in(8) {
            let fault = refusal::bad(&mut random, &self.spec, &self.arch, &case).fault();
            let outcome = fault.map_or(Outcome::Refused, |what| Outcome::Failed { what });
            return Ok(record(Some(&case), outcome));
        }
        let machine = match &mut self.machine {
            Some(machine) => machine,
            none => none.insert(machine(&self.arch, self.options.engine, self.cache)?),
        };
        let outcome = match random.once_in(32) {
            true => judge::corrupt(machine, &case, &mut random),
            false => judge::whole(machine, &case),
        };
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) if error.chain().any(|cause| cause.is::<EngineError>()) => return Err(error),
            Err(error) => {
                // The machine may be anywhere: the next draw gets another one.
                self.machine = None;
                judge::stopped(&error)
            }
        };
        Ok(record(Some(&case), outcome))
    }
}

fn machine(arch: &Arch, engine: EngineKind, cache: &Path) -> anyhow::Result<Machine> {
    Machine::new(arch, engine, &Setup { cache: Some(cache), ..Setup::default() })
}
