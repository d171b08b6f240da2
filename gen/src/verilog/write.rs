//! The text of a planned module.

use super::expr::Printer;
use super::layout::{self, group_of, Declared};
use super::lower::{ClockSource, ResetSource, Stmt};
use super::module::{Driver, Form, Plan};
use super::nets::{self, Net};
use super::port::Holds;
use super::scope::{Direction, Kind, Role};
use super::stmt::indent;
use super::text::{any_literal, Text};
use super::types::SignalId;
use super::unused::{unread, Open};
use std::collections::{BTreeMap, HashSet};

/// A register of a synchroniser, as Vivado and others want to be told: next to its neighbour, and not optimised.
const SYNCHRONIZER_REG: &str = "(* ASYNC_REG = \"TRUE\" *) reg";

pub(super) struct Writer<'a> {
    pub plan: &'a Plan<'a>,
    pub printer: Printer,
    /// Values that have a name.
    pub declared: Vec<Declared>,
    /// Wires with their values, and the signals among them.
    pub nets: Vec<Net>,
    pub valued: HashSet<SignalId>,
    /// Signals of an `always @*` block that turned out to read nothing.
    pub constant: HashSet<SignalId>,
    pub body: Vec<Vec<String>>,
    pub instances: Vec<Vec<String>>,
    /// What the inputs of instances read, and their outputs that lead nowhere.
    pub pins_read: Vec<String>,
    pub open: Open,
    /// Resets and updates of the registers of each clock, apart (`true`) those that are not reset.
    pub clocked: BTreeMap<(ClockSource, bool), (Vec<String>, Vec<String>)>,
}

/// `[7:0] `, or nothing for one bit.
pub(super) fn range(bits: usize) -> String {
    if bits == 1 {
        String::new()
    } else {
        format!("[{}:0] ", bits - 1)
    }
}

/// Bits of a memory that becomes block RAM, of which Yosys is told that a read and a write of a word do not meet. For a smaller one, of LUTs, it would put
/// the register of a read before the memory instead of behind it, where a PE's multiplier wants it.
const BLOCK_RAM_BITS: usize = 4096;

/// `kind [bits-1:0] name`, of a group.
pub(super) fn declared(group: &str, kind: &str, bits: usize, name: String) -> Declared {
    Declared { group: group.into(), kind: format!("{kind} {}", range(bits)).trim_end().into(), bits, name }
}

/// The group of a clock's ports: a block's only clock stands with the ports that belong to nothing.
pub(super) fn clock_group(path: &str) -> &str {
    if path == "clock" {
        ""
    } else {
        path
    }
}

impl<'a> Writer<'a> {
    pub fn new(plan: &'a Plan<'a>, printer: Printer) -> Self {
        Writer {
            plan,
            printer,
            declared: vec![],
            nets: vec![],
            valued: HashSet::new(),
            constant: HashSet::new(),
            body: vec![],
            instances: vec![],
            pins_read: vec![],
            open: Open::default(),
            clocked: BTreeMap::new(),
        }
    }

    /// The module from its port list on.
    pub fn module(mut self) -> String {
        self.clock_nets();
        for (number, child) in self.plan.scope.children.iter().enumerate() {
            let instance = match child.kind {
                Kind::Module(module) => self.instance(number, child, module),
                Kind::Fifo { module, depth } => self.queue(number, child, module, depth),
                _ => continue,
            };
            self.instances.push(instance);
        }
        for (form, stmts) in &self.plan.groups {
            match form {
                Form::Single => stmts.iter().for_each(|stmt| self.single(stmt)),
                Form::Block => self.combinational(stmts),
                Form::Clocked => self.clocked(stmts),
            }
        }
        self.primitives();
        for ((clock, _), (resets, updates)) in std::mem::take(&mut self.clocked) {
            self.clocked_block(clock, resets, updates);
        }
        self.assemble()
    }

