//! Prints instances of modules.

use super::layout::{self, group_of};
use super::library::{Queue, Side};
use super::lower::ClockSource;
use super::module::{placeholder, Driver};
use super::scope::{Carries, Child};
use super::types::SignalId;
use super::write::{clock_group, Writer};

/// A pin and the interface that it belongs to.
type Pin = (String, String);

impl Writer<'_> {
    /// An instance of a module that is a block.
    pub(super) fn instance(&mut self, number: usize, child: &Child, module: usize) -> Vec<String> {
        let mut pins: Vec<Pin> = vec![];
        for (&s, ports) in child.signals.iter().zip(&self.plan.modules[module]) {
            let signal = &self.plan.scope.signals[s];
            let path = signal.path.get(child.path.len() + 1..).unwrap_or_default();
            if signal.carries == Carries::Clock {
                let (clock, reset) = self.clock_pins(s);
                pins.push((clock_group(path).into(), format!(".{}({clock})", ports[0].name)));
                pins.push((clock_group(path).into(), format!(".{}({reset})", ports[1].name)));
                continue;
            }
            let value = self.connection(s);
            pins.push((group_of(path).into(), format!(".{}({value})", ports[0].name)));
        }
        instance_lines(format!("{} {}", placeholder(module), self.plan.children[number]), &pins)
    }

    /// An instance of the library's queue. An entry of several parts has the first of them lowest.
    pub(super) fn queue(&mut self, number: usize, child: &Child, module: usize, depth: usize) -> Vec<String> {
        let queue = Queue::of(self.plan.scope, child);
        let bits: usize = queue.enq.parts.iter().map(|&s| self.plan.scope.signals[s].bits).sum();
        let (clock, reset) = queue.clock.map(|s| self.clock_pins(s)).unwrap_or_default();
        let mut pins = vec![(String::new(), format!(".clk({clock})")), (String::new(), format!(".rst({reset})"))];
        self.queue_side("enq", &queue.enq, &mut pins);
        self.queue_side("deq", &queue.deq, &mut pins);
        let level = queue.level.map(|s| self.connection(s)).unwrap_or_default();
        pins.push((String::new(), format!(".level({level})")));
        let name = &self.plan.children[number];
        instance_lines(format!("{} #(.BITS({bits}), .DEPTH({depth})) {name}", placeholder(module)), &pins)
    }

    fn queue_side(&mut self, name: &str, side: &Side, pins: &mut Vec<Pin>) {
        let parts: Vec<String> = side.parts.iter().rev().map(|&s| self.connection(s)).collect();
        let payload = if parts.len() == 1 { parts[0].clone() } else { format!("{{{}}}", parts.join(", ")) };
        pins.push((name.into(), format!(".{name}_payload({payload})")));
        for (port, signal) in [("valid", side.valid), ("ready", side.ready)] {
            let value = signal.map(|s| self.connection(s)).unwrap_or_default();
            pins.push((name.into(), format!(".{name}_{port}({value})")));
        }
    }

    /// What a clock of an instance and its reset are connected to.
    fn clock_pins(&self, s: SignalId) -> (String, String) {
        let source = self.plan.clocks.get(&s).copied();
        let source = source.unwrap_or(ClockSource { clock: s, raised_by: None });
        (self.printer.names[source.clock].clone(), self.reset(source))
    }

    /// What a pin of an instance is connected to.
    fn connection(&mut self, s: SignalId) -> String {
        match &self.plan.drivers[s] {
            Driver::Always(value) if self.printer.names[s].is_empty() => {
                self.printer.emit(value, self.plan.scope.signals[s].bits).to_string()
            }
            _ => self.printer.names[s].clone(),
        }
    }
}

fn instance_lines(head: String, pins: &[Pin]) -> Vec<String> {
    let mut lines = vec![format!("{head} (")];
    lines.extend(layout::pins(pins));
    lines.push(");".into());
    lines
}
