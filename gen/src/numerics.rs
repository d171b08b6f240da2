//! The numbers of a layer: widths, truncation and what is made of a finished psum.
//!
//! All values are two's complement. The golden model (`sim::golden`) is the definition in code; in short, with
//! W = `width` and P = `psum_width`:
//!
//! ```text
//! psum  = wrap_P( bias + Σ ((ifmap · filter) >> psum_shift) )         >> is arithmetic, before the addition
//! raw   = psum                                                        P bits
//! ofmap = saturate_W( max0( round_half_up( psum · scale / 2^shift ) ) )   W bits; max0 only with ReLU
//! ```

use crate::problems::Problems;
use hw::Arch;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use thiserror::Error;

/// Allowed `width`, in bits.
pub const WIDTHS: RangeInclusive<u32> = 2..=32;
/// Allowed `psum_width`, in bits.
pub const PSUM_WIDTHS: RangeInclusive<u32> = 2..=64;
/// Largest requantisation scale: 16 bits, unsigned.
pub const MAX_SCALE: u32 = 65_535;
/// Largest requantisation shift: 6 bits.
pub const MAX_SHIFT: u32 = 63;

/// Widths of a layer's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numerics {
    /// W: bits of an ifmap or filter word, signed. 2 to 32.
    pub width: u32,
    /// P: bits of a psum, signed; accumulation wraps here, so order does not matter. 2 to 64.
    pub psum_width: u32,
    /// Each product (2W bits, exact) is shifted right by this, arithmetically, before it is added. 0 to 2W − 1.
    #[serde(default)]
    pub psum_shift: u32,
}

/// What the output stage makes of a finished psum.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// The psum as it is: P bits.
    #[default]
    Raw,
    /// Scaled, rounded, perhaps rectified, and saturated to W bits.
    Quantised(Requant),
}

/// Requantisation: `saturate_W((psum · scale + half) >> shift)`, with half = 2^(shift−1), or 0 for a shift of 0.
///
/// psum · scale + half is exact (P + 17 bits at most). A half rounds up, towards plus infinity: 2.5 → 3, −2.5 → −2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Requant {
    /// ReLU: a negative result becomes 0. (Before or after scaling is the same: a scale is never negative.)
    pub relu: bool,
    /// 0 to 65535 each: one for each of the m ofmap channels, or one for all; empty means 1.
    pub scales: Vec<u32>,
    /// 0 to 63 each: one for each of the m ofmap channels, or one for all; empty means 0.
    pub shifts: Vec<u32>,
}

