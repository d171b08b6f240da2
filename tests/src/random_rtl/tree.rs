//! Random expressions and statements: their values, and their form in rust-hdl's syntax tree.

use super::block::{Mode, RandomBlock};
use hw::rtl::{bit_cast, signed_cast, unsigned_cast, Word};
use rust_hdl::core::ast::{
    VerilogBlock, VerilogBlockOrConditional, VerilogCase, VerilogConditional, VerilogExpression as Ast, VerilogMatch,
    VerilogOp, VerilogOpUnary, VerilogStatement,
};

/// Something that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    In(usize),
    Out(usize),
    Local(usize),
    Reg(usize),
    Param(usize),
    FileData(usize),
    SramData(usize),
    Payload(usize),
    Valid(usize),
    Ready(usize),
    Level(usize),
    Child(usize, usize),
}

/// Something that can be assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Out(usize),
    Local(usize),
    Reg(usize),
    /// Write, write address, write data, read address.
    File(usize, usize),
    /// Write, write address, write data, read, read address.
    Sram(usize, usize),
    Payload(usize),
    Valid(usize),
    Ready(usize),
    Child(usize, usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinOp {
    Add,
    Sub,
    Mul,
    And,
    Or,
    Xor,
    Shl,
    Shr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CmpOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// An expression; those that are `bool` in Rust are words of one bit here.
#[derive(Clone, Debug)]
pub enum E {
    Read(Source),
    /// A literal, which Rust converts on its own: negative ones are written with a minus.
    Lit(i64),
    Bool(bool),
    Bin(BinOp, Box<E>, Box<E>),
    Cmp(CmpOp, Box<E>, Box<E>),
    And(Box<E>, Box<E>),
    Or(Box<E>, Box<E>),
    Not(Box<E>),
    Neg(Box<E>),
    Cast(Box<E>, usize),
    Signed(Box<E>),
    Unsigned(Box<E>),
    Any(Box<E>),
    All(Box<E>),
    Parity(Box<E>),
    Bit(Box<E>, Box<E>),
    /// Whether register `state` is in this mode.
    InMode(Mode),
}

#[derive(Clone, Debug)]
pub enum S {
    Assign(Target, E),
    SetMode(Mode),
    /// The mode stays as it is.
    HoldMode,
    If(E, Vec<S>, Vec<S>),
    /// `match e.index()`, with a default.
    Match(E, Vec<(u32, Vec<S>)>, Vec<S>),
    /// `match state`; the modes that have no arm are in the default, if there is one.
    MatchMode(Vec<(Mode, Vec<S>)>, Option<Vec<S>>),
}

impl E {
    pub fn boxed(self) -> Box<E> {
        Box::new(self)
    }

    pub fn eval(&self, b: &RandomBlock) -> Word {
        match self {
            E::Read(source) => b.read(*source),
            E::Lit(v) => Word::literal(*v as i128),
            E::Bool(v) => Word::from(*v),
            E::Bin(op, x, y) => {
                let (x, y) = (x.eval(b), y.eval(b));
                match op {
                    BinOp::Add => x + y,
                    BinOp::Sub => x - y,
                    BinOp::Mul => x * y,
                    BinOp::And => x & y,
                    BinOp::Or => x | y,
                    BinOp::Xor => x ^ y,
                    BinOp::Shl => x << y,
                    BinOp::Shr => x >> y,
                }
            }
            E::Cmp(op, x, y) => {
                let (x, y) = (x.eval(b), y.eval(b));
                Word::from(match op {
                    CmpOp::Eq => x == y,
                    CmpOp::Ne => x != y,
                    CmpOp::Lt => x < y,
                    CmpOp::Le => x <= y,
                    CmpOp::Gt => x > y,
                    CmpOp::Ge => x >= y,
                })
            }
            E::And(x, y) => Word::from(x.eval(b).any() && y.eval(b).any()),
            E::Or(x, y) => Word::from(x.eval(b).any() || y.eval(b).any()),
            E::Not(x) => !x.eval(b),
            E::Neg(x) => -x.eval(b),
            E::Cast(x, n) => bit_cast(x.eval(b), *n),
            E::Signed(x) => signed_cast(x.eval(b)),
            E::Unsigned(x) => unsigned_cast(x.eval(b)),
            E::Any(x) => Word::from(x.eval(b).any()),
            E::All(x) => Word::from(x.eval(b).all()),
            E::Parity(x) => Word::from(x.eval(b).xor()),
            E::Bit(x, i) => Word::from(x.eval(b).get_bit(i.eval(b))),
            E::InMode(mode) => Word::from(b.mode() == *mode),
        }
    }

    pub fn ast(&self) -> Ast {
        let unary = |op, x: &E| Ast::Unary(op, Box::new(x.operand()));
        let binary = |x: &E, op, y: &E| Ast::Binary(Box::new(x.operand()), op, Box::new(y.operand()));
        match self {
            E::Read(source) => Ast::Signal(source.name()),
            E::Lit(v) if *v < 0 => Ast::Unary(VerilogOpUnary::Neg, Box::new(Ast::Literal(v.unsigned_abs().into()))),
            E::Lit(v) => Ast::Literal((*v as u64).into()),
            E::Bool(v) => Ast::Literal((*v).into()),
            E::Bin(op, x, y) => {
                let op = match op {
                    BinOp::Add => VerilogOp::Add,
                    BinOp::Sub => VerilogOp::Sub,
                    BinOp::Mul => VerilogOp::Mul,
                    BinOp::And => VerilogOp::BitAnd,
                    BinOp::Or => VerilogOp::BitOr,
                    BinOp::Xor => VerilogOp::BitXor,
                    BinOp::Shl => VerilogOp::Shl,
                    BinOp::Shr => VerilogOp::Shr,
                };
                binary(x, op, y)
            }
            E::Cmp(op, x, y) => {
                let op = match op {
                    CmpOp::Eq => VerilogOp::Eq,
                    CmpOp::Ne => VerilogOp::Ne,
                    CmpOp::Lt => VerilogOp::Lt,
                    CmpOp::Le => VerilogOp::Le,
                    CmpOp::Gt => VerilogOp::Gt,
                    CmpOp::Ge => VerilogOp::Ge,
                };
                binary(x, op, y)
            }
            E::And(x, y) => binary(x, VerilogOp::LogicalAnd, y),
            E::Or(x, y) => binary(x, VerilogOp::LogicalOr, y),
            E::Not(x) => unary(VerilogOpUnary::Not, x),
            E::Neg(x) => unary(VerilogOpUnary::Neg, x),
            E::Cast(x, n) => Ast::Cast(Box::new(x.ast()), *n),
            E::Signed(x) => Ast::Signed(Box::new(x.ast())),
            E::Unsigned(x) => Ast::Unsigned(Box::new(x.ast())),
            E::Any(x) => unary(VerilogOpUnary::Any, x),
            E::All(x) => unary(VerilogOpUnary::All, x),
            E::Parity(x) => unary(VerilogOpUnary::Xor, x),
            E::Bit(x, i) => Ast::Index(Box::new(x.operand()), Box::new(i.ast())),
            E::InMode(mode) => {
                let (state, mode) = (Ast::Signal("state$q".into()), Ast::Signal(format!("Mode${mode:?}")));
                Ast::Binary(Box::new(state), VerilogOp::Eq, Box::new(mode))
            }
        }
    }

    /// As an operand, in the parentheses that Rust would want.
    fn operand(&self) -> Ast {
        match self {
            E::Read(_) | E::Lit(_) | E::Bool(_) | E::Cast(..) | E::Signed(_) | E::Unsigned(_) => self.ast(),
            _ => Ast::Paren(Box::new(self.ast())),
        }
    }
}

impl Source {
    pub fn name(self) -> String {
        match self {
            Source::In(i) => format!("ins[{i}]"),
            Source::Out(i) => format!("outs[{i}]"),
            Source::Local(i) => format!("locals[{i}]"),
            Source::Reg(i) => format!("regs[{i}]$q"),
            Source::Param(i) => format!("params[{i}]"),
            Source::FileData(i) => format!("files[{i}]$read_data"),
            Source::SramData(i) => format!("srams[{i}]$read_data"),
            Source::Payload(i) => format!("fifos[{i}]$deq$payload"),
            Source::Valid(i) => format!("fifos[{i}]$deq$valid"),
            Source::Ready(i) => format!("fifos[{i}]$enq$ready"),
            Source::Level(i) => format!("fifos[{i}]$level"),
            Source::Child(i, j) => format!("children[{i}]$outs[{j}]"),
        }
    }
}

impl Target {
    pub fn name(self) -> String {
        const FILE: [&str; 4] = ["write", "write_address", "write_data", "read_address"];
        const SRAM: [&str; 5] = ["write", "write_address", "write_data", "read", "read_address"];
        match self {
            Target::Out(i) => format!("outs[{i}]$next"),
            Target::Local(i) => format!("locals[{i}]$next"),
            Target::Reg(i) => format!("regs[{i}]$d$next"),
            Target::File(i, port) => format!("files[{i}]${}$next", FILE[port]),
            Target::Sram(i, port) => format!("srams[{i}]${}$next", SRAM[port]),
            Target::Payload(i) => format!("fifos[{i}]$enq$payload$next"),
            Target::Valid(i) => format!("fifos[{i}]$enq$valid$next"),
            Target::Ready(i) => format!("fifos[{i}]$deq$ready$next"),
            Target::Child(i, j) => format!("children[{i}]$ins[{j}]$next"),
        }
    }
}

impl S {
    pub fn run(&self, b: &mut RandomBlock) {
        match self {
            S::Assign(target, value) => {
                let value = value.eval(b);
                b.write(*target, value);
            }
            S::SetMode(mode) => b.set_mode(*mode),
            S::HoldMode => b.set_mode(b.mode()),
            S::If(test, then, otherwise) => {
                let block = if test.eval(b).any() { then } else { otherwise };
                block.iter().for_each(|s| s.run(b));
            }
            S::Match(test, arms, default) => {
                let value = test.eval(b).index();
                let block = arms.iter().find(|(v, _)| *v as usize == value).map_or(default, |(_, block)| block);
                block.iter().for_each(|s| s.run(b));
            }
            S::MatchMode(arms, default) => {
                let mode = b.mode();
                let block = arms.iter().find(|(m, _)| *m == mode).map(|(_, block)| block).or(default.as_ref());
                block.into_iter().flatten().for_each(|s| s.run(b));
            }
        }
    }

    pub fn ast(&self) -> VerilogStatement {
        let block = |stmts: &[S]| -> VerilogBlock { stmts.iter().map(S::ast).collect() };
        match self {
            S::Assign(target, value) => VerilogStatement::Assignment(Ast::Signal(target.name()), value.ast()),
            S::SetMode(mode) => {
                VerilogStatement::Assignment(Ast::Signal("state$d$next".into()), Ast::Signal(format!("Mode${mode:?}")))
            }
            S::HoldMode => {
                VerilogStatement::Assignment(Ast::Signal("state$d$next".into()), Ast::Signal("state$q".into()))
            }
            S::If(test, then, otherwise) => VerilogStatement::If(VerilogConditional {
                test: test.ast(),
                then: block(then),
                otherwise: match otherwise.as_slice() {
                    [] => VerilogBlockOrConditional::None,
                    [only @ S::If(..)] => VerilogBlockOrConditional::Conditional(Box::new(only.ast())),
                    stmts => VerilogBlockOrConditional::Block(block(stmts)),
                },
            }),
            S::Match(test, arms, default) => {
                let mut cases: Vec<VerilogCase> = arms
                    .iter()
                    .map(|(value, stmts)| VerilogCase { condition: value.to_string(), block: block(stmts) })
                    .collect();
                cases.push(VerilogCase { condition: "default".into(), block: block(default) });
                VerilogStatement::Match(VerilogMatch { test: test.ast(), cases })
            }
            S::MatchMode(arms, default) => {
                let mut cases: Vec<VerilogCase> = arms
                    .iter()
                    .map(|(mode, stmts)| VerilogCase { condition: format!("Mode${mode:?}"), block: block(stmts) })
                    .collect();
                if let Some(stmts) = default {
                    cases.push(VerilogCase { condition: "default".into(), block: block(stmts) });
                }
                VerilogStatement::Match(VerilogMatch { test: Ast::Signal("state$q".into()), cases })
            }
        }
    }
}
