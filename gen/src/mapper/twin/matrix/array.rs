//! What the arrays are to the core: weight tiles past which positions stream, or steps, of psums or of words that stay.

use super::super::commands::Words;
use super::held::Held;
use super::passes::Pass;
use super::steps::Steps;
use super::tiles::Tiles;
use super::Layer;
use hw::{Arch, Dataflow};

/// What is sent to the array in a cycle, and the last of what it is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sent {
    pub ends_pass: bool,
    /// Its ifmap tile is free in so many cycles.
    pub frees: Option<u64>,
    /// Its half of the accumulators is complete in so many cycles, the cycle of the last write.
    pub ends: Option<u64>,
}

/// An array with its walker and its weights.
pub(super) enum Array {
    Tiles(Tiles),
    Steps(Steps),
    Held(Held),
}

impl Array {
    pub fn new(arch: &Arch) -> Array {
        match arch.dataflow {
            Dataflow::Os => Array::Steps(Steps::new(arch)),
            Dataflow::Is => Array::Held(Held::new(arch)),
            _ => Array::Tiles(Tiles::new(arch)),
        }
    }

    pub fn is_idle(&self) -> bool {
        match self {
            Array::Tiles(tiles) => tiles.is_idle(),
            Array::Steps(steps) => !steps.is_busy(),
            Array::Held(held) => !held.is_busy(),
        }
    }

    /// It takes no other pass yet.
    pub fn holds(&self) -> bool {
        match self {
            Array::Tiles(tiles) => tiles.holds(),
            Array::Steps(steps) => steps.is_busy(),
            Array::Held(held) => held.is_busy() || held.clears(),
        }
    }

    /// A layer begins, while nothing is on its way.
    pub fn clear(&mut self, layer: &Layer, command: &Words) {
        match self {
            Array::Tiles(tiles) => tiles.clear(layer, command),
            Array::Steps(_) => {}
            Array::Held(held) => held.clear(),
        }
    }

    /// Lines of weights can be written.
    pub fn room(&self) -> bool {
        match self {
            Array::Tiles(tiles) => tiles.room.room(),
            Array::Steps(steps) => steps.room(),
            Array::Held(held) => held.room(),
        }
    }

    /// What is sent in this cycle.
    pub fn sent(&self, layer: &Layer) -> Option<Sent> {
        match self {
            Array::Tiles(tiles) => tiles.sent(),
            Array::Steps(steps) => steps.sent(layer),
            Array::Held(held) => held.sent(),
        }
    }

    /// A cycle, in which a pass `begins` and the last line of a weight tile, or of a step's weights, comes with `line_end`.
    pub fn step(&mut self, now: u64, layer: &Layer, line_end: bool, begins: Option<Pass>) {
        match self {
            Array::Tiles(tiles) => tiles.step(now, layer, line_end, begins),
            Array::Steps(steps) => steps.step(now, layer, line_end, begins),
            Array::Held(held) => held.step(now, line_end, begins),
        }
    }
}
