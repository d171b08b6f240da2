use crate::rtl::prelude::*;

/// A counting semaphore between two units: `post` adds one, `take` takes one, `available` says that there is one to take.
///
/// A post is available in the next cycle. Post and take may come together.
#[derive(LogicBlock)]
pub struct Semaphore {
    pub clock: Wire<In, Clk>,
    pub post: Wire<In>,
    pub take: Wire<In>,
    pub available: Wire<Out>,
    count: Reg,
}

/// Width of the count: more posts than a program can leave untaken.
const COUNT_BITS: usize = 16;

impl Default for Semaphore {
    fn default() -> Self {
        Semaphore {
            clock: Default::default(),
            post: Wire::bit(),
            take: Wire::bit(),
            available: Wire::bit(),
            count: Reg::unsigned(COUNT_BITS),
        }
    }
}

impl Logic for Semaphore {
    describe!("counting_semaphore", "Counting semaphore: post adds one, take takes one.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, count);
        self.available.next = self.count.q.val().any().into();
        self.count.d.next = self.count.q.val() + self.post.val() - self.take.val();
    }
}