/// What is wrong with a [`Numerics`] or an [`Output`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NumericsError {
    #[error("`{field}` is {value}; it must be {} to {} bits", .allowed.start(), .allowed.end())]
    Width { field: &'static str, value: u32, allowed: RangeInclusive<u32> },
    #[error("`psum_shift` is {value}; a product has 2 × {width} bits, so the largest useful shift is {}", 2 * .width - 1)]
    PsumShift { value: u32, width: u32 },
    #[error("`{field}[{channel}]` is {value}; it must be 0 to {max}")]
    Channel { field: &'static str, channel: usize, value: u32, max: u32 },
    #[error("`{field}` has {have} values for {m} ofmap channels; give one for each channel, one for all, or none")]
    Count { field: &'static str, have: usize, m: usize },
}

impl Numerics {
    /// W as given, P = 2W, no truncation of products.
    pub fn new(width: u32) -> Self {
        Numerics { width, psum_width: width.saturating_mul(2), psum_shift: 0 }
    }

    /// Every problem with these widths.
    pub fn check(&self) -> Result<(), Problems<NumericsError>> {
        let mut found = Vec::new();
        for (field, value, allowed) in [("width", self.width, WIDTHS), ("psum_width", self.psum_width, PSUM_WIDTHS)] {
            if !allowed.contains(&value) {
                found.push(NumericsError::Width { field, value, allowed });
            }
        }
        let (value, width) = (self.psum_shift, self.width);
        if WIDTHS.contains(&width) && value > 2 * width - 1 {
            found.push(NumericsError::PsumShift { value, width });
        }
        Problems::none_of(found)
    }
}

impl Output {
    /// Every problem with this output for `m` ofmap channels.
    pub fn check(&self, m: usize) -> Result<(), Problems<NumericsError>> {
        let mut found = Vec::new();
        if let Output::Quantised(requant) = self {
            for (field, values, max) in [("scales", &requant.scales, MAX_SCALE), ("shifts", &requant.shifts, MAX_SHIFT)]
            {
                let have = values.len();
                if have > 1 && have != m {
                    found.push(NumericsError::Count { field, have, m });
                }
                for (channel, &value) in values.iter().enumerate().filter(|(_, &v)| v > max) {
                    found.push(NumericsError::Channel { field, channel, value, max });
                }
            }
        }
        Problems::none_of(found)
    }

    /// Bytes of an ofmap word in memory.
    pub fn bytes(&self, arch: &Arch) -> usize {
        match self {
            Output::Raw => arch.psum_bytes(),
            Output::Quantised(_) => arch.word_bytes(),
        }
    }

    /// Bits of an ofmap word: P raw, W quantised.
    pub fn width(&self, numerics: &Numerics) -> u32 {
        match self {
            Output::Raw => numerics.psum_width,
            Output::Quantised(_) => numerics.width,
        }
    }
}

impl Requant {
    /// The scale of an ofmap channel.
    pub fn scale(&self, channel: usize) -> u32 {
        of_channel(&self.scales, channel, 1)
    }

    /// The shift of an ofmap channel.
    pub fn shift(&self, channel: usize) -> u32 {
        of_channel(&self.shifts, channel, 0)
    }
}

fn of_channel(values: &[u32], channel: usize, default: u32) -> u32 {
    match values {
        [] => default,
        [all] => *all,
        each => each[channel],
    }
}

/// The values of a signed word of `bits` bits; 1 at least, 64 at most.
pub fn signed_range(bits: u32) -> RangeInclusive<i64> {
    let unused = 64 - bits.clamp(1, 64);
    i64::MIN >> unused..=i64::MAX >> unused
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{expect, Expect};

    #[track_caller]
    fn check(result: Result<(), Problems<NumericsError>>, expect: Expect) {
        let message = result.map_or_else(|problems| problems.to_string(), |()| "ok".into());
        expect.assert_eq(&message);
    }

    fn numerics(width: u32, psum_width: u32, psum_shift: u32) -> Numerics {
        Numerics { width, psum_width, psum_shift }
    }

    #[test]
    fn the_extremes_are_allowed() {
        check(numerics(2, 2, 3).check(), expect!["ok"]);
        check(numerics(32, 64, 63).check(), expect!["ok"]);
        assert_eq!(signed_range(2), -2..=1);
        assert_eq!(signed_range(64), i64::MIN..=i64::MAX);
        assert_eq!(signed_range(80), i64::MIN..=i64::MAX);
    }

    #[test]
    fn both_widths_are_named_at_once() {
        check(
            numerics(1, 65, 0).check(),
            expect![[r#"
            `width` is 1; it must be 2 to 32 bits
            `psum_width` is 65; it must be 2 to 64 bits"#]],
        );
    }

    #[test]
    fn a_shift_that_leaves_nothing_is_refused() {
        check(
            numerics(8, 16, 16).check(),
            expect!["`psum_shift` is 16; a product has 2 × 8 bits, so the largest useful shift is 15"],
        );
    }

    #[test]
    fn scales_and_shifts_are_one_for_each_channel_one_for_all_or_none() {
        let output = |scales: &[u32], shifts: &[u32]| {
            Output::Quantised(Requant { relu: false, scales: scales.into(), shifts: shifts.into() })
        };
        check(output(&[], &[]).check(3), expect!["ok"]);
        check(output(&[65_535], &[63]).check(3), expect!["ok"]);
        check(output(&[1, 2, 3], &[0, 0, 1]).check(3), expect!["ok"]);
        check(
            output(&[1, 65_536], &[64]).check(3),
            expect![[r#"
            `scales` has 2 values for 3 ofmap channels; give one for each channel, one for all, or none
            `scales[1]` is 65536; it must be 0 to 65535
            `shifts[0]` is 64; it must be 0 to 63"#]],
        );
    }

    #[test]
    fn a_file_may_leave_out_scales_and_shifts() {
        let output: Output = serde_json::from_str(r#"{"quantised":{"relu":true}}"#).unwrap();
        let Output::Quantised(requant) = &output else { panic!("{output:?}") };
        assert_eq!((requant.scale(7), requant.shift(7)), (1, 0));
        assert_eq!(output.width(&numerics(12, 30, 0)), 12);
        assert_eq!(Output::Raw.width(&numerics(12, 30, 0)), 30);
    }
}
