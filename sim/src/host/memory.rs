//! What can be chosen about the memory and its link, and what it counts.

use gen::mapper::Link;
use hw::LinkClock;
use std::fmt;
use std::ops::{Range, Sub};

/// Edges of its exit's clock that an entry waits in the queue of a crossing, about.
const CROSSING: u64 = 4;

/// The speed of the memory and of the link to it.
#[derive(Clone, Debug)]
pub struct MemoryTiming {
    /// Cycles of the link from an address's transfer to the first data or the response; at least 1.
    pub latency: u64,
    /// Seed of random latencies (up to four times `latency`) and random stalls of every channel.
    pub jitter: Option<u64>,
    /// Beats a cycle of the link as a fraction, reads and writes together: (60, 200) for a link at 60 MHz and a core at 200 MHz.
    pub bandwidth: Option<(u32, u32)>,
    /// Bursts in each direction that the memory takes before it has served the first of them.
    pub outstanding: usize,
    /// Cycles of the link in cycles of the core, (60, 200) for 60 MHz and 200 MHz, where the link has a clock of its own. With
    /// `jitter` this is what they come to in the long run; their order changes at random.
    pub ratio: (u32, u32),
}

impl Default for MemoryTiming {
    fn default() -> Self {
        MemoryTiming { latency: 20, jitter: None, bandwidth: None, outstanding: 16, ratio: (1, 1) }
    }
}

impl MemoryTiming {
    /// This speed, as the mapper takes it; without the jitter. That of a link with a clock of its own is given in the core's cycles, and
    /// about right: what a link's clock makes of the time of each beat is not in it.
    pub fn link(&self, clock: LinkClock) -> Link {
        let (link, core) = (u64::from(self.ratio.0), u64::from(self.ratio.1));
        match clock {
            LinkClock::Sync => Link { latency: self.latency, bandwidth: self.bandwidth },
            LinkClock::Async => Link {
                // There and back through a queue: three edges of one clock and one of the other, each time.
                latency: (self.latency + CROSSING).saturating_mul(core).div_ceil(link) + CROSSING,
                bandwidth: self.core_bandwidth(),
            },
        }
    }

    /// Beats a cycle of the core, unless it is one in each direction and cycle.
    fn core_bandwidth(&self) -> Option<(u32, u32)> {
        let (beats, cycles) = self.bandwidth.unwrap_or((1, 1));
        let (mut beats, mut cycles) =
            (u64::from(beats) * u64::from(self.ratio.0), u64::from(cycles) * u64::from(self.ratio.1));
        if beats >= cycles {
            return None;
        }
        // Both fit 32 bits; of what is lost there, no cycle of a layer tells.
        while cycles > u64::from(u32::MAX) {
            (beats, cycles) = (beats.div_ceil(2), cycles / 2);
        }
        Some((beats as u32, cycles as u32))
    }
}

/// An AXI response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    /// OKAY.
    Okay,
    /// EXOKAY, which nothing here asks for.
    ExOkay,
    /// SLVERR.
    SlvErr,
    /// DECERR.
    DecErr,
}

impl Response {
    pub(super) fn from_bits(bits: u128) -> Response {
        [Response::Okay, Response::ExOkay, Response::SlvErr, Response::DecErr][bits as usize & 3]
    }
}

impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Response::Okay => "OKAY",
            Response::ExOkay => "EXOKAY",
            Response::SlvErr => "SLVERR",
            Response::DecErr => "DECERR",
        })
    }
}

/// A direction of a transfer, seen from the accelerator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// From the memory.
    Read,
    /// To the memory.
    Write,
}

/// Which bursts a fault hits.
#[derive(Clone, Debug)]
pub enum FaultAt {
    /// The burst of this number since the last reset, counted from 0 in each direction.
    Burst(u64),
    /// Bursts that touch these addresses.
    Addresses(Range<u64>),
}

/// Bursts that are answered with an error.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The direction.
    pub transfer: Transfer,
    /// Which bursts.
    pub at: FaultAt,
    /// The answer.
    pub response: Response,
}

/// What an access outside every region is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outside {
    /// An error of the simulation.
    #[default]
    Fail,
    /// Answered with DECERR, as by a real interconnect; an access that a region forbids as well.
    DecErr,
}

/// What has moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bursts read.
    pub read_bursts: u64,
    /// Beats read.
    pub read_beats: u64,
    /// Bytes read: beats times the width of the link.
    pub read_bytes: u64,
    /// Bursts written.
    pub write_bursts: u64,
    /// Beats written.
    pub write_beats: u64,
    /// Bytes written: those whose strobe was set.
    pub write_bytes: u64,
}

impl Sub for Traffic {
    type Output = Traffic;
    fn sub(self, before: Traffic) -> Traffic {
        Traffic {
            read_bursts: self.read_bursts - before.read_bursts,
            read_beats: self.read_beats - before.read_beats,
            read_bytes: self.read_bytes - before.read_bytes,
            write_bursts: self.write_bursts - before.write_bursts,
            write_beats: self.write_beats - before.write_beats,
            write_bytes: self.write_bytes - before.write_bytes,
        }
    }
}
