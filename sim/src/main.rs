//! `sim`: layers through a generated accelerator.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    sim::cli::run(&sim::cli::Cli::parse())
}
