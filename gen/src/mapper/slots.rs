//! Compressed tensors in DRAM: a slot of `hw::rlc` for each part that a LOAD reads or a STORE writes.
//!
//! Slots have the room that their words take at the worst, one after the other in the order of their first use, so that a program does not
//! depend on data. What moves does: only as many codes as there are.

use super::counts::Counts;
use super::emit::{self, Commands, PassPlaces};
use super::plan::Plan;
use super::schedule::{Place, Section, Step};
use super::window::TileWindow;
use super::Compression;
use hw::rlc::{Codec, Format, CODE_BYTES, SLOT_HEAD};
use std::collections::HashMap;
use std::convert::Infallible;

/// A compressed part of a tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Byte address.
    pub address: u64,
    /// What it holds, in C order.
    pub part: TileWindow,
    /// Commands that read or write it.
    pub uses: u64,
}

/// The slots of a tensor.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    codec: Codec,
    pub list: Vec<Slot>,
    of: HashMap<TileWindow, usize>,
    end: u64,
}

impl Slots {
    /// From `address` on; for words of `width` bits, in a tensor that is perhaps not compressed.
    pub fn new(address: u64, format: Option<Format>, width: usize) -> Slots {
        let codec = Codec { format: format.unwrap_or(Format::Runs), width };
        Slots { codec, list: Vec::new(), of: HashMap::new(), end: address }
    }

    /// The address of a part that a command uses; of a new one, behind all others.
    pub fn place(&mut self, part: &TileWindow) -> u64 {
        let index = *self.of.entry(part.clone()).or_insert_with(|| {
            self.list.push(Slot { address: self.end, part: part.clone(), uses: 0 });
            self.end += self.codec.slot_bytes(part.words()) as u64;
            self.list.len() - 1
        });
        self.list[index].uses += 1;
        self.list[index].address
    }
}

impl TileWindow {
    /// Words that it holds.
    pub fn words(&self) -> usize {
        self.images.len() * self.channels.len() * self.rows.len() * self.cols.len()
    }

    /// The place of each of its words in a tensor with these dimensions, in C order.
    pub fn elements(&self, dims: [usize; 4]) -> impl Iterator<Item = usize> + '_ {
        let [_, channels, rows, cols] = dims;
        self.images.clone().flat_map(move |image| {
            self.channels.clone().flat_map(move |channel| {
                self.rows.clone().flat_map(move |row| {
                    let first = ((image * channels + channel) * rows + row) * cols;
                    self.cols.clone().map(move |col| first + col)
                })
            })
        })
    }
}

/// Bytes of all slots of a plan's ifmap and of its ofmap.
pub(super) fn bytes(plan: &Plan, compression: Compression) -> (u64, u64) {
    let slots = |format| Slots::new(0, format, plan.arch.width);
    let mut collector = Collector { plan, ifmap: slots(compression.ifmap), ofmap: slots(compression.ofmap) };
    let Ok(()) = emit::layer(plan, &mut collector);
    (collector.ifmap.end, collector.ofmap.end)
}

/// Takes the commands of a layer for the parts that they use.
struct Collector<'a> {
    plan: &'a Plan,
    ifmap: Slots,
    ofmap: Slots,
}

impl Commands for Collector<'_> {
    type Error = Infallible;

    fn layer(&mut self, _: &Section) -> Result<(), Infallible> {
        Ok(())
    }

    fn tables(&mut self, _: usize) -> Result<(), Infallible> {
        Ok(())
    }

    fn filters(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn load(&mut self, window: &TileWindow, _: usize, _: bool) -> Result<(), Infallible> {
        for part in self.plan.load_parts(window) {
            self.ifmap.place(&part);
        }
        Ok(())
    }

    fn pass(&mut self, _: &Section, _: Place, _: &Step, _: &PassPlaces) -> Result<(), Infallible> {
        Ok(())
    }

    fn store(&mut self, section: &Section, place: Place, step: &Step, _: usize, _: bool) -> Result<(), Infallible> {
        self.ofmap.place(&self.plan.store_part(section, place, step));
        Ok(())
    }
}

impl Counts {
    /// Adds what the slots of an ifmap move; `codes` says how many each holds. Beats that are read, too.
    pub(super) fn read_slots(&mut self, plan: &Plan, slots: &[Slot], codes: &[u64]) -> u64 {
        let mut beats = 0;
        for (slot, codes) in slots.iter().zip(codes) {
            let bytes = *codes as usize * CODE_BYTES;
            let stream = slot.address + SLOT_HEAD as u64;
            self.rlc_read_codes += slot.uses * codes;
            self.dram_ifmap_bytes += slot.uses * (bytes + CODE_BYTES) as u64;
            beats += slot.uses * (plan.beats(slot.address, CODE_BYTES) + plan.beats(stream, bytes));
        }
        beats
    }

    /// Adds what the slots of an ofmap move.
    pub(super) fn write_slots(&mut self, codes: &[u64]) {
        let all: u64 = codes.iter().sum();
        self.rlc_write_codes += all;
        self.dram_write_bytes += (all + codes.len() as u64) * CODE_BYTES as u64;
    }
}
