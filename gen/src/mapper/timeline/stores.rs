//! Finished psums from the buffer to memory.

use super::unit::QUEUE;
use super::{overheads, Timeline};
use crate::mapper::schedule::{Place, Section, Step};
use std::ops::Range;

/// Beats of a write burst at the most.
const WRITE_BEATS: usize = 16;
/// Beats that wait for the link while the buffer is read.
const HELD_BEATS: usize = 32;

/// Parts of the time of a port.
const PORT: u64 = 16;

/// A command of the store unit that has been dispatched and whose end is not known yet: passes behind it take the buffer's port first.
pub(super) struct Stored {
    /// When it could start, were it alone.
    ready: u64,
    /// When the last of its words could have left for memory.
    carried: u64,
    work: Work,
}

enum Work {
    /// `cycles`: those of its elements, `bursts`: of its writes.
    Store {
        cycles: u64,
        beats: u64,
        bursts: u64,
        post: bool,
    },
    Params {
        beats: u64,
    },
}

impl Timeline<'_> {
    /// The psums of a filter group are stored; with `post`, somebody waits for their place.
    pub(super) fn store_psums(&mut self, section: &Section, place: Place, step: &Step, post: bool) {
        let (plan, shape) = (self.plan, &self.plan.shape);
        let channels = plan.stored_channels(step);
        let valid = channels.len();
        self.params_for(channels);
        let lines = plan.strip_lines(place.strip);
        let (cuts, rows) = if section.windows == shape.f() { (1, lines) } else { (lines, 1) };
        let runs = (section.images * valid * cuts) as u64;
        let run = (rows * section.windows) as u64;
        let (in_flight, round) = overheads::RUNS;
        let cycles = (runs * run).max(runs * round / in_flight);
        // A run begins anywhere in a beat.
        let link = plan.arch.link_bytes();
        let touched = rows * section.windows * self.word_bytes + link.saturating_sub(self.word_bytes);
        let beats = runs * touched as u64 / link as u64;
        let bursts = runs * (touched as u64 / link as u64).div_ceil(WRITE_BEATS as u64).max(1);
        let dispatched = self.store_command();
        let ready = self.finished.pop_front().unwrap_or(0);
        self.dispatch_store(ready.max(dispatched) + 1, Work::Store { cycles, beats, bursts, post });
    }

    /// Dispatches a command to the store unit.
    fn store_command(&mut self) -> u64 {
        while self.stores.len() >= QUEUE && self.resolve_store() {}
        self.command(self.store.room())
    }

    /// Gives a command to the store unit, which could start it at `ready`, were it alone.
    fn dispatch_store(&mut self, ready: u64, work: Work) {
        let start = ready.max(self.stores_end);
        let carried = match work {
            Work::Store { cycles, beats, bursts, .. } => {
                let (unanswered, answer) = overheads::UNANSWERED;
                let at = start + overheads::STORE;
                // In the last turn of passes there is little left to read, before it passes take the buffer's port.
                let is_last = self.passes_left < self.plan.chunk;
                let share = if is_last { 1024 } else { self.write_share };
                let pace = if is_last { cycles } else { cycles * PORT / (PORT - self.port_share()) };
                let carried = match &mut self.writes {
                    Some(writes) => writes.carry(at, beats),
                    None => self.reads.carry_part(at, beats, pace / beats.max(1), share),
                };
                let carried = carried.max(at + (bursts * (self.latency + answer)) / unanswered);
                self.stores_end = carried.max(start + cycles);
                carried
            }
            Work::Params { .. } => 0,
        };
        self.stores.push_back(Stored { ready, carried, work });
    }

    /// Of [`PORT`] parts of the time of the buffer's psum read ports, those that passes take.
    fn port_share(&self) -> u64 {
        let turns = self.plan.turns() as u64;
        let reads = self.pace.port * (turns - 1) / turns;
        (PORT * reads / self.beat.interval.max(1)).min(PORT - 1)
    }

    /// Works out the oldest command of the store unit; `false` if there is none.
    pub(super) fn resolve_store(&mut self) -> bool {
        let Some(Stored { ready, carried, work }) = self.stores.pop_front() else { return false };
        let start = ready.max(self.store.last_left() + 1);
        self.store.end = match work {
            Work::Store { cycles, post, .. } => {
                let read = self.port.carry(start + overheads::DRAIN, cycles);
                let held = (HELD_BEATS * self.plan.arch.link_bytes() / self.word_bytes) as u64;
                let end = read.max(carried.saturating_sub(held));
                self.written = carried.max(read + overheads::STORE);
                if post {
                    self.psum_freed.push_back(end + 1);
                }
                end
            }
            Work::Params { beats } => self.reads.carry(start + self.latency + overheads::READ, beats) + 2,
        };
        self.store.leave(self.store.end);
        true
    }

    /// The parameters of these channels, unless they are there.
    fn params_for(&mut self, channels: Range<usize>) {
        if self.params.contains(&channels.start) && channels.end <= self.params.end {
            return;
        }
        let end = (channels.start + hw::program::params::DEPTH).min(self.plan.shape.m);
        self.params = channels.start..end;
        let dispatched = self.store_command();
        let beats = (self.params.len() * 16 / self.plan.arch.link_bytes()) as u64;
        self.dispatch_store(dispatched + 1, Work::Params { beats });
    }
}
