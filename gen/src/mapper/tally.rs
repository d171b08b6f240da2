//! The counts of a plan in closed form: what `counts` of its program says, without the program.

use super::counts::Counts;
use super::plan::Plan;
use super::{TileCols, TileRows};
use crate::mapper::layout::PARAM_BYTES;
use hw::program::{params, COMMAND_BYTES, COMMAND_WORDS};

/// Commands of a layer, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Commands {
    pub loads: u64,
    pub stores: u64,
    pub params: u64,
}

/// What is loaded into the buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Loads {
    /// Tiles.
    pub tiles: u64,
    /// Words.
    pub words: u64,
    /// Runs of adjacent words in DRAM.
    pub runs: u64,
    /// Commands.
    pub commands: u64,
}

/// The counts of a plan whose ofmap words have `word_bytes` bytes in DRAM.
pub fn tally(plan: &Plan, word_bytes: usize) -> Counts {
    let (shape, mapping) = (&plan.shape, &plan.mapping);
    let places = (plan.strips * plan.image_groups * plan.column_segments) as u64;
    // Windows of a row of all images; sets that make a row of the ofmap.
    let windows = (shape.n * shape.f()) as u64;
    let sets = (plan.strip_passes() * shape.e() * mapping.t()) as u64;
    let psums = sets * windows * mapping.p as u64;
    let streams: usize = (0..plan.strips).map(|strip| plan.streams_of(plan.strip_lines(strip))).sum();
    let turns = plan.turns() as u64;
    let loads = loads(plan);
    let (params, param_entries) = param_loads(places, shape.m, stores_of(plan));
    let stores = places * (plan.group_turns * plan.filter_groups) as u64;
    let commands = Commands { loads: loads.commands, stores, params };
    let ofmap = (shape.ofmap_dims().iter().product::<usize>()) as u64;
    Counts {
        passes: plan.passes() as u64,
        macs: sets * windows * (mapping.stack() * plan.filter_words()) as u64,
        ifmap_bus_words: (plan.strip_passes() * streams * mapping.q * plan.all_sent_cols() * shape.n) as u64,
        filter_bus_lines: (plan.passes() * plan.pass_filter_lines()) as u64,
        ifmap_reads: ifmap_reads(plan),
        ifmap_writes: loads.words,
        psum_reads: psums / turns * (turns - 1),
        psum_writes: psums,
        psum_drains: ofmap,
        dram_ifmap_bytes: loads.words * plan.arch.word_bytes() as u64,
        dram_filter_bytes: places * plan.filter_bytes() as u64,
        dram_param_bytes: param_entries * PARAM_BYTES as u64,
        dram_program_bytes: blocks(plan, &commands) * COMMAND_BYTES as u64,
        dram_write_bytes: ofmap * word_bytes as u64,
        ..Counts::default()
    }
}

impl Plan {
    /// Passes on the same psums.
    pub(super) fn turns(&self) -> usize {
        self.channel_groups * self.height_segments * self.width_segments
    }

    /// Windows of a column segment, and how many segments have as many.
    pub(super) fn column_pieces(&self) -> impl Iterator<Item = (usize, usize)> {
        pieces(self.shape.f(), self.mapping.windows)
    }

    /// Images of an image group, and how many groups have as many.
    pub(super) fn image_pieces(&self) -> impl Iterator<Item = (usize, usize)> {
        pieces(self.shape.n, self.mapping.n)
    }

    /// Columns that are sent for a row of windows, over all column segments.
    pub(super) fn all_sent_cols(&self) -> usize {
        self.column_pieces().map(|(windows, pieces)| pieces * self.sent_cols(windows)).sum()
    }

    /// Entries of each table for strips of `lines` rows: the chain, ifmap streams, rows to store, sources of each psum lane that has any.
    pub(super) fn table_sizes(&self, lines: usize) -> impl Iterator<Item = usize> {
        let arch = &self.arch;
        let mut lanes = vec![0; arch.psum_lanes];
        for stack in self.stacks(lines) {
            lanes[stack.col % arch.psum_lanes] += 1;
        }
        let tables = [arch.rows * (arch.cols + 1), self.streams_of(lines), lines * self.mapping.t()];
        tables.into_iter().chain(lanes).filter(|entries| *entries > 0)
    }

    /// Times that the tiles of a place and group turn are gone through: once for each chunk of filters, unless there is a single one.
    fn tile_rounds(&self) -> usize {
        let (heights, widths) = self.tile_turns();
        match self.channel_groups * heights * widths {
            1 => 1,
            _ => self.filter_groups.div_ceil(self.chunk),
        }
    }

    /// Tiles of a channel group, one after the other: those of the filter's height segments, and for each those of its width segments.
    fn tile_turns(&self) -> (usize, usize) {
        let segments = |cut: bool, segments: usize| if cut { segments } else { 1 };
        let widths = segments(self.mapping.tile_cols == TileCols::Segment, self.width_segments);
        // With several tiles of the width, each segment of the height goes through them again.
        let heights = segments(self.mapping.tile_rows == TileRows::Segment || widths > 1, self.height_segments);
        (heights, widths)
    }
}

/// The sizes that `total` is cut into at every `size`, with the number of each.
pub(super) fn pieces(total: usize, size: usize) -> impl Iterator<Item = (usize, usize)> {
    let rest = total % size;
    [(size, total / size), (rest, usize::from(rest > 0))].into_iter().filter(|(_, count)| *count > 0)
}

