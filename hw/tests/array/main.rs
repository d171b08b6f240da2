//! The row-stationary array and its blocks against plain models.

mod bench;
mod convolution;
mod model;
mod networks;
mod pe;
mod random;
mod rate;
mod ring;
