use super::command::layer;
use crate::arch::{Arch, IMAGE_BITS, TILE_ROWS, WINDOW_BITS};
use crate::rtl::prelude::*;

crate::slices! {
    /// The fields of `LAYER`, at the widths of `arch`.
    pub struct MatrixLayerFields, "matrix_layer_fields", "Fields of a LAYER command.";
    fn new(arch: &Arch);
    words 1..8;
    filter_rows_m1: layer::FILTER_ROWS_M1, 16;
    filter_cols_m1: layer::FILTER_COLS_M1, 16;
    stride_h: layer::STRIDE_H, 16;
    stride_w: layer::STRIDE_W, 16;
    windows_m1: layer::WINDOWS_M1, WINDOW_BITS;
    images_m1: layer::IMAGES_M1, IMAGE_BITS;
    psum_shift: layer::PSUM_SHIFT, arch.shift_bits();
    rows_m1: layer::ROWS_M1, address_bits(TILE_ROWS);
    filters: layer::FILTERS, count_bits(arch.cols);
    row_width: layer::ROW_WIDTH, 16;
    group_stride: layer::GROUP_STRIDE, address_bits(arch.port_words());
    image_stride: layer::IMAGE_STRIDE, address_bits(arch.port_words());
    row_step: layer::ROW_STEP, address_bits(arch.port_words());
    psum_filter_stride: layer::PSUM_FILTER_STRIDE, count_bits(arch.tile_positions());
}

/// Layer constants of the loops over weight tiles.
#[derive(Clone, Debug, LogicInterface)]
pub struct TileLayer {
    pub filter_rows_m1: Wire<In>,
    pub filter_cols_m1: Wire<In>,
    pub row_width: Wire<In>,
    pub group_stride: Wire<In>,
}

impl TileLayer {
    /// The constants at the widths of `arch`.
    pub fn new(arch: &Arch) -> Self {
        TileLayer {
            filter_rows_m1: Wire::unsigned(16),
            filter_cols_m1: Wire::unsigned(16),
            row_width: Wire::unsigned(16),
            group_stride: Wire::unsigned(address_bits(arch.port_words())),
        }
    }
}

/// Layer constants of the loops over positions.
#[derive(Clone, Debug, LogicInterface)]
pub struct PositionLayer {
    pub windows_m1: Wire<In>,
    pub rows_m1: Wire<In>,
    pub images_m1: Wire<In>,
    pub stride_h: Wire<In>,
    pub stride_w: Wire<In>,
    pub row_width: Wire<In>,
    pub image_stride: Wire<In>,
    pub row_step: Wire<In>,
}

impl PositionLayer {
    /// The constants at the widths of `arch`.
    pub fn new(arch: &Arch) -> Self {
        PositionLayer {
            windows_m1: Wire::unsigned(WINDOW_BITS),
            rows_m1: Wire::unsigned(address_bits(arch.position_rows())),
            images_m1: Wire::unsigned(IMAGE_BITS),
            stride_h: Wire::unsigned(16),
            stride_w: Wire::unsigned(16),
            row_width: Wire::unsigned(16),
            image_stride: Wire::unsigned(address_bits(arch.port_words())),
            row_step: Wire::unsigned(address_bits(arch.port_words())),
        }
    }
}

/// Holds the constants of a `LAYER` command from the cycle after `write` on.
///
/// `command[i]` is word i + 1 of the command; the fields are those of [`layer`], each as wide as the architecture needs it.
#[derive(LogicBlock)]
pub struct MatrixLayerRegisters {
    pub clock: Wire<In, Clk>,
    pub write: Wire<In>,
    pub command: Vec<Wire<In>>,
    pub filter_rows_m1: Wire<Out>,
    pub filter_cols_m1: Wire<Out>,
    pub stride_h: Wire<Out>,
    pub stride_w: Wire<Out>,
    pub windows_m1: Wire<Out>,
    pub images_m1: Wire<Out>,
    pub psum_shift: Wire<Out>,
    pub rows_m1: Wire<Out>,
    pub filters: Wire<Out>,
    pub row_width: Wire<Out>,
    pub group_stride: Wire<Out>,
    pub image_stride: Wire<Out>,
    pub row_step: Wire<Out>,
    pub psum_filter_stride: Wire<Out>,
    fields: MatrixLayerFields,
    held_filter_rows_m1: Reg,
    held_filter_cols_m1: Reg,
    held_stride_h: Reg,
    held_stride_w: Reg,
    held_windows_m1: Reg,
    held_images_m1: Reg,
    held_psum_shift: Reg,
    held_rows_m1: Reg,
    held_filters: Reg,
    held_row_width: Reg,
    held_group_stride: Reg,
    held_image_stride: Reg,
    held_row_step: Reg,
    held_psum_filter_stride: Reg,
    words: Const,
}

