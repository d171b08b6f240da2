use crate::rtl::prelude::*;

/// A row's end of a psum lane into the array. Whether the PE at `col` has room is the row's `psum_room`.
#[derive(Clone, Debug, LogicInterface)]
pub struct LaneIn {
    /// A psum for this row.
    pub valid: Wire<In>,
    /// The lane column that it is for.
    pub col: Wire<In>,
    pub word: Wire<In>,
}

/// A row's end of a psum lane out of the array. Outputs are 0 unless the row is selected.
#[derive(Clone, Debug, LogicInterface)]
pub struct LaneOut {
    /// This row is addressed.
    pub select: Wire<In>,
    /// The lane column that is addressed.
    pub col: Wire<In>,
    /// The psum that is offered moves.
    pub take: Wire<In>,
    pub valid: Wire<Out>,
    pub word: Wire<Out>,
}

impl LaneIn {
    /// A lane of `psum_bits`-bit psums.
    pub fn new(col_bits: usize, psum_bits: usize) -> Self {
        LaneIn { valid: Wire::bit(), col: Wire::unsigned(col_bits), word: Wire::signed(psum_bits) }
    }
}

impl LaneOut {
    /// A lane of `psum_bits`-bit psums.
    pub fn new(col_bits: usize, psum_bits: usize) -> Self {
        LaneOut {
            select: Wire::bit(),
            col: Wire::unsigned(col_bits),
            take: Wire::bit(),
            valid: Wire::bit(),
            word: Wire::signed(psum_bits),
        }
    }
}
