//! A mapping that has been checked, with every size that follows from it.

use super::mapping::{Mapping, TileCols};
use super::{rules, MapError};
use crate::problems::Problems;
use crate::shape::ConvShape;
use hw::arch::{BANK_LINES, LANES};
use hw::Arch;

/// A mapping that this array can run. Only [`Mapping::check`] makes one; nothing past it checks the mapping again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The layer.
    pub shape: ConvShape,
    /// The accelerator.
    pub arch: Arch,
    /// The choices.
    pub mapping: Mapping,
    /// Column segments that F is cut into.
    pub column_segments: usize,
    /// Turns over the batch, `n` images each.
    pub image_groups: usize,
    /// Strips that E is cut into, `e` rows each.
    pub strips: usize,
    /// Turns over the layer's groups, `groups` of them each.
    pub group_turns: usize,
    /// Turns over a group's filters, `p·t` each.
    pub filter_groups: usize,
    /// Filter groups that are kept in the buffer at a time: m/(p·t).
    pub chunk: usize,
    /// Turns over a group's channels, `q·r` each.
    pub channel_groups: usize,
    /// Segments that the filter's height is cut into.
    pub height_segments: usize,
    /// Segments that the filter's width is cut into.
    pub width_segments: usize,
    /// The ifmap's tiles.
    pub tile: Tile,
    /// The psums' areas.
    pub psum: PsumArea,
}

/// An ifmap tile in the buffer, `[image][channel][row][column]`; sizes in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Rows, at the most.
    pub rows: usize,
    /// Columns, and words from a row to the next.
    pub width: usize,
    /// Channels, at the most.
    pub channels: usize,
    /// Words from a channel to the next.
    pub channel_stride: usize,
    /// Words from an image to the next.
    pub image_stride: usize,
    /// Words in all, rounded up to whole lines.
    pub words: usize,
}

/// The psums of a pass in the buffer, `[image][filter][row of the lane][column]`; sizes in lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PsumArea {
    /// Ofmap rows that a lane holds of each filter of a PE, at the most, over all sets.
    pub lane_rows: usize,
    /// Lines from a filter to the next.
    pub filter_stride: usize,
    /// Lines from an image to the next.
    pub image_stride: usize,
    /// Lines in all.
    pub lines: usize,
    /// First line of the first area.
    pub first_line: usize,
    /// Areas that the psum banks hold, as far as semaphores count them.
    pub areas: usize,
}

impl Mapping {
    /// This mapping with all that follows from it, or every rule that it breaks for this shape and array.
    pub fn check(&self, shape: &ConvShape, arch: &Arch) -> Result<Plan, Problems<MapError>> {
        Problems::none_of(rules::sizes(self, shape, arch))?;
        let plan = Plan::new(*self, *shape, arch.clone());
        Problems::none_of(rules::fit(&plan))?;
        Ok(plan)
    }
}

impl Plan {
    /// `mapping`, whose sizes are in range, with what follows from it.
    pub(super) fn new(mapping: Mapping, shape: ConvShape, arch: Arch) -> Plan {
        let (c, m) = (shape.c_per_group(), shape.m_per_group());
        // Groups that are worked on together fit into one pass.
        let alone = mapping.groups == 1;
        let filter_groups = if alone { m.div_ceil(mapping.pass_filters()) } else { 1 };
        Plan {
            column_segments: shape.f().div_ceil(mapping.windows),
            image_groups: shape.n.div_ceil(mapping.n),
            strips: shape.e().div_ceil(mapping.e),
            group_turns: shape.groups.div_ceil(mapping.groups),
            filter_groups,
            chunk: (mapping.m / mapping.pass_filters()).clamp(1, filter_groups),
            channel_groups: if alone { c.div_ceil(mapping.q * mapping.r) } else { 1 },
            height_segments: shape.r.div_ceil(mapping.filter_rows),
            width_segments: shape.s.div_ceil(mapping.filter_cols),
            tile: Tile::new(&mapping, &shape),
            psum: PsumArea::new(&mapping, &shape, &arch),
            shape,
            arch,
            mapping,
        }
    }

    /// Gives `banks` banks to ifmaps.
    pub(super) fn set_ifmap_banks(&mut self, banks: usize) {
        self.mapping.ifmap_banks = banks;
        self.psum = PsumArea::new(&self.mapping, &self.shape, &self.arch);
    }

    /// Keeps the psums of `chunk` filter groups in the buffer.
    pub(super) fn set_chunk(&mut self, chunk: usize) {
        self.mapping.m = chunk * self.mapping.pass_filters();
        self.chunk = chunk;
    }

    /// Columns of the window of a PE by which it moves: U, or all of them if the stride is wider.
    pub fn step_cols(&self) -> usize {
        self.shape.stride_w.min(self.mapping.filter_cols)
    }

