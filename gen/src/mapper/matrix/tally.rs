//! The counts of a plan in closed form: what `counts` of its program says, without the program.

use super::super::layout::PARAM_BYTES;
use super::super::tally::{param_loads, pieces, table_blocks};
use super::super::window::clamped;
use super::super::writing::MAX_FILTER_BYTES;
use super::super::Counts;
use super::counts::pairs;
use super::{MatrixMapping, MatrixPlan};
use hw::program::COMMAND_BYTES;
use std::ops::Range;

impl MatrixPlan {
    /// The counts of the program whose ofmap words have `word_bytes` bytes in DRAM.
    pub fn tally(&self, word_bytes: usize) -> Counts {
        let (shape, arch) = (&self.shape, &self.arch);
        let places = self.places() as u64;
        let positions = (shape.n * shape.e() * shape.f()) as u64;
        // Weights of all passes of an ofmap tile, in one column.
        let weights = (self.filter_groups * shape.c * shape.r * shape.s) as u64;
        let pairs_of_rows = pairs(shape.r, shape.e(), shape.stride_h, -(shape.pad_h as i64), shape.h);
        let rows = match self.is_of_rows() {
            true => self.tile_lines().map(|(strip, filter_row)| self.strip_reads(strip, filter_row)).sum(),
            false => pairs_of_rows,
        };
        let cols = pairs(shape.s, shape.f(), shape.stride_w, -(shape.pad_w as i64), shape.w);
        let planes = (shape.n * shape.c * self.filter_groups) as u64;
        let (macs, bus_words, reads) = match self.is_of_inputs() {
            true => {
                let (words, _) = self.words_and_steps();
                (planes * pairs_of_rows * cols, words, words)
            }
            false if self.is_of_planes() => {
                let (words, reads) = self.segment_words();
                let lines = shape.e() as u64;
                (weights * positions, planes * lines * words, planes * rows * reads)
            }
            false if self.is_of_engines() => {
                let (rows, cols) = (self.rows_of_pixels(), self.cols_of_pixels());
                (weights * positions, planes * rows.0 * cols.0, planes * rows.1 * cols.1)
            }
            false => (weights * positions * self.filter_rows() as u64, weights * positions, rows * cols * planes),
        };
        let ofmap = shape.m as u64 * positions;
        let outputs = (shape.groups * self.filter_groups) as u64;
        let loads = self.loads();
        let (params, param_entries) = param_loads(places, shape.m, self.stores());
        let filters = places * self.filter_bytes().div_ceil(MAX_FILTER_BYTES) as u64;
        let stores = places * self.stores().count() as u64;
        let commands = loads.commands + self.passes() as u64 + stores + params + filters;
        Counts {
            passes: self.passes() as u64,
            macs: if self.is_of_planes() { macs } else { macs * arch.cols as u64 },
            ifmap_bus_words: bus_words,
            filter_bus_lines: self.filter_lines() as u64 * places,
            ifmap_reads: reads,
            ifmap_writes: loads.words,
            psum_writes: outputs * (self.filter_rows() * self.row_filters()) as u64 * positions,
            psum_drains: ofmap,
            dram_ifmap_bytes: loads.words * arch.word_bytes() as u64,
            dram_filter_bytes: places * self.filter_bytes() as u64,
            dram_param_bytes: param_entries * PARAM_BYTES as u64,
            dram_program_bytes: (commands + self.section_blocks() + 1) * COMMAND_BYTES as u64,
            dram_write_bytes: ofmap * word_bytes as u64,
            ..Counts::default()
        }
    }

    /// First ofmap channel and number of channels of each STORE of an ofmap tile, in order.
    fn stores(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let (per_group, m) = (self.shape.m_per_group(), self.mapping.m);
        (0..self.shape.groups).flat_map(move |group| {
            let filters = move |first: usize| group * per_group + first..group * per_group + per_group.min(first + m);
            (0..per_group).step_by(m).flat_map(move |first| self.row_stores(filters(first)))
        })
    }

