//! From rust-hdl's syntax tree to typed statements: names resolved, loops unrolled, links spelt out, constants folded.

use super::error::Fault;
use super::index::readable;
use super::scope::{literal, Carries, Role, Scope};
use super::types::{Expr, SignalId};
use rust_hdl::core::ast::{
    VerilogBlock, VerilogBlockOrConditional, VerilogConditional, VerilogExpression, VerilogLink, VerilogLoop,
    VerilogMatch, VerilogOp, VerilogStatement,
};

/// A typed statement.
#[derive(Clone, Debug)]
pub(super) enum Stmt {
    Assign(SignalId, Expr),
    If(Vec<(Expr, Vec<Stmt>)>, Vec<Stmt>),
    Case(Expr, Vec<(Pattern, Vec<Stmt>)>, Option<Vec<Stmt>>),
}

impl Stmt {
    /// `if a { if b { … } }` as `if a && b { … }`.
    pub fn flattened(self) -> Stmt {
        match self {
            Stmt::If(mut arms, otherwise) if arms.len() == 1 && otherwise.is_empty() => match arms.pop() {
                Some((outer, mut block)) if block.len() == 1 => match block.pop() {
                    Some(Stmt::If(mut inner, none)) if inner.len() == 1 && none.is_empty() => {
                        inner[0].0 = Expr::both(outer, inner[0].0.clone());
                        Stmt::If(inner, none)
                    }
                    only => Stmt::If(vec![(outer, only.into_iter().collect())], otherwise),
                },
                arm => Stmt::If(arm.into_iter().collect(), otherwise),
            },
            other => other,
        }
    }
}

/// What an arm of a `match` matches.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub value: i128,
    /// The variant's name, for an enum.
    pub label: Option<String>,
}

/// A block's statements, and where its clocks go.
#[derive(Default)]
pub(super) struct Lowered {
    pub stmts: Vec<Stmt>,
    /// Clock signals and what each follows.
    pub clocks: Vec<(SignalId, ClockSource)>,
}

/// What a clock signal follows: a clock, `clock | bit` or `clock << bit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ClockSource {
    pub clock: SignalId,
    pub reset: ResetSource,
}

/// What raises the reset that goes with a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ResetSource {
    /// The clock's own reset.
    Own,
    /// That, and a bit.
    OwnOr(SignalId),
    /// A bit alone.
    Bit(SignalId),
}

impl ResetSource {
    /// The bit, if there is one.
    pub fn bit(self) -> Option<SignalId> {
        match self {
            ResetSource::Own => None,
            ResetSource::OwnOr(bit) | ResetSource::Bit(bit) => Some(bit),
        }
    }
}

/// Lowers the body of `update`.
pub(super) fn lower(scope: &Scope, block: &VerilogBlock) -> Result<Lowered, Fault> {
    let mut lowering = Lowering { scope, loops: vec![], clocks: vec![], depth: 0 };
    let mut stmts = vec![];
    lowering.block(block, &mut stmts)?;
    Ok(Lowered { stmts, clocks: lowering.clocks })
}

pub(super) struct Lowering<'a> {
    pub scope: &'a Scope,
    /// The loops around the statement: variables and their values.
    pub loops: Vec<(&'a str, i128)>,
    clocks: Vec<(SignalId, ClockSource)>,
    /// How many `if`s and `match`es are around the statement.
    depth: usize,
}

impl<'a> Lowering<'a> {
    fn block(&mut self, block: &'a VerilogBlock, out: &mut Vec<Stmt>) -> Result<(), Fault> {
        block.iter().try_for_each(|stmt| self.statement(stmt, out))
    }

    fn inner(&mut self, block: &'a VerilogBlock) -> Result<Vec<Stmt>, Fault> {
        let mut out = vec![];
        self.depth += 1;
        self.block(block, &mut out)?;
        self.depth -= 1;
        Ok(out)
    }

