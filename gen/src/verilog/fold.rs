//! Builds typed expressions: finds width, sign and range, and folds what is constant.

use super::error::Fault;
use super::types::{Arith, Compare, Expr, Known, Op, Range, SignalId};
use hw::rtl::{Word, MAX_BITS};

fn bits_of(value: i128) -> usize {
    if value < 0 {
        129 - (!value).leading_zeros() as usize
    } else {
        (128 - value.leading_zeros() as usize).max(1)
    }
}

fn sized(bits: usize) -> Result<usize, Fault> {
    if bits <= MAX_BITS {
        Ok(bits)
    } else {
        Err(Fault::TooWide(bits as i128))
    }
}

impl Expr {
    fn new(op: Op, bits: usize, signed: bool) -> Expr {
        Expr { op, bits, signed, known: Known::No, loose: false, range: type_range(bits, signed) }
    }

    fn loose_if(mut self, loose: bool) -> Expr {
        self.loose = loose;
        self
    }

    /// The same expression, known to have a value in `range`; a constant if that leaves one.
    fn within(mut self, range: Range) -> Expr {
        let Some((low, high)) = range else { return self };
        let type_range = type_range(self.bits, self.signed);
        if type_range.is_none_or(|(min, max)| min <= low && high <= max) {
            self.range = range;
            if low == high {
                self.op = Op::Const(low);
            }
        }
        self
    }

    pub fn signal(id: SignalId, bits: usize, signed: bool) -> Expr {
        Expr::new(Op::Signal(id), bits, signed)
    }

    pub fn label(index: usize, name: String, bits: usize) -> Expr {
        Expr::new(Op::Label(index, name), bits, false)
    }

    pub fn constant(value: i128, known: Known) -> Expr {
        Expr { known, ..Expr::new(Op::Const(value), bits_of(value), value < 0).within(Some((value, value))) }
    }

    pub fn boolean(value: bool) -> Expr {
        let value = value as i128;
        Expr { known: Known::Bool, ..Expr::new(Op::Const(value), 1, false).within(Some((value, value))) }
    }

    /// The value, if it is a constant.
    pub fn value(&self) -> Option<i128> {
        match self.op {
            Op::Const(value) => Some(value),
            _ => None,
        }
    }

    /// The value, if a shift by it has a known distance.
    fn distance(&self) -> Option<i128> {
        self.value().filter(|_| matches!(self.known, Known::Int | Known::Param))
    }

    /// Width and sign of two operands brought to one sign.
    pub fn common(&self, other: &Expr) -> (usize, bool) {
        let widen = |x: &Expr, y: &Expr| x.bits + (!x.signed && y.signed) as usize;
        (widen(self, other).max(widen(other, self)), self.signed || other.signed)
    }

    fn settled(&self, what: &'static str) -> Result<(), Fault> {
        if self.loose {
            return Err(Fault::LooseWidth(what));
        }
        Ok(())
    }

    pub fn cast(self, bits: usize) -> Result<Expr, Fault> {
        if self.bits == bits && !self.signed && !self.loose && self.value().is_none() {
            return Ok(self);
        }
        let range = match self.value() {
            Some(value) => point(Word::new(value, sized(bits)?, false)),
            None => self.range,
        };
        Ok(Expr::new(Op::Cast(Box::new(self)), sized(bits)?, false).within(range))
    }

    pub fn reinterpret(self, signed: bool) -> Result<Expr, Fault> {
        self.settled(if signed { "signed_cast" } else { "unsigned_cast" })?;
        let bits = self.bits;
        let range = match self.value() {
            Some(value) => point(Word::new(value, bits, signed)),
            None => self.range,
        };
        Ok(Expr::new(Op::Reinterpret(Box::new(self)), bits, signed).within(range))
    }

    pub fn neg(self) -> Result<Expr, Fault> {
        match (self.value(), self.known) {
            (Some(value), Known::Int) => Ok(Expr::constant(-value, Known::Int).loose_if(self.loose)),
            _ => {
                let (bits, loose, range) = (sized(self.bits + 1)?, self.loose, self.range);
                let range = range.and_then(|(low, high)| Some((high.checked_neg()?, low.checked_neg()?)));
                Ok(Expr::new(Op::Neg(Box::new(self)), bits, true).loose_if(loose).within(range))
            }
        }
    }

    pub fn not(self) -> Result<Expr, Fault> {
        match (self.value(), self.known) {
            (Some(value), Known::Bool) => Ok(Expr::boolean(value == 0)),
            (Some(value), Known::Int) if !self.loose => Ok(Expr::constant(!value, Known::Int)),
            _ => {
                if !self.signed {
                    self.settled("!")?;
                }
                let (bits, signed, loose) = (self.bits, self.signed, self.loose);
                let range = match type_range(bits, signed) {
                    Some((_, top)) if !signed => self.range.map(|(low, high)| (top - high, top - low)),
                    _ => self.range.map(|(low, high)| (!high, !low)),
                };
                Ok(Expr::new(Op::Not(Box::new(self)), bits, signed).loose_if(loose).within(range))
            }
        }
    }

