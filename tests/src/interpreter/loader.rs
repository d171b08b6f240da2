//! LOAD: DRAM to the ifmap banks, a word at a time.

use super::order::{Clock, Unit};
use super::units::{get, Machine, Words, QUEUE};
use super::{fault, Fault};
use hw::program::{flag, load, FLAGS};
use hw::rlc::{Codec, Format, CODE_BYTES, SLOT_HEAD};
use std::collections::VecDeque;

/// The loader.
#[derive(Default)]
pub(super) struct Loader {
    queue: VecDeque<Words>,
    now: Option<(Words, u64)>,
    /// The words of the slot in work.
    slot: Vec<i64>,
    number: u32,
    clock: Clock,
}

impl Loader {
    pub fn accept(&mut self, command: &Words) -> bool {
        let room = self.queue.len() < QUEUE;
        if room {
            self.queue.push_back(*command);
        }
        room
    }

    pub fn idle(&self) -> bool {
        self.queue.is_empty() && self.now.is_none()
    }

    pub fn settle(&mut self) {
        (self.number, self.clock) = (0, Clock::default());
    }

    pub fn state(&self) -> String {
        format!(
            "loader at LOAD {}, {} words in, {} waiting",
            self.number,
            self.now.map_or(0, |now| now.1),
            self.queue.len()
        )
    }

    /// Up to `budget` words.
    pub fn work(&mut self, machine: &mut Machine, budget: usize) -> Result<usize, Fault> {
        for done in 0..budget {
            if !self.step(machine)? {
                return Ok(done);
            }
        }
        Ok(budget)
    }

    fn step(&mut self, machine: &mut Machine) -> Result<bool, Fault> {
        let Some((command, index)) = self.now else { return self.begin(machine) };
        let (run, inner) = (get(&command, load::RUN_M1) as u64 + 1, get(&command, load::INNER_M1) as u64 + 1);
        let outer = get(&command, load::OUTER_M1) as u64 + 1;
        let (element, turn) = (index % run, index / run);
        let (inner_index, outer_index) = (turn % inner, turn / inner);
        let offset =
            |inner, outer| inner_index * get(&command, inner) as u64 + outer_index * get(&command, outer) as u64;
        let size = machine.arch.word_bytes() as u64;
        let address = load::ADDRESS.get(&command) + offset(load::INNER_BYTES, load::OUTER_BYTES) + element * size;
        let word = get(&command, load::GLB_WORD) as u64 + offset(load::INNER_WORDS, load::OUTER_WORDS) + element;
        let value = match self.slot.get(index as usize) {
            Some(word) => *word,
            None => machine.memory.read_word(address, machine.arch.width)?,
        };
        machine.glb.write_ifmap(word as usize, value, self.number, &self.clock)?;
        machine.stats.ifmap_writes += 1;
        machine.stats.dram_ifmap_bytes += if self.slot.is_empty() { size } else { 0 };
        self.now = Some((command, index + 1));
        if index + 1 == run * inner * outer {
            self.now = None;
            self.slot.clear();
            self.clock.learn(Unit::Loader, self.number);
            if FLAGS.get(&command) & flag::LOAD_POST_LOADED != 0 {
                machine.semaphores.loaded.post(self.clock);
            }
        }
        Ok(true)
    }

    fn begin(&mut self, machine: &mut Machine) -> Result<bool, Fault> {
        let Some(&command) = self.queue.front() else { return Ok(false) };
        if FLAGS.get(&command) & flag::LOAD_WAIT_FREE != 0 {
            match machine.semaphores.ifmap_free.take() {
                Some(clock) => self.clock.join(&clock),
                None => return Ok(false),
            }
        }
        self.queue.pop_front();
        self.number += 1;
        self.now = Some((command, 0));
        if FLAGS.get(&command) & flag::LOAD_RLC != 0 {
            let count = |field| get(&command, field) + 1;
            let words = count(load::RUN_M1) * count(load::INNER_M1) * count(load::OUTER_M1);
            let format = Format::masked(FLAGS.get(&command) & flag::LOAD_MASKS != 0);
            self.slot = machine.read_slot(load::ADDRESS.get(&command), format, words)?;
        }
        Ok(true)
    }
}

impl Machine<'_> {
    /// The words of a compressed slot.
    fn read_slot(&mut self, address: u64, format: Format, words: usize) -> Result<Vec<i64>, Fault> {
        if !address.is_multiple_of(SLOT_HEAD as u64) {
            return fault!("a slot at {address:#x}");
        }
        let codes = self.memory.read_word(address, 64)? as u64;
        let code =
            |index| Ok(self.memory.read_word(address + SLOT_HEAD as u64 + index * CODE_BYTES as u64, 64)? as u64);
        let list = (0..codes).map(code).collect::<Result<Vec<_>, Fault>>()?;
        self.stats.rlc_read_codes += codes;
        self.stats.dram_ifmap_bytes += (codes + 1) * CODE_BYTES as u64;
        let codec = Codec { format, width: self.arch.width };
        codec.decode(&list, words).map_err(|error| Fault(format!("the slot at {address:#x}: {error}")))
    }
}
