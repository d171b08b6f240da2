//! Prints one block as a module: decides what drives each signal, names what needs a name, and puts the parts together.

use super::error::Fault;
use super::expr::Printer;
use super::group::{group, plain_read};
use super::index::readable;
use super::lower::{lower, ClockSource, Stmt};
use super::names::Namer;
use super::port::{ports, Port};
use super::scope::{Carries, Field, Kind, Role, Scope};
use super::structure::Structure;
use super::types::{Expr, Op, SignalId};
use super::wiring::Wiring;
use super::write::Writer;
use rust_hdl::core::ast::VerilogBlock;
use std::collections::{HashMap, HashSet};

/// Stands for the name of module `number` until modules have names.
pub(super) fn placeholder(number: usize) -> String {
    format!("\u{1}{number}\u{2}")
}

/// What drives a signal.
#[derive(Clone, Debug)]
pub(super) enum Driver {
    /// An input, an output of a block inside, or nothing.
    Outside,
    /// One expression, at all times.
    Always(Expr),
    /// An `always @*` block.
    Block,
    /// The clocked block that assigns the register; its `d` does not appear.
    Clocked,
    /// An output of a block inside is connected to this port.
    Instance,
}

/// How a group of statements is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As an assignment, in a port list or in a clocked block: see the signal's driver.
    Single,
    Block,
    Clocked,
}

/// A block of which all is known that printing it needs.
pub(super) struct Plan<'a> {
    pub scope: &'a Scope,
    pub modules: &'a [Vec<Port>],
    /// The module's ports, and the signals that are its fields.
    pub own: Vec<Port>,
    pub fields: Vec<SignalId>,
    pub groups: Vec<(Form, Vec<Stmt>)>,
    pub drivers: Vec<Driver>,
    pub reads: Vec<u32>,
    /// What each clock signal follows.
    pub clocks: HashMap<SignalId, ClockSource>,
    /// Names of the resets that go with clocks.
    pub resets: HashMap<SignalId, String>,
    /// Outputs of blocks inside that are connected to a port, and the port.
    pub connected: HashMap<SignalId, SignalId>,
    /// Wires that are called what drives them.
    pub aliases: HashMap<SignalId, SignalId>,
    /// Outputs of blocks inside that are elements of a vector there, and wires of their own here.
    pub apart: HashSet<SignalId>,
    /// Vectors that outputs of blocks inside are part of.
    pub vectors: Vec<Vector>,
    /// Names of instances, registers and memories.
    pub children: Vec<String>,
}

/// A wire that several signals are part of.
pub(super) struct Vector {
    pub name: String,
    /// The block inside that drives it.
    pub child: usize,
    pub bits: usize,
}

/// What is known of the modules that have been printed, by their numbers.
#[derive(Default)]
pub(super) struct Modules {
    /// The fields that are ports.
    pub fields: Vec<Vec<Field>>,
    /// The ports; they carry these fields.
    pub ports: Vec<Vec<Port>>,
    /// For each of these fields, whether an input reaches it through wires alone.
    pub through: Vec<Vec<bool>>,
    /// Blocks that are wires alone, by numbers of their own.
    pub wirings: Vec<Wiring>,
}

/// A module in print.
pub(super) struct Printed {
    /// From the port list on.
    pub body: String,
    pub ports: Vec<Port>,
    /// For each field that is a port, whether an input reaches it through wires alone.
    pub through: Vec<bool>,
    /// What the block is made of, without the modules inside.
    pub own: Structure,
}

/// Prints a block. The names of `namer` are not to be given out, and a top's ports are no vectors.
pub(super) fn print(
    scope: &mut Scope,
    code: &VerilogBlock,
    visible: &[&Field],
    is_top: bool,
    mut namer: Namer,
    modules: &Modules,
) -> Result<Printed, Fault> {
    let mut lowered = lower(scope, code)?;
    for child in &scope.children {
        if let Kind::Wiring(number) = child.kind {
            lowered.stmts.extend(modules.wirings[number].stmts(child));
        }
    }
    let own = Structure::of(scope, &lowered.stmts);
    let grouped = group(scope, lowered.stmts, &modules.through)?;
    let is_port = |s: &SignalId| matches!(scope.signals[*s].role, Role::In | Role::Out);
    let fields: Vec<SignalId> = (0..scope.signals.len()).filter(is_port).collect();
    let through = fields.iter().map(|&s| grouped.reached[s]).collect();
    let mut plan = Plan {
        scope,
        modules: &modules.ports,
        own: vec![],
        fields,
        groups: vec![],
        drivers: vec![Driver::Outside; scope.signals.len()],
        reads: grouped.reads,
        clocks: lowered.clocks.into_iter().collect(),
        resets: HashMap::new(),
        connected: HashMap::new(),
        aliases: HashMap::new(),
        apart: HashSet::new(),
        vectors: vec![],
        children: vec![],
    };
    plan.clocks.values().filter_map(|source| source.reset.bit()).for_each(|bit| plan.reads[bit] += 1);
    plan.decide(grouped.groups);
    plan.find_aliases();
    plan.check_driven()?;
    // A vector is a `wire`, and what an `always` block assigns is none.
    let wired = |f: usize| !is_top && !matches!(plan.drivers[plan.fields[f]], Driver::Block);
    plan.own = ports(visible, &mut namer, wired);
    let mut printer = Printer::new(namer, scope.signals.iter().map(|s| s.bits).collect());
    plan.name_signals(&mut printer);
    let body = Writer::new(&plan, printer).module();
    Ok(Printed { body, ports: plan.own, through, own })
}

