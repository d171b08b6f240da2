//! The mapper's messages, and the structure of what it makes. (That its programs compute the right thing: tests/tests/program_interpreter.rs.)

use expect_test::{expect, Expect};
use gen::mapper::{build, map, pack_filters, pack_params, pack_words, place, unpack_words, Layout};
use gen::mapper::{MapError, Mapping, Plan, TileCols, TileRows};
use gen::numerics::{Numerics, Output, Requant};
use gen::shape::ConvShape;
use hw::program::{flag, layer, load, op, params, pass, store, table, Field, COMMAND_BYTES, FLAGS, OPCODE};
use hw::{Arch, ArchSpec};

fn eyeriss() -> Arch {
    ArchSpec { psum_width: 16, ..ArchSpec::default() }.check().unwrap()
}

/// AlexNet's CONV3, N = 4.
fn conv3() -> ConvShape {
    ConvShape { n: 4, m: 384, c: 256, h: 13, w: 13, r: 3, s: 3, pad_h: 1, pad_w: 1, ..Default::default() }
}

/// Its mapping, as FIELD.md finds it in the chip's counts.
fn published() -> Mapping {
    Mapping {
        n: 4,
        m: 64,
        e: 13,
        p: 16,
        q: 3,
        r: 2,
        t_rows: 2,
        t_cols: 1,
        groups: 1,
        folds: 1,
        filter_rows: 3,
        filter_cols: 3,
        windows: 13,
        tile_rows: TileRows::Filter,
        tile_cols: TileCols::Whole,
        tiles: 2,
        ifmap_banks: 5,
    }
}

#[track_caller]
fn refused(change: impl Fn(&mut Mapping, &mut ConvShape), expect: Expect) {
    let (mut mapping, mut shape) = (published(), conv3());
    change(&mut mapping, &mut shape);
    match mapping.check(&shape, &eyeriss()) {
        Ok(_) => panic!("{mapping:?} is not refused"),
        Err(problems) => expect.assert_eq(&problems.to_string()),
    }
}

#[test]
fn the_published_mapping_of_conv3_is_legal() {
    let plan = published().check(&conv3(), &eyeriss()).unwrap();
    assert_eq!((plan.active_pes(), plan.channel_groups, plan.filter_groups, plan.chunk), (156, 43, 12, 2));
    assert_eq!((plan.psum.lane_rows, plan.psum.filter_stride, plan.psum.lines), (8, 8 * 13, 4 * 16 * 8 * 13));
    assert_eq!((plan.tile.words, plan.streams()), (4 * 6 * 13 * 13, 2 * 15));
}

