//! The search for the best mapping: fillings of the array by a bound, arrangements of the buffer by a closed form, the best of these by the timeline.

mod arrangement;
mod filling;

use super::cost::{cost, LONG};
use super::costed::Costed;
use super::link::Link;
use super::plan::Plan;
use super::predict::{self, SEARCH_EFFORT};
use super::timeline;
use super::{MapError, Mapping, TileCols, TileRows};
use crate::shape::ConvShape;
use clap::ValueEnum;
use filling::Filling;
use hw::arch::WINDOW_BITS;
use hw::Arch;
use serde::{Deserialize, Serialize};

/// Arrangements that are looked at, at the most.
const MOST_ARRANGEMENTS: usize = 400_000;
/// Fillings of a layer that is cut in every way, at the most.
const MOST_ANY: usize = 2_000;
/// Mappings whose time is worked out exactly, at the most; of layers of few passes up to [`MOST_KEPT`].
const MOST_TIMED: usize = 40;
const MOST_KEPT: usize = 400;
const FEW_PASSES: usize = 2_000;
/// Passes of these mappings in all, at the most, beside the first one's.
const MOST_PASSES: usize = 400_000;

/// What is wanted little of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Objective {
    /// Cycles
    #[default]
    Cycles,
    /// Energy
    Energy,
    /// Energy times cycles
    Edp,
}

/// What a mapping is searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// What is wanted little of.
    pub objective: Objective,
    /// The memory's speed.
    pub link: Link,
    /// Bytes of an ofmap word in memory.
    pub ofmap_bytes: usize,
}

impl Goal {
    /// Few cycles, with requantised outputs, beside a fast memory.
    pub fn new(arch: &Arch) -> Goal {
        Goal { objective: Objective::Cycles, link: Link::default(), ofmap_bytes: arch.word_bytes() }
    }
}

/// The mapping of a layer with the fewest cycles: [`search`] with [`Goal::new`].
pub fn map(shape: &ConvShape, arch: &Arch) -> Result<Mapping, MapError> {
    search(shape, arch, &Goal::new(arch))
}

/// A candidate by how good the closed forms say it is.
struct Candidate {
    score: f64,
    at_least: f64,
    plan: Box<Plan>,
}

/// The best mapping of a layer to an array.
///
/// Every shape maps to every array: what is too large is cut. Only a layer whose sizes no program can say is refused.
pub fn search(shape: &ConvShape, arch: &Arch, goal: &Goal) -> Result<Mapping, MapError> {
    match goal.best(candidates(shape, arch, goal)?) {
        Some(mapping) => Ok(mapping),
        None => smallest(shape, arch),
    }
}

/// A mapping with few cycles, by closed forms alone: for layers whose time matters less than that of the search.
pub fn quick_map(shape: &ConvShape, arch: &Arch) -> Result<Mapping, MapError> {
    quick_search(shape, arch, &Goal::new(arch))
}

/// As [`search`], by closed forms alone.
pub fn quick_search(shape: &ConvShape, arch: &Arch, goal: &Goal) -> Result<Mapping, MapError> {
    match candidates(shape, arch, goal)?.first() {
        Some(candidate) => Ok(candidate.plan.mapping),
        None => smallest(shape, arch),
    }
}

/// Legal mappings that closed forms say are the best, in order.
fn candidates(shape: &ConvShape, arch: &Arch, goal: &Goal) -> Result<Vec<Candidate>, MapError> {
    shape.check()?;
    let mut cut = Cut::Any;
    let mut fillings = filling::fillings(unit(shape), shape, arch, cut);
    if fillings.len() > MOST_ANY {
        cut = Cut::Even;
        fillings = filling::fillings(unit(shape), shape, arch, cut);
    }
    let least = |filling: &Filling| goal.score(filling.cycles, filling.energy);
    let mut order: Vec<(f64, &Filling)> = fillings.iter().map(|filling| (least(filling), filling)).collect();
    order.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let mut best: Vec<Candidate> = Vec::new();
    let mut looked_at = 0;
    for (least, filling) in order {
        let enough = best.get(MOST_TIMED - 1).is_some_and(|last| last.score <= least);
        if enough || looked_at > MOST_ARRANGEMENTS {
            break;
        }
        for plan in arrangement::arrangements(filling.mapping, shape, arch, cut) {
            looked_at += 1;
            keep(&mut best, goal.candidate(plan));
        }
    }
    best.retain(|candidate| candidate.plan.mapping.check(shape, arch).is_ok());
    Ok(best)
}

/// Puts a candidate among the best, in order.
fn keep(best: &mut Vec<Candidate>, candidate: Candidate) {
    if best.len() == MOST_KEPT && best[best.len() - 1].score <= candidate.score {
        return;
    }
    let at = best.partition_point(|other| other.score <= candidate.score);
    // Of a filling's arrangements with the same score, one is enough.
    best.insert(at, candidate);
    best.truncate(MOST_KEPT);
}