impl Plan<'_> {
    pub(super) fn kind(&self, child: usize) -> Kind {
        self.scope.children[child].kind
    }

    /// The clock that drives block `child`.
    pub fn clock_of(&self, child: usize) -> Option<ClockSource> {
        let clock = self.scope.children[child].signals.first()?;
        self.clocks.get(clock).copied()
    }

    /// Decides how each group is printed and so what drives each signal.
    fn decide(&mut self, groups: Vec<Vec<Stmt>>) {
        for stmts in groups {
            let mut written = vec![];
            stmts.iter().for_each(|stmt| stmt.writes(&mut |s| written.push(s)));
            if let [Stmt::Assign(target, value)] = stmts.as_slice() {
                if let Some(source) = self.output_of_child(*target, value) {
                    self.connected.insert(source, *target);
                    self.drivers[*target] = Driver::Instance;
                    continue;
                }
                let clocked = self.scope.is_next_value(*target) && self.reads[*target] == 0;
                self.drivers[*target] = if clocked { Driver::Clocked } else { Driver::Always(value.clone()) };
                self.groups.push((Form::Single, stmts));
                continue;
            }
            let clock = |s: SignalId| match self.scope.signals[s].role {
                Role::ChildIn(child) => self.clock_of(child),
                _ => None,
            };
            let unread = written.iter().all(|&s| self.scope.is_next_value(s) && self.reads[s] == 0);
            let clocked = unread && written.windows(2).all(|pair| clock(pair[0]) == clock(pair[1]));
            let (form, driver) = if clocked { (Form::Clocked, Driver::Clocked) } else { (Form::Block, Driver::Block) };
            written.iter().for_each(|&s| self.drivers[s] = driver.clone());
            self.groups.push((form, stmts));
        }
    }

    /// The output of a block inside that `target = value` only leads to a port.
    fn output_of_child(&self, target: SignalId, value: &Expr) -> Option<SignalId> {
        let source = plain_read(value)?;
        let Role::ChildOut(child) = self.scope.signals[source].role else { return None };
        let leads = self.scope.signals[target].role == Role::Out
            && !self.connected.contains_key(&source)
            && self.scope.signals[source].bits == self.scope.signals[target].bits
            && matches!(self.kind(child), Kind::Module(_) | Kind::Fifo { .. } | Kind::RegFile { .. });
        leads.then_some(source)
    }

    /// Wires that only hand on a signal of their width, and pins of blocks inside with the value of one before.
    fn find_aliases(&mut self) {
        let signals = &self.scope.signals;
        let mut pins: HashMap<(&Expr, usize), SignalId> = HashMap::new();
        for (s, signal) in signals.iter().enumerate() {
            let wire = match signal.role {
                Role::Local => true,
                Role::ChildIn(child) | Role::ChildOut(child) => matches!(self.kind(child), Kind::Wiring(_)),
                Role::In | Role::Out => false,
            };
            if let (true, Driver::Always(value)) = (wire, &self.drivers[s]) {
                let source = plain_read(value).filter(|&source| signals[source].bits == signal.bits);
                self.aliases.extend(source.map(|source| (s, source)));
                continue;
            }
            if let (Role::ChildIn(child), Driver::Always(value)) = (signal.role, &self.drivers[s]) {
                let module = matches!(self.kind(child), Kind::Module(_) | Kind::Fifo { .. });
                if module && self.reads[s] == 0 && !is_plain(value, signal.bits) {
                    let first = *pins.entry((value, signal.bits)).or_insert(s);
                    if first != s {
                        self.aliases.insert(s, first);
                    }
                }
            }
        }
    }

    /// The signal whose name `s` has.
    pub(super) fn origin(&self, s: SignalId) -> SignalId {
        let mut origin = s;
        for _ in 0..self.aliases.len() {
            match self.aliases.get(&origin) {
                Some(&source) => origin = source,
                None => break,
            }
        }
        origin
    }

    fn check_driven(&self) -> Result<(), Fault> {
        let raising: HashSet<SignalId> = self.clocks.values().filter_map(|source| source.reset.bit()).collect();
        for (s, signal) in self.scope.signals.iter().enumerate() {
            let needed = match signal.role {
                Role::Out | Role::ChildIn(_) => true,
                Role::Local => raising.contains(&s),
                Role::In | Role::ChildOut(_) => false,
            };
            let driven = match signal.carries {
                Carries::Clock => self.clocks.contains_key(&s),
                _ => !matches!(self.drivers[s], Driver::Outside),
            };
            if needed && !driven {
                return Err(Fault::Undriven(readable(&signal.path)));
            }
        }
        Ok(())
    }
}

/// Whether `e` prints at `w` bits as a name, a part of one or a literal.
pub(super) fn is_plain(e: &Expr, w: usize) -> bool {
    match &e.op {
        Op::Const(_) => true,
        Op::Label(..) | Op::Signal(_) => w <= e.bits,
        Op::Cast(a) | Op::Reinterpret(a) => w <= e.bits && is_plain(a, w),
        Op::ShrBy(a, k) => matches!(a.op, Op::Signal(_)) && k + w <= a.bits,
        Op::Bit(a, i) => w == 1 && matches!(a.op, Op::Signal(_)) && i.value().is_some(),
        _ => false,
    }
}
