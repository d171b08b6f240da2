//! What is different where the array holds words of the ifmap (`hw::is`).

use super::super::schedule::Place;
use super::super::window::TileWindow;
use super::super::Cut;
use super::blocks::image_groups;
use super::counts::pairs;
use super::schedule::{Section, Step, TilePlace};
use super::{MatrixMapping, MatrixPlan};
use crate::shape::ConvShape;
use hw::matrix::command::pass;
use hw::{Arch, Dataflow};
use std::ops::Range;

/// What of the ifmap a pass holds, row by row and column by column, and what its steps begin with; fields of `PASS` as in `hw::matrix::command`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// Column of the tile in which the first column's k begins, and row of it in which the array's first row does.
    pub x: i64,
    pub y: i64,
    /// Rows of the tile.
    pub rows: usize,
    pub columns: usize,
    pub phase: usize,
    pub base: usize,
    pub window: usize,
    pub first_row: usize,
    pub blocks: usize,
    /// Rows that a tap reaches.
    pub reached: usize,
    /// Pairs of a column and a tap that it has in a row, each of which takes a step.
    pub pairs: usize,
}

impl Held {
    /// That of a pass which nothing of the ifmap meets: a column of no rows.
    const NONE: Held = Held {
        x: 0,
        y: 0,
        rows: 0,
        columns: 1,
        phase: 0,
        base: 0,
        window: 0,
        first_row: 0,
        blocks: 1,
        reached: 0,
        pairs: 1,
    };

    /// Steps of a pass for an image of a channel, each of which takes a cycle.
    pub fn steps(&self, r: usize) -> u64 {
        (self.blocks * self.pairs * r) as u64
    }

    /// Words of a channel of an image that are held.
    pub fn words(&self) -> u64 {
        if self.rows == 0 {
            return 0;
        }
        (self.reached * self.columns) as u64
    }
}

/// Of the numbers in 0..end those whose remainder by `stride` is one of the first `taps`.
fn reached(end: usize, stride: usize, taps: usize) -> usize {
    let each = stride.min(taps);
    end / stride * each + (end % stride).min(each)
}

impl MatrixPlan {
    /// Whether PEs hold words of the ifmap.
    pub(super) fn is_of_inputs(&self) -> bool {
        self.arch.dataflow == Dataflow::Is
    }

    /// Filter columns of the passes on a tile: all, if the weights of a channel and of the next one fit into the weight buffer, otherwise as many as do, or as fit at all.
    pub(super) fn filter_columns(&self) -> Vec<Range<usize>> {
        let s = self.shape.s;
        if !self.is_of_inputs() {
            return std::iter::once(0..s).collect();
        }
        let taps = (self.arch.weight_steps() / 2).min(pass::TAPS.mask() as usize);
        let size = Cut::Even.sizes(s, (taps / self.pass_rows).max(1))[0];
        (0..s).step_by(size).map(|first| first..s.min(first + size)).collect()
    }

    /// What a pass holds.
    pub(super) fn held(&self, section: &Section, at: TilePlace, step: &Step, window: Option<&TileWindow>) -> Held {
        let held = window.and_then(|window| self.held_of(section, at, &step.columns, window));
        held.unwrap_or(Held::NONE)
    }

    /// What a pass on these filter columns holds of a tile, if anything.
    fn held_of(
        &self,
        section: &Section,
        at: TilePlace,
        filter_cols: &Range<usize>,
        window: &TileWindow,
    ) -> Option<Held> {
        let (shape, windows, taps) = (&self.shape, section.windows, filter_cols.len());
        let (row, col) = self.origin(at);
        // Columns are counted from the first window's first tap on, of which those before the ifmap and behind it are padding.
        let col = col + filter_cols.start as i64;
        let v = shape.stride_w;
        let span = (windows - 1) * v + taps;
        let end = (shape.w as i64 - col).clamp(0, span as i64) as usize;
        let first = (-col).max(0) as usize;
        let first = if first % v < taps { first } else { first.next_multiple_of(v) };
        if first >= end {
            return None;
        }
        let window_at = (first / v).min(windows - 1);
        let above = (window.rows.start as i64 - row) as usize;
        let (first_row, phase_h) = (above / shape.stride_h, above % shape.stride_h);
        let last_group = (above + window.rows.len() - 1) / shape.stride_h;
        let rows_to = |end: usize| reached(end, shape.stride_h, self.pass_rows);
        Some(Held {
            x: col + (first - first % v) as i64 - window.cols.start as i64,
            y: -(phase_h as i64),
            rows: window.rows.len(),
            columns: reached(end, v, taps) - reached(first, v, taps),
            phase: first % v,
            base: first - first % v - window_at * v,
            window: window_at,
            first_row,
            blocks: (last_group - first_row) / self.arch.rows + 1,
            reached: rows_to(above + window.rows.len()) - rows_to(above),
            pairs: pairs(taps, windows, v, col, shape.w) as usize,
        })
    }

    /// What each pass on a channel tile holds, and for how many filter columns it does.
    pub(super) fn held_in_place(&self, section: &Section, place: Place) -> Vec<(usize, Held)> {
        let mut passes = Vec::new();
        for filter_row in (0..self.shape.r).step_by(self.pass_rows) {
            let at = TilePlace { place, filter_row };
            let window = self.place_window(section, at);
            passes.extend(self.filter_columns().into_iter().map(|cols| {
                let of = window.as_ref().and_then(|window| self.held_of(section, at, &cols, window));
                (cols.len(), of.unwrap_or(Held::NONE))
            }));
        }
        passes
    }

    /// Of a place, with all channels, groups and filter groups: words that are held, and steps.
    pub(super) fn place_words_and_steps(&self, section: &Section, place: Place) -> (u64, u64) {
        let times = (self.shape.c * self.filter_groups * section.images) as u64;
        let held = self.held_in_place(section, place);
        let words: u64 = held.iter().map(|(_, held)| held.words()).sum();
        let steps: u64 = held.iter().map(|(_, held)| held.steps(self.pass_rows)).sum();
        (times * words, times * steps)
    }

    /// Of all places.
    pub(super) fn words_and_steps(&self) -> (u64, u64) {
        let mut sums = (0, 0);
        for section in self.sections() {
            for &place in &section.places {
                let (words, steps) = self.place_words_and_steps(&section, place);
                sums = (sums.0 + words, sums.1 + steps);
            }
        }
        sums
    }
}

/// Places that an ofmap tile takes in each bank.
pub(super) fn bank_places(mapping: &MatrixMapping, arch: &Arch) -> usize {
    mapping.n * mapping.e.div_ceil(arch.rows) * mapping.windows
}

/// Groups of ifmap rows of a tile for so many filter and ofmap rows, from the group of its first row on, at the most.
pub(super) fn held_groups(shape: &ConvShape, filter_rows: usize, lines: usize) -> usize {
    let rows = ((lines - 1) * shape.stride_h + filter_rows).min(shape.h);
    image_groups(shape, filter_rows, lines).min((shape.stride_h - 1 + rows).div_ceil(shape.stride_h))
}