    /// Filter rows that a tile serves.
    pub fn tile_filter_rows(&self) -> usize {
        self.mapping.tile_filter_rows(&self.shape)
    }

    /// Filter columns that a tile serves.
    pub fn tile_filter_cols(&self) -> usize {
        self.mapping.tile_filter_cols(&self.shape)
    }

    /// Ifmap columns, those in the padding included, that `windows` windows of a tile span.
    pub fn span_cols(&self, windows: usize) -> usize {
        (windows - 1) * self.shape.stride_w + self.tile_filter_cols()
    }

    /// Ifmap columns that are sent for `windows` windows.
    pub fn sent_cols(&self, windows: usize) -> usize {
        (windows - 1) * self.step_cols() + self.mapping.filter_cols
    }

    /// Filter words of a PE and pass, p·T.
    pub fn filter_words(&self) -> usize {
        self.mapping.p * self.mapping.taps()
    }

    /// Lines of the filter bus that a PE's filters fill.
    pub fn filter_lines(&self) -> usize {
        self.filter_words().div_ceil(hw::arch::FILTER_BUS_WORDS)
    }

    /// Lines of the filter bus that a pass takes.
    pub fn pass_filter_lines(&self) -> usize {
        self.filter_lines() * self.mapping.t_cols * self.mapping.t_rows * self.mapping.stack()
    }

    /// Bytes of a line of the filter bus in DRAM.
    pub fn filter_line_bytes(&self) -> usize {
        hw::arch::FILTER_BUS_WORDS * self.arch.word_bytes()
    }

    /// Passes of one image group, strip and column segment.
    pub fn strip_passes(&self) -> usize {
        self.group_turns * self.filter_groups * self.channel_groups * self.height_segments * self.width_segments
    }

    /// Passes of the layer.
    pub fn passes(&self) -> usize {
        self.strip_passes() * self.strips * self.image_groups * self.column_segments
    }

    /// PEs that work in a pass.
    pub fn active_pes(&self) -> usize {
        self.mapping.t() * self.mapping.e * self.mapping.stack()
    }

    /// Ifmap rows that a pass works on, over all sets and channel groups: streams of the ifmap walker.
    pub fn streams(&self) -> usize {
        let rows = self.pass_rows().min(self.mapping.e * self.mapping.filter_rows);
        rows * self.mapping.r * self.mapping.groups
    }

    /// Bytes of the packed filters.
    pub fn filter_bytes(&self) -> usize {
        self.strip_passes() * self.pass_filter_lines() * self.filter_line_bytes()
    }

    /// Sets of one of the groups that are worked on together.
    pub fn group_sets(&self) -> usize {
        self.mapping.t() / self.mapping.groups
    }
}

impl Tile {
    fn new(mapping: &Mapping, shape: &ConvShape) -> Tile {
        let rows = ((mapping.e - 1) * shape.stride_h + mapping.tile_filter_rows(shape)).min(shape.h);
        let span = (mapping.windows - 1) * shape.stride_w + mapping.tile_filter_cols(shape);
        let width = if mapping.tile_cols == TileCols::Whole { shape.w } else { span.min(shape.w) };
        let channels = match mapping.groups {
            1 => (mapping.q * mapping.r).min(shape.c_per_group()),
            groups => groups * shape.c_per_group(),
        };
        let channel_stride = rows * width;
        let image_stride = channels * channel_stride;
        let words = (mapping.n * image_stride).next_multiple_of(LANES);
        Tile { rows, width, channels, channel_stride, image_stride, words }
    }
}

impl PsumArea {
    fn new(mapping: &Mapping, shape: &ConvShape, arch: &Arch) -> PsumArea {
        let lane_rows = lane_rows(mapping, arch.psum_lanes);
        let filter_stride = lane_rows * mapping.windows.min(shape.f());
        let image_stride = mapping.p * filter_stride;
        let lines = mapping.n * image_stride;
        let psum_lines = arch.banks.saturating_sub(mapping.ifmap_banks) * BANK_LINES;
        let first_line = mapping.ifmap_banks * BANK_LINES;
        PsumArea {
            lane_rows,
            filter_stride,
            image_stride,
            lines,
            first_line,
            areas: (psum_lines / lines).min(MAX_AREAS),
        }
    }
}

/// Areas that can be free and not yet taken again: what an 8-bit semaphore counts.
pub(super) const MAX_AREAS: usize = 255;

/// Stacks of the array that send psums to the busiest lane.
pub(super) fn lane_rows(mapping: &Mapping, lanes: usize) -> usize {
    let (width, sets) = (mapping.set_cols(), mapping.t_cols);
    let full = mapping.e / width;
    let rest = mapping.e % width;
    let mut stacks = vec![0; lanes];
    for col in 0..width * sets {
        stacks[col % lanes] += full + usize::from(col % width < rest);
    }
    mapping.t_rows * stacks.into_iter().max().unwrap_or(0)
}
