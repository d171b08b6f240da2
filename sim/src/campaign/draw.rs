//! Designs, layers and mappings at random: all that can be built and run, the odd corners more often than in life.

use crate::random::Random;
use gen::mapper::matrix::MatrixMapping;
use gen::mapper::{AnyMapping, Compression, Mapping, TileCols, TileRows};
use gen::numerics::{Output, Requant, MAX_SCALE, MAX_SHIFT};
use gen::shape::ConvShape;
use hw::os::OsStyle;
use hw::rlc::Format;
use hw::{Arch, ArchSpec, Dataflow, LinkClock, WsStyle};

/// Legal changes of a mapping that are tried until one is legal.
const TRIES: usize = 200;
/// More channels and filters than the chip's 1,024 take.
const MANY: usize = 2100;
/// A row longer than a row of windows can be.
const LONG_ROW: usize = 5000;

/// An array with up to `rows` × `cols` PEs, with spads and buffers from tiny to the chip's.
pub fn spec(random: &mut Random, rows: usize, cols: usize) -> ArchSpec {
    let width = random.range(2, 32);
    ArchSpec {
        rows: random.range(1, rows),
        cols: random.range(1, cols),
        width,
        psum_width: if random.once_in(3) { 0 } else { random.range(width, 64) },
        glb_kb: random.pick(&[1, 1, 4, 16, 40, 108]),
        ifmap_spad: random.pick(&[1, 2, 5, 12, 16]),
        filter_spad: random.pick(&[1, 3, 16, 60, 224]),
        psum_spad: random.pick(&[1, 2, 7, 24]),
        link_width: random.pick(&[32, 64, 64, 128]),
        zero_gating: !random.once_in(4),
        masks: random.once_in(2),
        link_clock: if random.once_in(4) { LinkClock::Async } else { LinkClock::Sync },
        ..ArchSpec::default()
    }
}

/// Which feature maps are compressed, in any format that the array knows.
pub fn compression(random: &mut Random, arch: &Arch) -> Compression {
    let known: &[Format] = if arch.masks { &[Format::Masks, Format::Runs] } else { &[Format::Runs] };
    let mut format = || random.once_in(2).then(|| random.pick(known));
    Compression { ifmap: format(), ofmap: format() }
}

/// The design with an array of any dataflow, every second one row stationary as it is.
pub fn dataflow(random: &mut Random, spec: ArchSpec) -> ArchSpec {
    match random.once_in(2) {
        true => spec,
        false => {
            let dataflow = random.pick(&[Dataflow::Ws, Dataflow::Nlr, Dataflow::Os, Dataflow::Os, Dataflow::Is]);
            let spec = ArchSpec {
                dataflow,
                accumulators: random.pick(&[16, 16, 33, 64, 256, 1000]),
                weight_tiles: random.pick(&[2, 2, 3, 8, 16]),
                glb_kb: random.pick(&[4, 16, 40, 108]),
                ..spec
            };
            match dataflow {
                Dataflow::Ws if random.once_in(2) => engines(random, spec),
                Dataflow::Os => ArchSpec { os_style: random.pick(&OsStyle::ALL), ..spec },
                _ => spec,
            }
        }
    }
}

/// The design with convolution engines, as many as its rows make, one at least.
fn engines(random: &mut Random, spec: ArchSpec) -> ArchSpec {
    let kernel: usize = random.pick(&[2, 2, 3, 3, 4]);
    let each = kernel * kernel;
    ArchSpec {
        ws_style: WsStyle::Conv2d,
        kernel,
        row_fifo: random.pick(&[16, 40, 256]),
        rows: each * (spec.rows / each).max(1),
        ..spec
    }
}

/// A layer of `macs` MACs at the most; some thousands are enough for all kinds.
pub fn shape(random: &mut Random, macs: u64) -> ConvShape {
    loop {
        let shape = match random.range(0, 9) {
            0 => fully_connected(random),
            1 => ConvShape { r: 1, s: 1, ..convolution(random) },
            2 => depthwise(random),
            3 => deep(random),
            4 => ConvShape {
                n: 1,
                m: random.range(1, 3),
                c: 1,
                w: random.small(LONG_ROW),
                groups: 1,
                ..convolution(random)
            },
            _ => convolution(random),
        };
        if shape.check().is_ok() && shape.macs() <= macs {
            return shape;
        }
    }
}

fn convolution(random: &mut Random) -> ConvShape {
    let groups = random.pick(&[1, 1, 1, 2, 3, 8]);
    let (c, m) = match random.range(0, 3) {
        0 => (1, 1),
        1 => (random.range(1, 4), random.range(1, 4)),
        _ => (random.range(1, 32), random.range(1, 32)),
    };
    let largest = random.pick(&[1, 3, 3, 5, 7, 12, 32]);
    ConvShape {
        n: random.pick(&[1, 1, 2, 3, 5]),
        m: m * groups,
        c: c * groups,
        h: random.range(1, 40),
        w: random.pick(&[1, 3, 8, 13, 20, 32, 56, 70]),
        r: random.range(1, largest.min(18)),
        s: random.range(1, largest),
        stride_h: random.pick(&[1, 1, 1, 2, 3, 4, 6, 12, 14]),
        stride_w: random.pick(&[1, 1, 1, 2, 3, 5, 12]),
        pad_h: random.pick(&[0, 0, 1, 2, 6]),
        pad_w: random.pick(&[0, 0, 1, 3, 9]),
        groups,
    }
}

