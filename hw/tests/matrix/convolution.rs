//! Layers at random: every psum, every post and every count.

use crate::bench::*;
use crate::model::*;
use hw::arch::{Arch, ArchSpec};
use hw::matrix::MatrixCore;
use hw::os::OsStyle;
use hw::rtl::prelude::*;
use hw::{Dataflow, WsStyle};

/// A dataflow, in one of its styles.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub dataflow: Dataflow,
    pub os_style: OsStyle,
}

impl From<Dataflow> for Kind {
    fn from(dataflow: Dataflow) -> Kind {
        Kind { dataflow, os_style: OsStyle::default() }
    }
}

impl From<OsStyle> for Kind {
    fn from(style: OsStyle) -> Kind {
        Kind { dataflow: Dataflow::Os, os_style: style }
    }
}

/// Every array that multiplies by a matrix.
pub fn kinds() -> Vec<Kind> {
    let others = [Dataflow::Ws, Dataflow::Nlr, Dataflow::Is].map(Kind::from);
    others.into_iter().chain(OsStyle::ALL.map(Kind::from)).collect()
}

pub fn arch(
    kind: impl Into<Kind>,
    rows: usize,
    cols: usize,
    width: usize,
    psum_width: usize,
    accumulators: usize,
    zero_gating: bool,
) -> Arch {
    let glb_kb = (rows + 2) * width.max(psum_width.div_ceil(4)) * 2;
    let Kind { dataflow, os_style } = kind.into();
    let spec = ArchSpec {
        dataflow,
        os_style,
        rows,
        cols,
        width,
        psum_width,
        accumulators,
        weight_tiles: 3,
        zero_gating,
        glb_kb,
        ..Default::default()
    };
    spec.check().unwrap()
}

/// `engines` convolution engines of K × K weights.
pub fn engines(kernel: usize, engines: usize, cols: usize, width: usize, psum_width: usize, zero_gating: bool) -> Arch {
    let spec = ArchSpec {
        dataflow: Dataflow::Ws,
        ws_style: WsStyle::Conv2d,
        kernel,
        row_fifo: 16,
        rows: engines * kernel * kernel,
        cols,
        width,
        psum_width,
        accumulators: 64,
        zero_gating,
        glb_kb: (engines + 2) * width.max(psum_width.div_ceil(4)) * 2,
        ..Default::default()
    };
    spec.check().unwrap()
}

/// An array of one ofmap plane with so many banks to a port.
pub fn planes(rows: usize, cols: usize, banks: usize, width: usize, psum_width: usize, zero_gating: bool) -> Arch {
    let lane_width = width.max(psum_width.div_ceil(4));
    let spec = ArchSpec {
        dataflow: Dataflow::Os,
        os_style: OsStyle::SopMop,
        rows,
        cols,
        width,
        psum_width,
        accumulators: 64,
        weight_tiles: 2,
        zero_gating,
        // Three of four banks are those of ports; 2 of 27 parts of the buffer are staging.
        glb_kb: ((banks * rows * 4).div_ceil(3) + 1) * lane_width / 4 * 27 / 25 + 1,
        ..Default::default()
    };
    let arch = spec.check().unwrap();
    assert_eq!(arch.port_banks(), banks, "{spec:?}");
    arch
}

#[test]
fn planes_with_ports_of_several_banks() {
    for seed in 0..6 {
        check_on(&planes(2, 5, 2, 8, 16, true), seed);
        check_on(&planes(1, 9, 2, 16, 32, true), seed);
        check_on(&planes(3, 14, 4, 16, 16, true), seed);
        check_on(&planes(3, 3, 3, 8, 16, false), seed);
        check_on(&planes(5, 7, 4, 5, 9, true), seed);
        check_on(&planes(2, 1, 1, 8, 16, true), seed);
    }
}

/// Rows pass up tails of phases of three columns and of two.
#[test]
fn planes_pass_up_tails_of_short_phases() {
    let arch = planes(3, 5, 2, 8, 16, true);
    for (stride_h, stride_w, filter_rows, filter_cols) in [(1, 2, 3, 5), (2, 2, 4, 7), (1, 3, 4, 7)] {
        let layer = Layer { stride_h, stride_w, filter_rows, filter_cols, ..layer_of_plane(&arch, 3, 7) };
        run_one(&arch, &layer, 2, 1);
    }
}

/// A pass whose steps fill no line gives up the rest of its last one: otherwise the weight buffer would fill up, or weights be read that have not come.
#[test]
fn planes_give_up_the_rest_of_a_pass_s_last_line() {
    let arch = planes(2, 1, 1, 8, 16, true);
    let lines = arch.weight_steps() / 4;
    run_one(&arch, &layer_of_plane(&arch, 1, 1), 1, lines + 5);
    let layer = Layer { filter_rows: 1, filter_cols: 5, ..layer_of_plane(&arch, 1, 2) };
    run_one(&arch, &layer, 1, 6);
}

/// One image of a filter of one word.
fn layer_of_plane(arch: &Arch, rows: usize, windows: usize) -> Layer {
    assert!(rows * windows.div_ceil(arch.cols) <= arch.accumulators);
    Layer {
        filter_rows: 1,
        filter_cols: 1,
        stride_h: 1,
        stride_w: 1,
        images: 1,
        rows,
        windows,
        filters: 1,
        own_rows: 1,
        psum_shift: 0,
        height: 0,
        width: 0,
        image_stride: 0,
        group_stride: 0,
    }
}

