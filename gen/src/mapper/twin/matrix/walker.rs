//! `MatrixWalker`: passes become weight tiles, these become positions.

use super::super::parts::{Queue, Semaphore};

/// A pass that waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    /// Weight tiles.
    pub tiles: u64,
    pub wait_loaded: bool,
    pub post_free: bool,
    pub first: bool,
    pub wait_psum_free: bool,
    pub post_psum_done: bool,
}

/// What the position that is sent is the last of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sent {
    pub ends_pass: bool,
    /// Its ifmap tile is free.
    pub frees: bool,
    /// Its half of the accumulators is to be drained.
    pub ends: bool,
}

/// A drain to come.
#[derive(Clone, Copy, Debug)]
pub(super) struct ToDrain {
    pub half: usize,
    pub waits: bool,
}

/// What happens in a cycle.
pub(super) struct Turn {
    /// A weight tile is launched.
    pub launches: bool,
    pub drain: Option<ToDrain>,
}

/// Cycles from the launch of a weight tile to that of the next one at the least, less one.
const HOLD: u64 = 3;

pub(super) struct Walker {
    pub queue: Queue<Pass>,
    pub loaded: Semaphore,
    half: usize,
    /// A drain of the half is to come or in work.
    busy: [bool; 2],
    /// The pass whose tiles are launched, with those that are left.
    pass: Option<Pass>,
    /// Positions of the tile that are left, and what its last is the last of.
    positions: u64,
    last: Sent,
    hold: u64,
}

impl Walker {
    /// With a queue of so many passes.
    pub fn new(passes: usize) -> Walker {
        Walker {
            queue: Queue::new(passes),
            loaded: Semaphore::default(),
            half: 0,
            busy: [false; 2],
            pass: None,
            positions: 0,
            last: Sent::default(),
            hold: 0,
        }
    }

    pub fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.pass.is_none() && self.positions == 0
    }

    /// The position that is sent in this cycle.
    pub fn sent(&self) -> Option<Sent> {
        (self.positions > 0).then(|| if self.positions == 1 { self.last } else { Sent::default() })
    }

    /// A cycle, in which the weights of the next tile are there if `full`, and the half `drained` has been drained; a tile has so many `positions`.
    pub fn step(&mut self, full: bool, drained: Option<usize>, positions: u64) -> Turn {
        let launches = self.pass.is_some() && full && self.hold == 0 && self.positions <= 1;
        let begins = self.queue.head().copied().filter(|pass| {
            self.pass.is_none() && !self.busy[self.target(pass)] && (!pass.wait_loaded || self.loaded.is_available())
        });
        self.hold = if launches { HOLD } else { self.hold.saturating_sub(1) };
        self.positions = self.positions.saturating_sub(1);
        if let Some(pass) = self.pass.as_mut().filter(|_| launches) {
            self.positions = positions;
            pass.tiles -= 1;
            let ends_pass = pass.tiles == 0;
            self.last = Sent { ends_pass, frees: ends_pass && pass.post_free, ends: ends_pass && pass.post_psum_done };
            if ends_pass {
                self.pass = None;
            }
        }
        if let Some(half) = drained {
            self.busy[half] = false;
        }
        let mut drain = None;
        if let Some(pass) = begins {
            self.half = self.target(&pass);
            self.queue.pop();
            if pass.wait_loaded {
                self.loaded.take();
            }
            if pass.post_psum_done {
                self.busy[self.half] = true;
                drain = Some(ToDrain { half: self.half, waits: pass.wait_psum_free });
            }
            self.pass = Some(pass);
        }
        self.queue.tick();
        self.loaded.tick();
        Turn { launches, drain }
    }

    /// The half of the accumulators that a pass works on if it begins now.
    fn target(&self, pass: &Pass) -> usize {
        self.half ^ usize::from(pass.first)
    }
}
