//! Masks of zeros, and the words that are not zero. For feature maps with few zeros, for which [`super::runs`] have no use: of 16-bit words
//! 1 bit for each, in place of 5⅓ for each that is not zero.
//!
//! A stream is a sequence of *units*, as wide as a word's container in memory (U bits: 8, 16 or 32). For each U words there is a mask, whose
//! bit i says that word i is not zero, and then these words, from the lowest bits of a unit on. The last mask may be of fewer words. Units fill
//! codes from their lowest bits; what is left of the last code is zero.

use super::{StreamError, CODE_BITS};
use crate::arch::container_bytes;

/// Width U of a unit, and words of a mask, for words of `width` bits.
pub fn unit_bits(width: usize) -> usize {
    8 * container_bytes(width)
}

/// Units of a code.
pub fn units(width: usize) -> usize {
    CODE_BITS / unit_bits(width)
}

/// Codes of the longest stream that stands for `words` words.
pub fn most_codes(words: usize, width: usize) -> usize {
    (words + words.div_ceil(unit_bits(width))).div_ceil(units(width))
}

/// The codes of `words`, each of which fits into `width` bits. There is at least one word.
pub fn encode(words: &[i64], width: usize) -> Vec<u64> {
    let mut stream = Vec::new();
    for group in words.chunks(unit_bits(width)) {
        stream.push(group.iter().enumerate().map(|(i, word)| u64::from(*word != 0) << i).sum());
        stream.extend(group.iter().filter(|word| **word != 0).map(|word| *word as u64 & ((1 << width) - 1)));
    }
    let code = |units: &[u64]| units.iter().rev().fold(0, |code, unit| code << unit_bits(width) | unit);
    stream.chunks(units(width)).map(code).collect()
}

/// The `count` words that `codes` stand for. A word that is zero may have a unit of its own.
pub fn decode(codes: &[u64], width: usize, count: usize) -> Result<Vec<i64>, StreamError> {
    let bits = unit_bits(width);
    let mut stream =
        codes.iter().flat_map(|code| (0..units(width)).map(move |i| code >> (i * bits) & ((1 << bits) - 1)));
    let mut words = Vec::with_capacity(count);
    let short = |have| StreamError::Short { have, want: count };
    while words.len() < count {
        let mask = stream.next().ok_or(short(words.len()))?;
        let here = bits.min(count - words.len());
        if mask >> here != 0 {
            return Err(StreamError::Long { want: count });
        }
        for place in 0..here {
            words.push(match mask >> place & 1 {
                0 => 0,
                _ => (stream.next().ok_or(short(words.len()))? << (64 - width)) as i64 >> (64 - width),
            });
        }
    }
    let rest: Vec<u64> = stream.collect();
    match rest.len() < units(width) && rest.iter().all(|unit| *unit == 0) {
        true => Ok(words),
        false => Err(StreamError::Long { want: count }),
    }
}
