//! What a mapping costs: a rough count of cycles, from what each part of the accelerator has to carry.
//!
//! All parts work at the same time, so the busiest sets the pace. What cannot overlap is added.

use super::plan::Plan;
use super::{TileCols, TileRows};
use serde::Serialize;

/// Share of its peak that the link carries: the chip's clocks, 60 to 200 MHz (JSSC 2017, section VI).
const LINK_SHARE: f64 = 60.0 / 200.0;
/// Cycles from the last MAC of a pass to its psums being readable, beside one hop for each PE of a stack: filling and draining pipelines.
const TURNAROUND: usize = 40;
/// Bytes of a pass's and a tile's commands.
const PASS_BYTES: usize = 96;

/// A part of the accelerator that can set the pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The PEs' multipliers.
    Macs,
    /// The ifmap bus.
    Ifmap,
    /// The filter bus.
    Filter,
    /// The psum lanes.
    Psum,
    /// The store unit.
    Store,
    /// The link to DRAM.
    Dram,
}

/// Cycles that a layer takes, and those of each part, were it alone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Cost {
    /// Cycles in all.
    pub cycles: u64,
    /// The busiest part.
    pub bound: Bound,
    /// Cycles in which PEs multiply.
    pub macs: u64,
    /// Cycles of the ifmap bus.
    pub ifmap: u64,
    /// Cycles of the filter bus.
    pub filter: u64,
    /// Cycles of the busiest psum lane.
    pub psum: u64,
    /// Cycles of the store unit.
    pub store: u64,
    /// Cycles of the link to DRAM.
    pub dram: u64,
    /// Cycles in which passes, loads and stores wait for each other.
    pub waits: u64,
    /// PEs that work in a pass.
    pub active_pes: usize,
}

/// The rough cost of a plan.
pub fn estimate(plan: &Plan) -> Cost {
    let (shape, mapping) = (&plan.shape, &plan.mapping);
    let psums_of_a_filter = shape.n * shape.f();
    let strips = plan.strips * plan.strip_passes();
    let macs = strips * plan.filter_words() * psums_of_a_filter;
    let ifmap = strips * plan.streams() * mapping.q * sent_cols(plan) * shape.n;
    let filter = plan.passes() * plan.pass_filter_lines();
    let psum = strips * plan.psum.lane_rows * mapping.p * psums_of_a_filter;
    let store = psums_of_a_filter * shape.m * shape.e();
    let bytes_a_cycle = plan.arch.link_bytes() as f64 * LINK_SHARE;
    let cycles_of = |bytes: usize| (bytes as f64 / bytes_a_cycle) as usize;
    let load = cycles_of(load_words(plan) * plan.arch.word_bytes());
    let filters = plan.filter_bytes() * plan.strips * plan.image_groups * plan.column_segments;
    let dram = load + cycles_of(filters + store * plan.arch.word_bytes() + plan.passes() * PASS_BYTES);

    let parts = [
        (Bound::Macs, macs),
        (Bound::Ifmap, ifmap),
        (Bound::Psum, psum),
        (Bound::Filter, filter),
        (Bound::Store, store),
        (Bound::Dram, dram),
    ];
    let (bound, busiest) = parts.into_iter().rev().max_by_key(|(_, cycles)| *cycles).unwrap_or((Bound::Macs, 0));
    let waits = turnarounds(plan)
        + if mapping.tiles == 1 { load } else { load / tile_uses(plan).max(1) }
        + if plan.psum.areas == 1 { store } else { 0 };
    Cost {
        cycles: (busiest + waits) as u64,
        bound,
        macs: macs as u64,
        ifmap: ifmap as u64,
        filter: filter as u64,
        psum: psum as u64,
        store: store as u64,
        dram: dram as u64,
        waits: waits as u64,
        active_pes: plan.active_pes(),
    }
}

/// Columns that are sent for a row of the ofmap, over all its segments.
fn sent_cols(plan: &Plan) -> usize {
    let last = plan.column_segments - 1;
    last * plan.sent_cols(plan.mapping.windows) + plan.sent_cols(plan.segment_windows(last))
}

/// Cycles in which a pass waits for the psums of the one before.
fn turnarounds(plan: &Plan) -> usize {
    match plan.chunk {
        1 => plan.passes() * (TURNAROUND + 6 * plan.mapping.stack()),
        _ => 0,
    }
}

/// Tiles that are loaded.
fn tile_uses(plan: &Plan) -> usize {
    let heights = if plan.mapping.tile_rows == TileRows::Segment { plan.height_segments } else { 1 };
    let widths = if plan.mapping.tile_cols == TileCols::Segment { plan.width_segments } else { 1 };
    let tiles = plan.channel_groups * heights * widths;
    // A single tile stays for all chunks.
    let chunks = if tiles == 1 { 1 } else { plan.filter_groups.div_ceil(plan.chunk) };
    tiles * chunks * plan.group_turns * plan.strips * plan.image_groups * plan.column_segments
}

/// Ifmap words that are loaded, about: channels and images that do not exist are not counted.
fn load_words(plan: &Plan) -> usize {
    let turns = plan.group_turns * plan.channel_groups;
    let channels = plan.shape.c as f64 / turns as f64;
    let images = plan.shape.n as f64 / plan.image_groups as f64;
    let tile = channels * images * (plan.tile.rows * plan.tile.width) as f64;
    (tile_uses(plan) as f64 * tile) as usize
}
