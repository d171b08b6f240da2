//! Prints expressions so that Verilog computes what [`hw::rtl::Word`] does.
//!
//! Verilog gives an expression a width and a sign from its context. Here every operand is printed at the width at which the
//! operation is meant, so context changes nothing: [`Printer::emit`] prints an expression at a given width, exact below it
//! and extended above. Sums, products and bitwise operations are computed at that width, with extension at the leaves;
//! operations whose low bits depend on higher ones are computed in full, and cut where Verilog can cut: at a name.

use super::names::{label_name, Namer};
use super::nets::Net;
use super::port::Element;
use super::text::{any_literal, concat, literal, Level, Text};
use super::types::{Arith, Compare, Expr, Op, SignalId};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Prints the expressions of one module.
pub(super) struct Printer {
    pub namer: Namer,
    /// What each signal is called; empty for a signal that does not appear.
    pub names: Vec<String>,
    /// The bits of a vector that a signal is, if it is such.
    pub elements: Vec<Option<Element>>,
    /// Width of each signal.
    pub widths: Vec<usize>,
    /// Signals that the block in print assigns: a value made of them is computed in the block, at its place.
    pub changing: HashSet<SignalId>,
    /// Such values, since they were last taken.
    pub inside: Vec<Net>,
    /// Values that can be computed outside, since they were last taken.
    pub outside: Vec<Net>,
    /// The names of all values outside, by what they are.
    pub known: HashMap<(String, usize), String>,
    /// What the names of values derive from.
    pub hint: String,
    /// Whether a signal has been printed.
    pub read: bool,
    /// Enum variants that were printed: `(width, number)` by name.
    pub labels: BTreeMap<String, (usize, usize)>,
}

impl Printer {
    /// A printer for a module of signals of these widths, which have no names yet.
    pub fn new(namer: Namer, widths: Vec<usize>) -> Self {
        Printer {
            namer,
            names: vec![String::new(); widths.len()],
            elements: vec![None; widths.len()],
            widths,
            changing: HashSet::new(),
            inside: vec![],
            outside: vec![],
            known: HashMap::new(),
            hint: String::new(),
            read: false,
            labels: BTreeMap::new(),
        }
    }

    /// Names signals of one width: one of them `name`, several as the elements of a vector of that name.
    pub fn name_elements(&mut self, name: &str, signals: &[SignalId]) {
        let width = self.widths[signals[0]];
        for (i, &s) in signals.iter().enumerate() {
            let element = Element { vector: name.into(), low: i * width, total: width * signals.len() };
            self.names[s] = element.text(width);
            self.elements[s] = (signals.len() > 1).then_some(element);
        }
    }

    /// Calls `s` what `other` is called.
    pub fn share_name(&mut self, s: SignalId, other: SignalId) {
        self.names[s] = self.names[other].clone();
        self.elements[s] = self.elements[other].clone();
    }

