//! Filters from memory to staging, and from there to the PEs.

use super::{overheads, Timeline};
use std::collections::VecDeque;

/// Lines of filters that the loader holds beside staging.
const LOADER_LINES: u64 = 128;

/// The queue of filter lines between memory and the array: those of the loader and of staging.
pub(super) struct Filters {
    capacity: u64,
    /// When each FILTER command that is not done was dispatched.
    pub commands: VecDeque<u64>,
    /// Passes of the oldest of them that have their filters.
    step: usize,
    /// Lines that have been asked for.
    taken: u64,
    /// When the last of them is staged.
    staged: u64,
    /// For passes whose lines have gone to the array, or will: lines up to the pass's end, the start and the end of their way out.
    gone: VecDeque<(u64, u64, u64)>,
}

impl Filters {
    /// An empty queue before staging of `staging_lines` lines.
    pub fn new(staging_lines: usize) -> Filters {
        Filters {
            capacity: staging_lines as u64 + LOADER_LINES,
            commands: VecDeque::new(),
            step: 0,
            taken: 0,
            staged: 0,
            gone: VecDeque::new(),
        }
    }

    /// The lines of the pass that was staged last go out.
    pub fn go(&mut self, start: u64, end: u64) {
        self.gone.push_back((self.taken, start, end));
    }

    /// When line number `line` has gone.
    fn left(&mut self, line: u64) -> u64 {
        while self.gone.len() > 1 && self.gone[0].0 < line {
            self.gone.pop_front();
        }
        match self.gone.front() {
            Some(&(last, start, end)) if line > 0 => end.saturating_sub(last.saturating_sub(line)).max(start),
            _ => 0,
        }
    }
}

impl Timeline<'_> {
    /// When the filters of the next pass are staged, and so can go to the array.
    pub(super) fn stage(&mut self) -> u64 {
        let lines = self.pace.filter;
        let bytes = lines * self.plan.filter_line_bytes() as u64;
        let beats = bytes.div_ceil(self.plan.arch.link_bytes() as u64);
        let (first, last) = (self.filters.taken + 1, self.filters.taken + lines);
        let capacity = self.filters.capacity;
        let room_first = self.filters.left(first.saturating_sub(capacity));
        let asked = room_first.max(*self.filters.commands.front().unwrap_or(&0));
        let from = (asked + self.latency + overheads::READ).max(self.filters.staged);
        let carried = self.reads.carry(from, beats);
        let room_last = self.filters.left(last.saturating_sub(capacity));
        self.filters.staged = carried.max(room_last + 1);
        self.filters.taken = last;
        self.filters.step += 1;
        if self.filters.step == self.plan.strip_passes() {
            self.filters.step = 0;
            self.filters.commands.pop_front();
        }
        self.filters.staged
    }
}
