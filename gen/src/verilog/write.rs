//! The text of a planned module.

use super::expr::Printer;
use super::lower::Stmt;
use super::module::{placeholder, Driver, Form, Plan};
use super::scope::{Carries, Child, Direction, Kind, Role};
use super::stmt::{indent, Block, Style};
use super::text::{any_literal, Level, Text};
use super::group::plain_read;
use super::types::SignalId;
use std::collections::{BTreeMap, HashSet};

pub(super) struct Writer<'a> {
    plan: &'a Plan<'a>,
    printer: Printer,
    /// Declarations of values that have a name.
    declared: Vec<String>,
    /// Signals of an `always @*` block that turned out to read nothing.
    constant: HashSet<SignalId>,
    body: Vec<Vec<String>>,
    /// Resets and updates of the registers of each clock.
    clocked: BTreeMap<SignalId, (Vec<String>, Vec<String>)>,
}

/// `[7:0] `, or nothing for one bit.
pub(super) fn range(bits: usize) -> String {
    if bits == 1 {
        String::new()
    } else {
        format!("[{}:0] ", bits - 1)
    }
}

impl<'a> Writer<'a> {
    pub fn new(plan: &'a Plan<'a>, printer: Printer) -> Self {
        Writer { plan, printer, declared: vec![], constant: HashSet::new(), body: vec![], clocked: BTreeMap::new() }
    }

    /// The module from its port list on.
    pub fn module(mut self) -> String {
        self.clock_nets();
        for (number, child) in self.plan.scope.children.iter().enumerate() {
            if let Kind::Module(module) = child.kind {
                let instance = self.instance(number, child, module);
                self.body.push(instance);
            }
        }
        for (form, stmts) in &self.plan.groups {
            match form {
                Form::Single => stmts.iter().for_each(|stmt| self.single(stmt)),
                Form::Block => self.combinational(stmts),
                Form::Clocked => self.clocked(stmts),
            }
        }
        self.primitives();
        for (clock, (resets, updates)) in std::mem::take(&mut self.clocked) {
            self.clocked_block(clock, resets, updates);
        }
        self.assemble()
    }

    fn assemble(self) -> String {
        let mut text = format!(" (\n{}\n);\n", self.port_list().join(",\n"));
        let labels: Vec<String> = self
            .printer
            .labels
            .iter()
            .map(|(name, &(bits, number))| {
                format!("localparam {}{name} = {};", range(bits), any_literal(number as i128, bits))
            })
            .collect();
        let mut declared = self.declarations();
        declared.extend(self.declared);
        let sections = [labels, declared].into_iter().chain(self.body).filter(|section| !section.is_empty());
        let mut first = true;
        let mut after_assign = false;
        for section in sections {
            // Assignments stand together; everything else has an empty line before it.
            let is_assign = section.len() == 1 && section[0].starts_with("assign");
            if !first && !(after_assign && is_assign) {
                text.push('\n');
            }
            (first, after_assign) = (false, is_assign);
            text.push_str(&indent(&section, 1));
        }
        text.push_str("endmodule\n");
        text
    }

    fn port_list(&self) -> Vec<String> {
        let signals = &self.plan.scope.signals;
        let own = (0..signals.len()).filter(|&s| matches!(signals[s].role, Role::In | Role::Out));
        own.zip(self.plan.own)
            .flat_map(|(s, ports)| {
                ports.iter().map(move |port| {
                    let kind = match port.direction {
                        Direction::In => "input wire",
                        _ if self.is_block_driven(s) => "output reg",
                        _ => "output wire",
                    };
                    format!("  {kind} {}{}", range(port.bits), port.name)
                })
            })
            .collect()
    }

    fn is_block_driven(&self, s: SignalId) -> bool {
        matches!(self.plan.drivers[s], Driver::Block) && !self.constant.contains(&s)
    }

