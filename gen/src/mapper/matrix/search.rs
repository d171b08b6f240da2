//! The search for the best mapping: all sizes of a tile that matter, by the closed form of their cost; the best of these in the twin.

use super::super::predict::{matrix_cycles, SEARCH_EFFORT};
use super::super::{Costed, Cut, Goal, MapError, Objective};
use super::cost::estimate;
use super::height_segments::pass_rows;
use super::planes::window_turns;
use super::{MatrixMapping, MatrixPlan};
use crate::shape::ConvShape;
use hw::arch::{IMAGE_BITS, TILE_ROWS, WINDOW_BITS};
use hw::{Arch, Dataflow};

/// Mappings that are timed in the twin.
const TIMED: usize = 6;

/// The best mapping for the goal, or why there is none: what stands against the smallest one.
pub fn search(shape: &ConvShape, arch: &Arch, goal: &Goal) -> Result<MatrixMapping, MapError> {
    let ranked = ranked(shape, arch, goal)?;
    let most = if goal.objective == Objective::Energy { 1 } else { TIMED };
    let timed = ranked.into_iter().take(most).filter_map(|(score, mapping)| {
        let plan = mapping.check(shape, arch).ok()?;
        if most == 1 {
            return Some((score, mapping));
        }
        let estimate = estimate(&plan, &goal.link, goal.ofmap_bytes).cycles;
        let cycles = matrix_cycles(&plan, &goal.link, goal.ofmap_bytes, estimate, SEARCH_EFFORT / TIMED as u64);
        Some((goal.score(cycles, energy(&plan, goal)), mapping))
    });
    best(timed, shape, arch)
}

/// [`search`] by closed forms alone.
pub fn quick_search(shape: &ConvShape, arch: &Arch, goal: &Goal) -> Result<MatrixMapping, MapError> {
    best(ranked(shape, arch, goal)?.into_iter().take(1), shape, arch)
}

/// Of mappings with what is wanted little of, the first with the least.
fn best(
    scored: impl Iterator<Item = (f64, MatrixMapping)>,
    shape: &ConvShape,
    arch: &Arch,
) -> Result<MatrixMapping, MapError> {
    let channels = arch.channels_at_a_time().min(shape.c_per_group());
    let smallest = MatrixMapping { n: 1, m: 1, e: 1, windows: 1, channels, tiles: 1 };
    match scored.min_by(|(a, _), (b, _)| a.total_cmp(b)) {
        Some((_, mapping)) => Ok(mapping),
        None => smallest.check(shape, arch).map(|_| smallest).map_err(MapError::Unmapped),
    }
}

/// What the goal looks at of a plan's energy.
fn energy(plan: &MatrixPlan, goal: &Goal) -> f64 {
    match goal.objective {
        Objective::Cycles => 0.0,
        _ => plan.energy(goal.ofmap_bytes),
    }
}

/// All mappings that matter, the best by the closed form of their cost first.
fn ranked(shape: &ConvShape, arch: &Arch, goal: &Goal) -> Result<Vec<(f64, MatrixMapping)>, MapError> {
    shape.check()?;
    let rows = rows(shape, arch);
    let windows = windows(shape, arch);
    let images = Cut::Even.sizes(shape.n, 1 << IMAGE_BITS);
    let channels = channels(shape, arch);
    let filters = filters(shape, arch);
    let mut ranked = Vec::new();
    for &windows in &windows {
        let turns = window_turns(arch, windows);
        for &e in rows.iter().filter(|e| **e * turns <= arch.accumulators) {
            for &n in images.iter().filter(|n| **n * e * turns <= arch.accumulators) {
                for (&m, &channels) in filters.iter().flat_map(|m| channels.iter().map(move |c| (m, c))) {
                    for tiles in [2, 1] {
                        let mapping = MatrixMapping { n, m, e, windows, channels, tiles };
                        let Ok(plan) = mapping.check(shape, arch) else { continue };
                        let cycles = estimate(&plan, &goal.link, goal.ofmap_bytes).cycles;
                        ranked.push((goal.score(cycles, energy(&plan, goal)), mapping));
                    }
                }
            }
        }
    }
    ranked.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    Ok(ranked)
}

/// Filters of a pass: as few filter groups as the array allows, all of about a size; where each PE has a filter, also as few as each number of rows of PEs allows.
fn filters(shape: &ConvShape, arch: &Arch) -> Vec<usize> {
    let most = arch.pass_filters();
    let mut filters: Vec<usize> =
        (0..most).step_by(arch.cols).map(|less| Cut::Even.sizes(shape.m_per_group(), most - less)[0]).collect();
    filters.dedup();
    filters
}

/// Windows of a tile: as few tiles as there are, all of about a size, or, where all PEs work on one plane, whole groups of them.
fn windows(shape: &ConvShape, arch: &Arch) -> Vec<usize> {
    let mut windows = Cut::Even.sizes(shape.f(), 1 << WINDOW_BITS);
    if arch.is_of_planes() {
        windows.extend((arch.cols..shape.f().min(1 << WINDOW_BITS)).step_by(arch.cols));
        windows.sort_unstable_by(|a, b| b.cmp(a));
        windows.dedup();
    }
    windows
}

/// Ofmap rows of a tile: as few tiles as there are, all of about a size, or, where words are held, so many rows that those of the ifmap fill blocks.
fn rows(shape: &ConvShape, arch: &Arch) -> Vec<usize> {
    let mut rows = Cut::Even.sizes(shape.e(), TILE_ROWS);
    if arch.dataflow == Dataflow::Is {
        let beside = pass_rows(shape, arch).div_ceil(shape.stride_h) - 1;
        let whole = (1..).map(|blocks| blocks * arch.rows).take_while(|rows| rows - beside.min(*rows) < shape.e());
        rows.extend(
            whole.filter(|rows| *rows > beside).map(|rows| rows - beside).take_while(|rows| *rows <= TILE_ROWS),
        );
        rows.sort_unstable_by(|a, b| b.cmp(a));
        rows.dedup();
    }
    rows
}

/// Channels of a tile: all, or as many whole channel groups as cut them into as many tiles.
fn channels(shape: &ConvShape, arch: &Arch) -> Vec<usize> {
    let all = shape.c_per_group();
    let unit = arch.channels_at_a_time();
    let groups = Cut::Even.sizes(all.div_ceil(unit), usize::MAX);
    std::iter::once(all).chain(groups.into_iter().map(|groups| groups * unit).filter(|c| *c < all)).collect()
}
