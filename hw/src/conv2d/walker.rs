use super::layer_registers::PhaseLayer;
use super::piece_loops::ConvPieceLoops;
use super::raster::ConvRaster;
use crate::arch::{Arch, WINDOW_BITS};
use crate::matrix::{control, MatrixPositionLoops, PassInWork, PositionLayer, TileLayer};
use crate::rtl::prelude::*;

/// What a walker says of a pixel that it sends.
#[derive(Clone, Debug, LogicInterface)]
pub struct Pixel {
    /// There is one.
    pub valid: Wire<Out>,
    /// The first of its weight tile.
    pub first: Wire<Out>,
    /// The ifmap has a word for it; otherwise it is in the padding.
    pub inside: Wire<Out>,
    /// Address of its word in each engine's port.
    pub address: Wire<Out>,
    /// Its number in its row, and that the row has no other.
    pub column: Wire<Out>,
    pub alone: Wire<Out>,
    /// Rows and columns of its window, and the engines that have one.
    pub taps_h: Wire<Out>,
    pub taps_w: Wire<Out>,
    pub left: Wire<Out>,
    /// Of the window that it ends; bits as in [`control`].
    pub control: Wire<Out>,
}

impl Pixel {
    /// A pixel at the widths of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let taps = count_bits(arch.kernel());
        Pixel {
            valid: Wire::bit(),
            first: Wire::bit(),
            inside: Wire::bit(),
            address: Wire::unsigned(address_bits(arch.port_words())),
            column: Wire::unsigned(address_bits(arch.row_fifo())),
            alone: Wire::bit(),
            taps_h: Wire::unsigned(taps),
            taps_w: Wire::unsigned(taps),
            left: Wire::unsigned(count_bits(arch.ifmap_ports())),
            control: Wire::unsigned(control::BITS),
        }
    }
}

/// Turns a pass into pixels, one a cycle, for all engines.
///
/// As [`crate::matrix::MatrixWalker`], but for the positions: those of a weight tile are the pixels of a raster, more than it has windows. What is sent in a
/// cycle is in `pixel`. The next tile is launched with the last pixel, or, if the ofmap tile has N < 4 windows, 4 − N cycles later, as the accumulators need as long from a read to
/// the next.
#[derive(LogicBlock)]
pub struct ConvWalker {
    pub clock: Wire<In, Clk>,
    pub tile_layer: TileLayer,
    pub position_layer: PositionLayer,
    pub phase_layer: PhaseLayer,
    pub layer_written: Wire<In>,
    pub piece_rows: Wire<In>,
    pub piece_row_words: Wire<In>,
    pub piece_cols: Wire<In>,
    /// Windows of an ofmap tile.
    pub windows: Wire<In>,
    pub pass: PassInWork,
    /// Tiles of the pass are to be launched yet.
    pub busy: Wire<Out>,
    pub idle: Wire<Out>,
    // Weights
    pub full: Wire<In>,
    pub launch: Wire<Out>,
    pub pixel: Pixel,
    tiles: ConvPieceLoops,
    positions: MatrixPositionLoops,
    raster: ConvRaster,
    height: Reg,
    // The tile whose pixels are sent
    tile_half: Reg,
    tile_fresh: Reg,
    tile_frees: Reg,
    tile_ends: Reg,
    tile_left: Reg,
    tile_taps_h: Reg,
    tile_taps_w: Reg,
    /// Pixels of a row and rows of an image, less one.
    pixels_m1: Reg,
    rows_m1: Reg,
    /// Cycles until a tile may be launched.
    hold: Reg,
    few: Wire<Local>,
    ends: Wire<Local>,
    go: Wire<Local>,
    swap_bit: Const,
    fresh_bit: Const,
    half_bit: Const,
    end_bit: Const,
    free_bit: Const,
    most_held: Const,
}

impl ConvWalker {
    /// The walker for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (left, taps) = (count_bits(arch.ifmap_ports()), count_bits(arch.kernel()));
        ConvWalker {
            clock: Default::default(),
            tile_layer: TileLayer::new(arch),
            position_layer: PositionLayer::new(arch),
            phase_layer: PhaseLayer::default(),
            layer_written: Wire::bit(),
            piece_rows: Wire::unsigned(16),
            piece_row_words: Wire::unsigned(address_bits(arch.port_words())),
            piece_cols: Wire::unsigned(16),
            windows: Wire::unsigned(count_bits(arch.accumulators)),
            pass: PassInWork::new(arch),
            busy: Wire::bit(),
            idle: Wire::bit(),
            full: Wire::bit(),
            launch: Wire::bit(),
            pixel: Pixel::new(arch),
            tiles: ConvPieceLoops::new(arch),
            positions: MatrixPositionLoops::new(arch),
            raster: ConvRaster::new(arch),
            height: Reg::unsigned(16),
            tile_half: Reg::bit(),
            tile_fresh: Reg::bit(),
            tile_frees: Reg::bit(),
            tile_ends: Reg::bit(),
            tile_left: Reg::unsigned(left),
            tile_taps_h: Reg::unsigned(taps),
            tile_taps_w: Reg::unsigned(taps),
            pixels_m1: Reg::unsigned(WINDOW_BITS),
            rows_m1: Reg::unsigned(address_bits(arch.position_rows())),
            hold: Reg::unsigned(2),
            few: Wire::bit(),
            ends: Wire::bit(),
            go: Wire::bit(),
            swap_bit: Const::new(control::SWAP),
            fresh_bit: Const::new(control::FRESH),
            half_bit: Const::new(control::HALF),
            end_bit: Const::new(control::END),
            free_bit: Const::new(control::FREE),
            most_held: Const::new(3),
        }
    }
}

