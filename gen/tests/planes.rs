//! Arrays of one ofmap plane (`--os-style sop-mop`): counts against a model that goes through all steps and PEs, filters in the order of steps, and layers that are mapped.

use expect_test::{expect, Expect};
use gen::mapper::matrix::{self, MatrixMapping, MatrixPlan};
use gen::mapper::{Compression, Costed, Goal, Objective};
use gen::numerics::{Numerics, Output};
use gen::shape::ConvShape;
use hw::os::OsStyle;
use hw::{Arch, ArchSpec, Dataflow};
use std::ops::Range;

fn spec(rows: usize, cols: usize) -> ArchSpec {
    ArchSpec { dataflow: Dataflow::Os, os_style: OsStyle::SopMop, rows, cols, ..ArchSpec::default() }
}

/// MACs, words on the bus, words read and lines of weights.
#[derive(Debug, Default, PartialEq)]
struct Model {
    macs: u64,
    bus: u64,
    reads: u64,
    lines: u64,
}

impl Model {
    /// With passes on `height` filter rows.
    fn of(shape: &ConvShape, arch: &Arch, mapping: &MatrixMapping, height: usize) -> Model {
        let segment = ConvShape { r: height, ..*shape };
        let mut model = Model::default();
        for row in (0..shape.e()).step_by(mapping.e) {
            for col in (0..shape.f()).step_by(mapping.windows) {
                let (lines, windows) = (mapping.e.min(shape.e() - row), mapping.windows.min(shape.f() - col));
                for first in (0..shape.r).step_by(height) {
                    let origin = (
                        (row * shape.stride_h + first) as i64 - shape.pad_h as i64,
                        (col * shape.stride_w) as i64 - shape.pad_w as i64,
                    );
                    let tile = tile(&segment, origin, lines, windows);
                    model.channel(&segment, arch, origin, (lines, windows), tile);
                    for _ in (0..shape.n).step_by(mapping.n) {
                        let c = shape.c_per_group();
                        for first in (0..c).step_by(mapping.channels) {
                            let channels = mapping.channels.min(c - first);
                            model.lines += shape.m as u64 * (channels * height * shape.s).div_ceil(4) as u64;
                        }
                    }
                }
            }
        }
        model
    }

    /// Adds a tile: what a channel of a filter comes to, of all images, channels and filters.
    fn channel(
        &mut self,
        shape: &ConvShape,
        arch: &Arch,
        origin: (i64, i64),
        (lines, windows): (usize, usize),
        tile: Option<(Range<i64>, Range<i64>)>,
    ) {
        let times = (shape.n * shape.c * shape.m_per_group()) as u64;
        let (u, v) = (shape.stride_h, shape.stride_w);
        for block in (0..lines).step_by(arch.rows) {
            for group in (0..windows).step_by(arch.cols) {
                let (rows, cols) = (arch.rows.min(lines - block), arch.cols.min(windows - group));
                for phase in 0..shape.s.min(v) {
                    for r in 0..shape.r {
                        for (tap, _) in (phase..shape.s).step_by(v).enumerate() {
                            self.macs += times * (rows * cols) as u64;
                            self.bus += times * (rows * if tap == 0 { cols } else { 1 }) as u64;
                            let Some((tile_rows, tile_cols)) = &tile else { continue };
                            let x = |col: usize| origin.1 + (group * v + phase + v * col) as i64;
                            let words: Vec<i64> = match tap {
                                0 => (0..arch.cols).map(x).collect(),
                                _ => vec![x(arch.cols - 1 + tap)],
                            };
                            let y = |row: usize| origin.0 + ((block + row) * u + r) as i64;
                            let readers = if r < u { 0..arch.rows } else { arch.rows - 1..arch.rows };
                            let readers = readers.filter(|row| tile_rows.contains(&y(*row))).count();
                            let inside = words.iter().filter(|x| tile_cols.contains(x)).count();
                            self.reads += times * (readers * inside) as u64;
                        }
                    }
                }
            }
        }
    }
}

