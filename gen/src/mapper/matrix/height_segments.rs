//! Filters that are cut into *height segments*, because a pass cannot have all of their rows: rows of PEs cannot pass on as many words to those above, or the weight buffer does not have all weights of
//! a channel. Each segment has a tile of the ifmap of its own, which lies as many rows lower. All of a filter's have as many rows, as `LAYER` says how many a pass has.

use super::planes::{channel_places, tails};
use super::MatrixPlan;
use crate::shape::ConvShape;
use hw::os::{OsStyle, MAX_STRIDE, PASSED_HEADS, PASSED_TAILS};
use hw::{Arch, Dataflow};

/// Whether rows of PEs can pass on to those above what these need for all rows of a filter.
fn passes_on(shape: &ConvShape, arch: &Arch) -> bool {
    shape.r <= shape.stride_h
        || match arch.os() {
            Some(OsStyle::MopMop) => shape.stride_h <= MAX_STRIDE,
            Some(OsStyle::SopMop) => shape.stride_h <= PASSED_HEADS && tails(shape) <= PASSED_TAILS,
            _ => true,
        }
}

/// Whether the weight buffer has the weights of a channel for so many rows of a filter (of one of its columns, where these are parts of a pass).
pub(super) fn has_weights(rows: usize, shape: &ConvShape, arch: &Arch) -> bool {
    match arch.dataflow {
        Dataflow::Ws | Dataflow::Nlr => true,
        _ if arch.is_of_planes() => channel_places(rows * shape.s) <= arch.weight_steps(),
        _ => rows <= arch.weight_steps(),
    }
}

/// Filter rows of a pass: all, or the most that divide them and can be run; 1 if none can.
pub(super) fn pass_rows(shape: &ConvShape, arch: &Arch) -> usize {
    let most = if passes_on(shape, arch) { shape.r } else { shape.stride_h };
    let runs = |rows: &usize| shape.r.is_multiple_of(*rows) && has_weights(*rows, shape, arch);
    (1..=most).rev().find(runs).unwrap_or(1)
}

impl MatrixPlan {
    /// Height segments of the filters.
    pub(super) fn height_segments(&self) -> usize {
        self.shape.r / self.pass_rows
    }

    /// Tiles of the ifmap for all channels of a group, and all rows of the filters.
    pub(super) fn group_tiles(&self) -> usize {
        self.channel_tiles * self.height_segments()
    }
}
