//! The mapper, proven without hardware: its programs, run by an interpreter of layer programs, give the golden model's ofmaps.
//!
//! `TESSERA_DRAWS` sets the number of random draws, `TESSERA_SEED` the first seed.

#[path = "../src/interpreter/mod.rs"]
mod interpreter;

use expect_test::expect;
use gen::mapper::{map, Mapping, Plan, TileCols, TileRows};
use gen::numerics::{Numerics, Output};
use gen::shape::ConvShape;
use hw::program::{self, flag, op, COMMAND_BYTES, COMMAND_WORDS};
use hw::rlc::Format;
use hw::ArchSpec;
use interpreter::layer::{must_hold, prepare, Case};
use interpreter::Random;
use sim::campaign::draw;

fn draw(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let spec = draw::spec(&mut random, 12, 14);
    let arch = spec.check().unwrap();
    // A 1 × 1 array with a spad of one word takes a pass for each product.
    let patience = (arch.pes() * arch.ifmap_spad.min(arch.filter_spad)) as u64;
    let shape = draw::shape(&mut random, (patience * 20_000).min(1_500_000));
    let psum_shift = if random.once_in(2) { 0 } else { random.range(0, 2 * arch.width - 1) as u32 };
    let numerics = Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, psum_shift };
    let output = draw::output(&mut random, shape.m);
    let good = map(&shape, &arch).unwrap_or_else(|error| panic!("seed {seed}: {shape} on {spec:?}: {error}"));
    let mapping = if random.once_in(2) { good } else { draw::mapping(&mut random, good, &shape, &arch, 20_000) };
    // Drawn last, so that the rest of a seed's case stays what it was.
    let compression = draw::compression(&mut random, &arch);
    Case { spec, arch, shape, numerics, output, mapping, compression }
}