/// Rows and columns of the ifmap that a tile holds.
fn tile(shape: &ConvShape, (row, col): (i64, i64), lines: usize, windows: usize) -> Option<(Range<i64>, Range<i64>)> {
    let span = |outputs: usize, stride: usize, taps: usize| ((outputs - 1) * stride + taps) as i64;
    let (h, w) = (shape.h as i64, shape.w as i64);
    let (height, width) = (span(lines, shape.stride_h, shape.r), span(windows, shape.stride_w, shape.s));
    let rows = row.max(0)..(row + height).min(h);
    if rows.is_empty() || (col.max(0)..(col + width).min(w)).is_empty() {
        return None;
    }
    let width = width.min(w);
    let first = col.clamp(0, w - width);
    Some((rows, first..first + width))
}

/// Numbers below `most` from a seed, 1 and more.
struct Draw(u64);

impl Draw {
    fn up_to(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        1 + (self.0 >> 33) as usize % most
    }
}

fn checked(plan: &MatrixPlan) -> Model {
    let numerics = Numerics { width: 16, psum_width: 32, psum_shift: 0 };
    let layout = matrix::place(plan, &Output::Raw, Compression::default(), 0);
    let counts = matrix::build(plan, &numerics, &Output::Raw, &layout, 0).unwrap().counts;
    assert_eq!(plan.counts(4), counts, "{} {:?}", plan.shape, plan.mapping);
    Model { macs: counts.macs, bus: counts.ifmap_bus_words, reads: counts.ifmap_reads, lines: counts.filter_bus_lines }
}

#[test]
fn counts_are_those_of_all_steps() {
    let mut draw = Draw(1);
    let (mut done, mut cut) = (0, 0);
    while done < 500 {
        let arch = ArchSpec { glb_kb: 40, ..spec(draw.up_to(6), draw.up_to(20)) }.check().unwrap();
        let widest = [7, 7, 24][draw.up_to(3) - 1];
        let (groups, r, s) = (draw.up_to(2), draw.up_to(8), draw.up_to(widest));
        let shape = ConvShape {
            n: draw.up_to(2),
            m: groups * draw.up_to(3),
            c: groups * draw.up_to(4),
            h: draw.up_to(24),
            w: draw.up_to(50),
            r,
            s,
            stride_h: draw.up_to(7),
            stride_w: draw.up_to(6),
            pad_h: draw.up_to(r + 2) - 1,
            pad_w: draw.up_to(s + 8) - 1,
            groups,
        };
        if shape.check().is_err() {
            continue;
        }
        let mapping = MatrixMapping {
            n: draw.up_to(shape.n),
            m: 1,
            e: draw.up_to(shape.e()),
            windows: draw.up_to(shape.f()),
            channels: draw.up_to(shape.c_per_group()),
            tiles: draw.up_to(2),
        };
        let Ok(plan) = mapping.check(&shape, &arch) else { continue };
        assert_eq!(checked(&plan), Model::of(&shape, &arch, &mapping, plan.pass_rows), "{shape} {mapping:?} {arch:?}");
        done += 1;
        cut += usize::from(plan.pass_rows < shape.r);
    }
    assert!(cut > 50, "{cut}");
}

/// Rows of PEs pass on up to 4 heads and 16 tails, 12 words with several planes; a channel's weights, which can begin within a line, are up to 256 steps.
#[test]
fn filters_of_which_a_pass_cannot_have_all_rows_are_cut() {
    let rows = |os_style, (r, s), (stride_h, stride_w)| {
        let arch = ArchSpec { os_style, ..spec(1, 3) }.check().unwrap();
        let shape = ConvShape { m: 2, c: 2, h: 400, w: 400, r, s, stride_h, stride_w, ..ConvShape::default() };
        let mapping = MatrixMapping { n: 1, m: 1, e: 1, windows: 1, channels: 1, tiles: 1 };
        mapping.check(&shape, &arch).unwrap().pass_rows
    };
    let of_plane = |taps, strides| rows(OsStyle::SopMop, taps, strides);
    assert_eq!(of_plane((8, 3), (4, 1)), 8);
    assert_eq!(of_plane((5, 3), (5, 1)), 5, "no words are passed on");
    assert_eq!(of_plane((10, 3), (5, 1)), 5);
    assert_eq!(of_plane((8, 3), (5, 1)), 4, "segments are alike");
    assert_eq!(of_plane((11, 3), (5, 1)), 1);
    assert_eq!(of_plane((3, 17), (1, 1)), 3);
    assert_eq!(of_plane((3, 18), (1, 1)), 1);
    assert_eq!(of_plane((4, 9), (2, 1)), 4);
    assert_eq!(of_plane((4, 10), (2, 1)), 2);
    assert_eq!(of_plane((4, 17), (2, 2)), 4);
    assert_eq!(of_plane((16, 16), (4, 4)), 16, "256 words that begin a line");
    assert_eq!(of_plane((23, 11), (4, 4)), 23, "253 words that can begin with a line's last");
    assert_eq!(of_plane((2, 127), (4, 127)), 2, "254 words that can begin with a line's third");
    assert_eq!(of_plane((15, 17), (4, 4)), 5, "255 words that can begin with a line's last");
    let of_planes = |taps, strides| rows(OsStyle::MopMop, taps, strides);
    assert_eq!(of_planes((26, 3), (12, 1)), 13, "16 weight tiles of a row");
    assert_eq!(of_planes((16, 3), (12, 1)), 16);
    assert_eq!(of_planes((16, 3), (13, 1)), 8);
    assert_eq!(rows(OsStyle::MopSop, (16, 3), (13, 1)), 16, "one port has all rows");
    assert_eq!(rows(OsStyle::MopSop, (34, 3), (1, 1)), 2);
}

