//! A mapping that has been checked, with every size that follows from it.

use super::super::tally::pieces;
use super::super::MapError;
use super::height_segments::pass_rows;
use super::{blocks, held, rules, MatrixMapping};
use crate::numerics::Output;
use crate::problems::Problems;
use crate::shape::ConvShape;
use hw::arch::{BANK_LINES, FILTER_BUS_WORDS};
use hw::{Arch, Dataflow};

/// A mapping that this array can run. Only [`MatrixMapping::check`] makes one; nothing past it checks the mapping again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixPlan {
    /// The layer.
    pub shape: ConvShape,
    /// The accelerator.
    pub arch: Arch,
    /// The choices.
    pub mapping: MatrixMapping,
    /// Column segments that F is cut into.
    pub column_segments: usize,
    /// Turns over the batch, `n` images each.
    pub image_groups: usize,
    /// Strips that E is cut into, `e` rows each.
    pub strips: usize,
    /// Turns over a group's filters, `m` each.
    pub filter_groups: usize,
    /// Turns over a group's channels, `channels` each.
    pub channel_tiles: usize,
    /// Filter rows of a pass: all, or those of a height segment.
    pub pass_rows: usize,
    /// Words of an ifmap tile in each port.
    pub tile_words: usize,
    /// Lines of an ofmap tile's psums in each lane.
    pub area_lines: usize,
    /// First line of the first area.
    pub first_line: usize,
    /// Areas that the psum banks hold, as far as semaphores count them.
    pub areas: usize,
}

impl MatrixMapping {
    /// This mapping with all that follows from it, or every rule that it breaks for this shape and array.
    pub fn check(&self, shape: &ConvShape, arch: &Arch) -> Result<MatrixPlan, Problems<MapError>> {
        Problems::none_of(rules::sizes(self, shape, arch))?;
        let plan = MatrixPlan::new(*self, *shape, arch.clone());
        Problems::none_of(rules::fit(&plan))?;
        Ok(plan)
    }
}

impl MatrixPlan {
    /// `mapping`, whose sizes are in range, with what follows from it.
    pub(super) fn new(mapping: MatrixMapping, shape: ConvShape, arch: Arch) -> MatrixPlan {
        let width = MatrixMapping::tile_width(&shape, mapping.windows);
        let pass_rows = pass_rows(&shape, &arch);
        let tile_words = match arch.dataflow {
            Dataflow::Os | Dataflow::Is if !arch.is_of_pixels() => {
                mapping.channels * mapping.n * blocks::image_words(&shape, &arch, pass_rows, mapping.e, width)
            }
            _ => {
                let rows = ((mapping.e - 1) * shape.stride_h + pass_rows).min(shape.h);
                mapping.channels.div_ceil(arch.ifmap_ports()) * mapping.n * rows * width
            }
        };
        let first_bank = arch.ifmap_ports() * arch.port_banks();
        let area_lines = mapping.lane_filters(&arch) * mapping.positions();
        MatrixPlan {
            column_segments: shape.f().div_ceil(mapping.windows),
            image_groups: shape.n.div_ceil(mapping.n),
            strips: shape.e().div_ceil(mapping.e),
            filter_groups: shape.m_per_group().div_ceil(mapping.m),
            channel_tiles: shape.c_per_group().div_ceil(mapping.channels),
            pass_rows,
            tile_words,
            area_lines,
            first_line: first_bank * BANK_LINES,
            areas: ((arch.banks - first_bank) * BANK_LINES / area_lines).min(super::super::plan::MAX_AREAS),
            shape,
            arch,
            mapping,
        }
    }

    /// PEs that work in a pass, where there are channels, taps of a filter, or rows of a feature map, for all rows.
    pub fn active_pes(&self) -> usize {
        if self.arch.is_of_pixels() {
            return self.mapping.m;
        }
        self.active_rows().len() * self.active_cols()
    }

