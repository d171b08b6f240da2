//! Splits `always` blocks that read each other.
//!
//! `a`, `b` made of `a`, and `c` made of `b` are no loop; but if `a` and `c` stand in one block, this block and that of `b` start
//! each other. A simulator that takes a value on the way to the last one for a change, as Icarus does, may then go on for ever.
//! So the signals of such blocks get blocks of their own, each with no more than what makes its signal. What it takes of
//! another signal's values on the way is made anew under a name of its own.

use super::lower::Stmt;
use super::scope::{Role, Scope};
use super::split::{outputs_reached, rebuilt};
use super::types::{Expr, Known, SignalId};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The groups, with those that read each other split by signal. `through` says for each module which of its signals an
/// input reaches through wires alone.
pub(super) fn untangle(scope: &mut Scope, groups: Vec<Vec<Stmt>>, through: &[Vec<bool>]) -> Vec<Vec<Stmt>> {
    let tangled = in_rings(scope, &groups, through);
    let mut apart = vec![];
    for (group, tangled) in groups.into_iter().zip(tangled) {
        match tangled {
            true => apart.extend(by_signal(scope, &group)),
            false => apart.push(group),
        }
    }
    apart
}

/// Whether each group reads, by way of other groups or blocks inside, what it writes.
fn in_rings(scope: &Scope, groups: &[Vec<Stmt>], through: &[Vec<bool>]) -> Vec<bool> {
    let mut graph = DiGraph::<(), ()>::new();
    let nodes: Vec<_> = groups.iter().map(|_| graph.add_node(())).collect();
    let mut writer = HashMap::new();
    for (group, &node) in groups.iter().zip(&nodes) {
        group.iter().for_each(|stmt| {
            stmt.writes(&mut |s| {
                writer.insert(s, node);
            })
        });
    }
    for child in &scope.children {
        let outputs = outputs_reached(child, through);
        if outputs.is_empty() {
            continue;
        }
        let node = graph.add_node(());
        for &input in &child.signals {
            if let (Role::ChildIn(_), Some(&source)) = (scope.signals[input].role, writer.get(&input)) {
                graph.add_edge(source, node, ());
            }
        }
        writer.extend(outputs.into_iter().map(|s| (s, node)));
    }
    for (group, &node) in groups.iter().zip(&nodes) {
        let mut sources = BTreeSet::new();
        group.iter().for_each(|stmt| stmt.reads(&mut |s| sources.extend(writer.get(&s))));
        sources.into_iter().filter(|&source| source != node).for_each(|source| {
            graph.add_edge(source, node, ());
        });
    }
    let mut tangled = vec![false; groups.len()];
    for ring in kosaraju_scc(&graph).into_iter().filter(|ring| ring.len() > 1) {
        ring.into_iter().filter(|node| node.index() < groups.len()).for_each(|node| tangled[node.index()] = true);
    }
    tangled
}

/// A group for each signal of `group`; signals that are made of the same ones stay together, which makes no ring.
fn by_signal(scope: &mut Scope, group: &[Stmt]) -> Vec<Vec<Stmt>> {
    let mut members = vec![];
    group.iter().for_each(|stmt| {
        stmt.writes(&mut |s| {
            if !members.contains(&s) {
                members.push(s);
            }
        })
    });
    let mut classes: Vec<(BTreeSet<SignalId>, HashSet<SignalId>)> = vec![];
    for &s in &members {
        let Slice { stmts, made } = slice(group, &HashSet::from([s]), &members);
        let mut sources = BTreeSet::new();
        stmts.iter().for_each(|stmt| stmt.reads(&mut |s| sources.extend((!made.contains(&s)).then_some(s))));
        match classes.iter_mut().find(|(other, _)| *other == sources) {
            Some((_, signals)) => signals.extend([s]),
            None => classes.push((sources, HashSet::from([s]))),
        }
    }
    let parts = classes.into_iter().map(|(_, wanted)| {
        let Slice { mut stmts, made } = slice(group, &wanted, &members);
        let copied = made.into_iter().filter(|s| !wanted.contains(s));
        let copies: BTreeMap<SignalId, SignalId> = copied.map(|s| (s, scope.add_copy(s))).collect();
        stmts.iter_mut().for_each(|stmt| stmt.rename(&|s| copies.get(&s).copied().unwrap_or(s)));
        // A copy is made where it is taken; elsewhere it would be a latch.
        let made = on_every_path(&stmts);
        let elsewhere = copies.into_values().filter(|copy| !made.contains(copy));
        elsewhere.map(|copy| Stmt::Assign(copy, Expr::constant(0, Known::Int))).chain(stmts).collect()
    });
    parts.collect()
}

