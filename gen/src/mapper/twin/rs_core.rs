//! The row-stationary core: the sequencer's walkers and the array.

use super::array::Array;
use super::commands::Words;
use super::core::{Core, Posts};
use super::walkers::{CollectPass, Collectors, FeedPass, Feeders, Filters, IfmapPass, IfmapWalker, IfmapWork};
use hw::program::{flag, layer, pass, table, FLAGS};
use hw::Arch;

/// A psum source: rows of the PEs that are fed and collected, and their column.
#[derive(Clone, Copy, Default)]
struct Source {
    feed: usize,
    row: usize,
    col: usize,
}

/// What happens in a cycle.
pub(super) struct RsEvents {
    /// What the shell is told.
    pub posts: Posts,
    // What ends of a pass: the reads of its ifmap words and its psums, its filters' way to the array
    pub ifmap_end: bool,
    pub feed_end: bool,
    pub filter_end: bool,
}

pub(super) struct RsCore {
    lanes: usize,
    ifmap: IfmapWalker,
    feeders: Feeders,
    collectors: Collectors,
    filters: Filters,
    array: Array,
    sources: Vec<Vec<Source>>,
    /// Psums of a source and pass.
    sums: u64,
    // What moves in a cycle, lane by lane
    fed: Vec<bool>,
    collected: Vec<bool>,
}

impl RsCore {
    pub fn new(arch: &Arch) -> RsCore {
        let lanes = arch.psum_lanes;
        RsCore {
            lanes,
            ifmap: IfmapWalker::new(),
            feeders: Feeders::new(lanes),
            collectors: Collectors::new(lanes),
            filters: Filters::new(arch.staging_lines),
            array: Array::new(arch),
            sources: vec![Vec::new(); lanes],
            sums: 0,
            fed: vec![false; lanes],
            collected: vec![false; lanes],
        }
    }

    /// Filter lines of a pass.
    pub fn pass_lines(&self) -> u64 {
        let (y, x) = self.filters.tags;
        (y * x * self.filters.pe_lines) as u64
    }

    /// The PEs of a lane's source: the one that is fed, the one that is collected.
    fn pes(&self, lane: usize, source: usize) -> (Option<usize>, Option<usize>) {
        let Source { feed, row, col } = self.sources[lane][source];
        let col = col * self.lanes + lane;
        (self.array.pe(feed, col), self.array.pe(row, col))
    }

    /// A cycle, in which a filter line comes with `line`.
    pub fn cycle(&mut self, now: u64, line: bool) -> RsEvents {
        let ifmap = self.ifmap.offered(now).filter(|(y, _)| self.array.takes_ifmap(*y));
        let on_bus = self.filters.offered().filter(|line| self.array.takes_line(line.y));
        for lane in 0..self.lanes {
            let fed = self.feeders.offered(lane, now).and_then(|source| self.pes(lane, source).0);
            let fed = fed.filter(|pe| self.array.takes_psum(*pe));
            let polled = self.collectors.polled(lane).and_then(|source| self.pes(lane, source).1);
            if let Some(pe) = fed {
                self.array.feed(pe);
            }
            self.fed[lane] = fed.is_some();
            self.collected[lane] = polled.is_some_and(|pe| self.array.collect(pe));
        }
        self.array.step(ifmap, on_bus);
        let filter_end = on_bus.is_some_and(|line| line.is_last);
        self.filters.step(line, on_bus.is_some());
        let (sends, feeds) = (self.ifmap.is_running(), self.feeders.is_busy());
        let ifmap_free = self.ifmap.step(now, ifmap.is_some());
        let (pass_done, psum_done) = self.collectors.step(&self.collected, self.sums);
        self.feeders.step(now, &self.fed, pass_done, self.sums);
        let (ifmap_end, feed_end) = (sends && !self.ifmap.is_running(), feeds && !self.feeders.is_busy());
        RsEvents { posts: Posts { ifmap_free, psum_done, pass_done }, ifmap_end, feed_end, filter_end }
    }
}