    /// `e` at its own width or any other: its low `w` bits, extended by its sign if `w` is more than it has.
    pub fn emit(&mut self, e: &Expr, w: usize) -> Text {
        let n = e.bits;
        match &e.op {
            Op::Const(value) => literal(*value, w),
            Op::Label(index, name) => {
                let name = label_name(name);
                self.labels.insert(name.clone(), (n, *index));
                self.extended(Text::primary(name), n, w)
            }
            Op::Cast(a) | Op::Reinterpret(a) if w <= n => self.emit(a, w),
            Op::Cast(a) => {
                let inner = self.emit(a, n);
                self.extended(inner, n, w)
            }
            Op::Reinterpret(a) if !e.signed => {
                let inner = self.emit(a, n);
                self.extended(inner, n, w)
            }
            Op::Signal(_) | Op::Reinterpret(_) => self.slice(e, 0, w),
            Op::Neg(a) => self.emit(a, w).unary("-"),
            Op::Not(a) if n == 1 && w == 1 => self.negated(a),
            Op::Not(a) if w <= n || a.signed => self.emit(a, w).unary("~"),
            Op::Not(a) => {
                let inner = self.emit(a, n).unary("~");
                self.extended(inner, n, w)
            }
            Op::Arith(op, a, b) => match fields(e) {
                Some(fields) => self.joined(&fields, w),
                None => self.arith(*op, a, b, w),
            },
            Op::ShlBy(a, 0) => self.emit(a, w),
            Op::ShlBy(_, k) if w <= *k => literal(0, w),
            Op::ShlBy(a, k) => {
                let high = self.emit(a, w - k);
                concat(vec![high, literal(0, *k)])
            }
            Op::Shl(a, by) => {
                let (a, by) = (self.emit(a, w), self.distance(by));
                Text::binary(a, "<<", Level::Shift, by)
            }
            Op::Choice(test, a, b) if w <= n => {
                let test = self.emit(test, 1);
                let (a, b) = (self.emit(a, w), self.emit(b, w));
                Text::choice(test, a, b)
            }
            Op::Choice(..) => {
                let inner = self.emit(e, n);
                self.extended(inner, n, w)
            }
            Op::ShrBy(..) => self.slice(e, 0, w),
            Op::Shr(a, by) if w >= n => {
                let (value, by) = (self.emit(a, w), self.distance(by));
                if a.signed {
                    Text::signed_binary(value.into_signed(), ">>>", Level::Shift, by)
                } else {
                    Text::binary(value, ">>", Level::Shift, by)
                }
            }
            Op::Shr(..) => self.slice(e, 0, w),
            Op::Compare(..) | Op::Both(..) | Op::Either(..) => {
                let text = self.truth(e);
                self.extended(text, 1, w)
            }
            Op::All(..) | Op::Any(..) | Op::Parity(..) | Op::Bit(..) => {
                let text = self.truth(e);
                self.extended(text, 1, w)
            }
        }
    }

    /// `text`, of `n` bits, with zeros up to `w`.
    pub(super) fn extended(&mut self, text: Text, n: usize, w: usize) -> Text {
        if w > n {
            concat(vec![literal(0, w - n), text])
        } else {
            text
        }
    }

    fn arith(&mut self, op: Arith, a: &Expr, b: &Expr, w: usize) -> Text {
        if op == Arith::Mul && (a.signed || b.signed) {
            let (a, b) = (self.emit(a, w).into_signed(), self.emit(b, w).into_signed());
            return Text::signed_binary(a, "*", Level::Product, b);
        }
        let (a, b) = (self.emit(a, w), self.emit(b, w));
        match op {
            Arith::Add => Text::binary(a, "+", Level::Sum, b),
            Arith::Sub => Text::binary(a, "-", Level::Sum, b),
            Arith::Mul => Text::binary(a, "*", Level::Product, b),
            Arith::And => Text::binary(a, "&", Level::And, b),
            Arith::Or => Text::binary(a, "|", Level::Or, b),
            Arith::Xor => Text::binary(a, "^", Level::Xor, b),
        }
    }

    /// Fields that do not overlap, side by side.
    fn joined(&mut self, fields: &[(usize, &Expr)], w: usize) -> Text {
        let mut parts = vec![];
        let mut top = w;
        for &(low, field) in fields.iter().rev() {
            if low < top {
                parts.push(self.emit(field, top - low));
                top = low;
            }
        }
        if top > 0 {
            parts.push(literal(0, top));
        }
        concat(parts)
    }

    /// `by` as the distance of a shift. Verilator takes 32 bits of it at most; of a longer one, 8 bits say as much.
    fn distance(&mut self, by: &Expr) -> Text {
        if by.bits <= 32 {
            return self.emit(by, by.bits).into_unsigned();
        }
        let (high, low) = (self.slice(by, 8, by.bits - 8), self.slice(by, 0, 8));
        let beyond = Text::binary(high, "!=", Level::Equal, literal(0, by.bits - 8));
        Text::binary(low, "|", Level::Or, Text::repeated(8, &beyond))
    }

    /// `e` at `w` bits between brackets. Icarus 11 computes what stands there at more bits than it has, so that `a[b + c]`
    /// does not wrap; a name for it settles the matter.
    pub fn index(&mut self, e: &Expr, w: usize) -> Text {
        let text = self.emit(e, w);
        if text.is_plain() {
            text
        } else {
            self.name_value(e, w).bits(0, w)
        }
    }

    /// The opposite of a truth value.
    fn negated(&mut self, e: &Expr) -> Text {
        match &e.op {
            Op::Any(a) if a.bits > 1 => {
                let value = self.emit(a, a.bits);
                Text::binary(value, "==", Level::Equal, literal(0, a.bits))
            }
            _ => self.emit(e, 1).unary("!"),
        }
    }

