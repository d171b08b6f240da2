//! Run-length compression of ifmaps and ofmaps in DRAM: the format, and its codec in software.
//!
//! The chip's format (JSSC 2017, section V), for words of W bits: a 64-bit *code* holds as many pairs of a 5-bit run and a
//! W-bit level as fit beside its last bit, three of them at 16 bits. A pair stands for `run` zeros and then `level`. So 32 or more
//! zeros begin with (31, 0), which is 32 of them, and zeros at the end are (zeros − 1, 0). Pairs fill a code from its lowest bits,
//! the run below the level; bit 63 marks the last code of a stream, whose places without a pair are zero.
//!
//! A compressed tensor lies in *slots*, each with what one LOAD reads or one STORE writes: in [`SLOT_HEAD`] bytes the number of
//! codes (of which the first 4 bytes count), then the codes. How many words a stream stands for is no part of it.

use thiserror::Error;

/// Width of a run.
pub const RUN_BITS: usize = 5;
/// Zeros before a level, at the most.
pub const MAX_RUN: u64 = (1 << RUN_BITS) - 1;
/// Width of a code.
pub const CODE_BITS: usize = 64;
/// Bytes of a code.
pub const CODE_BYTES: usize = CODE_BITS / 8;
/// Bytes of a slot before its first code, and what its address is a multiple of.
pub const SLOT_HEAD: usize = 16;

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

/// Bytes of a slot with these codes; `beat` bytes are read from memory at a time.
pub fn slot(codes: &[u64], beat: usize) -> Vec<u8> {
    let mut bytes = (codes.len() as u64).to_le_bytes().to_vec();
    bytes.resize(SLOT_HEAD, 0);
    bytes.extend(codes.iter().flat_map(|code| code.to_le_bytes()));
    bytes.resize(bytes.len().next_multiple_of(beat), 0);
    bytes
}

/// Bytes of the longest slot for `words` words, up to the next.
pub fn slot_bytes(words: usize, width: usize) -> usize {
    (SLOT_HEAD + most_codes(words, width) * CODE_BYTES).next_multiple_of(SLOT_HEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A generator of random numbers.
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            self.0 ^ self.0 >> 29
        }
        fn unit(&mut self) -> f64 {
            (self.next() >> 11) as f64 / (1u64 << 53) as f64
        }
    }

    fn sparse(seed: u64, count: usize, width: usize, zeros: f64) -> Vec<i64> {
        let mut random = Random(seed);
        let mut word = || match random.unit() < zeros {
            true => 0,
            // No zero by chance.
            false => (random.next() as i64 >> (64 - width)) | 1,
        };
        (0..count).map(|_| word()).collect()
    }

    /// A code of the chip, from its lowest pair on.
    fn code(pairs: [(u64, u64); 3], last: bool) -> u64 {
        let place = |(i, (run, level)): (usize, (u64, u64))| (level << 5 | run) << (21 * i);
        pairs.into_iter().enumerate().map(place).sum::<u64>() | u64::from(last) << 63
    }

    #[track_caller]
    fn check(words: &[i64], codes: &[u64]) {
        assert_eq!(encode(words, 16), codes);
        assert_eq!(decode(codes, 16, words.len()).unwrap(), words);
    }

    /// The example of JSSC 2017, section V.
    #[test]
    fn the_published_example() {
        let words = [0, 0, 12, 0, 0, 0, 0, 53, 0, 0, 22];
        check(&words, &[code([(2, 12), (4, 53), (2, 22)], true)]);
        check(
            &[&words[..], &[7]].concat(),
            &[code([(2, 12), (4, 53), (2, 22)], false), code([(0, 7), (0, 0), (0, 0)], true)],
        );
    }

    #[test]
    fn long_runs_and_zeros_at_the_end() {
        check(&[0; 32], &[code([(31, 0), (0, 0), (0, 0)], true)]);
        check(&[0; 33], &[code([(31, 0), (0, 0), (0, 0)], true)]);
        check(&[&[0; 40][..], &[-1]].concat(), &[code([(31, 0), (8, 0xffff), (0, 0)], true)]);
        check(&[5, 0, 0], &[code([(0, 5), (1, 0), (0, 0)], true)]);
        check(&[0], &[code([(0, 0), (0, 0), (0, 0)], true)]);
        check(&[&[0; 31][..], &[1]].concat(), &[code([(31, 1), (0, 0), (0, 0)], true)]);
    }

    #[test]
    fn pairs_of_a_code() {
        let widths = [2, 4, 8, 10, 11, 16, 17, 26, 27, 32];
        assert_eq!(widths.map(pairs), [9, 7, 4, 4, 3, 3, 2, 2, 1, 1]);
    }

    #[test]
    fn random_words_come_back() {
        for seed in 0..600 {
            let mut random = Random(seed);
            let (width, count) = (2 + random.next() as usize % 31, 1 + random.next() as usize % 300);
            let words = sparse(seed, count, width, [0.0, 0.4, 0.8, 0.99, 1.0][seed as usize % 5]);
            let codes = encode(&words, width);
            assert!(codes.len() <= most_codes(count, width), "seed {seed}");
            assert_eq!(decode(&codes, width, count).unwrap(), words, "seed {seed}, W {width}");
            // One word more or less is not what this stream holds, and neither is the stream without its end.
            assert!(decode(&codes, width, count + pairs(width)).is_err(), "seed {seed}, W {width}");
            assert!(words[count - 1] == 0 || count == 1 || decode(&codes, width, count - 1).is_err(), "seed {seed}");
            assert!(decode(&codes[..codes.len() - 1], width, count).is_err(), "seed {seed}");
        }
    }

    /// Bits of the stream over the entropy of the zeros and W bits for each other word, in percent.
    fn over_entropy(zeros: f64) -> f64 {
        let count = 200_000;
        let words = sparse(1, count, 16, zeros);
        let share = words.iter().filter(|word| **word == 0).count() as f64 / count as f64;
        let entropy = -share * share.log2() - (1.0 - share) * (1.0 - share).log2() + 16.0 * (1.0 - share);
        100.0 * (64.0 * encode(&words, 16).len() as f64 / (entropy * count as f64) - 1.0)
    }

    /// The published sparsities of AlexNet and VGG-16 (JSSC 2017, Tables V and VI). Three levels a code are 5⅓ bits for each of them
    /// beside its own; where zeros are few, their entropy is less, whatever the code does with them.
    #[test]
    fn the_size_beside_the_entropy_at_the_published_sparsities() {
        for zeros in [0.793, 0.776, 0.854, 0.794, 0.874, 0.885] {
            assert!(over_entropy(zeros) < 10.0, "{zeros}: {:.1} %", over_entropy(zeros));
        }
        for (zeros, most) in [(0.747, 11.3), (0.725, 12.1), (0.643, 14.8), (0.587, 16.5), (0.477, 19.4), (0.387, 21.7)]
        {
            let over = over_entropy(zeros);
            assert!((most - 0.6..most).contains(&over), "{zeros}: {over:.1} %");
        }
    }
}
