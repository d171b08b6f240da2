//! `gen`: from options to a folder with a complete accelerator.

use anyhow::Context;
use clap::Parser;
use gen::console::say;
use gen::design::DesignArgs;
use gen::generate::{generate, Generated};
use gen::output::replace_folder;
use std::path::PathBuf;
use std::process::ExitCode;

/// Generate a spatial DNN accelerator as synthesizable Verilog.
#[derive(Parser, Debug)]
#[command(name = "gen", version, after_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    design: DesignArgs,
    /// Folder to write the design to [default: verilog_out/<design>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the design's parameters as JSON instead of text
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  gen --pes 168 --width 16
  gen --rows 4 --cols 4 --width 8 --glb-kb 16 --out my_design
  gen --preset eyeriss";

/// A bad argument, config or data file (DESIGN.md §4).
const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("error: {e:#}");
            ExitCode::from(BAD_INPUT)
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<()> {
    let design = cli.design.design()?;
    let Generated { name, files, json } = generate(&design).context("the design cannot be written as Verilog")?;
    let folder = cli.out.clone().unwrap_or_else(|| PathBuf::from("verilog_out").join(&name));
    replace_folder(&folder, &files)?;
    let text = if cli.json { json } else { gen::summary::summary(&design, &name, &files, &folder) };
    say(&text).context("cannot write to the standard output")
}
