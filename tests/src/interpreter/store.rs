//! PARAMS and STORE: finished psums through the output stage to DRAM.

use super::order::{Clock, Unit};
use super::units::{get, Machine, Words, QUEUE};
use super::{fault, signed, Fault};
use hw::program::{flag, op, params, store, table, FLAGS, OPCODE};
use hw::rlc::{Codec, Format, CODE_BYTES, SLOT_HEAD};
use std::collections::VecDeque;

/// Bias, scale and shift of a channel.
type Param = (i64, i128, u32);

/// The store unit.
#[derive(Default)]
pub(super) struct Store {
    queue: VecDeque<Words>,
    now: Option<(Words, Vec<usize>)>,
    /// Lane and offset of each row.
    rows: Vec<(usize, usize)>,
    params: Vec<Param>,
    /// Words of the compressed slot in work.
    slot: Vec<i64>,
    number: u32,
    clock: Clock,
}

impl Store {
    pub fn accept(&mut self, command: &Words) -> bool {
        let room = self.queue.len() < QUEUE;
        if room {
            self.queue.push_back(*command);
        }
        room
    }

    pub fn table(&mut self, entries: &[u64]) {
        let get = |entry: &u64, field: hw::program::Field| field.get(&[*entry]) as usize;
        self.rows = entries.iter().map(|e| (get(e, table::ROW_LANE), get(e, table::ROW_OFFSET))).collect();
    }

    pub fn idle(&self) -> bool {
        self.queue.is_empty() && self.now.is_none()
    }

    pub fn settle(&mut self) {
        (self.number, self.clock) = (0, Clock::default());
    }

    pub fn state(&self) -> String {
        format!("store unit at STORE {}, {} waiting", self.number, self.queue.len())
    }

    /// Up to `budget` elements.
    pub fn work(&mut self, machine: &mut Machine, budget: usize) -> Result<usize, Fault> {
        for done in 0..budget {
            if !self.step(machine)? {
                return Ok(done);
            }
        }
        Ok(budget)
    }

    /// One element: loops over image, filter group, filter, row, window.
    fn step(&mut self, machine: &mut Machine) -> Result<bool, Fault> {
        let Some((command, mut at)) = self.now.take() else { return self.begin(machine) };
        let size = |field| get(&command, field) + 1;
        let (filters, windows) = (size(store::FILTERS_M1), size(store::WINDOWS_M1));
        let sizes = [size(store::IMAGES_M1), size(store::GROUPS_M1), filters, size(store::ROWS_M1), windows];
        let &[image, group, filter, row, window] = at.as_slice() else { unreachable!() };
        let number = group * filters + filter;
        if number < get(&command, store::VALID) {
            let entry = group * get(&command, store::GROUP_ROWS) + row;
            let Some(&(lane, offset)) = self.rows.get(entry) else {
                return fault!("STORE uses entry {entry} of its table");
            };
            let line = get(&command, store::PSUM)
                + image * get(&command, store::PSUM_IMAGE_STRIDE)
                + filter * get(&command, store::PSUM_FILTER_STRIDE)
                + offset
                + window;
            let psum = machine.glb.read_psum(Unit::Store, lane, line, self.number, &self.clock)?;
            let Some(&param) = self.params.get(get(&command, store::PARAM) + number) else {
                return fault!("STORE {} uses parameters of filter {number}, which are not there", self.number);
            };
            let address = store::ADDRESS.get(&command)
                + (image * get(&command, store::IMAGE_BYTES) + number * get(&command, store::FILTER_BYTES)) as u64;
            let (row_address, element) = match store::ROW_BYTES.get(&command) {
                0 => (address, row * windows + window),
                bytes => (address + row as u64 * bytes, window),
            };
            self.write(machine, &command, row_address, element, psum, param)?;
            machine.stats.psum_drains += 1;
        }
        for (at, size) in at.iter_mut().zip(sizes).rev() {
            *at = (*at + 1) % size;
            if *at > 0 {
                break;
            }
        }
        match at.iter().all(|at| *at == 0) {
            true => self.end(machine, &command)?,
            false => self.now = Some((command, at)),
        }
        Ok(true)
    }

    fn write(
        &mut self,
        machine: &mut Machine,
        command: &Words,
        address: u64,
        element: usize,
        psum: i64,
        (bias, scale, shift): Param,
    ) -> Result<(), Fault> {
        let (width, psum_width) = (machine.arch.width, machine.arch.psum_width);
        let flags = FLAGS.get(command);
        let psum = signed(psum.wrapping_add(bias), psum_width);
        let (value, size) = if flags & flag::STORE_RAW != 0 {
            (psum, machine.arch.psum_bytes())
        } else {
            let half = (1_i128 << shift) >> 1;
            let scaled = (i128::from(psum) * scale + half) >> shift;
            let low = if flags & flag::STORE_RELU != 0 { 0 } else { -(1_i128 << (width - 1)) };
            let value = scaled.clamp(low, (1 << (width - 1)) - 1);
            (value as i64, machine.arch.word_bytes())
        };
        if flags & flag::STORE_RLC != 0 {
            self.slot.push(value);
            return Ok(());
        }
        machine.memory.write(address + (element * size) as u64, &value.to_le_bytes()[..size])?;
        machine.stats.dram_write_bytes += size as u64;
        Ok(())
    }

    fn begin(&mut self, machine: &mut Machine) -> Result<bool, Fault> {
        let Some(&command) = self.queue.front() else { return Ok(false) };
        if OPCODE.get(&command) == op::PARAMS {
            self.queue.pop_front();
            let (address, count) = (params::ADDRESS.get(&command), get(&command, params::COUNT));
            if count > params::DEPTH || address % 16 != 0 {
                return fault!("PARAMS of {count} channels at {address:#x}");
            }
            self.params.clear();
            for channel in 0..count as u64 {
                let at = address + 16 * channel;
                let bias = machine.memory.read_word(at, 64)?;
                let word = machine.memory.read_word(at + 8, 64)? as u64;
                self.params.push((bias, i128::from(word & 0xffff), (word >> 32 & 0x3f) as u32));
            }
            machine.stats.dram_param_bytes += 16 * count as u64;
            return Ok(true);
        }
        if FLAGS.get(&command) & flag::STORE_WAIT_DONE != 0 {
            match machine.semaphores.psum_done.take() {
                Some(clock) => self.clock.join(&clock),
                None => return Ok(false),
            }
        }
        self.queue.pop_front();
        self.number += 1;
        self.now = Some((command, vec![0; 5]));
        Ok(true)
    }

    fn end(&mut self, machine: &mut Machine, command: &Words) -> Result<(), Fault> {
        if FLAGS.get(command) & flag::STORE_RLC != 0 {
            let format = Format::masked(FLAGS.get(command) & flag::STORE_MASKS != 0);
            let codec = Codec { format, width: machine.arch.width };
            let (codes, at) = (codec.encode(&self.slot), store::ADDRESS.get(command));
            for (code, index) in codes.iter().zip(0..) {
                machine.memory.write(at + SLOT_HEAD as u64 + CODE_BYTES as u64 * index, &code.to_le_bytes())?;
            }
            machine.memory.write(at, &(codes.len() as u64).to_le_bytes())?;
            machine.stats.rlc_write_codes += codes.len() as u64;
            machine.stats.dram_write_bytes += (codes.len() as u64 + 1) * CODE_BYTES as u64;
            self.slot.clear();
        }
        self.clock.learn(Unit::Store, self.number);
        if FLAGS.get(command) & flag::STORE_POST_FREE != 0 {
            machine.semaphores.psum_free.post(self.clock);
        }
        Ok(())
    }
}
