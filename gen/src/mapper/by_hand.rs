//! Mappings as a person writes them: the letters of JSSC 2017, Table III; what is left out is as large as it can be.

use super::plan::Plan;
use super::{Mapping, TileCols, TileRows};
use crate::shape::ConvShape;
use hw::arch::{BANK_LINES, LANES, WINDOW_BITS};
use hw::Arch;
use serde::{Deserialize, Serialize};

/// A mapping by hand. Only the terms of the table are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappingSpec {
    /// Images of a pass.
    pub n: usize,
    /// Filters whose psums stay in the buffer.
    pub m: usize,
    /// Ofmap rows of a strip.
    pub e: usize,
    /// Filters of a PE.
    pub p: usize,
    /// Channels of a PE.
    pub q: usize,
    /// PE sets on different channels.
    pub r: usize,
    /// PE sets on different filters.
    pub t: usize,
    /// Of these, those below each other; unless given, those that do not fit side by side.
    pub t_rows: Option<usize>,
    /// Groups side by side; 1 unless given.
    pub groups: Option<usize>,
    /// Pieces of a set's columns; unless given, as few as the array's columns allow.
    pub folds: Option<usize>,
    /// Filter rows of a set; all unless given.
    pub filter_rows: Option<usize>,
    /// Filter columns of a PE; all unless given.
    pub filter_cols: Option<usize>,
    /// Ofmap columns of a pass; all unless given.
    pub windows: Option<usize>,
    /// Rows of an ifmap tile.
    pub tile_rows: Option<TileRows>,
    /// Columns of an ifmap tile.
    pub tile_cols: Option<TileCols>,
    /// Ifmap tiles in the buffer; unless given, 2 if they and the psums fit.
    pub tiles: Option<usize>,
    /// Banks for ifmaps; unless given, as many as the tiles need.
    pub ifmap_banks: Option<usize>,
}

impl MappingSpec {
    /// The mapping in full for a layer and an array. It may still break a rule, which [`Mapping::check`] says.
    pub fn mapping(&self, shape: &ConvShape, arch: &Arch) -> Mapping {
        let folds = self.folds.unwrap_or(self.e.div_ceil(arch.cols).max(1));
        let across = arch.cols / self.e.div_ceil(folds.max(1)).max(1);
        let t_rows = self.t_rows.unwrap_or_else(|| {
            (1..self.t).find(|rows| self.t.is_multiple_of(*rows) && self.t / rows <= across).unwrap_or(self.t.max(1))
        });
        let mut mapping = Mapping {
            n: self.n,
            m: self.m,
            e: self.e,
            p: self.p,
            q: self.q,
            r: self.r,
            t_rows,
            t_cols: self.t / t_rows.max(1),
            groups: self.groups.unwrap_or(1),
            folds,
            filter_rows: self.filter_rows.unwrap_or(shape.r),
            filter_cols: self.filter_cols.unwrap_or(shape.s),
            windows: self.windows.unwrap_or(shape.f().min(1 << WINDOW_BITS)),
            tile_rows: self.tile_rows.unwrap_or(TileRows::Filter),
            tile_cols: self.tile_cols.unwrap_or(TileCols::Whole),
            tiles: self.tiles.unwrap_or(2),
            ifmap_banks: 1,
        };
        mapping.ifmap_banks = self.ifmap_banks.unwrap_or_else(|| banks(&mapping, shape, arch));
        if self.tiles.is_none() && mapping.check(shape, arch).is_err() {
            mapping.tiles = 1;
            mapping.ifmap_banks = self.ifmap_banks.unwrap_or_else(|| banks(&mapping, shape, arch));
        }
        mapping
    }
}

/// Banks that the tiles of a mapping need, if its sizes make sense.
fn banks(mapping: &Mapping, shape: &ConvShape, arch: &Arch) -> usize {
    match super::rules::sizes(mapping, shape, arch).is_empty() {
        true => (mapping.tiles * Plan::new(*mapping, *shape, arch.clone()).tile.words).div_ceil(BANK_LINES * LANES),
        false => 1,
    }
}
