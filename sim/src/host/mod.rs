//! The surroundings of an accelerator: a host on AXI4-Lite and a DRAM on AXI4, written once for every engine.
//!
//! [`Host::cycle`] is one clock cycle of the core, and of the link what falls into it. The models read the settled outputs, check them against the protocol, and
//! set the inputs of the next cycle from registers of their own, so no path runs combinationally through them.

mod axi;
mod axi_pins;
mod dram;
mod error;
mod jitter;
mod link_clock;
mod lite;
mod memory;
mod progress;
mod run;

pub use axi_pins::qualify;
pub use dram::{Access, Dram, UNWRITTEN};
pub use error::HostError;
pub use memory::{Fault, FaultAt, MemoryTiming, Outside, Response, Traffic, Transfer};
pub use progress::progress_bar;
pub use run::{Counters, Job, Run, Status};

use crate::engine::{Edge, Engine, Pin};
use axi::AxiMemory;
use hw::registers::{counter_offset, COUNTERS};
use jitter::Jitter;
use link_clock::LinkPace;
use lite::LitePins;

/// Cycles of each clock for which [`Host::reset`] holds the reset.
pub const RESET_CYCLES: u64 = 4;

/// What can be chosen about the surroundings.
#[derive(Clone, Debug)]
pub struct HostConfig {
    /// The DRAM's speed.
    pub timing: MemoryTiming,
    /// What an access outside every region is.
    pub outside: Outside,
    /// Accesses that are answered with an error.
    pub faults: Vec<Fault>,
    /// Names and addresses of the accelerator's 64-bit counters.
    pub counters: Vec<(&'static str, u32)>,
}

impl Default for HostConfig {
    fn default() -> Self {
        let counters = COUNTERS.iter().enumerate().map(|(i, c)| (c.name, counter_offset(i) as u32)).collect();
        HostConfig { timing: Default::default(), outside: Default::default(), faults: Vec::new(), counters }
    }
}

/// The host's own delays, other ones than the memory's.
fn host_jitter(timing: &MemoryTiming) -> Jitter {
    Jitter::new(timing.jitter.map(|seed| !seed))
}

/// An accelerator on an engine, with a host and a DRAM around it.
pub struct Host<E: Engine> {
    engine: E,
    /// The memory.
    pub dram: Dram,
    memory: AxiMemory,
    lite: LitePins,
    irq: Pin,
    jitter: Jitter,
    /// Where the link has a clock of its own.
    pace: Option<LinkPace>,
    counter_list: Vec<(&'static str, u32)>,
}

impl<E: Engine> Host<E> {
    /// Connects an accelerator and resets it.
    pub fn new(engine: E, dram: Dram, config: HostConfig) -> Result<Self, HostError> {
        let memory = AxiMemory::new(&engine, &config)?;
        let lite = LitePins::new(&engine)?;
        let irq = engine.pin("irq")?;
        let jitter = host_jitter(&config.timing);
        let counter_list = config.counters;
        let pace = engine.has_link_clock().then(|| LinkPace::new(&config.timing));
        let mut host = Host { engine, dram, memory, lite, irq, jitter, pace, counter_list };
        host.reset()?;
        Ok(host)
    }

    /// The engine.
    pub fn engine(&self) -> &E {
        &self.engine
    }

    /// What has moved between the accelerator and the memory since the last reset.
    pub fn traffic(&self) -> Traffic {
        self.memory.traffic()
    }

    /// Which accesses are answered with an error from now on; see [`HostConfig`].
    pub fn set_errors(&mut self, faults: Vec<Fault>, outside: Outside) {
        self.memory.set_errors(faults, outside);
    }

    /// Gives the memory another speed, and the host other delays. To be called when nothing is on its way.
    pub fn set_timing(&mut self, timing: &MemoryTiming) {
        self.memory.set_timing(timing);
        self.jitter = host_jitter(timing);
        self.pace = self.pace.is_some().then(|| LinkPace::new(timing));
    }

    /// Level of the interrupt.
    pub fn irq(&self) -> bool {
        self.engine.get(self.irq) != 0
    }

    /// Resets the accelerator and forgets all transfers on their way. The memory keeps what it holds.
    pub fn reset(&mut self) -> Result<(), HostError> {
        self.memory.reset(&mut self.engine);
        self.lite.idle(&mut self.engine);
        self.engine.set_reset(true);
        for _ in 0..RESET_CYCLES {
            if self.pace.is_some() {
                self.engine.link_edge()?;
            }
            self.engine.step()?;
            self.memory.check_reset(&self.engine)?;
        }
        self.engine.set_reset(false);
        self.engine.settle()?;
        Ok(())
    }

    /// One clock cycle of the core.
    #[inline]
    pub fn cycle(&mut self) -> Result<(), HostError> {
        match self.pace.as_mut().map(LinkPace::edges) {
            None => self.link_cycle(Edge::Core),
            Some(edges) => {
                for _ in 0..edges {
                    self.link_cycle(Edge::Link)?;
                }
                Ok(self.engine.step()?)
            }
        }
    }

    /// One cycle of the link, which ends with this edge.
    #[inline]
    fn link_cycle(&mut self, edge: Edge) -> Result<(), HostError> {
        self.engine.settle()?;
        self.memory.observe(&self.engine, &mut self.dram)?;
        match edge {
            Edge::Core => self.engine.edge()?,
            Edge::Link => self.engine.link_edge()?,
        }
        self.memory.drive(&mut self.engine);
        self.engine.settle()?;
        Ok(())
    }

    /// `cycles` clock cycles.
    pub fn run_for(&mut self, cycles: u64) -> Result<(), HostError> {
        for _ in 0..cycles {
            self.cycle()?;
        }
        Ok(())
    }
}
