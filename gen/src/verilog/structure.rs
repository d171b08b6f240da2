//! What blocks are made of: bits of storage and of each kind of logic, before any mapping to gates.
//!
//! Counted on the typed statements that modules are printed from, each operation at the width that is used of its result. What
//! synthesis shares or simplifies is counted all the same: [`crate::area`] holds the counts against netlists.

use super::library::Queue;
use super::lower::Stmt;
use super::scope::{Kind, Scope};
use super::types::{Arith, Compare, Expr, Op, SignalId};
use hw::rtl::{address_bits, count_bits};
use std::collections::{BTreeMap, HashMap};
use std::ops::{AddAssign, Index, IndexMut};

/// A kind of part, counted in bits unless its comment says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Registers with a reset.
    Resettable,
    /// Registers without one.
    Register,
    /// Words that are read at once, but those of queues.
    Word,
    /// Words of queues.
    Queued,
    /// Pointers and levels of queues.
    Pointer,
    /// Sums and differences.
    Sum,
    /// Sums with a constant, and comparisons of two values for order.
    Step,
    /// Products: pairs of bits.
    Product,
    /// Choices between values, the steps of shifts among them.
    Choice,
    /// And, or, exclusive or, equality, comparison with a constant.
    Gate,
}

impl Part {
    /// All, in the order of [`Structure`]'s counts.
    pub const ALL: [Part; 10] = [
        Part::Resettable,
        Part::Register,
        Part::Word,
        Part::Queued,
        Part::Pointer,
        Part::Sum,
        Part::Step,
        Part::Product,
        Part::Choice,
        Part::Gate,
    ];
}

/// What a block is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    counts: [usize; Part::ALL.len()],
    /// Memories that are read at the clock's edge: how many there are, by their bits.
    pub memories: BTreeMap<usize, usize>,
}

impl Index<Part> for Structure {
    type Output = usize;
    fn index(&self, part: Part) -> &usize {
        &self.counts[part as usize]
    }
}

impl IndexMut<Part> for Structure {
    fn index_mut(&mut self, part: Part) -> &mut usize {
        &mut self.counts[part as usize]
    }
}

impl AddAssign<&Structure> for Structure {
    fn add_assign(&mut self, other: &Structure) {
        self.counts.iter_mut().zip(other.counts).for_each(|(count, more)| *count += more);
        other.memories.iter().for_each(|(bits, count)| *self.memories.entry(*bits).or_default() += count);
    }
}

impl Structure {
    /// A block's own parts: its statements, registers, memories and queues, without the modules inside.
    pub(super) fn of(scope: &Scope, stmts: &[Stmt]) -> Structure {
        let mut counting = Counting { scope, found: Structure::default(), sites: HashMap::new() };
        scope.children.iter().for_each(|child| match child.kind {
            Kind::Module(_) | Kind::Wiring(_) => {}
            Kind::Fifo { depth, .. } => {
                let parts = Queue::of(scope, child).enq.parts;
                let bits: usize = parts.iter().map(|s| scope.signals[*s].bits).sum();
                counting.found[Part::Queued] += depth * bits;
                counting.found[Part::Pointer] += 2 * address_bits(depth) + count_bits(depth);
            }
            // Ports of a register are `clock d q`, of memories `clock write write_address write_data …`.
            Kind::Reg { reset, .. } => {
                let part = if reset.is_some() { Part::Resettable } else { Part::Register };
                counting.found[part] += counting.bits_of(child.signals[1]);
            }
            Kind::RegFile { depth } => counting.found[Part::Word] += depth * counting.bits_of(child.signals[3]),
            Kind::Sram { depth } => {
                let bits = depth * counting.bits_of(child.signals[3]);
                *counting.found.memories.entry(bits).or_default() += 1;
            }
        });
        stmts.iter().for_each(|stmt| counting.statement(stmt, false));
        counting.choose();
        counting.found
    }
}

struct Counting<'a> {
    scope: &'a Scope,
    found: Structure,
    /// Under conditions, values that each signal is given.
    sites: HashMap<SignalId, usize>,
}