    /// Gives names to what is left over: a vector for outputs that lead nowhere, a wire for bits that nothing reads.
    fn say_unused(&mut self) {
        let inputs = self.plan.own.iter().filter(|port| port.direction == Direction::In);
        let inputs = inputs.map(|port| (port.name.as_str(), port.bits));
        let signals = inputs.chain(self.declared.iter().map(|item| (item.name.as_str(), item.bits)));
        let signals = signals.chain(self.nets.iter().map(|net| (net.name.as_str(), net.bits)));
        let reads = self.pins_read.iter().chain(self.nets.iter().map(|net| &net.value)).map(String::as_str);
        let statements = self.body.iter().flatten().map(String::as_str);
        let namer = &mut self.printer.namer;
        let net = unread(signals, reads, statements, || namer.name("unused_bits"));
        self.nets.extend(net);
        if self.open.bits() > 0 {
            let name = self.printer.namer.name("unused");
            let named = |line: &String| self.open.named(line, &name);
            self.instances.iter_mut().flatten().for_each(|line| *line = named(line));
            self.declared.push(declared("unused", "wire", self.open.bits(), name));
        }
    }

    fn assemble(mut self) -> String {
        let temporary = std::mem::take(&mut self.declared);
        self.declared = self.declarations().into_iter().chain(temporary).collect();
        self.say_unused();
        let mut text = format!(" (\n{}\n);\n", layout::ports(&self.port_list()).join("\n"));
        let labels: Vec<String> = self
            .printer
            .labels
            .iter()
            .map(|(name, &(bits, number))| {
                format!("localparam {}{name} = {};", range(bits), any_literal(number as i128, bits))
            })
            .collect();
        let declarations = [layout::declarations(&self.declared), nets::declarations(&self.nets)].concat();
        let body = layout::assigns(self.body);
        let sections =
            [labels, declarations].into_iter().chain(self.instances).chain(body).filter(|section| !section.is_empty());
        let mut first = true;
        let mut after_assign = false;
        for section in sections {
            // Assignments stand together; everything else has an empty line before it.
            let is_assign = section[0].starts_with("assign");
            if !first && !(after_assign && is_assign) {
                text.push('\n');
            }
            (first, after_assign) = (false, is_assign);
            let lines: Vec<String> = section.iter().flat_map(|line| layout::wrapped(line)).collect();
            text.push_str(&indent(&lines, 1));
        }
        text.push_str("endmodule\n");
        text
    }

    fn port_list(&self) -> Vec<Declared> {
        let list = self.plan.own.iter().map(|port| {
            let by_block = |f: &usize| self.is_block_driven(self.plan.fields[*f]);
            let (group, kind) = match (&port.holds, port.direction) {
                (Holds::Clock(_) | Holds::Reset(_), Direction::Out) => (clock_group(&port.path), "output wire"),
                (Holds::Clock(_) | Holds::Reset(_), _) => (clock_group(&port.path), "input wire"),
                (_, Direction::In) => (group_of(&port.path), "input wire"),
                (Holds::Signals(list), _) if list.iter().any(by_block) => (group_of(&port.path), "output reg"),
                _ => (group_of(&port.path), "output wire"),
            };
            declared(group, kind, port.bits, port.name.clone())
        });
        list.collect()
    }

    fn is_block_driven(&self, s: SignalId) -> bool {
        matches!(self.plan.drivers[s], Driver::Block) && !self.constant.contains(&s)
    }

    /// Declarations of what has a name and is no port.
    fn declarations(&self) -> Vec<Declared> {
        let plan = self.plan;
        let mut list = vec![];
        for (s, signal) in plan.scope.signals.iter().enumerate() {
            let name = &self.printer.names[s];
            let driver = &plan.drivers[s];
            let is_port = matches!(signal.role, Role::In | Role::Out) || plan.connected.contains_key(&s);
            // An internal signal that nothing assigns is not read either.
            let idle = signal.role == Role::Local && matches!(driver, Driver::Outside) && !plan.clocks.contains_key(&s);
            let alias = plan.aliases.contains_key(&s);
            if name.is_empty()
                || self.printer.elements[s].is_some()
                || is_port
                || idle
                || alias
                || self.valued.contains(&s)
            {
                continue;
            }
            let child_kind = match signal.role {
                Role::ChildOut(child) => Some(plan.scope.children[child].kind),
                _ => None,
            };
            let is_reg = self.is_block_driven(s) || matches!(child_kind, Some(Kind::Reg { .. } | Kind::Sram { .. }));
            let kind = match child_kind {
                Some(Kind::Reg { synchronizer: true, .. }) => SYNCHRONIZER_REG,
                _ if is_reg => "reg",
                _ => "wire",
            };
            let group = match child_kind {
                Some(Kind::Reg { .. } | Kind::Sram { .. }) => "1",
                _ if signal.role == Role::Local => "",
                _ => signal.path.split('$').next().unwrap_or_default(),
            };
            list.push(declared(group, kind, signal.bits, name.clone()));
            if let Some(reset) = plan.resets.get(&s) {
                list.push(declared(group, "wire", 1, reset.clone()));
            }
        }
        for vector in &plan.vectors {
            let group = plan.scope.children[vector.child].path.split('$').next().unwrap_or_default();
            list.push(declared(group, "wire", vector.bits, vector.name.clone()));
        }
        for (child, name) in plan.scope.children.iter().zip(&plan.children) {
            if let Kind::RegFile { depth } | Kind::Sram { depth } = child.kind {
                let bits = plan.scope.signals[child.signals[3]].bits;
                let size = if depth == 1 { String::new() } else { format!(" [0:{}]", depth - 1) };
                let (group, kind) = match child.kind {
                    Kind::Sram { depth } if depth * bits >= BLOCK_RAM_BITS => ("3", "(* no_rw_check *) reg"),
                    _ => ("2", "reg"),
                };
                list.push(declared(group, kind, bits, format!("{name}{size}")));
            }
        }
        list
    }

