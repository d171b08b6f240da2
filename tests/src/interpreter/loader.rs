//! LOAD: DRAM to the ifmap banks, a word at a time.

use super::order::{Clock, Unit};
use super::units::{get, Machine, Words, QUEUE};
use super::Fault;
use hw::program::{flag, load, FLAGS};
use std::collections::VecDeque;

/// The loader.
#[derive(Default)]
pub(super) struct Loader {
    queue: VecDeque<Words>,
    now: Option<(Words, u64)>,
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
        let Some((command, index)) = self.now else { return Ok(self.begin(machine)) };
        let (run, inner) = (get(&command, load::RUN_M1) as u64 + 1, get(&command, load::INNER_M1) as u64 + 1);
        let outer = get(&command, load::OUTER_M1) as u64 + 1;
        let (element, turn) = (index % run, index / run);
        let (inner_index, outer_index) = (turn % inner, turn / inner);
        let offset =
            |inner, outer| inner_index * get(&command, inner) as u64 + outer_index * get(&command, outer) as u64;
        let size = machine.arch.word_bytes() as u64;
        let address = load::ADDRESS.get(&command) + offset(load::INNER_BYTES, load::OUTER_BYTES) + element * size;
        let word = get(&command, load::GLB_WORD) as u64 + offset(load::INNER_WORDS, load::OUTER_WORDS) + element;
        let value = machine.memory.read_word(address, machine.arch.width)?;
        machine.glb.write_ifmap(word as usize, value, self.number, &self.clock)?;
        machine.stats.ifmap_writes += 1;
        machine.stats.dram_ifmap_bytes += size;
        self.now = Some((command, index + 1));
        if index + 1 == run * inner * outer {
            self.now = None;
            self.clock.learn(Unit::Loader, self.number);
            if FLAGS.get(&command) & flag::LOAD_POST_LOADED != 0 {
                machine.semaphores.loaded.post(self.clock);
            }
        }
        Ok(true)
    }

    fn begin(&mut self, machine: &mut Machine) -> bool {
        let Some(&command) = self.queue.front() else { return false };
        if FLAGS.get(&command) & flag::LOAD_WAIT_FREE != 0 {
            match machine.semaphores.ifmap_free.take() {
                Some(clock) => self.clock.join(&clock),
                None => return false,
            }
        }
        self.queue.pop_front();
        self.number += 1;
        self.now = Some((command, 0));
        true
    }
}
