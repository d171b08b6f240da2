//! The search for a good mapping: how the array is filled first, then how the buffer is shared out.

use super::cost::estimate;
use super::plan::Plan;
use super::rules::{MAX_COLS, MAX_IFMAP_BANKS};
use super::{MapError, Mapping, TileCols, TileRows};
use crate::shape::ConvShape;
use hw::arch::{BANK_LINES, IMAGE_BITS, LANES, WINDOW_BITS};
use hw::program::params;
use hw::Arch;

/// A mapping of the layer to the array with few cycles, by [`estimate`].
///
/// Every shape maps to every array: what is too large is cut. Only a layer whose sizes no program can say is refused.
pub fn map(shape: &ConvShape, arch: &Arch) -> Result<Mapping, MapError> {
    shape.check()?;
    let mut candidates: Vec<(u64, Mapping)> = Vec::new();
    for mapping in fillings(shape, arch) {
        let cost = estimate(&Plan::new(mapping, *shape, arch.clone()));
        candidates.push((cost.macs.max(cost.ifmap).max(cost.filter).max(cost.psum), mapping));
    }
    candidates.sort_by_key(|(cycles, _)| *cycles);
    let mut best: Option<(u64, Mapping)> = None;
    for (at_least, candidate) in candidates {
        if best.is_some_and(|(cycles, _)| cycles <= at_least) {
            break;
        }
        for mapping in arrangements(candidate, shape, arch) {
            let Ok(plan) = mapping.check(shape, arch) else { continue };
            let cost = estimate(&plan);
            // Of equal pace, that which moves less.
            let cycles = cost.cycles + (cost.dram + cost.ifmap + cost.psum) / 64;
            if best.is_none_or(|(least, _)| cycles < least) {
                best = Some((cycles, mapping));
            }
        }
    }
    match best {
        Some((_, mapping)) => Ok(mapping),
        None => smallest(shape, arch),
    }
}

/// Ways to fill the array: everything but what the buffer decides, which is left at its largest.
fn fillings(shape: &ConvShape, arch: &Arch) -> Vec<Mapping> {
    let (c, m) = (shape.c_per_group(), shape.m_per_group());
    let mut found = Vec::new();
    let spad = arch.ifmap_spad.min(arch.filter_spad);
    for filter_cols in pieces(shape.s, spad, 2) {
        let most_q = spad / filter_cols;
        for filter_rows in pieces(shape.r, arch.rows, 3) {
            let room = arch.rows / filter_rows;
            for r in counts(room.min(c)) {
                for q in pieces(c, most_q * r, 4).into_iter().map(|channels| channels.div_ceil(r)) {
                    let most_p = m.min(arch.psum_spad).min(arch.filter_spad / (q * filter_cols)).min(params::DEPTH);
                    // With all images in a pass, which no other number of them betters, so that the cost is a lower bound.
                    let n = shape.n.min(1 << IMAGE_BITS);
                    let base = Mapping { n, r, q, p: most_p, filter_rows, filter_cols, ..unit(shape) };
                    columns(base, room / r, shape, arch, &mut found);
                }
            }
        }
    }
    found
}

/// Ways to lay out `room` stacks, one below the other, of a mapping whose stack is chosen.
fn columns(base: Mapping, room: usize, shape: &ConvShape, arch: &Arch, found: &mut Vec<Mapping>) {
    let m = shape.m_per_group();
    for e in pieces(shape.e(), arch.cols * room, 6) {
        let least_folds = e.div_ceil(arch.cols);
        for folds in (least_folds..=room.min(e)).take(4) {
            let mapping = Mapping { e, folds, ..base };
            let (most_down, most_across) = (room / folds, arch.cols / mapping.set_cols());
            if (folds - 1) * mapping.set_cols() >= e || most_across == 0 {
                continue;
            }
            for t_cols in halves(most_across.min(m.max(shape.groups))) {
                for t_rows in halves(most_down.min(m.max(shape.groups).div_ceil(t_cols))) {
                    let mapping = Mapping { t_rows, t_cols, ..mapping };
                    side_by_side(mapping, shape, found);
                    if mapping.t() <= m {
                        let alone = |p| Mapping { p, m: p * mapping.t(), ..mapping };
                        let most = base.p.min(params::DEPTH / mapping.t());
                        let balanced = pieces(m.div_ceil(mapping.t()), most, 3);
                        found.extend(balanced.into_iter().chain(halves(most / 2)).map(alone));
                    }
                }
            }
        }
    }
}