    /// Declarations of what has a name and is no port.
    fn declarations(&self) -> Vec<String> {
        let plan = self.plan;
        let mut declared = vec![];
        for (s, signal) in plan.scope.signals.iter().enumerate() {
            let name = &self.printer.names[s];
            let driver = &plan.drivers[s];
            let is_port = matches!(signal.role, Role::In | Role::Out) || plan.connected.contains_key(&s);
            // An internal signal that nothing assigns is not read either.
            let idle = signal.role == Role::Local && matches!(driver, Driver::Outside) && !plan.clocks.contains_key(&s);
            if name.is_empty() || is_port || idle {
                continue;
            }
            let child_kind = match signal.role {
                Role::ChildOut(child) => Some(plan.scope.children[child].kind),
                _ => None,
            };
            let is_reg = self.is_block_driven(s)
                || matches!(child_kind, Some(Kind::Reg { .. } | Kind::Sram { .. }));
            let kind = if is_reg { "reg" } else { "wire" };
            declared.push(format!("{kind} {}{name};", range(signal.bits)));
            if let Some(reset) = plan.resets.get(&s) {
                declared.push(format!("wire {reset};"));
            }
        }
        for (child, name) in plan.scope.children.iter().zip(&plan.children) {
            if let Kind::RegFile { depth } | Kind::Sram { depth } = child.kind {
                let bits = plan.scope.signals[child.signals[3]].bits;
                let size = if depth == 1 { String::new() } else { format!(" [0:{}]", depth - 1) };
                declared.push(format!("reg {}{name}{size};", range(bits)));
            }
        }
        declared
    }

    /// Clocks that are led on under another name.
    fn clock_nets(&mut self) {
        let signals = &self.plan.scope.signals;
        for s in 0..signals.len() {
            let passes_on = matches!(signals[s].role, Role::Out | Role::Local);
            if let (true, Some(source)) = (passes_on, self.plan.clocks.get(&s)) {
                let (names, resets) = (&self.printer.names, &self.plan.resets);
                self.body.push(vec![format!("assign {} = {};", names[s], names[*source])]);
                self.body.push(vec![format!("assign {} = {};", resets[&s], resets[source])]);
            }
        }
    }

    fn instance(&mut self, number: usize, child: &Child, module: usize) -> Vec<String> {
        let mut pins = vec![];
        for (&s, ports) in child.signals.iter().zip(&self.plan.modules[module]) {
            let signal = &self.plan.scope.signals[s];
            if signal.carries == Carries::Clock {
                let source = if matches!(signal.role, Role::ChildIn(_)) { self.plan.clocks[&s] } else { s };
                pins.push(format!("  .{}({})", ports[0].name, self.printer.names[source]));
                let mut reset = self.plan.resets.get(&source).cloned().unwrap_or_default();
                if let Some(&bit) = self.plan.raised.get(&s) {
                    reset = format!("{reset} | {}", self.printer.names[bit]);
                }
                pins.push(format!("  .{}({reset})", ports[1].name));
                continue;
            }
            let value = match &self.plan.drivers[s] {
                Driver::Always(value) if self.printer.names[s].is_empty() => {
                    self.printer.emit(value, signal.bits).to_string()
                }
                _ => self.printer.names[s].clone(),
            };
            pins.push(format!("  .{}({value})", ports[0].name));
        }
        let mut lines = vec![format!("{} {} (", placeholder(module), self.plan.children[number])];
        let last = pins.len().saturating_sub(1);
        lines.extend(pins.into_iter().enumerate().map(|(i, pin)| if i < last { pin + "," } else { pin }));
        lines.push(");".into());
        lines
    }

    /// A group of one assignment.
    fn single(&mut self, stmt: &Stmt) {
        let Stmt::Assign(target, value) = stmt else { return };
        if matches!(self.plan.drivers[*target], Driver::Clocked) {
            return self.clocked(std::slice::from_ref(stmt));
        }
        let name = self.printer.names[*target].clone();
        if name.is_empty() {
            return; // It stands in a port list or with its memory.
        }
        let text = self.outside(value, self.plan.scope.signals[*target].bits, &name.clone());
        self.body.push(vec![format!("assign {name} = {text};")]);
    }

    /// The text of `value`, after the values that it needs named.
    pub fn outside(&mut self, value: &super::types::Expr, bits: usize, hint: &str) -> Text {
        self.printer.hint = hint.to_string();
        let text = self.printer.emit(value, bits);
        self.wires();
        text
    }

