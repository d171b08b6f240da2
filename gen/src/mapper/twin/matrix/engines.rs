//! `ConvPhaseLoops`: the pieces that a filter is cut into.

use super::super::commands::Words;
use super::{Layer, Pieces};
use hw::matrix::command::layer;
use hw::program::Field;

/// Taps of each piece along the filter's rows, or its columns.
fn side(command: &Words, [phases_m1, long_phases, phase_taps]: [Field; 3], kernel: u64) -> Vec<u64> {
    let of_phase = |phase: u64| {
        let taps = phase_taps.get(command) - u64::from(phase >= long_phases.get(command));
        (0..taps).step_by(kernel as usize).map(move |done| kernel.min(taps - done))
    };
    (0..phases_m1.get(command) + 1).flat_map(of_phase).collect()
}

/// The weight tiles of a channel group: pixels and taps of each.
pub(super) fn pieces(layer: &Layer, command: &Words, kernel: u64) -> Pieces {
    let rows = side(command, [layer::PHASES_H_M1, layer::LONG_PHASES_H, layer::PHASE_TAPS_H], kernel);
    let cols = side(command, [layer::PHASES_W_M1, layer::LONG_PHASES_W, layer::PHASE_TAPS_W], kernel);
    let tile = |rows: u64, cols: u64| {
        let pixels = layer.images * (layer.row_turns + rows - 1) * (layer.windows + cols - 1);
        (pixels, rows * cols)
    };
    rows.iter().flat_map(|rows| cols.iter().map(move |cols| tile(*rows, *cols))).collect()
}
