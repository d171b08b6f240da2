//! The weight-stationary array: a systolic matrix unit (TPU, ISCA 2017), in the core of [`crate::matrix`].
//!
//! [`WsRow`]s read the ifmap words of positions and pass them on to the right; psums go down to the accumulators. Each [`WsPe`] holds its weight and
//! the next one, which [`WsNextWeights`] guards: it is written once the swap of the one before has passed every column.
//!
//! # The schedule
//!
//! Nothing stalls inside: what begins in a cycle ends a fixed number of cycles later. With the *launch* of a weight tile in cycle k:
//!
//! | what | cycle |
//! |---|---|
//! | a pass is taken into the queue at the earliest, if it is a program's first | k − 2 |
//! | position p in the walker | k + 1 + p |
//! | row i reads the buffer for it | k + 2 + p + i |
//! | PE (i, j) takes its word | k + 5 + p + i + j |
//! | its psum leaves the bottom of column j | k + 8 + p + rows + j |
//! | and is in the accumulator from | k + 10 + p + rows + j |
//! | the next tile's first line of weights is taken, at the earliest | k + cols + 3 |
//! | the next tile is launched, at the earliest | k + max(positions, 4), and the cycle after its last line was taken |
//!
//! so that a tile of L lines that are all staged takes max(positions, 4, cols + 3 + L) cycles. L is the rows that take part times a quarter of
//! the filters, rounded up. A layer's or a program's first tile has its weights L + 2 cycles after its pass was taken, at the earliest.
//!
//! The end of a pass whose last tile is launched in cycle k with n positions: `ifmap_free` is posted in cycle k + n + rows + 1.
//! With `PASS_POST_PSUM_DONE` the last psum is complete in cycle d = k + n + rows + cols + 7 (its write), the drain starts in
//! d + 1 or in the cycle after `psum_free` was posted, if it waits for it and that is later; with a start in cycle s it reads from s + 1 on,
//! min(FILTERS, lane_cols) · n psums of each lane, one a cycle, writes each 2 cycles later, and posts `psum_done` with the last write, in
//! s + 2 + min(FILTERS, lane_cols) · n. The half can be used by a pass that begins in the cycle after the last read.
//! As a pass with `PASS_FIRST` works on the other half, a drain overlaps the passes of one ofmap tile, the one behind it.

mod array;
mod next_weights;
mod pe;
mod row;

pub use array::WsArray;
pub use next_weights::WsNextWeights;
pub use pe::WsPe;
pub use row::WsRow;

use crate::matrix::ArrayTiming;
use crate::Arch;

/// When the psums of `arch` meet their accumulators: two cycles for the buffer, one to the first PE and four in it.
pub fn timing(arch: &Arch) -> ArrayTiming {
    ArrayTiming { meets: 7, skewed: true, flight: arch.rows + arch.cols + 10 }
}
