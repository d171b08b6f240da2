//! What programs of all dataflows have in common: filters and parameters from memory, the end, and the counts of these.

use super::build::{LayerProgram, ReadBeats};
use super::command::{Command, Program};
use super::counts::Counts;
use super::layout::{Layout, PARAM_BYTES};
use super::slots::Slot;
use super::MapError;
use hw::program::{end, filter, op, params};
use hw::Arch;
use std::ops::Range;

/// Bytes of a FILTER command at the most: whole lines and whole beats.
pub(super) const MAX_FILTER_BYTES: usize = (1 << 32) - 64;

/// A program that is being written, and what it will count.
pub(super) struct Writing<'a> {
    arch: &'a Arch,
    layout: &'a Layout,
    /// Ofmap channels of the layer.
    channels: usize,
    pub program: Program,
    pub counts: Counts,
    pub read_beats: ReadBeats,
    /// Ofmap channels in the output stage's table.
    params: Range<usize>,
}

impl<'a> Writing<'a> {
    /// An empty program of a layer with so many ofmap `channels`.
    pub fn new(arch: &'a Arch, layout: &'a Layout, channels: usize) -> Writing<'a> {
        Writing {
            arch,
            layout,
            channels,
            program: Program::default(),
            counts: Counts::default(),
            read_beats: ReadBeats::default(),
            params: 0..0,
        }
    }

    /// All packed filters, in as many commands as 32-bit lengths make of them.
    pub fn filters(&mut self, bytes: usize) -> Result<(), MapError> {
        self.counts.dram_filter_bytes += bytes as u64;
        self.read_beats.filters += beats(self.arch, self.layout.filters, bytes);
        for first in (0..bytes).step_by(MAX_FILTER_BYTES) {
            let length = (bytes - first).min(MAX_FILTER_BYTES);
            let command = Command::new(op::FILTER).address(filter::ADDRESS, self.layout.filters + first as u64).with(
                "the bytes of the filters",
                filter::BYTES,
                length,
            );
            self.program.push(command)?;
        }
        Ok(())
    }

    /// Brings the parameters of `count` channels from `channel` on into the output stage's table, unless they are there; the entry of the first.
    pub fn params(&mut self, channel: usize, count: usize) -> Result<usize, MapError> {
        if !self.params.contains(&channel) || channel + count > self.params.end {
            let end = (channel + params::DEPTH).min(self.channels);
            self.params = channel..end;
            let bytes = (end - channel) * PARAM_BYTES;
            self.counts.dram_param_bytes += bytes as u64;
            self.read_beats.params += beats(self.arch, self.layout.params, bytes);
            let command = Command::new(op::PARAMS)
                .address(params::ADDRESS, self.layout.params + (channel * PARAM_BYTES) as u64)
                .with("the channels of the output stage", params::COUNT, end - channel);
            self.program.push(command)?;
        }
        Ok(channel - self.params.start)
    }

    /// The program with its `END`, which carries the number `layer`.
    pub fn end(mut self, layer: u32, ifmap_slots: Vec<Slot>, ofmap_slots: Vec<Slot>) -> Result<LayerProgram, MapError> {
        self.program.push(Command::new(op::END).with("the layer's number", end::LAYER, layer as usize))?;
        let bytes = self.program.bytes;
        let counts = Counts { dram_program_bytes: bytes.len() as u64, ..self.counts };
        let commands = beats(self.arch, self.layout.program, bytes.len());
        let read_beats = ReadBeats { commands, ..self.read_beats };
        Ok(LayerProgram { bytes, layout: *self.layout, counts, read_beats, ifmap_slots, ofmap_slots })
    }
}

/// Beats of the link that `bytes` bytes at `address` touch.
pub(super) fn beats(arch: &Arch, address: u64, bytes: usize) -> u64 {
    let beat = arch.link_bytes() as u64;
    (address + bytes as u64).div_ceil(beat) - address / beat
}
