//! What a design's folder holds beside the Verilog, from templates.

mod constraints;
mod driver;
mod litex;
mod packages;
mod registers;
mod testbench;

use crate::generate::TOP;
use askama::Template;

pub use driver::driver;
pub use litex::litex;
pub use packages::{core_name, packages};
pub use registers::register_map;
pub use testbench::testbench;

#[derive(Template)]
#[template(path = "design.mk", escape = "none")]
struct Makefile<'a> {
    design: &'a str,
    top: &'a str,
}

/// `design.mk`: lint, simulation and synthesis of a design.
pub fn makefile(design: &str) -> Result<String, askama::Error> {
    Makefile { design, top: TOP }.render()
}