impl Goal {
    /// What is wanted little of.
    pub(super) fn score(&self, cycles: u64, energy: f64) -> f64 {
        match self.objective {
            Objective::Cycles => cycles as f64,
            Objective::Energy => energy,
            Objective::Edp => energy * cycles as f64,
        }
    }

    fn energy(&self, plan: &Plan) -> f64 {
        match self.objective {
            Objective::Cycles => 0.0,
            _ => plan.energy(self.ofmap_bytes),
        }
    }

    fn candidate(&self, plan: Plan) -> Candidate {
        let cost = cost(&plan, &self.link, self.ofmap_bytes);
        let energy = self.energy(&plan);
        // Of equal pace, that which moves less.
        let moved = (cost.dram + cost.ifmap + cost.psum) as f64 / 4096.0;
        let score = self.score(cost.cycles, energy) + if self.objective == Objective::Cycles { moved } else { 0.0 };
        Candidate { score, at_least: self.score(cost.at_least(), energy), plan: Box::new(plan) }
    }

    /// The best of the candidates, which come in order: by the timeline, and then those that are best by that as exactly as is affordable.
    fn best(&self, candidates: Vec<Candidate>) -> Option<Mapping> {
        if self.objective == Objective::Energy {
            return candidates.first().map(|candidate| candidate.plan.mapping);
        }
        let mut passes = 0;
        let mut timed = Vec::new();
        for (rank, candidate) in candidates.into_iter().enumerate() {
            if rank >= MOST_TIMED && passes >= FEW_PASSES {
                break;
            }
            let plan = &candidate.plan;
            let is_timed = passes < MOST_PASSES && plan.passes() <= LONG;
            passes += plan.passes();
            let cost = cost(plan, &self.link, self.ofmap_bytes);
            let score = match is_timed {
                true => {
                    let (cycles, _) = timeline::cycles(plan, &self.link, self.ofmap_bytes, &cost, &[], 0);
                    self.score(cycles, self.energy(plan))
                }
                false => candidate.score,
            };
            timed.push((score, is_timed, cost, candidate));
        }
        timed.sort_by(|(a, ..), (b, ..)| a.total_cmp(b));
        let mut best: Option<(f64, Mapping)> = None;
        let mut effort = SEARCH_EFFORT;
        for (score, is_timed, cost, Candidate { at_least, plan, .. }) in timed {
            if best.is_some_and(|(least, _)| least <= at_least) {
                continue;
            }
            let exact = match is_timed {
                true => predict::ranked(&plan, &self.link, self.ofmap_bytes, &cost, &mut effort)
                    .map(|cycles| self.score(cycles, self.energy(&plan))),
                false => Some(score),
            };
            if let Some(score) = exact.filter(|score| best.is_none_or(|(least, _)| *score < least)) {
                best = Some((score, plan.mapping));
            }
        }
        best.map(|(_, mapping)| mapping)
    }
}

/// One of everything.
fn unit(shape: &ConvShape) -> Mapping {
    Mapping {
        n: 1,
        m: 1,
        e: 1,
        p: 1,
        q: 1,
        r: 1,
        t_rows: 1,
        t_cols: 1,
        groups: 1,
        folds: 1,
        filter_rows: 1,
        filter_cols: 1,
        windows: shape.f().min(1 << WINDOW_BITS),
        tile_rows: TileRows::Segment,
        tile_cols: TileCols::Segment,
        tiles: 1,
        ifmap_banks: 1,
    }
}

/// One PE, and as many windows as the buffer holds: what runs if anything does.
fn smallest(shape: &ConvShape, arch: &Arch) -> Result<Mapping, MapError> {
    let mut smallest = unit(shape);
    for windows in Cut::Even.sizes(shape.f(), 1 << WINDOW_BITS) {
        smallest.windows = windows;
        match smallest.check(shape, arch) {
            Ok(_) => return Ok(smallest),
            Err(problems) if problems.list().iter().any(is_of_the_buffer) => {}
            Err(_) => break,
        }
    }
    match smallest.check(shape, arch) {
        Ok(_) => Ok(smallest),
        Err(problems) => Err(problems.list()[0].clone()),
    }
}

/// Whether fewer windows may help.
fn is_of_the_buffer(problem: &MapError) -> bool {
    matches!(problem, MapError::IfmapBanks { .. } | MapError::PsumBanks { .. })
}

/// How dimensions are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Into pieces of equal size, the last one smaller: for each number of pieces the smallest size, which does the least work.
    Even,
    /// Into pieces of any size. A small last piece can save what is lost between passes, of which small layers have many for their work.
    Any,
}

impl Cut {
    /// Sizes of at most `most` that cut `total`, largest first.
    pub(crate) fn sizes(self, total: usize, most: usize) -> Vec<usize> {
        let most = most.clamp(1, total);
        if self == Cut::Any {
            return (1..=most).rev().collect();
        }
        let mut sizes = Vec::new();
        let mut size = total.div_ceil(total.div_ceil(most));
        loop {
            sizes.push(size);
            if size == 1 {
                return sizes;
            }
            // The largest size below that makes more pieces, and the smallest that makes as many.
            size = total.div_ceil(total.div_ceil(size - 1));
        }
    }
}
