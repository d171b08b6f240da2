//! Prints one block as a module: decides what drives each signal, names what needs a name, and puts the parts together.

use super::error::Fault;
use super::expr::Printer;
use super::group::{group, plain_read};
use super::index::readable;
use super::lower::{lower, ClockSource, Stmt};
use super::names::{clock_names, Namer};
use super::scope::{Carries, Direction, Field, Kind, Role, Scope};
use super::types::{Expr, Op, SignalId};
use super::wiring::Wiring;
use super::write::Writer;
use rust_hdl::core::ast::VerilogBlock;
use std::collections::{HashMap, HashSet};

/// A port: its name in Verilog and its width.
#[derive(Clone, Debug)]
pub(super) struct Port {
    pub name: String,
    pub bits: usize,
    pub direction: Direction,
}

/// The ports of a module: for each of its fields one or, for a clock, two.
pub(super) fn ports<'a>(fields: impl Iterator<Item = &'a Field>, namer: &mut Namer) -> Vec<Vec<Port>> {
    let port = |name: String, field: &Field| Port { name, bits: field.bits, direction: field.direction };
    fields
        .map(|field| match field.carries {
            Carries::Clock => {
                let (clk, rst) = clock_names(&field.path);
                vec![port(namer.name(&clk), field), port(namer.name(&rst), field)]
            }
            _ => vec![port(namer.name(&field.path), field)],
        })
        .collect()
}

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
    pub modules: &'a [Vec<Vec<Port>>],
    pub own: &'a [Vec<Port>],
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
    /// Names of instances, registers and memories.
    pub children: Vec<String>,
}

/// What is known of the modules that have been printed, by their numbers.
#[derive(Default)]
pub(super) struct Modules {
    /// The fields that are ports.
    pub fields: Vec<Vec<Field>>,
    /// The ports, for each of these fields.
    pub ports: Vec<Vec<Vec<Port>>>,
    /// For each of these fields, whether an input reaches it through wires alone.
    pub through: Vec<Vec<bool>>,
    /// Blocks that are wires alone, by numbers of their own.
    pub wirings: Vec<Wiring>,
}

/// The text of a module from its port list on, and for each port whether an input reaches it through wires alone.
pub(super) fn print(
    scope: &Scope,
    code: &VerilogBlock,
    own: &[Vec<Port>],
    namer: Namer,
    modules: &Modules,
) -> Result<(String, Vec<bool>), Fault> {
    let mut lowered = lower(scope, code)?;
    for child in &scope.children {
        if let Kind::Wiring(number) = child.kind {
            lowered.stmts.extend(modules.wirings[number].stmts(child));
        }
    }
    let grouped = group(scope, lowered.stmts, &modules.through)?;
    let is_port = |s: &SignalId| matches!(scope.signals[*s].role, Role::In | Role::Out);
    let through = (0..scope.signals.len()).filter(is_port).map(|s| grouped.reached[s]).collect();
    let mut plan = Plan {
        scope,
        modules: &modules.ports,
        own,
        groups: vec![],
        drivers: vec![Driver::Outside; scope.signals.len()],
        reads: grouped.reads,
        clocks: lowered.clocks.into_iter().collect(),
        resets: HashMap::new(),
        connected: HashMap::new(),
        aliases: HashMap::new(),
        children: vec![],
    };
    plan.clocks.values().filter_map(|source| source.raised_by).for_each(|bit| plan.reads[bit] += 1);
    plan.decide(grouped.groups);
    plan.find_aliases();
    plan.check_driven()?;
    let mut printer = Printer::new(namer, scope.signals.iter().map(|s| s.bits).collect());
    plan.name_signals(&mut printer);
    Ok((Writer::new(&plan, printer).module(), through))
}