/// So many passes of a layer on one and the same tile without padding, with lines of weights that come one by one.
#[track_caller]
fn run_one(arch: &Arch, layer: &Layer, channels: usize, count: usize) {
    let height = (layer.rows - 1) * layer.stride_h + layer.filter_rows;
    let width = (layer.windows - 1) * layer.stride_w + layer.filter_cols;
    let image = layer.stride_h * width * height.div_ceil(layer.stride_h).div_ceil(arch.rows);
    let layer = &Layer { height, width, image_stride: image, group_stride: image, ..layer.clone() };
    let mut random = Random(7);
    let mut words = |n: usize| (0..n).map(|_| random.word(arch.width)).collect::<Vec<_>>();
    let ifmap = words(channels * height * width);
    let taps = channels * layer.filter_rows * layer.filter_cols;
    let passes: Vec<Pass> = (0..count).map(|_| Pass::alone(arch, channels, ifmap.clone(), words(taps))).collect();
    let mut bench = Bench::new(arch, layer, 1, Ease { weights: 1, passes: 8, posts: 8 });
    bench.prepare(&passes);
    bench.run(&passes, 1);
}

#[track_caller]
fn check(arch: impl Fn(Kind) -> Arch, seeds: std::ops::Range<u64>) {
    for (kind, seed) in seeds.flat_map(|seed| kinds().into_iter().map(move |kind| (kind, seed))) {
        check_on(&arch(kind), seed);
    }
}

#[track_caller]
fn check_on(arch: &Arch, seed: u64) {
    let mut random = Random(seed * 7919 + arch.pes() as u64);
    let (layer, passes) = random_work(arch, 4, &mut random);
    // A line has weights of four steps where all PEs work on one plane.
    let slow = if arch.is_of_planes() { 1 } else { 2 };
    let ease = Ease {
        weights: [8, 8, slow][random.below(3)],
        passes: [8, 8, 1][random.below(3)],
        posts: [8, 4, 1][random.below(3)],
    };
    let mut bench = Bench::new(arch, &layer, seed, ease);
    bench.prepare(&passes);
    bench.run(&passes, seed);
}

#[test]
fn convolution_engines() {
    for seed in 0..8 {
        check_on(&engines(2, 1, 1, 8, 16, true), seed);
        check_on(&engines(3, 1, 5, 16, 32, true), seed);
        check_on(&engines(2, 3, 4, 8, 16, false), seed);
        check_on(&engines(3, 2, 3, 2, 4, true), seed);
    }
    for seed in 0..2 {
        check_on(&engines(5, 1, 2, 32, 64, true), seed);
        check_on(&engines(2, 2, 7, 5, 40, true), seed);
    }
}

#[test]
fn a_single_pe() {
    check(|d| arch(d, 1, 1, 8, 16, 16, true), 0..10);
}

#[test]
fn a_row_and_a_column() {
    check(|d| arch(d, 1, 5, 8, 16, 32, true), 0..3);
    check(|d| arch(d, 5, 1, 8, 16, 32, false), 0..3);
}

#[test]
fn columns_that_are_no_multiple_of_a_line_or_of_the_lanes() {
    check(|d| arch(d, 3, 4, 16, 32, 64, true), 0..3);
    check(|d| arch(d, 5, 7, 8, 16, 64, true), 0..3);
    check(|d| arch(d, 2, 6, 8, 8, 40, true), 0..3); // four lanes of two, of which the last has none
}

#[test]
fn without_zero_gating_zeros_are_multiplied() {
    check(|d| arch(d, 3, 4, 8, 16, 32, false), 0..3);
}

#[test]
fn words_from_2_to_32_bits_and_psums_that_wrap() {
    check(|d| arch(d, 3, 2, 2, 4, 16, true), 0..3);
    check(|d| arch(d, 2, 3, 32, 64, 16, true), 0..3);
    check(|d| arch(d, 2, 3, 12, 13, 16, true), 0..3);
    check(|d| arch(d, 2, 3, 5, 40, 17, true), 0..3);
}

#[test]
fn reset_in_the_middle_leaves_nothing_behind() {
    for seed in 0..10 {
        let arch = match kinds().get(seed as usize % (kinds().len() + 1)) {
            Some(kind) => arch(*kind, 3, 4, 8, 16, 32, true),
            None => engines(2, 2, 4, 8, 16, true),
        };
        let mut random = Random(seed);
        let (layer, passes) = random_work(&arch, 4, &mut random);
        let mut bench = Bench::new(&arch, &layer, seed, LIVELY);
        bench.prepare(&passes);
        bench.start(&passes, 30 + 60 * seed as usize);
        let uut = &mut bench.uut;
        uut.pass_valid.next = false.into();
        uut.staging_valid.next = false.into();
        uut.loaded_post.next = false.into();
        uut.psum_free_post.next = false.into();
        tick!(*uut, true);
        assert!(uut.idle.val().any());
        let core = std::mem::replace(&mut bench.uut, MatrixCore::new(&arch));
        let mut again = Bench::new(&arch, &layer, seed, LIVELY);
        again.uut = core;
        again.prepare(&passes);
        again.run(&passes, seed);
    }
}
