//! Ifmap tiles from memory to the buffer.

use super::{overheads, Timeline};
use crate::mapper::window::TileWindow;
use hw::arch::LANES;

/// Beats of a burst, at the most.
const BURST: u64 = 64;

impl Timeline<'_> {
    /// A tile is loaded; with `wait`, once its slot is free.
    pub(super) fn load_tile(&mut self, window: &TileWindow, wait: bool) {
        let (shape, size) = (&self.plan.shape, self.plan.arch.word_bytes());
        let whole = self.plan.has_whole_rows(window);
        let channels = window.images.len() * window.channels.len();
        let (runs, run) = match whole {
            true => (channels, window.rows.len() * shape.w),
            false => (channels * window.rows.len(), window.cols.len()),
        };
        let per_beat = self.plan.arch.link_bytes() / size;
        // Unless rows are whole beats, a run begins anywhere in one.
        let aligned = shape.w.is_multiple_of(per_beat) && (whole || window.cols.start.is_multiple_of(per_beat));
        let touched = if aligned { runs * run.next_multiple_of(per_beat) } else { runs * (run + per_beat - 1) };
        let beats = (touched / per_beat) as u64;
        // A beat is written to the buffer in groups of a line's words.
        let groups = (touched / per_beat.min(LANES)) as u64;
        let commands = if whole { 1 } else { window.images.len() };
        let mut start = 0;
        for index in 0..commands {
            let dispatched = self.command(self.load.room());
            if index == 0 {
                start = (dispatched + 1).max(self.load.last_left());
                if wait {
                    start = start.max(self.freed.pop_front().unwrap_or(0) + 1);
                }
            }
            if index + 1 < commands {
                self.load.leave(start.max(dispatched));
            }
        }
        let bursts = runs as u64 * (run.div_ceil(per_beat) as u64).div_ceil(BURST);
        let spacing = (self.latency + overheads::READ).div_ceil(overheads::OUTSTANDING).max(overheads::REQUEST);
        let from = (start + self.latency + overheads::READ).max(self.load.end);
        let carried = self.reads.carry(from, beats);
        let end = carried.max(from + groups).max(from + bursts * spacing);
        let ahead = self.latency + overheads::OUTSTANDING * beats / bursts;
        self.load.leave((start + bursts * overheads::REQUEST).max(end.saturating_sub(ahead)));
        self.load.end = end;
        self.loaded.push_back(end + 2);
    }
}
