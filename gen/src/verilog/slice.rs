//! Takes bits of expressions. Verilog takes bits of names only, so other expressions get one.

use super::expr::Printer;
use super::nets::Net;
use super::port::Element;
use super::text::{concat, literal, Piece, Text};
use super::types::{Arith, Expr, Op, SignalId};

/// Something of which Verilog can take some bits: a vector's name, or a literal.
pub(super) struct Slice {
    pub name: String,
    width: usize,
    value: Option<u128>,
    /// For part of a vector: which.
    element: Option<Element>,
}

impl Slice {
    pub(super) fn bits(&self, low: usize, count: usize) -> Text {
        if let Some(value) = self.value {
            return literal((value >> low) as i128, count);
        }
        let (vector, start, total) = match &self.element {
            Some(Element { vector, low, total }) => (vector, *low, *total),
            None => (&self.name, 0, self.width),
        };
        let piece = Piece { name: vector.clone(), low: start + low, bits: count, total };
        let text = if count == self.width { self.name.clone() } else { piece.text() };
        Text::piece(text, piece)
    }
}

impl Printer {
    /// `count` bits of `e` from bit `low` on; past its width, copies of its sign or zeros.
    pub(super) fn slice(&mut self, e: &Expr, low: usize, count: usize) -> Text {
        let n = e.bits;
        if let Op::ShrBy(a, k) = &e.op {
            return self.slice(a, low + k, count);
        }
        if low + count > n {
            return self.overhang(e, low, count);
        }
        match &e.op {
            Op::Signal(id) => self.named(*id).bits(low, count),
            Op::Const(value) => literal(value >> low.min(127), count),
            Op::Cast(a) | Op::Reinterpret(a) => self.slice(a, low, count),
            Op::ShlBy(a, k) if low >= *k => self.slice(a, low - k, count),
            Op::Shr(..) => self.name_value(e, n).bits(low, count),
            _ if low == 0 => self.emit(e, count),
            _ => self.name_value(e, low + count).bits(low, count),
        }
    }

    /// A slice of `e` that reaches past its top bit.
    fn overhang(&mut self, e: &Expr, low: usize, count: usize) -> Text {
        let n = e.bits;
        let inside = n.saturating_sub(low);
        if !e.signed {
            if inside == 0 {
                return literal(0, count);
            }
            let body = self.slice(e, low, inside);
            return self.extended(body, inside, count);
        }
        let whole = match e.op {
            Op::Const(value) => return literal(value >> low.min(127), count),
            Op::Signal(id) => self.named(id),
            _ => self.sign_source(e),
        };
        let sign = whole.bits(n - 1, 1);
        let copies = count - inside;
        let mut parts = vec![if copies == 1 { sign } else { Text::repeated(copies, &sign) }];
        if inside > 0 {
            parts.push(whole.bits(low, inside));
        }
        concat(parts)
    }

    /// A name for the bits of `e`: a signal's own if it is one read with another sign.
    fn sign_source(&mut self, e: &Expr) -> Slice {
        let mut inner = e;
        while let Op::Reinterpret(a) | Op::Cast(a) = &inner.op {
            if a.bits != e.bits {
                break;
            }
            inner = a;
        }
        match inner.op {
            Op::Signal(id) if inner.bits == e.bits => self.named(id),
            _ => self.name_value(e, e.bits),
        }
    }

    pub(super) fn named(&mut self, id: SignalId) -> Slice {
        self.read = true;
        Slice { name: self.names[id].clone(), width: self.widths[id], value: None, element: self.elements[id].clone() }
    }

    /// A new name for the low `w` bits of `e`.
    pub(super) fn name_value(&mut self, e: &Expr, w: usize) -> Slice {
        let text = self.emit(e, w);
        if text.value().is_some() {
            return Slice { name: String::new(), width: w, value: text.value(), element: None };
        }
        let value = text.to_string();
        let mut changes = false;
        e.reads(&mut |s| changes |= self.changing.contains(&s));
        if let (false, Some(name)) = (changes, self.known.get(&(value.clone(), w))) {
            return Slice { name: name.clone(), width: w, value: None, element: None };
        }
        let name = self.namer.name(&format!("{}_{}", self.hint, kind(e)));
        if !changes {
            self.known.insert((value.clone(), w), name.clone());
        }
        let list = if changes { &mut self.inside } else { &mut self.outside };
        list.push(Net { name: name.clone(), bits: w, value });
        Slice { name, width: w, value: None, element: None }
    }
}

/// What a value that needs a name is called after its signal's name.
fn kind(e: &Expr) -> &'static str {
    match &e.op {
        Op::Arith(Arith::Add, ..) => "sum",
        Op::Arith(Arith::Sub, ..) | Op::Neg(..) => "difference",
        Op::Arith(Arith::Mul, ..) => "product",
        Op::Shl(..) | Op::ShlBy(..) | Op::Shr(..) | Op::ShrBy(..) => "shifted",
        Op::Reinterpret(a) | Op::Cast(a) => kind(a),
        _ => "bits",
    }
}
