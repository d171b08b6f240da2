//! The core of arrays that multiply by a matrix (`hw::matrix`). Nothing stalls inside an array, so what follows from a position is a post some cycles later.

mod array;
mod drain;
mod engines;
mod held;
mod passes;
mod steps;
mod tiles;
mod weights;

use super::commands::Words;
use super::core::{Core, Posts};
use super::parts::Buffer;
use array::Array;
use drain::Drain;
use hw::arch::FILTER_BUS_WORDS;
use hw::matrix::command::{layer, pass};
use hw::matrix::{ArrayTiming, QUEUED_PASSES};
use hw::program::{flag, Field, FLAGS};
use hw::{Arch, Dataflow};
use passes::{Pass, Passes};
use std::collections::VecDeque;
use weights::Loader;

/// Layer constants.
#[derive(Clone, Copy, Default)]
struct Layer {
    filter_rows: u64,
    /// Weight tiles of a channel group: filter rows and columns, in one.
    taps: u64,
    windows: u64,
    /// Ofmap rows of a tile, or blocks of them.
    row_turns: u64,
    /// Positions of a weight tile, or of a chunk.
    positions: u64,
    /// Lines of weights of a row of the array, or of a step.
    row_lines: u64,
    /// Psums of a lane that are drained.
    drained: u64,
    // Of output-stationary arrays
    /// Pairs of a channel and a filter column of a chunk, or channels; how many of them a channel has, and steps of each.
    chunk: u64,
    channel_parts: u64,
    part_steps: u64,
    // Of arrays of one plane
    /// Cycles before the first step of a run in which none is sent.
    fetches: u64,
    /// Taps of the first phases, and steps of these.
    phase_taps: u64,
    long_steps: u64,
    /// Ofmap rows of the last block, or rows of PEs that have filters.
    last_rows: u64,
    // Of input-stationary arrays
    images: u64,
    stride_w: u64,
}

/// Weight tiles of a channel group where a filter is cut into pieces: pixels and taps of each.
type Pieces = Vec<(u64, u64)>;

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
    /// Channels of a weight tile, at the most.
    tile_channels: u64,
    lane_cols: u64,
    /// Whether PEs hold words of the ifmap.
    holds_words: bool,
    /// Whether each PE has a filter.
    is_of_pixels: bool,
    /// Whether all PEs work on one plane.
    is_of_planes: bool,
    /// Lines that the filter staging holds.
    staging_lines: usize,
    layer: Layer,
    staging: Buffer,
    loader: Loader,
    passes: Passes,
    array: Array,
    drain: Drain,
    flight: u64,
    frees: Later,
    ends: Later,
    /// Cycles until what was sent last has been accumulated.
    in_flight: u64,
}

impl MatrixCore {
    pub fn new(arch: &Arch) -> MatrixCore {
        MatrixCore {
            tile_channels: arch.channels_at_a_time() as u64,
            lane_cols: arch.lane_cols() as u64,
            is_of_pixels: arch.is_of_pixels(),
            is_of_planes: arch.is_of_planes(),
            holds_words: arch.dataflow == Dataflow::Is,
            staging_lines: arch.staging_lines,
            layer: Layer::default(),
            staging: Buffer::default(),
            loader: Loader::new(QUEUED_PASSES),
            passes: Passes::new(QUEUED_PASSES),
            array: Array::new(arch),
            drain: Drain::new(),
            flight: ArrayTiming::of(arch).flight as u64,
            frees: Later::default(),
            ends: Later::default(),
            in_flight: 0,
        }
    }
}

impl Core for MatrixCore {
    fn is_idle(&self) -> bool {
        self.passes.queue.is_empty()
            && self.array.is_idle()
            && self.loader.is_idle()
            && self.drain.is_idle()
            && self.in_flight == 0
    }

    fn has_room(&self) -> bool {
        self.passes.queue.has_room() && self.loader.queue.has_room()
    }

    fn takes_line(&self) -> bool {
        self.staging.count() < self.staging_lines
    }

    /// Psums are accumulated in the core.
    fn port_reads(&self) -> [bool; 4] {
        [false; 4]
    }

