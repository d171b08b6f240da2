//! Takes groups of statements apart where one `always` block would be a false loop.
//!
//! A `match` that assigns several signals is one statement, and as one block it makes each of them wait for all that any of
//! them reads: a simulator sees a loop where `valid` and `ready` only pass each other. So a group is split by what its signals
//! depend on through wires alone; signals that depend on the same stay together, which makes no path that was not there.
//! Registers' next values, which nothing else reads, always go apart: they stand in a clocked block, those without a reset in one
//! of their own.

use super::lower::Stmt;
use super::scope::{Child, Kind, Role, Scope};
use super::types::{Expr, SignalId};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// For each signal, whether an input of the block reaches it through wires alone. `through` says it of a module's outputs.
pub(super) fn reached_by_inputs(scope: &Scope, groups: &[Vec<Stmt>], through: &[Vec<bool>]) -> Vec<bool> {
    let mut readers: HashMap<SignalId, Vec<SignalId>> = HashMap::new();
    for stmt in groups.iter().flatten() {
        each_assignment(stmt, &mut vec![], &mut |target, read| readers.entry(read).or_default().push(target));
    }
    for child in &scope.children {
        let outputs = outputs_reached(child, through);
        for &input in &child.signals {
            if matches!(scope.signals[input].role, Role::ChildIn(_)) && !outputs.is_empty() {
                readers.entry(input).or_default().extend(&outputs);
            }
        }
    }
    let mut reached = vec![false; scope.signals.len()];
    let mut open: Vec<SignalId> = (0..reached.len()).filter(|&s| scope.signals[s].role == Role::In).collect();
    while let Some(s) = open.pop() {
        if !std::mem::replace(&mut reached[s], true) {
            open.extend(readers.get(&s).into_iter().flatten());
        }
    }
    reached
}

/// The outputs of a block inside that its inputs reach through wires alone.
pub(super) fn outputs_reached(child: &Child, through: &[Vec<bool>]) -> Vec<SignalId> {
    match child.kind {
        Kind::Reg { .. } | Kind::Sram { .. } | Kind::Fifo { .. } | Kind::Wiring(_) => vec![],
        Kind::RegFile { .. } => vec![child.signals[5]],
        Kind::Module(module) => {
            child.signals.iter().zip(&through[module]).filter(|(_, &reached)| reached).map(|(&s, _)| s).collect()
        }
    }
}

/// What stands in a block.
#[derive(PartialEq)]
enum Class {
    /// Wires, by what they depend on.
    Wires(BTreeSet<SignalId>),
    /// Next values of registers.
    Registers { reset: bool },
}

/// The groups that the statements of `group` fall into.
pub(super) fn split(scope: &Scope, group: Vec<Stmt>, reads: &[u32], reached: &[bool]) -> Vec<Vec<Stmt>> {
    let mut members: Vec<SignalId> = vec![];
    let mut seen = HashSet::new();
    for stmt in &group {
        stmt.writes(&mut |s| {
            if seen.insert(s) {
                members.push(s);
            }
        });
    }
    if members.len() < 2 {
        return vec![group];
    }
    // Signals that are read while they still change stay with their readers.
    let mut leader: HashMap<SignalId, SignalId> = members.iter().map(|&s| (s, s)).collect();
    let mut join = |s: SignalId, t: SignalId| {
        let (a, b) = (find(&leader, s), find(&leader, t));
        leader.insert(a, b);
    };
    early_reads(&group, &mut vec![], &mut join);
    let mut sources: HashMap<SignalId, HashSet<SignalId>> = HashMap::new();
    for stmt in &group {
        each_assignment(stmt, &mut vec![], &mut |target, read| {
            sources.entry(target).or_default().insert(read);
        });
    }
    let mut parts: BTreeMap<SignalId, Vec<SignalId>> = BTreeMap::new();
    for &s in &members {
        parts.entry(find(&leader, s)).or_default().push(s);
    }
    let mut classes: Vec<(Class, HashSet<SignalId>)> = vec![];
    for part in parts.into_values() {
        let class = match part.iter().all(|&s| scope.is_next_value(s) && reads[s] == 0) {
            true => Class::Registers { reset: part.iter().all(|&s| scope.is_reset(s)) },
            false => {
                let inputs = part.iter().filter_map(|s| sources.get(s)).flatten();
                Class::Wires(inputs.copied().filter(|s| reached[*s] && !part.contains(s)).collect())
            }
        };
        match classes.iter_mut().find(|(other, _)| *other == class) {
            Some((_, signals)) => signals.extend(part),
            None => classes.push((class, part.into_iter().collect())),
        }
    }
    if classes.len() == 1 {
        return vec![group];
    }
    // In the order in which their first signals are assigned.
    classes.sort_by_key(|(_, signals)| members.iter().position(|s| signals.contains(s)));
    classes.into_iter().map(|(_, signals)| group.iter().filter_map(|stmt| project(stmt, &signals)).collect()).collect()
}

fn find(leader: &HashMap<SignalId, SignalId>, mut s: SignalId) -> SignalId {
    while leader[&s] != s {
        s = leader[&s];
    }
    s
}

