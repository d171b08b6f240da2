use super::SETUP;
use gen::verilog::EmitError;
use std::path::PathBuf;
use thiserror::Error;

/// Why an engine cannot go on.
#[derive(Debug, Error)]
pub enum EngineError {
    /// A tool that the engine needs is not there.
    #[error("`{tool}` is not installed; run `{SETUP}`")]
    MissingTool {
        /// The program that was not found.
        tool: String,
    },
    /// A tool reported errors.
    #[error("{step} failed:\n{messages}")]
    Tool {
        /// What was to be done.
        step: String,
        /// The tool's first messages.
        messages: String,
    },
    /// An output carries X or Z.
    #[error("output `{port}` is {value} (unknown) in cycle {cycle}")]
    Unknown {
        /// The output.
        port: String,
        /// Its value, hexadecimal, as the simulator prints it.
        value: String,
        /// Rising edges so far.
        cycle: u64,
    },
    /// A combinational loop.
    #[error("the design does not settle in cycle {cycle}: it has a combinational loop")]
    Unsettled {
        /// Rising edges so far.
        cycle: u64,
    },
    /// The simulator stopped by itself.
    #[error("the simulator stopped in cycle {cycle}: {message}")]
    Stopped {
        /// Rising edges so far.
        cycle: u64,
        /// What it said.
        message: String,
    },
    /// A pin that the design does not have.
    #[error("the design has no port `{name}`; it has {known}")]
    NoPin {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// Ports that do not fit the design.
    #[error("{0}")]
    Ports(String),
    /// rust-hdl's checks of a block.
    #[error("the block is not sound: {0}")]
    Check(String),
    /// The block has no Verilog.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// A file or a pipe.
    #[error("`{}`: {error}", path.display())]
    Io {
        /// What was to be read or written.
        path: PathBuf,
        /// The system's reason.
        error: std::io::Error,
    },
}

impl EngineError {
    /// The exit code of a command that ends with this error: 3 if a tool is missing, 2 if a file cannot be used, 1 otherwise.
    pub fn exit_code(&self) -> i32 {
        match self {
            EngineError::MissingTool { .. } => 3,
            EngineError::Io { .. } => 2,
            _ => 1,
        }
    }

    pub(super) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> EngineError {
        let path = path.into();
        move |error| EngineError::Io { path, error }
    }
}
