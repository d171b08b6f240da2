//! The sequencer's walkers, which move words between the global buffer, the staging and the array.

use super::array::Line;
use super::parts::{Buffer, Queue, ReadStream, Semaphore};
use hw::arch::FILTER_BUS_WORDS;
use std::collections::VecDeque;

/// Passes that wait in a queue.
const PASSES: usize = 4;
/// Cycles from a word's claim until it is offered to the array: the table, the address, two of the buffer, the queue.
const IFMAP_READ: u64 = 5;
/// The same for a psum, whose line its walker has worked out.
const PSUM_READ: u64 = 4;
/// Filter lines with tags that wait for the bus.
const TAGGED: usize = 2;
/// Entries that a psum walker is ahead.
const ENTRIES: usize = 4;

/// A pass for the ifmap walker.
pub(super) struct IfmapPass {
    pub wait_loaded: bool,
    pub post_free: bool,
}

/// Words of a pass on the ifmap bus: streams in turn, `channels` words each, `turns` times.
#[derive(Clone, Copy, Default)]
pub(super) struct IfmapWork {
    pub channels: usize,
    pub streams: usize,
    pub turns: u64,
}

pub(super) struct IfmapWalker {
    pub work: IfmapWork,
    /// Tags of the streams: row and column part.
    pub tags: Vec<(usize, usize)>,
    pub queue: Queue<IfmapPass>,
    pub loaded: Semaphore,
    running: bool,
    post: bool,
    channel: usize,
    stream: usize,
    turn: u64,
    words: ReadStream,
    posts: VecDeque<u64>,
}

impl IfmapWalker {
    pub fn new() -> IfmapWalker {
        IfmapWalker {
            work: IfmapWork::default(),
            tags: Vec::new(),
            queue: Queue::new(PASSES),
            loaded: Semaphore::default(),
            running: false,
            post: false,
            channel: 0,
            stream: 0,
            turn: 0,
            words: ReadStream::new(),
            posts: VecDeque::new(),
        }
    }

    pub fn is_idle(&self) -> bool {
        self.queue.is_empty() && !self.running && self.words.is_idle()
    }

    /// Words of a pass are still to be claimed.
    pub fn is_running(&self) -> bool {
        self.running
    }

    /// The tag of the word that is offered.
    pub fn offered(&self, now: u64) -> Option<(usize, usize)> {
        self.words.offered(now).map(|stream| self.tags[stream])
    }

    /// A cycle, in which the word that is offered moves if `moved`; whether a tile is free.
    pub fn step(&mut self, now: u64, moved: bool) -> bool {
        let room = self.words.has_room();
        if moved {
            self.words.pop();
        }
        if self.running {
            if room {
                self.claim(now);
            }
        } else if let Some(pass) = self.queue.head() {
            if !pass.wait_loaded || self.loaded.is_available() {
                if pass.wait_loaded {
                    self.loaded.take();
                }
                (self.running, self.post) = (true, pass.post_free);
                self.queue.pop();
            }
        }
        self.queue.tick();
        self.loaded.tick();
        self.words.tick();
        let frees = self.posts.front() == Some(&now);
        if frees {
            self.posts.pop_front();
        }
        frees
    }

    fn claim(&mut self, now: u64) {
        self.words.claim(now + IFMAP_READ, self.stream);
        self.channel += 1;
        if self.channel < self.work.channels {
            return;
        }
        self.channel = 0;
        self.stream += 1;
        if self.stream < self.work.streams {
            return;
        }
        self.stream = 0;
        self.turn += 1;
        if self.turn == self.work.turns {
            self.turn = 0;
            self.running = false;
            if self.post {
                self.posts.push_back(now + IFMAP_READ);
            }
        }
    }
}

/// `PsumWalker`: the psums of a lane in a pass, source by source.
pub(super) struct PsumWalker {
    sources: usize,
    source: usize,
    left: u64,
    is_first: bool,
    looked_up: Option<Psum>,
    entries: Queue<Psum>,
}

/// A psum: the number of its source, whether its pass is the first on its psums, and whether it is the pass's last in its lane.
#[derive(Clone, Copy)]
pub(super) struct Psum {
    pub source: usize,
    pub is_first: bool,
    pub is_last: bool,
}

