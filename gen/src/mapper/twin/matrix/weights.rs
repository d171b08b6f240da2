//! `MatrixWeightLoader`, and where the weights of tiles go: `WsNextWeights`, `NlrWeightSlots`.

use super::super::parts::Queue;
use super::Layer;
use hw::{Arch, Dataflow};

pub(super) struct Loader {
    /// Channels of the passes to come.
    pub queue: Queue<u64>,
    /// Of the pass whose weights are taken, if there is one.
    channels: u64,
    // That have been taken: weight tiles of the channel group, lines of the tile
    taps: u64,
    lines: u64,
}

impl Loader {
    /// With a queue of so many passes.
    pub fn new(passes: usize) -> Loader {
        Loader { queue: Queue::new(passes), channels: 0, taps: 0, lines: 0 }
    }

    pub fn is_idle(&self) -> bool {
        self.channels == 0 && self.queue.is_empty()
    }

    pub fn is_ready(&self, room: bool) -> bool {
        self.channels > 0 && room
    }

    /// A cycle, in which a line is `taken`; whether it is the last one of a weight tile, of at most so many channels (`rows`).
    pub fn step(&mut self, taken: bool, rows: u64, layer: &Layer) -> bool {
        let mut line_end = false;
        if self.channels == 0 {
            self.channels = self.queue.head().copied().unwrap_or(0);
            self.queue.pop_if(self.channels > 0);
        } else if taken {
            self.lines += 1;
            line_end = self.lines == self.channels.min(rows) * layer.row_lines;
        }
        if line_end {
            self.lines = 0;
            self.taps += 1;
            if self.taps == layer.taps {
                self.taps = 0;
                self.channels = self.channels.saturating_sub(rows);
            }
        }
        self.queue.tick();
        line_end
    }
}

/// Where the weights of a tile go.
pub(super) enum Room {
    /// The PEs' next weights: loaded or not, cycles until they may be written.
    Next { loaded: bool, wait: u64, wait_cycles: u64 },
    /// Slots: filled and not launched, filled and not yet behind their use; whether one has been in use.
    Slots { waiting: u64, held: u64, used: bool, slots: u64 },
}

impl Room {
    pub fn new(arch: &Arch) -> Room {
        match arch.dataflow {
            Dataflow::Nlr => Room::Slots { waiting: 0, held: 0, used: false, slots: arch.weight_tiles as u64 },
            _ if arch.conv2d.is_some() => Room::Next { loaded: false, wait: 0, wait_cycles: 4 },
            _ => Room::Next { loaded: false, wait: 0, wait_cycles: arch.cols as u64 + 2 },
        }
    }

    /// A layer begins, before which all weights have been used.
    pub fn clear(&mut self) {
        if let Room::Slots { held, used, .. } = self {
            (*held, *used) = (0, false);
        }
    }

    /// The weights of the next tile are there.
    pub fn full(&self) -> bool {
        match self {
            Room::Next { loaded, .. } => *loaded,
            Room::Slots { waiting, .. } => *waiting > 0,
        }
    }

    /// A line can be written.
    pub fn room(&self) -> bool {
        match self {
            Room::Next { loaded, wait, .. } => !loaded && *wait == 0,
            Room::Slots { held, slots, .. } => held != slots,
        }
    }

    pub fn step(&mut self, line_end: bool, launches: bool, swaps: bool) {
        match self {
            Room::Next { loaded, wait, wait_cycles } => {
                *loaded = (*loaded || line_end) && !launches;
                *wait = if launches { *wait_cycles } else { wait.saturating_sub(1) };
            }
            Room::Slots { waiting, held, used, .. } => {
                *waiting = *waiting + u64::from(line_end) - u64::from(launches);
                *held = *held + u64::from(line_end) - u64::from(swaps && *used);
                *used |= swaps;
            }
        }
    }
}
