//! PASS: the ifmap walker, and a feeder and a collector for each psum lane. Each works through the passes at its own pace.

use super::order::{Clock, Unit};
use super::units::{get, Machine, Words};
use super::{fault, Fault, Random};
use hw::program::{flag, layer, pass, table, FLAGS};
use hw::Arch;
use std::collections::VecDeque;

#[derive(Clone, Copy)]
struct Stream {
    y: usize,
    x: usize,
    offset: usize,
    row: usize,
    channel: usize,
}

#[derive(Clone, Copy)]
struct Source {
    top: usize,
    bottom: usize,
    col: usize,
    offset: usize,
}

/// A pass, and who has done what of it.
struct Pass {
    command: Words,
    number: u32,
    /// Whether the count of `psum_free` was taken.
    cleared: bool,
    collected: usize,
}

impl Pass {
    fn flag(&self, flag: u64) -> bool {
        FLAGS.get(&self.command) & flag != 0
    }
}

/// Where one of the walkers is: passes done, and an index into the current one.
#[derive(Clone, Copy, Default)]
struct Position {
    done: u32,
    index: usize,
    begun: bool,
    clock: Clock,
}

/// The sequencer.
pub(super) struct Sequencer {
    depth: usize,
    lanes: usize,
    passes: VecDeque<Pass>,
    accepted: u32,
    constants: Words,
    streams: Vec<Stream>,
    sources: Vec<Vec<Source>>,
    walker: Position,
    feeders: Vec<Position>,
    collectors: Vec<Position>,
    /// A psum that a feeder has read and not yet sent.
    read_ahead: Vec<Option<i64>>,
    /// An ifmap word that was read and not yet sent.
    word_ahead: Option<i64>,
}

impl Sequencer {
    /// A sequencer that holds `depth` passes at a time.
    pub fn new(arch: &Arch, depth: usize) -> Sequencer {
        let lanes = arch.psum_lanes;
        Sequencer {
            depth,
            lanes,
            passes: VecDeque::new(),
            accepted: 0,
            constants: [0; 8],
            streams: Vec::new(),
            sources: vec![Vec::new(); lanes],
            walker: Position::default(),
            feeders: vec![Position::default(); lanes],
            collectors: vec![Position::default(); lanes],
            read_ahead: vec![None; lanes],
            word_ahead: None,
        }
    }

    pub fn accept(&mut self, command: &Words) -> bool {
        self.retire();
        let room = self.passes.len() < self.depth;
        if room {
            self.accepted += 1;
            self.passes.push_back(Pass { command: *command, number: self.accepted, cleared: false, collected: 0 });
        }
        room
    }

    /// Forgets passes that all are done with.
    fn retire(&mut self) {
        let others = self.feeders.iter().chain(&self.collectors).map(|position| position.done).min();
        let done = self.walker.done.min(others.unwrap_or(0));
        while self.passes.front().is_some_and(|pass| pass.number <= done) {
            self.passes.pop_front();
        }
    }

    pub fn idle(&self) -> bool {
        let all = self.feeders.iter().chain(&self.collectors).chain([&self.walker]);
        all.into_iter().all(|position| position.done == self.accepted)
    }

    pub fn settle(&mut self) {
        self.passes.clear();
        self.accepted = 0;
        self.walker = Position::default();
        self.feeders.fill(Position::default());
        self.collectors.fill(Position::default());
    }

    pub fn state(&self) -> String {
        let done = |positions: &[Position]| positions.iter().map(|p| (p.done, p.index)).collect::<Vec<_>>();
        format!(
            "{} passes accepted; walker done {:?}, feeders {:?}, collectors {:?}",
            self.accepted,
            done(&[self.walker]),
            done(&self.feeders),
            done(&self.collectors)
        )
    }

    pub fn layer(&mut self, command: &Words) {
        self.constants = *command;
    }

    pub fn table(&mut self, target: u64, entries: &[u64]) -> Result<(), Fault> {
        let get = |entry: &u64, field: hw::program::Field| field.get(&[*entry]) as usize;
        if target == table::IFMAP {
            let stream = |e: &u64| Stream {
                y: get(e, table::STREAM_Y),
                x: get(e, table::STREAM_X),
                offset: get(e, table::STREAM_OFFSET),
                row: get(e, table::STREAM_H),
                channel: get(e, table::STREAM_C),
            };
            self.streams = entries.iter().map(stream).collect();
            return Ok(());
        }
        let lane = target.wrapping_sub(table::PSUM) as usize;
        if lane >= self.lanes {
            return fault!("there is no table {target}");
        }
        let source = |e: &u64| Source {
            top: get(e, table::SOURCE_ROW),
            bottom: get(e, table::SOURCE_FEED),
            col: get(e, table::SOURCE_COL) * self.lanes + lane,
            offset: get(e, table::SOURCE_OFFSET),
        };
        self.sources[lane] = entries.iter().map(source).collect();
        Ok(())
    }

