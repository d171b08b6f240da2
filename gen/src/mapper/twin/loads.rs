//! LOAD and FILTER: from the memory to the global buffer and to the filter staging.

use super::commands::Words;
use super::parts::{Buffer, Burst, Queue, Semaphore, Widen};
use super::slots::{Codes, Decoder};
use hw::arch::{FILTER_BUS_WORDS, LANES};
use hw::program::{filter, flag, load, FLAGS};
use hw::rlc::{CODE_BYTES, SLOT_HEAD};
use hw::Arch;
use std::rc::Rc;

/// Commands that wait in a queue.
const QUEUE: usize = 4;
/// Runs of LOADs whose beats are on the way.
const LOAD_RUNS: usize = 8;
/// Most beats of a read burst.
pub(super) const READ_BEATS: usize = 64;
/// Filters whose beats are on the way.
const FILTER_RUNS: usize = 4;
/// Lines between the link and the staging.
const LINES: usize = 128;

/// A run whose beats are awaited: words before it in its first beat, its words, whether its end is posted; whether it is part of a slot, and
/// its command's last.
#[derive(Clone, Copy)]
struct Run {
    skip: u64,
    words: u64,
    post: bool,
    slot: bool,
    last: bool,
}

/// Where the walker of a LOAD is: turns behind, and the addresses of the turn and the run.
struct Walk {
    inner: u64,
    outer: u64,
    turn: u64,
    run: u64,
}

pub(super) struct Loader {
    beat_bytes: u64,
    word_bytes: u64,
    /// Words that are written at a time, and such groups of a beat.
    group_words: u64,
    groups: u64,
    queue: Queue<Words>,
    pub free: Semaphore,
    walk: Option<Walk>,
    pub burst: Burst,
    runs: Queue<Run>,
    /// The run that is worked on, the group of the beat, and words left from the group on.
    run: Option<(Run, u64, u64)>,
    /// The length of the slot at the head was asked for.
    asked: bool,
    decoder: Decoder,
    writes: bool,
    posts: bool,
}

impl Loader {
    pub fn new(arch: &Arch, codes: Rc<Codes>) -> Loader {
        let words = arch.link_bytes() / arch.word_bytes();
        let group_words = words.min(LANES);
        Loader {
            beat_bytes: arch.link_bytes() as u64,
            word_bytes: arch.word_bytes() as u64,
            group_words: group_words as u64,
            groups: (words / group_words) as u64,
            queue: Queue::new(QUEUE),
            free: Semaphore::default(),
            walk: None,
            burst: Burst::new(arch.link_bytes(), READ_BEATS),
            runs: Queue::new(LOAD_RUNS),
            run: None,
            asked: false,
            decoder: Decoder::new(arch, codes),
            writes: false,
            posts: false,
        }
    }

    pub fn has_room(&self) -> bool {
        self.queue.has_room()
    }

    pub fn put(&mut self, command: Words) {
        self.queue.put(command);
    }

    pub fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.runs.is_empty() && self.run.is_none() && !self.writes
    }

    /// Of a run that is part of a slot: words left, and how many of them are taken.
    fn words(&self) -> Option<(u64, u64)> {
        let (_, _, left) = self.run.filter(|(run, ..)| run.slot)?;
        Some((left, self.decoder.available().min(left)))
    }

    /// Of any other run: group, words left, and whether the group is its beat's last.
    fn group(&self) -> Option<(u64, u64, bool)> {
        let (_, group, left) = self.run.filter(|(run, ..)| !run.slot)?;
        Some((group, left, left <= self.group_words || group + 1 == self.groups))
    }

    pub fn read_ready(&self) -> bool {
        self.group().map_or(self.decoder.ready(), |(_, _, ends)| ends)
    }

    /// A cycle: whether its request is taken and a beat is offered; whether a tile is complete.
    pub fn step(&mut self, taken: bool, offered: bool) -> bool {
        let posted = self.posts;
        (self.writes, self.posts) = (false, false);
        let idle_burst = !self.burst.is_active();
        let run_room = self.runs.has_room();
        let length = self.decoder.length();
        let (words, is_plain) = (self.words(), self.group().is_some());
        let (mut take, mut finish) = (0, false);
        if let Some((group, left, ends)) = self.group().filter(|_| offered) {
            self.write(if ends { 0 } else { group + 1 }, left.saturating_sub(self.group_words));
        } else if let Some((left, words)) = words.filter(|(_, words)| *words > 0) {
            take = words;
            finish = left == words && self.run.is_some_and(|(run, ..)| run.last);
            self.write(0, left - words);
        }
        if self.run.is_none() && !self.runs.is_empty() {
            let words = self.group_words;
            self.run = self.runs.pop().map(|run| (run, run.skip / words, run.words + run.skip % words));
        }
        if taken {
            self.burst.taken();
        }
        let go = self.command(idle_burst, run_room, length);
        self.decoder.step(take, finish, go, offered && !is_plain);
        posted
    }

    /// Words are written; the run goes on with a group of a beat and words left, if any.
    fn write(&mut self, group: u64, left: u64) {
        self.writes = true;
        let run = self.run.take();
        self.posts = left == 0 && run.is_some_and(|(run, ..)| run.post);
        self.run = run.filter(|_| left > 0).map(|(run, ..)| (run, group, left));
    }

    /// What the command at the head of the queue does; whether the codes of its slot, of that `length`, are asked for.
    fn command(&mut self, idle_burst: bool, run_room: bool, length: Option<u64>) -> bool {
        let Some(command) = self.queue.head() else { return false };
        let has = |flag: u64| FLAGS.get(command) & flag != 0;
        let (address, slot) = (load::ADDRESS.get(command), has(flag::LOAD_RLC));
        if let Some(walk) = &mut self.walk {
            if run_room && (slot || idle_burst) {
                let (offset, words) = (walk.run % self.beat_bytes, load::RUN_M1.get(command) + 1);
                if !slot {
                    self.burst.start(walk.run, (offset + words * self.word_bytes).div_ceil(self.beat_bytes));
                }
                let skip = if slot { 0 } else { offset / self.word_bytes };
                let last = walk.next(command);
                self.runs.put(Run { skip, words, post: last && has(flag::LOAD_POST_LOADED), slot, last });
                if last {
                    self.walk = None;
                    self.queue.pop();
                }
            }
            return false;
        }
        if slot && !self.asked {
            if idle_burst {
                self.asked = true;
                self.decoder.ask(address);
                self.burst.start(address, (CODE_BYTES as u64).div_ceil(self.beat_bytes));
            }
            return false;
        }
        let codes = length.filter(|_| idle_burst);
        let waits = has(flag::LOAD_WAIT_FREE);
        if slot && codes.is_none() || waits && !self.free.is_available() {
            return false;
        }
        self.walk = Some(Walk { inner: 0, outer: 0, turn: address, run: address });
        if waits {
            self.free.take();
        }
        if slot {
            self.asked = false;
            let bytes = codes.unwrap_or(0) * CODE_BYTES as u64;
            self.burst.start(address + SLOT_HEAD as u64, bytes.div_ceil(self.beat_bytes));
        }
        slot
    }

    pub fn tick(&mut self) {
        self.queue.tick();
        self.runs.tick();
        self.free.tick();
    }
}

