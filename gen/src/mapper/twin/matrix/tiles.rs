//! `MatrixWalker` and `ConvWalker`, and the weights of arrays past which positions stream: `hw::ws`, `hw::nlr`, `hw::conv2d`.

use super::super::commands::Words;
use super::array::Sent;
use super::engines::pieces;
use super::passes::Pass;
use super::weights::Room;
use super::{Later, Layer, Pieces};
use hw::matrix::ArrayTiming;
use hw::{Arch, Dataflow};

/// Cycles from the launch of a weight tile to that of the next one at the least, less one.
const HOLD: u64 = 3;
/// From the first position of a weight tile in the walker to the swap of weights, where they lie in slots (`hw::nlr`).
const SWAP_DELAY: u64 = 3;
/// Cycles from a psum's read in its accumulator to its next, at the least.
const SHORTEST: u64 = 4;

pub(super) struct Tiles {
    /// Channels of a weight tile, at the most.
    channels: u64,
    pub room: Room,
    /// Convolution engines: the pieces of a filter, of which `launched` is launched next, and `loaded` has so many `taps` of its weights.
    engines: Option<usize>,
    pieces: Pieces,
    launched: usize,
    loaded: usize,
    taps: u64,
    /// Cycles after a tile's last position in which none is launched.
    rest: u64,
    after_last: u64,
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
            _ if arch.conv2d.is_some() => (1, 0),
            _ => (arch.rows, arch.cols - 1),
        };
        Tiles {
            channels: arch.channels_at_a_time() as u64,
            engines: arch.conv2d.map(|engines| engines.kernel),
            pieces: vec![],
            launched: 0,
            loaded: 0,
            taps: 0,
            rest: 0,
            after_last: 0,
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

    /// A layer begins.
    pub fn clear(&mut self, layer: &Layer, command: &Words) {
        self.room.clear();
        if let Some(kernel) = self.engines {
            self.pieces = pieces(layer, command, kernel as u64);
            (self.launched, self.loaded, self.taps) = (0, 0, 0);
            self.after_last = SHORTEST.saturating_sub(layer.positions);
        }
    }

    /// A line of weights ends a tap; whether it ends a weight tile.
    fn ends_tile(&mut self, line_end: bool) -> bool {
        if self.engines.is_none() || !line_end {
            return line_end;
        }
        self.taps += 1;
        let ends = self.taps == self.pieces[self.loaded].1;
        if ends {
            (self.loaded, self.taps) = ((self.loaded + 1) % self.pieces.len(), 0);
        }
        ends
    }

    pub fn step(&mut self, now: u64, layer: &Layer, line_end: bool, begins: Option<Pass>) {
        let line_end = self.ends_tile(line_end);
        let done = self.positions + self.rest <= 1;
        let launches = self.pass.is_some() && self.room.full() && self.hold == 0 && done;
        self.hold = if launches && self.engines.is_none() { HOLD } else { self.hold.saturating_sub(1) };
        match self.positions {
            0 => self.rest = self.rest.saturating_sub(1),
            _ => self.positions -= 1,
        }
        if let Some((pass, tiles)) = self.pass.as_mut().filter(|_| launches) {
            self.positions = layer.positions;
            if self.engines.is_some() {
                self.positions = self.pieces[self.launched].0;
                self.launched = (self.launched + 1) % self.pieces.len();
                self.rest = self.after_last;
            }
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
            let tiles = if self.engines.is_some() { self.pieces.len() as u64 } else { layer.taps };
            self.pass = Some((pass, pass.channels.div_ceil(self.channels) * tiles));
        }
        self.room.step(line_end, launches, self.swaps.happens(now));
    }
}
