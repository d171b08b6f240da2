//! Passes: what each waits for, and when it is done.

use super::unit::QUEUE;
use super::{overheads, Timeline};
use crate::mapper::emit::PassPlaces;
use crate::mapper::schedule::Step;

/// Passes whose times are remembered: a pass waits for one at most this many before it.
const REMEMBERED: usize = 256;

/// Times of a pass in its units.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pass {
    pub ifmap_start: u64,
    ifmap_end: u64,
    pub feed_start: u64,
    feed_end: u64,
    /// The start of the last window, and the end of the last tap, in the last PE of a stack.
    last_window: u64,
    end: u64,
    /// The end of its filters' way out of staging.
    filters_out: u64,
    pub collect_start: u64,
    pub collected: u64,
}

impl Timeline<'_> {
    fn before(&self, distance: usize) -> Option<&Pass> {
        self.passes.len().checked_sub(distance).map(|index| &self.passes[index])
    }

    /// A pass: its walkers, its PEs, its collection.
    pub(super) fn run_pass(&mut self, step: &Step, at: &PassPlaces) {
        let pace = self.pace;
        let queued = self.before(QUEUE).map_or(0, |pass| pass.ifmap_start.max(pass.feed_start).max(pass.collect_start));
        let dispatched = self.command(queued) + 1;
        let last = self.passes.back().copied().unwrap_or_default();

        let mut ifmap_start = dispatched.max(last.ifmap_end + overheads::BETWEEN);
        if at.wait_loaded {
            ifmap_start = ifmap_start.max(self.loaded.pop_front().unwrap_or(0) + 1);
        }
        let mut feed_start = dispatched.max(last.feed_end + overheads::BETWEEN);
        if !step.first {
            let awaited = self.before(step.distance).map_or(0, |pass| pass.collected);
            feed_start = feed_start.max(awaited + 1);
        }
        let mut collect_start = dispatched.max(last.collected + overheads::BETWEEN);
        if at.wait_psum_free {
            while self.psum_freed.is_empty() && self.resolve_store() {}
            collect_start = collect_start.max(self.psum_freed.pop_front().unwrap_or(0) + 1);
        }

        let staged = self.stage();
        let late = if pace.filter_late > 0 { last.last_window + pace.filter_late } else { 0 };
        let filters_out = (staged + 1).max(last.filters_out + pace.filter).max(late);
        self.filters.go(filters_out.saturating_sub(pace.filter), filters_out);

        // The end of the first window in the last PE of a stack
        let after_last = last.end + pace.row_gap + pace.window;
        let after_ifmap = ifmap_start + overheads::IFMAP_LATENCY + pace.first + pace.window + pace.skew;
        let after_psums = feed_start + overheads::PSUM_LATENCY + pace.skew + pace.window;
        let after_filters = filters_out + overheads::FILTER_LATENCY + pace.skew.min(pace.window);
        let first = after_last
            .max(after_ifmap.saturating_sub(self.plan.mapping.taps() as u64))
            .max(after_psums)
            .max(after_filters);
        let rest = pace.macs - pace.window - pace.row_gap;
        let end = (first + rest)
            .max(ifmap_start + overheads::IFMAP_LATENCY + pace.ifmap + pace.window.min(pace.macs))
            .max(collect_start + pace.psum.max(pace.macs.saturating_sub(pace.window)))
            .max(feed_start + overheads::PSUM_LATENCY + pace.psum);
        let collected = (end + overheads::COLLECT).max(collect_start + pace.psum + overheads::COLLECT);
        let pass = Pass {
            ifmap_start,
            ifmap_end: (ifmap_start + pace.ifmap).max(end.saturating_sub(2 * pace.window + pace.skew)),
            feed_start,
            feed_end: (feed_start + pace.psum).max(end.saturating_sub(2 * pace.window + pace.skew)),
            last_window: end.saturating_sub(pace.window),
            end,
            filters_out,
            collect_start,
            collected,
        };
        if !step.first {
            self.port.carry(feed_start + overheads::PSUM_LATENCY, pace.port);
        }
        if at.post_free {
            self.freed.push_back(pass.ifmap_end + overheads::IFMAP_LATENCY);
        }
        if step.last {
            self.finished.push_back(collected + 1);
        }
        self.passes.push_back(pass);
        if self.passes.len() > REMEMBERED {
            self.passes.pop_front();
        }
    }
}
