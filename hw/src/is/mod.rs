//! The input-stationary array: activations held, weights streamed, psums scattered to banks of accumulators (SCNN, ISCA 2017, with dense operands), in the core of
//! [`crate::matrix`].
//!
//! PE (i, j) works on filter j and holds a word of ifmap row i of a *block* of the ifmap. With vertical stride U, ifmap rows are taken in groups of U, from the group
//! on that has the tile's first row; group B·rows + i is row i's in block B, and lies in port i. All rows hold a word of the same column and the same row ρ of their groups, for all
//! its taps: filter rows r = ρ + U·q and filter columns s = φ + V·p, φ the column's remainder by the horizontal stride V. So each word of a tile is read
//! once for all of its taps, and padding is never held.
//!
//! The weight of a tap is broadcast down each column, a tap a cycle, out of a ring that has all weights of a channel ([`IsWeightRing`]). The product of
//! group g is for ofmap row g − q: bank (g − q) mod rows of its column, a rotation by q ([`crate::matrix::MatrixRotator`]), which is what SCNN's crossbar comes to
//! where words of a cycle are adjacent. A bank reads, adds and writes a psum a cycle ([`IsBank`]), and has two halves: one is added to, one is drained.
//! A drain clears what it reads, and a LAYER command everything.
//!
//! A word meets a weight where [`IsWalker`] says, with its tap, ofmap row and place in the bank, so this is where operands would come compressed: what the walker
//! counts (columns that have a word, taps that have a weight) would be read with the words instead. From [`IsRow`] on nothing would change but that a
//! rotation no longer says where each product belongs.
//!
//! # The schedule
//!
//! Nothing stalls inside the array. With step number t of a pass in the walker in cycle k + t, if none waits:
//!
//! | what | cycle |
//! |---|---|
//! | the pass begins | k − 1 |
//! | ports are read, if step t is the first of its column | k + t + 1 |
//! | and the weight buffer | k + t + 4 |
//! | its products are at the rotators | k + t + 8 |
//! | and are in the banks from | k + t + 10 |
//! | the weights of a channel make room for others, after its last step | k + t + 5 |
//! | the next pass begins, at the earliest | the cycle after the last step |
//!
//! The first step of a channel waits until all of its weights are there. No pass begins while a LAYER command clears the banks, in the cycles after it, as many as a bank has places.
//!
//! The end of a pass whose last step is sent in cycle z: `ifmap_free` is posted in cycle z + 2, the last psum is complete in cycle d = z + 9. The rest is as in
//! [`crate::ws`].

mod array;
mod bank;
mod bank_control;
mod column;
mod drain_places;
mod layer_registers;
mod passes;
mod pe;
mod row;
mod strip_loops;
mod tap_loops;
mod walker;
mod weight_ring;

pub use array::IsArray;
pub use bank::IsBank;
pub use bank_control::IsBankControl;
pub use column::IsColumn;
pub use drain_places::IsDrainPlaces;
pub use layer_registers::{IsLayerFields, IsLayerRegisters};
pub use passes::{IsPassFields, IsPasses};
pub use pe::IsPe;
pub use row::IsRow;
pub use strip_loops::IsStripLoops;
pub use tap_loops::IsTapLoops;
pub use walker::IsWalker;
pub use weight_ring::IsWeightRing;

use crate::matrix::command::pass;
use crate::matrix::{levels, ArrayTiming};
use crate::rtl::count_bits;
use crate::Arch;

/// Width of a count of the weights of a channel in a pass.
pub(crate) fn tap_bits(arch: &Arch) -> usize {
    count_bits(arch.weight_steps()).min(pass::TAPS.bits)
}

/// When the psums of `arch` are in their banks. They meet no other accumulators.
pub fn timing(arch: &Arch) -> ArrayTiming {
    ArrayTiming { meets: 5, skewed: false, flight: levels(arch.rows) + 12 }
}
