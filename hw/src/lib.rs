//! The language layer and the hardware of Tessera.
//!
//! [`rtl`] adds signals, registers and memories with run-time widths to rust-hdl; everything else in this crate is hardware
//! written in it. The crate knows nothing of files, command lines, Verilog text or serialised formats.

pub mod rtl;
