//! From an accelerator's description to files: Verilog, the programs that run layers on it, and what goes with them.
//!
//! [`verilog`] writes any rust-hdl design; [`mapper`] turns a layer into a program; [`generate`] makes the folder of a design.
//! The crate knows nothing of simulators.

pub mod area;
pub mod artifacts;
pub mod console;
pub mod design;
pub mod factor;
pub mod generate;
pub mod mapper;
pub mod numerics;
pub mod output;
pub mod problems;
pub mod shape;
pub mod summary;
pub mod taxonomy;
pub mod verilog;
