//! `IsWalker` and `IsWeightRing`: the steps of an input-stationary array.

use super::super::commands::Words;
use super::array::Sent;
use super::passes::Pass;
use super::Layer;
use hw::matrix::command::pass;
use hw::Arch;
use std::collections::VecDeque;

/// From a step to the cycle in which its weights are read, for the last time or not.
const READ: u64 = 4;
/// From the last step of a pass to `ifmap_free`, and to its last psum's write.
const FREE: u64 = 2;
const END: u64 = 9;

/// Weights of a channel of a PASS, and its steps.
pub(super) fn taps_and_steps(layer: &Layer, command: &Words) -> (u64, u64) {
    let (cols, stride) = (pass::FILTER_COLS.get(command), layer.stride_w);
    // The first column's filter columns and its window
    let (mut phase, mut base) = (pass::PHASE.get(command), pass::BASE.get(command));
    let mut window = pass::WINDOW.get(command);
    let mut taps = 0;
    for _ in 0..pass::COLUMNS_M1.get(command) + 1 {
        let behind = cols.saturating_sub(1 + base + phase) / stride;
        taps += behind.min(window) + 1;
        phase += 1;
        if phase == stride || phase == cols {
            phase = 0;
            match window + 1 < layer.windows {
                true => window += 1,
                false => base += stride,
            }
        }
    }
    let blocks = pass::BLOCKS_M1.get(command) + 1;
    (pass::TAPS.get(command), layer.images * blocks * layer.filter_rows * taps)
}

/// A pass in work.
struct Work {
    pass: Pass,
    channels: u64,
    /// Steps of the channel that are left, and whether there was one.
    left: u64,
    opens: bool,
}

pub(super) struct Held {
    work: Option<Work>,
    // The ring: taps whose weights are there and whose channel has not begun, and those of channels that are not done
    waiting: u64,
    held: u64,
    places: u64,
    /// Cycles in which so many are done.
    frees: VecDeque<(u64, u64)>,
    /// Cycles for which banks are cleared.
    clearing: u64,
    bank_places: u64,
}

impl Held {
    pub fn new(arch: &Arch) -> Held {
        Held {
            work: None,
            waiting: 0,
            held: 0,
            places: arch.weight_steps() as u64,
            frees: VecDeque::new(),
            clearing: 0,
            bank_places: arch.bank_places() as u64,
        }
    }

    pub fn is_busy(&self) -> bool {
        self.work.is_some()
    }

    pub fn clears(&self) -> bool {
        self.clearing > 0
    }

    /// A layer begins.
    pub fn clear(&mut self) {
        self.clearing = self.bank_places + 1;
    }

    pub fn room(&self) -> bool {
        self.held != self.places
    }

    /// The step that is sent in this cycle.
    pub fn sent(&self) -> Option<Sent> {
        let work = self.work.as_ref()?;
        let waits = work.opens && self.waiting < work.pass.taps;
        let ends_pass = work.left == 1 && work.channels == 1;
        (!waits).then(|| Sent {
            ends_pass,
            frees: (ends_pass && work.pass.post_free).then_some(FREE),
            ends: (ends_pass && work.pass.post_psum_done).then_some(END),
        })
    }

    pub fn step(&mut self, now: u64, line_end: bool, begins: Option<Pass>) {
        let sent = self.sent();
        self.clearing = self.clearing.saturating_sub(1);
        self.waiting += u64::from(line_end);
        self.held += u64::from(line_end);
        if let Some(work) = self.work.as_mut().filter(|_| sent.is_some()) {
            if work.opens {
                self.waiting -= work.pass.taps;
            }
            work.opens = work.left == 1;
            work.left -= 1;
            if work.left == 0 {
                self.frees.push_back((now + READ, work.pass.taps));
                work.left = work.pass.steps;
                work.channels -= 1;
            }
            if work.channels == 0 {
                self.work = None;
            }
        }
        if let Some(pass) = begins {
            self.work = Some(Work { pass, channels: pass.channels, left: pass.steps, opens: true });
        }
        if let Some((_, taps)) = self.frees.front().copied().filter(|(cycle, _)| *cycle == now) {
            self.frees.pop_front();
            self.held -= taps;
        }
    }
}
