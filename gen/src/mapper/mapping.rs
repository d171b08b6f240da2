//! The choices of a mapping.

use crate::shape::ConvShape;
use serde::{Deserialize, Serialize};

/// How a layer is laid over an array: the terms of JSSC 2017, Table III, and how what is too large is cut.
///
/// Sizes need not divide what they cut: the last strip, segment, chunk or group is then smaller.
/// The loops, from the outside: column segments, images by `n`, strips, groups, chunks of `m` filters, channels by
/// `q·r`, segments of the filter's height and width, filters by `p·t`. The innermost is a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Images of a pass.
    pub n: usize,
    /// Filters whose psums stay in the buffer while all channels pass by; at least those of a pass.
    pub m: usize,
    /// Ofmap rows of a strip, the width of a PE set.
    pub e: usize,
    /// Filters of a PE.
    pub p: usize,
    /// Channels of a PE.
    pub q: usize,
    /// PE sets on different channels, stacked; their psums add up.
    pub r: usize,
    /// Stacks of sets on different filters, one below the other.
    pub t_rows: usize,
    /// Sets on different filters, side by side.
    pub t_cols: usize,
    /// Groups of the layer that are worked on at a time, on sets of their own; a divisor of `t_rows · t_cols`.
    #[serde(default = "one")]
    pub groups: usize,
    /// Pieces that a set's columns are cut into, one below the other.
    #[serde(default = "one")]
    pub folds: usize,
    /// Filter rows of a set; a higher filter is cut into segments of this height.
    pub filter_rows: usize,
    /// Filter columns of a PE; a wider filter is cut into segments of this width.
    pub filter_cols: usize,
    /// Ofmap columns of a pass; a wider ofmap is cut into segments of this width.
    pub windows: usize,
    /// Rows of an ifmap tile.
    pub tile_rows: TileRows,
    /// Columns of an ifmap tile.
    pub tile_cols: TileCols,
    /// Ifmap tiles in the buffer: with 2, one is loaded while the other is used.
    pub tiles: usize,
    /// Banks of the buffer that hold ifmaps; the others hold psums.
    pub ifmap_banks: usize,
}

fn one() -> usize {
    1
}

/// Which rows of the ifmap a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TileRows {
    /// Those that the strip needs: one tile for all segments of the filter's height.
    Filter,
    /// Those that one segment of the filter's height needs.
    Segment,
}

/// Which columns of the ifmap a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TileCols {
    /// All.
    Whole,
    /// Those that a column segment of the ofmap needs.
    Filter,
    /// Those that one segment of the filter's width needs.
    Segment,
}

impl Mapping {
    /// Sets on different filters: t.
    pub fn t(&self) -> usize {
        self.t_rows * self.t_cols
    }

    /// Filters of a pass: p·t.
    pub fn pass_filters(&self) -> usize {
        self.p * self.t()
    }

    /// PEs of a stack, whose psums add up: r sets of `filter_rows`.
    pub fn stack(&self) -> usize {
        self.r * self.filter_rows
    }

    /// Columns that a set takes.
    pub fn set_cols(&self) -> usize {
        self.e.div_ceil(self.folds)
    }

    /// Window of a PE: T = q·S words.
    pub fn taps(&self) -> usize {
        self.q * self.filter_cols
    }

    /// Filter rows that a tile serves.
    pub(super) fn tile_filter_rows(&self, shape: &ConvShape) -> usize {
        match self.tile_rows {
            TileRows::Filter => shape.r,
            TileRows::Segment => self.filter_rows,
        }
    }

    /// Filter columns that a tile serves.
    pub(super) fn tile_filter_cols(&self, shape: &ConvShape) -> usize {
        match self.tile_cols {
            TileCols::Whole | TileCols::Filter => shape.s,
            TileCols::Segment => self.filter_cols,
        }
    }
}
