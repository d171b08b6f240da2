//! Seeded random operands.

use crate::tensor::Tensors;
use gen::numerics::Numerics;
use gen::shape::ConvShape;
use ndarray::{Array, Array4, Dimension, ShapeBuilder};
use rand::RngCore;
use rand_chacha::ChaCha8Rng;
use thiserror::Error;

/// Where a layer's random operands come from. Equal inputs give equal tensors, on every machine.
///
/// Values are uniform over the full signed range: W bits for ifmap and filter, P bits for the bias. Ifmap, filter and
/// bias of every layer are independent streams of ChaCha8, so that `zeros` changes no filter, and no layer another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomData {
    seed: u64,
    zeros: f64,
}

/// A [`RandomData`] that cannot be.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum DataError {
    #[error("`zeros` is {zeros}; it is the fraction of ifmap words made zero, from 0 to 1")]
    Zeros { zeros: f64 },
}

/// Streams a layer uses.
const STREAMS: u64 = 3;

impl RandomData {
    /// `zeros`: the probability, 0 to 1, that an ifmap word is made zero. Of the others, one in 2^W is zero by chance.
    pub fn new(seed: u64, zeros: f64) -> Result<Self, DataError> {
        match (0.0..=1.0).contains(&zeros) {
            true => Ok(RandomData { seed, zeros }),
            false => Err(DataError::Zeros { zeros }),
        }
    }

    /// Operands for layer number `layer` of a network (0 for a layer on its own). `shape` and `numerics` are checked.
    pub fn tensors(&self, shape: &ConvShape, numerics: &Numerics, layer: u64) -> Tensors {
        let rng = |tensor| self.stream(layer, tensor);
        let ifmap = self.feature_map(shape.ifmap_dims(), numerics.width, layer);
        let (mut rng_of_filter, mut rng_of_bias) = (rng(1), rng(2));
        let filter = fill(shape.filter_dims(), || signed(&mut rng_of_filter, numerics.width));
        let bias = fill(shape.bias_dims(), || signed(&mut rng_of_bias, numerics.psum_width));
        Tensors { ifmap, filter, bias }
    }

    /// The ifmap of layer number `layer`, or any other feature map of these dimensions.
    pub fn feature_map(&self, dims: [usize; 4], width: u32, layer: u64) -> Array4<i64> {
        let mut rng = self.stream(layer, 0);
        // Two draws a word, whatever `zeros` is: the words that stay are the same.
        fill(dims, || {
            let (word, chance) = (signed(&mut rng, width), unit(&mut rng));
            if chance < self.zeros {
                0
            } else {
                word
            }
        })
    }

    fn stream(&self, layer: u64, tensor: u64) -> ChaCha8Rng {
        let mut rng = <ChaCha8Rng as rand::SeedableRng>::seed_from_u64(self.seed);
        rng.set_stream(layer.wrapping_mul(STREAMS).wrapping_add(tensor));
        rng
    }
}

/// An array of `word()`s, drawn in C order.
fn fill<D: Dimension>(dims: impl ShapeBuilder<Dim = D>, mut word: impl FnMut() -> i64) -> Array<i64, D> {
    Array::from_shape_simple_fn(dims, &mut word)
}

/// Uniform over the signed words of `bits` bits.
fn signed(rng: &mut ChaCha8Rng, bits: u32) -> i64 {
    rng.next_u64() as i64 >> (64 - bits)
}

/// Uniform over 0 ≤ x < 1, in steps of 2^-53.
fn unit(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn shape() -> ConvShape {
        ConvShape { n: 2, m: 4, c: 4, h: 40, w: 50, r: 3, s: 3, groups: 2, ..Default::default() }
    }

    fn tensors(seed: u64, zeros: f64, layer: u64) -> Tensors {
        RandomData::new(seed, zeros).unwrap().tensors(&shape(), &Numerics::new(5), layer)
    }

    #[test]
    fn the_words_of_a_seed_never_change() {
        let data = RandomData::new(1, 0.25).unwrap().tensors(&shape(), &Numerics::new(16), 0);
        let first: Vec<i64> = data.ifmap.iter().take(8).copied().collect();
        expect!["[0, 0, 18591, 0, -8207, 31670, 6518, 29717] 21395 [-530883202, -1362617625, 1445970838, -2096769063]"]
            .assert_eq(&format!("{first:?} {:?} {}", data.filter[[3, 1, 2, 2]], data.bias));
    }

    #[test]
    fn the_full_range_is_used_and_no_more() {
        let data = tensors(7, 0.0, 0);
        data.check(&shape(), &Numerics::new(5)).unwrap();
        for word in -16..=15 {
            assert!(data.ifmap.iter().any(|&have| have == word), "{word} is never drawn");
        }
        let wide = RandomData::new(7, 0.0).unwrap().tensors(&shape(), &Numerics::new(32), 0);
        wide.check(&shape(), &Numerics::new(32)).unwrap();
    }

    #[test]
    fn zeros_are_as_many_as_asked_and_leave_the_rest_alone() {
        let (dense, sparse) = (tensors(7, 0.0, 0), tensors(7, 0.75, 0));
        let chance = 1.0 / 32.0;
        let zeros = |data: &Tensors| data.ifmap.iter().filter(|&&word| word == 0).count() as f64 / 16_000.0;
        assert!((zeros(&dense) - chance).abs() < 0.01, "{}", zeros(&dense));
        assert!((zeros(&sparse) - (0.75 + 0.25 * chance)).abs() < 0.01, "{}", zeros(&sparse));
        assert!(sparse.ifmap.iter().zip(&dense.ifmap).all(|(&sparse, &dense)| sparse == 0 || sparse == dense));
        assert_eq!((&sparse.filter, &sparse.bias), (&dense.filter, &dense.bias));
        assert!(tensors(7, 1.0, 0).ifmap.iter().all(|&word| word == 0));
    }

    #[test]
    fn seeds_layers_and_tensors_differ() {
        assert_eq!(tensors(7, 0.5, 3), tensors(7, 0.5, 3));
        assert_ne!(tensors(7, 0.0, 3).ifmap, tensors(8, 0.0, 3).ifmap);
        assert_ne!(tensors(7, 0.0, 3).ifmap, tensors(7, 0.0, 4).ifmap);
        let data = tensors(7, 0.0, 0);
        assert!(data.ifmap.iter().zip(&data.filter).any(|(ifmap, filter)| ifmap != filter));
    }

    #[test]
    fn a_fraction_outside_0_to_1_is_refused() {
        let message = |zeros| RandomData::new(0, zeros).unwrap_err().to_string();
        expect!["`zeros` is 1.5; it is the fraction of ifmap words made zero, from 0 to 1"].assert_eq(&message(1.5));
        expect!["`zeros` is NaN; it is the fraction of ifmap words made zero, from 0 to 1"]
            .assert_eq(&message(f64::NAN));
    }
}
