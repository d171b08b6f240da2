//! `OsWalker` and `OsWeightRing`: the steps of an output-stationary array.

use super::array::Sent;
use super::passes::Pass;
use super::{Later, Layer};
use hw::Arch;

/// Cycles from the last step of a position to that of the next one at the least, for the accumulators.
const SHORTEST: u64 = 4;
/// From a step to the cycle in which its weights are read, for the last time or not.
const READ: u64 = 4;
/// From the last step of a pass to `ifmap_free`, and to its last psum's write, beside one for each row of its last position.
const FREE: u64 = 5;
const END: u64 = 10;

/// A pass in work.
struct Work {
    pass: Pass,
    /// Pairs of a channel and a filter column that are left, those of the chunk in work among them.
    pairs: u64,
    /// Steps of the position that have been sent, and positions of the chunk.
    step: u64,
    position: u64,
}

impl Work {
    /// Steps of a position of the chunk in work.
    fn steps(&self, layer: &Layer) -> u64 {
        self.pairs.min(layer.chunk) * layer.filter_rows
    }

    fn ends_position(&self, layer: &Layer) -> bool {
        self.step + 1 == self.steps(layer)
    }

    fn is_last_position(&self, layer: &Layer) -> bool {
        self.position + 1 == layer.positions
    }

    fn ends_pass(&self, layer: &Layer) -> bool {
        self.ends_position(layer) && self.is_last_position(layer) && self.pairs <= layer.chunk
    }

    /// Rows of the array that have psums of the position: those of its block, of `rows` if it is not the last one; all that have filters, where each PE has one.
    fn rows(&self, layer: &Layer, rows: Option<u64>) -> u64 {
        let is_last = self.position / layer.windows % layer.row_turns + 1 == layer.row_turns;
        rows.filter(|_| !is_last).unwrap_or(layer.last_rows)
    }
}

pub(super) struct Steps {
    /// Psums of a column that leave with a position that is in no last block.
    rows: Option<u64>,
    work: Option<Work>,
    /// Cycles until the last step of a position can be sent.
    hold: u64,
    // The ring: steps whose weights are there and that have not been sent, and those that have not been sent for the last time
    waiting: u64,
    held: u64,
    places: u64,
    frees: Later,
}

impl Steps {
    pub fn new(arch: &Arch) -> Steps {
        Steps {
            rows: (!arch.is_of_pixels()).then_some(arch.rows as u64),
            work: None,
            hold: 0,
            waiting: 0,
            held: 0,
            places: arch.weight_steps() as u64,
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
        let waits = (work.position == 0 && self.waiting == 0) || (work.ends_position(layer) && self.hold > 0);
        let (ends_pass, rows) = (work.ends_pass(layer), work.rows(layer, self.rows));
        (!waits).then(|| Sent {
            ends_pass,
            frees: (ends_pass && work.pass.post_free).then_some(rows + FREE),
            ends: (ends_pass && work.pass.post_psum_done).then_some(rows + END),
        })
    }

    pub fn step(&mut self, now: u64, layer: &Layer, line_end: bool, begins: Option<Pass>) {
        let sends = self.sent(layer).is_some();
        self.hold = self.hold.saturating_sub(1);
        let mut takes = false;
        if let Some(work) = self.work.as_mut().filter(|_| sends) {
            takes = work.position == 0;
            if work.is_last_position(layer) {
                self.frees.at(now + READ);
            }
            let (ends_position, ends_pass) = (work.ends_position(layer), work.ends_pass(layer));
            work.step += 1;
            if ends_position {
                self.hold = work.rows(layer, self.rows).max(SHORTEST) - 1;
                work.step = 0;
                work.position += 1;
                if work.position == layer.positions {
                    work.position = 0;
                    work.pairs = work.pairs.saturating_sub(layer.chunk);
                }
            }
            if ends_pass {
                self.work = None;
            }
        }
        if let Some(pass) = begins {
            self.work = Some(Work { pass, pairs: pass.channels * layer.filter_cols, step: 0, position: 0 });
        }
        self.waiting = self.waiting + u64::from(line_end) - u64::from(takes);
        self.held = self.held + u64::from(line_end) - u64::from(self.frees.happens(now));
    }
}
