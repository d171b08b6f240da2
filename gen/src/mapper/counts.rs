//! What the hardware's counters show for a program, known without running it.

use super::plan::Plan;
use super::schedule::Section;
use super::tables::Stream;
use super::window::View;
use serde::Serialize;

/// Counts of a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Passes.
    pub passes: u64,
    /// MACs that PEs issue, those on padding and on what does not exist included.
    pub macs: u64,
    /// Words on the ifmap bus, those of padding included.
    pub ifmap_bus_words: u64,
    /// Lines of four words on the filter bus.
    pub filter_bus_lines: u64,
    /// Ifmap words read from the buffer.
    pub ifmap_reads: u64,
    /// Ifmap words written to the buffer.
    pub ifmap_writes: u64,
    /// Psums read from the buffer by passes.
    pub psum_reads: u64,
    /// Psums written to the buffer.
    pub psum_writes: u64,
    /// Finished psums read from the buffer by the store unit.
    pub psum_drains: u64,
    /// Bytes of ifmap read from DRAM.
    pub dram_ifmap_bytes: u64,
    /// Bytes of filters read from DRAM.
    pub dram_filter_bytes: u64,
    /// Bytes of parameters read from DRAM.
    pub dram_param_bytes: u64,
    /// Bytes of the program, read from DRAM.
    pub dram_program_bytes: u64,
    /// Bytes of ofmap written to DRAM.
    pub dram_write_bytes: u64,
    /// Codes read from a compressed ifmap.
    pub rlc_read_codes: u64,
    /// Codes written to a compressed ofmap.
    pub rlc_write_codes: u64,
}

impl Counts {
    /// Adds a pass of a section.
    pub(super) fn pass(&mut self, plan: &Plan, section: &Section, streams: &[Stream], view: &View, first: bool) {
        let (mapping, images) = (&plan.mapping, section.images as u64);
        let windows = section.windows as u64 * images;
        let stacks = section.lines * mapping.t();
        let psums = (stacks * mapping.p) as u64 * windows;
        self.passes += 1;
        self.macs += (stacks * mapping.stack() * plan.filter_words()) as u64 * windows;
        self.ifmap_bus_words += (streams.len() * mapping.q * plan.sent_cols(section.windows)) as u64 * images;
        self.filter_bus_lines += plan.pass_filter_lines() as u64;
        self.psum_reads += if first { 0 } else { psums };
        self.psum_writes += psums;

        let exist = |stream: &Stream| match view.rows.contains(&stream.row) {
            true => view.channels.saturating_sub(stream.channel).min(mapping.q),
            false => 0,
        };
        let rows: usize = streams.iter().map(exist).sum();
        if rows > 0 {
            self.ifmap_reads +=
                (rows * plan.existing_cols(section.windows, section.tile_width, view.x_start)) as u64 * images;
        }
    }

    /// Bytes read from DRAM.
    pub fn dram_read_bytes(&self) -> u64 {
        self.dram_ifmap_bytes + self.dram_filter_bytes + self.dram_param_bytes + self.dram_program_bytes
    }
}

impl Plan {
    /// Columns that are sent for a row of `windows` windows from column `x_start` on, and lie within a tile of `width` columns.
    pub(super) fn existing_cols(&self, windows: usize, width: usize, x_start: i64) -> usize {
        let (filter_cols, stride) = (self.mapping.filter_cols, self.shape.stride_w);
        let within = |first: i64, count: usize| {
            let end = (first + count as i64).min(width as i64);
            (end - first.max(0)).max(0) as usize
        };
        match self.step_cols() == stride {
            true => within(x_start, self.sent_cols(windows)),
            false => (0..windows).map(|window| within(x_start + (window * stride) as i64, filter_cols)).sum(),
        }
    }
}
