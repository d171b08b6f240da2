use super::QUEUED_PASSES;
use crate::arch::Arch;
use crate::rtl::prelude::*;
use crate::shell::semaphore::Semaphore;

/// The pass that an array works on, as its walker sees it.
#[derive(Clone, Debug, LogicInterface)]
pub struct PassInWork {
    /// It begins in this cycle: `tile` to `rows` are its.
    pub begin: Wire<In>,
    pub tile: Wire<In>,
    pub x_start: Wire<In>,
    pub channels: Wire<In>,
    pub y_start: Wire<In>,
    /// Rows of the ifmap tile.
    pub rows: Wire<In>,
    // From the cycle after its beginning on
    pub half: Wire<In>,
    pub fresh: Wire<In>,
    pub frees: Wire<In>,
    pub ends: Wire<In>,
}

impl PassInWork {
    /// A pass at the widths of `arch`.
    pub fn new(arch: &Arch) -> Self {
        PassInWork {
            begin: Wire::bit(),
            tile: Wire::unsigned(address_bits(arch.port_words())),
            x_start: Wire::signed(16),
            channels: Wire::unsigned(16),
            y_start: Wire::signed(16),
            rows: Wire::unsigned(16),
            half: Wire::bit(),
            fresh: Wire::bit(),
            frees: Wire::bit(),
            ends: Wire::bit(),
        }
    }
}

/// The passes to come, and the half of the accumulators that each works on.
///
/// Passes wait in a queue of [`QUEUED_PASSES`]. A pass *begins* once its ifmap is there (if it waits for it) and the half of the accumulators that it works on
/// has been drained: the other half with `first`, otherwise the same; not while `hold`. A pass is offered in cycle c; it can begin in c + 1.
///
/// In the cycle of `begin`, `tile` to `rows` are those of the pass; `half`, `fresh`, `frees` and `ends` from the next cycle on, until the next pass begins.
#[derive(LogicBlock)]
pub struct MatrixPasses {
    pub clock: Wire<In, Clk>,
    // Commands
    pub pass_valid: Wire<In>,
    pub pass_ready: Wire<Out>,
    pub tile_in: Wire<In>,
    pub x_start_in: Wire<In>,
    pub c_valid_in: Wire<In>,
    pub y_start_in: Wire<In>,
    pub rows_in: Wire<In>,
    pub psum_in: Wire<In>,
    pub wait_loaded: Wire<In>,
    pub post_free: Wire<In>,
    pub first: Wire<In>,
    pub wait_psum_free: Wire<In>,
    pub post_psum_done: Wire<In>,
    pub loaded_post: Wire<In>,
    // The pass that begins
    pub hold: Wire<In>,
    pub begin: Wire<Out>,
    pub tile: Wire<Out>,
    pub x_start: Wire<Out>,
    pub channels: Wire<Out>,
    pub y_start: Wire<Out>,
    pub rows: Wire<Out>,
    // The one in work
    pub half: Wire<Out>,
    /// Its psums start at 0.
    pub fresh: Wire<Out>,
    /// Its end frees its ifmap tile, and completes the psums of its half.
    pub frees: Wire<Out>,
    pub ends: Wire<Out>,
    /// No pass waits.
    pub idle: Wire<Out>,
    // Halves of the accumulators
    /// A pass begins at whose end its half is to be drained.
    pub drain_put: Wire<Out>,
    pub drain_half: Wire<Out>,
    pub drain_waits: Wire<Out>,
    pub drain_line: Wire<Out>,
    /// A half has been drained.
    pub drained: Wire<In>,
    pub drained_half: Wire<In>,
    queue: Fifo,
    loaded: Semaphore,
    current_half: Reg,
    begins_fresh: Reg,
    frees_tile: Reg,
    ends_psums: Reg,
    /// A drain of the half is to come or in work.
    busy: Vec<Reg>,
    target: Wire<Local>,
    target_busy: Wire<Local>,
    go: Wire<Local>,
    /// Where the fields of a queued pass begin: tile, x_start, c_valid, y_start, rows, psum line, five flags.
    at: Vec<Const>,
}

