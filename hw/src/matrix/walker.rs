use super::control;
use super::layer_registers::{PositionLayer, TileLayer};
use super::position_loops::MatrixPositionLoops;
use super::tile_loops::MatrixTileLoops;
use super::QUEUED_PASSES;
use crate::arch::Arch;
use crate::rtl::prelude::*;
use crate::shell::semaphore::Semaphore;

/// Turns passes into positions, one a cycle, for row 0 of the array.
///
/// Passes wait in a queue of [`QUEUED_PASSES`]. A pass *begins* once the one before has launched its last weight tile, its ifmap is there (if it waits for
/// it) and the half of the accumulators that it works on has been drained: the other half with `first`, otherwise the same. A weight tile is
/// *launched* when its weights are there, the positions of the one before have been sent, and that was launched at least 4 cycles before, as the accumulators
/// need as long from a read to the next.
///
/// The schedule: a pass is offered in cycle c; it can begin in c + 1, its first tile be launched in c + 2; a tile that is launched in cycle k sends its positions from
/// k + 1 on. The next tile, also of the next pass if that has been in the queue for 2 cycles, is launched in cycle k + max(positions, 4) at
/// the earliest: without a gap if there are 4 positions or more.
#[derive(LogicBlock)]
pub struct MatrixWalker {
    pub clock: Wire<In, Clk>,
    pub tile_layer: TileLayer,
    pub position_layer: PositionLayer,
    // Passes
    pub pass_valid: Wire<In>,
    pub pass_ready: Wire<Out>,
    pub tile: Wire<In>,
    pub x_start: Wire<In>,
    pub c_valid: Wire<In>,
    pub y_start: Wire<In>,
    pub tile_rows: Wire<In>,
    pub psum: Wire<In>,
    pub wait_loaded: Wire<In>,
    pub post_free: Wire<In>,
    pub first: Wire<In>,
    pub wait_psum_free: Wire<In>,
    pub post_psum_done: Wire<In>,
    pub loaded_post: Wire<In>,
    pub idle: Wire<Out>,
    // Weights
    pub full: Wire<In>,
    pub launch: Wire<Out>,
    // Positions; `control` has the bits of `control`
    pub control: Wire<Out>,
    pub inside: Wire<Out>,
    pub left: Wire<Out>,
    pub address: Wire<Out>,
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
    tiles: MatrixTileLoops,
    positions: MatrixPositionLoops,
    loaded: Semaphore,
    // The pass whose tiles are launched
    half: Reg,
    begins_fresh: Reg,
    frees: Reg,
    ends: Reg,
    height: Reg,
    /// A drain of the half is to come or in work.
    busy: Vec<Reg>,
    // The tile whose positions are sent
    tile_half: Reg,
    tile_fresh: Reg,
    tile_frees: Reg,
    tile_ends: Reg,
    tile_left: Reg,
    /// Cycles until a tile may be launched.
    hold: Reg,
    target: Wire<Local>,
    target_busy: Wire<Local>,
    begin: Wire<Local>,
    go: Wire<Local>,
    /// Where the fields of a queued pass begin: tile, x_start, c_valid, y_start, rows, psum line, five flags.
    pass_at: Vec<Const>,
    fresh_bit: Const,
    half_bit: Const,
    end_bit: Const,
    free_bit: Const,
}

