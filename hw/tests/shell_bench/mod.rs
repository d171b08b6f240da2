//! What the tests of the shell share.
#![allow(dead_code, unused_macros)]

#[macro_use]
pub mod memory;

use hw::{Arch, ArchSpec};

/// A small accelerator with these widths.
pub fn arch(width: usize, psum_width: usize, link_width: usize) -> Arch {
    let spec = ArchSpec { rows: 3, cols: 4, width, psum_width, glb_kb: 16, link_width, ..Default::default() };
    spec.check().unwrap()
}
