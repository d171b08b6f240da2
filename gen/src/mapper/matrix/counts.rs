//! What the hardware's counters show for a pass, known without running it.

use super::super::window::TileWindow;
use super::super::Counts;
use super::engines::Side;
use super::schedule::{Section, Step, TilePlace};
use super::MatrixPlan;

/// Pairs of a tap and one of `outputs` positions whose element, `stride · position + tap + origin`, lies in `0..length`.
pub(super) fn pairs(taps: usize, outputs: usize, stride: usize, origin: i64, length: usize) -> u64 {
    let of_output = |output: usize| {
        let first = origin + (output * stride) as i64;
        ((first + taps as i64).min(length as i64) - first.max(0)).max(0) as u64
    };
    (0..outputs).map(of_output).sum()
}

impl MatrixPlan {
    /// Adds a pass: each valid activation is a MAC in every column; padding is sent, but not read from the buffer.
    pub(super) fn count_pass(
        &self,
        counts: &mut Counts,
        section: &Section,
        at: TilePlace,
        step: &Step,
        window: Option<&TileWindow>,
    ) {
        let shape = &self.shape;
        let weights = self.channels(step).len() * step.rows.len() * step.columns.len();
        let words = (weights * section.positions()) as u64;
        counts.passes += 1;
        if self.is_of_inputs() {
            return self.count_held(counts, section, at, step, window);
        }
        counts.filter_bus_lines += self.pass_lines(self.channels(step).len(), step.columns.len()) as u64;
        if step.last {
            counts.psum_writes += (self.filter_rows() * self.row_filters() * section.positions()) as u64;
        }
        if self.is_of_planes() {
            return self.count_planes(counts, section, at, step, window);
        }
        counts.macs += words * (self.filter_rows() * self.arch.cols) as u64;
        if !self.is_of_engines() {
            counts.ifmap_bus_words += words;
        }
        if self.is_of_engines() {
            return self.count_pixels(counts, section, at, step);
        }
        if let Some(window) = window {
            let (row, col) = self.origin(at);
            let rows = match self.is_of_rows() {
                true => self.block_reads(section.lines, row, &window.rows),
                false => pairs(step.rows.len(), section.lines, shape.stride_h, row, shape.h),
            };
            let cols = pairs(shape.s, section.windows, shape.stride_w, col, shape.w);
            counts.ifmap_reads += (self.channels(step).len() * section.images) as u64 * rows * cols;
        }
    }

    /// Adds the pixels of a pass of convolution engines, in place of a word for each activation.
    fn count_pixels(&self, counts: &mut Counts, section: &Section, at: TilePlace, step: &Step) {
        let (shape, arch) = (&self.shape, &self.arch);
        let (rows, cols) = (Side::rows(shape, arch), Side::cols(shape, arch));
        let planes = (self.channels(step).len() * section.images) as u64;
        let (row, col) = self.origin(at);
        counts.ifmap_bus_words += planes * rows.all_pixels(section.lines) * cols.all_pixels(section.windows);
        counts.ifmap_reads += planes
            * rows.pixels_inside(section.lines, row, shape.h)
            * cols.pixels_inside(section.windows, col, shape.w);
    }

    /// Adds what a pass of an input-stationary array does: each word is read once, and is a MAC in every column for each tap that it has.
    fn count_held(
        &self,
        counts: &mut Counts,
        section: &Section,
        at: TilePlace,
        step: &Step,
        window: Option<&TileWindow>,
    ) {
        let shape = &self.shape;
        let (channels, taps) = (self.channels(step).len(), step.columns.len());
        let (row, col) = self.origin(at);
        let rows = pairs(step.rows.len(), section.lines, shape.stride_h, row, shape.h);
        let cols = pairs(taps, section.windows, shape.stride_w, col + step.columns.start as i64, shape.w);
        let planes = (channels * section.images) as u64;
        let words = planes * self.held(section, at, step, window).words();
        counts.macs += planes * rows * cols * self.arch.cols as u64;
        counts.ifmap_bus_words += words;
        counts.ifmap_reads += words;
        counts.filter_bus_lines += (channels * step.rows.len() * taps * self.row_lines()) as u64;
        if step.last {
            counts.psum_writes += (self.mapping.m * section.positions()) as u64;
        }
    }
}
