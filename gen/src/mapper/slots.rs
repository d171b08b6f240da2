//! Compressed tensors in DRAM: a slot of `hw::rlc` for each part that a LOAD reads or a STORE writes.
//!
//! Slots have the room that their words take at the worst, one after the other in the order of their first use, so that a program does not
//! depend on data. What moves does: only as many codes as there are.

use super::counts::Counts;
use super::emit::{self, Commands, PassPlaces};
use super::part::Part;
use super::plan::Plan;
use super::schedule::{Place, Section, Step};
use super::window::TileWindow;
use super::writing::beats as beats_of;
use super::Compression;
use hw::rlc::{Codec, Format, CODE_BYTES, SLOT_HEAD};
use hw::Arch;
use std::collections::HashMap;
use std::convert::Infallible;

/// A compressed part of a tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Byte address.
    pub address: u64,
    /// What it holds, in C order.
    pub part: Part,
    /// Commands that read or write it.
    pub uses: u64,
}

/// The slots of a tensor.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    codec: Codec,
    pub list: Vec<Slot>,
    of: HashMap<Part, usize>,
    end: u64,
}

impl Slots {
    /// From `address` on; for words of `width` bits, in a tensor that is perhaps not compressed.
    fn new(address: u64, format: Option<Format>, width: usize) -> Slots {
        let codec = Codec { format: format.unwrap_or(Format::Runs), width };
        Slots { codec, list: Vec::new(), of: HashMap::new(), end: address }
    }

    /// Of an ifmap and an ofmap that begin at these addresses.
    pub fn of_both(compression: Compression, addresses: [u64; 2], width: usize) -> [Slots; 2] {
        let [ifmap, ofmap] = addresses;
        [Slots::new(ifmap, compression.ifmap, width), Slots::new(ofmap, compression.ofmap, width)]
    }

    /// The address behind the last.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// The address of a part that a command uses; of a new one, behind all others.
    pub fn place(&mut self, part: &Part) -> u64 {
        let index = *self.of.entry(part.clone()).or_insert_with(|| {
            self.list.push(Slot { address: self.end, part: part.clone(), uses: 0 });
            self.end += self.codec.slot_bytes(part.words()) as u64;
            self.list.len() - 1
        });
        self.list[index].uses += 1;
        self.list[index].address
    }
}

/// The slots of a plan's ifmap and of its ofmap, from address 0 on.
pub(super) fn collect(plan: &Plan, compression: Compression) -> [Slots; 2] {
    let [ifmap, ofmap] = Slots::of_both(compression, [0, 0], plan.arch.width);
    let mut collector = Collector { plan, ifmap, ofmap };
    let Ok(()) = emit::layer(plan, &mut collector);
    [collector.ifmap, collector.ofmap]
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
            self.ifmap.place(&part.into());
        }
        Ok(())
    }

    fn pass(&mut self, _: &Section, _: Place, _: &Step, _: &PassPlaces) -> Result<(), Infallible> {
        Ok(())
    }

    fn store(&mut self, section: &Section, place: Place, step: &Step, _: usize, _: bool) -> Result<(), Infallible> {
        self.ofmap.place(&self.plan.store_part(section, place, step).into());
        Ok(())
    }
}

impl Counts {
    /// Adds what the slots of an ifmap move; `codes` says how many each holds. Beats that are read, too.
    pub(super) fn read_slots(&mut self, arch: &Arch, slots: &[Slot], codes: &[u64]) -> u64 {
        let mut beats = 0;
        for (slot, codes) in slots.iter().zip(codes) {
            let bytes = *codes as usize * CODE_BYTES;
            let stream = slot.address + SLOT_HEAD as u64;
            self.rlc_read_codes += slot.uses * codes;
            self.dram_ifmap_bytes += slot.uses * (bytes + CODE_BYTES) as u64;
            beats += slot.uses * (beats_of(arch, slot.address, CODE_BYTES) + beats_of(arch, stream, bytes));
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
