//! `MatrixDrain`, and the way of its psums to the buffer.

use super::super::parts::{Queue, Semaphore};
use super::passes::ToDrain;
use super::Later;

/// From a psum's read to its write.
const WRITE_DELAY: u64 = 2;

pub(super) struct Drain {
    pub queue: Queue<ToDrain>,
    pub free: Semaphore,
    complete: Semaphore,
    half: usize,
    /// Reads that are left.
    left: u64,
    dones: Later,
}

impl Drain {
    pub fn new() -> Drain {
        Drain {
            queue: Queue::new(2),
            free: Semaphore::default(),
            complete: Semaphore::default(),
            half: 0,
            left: 0,
            dones: Later::default(),
        }
    }

    pub fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.left == 0 && self.dones.is_empty()
    }

    /// The half whose last psum is read in this cycle.
    pub fn ends_half(&self) -> Option<usize> {
        (self.left == 1).then_some(self.half)
    }

    /// A cycle, in which the psums of a half are complete if it has `ended`; a drain reads `total` of each lane. Whether `psum_done` is posted.
    pub fn step(&mut self, now: u64, ended: bool, total: u64) -> bool {
        let starts = self.queue.head().copied().filter(|drain| {
            self.left == 0 && self.complete.is_available() && (!drain.waits || self.free.is_available())
        });
        if self.left == 1 {
            self.dones.at(now + WRITE_DELAY);
        }
        self.left = self.left.saturating_sub(1);
        if let Some(drain) = starts {
            (self.half, self.left) = (drain.half, total);
            self.queue.pop();
            self.complete.take();
            if drain.waits {
                self.free.take();
            }
        }
        if ended {
            self.complete.post();
        }
        self.queue.tick();
        self.complete.tick();
        self.free.tick();
        self.dones.happens(now)
    }
}