impl Logic for ConvWalker {
    describe!("conv_walker", "Turns a pass into pixels for convolution engines.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, height, tile_half, tile_fresh, tile_frees, tile_ends, tile_left, tile_taps_h);
        dff_setup!(self, clock, tile_taps_w, pixels_m1, rows_m1, hold);
        self.tiles.clock.next = self.clock.val();
        self.positions.clock.next = self.clock.val();
        self.raster.clock.next = self.clock.val();

        // A pass begins
        PhaseLayer::link(&mut self.phase_layer, &mut self.tiles.layer);
        self.tiles.layer_written.next = self.layer_written.val();
        self.tiles.piece_rows.next = self.piece_rows.val();
        self.tiles.piece_row_words.next = self.piece_row_words.val();
        self.tiles.piece_cols.next = self.piece_cols.val();
        self.tiles.row_width.next = self.tile_layer.row_width.val();
        self.tiles.group_stride.next = self.tile_layer.group_stride.val();
        self.tiles.start.next = self.pass.begin.val();
        self.tiles.tile.next = self.pass.tile.val();
        self.tiles.x_start.next = self.pass.x_start.val();
        self.tiles.channels.next = self.pass.channels.val();
        self.tiles.y_start.next = self.pass.y_start.val();
        if self.pass.begin.val().any() {
            self.height.d.next = self.pass.rows.val();
        }
        self.busy.next = self.tiles.busy.val();

        // Its tiles are launched
        self.few.next = (self.windows.val() <= self.most_held.val()).into();
        self.ends.next = self.positions.busy.val() & self.positions.last.val();
        self.go.next = (self.tiles.busy.val().any()
            && self.full.val().any()
            && !self.hold.q.val().any()
            && (!self.positions.busy.val().any() || (self.positions.last.val().any() && !self.few.val().any())))
        .into();
        self.launch.next = self.go.val();
        if self.hold.q.val().any() {
            self.hold.d.next = self.hold.q.val() - 1;
        }
        if self.ends.val().any() && self.few.val().any() {
            self.hold.d.next = self.most_held.val() - self.windows.val();
        }
        self.tiles.advance.next = self.go.val();
        if self.go.val().any() {
            self.tile_half.d.next = self.pass.half.val();
            self.tile_fresh.d.next = self.tiles.first.val() & self.pass.fresh.val();
            self.tile_frees.d.next = self.tiles.last.val() & self.pass.frees.val();
            self.tile_ends.d.next = self.tiles.last.val() & self.pass.ends.val();
            self.tile_left.d.next = self.tiles.left.val();
            self.tile_taps_h.d.next = self.tiles.taps_h.val();
            self.tile_taps_w.d.next = self.tiles.taps_w.val();
            self.pixels_m1.d.next = self.position_layer.windows_m1.val() + self.tiles.taps_w.val() - 1;
            self.rows_m1.d.next = self.position_layer.rows_m1.val() + self.tiles.taps_h.val() - 1;
        }

        // Their pixels are sent
        self.positions.layer.windows_m1.next = self.pixels_m1.q.val();
        self.positions.layer.rows_m1.next = self.rows_m1.q.val();
        self.positions.layer.images_m1.next = self.position_layer.images_m1.val();
        self.positions.layer.stride_h.next = self.position_layer.stride_h.val();
        self.positions.layer.stride_w.next = self.position_layer.stride_w.val();
        self.positions.layer.row_width.next = self.position_layer.row_width.val();
        self.positions.layer.image_stride.next = self.position_layer.image_stride.val();
        self.positions.layer.row_step.next = self.position_layer.row_step.val();
        self.positions.start.next = self.go.val();
        self.positions.tile.next = self.tiles.address.val();
        self.positions.x_start.next = self.tiles.x.val();
        self.positions.y_start.next = self.tiles.y.val();
        self.positions.tile_rows.next = self.height.q.val();
        self.positions.advance.next = true.into();
        self.raster.taps_h.next = self.tile_taps_h.q.val();
        self.raster.taps_w.next = self.tile_taps_w.q.val();
        self.raster.pixel.next = self.positions.busy.val();
        self.raster.opens_row.next = self.positions.opens_row.val();
        self.raster.first.next = self.positions.first.val();
        self.raster.in_last_row.next = self.positions.in_last_row.val();
        self.pixel.valid.next = self.positions.busy.val();
        self.pixel.first.next = self.positions.busy.val() & self.positions.first.val();
        self.pixel.inside.next = (self.positions.x.val() >= 0
            && self.positions.x.val() < self.position_layer.row_width.val()
            && self.positions.y.val() >= 0
            && self.positions.y.val() < self.positions.rows.val())
        .into();
        self.pixel.address.next = self.positions.address.val();
        self.pixel.column.next = self.raster.column.val();
        self.pixel.alone.next = (!self.pixels_m1.q.val().any()).into();
        self.pixel.taps_h.next = self.tile_taps_h.q.val();
        self.pixel.taps_w.next = self.tile_taps_w.q.val();
        self.pixel.left.next = self.tile_left.q.val();
        self.pixel.control.next = self.raster.window.val()
            | (self.raster.opens.val() << self.swap_bit.val())
            | (self.tile_fresh.q.val() << self.fresh_bit.val())
            | (self.tile_half.q.val() << self.half_bit.val())
            | ((self.ends.val() & self.tile_ends.q.val()) << self.end_bit.val())
            | ((self.ends.val() & self.tile_frees.q.val()) << self.free_bit.val());
        self.idle.next = (!self.tiles.busy.val().any() && !self.positions.busy.val().any()).into();
    }
}
