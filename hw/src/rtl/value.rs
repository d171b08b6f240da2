use super::{Clk, Word};
use rust_hdl::core::prelude::{Synth, TypeDescriptor, TypeKind, VCDValue, VerilogLiteral};
use std::fmt::Debug;

/// What a [`super::Wire`] carries: a [`Word`], a clock ([`Clk`]), or an enum that derives rust-hdl's `LogicState`.
pub trait Value: Copy + PartialEq + Debug + 'static {
    /// This value as the wire's width and signedness hold it.
    fn fitted(self, bits: usize, signed: bool) -> Self;
    /// rust-hdl's description of the type, for a wire of this width.
    fn descriptor(bits: usize, signed: bool) -> TypeDescriptor;
    /// The value as a waveform shows it.
    fn vcd(self) -> VCDValue;
    /// The value as a literal.
    fn verilog(self) -> VerilogLiteral;
}

impl Value for Word {
    #[inline]
    fn fitted(self, bits: usize, signed: bool) -> Word {
        self.fit(bits, signed)
    }

    fn descriptor(bits: usize, signed: bool) -> TypeDescriptor {
        let kind = if signed { TypeKind::Signed(bits) } else { TypeKind::Bits(bits) };
        TypeDescriptor { name: "word".into(), kind }
    }

    fn vcd(self) -> VCDValue {
        let bits = (0..self.bits()).rev().map(|i| if self.get_bit(i) { vcd::Value::V1 } else { vcd::Value::V0 });
        VCDValue::Vector(bits.collect())
    }

    fn verilog(self) -> VerilogLiteral {
        self.raw().into()
    }
}

impl Value for Clk {
    #[inline]
    fn fitted(self, _bits: usize, _signed: bool) -> Clk {
        self
    }

    fn descriptor(_bits: usize, _signed: bool) -> TypeDescriptor {
        TypeDescriptor { name: Clk::TYPE_NAME.into(), kind: TypeKind::Bits(1) }
    }

    fn vcd(self) -> VCDValue {
        self.clk.into()
    }

    fn verilog(self) -> VerilogLiteral {
        self.clk.into()
    }
}

impl<T: Synth + 'static> Value for T {
    #[inline]
    fn fitted(self, _bits: usize, _signed: bool) -> T {
        self
    }

    fn descriptor(_bits: usize, _signed: bool) -> TypeDescriptor {
        T::descriptor()
    }

    fn vcd(self) -> VCDValue {
        Synth::vcd(self)
    }

    fn verilog(self) -> VerilogLiteral {
        Synth::verilog(self)
    }
}
