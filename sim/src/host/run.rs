use super::{Host, HostError, Traffic};
use crate::engine::Engine;
use hw::registers::{
    Register, CONTROL, DONE_COUNT, IRQ_ENABLE, IRQ_STATUS, LAST_LAYER, QUEUE_ADDR_HI, QUEUE_ADDR_LO, QUEUE_PUSH, STATUS,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Cycles between two calls of a job's progress function.
const PROGRESS_CYCLES: u64 = 16_384;

/// The bit of `CONTROL` that clears the counters.
const CLEAR_COUNTERS: u32 = 1 << 1;

/// Every bit of `IRQ_ENABLE`: a layer is done, an error.
const IRQ_ALL: u32 = 3;

/// A layer program to run.
pub struct Job<'a> {
    /// Address of its first command.
    pub address: u64,
    /// Its length in blocks of 64 bytes.
    pub blocks: u32,
    /// Cycles after which it is given up.
    pub limit: u64,
    /// Resets the accelerator after this many cycles, or at its end if that is earlier, and starts the program anew, once.
    pub reset_at: Option<u64>,
    /// Called now and then with the cycles that have passed.
    pub progress: Option<&'a mut dyn FnMut(u64)>,
}

/// What the status registers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Work is going on.
    pub busy: bool,
    /// The accelerator has stopped because of an error.
    pub error: bool,
    /// The interrupt is pending.
    pub irq: bool,
    /// The cause of the error; see `hw::program::error`.
    pub cause: u32,
    /// Layers done since the last reset.
    pub done_count: u32,
    /// The number that the last finished program gave itself.
    pub last_layer: u32,
}

/// The hardware's counters by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Counters(pub BTreeMap<&'static str, u64>);

impl Counters {
    /// A counter's value.
    pub fn get(&self, name: &str) -> Option<u64> {
        self.0.get(name).copied()
    }
}

/// The outcome of a program.
#[derive(Clone, Debug)]
pub struct Run {
    /// The status registers at its end.
    pub status: Status,
    /// The counters at its end, cleared at its start.
    pub counters: Counters,
    /// Cycles from the program's push to the interrupt.
    pub cycles: u64,
    /// What the memory has seen move.
    pub traffic: Traffic,
}

impl<E: Engine> Host<E> {
    /// Runs a program to its end, good or bad.
    pub fn run_program(&mut self, mut job: Job) -> Result<Run, HostError> {
        if let Some(cycle) = job.reset_at.take() {
            self.start(&job)?;
            for _ in 0..cycle {
                // What has ended cannot be interrupted later.
                if self.irq() {
                    break;
                }
                self.cycle()?;
            }
            self.reset()?;
        }
        self.start(&job)?;
        let before = self.traffic();
        let cycles = self.wait_irq(&mut job)?;
        let status = self.status()?;
        let counters = self.counters()?;
        let pending = self.read_register(offset(IRQ_STATUS))?;
        self.write_register(offset(IRQ_STATUS), pending)?;
        Ok(Run { status, counters, cycles, traffic: self.traffic() - before })
    }

    /// Clears the counters and puts a program into the queue.
    fn start(&mut self, job: &Job) -> Result<(), HostError> {
        self.write_register(offset(CONTROL), CLEAR_COUNTERS)?;
        self.write_register(offset(IRQ_ENABLE), IRQ_ALL)?;
        self.push(job.address, job.blocks)
    }

    /// Puts a program into the queue.
    pub fn push(&mut self, address: u64, blocks: u32) -> Result<(), HostError> {
        self.write_register(offset(QUEUE_ADDR_LO), address as u32)?;
        self.write_register(offset(QUEUE_ADDR_HI), (address >> 32) as u32)?;
        self.write_register(offset(QUEUE_PUSH), blocks)
    }

    /// Waits for the interrupt and gives the cycles that it took.
    pub fn wait_irq(&mut self, job: &mut Job) -> Result<u64, HostError> {
        let mut cycles = 0;
        while !self.irq() {
            if cycles == job.limit {
                let status = self.status()?;
                let state = format!("{status:?}; {}", self.memory.state());
                return Err(HostError::Limit { address: job.address, limit: job.limit, state });
            }
            self.cycle()?;
            cycles += 1;
            if cycles.is_multiple_of(PROGRESS_CYCLES) {
                if let Some(progress) = &mut job.progress {
                    progress(cycles);
                }
            }
        }
        Ok(cycles)
    }

    /// Reads the status registers.
    pub fn status(&mut self) -> Result<Status, HostError> {
        let bits = self.read_register(offset(STATUS))?;
        Ok(Status {
            busy: bits & 1 != 0,
            error: bits & 2 != 0,
            irq: bits & 4 != 0,
            cause: bits >> 8 & 0xff,
            done_count: self.read_register(offset(DONE_COUNT))?,
            last_layer: self.read_register(offset(LAST_LAYER))?,
        })
    }

    /// Reads the counters.
    pub fn counters(&mut self) -> Result<Counters, HostError> {
        let list = self.counter_list.clone();
        list.into_iter()
            .map(|(name, offset)| Ok((name, self.read_wide(offset)?)))
            .collect::<Result<_, _>>()
            .map(Counters)
    }

    /// Reads a register of 64 bits, which may count meanwhile.
    fn read_wide(&mut self, offset: u32) -> Result<u64, HostError> {
        let mut high = self.read_register(offset + 4)?;
        loop {
            let low = self.read_register(offset)?;
            let again = self.read_register(offset + 4)?;
            if again == high {
                return Ok((high as u64) << 32 | low as u64);
            }
            high = again;
        }
    }
}

fn offset(register: Register) -> u32 {
    register.offset as u32
}
