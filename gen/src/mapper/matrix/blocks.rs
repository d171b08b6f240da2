//! What is different where the rows of an array are adjacent rows of the ofmap (`hw::os`), or groups of rows of the ifmap (`hw::is`), a *block* of a tile.

use super::super::Cut;
use super::held::held_groups;
use super::planes::window_turns;
use super::schedule::Section;
use super::MatrixPlan;
use crate::shape::ConvShape;
use hw::os::OsStyle;
use hw::{Arch, Dataflow};
use std::ops::Range;

/// Words of an image of a tile for so many filter and ofmap rows in each port, whole blocks of ifmap rows of so many words.
pub(super) fn image_words(shape: &ConvShape, arch: &Arch, filter_rows: usize, lines: usize, width: usize) -> usize {
    // Groups of `stride_h` ifmap rows go to the ports in turns, from the first tap of the first ofmap row on; where words are held, from the tile's first row on.
    let groups = match arch.dataflow {
        Dataflow::Is => held_groups(shape, filter_rows, lines),
        _ => image_groups(shape, filter_rows, lines),
    };
    groups.div_ceil(arch.rows) * shape.stride_h * width
}

/// Groups of `stride_h` ifmap rows of a tile for so many filter and ofmap rows, padding among them.
pub(super) fn image_groups(shape: &ConvShape, filter_rows: usize, lines: usize) -> usize {
    lines - 1 + filter_rows.div_ceil(shape.stride_h)
}

/// Ifmap rows of a tile that lie in one port, one above the other in each block.
pub(super) struct PortRows {
    pub port: usize,
    /// Block of the first, and its row within the block.
    pub block: usize,
    pub phase: usize,
    /// The first one's place in the tile, and how many there are.
    pub first: usize,
    pub count: usize,
}

impl MatrixPlan {
    /// Whether the rows of the array are rows of a feature map.
    pub(super) fn is_of_rows(&self) -> bool {
        matches!(self.arch.os(), Some(OsStyle::MopMop | OsStyle::SopMop)) || self.is_of_inputs()
    }

    /// Whether psums stay in PEs for the steps of a chunk.
    pub(super) fn is_of_steps(&self) -> bool {
        self.arch.dataflow == Dataflow::Os
    }

    /// Ifmap rows from a block to the next.
    pub(super) fn block_step(&self) -> usize {
        self.arch.ifmap_ports() * self.shape.stride_h
    }

    /// Blocks of so many ofmap rows: of one, where all PEs work on one pixel.
    pub(super) fn blocks(&self, lines: usize) -> usize {
        lines.div_ceil(self.arch.ifmap_ports())
    }

    /// Rows of the array that have psums, of each block of so many ofmap rows.
    pub(super) fn block_lines(&self, lines: usize) -> impl Iterator<Item = usize> + '_ {
        let ports = self.arch.ifmap_ports();
        (0..lines).step_by(ports).map(move |first| ports.min(lines - first) * self.filter_rows())
    }

    /// Positions of the array on an ofmap tile: a window, or a group of windows, of all rows of a block each.
    pub(super) fn array_positions(&self, section: &Section) -> usize {
        section.images * self.blocks(section.lines) * window_turns(&self.arch, section.windows)
    }

    /// Parts of a channel that chunks are made of, and steps of each: filter columns, or, where all PEs work on one plane, all of it.
    pub(super) fn channel_parts_and_steps(&self) -> (usize, usize) {
        let (r, s) = (self.pass_rows, self.shape.s);
        if self.is_of_planes() {
            (1, r * s)
        } else {
            (s, r)
        }
    }

    /// Pairs of a channel and a filter column of a chunk, or channels, whose weights are repeated for each position: as many as leave room for those of the next, in chunks
    /// of about a size.
    pub fn chunk(&self) -> usize {
        let (parts, steps) = self.channel_parts_and_steps();
        let most = (self.arch.weight_steps() / 2 / steps).max(1);
        Cut::Even.sizes(self.mapping.channels * parts, most)[0]
    }

    /// Of a pass on so many channels: pairs (or channels) of each chunk, and how many such chunks there are.
    pub(super) fn chunks(&self, channels: usize) -> [(usize, usize); 2] {
        let (pairs, chunk) = (channels * self.channel_parts_and_steps().0, self.chunk());
        [(chunk, pairs / chunk), (pairs % chunk, usize::from(pairs % chunk > 0))]
    }

    /// Ifmap rows that an array reads for a tile of so many ofmap rows, a word of each for a channel, filter column and window, where the tile has
    /// the rows `tile` and the first tap meets row `first`.
    pub(super) fn block_reads(&self, lines: usize, first: i64, tile: &Range<usize>) -> u64 {
        let (shape, rows) = (&self.shape, self.arch.rows);
        let within = |from: i64, rows: usize| {
            let (start, end) = (tile.start as i64, tile.end as i64);
            ((from + rows as i64).min(end) - from.max(start)).max(0) as u64
        };
        // The last row reads all of its filter rows, the others those that no row below them has read.
        let own = self.pass_rows.min(shape.stride_h);
        let row = |block: usize, row: usize| {
            let taps = if row + 1 == rows { self.pass_rows } else { own };
            within(first + (block * self.block_step() + row * shape.stride_h) as i64, taps)
        };
        (0..self.blocks(lines)).flat_map(|block| (0..rows).map(move |i| row(block, i))).sum()
    }

    /// How the ifmap rows `tile` lie in the ports, if the first tap meets row `first`.
    pub(super) fn port_rows(&self, first: i64, tile: &Range<usize>) -> Vec<PortRows> {
        let step = self.block_step();
        let above = (tile.start as i64 - first) as usize;
        // Where words are held, padding has no place.
        let above = if self.is_of_inputs() { above % self.shape.stride_h } else { above };
        let part = |number: usize| {
            let row = above + number;
            PortRows {
                port: row % step / self.shape.stride_h,
                block: row / step,
                phase: row % self.shape.stride_h,
                first: number,
                count: (tile.len() - number).div_ceil(step),
            }
        };
        (0..step.min(tile.len())).map(part).collect()
    }
}