/// A tile of a height segment holds as many groups of ifmap rows as its own rows meet: 2 ofmap rows with a stride of 5 and 5 filter rows of 10 are 2 groups of 5 rows.
#[test]
fn tiles_of_cut_filters_take_no_more_than_their_rows() {
    let arch = spec(1, 3).check().unwrap();
    let shape = ConvShape { h: 20, w: 20, r: 10, s: 3, stride_h: 5, ..ConvShape::default() };
    let mapping = MatrixMapping { n: 1, m: 1, e: 2, windows: 1, channels: 1, tiles: 1 };
    assert_eq!(mapping.check(&shape, &arch).unwrap().tile_words, 2 * 5 * 3);
}

/// Two channels of a filter of 2 × 5 words with a stride of 2: even columns row by row, then odd ones.
#[test]
fn filters_lie_in_the_order_of_steps_each_in_whole_lines() {
    let arch = spec(2, 3).check().unwrap();
    let shape = ConvShape { m: 2, c: 2, h: 4, w: 9, r: 2, s: 5, stride_w: 2, ..ConvShape::default() };
    let mapping = MatrixMapping { n: 1, m: 1, e: 1, windows: 3, channels: 2, tiles: 1 };
    let packed = |channels: usize| -> Vec<i64> {
        let plan = MatrixMapping { channels, ..mapping }.check(&shape, &arch).unwrap();
        let filter: Vec<i64> = (0..40).map(|word| word + 1).collect();
        let bytes = matrix::pack_filters(&plan, &filter);
        assert_eq!(bytes.len(), plan.filter_bytes());
        bytes.chunks(2).map(|word| i64::from(i16::from_le_bytes([word[0], word[1]]))).collect()
    };
    let order = |first: i64| [1, 3, 5, 6, 8, 10, 2, 4, 7, 9].map(|word| first + word);
    let both: Vec<i64> = [order(0), order(10), order(20), order(30)].concat();
    assert_eq!(packed(2), both);
    let each: Vec<i64> = both.chunks(10).flat_map(|channel| [channel, &[0, 0]].concat()).collect();
    assert_eq!(packed(1), each);
}

#[test]
fn layers_of_networks_are_mapped_on_arrays_of_every_size() {
    let conv = |c, m, side, r, stride, pad| ConvShape {
        n: 2,
        m,
        c,
        h: side,
        w: side,
        r,
        s: r,
        stride_h: stride,
        stride_w: stride,
        pad_h: pad,
        pad_w: pad,
        groups: 1,
    };
    let shapes = [
        conv(3, 96, 227, 11, 4, 0),
        ConvShape { groups: 2, ..conv(96, 256, 27, 5, 1, 2) },
        conv(256, 384, 13, 3, 1, 1),
        conv(3, 64, 224, 3, 1, 1),
        conv(512, 512, 14, 3, 1, 1),
        conv(64, 256, 56, 1, 1, 0),
        conv(3, 64, 224, 7, 2, 3),
        ConvShape { groups: 32, ..conv(32, 32, 112, 3, 2, 1) },
        ConvShape { h: 1, w: 1, r: 1, s: 1, ..conv(1000, 500, 1, 1, 1, 0) },
        ConvShape { h: 5, w: 300, r: 5, s: 40, stride_w: 7, pad_w: 30, ..conv(3, 7, 1, 1, 1, 0) },
    ];
    for (rows, cols, glb_kb) in [(12, 14, 108), (8, 8, 64), (1, 1, 8), (4, 32, 108), (3, 33, 40), (16, 16, 256)] {
        let arch = ArchSpec { glb_kb, ..spec(rows, cols) }.check().unwrap();
        for shape in &shapes {
            for objective in [Objective::Cycles, Objective::Energy] {
                let goal = Goal { objective, ..Goal::new(&arch) };
                let mapping = matrix::quick_search(shape, &arch, &goal).unwrap_or_else(|e| panic!("{shape}: {e}"));
                let plan = mapping.check(shape, &arch).unwrap();
                let counts = plan.counts(2);
                assert_eq!(counts.macs, shape.macs(), "all MACs are of windows that there are");
                assert!(plan.active_pes() <= arch.pes());
            }
        }
    }
}

