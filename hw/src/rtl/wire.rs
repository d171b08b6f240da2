use super::{Clk, Value, Word};
use rust_hdl::core::ast::{VerilogLink, VerilogLinkDetails};
use rust_hdl::core::atom::{Atom, AtomKind};
use rust_hdl::core::constraint::PinConstraint;
use rust_hdl::core::direction::{Direction, In, Out};
use rust_hdl::core::prelude::{
    Block, Logic, LogicJoin, LogicLink, Probe, Synth, TypeDescriptor, VCDValue, VerilogLiteral,
};
use rust_hdl::core::signal::get_signal_id;
use std::marker::PhantomData;

/// A signal whose width and signedness are run-time values.
///
/// Write `wire.next = …`, read `wire.val()`. What is written is cut to the wire's width when it is read.
/// An input is seen by its block in the same pass of the simulator in which the parent writes it, so only a changed output
/// asks for another pass: a design settles in as many passes as signals climb out of blocks, not as they descend.
#[derive(Clone, Debug)]
pub struct Wire<D: Direction, T: Value = Word> {
    /// The value to be.
    pub next: T,
    seen: T,
    changed: bool,
    connected: bool,
    signed: bool,
    bits: u16,
    id: usize,
    direction: PhantomData<D>,
}

impl<D: Direction, T: Value> Wire<D, T> {
    fn with(initial: T, bits: usize, signed: bool) -> Self {
        Wire {
            next: initial,
            seen: initial,
            changed: false,
            connected: false,
            signed,
            bits: bits as u16,
            id: get_signal_id(),
            direction: PhantomData,
        }
    }

    /// The value, cut to the wire's width.
    #[inline]
    pub fn val(&self) -> T {
        self.next.fitted(self.bits as usize, self.signed)
    }

    /// Width in bits.
    #[inline]
    pub fn width(&self) -> usize {
        self.bits as usize
    }
}

impl<D: Direction> Wire<D> {
    /// An unsigned wire of `bits` bits.
    pub fn unsigned(bits: usize) -> Self {
        Self::of(bits, false)
    }

    /// A two's complement wire of `bits` bits.
    pub fn signed(bits: usize) -> Self {
        Self::of(bits, true)
    }

    /// A wire of one bit.
    pub fn bit() -> Self {
        Self::of(1, false)
    }

    /// A wire of `bits` bits, signed or not.
    pub fn of(bits: usize, signed: bool) -> Self {
        assert!((1..=super::word::MAX_BITS).contains(&bits), "a wire of {bits} bits; it has 1 to 128");
        Self::with(Word::new(0, bits, signed), bits, signed)
    }
}

impl<D: Direction> Default for Wire<D, Clk> {
    fn default() -> Self {
        Self::with(Clk::default(), 1, false)
    }
}

impl<D: Direction, T: Synth + 'static> Wire<D, T> {
    /// A wire that carries an enum which derives `LogicState`.
    pub fn state() -> Self {
        Self::with(T::default(), T::BITS, false)
    }
}

impl<D: Direction, T: Value> Logic for Wire<D, T> {
    fn update(&mut self) {}
    fn connect(&mut self) {
        self.connected = true;
    }
}

impl<D: Direction, T: Value> Block for Wire<D, T> {
    fn connect_all(&mut self) {}

    #[inline]
    fn update_all(&mut self) {
        if matches!(D::KIND, AtomKind::OutputParameter) {
            let now = self.val();
            self.changed = now != self.seen;
            self.seen = now;
        }
    }

    #[inline]
    fn has_changed(&self) -> bool {
        matches!(D::KIND, AtomKind::OutputParameter) && self.changed
    }

    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        probe.visit_atom(name, self)
    }
}

impl<D: Direction, T: Value> Atom for Wire<D, T> {
    fn bits(&self) -> usize {
        self.bits as usize
    }
    fn connected(&self) -> bool {
        self.connected
    }
    fn changed(&self) -> bool {
        self.changed
    }
    fn kind(&self) -> AtomKind {
        D::KIND
    }
    fn descriptor(&self) -> TypeDescriptor {
        T::descriptor(self.bits as usize, self.signed)
    }
    fn vcd(&self) -> VCDValue {
        self.val().vcd()
    }
    fn id(&self) -> usize {
        self.id
    }
    fn verilog(&self) -> VerilogLiteral {
        self.val().verilog()
    }
    fn constraints(&self) -> Vec<PinConstraint> {
        vec![]
    }
}

fn details(my_name: &str, owner_name: &str, other_name: &str) -> VerilogLinkDetails {
    VerilogLinkDetails { my_name: my_name.into(), owner_name: owner_name.into(), other_name: other_name.into() }
}

impl<T: Value> Wire<In, T> {
    /// Takes its value from the output `other` of another block.
    pub fn join(&mut self, other: &mut Wire<Out, T>) {
        self.next = other.val();
    }
    /// The same in rust-hdl's syntax tree.
    pub fn join_hdl(my_name: &str, owner_name: &str, other_name: &str) -> Vec<VerilogLink> {
        vec![VerilogLink::Backward(details(my_name, owner_name, other_name))]
    }
}

impl<T: Value> Wire<Out, T> {
    /// Gives its value to the input `other` of another block.
    pub fn join(&mut self, other: &mut Wire<In, T>) {
        other.next = self.val();
    }
    /// The same in rust-hdl's syntax tree.
    pub fn join_hdl(my_name: &str, owner_name: &str, other_name: &str) -> Vec<VerilogLink> {
        vec![VerilogLink::Forward(details(my_name, owner_name, other_name))]
    }
}

impl<T: Value> LogicJoin for Wire<In, T> {
    fn join_connect(&mut self) {
        self.connect();
    }
}

impl<T: Value> LogicJoin for Wire<Out, T> {
    fn join_connect(&mut self) {}
}

impl<T: Value> LogicLink for Wire<In, T> {
    fn link(&mut self, other: &mut Self) {
        other.next = self.val();
    }
    fn link_hdl(my_name: &str, owner_name: &str, other_name: &str) -> Vec<VerilogLink> {
        vec![VerilogLink::Forward(details(my_name, owner_name, other_name))]
    }
    fn link_connect_source(&mut self) {}
    fn link_connect_dest(&mut self) {
        self.connect();
    }
}

impl<T: Value> LogicLink for Wire<Out, T> {
    fn link(&mut self, other: &mut Self) {
        self.next = other.val();
    }
    fn link_hdl(my_name: &str, owner_name: &str, other_name: &str) -> Vec<VerilogLink> {
        vec![VerilogLink::Backward(details(my_name, owner_name, other_name))]
    }
    fn link_connect_source(&mut self) {
        self.connect();
    }
    fn link_connect_dest(&mut self) {}
}
