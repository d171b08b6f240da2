//! What a PE computes, written down from the architecture page.

use crate::random::Random;
use hw::rtl::prelude::*;
use hw::{Arch, ArchSpec};

/// Layer constants, as numbers.
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    pub taps: usize,
    pub step: usize,
    pub filters: usize,
    pub windows: usize,
    pub images: usize,
    pub shift: usize,
}

impl Layer {
    /// Words of an ifmap row that a PE is sent.
    pub fn row_words(&self) -> usize {
        self.taps + (self.windows - 1) * self.step
    }
    pub fn filter_words(&self) -> usize {
        self.filters * self.taps
    }
    pub fn psums(&self) -> usize {
        self.images * self.windows * self.filters
    }
    pub fn macs(&self) -> usize {
        self.psums() * self.taps
    }

    /// Any layer that fits a PE of `arch`.
    pub fn any(random: &mut Random, arch: &Arch) -> Layer {
        let taps = random.within(1..=arch.ifmap_spad.min(arch.filter_spad));
        Layer {
            taps,
            step: random.within(1..=taps),
            filters: random.within(1..=(arch.filter_spad / taps).min(6)),
            windows: random.within(1..=5),
            images: random.within(1..=3),
            shift: random.below(2 * arch.width),
        }
    }
}

/// `acc + (a·b >> shift)`, wrapped at `bits`.
pub fn mac(acc: i128, a: i128, b: i128, shift: usize, bits: usize) -> i128 {
    Word::new(acc + ((a * b) >> shift), bits, true).value()
}

/// The psums that a PE gives for one pass, and how many of its MACs have a zero ifmap word.
///
/// `ifmap` is the rows of the images, one after the other.
pub fn pass(layer: &Layer, bits: usize, ifmap: &[i128], filters: &[i128], psums: &[i128]) -> (Vec<i128>, usize) {
    let (mut sums, mut gated) = (vec![], 0);
    for row in ifmap.chunks(layer.row_words()) {
        for x in 0..layer.windows {
            for f in 0..layer.filters {
                let mut acc = psums[sums.len()];
                for k in 0..layer.taps {
                    let word = row[x * layer.step + k];
                    acc = mac(acc, word, filters[f * layer.taps + k], layer.shift, bits);
                    gated += (word == 0) as usize;
                }
                sums.push(acc);
            }
        }
    }
    (sums, gated)
}

/// A spec that is small but for what a test sets.
pub fn spec(width: usize, psum_width: usize, ifmap_spad: usize, filter_spad: usize, psum_spad: usize) -> ArchSpec {
    ArchSpec { width, psum_width, ifmap_spad, filter_spad, psum_spad, ..Default::default() }
}
