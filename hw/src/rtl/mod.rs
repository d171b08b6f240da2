//! Run-time widths for rust-hdl: the language that Tessera's hardware is written in.
//!
//! Blocks are ordinary rust-hdl (`#[derive(LogicBlock)]`, `#[hdl_gen] fn update`); what differs is the type of a field:
//!
//! | field | what it is |
//! |---|---|
//! | `Wire<In>`, `Wire<Out>`, `Wire<Local>` | a signal whose width and sign are run-time values |
//! | `Wire<In, Clk>` | a clock with its synchronous reset; a block's only one is named `clock` |
//! | [`Reg`] | a register; its reset value is a parameter |
//! | [`Const`] | a parameter that appears in expressions |
//! | [`RegFile`], [`Sram`] | memories with asynchronous and with registered reads |
//! | [`StreamIn`], [`StreamOut`], [`Fifo`] | ready/valid streams |
//! | [`Synchronizer`] | the way to a register of another clock |
//! | [`Optional`] | a part that a parameter may leave out |
//!
//! Values are [`Word`]s: arithmetic is exact, and a value is cut to width only where it is assigned.

mod bench;
mod clk;
mod constant;
mod fifo;
mod mem;
mod optional;
mod primitive;
mod reg;
mod sample;
mod slice;
mod stream;
mod synchronizer;
mod value;
mod wire;
mod word;

pub use bench::settle;
pub use clk::Clk;
pub use constant::Const;
pub use fifo::Fifo;
pub use mem::{RegFile, Sram};
pub use optional::Optional;
pub use primitive::{describe, describe_queue, description, queue_depth, Primitive};
pub use reg::Reg;
pub use sample::Sample;
pub use slice::slice;
pub use stream::{StreamIn, StreamOut};
pub use synchronizer::Synchronizer;
pub use value::Value;
pub use wire::Wire;
pub use word::{address_bits, bit_cast, count_bits, signed_cast, unsigned_cast, Word, MAX_BITS};

/// What a file that defines a block imports.
pub mod prelude {
    pub use super::*;
    pub use crate::{describe, dff_setup, tick};
    pub use rust_hdl::core::direction::{Direction, In, Local, Out};
    pub use rust_hdl::core::prelude::{
        ast, block, clog2, logic, probe, synth, type_descriptor, Bits, Block, Logic, LogicBlock, LogicInterface,
        LogicJoin, LogicLink, LogicState, Probe, Synth, TimingInfo, ToBits, TypeDescriptor, TypeKind, VCDValue,
        Verilog, VerilogLiteral,
    };
    pub use rust_hdl::prelude::hdl_gen;
}
