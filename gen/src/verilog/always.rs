//! The `always` blocks of a module: combinational ones, registers and memories.

use super::group::plain_read;
use super::lower::{ClockSource, Stmt};
use super::module::Driver;
use super::scope::{Carries, Child, Kind, Role};
use super::stmt::{Block, Style};
use super::text::{any_literal, Level, Text};
use super::types::{Expr, SignalId};
use super::write::{declared, Writer};
use std::collections::{BTreeMap, HashSet};

impl Writer<'_> {
    pub(super) fn combinational(&mut self, stmts: &[Stmt]) {
        let changing = &mut self.printer.changing;
        stmts.iter().for_each(|stmt| {
            stmt.writes(&mut |s| {
                changing.insert(s);
            })
        });
        let mut block = Block::new(&mut self.printer, self.plan.scope, Style::Blocking);
        block.printer.read = false;
        let lines = block.statements(stmts);
        let (inside, assigned) = (block.inside, block.assigned);
        self.printer.changing.clear();
        self.wires();
        if !self.printer.read {
            for (s, value) in assigned {
                self.constant.insert(s);
                self.body.push(vec![format!("assign {} = {value};", self.printer.names[s])]);
            }
            return;
        }
        let mut own: HashSet<&str> = inside.iter().map(|temp| temp.name.as_str()).collect();
        stmts.iter().for_each(|stmt| {
            stmt.writes(&mut |s| {
                own.insert(self.printer.names[s].as_str());
            })
        });
        let mut text = vec![format!("always @{} begin", self.sensitivity(&lines, &own))];
        for temp in &inside {
            self.declared.push(declared("", "reg", temp.bits, temp.name.clone()));
            text.push(format!("  {} = {};", temp.name, any_literal(0, temp.bits)));
        }
        text.extend(lines.into_iter().map(|line| format!("  {line}")));
        text.push("end".into());
        self.body.push(text);
    }

    /// What starts a combinational block of `lines` again, which assigns the signals `own`: `*`, or a list of what it reads.
    ///
    /// Icarus sees a block that reads some bits of a signal of its own, `x = a; x = x[3:0];`, as started by itself: for ever.
    fn sensitivity(&self, lines: &[String], own: &HashSet<&str>) -> String {
        let parts = |line: &str| words(line).skip(1).any(|(name, rest)| own.contains(name) && rest.starts_with('['));
        if !lines.iter().flat_map(|line| line.lines()).any(parts) {
            return "*".into();
        }
        let signals = self.printer.names.iter().map(|name| name.split('[').next().unwrap_or(name));
        let signals: HashSet<&str> = signals.chain(self.printer.known.values().map(String::as_str)).collect();
        let mut read = vec![];
        for (name, _) in lines.iter().flat_map(|line| words(line)) {
            if signals.contains(name) && !own.contains(name) && !read.contains(&name) {
                read.push(name);
            }
        }
        format!("({})", read.join(", "))
    }

    /// A group that only assigns registers: its statements stand in the clocked block.
    pub(super) fn clocked(&mut self, stmts: &[Stmt]) {
        let scope = self.plan.scope;
        let mut written = vec![];
        stmts.iter().for_each(|stmt| stmt.writes(&mut |s| written.push(s)));
        let Some(Role::ChildIn(register)) = written.first().map(|&s| scope.signals[s].role) else { return };
        let Some(clock) = self.plan.clock_of(register) else { return };
        let mut block = Block::new(&mut self.printer, scope, Style::Clocked);
        let mut lines = vec![];
        let mut seen = HashSet::new();
        for stmt in stmts {
            // A register that keeps its value needs no statement, unless one before has said otherwise.
            let holds = matches!(stmt, Stmt::Assign(s, value)
                if plain_read(value) == Some(scope.output_of(*s)) && !seen.contains(s));
            stmt.writes(&mut |s| {
                seen.insert(s);
            });
            if !holds {
                lines.extend(block.statements(std::slice::from_ref(stmt)));
            }
        }
        self.wires();
        let unreset = matches!(scope.children[register].kind, Kind::Reg { reset: None, .. });
        self.clocked.entry((clock, unreset)).or_default().1.extend(lines);
    }

    /// Registers' resets, and memories.
    pub(super) fn primitives(&mut self) {
        let mut srams = BTreeMap::new();
        for (number, child) in self.plan.scope.children.iter().enumerate() {
            let Some(clock) = self.plan.clock_of(number) else { continue };
            match child.kind {
                Kind::Module(_) | Kind::Wiring(_) | Kind::Fifo { .. } => {}
                Kind::Reg { reset, .. } => self.register(child, clock, reset),
                Kind::RegFile { depth } => self.register_file(number, child, clock.clock, depth),
                Kind::Sram { depth } => {
                    let lines: &mut Vec<String> = srams.entry(clock.clock).or_default();
                    lines.extend(self.sram(number, child, depth));
                }
            }
        }
        for (clock, lines) in srams {
            let mut block = vec![format!("always @(posedge {}) begin", self.printer.names[clock])];
            block.extend(lines.into_iter().map(|line| format!("  {line}")));
            block.push("end".into());
            self.body.push(block);
        }
    }

    fn register(&mut self, child: &Child, clock: ClockSource, reset: Option<i128>) {
        let (d, q) = (child.signals[1], child.signals[2]);
        let signal = &self.plan.scope.signals[q];
        let name = self.printer.names[q].clone();
        let value = reset.map(|reset| match &signal.carries {
            Carries::Enum(labels) => {
                let label = Expr::label(reset as usize, labels[reset as usize].clone(), signal.bits);
                self.printer.emit(&label, signal.bits).to_string()
            }
            _ => any_literal(reset, signal.bits),
        });
        let next = self.printer.names[d].clone();
        let (resets, updates) = self.clocked.entry((clock, reset.is_none())).or_default();
        resets.extend(value.map(|value| format!("{name} <= {value};")));
        if !next.is_empty() {
            updates.push(format!("{name} <= {next};"));
        }
    }

    /// What an input of a memory is connected to.
    fn memory_port(&mut self, s: SignalId, is_address: bool) -> Text {
        let signal = &self.plan.scope.signals[s];
        match &self.plan.drivers[s] {
            Driver::Always(value) if self.printer.names[s].is_empty() => {
                self.printer.hint = signal.path.clone();
                let text = match is_address {
                    true => self.printer.index(value, signal.bits),
                    false => self.printer.emit(value, signal.bits).into_unsigned(),
                };
                self.wires();
                text
            }
            _ => Text::primary(self.printer.names[s].clone()),
        }
    }

    /// A word of a memory. A memory of one word is a register, which has no address; another address is past its end.
    fn cell(&self, number: usize, address: &Text, depth: usize) -> String {
        let name = &self.plan.children[number];
        if depth == 1 {
            name.clone()
        } else {
            format!("{name}[{address}]")
        }
    }

    /// The statement that writes a memory.
    fn memory_write(&mut self, number: usize, child: &Child, depth: usize) -> String {
        let mut write = self.memory_port(child.signals[1], false);
        let to = self.memory_port(child.signals[2], true);
        let data = self.memory_port(child.signals[3], false);
        if depth == 1 {
            write = Text::binary(write, "&&", Level::Both, to.clone().unary("!"));
        }
        format!("if ({write}) {} <= {data};", self.cell(number, &to, depth))
    }

    fn sram(&mut self, number: usize, child: &Child, depth: usize) -> [String; 2] {
        let write = self.memory_write(number, child, depth);
        let (read, from) = (self.memory_port(child.signals[4], false), self.memory_port(child.signals[5], true));
        let word = self.cell(number, &from, depth);
        [write, format!("if ({read}) {} <= {word};", self.printer.names[child.signals[6]])]
    }

    fn register_file(&mut self, number: usize, child: &Child, clock: SignalId, depth: usize) {
        let write = self.memory_write(number, child, depth);
        self.body.push(vec![format!("always @(posedge {}) {write}", self.printer.names[clock])]);
        let out = self.printer.names[child.signals[5]].clone();
        if !out.is_empty() {
            let from = self.memory_port(child.signals[4], true);
            self.body.push(vec![format!("assign {out} = {};", self.cell(number, &from, depth))]);
        }
    }
}

/// The words of a piece of Verilog, names among them, each with what follows it.
pub(super) fn words(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let in_word = |c: char| c == '_' || c == '\'' || c.is_ascii_alphanumeric();
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c| !in_word(c));
        let (word, after) = rest.split_at(rest.find(|c| !in_word(c)).unwrap_or(rest.len()));
        rest = after;
        (!word.is_empty()).then_some((word, after))
    })
}
