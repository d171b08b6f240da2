//! Weight-stationary convolution engines: pixels shift past a grid of weights by way of row FIFOs (NeuFlow, CVPRW 2011; nn-X, CVPRW 2014), in
//! the core of [`crate::matrix`].
//!
//! An engine works on a channel. Pixels of its ifmap tile, padding included, enter in raster order, one a cycle; a [`ConvWindow`] keeps the last K rows and in registers the K × K
//! pixels of the *window* that ends with the pixel. PE (i, j) of the array has a weight of filter j, row i = g·K² + a·K + b being a tap of engine g, for the pixel a rows above
//! the last one and b columns before it. A window goes to the PEs of all columns, each of which multiplies it by the weights that it holds, and a tree adds
//! up what all engines make of it. As many channels as there are engines are worked on side by side.
//!
//! A filter is cut into *pieces* of at most K × K taps, a weight tile each. With strides U and V a piece has taps φ + U·q and ψ + V·p, and what shifts through the engine are
//! the pixels U rows and V columns apart that it meets ([`ConvPieceLoops`]). So each piece is a convolution of strides of 1, in which every pixel but those of the first rows and columns
//! ends a whole window, where nn-X computes all and drops what is not on the stride. Taps that a piece does not have, and windows that are not
//! whole, do not reach the multipliers.
//!
//! Each pixel is read once for all of its taps in a piece; the buffer has a port for each engine.
//!
//! # The schedule
//!
//! Nothing stalls inside. With kh × kw taps of a piece, an ofmap tile of n images, e rows, f windows has P = n · (e + kh − 1) · (f + kw − 1) pixels.
//! With the *launch* of a weight tile in cycle k, and L = ⌈log2 rows⌉ levels of the trees:
//!
//! | what | cycle |
//! |---|---|
//! | pixel p in the walker | k + 1 + p |
//! | all engines read the buffer for it | k + 2 + p |
//! | and their row FIFOs | k + 4 + p |
//! | the weights of the tile become those of the PEs | k + 6 |
//! | the window that pixel p ends is in the engines' registers | k + 6 + p |
//! | its psums leave the trees of all columns | k + 9 + L + p |
//! | and are in the accumulators from | k + 11 + L + p |
//! | the next tile's first line of weights is taken, at the earliest | k + 5 |
//! | the next tile is launched, at the earliest | k + P, with N < 4 windows k + P + 4 − N, and the cycle after its last line was taken |
//!
//! so that a tile of l lines that are all staged takes max(P + max(4 − N, 0), 5 + l) cycles, N = n · e · f of which have a window. l is the taps of the piece times
//! the channels of the group times a quarter of the filters, rounded up.
//!
//! Multipliers that have a tap are busy N of P cycles: a tile of 56 × 56 windows and K = 3 makes 93 %, 14 × 14 makes 77 %, a window alone 11 %.
//!
//! The end of a pass whose last tile is launched in cycle k: `ifmap_free` is posted in cycle k + P + 2, the last psum is complete in cycle
//! d = k + P + L + 9. The rest is as in [`crate::ws`].

mod array;
mod engine;
mod layer_registers;
mod pe;
mod phase_loops;
mod piece_loops;
mod raster;
mod row;
mod taps;
mod walker;
mod weight_places;
mod window;

pub use array::ConvArray;
pub use engine::ConvEngine;
pub use layer_registers::{ConvLayerFields, ConvLayerRegisters, PhaseLayer};
pub use pe::ConvPe;
pub use phase_loops::ConvPhaseLoops;
pub use piece_loops::ConvPieceLoops;
pub use raster::ConvRaster;
pub use row::ConvRow;
pub use taps::{pieces, Piece};
pub use walker::{ConvWalker, Pixel};
pub use weight_places::ConvWeightPlaces;
pub use window::ConvWindow;

use crate::matrix::{levels, ArrayTiming};
use crate::Arch;

/// When the psums of `arch` meet their accumulators: seven cycles from a pixel in the array's first registers to the products of its window, then the tree.
pub fn timing(arch: &Arch) -> ArrayTiming {
    let meets = 7 + levels(arch.rows);
    ArrayTiming { meets, skewed: false, flight: meets + 6 }
}
