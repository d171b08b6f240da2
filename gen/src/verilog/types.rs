//! Expressions with the width and sign that [`hw::rtl::Word`] gives them; constants are folded on the way.

/// Index of a signal in its module.
pub(super) type SignalId = usize;

/// A typed expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Expr {
    pub op: Op,
    pub bits: usize,
    pub signed: bool,
    /// For [`Op::Const`]: what kind of constant it was in the source.
    pub known: Known,
    /// The width is not settled by the source (`Const` arithmetic may have been on `usize` or on `Word`); the value is.
    pub loose: bool,
    /// The least and the greatest value, where `i128` holds them and they are known.
    pub range: Range,
}

pub(super) type Range = Option<(i128, i128)>;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    Const(i128),
    /// A variant of an enum: its number and the name of its `localparam`.
    Label(usize, String),
    Signal(SignalId),
    /// Cut or extended to the expression's width, unsigned.
    Cast(Box<Expr>),
    /// The same bits, read with the expression's sign.
    Reinterpret(Box<Expr>),
    Neg(Box<Expr>),
    Not(Box<Expr>),
    All(Box<Expr>),
    Any(Box<Expr>),
    Parity(Box<Expr>),
    Arith(Arith, Box<Expr>, Box<Expr>),
    Compare(Compare, Box<Expr>, Box<Expr>),
    Both(Box<Expr>, Box<Expr>),
    Either(Box<Expr>, Box<Expr>),
    /// Shifts by a known distance.
    ShlBy(Box<Expr>, usize),
    ShrBy(Box<Expr>, usize),
    Shl(Box<Expr>, Box<Expr>),
    Shr(Box<Expr>, Box<Expr>),
    /// One bit, or 0 past the top.
    Bit(Box<Expr>, Box<Expr>),
    /// The second if the first, of one bit, is 1, else the third; both cut or extended to the expression's width.
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Arith {
    Add,
    Sub,
    Mul,
    And,
    Or,
    Xor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Compare {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// What a constant was in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Known {
    /// Not a literal: a shift by it has no known distance.
    No,
    /// An integer literal, a loop variable, or arithmetic on them.
    Int,
    /// A `bool`.
    Bool,
    /// A `Const`.
    Param,
}

impl Expr {
    /// The expressions that this one is made of.
    pub fn parts(&self) -> Vec<&Expr> {
        match &self.op {
            Op::Const(_) | Op::Label(..) | Op::Signal(_) => vec![],
            Op::Cast(a) | Op::Reinterpret(a) | Op::Neg(a) | Op::Not(a) | Op::All(a) | Op::Any(a) | Op::Parity(a) => {
                vec![a]
            }
            Op::ShlBy(a, _) | Op::ShrBy(a, _) => vec![a],
            Op::Arith(_, a, b) | Op::Compare(_, a, b) => vec![a, b],
            Op::Both(a, b) | Op::Either(a, b) | Op::Shl(a, b) | Op::Shr(a, b) | Op::Bit(a, b) => vec![a, b],
            Op::Choice(a, b, c) => vec![a, b, c],
        }
    }

    /// As [`Expr::parts`], to be changed.
    fn parts_mut(&mut self) -> Vec<&mut Expr> {
        match &mut self.op {
            Op::Const(_) | Op::Label(..) | Op::Signal(_) => vec![],
            Op::Cast(a) | Op::Reinterpret(a) | Op::Neg(a) | Op::Not(a) | Op::All(a) | Op::Any(a) | Op::Parity(a) => {
                vec![a]
            }
            Op::ShlBy(a, _) | Op::ShrBy(a, _) => vec![a],
            Op::Arith(_, a, b) | Op::Compare(_, a, b) => vec![a, b],
            Op::Both(a, b) | Op::Either(a, b) | Op::Shl(a, b) | Op::Shr(a, b) | Op::Bit(a, b) => vec![a, b],
            Op::Choice(a, b, c) => vec![a, b, c],
        }
    }

    /// Calls `f` for each signal that the expression reads.
    pub fn reads(&self, f: &mut impl FnMut(SignalId)) {
        if let Op::Signal(id) = self.op {
            f(id);
        }
        self.parts().into_iter().for_each(|part| part.reads(f));
    }

    /// Gives the signals other numbers.
    pub fn rename(&mut self, number: &impl Fn(SignalId) -> SignalId) {
        if let Op::Signal(id) = &mut self.op {
            *id = number(*id);
        }
        self.parts_mut().into_iter().for_each(|part| part.rename(number));
    }

    /// Puts `value`, of the signal's width and sign, in the place of a signal.
    pub fn replace(&mut self, signal: SignalId, value: &Expr) {
        if matches!(self.op, Op::Signal(id) if id == signal) {
            *self = value.clone();
        } else {
            self.parts_mut().into_iter().for_each(|part| part.replace(signal, value));
        }
    }
}
