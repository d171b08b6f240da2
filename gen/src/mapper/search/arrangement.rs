//! Ways to share out the buffer for a filling of the array: images and windows of a pass, tiles, and filters whose psums stay.

use super::super::plan::Plan;
use super::super::rules::{MAX_COLS, MAX_IFMAP_BANKS};
use super::super::{Mapping, TileCols, TileRows};
use super::Cut;
use crate::shape::ConvShape;
use hw::arch::{BANK_LINES, IMAGE_BITS, LANES, WINDOW_BITS};
use hw::Arch;

/// Numbers of pieces that a row of windows is cut into: all small ones, then fewer and fewer.
const MOST_SEGMENTS: usize = 24;

/// All arrangements of a filling, each as a plan that may still break a rule.
pub(super) fn arrangements<'a>(
    filling: Mapping,
    shape: &'a ConvShape,
    arch: &'a Arch,
    cut: Cut,
) -> impl Iterator<Item = Plan> + 'a {
    let images = cut.sizes(shape.n, 1 << IMAGE_BITS);
    images
        .into_iter()
        .flat_map(move |n| windows(shape, cut).map(move |windows| (n, windows)))
        .flat_map(move |(n, windows)| tiles(Mapping { n, windows, ..filling }, shape, arch))
        .flat_map(move |plan| chunks(plan, cut))
}

fn windows(shape: &ConvShape, cut: Cut) -> impl Iterator<Item = usize> {
    let all = cut.sizes(shape.f(), 1 << WINDOW_BITS);
    let steps = all.len();
    all.into_iter()
        .enumerate()
        .filter(move |(i, _)| *i < MOST_SEGMENTS || i.is_power_of_two() || *i + 1 == steps)
        .map(|(_, w)| w)
}

/// Tiles that make a difference for the mapping.
fn tiles<'a>(mapping: Mapping, shape: &'a ConvShape, arch: &'a Arch) -> impl Iterator<Item = Plan> + 'a {
    let rows: &[TileRows] =
        if mapping.filter_rows < shape.r { &[TileRows::Filter, TileRows::Segment] } else { &[TileRows::Filter] };
    let cols: &[TileCols] = match (mapping.windows < shape.f(), mapping.filter_cols < shape.s) {
        (false, false) => &[TileCols::Whole],
        (false, true) => &[TileCols::Whole, TileCols::Segment],
        (true, false) => &[TileCols::Whole, TileCols::Filter],
        (true, true) => &[TileCols::Whole, TileCols::Filter, TileCols::Segment],
    };
    let shapes = rows.iter().flat_map(move |rows| cols.iter().map(move |cols| (*rows, *cols)));
    shapes.flat_map(|shape| [2, 1].map(|tiles| (tiles, shape))).filter_map(move |(tiles, (tile_rows, tile_cols))| {
        let mapping = Mapping { tiles, tile_rows, tile_cols, ifmap_banks: 1, ..mapping };
        let mut plan = Plan::new(mapping, *shape, arch.clone());
        let banks = (tiles * plan.tile.words).div_ceil(BANK_LINES * LANES);
        if plan.tile.width > MAX_COLS || banks > MAX_IFMAP_BANKS.min(arch.banks - 1) {
            return None;
        }
        plan.set_ifmap_banks(banks);
        (plan.psum.areas > 0).then_some(plan)
    })
}

/// Numbers of filters that are kept in the buffer.
fn chunks(plan: Plan, cut: Cut) -> impl Iterator<Item = Plan> {
    let turns = plan.turns();
    let sizes = match turns {
        1 => vec![1],
        _ => cut.sizes(plan.filter_groups, plan.psum.areas),
    };
    sizes.into_iter().map(move |chunk| {
        let mut plan = plan.clone();
        plan.set_chunk(chunk);
        plan
    })
}