impl Core for RsCore {
    fn is_idle(&self) -> bool {
        self.ifmap.is_idle() && self.feeders.is_idle() && self.collectors.is_idle()
    }

    fn has_room(&self) -> bool {
        self.ifmap.queue.has_room() && self.feeders.queue.has_room() && self.collectors.queue.has_room()
    }

    fn takes_line(&self) -> bool {
        self.filters.has_room()
    }

    fn port_reads(&self) -> [bool; 4] {
        std::array::from_fn(|lane| lane < self.lanes && self.feeders.reads(lane))
    }

    fn post_loaded(&mut self) {
        self.ifmap.loaded.post();
    }

    fn post_psum_free(&mut self) {
        self.collectors.free.post();
    }

    fn layer(&mut self, command: &Words) {
        let sizes = &mut self.array.sizes;
        sizes.taps = layer::TAPS_M1.get(command) as u32 + 1;
        sizes.step = layer::STEP.get(command) as u32;
        sizes.filters = layer::FILTERS_M1.get(command) as u32 + 1;
        sizes.windows = layer::WINDOWS_M1.get(command) as u32 + 1;
        sizes.images = layer::IMAGES_M1.get(command) as u32 + 1;
        self.sums = u64::from(sizes.filters) * u64::from(sizes.windows) * u64::from(sizes.images);
        let columns = (layer::COL_RUN_M1.get(command) + 1) * (layer::COL_RUNS_M1.get(command) + 1);
        self.ifmap.work = IfmapWork {
            channels: layer::CHANNELS_M1.get(command) as usize + 1,
            streams: layer::STREAMS_M1.get(command) as usize + 1,
            turns: columns * u64::from(sizes.images),
        };
        self.filters.words = layer::FILTER_WORDS.get(command) as u32;
        self.filters.tags =
            (layer::FILTER_Y_M1.get(command) as usize + 1, layer::FILTER_X_M1.get(command) as usize + 1);
        self.filters.pe_lines = layer::FILTER_LINES_M1.get(command) as usize + 1;
        self.filters.restart();
        for lane in 0..self.lanes {
            let sources = layer::sources(lane).get(command) as usize;
            self.feeders.sources(lane, sources);
            self.collectors.sources(lane, sources);
        }
    }

    fn entry(&mut self, target: u64, index: usize, word: u64) {
        match target {
            table::CHAIN => self.array.configure(index, word),
            table::IFMAP => {
                let tag = (table::STREAM_Y.get(&[word]) as usize, table::STREAM_X.get(&[word]) as usize);
                put(&mut self.ifmap.tags, index, tag);
            }
            _ => {
                let source = Source {
                    feed: table::SOURCE_FEED.get(&[word]) as usize,
                    row: table::SOURCE_ROW.get(&[word]) as usize,
                    col: table::SOURCE_COL.get(&[word]) as usize,
                };
                put(&mut self.sources[(target - table::PSUM) as usize], index, source);
            }
        }
    }

    fn pass(&mut self, command: &Words) {
        let has = |flag: u64| FLAGS.get(command) & flag != 0;
        let (wait_loaded, post_free) = (has(flag::PASS_WAIT_LOADED), has(flag::PASS_POST_FREE));
        self.ifmap.queue.put(IfmapPass { wait_loaded, post_free });
        self.feeders.queue.put(FeedPass { distance: pass::DISTANCE.get(command), first: has(flag::PASS_FIRST) });
        let (wait_free, post_done) = (has(flag::PASS_WAIT_PSUM_FREE), has(flag::PASS_POST_PSUM_DONE));
        self.collectors.queue.put(CollectPass { wait_free, post_done });
    }

    fn step(&mut self, now: u64, line: bool) -> Posts {
        self.cycle(now, line).posts
    }
}

fn put<T: Clone + Default>(table: &mut Vec<T>, index: usize, entry: T) {
    if table.len() <= index {
        table.resize(index + 1, T::default());
    }
    table[index] = entry;
}