impl PsumWalker {
    fn new() -> PsumWalker {
        PsumWalker { sources: 0, source: 0, left: 0, is_first: false, looked_up: None, entries: Queue::new(ENTRIES) }
    }

    fn is_busy(&self) -> bool {
        self.left > 0
    }

    fn is_idle(&self) -> bool {
        !self.is_busy() && self.looked_up.is_none() && self.entries.is_empty()
    }

    /// A cycle: what is offered moves if `moved`; a pass of so many psums a source may begin, the first on its psums or not.
    fn step(&mut self, moved: bool, start: Option<(u64, bool)>) {
        let step = self.left > 0 && self.entries.level() + usize::from(self.looked_up.is_some()) < ENTRIES;
        if moved {
            self.entries.pop();
        }
        if let Some(psum) = self.looked_up.take() {
            self.entries.put(psum);
        }
        if step {
            self.left -= 1;
            self.looked_up = Some(Psum { source: self.source, is_first: self.is_first, is_last: self.left == 0 });
            self.source = (self.source + 1) % self.sources;
        }
        if let Some((sums, is_first)) = start {
            (self.left, self.is_first) = (self.sources as u64 * sums, is_first);
        }
        self.entries.tick();
    }
}

/// The feeder of a lane.
struct Feeder {
    walker: PsumWalker,
    words: ReadStream,
    /// The buffer is read in this cycle.
    reads: bool,
}

/// A pass for the psum feeders.
pub(super) struct FeedPass {
    pub distance: u64,
    pub first: bool,
}

pub(super) struct Feeders {
    pub queue: Queue<FeedPass>,
    lanes: Vec<Feeder>,
    ahead: u64,
}

impl Feeders {
    pub fn new(lanes: usize) -> Feeders {
        let lane = || Feeder { walker: PsumWalker::new(), words: ReadStream::new(), reads: false };
        Feeders { queue: Queue::new(PASSES), lanes: (0..lanes).map(|_| lane()).collect(), ahead: 0 }
    }

    pub fn sources(&mut self, lane: usize, sources: usize) {
        self.lanes[lane].walker.sources = sources;
    }

    pub fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.lanes.iter().all(|lane| lane.walker.is_idle() && lane.words.is_idle())
    }

    /// Psums of a pass are still to be looked up.
    pub fn is_busy(&self) -> bool {
        self.lanes.iter().any(|lane| lane.walker.is_busy())
    }

    /// Whether the buffer is read for a lane in this cycle.
    pub fn reads(&self, lane: usize) -> bool {
        self.lanes[lane].reads
    }

    /// The source of the psum that a lane offers.
    pub fn offered(&self, lane: usize, now: u64) -> Option<usize> {
        self.lanes[lane].words.offered(now)
    }

    /// A cycle: which lanes' psums move, whether the collectors have done a pass; a pass has `sums` psums a source.
    pub fn step(&mut self, now: u64, moved: &[bool], pass_done: bool, sums: u64) {
        let is_busy = self.is_busy();
        let start = self.queue.head().filter(|pass| !is_busy && self.ahead < pass.distance).map(|pass| pass.first);
        if start.is_some() {
            self.queue.pop();
        }
        self.ahead = self.ahead + u64::from(start.is_some()) - u64::from(pass_done);
        for (lane, moved) in self.lanes.iter_mut().zip(moved) {
            let taken = lane.walker.entries.head().filter(|_| lane.words.has_room()).copied();
            if *moved {
                lane.words.pop();
            }
            lane.reads = taken.is_some_and(|psum| !psum.is_first);
            if let Some(psum) = taken {
                lane.words.claim(now + PSUM_READ, psum.source);
            }
            lane.walker.step(taken.is_some(), start.map(|is_first| (sums, is_first)));
            lane.words.tick();
        }
        self.queue.tick();
    }
}

/// A pass for the psum collectors.
pub(super) struct CollectPass {
    pub wait_free: bool,
    pub post_done: bool,
}

/// The collector of a lane.
struct Collector {
    walker: PsumWalker,
    working: bool,
    /// A psum is written; whether it is the pass's last.
    write: Option<bool>,
}

