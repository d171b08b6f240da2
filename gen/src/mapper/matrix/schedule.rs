//! The order of passes, cut into sections between which the array's constants change, and what each of them reads.

use super::super::schedule::{whole_and_last, Place};
use super::super::window::{clamped, TileWindow};
use super::{MatrixMapping, MatrixPlan};
use std::ops::Range;

/// Where in the batch and the ofmap a tile of the ifmap is worked on, and the first filter row of the passes that do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TilePlace {
    pub place: Place,
    pub filter_row: usize,
}

/// What of the filters a pass works with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub group: usize,
    pub filter_group: usize,
    pub channel_tile: usize,
    /// Filter rows and columns.
    pub rows: Range<usize>,
    pub columns: Range<usize>,
    /// First pass on its psums.
    pub first: bool,
    /// Last pass on its psums.
    pub last: bool,
}

/// Places with the same constants, in the order in which they are worked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub windows: usize,
    pub images: usize,
    /// Ofmap rows of a tile.
    pub lines: usize,
    /// Width of the ifmap's tiles.
    pub tile_width: usize,
    pub places: Vec<Place>,
}

impl Section {
    /// Positions of a pass.
    pub fn positions(&self) -> usize {
        self.images * self.lines * self.windows
    }
}

/// Passes that follow each other on one tile.
pub(super) struct TileUse {
    pub at: TilePlace,
    pub steps: Range<usize>,
    pub window: Option<TileWindow>,
}

impl MatrixPlan {
    /// The passes of a place, in order. Every place has the same.
    pub(super) fn steps(&self) -> Vec<Step> {
        let (parts, height) = (self.filter_columns(), self.pass_rows);
        let mut steps = Vec::with_capacity(self.place_passes());
        for group in 0..self.shape.groups {
            for filter_group in 0..self.filter_groups {
                for channel_tile in 0..self.channel_tiles {
                    for row in (0..self.shape.r).step_by(height) {
                        steps.extend(parts.iter().map(|columns| Step {
                            group,
                            filter_group,
                            channel_tile,
                            rows: row..row + height,
                            columns: columns.clone(),
                            first: channel_tile == 0 && row == 0 && columns.start == 0,
                            last: channel_tile == self.channel_tiles - 1
                                && row + height == self.shape.r
                                && columns.end == self.shape.s,
                        }));
                    }
                }
            }
        }
        steps
    }

    /// All places of the layer. Whole strips, segments and image groups come before the ragged last ones.
    pub(super) fn sections(&self) -> Vec<Section> {
        let (shape, mapping) = (&self.shape, &self.mapping);
        let mut sections = Vec::new();
        for strips in whole_and_last(self.strips, shape.e(), mapping.e) {
            for segments in whole_and_last(self.column_segments, shape.f(), mapping.windows) {
                for groups in whole_and_last(self.image_groups, shape.n, mapping.n) {
                    let mut places = Vec::new();
                    for column_segment in segments.clone() {
                        for image_group in groups.clone() {
                            places.extend(strips.clone().map(|strip| Place { column_segment, image_group, strip }));
                        }
                    }
                    if let Some(&Place { column_segment, image_group, strip }) = places.first() {
                        let windows = mapping.windows.min(shape.f() - column_segment * mapping.windows);
                        sections.push(Section {
                            windows,
                            images: mapping.n.min(shape.n - image_group * mapping.n),
                            lines: mapping.e.min(shape.e() - strip * mapping.e),
                            tile_width: MatrixMapping::tile_width(shape, windows),
                            places,
                        });
                    }
                }
            }
        }
        sections
    }

    /// The passes of a section, cut where the tile changes.
    pub(super) fn tile_uses(&self, steps: &[Step], section: &Section) -> Vec<TileUse> {
        let mut uses = Vec::new();
        for &place in &section.places {
            let mut start = 0;
            for end in 1..=steps.len() {
                let tile = |step: &Step| (step.group, step.channel_tile, step.rows.start);
                if steps.get(end).map(tile) != Some(tile(&steps[start])) {
                    let at = TilePlace { place, filter_row: steps[start].rows.start };
                    let window = self.tile_window(section, at, &steps[start]);
                    uses.push(TileUse { at, steps: start..end, window });
                    start = end;
                }
            }
        }
        uses
    }

    /// What a STORE command writes of a place, of these ofmap channels.
    pub(super) fn store_part(&self, section: &Section, place: Place, channels: Range<usize>) -> TileWindow {
        let mapping = &self.mapping;
        let image = place.image_group * mapping.n;
        let (row, col) = (place.strip * mapping.e, place.column_segment * mapping.windows);
        TileWindow {
            images: image..image + section.images,
            channels,
            rows: row..row + section.lines,
            cols: col..col + section.windows,
        }
    }

    /// Channels of the ifmap that a pass reads, over all groups.
    pub(super) fn channels(&self, step: &Step) -> Range<usize> {
        let c = self.shape.c_per_group();
        let first = step.channel_tile * self.mapping.channels;
        step.group * c + first..step.group * c + (first + self.mapping.channels).min(c)
    }

    /// Ofmap channels that a pass works on, over all groups.
    pub(super) fn filters(&self, step: &Step) -> Range<usize> {
        let m = self.shape.m_per_group();
        let first = step.filter_group * self.mapping.m;
        step.group * m + first..step.group * m + (first + self.mapping.m).min(m)
    }

    /// First ofmap channel and number of channels of each STORE of a pass with these `filters`: of each row of PEs, where each PE has a filter.
    pub(super) fn row_stores(&self, filters: Range<usize>) -> impl Iterator<Item = (usize, usize)> {
        let k = self.row_filters();
        filters.clone().step_by(k).map(move |first| (first, k.min(filters.end - first)))
    }

    /// The ifmap row and column that the first window's first tap meets; negative in the padding.
    pub(super) fn origin(&self, TilePlace { place, filter_row }: TilePlace) -> (i64, i64) {
        let (shape, mapping) = (&self.shape, &self.mapping);
        let row = (place.strip * mapping.e * shape.stride_h + filter_row) as i64 - shape.pad_h as i64;
        let col = (place.column_segment * mapping.windows * shape.stride_w) as i64 - shape.pad_w as i64;
        (row, col)
    }

    /// What the tile of a pass holds; `None` if it lies wholly in the padding.
    pub(super) fn tile_window(&self, section: &Section, at: TilePlace, step: &Step) -> Option<TileWindow> {
        self.place_window(section, at).map(|window| TileWindow { channels: self.channels(step), ..window })
    }

    /// The same with all channels.
    pub(super) fn place_window(&self, section: &Section, at: TilePlace) -> Option<TileWindow> {
        let shape = &self.shape;
        let (row, col) = self.origin(at);
        let rows = clamped(row, row + self.spanned_rows(section.lines) as i64, shape.h);
        let span = ((section.windows - 1) * shape.stride_w + shape.s) as i64;
        if rows.is_empty() || clamped(col, col + span, shape.w).is_empty() {
            return None;
        }
        // All tiles of a section are as wide, so that what lies outside is padding on both sides.
        let first = col.clamp(0, (shape.w - section.tile_width) as i64) as usize;
        let image = at.place.image_group * self.mapping.n;
        Some(TileWindow {
            images: image..image + section.images,
            channels: 0..shape.c,
            rows,
            cols: first..first + section.tile_width,
        })
    }
}
