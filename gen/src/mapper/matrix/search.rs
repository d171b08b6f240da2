//! The search for the best mapping: all sizes of a tile that matter, by the closed form of their cost.

use super::super::{Costed, Goal, MapError, Objective};
use super::cost::estimate;
use super::MatrixMapping;
use crate::shape::ConvShape;
use hw::arch::{IMAGE_BITS, TILE_ROWS, WINDOW_BITS};
use hw::Arch;

/// The best mapping for the goal, or why there is none: what stands against the smallest one.
pub fn search(shape: &ConvShape, arch: &Arch, goal: &Goal) -> Result<MatrixMapping, MapError> {
    shape.check()?;
    let rows = sizes(shape.e(), TILE_ROWS);
    let windows = sizes(shape.f(), 1 << WINDOW_BITS);
    let images = sizes(shape.n, 1 << IMAGE_BITS);
    let channels = channels(shape, arch);
    let m = balanced(shape.m_per_group(), arch.cols);
    let mut best: Option<(f64, MatrixMapping)> = None;
    for &windows in &windows {
        for &e in rows.iter().filter(|e| **e * windows <= arch.accumulators) {
            for &n in images.iter().filter(|n| **n * e * windows <= arch.accumulators) {
                for &channels in &channels {
                    for tiles in [2, 1] {
                        let mapping = MatrixMapping { n, m, e, windows, channels, tiles };
                        let Ok(plan) = mapping.check(shape, arch) else { continue };
                        let cycles = estimate(&plan, &goal.link, goal.ofmap_bytes).cycles;
                        let energy = match goal.objective {
                            Objective::Cycles => 0.0,
                            _ => plan.energy(goal.ofmap_bytes),
                        };
                        let score = goal.score(cycles, energy);
                        if best.is_none_or(|(least, _)| score < least) {
                            best = Some((score, mapping));
                        }
                    }
                }
            }
        }
    }
    let smallest =
        MatrixMapping { n: 1, m: 1, e: 1, windows: 1, channels: arch.rows.min(shape.c_per_group()), tiles: 1 };
    match best {
        Some((_, mapping)) => Ok(mapping),
        None => smallest.check(shape, arch).map(|_| smallest).map_err(MapError::Unmapped),
    }
}

/// For each number of pieces that `length` is cut into, the smallest size that makes as many; none over `most`.
fn sizes(length: usize, most: usize) -> Vec<usize> {
    let mut sizes: Vec<usize> =
        (1..=length).map(|pieces| length.div_ceil(pieces)).filter(|size| *size <= most).collect();
    sizes.dedup();
    sizes
}

/// Channels of a tile: all, or as many whole channel groups as cut them into as many tiles.
fn channels(shape: &ConvShape, arch: &Arch) -> Vec<usize> {
    let all = shape.c_per_group();
    let groups = sizes(all.div_ceil(arch.rows), usize::MAX);
    std::iter::once(all).chain(groups.into_iter().map(|groups| groups * arch.rows).filter(|c| *c < all)).collect()
}

/// `length` cut into as few pieces as `most` allows, all of about a size.
fn balanced(length: usize, most: usize) -> usize {
    length.div_ceil(length.div_ceil(most))
}