/// What is loaded.
pub(super) fn loads(plan: &Plan) -> Loads {
    let (shape, mapping) = (&plan.shape, &plan.mapping);
    let (heights, widths) = plan.tile_turns();
    let (mut all_rows, mut row_tiles) = (0, 0);
    for strip in 0..plan.strips {
        let height = |segment| if mapping.tile_rows == TileRows::Segment { segment } else { 0 };
        for segment in 0..heights {
            let rows = plan.tile_rows(strip, height(segment)).len();
            all_rows += rows;
            row_tiles += usize::from(rows > 0);
        }
    }
    let (mut all_cols, mut whole, mut cut) = (0, 0, 0);
    for segment in 0..plan.column_segments {
        for width in 0..widths {
            let cols = plan.tile_cols(segment, width).len();
            all_cols += cols;
            if cols == shape.w && plan.tile.width == shape.w {
                whole += 1;
            } else if cols > 0 {
                cut += 1;
            }
        }
    }
    let rounds = plan.tile_rounds() * plan.group_turns;
    let tiles = rounds * plan.channel_groups * row_tiles;
    // Channels of all tiles of a round: those of a group turn, which add up to the layer's.
    let channels = plan.tile_rounds() * shape.c;
    Loads {
        tiles: (tiles * (whole + cut) * plan.image_groups) as u64,
        words: (channels * shape.n * all_rows * all_cols) as u64,
        runs: (channels * shape.n * (row_tiles * whole + all_rows * cut)) as u64,
        commands: (tiles * (whole * plan.image_groups + cut * shape.n)) as u64,
    }
}

/// Ifmap words that passes read.
fn ifmap_reads(plan: &Plan) -> u64 {
    let (shape, mapping) = (&plan.shape, &plan.mapping);
    let (stride, height) = (shape.stride_h, mapping.filter_rows);
    let mut rows = 0;
    for strip in 0..plan.strips {
        for segment in 0..plan.height_segments {
            let tile = plan.tile_rows(strip, if mapping.tile_rows == TileRows::Segment { segment } else { 0 });
            let first = plan.first_row(strip, segment);
            let exists = |row: usize| tile.contains(&usize::try_from(first + row as i64).unwrap_or(usize::MAX));
            // The distinct rows of all lines: those that the next line does not have, and all of the last.
            let fresh = stride.min(height);
            let lines = plan.strip_lines(strip);
            for line in 0..lines {
                let count = if line + 1 == lines { height } else { fresh };
                rows += (line * stride..line * stride + count).filter(|row| exists(*row)).count();
            }
        }
    }
    let mut cols = 0;
    for segment in 0..plan.column_segments {
        let windows = plan.segment_windows(segment);
        for width in 0..plan.width_segments {
            let tile = plan.tile_cols(segment, if mapping.tile_cols == TileCols::Segment { width } else { 0 });
            let x_start = plan.first_col(segment, width) - tile.start as i64;
            cols += plan.existing_cols(windows, tile.len(), x_start);
        }
    }
    let (c, q) = (shape.c_per_group(), mapping.q);
    let mut channels = 0;
    for turn in 0..plan.group_turns {
        let groups = mapping.groups.min(shape.groups - turn * mapping.groups);
        if mapping.groups == 1 {
            channels += c;
        } else {
            let first = |index: usize| index / mapping.r * c + index % mapping.r * q;
            channels +=
                (0..mapping.groups * mapping.r).map(|i| (groups * c).saturating_sub(first(i)).min(q)).sum::<usize>();
        }
    }
    (rows * cols * channels * shape.n * plan.filter_groups) as u64
}

/// First ofmap channel and number of channels of each STORE of a place, in order.
fn stores_of(plan: &Plan) -> impl Iterator<Item = (usize, usize)> + '_ {
    let (shape, mapping) = (&plan.shape, &plan.mapping);
    let (m, pass) = (shape.m_per_group(), mapping.pass_filters());
    (0..plan.group_turns).flat_map(move |turn| {
        let groups = mapping.groups.min(shape.groups - turn * mapping.groups);
        (0..plan.filter_groups)
            .map(move |group| (turn * mapping.groups * m + group * pass, (groups * m - group * pass).min(pass)))
    })
}

/// PARAMS commands of a layer of `channels` ofmap channels, and the entries that they bring; each of `places` stores the same `(first, number)` of them.
pub(super) fn param_loads(places: u64, channels: usize, stores: impl Iterator<Item = (usize, usize)>) -> (u64, u64) {
    let (mut commands, mut entries) = (0, 0);
    let mut there = 0..0;
    for (channel, count) in stores {
        if !there.contains(&channel) || channel + count > there.end {
            there = channel..(channel + params::DEPTH).min(channels);
            commands += 1;
            entries += there.len() as u64;
        }
    }
    match commands {
        // What the first place brought is there for all.
        1 => (commands, entries),
        _ => (places * commands, places * entries),
    }
}

/// Blocks of 64 bytes of a table with its commands.
pub(super) fn table_blocks(entries: usize) -> usize {
    entries.div_ceil(COMMAND_WORDS) + entries.div_ceil(hw::program::table::COUNT.mask() as usize)
}

/// Blocks of 64 bytes of the program.
fn blocks(plan: &Plan, commands: &Commands) -> u64 {
    let strips = || pieces(plan.shape.e(), plan.mapping.e);
    let sections = strips().count() * plan.column_pieces().count() * plan.image_pieces().count();
    let tables: usize = strips().flat_map(|(lines, _)| plan.table_sizes(lines)).map(table_blocks).sum();
    let filters = plan.strips * plan.image_groups * plan.column_segments * plan.filter_commands();
    (sections + tables + plan.passes() + filters + 1) as u64 + commands.loads + commands.stores + commands.params
}
