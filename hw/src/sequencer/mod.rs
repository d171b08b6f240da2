//! The sequencer of the row-stationary array: turns pass commands into traffic between the global buffer and the array.

mod fields;
mod filter_staging;
mod filter_walker;
mod ifmap_loops;
mod ifmap_walker;
mod layer_in;
mod layer_registers;
mod psum_collector;
mod psum_collectors;
mod psum_feeder;
mod psum_feeders;
mod psum_walker;
mod read_stream;
mod rs_sequencer;

pub use fields::{LayerFields, PassFields, SourceFields, StreamFields};
pub use filter_staging::FilterStaging;
pub use filter_walker::FilterWalker;
pub use ifmap_loops::IfmapLoops;
pub use ifmap_walker::IfmapWalker;
pub use layer_in::{IfmapLayer, PsumLayer, SourceEntry};
pub use layer_registers::LayerRegisters;
pub use psum_collector::PsumCollector;
pub use psum_collectors::PsumCollectors;
pub use psum_feeder::PsumFeeder;
pub use psum_feeders::PsumFeeders;
pub use psum_walker::PsumWalker;
pub use read_stream::ReadStream;
pub use rs_sequencer::RsSequencer;

/// Width of an ifmap column, and of a number of columns.
pub const COLUMN_BITS: usize = 16;
/// Passes that the ifmap walker, the psum feeders and the psum collectors each can have waiting, so that successive passes overlap.
pub const QUEUED_PASSES: usize = 4;
/// Width of a counting semaphore.
pub const SEMAPHORE_BITS: usize = 8;
