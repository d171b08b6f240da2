use super::{Clk, Primitive, Value, Wire, Word};
use rust_hdl::core::direction::{In, Out};
use rust_hdl::core::prelude::{Block, Logic, Probe, Synth, Verilog};

/// A register: `q` takes `d` at each rising edge of the clock, or the reset value while the reset is high.
///
/// An enable is written as what it is: `dff_setup!` lets `d` follow `q`, and `update` assigns `d` when there is news.
#[derive(Clone, Debug)]
pub struct Reg<T: Value = Word> {
    pub clock: Wire<In, Clk>,
    pub d: Wire<In, T>,
    pub q: Wire<Out, T>,
    reset: T,
    /// The reset value as a number; none if the register is not reset.
    reset_number: Option<i128>,
    synchronizer: bool,
    rises: u32,
}

impl Reg {
    /// An unsigned register of `bits` bits that resets to 0.
    pub fn unsigned(bits: usize) -> Self {
        Self::new(bits, false, 0)
    }

    /// A two's complement register of `bits` bits that resets to 0.
    pub fn signed(bits: usize) -> Self {
        Self::new(bits, true, 0)
    }

    /// A register of one bit that resets to 0.
    pub fn bit() -> Self {
        Self::new(1, false, 0)
    }

    /// A register with this reset value.
    pub fn new(bits: usize, signed: bool, reset: i128) -> Self {
        let reset = Word::new(reset, bits, signed);
        let mut q = Wire::of(bits, signed);
        q.next = reset;
        Reg {
            clock: Default::default(),
            d: Wire::of(bits, signed),
            q,
            reset,
            reset_number: Some(reset.value()),
            synchronizer: false,
            rises: 0,
        }
    }

    /// A register that takes `d` at each edge, also while the reset is high: for words that a valid bit elsewhere goes with, as it saves
    /// a gate a bit. Before its first edge it is X in Verilog.
    pub fn data(bits: usize, signed: bool) -> Self {
        Reg { reset_number: None, ..Self::new(bits, signed, 0) }
    }

    /// The register as one of a synchroniser, behind a [`Sample`](super::Sample).
    pub(super) fn of_synchronizer(self) -> Self {
        Reg { synchronizer: true, ..self }
    }
}

impl<T: Synth + 'static> Reg<T> {
    /// A register that carries an enum which derives `LogicState`; it resets to the enum's default, its first variant.
    pub fn state() -> Self {
        Reg {
            clock: Default::default(),
            d: Wire::state(),
            q: Wire::state(),
            reset: T::default(),
            reset_number: Some(0),
            synchronizer: false,
            rises: 0,
        }
    }
}

impl<T: Value> Logic for Reg<T> {
    fn update(&mut self) {}
    fn connect(&mut self) {
        self.q.connect();
    }
    fn hdl(&self) -> Verilog {
        Primitive::Reg { reset: self.reset_number, synchronizer: self.synchronizer }.to_hdl()
    }
}

impl<T: Value> Block for Reg<T> {
    fn connect_all(&mut self) {
        self.connect();
    }

    #[inline]
    fn update_all(&mut self) {
        let clock = self.clock.next;
        if clock.rises() != self.rises {
            self.rises = clock.rises();
            self.q.next = if clock.rst && self.reset_number.is_some() { self.reset } else { self.d.val() };
        }
        self.q.update_all();
    }

    #[inline]
    fn has_changed(&self) -> bool {
        self.q.has_changed()
    }

    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        probe.visit_start_scope(name, self);
        self.clock.accept("clock", probe);
        self.d.accept("d", probe);
        self.q.accept("q", probe);
        probe.visit_end_scope(name, self);
    }
}
