//! The fields of `LAYER` and `PASS` that arrays which multiply by a matrix execute. Other commands, flags and semaphores are as in [`crate::program`].
//!
//! A pass works on a tile of the ofmap, `IMAGES` × `ROWS` × `WINDOWS` positions of up to `cols` filters, and on a tile of the ifmap, `C_VALID` channels.
//! PE row i works on the channels c with c mod rows = i: *channel group* g is the channels g·rows to g·rows + rows − 1. For each channel group, filter row
//! and filter column, in this order, the array holds a *weight tile* of at most rows × cols words, and all positions (image, row, window)
//! stream past it. Accumulators keep a psum for each position and filter, from the pass with `PASS_FIRST` to the one with
//! `PASS_POST_PSUM_DONE`, at whose end they are written to the buffer.
//!
//! In output-stationary arrays ([`crate::os`]) the rows of the array are adjacent rows of the ofmap tile, a *block* of it. `ROWS_M1` counts blocks, channel groups are single
//! channels, `ROW_STEP` leads from a block to the next; a tile of the ifmap lies in the ports as `crate::os` has it.

/// Fields of `LAYER`. A name that ends in `_M1` holds a count less one.
pub mod layer {
    use crate::program::{field, Field};
    /// Filter rows R, less one.
    pub const FILTER_ROWS_M1: Field = field(1, 0, 16);
    /// Filter columns S, less one.
    pub const FILTER_COLS_M1: Field = field(1, 16, 16);
    /// Vertical stride U.
    pub const STRIDE_H: Field = field(1, 32, 16);
    /// Horizontal stride U.
    pub const STRIDE_W: Field = field(1, 48, 16);
    /// Windows of a row of the ofmap tile, less one.
    pub const WINDOWS_M1: Field = field(2, 0, 16);
    /// Images of a pass, less one.
    pub const IMAGES_M1: Field = field(2, 16, 16);
    /// Arithmetic shift right of each product.
    pub const PSUM_SHIFT: Field = field(2, 32, 8);
    /// Rows of the ofmap tile, less one.
    pub const ROWS_M1: Field = field(2, 48, 16);
    /// Filters of the pass that exist, 1 to `cols`. Weight tiles hold these alone, in whole lines of four words; only their psums are written to the buffer.
    pub const FILTERS: Field = field(3, 0, 16);
    /// Width of the ifmap tile, words; columns outside 0..W are zero.
    pub const ROW_WIDTH: Field = field(3, 16, 16);
    /// Port words from a channel group of a tile to the next.
    pub const GROUP_STRIDE: Field = field(3, 32, 32);
    /// Port words from an image of a tile to the next.
    pub const IMAGE_STRIDE: Field = field(4, 0, 32);
    /// Port words by which a tile's row differs from the one of the window above: STRIDE_H · ROW_WIDTH.
    pub const ROW_STEP: Field = field(4, 32, 32);
    /// Buffer lines from a filter's psums to the next filter's: images · rows · windows.
    pub const PSUM_FILTER_STRIDE: Field = field(5, 0, 32);
    // Of output-stationary arrays alone
    /// Pairs of a channel and a filter column whose weights are repeated for each position, less one.
    pub const CHUNK_M1: Field = field(6, 0, 16);
    /// Ofmap rows of the tile's last block, 1 to the rows of the array.
    pub const LAST_ROWS: Field = field(6, 16, 16);
    /// Ifmap rows by which a block differs from the one above: STRIDE_H · rows of the array.
    pub const BLOCK_STEP: Field = field(6, 32, 16);
}

/// Fields of `PASS`.
pub mod pass {
    use crate::program::{field, Field};
    /// Port word of the tile's row `Y_START`, column `X_START` of image 0, channel group 0 (modulo the width of a word address: in the
    /// padding it lies before the tile).
    pub const TILE: Field = field(1, 0, 32);
    /// Ifmap column of the first window's first tap within the tile, two's complement (negative in the left padding).
    pub const X_START: Field = field(1, 32, 16);
    /// Channels of the tile that exist, at least one.
    pub const C_VALID: Field = field(1, 48, 16);
    /// Ifmap row of the first window's first tap within the tile, two's complement (negative in the padding above).
    pub const Y_START: Field = field(2, 0, 16);
    /// Rows of the tile; rows outside 0..H are zero.
    pub const ROWS: Field = field(2, 16, 16);
    /// Buffer line of the pass's psums, in each lane.
    pub const PSUM: Field = field(3, 0, 32);
}
