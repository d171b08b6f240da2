//! A layer's time, command by command: when each is dispatched, starts and ends, given those before it.
//!
//! Commands wait only for earlier ones, so one walk over them in program order knows all times. Units overlap as in the hardware: queues of
//! their depth, semaphores as named in the commands, the link shared in a [`Calendar`].

mod calendar;
mod filters;
mod loads;
mod passes;
mod stores;
mod unit;

use super::cost::Cost;
use super::emit::{Commands, PassPlaces};
use super::link::Link;
use super::overheads;
use super::pace::Pace;
use super::plan::Plan;
use super::schedule::{Place, Section, Step};
use super::twin::Beat;
use super::window::TileWindow;
use calendar::Calendar;
use filters::Filters;
use hw::program::COMMAND_BYTES;
use passes::Pass;
use std::collections::VecDeque;
use std::convert::Infallible;
use stores::Stored;
use unit::Unit;

/// Commands of a burst of the command fetch, which reads two bursts ahead.
const FETCH: usize = 4;

/// Cycles of the layer from the start of its program to its interrupt, and when the psums of its first `passes` passes are collected.
///
/// Passes go at these beats, section by section; at those of closed forms where there are none.
pub(super) fn cycles(
    plan: &Plan,
    link: &Link,
    word_bytes: usize,
    cost: &Cost,
    beats: &[Beat],
    passes: usize,
) -> (u64, Vec<u64>) {
    let mut timeline = Timeline::new(plan, link, word_bytes, cost);
    timeline.beats = beats.iter();
    timeline.shown = passes;
    let Ok(()) = super::emit::layer(plan, &mut timeline);
    timeline.block(1);
    (timeline.idle() + overheads::END, timeline.collected)
}

struct Timeline<'a> {
    plan: &'a Plan,
    latency: u64,
    reads: Calendar,
    /// Absent if the link carries both in turn.
    writes: Option<Calendar>,
    /// Of 1024 parts of the link, those that writes get while reads want the others.
    write_share: u64,
    word_bytes: usize,
    pace: Pace,
    beat: Beat,
    /// Beats of the sections to come.
    beats: std::slice::Iter<'a, Beat>,
    // Commands: the last dispatch, and when the words of those fetched and not yet executed are there
    dispatched: u64,
    blocks: usize,
    burst_taken: [u64; 2],
    arrived: u64,
    // Loads
    load: Unit,
    loaded: VecDeque<u64>,
    freed: VecDeque<u64>,
    filters: Filters,
    // Passes
    passes: VecDeque<Pass>,
    /// When the psums of as many passes as are to be shown are collected.
    collected: Vec<u64>,
    shown: usize,
    /// Passes to come.
    passes_left: usize,
    // Stores
    store: Unit,
    stores: VecDeque<Stored>,
    /// When they would be done if no pass ever waited for them.
    stores_end: u64,
    /// The buffer's psum read ports, which passes take before stores.
    port: Calendar,
    finished: VecDeque<u64>,
    psum_freed: VecDeque<u64>,
    written: u64,
    params: std::ops::Range<usize>,
}

impl Timeline<'_> {
    fn new<'a>(plan: &'a Plan, link: &Link, word_bytes: usize, cost: &Cost) -> Timeline<'a> {
        // Reads and writes take turns where both are waiting.
        let reading = 1024 * cost.dram_reads / cost.at_least().max(1);
        let write_share = 1024 - reading.min(512);
        let (reads, writes) = match link.shared() {
            Some((beats, cycles)) => (Calendar::new(beats, cycles), None),
            None => (Calendar::new(1, 1), Some(Calendar::new(1, 1))),
        };
        Timeline {
            plan,
            latency: link.latency,
            reads,
            writes,
            write_share,
            word_bytes,
            pace: Pace::new(plan, 1, 1),
            beat: Pace::new(plan, 1, 1).beat(),
            beats: [].iter(),
            dispatched: overheads::START,
            blocks: 0,
            burst_taken: [0; 2],
            arrived: 0,
            load: Unit::default(),
            loaded: VecDeque::new(),
            freed: VecDeque::new(),
            filters: Filters::new(plan.arch.staging_lines),
            passes: VecDeque::new(),
            collected: Vec::new(),
            shown: 0,
            passes_left: plan.passes(),
            store: Unit::default(),
            stores: VecDeque::new(),
            stores_end: 0,
            port: Calendar::new(1, 1),
            finished: VecDeque::new(),
            psum_freed: VecDeque::new(),
            written: 0,
            params: 0..0,
        }
    }

    /// Takes the next block of the program in: the cycle after its last word.
    fn block(&mut self, cycles: u64) -> u64 {
        let beats = (COMMAND_BYTES / self.plan.arch.link_bytes()) as u64;
        if self.blocks.is_multiple_of(FETCH) {
            // A burst is asked for when the one before the last has been taken.
            let asked = self.burst_taken[0];
            self.burst_taken = [self.burst_taken[1], self.dispatched];
            self.arrived = self.arrived.max(asked + self.latency + overheads::READ);
        }
        self.blocks += 1;
        self.arrived = self.reads.carry(self.arrived, beats);
        self.dispatched = (self.dispatched + cycles).max(self.arrived + 2 + cycles - 8.min(cycles));
        self.burst_taken[1] = self.dispatched;
        self.dispatched
    }

    /// Dispatches the next command, once its unit has room.
    fn command(&mut self, room: u64) -> u64 {
        let ready = self.block(overheads::COMMAND);
        self.dispatched = ready.max(room);
        self.dispatched
    }

    /// When everything that was dispatched is done.
    fn idle(&mut self) -> u64 {
        while self.resolve_store() {}
        let passed = self.passes.back().map_or(0, |pass| pass.collected);
        self.dispatched.max(self.load.end).max(passed).max(self.store.end).max(self.written + self.latency)
    }
}

impl Commands for Timeline<'_> {
    type Error = Infallible;

    fn layer(&mut self, section: &Section) -> Result<(), Infallible> {
        self.block(overheads::COMMAND);
        self.dispatched = self.idle();
        self.pace = Pace::new(self.plan, section.images, section.windows);
        self.beat = self.beats.next().copied().unwrap_or_else(|| self.pace.beat());
        self.passes.clear();
        Ok(())
    }

    fn tables(&mut self, lines: usize) -> Result<(), Infallible> {
        for entries in self.plan.table_sizes(lines) {
            self.block(overheads::COMMAND);
            for _ in 0..entries.div_ceil(hw::program::COMMAND_WORDS) {
                self.block(overheads::TABLE_BLOCK);
            }
            self.dispatched += 1;
        }
        Ok(())
    }

    fn filters(&mut self) -> Result<(), Infallible> {
        let at = self.command(0);
        self.filters.commands.push_back(at);
        Ok(())
    }

    fn load(&mut self, window: &TileWindow, _slot: usize, wait: bool) -> Result<(), Infallible> {
        self.load_tile(window, wait);
        Ok(())
    }

    fn pass(&mut self, _section: &Section, _place: Place, step: &Step, at: &PassPlaces) -> Result<(), Infallible> {
        self.run_pass(step, at);
        Ok(())
    }

    fn store(
        &mut self,
        section: &Section,
        place: Place,
        step: &Step,
        _area: usize,
        post: bool,
    ) -> Result<(), Infallible> {
        self.store_psums(section, place, step, post);
        Ok(())
    }
}
