//! Storage of the same area for every dataflow (ISCA 2016, section VI-B):
//! area = PEs · area(512 B register file) + area(PEs · 512 B buffer). What smaller register files leave is buffer.

use super::Dataflow;

/// Register file of a PE in the baseline, and its share of the buffer: bytes.
const BASELINE_BYTES: f64 = 512.0;
/// Buffer at which a byte takes one unit of area: that of 256 PEs.
const LARGE_BYTES: f64 = 128.0 * 1024.0;
/// Of all words: 16 bits.
pub const WORD_BYTES: usize = 2;

/// Area of a byte in a 512-byte register file, in bytes of a large buffer: an assumption, as the paper draws area by size without a table. It makes the buffer of
/// no local reuse 2.6 times that of row stationary. On AlexNet, anything from 1 to 2.5 moves MOC-SOP by up to 7 %, the others by up to 3 %.
pub const RF_AREA: f64 = 1.6;

/// What a dataflow has to work with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chip {
    pub pes: usize,
    /// Register file of a PE, words.
    pub rf_words: usize,
    /// Global buffer, words.
    pub buffer_words: usize,
}

impl Chip {
    /// The chip of `pes` PEs for a dataflow, `rf_area` being the area of a byte as [`RF_AREA`].
    pub fn of(dataflow: &dyn Dataflow, pes: usize, rf_area: f64) -> Chip {
        let rf_words = dataflow.rf_words();
        let rf = |bytes: f64| bytes * area_of_byte(bytes, rf_area);
        let left = rf(BASELINE_BYTES) - rf((rf_words * WORD_BYTES) as f64);
        let buffer = pes as f64 * (BASELINE_BYTES + left.max(0.0));
        Chip { pes, rf_words, buffer_words: buffer as usize / WORD_BYTES }
    }
}

/// Area of a byte of a memory of `bytes`, in those of a large one: a power of the size through `rf_area` at 512 bytes and 1 at 128 KB, as decoders
/// and sense amplifiers are shared by more bits the larger a memory is.
fn area_of_byte(bytes: f64, rf_area: f64) -> f64 {
    let exponent = rf_area.ln() / (LARGE_BYTES / BASELINE_BYTES).ln();
    (LARGE_BYTES / bytes.max(1.0)).powf(exponent)
}
