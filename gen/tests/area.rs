//! The model of areas against netlists: what `scripts/synth-asic` counts on osu018, memories that are read at the clock's edge aside.

use gen::area::Area;
use hw::os::OsStyle;
use hw::{ArchSpec, Dataflow, WsStyle};

/// By how much the model may be off, as a share of what is counted.
const MOST: f64 = 0.09;

#[track_caller]
fn check(spec: ArchSpec, counted: f64) {
    let area = Area::of(&spec.check().unwrap()).unwrap();
    let error = area.logic / counted - 1.0;
    assert!(error.abs() < MOST, "{spec:?}: {:.0} NAND2, {counted} counted: {:+.1} %", area.logic, 100.0 * error);
}

fn spec(rows: usize, cols: usize, width: usize, glb_kb: usize) -> ArchSpec {
    ArchSpec { rows, cols, width, glb_kb, ..ArchSpec::default() }
}

#[test]
fn row_stationary_designs() {
    check(ArchSpec { ifmap_spad: 4, filter_spad: 16, psum_spad: 4, ..spec(2, 2, 8, 4) }, 112_933.0);
    check(spec(4, 4, 16, 32), 244_167.0);
    check(ArchSpec { link_width: 32, ..spec(2, 3, 32, 32) }, 212_783.0);
    let large = ArchSpec { psum_width: 20, ifmap_spad: 24, filter_spad: 448, psum_spad: 16, ..spec(6, 5, 12, 48) };
    check(large, 296_766.0);
    let spads = ArchSpec { ifmap_spad: 48, filter_spad: 512, psum_spad: 64, ..spec(8, 8, 8, 64) };
    check(spads, 691_691.0);
}

#[test]
fn the_chips_sizes() {
    check(ArchSpec { psum_width: 16, ..ArchSpec::default() }, 1_167_072.0);
}

#[test]
fn weight_stationary_designs() {
    let ws = |spec: ArchSpec| ArchSpec { dataflow: Dataflow::Ws, ..spec };
    check(ws(ArchSpec { accumulators: 64, ..spec(4, 4, 8, 16) }), 115_578.0);
    check(ws(spec(6, 8, 16, 64)), 240_283.0);
    check(ws(ArchSpec { psum_width: 40, accumulators: 512, ..spec(3, 5, 24, 40) }), 183_033.0);
}

#[test]
fn designs_of_the_other_dataflows_and_styles() {
    let small = ArchSpec { accumulators: 64, ..spec(4, 4, 8, 16) };
    let of = |dataflow| ArchSpec { dataflow, ..small.clone() };
    check(of(Dataflow::Nlr), 104_334.0);
    check(of(Dataflow::Os), 120_807.0);
    check(ArchSpec { dataflow: Dataflow::Os, ..spec(8, 8, 16, 64) }, 303_703.0);
    check(ArchSpec { os_style: OsStyle::MopSop, ..of(Dataflow::Os) }, 118_419.0);
    check(ArchSpec { os_style: OsStyle::SopMop, ..of(Dataflow::Os) }, 134_101.0);
    check(of(Dataflow::Is), 126_221.0);
    check(ArchSpec { rows: 9, ws_style: WsStyle::Conv2d, ..of(Dataflow::Ws) }, 138_816.0);
}

/// Memories grow with buffer, filter spads and accumulators, by about the bits.
#[test]
fn memories_follow_the_sizes() {
    let memories = |spec: ArchSpec| Area::of(&spec.check().unwrap()).unwrap().memories;
    let base = memories(spec(4, 4, 16, 54));
    let (buffer, spads) =
        (memories(spec(4, 4, 16, 108)), memories(ArchSpec { filter_spad: 448, ..spec(4, 4, 16, 54) }));
    assert!(buffer > 1.5 * base && spads > base + 16.0 * 224.0 * 16.0 * 0.5, "{base} {buffer} {spads}");
}
