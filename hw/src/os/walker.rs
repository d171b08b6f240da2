use super::OsLeaving;
use crate::matrix::{control, MatrixPositionLoops, PassInWork, PositionLayer, COORDINATE_BITS};
use crate::rtl::prelude::*;
use crate::Arch;

/// Turns a pass into steps, one a cycle: for each chunk of its weights, for each position of the array on the ofmap tile, the steps of the array's loops ([`super::OsStepLoops`], [`super::OsPlaneLoops`]).
///
/// A *position* is a window of as many adjacent ofmap rows as the array has (as many adjacent windows as it has columns, where all PEs work on one plane), or, where all work on one pixel, a window, whose psums are in `last_rows` rows. A pass begins in the cycle after the last step of the one before at the earliest;
/// its first step can be sent in the cycle after that. A step is sent each cycle, but for three reasons to wait: while words for it are read before its own (`reads_ahead`), in the first position of a chunk for
/// the step's weights (`available`), and with the last step of a position until the psums of the one before have left the array: rows of it cycles after its
/// last step, at least 4, as the accumulators need as long from a read to the next.
#[derive(LogicBlock)]
pub struct OsWalker {
    pub clock: Wire<In, Clk>,
    pub position_layer: PositionLayer,
    /// Ifmap columns from a position to the next one of its row.
    pub window_step: Wire<In>,
    pub last_rows: Wire<In>,
    /// Ifmap rows from a block of ofmap rows to the next.
    pub block_step: Wire<In>,
    pub pass: PassInWork,
    pub busy: Wire<Out>,
    /// The weights of a step that has not been sent are in their buffer.
    pub available: Wire<In>,
    // Loops over a position's steps: what they say of the current one
    pub reads_ahead: Wire<In>,
    /// The position's last step, of the pass's last chunk.
    pub last: Wire<In>,
    pub completes: Wire<In>,
    /// The position is the chunk's last.
    pub finishes: Wire<Out>,
    // Step
    pub step: Wire<Out>,
    /// It is the first to use its weights, and the last one.
    pub takes: Wire<Out>,
    pub frees: Wire<Out>,
    /// The next one begins with the chunk's first weights again.
    pub rewinds: Wire<Out>,
    // Its position: the port word of its first tap, ifmap column and row of that (of the array's first row and column), and rows of the ifmap tile
    pub address: Wire<Out>,
    pub x: Wire<Out>,
    pub y: Wire<Out>,
    pub height: Wire<Out>,
    /// It is the last one of its ofmap rows.
    pub closes_row: Wire<Out>,
    /// Rows of the array that have psums of it.
    pub rows: Wire<Out>,
    /// The position's last step is sent.
    pub ends: Wire<Out>,
    // Its psums on their way to the accumulators, as [`OsLeaving`] has it
    pub control_out: Wire<Out>,
    pub moves: Wire<Out>,
    leaving: OsLeaving,
    positions: MatrixPositionLoops,
    running: Reg,
    tile: Reg,
    x_start: Reg,
    y_start: Reg,
    tile_rows: Reg,
    first_position: Reg,
    first_chunk: Reg,
    /// Cycles until the last step of a position may be sent.
    hold: Reg,
    go: Wire<Local>,
    ends_position: Wire<Local>,
    ends_chunk: Wire<Local>,
    ends_pass: Wire<Local>,
    valid_rows: Wire<Local>,
    all_rows: Const,
    /// All rows of the array work on one pixel, as many as have filters.
    is_of_pixels: Const,
}

impl OsWalker {
    /// The walker for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (address, rows) = (address_bits(arch.port_words()), count_bits(arch.rows));
        OsWalker {
            clock: Default::default(),
            position_layer: PositionLayer::new(arch),
            window_step: Wire::unsigned(16),
            last_rows: Wire::unsigned(rows),
            block_step: Wire::unsigned(16),
            pass: PassInWork::new(arch),
            busy: Wire::bit(),
            available: Wire::bit(),
            reads_ahead: Wire::bit(),
            last: Wire::bit(),
            completes: Wire::bit(),
            finishes: Wire::bit(),
            step: Wire::bit(),
            takes: Wire::bit(),
            frees: Wire::bit(),
            rewinds: Wire::bit(),
            address: Wire::unsigned(address),
            x: Wire::signed(COORDINATE_BITS),
            y: Wire::signed(COORDINATE_BITS),
            height: Wire::unsigned(16),
            closes_row: Wire::bit(),
            rows: Wire::unsigned(rows),
            ends: Wire::bit(),
            control_out: Wire::unsigned(control::bits(arch)),
            moves: Wire::unsigned(rows),
            leaving: OsLeaving::new(arch),
            positions: MatrixPositionLoops::new(arch),
            running: Reg::bit(),
            tile: Reg::unsigned(address),
            x_start: Reg::signed(16),
            y_start: Reg::signed(16),
            tile_rows: Reg::unsigned(16),
            first_position: Reg::bit(),
            first_chunk: Reg::bit(),
            hold: Reg::unsigned(rows.max(3)),
            go: Wire::bit(),
            ends_position: Wire::bit(),
            ends_chunk: Wire::bit(),
            ends_pass: Wire::bit(),
            valid_rows: Wire::unsigned(rows),
            all_rows: Const::new(arch.rows),
            is_of_pixels: Const::new(arch.is_of_pixels() as usize),
        }
    }
}

