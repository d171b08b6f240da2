//! `MatrixPasses`: the queue, and the halves of the accumulators.

use super::super::parts::{Queue, Semaphore};

/// A pass that waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    pub channels: u64,
    // Where words are held: the weights of a channel, and its steps
    pub taps: u64,
    pub steps: u64,
    pub wait_loaded: bool,
    pub post_free: bool,
    pub first: bool,
    pub wait_psum_free: bool,
    pub post_psum_done: bool,
}

/// A drain to come.
#[derive(Clone, Copy, Debug)]
pub(super) struct ToDrain {
    pub half: usize,
    pub waits: bool,
}

pub(super) struct Passes {
    pub queue: Queue<Pass>,
    pub loaded: Semaphore,
    half: usize,
    /// A drain of the half is to come or in work.
    busy: [bool; 2],
}

impl Passes {
    /// With a queue of so many.
    pub fn new(passes: usize) -> Passes {
        Passes { queue: Queue::new(passes), loaded: Semaphore::default(), half: 0, busy: [false; 2] }
    }

    /// The pass that begins in this cycle, unless the array must `hold` it.
    pub fn begins(&self, hold: bool) -> Option<Pass> {
        self.queue
            .head()
            .copied()
            .filter(|pass| !hold && !self.busy[self.target(pass)] && (!pass.wait_loaded || self.loaded.is_available()))
    }

    /// A cycle, in which the pass `begins` and the half `drained` has been drained.
    pub fn step(&mut self, begins: Option<Pass>, drained: Option<usize>) -> Option<ToDrain> {
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
        }
        self.queue.tick();
        self.loaded.tick();
        drain
    }

    /// The half of the accumulators that a pass works on if it begins now.
    fn target(&self, pass: &Pass) -> usize {
        self.half ^ usize::from(pass.first)
    }
}
