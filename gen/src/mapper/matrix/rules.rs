//! What makes a mapping legal for a shape and an array.

use super::super::rules::{out_of_range, MAX_COLS, MAX_PASSES};
use super::super::MapError;
use super::engines::Side;
use super::height_segments::has_weights;
use super::planes::{channel_places, reached_cols};
use super::{held, MatrixMapping, MatrixPlan};
use crate::shape::ConvShape;
use hw::arch::{CoreKind, BANK_LINES, FILTER_BUS_WORDS, IMAGE_BITS, TILE_ROWS, WINDOW_BITS};
use hw::matrix::command::pass;
use hw::os::OsStyle;
use hw::program::table;
use hw::Arch;

/// Columns of the ifmap that the columns of an array of one plane reach, those without a window among them.
const MAX_REACHED: u64 = (1 << 16) - 1;

/// Every size that is 0 or over what it is a part of. Only after this are products of sizes meaningful.
pub(super) fn sizes(mapping: &MatrixMapping, shape: &ConvShape, arch: &Arch) -> Vec<MapError> {
    if arch.dataflow.core() != CoreKind::Matrix {
        return vec![MapError::Dataflow { wanted: "ws, nlr, os or is", option: "ws" }];
    }
    if let Err(problems) = shape.check() {
        return vec![problems.into()];
    }
    let windows = shape.f().min(1 << WINDOW_BITS);
    let fields = [
        ("n", mapping.n, shape.n.min(1 << IMAGE_BITS), "images of the layer, or of a pass"),
        (
            "m",
            mapping.m,
            shape.m_per_group().min(arch.pass_filters()),
            match arch.os() {
                Some(OsStyle::MopSop) => "filters of a group, or PEs of the array (`--pes`)",
                Some(OsStyle::SopMop) => "filter that all PEs work on",
                _ => "filters of a group, or PE columns of the array (`--cols`)",
            },
        ),
        ("e", mapping.e, shape.e().min(TILE_ROWS), "rows of the ofmap (E), or of a tile"),
        ("windows", mapping.windows, windows, "columns of the ofmap (F), or of the longest row of windows"),
        ("channels", mapping.channels, shape.c_per_group(), "channels of a group"),
        ("tiles", mapping.tiles, 2, "tiles that take turns, one in use and one being loaded"),
    ];
    out_of_range(&fields)
}

/// Every part of the accelerator that is too small for the plan.
pub(super) fn fit(plan: &MatrixPlan) -> Vec<MapError> {
    let (mapping, shape, arch) = (&plan.mapping, &plan.shape, &plan.arch);
    let mut found = Vec::new();
    if !mapping.channels_are_whole(shape, arch) {
        let (channels, at_a_time, all) = (mapping.channels, arch.channels_at_a_time(), shape.c_per_group());
        let of = match arch.conv2d {
            Some(_) => "convolution engines (`--rows` over the square of `--kernel`)",
            None => "rows (`--rows`)",
        };
        found.push(MapError::Channels { channels, at_a_time, of, all });
    }
    if plan.is_of_planes() && !has_weights(plan.pass_rows, shape, arch) {
        let words = channel_places(shape.s);
        let (have, tiles) = (arch.weight_steps(), words.div_ceil(arch.rows * FILTER_BUS_WORDS));
        found.push(MapError::PlaneWeights { cols: shape.s, words, have, tiles });
    }
    let positions = mapping.positions();
    let places = held::bank_places(mapping, arch);
    if plan.is_of_inputs() && places > arch.bank_places() {
        let (rows, have) = (arch.rows, arch.bank_places());
        found.push(MapError::Banks { places, rows, have, need: places * rows });
    } else if arch.is_of_pixels() && positions * plan.filter_rows() > arch.accumulators {
        let (m, cols) = (mapping.m, arch.cols);
        let psums = positions * plan.filter_rows();
        found.push(MapError::PixelAccumulators { psums, m, cols, have: arch.accumulators });
    } else if plan.is_of_planes() && mapping.column_psums(arch) > arch.accumulators {
        let (psums, windows, cols) = (mapping.column_psums(arch), mapping.windows, arch.cols);
        found.push(MapError::PlaneAccumulators { psums, windows, cols, have: arch.accumulators });
    } else if !plan.is_of_planes() && positions > arch.accumulators {
        found.push(MapError::Accumulators { positions, have: arch.accumulators });
    }
    let pixels = mapping.windows + Side::cols(shape, arch).most_taps() - 1;
    if plan.is_of_engines() && pixels > arch.row_fifo() {
        found.push(MapError::RowFifo { pixels, have: arch.row_fifo() });
    }
    let (words, have) = (plan.tile_words, arch.port_words());
    if mapping.tiles * words > have {
        let tiles = if mapping.tiles == 1 { "1 tile".into() } else { format!("{} tiles", mapping.tiles) };
        found.push(MapError::Port { tiles, words, need: mapping.tiles * words, have });
    }
    if plan.areas == 0 {
        let have = (arch.banks - arch.ifmap_ports() * arch.port_banks()) * BANK_LINES;
        found.push(MapError::MatrixPsums { need: plan.area_lines, have });
    }
    let mut limit = |what, value: usize, max: u64, remedy| {
        if value as u64 > max {
            found.push(MapError::Limit { what, value: value as u64, max, remedy });
        }
    };
    let rows = plan.spanned_rows(mapping.e);
    limit("the rows that a tile's windows span", rows, MAX_COLS as u64, "lower `e`");
    let span = (mapping.windows - 1) * shape.stride_w + shape.s;
    limit("the columns that a row's windows span", span, MAX_COLS as u64, "lower `windows`");
    if plan.is_of_planes() {
        let reached = reached_cols(mapping, shape, arch);
        limit("the columns that all of the array's windows span", reached, MAX_REACHED, "build with fewer `--cols`");
        let lines = plan.pass_lines(mapping.channels, shape.s);
        limit("the lines of a pass's weights", lines, pass::WEIGHT_LINES.mask(), "lower `channels`");
    }
    if plan.is_of_inputs() {
        let most = plan.filter_columns().iter().map(|columns| columns.len()).max().unwrap_or(1);
        let pairs = mapping.channels * most;
        limit("the channels of a pass, times its filter columns,", pairs, pass::PAIRS.mask(), "lower `channels`");
    }
    let last = (mapping.e - 1) * mapping.windows;
    limit("an ofmap row's offset", last, table::ROW_OFFSET.mask(), "lower `e` or `windows`");
    let remedy =
        "the program would be over 1 GiB: build with more PEs (`--pes`) or larger accumulators, or split the layer";
    limit("the number of passes", plan.passes(), MAX_PASSES as u64, remedy);
    found
}
