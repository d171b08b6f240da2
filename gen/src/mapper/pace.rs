//! How long the array takes for a pass, if everything that it needs is there.

use super::overheads::{COLLECT, FILTER_LATENCY, HOP, IFMAP_LATENCY, PSUM_LATENCY, REFILL};
use super::plan::Plan;
use super::twin::Beat;
use hw::arch::FILTER_BUS_WORDS;

/// The cycles of a pass of `images` images and `windows` windows, by what takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    /// MACs of a window: p·T.
    pub window: u64,
    /// Taps of a window and filter.
    pub taps: u64,
    /// Windows of the pass, over all images.
    pub windows: u64,
    /// MACs of a PE, and the gaps in which it waits for ifmap words.
    pub macs: u64,
    /// Of these, the gaps of each row of an image.
    pub row_gap: u64,
    /// Words on the ifmap bus.
    pub ifmap: u64,
    /// Of these, those of the first window.
    pub first: u64,
    /// Lines on the filter bus.
    pub filter: u64,
    /// Of these, those that find room in the PEs only in the last window of the pass before.
    pub filter_late: u64,
    /// Psums of the busiest lane, in each direction.
    pub psum: u64,
    /// Cycles in which the psum read port of a lane is taken, on average over the lanes.
    pub port: u64,
    /// Cycles by which the last PE of a stack is behind the first.
    pub skew: u64,
}

impl Pace {
    pub fn new(plan: &Plan, images: usize, windows: usize) -> Pace {
        let (mapping, arch) = (&plan.mapping, &plan.arch);
        let (taps, p) = (mapping.taps(), mapping.p);
        let streams = plan.streams();
        let lead = arch.ifmap_ring() - taps;
        // What of a window's new words finds no room in the ring comes once a PE has passed the words in their places with its last filter,
        // in all PEs: those of a stack are behind each other, and their words take turns on the bus, column by column.
        let wait = |late: usize| {
            let behind = if late <= mapping.q { mapping.filter_rows } else { mapping.stack() };
            let lag = (behind - 1) * (taps + HOP as usize);
            lag + late * streams + p * taps + REFILL as usize
        };
        let step = plan.step_cols() * mapping.q;
        let windows_ahead = lead / step;
        let late = (windows_ahead + 1) * step - lead;
        let step_gap = (wait(late).saturating_sub(2 * taps) / (windows_ahead + 1)).saturating_sub(p * taps);
        let row_gap = match taps.saturating_sub(lead) {
            0 => 0,
            late => wait(late).saturating_sub(2 * taps).saturating_sub(p * taps),
        };
        let row = windows * p * taps + (windows - 1) * step_gap + row_gap;
        let tags = mapping.t() * mapping.stack();
        let ahead = (arch.filter_spad - plan.filter_words()) / FILTER_BUS_WORDS;
        Pace {
            window: (p * taps) as u64,
            taps: taps as u64,
            windows: (images * windows) as u64,
            macs: (images * row) as u64,
            row_gap: row_gap as u64,
            ifmap: (images * streams * mapping.q * plan.sent_cols(windows)) as u64,
            first: (streams * taps) as u64,
            filter: plan.pass_filter_lines() as u64,
            filter_late: (plan.filter_lines().saturating_sub(ahead) * tags) as u64,
            psum: (images * windows * plan.psum.lane_rows * p) as u64,
            port: (images * windows * p * mapping.e * mapping.t() / arch.psum_lanes) as u64,
            skew: (mapping.stack() as u64 - 1) * (taps as u64 + HOP),
        }
    }

    /// The rhythm of passes, as far as closed forms say it.
    pub fn beat(&self) -> Beat {
        // From the end of the first window in the last PE of a stack.
        let rest = self.macs - self.window - self.row_gap + COLLECT;
        let first = self.skew + self.window;
        let held_up = 2 * self.window + self.skew + COLLECT;
        let after_filter = match self.filter_late {
            0 => self.macs + COLLECT,
            _ => self.window + COLLECT,
        };
        Beat {
            interval: self.macs,
            ifmap: (IFMAP_LATENCY + (self.first + first).saturating_sub(self.taps) + rest)
                .max(IFMAP_LATENCY + self.ifmap + self.window.min(self.macs) + COLLECT),
            feed: PSUM_LATENCY + first + rest.max(self.psum.saturating_sub(first)),
            collect: self.psum.max(self.macs.saturating_sub(self.window)) + COLLECT,
            filter: FILTER_LATENCY + self.skew.min(self.window) + rest,
            after_ifmap: held_up,
            after_feed: held_up,
            after_filter: after_filter as i64 - self.filter_late as i64,
        }
    }

    /// Cycles of the pass in a row of passes like it.
    pub fn cycles(&self) -> u64 {
        let refill = (self.filter_late + FILTER_LATENCY).saturating_sub(2 * self.window);
        let late = if self.filter_late > 0 { refill } else { 0 };
        (self.macs + late).max(self.ifmap).max(self.psum).max(self.filter)
    }
}
