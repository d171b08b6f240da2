//! `MatrixWalker`, and the weights of arrays past which positions stream: `hw::ws`, `hw::nlr`.

use super::array::Sent;
use super::passes::Pass;
use super::weights::Room;
use super::{Later, Layer};
use hw::matrix::ArrayTiming;
use hw::{Arch, Dataflow};

/// Cycles from the launch of a weight tile to that of the next one at the least, less one.
const HOLD: u64 = 3;
/// From the first position of a weight tile in the walker to the swap of weights, where they lie in slots (`hw::nlr`).
const SWAP_DELAY: u64 = 3;

pub(super) struct Tiles {
    rows: u64,
    pub room: Room,
    swaps: Later,
    /// The pass whose tiles are launched, with those that are left.
    pass: Option<(Pass, u64)>,
    /// Positions of the tile that are left, and what its last is the last of.
    positions: u64,
    last: Sent,
    hold: u64,
    /// From the last position of a pass in the walker to `ifmap_free`, and to its last psum's write.
    free_delay: u64,
    end_delay: u64,
}

impl Tiles {
    pub fn new(arch: &Arch) -> Tiles {
        // From the walker to the array's `control_out`, of which `hw::ws` and `hw::nlr` tell.
        let (control, columns) = match arch.dataflow {
            Dataflow::Nlr => (1, 0),
            _ => (arch.rows, arch.cols - 1),
        };
        Tiles {
            rows: arch.rows as u64,
            room: Room::new(arch),
            swaps: Later::default(),
            pass: None,
            positions: 0,
            last: Sent::default(),
            hold: 0,
            free_delay: control as u64 + 1,
            // The psum is added in the cycle in which it comes, and written in the next.
            end_delay: (control + ArrayTiming::of(arch).meets + columns + 1) as u64,
        }
    }

    pub fn is_idle(&self) -> bool {
        self.pass.is_none() && self.positions == 0
    }

    pub fn holds(&self) -> bool {
        self.pass.is_some()
    }

    /// The position that is sent in this cycle.
    pub fn sent(&self) -> Option<Sent> {
        (self.positions > 0).then(|| if self.positions == 1 { self.last } else { Sent::default() })
    }

    pub fn step(&mut self, now: u64, layer: &Layer, line_end: bool, begins: Option<Pass>) {
        let launches = self.pass.is_some() && self.room.full() && self.hold == 0 && self.positions <= 1;
        self.hold = if launches { HOLD } else { self.hold.saturating_sub(1) };
        self.positions = self.positions.saturating_sub(1);
        if let Some((pass, tiles)) = self.pass.as_mut().filter(|_| launches) {
            self.positions = layer.positions;
            *tiles -= 1;
            let ends_pass = *tiles == 0;
            self.last = Sent {
                ends_pass,
                frees: (ends_pass && pass.post_free).then_some(self.free_delay),
                ends: (ends_pass && pass.post_psum_done).then_some(self.end_delay),
            };
            if ends_pass {
                self.pass = None;
            }
            self.swaps.at(now + 1 + SWAP_DELAY);
        }
        if let Some(pass) = begins {
            self.pass = Some((pass, pass.channels.div_ceil(self.rows) * layer.taps));
        }
        self.room.step(line_end, launches, self.swaps.happens(now));
    }
}
