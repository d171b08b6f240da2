use crate::arch::{IMAGE_BITS, WINDOW_BITS};
use crate::program::{store, table};
use crate::rtl::prelude::*;

crate::slices! {
    /// The fields of `STORE`.
    pub struct StoreFields, "store_fields", "Fields of a STORE command.";
    fn new(line_bits: usize, row_bits: usize, param_bits: usize);
    words 1..7;
    address: store::ADDRESS, 64;
    psum: store::PSUM, line_bits;
    windows_m1: store::WINDOWS_M1, WINDOW_BITS;
    rows_m1: store::ROWS_M1, row_bits;
    images_m1: store::IMAGES_M1, IMAGE_BITS;
    groups_m1: store::GROUPS_M1, param_bits;
    filters_m1: store::FILTERS_M1, param_bits;
    param: store::PARAM, param_bits;
    filter_bytes: store::FILTER_BYTES, 32;
    image_bytes: store::IMAGE_BYTES, 32;
    psum_filter_stride: store::PSUM_FILTER_STRIDE, line_bits;
    psum_image_stride: store::PSUM_IMAGE_STRIDE, line_bits;
    valid: store::VALID, param_bits + 1;
    group_rows: store::GROUP_ROWS, row_bits;
    row_bytes: store::ROW_BYTES, 32;
}

crate::slices! {
    /// An entry of the store table.
    pub struct RowFields, "row_fields", "An entry of the store table.";
    fn new(offset_bits: usize);
    words 0..1;
    lane: table::ROW_LANE, 2;
    offset: table::ROW_OFFSET, offset_bits;
}