    fn statement(&mut self, stmt: &'a VerilogStatement, out: &mut Vec<Stmt>) -> Result<(), Fault> {
        match stmt {
            VerilogStatement::Assignment(VerilogExpression::Signal(target), value) => self.assign(target, value, out),
            VerilogStatement::If(conditional) => self.conditional(conditional, out),
            VerilogStatement::Match(m) => self.case(m, out),
            VerilogStatement::Loop(l) => self.unroll(l, out),
            VerilogStatement::Link(links) => links.iter().try_for_each(|link| self.link(link, out)),
            VerilogStatement::Macro(block) => self.block(block, out),
            VerilogStatement::Comment(_) => Ok(()),
            VerilogStatement::Assignment(..) => Err(Fault::Unsupported("an assignment to an expression".into())),
            VerilogStatement::SliceAssignment { .. } => Err(Fault::Unsupported("an assignment to some bits".into())),
        }
    }

    fn assign(&mut self, target: &str, value: &'a VerilogExpression, out: &mut Vec<Stmt>) -> Result<(), Fault> {
        let target = self.signal(target)?;
        if self.scope.signals[target].carries == Carries::Clock {
            let mut value = value;
            while let VerilogExpression::Paren(inner) = value {
                value = inner;
            }
            if let VerilogExpression::Binary(clock, op @ (VerilogOp::BitOr | VerilogOp::Shl), bit) = value {
                if let (VerilogExpression::Signal(clock), VerilogExpression::Signal(bit)) = (&**clock, &**bit) {
                    let (source, bit) = (self.signal(clock)?, self.signal(bit)?);
                    self.check_raise(bit)?;
                    let reset = if let VerilogOp::Shl = op { ResetSource::Bit(bit) } else { ResetSource::OwnOr(bit) };
                    return self.connect_clock(target, source, reset);
                }
            }
            let VerilogExpression::Signal(source) = value else {
                let other = "a clock made of an expression other than `clock | bit` and `clock << bit`";
                return Err(Fault::Unsupported(other.into()));
            };
            let source = self.signal(source)?;
            return self.connect_clock(target, source, ResetSource::Own);
        }
        let place = || format!("the value of `{}`", readable(&self.scope.signals[target].path));
        let value = self.expr(value).map_err(|fault| fault.within(place))?;
        self.check_target(target)?;
        out.push(Stmt::Assign(target, value));
        Ok(())
    }

    /// A bit that raises a reset is one that something drives here or outside.
    fn check_raise(&self, bit: SignalId) -> Result<(), Fault> {
        let signal = &self.scope.signals[bit];
        let named = !matches!(signal.role, Role::ChildIn(_));
        match named && signal.bits == 1 && signal.carries != Carries::Clock {
            true => Ok(()),
            false => Err(Fault::Unsupported(format!("`{}`, no local bit, as a reset", readable(&signal.path)))),
        }
    }

    fn check_target(&self, target: SignalId) -> Result<(), Fault> {
        let signal = &self.scope.signals[target];
        match signal.role {
            Role::Out | Role::Local | Role::ChildIn(_) => Ok(()),
            Role::In | Role::ChildOut(_) => Err(Fault::NotDrivenHere(readable(&signal.path))),
        }
    }

    fn connect_clock(&mut self, target: SignalId, clock: SignalId, reset: ResetSource) -> Result<(), Fault> {
        self.check_target(target)?;
        let name = || readable(&self.scope.signals[target].path);
        if self.scope.signals[clock].carries != Carries::Clock {
            return Err(Fault::Unsupported(format!("`{}`, a clock made of data,", name())));
        }
        if self.depth > 0 {
            return Err(Fault::Unsupported(format!("`{}`, a clock assigned under a condition,", name())));
        }
        self.clocks.retain(|(old, _)| *old != target);
        self.clocks.push((target, ClockSource { clock, reset }));
        Ok(())
    }

    fn link(&mut self, link: &VerilogLink, out: &mut Vec<Stmt>) -> Result<(), Fault> {
        let (details, forward) = match link {
            VerilogLink::Forward(details) => (details, true),
            VerilogLink::Backward(details) => (details, false),
            VerilogLink::Bidirectional(_) => return Err(Fault::Unsupported("a bidirectional link".into())),
        };
        let name = |base: &str| format!("{base}{}", details.my_name.replace('.', "$"));
        let owner = self.signal(&name(&details.owner_name))?;
        let other = self.signal(&name(&details.other_name))?;
        let (target, source) = if forward { (other, owner) } else { (owner, other) };
        if self.scope.signals[target].carries == Carries::Clock {
            return self.connect_clock(target, source, ResetSource::Own);
        }
        self.check_target(target)?;
        out.push(Stmt::Assign(target, self.read(source)));
        Ok(())
    }

