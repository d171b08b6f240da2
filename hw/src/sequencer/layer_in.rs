//! What the walkers of a pass are told for a whole layer.

use super::fields::source_offset_bits;
use super::COLUMN_BITS;
use crate::arch::{Arch, IMAGE_BITS, WINDOW_BITS};
use crate::rtl::prelude::*;

/// Layer constants of the ifmap walker.
#[derive(Clone, Debug, LogicInterface)]
pub struct IfmapLayer {
    pub channels_m1: Wire<In>,
    pub streams_m1: Wire<In>,
    pub row_width: Wire<In>,
    pub channel_stride: Wire<In>,
    pub image_stride: Wire<In>,
    pub col_run_m1: Wire<In>,
    pub col_skip: Wire<In>,
    pub col_runs_m1: Wire<In>,
    pub images_m1: Wire<In>,
}

impl IfmapLayer {
    /// The constants at the widths of `arch`.
    pub fn new(arch: &Arch) -> Self {
        IfmapLayer {
            channels_m1: Wire::unsigned(arch.taps_bits()),
            streams_m1: Wire::unsigned(arch.ifmap_x_bits()),
            row_width: Wire::unsigned(COLUMN_BITS),
            channel_stride: Wire::unsigned(arch.word_address_bits()),
            image_stride: Wire::unsigned(arch.word_address_bits()),
            col_run_m1: Wire::unsigned(COLUMN_BITS),
            col_skip: Wire::unsigned(COLUMN_BITS),
            col_runs_m1: Wire::unsigned(WINDOW_BITS),
            images_m1: Wire::unsigned(IMAGE_BITS),
        }
    }
}

/// Layer constants of the psum walkers.
#[derive(Clone, Debug, LogicInterface)]
pub struct PsumLayer {
    pub windows_m1: Wire<In>,
    pub filters_m1: Wire<In>,
    pub images_m1: Wire<In>,
    /// Buffer lines from a filter's psums to the next filter's, and from an image's to the next image's.
    pub filter_stride: Wire<In>,
    pub image_stride: Wire<In>,
}

impl PsumLayer {
    /// The constants at the widths of `arch`.
    pub fn new(arch: &Arch) -> Self {
        PsumLayer {
            windows_m1: Wire::unsigned(WINDOW_BITS),
            filters_m1: Wire::unsigned(arch.filter_count_bits()),
            images_m1: Wire::unsigned(IMAGE_BITS),
            filter_stride: Wire::unsigned(arch.line_bits()),
            image_stride: Wire::unsigned(arch.line_bits()),
        }
    }
}

/// An entry for the table of a psum lane: a PE, and where its psums lie from the pass's base on.
#[derive(Clone, Debug, LogicInterface)]
pub struct SourceEntry {
    pub index: Wire<In>,
    pub row: Wire<In>,
    pub col: Wire<In>,
    pub offset: Wire<In>,
}

impl SourceEntry {
    /// An entry at the widths of `arch`.
    pub fn new(arch: &Arch) -> Self {
        SourceEntry {
            index: Wire::unsigned(address_bits(arch.lane_sources())),
            row: Wire::unsigned(arch.tag_y_bits()),
            col: Wire::unsigned(arch.lane_col_bits()),
            offset: Wire::unsigned(source_offset_bits(arch)),
        }
    }
}
