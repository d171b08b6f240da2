//! The commands of `sim`.

mod args;
mod bench;
mod campaign;
mod compare;
mod conv;
mod energy;
mod explore;
mod feature_maps;
mod image;
mod input;
mod map;
mod mapping;
mod measured;
mod network;
mod report;
mod threads;

pub use args::{Cli, Command};

use crate::engine::EngineError;
use crate::host::HostError;
use std::process::ExitCode;

/// An output differs from golden, or the accelerator stopped.
const CHECK_FAILED: u8 = 1;
/// A bad argument, config or data file.
const BAD_INPUT: u8 = 2;

/// Runs a command; the exit code is that of DESIGN.md §4.
pub fn run(cli: &Cli) -> ExitCode {
    let outcome = match &cli.command {
        Command::Conv(args) => conv::run(args),
        Command::Network(args) => network::run(args),
        Command::Campaign(args) => campaign::run(args),
        Command::Map(args) => map::run(args).map(|()| true),
        Command::Energy(args) => energy::run(args).map(|()| true),
        Command::Compare(args) => compare::run(args),
        Command::Explore(args) => explore::run(args).map(|()| true),
        Command::Image(args) => image::run(args).map(|()| true),
        Command::Report(args) => report::run(args).map(|()| true),
        Command::Bench(args) => bench::run(args),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(CHECK_FAILED),
        Err(e) => {
            eprintln!("error: {e:#}");
            ExitCode::from(exit_code(&e))
        }
    }
}

fn exit_code(error: &anyhow::Error) -> u8 {
    let found = error.chain().find_map(|cause| {
        let host = cause.downcast_ref::<HostError>().map(HostError::exit_code);
        host.or_else(|| cause.downcast_ref::<EngineError>().map(EngineError::exit_code))
    });
    found.map_or(BAD_INPUT, |code| code as u8)
}