    /// The strip and the first filter row of each tile of a channel.
    fn tile_lines(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.strips).flat_map(|strip| (0..self.shape.r).step_by(self.pass_rows).map(move |row| (strip, row)))
    }

    /// Ifmap row that the first tap of a strip's tile meets, and ofmap rows of the strip.
    fn strip_lines(&self, strip: usize, filter_row: usize) -> (i64, usize) {
        let (shape, e) = (&self.shape, self.mapping.e);
        let first = (strip * e * shape.stride_h + filter_row) as i64 - shape.pad_h as i64;
        (first, e.min(shape.e() - strip * e))
    }

    /// Ifmap rows that an output-stationary array reads for a strip, as in `block_reads`.
    fn strip_reads(&self, strip: usize, filter_row: usize) -> u64 {
        let (first, lines) = self.strip_lines(strip, filter_row);
        self.block_reads(lines, first, &self.strip_rows(strip, filter_row))
    }

    /// Ifmap rows that the tiles of a strip hold.
    fn strip_rows(&self, strip: usize, filter_row: usize) -> Range<usize> {
        let (first, lines) = self.strip_lines(strip, filter_row);
        clamped(first, first + self.spanned_rows(lines) as i64, self.shape.h)
    }

    /// Width of the tiles of a column segment; 0 if they lie in the padding.
    pub(super) fn segment_width(&self, segment: usize) -> usize {
        let (shape, windows) = (&self.shape, self.mapping.windows);
        let first = (segment * windows * shape.stride_w) as i64 - shape.pad_w as i64;
        let windows = windows.min(shape.f() - segment * windows);
        let span = ((windows - 1) * shape.stride_w + shape.s) as i64;
        match clamped(first, first + span, shape.w).is_empty() {
            true => 0,
            false => MatrixMapping::tile_width(shape, windows),
        }
    }

    /// Words that are loaded, and the commands that say so.
    fn loads(&self) -> Loads {
        let (shape, mapping) = (&self.shape, &self.mapping);
        let times = if self.group_tiles() == 1 { 1 } else { self.filter_groups };
        let rows: Vec<usize> =
            self.tile_lines().map(|(strip, filter_row)| self.strip_rows(strip, filter_row).len()).collect();
        let widths: Vec<usize> =
            (0..self.column_segments).map(|segment| self.segment_width(segment)).filter(|width| *width > 0).collect();
        let commands = match self.is_of_rows() {
            true => {
                // A row of each block in a transfer, of all images of a tile if there is one block, otherwise image by image.
                let of_strip = |rows: usize| match rows <= self.block_step() {
                    true => rows * self.image_groups,
                    false => self.block_step() * shape.n,
                };
                let strips: usize = rows.iter().map(|rows| of_strip(*rows)).sum();
                self.channel_tiles * strips * widths.len()
            }
            false => {
                // Whole rows for all images of a tile at once, parts of rows image by image.
                let of_segment = |width: &usize| if *width == shape.w { self.image_groups } else { shape.n };
                let parts: usize = widths.iter().map(of_segment).sum();
                let ports: usize = pieces(shape.c_per_group(), mapping.channels)
                    .map(|(channels, tiles)| tiles * channels.min(self.arch.ifmap_ports()))
                    .sum();
                ports * rows.iter().filter(|rows| **rows > 0).count() * parts
            }
        };
        let words = rows.iter().sum::<usize>() * widths.iter().sum::<usize>();
        Loads { words: (times * shape.c * shape.n * words) as u64, commands: (times * shape.groups * commands) as u64 }
    }

    /// Blocks of 64 bytes of the commands and tables that sections begin with.
    fn section_blocks(&self) -> u64 {
        let (shape, mapping) = (&self.shape, &self.mapping);
        let segments = pieces(shape.f(), mapping.windows).count();
        let layers = pieces(shape.e(), mapping.e).count() * segments * pieces(shape.n, mapping.n).count();
        let tables: usize = pieces(shape.e(), mapping.e).map(|(lines, _)| table_blocks(self.lanes() * lines)).sum();
        (layers + segments * tables) as u64
    }
}

/// What is loaded into the buffer.
struct Loads {
    words: u64,
    commands: u64,
}
