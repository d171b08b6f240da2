//! The golden convolution: what every engine's ofmap must equal, bit for bit.
//!
//! This file is the definition of Tessera's arithmetic. It knows nothing of any hardware or mapping, and is itself
//! held against an independent NumPy model (`scripts/golden_vectors.py`, `sim/tests/golden_vectors.rs`).

use crate::tensor::{TensorError, Tensors};
use gen::numerics::{signed_range, Numerics, NumericsError, Output, Requant};
use gen::problems::Problems;
use gen::shape::{ConvShape, ShapeError};
use ndarray::{s, Array4, Axis};
use rayon::prelude::*;
use thiserror::Error;

/// Operands that are no layer.
#[derive(Debug, Error)]
pub enum GoldenError {
    #[error(transparent)]
    Shape(#[from] Problems<ShapeError>),
    #[error(transparent)]
    Numerics(#[from] Problems<NumericsError>),
    #[error(transparent)]
    Tensor(#[from] TensorError),
}

/// The ofmap of a layer, n × m × e × f: [`psums`], then [`finish`].
pub fn convolve(
    shape: &ConvShape,
    numerics: &Numerics,
    output: &Output,
    tensors: &Tensors,
) -> Result<Array4<i64>, GoldenError> {
    output.check(shape.m)?;
    let mut ofmap = psums(shape, numerics, tensors)?;
    finish(&mut ofmap, numerics, output);
    Ok(ofmap)
}

/// The finished psums of a layer, n × m × e × f, P bits:
///
/// ```text
/// psum[n][m][y][x] = wrap_P( bias[m] + Σ c,i,j
///     (ifmap[n][g·C + c][y·stride_h + i − pad_h][x·stride_w + j − pad_w] · filter[m][c][i][j]) >> psum_shift )
/// ```
///
/// with C channels a group, g the group of m, and zeros outside the ifmap.
pub fn psums(shape: &ConvShape, numerics: &Numerics, tensors: &Tensors) -> Result<Array4<i64>, GoldenError> {
    shape.check()?;
    numerics.check()?;
    tensors.check(shape, numerics)?;

    let ifmap = padded(&tensors.ifmap, shape);
    let filter: Vec<i64> = tensors.filter.iter().copied().collect();
    let group_size = shape.c_per_group() * shape.padded_h() * shape.padded_w();
    let filter_size = shape.c_per_group() * shape.r * shape.s;

    // One job for each n and m: an e × f plane of psums.
    let mut psums = vec![0; shape.ofmap_dims().iter().product()];
    psums.par_chunks_exact_mut(shape.e() * shape.f()).enumerate().for_each(|(job, psums)| {
        let (n, m) = (job / shape.m, job % shape.m);
        let group = n * shape.groups + m / shape.m_per_group();
        let channels = &ifmap[group * group_size..][..group_size];
        let filter = &filter[m * filter_size..][..filter_size];
        psums.fill(tensors.bias[m]);
        accumulate(psums, channels, filter, shape, numerics.psum_shift);
        // Once at the end is as good as after every addition, as 2^64 is a multiple of 2^P.
        psums.iter_mut().for_each(|psum| *psum = wrap(*psum, numerics.psum_width));
    });
    Ok(Array4::from_shape_vec(shape.ofmap_dims(), psums).expect("a psum for each element of the ofmap"))
}

/// Adds one filter's products to its plane of psums (e × f), modulo 2^64.
///
/// `channels`: the group's part of the padded ifmap, c/groups × padded_h × padded_w. `filter`: c/groups × r × s.
fn accumulate(psums: &mut [i64], channels: &[i64], filter: &[i64], shape: &ConvShape, psum_shift: u32) {
    let (h, w, f) = (shape.padded_h(), shape.padded_w(), shape.f());
    for (channel, kernel) in channels.chunks_exact(h * w).zip(filter.chunks_exact(shape.r * shape.s)) {
        for (tap, &weight) in kernel.iter().enumerate() {
            let (i, j) = (tap / shape.s, tap % shape.s);
            for (y, psum_row) in psums.chunks_exact_mut(f).enumerate() {
                let pixels = &channel[(y * shape.stride_h + i) * w + j..];
                for (psum, &pixel) in psum_row.iter_mut().zip(pixels.iter().step_by(shape.stride_w)) {
                    // At most 32 × 32 bits: the product is exact in 64.
                    *psum = psum.wrapping_add((pixel * weight) >> psum_shift);
                }
            }
        }
    }
}

/// The ifmap with its zeros around it, n × c × padded_h × padded_w in C order.
fn padded(ifmap: &Array4<i64>, shape: &ConvShape) -> Vec<i64> {
    let ConvShape { n, c, h, w, pad_h, pad_w, .. } = *shape;
    let mut padded = Array4::zeros([n, c, shape.padded_h(), shape.padded_w()]);
    padded.slice_mut(s![.., .., pad_h..pad_h + h, pad_w..pad_w + w]).assign(ifmap);
    padded.into_iter().collect()
}

/// Makes the output stage's words of finished psums, in place: n × m × e × f, W bits (P bits if raw).
pub fn finish(psums: &mut Array4<i64>, numerics: &Numerics, output: &Output) {
    if let Output::Quantised(requant) = output {
        for (m, mut channel) in psums.axis_iter_mut(Axis(1)).enumerate() {
            channel.mapv_inplace(|psum| requantise(psum, requant, m, numerics.width));
        }
    }
}

/// `saturate_W( max0( round_half_up( psum · scale / 2^shift ) ) )`, with the scale and shift of ofmap channel `m`.
pub fn requantise(psum: i64, requant: &Requant, m: usize, width: u32) -> i64 {
    let (scale, shift) = (requant.scale(m), requant.shift(m));
    let half = if shift == 0 { 0 } else { 1_i128 << (shift - 1) };
    let rounded = (i128::from(psum) * i128::from(scale) + half) >> shift;
    let rectified = if requant.relu { rounded.max(0) } else { rounded };
    saturate(rectified, width)
}

/// The low `bits` bits (1 to 64) of `value`, read as a signed number.
pub fn wrap(value: i64, bits: u32) -> i64 {
    let unused = 64 - bits;
    (value << unused) >> unused
}

/// The signed number of `bits` bits (1 to 64) nearest to `value`.
pub fn saturate(value: i128, bits: u32) -> i64 {
    let (min, max) = signed_range(bits).into_inner();
    value.clamp(min.into(), max.into()) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use ndarray::array;

    #[test]
    fn wrap_keeps_the_low_bits() {
        assert_eq!((wrap(127, 8), wrap(128, 8), wrap(-129, 8), wrap(256, 8)), (127, -128, 127, 0));
        assert_eq!((wrap(i64::MIN, 64), wrap(2, 2)), (i64::MIN, -2));
    }

    #[test]
    fn saturate_goes_to_the_nearest() {
        assert_eq!((saturate(127, 8), saturate(128, 8), saturate(-129, 8)), (127, 127, -128));
        assert_eq!(saturate(i128::MAX, 64), i64::MAX);
    }

    #[test]
    fn a_half_rounds_up() {
        let by_4 = Requant { shifts: vec![2], ..Default::default() };
        let rounded: Vec<i64> = (-7..=7).map(|psum| requantise(psum, &by_4, 0, 8)).collect();
        assert_eq!(rounded, [-2, -1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2]);
    }

    #[test]
    fn the_largest_psum_times_the_largest_scale_is_exact() {
        let requant = Requant { relu: false, scales: vec![65_535], shifts: vec![63] };
        assert_eq!(requantise(i64::MIN, &requant, 0, 32), -65_535);
        assert_eq!(requantise(i64::MAX, &requant, 0, 32), 65_535);
        assert_eq!(requantise(i64::MIN, &requant, 0, 8), -128);
    }

    #[test]
    fn a_convolution_by_hand() {
        let shape = ConvShape { h: 2, w: 3, r: 2, s: 2, ..Default::default() };
        let tensors =
            Tensors { ifmap: array![[[[1, 2, 3], [4, 5, 6]]]], filter: array![[[[1, -1], [2, 0]]]], bias: array![-8] };
        let ofmap = |numerics: &Numerics, output: &Output| convolve(&shape, numerics, output, &tensors).unwrap();
        // 1·1 − 2·1 + 4·2 − 8 = −1 and 2·1 − 3·1 + 5·2 − 8 = 1
        assert_eq!(ofmap(&Numerics::new(8), &Output::Raw), array![[[[-1, 1]]]]);
        let relu = Output::Quantised(Requant { relu: true, scales: vec![3], shifts: vec![1] });
        assert_eq!(ofmap(&Numerics::new(8), &relu), array![[[[0, 2]]]]);
        // Each product is halved towards minus infinity: (0, −1, 4) and (1, −2, 5).
        assert_eq!(ofmap(&Numerics { psum_shift: 1, ..Numerics::new(8) }, &Output::Raw), array![[[[-5, -4]]]]);
        // −8 + 7 needs 4 bits.
        assert_eq!(ofmap(&Numerics { psum_width: 4, ..Numerics::new(8) }, &Output::Raw), array![[[[-1, 1]]]]);
    }

    #[test]
    fn what_is_no_layer_is_refused() {
        let shape = ConvShape::default();
        let tensors = Tensors { ifmap: array![[[[1]]]], filter: array![[[[2]]]], bias: array![0] };
        let message = |shape: &ConvShape, numerics: &Numerics, output: &Output| {
            convolve(shape, numerics, output, &tensors).unwrap_err().to_string()
        };
        let (good, raw) = (Numerics::new(8), Output::Raw);
        expect!["`r` is 2, more than the padded ifmap's height of 1 (`h` 1 + 2 × `pad_h` 0); a filter must fit, so raise `pad_h` to 1 or more"].assert_eq(&message(&ConvShape { r: 2, ..shape }, &good, &raw));
        expect!["the filter has shape 1×1×1×1; expected 2×1×1×1 (M×(C/groups)×R×S)"].assert_eq(&message(
            &ConvShape { m: 2, ..shape },
            &good,
            &raw,
        ));
        expect!["the filter: value 2 at [0, 0, 0, 0] is outside the range -2 to 1 of `width` = 2; rescale the data, or choose a `width` of 3 or more"].assert_eq(&message(&shape, &Numerics::new(2), &raw));
        expect![[r#"
            `width` is 40; it must be 2 to 32 bits
            `psum_width` is 80; it must be 2 to 64 bits"#]]
        .assert_eq(&message(&shape, &Numerics::new(40), &raw));
        let output = Output::Quantised(Requant { shifts: vec![64], ..Default::default() });
        expect!["`shifts[0]` is 64; it must be 0 to 63"].assert_eq(&message(&shape, &good, &output));
    }
}
