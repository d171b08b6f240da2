//! Who is known to be done with what: vector clocks over the units that touch the global buffer.
//!
//! A unit's time is the number of its current command. A clock holds, for each unit, the last command of it that is known to be
//! complete. Posts carry the poster's clock; the k-th wait on a semaphore takes the k-th post's.

use super::{fault, Fault};
use std::collections::VecDeque;

/// Psum lanes at the most.
pub(super) const LANES: usize = 4;
const UNITS: usize = 3 + 2 * LANES;

/// A unit that touches the global buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Loader,
    Walker,
    Store,
    /// The feeder of a psum lane.
    Feeder(usize),
    /// The collector of a psum lane.
    Collector(usize),
}

impl Unit {
    fn index(self) -> usize {
        match self {
            Unit::Loader => 0,
            Unit::Walker => 1,
            Unit::Store => 2,
            Unit::Feeder(lane) => 3 + lane,
            Unit::Collector(lane) => 3 + LANES + lane,
        }
    }
}

/// For each unit, the last command that is known to be complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Clock([u32; UNITS]);

impl Clock {
    pub fn join(&mut self, other: &Clock) {
        self.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine = theirs.max(*mine));
    }

    pub fn knows(&self, unit: Unit) -> u32 {
        self.0[unit.index()]
    }

    pub fn learn(&mut self, unit: Unit, time: u32) {
        let known = &mut self.0[unit.index()];
        *known = time.max(*known);
    }
}

/// A counting semaphore.
#[derive(Clone, Debug, Default)]
pub(super) struct Semaphore(VecDeque<Clock>);

impl Semaphore {
    pub fn post(&mut self, clock: Clock) {
        self.0.push_back(clock);
    }

    /// Takes a count, if there is one, and what its poster knew.
    pub fn take(&mut self) -> Option<Clock> {
        self.0.pop_front()
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// The four semaphores.
#[derive(Clone, Debug, Default)]
pub(super) struct Semaphores {
    pub loaded: Semaphore,
    pub ifmap_free: Semaphore,
    pub psum_done: Semaphore,
    pub psum_free: Semaphore,
}

impl Semaphores {
    /// A fault unless all are at 0.
    pub fn check_balanced(&self) -> Result<(), Fault> {
        for (name, semaphore) in [
            ("loaded", &self.loaded),
            ("ifmap_free", &self.ifmap_free),
            ("psum_done", &self.psum_done),
            ("psum_free", &self.psum_free),
        ] {
            if semaphore.count() > 0 {
                return fault!("semaphore {name} is left at {}", semaphore.count());
            }
        }
        Ok(())
    }
}
