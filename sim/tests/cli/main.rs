//! `sim` as a user runs it: results, refusals, exit codes and the files that it writes.

mod campaign;
#[path = "../../../gen/tests/cli/command.rs"]
mod command;
mod compare;
mod energy;
mod engines;
mod explore;
mod files;
mod image;
mod options;
mod outcomes;
mod vectors;
mod waveforms;

use command::Folder;

/// An accelerator that every engine runs in a moment.
const SMALL: &str = "--rows 2 --cols 2 --width 8 --glb-kb 8";
/// The accelerator of `tests/tests/cosimulation.rs`, whose Verilator model is kept.
const MIDDLE: &str = "--rows 4 --cols 4 --width 16 --glb-kb 32";
/// A small layer.
const LAYER: &str = "--m 2 --c 2 --h 5 --w 6 --r 3 --s 3";

fn sim() -> Folder {
    Folder::new(env!("CARGO_BIN_EXE_sim"))
}
