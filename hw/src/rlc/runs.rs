//! The chip's format (JSSC 2017, section V): pairs of a run and a level.
//!
//! A code holds as many pairs of a 5-bit run and a W-bit level as fit beside its last bit, three of them at 16 bits. A pair stands for `run`
//! zeros and then `level`. So 32 or more zeros begin with (31, 0), which is 32 of them, and zeros at the end are (zeros − 1, 0). Pairs fill a
//! code from its lowest bits, the run below the level; bit 63 marks the last code of a stream, whose places without a pair are zero.

use super::{StreamError, CODE_BITS};

/// Width of a run.
pub const RUN_BITS: usize = 5;
/// Zeros before a level, at the most.
pub const MAX_RUN: u64 = (1 << RUN_BITS) - 1;

/// Pairs that a code holds for words of `width` bits.
pub const fn pairs(width: usize) -> usize {
    let fit = (CODE_BITS - 1) / (RUN_BITS + width);
    if fit > 0 {
        fit
    } else {
        1
    }
}

/// Codes of the longest stream that stands for `words` words.
pub const fn most_codes(words: usize, width: usize) -> usize {
    words.div_ceil(pairs(width))
}

/// The codes of `words`, each of which fits into `width` bits. There is at least one word.
pub fn encode(words: &[i64], width: usize) -> Vec<u64> {
    let (pair_bits, per_code) = (RUN_BITS + width, pairs(width));
    let mask = (1 << width) - 1;
    let (mut codes, mut code, mut filled, mut run) = (Vec::new(), 0, 0, 0);
    for (index, word) in words.iter().enumerate() {
        let last = index + 1 == words.len();
        if *word == 0 && run < MAX_RUN && !last {
            run += 1;
            continue;
        }
        code |= ((*word as u64 & mask) << RUN_BITS | run) << (filled * pair_bits);
        (filled, run) = (filled + 1, 0);
        if filled == per_code || last {
            codes.push(code | u64::from(last) << (CODE_BITS - 1));
            (code, filled) = (0, 0);
        }
    }
    codes
}

/// The `count` words that `codes` stand for. Nothing but what [`encode`] makes, or could have made of longer runs, is taken.
pub fn decode(codes: &[u64], width: usize, count: usize) -> Result<Vec<i64>, StreamError> {
    let pair_bits = RUN_BITS + width;
    let mut words = Vec::with_capacity(count);
    for (index, code) in codes.iter().enumerate() {
        for place in 0..pairs(width) {
            let pair = code >> (place * pair_bits) & ((1 << pair_bits) - 1);
            if words.len() == count && pair == 0 {
                continue;
            }
            if words.len() + (pair & MAX_RUN) as usize >= count {
                return Err(StreamError::Long { want: count });
            }
            words.resize(words.len() + (pair & MAX_RUN) as usize, 0);
            words.push((pair >> RUN_BITS << (64 - width)) as i64 >> (64 - width));
        }
        let (last, complete) = (code >> (CODE_BITS - 1) == 1, words.len() == count);
        if last != (index + 1 == codes.len()) {
            return Err(StreamError::End { code: index, codes: codes.len() });
        }
        if complete && !last {
            return Err(StreamError::Long { want: count });
        }
    }
    match words.len() == count {
        true => Ok(words),
        false => Err(StreamError::Short { have: words.len(), want: count }),
    }
}

/// Words that each of `codes` stands for, if all stand for `count` words.
pub fn words_of(codes: &[u64], width: usize, count: usize) -> Vec<u64> {
    let mut left = count as u64;
    let words = |code: &u64| {
        let runs = (0..pairs(width)).map(|place| (code >> (place * (RUN_BITS + width)) & MAX_RUN) + 1);
        let words = runs.sum::<u64>().min(left);
        left -= words;
        words
    };
    codes.iter().map(words).collect()
}
