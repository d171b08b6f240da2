//! The core of arrays that multiply by a matrix, whose columns are filters.
//!
//! [`MatrixPasses`] says which pass is in work. Where the rows are channels, [`MatrixWalker`] turns it into positions of the ofmap, a cycle each, and the array multiplies
//! what it reads for them by the weights of a *weight tile*. [`MatrixAccumulators`] add up its psums, [`MatrixDrainPath`] gives finished ones to the buffer;
//! [`MatrixWeightLoader`] brings the weights that come next meanwhile. The arrays are a list at the end of `core.rs`: [`crate::ws`] holds weights and is systolic,
//! [`crate::nlr`] reads them from a buffer and adds up in trees; in [`crate::os`] and [`crate::is`], which have walkers of their own, rows are rows of the ofmap, and psums stay, or of the ifmap, whose words stay and whose accumulators are banks.
//! Nothing stalls inside an array: what begins in a cycle ends a fixed number of cycles later, as its module says.

mod accumulator;
mod accumulators;
pub mod command;
pub mod control;
mod core;
mod drain;
mod drain_path;
mod drain_rows;
mod drain_windows;
mod events;
mod layer_registers;
mod multiplier;
mod passes;
mod position_loops;
mod reader;
mod rotator;
mod row_places;
mod streams;
mod tile_loops;
mod timing;
mod tree;
mod turn;
mod walker;
mod weight_loader;

pub use self::core::MatrixCore;
pub use accumulator::MatrixAccumulator;
pub use accumulators::MatrixAccumulators;
pub use drain::MatrixDrain;
pub use drain_path::MatrixDrainPath;
pub use drain_rows::MatrixDrainRows;
pub use drain_windows::MatrixDrainWindows;
pub use events::MatrixEvents;
pub use layer_registers::{MatrixLayerFields, MatrixLayerRegisters, PositionLayer, TileLayer};
pub use multiplier::MatrixMultiplier;
pub use passes::{MatrixPasses, PassInWork};
pub use position_loops::MatrixPositionLoops;
pub use reader::MatrixReader;
pub use rotator::MatrixRotator;
pub use row_places::MatrixRowPlaces;
pub use streams::{Position, WeightLine};
pub use tile_loops::MatrixTileLoops;
pub use timing::ArrayTiming;
pub use tree::{levels, MatrixTree};
pub use turn::MatrixTurn;
pub use walker::MatrixWalker;
pub use weight_loader::MatrixWeightLoader;

/// Passes that walker and weight loader each can have waiting.
pub const QUEUED_PASSES: usize = 4;
/// Width of an ifmap row or column number, two's complement: beyond what a tile and its padding can have.
pub const COORDINATE_BITS: usize = 18;