/// The mapping with a group for each set, if a group fits into a set.
fn side_by_side(mapping: Mapping, shape: &ConvShape, found: &mut Vec<Mapping>) {
    let (c, m, t) = (shape.c_per_group(), shape.m_per_group(), mapping.t());
    if (2..=shape.groups).contains(&t) && c <= mapping.q * mapping.r && m <= mapping.p && m * t <= params::DEPTH {
        found.push(Mapping { p: m, groups: t, m: m * t, ..mapping });
    }
}

/// Ways to share out the buffer for a filling of the array.
fn arrangements(filling: Mapping, shape: &ConvShape, arch: &Arch) -> Vec<Mapping> {
    let mut found = Vec::new();
    for n in pieces(shape.n, 1 << IMAGE_BITS, 4).into_iter().chain([4, 2, 1]).filter(|n| *n <= shape.n) {
        let windows = pieces(shape.f(), 1 << WINDOW_BITS, 64);
        if let Some(mapping) =
            windows.into_iter().find_map(|windows| fit(Mapping { n, windows, ..filling }, shape, arch))
        {
            found.push(mapping);
        }
    }
    found
}

/// The first arrangement of tiles that leaves room for psums, with as many filters as fit.
fn fit(mapping: Mapping, shape: &ConvShape, arch: &Arch) -> Option<Mapping> {
    let shapes = [
        (TileRows::Filter, TileCols::Whole),
        (TileRows::Filter, TileCols::Filter),
        (TileRows::Segment, TileCols::Whole),
        (TileRows::Segment, TileCols::Filter),
        (TileRows::Segment, TileCols::Segment),
    ];
    let choices = [2, 1].into_iter().flat_map(|tiles| shapes.map(|shape| (tiles, shape)));
    choices.into_iter().find_map(|(tiles, (tile_rows, tile_cols))| {
        let mut mapping = Mapping { tiles, tile_rows, tile_cols, ..mapping };
        let plan = Plan::new(mapping, *shape, arch.clone());
        if plan.tile.width > MAX_COLS || (tile_cols == TileCols::Whole && mapping.windows < shape.f()) {
            return None;
        }
        mapping.ifmap_banks = (tiles * plan.tile.words).div_ceil(BANK_LINES * LANES);
        if mapping.ifmap_banks > MAX_IFMAP_BANKS.min(arch.banks - 1) {
            return None;
        }
        let areas = Plan::new(mapping, *shape, arch.clone()).psum.areas;
        if areas == 0 {
            return None;
        }
        let chunks = plan.filter_groups.div_ceil(areas);
        mapping.m = plan.filter_groups.div_ceil(chunks) * mapping.pass_filters();
        Some(mapping)
    })
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
    let windows = pieces(shape.f(), 1 << WINDOW_BITS, 1024).into_iter().chain([1]);
    let fitted = windows.into_iter().find_map(|windows| fit(Mapping { windows, ..unit(shape) }, shape, arch));
    let mapping = fitted.unwrap_or(Mapping { windows: 1, ..unit(shape) });
    let problems = match mapping.check(shape, arch) {
        Ok(_) => return Ok(mapping),
        Err(problems) => problems,
    };
    Err(problems.list()[0].clone())
}

/// Sizes of at most `most` that cut `total` into equal pieces, largest first: those of the `count` smallest numbers of pieces.
fn pieces(total: usize, most: usize, count: usize) -> Vec<usize> {
    let fewest = total.div_ceil(most.clamp(1, total));
    let mut sizes: Vec<usize> = (fewest..=total).take(count).map(|pieces| total.div_ceil(pieces)).collect();
    sizes.dedup();
    sizes
}

/// `most` and its halves, down to 1.
fn halves(most: usize) -> impl Iterator<Item = usize> {
    std::iter::successors((most > 0).then_some(most), |most| (*most > 1).then_some(most / 2))
}

/// Numbers up to `most`: all small ones, then fewer and fewer.
fn counts(most: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(1), |count| Some(count + 1 + count / 16)).take_while(move |count| *count <= most)
}
