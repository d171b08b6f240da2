//! Goldens of single blocks. `UPDATE_EXPECT=1 cargo test -p tessera-gen` rewrites them.

mod blocks;
mod errors;
mod parts;
mod registers;
mod statements;
mod structure;

use super::*;
use expect_test::Expect;

/// The Verilog of a design whose inputs are driven from outside.
#[track_caller]
fn verilog(mut top: impl Block) -> Verilog {
    top.connect_all();
    match emit(&top, "top") {
        Ok(verilog) => verilog,
        Err(e) => panic!("{e}"),
    }
}

#[track_caller]
fn check(top: impl Block, expect: Expect) {
    expect.assert_eq(&verilog(top).to_string());
}

#[track_caller]
fn check_error(mut top: impl Block, expect: Expect) {
    top.connect_all();
    match emit(&top, "top") {
        Ok(verilog) => panic!("no error, but\n{verilog}"),
        Err(e) => expect.assert_eq(&e.to_string()),
    }
}