    /// Clocks that are led on under another name.
    fn clock_nets(&mut self) {
        let signals = &self.plan.scope.signals;
        for s in 0..signals.len() {
            let passes_on = matches!(signals[s].role, Role::Out | Role::Local);
            if let (true, Some(source)) = (passes_on, self.plan.clocks.get(&s)) {
                let (names, resets) = (&self.printer.names, &self.plan.resets);
                self.body.push(vec![format!("assign {} = {};", names[s], names[source.clock])]);
                self.body.push(vec![format!("assign {} = {};", resets[&s], self.reset(*source))]);
            }
        }
    }

    /// The reset that goes with a clock.
    pub(super) fn reset(&self, source: ClockSource) -> String {
        let reset = self.plan.resets.get(&source.clock).cloned().unwrap_or_default();
        match source.reset {
            ResetSource::Own => reset,
            ResetSource::OwnOr(bit) => format!("{reset} | {}", self.printer.names[bit]),
            ResetSource::Bit(bit) => self.printer.names[bit].clone(),
        }
    }

    /// A group of one assignment.
    fn single(&mut self, stmt: &Stmt) {
        let Stmt::Assign(target, value) = stmt else { return };
        if matches!(self.plan.drivers[*target], Driver::Clocked) {
            return self.clocked(std::slice::from_ref(stmt));
        }
        let name = self.printer.names[*target].clone();
        if name.is_empty() || self.plan.aliases.contains_key(target) {
            return; // It stands in a port list or with its memory, or has another's name.
        }
        let signal = &self.plan.scope.signals[*target];
        let text = self.outside(value, signal.bits, &name);
        if signal.role == Role::Out {
            self.body.push(vec![format!("assign {name} = {text};")]);
        } else {
            self.valued.insert(*target);
            self.nets.push(Net { name, bits: signal.bits, value: text.to_string() });
        }
    }

    /// The text of `value`, after the values that it needs named.
    pub fn outside(&mut self, value: &super::types::Expr, bits: usize, hint: &str) -> Text {
        self.printer.hint = hint.to_string();
        let text = self.printer.emit(value, bits);
        self.wires();
        text
    }

    /// Takes over the values outside that printing has come upon.
    pub fn wires(&mut self) {
        self.nets.append(&mut self.printer.outside);
    }

    fn clocked_block(&mut self, clock: ClockSource, resets: Vec<String>, updates: Vec<String>) {
        let mut lines = vec![format!("always @(posedge {}) begin", self.printer.names[clock.clock])];
        if resets.is_empty() {
            let updates: Vec<String> = updates.into_iter().map(|line| format!("  {line}")).collect();
            lines.extend(layout::moves(&updates));
            lines.push("end".into());
            return self.body.push(lines);
        }
        lines.push(format!("  if ({}) begin", self.reset(clock)));
        lines.extend(layout::filled(&resets).into_iter().map(|line| format!("    {line}")));
        if !updates.is_empty() {
            lines.push("  end else begin".into());
            let updates: Vec<String> = updates.into_iter().map(|line| format!("    {line}")).collect();
            lines.extend(layout::moves(&updates));
        }
        lines.push("  end".into());
        lines.push("end".into());
        self.body.push(lines);
    }
}
