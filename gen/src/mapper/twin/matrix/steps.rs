//! `OsWalker` with `OsStepLoops` or `OsPlaneLoops`, and their weight rings: the steps of an output-stationary array.

use super::array::Sent;
use super::passes::Pass;
use super::{Later, Layer};
use hw::arch::FILTER_BUS_WORDS;
use hw::Arch;

/// Cycles from the last step of a position to that of the next one at the least, for the accumulators.
const SHORTEST: u64 = 4;
/// From a step to the cycle in which its weights are read, for the last time or not.
const READ: u64 = 4;
/// The same where all PEs have the same weight.
const PLANE_READ: u64 = 3;
/// From the last step of a pass to `ifmap_free`, and to its last psum's write, beside one for each row of its last position.
const FREE: u64 = 5;
const END: u64 = 10;

/// A pass in work.
struct Work {
    pass: Pass,
    /// Pairs of a channel and a filter column, or channels, that are left, those of the chunk in work among them.
    parts: u64,
    /// Steps of the position that have been sent, and positions of the chunk.
    step: u64,
    position: u64,
    /// Steps of a position of all chunks before.
    before: u64,
    /// Cycles until the next step can be sent, in which its words are read.
    fetches: u64,
}

impl Work {
    /// Steps of a position of the chunk in work.
    fn steps(&self, layer: &Layer) -> u64 {
        self.parts.min(layer.chunk) * layer.part_steps
    }

    fn ends_position(&self, layer: &Layer) -> bool {
        self.step + 1 == self.steps(layer)
    }

    fn is_last_position(&self, layer: &Layer) -> bool {
        self.position + 1 == layer.positions
    }

    /// The step is the pass's last, in any position.
    fn completes(&self, layer: &Layer) -> bool {
        self.ends_position(layer) && self.parts <= layer.chunk
    }

    /// Steps whose weights come with the line of the step and are no later than it, and those that come with it alone as it is the pass's last.
    fn of_line(&self, layer: &Layer, line: u64) -> (u64, u64) {
        let words = (self.before + self.step) % line + 1;
        (words, if self.completes(layer) { line - words } else { 0 })
    }

    /// Rows of the array that have psums of the position: those of its block, of `rows` if it is not the last one; all that have filters, where each PE has one.
    fn rows(&self, layer: &Layer, rows: Option<u64>) -> u64 {
        let is_last = self.position / layer.windows % layer.row_turns + 1 == layer.row_turns;
        rows.filter(|_| !is_last).unwrap_or(layer.last_rows)
    }
}

/// Cycles before a step in which its words are read: the first one of a run takes more than its own.
fn fetches(layer: &Layer, step: u64) -> u64 {
    if layer.fetches == 0 {
        return 0;
    }
    let step = step % layer.part_steps;
    let (step, taps) = match step.checked_sub(layer.long_steps) {
        None => (step, layer.phase_taps),
        Some(step) => (step, layer.phase_taps - 1),
    };
    match step.is_multiple_of(taps) {
        true => layer.fetches,
        false => 0,
    }
}

pub(super) struct Steps {
    /// Psums of a column that leave with a position that is in no last block.
    rows: Option<u64>,
    work: Option<Work>,
    /// Cycles until the last step of a position can be sent.
    hold: u64,
    // The ring: steps whose weights are there and that have not been sent, and places whose steps have not all been sent for the last time
    waiting: u64,
    held: u64,
    places: u64,
    /// Steps of a place.
    line: u64,
    read: u64,
    frees: Later,
}

impl Steps {
    pub fn new(arch: &Arch) -> Steps {
        let (line, read) = if arch.is_of_planes() { (FILTER_BUS_WORDS as u64, PLANE_READ) } else { (1, READ) };
        Steps {
            rows: (!arch.is_of_pixels()).then_some(arch.rows as u64),
            work: None,
            hold: 0,
            waiting: 0,
            held: 0,
            places: arch.weight_steps() as u64 / line,
            line,
            read,
            frees: Later::default(),
        }
    }

    pub fn is_busy(&self) -> bool {
        self.work.is_some()
    }

    pub fn room(&self) -> bool {
        self.held != self.places
    }

    /// The step that is sent in this cycle.
    pub fn sent(&self, layer: &Layer) -> Option<Sent> {
        let work = self.work.as_ref()?;
        let waits = work.fetches > 0
            || (work.position == 0 && self.waiting == 0)
            || (work.ends_position(layer) && self.hold > 0);
        let ends_pass = work.completes(layer) && work.is_last_position(layer);
        let rows = work.rows(layer, self.rows);
        (!waits).then(|| Sent {
            ends_pass,
            frees: (ends_pass && work.pass.post_free).then_some(rows + FREE),
            ends: (ends_pass && work.pass.post_psum_done).then_some(rows + END),
        })
    }

    pub fn step(&mut self, now: u64, layer: &Layer, line_end: bool, begins: Option<Pass>) {
        let sends = self.sent(layer).is_some();
        self.hold = self.hold.saturating_sub(1);
        let mut taken = 0;
        if let Some(work) = self.work.as_mut() {
            work.fetches = work.fetches.saturating_sub(1);
        }
        if let Some(work) = self.work.as_mut().filter(|_| sends) {
            let (words, beside) = work.of_line(layer, self.line);
            if work.position == 0 {
                taken = 1 + beside;
            }
            if work.is_last_position(layer) && words + beside == self.line {
                self.frees.at(now + self.read);
            }
            let ends_pass = work.completes(layer) && work.is_last_position(layer);
            let ends_position = work.ends_position(layer);
            work.step += 1;
            if ends_position {
                self.hold = work.rows(layer, self.rows).max(SHORTEST) - 1;
                work.step = 0;
                work.position += 1;
                if work.position == layer.positions {
                    work.position = 0;
                    work.before += work.steps(layer);
                    work.parts = work.parts.saturating_sub(layer.chunk);
                }
            }
            work.fetches = fetches(layer, work.step);
            if ends_pass {
                self.work = None;
            }
        }
        if let Some(pass) = begins {
            let parts = pass.channels * layer.channel_parts;
            self.work = Some(Work { pass, parts, step: 0, position: 0, before: 0, fetches: layer.fetches });
        }
        self.waiting = self.waiting + self.line * u64::from(line_end) - taken;
        self.held = self.held + u64::from(line_end) - u64::from(self.frees.happens(now));
    }
}
