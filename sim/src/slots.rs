//! Compressed tensors as the host sees them: slots of `hw::rlc` in memory.

use crate::host::Dram;
use anyhow::Context;
use gen::mapper::{unpack_words, Content, Slot};
use hw::rlc::{self, Codec, CODE_BITS, CODE_BYTES, SLOT_HEAD};

/// A tensor that was read from its slots.
pub struct Read {
    /// Its words, in C order.
    pub words: Vec<i64>,
    /// What its slots hold.
    pub contents: Vec<Content>,
}

/// Bytes from `base` to behind the last slot.
pub fn extent(codec: Codec, slots: &[Slot], base: u64) -> usize {
    let end = |slot: &Slot| slot.address as usize + codec.slot_bytes(slot.part.words());
    slots.last().map_or(0, |slot| end(slot) - base as usize)
}

/// The slots, from `base` on, of a tensor with these words and dimensions, and what they hold; `beat` bytes are read from memory at a time.
pub fn write(
    codec: Codec,
    beat: usize,
    slots: &[Slot],
    base: u64,
    words: &[i64],
    dims: [usize; 4],
) -> (Vec<u8>, Vec<Content>) {
    let (mut bytes, mut contents) = (Vec::new(), Vec::new());
    for slot in slots {
        let part = part(slot, words, dims);
        let codes = codec.encode(&part);
        bytes.resize((slot.address - base) as usize, 0);
        bytes.extend(rlc::slot(&codes, beat));
        contents.push(Content::new(codec, &codes, &part));
    }
    bytes.resize(extent(codec, slots, base), 0);
    (bytes, contents)
}

/// The number of codes in each slot of a tensor with these words and dimensions.
pub fn code_counts(codec: Codec, slots: &[Slot], words: &[i64], dims: [usize; 4]) -> Vec<u64> {
    slots.iter().map(|slot| codec.encode(&part(slot, words, dims)).len() as u64).collect()
}

fn part(slot: &Slot, words: &[i64], dims: [usize; 4]) -> Vec<i64> {
    slot.part.elements(dims).map(|element| words[element]).collect()
}

/// The tensor of these dimensions that the accelerator has written to its slots.
pub fn read(dram: &Dram, codec: Codec, slots: &[Slot], dims: [usize; 4]) -> anyhow::Result<Read> {
    let mut read = Read { words: vec![0; dims.iter().product()], contents: Vec::new() };
    for slot in slots {
        let (codes, count) = (slot_codes(dram, codec, slot)?, slot.part.words());
        let part = codec
            .decode(&codes, count)
            .with_context(|| format!("the accelerator wrote a bad slot at {:#x}", slot.address))?;
        read.contents.push(Content::new(codec, &codes, &part));
        for (element, word) in slot.part.elements(dims).zip(part) {
            read.words[element] = word;
        }
    }
    Ok(read)
}

fn slot_codes(dram: &Dram, codec: Codec, slot: &Slot) -> anyhow::Result<Vec<u64>> {
    let head = u64::from_le_bytes(dram.read(slot.address, CODE_BYTES)?.try_into()?);
    let count = head.min(codec.most_codes(slot.part.words()) as u64) as usize;
    let bytes = dram.read(slot.address + SLOT_HEAD as u64, count * CODE_BYTES)?;
    Ok(unpack_words(bytes, CODE_BITS).into_iter().map(|code| code as u64).collect())
}
