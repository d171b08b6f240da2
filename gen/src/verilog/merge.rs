//! Makes one assignment of statements that give one signal its value step by step.
//!
//! `x = 0; x = x | a; x = x | b` is `a | b`; `if c { x = a } else { x = b }` is `c ? a : b`. Registers' next values stay as
//! they are, since they stand in a clocked block, and so does what would need more than one choice.

use super::lower::Stmt;
use super::scope::{Scope, Signal};
use super::types::{Arith, Expr, Op, SignalId};

/// The statements as one assignment, where they amount to a short one; else as they were.
pub(super) fn merge(scope: &Scope, stmts: Vec<Stmt>) -> Vec<Stmt> {
    let mut target = None;
    let mut single = true;
    stmts.iter().for_each(|stmt| stmt.writes(&mut |s| single &= *target.get_or_insert(s) == s));
    match (target, &stmts[..]) {
        (Some(_), [Stmt::Assign(..)]) | (None, _) => stmts,
        (Some(target), _) if single && !scope.is_next_value(target) => match value(scope, target, &stmts) {
            Some(value) => vec![Stmt::Assign(target, value)],
            None => stmts,
        },
        _ => stmts,
    }
}

/// What `target` is after the statements.
fn value(scope: &Scope, target: SignalId, stmts: &[Stmt]) -> Option<Expr> {
    let signal = &scope.signals[target];
    let mut now: Option<Expr> = None;
    let mut choices = 0;
    for stmt in stmts {
        let next = match stmt {
            Stmt::Assign(_, value) => match reads(value, target) {
                0 => value.clone(),
                1 => followed(value, target, now?),
                _ => return None,
            },
            Stmt::If(arms, otherwise) => {
                let [(test, then)] = &arms[..] else { return None };
                let (then, otherwise) = (only(then, target)?, only(otherwise, target));
                let old = match (otherwise, &now) {
                    (Some(value), _) => value.clone(),
                    (None, Some(now)) => now.clone(),
                    (None, None) => return None,
                };
                if [test, then, &old].iter().any(|e| reads(e, target) > 0) {
                    return None;
                }
                match (signal.bits, then.value()) {
                    (1, Some(0)) => Expr::both(old, test.clone().not().ok()?),
                    (1, Some(_)) => Expr::either(old, test.clone()),
                    _ => {
                        choices += 1;
                        Expr::choice(test.clone(), then.clone(), old, signal.bits)
                    }
                }
            }
            Stmt::Case(..) => return None,
        };
        now = Some(held(next, signal)?);
    }
    now.filter(|_| choices <= 1)
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