    /// Declares and assigns the values outside that printing has come upon.
    fn wires(&mut self) {
        for temp in std::mem::take(&mut self.printer.outside) {
            self.declared.push(format!("wire {}{};", range(temp.bits), temp.name));
            self.body.push(vec![format!("assign {} = {};", temp.name, temp.value)]);
        }
    }

    fn combinational(&mut self, stmts: &[Stmt]) {
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
        let mut text = vec!["always @* begin".to_string()];
        for temp in &inside {
            self.declared.push(format!("reg {}{};", range(temp.bits), temp.name));
            text.push(format!("  {} = {};", temp.name, any_literal(0, temp.bits)));
        }
        text.extend(lines.into_iter().map(|line| format!("  {line}")));
        text.push("end".into());
        self.body.push(text);
    }

    /// A group that only assigns registers: its statements stand in the clocked block.
    fn clocked(&mut self, stmts: &[Stmt]) {
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
        self.clocked.entry(clock).or_default().1.extend(lines);
    }

    /// Registers' resets, and memories.
    fn primitives(&mut self) {
        for (number, child) in self.plan.scope.children.iter().enumerate() {
            let Some(clock) = self.plan.clock_of(number) else { continue };
            match child.kind {
                Kind::Module(_) => {}
                Kind::Reg { reset } => self.register(child, clock, reset),
                Kind::RegFile { depth } | Kind::Sram { depth } => self.memory(number, child, clock, depth),
            }
        }
    }

    fn register(&mut self, child: &Child, clock: SignalId, reset: i128) {
        let (d, q) = (child.signals[1], child.signals[2]);
        let signal = &self.plan.scope.signals[q];
        let name = self.printer.names[q].clone();
        let value = match &signal.carries {
            Carries::Enum(labels) => {
                let label = super::types::Expr::label(reset as usize, labels[reset as usize].clone(), signal.bits);
                self.printer.emit(&label, signal.bits).to_string()
            }
            _ => any_literal(reset, signal.bits),
        };
        let next = self.printer.names[d].clone();
        let (resets, updates) = self.clocked.entry(clock).or_default();
        resets.push(format!("{name} <= {value};"));
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
                    false => self.printer.emit(value, signal.bits).as_unsigned(),
                };
                self.wires();
                text
            }
            _ => Text::primary(self.printer.names[s].clone()),
        }
    }

    fn memory(&mut self, number: usize, child: &Child, clock: SignalId, depth: usize) {
        let name = self.plan.children[number].clone();
        // A memory of one word is a register, which has no address; another address is past its end.
        let cell = |address: &Text| if depth == 1 { name.clone() } else { format!("{name}[{address}]") };
        let mut write = self.memory_port(child.signals[1], false);
        let to = self.memory_port(child.signals[2], true);
        let data = self.memory_port(child.signals[3], false);
        if depth == 1 {
            write = Text::binary(write, "&&", Level::Both, to.clone().unary("!"));
        }
        let mut lines = vec![format!("always @(posedge {}) begin", self.printer.names[clock])];
        lines.push(format!("  if ({write}) {} <= {data};", cell(&to)));
        if let Kind::Sram { .. } = child.kind {
            let (read, from) = (self.memory_port(child.signals[4], false), self.memory_port(child.signals[5], true));
            lines.push(format!("  if ({read}) {} <= {};", self.printer.names[child.signals[6]], cell(&from)));
            lines.push("end".into());
            self.body.push(lines);
            return;
        }
        lines.push("end".into());
        self.body.push(lines);
        let out = self.printer.names[child.signals[5]].clone();
        if !out.is_empty() {
            let from = self.memory_port(child.signals[4], true);
            self.body.push(vec![format!("assign {out} = {};", cell(&from))]);
        }
    }

    fn clocked_block(&mut self, clock: SignalId, resets: Vec<String>, updates: Vec<String>) {
        let mut lines = vec![format!("always @(posedge {}) begin", self.printer.names[clock])];
        lines.push(format!("  if ({}) begin", self.plan.resets[&clock]));
        lines.extend(resets.into_iter().map(|line| format!("    {line}")));
        if !updates.is_empty() {
            lines.push("  end else begin".into());
            lines.extend(updates.into_iter().map(|line| format!("    {line}")));
        }
        lines.push("  end".into());
        lines.push("end".into());
        self.body.push(lines);
    }
}
