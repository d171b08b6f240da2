//! The language layer and the hardware of Tessera.
//!
//! [`rtl`] adds signals, registers and memories with run-time widths to rust-hdl; [`arch`] says what can be built; [`program`]
//! is what the hardware executes. Everything else in this crate is hardware. The crate knows nothing of files, command
//! lines, Verilog text or serialised formats.

pub mod accelerator;
pub mod arch;
pub mod array;
pub mod conv2d;
pub mod core;
pub mod glb;
pub mod is;
pub mod matrix;
pub mod nlr;
pub mod os;
pub mod program;
pub mod registers;
pub mod rlc;
pub mod rtl;
pub mod sequencer;
pub mod shell;
pub mod ws;

pub use arch::{Arch, ArchError, ArchSpec, CoreKind, Dataflow, LinkClock, WsStyle};