    fn size(&self, field: hw::program::Field) -> usize {
        get(&self.constants, field) + 1
    }

    /// The pass that a walker which has done `done` passes works on, as an index into `passes`.
    fn current(&self, done: u32) -> Option<usize> {
        let first = self.passes.front()?.number;
        let index = (done + 1).checked_sub(first)? as usize;
        (index < self.passes.len()).then_some(index)
    }

    /// Up to `budget` words on the ifmap bus.
    pub fn walk(&mut self, machine: &mut Machine, budget: usize) -> Result<usize, Fault> {
        for done in 0..budget {
            if !self.walk_word(machine)? {
                return Ok(done);
            }
        }
        Ok(budget)
    }

    fn walk_word(&mut self, machine: &mut Machine) -> Result<bool, Fault> {
        let Some(index) = self.current(self.walker.done) else { return Ok(false) };
        let pass = &self.passes[index];
        if !self.walker.begun {
            if pass.flag(flag::PASS_WAIT_LOADED) {
                match machine.semaphores.loaded.take() {
                    Some(clock) => self.walker.clock.join(&clock),
                    None => return Ok(false),
                }
            }
            self.walker.begun = true;
            return Ok(true);
        }
        // image, run of columns, column of the run, channel, stream
        let sizes = [
            self.size(layer::IMAGES_M1),
            self.size(layer::COL_RUNS_M1),
            self.size(layer::COL_RUN_M1),
            self.size(layer::CHANNELS_M1),
            self.streams.len(),
        ];
        if self.streams.len() != self.size(layer::STREAMS_M1) {
            return fault!("{} streams in the table, {} in LAYER", self.streams.len(), self.size(layer::STREAMS_M1));
        }
        let [image, run, col, channel, stream] = split(self.walker.index, sizes);
        let stream = self.streams[stream];
        let word = match self.word_ahead {
            Some(word) => word,
            None => {
                let gap = sizes[2] + get(&self.constants, layer::COL_SKIP);
                let x_start = pass::X_START.get(&pass.command) as u16 as i16;
                let place = (image, stream, i64::from(x_start) + (run * gap + col) as i64, channel);
                read_ifmap(machine, &self.constants, pass, place, &self.walker.clock)?
            }
        };
        if !machine.array.send_ifmap(stream.y, stream.x, word)? {
            self.word_ahead = Some(word);
            return Ok(false);
        }
        self.word_ahead = None;
        machine.stats.ifmap_bus_words += 1;
        self.walker.index += 1;
        if self.walker.index == sizes.iter().product::<usize>() {
            self.walker.clock.learn(Unit::Walker, pass.number);
            if pass.flag(flag::PASS_POST_FREE) {
                machine.semaphores.ifmap_free.post(self.walker.clock);
            }
            machine.stats.passes += 1;
            (self.walker.done, self.walker.index, self.walker.begun) = (pass.number, 0, false);
        }
        Ok(true)
    }

    /// Up to `budget` psums of each feeder and collector, in a random order of lanes.
    pub fn psums(&mut self, machine: &mut Machine, random: &mut Random, budget: usize) -> Result<usize, Fault> {
        let mut order: Vec<usize> = (0..2 * self.lanes).collect();
        random.shuffle(&mut order);
        let mut done = 0;
        for unit in order {
            let lane = unit / 2;
            for _ in 0..budget {
                let moved = if unit % 2 == 0 { self.feed(machine, lane)? } else { self.collect(machine, lane)? };
                if !moved {
                    break;
                }
                done += 1;
            }
        }
        Ok(done)
    }

    /// image, window, source, filter
    fn psum_sizes(&self, lane: usize) -> [usize; 5] {
        let sources = self.sources[lane].len();
        [1, self.size(layer::IMAGES_M1), self.size(layer::WINDOWS_M1), sources, self.size(layer::FILTERS_M1)]
    }

