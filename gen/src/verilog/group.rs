//! Which statements belong together, and whether each signal has one value at all times.
//!
//! `update` runs from top to bottom; Verilog's blocks run side by side. Statements that write a common signal, or read one
//! between two writes, stay in one block in program order; all others are free of each other.

use super::error::Fault;
use super::index::readable;
use super::lower::Stmt;
use super::merge::merge;
use super::scope::{Role, Scope};
use super::split::{reached_by_inputs, split};
use super::types::{Expr, Op, SignalId};
use super::untangle::untangle;
use std::collections::{HashMap, HashSet};

/// The statements of `update`, in groups that run side by side.
pub(super) struct Groups {
    /// In the order of their first statements; the statements of a group in program order.
    pub groups: Vec<Vec<Stmt>>,
    /// How often each signal is read.
    pub reads: Vec<u32>,
    /// For each signal, whether an input of the block reaches it through wires alone.
    pub reached: Vec<bool>,
}

impl Stmt {
    /// The statement lists inside.
    pub fn blocks(&self) -> Box<dyn Iterator<Item = &Vec<Stmt>> + '_> {
        match self {
            Stmt::Assign(..) => Box::new(std::iter::empty()),
            Stmt::If(arms, otherwise) => Box::new(arms.iter().map(|(_, block)| block).chain([otherwise])),
            Stmt::Case(_, arms, default) => Box::new(arms.iter().map(|(_, block)| block).chain(default)),
        }
    }

    /// Gives the signals other numbers.
    pub fn rename(&mut self, number: &impl Fn(SignalId) -> SignalId) {
        let block = |stmts: &mut Vec<Stmt>| stmts.iter_mut().for_each(|stmt| stmt.rename(number));
        match self {
            Stmt::Assign(target, value) => {
                *target = number(*target);
                value.rename(number);
            }
            Stmt::If(arms, otherwise) => {
                arms.iter_mut().for_each(|(test, stmts)| {
                    test.rename(number);
                    block(stmts);
                });
                block(otherwise);
            }
            Stmt::Case(test, arms, default) => {
                test.rename(number);
                arms.iter_mut().map(|(_, stmts)| stmts).chain(default).for_each(block);
            }
        }
    }

    /// Calls `f` for each signal that decides between the statement's branches.
    pub fn tests(&self, f: &mut impl FnMut(SignalId)) {
        match self {
            Stmt::Assign(..) => {}
            Stmt::If(arms, _) => arms.iter().for_each(|(test, _)| test.reads(f)),
            Stmt::Case(test, ..) => test.reads(f),
        }
    }

    /// Calls `f` for each signal that the statement may write.
    pub fn writes(&self, f: &mut impl FnMut(SignalId)) {
        if let Stmt::Assign(target, _) = self {
            f(*target);
        }
        self.blocks().flatten().for_each(|stmt| stmt.writes(f));
    }

    /// Calls `f` for each signal that the statement may read.
    pub fn reads(&self, f: &mut impl FnMut(SignalId)) {
        if let Stmt::Assign(_, value) = self {
            value.reads(f);
        }
        self.tests(f);
        self.blocks().flatten().for_each(|stmt| stmt.reads(f));
    }
}

/// Groups `stmts` and checks that they drive each signal on every path before it is read. For each module, `through` says
/// which of its signals an input reaches through wires alone.
pub(super) fn group(scope: &mut Scope, stmts: Vec<Stmt>, through: &[Vec<bool>]) -> Result<Groups, Fault> {
    let stmts = live(stmts);
    let mut writers: HashMap<SignalId, Vec<usize>> = HashMap::new();
    for (k, stmt) in stmts.iter().enumerate() {
        stmt.writes(&mut |s| {
            let list = writers.entry(s).or_default();
            if list.last() != Some(&k) {
                list.push(k);
            }
        });
    }
    let mut sets = Sets((0..stmts.len()).collect());
    for list in writers.values() {
        list.windows(2).for_each(|pair| sets.union(pair[0], pair[1]));
    }
    for (k, stmt) in stmts.iter().enumerate() {
        stmt.reads(&mut |s| {
            if let Some(list) = writers.get(&s) {
                if list[0] < k && k < list[list.len() - 1] {
                    sets.union(list[0], k);
                }
            }
        });
    }
    let mut check = Check { scope, writers: &writers, sets: &mut sets, at: 0 };
    let mut assigned = Assigned::default();
    for (k, stmt) in stmts.iter().enumerate() {
        check.at = k;
        check.statement(stmt, &mut assigned)?;
    }
    let name = |s: SignalId| readable(&scope.signals[s].path);
    let mut written: Vec<SignalId> = writers.keys().copied().collect();
    written.sort_unstable();
    if let Some(&latch) = written.iter().find(|&&s| !assigned.set.contains(&s)) {
        return Err(Fault::Latch(name(latch)));
    }

    let mut groups: Vec<Vec<Stmt>> = vec![];
    let mut group_of: HashMap<usize, usize> = HashMap::new();
    for (k, stmt) in stmts.into_iter().enumerate() {
        let number = *group_of.entry(sets.find(k)).or_insert_with(|| {
            groups.push(vec![]);
            groups.len() - 1
        });
        groups[number].push(stmt);
    }
    let reached = reached_by_inputs(scope, &groups, through);
    let reads = count_reads(scope, &groups);
    let groups = groups.into_iter().flat_map(|group| split(scope, group, &reads, &reached)).collect();
    let groups = untangle(scope, groups, through);
    let groups: Vec<Vec<Stmt>> = groups.into_iter().flat_map(|group| merge(scope, group)).collect();
    let reads = count_reads(scope, &groups);
    Ok(Groups { groups, reads, reached })
}

