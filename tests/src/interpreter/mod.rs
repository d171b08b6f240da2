//! An interpreter of layer programs: what a program means, with nothing of how hardware does it.
//!
//! It takes a program's bytes from a memory image and does to that image what the accelerator would. It knows `hw::program`
//! and `hw::Arch`, and nothing of the mapper (only [`layer`], which uses it to prove that, does). Units work through their commands in order, in turns that a seed decides, and
//! queues and spads have their real sizes; so a missing wait shows as a [`Fault`], as does a wait that never ends:
//!
//! - each access to the global buffer must be ordered after the one before it on the same word by waits and posts alone
//!   ([`order`]), whatever the turns were, so that a race is found even where it did no harm;
//! - words that nobody wrote, addresses outside of what was built, words that nobody takes, and words, filters or counts left over
//!   when a layer ends, are faults.

mod array;
mod filters;
mod glb;
pub mod layer;
mod loader;
mod memory;
mod order;
mod psums;
mod queue;
mod sequencer;
mod store;
mod units;

pub use memory::Memory;
pub use sim::random::Random;
pub use units::{run, Stats};

use std::fmt;

/// What a program did wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(pub String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

/// `Err` with a formatted [`Fault`].
macro_rules! fault {
    ($($text:tt)*) => {
        Err($crate::interpreter::Fault(format!($($text)*)))
    };
}
pub(crate) use fault;

/// The low `bits` bits of `value`, read as a signed number.
pub(crate) fn signed(value: i64, bits: usize) -> i64 {
    value << (64 - bits) >> (64 - bits)
}