    /// An expression of one bit, unsigned.
    fn truth(&mut self, e: &Expr) -> Text {
        match &e.op {
            Op::Compare(op, a, b) => self.compare(*op, a, b),
            Op::Both(a, b) => {
                let (a, b) = (self.emit(a, 1), self.emit(b, 1));
                Text::binary(a, "&&", Level::Both, b)
            }
            Op::Either(a, b) => {
                let (a, b) = (self.emit(a, 1), self.emit(b, 1));
                Text::binary(a, "||", Level::Either, b)
            }
            Op::All(a) | Op::Any(a) | Op::Parity(a) if a.bits == 1 => self.emit(a, 1),
            Op::All(a) => self.emit(a, a.bits).unary("&"),
            Op::Parity(a) => self.emit(a, a.bits).unary("^"),
            Op::Any(a) => {
                let value = self.emit(a, a.bits);
                Text::binary(value, "!=", Level::Equal, literal(0, a.bits))
            }
            Op::Bit(a, index) => self.bit(a, index),
            _ => self.emit(e, 1),
        }
    }

    fn compare(&mut self, op: Compare, a: &Expr, b: &Expr) -> Text {
        let (n, signed) = a.common(b);
        let (op, level) = match op {
            Compare::Eq => ("==", Level::Equal),
            Compare::Ne => ("!=", Level::Equal),
            Compare::Lt => ("<", Level::Order),
            Compare::Le => ("<=", Level::Order),
            Compare::Gt => (">", Level::Order),
            Compare::Ge => (">=", Level::Order),
        };
        if signed && level == Level::Order {
            let (a, b) = (self.emit(a, n).into_signed(), self.emit(b, n).into_signed());
            return Text::binary(a, op, level, b);
        }
        let (a, b) = (self.emit(a, n), self.emit(b, n));
        Text::binary(a, op, level, b)
    }

    /// Bit `index` of `a`, 0 past its top.
    fn bit(&mut self, a: &Expr, index: &Expr) -> Text {
        if let Some(i) = index.value() {
            return self.slice(a, i as usize, 1);
        }
        let needed = hw::rtl::address_bits(a.bits);
        if let (Op::Signal(id), false) = (&a.op, index.signed || a.bits == 1) {
            if index.bits < 16 && 1 << index.bits <= a.bits && self.elements[*id].is_none() {
                let at = self.index(index, needed);
                return Text::primary(format!("{}[{at}]", self.named(*id).name));
            }
        }
        let (value, by) = (self.emit(a, a.bits), self.distance(index));
        let shifted = Text::binary(value, ">>", Level::Shift, by);
        let low = Text::binary(shifted, "&", Level::And, literal(1, a.bits));
        let bit = Text::binary(low, "!=", Level::Equal, literal(0, a.bits));
        if !index.signed {
            return bit;
        }
        let negative = self.slice(index, index.bits - 1, 1);
        Text::binary(negative.unary("!"), "&&", Level::Both, bit)
    }

    /// The pattern of a `case` arm.
    pub fn pattern(&mut self, pattern: &super::lower::Pattern, w: usize) -> String {
        match &pattern.label {
            Some(name) => self.emit(&Expr::label(pattern.value as usize, name.clone(), w), w).to_string(),
            None => any_literal(pattern.value, w),
        }
    }
}

/// The fields of `(a << 8) | (b << 4) | c` from the lowest up, if none reaches into the next.
fn fields(e: &Expr) -> Option<Vec<(usize, &Expr)>> {
    fn collect<'a>(e: &'a Expr, out: &mut Vec<(usize, &'a Expr)>) {
        match &e.op {
            Op::Arith(Arith::Or, a, b) => {
                collect(a, out);
                collect(b, out);
            }
            Op::ShlBy(a, k) => out.push((*k, a)),
            _ => out.push((0, e)),
        }
    }
    let Op::Arith(Arith::Or, ..) = e.op else { return None };
    let mut out = vec![];
    collect(e, &mut out);
    out.sort_by_key(|(low, _)| *low);
    let apart = |pair: &[(usize, &Expr)]| !pair[0].1.signed && pair[0].0 + pair[0].1.bits <= pair[1].0;
    out.windows(2).all(apart).then_some(out)
}
