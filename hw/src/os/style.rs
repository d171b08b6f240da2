use serde::{Deserialize, Serialize};
use std::fmt;

/// Which outputs an output-stationary array works on at a time, as ISCA 2016 (section III.B) tells such dataflows apart: pixels and planes (channels) of the ofmap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OsStyle {
    /// OS_B, MOC-MOP: adjacent rows of a column of pixels, in several planes ([`crate::os::OsArray`]).
    #[default]
    MopMop,
    /// OS_C, MOC-SOP: one pixel in as many planes as there are PEs ([`crate::os::OsPixelArray`]).
    MopSop,
    /// OS_A, SOC-MOP: adjacent rows and columns of pixels in one plane ([`crate::os::OsPlaneArray`]).
    SopMop,
}

impl OsStyle {
    /// All styles, the default first.
    pub const ALL: [OsStyle; 3] = [OsStyle::MopMop, OsStyle::MopSop, OsStyle::SopMop];
}

impl fmt::Display for OsStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OsStyle::MopMop => "mop-mop",
            OsStyle::MopSop => "mop-sop",
            OsStyle::SopMop => "sop-mop",
        })
    }
}
