//! Random blocks for the test that `Word`, Icarus and Verilator give every expression one value.
//!
//! `#[hdl_gen]` works on Rust tokens, so a random expression cannot go through it. A [`RandomBlock`] holds a tree of its own,
//! computes it with [`Word`] in `update`, and gives in `hdl` the syntax tree that `#[hdl_gen]` would have made of it.

pub mod block;
pub mod engine;
pub mod generate;
pub mod tree;
