//! What the array counts: for each event, how often it happened in a cycle.

use crate::arch::FILTER_BUS_WORDS;
use crate::rtl::count_bits;

/// MACs issued, gated ones included. Each reads an ifmap spad.
pub const MAC: usize = 0;
/// Those of them that a zero ifmap word gated. The others read a filter spad.
pub const GATED: usize = 1;
/// Ifmap words written to an ifmap spad.
pub const IFMAP: usize = 2;
/// Filter words that PEs took from the network, each written to a filter spad.
pub const FILTER: usize = 3;
/// Psums written to a psum spad, each read from it once.
pub const PSUM: usize = 4;
/// Those of them that came from the PE below.
pub const HOP: usize = 5;
/// How many events there are.
pub const EVENTS: usize = 6;

/// Width of each event's count in a cycle, for `pes` PEs.
pub fn event_bits(pes: usize) -> [usize; EVENTS] {
    let mut bits = [count_bits(pes); EVENTS];
    bits[FILTER] = count_bits(pes * FILTER_BUS_WORDS);
    bits
}
