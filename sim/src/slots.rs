//! Compressed tensors as the host sees them: slots of `hw::rlc` in memory.

use crate::host::Dram;
use anyhow::Context;
use gen::mapper::{unpack_words, Slot};
use hw::rlc::{self, CODE_BITS, CODE_BYTES, SLOT_HEAD};
use hw::Arch;

/// A tensor that was read from its slots.
pub struct Read {
    /// Its words, in C order.
    pub words: Vec<i64>,
    /// The words that each code of each slot stands for.
    pub codes: Vec<Vec<u64>>,
}

/// Bytes from `base` to behind the last slot.
pub fn extent(arch: &Arch, slots: &[Slot], base: u64) -> usize {
    let end = |slot: &Slot| slot.address as usize + rlc::slot_bytes(slot.part.words(), arch.width);
    slots.last().map_or(0, |slot| end(slot) - base as usize)
}

/// The slots, from `base` on, of a tensor with these words and dimensions, and the words that each code of each slot stands for.
pub fn write(arch: &Arch, slots: &[Slot], base: u64, words: &[i64], dims: [usize; 4]) -> (Vec<u8>, Vec<Vec<u64>>) {
    let (mut bytes, mut all_codes) = (Vec::new(), Vec::new());
    for slot in slots {
        let codes = encode(arch, slot, words, dims);
        bytes.resize((slot.address - base) as usize, 0);
        bytes.extend(rlc::slot(&codes, arch.link_bytes()));
        all_codes.push(rlc::words_of(&codes, arch.width, slot.part.words()));
    }
    bytes.resize(extent(arch, slots, base), 0);
    (bytes, all_codes)
}

/// The number of codes in each slot of a tensor with these words and dimensions.
pub fn code_counts(arch: &Arch, slots: &[Slot], words: &[i64], dims: [usize; 4]) -> Vec<u64> {
    slots.iter().map(|slot| encode(arch, slot, words, dims).len() as u64).collect()
}

fn encode(arch: &Arch, slot: &Slot, words: &[i64], dims: [usize; 4]) -> Vec<u64> {
    let part: Vec<i64> = slot.part.elements(dims).map(|element| words[element]).collect();
    rlc::encode(&part, arch.width)
}

/// The tensor of these dimensions that the accelerator has written to its slots.
pub fn read(dram: &Dram, arch: &Arch, slots: &[Slot], dims: [usize; 4]) -> anyhow::Result<Read> {
    let mut read = Read { words: vec![0; dims.iter().product()], codes: Vec::new() };
    for slot in slots {
        let (codes, count) = (slot_codes(dram, arch, slot)?, slot.part.words());
        let part = rlc::decode(&codes, arch.width, count)
            .with_context(|| format!("the accelerator wrote a bad slot at {:#x}", slot.address))?;
        for (element, word) in slot.part.elements(dims).zip(part) {
            read.words[element] = word;
        }
        read.codes.push(rlc::words_of(&codes, arch.width, count));
    }
    Ok(read)
}

fn slot_codes(dram: &Dram, arch: &Arch, slot: &Slot) -> anyhow::Result<Vec<u64>> {
    let head = u64::from_le_bytes(dram.read(slot.address, CODE_BYTES)?.try_into()?);
    let count = head.min(rlc::most_codes(slot.part.words(), arch.width) as u64) as usize;
    let bytes = dram.read(slot.address + SLOT_HEAD as u64, count * CODE_BYTES)?;
    Ok(unpack_words(bytes, CODE_BITS).into_iter().map(|code| code as u64).collect())
}