fn fully_connected(random: &mut Random) -> ConvShape {
    let (r, s) = (random.range(1, 7), random.range(1, 7));
    ConvShape {
        n: random.range(1, 4),
        m: random.small(MANY),
        c: random.small(MANY),
        h: r,
        w: s,
        r,
        s,
        ..Default::default()
    }
}

fn depthwise(random: &mut Random) -> ConvShape {
    let c = random.small(64);
    ConvShape { m: c * random.pick(&[1, 1, 2]), c, groups: c, ..convolution(random) }
}

/// Many channels and filters over a small ifmap.
fn deep(random: &mut Random) -> ConvShape {
    let (m, c) = (random.small(MANY), random.small(MANY));
    ConvShape { n: 1, m, c, h: random.range(1, 5), w: random.range(1, 5), groups: 1, ..convolution(random) }
}

/// What is made of the psums of `m` channels.
pub fn output(random: &mut Random, m: usize) -> Output {
    if random.once_in(2) {
        return Output::Raw;
    }
    let count = random.pick(&[0, 1, m]);
    let mut values = |max: u32| (0..count).map(|_| random.range(0, max as usize) as u32).collect();
    let (scales, shifts) = (values(MAX_SCALE), values(MAX_SHIFT));
    Output::Quantised(Requant { relu: random.once_in(2), scales, shifts })
}

/// A legal mapping that few would choose, of `passes` passes at the most: `good` with some of its choices changed.
pub fn any_mapping(random: &mut Random, good: AnyMapping, shape: &ConvShape, arch: &Arch, passes: usize) -> AnyMapping {
    match good {
        AnyMapping::Rs(good) => mapping(random, good, shape, arch, passes).into(),
        AnyMapping::Matrix(good) => matrix_mapping(random, good, shape, arch, passes).into(),
    }
}

/// The same of a row-stationary array.
pub fn mapping(random: &mut Random, good: Mapping, shape: &ConvShape, arch: &Arch, passes: usize) -> Mapping {
    for _ in 0..TRIES {
        let mut mapping = good;
        for _ in 0..random.range(1, 8) {
            change(random, &mut mapping, shape, arch);
        }
        mapping.m = mapping.m.max(mapping.pass_filters());
        mapping.ifmap_banks = random.range(1, arch.banks - 1);
        if mapping.check(shape, arch).is_ok_and(|plan| plan.passes() <= passes) {
            return mapping;
        }
    }
    good
}

/// The same of an array that multiplies by a matrix.
fn matrix_mapping(
    random: &mut Random,
    good: MatrixMapping,
    shape: &ConvShape,
    arch: &Arch,
    passes: usize,
) -> MatrixMapping {
    for _ in 0..TRIES {
        let mut one = |most: usize, good: usize| match random.once_in(2) {
            true => random.range(1, most.max(1)),
            false => good,
        };
        let mapping = MatrixMapping {
            n: one(shape.n, good.n),
            m: one(shape.m_per_group().min(arch.pass_filters()), good.m),
            e: one(shape.e(), good.e),
            windows: one(shape.f(), good.windows),
            channels: arch.ifmap_ports() * one(shape.c_per_group().div_ceil(arch.ifmap_ports()), 1),
            tiles: one(2, good.tiles),
        };
        let channels = mapping.channels.min(shape.c_per_group());
        let mapping = MatrixMapping { channels, ..mapping };
        if mapping.check(shape, arch).is_ok_and(|plan| plan.passes() <= passes) {
            return mapping;
        }
    }
    good
}

/// Changes a choice.
fn change(random: &mut Random, mapping: &mut Mapping, shape: &ConvShape, arch: &Arch) {
    let choice = random.range(0, 15);
    let mut up_to = |most: usize| match random.once_in(3) {
        true => most.max(1),
        false => random.range(1, most.max(1)),
    };
    match choice {
        0 => mapping.n = up_to(shape.n),
        1 => mapping.m = up_to(shape.m_per_group() + mapping.pass_filters()),
        2 => mapping.e = up_to(shape.e()),
        3 => mapping.p = up_to(shape.m_per_group()),
        4 => mapping.q = up_to(shape.c_per_group()),
        5 => mapping.r = up_to(arch.rows),
        6 => mapping.t_rows = up_to(arch.rows),
        7 => mapping.t_cols = up_to(arch.cols),
        8 => {
            mapping.groups = up_to(shape.groups);
            mapping.p = shape.m_per_group();
            (mapping.t_rows, mapping.t_cols) = (1, mapping.groups);
        }
        9 => mapping.folds = up_to(arch.rows),
        10 => mapping.filter_rows = up_to(shape.r),
        11 => mapping.filter_cols = up_to(shape.s),
        12 => mapping.windows = up_to(shape.f()),
        13 => mapping.tile_rows = random.pick(&[TileRows::Filter, TileRows::Segment]),
        14 => mapping.tile_cols = random.pick(&[TileCols::Whole, TileCols::Filter, TileCols::Segment]),
        _ => mapping.tiles = random.range(1, 2),
    }
}
