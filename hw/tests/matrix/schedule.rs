//! When things happen, as `hw::ws`, `hw::nlr` and `hw::os` have it: the mapper's cycles are worked out from it.

use crate::bench::*;
use crate::convolution::{arch, engines, planes};
use crate::model::*;
use hw::arch::Arch;
use hw::os::OsStyle;
use hw::program::flag;
use hw::Dataflow;

/// Passes of one ofmap tile each, all of whose positions lie within the ifmap.
fn passes(arch: &Arch, layer: &Layer, channels: usize, count: usize) -> Vec<Pass> {
    let mut random = Random(3);
    let words = channels * layer.images * layer.height * layer.width;
    let filters = channels * layer.filter_rows * layer.filter_cols * layer.all_filters();
    let pass = |_| {
        let ifmap = (0..words).map(|i| (i % 5) as i128).collect();
        let alone = Pass::alone(arch, channels, ifmap, (0..filters).map(|_| random.word(arch.width)).collect());
        Pass { flags: alone.flags | flag::PASS_POST_FREE, ..alone }
    };
    (0..count).map(pass).collect()
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
        own_rows: 1,
        psum_shift: 0,
        height,
        width,
        image_stride: height * width,
        group_stride: height * width,
    }
}

/// The cycles in which weight tiles are launched that have so many `lines` each, staged a line a cycle from cycle 0 on, where the pass of tile n can
/// begin no earlier than `begins` says.
struct Launches<'a> {
    arch: &'a Arch,
    /// Psums that a column adds up for a tile.
    windows: usize,
    /// Lines of each tile, whether it is the first of its pass, and its positions.
    tiles: &'a [(usize, bool, usize)],
    at: Vec<usize>,
    /// When the next line can be taken by the loader, of a tile for which there is room.
    line: usize,
}

impl Launches<'_> {
    /// Launches the next tile, not before cycle `begin`.
    fn launch(&mut self, begin: usize) -> usize {
        let tile = self.at.len();
        let (lines, opens, _) = self.tiles[tile];
        if opens && tile > 0 {
            // The loader takes the next pass
            self.line += 1;
        }
        let room = match self.arch.dataflow {
            Dataflow::Nlr => tile.checked_sub(self.arch.weight_tiles).map_or(0, |used| self.at[used + 1] + 5),
            _ if self.arch.conv2d.is_some() => self.at.last().map_or(0, |before| before + 5),
            _ => self.at.last().map_or(0, |before| before + self.arch.cols + 3),
        };
        self.line = self.line.max(room) + lines;
        let few = 4usize.saturating_sub(self.windows);
        let after = self.at.last().map_or(0, |before| before + self.tiles[tile - 1].2 + few);
        self.at.push(begin.max(after).max(self.line));
        self.at[tile]
    }
}

/// Cycles from a position in the walker to its psum in the last accumulator, and to its words read in the last row.
fn depth(arch: &Arch) -> (usize, usize) {
    match arch.dataflow {
        Dataflow::Nlr => (hw::matrix::levels(arch.rows) + 9, 1),
        _ if arch.conv2d.is_some() => (hw::matrix::levels(arch.rows) + 9, 1),
        _ => (arch.rows + arch.cols + 7, arch.rows),
    }
}

/// The cycle of the first launch, of the last, and all posts are where the schedule has them.
#[track_caller]
fn check(rows: usize, cols: usize, size: (usize, usize), filters: usize, channels: usize) {
    for dataflow in [Dataflow::Ws, Dataflow::Nlr] {
        check_on(&arch(dataflow, rows, cols, 8, 16, 128, true), size, filters, channels);
    }
}

#[track_caller]
fn check_on(arch: &Arch, size: (usize, usize), filters: usize, channels: usize) {
    check_layer(arch, &layer(arch, size.0, size.1, filters), channels);
}