    fn post_loaded(&mut self) {
        self.passes.loaded.post();
    }

    fn post_psum_free(&mut self) {
        self.drain.free.post();
    }

    fn layer(&mut self, command: &Words) {
        let filters = layer::FILTERS.get(command);
        let count = |field: Field| field.get(command) + 1;
        let (filter_rows, filter_cols) = (count(layer::FILTER_ROWS_M1), count(layer::FILTER_COLS_M1));
        let (windows, row_turns) = (count(layer::WINDOWS_M1), count(layer::ROWS_M1));
        let last_rows = layer::LAST_ROWS.get(command);
        let own_rows = if self.is_of_pixels { last_rows } else { 1 };
        let steps = filter_rows * filter_cols;
        // Where all PEs work on one plane, a line is a weight tile of its own.
        let (taps, channel_parts, part_steps) =
            if self.is_of_planes { (1, 1, steps) } else { (steps, filter_cols, filter_rows) };
        let phase_taps = layer::PHASE_TAPS_W.get(command);
        self.layer = Layer {
            filter_rows,
            taps,
            windows,
            row_turns,
            positions: windows * row_turns * count(layer::IMAGES_M1),
            row_lines: own_rows * filters.div_ceil(FILTER_BUS_WORDS as u64),
            drained: own_rows * filters.min(self.lane_cols) * layer::PSUM_FILTER_STRIDE.get(command),
            chunk: count(layer::CHUNK_M1),
            channel_parts,
            part_steps,
            fetches: if self.is_of_planes { layer::FETCHES_M1.get(command) } else { 0 },
            phase_taps,
            long_steps: filter_rows * layer::LONG_PHASES_W.get(command) * phase_taps,
            last_rows,
            images: count(layer::IMAGES_M1),
            stride_w: layer::STRIDE_W.get(command),
        };
        self.staging = Buffer::default();
        self.array.clear(&self.layer, command);
    }

    fn entry(&mut self, _target: u64, _index: usize, _word: u64) {}

    fn pass(&mut self, command: &Words) {
        let has = |flag: u64| FLAGS.get(command) & flag != 0;
        let channels = pass::C_VALID.get(command);
        let (taps, steps) = if self.holds_words { held::taps_and_steps(&self.layer, command) } else { (0, 0) };
        self.loader.queue.put(match (self.holds_words, self.is_of_planes) {
            (true, _) => pass::PAIRS.get(command),
            (_, true) => pass::WEIGHT_LINES.get(command),
            _ => channels,
        });
        self.passes.queue.put(Pass {
            channels,
            taps,
            steps,
            wait_loaded: has(flag::PASS_WAIT_LOADED),
            post_free: has(flag::PASS_POST_FREE),
            first: has(flag::PASS_FIRST),
            wait_psum_free: has(flag::PASS_WAIT_PSUM_FREE),
            post_psum_done: has(flag::PASS_POST_PSUM_DONE),
        });
    }

    fn step(&mut self, now: u64, line: bool) -> Posts {
        // What registers say, and what follows from the positions of earlier cycles
        let drained = self.drain.ends_half();
        let ready = self.loader.is_ready(self.array.room());
        let taken = ready && self.staging.is_valid();
        let sent = self.array.sent(&self.layer);
        self.in_flight = if sent.is_some() { self.flight } else { self.in_flight.saturating_sub(1) };
        let sent = sent.unwrap_or_default();
        if let Some(delay) = sent.frees {
            self.frees.at(now + delay);
        }
        if let Some(delay) = sent.ends {
            self.ends.at(now + delay);
        }

        let begins = self.passes.begins(self.array.holds());
        if let Some(drain) = self.passes.step(begins, drained) {
            self.drain.queue.put(drain);
        }
        let line_end = self.loader.step(taken, self.tile_channels, &self.layer);
        self.array.step(now, &self.layer, line_end, begins);
        self.staging.step(line, ready);
        let psum_done = self.drain.step(now, self.ends.happens(now), self.layer.drained);
        Posts { ifmap_free: self.frees.happens(now), psum_done, pass_done: sent.ends_pass }
    }
}