    fn unroll(&mut self, l: &'a VerilogLoop, out: &mut Vec<Stmt>) -> Result<(), Fault> {
        let (from, to) = (literal(&format!("{:x}", l.from))?, literal(&format!("{:x}", l.to))?);
        for i in from..to {
            self.loops.push((&l.index, i));
            self.block(&l.block, out)?;
            self.loops.pop();
        }
        Ok(())
    }

    fn conditional(&mut self, conditional: &'a VerilogConditional, out: &mut Vec<Stmt>) -> Result<(), Fault> {
        let mut arms = vec![];
        let mut next = Some(conditional);
        let mut otherwise = vec![];
        while let Some(this) = next.take() {
            let test = self.expr(&this.test).map_err(|fault| fault.within(|| "the test of an `if`".into()))?;
            // A branch that the parameters rule out may name what does not exist, as Rust lets it.
            match test.value() {
                Some(0) => {}
                Some(_) if arms.is_empty() => return self.block(&this.then, out),
                Some(_) => {
                    otherwise = self.inner(&this.then)?;
                    break;
                }
                None => arms.push((test, self.inner(&this.then)?)),
            }
            match &this.otherwise {
                VerilogBlockOrConditional::Block(block) if arms.is_empty() => return self.block(block, out),
                VerilogBlockOrConditional::Block(block) => otherwise = self.inner(block)?,
                VerilogBlockOrConditional::Conditional(stmt) => match stmt.as_ref() {
                    VerilogStatement::If(conditional) => next = Some(conditional),
                    _ => return Err(Fault::Unsupported("an `else` with neither a block nor an `if`".into())),
                },
                VerilogBlockOrConditional::None => {}
            }
        }
        if arms.iter().any(|(_, block)| !block.is_empty()) || !otherwise.is_empty() {
            out.push(Stmt::If(arms, otherwise).flattened());
        }
        Ok(())
    }

    fn case(&mut self, m: &'a VerilogMatch, out: &mut Vec<Stmt>) -> Result<(), Fault> {
        let test = self.expr(&m.test).map_err(|fault| fault.within(|| "the test of a `match`".into()))?;
        let variants = match &test.op {
            super::types::Op::Signal(id) => match &self.scope.signals[*id].carries {
                Carries::Enum(labels) => Some(labels.len()),
                _ => None,
            },
            _ => None,
        };
        let mut arms: Vec<(Pattern, Vec<Stmt>)> = vec![];
        let mut default = None;
        for case in &m.cases {
            if case.condition == "default" {
                if let Some(value) = test.value() {
                    if !arms.iter().any(|(pattern, _)| pattern.value == value) {
                        return self.block(&case.block, out);
                    }
                }
                default = Some(self.inner(&case.block)?);
                break;
            }
            let pattern = self.pattern(&case.condition)?;
            if test.value() == Some(pattern.value) {
                return self.block(&case.block, out);
            }
            let possible = test.range.is_none_or(|(min, max)| (min..=max).contains(&pattern.value));
            if test.value().is_none() && possible && !arms.iter().any(|(other, _)| other.value == pattern.value) {
                arms.push((pattern, self.inner(&case.block)?));
            }
        }
        if test.value().is_some() {
            return Ok(());
        }
        if default.is_none() && arms.len() != variants.unwrap_or(1 << test.bits.min(64)) {
            return Err(Fault::Unsupported("a `match` that does not cover every value".into()));
        }
        if arms.is_empty() {
            out.extend(default.into_iter().flatten());
        } else {
            out.push(Stmt::Case(test, arms, default));
        }
        Ok(())
    }

    fn pattern(&self, text: &str) -> Result<Pattern, Fault> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if let Some(label) = self.scope.label(&text) {
            return Ok(Pattern { value: label.index as i128, label: Some(label.name.clone()) });
        }
        let value = match text.as_str() {
            "true" => Some(1),
            "false" => Some(0),
            _ => {
                let digits = text.trim_end_matches("usize").trim_end_matches("i32").replace('_', "");
                digits.parse().ok()
            }
        };
        match value {
            Some(value) => Ok(Pattern { value, label: None }),
            None => Err(Fault::Unsupported(format!("the pattern `{}`", text.replace('$', "::")))),
        }
    }
}
