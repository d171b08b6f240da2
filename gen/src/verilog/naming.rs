//! Names what needs a name in a planned module.

use super::expr::Printer;
use super::module::{is_plain, Driver, Plan, Vector};
use super::names::clock_names;
use super::port::Holds;
use super::scope::{Carries, Direction, Kind, Role};
use super::types::{Op, SignalId};
use std::collections::HashSet;

impl Plan<'_> {
    pub(super) fn name_signals(&mut self, printer: &mut Printer) {
        for port in &self.own {
            match &port.holds {
                Holds::Clock(f) => printer.names[self.fields[*f]] = port.name.clone(),
                Holds::Reset(f) => {
                    self.resets.insert(self.fields[*f], port.name.clone());
                }
                Holds::Signals(list) => {
                    let signals: Vec<SignalId> = list.iter().map(|&f| self.fields[f]).collect();
                    printer.name_elements(&port.name, &signals);
                }
            }
        }
        for (s, signal) in self.scope.signals.iter().enumerate() {
            match (signal.role, &signal.carries) {
                (Role::Local, Carries::Clock) => {
                    let (clk, rst) = clock_names(&signal.path);
                    printer.names[s] = printer.namer.name(&clk);
                    self.resets.insert(s, printer.namer.name(&rst));
                }
                (Role::Local, _) if self.aliases.contains_key(&s) => {}
                (Role::Local, _) => printer.names[s] = printer.namer.name(&signal.path),
                _ => {}
            }
        }
        let clocks: HashSet<SignalId> = self.clocks.values().map(|source| source.clock).collect();
        for (number, child) in self.scope.children.iter().enumerate() {
            let name = printer.namer.name(&child.path);
            if let Kind::Module(module) = child.kind {
                self.name_vectors(number, module, printer);
            }
            for &s in &child.signals {
                if let Some(&port) = self.connected.get(&s) {
                    printer.share_name(s, port);
                    continue;
                }
                if printer.elements[s].is_some() || self.aliases.contains_key(&s) || !self.needs_net(s, &clocks) {
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
            printer.share_name(s, self.origin(s));
        }
    }

    /// Names the vectors among the outputs of a block inside. Where elements lead to ports, each is by itself.
    fn name_vectors(&mut self, number: usize, module: usize, printer: &mut Printer) {
        let child = &self.scope.children[number];
        for port in &self.modules[module] {
            let Holds::Signals(list) = &port.holds else { continue };
            let signals: Vec<SignalId> = list.iter().map(|&f| child.signals[f]).collect();
            if signals.len() == 1 || port.direction != Direction::Out {
                continue;
            }
            if signals.iter().any(|s| self.connected.contains_key(s)) {
                self.apart.extend(signals);
            } else if signals.iter().any(|&s| self.reads[s] > 0) {
                let name = printer.namer.name(&format!("{}${}", child.path, port.path));
                printer.name_elements(&name, &signals);
                self.vectors.push(Vector { name, child: number, bits: port.bits });
            }
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
                self.reads[s] > 0
                    || part
                    || self.apart.contains(&s)
                    || matches!(self.kind(child), Kind::Reg { .. } | Kind::Sram { .. })
            }
            (_, Driver::Block) => true,
            (Role::ChildIn(child), Driver::Always(value)) => {
                let named = match self.kind(child) {
                    Kind::Module(_) | Kind::Fifo { .. } => !is_plain(value, signal.bits),
                    // What a memory is written with stands in its statement.
                    Kind::RegFile { .. } | Kind::Sram { .. } if s == self.scope.children[child].signals[3] => false,
                    _ => matches!(value.op, Op::Choice(..)) && !self.scope.is_next_value(s),
                };
                self.reads[s] > 0 || named
            }
            _ => false,
        }
    }
}