impl Counting<'_> {
    fn bits_of(&self, signal: SignalId) -> usize {
        self.scope.signals[signal].bits
    }

    fn statement(&mut self, stmt: &Stmt, conditional: bool) {
        match stmt {
            Stmt::Assign(target, value) => {
                let bits = self.bits_of(*target);
                self.expr(value, bits);
                match (conditional, value.value()) {
                    (false, _) => {}
                    (true, Some(_)) => self.found[Part::Gate] += bits,
                    (true, None) => *self.sites.entry(*target).or_default() += 1,
                }
            }
            Stmt::If(arms, otherwise) => {
                for (test, block) in arms {
                    self.expr(test, 1);
                    block.iter().for_each(|stmt| self.statement(stmt, true));
                }
                otherwise.iter().for_each(|stmt| self.statement(stmt, true));
            }
            Stmt::Case(test, arms, default) => {
                self.expr(test, test.bits);
                for (_, block) in arms {
                    self.found[Part::Gate] += test.bits;
                    block.iter().for_each(|stmt| self.statement(stmt, true));
                }
                default.iter().flatten().for_each(|stmt| self.statement(stmt, true));
            }
        }
    }

    /// Of values under conditions, all but the first are chosen from; the first one of a register is its clock's gate.
    fn choose(&mut self) {
        for (&signal, &sites) in &self.sites {
            let kept = usize::from(self.scope.is_next_value(signal));
            self.found[Part::Choice] += (sites - kept) * self.scope.signals[signal].bits;
        }
    }

    /// Counts an expression of which the low `wanted` bits are used.
    fn expr(&mut self, e: &Expr, wanted: usize) {
        let n = e.bits.min(wanted);
        match &e.op {
            Op::Const(_) | Op::Label(..) | Op::Signal(_) => {}
            Op::Cast(a) | Op::Reinterpret(a) | Op::Not(a) => self.expr(a, n),
            Op::Neg(a) => {
                self.found[Part::Step] += n;
                self.expr(a, n);
            }
            Op::All(a) | Op::Any(a) | Op::Parity(a) => {
                self.found[Part::Gate] += a.bits;
                self.expr(a, a.bits);
            }
            Op::Arith(op, a, b) => {
                let fixed = a.value().is_some() || b.value().is_some();
                match op {
                    Arith::Add | Arith::Sub if fixed => self.found[Part::Step] += n,
                    Arith::Add | Arith::Sub => self.found[Part::Sum] += n,
                    Arith::Mul if fixed => self.found[Part::Sum] += n,
                    Arith::Mul => self.found[Part::Product] += a.bits * b.bits,
                    // What stands beside each other is wires.
                    Arith::Or if is_above(a, b) || is_above(b, a) => {}
                    Arith::And | Arith::Or | Arith::Xor if fixed => {}
                    Arith::And | Arith::Or | Arith::Xor => self.found[Part::Gate] += n,
                }
                self.expr(a, n);
                self.expr(b, n);
            }
            Op::Compare(op, a, b) => {
                let wide = a.bits.max(b.bits);
                let equality = matches!(op, Compare::Eq | Compare::Ne);
                let fixed = a.value().is_some() || b.value().is_some();
                self.found[if equality || fixed { Part::Gate } else { Part::Step }] += wide;
                self.expr(a, a.bits);
                self.expr(b, b.bits);
            }
            Op::Both(a, b) | Op::Either(a, b) => {
                self.found[Part::Gate] += 1;
                self.expr(a, 1);
                self.expr(b, 1);
            }
            Op::ShlBy(a, k) => self.expr(a, n.saturating_sub(*k)),
            Op::ShrBy(a, k) => self.expr(a, n.saturating_add(*k)),
            Op::Shl(a, by) | Op::Shr(a, by) => {
                self.found[Part::Choice] += n * by.bits;
                self.expr(a, a.bits);
                self.expr(by, by.bits);
            }
            Op::Bit(a, i) => {
                if i.value().is_none() {
                    self.found[Part::Choice] += a.bits;
                }
                self.expr(a, a.bits);
                self.expr(i, i.bits);
            }
            Op::Choice(test, a, b) => {
                self.found[Part::Choice] += n;
                self.expr(test, 1);
                self.expr(a, n);
                self.expr(b, n);
            }
        }
    }
}

/// Whether the bits of `high` begin where those of `low` end.
fn is_above(high: &Expr, low: &Expr) -> bool {
    match &high.op {
        Op::ShlBy(_, k) => !low.signed && low.bits <= *k,
        Op::Cast(a) | Op::Reinterpret(a) => is_above(a, low),
        _ => false,
    }
}