impl Logic for OsWalker {
    describe!("os_walker", "Turns a pass into steps: chunks of weights, positions, channels and taps.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, running, tile, x_start, y_start, tile_rows, first_position, first_chunk, hold);
        self.positions.clock.next = self.clock.val();
        self.positions.layer.windows_m1.next = self.position_layer.windows_m1.val();
        self.positions.layer.rows_m1.next = self.position_layer.rows_m1.val();
        self.positions.layer.images_m1.next = self.position_layer.images_m1.val();
        self.positions.layer.stride_h.next = self.block_step.val();
        self.positions.layer.stride_w.next = self.window_step.val();
        self.positions.layer.row_width.next = self.position_layer.row_width.val();
        self.positions.layer.image_stride.next = self.position_layer.image_stride.val();
        self.positions.layer.row_step.next = self.position_layer.row_step.val();

        // A step is sent
        self.go.next = (self.running.q.val().any()
            && !self.reads_ahead.val().any()
            && (!self.first_position.q.val().any() || self.available.val().any())
            && (!self.last.val().any() || !self.hold.q.val().any()))
        .into();
        self.ends_position.next = self.go.val() & self.last.val();
        self.ends_chunk.next = self.ends_position.val() & self.positions.last.val();
        self.ends_pass.next = self.ends_chunk.val() & self.completes.val();
        self.finishes.next = self.positions.last.val();
        self.positions.advance.next = self.ends_position.val();
        self.busy.next = self.running.q.val();
        self.step.next = self.go.val();
        self.takes.next = self.go.val() & self.first_position.q.val();
        self.frees.next = self.go.val() & self.positions.last.val();
        self.rewinds.next = (self.ends_position.val().any() && !self.positions.last.val().any()).into();
        self.address.next = self.positions.address.val();
        self.x.next = self.positions.x.val();
        self.y.next = self.positions.y.val();
        self.height.next = self.positions.rows.val();
        self.closes_row.next = self.positions.closes_row.val();

        // A pass, a chunk, a position begins
        self.positions.start.next =
            (self.pass.begin.val().any() || (self.ends_chunk.val().any() && !self.completes.val().any())).into();
        self.positions.tile.next = self.tile.q.val();
        self.positions.x_start.next = self.x_start.q.val();
        self.positions.y_start.next = self.y_start.q.val();
        self.positions.tile_rows.next = self.tile_rows.q.val();
        if self.ends_position.val().any() {
            self.first_position.d.next = self.positions.last.val();
        }
        if self.ends_chunk.val().any() {
            self.first_chunk.d.next = false.into();
        }
        if self.ends_pass.val().any() {
            self.running.d.next = false.into();
        }
        if self.pass.begin.val().any() {
            self.running.d.next = true.into();
            self.first_position.d.next = true.into();
            self.first_chunk.d.next = true.into();
            self.tile.d.next = self.pass.tile.val();
            self.x_start.d.next = self.pass.x_start.val();
            self.y_start.d.next = self.pass.y_start.val();
            self.tile_rows.d.next = self.pass.rows.val();
            self.positions.tile.next = self.pass.tile.val();
            self.positions.x_start.next = self.pass.x_start.val();
            self.positions.y_start.next = self.pass.y_start.val();
            self.positions.tile_rows.next = self.pass.rows.val();
        }

        // Its psums leave
        self.valid_rows.next = self.all_rows.val();
        if self.positions.in_last_row.val().any() {
            self.valid_rows.next = self.last_rows.val();
        }
        if self.is_of_pixels.val().any() {
            self.valid_rows.next = self.last_rows.val();
        }
        if self.hold.q.val().any() {
            self.hold.d.next = self.hold.q.val() - 1;
        }
        if self.ends_position.val().any() {
            self.hold.d.next = 3.into();
            if self.valid_rows.val() > 4 {
                self.hold.d.next = self.valid_rows.val() - 1;
            }
        }
        self.rows.next = self.valid_rows.val();
        self.ends.next = self.ends_position.val();
        self.leaving.clock.next = self.clock.val();
        self.leaving.last.next = self.ends_position.val();
        self.leaving.rows.next = self.valid_rows.val();
        self.leaving.swap.next = self.first_position.q.val();
        self.leaving.fresh.next = self.first_chunk.q.val() & self.pass.fresh.val();
        self.leaving.half.next = self.pass.half.val();
        self.leaving.ends.next = self.ends_pass.val() & self.pass.ends.val();
        self.leaving.frees.next = self.ends_pass.val() & self.pass.frees.val();
        self.leaving.beside.next = !self.positions.opens_row.val();
        if self.is_of_pixels.val().any() {
            // A position's place is the one after that of the position before it, whatever row of the ofmap it is in.
            self.leaving.beside.next = true.into();
        }
        self.control_out.next = self.leaving.control_out.val();
        self.moves.next = self.leaving.moves.val();
    }
}
