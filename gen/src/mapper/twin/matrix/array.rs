//! What the arrays are to the core: weight tiles past which positions stream, or steps.

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
}

impl Array {
    pub fn new(arch: &Arch) -> Array {
        match arch.dataflow {
            Dataflow::Os => Array::Steps(Steps::new(arch)),
            _ => Array::Tiles(Tiles::new(arch)),
        }
    }

    pub fn is_idle(&self) -> bool {
        match self {
            Array::Tiles(tiles) => tiles.is_idle(),
            Array::Steps(steps) => !steps.is_busy(),
        }
    }

    /// It takes no other pass yet.
    pub fn holds(&self) -> bool {
        match self {
            Array::Tiles(tiles) => tiles.holds(),
            Array::Steps(steps) => steps.is_busy(),
        }
    }

    /// A layer begins, while nothing is on its way.
    pub fn clear(&mut self) {
        if let Array::Tiles(tiles) = self {
            tiles.room.clear();
        }
    }

    /// Lines of weights can be written.
    pub fn room(&self) -> bool {
        match self {
            Array::Tiles(tiles) => tiles.room.room(),
            Array::Steps(steps) => steps.room(),
        }
    }

    /// What is sent in this cycle.
    pub fn sent(&self, layer: &Layer) -> Option<Sent> {
        match self {
            Array::Tiles(tiles) => tiles.sent(),
            Array::Steps(steps) => steps.sent(layer),
        }
    }

    /// A cycle, in which a pass `begins` and the last line of a weight tile, or of a step's weights, comes with `line_end`.
    pub fn step(&mut self, now: u64, layer: &Layer, line_end: bool, begins: Option<Pass>) {
        match self {
            Array::Tiles(tiles) => tiles.step(now, layer, line_end, begins),
            Array::Steps(steps) => steps.step(now, layer, line_end, begins),
        }
    }
}
