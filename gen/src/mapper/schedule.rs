//! The order of passes: the loops of a layer, cut into sections between which the array's constants change.

use super::plan::Plan;
use super::window::TileKey;

/// Where in the batch and the ofmap a pass works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub column_segment: usize,
    pub image_group: usize,
    pub strip: usize,
}

/// What of the filters a pass works with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub group_turn: usize,
    pub filter_group: usize,
    pub channel_group: usize,
    pub height_segment: usize,
    pub width_segment: usize,
    /// First pass on its psums.
    pub first: bool,
    /// Last pass on its psums.
    pub last: bool,
    /// Passes from one to the next on the same psums.
    pub distance: usize,
}

/// Places with the same constants, in the order in which they are worked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// Windows of a pass.
    pub windows: usize,
    /// Images of a pass.
    pub images: usize,
    /// Ofmap rows of a strip.
    pub lines: usize,
    /// Width of the ifmap's tiles.
    pub tile_width: usize,
    /// The places.
    pub places: Vec<Place>,
}

/// Passes that follow each other on one tile: a range of the plan's steps at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TileUse {
    pub key: TileKey,
    pub steps: std::ops::Range<usize>,
}

impl Plan {
    /// The passes of a place, in order. Every place has the same.
    pub(super) fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::with_capacity(self.strip_passes());
        let (heights, widths) = (self.height_segments, self.width_segments);
        let turns = self.channel_groups * heights * widths;
        for group_turn in 0..self.group_turns {
            for chunk in (0..self.filter_groups).step_by(self.chunk) {
                let end = (chunk + self.chunk).min(self.filter_groups);
                for turn in 0..turns {
                    steps.extend((chunk..end).map(|filter_group| Step {
                        group_turn,
                        filter_group,
                        channel_group: turn / (heights * widths),
                        height_segment: turn / widths % heights,
                        width_segment: turn % widths,
                        first: turn == 0,
                        last: turn == turns - 1,
                        distance: end - chunk,
                    }));
                }
            }
        }
        steps
    }

    /// All places of the layer. Whole strips, segments and image groups come before the ragged last ones.
    pub(super) fn sections(&self) -> Vec<Section> {
        let mut sections: Vec<Section> = Vec::new();
        for strips in whole_and_last(self.strips, self.shape.e(), self.mapping.e) {
            for segments in whole_and_last(self.column_segments, self.shape.f(), self.mapping.windows) {
                for groups in whole_and_last(self.image_groups, self.shape.n, self.mapping.n) {
                    let mut places = Vec::new();
                    for column_segment in segments.clone() {
                        for image_group in groups.clone() {
                            places.extend(strips.clone().map(|strip| Place { column_segment, image_group, strip }));
                        }
                    }
                    if let Some(&Place { column_segment, image_group, strip }) = places.first() {
                        sections.push(Section {
                            windows: self.segment_windows(column_segment),
                            images: self.group_images(image_group),
                            lines: self.strip_lines(strip),
                            tile_width: self.tile_width(column_segment),
                            places,
                        });
                    }
                }
            }
        }
        sections
    }

    /// The passes of a section, cut where the tile changes.
    pub(super) fn tile_uses(&self, section: &Section, steps: &[Step]) -> Vec<TileUse> {
        let mut uses: Vec<TileUse> = Vec::new();
        for &place in &section.places {
            for (index, step) in steps.iter().enumerate() {
                let key = self.tile_key(place, step);
                match uses.last_mut() {
                    Some(last) if last.key == key => last.steps.end = index + 1,
                    _ => uses.push(TileUse { key, steps: index..index + 1 }),
                }
            }
        }
        uses
    }
}

/// `0..count` pieces of `length` cut at every `size`: the whole ones, and the last if it is smaller.
pub(super) fn whole_and_last(count: usize, length: usize, size: usize) -> [std::ops::Range<usize>; 2] {
    let whole = length / size;
    [0..whole, whole..count]
}
