//! The array without local reuse: trees of multipliers, fed anew each cycle (Zhang et al., FPGA 2015, section 3; DianNao, ASPLOS 2014, section 5).
//!
//! In each cycle as many ifmap words as there are rows (Tn) are read from the buffer, each multicast to all columns (Tm); each multiplier takes its weight from
//! the *weight buffer* and each column's [`MatrixTree`] adds up its products. Nothing is kept where it is used. The weight buffer holds
//! `weight_tiles` weight tiles: the one in use, the others loaded ahead, two being a double buffer ([`NlrWeightSlots`]).
//!
//! # The schedule
//!
//! With the *launch* of a weight tile in cycle k, and L = ⌈log2 rows⌉ levels of the tree:
//!
//! | what | cycle |
//! |---|---|
//! | position p in the walker | k + 1 + p |
//! | all rows read the buffer for it | k + 2 + p |
//! | and the weight buffer | k + 5 + p |
//! | its psums leave the trees of all columns | k + 9 + L + p |
//! | and are in the accumulators from | k + 11 + L + p |
//! | the tile before makes room for another | k + 5, if it was in use |
//! | the next tile is launched, at the earliest | k + max(positions, 4), and the cycle after its last line was taken |
//!
//! So positions and lines of weights overlap over as many tiles as the weight buffer holds, and one does not wait for the other while on average there are no
//! more lines than positions.
//!
//! The end of a pass whose last tile is launched in cycle k with n positions: `ifmap_free` is posted in cycle k + n + 2. The rest is as in
//! [`crate::ws`], with the last psum complete in cycle d = k + n + L + 9.

mod array;
mod row;
mod weight_slots;

pub use array::NlrArray;
pub use row::NlrRow;
pub use weight_slots::NlrWeightSlots;

use crate::matrix::{levels, ArrayTiming};
use crate::Arch;

/// When the psums of `arch` meet their accumulators: seven cycles from a position in the array's first registers to its products, then the tree.
pub fn timing(arch: &Arch) -> ArrayTiming {
    let meets = 7 + levels(arch.rows);
    ArrayTiming { meets, skewed: false, flight: meets + 6 }
}
