use super::layer_registers::PositionLayer;
use super::COORDINATE_BITS;
use crate::arch::{Arch, IMAGE_BITS, WINDOW_BITS};
use crate::rtl::prelude::*;

/// The positions of an ofmap tile: for each image, ofmap row, window, the last the innermost.
///
/// While `busy`, the outputs describe a position; `advance` steps to the next one. The first one stands in the cycle after `start`; `start` may come with the
/// last one. Products of counters and strides are kept as running sums.
#[derive(LogicBlock)]
pub struct MatrixPositionLoops {
    pub clock: Wire<In, Clk>,
    pub layer: PositionLayer,
    pub advance: Wire<In>,
    pub start: Wire<In>,
    /// Port word of the first position, its ifmap column and row, and the rows of the ifmap tile.
    pub tile: Wire<In>,
    pub x_start: Wire<In>,
    pub y_start: Wire<In>,
    pub tile_rows: Wire<In>,
    pub busy: Wire<Out>,
    pub address: Wire<Out>,
    /// Ifmap column and row, and the rows of the ifmap tile: what lies outside is padding.
    pub x: Wire<Out>,
    pub y: Wire<Out>,
    pub rows: Wire<Out>,
    /// The first and the last window of an ofmap row.
    pub opens_row: Wire<Out>,
    pub closes_row: Wire<Out>,
    /// A window of an image's last ofmap row.
    pub in_last_row: Wire<Out>,
    pub first: Wire<Out>,
    pub last: Wire<Out>,
    running: Reg,
    begins: Reg,
    window: Reg,
    row: Reg,
    image: Reg,
    column: Reg,
    x_first: Reg,
    line: Reg,
    y_first: Reg,
    height: Reg,
    image_base: Reg,
    row_base: Reg,
    base: Reg,
    last_window: Wire<Local>,
    last_row: Wire<Local>,
    last_image: Wire<Local>,
}

impl MatrixPositionLoops {
    /// The loops for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let address = address_bits(arch.port_words());
        MatrixPositionLoops {
            clock: Default::default(),
            layer: PositionLayer::new(arch),
            advance: Wire::bit(),
            start: Wire::bit(),
            tile: Wire::unsigned(address),
            x_start: Wire::signed(COORDINATE_BITS),
            y_start: Wire::signed(COORDINATE_BITS),
            tile_rows: Wire::unsigned(16),
            busy: Wire::bit(),
            address: Wire::unsigned(address),
            x: Wire::signed(COORDINATE_BITS),
            y: Wire::signed(COORDINATE_BITS),
            rows: Wire::unsigned(16),
            opens_row: Wire::bit(),
            closes_row: Wire::bit(),
            in_last_row: Wire::bit(),
            first: Wire::bit(),
            last: Wire::bit(),
            running: Reg::bit(),
            begins: Reg::bit(),
            window: Reg::unsigned(WINDOW_BITS),
            row: Reg::unsigned(address_bits(arch.position_rows())),
            image: Reg::unsigned(IMAGE_BITS),
            column: Reg::signed(COORDINATE_BITS),
            x_first: Reg::signed(COORDINATE_BITS),
            line: Reg::signed(COORDINATE_BITS),
            y_first: Reg::signed(COORDINATE_BITS),
            height: Reg::unsigned(16),
            image_base: Reg::unsigned(address),
            row_base: Reg::unsigned(address),
            base: Reg::unsigned(address),
            last_window: Wire::bit(),
            last_row: Wire::bit(),
            last_image: Wire::bit(),
        }
    }
}

impl Logic for MatrixPositionLoops {
    describe!("matrix_position_loops", "Loops over an ofmap tile's positions: image, ofmap row, window.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, running, begins, window, row, image, column, x_first, line, y_first, height);
        dff_setup!(self, clock, image_base, row_base, base);
        self.last_window.next = (self.window.q.val() == self.layer.windows_m1.val()).into();
        self.last_row.next = (self.row.q.val() == self.layer.rows_m1.val()).into();
        self.last_image.next = (self.image.q.val() == self.layer.images_m1.val()).into();
        self.busy.next = self.running.q.val();
        self.address.next = self.base.q.val();
        self.x.next = self.column.q.val();
        self.y.next = self.line.q.val();
        self.rows.next = self.height.q.val();
        self.in_last_row.next = self.last_row.val();
        self.opens_row.next = (!self.window.q.val().any()).into();
        self.closes_row.next = self.last_window.val();
        self.first.next = self.begins.q.val();
        self.last.next = self.last_window.val() & self.last_row.val() & self.last_image.val();

        if self.running.q.val().any() && self.advance.val().any() {
            self.begins.d.next = false.into();
            if !self.last_window.val().any() {
                self.window.d.next = self.window.q.val() + 1;
                self.column.d.next = self.column.q.val() + self.layer.stride_w.val();
                self.base.d.next = self.base.q.val() + self.layer.stride_w.val();
            } else {
                self.window.d.next = 0.into();
                self.column.d.next = self.x_first.q.val();
                if !self.last_row.val().any() {
                    self.row.d.next = self.row.q.val() + 1;
                    self.line.d.next = self.line.q.val() + self.layer.stride_h.val();
                    self.row_base.d.next = self.row_base.q.val() + self.layer.row_step.val();
                    self.base.d.next = self.row_base.q.val() + self.layer.row_step.val();
                } else {
                    self.row.d.next = 0.into();
                    self.line.d.next = self.y_first.q.val();
                    self.image_base.d.next = self.image_base.q.val() + self.layer.image_stride.val();
                    self.row_base.d.next = self.image_base.q.val() + self.layer.image_stride.val();
                    self.base.d.next = self.image_base.q.val() + self.layer.image_stride.val();
                    self.image.d.next = self.image.q.val() + 1;
                    if self.last_image.val().any() {
                        self.image.d.next = 0.into();
                        self.running.d.next = false.into();
                    }
                }
            }
        }
        if self.start.val().any() {
            self.running.d.next = true.into();
            self.begins.d.next = true.into();
            self.column.d.next = self.x_start.val();
            self.x_first.d.next = self.x_start.val();
            self.line.d.next = self.y_start.val();
            self.y_first.d.next = self.y_start.val();
            self.height.d.next = self.tile_rows.val();
            self.image_base.d.next = self.tile.val();
            self.row_base.d.next = self.tile.val();
            self.base.d.next = self.tile.val();
        }
    }
}