impl Walk {
    /// On to the next run; whether there is none.
    fn next(&mut self, command: &Words) -> bool {
        if self.inner < load::INNER_M1.get(command) {
            self.inner += 1;
            self.run += load::INNER_BYTES.get(command);
            return false;
        }
        self.inner = 0;
        self.outer += 1;
        self.turn += load::OUTER_BYTES.get(command);
        self.run = self.turn;
        self.outer > load::OUTER_M1.get(command)
    }
}

pub(super) struct FilterLoader {
    line_bytes: u64,
    beat_bytes: u64,
    /// Lines of a word of `widen`.
    lines: usize,
    beat_units: usize,
    line_units: usize,
    queue: Queue<Words>,
    burst: Burst,
    /// Lines of each command.
    runs: Queue<u64>,
    widen: Widen,
    pub staging: Buffer,
    /// Room that no burst was asked for, and what became free in the cycle before.
    room: usize,
    freed: usize,
    /// There is room for the burst that waits.
    allow: bool,
    /// Lines to come; absent before a command's first.
    left: Option<u64>,
    part: usize,
}

impl FilterLoader {
    pub fn new(arch: &Arch) -> FilterLoader {
        let (line, beat) = (FILTER_BUS_WORDS * arch.word_bytes(), arch.link_bytes());
        let unit = line.min(beat);
        let room = LINES * line / unit;
        let most = (room * unit / beat / 4).min(READ_BEATS);
        FilterLoader {
            line_bytes: line as u64,
            beat_bytes: beat as u64,
            lines: line.max(beat) / line,
            beat_units: beat / unit,
            line_units: line / unit,
            queue: Queue::new(QUEUE),
            burst: Burst::new(beat, 1 << most.ilog2()),
            runs: Queue::new(FILTER_RUNS),
            widen: Widen::new(line.max(beat) / beat),
            staging: Buffer::default(),
            room,
            freed: 0,
            allow: false,
            left: None,
            part: 0,
        }
    }

    pub fn has_room(&self) -> bool {
        self.queue.has_room()
    }

    pub fn put(&mut self, command: Words) {
        self.queue.put(command);
    }

    pub fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.runs.is_empty() && self.staging.is_empty()
    }

    pub fn request(&self) -> Option<u64> {
        self.burst.request().filter(|_| self.allow)
    }

    pub fn read_ready(&self) -> bool {
        self.widen.has_room()
    }

    /// A cycle: whether its request is taken, a beat comes, a line is taken.
    pub fn step(&mut self, taken: bool, beat: bool, line_taken: bool) {
        let fits = |beats: u64| self.room >= beats as usize * self.beat_units;
        let allow = !taken && self.burst.request().is_some_and(fits);
        let starts = !self.queue.is_empty() && !self.burst.is_active() && self.runs.has_room();
        if taken {
            self.room -= self.request().map_or(0, |beats| beats as usize * self.beat_units);
            self.burst.taken();
        }
        self.room += std::mem::take(&mut self.freed);
        let lines = self.runs.head().copied();
        let step = self.widen.is_valid() && self.staging.count() < LINES;
        let line = lines.filter(|_| step).map(|lines| self.left.unwrap_or(lines) - 1);
        if let Some(left) = line {
            self.part += 1;
            if left == 0 || self.part == self.lines {
                self.freed += self.lines - self.part;
                self.part = 0;
                self.widen.pop();
            }
            self.left = Some(left);
            if left == 0 {
                self.left = None;
                self.runs.pop();
            }
        }
        if line_taken {
            self.freed += self.line_units;
        }
        self.staging.step(line.is_some(), line_taken);
        if beat {
            self.widen.put();
        }
        if let Some(command) = self.queue.pop_if(starts) {
            let bytes = filter::BYTES.get(&command);
            self.burst.start(filter::ADDRESS.get(&command), bytes.div_ceil(self.beat_bytes));
            self.runs.put(bytes / self.line_bytes);
        }
        self.allow = allow;
        self.queue.tick();
        self.runs.tick();
        self.widen.tick();
    }
}
