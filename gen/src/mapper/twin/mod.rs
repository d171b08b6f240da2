//! A twin of the accelerator's control: it runs a program cycle by cycle and knows when each word moves, but no word's value.
//!
//! Every queue, handshake and latency is the hardware's, block by block, and the memory is that of the simulated host: so a program takes
//! as many cycles here as the hardware counts, without jitter.
//!
//! | file | its blocks in `hw` |
//! |---|---|
//! | `parts` | queues, semaphores, `Burst`, `Widen`, `ReadStream` |
//! | `memory` | the host's memory; `ReadPort`, `WritePort` |
//! | `commands` | `CommandFetch`, `CommandUnit` |
//! | `loads`, `stores` | `Loader`, `FilterLoader`; `StoreUnit` with its walker and packer |
//! | `slots`, `masks` | `RlcDecoder`, `RlcEncoder`, and their parts for masks, for which words are zero or not |
//! | `core` | what the core of each dataflow is to the shell |
//! | `rs_core`, `walkers`, `array`, `pe` | the row-stationary core: the sequencer, the array |
//! | `matrix` | the core of arrays that multiply by a matrix: walker, weights, accumulators |
//!
//! A program is too long to be run as a whole where it takes millions of cycles; [`Beat`] is how its passes follow each other.

mod array;
mod beat;
mod commands;
mod core;
mod loads;
mod masks;
mod matrix;
mod memory;
mod parts;
mod pe;
mod rs_core;
mod slots;
mod stores;
mod walkers;

use self::core::Core;
use super::Link;
pub(super) use beat::{beats, Beat};
use commands::{CommandFetch, CommandUnit, Event};
use hw::program::{op, table};
use hw::{Arch, CoreKind};
use loads::{FilterLoader, Loader};
use matrix::MatrixCore;
use memory::{Memory, Pins, ReadPort, WritePort};
use rs_core::RsCore;
pub use slots::{Codes, Content};
use std::rc::Rc;
use stores::StoreUnit;

/// What came of a program.
#[derive(Debug)]
pub(super) struct Run {
    /// Its cycles as the hardware's counter has them, if it has ended.
    pub cycles: Option<u64>,
    /// When the psums of each pass so far were collected.
    pub collected: Vec<u64>,
}

/// Runs a program of these words, which lie at `address`, for `most` cycles, with `codes` in its compressed slots.
pub(super) fn run(program: &[u64], address: u64, arch: &Arch, link: &Link, codes: Codes, most: u64) -> Run {
    let mut twin = Twin::new(program, address, arch, link, codes);
    let last = (0..most).find(|_| twin.step());
    Run { cycles: last.map(|last| last + 1), collected: twin.collected }
}

struct Twin<'a> {
    now: u64,
    /// When the psums of each pass were collected.
    collected: Vec<u64>,
    memory: Memory,
    reads: ReadPort,
    writes: WritePort,
    fetch: CommandFetch,
    commands: CommandUnit<'a>,
    loader: Loader,
    filters: FilterLoader,
    store: StoreUnit,
    core: Box<dyn Core>,
}

impl Twin<'_> {
    fn new<'a>(program: &'a [u64], address: u64, arch: &Arch, link: &Link, codes: Codes) -> Twin<'a> {
        let codes = Rc::new(codes);
        Twin {
            now: 0,
            collected: Vec::new(),
            memory: Memory::new(link),
            reads: ReadPort::new(),
            writes: WritePort::new(),
            fetch: CommandFetch::new(arch, address, 8 * program.len()),
            commands: CommandUnit::new(program),
            loader: Loader::new(arch, codes.clone()),
            filters: FilterLoader::new(arch),
            store: StoreUnit::new(arch, codes),
            core: match arch.dataflow.core() {
                CoreKind::RowStationary => Box::new(RsCore::new(arch)),
                CoreKind::Matrix => Box::new(MatrixCore::new(arch)),
            },
        }
    }

    /// A cycle; whether the program ends in it.
    fn step(&mut self) -> bool {
        // What registers say, before anything changes
        let is_idle = self.loader.is_idle()
            && self.filters.is_idle()
            && self.store.is_idle()
            && self.writes.is_idle()
            && self.core.is_idle();
        let data = self.reads.beats.head().copied();
        let ready = data.is_some_and(|unit| match unit {
            0 => self.fetch.read_ready(),
            1 => self.filters.read_ready(),
            2 => self.loader.read_ready(),
            _ => self.store.read_ready(),
        });
        let (aw, wvalid, bready) = self.writes.pins();
        let pins = Pins { ar: self.reads.asking, rready: self.reads.rready(), aw, wvalid, bready };
        let requests =
            [self.fetch.request(), self.filters.request(), self.loader.burst.request(), self.store.burst.request()];
        let line = self.filters.staging.is_valid() && self.core.takes_line();
        let word = self.fetch.has_word() && self.commands.takes_words();
        let port_reads = self.core.port_reads();

        let taken = self.reads.step(&requests, self.memory.arready);
        self.reads.beat(self.memory.read_beat.filter(|_| pins.rready), ready);
        let beat = data.filter(|_| ready);
        let ends = self.command(word, is_idle);
        self.fetch.step(taken == Some(0), beat == Some(0), word);
        self.filters.step(taken == Some(1), beat == Some(1), line);
        if self.loader.step(taken == Some(2), data == Some(2)) {
            self.core.post_loaded();
        }
        if self.store.step(taken == Some(3), beat == Some(3), &port_reads, &mut self.writes) {
            self.core.post_psum_free();
        }
        self.writes.step(&self.memory);
        let posts = self.core.step(self.now, line);
        if posts.ifmap_free {
            self.loader.free.post();
        }
        if posts.pass_done {
            self.collected.push(self.now);
        }
        if posts.psum_done {
            self.store.done.post();
        }
        self.loader.tick();
        self.store.tick();
        self.memory.step(self.now, &pins);
        self.now += 1;
        ends
    }

    /// The command unit's cycle, in which a word comes with `word`; whether the program ends.
    fn command(&mut self, word: bool, is_idle: bool) -> bool {
        let (opcode, command) = match self.commands.step(word) {
            Event::None => return false,
            Event::Entry(table::STORE, index, word) => {
                self.store.entry(index, word);
                return false;
            }
            Event::Entry(target, index, word) => {
                self.core.entry(target, index, word);
                return false;
            }
            Event::Offer(opcode, command) => (opcode, command),
        };
        let taken = match opcode {
            op::LOAD => self.loader.has_room(),
            op::FILTER => self.filters.has_room(),
            op::PASS => self.core.has_room(),
            op::PARAMS | op::STORE => self.store.has_room(),
            _ => is_idle,
        };
        if !taken {
            return false;
        }
        match opcode {
            op::LOAD => self.loader.put(command),
            op::FILTER => self.filters.put(command),
            op::PASS => self.core.pass(&command),
            op::PARAMS | op::STORE => self.store.put(command),
            op::LAYER => self.core.layer(&command),
            _ => {}
        }
        self.commands.dispatched();
        opcode == op::END
    }
}
