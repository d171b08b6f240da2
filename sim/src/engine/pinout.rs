use super::{Edge, EngineError};
use hw::rtl::Clk;
use rust_hdl::core::atom::{Atom, AtomKind};
use rust_hdl::core::block::Block;
use rust_hdl::core::probe::Probe;

/// The way a port's value travels, seen from the design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Into the design.
    In,
    /// Out of the design.
    Out,
}

/// A port of a top-level design; clocks and resets are not among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Its name in Verilog.
    pub name: String,
    /// Its width, 1 to 128 bits.
    pub bits: usize,
    /// Its direction.
    pub direction: Direction,
    /// A one-bit pin that says whether the value means anything; while it is low, X is allowed here.
    pub valid: Option<Pin>,
}

/// A handle of a port: its place in the [`Pinout`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin(usize);

impl Pin {
    /// Place in [`Pinout::ports`].
    #[inline]
    pub fn index(self) -> usize {
        self.0
    }
}

/// The ports of a design.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pinout {
    ports: Vec<Port>,
    has_link_clock: bool,
}

impl Pinout {
    /// The ports of a rust-hdl block, in declared order. `enq.valid` is called `enq_valid`, `word[2]` is called `word_2`.
    pub fn of(block: &dyn Block) -> Pinout {
        let mut found = Found::default();
        block.accept("top", &mut found);
        found.pinout
    }

    /// Adds a port.
    pub fn add(&mut self, name: &str, bits: usize, direction: Direction) -> Pin {
        assert!((1..=128).contains(&bits), "port `{name}` of {bits} bits; a port has 1 to 128");
        self.ports.push(Port { name: name.into(), bits, direction, valid: None });
        Pin(self.ports.len() - 1)
    }

    /// Whether the design has a second clock, `link_clk` with the reset `link_rst`.
    #[inline]
    pub fn has_link_clock(&self) -> bool {
        self.has_link_clock
    }

    /// The ports, each at the index of its [`Pin`].
    pub fn ports(&self) -> &[Port] {
        &self.ports
    }

    /// The pin of this name.
    pub fn pin(&self, name: &str) -> Option<Pin> {
        self.ports.iter().position(|p| p.name == name).map(Pin)
    }

    /// Says that the output `payload` means something only while `valid` is high.
    pub fn qualify(&mut self, payload: &str, valid: &str) -> Result<(), EngineError> {
        let pin =
            |name: &str| self.pin(name).ok_or_else(|| EngineError::NoPin { name: name.into(), known: self.names() });
        let (payload, valid) = (pin(payload)?, pin(valid)?);
        self.ports[payload.0].valid = Some(valid);
        Ok(())
    }

    /// The ports that go `direction`, with their pins.
    pub fn towards(&self, direction: Direction) -> impl Iterator<Item = (Pin, &Port)> {
        self.ports.iter().enumerate().filter(move |(_, p)| p.direction == direction).map(|(i, p)| (Pin(i), p))
    }

