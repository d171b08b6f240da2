//! The fields of commands and table entries that the sequencer keeps, each as wide as the architecture needs it.

use super::COLUMN_BITS;
use crate::arch::{Arch, FILTER_BUS_WORDS, IMAGE_BITS, TILE_INDEX_BITS, WINDOW_BITS};
use crate::program::{flag, layer, pass, table};
use crate::rtl::prelude::*;
use crate::slices;

/// Width of a count of filter lines, less one.
pub(super) fn filter_line_bits(arch: &Arch) -> usize {
    address_bits(arch.filter_spad.div_ceil(FILTER_BUS_WORDS))
}

/// Width of the number of entries of a psum lane's table.
pub(super) fn sources_bits(arch: &Arch) -> usize {
    count_bits(arch.lane_sources())
}

/// Width of a stream's offset.
pub(super) fn stream_offset_bits(arch: &Arch) -> usize {
    arch.word_address_bits().min(table::STREAM_OFFSET.bits)
}

/// Width of a source's offset.
pub(super) fn source_offset_bits(arch: &Arch) -> usize {
    arch.line_bits().min(table::SOURCE_OFFSET.bits)
}

/// The lowest bits of adjacent fields of these widths, the first at bit 0.
pub(super) fn places(widths: &[usize]) -> Vec<Const> {
    let mut low = 0;
    let mut place = |bits: &usize| {
        low += bits;
        Const::new(low - bits)
    };
    widths.iter().map(&mut place).collect()
}

/// Position of a flag of `program::flag`.
pub(super) const fn flag_bit(flag: u64) -> usize {
    flag.trailing_zeros() as usize
}

slices! {
    /// The fields of `LAYER`.
    pub struct LayerFields, "layer_fields", "Fields of a LAYER command.";
    fn new(arch: &Arch);
    words 1..8;
    taps_m1: layer::TAPS_M1, arch.taps_bits();
    step: layer::STEP, arch.taps_bits();
    filters_m1: layer::FILTERS_M1, arch.filter_count_bits();
    filter_words: layer::FILTER_WORDS, arch.filter_count_bits();
    windows_m1: layer::WINDOWS_M1, WINDOW_BITS;
    images_m1: layer::IMAGES_M1, IMAGE_BITS;
    psum_shift: layer::PSUM_SHIFT, arch.shift_bits();
    ifmap_banks: layer::IFMAP_BANKS, layer::IFMAP_BANKS.bits;
    channels_m1: layer::CHANNELS_M1, arch.taps_bits();
    streams_m1: layer::STREAMS_M1, arch.ifmap_x_bits();
    row_width: layer::ROW_WIDTH, COLUMN_BITS;
    channel_stride: layer::CHANNEL_STRIDE, arch.word_address_bits();
    image_stride: layer::IMAGE_STRIDE, arch.word_address_bits();
    col_run_m1: layer::COL_RUN_M1, COLUMN_BITS;
    col_skip: layer::COL_SKIP, COLUMN_BITS;
    col_runs_m1: layer::COL_RUNS_M1, WINDOW_BITS;
    filter_y_m1: layer::FILTER_Y_M1, arch.tag_y_bits();
    filter_x_m1: layer::FILTER_X_M1, arch.filter_x_bits();
    filter_lines_m1: layer::FILTER_LINES_M1, filter_line_bits(arch);
    psum_filter_stride: layer::PSUM_FILTER_STRIDE, arch.line_bits();
    psum_image_stride: layer::PSUM_IMAGE_STRIDE, arch.line_bits();
}

slices! {
    /// The fields of `PASS`.
    pub struct PassFields, "pass_fields", "Fields of a PASS command.";
    fn new(arch: &Arch);
    words 1..4;
    tile: pass::TILE, arch.word_address_bits();
    x_start: pass::X_START, COLUMN_BITS;
    c_valid: pass::C_VALID, TILE_INDEX_BITS;
    h_lo: pass::H_LO, TILE_INDEX_BITS;
    h_hi: pass::H_HI, TILE_INDEX_BITS;
    distance: pass::DISTANCE, pass::DISTANCE.bits;
    psum: pass::PSUM, arch.line_bits();
}

slices! {
    /// The fields of an entry of the ifmap table.
    pub struct StreamFields, "stream_fields", "Fields of an entry of the ifmap table.";
    fn new(arch: &Arch);
    words 0..1;
    y: table::STREAM_Y, arch.tag_y_bits();
    x: table::STREAM_X, arch.ifmap_x_bits();
    offset: table::STREAM_OFFSET, stream_offset_bits(arch);
    h: table::STREAM_H, table::STREAM_H.bits;
    c: table::STREAM_C, table::STREAM_C.bits;
}

slices! {
    /// The fields of an entry of a psum lane's table.
    pub struct SourceFields, "source_fields", "Fields of an entry of a psum lane's table.";
    fn new(arch: &Arch);
    words 0..1;
    row: table::SOURCE_ROW, arch.tag_y_bits();
    feed: table::SOURCE_FEED, arch.tag_y_bits();
    col: table::SOURCE_COL, arch.lane_col_bits();
    offset: table::SOURCE_OFFSET, source_offset_bits(arch);
}

/// Flags of `PASS` by their position.
pub(super) const WAIT_LOADED: usize = flag_bit(flag::PASS_WAIT_LOADED);
pub(super) const POST_FREE: usize = flag_bit(flag::PASS_POST_FREE);
pub(super) const FIRST: usize = flag_bit(flag::PASS_FIRST);
pub(super) const WAIT_PSUM_FREE: usize = flag_bit(flag::PASS_WAIT_PSUM_FREE);
pub(super) const POST_PSUM_DONE: usize = flag_bit(flag::PASS_POST_PSUM_DONE);