    fn feed(&mut self, machine: &mut Machine, lane: usize) -> Result<bool, Fault> {
        let mut position = self.feeders[lane];
        let Some(index) = self.current(position.done) else { return Ok(false) };
        let pass = &self.passes[index];
        let first = pass.flag(flag::PASS_FIRST);
        if !position.begun {
            let distance = get(&pass.command, pass::DISTANCE) as u32;
            let source = pass.number.saturating_sub(distance);
            if !first {
                if distance == 0 || distance >= pass.number {
                    return fault!("pass {} reads psums of the pass {distance} earlier", pass.number);
                }
                if self.collectors[lane].done < source {
                    return Ok(false);
                }
                position.clock.learn(Unit::Collector(lane), source);
            }
            position.begun = true;
            self.feeders[lane] = position;
            return Ok(true);
        }
        let sizes = self.psum_sizes(lane);
        if position.index < sizes.iter().product::<usize>() {
            let [_, image, window, source, filter] = split(position.index, sizes);
            let source = self.sources[lane][source];
            let psum = match self.read_ahead[lane] {
                Some(psum) => psum,
                None if first => 0,
                None => {
                    let line = psum_line(&self.constants, pass, image, window, source, filter);
                    machine.stats.psum_reads += 1;
                    machine.glb.read_psum(Unit::Feeder(lane), lane, line, pass.number, &position.clock)?
                }
            };
            if !machine.array.send_psum(source.bottom, source.col, psum)? {
                self.read_ahead[lane] = Some(psum);
                return Ok(false);
            }
            self.read_ahead[lane] = None;
            position.index += 1;
        }
        if position.index >= sizes.iter().product::<usize>() {
            position = Position { done: pass.number, index: 0, begun: false, ..position };
        }
        self.feeders[lane] = position;
        Ok(true)
    }

    fn collect(&mut self, machine: &mut Machine, lane: usize) -> Result<bool, Fault> {
        let mut position = self.collectors[lane];
        let sizes = self.psum_sizes(lane);
        let Some(index) = self.current(position.done) else { return Ok(false) };
        let pass = &mut self.passes[index];
        if !position.begun {
            if pass.flag(flag::PASS_WAIT_PSUM_FREE) && !pass.cleared {
                let Some(clock) = machine.semaphores.psum_free.take() else { return Ok(false) };
                pass.cleared = true;
                self.collectors.iter_mut().for_each(|collector| collector.clock.join(&clock));
                position.clock.join(&clock);
            }
            position.begun = true;
            self.collectors[lane] = position;
            return Ok(true);
        }
        if position.index < sizes.iter().product::<usize>() {
            let [_, image, window, source, filter] = split(position.index, sizes);
            let source = self.sources[lane][source];
            let Some(psum) = machine.array.take_psum(source.top, source.col)? else { return Ok(false) };
            let line = psum_line(&self.constants, pass, image, window, source, filter);
            machine.glb.write_psum(lane, line, psum, pass.number, &position.clock)?;
            machine.stats.psum_writes += 1;
            position.index += 1;
        }
        if position.index >= sizes.iter().product::<usize>() {
            position = Position { done: pass.number, index: 0, begun: false, ..position };
            position.clock.learn(Unit::Collector(lane), pass.number);
            pass.collected += 1;
            if pass.collected == self.lanes && pass.flag(flag::PASS_POST_PSUM_DONE) {
                let mut clock = position.clock;
                (0..self.lanes).for_each(|lane| clock.learn(Unit::Collector(lane), pass.number));
                machine.semaphores.psum_done.post(clock);
            }
        }
        self.collectors[lane] = position;
        Ok(true)
    }
}

/// `index` as one index for each of the nested `sizes`, the last the innermost.
fn split<const N: usize>(mut index: usize, sizes: [usize; N]) -> [usize; N] {
    let mut at = [0; N];
    for (at, size) in at.iter_mut().zip(sizes).rev() {
        *at = index % size;
        index /= size;
    }
    at
}

fn psum_line(constants: &Words, pass: &Pass, image: usize, window: usize, source: Source, filter: usize) -> usize {
    get(&pass.command, pass::PSUM)
        + image * get(constants, layer::PSUM_IMAGE_STRIDE)
        + filter * get(constants, layer::PSUM_FILTER_STRIDE)
        + source.offset
        + window
}

/// The word of a stream at (image, column, channel): zero where the ifmap or the tile has none.
fn read_ifmap(
    machine: &mut Machine,
    constants: &Words,
    pass: &Pass,
    (image, stream, col, channel): (usize, Stream, i64, usize),
    clock: &Clock,
) -> Result<i64, Fault> {
    let rows = get(&pass.command, pass::H_LO)..get(&pass.command, pass::H_HI);
    let width = get(constants, layer::ROW_WIDTH) as i64;
    let exists = (0..width).contains(&col)
        && rows.contains(&stream.row)
        && stream.channel + channel < get(&pass.command, pass::C_VALID);
    if !exists {
        return Ok(0);
    }
    machine.stats.ifmap_reads += 1;
    let word = get(&pass.command, pass::TILE)
        + stream.offset
        + image * get(constants, layer::IMAGE_STRIDE)
        + channel * get(constants, layer::CHANNEL_STRIDE)
        + col as usize;
    let word = word & ((1 << machine.arch.word_address_bits()) - 1);
    machine.glb.read_ifmap(word, pass.number, clock)
}
