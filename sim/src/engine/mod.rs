//! Simulators of a design, pin by pin and cycle by cycle, behind one trait.
//!
//! | engine | runs | for |
//! |---|---|---|
//! | [`Builtin`] | the rust-hdl blocks themselves | no tool at all, waveforms of every wire |
//! | [`Verilator`] | the emitted Verilog, compiled to machine code | speed |
//! | [`Icarus`] | the emitted Verilog, with X and Z | unknown values: an X that reaches an output is an error |
//!
//! All three start in reset and follow one protocol. Between edges, [`Engine::settle`] lets the outputs follow the inputs;
//! [`Engine::edge`] is a rising edge that takes in the inputs as they last settled. A model of the surroundings therefore reads
//! the settled outputs, decides, calls `edge`, sets the inputs of the next cycle and calls `settle`. Of a design whose link has a clock
//! of its own, [`Engine::link_edge`] is the rising edge of that one. No two edges are at one time; those that nearly are, a chip may see
//! either way, which the built-in engine's synchronisers do at random.

mod builtin;
mod cache;
mod enums_as_strings;
mod error;
mod hints;
mod icarus;
mod pinout;
mod sharing;
mod tool;
mod verilator;

pub use builtin::{AnyWire, Builtin, Wires};
pub use cache::cache_dir;
pub use error::EngineError;
pub use hints::Repeated;
pub use icarus::{Icarus, IcarusOptions};
pub use pinout::{Direction, Pin, Pinout, Pins, Port};
pub use tool::SETUP;
pub use verilator::{Verilator, VerilatorOptions};

use gen::verilog::emit;
use rust_hdl::core::block::Block;

/// Length of a clock period in waveforms, ps.
pub const PERIOD_PS: u64 = 10_000;

/// A clock that rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// `clk`.
    Core,
    /// `link_clk`.
    Link,
}

/// A design in Verilog. Its top module has the ports `clk` and `rst` beside those of `pinout`, and `link_clk` and `link_rst` if that says so.
#[derive(Clone, Debug)]
pub struct Design {
    /// Name of the top module.
    pub top: String,
    /// Every module, in one text.
    pub verilog: String,
    /// The ports of the top module.
    pub pinout: Pinout,
}

impl Design {
    /// The Verilog of a block, whose top module is called `top`.
    pub fn of(block: &mut impl Block, top: &str) -> Result<Design, EngineError> {
        block.connect_all();
        let verilog = emit(block, top)?.to_string();
        Ok(Design { top: top.into(), verilog, pinout: Pinout::of(block) })
    }
}

/// A simulated design.
///
/// An engine implements the first five methods; users call the others.
pub trait Engine {
    /// The engine's name on the command line.
    fn name(&self) -> &'static str;
    /// The pins and what is on them.
    fn pins(&self) -> &Pins;
    /// The pins and what is on them.
    fn pins_mut(&mut self) -> &mut Pins;
    /// Takes the inputs from the pins, lets everything settle and puts the outputs on the pins.
    fn drive_settle(&mut self) -> Result<(), EngineError>;
    /// A rising edge with the inputs and the reset of the last [`Engine::drive_settle`].
    fn drive_edge(&mut self, edge: Edge) -> Result<(), EngineError>;

    /// The pin named `name`, or an error that lists the names there are.
    fn pin(&self, name: &str) -> Result<Pin, EngineError> {
        let pinout = self.pins().pinout();
        pinout.pin(name).ok_or_else(|| EngineError::NoPin { name: name.into(), known: pinout.names() })
    }

    /// Puts `value`, cut to the pin's width, on an input.
    #[inline]
    fn set(&mut self, pin: Pin, value: u128) {
        self.pins_mut().set(pin, value);
    }

    /// What is on a pin. An output shows what it was when everything last settled.
    #[inline]
    fn get(&self, pin: Pin) -> u128 {
        self.pins().get(pin)
    }

    /// Raises or lowers the synchronous reset of each clock. The next edge of each takes it in.
    fn set_reset(&mut self, on: bool) {
        self.pins_mut().set_reset(on);
    }

    /// Rising edges of `clk` so far.
    #[inline]
    fn cycles(&self) -> u64 {
        self.pins().cycles()
    }

    /// Rising edges so far of the clock that the link has: `link_clk`, or else `clk`.
    #[inline]
    fn link_cycles(&self) -> u64 {
        self.pins().link_cycles()
    }

    /// Whether the link has a clock of its own.
    #[inline]
    fn has_link_clock(&self) -> bool {
        self.pins().pinout().has_link_clock()
    }

    /// Lets the outputs follow the inputs.
    #[inline]
    fn settle(&mut self) -> Result<(), EngineError> {
        if !self.pins().is_settled() {
            self.drive_settle()?;
            self.pins_mut().settled();
        }
        Ok(())
    }

    /// A rising edge, which takes in the inputs as they are. The outputs follow at the next [`Engine::settle`].
    #[inline]
    fn edge(&mut self) -> Result<(), EngineError> {
        self.settle()?;
        self.drive_edge(Edge::Core)?;
        self.pins_mut().risen(Edge::Core);
        Ok(())
    }

    /// As [`Engine::edge`], of the link's own clock, which the design has.
    #[inline]
    fn link_edge(&mut self) -> Result<(), EngineError> {
        debug_assert!(self.has_link_clock(), "an edge of a clock that the design does not have");
        self.settle()?;
        self.drive_edge(Edge::Link)?;
        self.pins_mut().risen(Edge::Link);
        Ok(())
    }

    /// A whole cycle: a rising edge, after which the outputs follow.
    fn step(&mut self) -> Result<(), EngineError> {
        self.edge()?;
        self.settle()
    }

    /// Holds the reset for `cycles` edges of each clock, then lowers it.
    fn reset(&mut self, cycles: usize) -> Result<(), EngineError> {
        self.set_reset(true);
        for _ in 0..cycles {
            if self.has_link_clock() {
                self.link_edge()?;
            }
            self.step()?;
        }
        self.set_reset(false);
        self.settle()
    }
}

impl<E: Engine + ?Sized> Engine for Box<E> {
    fn name(&self) -> &'static str {
        (**self).name()
    }
    fn pins(&self) -> &Pins {
        (**self).pins()
    }
    fn pins_mut(&mut self) -> &mut Pins {
        (**self).pins_mut()
    }
    fn drive_settle(&mut self) -> Result<(), EngineError> {
        (**self).drive_settle()
    }
    fn drive_edge(&mut self, edge: Edge) -> Result<(), EngineError> {
        (**self).drive_edge(edge)
    }
}
