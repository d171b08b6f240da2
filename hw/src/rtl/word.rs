use std::cmp::Ordering;
use std::ops::{Add, BitAnd, BitOr, BitXor, Mul, Neg, Not, Shl, Shr, Sub};

/// The widest vector that a [`Word`] holds. Arithmetic results may be one bit short of it.
pub const MAX_BITS: usize = 128;

/// A value with a run-time width and signedness.
///
/// Arithmetic is exact: the result is as wide as it needs to be, so nothing wraps inside an expression. Widths of `a op b`,
/// with `c` the common width (the larger one, after an unsigned operand beside a signed one has gained a sign bit):
///
/// | expression | width | signed |
/// |---|---|---|
/// | `a + b` | `c + 1` | if either is |
/// | `a - b` | `c + 1` | yes |
/// | `a * b` | sum of both | if either is |
/// | `-a` | `a + 1` | yes |
/// | `!a` | `a` | as `a` |
/// | `a & b`, `a \| b`, `a ^ b` | `c` | if either is |
/// | `a << k`, `a >> k` (constant) | `a + k`, `max(a - k, 1)` | as `a` |
/// | `a << b` | `a + 2^width(b) - 1` | as `a` |
/// | `a >> b` | `a` | as `a` |
/// | `a == b`, `a < b` … | `bool`, compared as numbers | |
///
/// `>>` of a signed value is arithmetic. The Verilog writer of the `gen` crate gives each of these the same meaning.
#[derive(Clone, Copy, Debug, Default)]
pub struct Word {
    /// The number; an unsigned 128-bit vector with its top bit set is stored as its two's complement.
    value: i128,
    bits: u16,
    signed: bool,
    /// A literal or parameter: a shift by it has a known distance.
    literal: bool,
}

/// Number of address bits of a memory with `depth` entries; at least 1.
pub fn address_bits(depth: usize) -> usize {
    count_bits(depth.saturating_sub(1))
}

/// Number of bits that hold every number from 0 to `max`; at least 1.
pub fn count_bits(max: usize) -> usize {
    (usize::BITS - max.leading_zeros()).max(1) as usize
}

impl Word {
    /// `value` cut to `bits` bits and read as signed or unsigned.
    #[inline]
    pub fn new(value: i128, bits: usize, signed: bool) -> Word {
        Word { value, bits: MAX_BITS as u16, signed: true, literal: false }.fit(bits, signed)
    }

    /// A literal, with the fewest bits that hold it.
    #[inline]
    pub fn literal(value: i128) -> Word {
        let bits = if value < 0 { 129 - (!value).leading_zeros() } else { (128 - value.leading_zeros()).max(1) };
        Word { value, bits: bits as u16, signed: value < 0, literal: true }
    }

    /// Width in bits.
    #[inline]
    pub fn bits(&self) -> usize {
        self.bits as usize
    }

    /// Whether the top bit is a sign.
    #[inline]
    pub fn is_signed(&self) -> bool {
        self.signed
    }

    /// The number this word stands for. An unsigned 128-bit word above `i128::MAX` comes back as its two's complement.
    #[inline]
    pub fn value(&self) -> i128 {
        self.value
    }

    /// The bits as an unsigned number.
    #[inline]
    pub fn raw(&self) -> u128 {
        if self.bits as usize >= MAX_BITS {
            self.value as u128
        } else {
            self.value as u128 & ((1u128 << self.bits) - 1)
        }
    }

    /// The value as an index; in the Verilog, the value itself.
    #[inline]
    pub fn index(&self) -> usize {
        self.value as usize
    }

    /// Bit `i`, or `false` past the top.
    #[inline]
    pub fn get_bit(&self, i: impl Into<Word>) -> bool {
        let i: Word = i.into();
        i.value >= 0 && i.value < self.bits as i128 && (self.value >> i.value) & 1 == 1
    }

    /// Whether any bit is set.
    #[inline]
    pub fn any(&self) -> bool {
        self.value != 0
    }

    /// Whether every bit is set.
    #[inline]
    pub fn all(&self) -> bool {
        self.raw() == Word::new(-1, self.bits as usize, false).raw()
    }

    /// Parity: whether an odd number of bits is set.
    #[inline]
    pub fn xor(&self) -> bool {
        self.raw().count_ones() & 1 == 1
    }

    /// This value cut or extended to `bits`, read as `signed`.
    #[inline]
    pub fn fit(self, bits: usize, signed: bool) -> Word {
        let value = if self.bits as usize <= bits && (self.signed == signed || (signed && (self.bits as usize) < bits))
        {
            self.value
        } else if bits <= 64 {
            let drop = 64 - bits as u32;
            if signed {
                (((self.value as i64) << drop) >> drop) as i128
            } else {
                (((self.value as u64) << drop) >> drop) as i128
            }
        } else if bits >= MAX_BITS {
            self.value
        } else {
            let drop = MAX_BITS as u32 - bits as u32;
            if signed {
                (self.value << drop) >> drop
            } else {
                (((self.value as u128) << drop) >> drop) as i128
            }
        };
        Word { value, bits: bits as u16, signed, literal: false }
    }