    /// The names of all ports, for messages.
    pub(super) fn names(&self) -> String {
        self.ports.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// The field of a block that is a second clock.
const LINK_CLOCK: &str = "link_clock";

/// Collects the ports of the outermost scope.
#[derive(Default)]
struct Found {
    pinout: Pinout,
    scopes: usize,
    path: Vec<String>,
}

impl Probe for Found {
    fn visit_start_scope(&mut self, _name: &str, _node: &dyn Block) {
        self.scopes += 1;
    }

    fn visit_end_scope(&mut self, _name: &str, _node: &dyn Block) {
        self.scopes -= 1;
    }

    fn visit_start_namespace(&mut self, name: &str, _node: &dyn Block) {
        self.path.push(name.into());
    }

    fn visit_end_namespace(&mut self, _name: &str, _node: &dyn Block) {
        self.path.pop();
    }

    fn visit_atom(&mut self, name: &str, atom: &dyn Atom) {
        if self.scopes != 1 {
            return;
        }
        if atom.descriptor().name == Clk::TYPE_NAME {
            self.pinout.has_link_clock |= self.path.is_empty() && name == LINK_CLOCK;
            return;
        }
        let direction = match atom.kind() {
            AtomKind::InputParameter => Direction::In,
            AtomKind::OutputParameter => Direction::Out,
            _ => return,
        };
        let name = self.path.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join("_").replace('$', "_");
        self.pinout.add(&name, atom.bits(), direction);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The outputs are those of the inputs.
    Settled,
    /// An input has changed.
    Changed,
    /// A clock has risen.
    Risen,
}

/// The pins of a design and what is on them: what an engine shares with those who use it.
#[derive(Clone, Debug)]
pub struct Pins {
    pinout: Pinout,
    values: Box<[u128]>,
    masks: Box<[u128]>,
    phase: Phase,
    reset: bool,
    cycles: u64,
    link_cycles: u64,
}

impl Pins {
    /// Pins with zeros on them, in reset.
    pub fn new(pinout: Pinout) -> Pins {
        let masks = pinout.ports.iter().map(|p| u128::MAX >> (128 - p.bits)).collect();
        let values = vec![0; pinout.ports.len()].into();
        Pins { pinout, values, masks, phase: Phase::Changed, reset: true, cycles: 0, link_cycles: 0 }
    }

    /// The ports.
    pub fn pinout(&self) -> &Pinout {
        &self.pinout
    }

    /// Puts `value`, cut to the pin's width, on an input.
    #[inline]
    pub fn set(&mut self, pin: Pin, value: u128) {
        debug_assert!(
            self.pinout.ports[pin.0].direction == Direction::In,
            "`{}` is an output",
            self.pinout.ports[pin.0].name
        );
        let value = value & self.masks[pin.0];
        if self.values[pin.0] != value {
            self.values[pin.0] = value;
            self.touch();
        }
    }

    /// What is on a pin.
    #[inline]
    pub fn get(&self, pin: Pin) -> u128 {
        debug_assert!(self.phase != Phase::Risen, "a pin is read between an edge and `settle`");
        self.values[pin.0]
    }

    /// What is on a pin, also while the outputs are being found out.
    pub(super) fn peek(&self, pin: Pin) -> u128 {
        self.values[pin.0]
    }

    /// Whether the synchronous reset, of each clock its own, is high.
    #[inline]
    pub fn reset(&self) -> bool {
        self.reset
    }

    /// Raises or lowers the synchronous reset of each clock.
    pub fn set_reset(&mut self, on: bool) {
        if self.reset != on {
            self.reset = on;
            self.touch();
        }
    }

    /// Rising edges of `clk` so far.
    #[inline]
    pub fn cycles(&self) -> u64 {
        self.cycles
    }

    /// Rising edges so far of the clock that the link has: `link_clk`, or else `clk`.
    #[inline]
    pub fn link_cycles(&self) -> u64 {
        match self.pinout.has_link_clock {
            true => self.link_cycles,
            false => self.cycles,
        }
    }

    /// Whether the outputs are those of the inputs.
    #[inline]
    pub fn is_settled(&self) -> bool {
        self.phase == Phase::Settled
    }

    /// The values by pin, for an engine.
    #[inline]
    pub fn values_mut(&mut self) -> &mut [u128] {
        &mut self.values
    }

    #[inline]
    fn touch(&mut self) {
        if self.phase == Phase::Settled {
            self.phase = Phase::Changed;
        }
    }

    #[inline]
    pub(super) fn settled(&mut self) {
        self.phase = Phase::Settled;
    }

    #[inline]
    pub(super) fn risen(&mut self, edge: Edge) {
        self.phase = Phase::Risen;
        match edge {
            Edge::Core => self.cycles += 1,
            Edge::Link => self.link_cycles += 1,
        }
    }
}