/// How many draws had what.
#[derive(Debug, Default)]
struct Seen(std::collections::BTreeMap<&'static str, usize>);

impl Seen {
    fn add(&mut self, case: &Case, plan: &Plan) {
        let (mapping, shape) = (&case.mapping, &case.shape);
        for (what, is) in [
            ("strips", plan.strips > 1),
            ("ragged strips", shape.e() % mapping.e > 0),
            ("column segments", plan.column_segments > 1),
            ("ragged column segments", shape.f() % mapping.windows > 0),
            ("column segments of several rows", plan.column_segments > 1 && mapping.e > 1),
            ("image groups", plan.image_groups > 1),
            ("ragged image groups", shape.n % mapping.n > 0),
            ("several images in a pass", mapping.n > 1),
            ("layer groups", plan.group_turns > 1),
            ("layer groups side by side", mapping.groups > 1),
            ("chunks", plan.filter_groups > plan.chunk),
            ("filter groups in a chunk", plan.chunk > 1),
            ("channel groups", plan.channel_groups > 1),
            ("height segments", plan.height_segments > 1),
            ("width segments", plan.width_segments > 1),
            ("folds", mapping.folds > 1),
            ("r", mapping.r > 1),
            ("t_rows", mapping.t_rows > 1),
            ("t_cols", mapping.t_cols > 1),
            ("one tile", mapping.tiles == 1),
            ("tile rows of a segment", mapping.tile_rows == TileRows::Segment && plan.height_segments > 1),
            ("tile columns of a segment", mapping.tile_cols == TileCols::Segment && plan.width_segments > 1),
            ("tile columns of the filter", mapping.tile_cols == TileCols::Filter),
            ("rows skipped", shape.stride_h > shape.r),
            ("columns skipped", shape.stride_w > mapping.filter_cols),
            (
                "areas taken again",
                plan.strips * plan.image_groups * plan.filter_groups * plan.group_turns > plan.psum.areas,
            ),
            ("psum lanes: 1", case.arch.psum_lanes == 1),
            ("psum lanes: 2", case.arch.psum_lanes == 2),
            ("psum lanes: 4", case.arch.psum_lanes == 4),
            ("ifmaps in runs", case.compression.ifmap == Some(Format::Runs)),
            ("ifmaps in masks", case.compression.ifmap == Some(Format::Masks)),
            ("ofmaps in runs", case.compression.ofmap == Some(Format::Runs) && case.output != Output::Raw),
            ("ofmaps in masks", case.compression.ofmap == Some(Format::Masks) && case.output != Output::Raw),
        ] {
            *self.0.entry(what).or_default() += usize::from(is);
        }
    }
}

fn from_env(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

/// The chip's array with a small buffer, so that layers are cut.
fn small() -> ArchSpec {
    ArchSpec { rows: 4, cols: 5, glb_kb: 16, ifmap_spad: 6, filter_spad: 24, psum_spad: 4, ..ArchSpec::default() }
}

#[track_caller]
fn holds(shape: ConvShape, spec: ArchSpec) -> Plan {
    must_hold(&Case::mapped(shape, spec), 5).0
}

#[test]
fn strips_and_segments_may_lie_wholly_in_the_padding() {
    let shape = ConvShape { m: 2, c: 2, h: 1, w: 2, r: 3, s: 3, pad_h: 9, pad_w: 9, ..Default::default() };
    let mut case = Case::mapped(shape, small());
    case.mapping = Mapping {
        e: 2,
        folds: 1,
        t_rows: 1,
        t_cols: 1,
        p: 1,
        m: 1,
        windows: 4,
        tile_cols: TileCols::Filter,
        ..case.mapping
    };
    let (plan, _) = must_hold(&case, 5);
    assert_eq!((plan.strips, plan.column_segments), (9, 5));
    let shape = ConvShape { h: 3, w: 3, s: 2, pad_w: 20_000, ..Default::default() };
    holds(shape, small());
}

#[test]
fn a_row_longer_than_the_window_counter_or_the_buffer_is_cut() {
    let row = ConvShape { c: 2, m: 3, h: 2, w: 5000, s: 3, ..Default::default() };
    assert!(holds(row, ArchSpec::default()).column_segments > 1);
    assert!(holds(ConvShape { w: 20_000, ..row }, ArchSpec { glb_kb: 1, ..small() }).column_segments > 9);
    assert!(holds(ConvShape { w: 20_000, s: 4000, stride_w: 4000, ..row }, small()).width_segments > 600);
}

#[test]
fn a_filter_of_any_size_is_cut_to_the_array() {
    let shape =
        ConvShape { c: 3, m: 2, h: 30, w: 40, r: 12, s: 32, stride_h: 4, stride_w: 12, pad_h: 5, ..Default::default() };
    let plan = holds(shape, small());
    assert!((plan.height_segments, plan.width_segments) >= (3, 6));
    holds(shape, ArchSpec::default());
    holds(ConvShape { r: 30, s: 40, stride_h: 1, stride_w: 1, pad_h: 0, ..shape }, small());
}

#[test]
fn more_filters_than_the_output_stage_holds_and_more_images_than_a_pass_takes() {
    let shape = ConvShape { n: 3, c: 5, m: 700, ..Default::default() };
    holds(shape, ArchSpec::default());
    holds(ConvShape { m: 300, ..shape }, ArchSpec { rows: 1, cols: 1, ..small() });
    holds(ConvShape { n: 600, m: 3, ..shape }, small());
}

#[test]
fn groups_work_side_by_side() {
    // A row of one group takes its PE seven cycles for each word of the ifmap bus.
    let depthwise = ConvShape { m: 30, c: 30, h: 1, w: 40, s: 7, pad_w: 3, groups: 30, ..Default::default() };
    let plan = holds(depthwise, ArchSpec::default());
    assert!(plan.mapping.groups > 1, "{:?}", plan.mapping);
}

/// A program with one of its commands changed.
fn changed(bytes: &[u8], number: usize, change: impl Fn(&mut [u64; COMMAND_WORDS])) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let command = &mut bytes[number * COMMAND_BYTES..][..COMMAND_BYTES];
    let mut words = [0; COMMAND_WORDS];
    for (word, bytes) in words.iter_mut().zip(command.chunks(8)) {
        *word = u64::from_le_bytes(bytes.try_into().unwrap());
    }
    change(&mut words);
    program::seal(&mut words);
    command.copy_from_slice(&words.map(u64::to_le_bytes).concat());
    bytes
}

/// Numbers and opcodes of a program's commands, tables' contents left out.
fn commands(bytes: &[u8]) -> Vec<(usize, u64)> {
    let word = |number: usize, index: usize| {
        let at = number * COMMAND_BYTES + 8 * index;
        u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
    };
    let (mut number, mut found) = (0, Vec::new());
    while number * COMMAND_BYTES < bytes.len() {
        let opcode = word(number, 0) & 0xff;
        found.push((number, opcode));
        let entries = if opcode == op::TABLE { word(number, 1) >> 16 & 0xffff } else { 0 };
        number += 1 + (entries as usize).div_ceil(COMMAND_WORDS);
    }
    found
}

/// A layer whose buffer's slots and areas are all taken several times.
fn busy_case() -> Case {
    let shape = ConvShape { n: 2, m: 20, c: 6, h: 9, w: 8, r: 3, s: 3, pad_h: 1, ..Default::default() };
    let mut case = Case::mapped(shape, ArchSpec { glb_kb: 1, width: 32, psum_width: 32, ..small() });
    case.mapping = Mapping { n: 1, m: 4, e: 3, p: 2, q: 2, r: 1, t_rows: 1, t_cols: 1, folds: 1, ..case.mapping };
    case
}

#[test]
fn a_wait_or_a_post_less_is_a_fault() {
    let case = busy_case();
    let image = prepare(&case, 3).unwrap();
    let uses = image.plan.passes() / image.plan.channel_groups;
    assert!(image.plan.psum.areas < uses && image.plan.mapping.tiles == 2);
    let mut tried = 0;
    for (number, opcode) in commands(&image.program.bytes) {
        let flags: &[u64] = match opcode {
            op::LOAD => &[flag::LOAD_WAIT_FREE, flag::LOAD_POST_LOADED],
            op::PASS => &[
                flag::PASS_WAIT_LOADED,
                flag::PASS_POST_FREE,
                flag::PASS_WAIT_PSUM_FREE,
                flag::PASS_POST_PSUM_DONE,
                flag::PASS_FIRST,
            ],
            op::STORE => &[flag::STORE_WAIT_DONE, flag::STORE_POST_FREE],
            _ => &[],
        };
        for flag in flags {
            let bytes = changed(&image.program.bytes, number, |words| words[0] &= !(flag << program::FLAGS.low));
            if bytes == image.program.bytes {
                continue;
            }
            let mut image = prepare(&case, 3).unwrap();
            image.memory.put(image.program.layout.program, &bytes);
            assert!(image.run(&case.arch, number as u64).is_err(), "command {number} without flag {flag:#x}");
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

/// What running the busy case says if every command is changed.
fn fault_of(opcode: u64, change: impl Fn(&mut [u64; COMMAND_WORDS])) -> String {
    let case = busy_case();
    let mut image = prepare(&case, 3).unwrap();
    let mut bytes = image.program.bytes.clone();
    for (number, _) in commands(&bytes.clone()) {
        bytes = changed(&bytes, number, |words| match (opcode, program::OPCODE.get(words)) {
            (op::END, op::LOAD | op::PASS | op::STORE) => change(words),
            (wanted, have) if wanted == have => change(words),
            _ => {}
        });
    }
    image.memory.put(image.program.layout.program, &bytes);
    image.run(&case.arch, 1).expect_err("the change does no harm")
}

/// Without a semaphore: its waits and its posts.
fn fault_without(load: u64, pass: u64, store: u64) -> String {
    fault_of(op::END, |words| {
        let flags = match program::OPCODE.get(words) {
            op::LOAD => load,
            op::PASS => pass,
            _ => store,
        };
        words[0] &= !(flags << program::FLAGS.low);
    })
}

#[test]
fn a_semaphore_that_nobody_uses_is_a_race_whatever_the_turns_are() {
    expect!["fault: LOAD 3 overwrites word 0, which pass 4 may still read"].assert_eq(&fault_without(
        flag::LOAD_WAIT_FREE,
        flag::PASS_POST_FREE,
        0,
    ));
    expect!["fault: pass 1 reads word 0, which LOAD 1 may still write"].assert_eq(&fault_without(
        flag::LOAD_POST_LOADED,
        flag::PASS_WAIT_LOADED,
        0,
    ));
    expect!["fault: Store 1 reads line 512 of lane 0, which pass 15 may still write"].assert_eq(&fault_without(
        0,
        flag::PASS_POST_PSUM_DONE,
        flag::STORE_WAIT_DONE,
    ));
    expect!["fault: pass 379 overwrites line 512 of lane 0, which STORE 1 may still read"].assert_eq(&fault_without(
        0,
        flag::PASS_WAIT_PSUM_FREE,
        flag::STORE_POST_FREE,
    ));
}

#[test]
fn a_field_that_is_wrong_is_a_fault() {
    let add = |field: program::Field, by: u64| {
        move |words: &mut [u64; COMMAND_WORDS]| {
            let value = field.get(words);
            field.set(words, value + by)
        }
    };
    expect!["fault: pass 3 reads psums of the pass 3 earlier"].assert_eq(&fault_of(op::PASS, |words| {
        let first = program::FLAGS.get(words) & flag::PASS_FIRST != 0;
        add(program::pass::DISTANCE, if first { 0 } else { 1 })(words)
    }));
    expect!["fault: pass 5 reads word 32, which no LOAD wrote"]
        .assert_eq(&fault_of(op::PASS, add(program::pass::TILE, 1)));
    expect!["2160 of 2160 outputs are wrong"].assert_eq(&fault_of(op::PASS, add(program::pass::X_START, 1)));
    expect!["fault: Store 1 reads line 512 of lane 0, which no pass wrote"]
        .assert_eq(&fault_of(op::PASS, add(program::pass::PSUM, 1)));
    expect!["2160 of 2160 outputs are wrong"].assert_eq(&fault_of(op::LOAD, add(program::load::INNER_BYTES, 4)));
    expect!["fault: 4 bytes are read at 0x40001f20, which the host did not write"]
        .assert_eq(&fault_of(op::FILTER, add(program::filter::BYTES, 16)));
    expect!["fault: 4 bytes are written at 0x40004240, over other data"]
        .assert_eq(&fault_of(op::STORE, add(program::store::ADDRESS, 4)));
    expect!["fault: STORE 10 uses parameters of filter 1, which are not there"]
        .assert_eq(&fault_of(op::STORE, add(program::store::PARAM, 1)));
    expect!["fault: LAYER says 2 filters of 7 taps, 12 words, step 2"]
        .assert_eq(&fault_of(op::LAYER, add(program::layer::TAPS_M1, 1)));
    expect!["fault: Feeder(2) 3 reads line 518 of lane 2, which pass 3 may still write"]
        .assert_eq(&fault_of(op::LAYER, add(program::layer::WINDOWS_M1, 1)));
    expect!["fault: Feeder(2) 3 reads line 524 of lane 2, which pass 2 may still write"]
        .assert_eq(&fault_of(op::LAYER, add(program::layer::PSUM_FILTER_STRIDE, 1)));
}

#[test]
fn random_layers_on_random_arrays_are_golden() {
    let (first, draws) = (from_env("TESSERA_SEED", 1), from_env("TESSERA_DRAWS", 400));
    let mut seen = Seen::default();
    for seed in first..first + draws {
        let case = draw(seed);
        let (plan, _) = must_hold(&case, seed);
        seen.add(&case, &plan);
    }
    println!("{seen:?}");
}
