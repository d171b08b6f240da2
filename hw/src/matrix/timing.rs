use crate::{conv2d, is, nlr, os, ws, Arch, Dataflow};

/// When an array's psums come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArrayTiming {
    /// Cycles from a position at the array's `control_out` to its psum in column 0.
    pub meets: usize,
    /// Each column's psum comes a cycle after that of the column before; otherwise those of all columns come together.
    pub skewed: bool,
    /// Cycles from a position in the walker to its psum in the last column's accumulator, and its counts, or more.
    pub flight: usize,
}

impl ArrayTiming {
    /// That of the array of `arch`.
    pub fn of(arch: &Arch) -> Self {
        match arch.dataflow {
            Dataflow::Nlr => nlr::timing(arch),
            Dataflow::Os => os::timing(arch),
            Dataflow::Is => is::timing(arch),
            _ if arch.conv2d.is_some() => conv2d::timing(arch),
            _ => ws::timing(arch),
        }
    }
}