    pub fn any(self) -> Expr {
        match self.range {
            Some((0, 0)) => Expr::boolean(false),
            Some((low, high)) if low > 0 || high < 0 => Expr::boolean(true),
            _ => Expr::new(Op::Any(Box::new(self)), 1, false),
        }
    }

    pub fn all(self) -> Result<Expr, Fault> {
        self.settled("all()")?;
        match self.value() {
            Some(value) => Ok(Expr::boolean(Word::new(value, self.bits, self.signed).all())),
            None => Ok(Expr::new(Op::All(Box::new(self)), 1, false)),
        }
    }

    pub fn parity(self) -> Result<Expr, Fault> {
        if self.signed {
            self.settled("xor()")?;
        }
        match self.value() {
            Some(value) => Ok(Expr::boolean(Word::new(value, self.bits, self.signed).xor())),
            None => Ok(Expr::new(Op::Parity(Box::new(self)), 1, false)),
        }
    }

    pub fn bit(self, index: Expr) -> Result<Expr, Fault> {
        if self.signed {
            self.settled("get_bit")?;
        }
        match (self.value(), index.value()) {
            (_, Some(i)) if i < 0 || i >= self.bits as i128 => Ok(Expr::boolean(false)),
            (Some(value), Some(i)) => Ok(Expr::boolean(value >> i & 1 == 1)),
            _ => Ok(Expr::new(Op::Bit(Box::new(self), Box::new(index)), 1, false)),
        }
    }

    pub fn arith(op: Arith, a: Expr, b: Expr) -> Result<Expr, Fault> {
        let loose = a.loose || b.loose;
        let range = arith_range(op, a.range, b.range);
        if a.distance().is_some() && b.distance().is_some() {
            let (value, _) = range.ok_or(Fault::TooWide(129))?;
            return Ok(Expr::constant(value, Known::Int).loose_if(loose || from_param(&a, &b)));
        }
        let (common, either) = a.common(&b);
        let (bits, signed) = match op {
            Arith::Add => (common + 1, either),
            Arith::Sub => (common + 1, true),
            Arith::Mul => (a.bits + b.bits, either),
            Arith::And | Arith::Or | Arith::Xor => (common, either),
        };
        Ok(Expr::new(Op::Arith(op, Box::new(a), Box::new(b)), sized(bits)?, signed).loose_if(loose).within(range))
    }

    pub fn compare(op: Compare, a: Expr, b: Expr) -> Result<Expr, Fault> {
        let (bits, _) = a.common(&b);
        // `Word` keeps 128 unsigned bits as a signed number, which has no order.
        if [&a, &b].iter().any(|x| x.bits == MAX_BITS && !x.signed) && !matches!(op, Compare::Eq | Compare::Ne) {
            return Err(Fault::TooWide(129));
        }
        sized(bits)?;
        if let (Some((a_min, a_max)), Some((b_min, b_max))) = (a.range, b.range) {
            // A comparison that the ranges decide is a constant; Verilator would warn of it.
            let apart = a_max < b_min || b_max < a_min;
            let same = a_min == a_max && (a_min, a_max) == (b_min, b_max);
            let (yes, no) = match op {
                Compare::Eq => (same, apart),
                Compare::Ne => (apart, same),
                Compare::Lt => (a_max < b_min, a_min >= b_max),
                Compare::Ge => (a_min >= b_max, a_max < b_min),
                Compare::Le => (a_max <= b_min, a_min > b_max),
                Compare::Gt => (a_min > b_max, a_max <= b_min),
            };
            if yes || no {
                return Ok(Expr::boolean(yes));
            }
        }
        Ok(Expr::new(Op::Compare(op, Box::new(a), Box::new(b)), 1, false))
    }

    pub fn both(a: Expr, b: Expr) -> Expr {
        match (a.value(), b.value()) {
            (Some(0), _) | (_, Some(0)) => Expr::boolean(false),
            (Some(_), _) => b,
            (_, Some(_)) => a,
            _ => Expr::new(Op::Both(Box::new(a), Box::new(b)), 1, false),
        }
    }

    pub fn either(a: Expr, b: Expr) -> Expr {
        match (a.value(), b.value()) {
            (Some(0), _) => b,
            (_, Some(0)) => a,
            (Some(_), _) | (_, Some(_)) => Expr::boolean(true),
            _ => Expr::new(Op::Either(Box::new(a), Box::new(b)), 1, false),
        }
    }