    /// Width of two operands brought to one signedness.
    #[inline]
    fn common(&self, other: &Word) -> (u16, bool) {
        if self.signed == other.signed {
            (self.bits.max(other.bits), self.signed)
        } else if self.signed {
            (self.bits.max(other.bits + 1), true)
        } else {
            ((self.bits + 1).max(other.bits), true)
        }
    }

    #[inline]
    fn result(value: i128, bits: u16, signed: bool) -> Word {
        assert!(
            bits as usize <= MAX_BITS,
            "an expression of {bits} bits is over the {MAX_BITS} that a Word holds; cut its operands with bit_cast"
        );
        Word { value, bits, signed, literal: false }
    }
}

/// `x` cut or extended to `bits` bits, unsigned.
#[inline]
pub fn bit_cast(x: impl Into<Word>, bits: usize) -> Word {
    x.into().fit(bits, false)
}

/// The bits of `x` read as two's complement.
#[inline]
pub fn signed_cast(x: impl Into<Word>) -> Word {
    let x = x.into();
    x.fit(x.bits(), true)
}

/// The bits of `x` read as an unsigned number.
#[inline]
pub fn unsigned_cast(x: impl Into<Word>) -> Word {
    let x = x.into();
    x.fit(x.bits(), false)
}

macro_rules! from_integer {
    ($($t:ty),*) => {$(
        impl From<$t> for Word {
            #[inline]
            fn from(x: $t) -> Word { Word::literal(x as i128) }
        }
        impl PartialEq<$t> for Word {
            #[inline]
            fn eq(&self, other: &$t) -> bool { self.value == *other as i128 }
        }
        impl PartialOrd<$t> for Word {
            #[inline]
            fn partial_cmp(&self, other: &$t) -> Option<Ordering> { self.value.partial_cmp(&(*other as i128)) }
        }
        from_integer!(@op $t, Add add, Sub sub, Mul mul, BitAnd bitand, BitOr bitor, BitXor bitxor, Shl shl, Shr shr);
    )*};
    (@op $t:ty, $($trait:ident $f:ident),*) => {$(
        impl $trait<$t> for Word {
            type Output = Word;
            #[inline]
            fn $f(self, other: $t) -> Word { $trait::$f(self, Word::from(other)) }
        }
    )*};
}
from_integer!(i32, usize);

impl From<bool> for Word {
    #[inline]
    fn from(x: bool) -> Word {
        Word { value: x as i128, bits: 1, signed: false, literal: false }
    }
}

impl PartialEq for Word {
    #[inline]
    fn eq(&self, other: &Word) -> bool {
        self.value == other.value
    }
}

impl PartialOrd for Word {
    #[inline]
    fn partial_cmp(&self, other: &Word) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl Add for Word {
    type Output = Word;
    #[inline]
    fn add(self, other: Word) -> Word {
        let (bits, signed) = self.common(&other);
        Word::result(self.value.wrapping_add(other.value), bits + 1, signed)
    }
}

impl Sub for Word {
    type Output = Word;
    #[inline]
    #[allow(clippy::suspicious_arithmetic_impl)] // The result is a bit wider.
    fn sub(self, other: Word) -> Word {
        let (bits, _) = self.common(&other);
        Word::result(self.value.wrapping_sub(other.value), bits + 1, true)
    }
}

impl Mul for Word {
    type Output = Word;
    #[inline]
    fn mul(self, other: Word) -> Word {
        Word::result(self.value.wrapping_mul(other.value), self.bits + other.bits, self.signed | other.signed)
    }
}

impl Neg for Word {
    type Output = Word;
    #[inline]
    fn neg(self) -> Word {
        Word::result(self.value.wrapping_neg(), self.bits + 1, true)
    }
}

impl Not for Word {
    type Output = Word;
    #[inline]
    fn not(self) -> Word {
        Word::new(!self.value, self.bits as usize, self.signed)
    }
}

macro_rules! bitwise {
    ($($trait:ident $f:ident),*) => {$(
        impl $trait for Word {
            type Output = Word;
            #[inline]
            fn $f(self, other: Word) -> Word {
                let (bits, signed) = self.common(&other);
                Word::result($trait::$f(self.value, other.value), bits, signed)
            }
        }
    )*};
}
bitwise!(BitAnd bitand, BitOr bitor, BitXor bitxor);

impl Shl for Word {
    type Output = Word;
    #[inline]
    fn shl(self, by: Word) -> Word {
        let reach = if by.literal { by.value } else { (1i128 << by.bits.min(16)) - 1 };
        assert!(
            !by.signed && reach < MAX_BITS as i128,
            "a shift left by up to {reach} is over the {MAX_BITS} bits that a Word holds"
        );
        let bits = self.bits + reach as u16;
        Word::result(self.value << by.value, bits, self.signed)
    }
}

impl Shr for Word {
    type Output = Word;
    #[inline]
    fn shr(self, by: Word) -> Word {
        assert!(!by.signed, "a shift by a signed distance");
        let distance = by.value.min(MAX_BITS as i128 - 1) as u32;
        // A 128-bit unsigned word may be stored as a negative number; its top bits are zeros all the same.
        let value = if self.signed { self.value >> distance } else { (self.value as u128 >> distance) as i128 };
        let bits = if by.literal { (self.bits as i128 - by.value).max(1) as u16 } else { self.bits };
        Word { value, bits, signed: self.signed, literal: false }
    }
}
