//! PASS: the ifmap walker, and a feeder and a collector for each psum lane. Each works through the passes at its own pace.

use super::order::{Clock, Unit};
use super::units::{get, Machine, Words};
use super::{fault, Fault};
use hw::program::{flag, layer, pass, table, FLAGS};
use hw::Arch;
use std::collections::VecDeque;

#[derive(Clone, Copy)]
pub(super) struct Stream {
    y: usize,
    x: usize,
    offset: usize,
    row: usize,
    channel: usize,
}

#[derive(Clone, Copy)]
pub(super) struct Source {
    pub top: usize,
    pub bottom: usize,
    pub col: usize,
    pub offset: usize,
}

/// A pass, and who has done what of it.
pub(super) struct Pass {
    pub command: Words,
    pub number: u32,
    /// Whether the count of `psum_free` was taken.
    pub cleared: bool,
    pub collected: usize,
}

impl Pass {
    pub fn flag(&self, flag: u64) -> bool {
        FLAGS.get(&self.command) & flag != 0
    }
}

/// Where one of the walkers is: passes done, and an index into the current one.
#[derive(Clone, Copy, Default)]
pub(super) struct Position {
    pub done: u32,
    pub index: usize,
    pub begun: bool,
    pub clock: Clock,
}

/// The sequencer.
pub(super) struct Sequencer {
    pub depth: usize,
    pub lanes: usize,
    pub passes: VecDeque<Pass>,
    pub accepted: u32,
    pub constants: Words,
    pub streams: Vec<Stream>,
    pub sources: Vec<Vec<Source>>,
    pub walker: Position,
    pub feeders: Vec<Position>,
    pub collectors: Vec<Position>,
    /// A psum that a feeder has read and not yet sent.
    pub read_ahead: Vec<Option<i64>>,
    /// An ifmap word that was read and not yet sent.
    pub word_ahead: Option<i64>,
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

    pub(super) fn size(&self, field: hw::program::Field) -> usize {
        get(&self.constants, field) + 1
    }

    /// The pass that a walker which has done `done` passes works on, as an index into `passes`.
    pub(super) fn current(&self, done: u32) -> Option<usize> {
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
}

/// `index` as one index for each of the nested `sizes`, the last the innermost.
pub(super) fn split<const N: usize>(mut index: usize, sizes: [usize; N]) -> [usize; N] {
    let mut at = [0; N];
    for (at, size) in at.iter_mut().zip(sizes).rev() {
        *at = index % size;
        index /= size;
    }
    at
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
