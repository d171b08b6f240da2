//! What a mapping costs in cycles, from what each part of the accelerator has to carry: closed forms, which the search ranks mappings by.
//!
//! All parts work at the same time, so the busiest sets the pace; where one waits for another is added. [`super::twin`] is the exact model.

use super::link::Link;
use super::overheads::{COMMAND, END, START};
use super::pace::Pace;
use super::plan::Plan;
use super::predict::{self, EFFORT};
use super::tally::{loads, Loads};
use hw::program::COMMAND_BYTES;
use serde::Serialize;

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

impl Bound {
    /// Its name in a table.
    pub fn name(self) -> &'static str {
        match self {
            Bound::Macs => "MACs",
            Bound::Ifmap => "ifmap",
            Bound::Filter => "filter",
            Bound::Psum => "psum",
            Bound::Store => "store",
            Bound::Dram => "DRAM",
        }
    }
}

/// Cycles that a layer takes, and those of each part, were it alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
    /// Of these, those of reads.
    pub dram_reads: u64,
    /// PEs that work in a pass.
    pub active_pes: usize,
    /// PEs of the array.
    pub pes: usize,
}

impl Cost {
    /// Cycles of the busiest part: less no program of this plan takes.
    pub fn at_least(&self) -> u64 {
        self.parts().into_iter().map(|(_, cycles)| cycles).max().unwrap_or(0)
    }

    fn parts(&self) -> [(Bound, u64); 6] {
        [
            (Bound::Dram, self.dram),
            (Bound::Store, self.store),
            (Bound::Filter, self.filter),
            (Bound::Psum, self.psum),
            (Bound::Ifmap, self.ifmap),
            (Bound::Macs, self.macs),
        ]
    }
}

/// Passes over which a program's time is not worked out pass by pass.
pub(super) const LONG: usize = 300_000;

/// The time of a plan's program, with what each part takes of it; ofmap words have `ofmap_bytes` bytes in memory.
///
/// Exact to the cycle for programs of up to some 800,000 cycles on 168 PEs, on a memory without jitter; within a percent for longer ones.
pub fn estimate(plan: &Plan, link: &Link, ofmap_bytes: usize) -> Cost {
    let cost = cost(plan, link, ofmap_bytes);
    match plan.passes() > LONG {
        true => cost,
        false => Cost { cycles: predict::cycles(plan, link, ofmap_bytes, &cost, EFFORT), ..cost },
    }
}

/// Turns of a plan's loops, with the cycles of what happens in each.
struct Rhythm {
    /// Cycles of a pass, and of the array in all.
    pass: u64,
    array: u64,
    /// Cycles from a filter group's last pass until it is stored.
    store: u64,
    /// Cycles in which a tile is loaded.
    load: u64,
    loads: Loads,
}