/// Calls `join(target, read)` for each signal that is read for a target before it has its last value. `later` holds what is
/// assigned after the statements, by level of nesting.
fn early_reads(stmts: &[Stmt], later: &mut Vec<HashSet<SignalId>>, join: &mut impl FnMut(SignalId, SignalId)) {
    later.push(HashSet::new());
    for stmt in stmts.iter().rev() {
        let mut writes = HashSet::new();
        stmt.writes(&mut |s| {
            writes.insert(s);
        });
        let changes = |read: &SignalId, later: &[HashSet<SignalId>]| later.iter().any(|set| set.contains(read));
        match stmt {
            Stmt::Assign(target, value) => value.reads(&mut |read| {
                if changes(&read, later) {
                    join(*target, read);
                }
            }),
            Stmt::If(..) | Stmt::Case(..) => {
                let mut tests = vec![];
                stmt.tests(&mut |read| tests.push(read));
                for read in tests.into_iter().filter(|read| writes.contains(read) || changes(read, later)) {
                    writes.iter().for_each(|&target| join(target, read));
                }
                stmt.blocks().for_each(|block| early_reads(block, later, join));
            }
        }
        if let Some(level) = later.last_mut() {
            level.extend(writes);
        }
    }
    later.pop();
}

/// Calls `f(target, read)` for each signal that decides what is assigned to a target.
fn each_assignment(stmt: &Stmt, tests: &mut Vec<SignalId>, f: &mut impl FnMut(SignalId, SignalId)) {
    let before = tests.len();
    match stmt {
        Stmt::Assign(target, value) => {
            tests.iter().for_each(|&read| f(*target, read));
            value.reads(&mut |read| f(*target, read));
        }
        Stmt::If(arms, otherwise) => {
            for (test, block) in arms {
                test.reads(&mut |read| tests.push(read));
                block.iter().for_each(|stmt| each_assignment(stmt, tests, f));
            }
            otherwise.iter().for_each(|stmt| each_assignment(stmt, tests, f));
        }
        Stmt::Case(test, arms, default) => {
            test.reads(&mut |read| tests.push(read));
            let blocks = arms.iter().map(|(_, block)| block).chain(default);
            blocks.flatten().for_each(|stmt| each_assignment(stmt, tests, f));
        }
    }
    tests.truncate(before);
}

/// `if a {} else if b { … }` as `if !a && b { … }`.
fn without_empty_head(mut arms: Vec<(Expr, Vec<Stmt>)>, otherwise: Vec<Stmt>) -> Stmt {
    let negated = match &arms[0] {
        (test, block) if block.is_empty() => test.clone().not().ok(),
        _ => None,
    };
    let Some(test) = negated else { return Stmt::If(arms, otherwise) };
    arms.remove(0);
    if arms.is_empty() {
        return Stmt::If(vec![(test, otherwise)], vec![]);
    }
    match without_empty_head(arms, otherwise) {
        Stmt::If(mut arms, otherwise) if arms.len() == 1 && otherwise.is_empty() => {
            let (second, block) = arms.remove(0);
            Stmt::If(vec![(Expr::both(test, second), block)], otherwise)
        }
        rest => Stmt::If(vec![(test, vec![rest])], vec![]),
    }
}

/// What `stmt` does to `signals`; nothing if it does not assign them.
pub(super) fn project(stmt: &Stmt, signals: &HashSet<SignalId>) -> Option<Stmt> {
    if let Stmt::Assign(target, _) = stmt {
        return signals.contains(target).then(|| stmt.clone());
    }
    let block = |stmts: &Vec<Stmt>| stmts.iter().filter_map(|stmt| project(stmt, signals)).collect();
    rebuilt(stmt, stmt.blocks().map(block).collect())
}

/// `stmt` with other `blocks` inside; nothing if they are empty.
pub(super) fn rebuilt(stmt: &Stmt, blocks: Vec<Vec<Stmt>>) -> Option<Stmt> {
    if blocks.iter().all(Vec::is_empty) {
        return None;
    }
    let mut blocks = blocks.into_iter();
    match stmt {
        Stmt::Assign(..) => Some(stmt.clone()),
        Stmt::If(arms, _) => {
            let mut arms: Vec<_> = arms.iter().map(|(test, _)| test.clone()).zip(blocks.by_ref()).collect();
            let otherwise = blocks.next().unwrap_or_default();
            if otherwise.is_empty() {
                while arms.last().is_some_and(|(_, stmts)| stmts.is_empty()) {
                    arms.pop();
                }
            }
            (!arms.is_empty()).then(|| without_empty_head(arms, otherwise).flattened())
        }
        Stmt::Case(test, arms, default) => {
            let count = arms.len();
            let mut arms: Vec<_> = arms.iter().map(|(pattern, _)| pattern.clone()).zip(blocks.by_ref()).collect();
            let mut default = default.as_ref().and_then(|_| blocks.next());
            if default.as_ref().is_none_or(Vec::is_empty) {
                arms.retain(|(_, stmts)| !stmts.is_empty());
                if arms.len() < count {
                    default = Some(vec![]);
                }
            }
            Some(Stmt::Case(test.clone(), arms, default))
        }
    }
}
