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
//!
//! Where all PEs work on one pixel (`Arch::is_of_pixels`), PE (i, j) is filter i · FILTERS + j of the pass: `FILTERS` are those of a row, `LAST_ROWS` the rows that have filters. `ROWS_M1` counts ofmap
//! rows, `BLOCK_STEP` is STRIDE_H; tiles of the ifmap lie in the one port as those of an array of one row do. The buffer takes the psums of row 0, behind them those of row 1 and so on.
//!
//! Where all PEs work on one plane (`Arch::is_of_planes`), a pass has one filter, and a position is adjacent windows, one for each column of the array: `WINDOWS_M1` counts these positions of a row, `CHUNK_M1` channels.
//! The psums of a filter lie in the first lane, window by window as elsewhere.
//!
//! In input-stationary arrays ([`crate::is`]) they are adjacent groups of STRIDE_H rows of the ifmap tile, a block of it, from the group on that its first row is in. `FILTER_COLS_M1` is 0, as
//! a pass has its own number of filter columns, for a part of a filter's; `TILE` is the port word of the first column's k, φ = 0, in row ρ = 0 of its group, `Y_START` that
//! row's number in the tile, 0 or less. A pass that nothing of the ifmap meets has one column, and a tile of no rows.
//!
//! With convolution engines ([`crate::conv2d`]) a channel group has a channel for each engine, i is the engine, and a weight tile holds at most K × K taps of a filter, a *piece* of it.

/// Fields of `LAYER`. A name that ends in `_M1` holds a count less one.
pub mod layer {
    use crate::program::{field, Field};
    /// Filter rows of a pass, less one: R, or those of a height segment.
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
    /// Filters of the pass (of a row of PEs, if each has one) that exist, 1 to `cols`. Weight tiles hold these alone, in whole lines of four words; only their psums are written to the buffer.
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
    /// Ofmap rows of the tile's last block, or rows of PEs that have filters, 1 to the rows of the array.
    pub const LAST_ROWS: Field = field(6, 16, 16);
    /// Ifmap rows by which a block differs from the one above: STRIDE_H · ifmap ports. Of input-stationary arrays, too.
    pub const BLOCK_STEP: Field = field(6, 32, 16);
    // Of arrays of one ofmap plane alone; `PHASES_W_M1` to `PHASE_TAPS_W` as with convolution engines
    /// Words that a row passes up apart from those that a filter row of a phase begins with, for the first phases: STRIDE_H · (PHASE_TAPS_W − 1), or 0 if none are passed up.
    pub const TAILS: Field = field(2, 40, 8);
    /// Ifmap columns from what one read of a port gives the array's columns to what the next one does: STRIDE_W · `Arch::gathered`.
    pub const FETCH_STEP: Field = field(5, 32, 16);
    /// Columns of the array that have windows in the last of a row's positions, 1 to the columns.
    pub const LAST_COLS: Field = field(5, 48, 16);
    /// Ifmap columns from a position to the next one of its row: STRIDE_W · `cols`.
    pub const WINDOW_STEP: Field = field(6, 48, 16);
    /// Reads that give all columns of the array a word, less one.
    pub const FETCHES_M1: Field = field(7, 48, 16);
    // Of input-stationary arrays alone
    /// Places in a bank from an image's psums to the next's: windows of each block of as many ofmap rows as the array has rows.
    pub const IMAGE_PLACES: Field = field(6, 0, 16);
    /// Taps from a filter column to the one STRIDE_W further on: R · STRIDE_W, if a pass has it.
    pub const TAP_STEP: Field = field(6, 16, 16);
    // Of convolution engines alone. Filter rows φ, φ + STRIDE_H, … are a phase, of which each K are a piece, as are filter columns by STRIDE_W.
    /// Port words from a piece of filter rows to the next of its phase: PIECE_ROWS · ROW_WIDTH.
    pub const PIECE_ROW_WORDS: Field = field(5, 32, 32);
    /// Phases of filter rows, less one: min(R, STRIDE_H) − 1.
    pub const PHASES_H_M1: Field = field(6, 0, 16);
    /// Those of the first phases that have `PHASE_TAPS_H` rows; the others have one less.
    pub const LONG_PHASES_H: Field = field(6, 16, 16);
    /// Filter rows of the first phase, ⌈R / STRIDE_H⌉.
    pub const PHASE_TAPS_H: Field = field(6, 32, 16);
    /// Ifmap rows from a piece to the next of its phase: K · STRIDE_H, if there is a next one.
    pub const PIECE_ROWS: Field = field(6, 48, 16);
    /// The same of filter columns.
    pub const PHASES_W_M1: Field = field(7, 0, 16);
    /// The same of filter columns.
    pub const LONG_PHASES_W: Field = field(7, 16, 16);
    /// The same of filter columns.
    pub const PHASE_TAPS_W: Field = field(7, 32, 16);
    /// The same of columns.
    pub const PIECE_COLS: Field = field(7, 48, 16);
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
    // Of arrays of one ofmap plane alone
    /// Lines of four weights of the pass: those of its steps in their order, the last line filled up.
    pub const WEIGHT_LINES: Field = field(3, 32, 16);
    // Of input-stationary arrays alone. A column is one of the tile that a tap of the pass reaches; with k and φ its column from the first window's first tap on, divided by
    // STRIDE_W, windows min(k, windows − 1) and before meet it.
    /// Tap of a channel that the first column's first window has: R · (BASE + PHASE).
    pub const FIRST_TAP: Field = field(3, 32, 16);
    /// Filter columns of the pass.
    pub const FILTER_COLS: Field = field(4, 0, 16);
    /// Taps of a channel: R · FILTER_COLS.
    pub const TAPS: Field = field(4, 16, 16);
    /// Columns, less one.
    pub const COLUMNS_M1: Field = field(4, 32, 16);
    /// Pairs of a channel and a filter column: C_VALID · FILTER_COLS.
    pub const PAIRS: Field = field(4, 48, 16);
    /// φ of the first column.
    pub const PHASE: Field = field(5, 0, 16);
    /// Filter columns that windows of its k are behind its first one: STRIDE_W · (k − WINDOW).
    pub const BASE: Field = field(5, 16, 16);
    /// R · BASE.
    pub const BASE_TAP: Field = field(5, 32, 16);
    /// Its first window, min(k, windows − 1).
    pub const WINDOW: Field = field(5, 48, 16);
    /// Ofmap row that the first tap of the array's first row is for: ifmap rows before the tile, divided by STRIDE_H.
    pub const FIRST_ROW: Field = field(6, 0, 16);
    /// Row of the array whose first tap is for ofmap row 0, modulo the rows: −FIRST_ROW modulo the rows of the array.
    pub const ROTATION: Field = field(6, 16, 16);
    /// Place in a bank of window 0 in the block of FIRST_ROW, or, if it is not the block's first row, in the block after it.
    pub const FIRST_PLACE: Field = field(6, 32, 16);
    /// Blocks of the ifmap tile, less one.
    pub const BLOCKS_M1: Field = field(6, 48, 16);
}
