use super::{Value, Word};
use rust_hdl::core::atom::{Atom, AtomKind};
use rust_hdl::core::constraint::PinConstraint;
use rust_hdl::core::prelude::{Block, Logic, Probe, TypeDescriptor, VCDValue, VerilogLiteral};
use rust_hdl::core::signal::get_signal_id;

/// A parameter of a block that its expressions use: a number fixed when the block is built.
///
/// A shift by `param.val()` is a shift by a known distance. In Verilog the number appears as a literal.
/// `param.index()` is the number as a `usize`, for loop bounds and indices.
#[derive(Clone, Debug)]
pub struct Const {
    value: Word,
    id: usize,
}

impl Const {
    /// A parameter of this value.
    pub fn new(value: usize) -> Const {
        Const { value: Word::from(value), id: get_signal_id() }
    }

    /// The value, for expressions.
    #[inline]
    pub fn val(&self) -> Word {
        self.value
    }

    /// The value, for loop bounds and indices.
    #[inline]
    pub fn index(&self) -> usize {
        self.value.index()
    }
}

impl Logic for Const {
    fn update(&mut self) {}
}

impl Block for Const {
    fn connect_all(&mut self) {}
    fn update_all(&mut self) {}
    #[inline]
    fn has_changed(&self) -> bool {
        false
    }
    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        probe.visit_atom(name, self)
    }
}

impl Atom for Const {
    fn bits(&self) -> usize {
        self.value.bits()
    }
    fn connected(&self) -> bool {
        true
    }
    fn changed(&self) -> bool {
        false
    }
    fn kind(&self) -> AtomKind {
        AtomKind::Constant
    }
    fn descriptor(&self) -> TypeDescriptor {
        <Word as Value>::descriptor(self.value.bits(), false)
    }
    fn vcd(&self) -> VCDValue {
        Value::vcd(self.value)
    }
    fn id(&self) -> usize {
        self.id
    }
    fn verilog(&self) -> VerilogLiteral {
        Value::verilog(self.value)
    }
    fn constraints(&self) -> Vec<PinConstraint> {
        vec![]
    }
}