/// The cost of a plan whose ofmap words have `word_bytes` bytes in DRAM.
pub(super) fn cost(plan: &Plan, link: &Link, word_bytes: usize) -> Cost {
    let (shape, mapping) = (&plan.shape, &plan.mapping);
    let rows = (plan.strips * plan.strip_passes()) as u64;
    let (mut array, mut macs, mut ifmap, mut psum) = (0, 0, 0, 0);
    for (windows, segments) in plan.column_pieces() {
        for (images, groups) in plan.image_pieces() {
            let pace = Pace::new(plan, images, windows);
            let passes = rows * (segments * groups) as u64;
            array += passes * pace.cycles();
            macs += passes * pace.window * pace.windows;
            ifmap += passes * pace.ifmap;
            psum += passes * pace.psum;
        }
    }
    let ofmap = (shape.n * shape.m * shape.e() * shape.f()) as u64;
    let loads = loads(plan);
    let per_beat = plan.arch.link_bytes() / plan.arch.word_bytes();
    // Runs begin anywhere in a beat.
    let load_beats = (loads.words + loads.runs * (per_beat as u64 - 1) / 2) / per_beat as u64;
    let places = (plan.strips * plan.image_groups * plan.column_segments) as u64;
    let link_bytes = plan.arch.link_bytes() as u64;
    let stores = places * (plan.group_turns * plan.filter_groups) as u64;
    let commands = plan.passes() as u64 + loads.commands + stores;
    let read_beats =
        load_beats + places * plan.filter_bytes() as u64 / link_bytes + commands * COMMAND_BYTES as u64 / link_bytes;
    let cut = if mapping.windows == shape.f() { plan.strips } else { plan.column_segments * shape.e() };
    let write_runs = (shape.n * shape.m * cut) as u64;
    let write_beats =
        (ofmap * word_bytes as u64 + write_runs * link_bytes.saturating_sub(word_bytes as u64)) / link_bytes;
    let dram = link.cycles_of_both(read_beats, write_beats);
    let pace = Pace::new(plan, mapping.n, mapping.windows);
    let elements = ofmap / stores;
    let rhythm = Rhythm {
        pass: pace.cycles(),
        array,
        store: elements.max(link.cycles_of(write_beats / stores)),
        load: link.cycles_of(load_beats / loads.tiles.max(1)),
        loads,
    };
    let mut cost = Cost {
        cycles: 0,
        bound: Bound::Macs,
        macs,
        ifmap,
        filter: plan.passes() as u64 * pace.filter,
        psum,
        store: ofmap,
        dram,
        dram_reads: link.cycles_of(read_beats),
        active_pes: plan.active_pes(),
        pes: plan.arch.pes(),
    };
    let least = cost.at_least();
    let (bound, _) = cost.parts().into_iter().max_by_key(|(_, cycles)| *cycles).unwrap_or((Bound::Macs, 0));
    cost.bound = bound;
    cost.cycles = least.max(array + stalls(plan, &pace, &rhythm)) + ends(plan, link, &pace, &rhythm);
    cost
}

/// Cycles at the beginning, when nothing is there, and at the end, when all but the last psums are away.
fn ends(plan: &Plan, link: &Link, pace: &Pace, rhythm: &Rhythm) -> u64 {
    let tables = (plan.arch.pes() + plan.streams() + 2 * plan.mapping.e * plan.mapping.t()) as u64;
    let tables = tables.max(link.cycles_of(tables * 8 / plan.arch.link_bytes() as u64));
    START + END + 4 * link.latency + 10 * COMMAND + tables + rhythm.load + pace.skew + rhythm.store
}

/// Cycles in which passes wait for loads, for psums, or for their places.
fn stalls(plan: &Plan, pace: &Pace, rhythm: &Rhythm) -> u64 {
    let Rhythm { pass, array, store, load, loads } = *rhythm;
    let tiles = loads.tiles.max(1);
    let load_waits = match plan.mapping.tiles {
        1 => tiles * load,
        _ => (tiles * load).saturating_sub(array),
    };
    let chunk = plan.chunk as u64;
    let turns = plan.turns() as u64;
    let places = (plan.strips * plan.image_groups * plan.column_segments * plan.group_turns) as u64;
    let chunks = places * plan.filter_groups.div_ceil(plan.chunk) as u64;
    // A pass on the psums of the one before it waits until they are collected.
    let turnaround = if chunk == 1 { pace.skew + 2 * pace.window.min(40) } else { 0 };
    let psum_waits = turnaround * chunks * (turns - 1);
    // The next chunk takes the places that are free, then waits for those of the one before.
    let free = (plan.psum.areas as u64).saturating_sub(chunk).min(chunk);
    let slow = store.saturating_sub(pass);
    let area_waits = match turns {
        1 if plan.psum.areas > 1 => slow,
        1 => store + pace.skew,
        _ => {
            let last = (pass + (chunk - free) * store.max(pass)).saturating_sub((2 * chunk - 1) * pass);
            let queue = chunk.saturating_sub(4) * slow;
            let of_place = if free < chunk { last } else { 0 };
            of_place.max(queue).max((chunk * store).saturating_sub(turns * chunk * pass))
        }
    };
    load_waits + psum_waits + chunks * area_waits
}
