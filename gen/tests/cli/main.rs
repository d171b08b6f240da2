//! `gen` as a user runs it: what it refuses, with which words and exit code, and what it leaves in the file system.

mod command;
mod config;
mod folders;
mod options;
mod styles;

use command::Folder;

fn gen() -> Folder {
    Folder::new(env!("CARGO_BIN_EXE_gen"))
}
