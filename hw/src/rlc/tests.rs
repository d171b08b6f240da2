use super::runs::{decode, encode, pairs};
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

/// Codes of four units of 16 bits each: a mask, then what is not zero.
#[test]
fn masks_and_what_they_leave() {
    let codec = Codec { format: Format::Masks, width: 16 };
    let check = |words: &[i64], codes: &[u64]| {
        assert_eq!(codec.encode(words), codes);
        assert_eq!(codec.decode(codes, words.len()).unwrap(), words);
    };
    check(&[0, 0, 12, 0, -1], &[0xffff_000c_0014]);
    check(&[0; 33], &[0]);
    check(&[&[0; 15][..], &[7, 9]].concat(), &[0x0009_0001_0007_8000]);
    check(&[1, 2, 3, 4, 5], &[0x0003_0002_0001_001f, 0x0005_0004]);
    let codec = Codec { format: Format::Masks, width: 5 };
    assert_eq!(codec.encode(&[-16, 0, 15, 0, 0, 0, 0, 0, 1]), [0x01_01_0f_10_05]);
    // What no encoder makes: a word behind the last, a unit behind the last, a code behind the last, a unit that is missing.
    let codec = Codec { format: Format::Masks, width: 16 };
    assert_eq!(codec.decode(&[0xffff_000c_0014], 4), Err(StreamError::Long { want: 4 }));
    assert_eq!(codec.decode(&[0x0001_ffff_000c_0014], 5), Err(StreamError::Long { want: 5 }));
    assert_eq!(codec.decode(&[0xffff_000c_0014, 0], 5), Err(StreamError::Long { want: 5 }));
    assert_eq!(codec.decode(&[0x0003_0002_0001_001f], 5), Err(StreamError::Short { have: 3, want: 5 }));
}

#[test]
fn random_words_come_back() {
    for (seed, format) in (0..600).flat_map(|seed| [(seed, Format::Runs), (seed, Format::Masks)]) {
        let mut random = Random(seed);
        let (width, count) = (2 + random.next() as usize % 31, 1 + random.next() as usize % 300);
        let codec = Codec { format, width };
        let words = sparse(seed, count, width, [0.0, 0.4, 0.8, 0.99, 1.0][seed as usize % 5]);
        let codes = codec.encode(&words);
        let what = format!("seed {seed}, W {width}, {format:?}");
        assert!(codes.len() <= codec.most_codes(count), "{what}");
        assert_eq!(codec.decode(&codes, count).unwrap(), words, "{what}");
        // More words than a code can stand for are not what this stream holds, nor one less, and neither is the stream without its end.
        let spare = match format {
            Format::Runs => pairs(width),
            // Zeros have room in the last mask and, where units are left, in more of them.
            Format::Masks => 64 * masks::unit_bits(width),
        };
        assert!(codec.decode(&codes, count + spare).is_err(), "{what}");
        assert!(words[count - 1] == 0 || count == 1 || codec.decode(&codes, count - 1).is_err(), "{what}");
        assert!(codec.decode(&codes[..codes.len() - 1], count).is_err(), "{what}");
    }
}

/// Bits of the stream over the entropy of the zeros and W bits for each other word, in percent.
fn over_entropy(format: Format, zeros: f64) -> f64 {
    let count = 200_000;
    let words = sparse(1, count, 16, zeros);
    let share = words.iter().filter(|word| **word == 0).count() as f64 / count as f64;
    let entropy = -share * share.log2() - (1.0 - share) * (1.0 - share).log2() + 16.0 * (1.0 - share);
    let codec = Codec { format, width: 16 };
    100.0 * (64.0 * codec.encode(&words).len() as f64 / (entropy * count as f64) - 1.0)
}

/// The published sparsities of AlexNet and VGG-16 (JSSC 2017, Tables V and VI), but for those of images, which are not compressed. Three
/// levels a code are 5⅓ bits for each of them beside its own; where zeros are few, their entropy is less, whatever runs do with them. Masks
/// take a bit for each word, which is more than the entropy where nearly all are zero.
#[test]
fn the_shorter_format_is_near_the_entropy_at_the_published_sparsities() {
    for zeros in
        [0.248, 0.387, 0.397, 0.477, 0.581, 0.587, 0.643, 0.725, 0.747, 0.776, 0.793, 0.794, 0.854, 0.874, 0.885]
    {
        let [runs, masks] = [Format::Runs, Format::Masks].map(|format| over_entropy(format, zeros));
        println!("{zeros}: runs {runs:.1} %, masks {masks:.1} % over the entropy");
        assert!(runs.min(masks) < 10.0, "{zeros}: {runs:.1}, {masks:.1} %");
        let words = sparse(1, 200_000, 16, zeros);
        let shorter = Format::masked(masks < runs);
        assert_eq!(Format::shorter(&words, 16), shorter, "{zeros}");
    }
}

/// Runs alone.
#[test]
fn the_size_of_runs_beside_the_entropy_at_the_published_sparsities() {
    for zeros in [0.793, 0.776, 0.854, 0.794, 0.874, 0.885] {
        assert!(over_entropy(Format::Runs, zeros) < 10.0, "{zeros}: {:.1} %", over_entropy(Format::Runs, zeros));
    }
    for (zeros, most) in [(0.747, 11.3), (0.725, 12.1), (0.643, 14.8), (0.587, 16.5), (0.477, 19.4), (0.387, 21.7)] {
        let over = over_entropy(Format::Runs, zeros);
        assert!((most - 0.6..most).contains(&over), "{zeros}: {over:.1} %");
    }
}