    /// `a` if `test`, else `b`, at `bits` bits, unsigned.
    pub fn choice(test: Expr, a: Expr, b: Expr, bits: usize) -> Expr {
        match test.value() {
            Some(0) => b,
            Some(_) => a,
            None => Expr::new(Op::Choice(Box::new(test), Box::new(a), Box::new(b)), bits, false),
        }
    }

    pub fn shl(a: Expr, by: Expr) -> Result<Expr, Fault> {
        let loose = a.loose || by.loose;
        if by.distance().is_some_and(|k| k < 0) || (by.signed && by.distance().is_none()) {
            return Err(Fault::SignedShift);
        }
        let reach = by.distance().unwrap_or((1i128 << by.bits.min(16)) - 1);
        let bits = a.bits as i128 + reach;
        if reach >= MAX_BITS as i128 || bits > MAX_BITS as i128 {
            return Err(Fault::TooWide(bits));
        }
        if let (Some(value), Some(k)) = (a.distance(), by.distance()) {
            return Ok(Expr::constant(value << k, Known::Int).loose_if(loose || from_param(&a, &by)));
        }
        let (bits, signed, range, value) = (bits as usize, a.signed, a.range, by.value());
        let shifted = range.zip(value).filter(|_| bits < 127).map(|((low, high), k)| (low << k, high << k));
        let op = match value {
            Some(k) => Op::ShlBy(Box::new(a), k as usize),
            None => Op::Shl(Box::new(a), Box::new(by)),
        };
        let zero = range.filter(|range| *range == (0, 0));
        Ok(Expr::new(op, bits, signed).loose_if(loose).within(shifted.or(zero)))
    }

    pub fn shr(a: Expr, by: Expr) -> Result<Expr, Fault> {
        let loose = a.loose || by.loose;
        if by.distance().is_some_and(|k| k < 0) || (by.signed && by.distance().is_none()) {
            return Err(Fault::SignedShift);
        }
        let distance = |k: i128| k.clamp(0, MAX_BITS as i128) as usize;
        let shift = |value: i128, k: i128| value >> k.clamp(0, 127);
        if let (Some(value), Some(k)) = (a.distance(), by.distance()) {
            return Ok(Expr::constant(shift(value, k), Known::Int).loose_if(loose || from_param(&a, &by)));
        }
        if by.distance() == Some(0) {
            return Ok(a.loose_if(loose));
        }
        let bits = by.distance().map_or(a.bits, |k| a.bits.saturating_sub(distance(k)).max(1));
        let (signed, value) = (a.signed, by.value());
        let range = a.range.map(|(low, high)| match value {
            Some(k) => (shift(low, k), shift(high, k)),
            None => (low.min(0), high.max(if low < 0 { -1 } else { 0 })),
        });
        let op = match value {
            Some(k) => Op::ShrBy(Box::new(a), distance(k)),
            None => Op::Shr(Box::new(a), Box::new(by)),
        };
        Ok(Expr::new(op, bits, signed).loose_if(loose).within(range))
    }
}

/// The numbers of a type.
fn type_range(bits: usize, signed: bool) -> Range {
    match signed {
        false if bits < 127 => Some((0, (1 << bits) - 1)),
        true if bits < 128 => Some((-(1 << (bits - 1)), (1 << (bits - 1)) - 1)),
        _ => None,
    }
}

fn point(word: Word) -> Range {
    (word.bits() < MAX_BITS).then_some((word.value(), word.value()))
}

/// Where `a op b` lies.
fn arith_range(op: Arith, a: Range, b: Range) -> Range {
    let ((a_min, a_max), (b_min, b_max)) = a.zip(b)?;
    match op {
        Arith::Add => Some((a_min.checked_add(b_min)?, a_max.checked_add(b_max)?)),
        Arith::Sub => Some((a_min.checked_sub(b_max)?, a_max.checked_sub(b_min)?)),
        Arith::Mul => {
            let ends = [(a_min, b_min), (a_min, b_max), (a_max, b_min), (a_max, b_max)];
            let ends = ends.map(|(x, y)| x.checked_mul(y));
            let ends: Option<Vec<i128>> = ends.into_iter().collect();
            ends.and_then(|ends| Some((*ends.iter().min()?, *ends.iter().max()?)))
        }
        _ if a_min == a_max && b_min == b_max => {
            let value = match op {
                Arith::And => a_min & b_min,
                Arith::Or => a_min | b_min,
                _ => a_min ^ b_min,
            };
            Some((value, value))
        }
        Arith::And if a_min >= 0 && b_min >= 0 => Some((0, a_max.min(b_max))),
        _ => None,
    }
}

/// Arithmetic on a `Const` may have been on its `val()` or on its `index()`, of different widths and one value.
fn from_param(a: &Expr, b: &Expr) -> bool {
    a.known == Known::Param || b.known == Known::Param
}
