use super::control;
use super::layer_registers::{PositionLayer, TileLayer};
use super::passes::PassInWork;
use super::position_loops::MatrixPositionLoops;
use super::tile_loops::MatrixTileLoops;
use crate::arch::Arch;
use crate::rtl::prelude::*;

/// Turns a pass into positions, one a cycle, for row 0 of the array.
///
/// A pass begins once the one before has launched its last weight tile. A weight tile is *launched* when its weights are there, the positions of the one before have
/// been sent, and that was launched at least 4 cycles before, as the accumulators need as long from a read to the next.
///
/// The schedule: of a pass that begins in cycle c, the first tile can be launched in c + 1; a tile that is launched in cycle k sends its positions from
/// k + 1 on. The next tile, also of the next pass if that has been in the queue for 2 cycles, is launched in cycle k + max(positions, 4) at
/// the earliest: without a gap if there are 4 positions or more.
#[derive(LogicBlock)]
pub struct MatrixWalker {
    pub clock: Wire<In, Clk>,
    pub tile_layer: TileLayer,
    pub position_layer: PositionLayer,
    pub pass: PassInWork,
    /// Tiles of the pass are to be launched yet.
    pub busy: Wire<Out>,
    /// A position is sent.
    pub sends: Wire<Out>,
    pub idle: Wire<Out>,
    // Weights
    pub full: Wire<In>,
    pub launch: Wire<Out>,
    // Positions; `control` has the bits of `control`
    pub control: Wire<Out>,
    pub inside: Wire<Out>,
    pub left: Wire<Out>,
    pub address: Wire<Out>,
    tiles: MatrixTileLoops,
    positions: MatrixPositionLoops,
    height: Reg,
    // The tile whose positions are sent
    tile_half: Reg,
    tile_fresh: Reg,
    tile_frees: Reg,
    tile_ends: Reg,
    tile_left: Reg,
    /// Cycles until a tile may be launched.
    hold: Reg,
    go: Wire<Local>,
    fresh_bit: Const,
    half_bit: Const,
    end_bit: Const,
    free_bit: Const,
}

impl MatrixWalker {
    /// The walker for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let left = count_bits(arch.rows);
        MatrixWalker {
            clock: Default::default(),
            tile_layer: TileLayer::new(arch),
            position_layer: PositionLayer::new(arch),
            pass: PassInWork::new(arch),
            busy: Wire::bit(),
            sends: Wire::bit(),
            idle: Wire::bit(),
            full: Wire::bit(),
            launch: Wire::bit(),
            control: Wire::unsigned(control::BITS),
            inside: Wire::bit(),
            left: Wire::unsigned(left),
            address: Wire::unsigned(address_bits(arch.port_words())),
            tiles: MatrixTileLoops::new(arch),
            positions: MatrixPositionLoops::new(arch),
            height: Reg::unsigned(16),
            tile_half: Reg::bit(),
            tile_fresh: Reg::bit(),
            tile_frees: Reg::bit(),
            tile_ends: Reg::bit(),
            tile_left: Reg::unsigned(left),
            hold: Reg::unsigned(2),
            go: Wire::bit(),
            fresh_bit: Const::new(control::FRESH),
            half_bit: Const::new(control::HALF),
            end_bit: Const::new(control::END),
            free_bit: Const::new(control::FREE),
        }
    }
}

impl Logic for MatrixWalker {
    describe!("matrix_walker", "Turns a pass into positions for the rows of an array.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, height, tile_half, tile_fresh, tile_frees, tile_ends, tile_left, hold);
        self.tiles.clock.next = self.clock.val();
        self.positions.clock.next = self.clock.val();
        TileLayer::link(&mut self.tile_layer, &mut self.tiles.layer);
        PositionLayer::link(&mut self.position_layer, &mut self.positions.layer);

        // A pass begins
        self.tiles.start.next = self.pass.begin.val();
        self.tiles.tile.next = self.pass.tile.val();
        self.tiles.x_start.next = self.pass.x_start.val();
        self.tiles.channels.next = self.pass.channels.val();
        self.tiles.y_start.next = self.pass.y_start.val();
        if self.pass.begin.val().any() {
            self.height.d.next = self.pass.rows.val();
        }
        self.busy.next = self.tiles.busy.val();
        self.sends.next = self.positions.busy.val();

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
            self.tile_half.d.next = self.pass.half.val();
            self.tile_fresh.d.next = self.tiles.first.val() & self.pass.fresh.val();
            self.tile_frees.d.next = self.tiles.last.val() & self.pass.frees.val();
            self.tile_ends.d.next = self.tiles.last.val() & self.pass.ends.val();
            self.tile_left.d.next = self.tiles.left.val();
        }

        // Their positions are sent
        self.positions.advance.next = true.into();
        self.control.next = self.positions.busy.val()
            | (self.positions.first.val() << 1)
            | (self.tile_fresh.q.val() << self.fresh_bit.val())
            | (self.tile_half.q.val() << self.half_bit.val())
            | ((self.positions.last.val() & self.tile_ends.q.val()) << self.end_bit.val())
            | ((self.positions.last.val() & self.tile_frees.q.val()) << self.free_bit.val());
        self.inside.next = (self.positions.x.val() >= 0
            && self.positions.x.val() < self.position_layer.row_width.val()
            && self.positions.y.val() >= 0
            && self.positions.y.val() < self.positions.rows.val())
        .into();
        self.left.next = self.tile_left.q.val();
        self.address.next = self.positions.address.val();
        self.idle.next = (!self.tiles.busy.val().any() && !self.positions.busy.val().any()).into();
    }
}
