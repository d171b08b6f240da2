use super::Response;
use crate::engine::EngineError;
use thiserror::Error;

/// What went wrong between an accelerator and its surroundings.
#[derive(Debug, Error)]
pub enum HostError {
    /// The engine cannot go on.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The accelerator broke a rule of AXI.
    #[error("cycle {cycle}: {channel} breaks AXI: {rule}")]
    Protocol {
        /// When.
        cycle: u64,
        /// The channel, as in `m_axi_ar`.
        channel: &'static str,
        /// The rule and how it was broken.
        rule: String,
    },
    /// The accelerator touched memory that it should not.
    #[error("cycle {cycle}: the accelerator {verb} {bytes} bytes at {address:#x}: {reason}")]
    Memory {
        /// When.
        cycle: u64,
        /// "reads" or "writes".
        verb: &'static str,
        /// The first address.
        address: u64,
        /// Number of bytes.
        bytes: u64,
        /// Why it should not.
        reason: String,
    },
    /// The host itself used an address outside its regions.
    #[error("no region holds the {bytes} bytes at {address:#x}; {regions}")]
    NoRegion {
        /// The first address.
        address: u64,
        /// Number of bytes.
        bytes: usize,
        /// The regions there are.
        regions: String,
    },
    /// Two regions would share addresses.
    #[error("region `{name}` at {address:#x} overlaps region `{other}`")]
    Overlap {
        /// The new region.
        name: String,
        /// Its address.
        address: u64,
        /// The one that was there.
        other: String,
    },
    /// A register access was not answered.
    #[error("cycle {cycle}: no answer to a {access} of register {offset:#05x} in {waited} cycles")]
    NoAnswer {
        /// When.
        cycle: u64,
        /// "read" or "write".
        access: &'static str,
        /// The register.
        offset: u32,
        /// For how long.
        waited: u64,
    },
    /// A register access was answered with an error.
    #[error("a {access} of register {offset:#05x} is answered with {response}")]
    Register {
        /// "read" or "write".
        access: &'static str,
        /// The register.
        offset: u32,
        /// The answer.
        response: Response,
    },
    /// A program did not end.
    #[error("the program at {address:#x} has not ended after {limit} cycles; {state}")]
    Limit {
        /// Where the program lies.
        address: u64,
        /// The limit.
        limit: u64,
        /// What the status registers and the memory say.
        state: String,
    },
}

impl HostError {
    /// The exit code of a command that ends with this error; see [`EngineError::exit_code`].
    pub fn exit_code(&self) -> i32 {
        match self {
            HostError::Engine(e) => e.exit_code(),
            _ => 1,
        }
    }
}
