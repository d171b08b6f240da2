//! What the hardware's counters show for a pass, known without running it.

use super::super::schedule::Place;
use super::super::window::TileWindow;
use super::super::Counts;
use super::schedule::{Section, Step};
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
        place: Place,
        step: &Step,
        window: Option<&TileWindow>,
    ) {
        let shape = &self.shape;
        let weights = self.channels(step).len() * shape.r * shape.s;
        let words = (weights * section.positions()) as u64;
        counts.passes += 1;
        counts.macs += words * self.arch.cols as u64;
        counts.ifmap_bus_words += words;
        counts.filter_bus_lines += (weights * self.row_lines()) as u64;
        if step.last {
            counts.psum_writes += (self.mapping.m * section.positions()) as u64;
        }
        if let Some(window) = window {
            let (row, col) = self.origin(place);
            let rows = match self.is_of_rows() {
                true => self.block_reads(section.lines, row, &window.rows),
                false => pairs(shape.r, section.lines, shape.stride_h, row, shape.h),
            };
            let cols = pairs(shape.s, section.windows, shape.stride_w, col, shape.w);
            counts.ifmap_reads += (self.channels(step).len() * section.images) as u64 * rows * cols;
        }
    }
}
