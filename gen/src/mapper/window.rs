//! Which part of the ifmap a tile holds, and a pass reads.

use super::plan::Plan;
use super::schedule::{Place, Section, Step};
use super::{TileCols, TileRows};
use std::ops::Range;

/// A part of a tensor: of the ifmap what a tile holds, of the ofmap what is stored at a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TileWindow {
    /// Images.
    pub images: Range<usize>,
    /// Channels, over all groups.
    pub channels: Range<usize>,
    /// Rows.
    pub rows: Range<usize>,
    /// Columns.
    pub cols: Range<usize>,
}

impl TileWindow {
    /// Words that it holds.
    pub fn words(&self) -> usize {
        self.images.len() * self.channels.len() * self.rows.len() * self.cols.len()
    }
}

/// What a pass sees of its tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct View {
    /// Words from the tile's first word to the pass's row 0; negative in the padding above.
    pub base: i64,
    /// Column of the tile that the first window's first tap meets; negative in the padding.
    pub x_start: i64,
    /// Channels of the tile that exist.
    pub channels: usize,
    /// Rows of the pass that exist.
    pub rows: Range<usize>,
}

/// Which tile a pass reads: equal for passes that can share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TileKey {
    pub place: Place,
    pub group_turn: usize,
    pub channel_group: usize,
    pub height_segment: usize,
    pub width_segment: usize,
}

impl Plan {
    /// The tile that a pass reads.
    pub(super) fn tile_key(&self, place: Place, step: &Step) -> TileKey {
        let rows = self.mapping.tile_rows == TileRows::Segment;
        let cols = self.mapping.tile_cols == TileCols::Segment;
        TileKey {
            place,
            group_turn: step.group_turn,
            channel_group: step.channel_group,
            height_segment: if rows { step.height_segment } else { 0 },
            width_segment: if cols { step.width_segment } else { 0 },
        }
    }

    /// What the tile holds; `None` if it lies wholly in the padding.
    pub(super) fn tile_window(&self, key: &TileKey) -> Option<TileWindow> {
        let rows = self.tile_rows(key.place.strip, key.height_segment);
        let cols = self.tile_cols(key.place.column_segment, key.width_segment);
        if rows.is_empty() || cols.is_empty() {
            return None;
        }
        let image = key.place.image_group * self.mapping.n;
        Some(TileWindow {
            images: image..(image + self.mapping.n).min(self.shape.n),
            channels: self.tile_channels(key),
            rows,
            cols,
        })
    }

    /// Ifmap rows that a tile holds; none if all lie in the padding.
    pub(super) fn tile_rows(&self, strip: usize, height_segment: usize) -> Range<usize> {
        let first = self.first_row(strip, height_segment);
        let height = ((self.strip_lines(strip) - 1) * self.shape.stride_h + self.tile_filter_rows()) as i64;
        clamped(first, first + height, self.shape.h)
    }

    /// Ifmap columns that a tile holds; none if it needs none but padding.
    pub(super) fn tile_cols(&self, column_segment: usize, width_segment: usize) -> Range<usize> {
        let first = self.first_col(column_segment, width_segment);
        let span = self.span_cols(self.segment_windows(column_segment)) as i64;
        if clamped(first, first + span, self.shape.w).is_empty() {
            return 0..0;
        }
        // All tiles of a segment are as wide, so that what lies outside is padding on both sides.
        let width = self.tile_width(column_segment);
        let col = match self.mapping.tile_cols {
            TileCols::Whole => 0,
            _ => first.clamp(0, (self.shape.w - width) as i64) as usize,
        };
        col..col + width
    }

    /// A tile is whole rows of the ifmap, as they lie in DRAM and in the buffer.
    pub(super) fn has_whole_rows(&self, window: &TileWindow) -> bool {
        window.cols.len() == self.shape.w && self.tile.width == self.shape.w
    }

    /// What the LOAD commands of a tile bring: whole rows at once, parts of rows image by image.
    pub(super) fn load_parts(&self, window: &TileWindow) -> Vec<TileWindow> {
        match self.has_whole_rows(window) {
            true => vec![window.clone()],
            false => window.images.clone().map(|n| TileWindow { images: n..n + 1, ..window.clone() }).collect(),
        }
    }

