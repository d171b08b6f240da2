use super::layer_registers::TileLayer;
use super::COORDINATE_BITS;
use crate::arch::Arch;
use crate::rtl::prelude::*;

/// The weight tiles of a pass: for each channel group, filter row, filter column, the last the innermost.
///
/// While `busy`, the outputs describe a tile; `advance` steps to the next one. Products of counters and strides are kept as running sums. Latency: a
/// pass's first tile stands in the cycle after `start`, each other in the cycle after `advance`.
#[derive(LogicBlock)]
pub struct MatrixTileLoops {
    pub clock: Wire<In, Clk>,
    pub layer: TileLayer,
    // Pass
    pub start: Wire<In>,
    pub tile: Wire<In>,
    pub x_start: Wire<In>,
    pub y_start: Wire<In>,
    pub channels: Wire<In>,
    pub advance: Wire<In>,
    pub busy: Wire<Out>,
    /// Port word of the tile's first position, and that position's ifmap column and row.
    pub address: Wire<Out>,
    pub x: Wire<Out>,
    pub y: Wire<Out>,
    /// Channels of the group that exist: rows that take part.
    pub left: Wire<Out>,
    pub first: Wire<Out>,
    pub last: Wire<Out>,
    running: Reg,
    fresh: Reg,
    filter_row: Reg,
    filter_col: Reg,
    channels_left: Reg,
    column: Reg,
    column_first: Reg,
    row: Reg,
    row_first: Reg,
    /// Port word of filter column 0, and of filter row 0.
    group_base: Reg,
    row_base: Reg,
    base: Reg,
    last_col: Wire<Local>,
    last_row: Wire<Local>,
    last_group: Wire<Local>,
    rows: Const,
}

impl MatrixTileLoops {
    /// The loops for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let address = address_bits(arch.port_words());
        MatrixTileLoops {
            clock: Default::default(),
            layer: TileLayer::new(arch),
            start: Wire::bit(),
            tile: Wire::unsigned(address),
            x_start: Wire::signed(16),
            y_start: Wire::signed(16),
            channels: Wire::unsigned(16),
            advance: Wire::bit(),
            busy: Wire::bit(),
            address: Wire::unsigned(address),
            x: Wire::signed(COORDINATE_BITS),
            y: Wire::signed(COORDINATE_BITS),
            left: Wire::unsigned(count_bits(arch.rows)),
            first: Wire::bit(),
            last: Wire::bit(),
            running: Reg::bit(),
            fresh: Reg::bit(),
            filter_row: Reg::unsigned(16),
            filter_col: Reg::unsigned(16),
            channels_left: Reg::unsigned(16),
            column: Reg::signed(COORDINATE_BITS),
            column_first: Reg::signed(COORDINATE_BITS),
            row: Reg::signed(COORDINATE_BITS),
            row_first: Reg::signed(COORDINATE_BITS),
            group_base: Reg::unsigned(address),
            row_base: Reg::unsigned(address),
            base: Reg::unsigned(address),
            last_col: Wire::bit(),
            last_row: Wire::bit(),
            last_group: Wire::bit(),
            rows: Const::new(arch.rows),
        }
    }
}

impl Logic for MatrixTileLoops {
    describe!("matrix_tile_loops", "Loops over a pass's weight tiles: channel group, filter row, filter column.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, running, fresh, filter_row, filter_col, channels_left);
        dff_setup!(self, clock, column, column_first, row, row_first, group_base, row_base, base);
        self.last_col.next = (self.filter_col.q.val() == self.layer.filter_cols_m1.val()).into();
        self.last_row.next = (self.filter_row.q.val() == self.layer.filter_rows_m1.val()).into();
        self.last_group.next = (self.channels_left.q.val() <= self.rows.val()).into();
        self.busy.next = self.running.q.val();
        self.address.next = self.base.q.val();
        self.x.next = self.column.q.val();
        self.y.next = self.row.q.val();
        self.left.next = self.rows.val();
        if self.last_group.val().any() {
            self.left.next = self.channels_left.q.val();
        }
        self.first.next = self.fresh.q.val();
        self.last.next = self.last_col.val() & self.last_row.val() & self.last_group.val();

        if self.start.val().any() {
            self.running.d.next = true.into();
            self.fresh.d.next = true.into();
            self.channels_left.d.next = self.channels.val();
            self.column.d.next = self.x_start.val();
            self.column_first.d.next = self.x_start.val();
            self.row.d.next = self.y_start.val();
            self.row_first.d.next = self.y_start.val();
            self.group_base.d.next = self.tile.val();
            self.row_base.d.next = self.tile.val();
            self.base.d.next = self.tile.val();
        } else if self.advance.val().any() {
            self.fresh.d.next = false.into();
            if !self.last_col.val().any() {
                self.filter_col.d.next = self.filter_col.q.val() + 1;
                self.column.d.next = self.column.q.val() + 1;
                self.base.d.next = self.base.q.val() + 1;
            } else {
                self.filter_col.d.next = 0.into();
                self.column.d.next = self.column_first.q.val();
                if !self.last_row.val().any() {
                    self.filter_row.d.next = self.filter_row.q.val() + 1;
                    self.row.d.next = self.row.q.val() + 1;
                    self.row_base.d.next = self.row_base.q.val() + self.layer.row_width.val();
                    self.base.d.next = self.row_base.q.val() + self.layer.row_width.val();
                } else {
                    self.filter_row.d.next = 0.into();
                    self.row.d.next = self.row_first.q.val();
                    self.group_base.d.next = self.group_base.q.val() + self.layer.group_stride.val();
                    self.row_base.d.next = self.group_base.q.val() + self.layer.group_stride.val();
                    self.base.d.next = self.group_base.q.val() + self.layer.group_stride.val();
                    self.channels_left.d.next = self.channels_left.q.val() - self.rows.val();
                    if self.last_group.val().any() {
                        self.running.d.next = false.into();
                    }
                }
            }
        }
    }
}
