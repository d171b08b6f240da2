//! Cycles that the hardware takes beside its work, measured: the constants of the timing model, all in one place.
//!
//! `sim campaign` shows how well the model fits.

/// Cycles from one command's dispatch to the next's: its words, its check, itself.
pub(super) const COMMAND: u64 = 10;
/// Cycles for a block of a table.
pub(super) const TABLE_BLOCK: u64 = 8;
/// Cycles from the push of a program to its first word, beside the memory's latency.
pub(super) const START: u64 = 9;
/// Cycles from the last write to the interrupt, beside the memory's latency.
pub(super) const END: u64 = 12;
/// Cycles from a read's request to its first word in the unit, beside the memory's latency.
pub(super) const READ: u64 = 7;
/// Bursts that may be on the way.
pub(super) const OUTSTANDING: u64 = 8;
/// Cycles from one request of a reader to its next.
pub(super) const REQUEST: u64 = 3;
/// Cycles from the claim of an ifmap word in its walker until it is back from the buffer, and its place is free.
pub(super) const RETURNED: u64 = 5;
/// Cycles from the start of a pass in the ifmap walker to its first word in a PE.
pub(super) const IFMAP_LATENCY: u64 = 9;
/// Cycles from the start of a pass in the psum feeders to its first psum in a PE.
pub(super) const PSUM_LATENCY: u64 = 9;
/// Cycles from a PE's tap 0 to that of the PE above it, beside the taps.
pub(super) const HOP: u64 = 4;
/// Cycles from a line's way out of staging until its words are in a PE.
pub(super) const FILTER_LATENCY: u64 = 6;
/// Cycles from the last tap of a pass to the end of its collection.
pub(super) const COLLECT: u64 = 8;
/// Cycles from a word's last use in a PE until the next word in its place can be used, beside those on the bus.
pub(super) const REFILL: u64 = 3;
/// Cycles from the start of a store to its first read of the buffer.
pub(super) const DRAIN: u64 = 3;
/// Cycles from a read of the buffer to the word's way to memory: output stage, packer, write port.
pub(super) const STORE: u64 = 12;
/// Runs of a store that are on their way from the buffer to the packer at the most, and the cycles that each is.
pub(super) const RUNS: (u64, u64) = (4, 13);
/// Write bursts that are not answered, at the most, and the cycles from a burst to its answer beside the memory's latency.
pub(super) const UNANSWERED: (u64, u64) = (15, 4);
