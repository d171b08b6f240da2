//! The choices of a mapping to a matrix.

use crate::shape::ConvShape;
use hw::Arch;
use serde::{Deserialize, Serialize};

/// How a layer is laid over an array that multiplies by a matrix, and how what is too large is cut.
///
/// Sizes need not divide what they cut: the last tile or filter group is then smaller. The loops, from the outside: column segments,
/// images by `n`, strips of `e` rows, groups, filters by `m`, channels by `channels`. The innermost is a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatrixMapping {
    /// Images of an ofmap tile.
    pub n: usize,
    /// Filters of a pass, a column of PEs each, or, where all work on one pixel, a PE.
    pub m: usize,
    /// Ofmap rows of a tile.
    pub e: usize,
    /// Ofmap columns of a tile.
    pub windows: usize,
    /// Channels of an ifmap tile: all of a group, which is then loaded once for all filters, or a multiple of the array's rows, with
    /// each tile loaded again for each `m` filters; with convolution engines, of the channels that these work on side by side. In output- and input-stationary arrays any number.
    pub channels: usize,
    /// Ifmap tiles in the buffer: with 2, one is loaded while the other is used.
    pub tiles: usize,
}

impl MatrixMapping {
    /// Columns of an ifmap tile for `windows` windows.
    pub(super) fn tile_width(shape: &ConvShape, windows: usize) -> usize {
        ((windows - 1) * shape.stride_w + shape.s).min(shape.w)
    }

    /// Positions (image, row, window) of an ofmap tile, at the most.
    pub fn positions(&self) -> usize {
        self.n * self.e * self.windows
    }

    /// Rows of PEs with filters of their own.
    pub(super) fn filter_rows(&self, arch: &Arch) -> usize {
        if arch.is_of_pixels() {
            self.m.div_ceil(arch.cols)
        } else {
            1
        }
    }

    /// Filters of a row of PEs: about as many in each.
    pub(super) fn row_filters(&self, arch: &Arch) -> usize {
        self.m.div_ceil(self.filter_rows(arch))
    }

    /// Filters whose psums a lane writes to the buffer, at the most.
    pub(super) fn lane_filters(&self, arch: &Arch) -> usize {
        self.filter_rows(arch) * self.row_filters(arch).min(arch.lane_cols())
    }

    /// Whether the channels of a tile can be said: all, or whole channel groups.
    pub(super) fn channels_are_whole(&self, shape: &ConvShape, arch: &Arch) -> bool {
        self.channels == shape.c_per_group() || self.channels.is_multiple_of(arch.channels_at_a_time())
    }
}
