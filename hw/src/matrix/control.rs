//! What travels with a position from the walker down the rows and on to the accumulators, a bit each.

use crate::arch::{Arch, Dataflow};

/// It is a position; the other bits mean nothing otherwise.
pub const RUN: usize = 0;
/// The first one of a weight tile: the next weights become the weights.
pub const SWAP: usize = 1;
/// Its psums are the first of their accumulators: what these hold counts as 0.
pub const FRESH: usize = 2;
/// The half of the accumulators.
pub const HALF: usize = 3;
/// The last one before the half is drained.
pub const END: usize = 4;
/// The last one that reads a tile of the ifmap, which is free then.
pub const FREE: usize = 5;
/// How many bits there are.
pub const BITS: usize = 6;

// Where the psums of several ofmap rows leave an array one after the other, two more say where a psum belongs. It is otherwise the place after the one before.

/// Beside that of the position before it, in the first of its ofmap rows.
pub const BESIDE: usize = 6;
/// In the ofmap row below the one before.
pub const BELOW: usize = 7;

/// How many bits come to the accumulators of `arch`.
pub fn bits(arch: &Arch) -> usize {
    match arch.dataflow {
        Dataflow::Os => 8,
        _ => BITS,
    }
}
