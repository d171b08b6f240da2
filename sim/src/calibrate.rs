//! Shifts for a layer's data, from the range of its psums, as calibration after training chooses them.
//!
//! Random words fill their width, so psums of a deep layer do not fit a narrow psum, and an ofmap shifted by one distance for
//! all layers is all zeros or all at its ends. Here each layer gets the distances that suit it.

use crate::golden::{self, GoldenError};
use crate::tensor::Tensors;
use gen::numerics::{Numerics, MAX_SHIFT};
use gen::shape::ConvShape;
use ndarray::Array1;

/// An ofmap's words are to hold this many times the root mean square of what they are made of; beyond, they saturate.
const HEADROOM: f64 = 3.0;

/// Narrows the bias: one over all bits of a psum would drown what the layer computes.
pub fn narrow_bias(tensors: &mut Tensors, numerics: &Numerics) {
    let bits = numerics.width.min(numerics.psum_width.saturating_sub(3)).max(1);
    tensors.bias.mapv_inplace(|bias| golden::wrap(bias, bits));
}

/// What a layer's sums of products are like, without bias.
pub struct Range {
    low: f64,
    high: f64,
    mean: f64,
    variance: f64,
    /// Products in a sum.
    terms: f64,
    bias_low: f64,
    bias_high: f64,
    bias_square: f64,
}

impl Range {
    /// Computes all of the layer's sums, exact to the 64 bits that they are held in.
    pub fn of(shape: &ConvShape, width: u32, tensors: &Tensors) -> Result<Range, GoldenError> {
        let terms = shape.c_per_group() * shape.r * shape.s;
        // Sums of the widest words would not fit 64 bits.
        let psum_shift = (2 * width + terms.next_power_of_two().ilog2()).saturating_sub(64).min(2 * width - 1);
        let wide = Numerics { width, psum_width: 64, psum_shift };
        let plain = Tensors { bias: Array1::zeros(tensors.bias.len()), ..tensors.clone() };
        let sums = golden::psums(shape, &wide, &plain)?;
        let unit = 2f64.powi(psum_shift as i32);
        let (mut low, mut high, mut sum, mut square) = (0f64, 0f64, 0f64, 0f64);
        for value in sums.iter().map(|&value| value as f64 * unit) {
            (low, high) = (low.min(value), high.max(value));
            sum += value;
            square += value * value;
        }
        let count = sums.len() as f64;
        let mean = sum / count;
        let bias = || tensors.bias.iter().map(|&bias| bias as f64);
        Ok(Range {
            low,
            high,
            mean,
            variance: (square / count - mean * mean).max(0.0),
            terms: terms as f64,
            bias_low: bias().fold(0.0, f64::min),
            bias_high: bias().fold(0.0, f64::max),
            bias_square: bias().map(|bias| bias * bias).sum::<f64>() / tensors.bias.len() as f64,
        })
    }

    /// The least shift of products at which psums of `psum_width` bits do not wrap; the largest there is, if they always do.
    pub fn psum_shift(&self, width: u32, psum_width: u32) -> u32 {
        let end = 2f64.powi(psum_width as i32 - 1);
        let most = 2 * width - 1;
        let fits = |shift: &u32| {
            let scale = 2f64.powi(-(*shift as i32));
            // Of what is cut off below a product's last bit, the sum varies little.
            let (cut, varies) = (self.cut(*shift), if *shift > 0 { 3.0 * self.terms.sqrt() } else { 0.0 });
            let low = self.low * scale - cut - varies + self.bias_low;
            let high = self.high * scale + self.bias_high;
            -end <= low && high < end
        };
        (0..most).find(fits).unwrap_or(most)
    }

    /// The least shift of psums, times `scale`, at which most of the ofmap's words do not saturate.
    pub fn shift(&self, numerics: &Numerics, scale: u32) -> u32 {
        let factor = 2f64.powi(-(numerics.psum_shift as i32));
        let mean = self.mean * factor - self.cut(numerics.psum_shift);
        let rms = (mean * mean + self.variance * factor * factor + self.bias_square).sqrt();
        // Psums that wrap fill their width.
        let rms = rms.min(2f64.powi(numerics.psum_width as i32 - 1));
        let end = 2f64.powi(numerics.width as i32 - 1);
        let fits = |shift: &u32| HEADROOM * rms * scale as f64 * 2f64.powi(-(*shift as i32)) < end;
        (0..MAX_SHIFT).find(fits).unwrap_or(MAX_SHIFT)
    }

