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
        let (pace, beat) = (self.pace, self.beat);
        let queued = self.before(QUEUE).map_or(0, |pass| pass.ifmap_start.max(pass.feed_start).max(pass.collect_start));
        let dispatched = self.command(queued) + 1;
        let last = self.passes.back().copied();
        let next = |end: fn(&Pass) -> u64| last.as_ref().map_or(0, end);

        let mut ifmap_start = dispatched.max(next(|last| last.ifmap_end + 1));
        if at.wait_loaded {
            ifmap_start = ifmap_start.max(self.loaded.pop_front().unwrap_or(0) + 1);
        }
        let mut feed_start = dispatched.max(next(|last| last.feed_end + 1));
        if !step.first {
            let awaited = self.before(step.distance).map_or(0, |pass| pass.collected);
            feed_start = feed_start.max(awaited + 1);
        }
        let mut collect_start = dispatched.max(next(|last| last.collected));
        if at.wait_psum_free {
            while self.psum_freed.is_empty() && self.resolve_store() {}
            collect_start = collect_start.max(self.psum_freed.pop_front().unwrap_or(0) + 1);
        }

        let staged = self.stage();
        let held_up = next(|last| last.collected).saturating_add_signed(-beat.after_filter);
        let filters_out = match last {
            Some(last) => (staged + 1).max(last.filters_out + pace.filter).max(held_up),
            None => staged + 1,
        };
        self.filters.go(filters_out.saturating_sub(pace.filter), filters_out);

        let collected = last
            .map_or(0, |last| last.collected + beat.interval)
            .max(ifmap_start + beat.ifmap)
            .max(feed_start + beat.feed)
            .max(filters_out + beat.filter)
            .max(collect_start + beat.collect);
        let pass = Pass {
            ifmap_start,
            ifmap_end: (ifmap_start + pace.ifmap).max(collected.saturating_sub(beat.after_ifmap)),
            feed_start,
            feed_end: (feed_start + pace.psum).max(collected.saturating_sub(beat.after_feed)),
            filters_out,
            collect_start,
            collected,
        };
        if !step.first {
            self.port.carry(feed_start + overheads::PSUM_LATENCY, pace.port);
        }
        if at.post_free {
            self.freed.push_back(pass.ifmap_end + overheads::RETURNED);
        }
        if step.last {
            self.finished.push_back(collected + 1);
        }
        self.passes.push_back(pass);
        self.passes_left -= 1;
        if self.collected.len() < self.shown {
            self.collected.push(collected);
        }
        if self.passes.len() > REMEMBERED {
            self.passes.pop_front();
        }
    }
}