/// The same for a layer all of whose positions lie within the ifmap.
#[track_caller]
fn check_layer(arch: &Arch, layer: &Layer, channels: usize) {
    let filters = layer.filters;
    let passes = passes(arch, layer, channels, 3);
    let mut bench = Bench::new(arch, layer, 1, LIVELY);
    // All data is the same: it may lie in the same place
    bench.prepare(&passes);
    bench.run(&passes, 1);

    let positions = layer.positions();
    let at_a_time = arch.ifmap_ports();
    let left = |group: usize| (channels - group * at_a_time).min(at_a_time);
    // Taps of each weight tile of a channel group, and its positions
    let of_group: Vec<(usize, usize)> = match arch.conv2d {
        Some(_) => {
            let taps = layer.pieces(arch).into_iter().map(|(rows, cols)| rows.taps * cols.taps);
            taps.zip(layer.all_pixels(arch)).collect()
        }
        None => vec![(1, positions); layer.filter_rows * layer.filter_cols],
    };
    let lines: Vec<(usize, usize)> = (0..channels.div_ceil(at_a_time))
        .flat_map(|group| of_group.iter().map(move |(taps, at)| (taps * left(group) * filters.div_ceil(4), *at)))
        .collect();
    let tiles: Vec<(usize, bool, usize)> =
        (0..3).flat_map(|_| lines.iter().enumerate().map(|(i, (lines, at))| (*lines, i == 0, *at))).collect();
    let line = bench.taken_cycles[0] + 2;
    let mut launches = Launches { arch, windows: positions, tiles: &tiles, at: vec![], line };
    let (complete, read) = depth(arch);
    let drain = filters.min(arch.lane_cols()) * positions;
    let (mut frees, mut dones, mut drained) = (vec![], vec![], 0);
    let mut half_free = [0; 2];
    for number in 0..tiles.len() {
        let (pass, tile) = (number / lines.len(), number % lines.len());
        let begin = if tile == 0 && number > 0 { half_free[pass % 2] + 2 } else { 0 };
        let launch = launches.launch(begin);
        if tile + 1 == lines.len() {
            frees.push(launch + tiles[number].2 + read + 1);
            let start = (launch + tiles[number].2 + complete + 1).max(drained + 1);
            drained = start + drain;
            half_free[pass % 2] = drained;
            dones.push(start + 2 + drain);
        }
    }
    let first_reads: Vec<usize> =
        launches.at.iter().zip(&tiles).flat_map(|(k, tile)| (0..tile.2).map(move |p| k + 2 + p)).collect();
    assert_eq!(bench.read_cycles, first_reads, "reads of port 0, {arch:?}");
    assert_eq!(bench.free_cycles, frees, "`ifmap_free`, {arch:?}");
    assert_eq!(bench.done_cycles, dones, "`psum_done`, {arch:?}");
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

/// Pieces of a filter follow each other without a gap, the pixels before their first windows included, unless an ofmap tile has few windows, or a piece many weights.
#[test]
fn pieces_of_a_filter_follow_each_other_without_a_gap() {
    let sizes = [((5, 6), (3, 3)), ((4, 4), (5, 4)), ((1, 1), (3, 5)), ((1, 3), (1, 1)), ((3, 1), (4, 1))];
    for ((rows, windows), (filter_rows, filter_cols)) in sizes {
        for (kernel, number, cols, filters, channels) in [(3, 1, 4, 4, 2), (2, 2, 6, 5, 3), (3, 2, 1, 1, 2)] {
            let arch = engines(kernel, number, cols, 8, 16, true);
            let (height, width) = (rows + filter_rows - 1, windows + filter_cols - 1);
            let image_stride = height * width;
            let layer = Layer {
                filter_rows,
                filter_cols,
                height,
                width,
                image_stride,
                group_stride: image_stride,
                ..layer(&arch, rows, windows, filters)
            };
            check_layer(&arch, &layer, channels);
        }
    }
}

/// Two passes of an output-stationary array, each on one block of ofmap rows, whose weights all fit into the ring. Each step reads port 0: with the first filter row for
/// row 0, with the second for the last row.
#[test]
fn steps_follow_each_other_without_a_gap() {
    for (rows, cols, windows, filters) in [(3, 4, 5, 4), (1, 1, 6, 1), (4, 6, 9, 3)] {
        let arch = arch(Dataflow::Os, rows, cols, 8, 16, 64, true);
        let mut layer = layer(&arch, rows, windows, filters);
        layer.image_stride = 2 * layer.width;
        layer.group_stride = layer.image_stride;
        let passes = passes(&arch, &layer, 1, 2);
        let mut bench = Bench::new(&arch, &layer, 1, LIVELY);
        bench.prepare(&passes);
        bench.run(&passes, 1);

        let steps = windows * layer.filter_rows * layer.filter_cols;
        let drain = filters.min(arch.lane_cols()) * layer.positions();
        // The loader takes the pass in the cycle after it came, a line in the next, and the step goes in the one after that.
        let mut first = bench.taken_cycles[0] + 3;
        let (mut reads, mut frees, mut dones, mut drained) = (vec![], vec![], vec![], 0);
        for _ in &passes {
            reads.extend((0..steps).map(|step| first + step + 1));
            let last = first + steps - 1;
            frees.push(last + rows + 5);
            let start = (last + rows + 11).max(drained + 1);
            drained = start + drain;
            dones.push(start + 2 + drain);
            // It begins in the cycle after the last step
            first = last + 2;
        }
        assert_eq!(bench.read_cycles, reads, "reads of port 0, {arch:?}");
        assert_eq!(bench.free_cycles, frees, "`ifmap_free`, {arch:?}");
        assert_eq!(bench.done_cycles, dones, "`psum_done`, {arch:?}");
    }
}

/// A position of fewer steps than the array has rows: its psums wait until those of the one before have left.
#[test]
fn a_position_waits_for_the_psums_of_the_one_before() {
    let arch = arch(Dataflow::Os, 7, 3, 8, 16, 64, true);
    let mut layer = Layer { filter_rows: 1, filter_cols: 1, ..layer(&arch, 7, 5, 3) };
    layer.image_stride = 2 * layer.width;
    layer.group_stride = layer.image_stride;
    let passes = passes(&arch, &layer, 2, 2);
    let mut bench = Bench::new(&arch, &layer, 1, LIVELY);
    bench.prepare(&passes);
    bench.run(&passes, 1);
}

/// Passes of an input-stationary array on one block of ifmap rows, whose weights all fit into the ring, two half as high as the array. Each step takes a cycle, port 0 is read in
/// the first of each column.
#[test]
fn held_words_follow_each_other_without_a_gap() {
    for (rows, cols, lines, windows, filters) in [(4, 4, 3, 5, 4), (1, 1, 1, 6, 1), (6, 6, 2, 9, 3)] {
        let arch = arch(Dataflow::Is, rows, cols, 8, 16, 64, true);
        let mut layer = layer(&arch, lines, windows, filters);
        let blocks = (lines + 1).div_ceil(rows);
        layer.image_stride = blocks * layer.width;
        layer.group_stride = layer.image_stride;
        let passes = passes(&arch, &layer, 1, 2);
        let mut bench = Bench::new(&arch, &layer, 1, LIVELY);
        bench.prepare(&passes);
        bench.run(&passes, 1);

        // Two taps up the column for each of two in the row, but that the first and the last column have one
        let columns: Vec<usize> = (0..=windows).map(|x| if x == 0 || x == windows { 2 } else { 4 }).collect();
        let strip: usize = columns.iter().sum();
        let taps = 4;
        let drain = filters.min(arch.lane_cols()) * layer.positions();
        // The loader takes the pass in the cycle after it came, a line in each of the next, and the step goes in the cycle after the last.
        let mut weights = bench.taken_cycles[0] + 2 + taps * filters.div_ceil(4);
        let (mut reads, mut frees, mut dones, mut drained) = (vec![], vec![], vec![], 0);
        // Banks are cleared from cycle 0 on, in which the LAYER command has been taken.
        let mut begins = arch.bank_places() + 1;
        for _ in &passes {
            let first = weights.max(begins);
            for block in 0..blocks {
                let mut step = first + block * strip;
                for taps in &columns {
                    reads.push(step + 1);
                    step += taps;
                }
            }
            let last = first + blocks * strip - 1;
            frees.push(last + 2);
            let start = (last + 10).max(drained + 1);
            drained = start + drain;
            dones.push(start + 2 + drain);
            // The loader takes the next pass in a cycle of its own; the pass begins in the cycle after the last step
            weights += 1 + taps * filters.div_ceil(4);
            begins = last + 2;
        }
        assert_eq!(bench.read_cycles, reads, "reads of port 0, {arch:?}");
        assert_eq!(bench.free_cycles, frees, "`ifmap_free`, {arch:?}");
        assert_eq!(bench.done_cycles, dones, "`psum_done`, {arch:?}");
    }
}

/// No pass begins while the banks are cleared, one place after the other.
#[test]
fn a_pass_waits_until_the_banks_are_clear() {
    let arch = arch(Dataflow::Is, 1, 1, 8, 16, 64, true);
    let mut layer = Layer { filter_rows: 1, filter_cols: 1, ..layer(&arch, 1, 3, 1) };
    layer.image_stride = 2 * layer.width;
    layer.group_stride = layer.image_stride;
    let passes = passes(&arch, &layer, 1, 1);
    let mut bench = Bench::new(&arch, &layer, 1, LIVELY);
    bench.prepare(&passes);
    bench.run(&passes, 1);
    let clear = arch.bank_places();
    assert!(bench.taken_cycles[0] < clear, "a pass is offered meanwhile");
    assert_eq!(bench.read_cycles, (0..3).map(|step| clear + 2 + step).collect::<Vec<_>>());
}

/// Passes of an array whose PEs all work on one pixel: the first step waits for its lines, the others come as fast as these, until each position repeats them.
#[test]
fn steps_of_pixels_follow_each_other_without_a_gap() {
    for (rows, cols, windows, filters) in [(3, 4, 9, 4), (1, 1, 8, 1), (4, 5, 8, 4)] {
        let arch = arch(OsStyle::MopSop, rows, cols, 8, 16, 64, true);
        let layer = Layer { own_rows: rows, ..layer(&arch, 1, windows, filters) };
        let passes = passes(&arch, &layer, 1, 2);
        let mut bench = Bench::new(&arch, &layer, 1, LIVELY);
        bench.prepare(&passes);
        bench.run(&passes, 1);

        let steps = layer.filter_rows * layer.filter_cols;
        let lines = rows * filters.div_ceil(4);
        let drain = rows * filters.min(arch.lane_cols()) * layer.positions();
        let mut line = bench.taken_cycles[0] + 2;
        let mut begin = bench.taken_cycles[0] + 1;
        let (mut reads, mut frees, mut dones, mut drained) = (vec![], vec![], vec![], 0);
        for _ in &passes {
            let mut step = begin;
            for number in 0..windows * steps {
                if number < steps {
                    step = step.max(line + lines);
                    line += lines;
                }
                reads.push(step + 1);
                step += 1;
            }
            let last = step - 1;
            frees.push(last + rows + 5);
            let start = (last + rows + 11).max(drained + 1);
            drained = start + drain;
            dones.push(start + 2 + drain);
            // The loader takes the next pass in a cycle of its own; the pass begins in the cycle after the last step
            (begin, line) = (last + 2, line + 1);
        }
        assert_eq!(bench.read_cycles, reads, "reads, {arch:?}");
        assert_eq!(bench.free_cycles, frees, "`ifmap_free`, {arch:?}");
        assert_eq!(bench.done_cycles, dones, "`psum_done`, {arch:?}");
    }
}

/// Passes of an array of one ofmap plane: a head takes a cycle for each of its reads, each tail one more; the first step of a line waits for it.
#[test]
fn heads_take_a_cycle_for_each_read() {
    // A port of 4, 8 and 16 words
    for (rows, cols, banks, stride, fetches) in
        [(3, 4, 1, 1, 1), (2, 5, 2, 1, 1), (2, 7, 1, 1, 2), (1, 14, 4, 2, 2), (2, 6, 2, 5, 6)]
    {
        let arch = planes(rows, cols, banks, 8, 16, true);
        let windows = 2 * cols;
        let width = (windows - 1) * stride + 3;
        let layer = Layer {
            filter_rows: 1,
            filter_cols: 3,
            stride_w: stride,
            height: rows,
            width,
            image_stride: width,
            group_stride: width,
            ..layer(&arch, rows, windows, 1)
        };
        assert_eq!(layer.fetches(&arch), fetches, "{arch:?}");
        // A third one would wait for the half that is drained.
        let passes = passes(&arch, &layer, 2, 2);
        let mut bench = Bench::new(&arch, &layer, 1, LIVELY);
        bench.prepare(&passes);
        bench.run(&passes, 1);

        // A line has the weights of four steps; all steps of the pass are of one chunk or more.
        let of_position: usize = 2 * 3;
        let chunks = if layer.chunk_of_channels(&arch) == 1 { 2 } else { 1 };
        let drain = rows * windows;
        let mut line = bench.taken_cycles[0] + 2;
        let mut begin = bench.taken_cycles[0] + 2;
        let (mut reads, mut frees, mut dones, mut drained) = (vec![], vec![], vec![], 0);
        for _ in &passes {
            let (mut cycle, mut number) = (begin, 0);
            let mut hold = 0;
            for _ in 0..chunks {
                for position in 0..2 {
                    let steps = of_position / chunks;
                    let mut sent = 0;
                    for phase in (0..steps / 3).flat_map(|_| layer.phases()) {
                        for tap in 0..phase.len() {
                            if tap == 0 {
                                reads.extend((0..fetches - 1).map(|fetch| cycle + fetch + 1));
                                cycle += fetches - 1;
                            }
                            sent += 1;
                            if position == 0 {
                                // Line by line, each there in the cycle after it was taken
                                cycle = cycle.max(line + number / 4 + 1);
                                number += 1;
                            }
                            if sent == steps {
                                cycle = cycle.max(hold);
                                hold = cycle + rows.max(4);
                            }
                            reads.push(cycle + 1);
                            cycle += 1;
                        }
                    }
                }
            }
            let last = cycle - 1;
            frees.push(last + rows + 5);
            let start = (last + rows + 11).max(drained + 1);
            drained = start + drain;
            dones.push(start + 2 + drain);
            // The loader takes the next pass in a cycle of its own; the pass begins in the cycle after the last step
            (begin, line) = (last + 2, line + of_position.div_ceil(4) + 1);
        }
        assert_eq!(bench.read_cycles, reads, "reads, {arch:?}");
        assert_eq!(bench.free_cycles, frees, "`ifmap_free`, {arch:?}");
        assert_eq!(bench.done_cycles, dones, "`psum_done`, {arch:?}");
    }
}
