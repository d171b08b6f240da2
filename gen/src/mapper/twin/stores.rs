//! PARAMS and STORE: from the global buffer through the output stage to the memory.

use super::commands::Words;
use super::loads::READ_BEATS;
use super::memory::{WritePort, WRITE_BEATS};
use super::parts::{Burst, Queue, Semaphore, Widen};
use super::slots::{Codes, Encoder};
use hw::program::{flag, op, params, store, table, FLAGS, OPCODE};
use hw::rlc::{CODE_BYTES, SLOT_HEAD};
use hw::Arch;
use std::rc::Rc;

/// Commands that wait in the queue.
const QUEUE: usize = 4;
/// Runs whose elements are on the way.
const RUNS: usize = 4;
/// Elements between the buffer and the packer.
const ELEMENTS: usize = 16;
/// Rows that wait for their reads.
const ROWS: usize = 2;
/// Cycles of the output stage.
const STAGES: usize = 5;
/// Bytes of a channel's parameters.
const ENTRY_BYTES: usize = 16;

/// A row of psums: its lane, and whether it is its run's last.
#[derive(Clone, Copy)]
struct Row {
    lane: usize,
    is_last: bool,
}

/// Where the walker of a STORE is.
#[derive(Default)]
struct Walk {
    busy: bool,
    image: u64,
    group: u64,
    filter: u64,
    row: u64,
    index: u64,
    image_address: u64,
    filter_address: u64,
    address: u64,
    /// A row whose table entry is being read.
    pending: Option<Row>,
}

/// What the elements of a run are.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Words,
    Raw,
    Codes,
}

/// Packs elements into beats.
#[derive(Default)]
struct Packer {
    /// Bytes of the beat that are behind, and its number; absent before a run's first element.
    place: Option<(u64, u64)>,
    /// Beats of the burst that are behind.
    beats: u64,
    part: u64,
}

/// What the packer has taken: all of an element, all of a run.
#[derive(Clone, Copy, Default)]
struct Taken {
    whole: bool,
    run: bool,
}

pub(super) struct StoreUnit {
    beat_bytes: u64,
    word_bytes: u64,
    psum_bytes: u64,
    entry_beats: u64,
    /// Lane of each entry of the store table.
    lanes: Vec<usize>,
    queue: Queue<Words>,
    pub done: Semaphore,
    working: bool,
    pub burst: Burst,
    widen: Widen,
    entries: u64,
    walk: Walk,
    rows: Queue<Row>,
    /// The row that is read.
    row: Option<Row>,
    window: u64,
    room: usize,
    stages: [Option<bool>; STAGES],
    /// Addresses of runs, and their kinds.
    runs: Queue<(u64, Kind)>,
    /// The run that is packed, and whether of a compressed one what is packed, or comes next, is the number of its codes.
    run: Option<(u64, Kind)>,
    head: bool,
    elements: Queue<bool>,
    encoder: Encoder,
    packer: Packer,
}

impl StoreUnit {
    pub fn new(arch: &Arch, codes: Rc<Codes>) -> StoreUnit {
        let beat = arch.link_bytes();
        StoreUnit {
            beat_bytes: beat as u64,
            word_bytes: arch.word_bytes() as u64,
            psum_bytes: arch.psum_bytes() as u64,
            entry_beats: (ENTRY_BYTES / beat) as u64,
            lanes: Vec::new(),
            queue: Queue::new(QUEUE),
            done: Semaphore::default(),
            working: false,
            burst: Burst::new(beat, READ_BEATS),
            widen: Widen::new(ENTRY_BYTES / beat),
            entries: 0,
            walk: Walk::default(),
            rows: Queue::new(ROWS),
            row: None,
            window: 0,
            room: ELEMENTS,
            stages: [None; STAGES],
            runs: Queue::new(RUNS),
            run: None,
            head: false,
            elements: Queue::new(ELEMENTS),
            encoder: Encoder::new(arch, codes),
            packer: Packer::default(),
        }
    }

    /// An entry of the store table.
    pub fn entry(&mut self, index: usize, word: u64) {
        if self.lanes.len() <= index {
            self.lanes.resize(index + 1, 0);
        }
        self.lanes[index] = table::ROW_LANE.get(&[word]) as usize;
    }

