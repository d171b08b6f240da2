//! When things happen, as `hw::ws` has it: the mapper's cycles are worked out from it.

use crate::bench::*;
use crate::convolution::arch;
use crate::model::*;
use hw::arch::Arch;
use hw::program::flag;

/// Passes of one ofmap tile each, all of whose positions lie within the ifmap.
fn passes(arch: &Arch, layer: &Layer, channels: usize, count: usize) -> Vec<Pass> {
    let mut random = Random(3);
    let first_line = arch.ifmap_ports() * arch.port_banks() * hw::arch::BANK_LINES;
    let words = channels * layer.images * layer.height * layer.width;
    let filters = channels * layer.filter_rows * layer.filter_cols * layer.filters;
    (0..count)
        .map(|_| Pass {
            base: 0,
            x_start: 0,
            y_start: 0,
            channels,
            psum: first_line,
            flags: flag::PASS_FIRST | flag::PASS_POST_PSUM_DONE | flag::PASS_POST_FREE,
            ifmap: (0..words).map(|i| (i % 5) as i128).collect(),
            filter: (0..filters).map(|_| random.word(arch.width)).collect(),
        })
        .collect()
}

fn layer(arch: &Arch, rows: usize, windows: usize, filters: usize) -> Layer {
    let (height, width) = (rows + 1, windows + 1);
    assert!(rows * windows <= arch.accumulators);
    Layer {
        filter_rows: 2,
        filter_cols: 2,
        stride_h: 1,
        stride_w: 1,
        images: 1,
        rows,
        windows,
        filters,
        psum_shift: 0,
        height,
        width,
        image_stride: height * width,
        group_stride: height * width,
    }
}

/// The cycle of the first launch, of the last, and all posts are where the schedule has them.
#[track_caller]
fn check(rows: usize, cols: usize, size: (usize, usize), filters: usize, channels: usize) {
    let arch = arch(rows, cols, 8, 16, 128, true);
    let layer = layer(&arch, size.0, size.1, filters);
    let passes = passes(&arch, &layer, channels, 3);
    let mut bench = Bench::new(&arch, &layer, 1, LIVELY);
    // All data is the same: it may lie in the same place
    bench.prepare(&passes);
    bench.run(&passes, 1);

    let positions = layer.positions();
    let left = |group: usize| (channels - group * rows).min(rows);
    let lines: Vec<usize> = (0..channels.div_ceil(rows))
        .flat_map(|group| vec![left(group) * filters.div_ceil(4); layer.filter_rows * layer.filter_cols])
        .collect();
    let all_lines: Vec<usize> = (0..3).flat_map(|_| lines.clone()).collect();
    // Weights are staged a line a cycle from cycle 0 on, taken from cycle 2 on
    let mut launches = vec![];
    let mut launch = bench.taken_cycles[0] + 2 + all_lines[0];
    let drain = filters.min(arch.lane_cols()) * positions;
    let (mut frees, mut dones, mut drained) = (vec![], vec![], 0);
    let mut half_free = [0; 2];
    for (number, lines_next) in all_lines.iter().enumerate() {
        let (pass, tile) = (number / lines.len(), number % lines.len());
        if number > 0 {
            let before: usize = launches[number - 1];
            launch = (before + positions.max(4)).max(before + cols + 3 + lines_next);
            if tile == 0 {
                launch = launch.max(half_free[pass % 2] + 2);
            }
        }
        launches.push(launch);
        if tile + 1 == lines.len() {
            frees.push(launch + positions + rows + 1);
            let start = (launch + positions + rows + cols + 8).max(drained + 1);
            drained = start + drain;
            half_free[pass % 2] = drained;
            dones.push(start + 2 + drain);
        }
    }
    let first_reads: Vec<usize> = launches.iter().flat_map(|k| (0..positions).map(move |p| k + 2 + p)).collect();
    assert_eq!(bench.read_cycles, first_reads, "reads of port 0");
    assert_eq!(bench.free_cycles, frees, "`ifmap_free`");
    assert_eq!(bench.done_cycles, dones, "`psum_done`");
}

#[test]
fn weight_tiles_follow_each_other_without_a_gap() {
    check(3, 4, (5, 6), 4, 3);
    check(2, 1, (5, 6), 1, 5);
}

#[test]
fn a_tile_of_few_positions_waits_for_the_accumulators() {
    check(1, 1, (1, 1), 1, 2);
    check(1, 1, (1, 3), 1, 1);
}

#[test]
fn a_tile_waits_for_its_weights() {
    check(5, 7, (2, 3), 7, 12);
    check(4, 2, (2, 2), 2, 7);
}

#[test]
fn a_pass_waits_for_the_half_that_is_drained() {
    check(2, 8, (8, 8), 8, 1);
}
