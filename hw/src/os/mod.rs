//! The output-stationary arrays: psums stay, in the core of [`crate::matrix`], in the styles of ISCA 2016 ([`OsStyle`]).
//!
//! # Several channels, several pixels: `mop-mop`
//!
//! Pixels go from neighbour to neighbour (ShiDianNao, ISCA 2015). PE (i, j) works on filter j, and on one window of ofmap row b·rows + i: the rows of the array are a *block* of adjacent ofmap rows, so that several ofmap
//! channels and several of their rows are made at once (MOC-MOP in the terms of ISCA 2016). The psum stays in its PE for all steps of its window. A step is
//! a channel and a tap; all PEs of a column multiply by the same weight, all of a row by the same ifmap word.
//!
//! Ifmap row h of a tile (from the first tap of its first ofmap row on, padding included) is in the port (h div U) mod rows, U the vertical stride. In the
//! first U filter rows of a pair of channel and filter column every row of the array reads its own port. The words for filter row r + U of row i are those that
//! row i + 1 had for filter row r, U steps before; only the last row reads on, from the ports that follow ([`OsPastWords`]). So a word is read once for all
//! rows of a block.
//!
//! The weights of a *chunk* of steps are repeated for each position from a ring ([`OsWeightRing`]), filled ahead. After each chunk psums go up the columns to the
//! accumulators, which add up chunks and passes.
//!
//! # Several channels, one pixel: `mop-sop`
//!
//! PE (i, j) works on filter i · k + j of one window, for k filters in each of v rows ([`OsPixelArray`]): a step's ifmap word is broadcast to all PEs from the one port, and each PE has a weight of its own.
//! The ring holds steps of all PEs, which come four weights a cycle: v · ⌈k / 4⌉ cycles for a step that each position repeats, so tiles of as many positions hide them. Psums leave
//! up the columns, where each row's are another filter's; a column's accumulators hold v · positions of them. The schedule is the same, with v rows for each position.
//!
//! # One channel, several pixels: `sop-mop`
//!
//! ShiDianNao's array on one plane of the ofmap ([`OsPlaneArray`]). PE (i, j) works on window b·cols + j of ofmap row a·rows + i of one filter, so a position is `rows` adjacent rows of `cols` adjacent windows; all PEs multiply by the same weight, a word a step.
//! Filter columns φ, φ + V, φ + 2V, … are a *phase*, V the horizontal stride. For each channel, phase and filter row there is a *run* of as many steps as the phase has taps. Its first step, the *head*, gives each PE
//! of a row a word of its own, V apart; in each step after it, a PE takes the word of its right neighbour, and the last column one from outside, a *tail*.
//!
//! Ifmap rows lie in the ports as with `mop-mop`. A port reads `Arch::port_lanes` adjacent words at once, which are heads of `Arch::gathered` PEs; a head is sent with its last read, so it takes as many cycles as there are such reads (`FETCHES_M1` + 1). In the first U filter rows of a
//! phase all rows of the array read their own ports. For filter row r + U row i takes the heads and tails of row i + 1's filter row r, U runs before; only the last row reads on. Rows pass up [`PASSED_HEADS`] heads and [`PASSED_TAILS`] tails at the most.
//!
//! The chunks of [`OsPlaneLoops`] are channels. The ring ([`OsPlaneWeightRing`]) is filled by lines of four steps' weights, and gives up the rest of a pass's last line with its last step.
//!
//! # The schedule
//!
//! Nothing stalls inside the array. With step number t of a pass in the walker in cycle k + t, if none waits:
//!
//! | what | cycle |
//! |---|---|
//! | the pass begins | k − 1 |
//! | ports are read for step t | k + t + 1 |
//! | and the weight buffer, in `sop-mop` a cycle earlier | k + t + 4 |
//! | its products are in the psums from | k + t + 9 |
//! | a position whose last step is t leaves row i in | k + t + 10 + i |
//! | and is in the accumulators from | k + t + 12 + i |
//! | the place of a step's weights has room for others, after its last position, in `sop-mop` a cycle earlier, of a line's last step | k + t + 5 |
//! | the next pass begins, at the earliest | the cycle after the last step |
//!
//! In `sop-mop` the reads of a head before its last take a cycle each in which no step is sent. When a step waits is in [`OsWalker`].
//!
//! The end of a pass whose last step is sent in cycle z, with v ofmap rows in its last block: `ifmap_free` is posted in cycle z + v + 5, the last psum is complete in
//! cycle d = z + v + 10. The rest is as in [`crate::ws`].

mod array;
mod control;
mod filter_rows;
mod layer_registers;
mod leaving;
mod past_words;
mod pe;
mod pixel_array;
mod plane_array;
mod plane_layer_registers;
mod plane_loops;
mod plane_pe;
mod plane_reads;
mod plane_row;
mod plane_stages;
mod plane_weight_ring;
mod row;
mod step_flags;
mod step_loops;
mod style;
mod walker;
mod weight_ring;

pub use array::OsArray;
pub use control::OsControl;
pub use filter_rows::OsFilterRows;
pub use layer_registers::{OsLayerFields, OsLayerRegisters};
pub use leaving::OsLeaving;
pub use past_words::OsPastWords;
pub use pe::OsPe;
pub use pixel_array::OsPixelArray;
pub use plane_array::OsPlaneArray;
pub use plane_layer_registers::{OsPlaneLayerRegisters, PlaneLayerFields};
pub use plane_loops::{OsPlaneLoops, PlaneLayer};
pub use plane_pe::OsPlanePe;
pub use plane_reads::OsPlaneReads;
pub use plane_row::OsPlaneRow;
pub use plane_stages::OsPlaneStages;
pub use plane_weight_ring::OsPlaneWeightRing;
pub use row::OsRow;
pub use step_flags::OsStepFlags;
pub use step_loops::OsStepLoops;
pub use style::OsStyle;
pub use walker::OsWalker;
pub use weight_ring::OsWeightRing;

use crate::matrix::ArrayTiming;
use crate::Arch;

/// The largest vertical stride with which words go from row to row; a pass has no more filter rows than the stride with a larger one.
pub const MAX_STRIDE: usize = 12;

/// Heads that a PE of an array of one plane keeps for the row above: the largest vertical stride with which a pass has more filter rows.
pub const PASSED_HEADS: usize = 4;
/// Tails that a row of such an array keeps for the row above: vertical stride times taps of a phase after its first, in a pass of more filter rows than the stride.
pub const PASSED_TAILS: usize = 16;

/// When the psums of `arch` meet their accumulators.
pub fn timing(arch: &Arch) -> ArrayTiming {
    let counted = if arch.is_of_planes() { OsPlaneArray::counted(arch) } else { 0 };
    ArrayTiming { meets: 5, skewed: false, flight: (arch.rows + 16).max(counted) }
}