    pub fn has_room(&self) -> bool {
        self.queue.has_room()
    }

    pub fn put(&mut self, command: Words) {
        self.queue.put(command);
    }

    pub fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.runs.is_empty() && self.run.is_none() && self.room == ELEMENTS
    }

    pub fn read_ready(&self) -> bool {
        self.widen.has_room()
    }

    /// A cycle: whether its request is taken, a beat comes, and which lanes of the buffer passes read; whether a place of psums is free.
    pub fn step(&mut self, taken: bool, beat: bool, read: &[bool], writes: &mut WritePort) -> bool {
        let command = self.queue.head().copied();
        let frees = command.is_some_and(|command| self.command(&command));
        if taken {
            self.burst.taken();
        }
        if self.widen.is_valid() {
            self.widen.pop();
            self.entries += 1;
        }
        if beat {
            self.widen.put();
        }
        // What the packer makes room for is there in the next cycle.
        let element = command.and_then(|command| self.read(&command, read));
        self.pack(writes);
        if let Some(is_last) = self.stages[STAGES - 1] {
            self.elements.put(is_last);
        }
        self.stages.rotate_right(1);
        self.stages[0] = element;
        frees
    }

    /// What the command at the head of the queue does; whether it frees a place of psums.
    fn command(&mut self, command: &Words) -> bool {
        let is_params = OPCODE.get(command) == op::PARAMS;
        let has = |flag: u64| !is_params && FLAGS.get(command) & flag != 0;
        if !self.working {
            if has(flag::STORE_WAIT_DONE) && !self.done.is_available() {
                return false;
            }
            if has(flag::STORE_WAIT_DONE) {
                self.done.take();
            }
            self.working = true;
            if is_params {
                self.entries = 0;
                let beats = params::COUNT.get(command) * self.entry_beats;
                self.burst.start(params::ADDRESS.get(command), beats);
            } else {
                let address = store::ADDRESS.get(command);
                self.walk = Walk {
                    busy: store::VALID.get(command) > 0,
                    image_address: address,
                    filter_address: address,
                    address,
                    ..Walk::default()
                };
            }
            return false;
        }
        let ends = match is_params {
            true => self.widen.is_valid() && self.entries + 1 == params::COUNT.get(command),
            false => !self.walk.busy && self.walk.pending.is_none() && self.rows.is_empty() && self.row.is_none(),
        };
        if ends {
            self.working = false;
            self.queue.pop();
        } else if !is_params {
            self.walk(command);
        }
        ends && has(flag::STORE_POST_FREE)
    }

    /// The walker's cycle: runs and rows.
    fn walk(&mut self, command: &Words) {
        let walk = &mut self.walk;
        let moves_on = walk.pending.is_none() || self.rows.has_room();
        let kind = match FLAGS.get(command) {
            flags if flags & flag::STORE_RAW != 0 => Kind::Raw,
            flags if flags & flag::STORE_RLC != 0 => Kind::Codes,
            _ => Kind::Words,
        };
        // A slot is one run.
        let whole = kind == Kind::Codes;
        let cut = store::ROW_BYTES.get(command) != 0 && !whole;
        let begins_run = cut || walk.row == 0 && (!whole || walk.index == 0 && walk.image == 0);
        let step = walk.busy && moves_on && (!begins_run || self.runs.has_room());
        if let Some(row) = walk.pending.filter(|_| self.rows.has_room()) {
            self.rows.put(row);
            walk.pending = None;
        }
        if !step {
            return;
        }
        if begins_run {
            self.runs.put((walk.address, kind));
        }
        let row_end = walk.row == store::ROWS_M1.get(command);
        let entry = walk.group * store::GROUP_ROWS.get(command) + walk.row;
        let filter_end = walk.filter == store::FILTERS_M1.get(command);
        let image_end =
            walk.index + 1 >= store::VALID.get(command) || filter_end && walk.group == store::GROUPS_M1.get(command);
        let ends_run = row_end && (!whole || image_end && walk.image == store::IMAGES_M1.get(command));
        walk.pending = Some(Row { lane: self.lanes[entry as usize], is_last: ends_run || cut });
        if !row_end {
            walk.row += 1;
            walk.address += store::ROW_BYTES.get(command);
            return;
        }
        walk.row = 0;
        if image_end {
            (walk.filter, walk.group, walk.index) = (0, 0, 0);
            walk.busy = walk.image != store::IMAGES_M1.get(command);
            walk.image += 1;
            walk.image_address += store::IMAGE_BYTES.get(command);
            walk.filter_address = walk.image_address;
        } else {
            walk.index += 1;
            walk.filter_address += store::FILTER_BYTES.get(command);
            walk.filter += 1;
            if filter_end {
                walk.filter = 0;
                walk.group += 1;
            }
        }
        walk.address = walk.filter_address;
    }

    /// Reads an element, if a row is there and its lane is free: whether it is its run's last.
    fn read(&mut self, command: &Words, read: &[bool]) -> Option<bool> {
        let row = self.row.filter(|row| self.room > 0 && !read[row.lane]);
        let row_end = self.window == store::WINDOWS_M1.get(command);
        if self.row.is_none() || row.is_some() && row_end {
            self.window = 0;
            self.row = self.rows.head().copied();
            self.rows.pop_if(self.row.is_some());
        } else if row.is_some() {
            self.window += 1;
        }
        self.room -= usize::from(row.is_some());
        row.map(|row| row_end && row.is_last)
    }

    /// The cycle of the encoder and the packer.
    fn pack(&mut self, writes: &mut WritePort) {
        let done = self.run.is_none_or(|run| self.pack_run(run, writes));
        if !done {
            return;
        }
        self.run = self.runs.head().copied();
        match self.run {
            Some((_, Kind::Codes)) if !self.head => self.head = true,
            Some(_) => {
                self.head = false;
                self.runs.pop();
            }
            None => {}
        }
    }

    /// The same for a run that is packed: whether this is its end.
    fn pack_run(&mut self, (address, kind): (u64, Kind), writes: &mut WritePort) -> bool {
        let word = self.elements.head().copied();
        let element = match (kind, self.encoder.offered()) {
            (Kind::Codes, Some((is_last, is_head))) => {
                let at = if is_head { address } else { address + SLOT_HEAD as u64 };
                self.place(at, CODE_BYTES as u64, is_last, writes)
            }
            (Kind::Codes, None) => Taken::default(),
            (Kind::Raw, _) => self.offer(word, address, self.psum_bytes, writes),
            (Kind::Words, _) => self.offer(word, address, self.word_bytes, writes),
        };
        let taken = match kind {
            Kind::Codes => self.encoder.step(address, word, element.whole),
            _ => element.whole,
        };
        if taken {
            self.elements.pop();
            self.room += 1;
        }
        element.run
    }

    fn offer(&mut self, element: Option<bool>, address: u64, bytes: u64, writes: &mut WritePort) -> Taken {
        element.map_or(Taken::default(), |is_last| self.place(address, bytes, is_last, writes))
    }

    /// The packer's cycle: an element of so many bytes, or a part of one.
    fn place(&mut self, address: u64, bytes: u64, is_last: bool, writes: &mut WritePort) -> Taken {
        let packer = &mut self.packer;
        let (bytes, parts) = (bytes.min(self.beat_bytes), bytes.div_ceil(self.beat_bytes));
        let (offset, beat) = packer.place.unwrap_or((address % self.beat_bytes, address / self.beat_bytes));
        let whole = packer.part + 1 == parts;
        let run = is_last && whole;
        let beat_done = run || offset + bytes == self.beat_bytes;
        if beat_done && !writes.has_room() {
            return Taken::default();
        }
        packer.part = if whole { 0 } else { packer.part + 1 };
        packer.place = Some((offset + bytes, beat));
        if beat_done {
            packer.beats += 1;
            let burst_done = run || beat % WRITE_BEATS == WRITE_BEATS - 1;
            writes.put(burst_done.then_some(packer.beats));
            packer.beats = if burst_done { 0 } else { packer.beats };
            packer.place = (!run).then_some((0, beat + 1));
        }
        Taken { whole, run }
    }

    pub fn tick(&mut self) {
        self.queue.tick();
        self.done.tick();
        self.widen.tick();
        self.rows.tick();
        self.runs.tick();
        self.elements.tick();
        self.encoder.tick();
    }
}