fn count_reads(scope: &Scope, groups: &[Vec<Stmt>]) -> Vec<u32> {
    let mut reads = vec![0; scope.signals.len()];
    groups.iter().flatten().for_each(|stmt| stmt.reads(&mut |s| reads[s] += 1));
    reads
}

/// Drops assignments that a later one overwrites before anything reads them, such as the defaults of `dff_setup!`.
fn live(stmts: Vec<Stmt>) -> Vec<Stmt> {
    let mut dead = vec![false; stmts.len()];
    let mut pending: HashMap<SignalId, usize> = HashMap::new();
    for (k, stmt) in stmts.iter().enumerate() {
        stmt.reads(&mut |s| {
            pending.remove(&s);
        });
        if let Stmt::Assign(target, _) = stmt {
            if let Some(earlier) = pending.insert(*target, k) {
                dead[earlier] = true;
            }
        }
    }
    let mut dead = dead.into_iter();
    stmts.into_iter().filter(|_| !dead.next().unwrap_or(false)).collect()
}

/// Disjoint sets of statements.
struct Sets(Vec<usize>);

impl Sets {
    fn find(&mut self, mut x: usize) -> usize {
        while self.0[x] != x {
            self.0[x] = self.0[self.0[x]];
            x = self.0[x];
        }
        x
    }

    fn union(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// The signals that have been assigned on every path to a point.
#[derive(Default)]
struct Assigned<'a> {
    before: Option<&'a Assigned<'a>>,
    set: HashSet<SignalId>,
}

impl Assigned<'_> {
    fn contains(&self, s: SignalId) -> bool {
        self.set.contains(&s) || self.before.is_some_and(|before| before.contains(s))
    }
}

struct Check<'a> {
    scope: &'a Scope,
    writers: &'a HashMap<SignalId, Vec<usize>>,
    sets: &'a mut Sets,
    /// The top-level statement that is looked at.
    at: usize,
}

impl Check<'_> {
    fn statement(&mut self, stmt: &Stmt, assigned: &mut Assigned) -> Result<(), Fault> {
        match stmt {
            Stmt::Assign(target, value) => {
                self.read(value, assigned)?;
                assigned.set.insert(*target);
            }
            Stmt::If(arms, _) => {
                for (test, _) in arms {
                    self.read(test, assigned)?;
                }
                self.branches(stmt, assigned)?;
            }
            Stmt::Case(test, ..) => {
                self.read(test, assigned)?;
                self.branches(stmt, assigned)?;
            }
        }
        Ok(())
    }

    /// What every one of the branches assigns is assigned after them.
    fn branches(&mut self, stmt: &Stmt, assigned: &mut Assigned) -> Result<(), Fault> {
        let mut all: Option<HashSet<SignalId>> = None;
        for block in stmt.blocks() {
            let mut inner = Assigned { before: Some(assigned), set: HashSet::new() };
            block.iter().try_for_each(|stmt| self.statement(stmt, &mut inner))?;
            let set = inner.set;
            all = Some(match all {
                None => set,
                Some(all) => all.into_iter().filter(|s| set.contains(s)).collect(),
            });
        }
        assigned.set.extend(all.unwrap_or_default());
        Ok(())
    }

    fn read(&mut self, value: &Expr, assigned: &Assigned) -> Result<(), Fault> {
        let mut fault = None;
        value.reads(&mut |s| {
            let signal = &self.scope.signals[s];
            let Some(list) = self.writers.get(&s) else {
                if matches!(signal.role, Role::Out | Role::Local | Role::ChildIn(_)) {
                    fault = Some(Fault::Undriven(readable(&signal.path)));
                }
                return;
            };
            // An output that is read before it is assigned has, once all is settled, its final value. So has that of a block
            // of wires, the one kind whose outputs are assigned here.
            let output = matches!(signal.role, Role::Out | Role::ChildOut(_));
            let settles = output && self.sets.find(list[0]) != self.sets.find(self.at);
            if !settles && !assigned.contains(s) {
                fault = Some(Fault::ReadBeforeWrite(readable(&signal.path)));
            }
        });
        fault.map_or(Ok(()), Err)
    }
}

/// The signal that `value` is, if it is nothing else.
pub(super) fn plain_read(value: &Expr) -> Option<SignalId> {
    match value.op {
        Op::Signal(id) => Some(id),
        _ => None,
    }
}
