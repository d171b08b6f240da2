//! A small generator of random numbers (splitmix64): equal seeds give equal runs.

/// Random numbers from a seed.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// The numbers of thing number `number` of a seed: whatever is drawn for one thing changes no other.
    pub fn of(seed: u64, number: u64) -> Random {
        Random(Random(seed).word() ^ Random(!number).word())
    }

    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included.
    pub fn range(&mut self, low: usize, high: usize) -> usize {
        low + (self.word() % (high - low + 1) as u64) as usize
    }

    /// From 1 to `most`, as often below as above the square root of it.
    pub fn small(&mut self, most: usize) -> usize {
        let bits = (usize::BITS - most.leading_zeros()) as usize;
        let below = 1 << self.range(0, bits);
        self.range(1, most.min(below))
    }

    /// One of `values`.
    pub fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.range(0, values.len() - 1)]
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.range(1, times) == 1
    }

    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.range(0, last));
        }
    }
}