impl Plan<'_> {
    fn kind(&self, child: usize) -> Kind {
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

    /// Wires that only hand on a signal of their width.
    fn find_aliases(&mut self) {
        let signals = &self.scope.signals;
        for (s, signal) in signals.iter().enumerate() {
            let wire = match signal.role {
                Role::Local => true,
                Role::ChildIn(child) | Role::ChildOut(child) => matches!(self.kind(child), Kind::Wiring(_)),
                Role::In | Role::Out => false,
            };
            if let (true, Driver::Always(value)) = (wire, &self.drivers[s]) {
                let source = plain_read(value).filter(|&source| signals[source].bits == signal.bits);
                self.aliases.extend(source.map(|source| (s, source)));
            }
        }
    }

    /// The signal whose name `s` has.
    fn origin(&self, s: SignalId) -> SignalId {
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
        let raising: HashSet<SignalId> = self.clocks.values().filter_map(|source| source.raised_by).collect();
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

    fn name_signals(&mut self, printer: &mut Printer) {
        let mut own = self.own.iter();
        for (s, signal) in self.scope.signals.iter().enumerate() {
            match (signal.role, &signal.carries) {
                (Role::In | Role::Out, carries) => {
                    let Some(ports) = own.next() else { continue };
                    printer.names[s] = ports[0].name.clone();
                    if *carries == Carries::Clock {
                        self.resets.insert(s, ports[1].name.clone());
                    }
                }
                (Role::Local, Carries::Clock) => {
                    let (clk, rst) = clock_names(&signal.path);
                    printer.names[s] = printer.namer.name(&clk);
                    self.resets.insert(s, printer.namer.name(&rst));
                }
                (Role::Local, _) if self.aliases.contains_key(&s) => {}
                (Role::Local, _) => printer.names[s] = printer.namer.name(&signal.path),
                (Role::ChildIn(_) | Role::ChildOut(_), _) => {}
            }
        }
        let clocks: HashSet<SignalId> = self.clocks.values().map(|source| source.clock).collect();
        for child in &self.scope.children {
            let name = printer.namer.name(&child.path);
            for &s in &child.signals {
                if let Some(&port) = self.connected.get(&s) {
                    printer.names[s] = printer.names[port].clone();
                    continue;
                }
                if self.aliases.contains_key(&s) || !self.needs_net(s, &clocks) {
                    continue;
                }
                let signal = &self.scope.signals[s];
                printer.names[s] = match (child.kind, signal.role) {
                    (Kind::Reg { .. }, Role::ChildOut(_)) => name.clone(),
                    (Kind::Reg { .. }, _) => printer.namer.name(&format!("{}_next", child.path)),
                    _ if signal.carries == Carries::Clock => {
                        let (clk, rst) = clock_names(&signal.path);
                        self.resets.insert(s, printer.namer.name(&rst));
                        printer.namer.name(&clk)
                    }
                    _ => printer.namer.name(&signal.path),
                };
            }
            self.children.push(name);
        }
        for &s in self.aliases.keys() {
            printer.names[s] = printer.names[self.origin(s)].clone();
        }
    }

    /// Whether a signal of a block inside needs a name of its own.
    fn needs_net(&self, s: SignalId, clocks: &HashSet<SignalId>) -> bool {
        let signal = &self.scope.signals[s];
        match (signal.role, &self.drivers[s]) {
            (Role::ChildOut(_), _) if signal.carries == Carries::Clock => clocks.contains(&s),
            (Role::ChildOut(child), _) => {
                // What an entry of several parts is taken apart into has a name, read or not.
                let part = matches!(self.kind(child), Kind::Fifo { .. }) && signal.path.ends_with(char::is_numeric);
                self.reads[s] > 0 || part || matches!(self.kind(child), Kind::Reg { .. } | Kind::Sram { .. })
            }
            (_, Driver::Block) => true,
            (Role::ChildIn(child), Driver::Always(value)) => {
                let named = match self.kind(child) {
                    Kind::Module(_) | Kind::Fifo { .. } => !is_plain(value, signal.bits),
                    _ => matches!(value.op, Op::Choice(..)) && !self.scope.is_next_value(s),
                };
                self.reads[s] > 0 || named
            }
            _ => false,
        }
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
