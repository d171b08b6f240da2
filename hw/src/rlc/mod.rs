//! Compression of ifmaps and ofmaps in DRAM: two formats, and their codecs in software.
//!
//! A stream is a sequence of 64-bit *codes* that stand for words of W bits, in one of two [`Format`]s: [`runs`], the chip's, or [`masks`]. A
//! compressed tensor lies in *slots*, each with what one LOAD reads or one STORE writes: in [`SLOT_HEAD`] bytes the number of
//! codes (of which the first 4 bytes count), then the codes. How many words a stream stands for is no part of it.

pub mod masks;
pub mod runs;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Width of a code.
pub const CODE_BITS: usize = 64;
/// Bytes of a code.
pub const CODE_BYTES: usize = CODE_BITS / 8;
/// Bytes of a slot before its first code, and what its address is a multiple of.
pub const SLOT_HEAD: usize = 16;

/// What the codes of a stream are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Runs of zeros and the words behind them, as on the chip; see [`runs`].
    Runs,
    /// Masks of zeros and the other words; see [`masks`]. For arrays with [`crate::Arch::masks`].
    Masks,
}

/// A format, for words of a width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codec {
    /// The format.
    pub format: Format,
    /// Width W of a word, bits.
    pub width: usize,
}

/// What is wrong with a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StreamError {
    /// It ends too early.
    #[error("the stream ends after {have} of {want} words")]
    Short { have: usize, want: usize },
    /// It does not end where the words are complete.
    #[error("the stream goes on after its {want} words")]
    Long { want: usize },
    /// There is no last code, or there are codes behind it.
    #[error("code {code} of {codes} says that it is the last, or the last does not")]
    End { code: usize, codes: usize },
}

impl Codec {
    /// The codes of `words`, each of which fits into W bits. There is at least one word.
    pub fn encode(&self, words: &[i64]) -> Vec<u64> {
        match self.format {
            Format::Runs => runs::encode(words, self.width),
            Format::Masks => masks::encode(words, self.width),
        }
    }

    /// The `count` words that `codes` stand for.
    pub fn decode(&self, codes: &[u64], count: usize) -> Result<Vec<i64>, StreamError> {
        match self.format {
            Format::Runs => runs::decode(codes, self.width, count),
            Format::Masks => masks::decode(codes, self.width, count),
        }
    }

    /// Codes of the longest stream that stands for `words` words.
    pub fn most_codes(&self, words: usize) -> usize {
        match self.format {
            Format::Runs => runs::most_codes(words, self.width),
            Format::Masks => masks::most_codes(words, self.width),
        }
    }

    /// Bytes of the longest slot for `words` words, up to the next.
    pub fn slot_bytes(&self, words: usize) -> usize {
        (SLOT_HEAD + self.most_codes(words) * CODE_BYTES).next_multiple_of(SLOT_HEAD)
    }
}

impl Format {
    /// The format of a slot, by whether its command says that it has masks.
    pub fn masked(masks: bool) -> Format {
        match masks {
            true => Format::Masks,
            false => Format::Runs,
        }
    }

    /// The format that makes fewer codes of `words`, as a stream of its own.
    pub fn shorter(words: &[i64], width: usize) -> Format {
        let codes = |format| Codec { format, width }.encode(words).len();
        Format::masked(codes(Format::Masks) < codes(Format::Runs))
    }
}

/// Bytes of a slot with these codes; `beat` bytes are read from memory at a time.
pub fn slot(codes: &[u64], beat: usize) -> Vec<u8> {
    let mut bytes = (codes.len() as u64).to_le_bytes().to_vec();
    bytes.resize(SLOT_HEAD, 0);
    bytes.extend(codes.iter().flat_map(|code| code.to_le_bytes()));
    bytes.resize(bytes.len().next_multiple_of(beat), 0);
    bytes
}

#[cfg(test)]
mod tests;
