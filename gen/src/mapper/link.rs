//! The memory and the link to it, as far as the time of a layer depends on them.

use serde::{Deserialize, Serialize};

/// Speed of the memory behind the AXI4 link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Cycles from a read's address to its first data.
    pub latency: u64,
    /// Beats a cycle as a fraction, reads and writes together; `None`: a beat a cycle in each direction.
    pub bandwidth: Option<(u32, u32)>,
}

impl Link {
    /// The chip's: 60 MHz beside a core at 200 MHz (JSSC 2017, section VI).
    pub const EYERISS: Link = Link { latency: 20, bandwidth: Some((60, 200)) };

    /// Cycles that `beats` beats take at the least.
    pub(super) fn cycles_of(&self, beats: u64) -> u64 {
        match self.shared() {
            Some((share, cycles)) => (beats * cycles).div_ceil(share),
            None => beats,
        }
    }

    /// Beats in cycles that reads and writes share.
    pub(super) fn shared(&self) -> Option<(u64, u64)> {
        self.bandwidth.map(|(beats, cycles)| (u64::from(beats.max(1)), u64::from(cycles)))
    }

    /// Cycles that `reads` and `writes` beats take together at the least.
    pub(super) fn cycles_of_both(&self, reads: u64, writes: u64) -> u64 {
        match self.bandwidth {
            Some(_) => self.cycles_of(reads + writes),
            None => reads.max(writes),
        }
    }
}

impl Default for Link {
    fn default() -> Link {
        Link { latency: 20, bandwidth: None }
    }
}