impl MatrixWalker {
    /// The walker for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (address, line, left) = (address_bits(arch.port_words()), arch.line_bits(), count_bits(arch.rows));
        let pass = [address, 16, 16, 16, 16, line, 1, 1, 1, 1, 1];
        let begin = |i: usize| Const::new(pass[..i].iter().sum());
        MatrixWalker {
            clock: Default::default(),
            tile_layer: TileLayer::new(arch),
            position_layer: PositionLayer::new(arch),
            pass_valid: Wire::bit(),
            pass_ready: Wire::bit(),
            tile: Wire::unsigned(address),
            x_start: Wire::unsigned(16),
            c_valid: Wire::unsigned(16),
            y_start: Wire::unsigned(16),
            tile_rows: Wire::unsigned(16),
            psum: Wire::unsigned(line),
            wait_loaded: Wire::bit(),
            post_free: Wire::bit(),
            first: Wire::bit(),
            wait_psum_free: Wire::bit(),
            post_psum_done: Wire::bit(),
            loaded_post: Wire::bit(),
            idle: Wire::bit(),
            full: Wire::bit(),
            launch: Wire::bit(),
            control: Wire::unsigned(control::BITS),
            inside: Wire::bit(),
            left: Wire::unsigned(left),
            address: Wire::unsigned(address),
            drain_put: Wire::bit(),
            drain_half: Wire::bit(),
            drain_waits: Wire::bit(),
            drain_line: Wire::unsigned(line),
            drained: Wire::bit(),
            drained_half: Wire::bit(),
            queue: Fifo::new(QUEUED_PASSES, pass.iter().sum(), false),
            tiles: MatrixTileLoops::new(arch),
            positions: MatrixPositionLoops::new(arch),
            loaded: Default::default(),
            half: Reg::bit(),
            begins_fresh: Reg::bit(),
            frees: Reg::bit(),
            ends: Reg::bit(),
            height: Reg::unsigned(16),
            busy: (0..2).map(|_| Reg::bit()).collect(),
            tile_half: Reg::bit(),
            tile_fresh: Reg::bit(),
            tile_frees: Reg::bit(),
            tile_ends: Reg::bit(),
            tile_left: Reg::unsigned(left),
            hold: Reg::unsigned(2),
            target: Wire::bit(),
            target_busy: Wire::bit(),
            begin: Wire::bit(),
            go: Wire::bit(),
            pass_at: (0..pass.len()).map(begin).collect(),
            fresh_bit: Const::new(control::FRESH),
            half_bit: Const::new(control::HALF),
            end_bit: Const::new(control::END),
            free_bit: Const::new(control::FREE),
        }
    }
}