#[test]
fn a_mapping_of_zeros_names_every_one() {
    let zeros = r#"{"n":0,"m":0,"e":0,"p":0,"q":0,"r":0,"t_rows":0,"t_cols":0,"groups":0,"folds":0,"filter_rows":0,
        "filter_cols":0,"windows":0,"tile_rows":"filter","tile_cols":"whole","tiles":0,"ifmap_banks":0}"#;
    let mapping: Mapping = serde_json::from_str(zeros).unwrap();
    refused(|m, _| *m = mapping, expect![[r#""#]]);
}

#[test]
fn a_size_over_the_layer_or_the_array_is_named() {
    refused(
        |m, _| (m.n, m.m, m.e, m.p, m.q, m.windows, m.filter_rows, m.filter_cols) = (5, 9999, 14, 385, 257, 14, 4, 4),
        expect![[r#""#]],
    );
    refused(
        |m, _| (m.r, m.t_rows, m.t_cols, m.groups, m.folds, m.tiles, m.ifmap_banks) = (13, 13, 15, 2, 13, 3, 25),
        expect![[r#""#]],
    );
}

#[test]
fn a_spad_that_is_too_small_is_named_with_its_option() {
    refused(|m, _| m.q = 5, expect![[r#""#]]);
    refused(|m, _| m.p = 25, expect![[r#""#]]);
}

#[test]
fn an_array_that_is_too_small_is_named_with_its_option() {
    refused(|m, _| m.r = 3, expect![[r#""#]]);
    refused(|m, _| m.t_cols = 2, expect![[r#""#]]);
    refused(|m, s| (m.e, m.folds, m.r, m.t_rows, s.h) = (27, 4, 1, 1, 40), expect![[r#""#]]);
    refused(|m, _| (m.e, m.folds, m.r, m.t_rows) = (5, 4, 1, 1), expect![[r#""#]]);
}

#[test]
fn a_buffer_that_is_too_small_is_named() {
    refused(|m, _| m.ifmap_banks = 1, expect![[r#""#]]);
    refused(|m, _| (m.tiles, m.ifmap_banks) = (1, 1), expect![[r#""#]]);
    refused(|m, _| m.m = 384, expect![[r#""#]]);
}

#[test]
fn filters_that_do_not_make_a_pass_are_named() {
    refused(|m, _| m.m = 31, expect![[r#""#]]);
    refused(|m, s| (m.groups, s.groups) = (2, 2), expect![[r#""#]]);
    refused(|m, s| (m.groups, s.groups, m.q, m.r) = (3, 4, 1, 1), expect![[r#""#]]);
    refused(|m, _| (m.p, m.t_cols, m.t_rows, m.e, m.m) = (24, 7, 2, 2, 384), expect![[r#""#]]);
}

#[test]
fn what_no_program_can_say_is_named() {
    refused(|m, s| (s.h, s.stride_h, m.n, m.q) = (2000, 100, 1, 1), expect![[r#""#]]);
    refused(
        |m, s| (s.w, m.windows, m.tile_cols, m.n, m.m, m.q, m.e) = (20_000, 13, TileCols::Whole, 1, 32, 1, 1),
        expect![[r#""#]],
    );
    refused(|_, s| s.pad_w = 9000, expect![[r#""#]]);
    let shape = ConvShape { m: 1024, c: 1024, h: 100, w: 100, r: 3, s: 3, ..Default::default() };
    let one = ArchSpec { rows: 1, cols: 1, ifmap_spad: 1, filter_spad: 1, psum_spad: 1, ..ArchSpec::default() };
    expect![[r#""#]].assert_eq(&map(&shape, &one.check().unwrap()).unwrap_err().to_string());
    expect![[r#""#]].assert_eq(&map(&ConvShape { r: 4, h: 3, ..shape }, &eyeriss()).unwrap_err().to_string());
}

#[track_caller]
fn not_built(numerics: Numerics, output: Output, layout: impl Fn(&mut Layout), expect: Expect) {
    let plan = published().check(&conv3(), &eyeriss()).unwrap();
    let mut places = place(&plan, &output, 0x1000);
    layout(&mut places);
    let error: MapError = build(&plan, &numerics, &output, &places, 0).unwrap_err();
    expect.assert_eq(&error.to_string());
}

#[test]
fn numbers_and_addresses_that_the_accelerator_was_not_built_for_are_named() {
    let numerics = Numerics { width: 16, psum_width: 16, psum_shift: 0 };
    not_built(Numerics { width: 8, ..numerics }, Output::Raw, |_| {}, expect![[r#""#]]);
    not_built(Numerics::new(16), Output::Raw, |_| {}, expect![[r#""#]]);
    not_built(Numerics { psum_shift: 32, ..numerics }, Output::Raw, |_| {}, expect![[r#""#]]);
    let scales = Output::Quantised(Requant { scales: vec![1, 2], ..Default::default() });
    not_built(numerics, scales, |_| {}, expect![[r#""#]]);
    not_built(numerics, Output::Raw, |l| l.ifmap += 1, expect![[r#""#]]);
    not_built(numerics, Output::Raw, |l| l.filters += 8, expect![[r#""#]]);
    not_built(numerics, Output::Raw, |l| l.params += 8, expect![[r#""#]]);
    not_built(numerics, Output::Raw, |l| l.ofmap += 1, expect![[r#""#]]);
    not_built(numerics, Output::Raw, |l| l.program += 16, expect![[r#""#]]);
}

#[test]
fn a_mapping_is_written_as_json_and_its_usual_choices_may_be_left_out() {
    let mapping = Mapping { n: 1, m: 32, ..published() };
    let text = serde_json::to_string(&mapping).unwrap();
    assert_eq!(serde_json::from_str::<Mapping>(&text).unwrap(), mapping);
    let short = text.replace(r#""groups":1,"folds":1,"#, "");
    assert_ne!(short, text);
    assert_eq!(serde_json::from_str::<Mapping>(&short).unwrap(), mapping);
}

#[test]
fn words_are_packed_in_containers_and_come_back() {
    for (bits, size) in [(2, 1), (8, 1), (9, 2), (16, 2), (17, 4), (32, 4), (33, 8), (64, 8)] {
        let (low, high) = (i64::MIN >> (64 - bits), i64::MAX >> (64 - bits));
        let values = vec![low, -1, 0, 1, high];
        let bytes = pack_words(values.iter().copied(), bits);
        assert_eq!((bytes.len(), unpack_words(&bytes, bits)), (5 * size, values));
    }
    assert_eq!(pack_words([-2, 300], 12), [0xfe, 0xff, 0x2c, 0x01]);
}

#[test]
fn parameters_take_sixteen_bytes_a_channel() {
    let output = Output::Quantised(Requant { relu: false, scales: vec![3], shifts: vec![7, 8] });
    let bytes = pack_params(&[-1, 2], &output);
    let lines: Vec<String> = bytes.chunks(16).map(|line| format!("{line:02x?}")).collect();
    expect![[r#""#]].assert_eq(&lines.join("\n"));
}

/// Three 2×2 filters on three channels and two images, in strips of one row, on two columns of four PEs.
fn small() -> Plan {
    let arch = ArchSpec { rows: 4, cols: 2, width: 8, glb_kb: 1, ..ArchSpec::default() }.check().unwrap();
    let shape = ConvShape { n: 2, m: 3, c: 3, h: 3, w: 4, r: 2, s: 2, pad_h: 1, stride_w: 2, ..Default::default() };
    let mapping = Mapping {
        n: 1,
        m: 2,
        e: 2,
        p: 1,
        q: 1,
        r: 2,
        t_rows: 1,
        t_cols: 1,
        filter_rows: 2,
        filter_cols: 2,
        windows: 2,
        ifmap_banks: 1,
        ..published()
    };
    mapping.check(&shape, &arch).unwrap()
}

#[test]
fn filters_are_packed_in_the_order_of_their_use() {
    // The value of a tap is filter·100 + channel·10 + its place.
    let plan = small();
    let filter: Vec<i64> = (0..3 * 3 * 4).map(|i| i / 12 * 100 % 128 + i / 4 % 3 * 10 + i % 4).collect();
    let bytes = pack_filters(&plan, &filter);
    assert_eq!(bytes.len(), plan.filter_bytes());
    let lines: Vec<String> = bytes.chunks(4).map(|line| format!("{line:?}")).collect();
    expect![[r#""#]].assert_eq(&lines.join("\n"));
}

/// A line for each command: its fields that are not 0, and its flags.
fn listing(bytes: &[u8]) -> String {
    let words: Vec<u64> = bytes.chunks(8).map(|word| u64::from_le_bytes(word.try_into().unwrap())).collect();
    let mut text = String::new();
    let mut commands = words.chunks(COMMAND_BYTES / 8);
    while let Some(command) = commands.next() {
        let fields = |names: &[(&str, Field)]| {
            let set = names.iter().filter(|(_, field)| field.get(command) != 0);
            set.map(|(name, field)| format!(" {name} {:#x}", field.get(command))).collect::<String>()
        };
        let flags = |names: &[(&str, u64)]| {
            let set = names.iter().filter(|(_, flag)| FLAGS.get(command) & flag != 0);
            set.map(|(name, _)| format!(" {name}")).collect::<String>()
        };
        text += &match OPCODE.get(command) {
            op::LAYER => "LAYER".to_string() + &fields(&[("windows_m1", layer::WINDOWS_M1), ("images_m1", layer::IMAGES_M1)]),
            op::TABLE => {
                let count = table::COUNT.get(command) as usize;
                let payload: Vec<u64> = commands.by_ref().take(count.div_ceil(8)).flatten().copied().collect();
                format!("TABLE {} {:x?}", table::TARGET.get(command), &payload[..count])
            }
            op::LOAD => {
                "LOAD".to_string()
                    + &fields(&[("from", load::ADDRESS), ("to", load::GLB_WORD), ("run_m1", load::RUN_M1)])
                    + &fields(&[("inner_m1", load::INNER_M1), ("bytes", load::INNER_BYTES), ("words", load::INNER_WORDS)])
                    + &flags(&[("wait_free", flag::LOAD_WAIT_FREE), ("post_loaded", flag::LOAD_POST_LOADED)])
            }
            op::FILTER => "FILTER".to_string() + &fields(&[("from", hw::program::filter::ADDRESS), ("bytes", hw::program::filter::BYTES)]),
            op::PASS => {
                "PASS".to_string()
                    + &fields(&[("tile", pass::TILE), ("x", pass::X_START), ("channels", pass::C_VALID)])
                    + &fields(&[("lo", pass::H_LO), ("hi", pass::H_HI), ("distance", pass::DISTANCE), ("psum", pass::PSUM)])
                    + &flags(&[("wait_loaded", flag::PASS_WAIT_LOADED), ("post_free", flag::PASS_POST_FREE)])
                    + &flags(&[("first", flag::PASS_FIRST), ("wait_psum_free", flag::PASS_WAIT_PSUM_FREE)])
                    + &flags(&[("post_psum_done", flag::PASS_POST_PSUM_DONE)])
            }
            op::PARAMS => "PARAMS".to_string() + &fields(&[("from", params::ADDRESS), ("count", params::COUNT)]),
            op::STORE => {
                "STORE".to_string()
                    + &fields(&[("to", store::ADDRESS), ("psum", store::PSUM), ("windows_m1", store::WINDOWS_M1)])
                    + &fields(&[("rows_m1", store::ROWS_M1), ("param", store::PARAM), ("valid", store::VALID)])
                    + &flags(&[("wait_done", flag::STORE_WAIT_DONE), ("post_free", flag::STORE_POST_FREE)])
                    + &flags(&[("raw", flag::STORE_RAW)])
            }
            op::END => "END".to_string() + &fields(&[("layer", hw::program::end::LAYER)]),
            opcode => format!("opcode {opcode}"),
        };
        text += "\n";
    }
    text
}

#[test]
fn the_program_of_a_small_layer() {
    let plan = small();
    let numerics = Numerics::new(8);
    let layout = Layout { ifmap: 0x1000, filters: 0x2000, params: 0x3000, ofmap: 0x4000, program: 0x5000 };
    let program = build(&plan, &numerics, &Output::Raw, &layout, 9).unwrap();
    expect![[r#""#]].assert_eq(&listing(&program.bytes));
    expect![[r#""#]].assert_eq(&format!("{:#?}", program.counts));
}

#[test]
fn equal_input_gives_equal_bytes() {
    let plan = published().check(&conv3(), &eyeriss()).unwrap();
    let numerics = Numerics { width: 16, psum_width: 16, psum_shift: 3 };
    let layout = place(&plan, &Output::Raw, 0);
    let program = || build(&plan, &numerics, &Output::Raw, &layout, 1).unwrap();
    assert_eq!(program(), program());
    assert_eq!(map(&conv3(), &eyeriss()), map(&conv3(), &eyeriss()));
}
