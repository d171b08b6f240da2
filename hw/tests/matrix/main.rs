//! The core of arrays that multiply by a matrix with the global buffer, against a straightforward convolution.

mod bench;
mod commands;
mod convolution;
mod engines;
mod held;
mod model;
mod pieces;
mod planes;
mod schedule;