/// Positions of few steps and of many, heads of one read and of several, drains that take longer than all steps: the closed form is near to the twin.
#[test]
fn the_closed_form_of_the_time_is_near_to_the_twin() {
    let shape = ConvShape { m: 12, c: 16, h: 26, w: 26, r: 3, s: 3, ..ConvShape::default() };
    let layers = [
        shape,
        ConvShape { c: 1, ..shape },
        ConvShape { c: 64, r: 1, s: 1, ..shape },
        ConvShape { h: 53, w: 53, stride_h: 2, stride_w: 2, ..shape },
        ConvShape { w: 140, s: 11, stride_w: 5, c: 8, ..shape },
    ];
    for (rows, cols) in [(12, 14), (8, 8), (2, 12), (6, 3)] {
        let arch = spec(rows, cols).check().unwrap();
        for shape in &layers {
            let goal = Goal::new(&arch);
            let plan = matrix::search(shape, &arch, &goal).unwrap().check(shape, &arch).unwrap();
            let (estimated, timed) =
                (plan.quick_time(&goal.link, 2).cycles as f64, plan.time(&goal.link, 2).cycles as f64);
            println!("{rows}x{cols} {shape}: {estimated} {timed} {:.3} {:?}", estimated / timed, plan.mapping);
            assert!((estimated / timed - 1.0).abs() < 0.15, "{rows} × {cols}, {shape}: {estimated} of {timed}");
        }
    }
}

#[track_caller]
fn refused(change: impl Fn(&mut MatrixMapping, &mut ConvShape), message: Expect) {
    let arch = spec(4, 6).check().unwrap();
    let mut shape = ConvShape { m: 4, c: 4, h: 300, w: 300, r: 3, s: 3, ..ConvShape::default() };
    let mut mapping = MatrixMapping { n: 1, m: 1, e: 2, windows: 6, channels: 1, tiles: 1 };
    assert!(mapping.check(&shape, &arch).is_ok());
    change(&mut mapping, &mut shape);
    message.assert_eq(&mapping.check(&shape, &arch).expect_err("a mapping that is refused").to_string());
}

#[test]
fn what_an_array_of_one_plane_does_not_hold_is_named() {
    refused(|m, _| m.m = 2, expect!["`m` is 2, over the 1 filter that all PEs work on; lower it"]);
    refused(|m, _| (m.e, m.windows) = (43, 31), expect!["`n` · `e` · ⌈`windows` = 31 / 6 columns⌉ = 258 psums are over the 256 of a column's accumulator; lower one of them, or build with larger `accumulators`"]);
    refused(|_, s| (s.r, s.s) = (8, 255), expect!["a filter row's 255 words of a channel take 260 steps in whole lines of the weight buffer, over the 256 for which it has weights; build with `--weight-tiles 17` or more"]);
    refused(|m, s| (m.windows, s.stride_w) = (1, 11_000), expect!["the columns that all of the array's windows span is 66003, over the largest that a program can say, 65535; build with fewer `--cols`"]);
    refused(
        |m, s| (m.channels, m.windows, s.c, s.r, s.s) = (1100, 1, 2000, 15, 16),
        expect![[r#"
        1 tile of 70400 words in each port need 70400 words; it has 8192; lower `tiles`, `n`, `e`, `windows` or `channels`, or build with a larger `--glb-kb`
        the lines of a pass's weights is 66000, over the largest that a program can say, 65535; lower `channels`"#]],
    );
}
