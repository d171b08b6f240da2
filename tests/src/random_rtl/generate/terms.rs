//! Expressions at random.

use super::super::block::MODES;
use super::super::tree::{BinOp, CmpOp, Source, E};
use super::Generator;
use rand::seq::IndexedRandom;
use rand::Rng;

impl Generator {
    /// Width and sign of an expression; neither depends on the values of the inputs.
    fn kind(&self, e: &E) -> (usize, bool) {
        let word = e.eval(&self.block);
        (word.bits(), word.is_signed())
    }

    /// `e` with at most `most` bits.
    pub(super) fn at_most(&mut self, e: E, most: usize) -> E {
        let (bits, signed) = self.kind(&e);
        if bits <= most {
            return e;
        }
        let cut = E::Cast(e.boxed(), self.rng.random_range(1..=most));
        if signed {
            E::Signed(cut.boxed())
        } else {
            cut
        }
    }

    fn unsigned(&mut self, e: E) -> E {
        if self.kind(&e).1 {
            E::Unsigned(e.boxed())
        } else {
            e
        }
    }

    fn literal(&mut self) -> E {
        let value = match self.rng.random_range(0..6) {
            0 => self.rng.random_range(0..=3),
            1 => self.rng.random_range(0..=255),
            2 => (1 << self.rng.random_range(0..31)) - 1,
            3 => 1 << self.rng.random_range(0..31),
            4 => -self.rng.random_range(1..=70_000),
            _ => self.rng.random_range(0..=i32::MAX as i64),
        };
        E::Lit(value)
    }

    fn leaf(&mut self) -> E {
        match self.rng.random_range(0..12) {
            0 => E::Read(Source::Param(self.rng.random_range(0..2))),
            _ => E::Read(*self.readable.choose(&mut self.rng).unwrap()),
        }
    }

    /// The right-hand operand of an operator.
    fn operand(&mut self, depth: usize, left: &E) -> E {
        let parameter = matches!(left, E::Read(Source::Param(_)));
        match self.chance(0.2) && !parameter {
            true => self.literal(),
            false if parameter => no_parameter(self.word(depth)),
            false => self.word(depth),
        }
    }

    /// A random expression of words.
    pub(super) fn word(&mut self, depth: usize) -> E {
        if depth == 0 {
            return self.leaf();
        }
        let depth = depth - 1;
        match self.rng.random_range(0..30) {
            0..11 => {
                let ops = [BinOp::Add, BinOp::Sub, BinOp::Mul, BinOp::And, BinOp::Or, BinOp::Xor];
                let op = *ops.choose(&mut self.rng).unwrap();
                let most = if op == BinOp::Mul { 63 } else { 120 };
                let a = self.word(depth);
                let a = self.at_most(a, most);
                let b = self.operand(depth, &a);
                let b = self.at_most(b, most);
                E::Bin(op, a.boxed(), b.boxed())
            }
            11..13 => {
                let a = self.word(depth);
                let a = self.at_most(a, 60);
                let by = self.rng.random_range(0..=60);
                self.shift(BinOp::Shl, a, by)
            }
            13..16 => {
                let a = self.word(depth);
                let by = if self.chance(0.9) { self.rng.random_range(0..=70) } else { 200 };
                self.shift(BinOp::Shr, a, by)
            }
            16 => {
                let a = self.word(depth);
                let a = no_parameter(self.at_most(a, 60));
                let by = self.word(depth);
                let by = self.at_most(by, 6);
                let by = self.unsigned(by);
                E::Bin(BinOp::Shl, a.boxed(), by.boxed())
            }
            17..19 => {
                let (a, by) = (no_parameter(self.word(depth)), self.word(depth));
                let most = if self.chance(0.8) { 6 } else { 64 };
                let by = self.at_most(by, most);
                let by = self.unsigned(by);
                E::Bin(BinOp::Shr, a.boxed(), by.boxed())
            }
            19 => {
                let a = self.word(depth);
                E::Neg(self.at_most(a, 120).boxed())
            }
            20..22 => E::Not(self.word(depth).boxed()),
            22..24 => {
                let bits = self.width();
                E::Cast(self.word(depth).boxed(), bits)
            }
            24 => E::Signed(self.word(depth).boxed()),
            25 => E::Unsigned(self.word(depth).boxed()),
            26..28 => self.joined(depth),
            _ => self.truth(depth),
        }
    }

    fn shift(&mut self, op: BinOp, a: E, by: i64) -> E {
        let by = if self.chance(0.2) { E::Read(Source::Param(0)) } else { E::Lit(by) };
        E::Bin(op, no_parameter(a).boxed(), by.boxed())
    }

    /// Fields side by side, or nearly so.
    fn joined(&mut self, depth: usize) -> E {
        let low = self.word(depth);
        let low = self.at_most(low, 40);
        let low = if self.chance(0.8) { self.unsigned(low) } else { low };
        let (bits, _) = self.kind(&low);
        let slack = if self.chance(0.8) { 0 } else { self.rng.random_range(0..=2) };
        let distance = if self.chance(0.8) { bits + slack } else { bits.saturating_sub(1) };
        let high = self.word(depth);
        let high = self.at_most(high, 60);
        let high = E::Bin(BinOp::Shl, no_parameter(high).boxed(), E::Lit(distance as i64).boxed());
        E::Bin(BinOp::Or, high.boxed(), low.boxed())
    }

    /// A random expression that is a `bool` in Rust.
    pub(super) fn truth(&mut self, depth: usize) -> E {
        let below = depth.saturating_sub(1);
        match self.rng.random_range(0..if depth == 0 { 9 } else { 13 }) {
            0..4 => {
                let ops = [CmpOp::Eq, CmpOp::Ne, CmpOp::Lt, CmpOp::Le, CmpOp::Gt, CmpOp::Ge];
                let op = *ops.choose(&mut self.rng).unwrap();
                let a = self.word(below);
                let a = self.at_most(a, 126);
                let b = self.operand(below, &a);
                let b = self.at_most(b, 126);
                E::Cmp(op, a.boxed(), b.boxed())
            }
            4..6 => E::Any(self.word(below).boxed()),
            6 => E::All(self.word(below).boxed()),
            7 => E::Parity(self.word(below).boxed()),
            8 => {
                let a = self.word(below);
                let index = match self.rng.random_range(0..3) {
                    0 => E::Lit(self.rng.random_range(0..70)),
                    1 => {
                        let index = self.word(below);
                        self.at_most(index, 4)
                    }
                    _ => self.word(below),
                };
                E::Bit(a.boxed(), index.boxed())
            }
            9 => E::And(self.truth(below).boxed(), self.truth(below).boxed()),
            10 => E::Or(self.truth(below).boxed(), self.truth(below).boxed()),
            11 => E::Not(self.truth(below).boxed()),
            _ if self.block.state.is_some() => E::InMode(*MODES.choose(&mut self.rng).unwrap()),
            _ => E::Bool(self.rng.random()),
        }
    }
}

/// Not a parameter: Rust tells `val()` and `index()` of one apart in arithmetic with a literal, and the syntax tree does not.
fn no_parameter(e: E) -> E {
    match e {
        E::Read(Source::Param(_)) => E::Cast(e.boxed(), 8),
        _ => e,
    }
}
