//! What is different where all PEs work on one plane of the ofmap, adjacent rows and columns of it (`hw::os`): a position is a *group* of adjacent windows, a column
//! of PEs each, of the rows of a block.

use super::super::command::Command;
use super::super::tally::pieces;
use super::super::window::TileWindow;
use super::super::Counts;
use super::counts::pairs;
use super::schedule::{Section, Step, TilePlace};
use super::{MatrixMapping, MatrixPlan};
use crate::shape::ConvShape;
use hw::arch::FILTER_BUS_WORDS;
use hw::matrix::command::layer;
use hw::Arch;
use std::ops::Range;

/// Windows of a row that the array works on one after the other: all, or, where all PEs work on one plane, groups of as many as there are columns.
pub(super) fn window_turns(arch: &Arch, windows: usize) -> usize {
    if arch.is_of_planes() {
        windows.div_ceil(arch.cols)
    } else {
        windows
    }
}

/// The phases of a filter's columns: the first column of each, and its taps, which are `stride_w` apart.
fn phases(shape: &ConvShape) -> impl Iterator<Item = (usize, usize)> + '_ {
    (0..shape.s.min(shape.stride_w)).map(|first| (first, (shape.s - first).div_ceil(shape.stride_w)))
}

/// Words of a row that a row of PEs passes up for the next filter rows of a phase, beside those that it begins with.
pub(super) fn tails(shape: &ConvShape) -> usize {
    shape.stride_h * (shape.s.div_ceil(shape.stride_w) - 1)
}

/// Steps for which a weight buffer must have weights, so that it has so many of a filter's channel: they can begin within a line of those of the channel before.
pub(super) fn channel_places(words: usize) -> usize {
    let before = match words % FILTER_BUS_WORDS {
        0 => 0,
        2 => 2,
        _ => FILTER_BUS_WORDS - 1,
    };
    (before + words).next_multiple_of(FILTER_BUS_WORDS)
}

/// Columns of the ifmap from the first window's first tap to behind what the last column of PEs reaches in the last group, with or without a window.
pub(super) fn reached_cols(mapping: &MatrixMapping, shape: &ConvShape, arch: &Arch) -> usize {
    window_turns(arch, mapping.windows) * arch.cols * shape.stride_w + shape.s
}

impl MatrixMapping {
    /// Psums of a tile that a column's accumulator holds for each filter of the column.
    pub(super) fn column_psums(&self, arch: &Arch) -> usize {
        self.n * self.e * window_turns(arch, self.windows)
    }
}

impl MatrixPlan {
    /// Whether all PEs work on one plane of the ofmap.
    pub(super) fn is_of_planes(&self) -> bool {
        self.arch.is_of_planes()
    }

    /// Lines of weights of a pass on so many channels and filter columns.
    pub(super) fn pass_lines(&self, channels: usize, columns: usize) -> usize {
        let weights = channels * self.pass_rows * columns;
        match self.is_of_planes() {
            true => weights.div_ceil(FILTER_BUS_WORDS),
            false => weights * self.row_lines(),
        }
    }

    /// Cycles in which a channel's heads are read and no step is sent, in each position.
    pub(super) fn fetches(&self) -> usize {
        match self.is_of_planes() {
            true => self.pass_rows * phases(&self.shape).count() * self.fetches_m1(),
            false => 0,
        }
    }

    /// Reads that give all columns a word, less one.
    fn fetches_m1(&self) -> usize {
        self.arch.cols.div_ceil(self.arch.gathered(self.shape.stride_w)) - 1
    }

    /// The taps of a filter's channel in these rows, in the order of steps: phases of its columns, rows, columns of the phase.
    pub(super) fn taps_of_planes(&self, rows: Range<usize>) -> Vec<usize> {
        let shape = &self.shape;
        let mut taps = Vec::with_capacity(rows.len() * shape.s);
        for (first, count) in phases(shape) {
            for r in rows.clone() {
                taps.extend((0..count).map(|tap| r * shape.s + first + tap * shape.stride_w));
            }
        }
        taps
    }

