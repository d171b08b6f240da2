//! Random numbers for stimuli; a seed gives the same ones everywhere.

use hw::rtl::prelude::*;

#[derive(Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut random = Random(seed ^ 0x9e37_79b9_7f4a_7c15);
        // The first numbers of close seeds are close.
        for _ in 0..8 {
            random.below(2);
        }
        random
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % n
    }

    pub fn within(&mut self, range: std::ops::RangeInclusive<usize>) -> usize {
        range.start() + self.below(range.end() - range.start() + 1)
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A `bits`-bit signed number; the extremes come often.
    pub fn signed(&mut self, bits: usize) -> i128 {
        let raw = (0..3).fold(0i128, |raw, _| raw << 30 ^ self.below(1 << 30) as i128);
        match self.below(8) {
            0 => -1 << (bits - 1),
            1 => (1 << (bits - 1)) - 1,
            _ => Word::new(raw, bits, true).value(),
        }
    }

    /// A word that is zero with the given chance.
    pub fn sparse(&mut self, bits: usize, zeros_percent: usize) -> i128 {
        if self.chance(zeros_percent) {
            0
        } else {
            self.signed(bits)
        }
    }
}
