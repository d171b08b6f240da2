//! A unit that works through a queue of commands.

use std::collections::VecDeque;

/// Commands that a unit's queue holds.
pub(super) const QUEUE: usize = 4;

/// A unit that works through a queue of commands in order.
#[derive(Default)]
pub(super) struct Unit {
    /// When the last commands left the queue.
    left: VecDeque<u64>,
    /// The end of what it does.
    pub end: u64,
}

impl Unit {
    /// When its queue has room.
    pub fn room(&self) -> u64 {
        match self.left.len() < QUEUE {
            true => 0,
            false => self.left[0],
        }
    }

    /// When the last command left it.
    pub fn last_left(&self) -> u64 {
        self.left.back().copied().unwrap_or(0)
    }

    /// A command leaves it.
    pub fn leave(&mut self, at: u64) {
        self.left.push_back(at);
        if self.left.len() > QUEUE {
            self.left.pop_front();
        }
    }
}
