//! Prints instances of modules.

use super::layout::{self, group_of};
use super::library::{Queue, Side};
use super::lower::{ClockSource, ResetSource};
use super::module::{placeholder, Driver};
use super::port::Holds;
use super::scope::{Child, Direction};
use super::text::{concat, Text};
use super::types::SignalId;
use super::write::{clock_group, Writer};
use hw::rtl::count_bits;

/// A pin and the interface that it belongs to.
type Pin = (String, String);

impl Writer<'_> {
    /// An instance of a module that is a block.
    pub(super) fn instance(&mut self, number: usize, child: &Child, module: usize) -> Vec<String> {
        let mut pins: Vec<Pin> = vec![];
        for port in &self.plan.modules[module] {
            let (group, value) = match &port.holds {
                Holds::Clock(f) => (clock_group(&port.path), self.clock_pins(child.signals[*f]).0),
                Holds::Reset(f) => (clock_group(&port.path), self.clock_pins(child.signals[*f]).1),
                Holds::Signals(list) => {
                    let signals: Vec<SignalId> = list.iter().map(|&f| child.signals[f]).collect();
                    (group_of(&port.path), self.pin(&signals, port.direction, port.bits))
                }
            };
            pins.push((group.into(), format!(".{}({value})", port.name)));
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
        let level = self.pin(queue.level.as_slice(), Direction::Out, count_bits(depth));
        pins.push((String::new(), format!(".level({level})")));
        let name = &self.plan.children[number];
        instance_lines(format!("{} #(.BITS({bits}), .DEPTH({depth})) {name}", placeholder(module)), &pins)
    }

    fn queue_side(&mut self, name: &str, side: &Side, pins: &mut Vec<Pin>) {
        let (forth, back) = match name {
            "enq" => (Direction::In, Direction::Out),
            _ => (Direction::Out, Direction::In),
        };
        let bits = side.parts.iter().map(|&s| self.plan.scope.signals[s].bits).sum();
        let payload = self.pin(&side.parts, forth, bits);
        pins.push((name.into(), format!(".{name}_payload({payload})")));
        for (port, signal, direction) in [("valid", side.valid, forth), ("ready", side.ready, back)] {
            let value = self.pin(signal.as_slice(), direction, 1);
            pins.push((name.into(), format!(".{name}_{port}({value})")));
        }
    }

    /// What a clock of an instance and its reset are connected to.
    fn clock_pins(&mut self, s: SignalId) -> (String, String) {
        let source = self.plan.clocks.get(&s).copied();
        let source = source.unwrap_or(ClockSource { clock: s, reset: ResetSource::Own });
        let (clock, reset) = (self.printer.names[source.clock].clone(), self.reset(source));
        self.pins_read.extend([clock.clone(), reset.clone()]);
        (clock, reset)
    }

    /// What a pin of `bits` bits is connected to, which carries these signals, the first lowest. There may be none.
    fn pin(&mut self, signals: &[SignalId], direction: Direction, bits: usize) -> String {
        let parts: Option<Vec<Text>> = signals.iter().rev().map(|&s| self.value_of_pin(s)).collect();
        let value = parts.filter(|parts| !parts.is_empty()).map(|parts| concat(parts).to_string());
        match (value, direction) {
            (Some(value), Direction::In) => {
                self.pins_read.push(value.clone());
                value
            }
            (Some(value), _) => value,
            (None, Direction::Out) => self.open.pin(bits),
            (None, _) => String::new(),
        }
    }

    /// The value of an input, or the wire for an output; nothing for an output that is left open.
    fn value_of_pin(&mut self, s: SignalId) -> Option<Text> {
        let named = !self.printer.names[s].is_empty();
        match &self.plan.drivers[s] {
            Driver::Always(value) if !named => Some(self.printer.emit(value, self.plan.scope.signals[s].bits)),
            _ => named.then(|| self.printer.named(s).bits(0, self.printer.widths[s])),
        }
    }
}

fn instance_lines(head: String, pins: &[Pin]) -> Vec<String> {
    let mut lines = vec![format!("{head} (")];
    lines.extend(layout::pins(pins));
    lines.push(");".into());
    lines
}
