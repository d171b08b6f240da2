//! The weight-stationary core with the global buffer, against a straightforward convolution.

mod bench;
mod commands;
mod convolution;
mod model;
mod schedule;