    /// With the fields of a section's `LAYER` that such arrays alone have.
    pub(super) fn with_planes(&self, command: Command, section: &Section) -> Command {
        let (shape, cols) = (&self.shape, self.arch.cols);
        let last_cols = section.windows - (window_turns(&self.arch, section.windows) - 1) * cols;
        let fetch_step = shape.stride_w * self.arch.gathered(shape.stride_w);
        let tails = if self.pass_rows > shape.stride_h { tails(shape) } else { 0 };
        command
            .with("the step of a group of windows", layer::WINDOW_STEP, shape.stride_w * cols)
            .with("the windows of a row's last group", layer::LAST_COLS, last_cols)
            .with("the step of a port's reads", layer::FETCH_STEP, fetch_step)
            .with("the reads of a port", layer::FETCHES_M1, self.fetches_m1())
            .with("the words that a row of PEs passes up", layer::TAILS, tails)
            .with_column_phases(shape)
    }

    /// Words of a row of a tile that a row of PEs reads in each filter row, if `first` is the tile's column that the first window's first tap meets and the tile
    /// has so many columns: a head for each column of PEs, whether it has a window or not, and the tails.
    fn row_reads(&self, windows: usize, first: i64, tile_width: usize) -> u64 {
        let (cols, v) = (self.arch.cols, self.shape.stride_w);
        let of_phase = |group: usize, (phase, taps): (usize, usize)| {
            // From tap to tap a row has one more word.
            let x = first + (group * cols * v + phase) as i64;
            pairs(1, cols + taps - 1, v, x, tile_width)
        };
        let groups = 0..window_turns(&self.arch, windows);
        groups.flat_map(|group| phases(&self.shape).map(move |phase| of_phase(group, phase))).sum()
    }

    /// Words that rows of PEs take in all filter rows of a channel in a pass for each of so many ofmap rows, padding among them: heads where there are windows, and tails.
    fn row_words(&self, windows: usize) -> u64 {
        let shape = &self.shape;
        let heads = phases(shape).count();
        (self.pass_rows * (heads * windows + (shape.s - heads) * window_turns(&self.arch, windows))) as u64
    }

    /// Adds the words and MACs of a pass.
    pub(super) fn count_planes(
        &self,
        counts: &mut Counts,
        section: &Section,
        at: TilePlace,
        step: &Step,
        window: Option<&TileWindow>,
    ) {
        let channels = self.channels(step).len();
        let planes = (channels * section.images) as u64;
        counts.macs += (channels * step.rows.len() * self.shape.s * section.positions()) as u64;
        counts.ifmap_bus_words += planes * section.lines as u64 * self.row_words(section.windows);
        if let Some(window) = window {
            let (row, col) = self.origin(at);
            let rows = self.block_reads(section.lines, row, &window.rows);
            let first = col - window.cols.start as i64;
            counts.ifmap_reads += planes * rows * self.row_reads(section.windows, first, section.tile_width);
        }
    }

    /// Words that each channel of an image has rows of PEs take in all passes and read, for each ofmap row, and for each row that is read, of all column segments.
    pub(super) fn segment_words(&self) -> (u64, u64) {
        let (shape, size) = (&self.shape, self.mapping.windows);
        let words: u64 = pieces(shape.f(), size).map(|(windows, count)| count as u64 * self.row_words(windows)).sum();
        let reads = (0..self.column_segments).map(|segment| {
            let windows = size.min(shape.f() - segment * size);
            let (col, width) =
                ((segment * size * shape.stride_w) as i64 - shape.pad_w as i64, self.segment_width(segment));
            let first = col.clamp(0, (shape.w - width) as i64);
            if width == 0 {
                0
            } else {
                self.row_reads(windows, col - first, width)
            }
        });
        (words * self.height_segments() as u64, reads.sum())
    }
}