/// The signals that `stmts` assign whatever the conditions are.
fn on_every_path(stmts: &[Stmt]) -> HashSet<SignalId> {
    let both = |a: HashSet<SignalId>, b: HashSet<SignalId>| a.intersection(&b).copied().collect();
    let each = stmts.iter().map(|stmt| match stmt {
        Stmt::Assign(target, _) => HashSet::from([*target]),
        Stmt::If(..) | Stmt::Case(..) => {
            stmt.blocks().map(|block| on_every_path(block)).reduce(both).unwrap_or_default()
        }
    });
    each.flatten().collect()
}

/// What gives some signals their values.
struct Slice {
    stmts: Vec<Stmt>,
    /// The signals, and those of which it takes values that are not their last.
    made: BTreeSet<SignalId>,
}

/// What gives the signals `wanted` their values, of the statements of a group that writes `members`.
fn slice(group: &[Stmt], wanted: &HashSet<SignalId>, members: &[SignalId]) -> Slice {
    let mut made: BTreeSet<SignalId> = wanted.iter().copied().collect();
    loop {
        let mut slicer = Slicer { made: &made, members, later: vec![], early: BTreeSet::new() };
        let mut live = wanted.iter().copied().collect();
        let stmts = slicer.block(group, &mut live);
        let early = slicer.early;
        if early.is_empty() {
            return Slice { stmts, made };
        }
        made.extend(early);
    }
}

struct Slicer<'a> {
    made: &'a BTreeSet<SignalId>,
    members: &'a [SignalId],
    /// What is written after the statement that is looked at, by level of nesting.
    later: Vec<HashSet<SignalId>>,
    /// Members that are read before they have their last value, and are not among those made.
    early: BTreeSet<SignalId>,
}

impl Slicer<'_> {
    /// What of `stmts` the signals `live` after them are made of; `live` becomes those before them.
    fn block(&mut self, stmts: &[Stmt], live: &mut HashSet<SignalId>) -> Vec<Stmt> {
        self.later.push(HashSet::new());
        let mut kept = vec![];
        for stmt in stmts.iter().rev() {
            kept.extend(self.statement(stmt, live));
            if let Some(level) = self.later.last_mut() {
                stmt.writes(&mut |s| {
                    level.insert(s);
                });
            }
        }
        self.later.pop();
        kept.reverse();
        kept
    }

    fn statement(&mut self, stmt: &Stmt, live: &mut HashSet<SignalId>) -> Option<Stmt> {
        if let Stmt::Assign(target, value) = stmt {
            if !live.remove(target) {
                return None;
            }
            value.reads(&mut |s| self.read(s, live));
            return Some(stmt.clone());
        }
        let mut before = HashSet::new();
        let mut blocks = vec![];
        for block in stmt.blocks() {
            let mut inside = live.clone();
            blocks.push(self.block(block, &mut inside));
            before.extend(inside);
        }
        let kept = rebuilt(stmt, blocks)?;
        *live = before;
        // What a condition reads and a branch writes changes after it, as what is written later.
        let mut inside = HashSet::new();
        stmt.writes(&mut |s| {
            inside.insert(s);
        });
        self.later.push(inside);
        kept.tests(&mut |s| self.read(s, live));
        self.later.pop();
        Some(kept)
    }

    fn read(&mut self, s: SignalId, live: &mut HashSet<SignalId>) {
        if self.made.contains(&s) {
            live.insert(s);
        } else if self.members.contains(&s) && self.later.iter().any(|level| level.contains(&s)) {
            self.early.insert(s);
        }
    }
}
