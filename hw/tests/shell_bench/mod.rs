//! What the tests of the shell share.
#![allow(dead_code, unused_macros)]

#[macro_use]
pub mod memory;
pub mod job;
pub mod system;

use hw::{Arch, ArchSpec};

/// A small accelerator with these widths.
pub fn arch(width: usize, psum_width: usize, link_width: usize) -> Arch {
    let spec =
        ArchSpec { rows: 3, cols: 4, width, psum_width, glb_kb: 16, link_width, masks: true, ..Default::default() };
    spec.check().unwrap()
}

/// An accelerator with widths of every kind, by number.
pub fn some_arch(n: u64) -> Arch {
    let widths = [(16, 0), (8, 20), (8, 32), (12, 31), (32, 64), (2, 2), (16, 40), (5, 64)];
    let (width, psum_width) = widths[n as usize % widths.len()];
    arch(width, psum_width, [64, 32, 128][(n as usize / widths.len() + n as usize) % 3])
}
