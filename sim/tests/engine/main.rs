//! The engines against each other, and the host against a small block that has an accelerator's ports.

mod copier;
mod engines;
mod faults;
mod hosts;
mod leak;