impl Logic for MatrixWalker {
    describe!("matrix_walker", "Turns passes into positions for the rows of a weight-stationary array.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, half, begins_fresh, frees, ends, height);
        dff_setup!(self, clock, tile_half, tile_fresh, tile_frees, tile_ends, tile_left, hold);
        self.queue.clock.next = self.clock.val();
        self.tiles.clock.next = self.clock.val();
        self.positions.clock.next = self.clock.val();
        self.loaded.clock.next = self.clock.val();
        TileLayer::link(&mut self.tile_layer, &mut self.tiles.layer);
        PositionLayer::link(&mut self.position_layer, &mut self.positions.layer);

        // A pass joins the queue
        self.queue.enq.valid.next = self.pass_valid.val();
        self.queue.enq.payload.next = self.tile.val()
            | (self.x_start.val() << self.pass_at[1].val())
            | (self.c_valid.val() << self.pass_at[2].val())
            | (self.y_start.val() << self.pass_at[3].val())
            | (self.tile_rows.val() << self.pass_at[4].val())
            | (self.psum.val() << self.pass_at[5].val())
            | (self.wait_loaded.val() << self.pass_at[6].val())
            | (self.post_free.val() << self.pass_at[7].val())
            | (self.first.val() << self.pass_at[8].val())
            | (self.wait_psum_free.val() << self.pass_at[9].val())
            | (self.post_psum_done.val() << self.pass_at[10].val());
        self.pass_ready.next = self.queue.enq.ready.val();

        // It begins
        self.target.next = self.half.q.val() ^ bit_cast(self.queue.deq.payload.val() >> self.pass_at[8].val(), 1);
        self.target_busy.next = self.busy[0].q.val();
        if self.target.val().any() {
            self.target_busy.next = self.busy[1].q.val();
        }
        self.begin.next = (self.queue.deq.valid.val().any()
            && !self.tiles.busy.val().any()
            && !self.target_busy.val().any()
            && (!self.queue.deq.payload.val().get_bit(self.pass_at[6].val()) || self.loaded.available.val().any()))
        .into();
        self.queue.deq.ready.next = self.begin.val();
        self.loaded.post.next = self.loaded_post.val();
        self.loaded.take.next = self.begin.val() & bit_cast(self.queue.deq.payload.val() >> self.pass_at[6].val(), 1);
        self.tiles.start.next = self.begin.val();
        self.tiles.tile.next = self.queue.deq.payload.val();
        self.tiles.x_start.next = self.queue.deq.payload.val() >> self.pass_at[1].val();
        self.tiles.channels.next = self.queue.deq.payload.val() >> self.pass_at[2].val();
        self.tiles.y_start.next = self.queue.deq.payload.val() >> self.pass_at[3].val();
        if self.begin.val().any() {
            self.half.d.next = self.target.val();
            self.height.d.next = self.queue.deq.payload.val() >> self.pass_at[4].val();
            self.frees.d.next = self.queue.deq.payload.val() >> self.pass_at[7].val();
            self.begins_fresh.d.next = self.queue.deq.payload.val() >> self.pass_at[8].val();
            self.ends.d.next = self.queue.deq.payload.val() >> self.pass_at[10].val();
        }
        self.drain_put.next = self.begin.val() & bit_cast(self.queue.deq.payload.val() >> self.pass_at[10].val(), 1);
        self.drain_half.next = self.target.val();
        self.drain_waits.next = self.queue.deq.payload.val() >> self.pass_at[9].val();
        self.drain_line.next = self.queue.deq.payload.val() >> self.pass_at[5].val();
        for h in 0..2 {
            self.busy[h].clock.next = self.clock.val();
            self.busy[h].d.next = self.busy[h].q.val();
            if self.drain_put.val().any() && self.target.val() == h {
                self.busy[h].d.next = true.into();
            } else if self.drained.val().any() && self.drained_half.val() == h {
                self.busy[h].d.next = false.into();
            }
        }

        // Its tiles are launched
        self.go.next = (self.tiles.busy.val().any()
            && self.full.val().any()
            && !self.hold.q.val().any()
            && (!self.positions.busy.val().any() || self.positions.last.val().any()))
        .into();
        self.launch.next = self.go.val();
        if self.hold.q.val().any() {
            self.hold.d.next = self.hold.q.val() - 1;
        }
        self.tiles.advance.next = self.go.val();
        self.positions.start.next = self.go.val();
        self.positions.tile.next = self.tiles.address.val();
        self.positions.x_start.next = self.tiles.x.val();
        self.positions.y_start.next = self.tiles.y.val();
        self.positions.tile_rows.next = self.height.q.val();
        if self.go.val().any() {
            self.hold.d.next = 3.into();
            self.tile_half.d.next = self.half.q.val();
            self.tile_fresh.d.next = self.tiles.first.val() & self.begins_fresh.q.val();
            self.tile_frees.d.next = self.tiles.last.val() & self.frees.q.val();
            self.tile_ends.d.next = self.tiles.last.val() & self.ends.q.val();
            self.tile_left.d.next = self.tiles.left.val();
        }

        // Their positions are sent
        self.control.next = self.positions.busy.val()
            | (self.positions.first.val() << 1)
            | (self.tile_fresh.q.val() << self.fresh_bit.val())
            | (self.tile_half.q.val() << self.half_bit.val())
            | ((self.positions.last.val() & self.tile_ends.q.val()) << self.end_bit.val())
            | ((self.positions.last.val() & self.tile_frees.q.val()) << self.free_bit.val());
        self.inside.next = self.positions.inside.val();
        self.left.next = self.tile_left.q.val();
        self.address.next = self.positions.address.val();
        self.idle.next =
            (!self.queue.deq.valid.val().any() && !self.tiles.busy.val().any() && !self.positions.busy.val().any())
                .into();
    }
}
