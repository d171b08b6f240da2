//! The sweep of designs within an area budget: what a network takes on each, and which of them nothing else beats.
//!
//! All designs are looked at with mappings by closed forms. Those of the front are then searched for as `sim map` does, until all of the front is: so
//! what is shown of them is what the other commands show.

mod front;
mod journal;
mod report;
mod space;

pub use journal::{Journal, Outcome, Taken};
pub use report::{Explored, Point};
pub use space::{Candidate, Space};

use crate::networks::Network;
use crate::random::Random;
use gen::area::Area;
use gen::mapper::{quick_search_any, search_any, EnergyTable, Goal};
use hw::ArchSpec;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicBool, Ordering};

/// What a network takes on a design, and by which costs.
pub struct Question<'a> {
    pub network: &'a Network,
    /// Share of zeros in each layer's ifmap.
    pub zeros: &'a [f64],
    pub table: &'a EnergyTable,
    /// What mappings are searched for; the bytes of an ofmap word are each design's.
    pub goal: Goal,
}

/// How a sweep is stopped, and who hears of its progress.
pub struct Control<'a> {
    /// Ends the sweep as soon as it can.
    pub stop: &'a AtomicBool,
    /// Something begins, of so many steps.
    pub begins: &'a (dyn Fn(&'static str, usize) + Sync),
    /// A step is done.
    pub stepped: &'a (dyn Fn() + Sync),
}

impl Control<'_> {
    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// What `work` gives for each thing, side by side; `None` and nothing for what it is stopped before or in.
    fn each<T: Sync, R: Send>(
        &self,
        what: &'static str,
        things: &[T],
        work: impl Fn(&T) -> anyhow::Result<Option<R>> + Sync,
    ) -> anyhow::Result<Vec<R>> {
        (self.begins)(what, things.len());
        let step = |thing: &T| {
            let done = if self.is_stopped() { None } else { work(thing)? };
            (self.stepped)();
            Ok(done)
        };
        let done: anyhow::Result<Vec<Option<R>>> = things.par_iter().with_max_len(1).map(step).collect();
        Ok(done?.into_iter().flatten().collect())
    }
}

impl Question<'_> {
    /// A name of the question: equal for equal layers, costs, goals and versions.
    pub fn name(&self) -> String {
        let Question { network, zeros, table, goal } = self;
        let layers: Vec<_> = network.layers.iter().map(|layer| layer.shape).collect();
        digest(&format!("{layers:?} {zeros:?} {table:?} {:?} {:?}", goal.objective, goal.link))
    }

    /// What the network takes on a design; `None` if that was stopped.
    fn outcome(&self, candidate: &Candidate, exact: bool, control: &Control) -> Option<Outcome> {
        let arch = &candidate.arch;
        let goal = Goal { ofmap_bytes: arch.word_bytes(), ..self.goal };
        let mut taken = Taken { energy: 0.0, cycles: 0 };
        for (layer, &zeros) in self.network.layers.iter().zip(self.zeros) {
            if control.is_stopped() {
                return None;
            }
            let search = if exact { search_any } else { quick_search_any };
            let plan = search(&layer.shape, arch, &goal)
                .map_err(|error| error.to_string())
                .and_then(|mapping| mapping.check(&layer.shape, arch).map_err(|problems| problems.to_string()));
            let plan = match plan {
                Ok(plan) => plan,
                Err(why) => return Some(Outcome::Refused(format!("layer `{}`: {why}", layer.name))),
            };
            let plan = plan.costed();
            let time = match exact {
                true => plan.time(&goal.link, goal.ofmap_bytes),
                false => plan.quick_time(&goal.link, goal.ofmap_bytes),
            };
            taken.cycles += time.cycles;
            taken.energy += self.table.energy(plan, &plan.counts(goal.ofmap_bytes), zeros).by_level().total();
        }
        Some(if exact { Outcome::Exact(taken) } else { Outcome::Quick(taken) })
    }
}

/// The name of the model of areas, for what has been found by it.
pub fn area_model() -> String {
    digest(&Area::model())
}

fn digest(text: &str) -> String {
    let digest = Sha256::digest(format!("{} {text}", env!("CARGO_PKG_VERSION")));
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// In an order by chance; the first `limit` of them if there is one.
pub fn drawn(mut candidates: Vec<Candidate>, seed: u64, limit: Option<usize>) -> Vec<Candidate> {
    Random::new(seed).shuffle(&mut candidates);
    candidates.truncate(limit.unwrap_or(usize::MAX));
    candidates
}

/// Finds out what is not known yet, writes it down, and searches the front's designs in full unless `quick`.
pub fn explore(
    question: &Question,
    candidates: &[Candidate],
    budget: f64,
    quick: bool,
    journal: &mut Journal,
    control: &Control,
) -> anyhow::Result<()> {
    let unknown: Vec<_> = candidates.iter().filter(|c| journal.area(&c.spec).is_none()).collect();
    let areas = control.each("areas", &unknown, |candidate| {
        let area = Area::of(&candidate.arch)?;
        journal.write_area(&candidate.spec, area)?;
        Ok(Some((candidate.spec.clone(), area)))
    })?;
    journal.keep(areas, vec![]);
    let fits = |c: &&Candidate| journal.area(&c.spec).is_some_and(|area| area.total() <= budget);
    let unknown: Vec<_> = candidates.iter().filter(fits).filter(|c| journal.outcome(&c.spec).is_none()).collect();
    find(question, &unknown, false, journal, control)?;
    while !quick && !control.is_stopped() {
        let explored = Explored::of(candidates, journal, budget);
        let inexact: Vec<&ArchSpec> =
            explored.front().filter(|point| !point.exact).map(|point| &point.design).collect();
        let inexact: Vec<_> = candidates.iter().filter(|c| inexact.contains(&&c.spec)).collect();
        if inexact.is_empty() {
            break;
        }
        find(question, &inexact, true, journal, control)?;
    }
    Ok(())
}

/// Finds out what the network takes on these designs.
fn find(
    question: &Question,
    candidates: &[&Candidate],
    exact: bool,
    journal: &mut Journal,
    control: &Control,
) -> anyhow::Result<()> {
    let what = if exact { "the front" } else { "designs" };
    let found = control.each(what, candidates, |candidate| {
        let Some(outcome) = question.outcome(candidate, exact, control) else { return Ok(None) };
        journal.write_outcome(&candidate.spec, &outcome)?;
        Ok(Some((candidate.spec.clone(), outcome)))
    })?;
    journal.keep(vec![], found);
    Ok(())
}