pub(super) struct Collectors {
    pub queue: Queue<CollectPass>,
    lanes: Vec<Collector>,
    pub free: Semaphore,
    working: bool,
    posts: bool,
    post: bool,
}

impl Collectors {
    pub fn new(lanes: usize) -> Collectors {
        let lane = || Collector { walker: PsumWalker::new(), working: false, write: None };
        Collectors {
            queue: Queue::new(PASSES),
            lanes: (0..lanes).map(|_| lane()).collect(),
            free: Semaphore::default(),
            working: false,
            posts: false,
            post: false,
        }
    }

    pub fn sources(&mut self, lane: usize, sources: usize) {
        self.lanes[lane].walker.sources = sources;
    }

    pub fn is_idle(&self) -> bool {
        !self.working && self.queue.is_empty()
    }

    /// The source that a lane polls.
    pub fn polled(&self, lane: usize) -> Option<usize> {
        self.lanes[lane].walker.entries.head().map(|psum| psum.source)
    }

    /// A cycle: which lanes' sums move; whether a pass is done, and whether that is posted for an earlier one.
    pub fn step(&mut self, moved: &[bool], sums: u64) -> (bool, bool) {
        let is_busy = self.lanes.iter().any(|lane| lane.working);
        let done = self.working && !is_busy;
        let posted = std::mem::replace(&mut self.post, done && self.posts);
        let head = self.queue.head();
        let start = !is_busy && head.is_some_and(|pass| !pass.wait_free || self.free.is_available());
        self.working &= !done;
        if let Some(pass) = self.queue.pop_if(start) {
            if pass.wait_free {
                self.free.take();
            }
            (self.working, self.posts) = (true, pass.post_done);
        }
        for (lane, moved) in self.lanes.iter_mut().zip(moved) {
            if start {
                lane.working = lane.walker.sources > 0;
            } else if lane.write == Some(true) {
                lane.working = false;
            }
            lane.write = lane.walker.entries.head().filter(|_| *moved).map(|psum| psum.is_last);
            lane.walker.step(*moved, start.then_some((sums, false)));
        }
        self.queue.tick();
        self.free.tick();
        (done, posted)
    }
}

/// The filter staging and the walker that sends its lines.
pub(super) struct Filters {
    lines: usize,
    staging: Buffer,
    /// Words of a PE; values of the parts of the tag; lines of a PE.
    pub words: u32,
    pub tags: (usize, usize),
    pub pe_lines: usize,
    // The line to come
    y: usize,
    x: usize,
    line: usize,
    /// Lines on their way to the bus.
    tagged: Queue<Line>,
}

impl Filters {
    /// With a staging of `lines` lines.
    pub fn new(lines: usize) -> Filters {
        Filters {
            lines,
            staging: Buffer::default(),
            words: 0,
            tags: (0, 0),
            pe_lines: 0,
            y: 0,
            x: 0,
            line: 0,
            tagged: Queue::new(TAGGED),
        }
    }

    /// The line on the bus.
    pub fn offered(&self) -> Option<Line> {
        self.tagged.head().copied()
    }

    /// At a new layer.
    pub fn restart(&mut self) {
        (self.staging, self.y, self.x, self.line, self.tagged) = (Buffer::default(), 0, 0, 0, Queue::new(TAGGED));
    }

    pub fn has_room(&self) -> bool {
        self.staging.count() < self.lines
    }

    /// A cycle: whether a line comes, and whether the one on the bus moves.
    pub fn step(&mut self, put: bool, moved: bool) {
        let room = self.tagged.has_room();
        self.tagged.pop_if(moved);
        if self.staging.is_valid() && room {
            let line = self.next();
            self.tagged.put(line);
        }
        self.staging.step(put, room);
        self.tagged.tick();
    }

    fn next(&mut self) -> Line {
        let bus = FILTER_BUS_WORDS as u32;
        let words = if self.line + 1 == self.pe_lines { (self.words - 1) % bus + 1 } else { bus };
        let mut line = Line { y: self.y, x: self.x, words, is_last: false };
        for (count, all) in [(&mut self.y, self.tags.0), (&mut self.x, self.tags.1), (&mut self.line, self.pe_lines)] {
            *count += 1;
            if *count < all {
                return line;
            }
            *count = 0;
        }
        line.is_last = true;
        line
    }
}