    /// Ofmap channels whose psums a step finishes.
    pub(super) fn stored_channels(&self, step: &Step) -> Range<usize> {
        let (shape, mapping) = (&self.shape, &self.mapping);
        let within = step.filter_group * mapping.pass_filters();
        let groups = mapping.groups.min(shape.groups - step.group_turn * mapping.groups);
        let channel = step.group_turn * mapping.groups * shape.m_per_group() + within;
        channel..channel + (groups * shape.m_per_group() - within).min(mapping.pass_filters())
    }

    /// What the STORE command of a step writes.
    pub(super) fn store_part(&self, section: &Section, place: Place, step: &Step) -> TileWindow {
        let image = place.image_group * self.mapping.n;
        let row = place.strip * self.mapping.e;
        let col = place.column_segment * self.mapping.windows;
        TileWindow {
            images: image..image + section.images,
            channels: self.stored_channels(step),
            rows: row..row + self.strip_lines(place.strip),
            cols: col..col + section.windows,
        }
    }

    /// What pass `step` sees of a tile that holds `window`.
    pub(super) fn view(&self, place: Place, step: &Step, window: Option<&TileWindow>) -> View {
        let Some(window) = window else {
            let channels = self.tile_channels(&self.tile_key(place, step)).len();
            return View { base: 0, x_start: 0, channels, rows: 0..0 };
        };
        let row_0 = self.first_row(place.strip, step.height_segment);
        let above = row_0 - window.rows.start as i64;
        let exist = |row: usize| (row as i64 - row_0).clamp(0, self.pass_rows() as i64) as usize;
        View {
            base: above * self.tile.width as i64,
            x_start: self.first_col(place.column_segment, step.width_segment) - window.cols.start as i64,
            channels: window.channels.len(),
            rows: exist(window.rows.start)..exist(window.rows.end),
        }
    }

    /// Width of the tiles of a column segment.
    pub(super) fn tile_width(&self, column_segment: usize) -> usize {
        match self.mapping.tile_cols {
            TileCols::Whole => self.shape.w,
            _ => self.span_cols(self.segment_windows(column_segment)).min(self.shape.w),
        }
    }

    /// Windows of a column segment: all but the last have the same.
    pub(super) fn segment_windows(&self, column_segment: usize) -> usize {
        (self.shape.f() - column_segment * self.mapping.windows).min(self.mapping.windows)
    }

    /// Ofmap rows of a strip: all but the last have the same.
    pub(super) fn strip_lines(&self, strip: usize) -> usize {
        (self.shape.e() - strip * self.mapping.e).min(self.mapping.e)
    }

    /// Images of an image group: all but the last have the same.
    pub(super) fn group_images(&self, image_group: usize) -> usize {
        (self.shape.n - image_group * self.mapping.n).min(self.mapping.n)
    }

    /// Rows of the ifmap, those in the padding included, that a pass works on.
    pub(super) fn pass_rows(&self) -> usize {
        (self.mapping.e - 1) * self.shape.stride_h + self.mapping.filter_rows
    }

    /// Channels of the ifmap that a tile holds.
    fn tile_channels(&self, key: &TileKey) -> Range<usize> {
        let (mapping, c) = (&self.mapping, self.shape.c_per_group());
        let first = key.group_turn * mapping.groups * c;
        let groups = mapping.groups.min(self.shape.groups - key.group_turn * mapping.groups);
        let within = key.channel_group * mapping.q * mapping.r;
        first + within..(first + groups * c).min(first + within + self.tile.channels)
    }

    /// The ifmap row that filter row 0 of a height segment meets at a strip's first ofmap row; negative in the padding.
    pub(super) fn first_row(&self, strip: usize, height_segment: usize) -> i64 {
        let row = strip * self.mapping.e * self.shape.stride_h + height_segment * self.mapping.filter_rows;
        row as i64 - self.shape.pad_h as i64
    }

    /// The ifmap column that filter column 0 of a width segment meets at a column segment's first window.
    pub(super) fn first_col(&self, column_segment: usize, width_segment: usize) -> i64 {
        let col =
            column_segment * self.mapping.windows * self.shape.stride_w + width_segment * self.mapping.filter_cols;
        col as i64 - self.shape.pad_w as i64
    }
}

/// The part of `first..end` that lies within `0..length`.
pub(super) fn clamped(first: i64, end: i64, length: usize) -> Range<usize> {
    let length = length as i64;
    first.clamp(0, length) as usize..end.clamp(0, length) as usize
}
