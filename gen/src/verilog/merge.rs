//! Makes one assignment of statements that give one signal its value step by step.
//!
//! `x = 0; x = x | a; x = x | b` is `a | b`; `if c { x = a } else { x = b }` is `c ? a : b`. Registers' next values stay as
//! they are, since they stand in a clocked block, and so does what would need more than one choice.

use super::lower::Stmt;
use super::scope::{Scope, Signal};
use super::split::project;
use super::types::{Arith, Expr, Known, Op, SignalId};
use std::collections::HashSet;

/// The statements in groups: an assignment for each signal, where they amount to such; else as they were.
pub(super) fn merge(scope: &Scope, stmts: Vec<Stmt>) -> Vec<Vec<Stmt>> {
    let mut targets = vec![];
    let mut apart = true;
    for stmt in &stmts {
        let mut first = None;
        stmt.writes(&mut |s| {
            apart &= *first.get_or_insert(s) == s;
            if !targets.contains(&s) {
                targets.push(s);
            }
        });
    }
    // A condition that decides about several signals is said once.
    if !apart || matches!(stmts[..], [Stmt::Assign(..)]) || targets.iter().any(|&s| scope.is_next_value(s)) {
        return vec![stmts];
    }
    let assign = |&target: &SignalId| {
        let signals = HashSet::from([target]);
        let own: Vec<Stmt> = stmts.iter().filter_map(|stmt| project(stmt, &signals)).collect();
        let value = value(scope, target, &own)?;
        // One that reads another of them may want a value that it has on the way.
        let apart = targets.iter().all(|&other| other == target || reads(&value, other) == 0);
        apart.then(|| vec![Stmt::Assign(target, value)])
    };
    let merged: Option<Vec<Vec<Stmt>>> = targets.iter().map(assign).collect();
    merged.unwrap_or_else(|| vec![stmts])
}

/// What `target` is after the statements.
fn value(scope: &Scope, target: SignalId, stmts: &[Stmt]) -> Option<Expr> {
    let mut steps = Steps { target, signal: &scope.signals[target], choices: 0 };
    let value = stmts.iter().try_fold(None, |now, stmt| {
        let next = steps.step(now, stmt)?;
        Some(Some(held(next, steps.signal)?))
    })?;
    value.filter(|_| steps.choices <= 1)
}

struct Steps<'a> {
    target: SignalId,
    signal: &'a Signal,
    /// How many choices there are inside of each other.
    choices: usize,
}

impl Steps<'_> {
    /// The target's value after `stmt`, if it was `now`.
    fn step(&mut self, now: Option<Expr>, stmt: &Stmt) -> Option<Expr> {
        match stmt {
            Stmt::Assign(_, value) => match reads(value, self.target) {
                0 => Some(value.clone()),
                1 => Some(followed(value, self.target, now?)),
                _ => None,
            },
            Stmt::If(arms, otherwise) => {
                let [(test, then)] = &arms[..] else { return None };
                let (then, otherwise) = (only(then, self.target)?, only(otherwise, self.target));
                if reads(test, self.target) > 0 || otherwise.is_some_and(|e| reads(e, self.target) > 0) {
                    return None;
                }
                if reads(then, self.target) > 0 {
                    return self.term(test, then, now.filter(|_| otherwise.is_none())?);
                }
                let old = otherwise.cloned().or(now)?;
                match (self.signal.bits, then.value(), old.value()) {
                    (1, Some(0), _) => Some(Expr::both(old, test.clone().not().ok()?)),
                    (1, Some(_), _) => Some(Expr::either(old, test.clone())),
                    (1, None, Some(0)) if then.bits == 1 => Some(Expr::both(test.clone(), then.clone())),
                    _ => {
                        self.choices += 1;
                        Some(Expr::choice(test.clone(), then.clone(), old, self.signal.bits))
                    }
                }
            }
            Stmt::Case(..) => None,
        }
    }

    /// `if test { x = x | a }` as `x | (test ? a : 0)`.
    fn term(&self, test: &Expr, then: &Expr, now: Expr) -> Option<Expr> {
        let Op::Arith(op @ (Arith::Add | Arith::Or | Arith::Xor), x, a) = &then.op else { return None };
        if !matches!(x.op, Op::Signal(s) if s == self.target) || reads(a, self.target) > 0 {
            return None;
        }
        let term = Expr::choice(test.clone(), (**a).clone(), Expr::constant(0, Known::Int), self.signal.bits);
        match now.value() {
            Some(0) => Some(term),
            _ => Expr::arith(*op, now, term).ok(),
        }
    }
}

/// The value that an `if`'s branch assigns, if it is all that it does.
fn only(block: &[Stmt], target: SignalId) -> Option<&Expr> {
    match block {
        [Stmt::Assign(s, value)] if *s == target => Some(value),
        _ => None,
    }
}

fn reads(value: &Expr, target: SignalId) -> usize {
    let mut count = 0;
    value.reads(&mut |s| count += (s == target) as usize);
    count
}

/// `value` as the signal holds it: cut to its width, with its sign.
fn held(value: Expr, signal: &Signal) -> Option<Expr> {
    if (value.bits, value.signed) == (signal.bits, signal.signed) {
        return Some(value);
    }
    let value =
        if value.value().is_none() && value.bits == signal.bits { value } else { value.cast(signal.bits).ok()? };
    if value.signed == signal.signed {
        Some(value)
    } else {
        value.reinterpret(signal.signed).ok()
    }
}

/// `value` with `now` in the place of `target`.
fn followed(value: &Expr, target: SignalId, now: Expr) -> Expr {
    // What a sum begins with is not worth printing.
    if let Op::Arith(Arith::Add | Arith::Or | Arith::Xor, a, b) = &value.op {
        if matches!(a.op, Op::Signal(s) if s == target) && now.value() == Some(0) && !a.signed && !b.signed {
            return (**b).clone();
        }
    }
    let mut value = value.clone();
    value.replace(target, &now);
    value
}
