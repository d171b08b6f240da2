//! The tables of the sequencer and the store unit, and the configuration chain: words as in `hw::program::table`.

use super::command::set;
use super::plan::Plan;
use super::MapError;
use hw::program::table;
use hw::Arch;
use std::collections::HashMap;

/// All tables of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tables {
    /// The configuration chain, in the order in which it is shifted in.
    pub chain: Vec<u64>,
    /// The ifmap walker's streams.
    pub streams: Vec<Stream>,
    /// Sources of each psum lane.
    pub sources: Vec<Vec<u64>>,
    /// The store unit's rows: `e` of each set.
    pub rows: Vec<u64>,
}

/// An ifmap row that goes to all PEs that work on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Stream {
    /// Which set of a stack: the row part of the tag.
    pub layer: usize,
    /// First channel within the tile.
    pub channel: usize,
    /// Row within the pass.
    pub row: usize,
}

/// What a PE is configured to.
#[derive(Clone, Copy)]
struct PeConfig {
    from_bus: bool,
    to_bus: bool,
    ifmap_x: usize,
    filter_x: usize,
}

impl PeConfig {
    /// Bit 0 enables the PE; see `hw::array` for the rest.
    fn word(&self, arch: &Arch) -> u64 {
        let ids = self.ifmap_x as u64 | (self.filter_x as u64) << arch.ifmap_x_bits();
        1 | u64::from(self.from_bus) << 1 | u64::from(self.to_bus) << 2 | ids << 3
    }
}

/// All tables of a plan.
pub(super) fn tables(plan: &Plan) -> Result<Tables, MapError> {
    let streams = streams(plan);
    let (sources, rows) = psums(plan)?;
    Ok(Tables { chain: chain(plan, &streams), streams, sources, rows })
}

/// The distinct ifmap rows of a pass. Those of the lower sets of a stack come first, as psums begin there.
pub(super) fn streams(plan: &Plan) -> Vec<Stream> {
    let mut streams: Vec<Stream> = plan.cells().map(|cell| stream(plan, &cell)).collect();
    streams.sort_by_key(|stream| (std::cmp::Reverse(stream.layer), stream.channel, stream.row));
    streams.dedup();
    streams
}

pub(super) fn stream(plan: &Plan, cell: &super::placement::Cell) -> Stream {
    let row = plan.cell_ifmap_row(cell);
    Stream { layer: cell.layer, channel: plan.first_channel(cell.set, cell.layer), row }
}

/// Words of the ifmap table.
pub(super) fn stream_words(plan: &Plan, streams: &[Stream]) -> Result<Vec<u64>, MapError> {
    let entry = |(index, stream): (usize, &Stream)| {
        let offset = stream.channel * plan.tile.channel_stride + stream.row * plan.tile.width;
        let mut word = [0];
        set(&mut word, "an ifmap stream's row tag", table::STREAM_Y, stream.layer)?;
        set(&mut word, "an ifmap stream's column tag", table::STREAM_X, index)?;
        set(&mut word, "an ifmap stream's offset", table::STREAM_OFFSET, offset)?;
        set(&mut word, "an ifmap stream's row", table::STREAM_H, stream.row)?;
        set(&mut word, "an ifmap stream's channel", table::STREAM_C, stream.channel)?;
        Ok(word[0])
    };
    streams.iter().enumerate().map(entry).collect()
}

/// The chain: for each row from the last to the first, its PEs from the last column to the first, then the row's own word.
fn chain(plan: &Plan, streams: &[Stream]) -> Vec<u64> {
    let arch = &plan.arch;
    let tags: HashMap<Stream, usize> = streams.iter().enumerate().map(|(index, stream)| (*stream, index)).collect();
    let mut pes = vec![0; arch.pes()];
    let mut rows = vec![0; arch.rows];
    for cell in plan.cells() {
        let (filter_y, filter_x) = plan.filter_tag(cell.set, cell.layer, cell.row);
        let config = PeConfig {
            from_bus: cell.layer == plan.mapping.r - 1 && cell.row == plan.mapping.filter_rows - 1,
            to_bus: cell.layer == 0 && cell.row == 0,
            ifmap_x: tags[&stream(plan, &cell)],
            filter_x,
        };
        pes[cell.array_row * arch.cols + cell.array_col] = config.word(arch);
        rows[cell.array_row] = cell.layer as u64 | (filter_y as u64) << arch.tag_y_bits();
    }
    let row_words = |row: usize| pes[row * arch.cols..][..arch.cols].iter().rev().copied().chain([rows[row]]);
    (0..arch.rows).rev().flat_map(row_words).collect()
}

/// The sources of each psum lane, and the store unit's rows. A lane holds the rows of its own columns alone, one after the other.
fn psums(plan: &Plan) -> Result<(Vec<Vec<u64>>, Vec<u64>), MapError> {
    let lanes = plan.arch.psum_lanes;
    let mut sources = vec![Vec::new(); lanes];
    let mut rows = Vec::new();
    for stack in plan.stacks() {
        let lane = stack.col % lanes;
        let offset = sources[lane].len() * plan.mapping.windows;
        let mut source = [0];
        set(&mut source, "a psum source's row", table::SOURCE_ROW, stack.top)?;
        set(&mut source, "a psum source's row", table::SOURCE_FEED, stack.bottom)?;
        set(&mut source, "a psum source's column", table::SOURCE_COL, stack.col / lanes)?;
        set(&mut source, "a psum source's offset", table::SOURCE_OFFSET, offset)?;
        let mut row = [0];
        set(&mut row, "a psum lane", table::ROW_LANE, lane)?;
        set(&mut row, "an ofmap row's offset", table::ROW_OFFSET, offset)?;
        sources[lane].push(source[0]);
        rows.push(row[0]);
    }
    Ok((sources, rows))
}
