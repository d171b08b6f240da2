//! What an array is sent, a position and a line of weights a cycle.

use super::control;
use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::rtl::prelude::*;

/// A position.
#[derive(Clone, Debug, LogicInterface)]
pub struct Position {
    /// Bits as in [`control`].
    pub control: Wire<In>,
    /// The ifmap has a word for it; otherwise it is in the padding.
    pub inside: Wire<In>,
    /// Channels of its channel group, each a row's.
    pub left: Wire<In>,
    /// Address of its word in each row's port.
    pub address: Wire<In>,
}

impl Position {
    /// A position at the widths of `arch`.
    pub fn new(arch: &Arch) -> Self {
        Position {
            control: Wire::unsigned(control::BITS),
            inside: Wire::bit(),
            left: Wire::unsigned(count_bits(arch.rows)),
            address: Wire::unsigned(address_bits(arch.port_words())),
        }
    }
}

/// A line of weights: of a row, four columns.
#[derive(Clone, Debug, LogicInterface)]
pub struct WeightLine {
    pub valid: Wire<In>,
    /// It is the last one of its weight tile.
    pub end: Wire<In>,
    pub row: Wire<In>,
    /// Its columns, by fours.
    pub group: Wire<In>,
    /// The first column's weight in the lowest bits.
    pub words: Wire<In>,
}

impl WeightLine {
    /// A line at the widths of `arch`.
    pub fn new(arch: &Arch) -> Self {
        WeightLine {
            valid: Wire::bit(),
            end: Wire::bit(),
            row: Wire::unsigned(address_bits(arch.rows)),
            group: Wire::unsigned(address_bits(arch.cols.div_ceil(FILTER_BUS_WORDS))),
            words: Wire::unsigned(FILTER_BUS_WORDS * arch.width),
        }
    }
}
