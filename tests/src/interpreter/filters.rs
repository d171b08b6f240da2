//! FILTER, the staging queue, and the walker that empties it.

use super::units::{get, Machine, Words, QUEUE};
use super::{fault, Fault};
use hw::arch::FILTER_BUS_WORDS;
use hw::program::{filter, layer};
use hw::Arch;
use std::collections::VecDeque;

type Line = [i64; FILTER_BUS_WORDS];

/// Filter DMA, staging and walker.
#[derive(Default)]
pub(super) struct Filters {
    queue: VecDeque<Words>,
    /// Address and bytes left.
    now: Option<(u64, usize)>,
    staging: VecDeque<Line>,
    capacity: usize,
    /// Sizes of the walker's loops: lines, column tags, row tags; and words of a PE.
    sizes: [usize; 3],
    words: usize,
    at: [usize; 3],
}

impl Filters {
    pub fn new(arch: &Arch) -> Filters {
        Filters { capacity: arch.staging_lines, sizes: [1; 3], words: 1, ..Default::default() }
    }

    pub fn accept(&mut self, command: &Words) -> bool {
        let room = self.queue.len() < QUEUE;
        if room {
            self.queue.push_back(*command);
        }
        room
    }

    pub fn layer(&mut self, command: &Words) {
        let size = |field| get(command, field) + 1;
        self.sizes = [size(layer::FILTER_LINES_M1), size(layer::FILTER_X_M1), size(layer::FILTER_Y_M1)];
        self.words = get(command, layer::FILTER_WORDS);
    }

    pub fn idle(&self) -> bool {
        self.queue.is_empty() && self.now.is_none()
    }

    pub fn state(&self) -> String {
        format!("{} filter lines staged, {:?} to come, walker at {:?}", self.staging.len(), self.now, self.at)
    }

    pub fn check_empty(&self) -> Result<(), Fault> {
        match self.staging.is_empty() && self.at == [0; 3] {
            true => Ok(()),
            false => fault!("{} filter lines are left in staging, the walker at {:?}", self.staging.len(), self.at),
        }
    }

    /// Up to `budget` lines in, and as many out.
    pub fn work(&mut self, machine: &mut Machine, budget: usize) -> Result<usize, Fault> {
        let mut done = 0;
        for _ in 0..budget {
            let moved = usize::from(self.fetch(machine)?) + usize::from(self.send(machine)?);
            if moved == 0 {
                break;
            }
            done += moved;
        }
        Ok(done)
    }

    fn fetch(&mut self, machine: &mut Machine) -> Result<bool, Fault> {
        let size = machine.arch.word_bytes();
        let line_bytes = size * FILTER_BUS_WORDS;
        let Some((address, bytes)) = self.now else {
            let Some(command) = self.queue.pop_front() else { return Ok(false) };
            let (address, bytes) = (filter::ADDRESS.get(&command), get(&command, filter::BYTES));
            if address % 16 != 0 || bytes % line_bytes != 0 || bytes == 0 {
                return fault!("FILTER of {bytes} bytes at {address:#x}");
            }
            self.now = Some((address, bytes));
            return Ok(true);
        };
        if self.staging.len() == self.capacity {
            return Ok(false);
        }
        let mut line = [0; FILTER_BUS_WORDS];
        for (index, word) in line.iter_mut().enumerate() {
            *word = machine.memory.read_word(address + (index * size) as u64, machine.arch.width)?;
        }
        self.staging.push_back(line);
        machine.stats.dram_filter_bytes += line_bytes as u64;
        self.now = (bytes > line_bytes).then_some((address + line_bytes as u64, bytes - line_bytes));
        Ok(true)
    }

    fn send(&mut self, machine: &mut Machine) -> Result<bool, Fault> {
        let Some(line) = self.staging.front() else { return Ok(false) };
        let [index, x, y] = self.at;
        let last = index == self.sizes[0] - 1;
        let count = if last { (self.words - 1) % FILTER_BUS_WORDS + 1 } else { FILTER_BUS_WORDS };
        if !machine.array.send_filter(y, x, &line[FILTER_BUS_WORDS - count..])? {
            return Ok(false);
        }
        self.staging.pop_front();
        machine.stats.filter_bus_lines += 1;
        for (at, size) in self.at.iter_mut().zip(self.sizes).rev() {
            *at = (*at + 1) % size;
            if *at > 0 {
                break;
            }
        }
        Ok(true)
    }
}
