use super::args::within;
use clap::Args;
use std::num::NonZeroUsize;
use std::thread::available_parallelism;

/// Threads that are taken where nothing is said: what has been measured to be worth it.
const USUAL: usize = 2;

/// How many processors a simulation takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Run")]
pub struct ThreadArgs {
    /// Threads that evaluate an array of 48 PEs or more in Verilator [default: 2, or as many as there are processors, if less]
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<usize>,
}

impl ThreadArgs {
    /// The number.
    pub fn count(&self) -> Option<NonZeroUsize> {
        let usual = || available_parallelism().map_or(1, NonZeroUsize::get).min(USUAL);
        NonZeroUsize::new(self.threads.unwrap_or_else(usual))
    }
}

fn threads(text: &str) -> Result<usize, String> {
    within(text, 1..=64)
}