impl MatrixLayerRegisters {
    /// The registers of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let fields = MatrixLayerFields::new(arch);
        let words = fields.source.len();
        MatrixLayerRegisters {
            clock: Default::default(),
            write: Wire::bit(),
            command: (0..words).map(|_| Wire::unsigned(64)).collect(),
            filter_rows_m1: Wire::unsigned(16),
            filter_cols_m1: Wire::unsigned(16),
            stride_h: Wire::unsigned(16),
            stride_w: Wire::unsigned(16),
            windows_m1: Wire::unsigned(WINDOW_BITS),
            images_m1: Wire::unsigned(IMAGE_BITS),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            rows_m1: Wire::unsigned(address_bits(TILE_ROWS)),
            filters: Wire::unsigned(count_bits(arch.cols)),
            row_width: Wire::unsigned(16),
            group_stride: Wire::unsigned(address_bits(arch.port_words())),
            image_stride: Wire::unsigned(address_bits(arch.port_words())),
            row_step: Wire::unsigned(address_bits(arch.port_words())),
            psum_filter_stride: Wire::unsigned(count_bits(arch.tile_positions())),
            fields,
            held_filter_rows_m1: Reg::unsigned(16),
            held_filter_cols_m1: Reg::unsigned(16),
            held_stride_h: Reg::unsigned(16),
            held_stride_w: Reg::unsigned(16),
            held_windows_m1: Reg::unsigned(WINDOW_BITS),
            held_images_m1: Reg::unsigned(IMAGE_BITS),
            held_psum_shift: Reg::unsigned(arch.shift_bits()),
            held_rows_m1: Reg::unsigned(address_bits(TILE_ROWS)),
            held_filters: Reg::unsigned(count_bits(arch.cols)),
            held_row_width: Reg::unsigned(16),
            held_group_stride: Reg::unsigned(address_bits(arch.port_words())),
            held_image_stride: Reg::unsigned(address_bits(arch.port_words())),
            held_row_step: Reg::unsigned(address_bits(arch.port_words())),
            held_psum_filter_stride: Reg::unsigned(count_bits(arch.tile_positions())),
            words: Const::new(words),
        }
    }
}

impl Logic for MatrixLayerRegisters {
    describe!("matrix_layer_registers", "The constants of the layer in work.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            held_filter_rows_m1,
            held_filter_cols_m1,
            held_stride_h,
            held_stride_w,
            held_windows_m1
        );
        dff_setup!(self, clock, held_images_m1, held_psum_shift, held_rows_m1, held_filters, held_row_width);
        dff_setup!(self, clock, held_group_stride, held_image_stride, held_row_step, held_psum_filter_stride);
        for i in 0..self.words.index() {
            self.fields.source[i].next = self.command[i].val();
        }
        if self.write.val().any() {
            self.held_filter_rows_m1.d.next = self.fields.filter_rows_m1.val();
            self.held_filter_cols_m1.d.next = self.fields.filter_cols_m1.val();
            self.held_stride_h.d.next = self.fields.stride_h.val();
            self.held_stride_w.d.next = self.fields.stride_w.val();
            self.held_windows_m1.d.next = self.fields.windows_m1.val();
            self.held_images_m1.d.next = self.fields.images_m1.val();
            self.held_psum_shift.d.next = self.fields.psum_shift.val();
            self.held_rows_m1.d.next = self.fields.rows_m1.val();
            self.held_filters.d.next = self.fields.filters.val();
            self.held_row_width.d.next = self.fields.row_width.val();
            self.held_group_stride.d.next = self.fields.group_stride.val();
            self.held_image_stride.d.next = self.fields.image_stride.val();
            self.held_row_step.d.next = self.fields.row_step.val();
            self.held_psum_filter_stride.d.next = self.fields.psum_filter_stride.val();
        }
        self.filter_rows_m1.next = self.held_filter_rows_m1.q.val();
        self.filter_cols_m1.next = self.held_filter_cols_m1.q.val();
        self.stride_h.next = self.held_stride_h.q.val();
        self.stride_w.next = self.held_stride_w.q.val();
        self.windows_m1.next = self.held_windows_m1.q.val();
        self.images_m1.next = self.held_images_m1.q.val();
        self.psum_shift.next = self.held_psum_shift.q.val();
        self.rows_m1.next = self.held_rows_m1.q.val();
        self.filters.next = self.held_filters.q.val();
        self.row_width.next = self.held_row_width.q.val();
        self.group_stride.next = self.held_group_stride.q.val();
        self.image_stride.next = self.held_image_stride.q.val();
        self.row_step.next = self.held_row_step.q.val();
        self.psum_filter_stride.next = self.held_psum_filter_stride.q.val();
    }
}