    /// Columns of the array whose PEs these are: those of filters, or of windows, where all PEs work on one plane.
    pub fn active_cols(&self) -> usize {
        match self.is_of_planes() {
            true => self.mapping.windows.min(self.arch.cols),
            false => self.mapping.m,
        }
    }

    /// The rows of the array whose PEs these are, where each has PEs for all filters.
    pub fn active_rows(&self) -> Vec<usize> {
        if self.is_of_engines() {
            return self.rows_with_taps();
        }
        let of_rows = match self.arch.dataflow {
            Dataflow::Os => self.mapping.e,
            Dataflow::Is => held::held_groups(&self.shape, self.pass_rows, self.mapping.e),
            _ => self.shape.c_per_group(),
        };
        (0..self.arch.rows.min(of_rows)).collect()
    }

    /// Ifmap rows that so many ofmap rows of a pass span, padding among them.
    pub(super) fn spanned_rows(&self, lines: usize) -> usize {
        (lines - 1) * self.shape.stride_h + self.pass_rows
    }

    /// Passes of an ofmap tile.
    pub fn place_passes(&self) -> usize {
        self.shape.groups * self.filter_groups * self.group_tiles() * self.filter_columns().len()
    }

    /// Ofmap tiles of the layer.
    pub fn places(&self) -> usize {
        self.strips * self.image_groups * self.column_segments
    }

    /// Passes of the layer.
    pub fn passes(&self) -> usize {
        self.place_passes() * self.places()
    }

    /// Lines of four weights that a row of PEs takes, or, where each PE has a filter, those of a step.
    pub fn row_lines(&self) -> usize {
        self.filter_rows() * self.row_filters().div_ceil(FILTER_BUS_WORDS)
    }

    /// Rows of PEs with filters of their own: several where each PE has one, otherwise all rows have the same.
    pub(super) fn filter_rows(&self) -> usize {
        self.mapping.filter_rows(&self.arch)
    }

    /// Row and column of the PE of each filter of a pass, where each PE has one.
    pub fn filter_places(&self) -> impl Iterator<Item = (usize, usize)> {
        let k = self.row_filters();
        (0..self.mapping.m).map(move |filter| (filter / k, filter % k))
    }

    /// Filters of a row of PEs.
    pub(super) fn row_filters(&self) -> usize {
        self.mapping.row_filters(&self.arch)
    }

    /// Bytes of a line of the filter bus in DRAM.
    pub fn filter_line_bytes(&self) -> usize {
        FILTER_BUS_WORDS * self.arch.word_bytes()
    }

    /// Bytes of the packed filters, all of which each ofmap tile reads.
    pub fn filter_bytes(&self) -> usize {
        self.filter_lines() * self.filter_line_bytes()
    }

    /// Lines of weights of all passes on an ofmap tile.
    pub(super) fn filter_lines(&self) -> usize {
        let shape = &self.shape;
        let lines = |channels| self.pass_lines(channels, shape.s);
        let of_tiles: usize =
            pieces(shape.c_per_group(), self.mapping.channels).map(|(c, tiles)| tiles * lines(c)).sum();
        shape.groups * self.filter_groups * self.height_segments() * of_tiles
    }

    /// Psum lanes that hold filters of a pass.
    pub fn lanes(&self) -> usize {
        self.row_filters().div_ceil(self.arch.lane_cols())
    }

    /// Bytes of the ifmap.
    pub fn ifmap_bytes(&self) -> usize {
        self.shape.ifmap_dims().iter().product::<usize>() * self.arch.word_bytes()
    }

    /// Bytes of the parameters.
    pub fn params_bytes(&self) -> usize {
        self.shape.m * super::super::layout::PARAM_BYTES
    }

    /// Bytes of an ofmap word.
    pub fn ofmap_word_bytes(&self, output: &Output) -> usize {
        output.bytes(&self.arch)
    }

    /// Bytes of the ofmap.
    pub fn ofmap_bytes(&self, output: &Output) -> usize {
        self.shape.ofmap_dims().iter().product::<usize>() * self.ofmap_word_bytes(output)
    }
}