    /// What a shift of products takes from their sum: of each half a bit, on the average.
    fn cut(&self, psum_shift: u32) -> f64 {
        if psum_shift > 0 {
            self.terms / 2.0
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::RandomData;
    use gen::numerics::{Output, Requant};

    /// A layer's shifts, how many of its psums wrap, and the share of zeros and of words at the ends in its ofmap.
    fn outcome(shape: &ConvShape, width: u32, psum_width: u32) -> (u32, u32, usize, f64, f64) {
        let numerics = Numerics { width, psum_width, psum_shift: 0 };
        let mut tensors = RandomData::new(5, 0.3).unwrap().tensors(shape, &numerics, 0);
        tensors.bias.mapv_inplace(|bias| golden::wrap(bias, width.min(psum_width - 3)));
        let range = Range::of(shape, width, &tensors).unwrap();
        let numerics = Numerics { psum_shift: range.psum_shift(width, psum_width), ..numerics };
        let wide = golden::psums(shape, &Numerics { psum_width: 64, ..numerics }, &tensors).unwrap();
        let wrapped = wide.iter().filter(|&&psum| golden::wrap(psum, psum_width) != psum).count();
        let shift = range.shift(&numerics, 1);
        let output = Output::Quantised(Requant { shifts: vec![shift], ..Requant::default() });
        let ofmap = golden::convolve(shape, &numerics, &output, &tensors).unwrap();
        let share =
            |is: &dyn Fn(i64) -> bool| ofmap.iter().filter(|&&word| is(word)).count() as f64 / ofmap.len() as f64;
        let end = (1i64 << (width - 1)) - 1;
        (numerics.psum_shift, shift, wrapped, share(&|word| word == 0), share(&|word| word == end || word == -end - 1))
    }

    fn deep() -> ConvShape {
        ConvShape { n: 1, m: 8, c: 192, h: 13, w: 13, r: 3, s: 3, pad_h: 1, pad_w: 1, ..Default::default() }
    }

    #[test]
    fn no_psum_wraps_and_words_fill_their_width_whatever_the_widths() {
        for (width, psum_width) in
            [(16, 16), (16, 32), (8, 16), (8, 20), (5, 12), (12, 40), (32, 64), (24, 48), (3, 16)]
        {
            let (psum_shift, shift, wrapped, zeros, ends) = outcome(&deep(), width, psum_width);
            let name =
                format!("{width}/{psum_width}: psum shift {psum_shift}, shift {shift}, zeros {zeros}, ends {ends}");
            assert_eq!(wrapped, 0, "{name}");
            // A word of 3 bits is less than a half, and so zero, for up to 55 % of a bell of that height.
            let by_chance = if width > 5 { 0.05 } else { 0.55 };
            assert!(zeros < by_chance && ends < 0.1, "{name}");
        }
    }

    #[test]
    fn products_are_cut_no_more_than_their_sums_need() {
        assert_eq!(outcome(&deep(), 8, 32).0, 0);
        // One bit less, and psums wrap.
        let shape = deep();
        let (psum_shift, ..) = outcome(&shape, 16, 16);
        let numerics = Numerics { width: 16, psum_width: 16, psum_shift: psum_shift - 2 };
        let tensors = RandomData::new(5, 0.3).unwrap().tensors(&shape, &numerics, 0);
        let wide = golden::psums(&shape, &Numerics { psum_width: 64, ..numerics }, &tensors).unwrap();
        assert!(wide.iter().any(|&psum| golden::wrap(psum, 16) != psum));
    }

    #[test]
    fn a_factor_is_shifted_away_again() {
        let shape = ConvShape { n: 1, m: 2, c: 3, h: 8, w: 8, r: 3, s: 3, ..Default::default() };
        let numerics = Numerics::new(8);
        let tensors = RandomData::new(5, 0.0).unwrap().tensors(&shape, &numerics, 0);
        let range = Range::of(&shape, 8, &tensors).unwrap();
        assert_eq!(range.shift(&numerics, 1024), range.shift(&numerics, 1) + 10);
        assert_eq!(range.shift(&numerics, 0), 0);
    }
}