impl MatrixPasses {
    /// The passes of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (address, line) = (address_bits(arch.port_words()), arch.line_bits());
        let pass = [address, 16, 16, 16, 16, line, 1, 1, 1, 1, 1];
        let begin = |i: usize| Const::new(pass[..i].iter().sum());
        MatrixPasses {
            clock: Default::default(),
            pass_valid: Wire::bit(),
            pass_ready: Wire::bit(),
            tile_in: Wire::unsigned(address),
            x_start_in: Wire::unsigned(16),
            c_valid_in: Wire::unsigned(16),
            y_start_in: Wire::unsigned(16),
            rows_in: Wire::unsigned(16),
            psum_in: Wire::unsigned(line),
            wait_loaded: Wire::bit(),
            post_free: Wire::bit(),
            first: Wire::bit(),
            wait_psum_free: Wire::bit(),
            post_psum_done: Wire::bit(),
            loaded_post: Wire::bit(),
            hold: Wire::bit(),
            begin: Wire::bit(),
            tile: Wire::unsigned(address),
            x_start: Wire::signed(16),
            channels: Wire::unsigned(16),
            y_start: Wire::signed(16),
            rows: Wire::unsigned(16),
            half: Wire::bit(),
            fresh: Wire::bit(),
            frees: Wire::bit(),
            ends: Wire::bit(),
            idle: Wire::bit(),
            drain_put: Wire::bit(),
            drain_half: Wire::bit(),
            drain_waits: Wire::bit(),
            drain_line: Wire::unsigned(line),
            drained: Wire::bit(),
            drained_half: Wire::bit(),
            queue: Fifo::new(QUEUED_PASSES, pass.iter().sum(), false),
            loaded: Default::default(),
            current_half: Reg::bit(),
            begins_fresh: Reg::bit(),
            frees_tile: Reg::bit(),
            ends_psums: Reg::bit(),
            busy: (0..2).map(|_| Reg::bit()).collect(),
            target: Wire::bit(),
            target_busy: Wire::bit(),
            go: Wire::bit(),
            at: (0..pass.len()).map(begin).collect(),
        }
    }
}

impl Logic for MatrixPasses {
    describe!("matrix_passes", "Passes to come, and the half of the accumulators that each works on.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, current_half, begins_fresh, frees_tile, ends_psums);
        self.queue.clock.next = self.clock.val();
        self.loaded.clock.next = self.clock.val();

        // A pass joins the queue
        self.queue.enq.valid.next = self.pass_valid.val();
        self.queue.enq.payload.next = self.tile_in.val()
            | (self.x_start_in.val() << self.at[1].val())
            | (self.c_valid_in.val() << self.at[2].val())
            | (self.y_start_in.val() << self.at[3].val())
            | (self.rows_in.val() << self.at[4].val())
            | (self.psum_in.val() << self.at[5].val())
            | (self.wait_loaded.val() << self.at[6].val())
            | (self.post_free.val() << self.at[7].val())
            | (self.first.val() << self.at[8].val())
            | (self.wait_psum_free.val() << self.at[9].val())
            | (self.post_psum_done.val() << self.at[10].val());
        self.pass_ready.next = self.queue.enq.ready.val();

        // It begins
        self.target.next = self.current_half.q.val() ^ bit_cast(self.queue.deq.payload.val() >> self.at[8].val(), 1);
        self.target_busy.next = self.busy[0].q.val();
        if self.target.val().any() {
            self.target_busy.next = self.busy[1].q.val();
        }
        self.go.next = (self.queue.deq.valid.val().any()
            && !self.hold.val().any()
            && !self.target_busy.val().any()
            && (!self.queue.deq.payload.val().get_bit(self.at[6].val()) || self.loaded.available.val().any()))
        .into();
        self.queue.deq.ready.next = self.go.val();
        self.loaded.post.next = self.loaded_post.val();
        self.loaded.take.next = self.go.val() & bit_cast(self.queue.deq.payload.val() >> self.at[6].val(), 1);
        self.begin.next = self.go.val();
        self.tile.next = self.queue.deq.payload.val();
        self.x_start.next = self.queue.deq.payload.val() >> self.at[1].val();
        self.channels.next = self.queue.deq.payload.val() >> self.at[2].val();
        self.y_start.next = self.queue.deq.payload.val() >> self.at[3].val();
        self.rows.next = self.queue.deq.payload.val() >> self.at[4].val();
        if self.go.val().any() {
            self.current_half.d.next = self.target.val();
            self.frees_tile.d.next = self.queue.deq.payload.val() >> self.at[7].val();
            self.begins_fresh.d.next = self.queue.deq.payload.val() >> self.at[8].val();
            self.ends_psums.d.next = self.queue.deq.payload.val() >> self.at[10].val();
        }
        self.half.next = self.current_half.q.val();
        self.fresh.next = self.begins_fresh.q.val();
        self.frees.next = self.frees_tile.q.val();
        self.ends.next = self.ends_psums.q.val();
        self.idle.next = !self.queue.deq.valid.val();

        // Its half is drained
        self.drain_put.next = self.go.val() & bit_cast(self.queue.deq.payload.val() >> self.at[10].val(), 1);
        self.drain_half.next = self.target.val();
        self.drain_waits.next = self.queue.deq.payload.val() >> self.at[9].val();
        self.drain_line.next = self.queue.deq.payload.val() >> self.at[5].val();
        for h in 0..2 {
            self.busy[h].clock.next = self.clock.val();
            self.busy[h].d.next = self.busy[h].q.val();
            if self.drain_put.val().any() && self.target.val() == h {
                self.busy[h].d.next = true.into();
            } else if self.drained.val().any() && self.drained_half.val() == h {
                self.busy[h].d.next = false.into();
            }
        }
    }
}
