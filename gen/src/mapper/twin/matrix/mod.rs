//! The core of arrays that multiply by a matrix (`hw::matrix`). Nothing stalls inside an array, so what follows from a position is a post some cycles later.

mod drain;
mod walker;
mod weights;

use super::commands::Words;
use super::core::{Core, Posts};
use super::parts::Buffer;
use drain::Drain;
use hw::arch::FILTER_BUS_WORDS;
use hw::matrix::command::{layer, pass};
use hw::matrix::{ArrayTiming, QUEUED_PASSES};
use hw::program::{flag, Field, FLAGS};
use hw::{Arch, Dataflow};
use std::collections::VecDeque;
use walker::{Pass, Walker};
use weights::{Loader, Room};

/// From the first position of a weight tile in the walker to the swap of weights, where they lie in slots (`hw::nlr`).
const SWAP_DELAY: u64 = 3;

/// Layer constants.
#[derive(Clone, Copy, Default)]
struct Layer {
    /// Filter rows and columns, in one.
    taps: u64,
    /// Positions of a weight tile.
    positions: u64,
    /// Lines of weights of a row of the array.
    row_lines: u64,
    /// Psums of a lane that are drained.
    drained: u64,
}

/// Something that happens in the cycles of a list, a fixed time after its cause.
#[derive(Default)]
struct Later(VecDeque<u64>);

impl Later {
    fn at(&mut self, cycle: u64) {
        self.0.push_back(cycle);
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn happens(&mut self, now: u64) -> bool {
        let now = self.0.front() == Some(&now);
        if now {
            self.0.pop_front();
        }
        now
    }
}

pub(super) struct MatrixCore {
    rows: u64,
    lane_cols: u64,
    /// Lines that the filter staging holds.
    staging_lines: usize,
    layer: Layer,
    staging: Buffer,
    loader: Loader,
    room: Room,
    walker: Walker,
    drain: Drain,
    /// From the last position of a pass in the walker to `ifmap_free`, and to its last psum's write.
    free_delay: u64,
    end_delay: u64,
    flight: u64,
    frees: Later,
    ends: Later,
    swaps: Later,
    /// Cycles until what was sent last has been accumulated.
    in_flight: u64,
}

impl MatrixCore {
    pub fn new(arch: &Arch) -> MatrixCore {
        let timing = ArrayTiming::of(arch);
        // From the walker to the array's `control_out`, of which `hw::ws` and `hw::nlr` tell.
        let (control, columns) = match arch.dataflow {
            Dataflow::Nlr => (1, 0),
            _ => (arch.rows, arch.cols - 1),
        };
        MatrixCore {
            rows: arch.rows as u64,
            lane_cols: arch.lane_cols() as u64,
            staging_lines: arch.staging_lines,
            layer: Layer::default(),
            staging: Buffer::default(),
            loader: Loader::new(QUEUED_PASSES),
            room: Room::new(arch),
            walker: Walker::new(QUEUED_PASSES),
            drain: Drain::new(),
            free_delay: control as u64 + 1,
            // The psum is added in the cycle in which it comes, and written in the next.
            end_delay: (control + timing.meets + columns + 1) as u64,
            flight: timing.flight as u64,
            frees: Later::default(),
            ends: Later::default(),
            swaps: Later::default(),
            in_flight: 0,
        }
    }
}

impl Core for MatrixCore {
    fn is_idle(&self) -> bool {
        self.walker.is_idle() && self.loader.is_idle() && self.drain.is_idle() && self.in_flight == 0
    }

    fn has_room(&self) -> bool {
        self.walker.queue.has_room() && self.loader.queue.has_room()
    }

    fn takes_line(&self) -> bool {
        self.staging.count() < self.staging_lines
    }

    /// Psums are accumulated in the core.
    fn port_reads(&self) -> [bool; 4] {
        [false; 4]
    }

    fn post_loaded(&mut self) {
        self.walker.loaded.post();
    }

    fn post_psum_free(&mut self) {
        self.drain.free.post();
    }

    fn layer(&mut self, command: &Words) {
        let filters = layer::FILTERS.get(command);
        let count = |field: Field| field.get(command) + 1;
        self.layer = Layer {
            taps: count(layer::FILTER_ROWS_M1) * count(layer::FILTER_COLS_M1),
            positions: count(layer::WINDOWS_M1) * count(layer::ROWS_M1) * count(layer::IMAGES_M1),
            row_lines: filters.div_ceil(FILTER_BUS_WORDS as u64),
            drained: filters.min(self.lane_cols) * layer::PSUM_FILTER_STRIDE.get(command),
        };
        self.staging = Buffer::default();
    }

    fn entry(&mut self, _target: u64, _index: usize, _word: u64) {}

    fn pass(&mut self, command: &Words) {
        let has = |flag: u64| FLAGS.get(command) & flag != 0;
        let channels = pass::C_VALID.get(command);
        self.loader.queue.put(channels);
        self.walker.queue.put(Pass {
            tiles: channels.div_ceil(self.rows) * self.layer.taps,
            wait_loaded: has(flag::PASS_WAIT_LOADED),
            post_free: has(flag::PASS_POST_FREE),
            first: has(flag::PASS_FIRST),
            wait_psum_free: has(flag::PASS_WAIT_PSUM_FREE),
            post_psum_done: has(flag::PASS_POST_PSUM_DONE),
        });
    }

    fn step(&mut self, now: u64, line: bool) -> Posts {
        // What registers say, and what follows from the positions of earlier cycles
        let (full, drained) = (self.room.full(), self.drain.ends_half());
        let ready = self.loader.is_ready(self.room.room());
        let taken = ready && self.staging.is_valid();
        let sent = self.walker.sent();
        self.in_flight = if sent.is_some() { self.flight } else { self.in_flight.saturating_sub(1) };
        let sent = sent.unwrap_or_default();
        if sent.frees {
            self.frees.at(now + self.free_delay);
        }
        if sent.ends {
            self.ends.at(now + self.end_delay);
        }

        let turn = self.walker.step(full, drained, self.layer.positions);
        if turn.launches {
            self.swaps.at(now + 1 + SWAP_DELAY);
        }
        if let Some(drain) = turn.drain {
            self.drain.queue.put(drain);
        }
        let line_end = self.loader.step(taken, self.rows, &self.layer);
        self.staging.step(line, ready);
        self.room.step(line_end, turn.launches, self.swaps.happens(now));
        let psum_done = self.drain.step(now, self.ends.happens(now), self.layer.drained);
        Posts { ifmap_free: self.frees.happens(now), psum_done, pass_done: sent.ends_pass }
    }
}
