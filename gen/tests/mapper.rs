//! The mapper's messages: what a mapping, a layer or the numbers of a program break, with the limit and what lifts it.

use expect_test::{expect, Expect};
use gen::mapper::matrix::MatrixMapping;
use gen::mapper::{build, map, place, Compression, Layout, Mapping, TileCols, TileRows};
use gen::numerics::{Numerics, Output, Requant};
use gen::shape::ConvShape;
use hw::os::OsStyle;
use hw::{Arch, ArchSpec, Dataflow, WsStyle};

fn eyeriss() -> Arch {
    ArchSpec { psum_width: 16, ..ArchSpec::default() }.check().unwrap()
}

/// AlexNet's CONV3, N = 4.
fn conv3() -> ConvShape {
    ConvShape { n: 4, m: 384, c: 256, h: 13, w: 13, r: 3, s: 3, pad_h: 1, pad_w: 1, ..Default::default() }
}

/// Its mapping on the chip (JSSC 2017, Table III, with the (q, r, t) that the measured counts fit), with half the `m`.
fn published() -> Mapping {
    Mapping {
        n: 4,
        m: 32,
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

/// The problems of the published mapping after a change of it or of its layer.
#[track_caller]
fn refused(change: impl Fn(&mut Mapping, &mut ConvShape), message: Expect) {
    let (mut mapping, mut shape) = (published(), conv3());
    change(&mut mapping, &mut shape);
    let problems = mapping.check(&shape, &eyeriss()).expect_err("a mapping that is refused");
    message.assert_eq(&problems.to_string());
}

#[test]
fn the_published_mapping_of_conv3_is_legal() {
    let plan = published().check(&conv3(), &eyeriss()).unwrap();
    assert_eq!((plan.active_pes(), plan.channel_groups, plan.filter_groups, plan.chunk), (156, 43, 12, 1));
}

#[test]
fn a_layer_that_is_none_is_named_before_its_mapping() {
    refused(
        |m, s| (m.n, s.stride_h, s.groups) = (0, 0, 3),
        expect![[r#"
        `stride_h` is 0; every dimension, stride and group count is at least 1
        `c` is 256, which `groups` = 3 does not divide; every group has the same number of channels and of filters"#]],
    );
}

#[test]
fn a_mapping_of_zeros_names_every_one() {
    let zeros = r#"{"n":0,"m":0,"e":0,"p":0,"q":0,"r":0,"t_rows":0,"t_cols":0,"groups":0,"folds":0,"filter_rows":0,
        "filter_cols":0,"windows":0,"tile_rows":"filter","tile_cols":"whole","tiles":0,"ifmap_banks":0}"#;
    let mapping: Mapping = serde_json::from_str(zeros).unwrap();
    refused(
        |m, _| *m = mapping,
        expect![[r#"
        `n` is 0; every size of a mapping is at least 1
        `m` is 0; every size of a mapping is at least 1
        `e` is 0; every size of a mapping is at least 1
        `p` is 0; every size of a mapping is at least 1
        `q` is 0; every size of a mapping is at least 1
        `r` is 0; every size of a mapping is at least 1
        `t_rows` is 0; every size of a mapping is at least 1
        `t_cols` is 0; every size of a mapping is at least 1
        `groups` is 0; every size of a mapping is at least 1
        `folds` is 0; every size of a mapping is at least 1
        `filter_rows` is 0; every size of a mapping is at least 1
        `filter_cols` is 0; every size of a mapping is at least 1
        `windows` is 0; every size of a mapping is at least 1
        `tiles` is 0; every size of a mapping is at least 1
        `ifmap_banks` is 0; every size of a mapping is at least 1"#]],
    );
}

#[test]
fn a_size_over_the_layer_or_the_array_is_named() {
    refused(
        |m, _| (m.n, m.m, m.e, m.p, m.q, m.windows, m.filter_rows, m.filter_cols) = (5, 9999, 14, 385, 257, 14, 4, 4),
        expect![[r#"
            `n` is 5, over the 4 images of the layer, or of a pass; lower it
            `e` is 14, over the 13 rows of the ofmap (E); lower it
            `p` is 385, over the 384 filters of a group; lower it
            `q` is 257, over the 256 channels of a group; lower it
            `filter_rows` is 4, over the 3 rows of the filter (R); lower it
            `filter_cols` is 4, over the 3 columns of the filter (S); lower it
            `windows` is 14, over the 13 columns of the ofmap (F), or of the longest row of windows; lower it"#]],
    );
    refused(
        |m, _| (m.r, m.t_rows, m.t_cols, m.groups, m.folds, m.tiles, m.ifmap_banks) = (13, 13, 15, 2, 13, 3, 25),
        expect![[r#"
            `r` is 13, over the 12 PE rows of the array (`--rows`); lower it
            `t_rows` is 13, over the 12 PE rows of the array (`--rows`); lower it
            `t_cols` is 15, over the 14 PE columns of the array (`--cols`); lower it
            `groups` is 2, over the 1 groups of the layer; lower it
            `folds` is 13, over the 12 PE rows of the array (`--rows`), or columns `e` of a set; lower it
            `tiles` is 3, over the 2 tiles that take turns, one in use and one being loaded; lower it
            `ifmap_banks` is 25, over the 24 banks of the buffer that ifmaps can have beside psums (`--glb-kb`); lower it"#]],
    );
}

#[test]
fn a_spad_that_is_too_small_is_named_with_its_option() {
    refused(
        |m, _| m.q = 5,
        expect![[r#"
            `q` 5 · `filter_cols` 3 = 15 words are over the 12 of a PE's ifmap spad; build with `--ifmap-spad 15` or more, or lower `q` or `filter_cols`
            `p` 16 · `q` 5 · `filter_cols` 3 = 240 words are over the 224 of a PE's filter spad; build with `--filter-spad 240` or more, or lower `p`, `q` or `filter_cols`
            2 tiles of 6760 words need 7 banks; `ifmap_banks` is 5 of 25; raise it, lower `tiles`, `n`, `e`, `q`, `r` or `windows`, or build with a larger `--glb-kb`"#]],
    );
    refused(
        |m, _| m.p = 25,
        expect![[r#"
            `p` 25 · `q` 3 · `filter_cols` 3 = 225 words are over the 224 of a PE's filter spad; build with `--filter-spad 225` or more, or lower `p`, `q` or `filter_cols`
            `p` = 25 psums are over the 24 of a PE's psum spad; build with `--psum-spad 25` or more, or lower `p`
            `m` is 32, less than the 50 = `p` · `t_rows` · `t_cols` filters of a pass; raise it to 50"#]],
    );
}

#[test]
fn an_array_that_is_too_small_is_named_with_its_option() {
    refused(
        |m, _| m.r = 3,
        expect![[r#"
            `t_rows` 2 · `folds` 1 · `r` 3 · `filter_rows` 3 = 18 PEs are over the array's 12 rows; build with `--rows 18` or more, or lower `t_rows`, `folds`, `r` or `filter_rows`
            2 tiles of 6084 words need 6 banks; `ifmap_banks` is 5 of 25; raise it, lower `tiles`, `n`, `e`, `q`, `r` or `windows`, or build with a larger `--glb-kb`"#]],
    );
    refused(
        |m, _| m.t_cols = 2,
        expect![[r#"
            `t_cols` 2 · ⌈`e` 13 / `folds` 1⌉ = 26 PEs are over the array's 14 cols; build with `--cols 26` or more, or lower `t_cols` or `e`, or raise `folds`
            `m` is 32, less than the 64 = `p` · `t_rows` · `t_cols` filters of a pass; raise it to 64
            the psums of `m` = 64 filters take 11648 lines; 20 of the buffer's banks hold 10240; lower `ifmap_banks`, `m`, `e` or `windows`, or build with a larger `--glb-kb`"#]],
    );
    refused(
        |m, s| (m.r, m.t_rows, m.filter_rows, s.r, s.h) = (1, 1, 13, 13, 23),
        expect!["`t_rows` 1 · `folds` 1 · `r` 1 · `filter_rows` 13 = 13 PEs are over the array's 12 rows; build with `--rows 13` or more, or lower `t_rows`, `folds`, `r` or `filter_rows`"],
    );
    refused(
        |m, _| (m.e, m.folds, m.r, m.t_rows) = (5, 4, 1, 1),
        expect!["`folds` is 4, over the 3 pieces of equal width that `e` columns make; lower it"],
    );
}

#[test]
fn a_buffer_that_is_too_small_is_named_with_its_option() {
    refused(
        |m, _| m.ifmap_banks = 1,
        expect!["2 tiles of 4056 words need 4 banks; `ifmap_banks` is 1 of 25; raise it, lower `tiles`, `n`, `e`, `q`, `r` or `windows`, or build with a larger `--glb-kb`"],
    );
    refused(
        |m, _| (m.tiles, m.ifmap_banks) = (1, 1),
        expect!["1 tile of 4056 words need 2 banks; `ifmap_banks` is 1 of 25; raise it, lower `tiles`, `n`, `e`, `q`, `r` or `windows`, or build with a larger `--glb-kb`"],
    );
    refused(|m, _| m.m = 64, expect!["the psums of `m` = 64 filters take 11648 lines; 20 of the buffer's banks hold 10240; lower `ifmap_banks`, `m`, `e` or `windows`, or build with a larger `--glb-kb`"]);
}

#[test]
fn filters_that_do_not_make_a_pass_are_named() {
    refused(
        |m, _| m.m = 31,
        expect!["`m` is 31, less than the 32 = `p` · `t_rows` · `t_cols` filters of a pass; raise it to 32"],
    );
    refused(
        |m, s| (m.groups, s.groups) = (2, 2),
        expect![[r#"
        `groups` is 2, which asks for all channels of a group in a pass; they are 128, and `q` · `r` is 6
        `groups` is 2, which asks for exactly their filters in a pass; they are 384, and `p` · `t_rows` · `t_cols` is 32
        2 tiles of 173056 words need 169 banks; `ifmap_banks` is 5 of 25; raise it, lower `tiles`, `n`, `e`, `q`, `r` or `windows`, or build with a larger `--glb-kb`"#]],
    );
    refused(
        |m, s| (m.groups, s.groups, m.q, m.r) = (3, 4, 1, 1),
        expect![[r#"
        `groups` is 3, which asks for as many sets for each of them; `t_rows` · `t_cols` is 2
        `groups` is 3, which asks for all channels of a group in a pass; they are 64, and `q` · `r` is 1
        `groups` is 3, which asks for exactly their filters in a pass; they are 288, and `p` · `t_rows` · `t_cols` is 32
        2 tiles of 129792 words need 127 banks; `ifmap_banks` is 5 of 25; raise it, lower `tiles`, `n`, `e`, `q`, `r` or `windows`, or build with a larger `--glb-kb`"#]],
    );
    refused(|m, _| (m.p, m.t_cols, m.t_rows, m.e, m.m) = (24, 7, 2, 2, 384), expect!["`p` · `t_rows` · `t_cols` is 336, over the largest that a program can say, 256; the output stage takes no more filters at a time: lower one of them"]);
}

#[test]
fn what_no_program_can_say_is_named() {
    refused(
        |m, s| (s.h, s.stride_h, m.n, m.q) = (2000, 100, 1, 1),
        expect![[r#"
        2 tiles of 31280 words need 31 banks; `ifmap_banks` is 5 of 25; raise it, lower `tiles`, `n`, `e`, `q`, `r` or `windows`, or build with a larger `--glb-kb`
        the last row of an ifmap tile is 1202, over the largest that a program can say, 1023; lower `e` or `filter_rows`"#]],
    );
    refused(
        |m, s| (s.w, m.n, m.m, m.q, m.e) = (20_000, 1, 32, 1, 1),
        expect![[r#"
            2 tiles of 120000 words need 118 banks; `ifmap_banks` is 5 of 25; raise it, lower `tiles`, `n`, `e`, `q`, `r` or `windows`, or build with a larger `--glb-kb`
            the width of an ifmap tile is 20000, over the largest that a program can say, 16383; lower `windows`, with `tile_cols` not "whole"
            the number of passes is 122923008, over the largest that a program can say, 16777216; the program would be over 1 GiB: build with more PEs (`--pes`) or larger spads (`--ifmap-spad`, `--filter-spad`, `--psum-spad`), or split the layer"#]],
    );
    refused(
        |m, s| (s.w, s.stride_w, m.tile_cols) = (20_000, 1500, TileCols::Filter),
        expect![[r#"
            2 tiles of 5616936 words need 5486 banks; `ifmap_banks` is 5 of 25; raise it, lower `tiles`, `n`, `e`, `q`, `r` or `windows`, or build with a larger `--glb-kb`
            an ifmap stream's offset is 1656276, over the largest that a program can say, 1048575; lower `q`, `r`, `e` or `windows`
            the width of an ifmap tile is 18003, over the largest that a program can say, 16383; lower `windows`, with `tile_cols` not "whole"
            the columns that a row's windows span is 18003, over the largest that a program can say, 16383; lower `windows`"#]],
    );
}

/// Found by the campaign: they were said to be over the buffer, which holds them.
#[test]
fn more_psums_than_a_semaphore_counts_are_not_over_the_buffer() {
    refused(|m, _| (m.p, m.t_rows, m.e, m.windows, m.n, m.m) = (1, 1, 1, 1, 1, 300), expect!["the filter groups whose psums stay in the buffer is 300, over the largest that a program can say, 255; lower `m`"]);
}

#[test]
fn a_layer_that_does_not_map_names_the_limit_and_what_lifts_it() {
    let refused = |shape: ConvShape, arch: &Arch, message: Expect| {
        message.assert_eq(&map(&shape, arch).expect_err("a layer that is refused").to_string());
    };
    let shape = ConvShape { m: 1024, c: 1024, h: 100, w: 100, r: 3, s: 3, ..Default::default() };
    let one = ArchSpec { rows: 1, cols: 1, ifmap_spad: 1, filter_spad: 1, psum_spad: 1, ..ArchSpec::default() };
    refused(shape, &one.check().unwrap(), expect!["the number of passes is 924844032, over the largest that a program can say, 16777216; the program would be over 1 GiB: build with more PEs (`--pes`) or larger spads (`--ifmap-spad`, `--filter-spad`, `--psum-spad`), or split the layer"]);
    refused(ConvShape { r: 4, h: 3, ..shape }, &eyeriss(), expect!["`r` is 4, more than the padded ifmap's height of 3 (`h` 3 + 2 × `pad_h` 0); a filter must fit, so raise `pad_h` to 1 or more"]);
    refused(
        ConvShape { m: 0, groups: 3, ..shape },
        &eyeriss(),
        expect![[r#"
        `m` is 0; every dimension, stride and group count is at least 1
        `c` is 1024, which `groups` = 3 does not divide; every group has the same number of channels and of filters"#]],
    );
}

#[test]
fn psums_that_are_over_a_bank_are_named() {
    let arch = ArchSpec { dataflow: Dataflow::Is, ..ArchSpec::default() }.check().unwrap();
    let mapping = MatrixMapping { n: 1, m: 14, e: 13, windows: 11, channels: 1, tiles: 1 };
    assert!(MatrixMapping { windows: 10, ..mapping }.check(&conv3(), &arch).is_ok());
    let problems = mapping.check(&conv3(), &arch).expect_err("a mapping that is refused");
    expect!["`n` · ⌈`e` / 12 rows⌉ · `windows` = 22 psums are over the 21 of a bank of a column's accumulators; lower one of them, or build with `--accumulators 264` or more"].assert_eq(&problems.to_string());
}

#[test]
fn what_convolution_engines_do_not_hold_is_named() {
    let spec = ArchSpec { dataflow: Dataflow::Ws, ws_style: WsStyle::Conv2d, rows: 18, cols: 4, ..ArchSpec::default() };
    let arch = ArchSpec { row_fifo: 16, ..spec }.check().unwrap();
    let shape = ConvShape { m: 4, c: 5, h: 3, w: 60, r: 3, s: 3, ..ConvShape::default() };
    let mapping = MatrixMapping { n: 1, m: 4, e: 1, windows: 14, channels: 4, tiles: 1 };
    assert!(mapping.check(&shape, &arch).is_ok());
    let problems = MatrixMapping { windows: 15, channels: 3, ..mapping }.check(&shape, &arch);
    expect![[r#"
        `channels` is 3; a tile has all 5 channels of a group or a multiple of the array's 2 convolution engines (`--rows` over the square of `--kernel`); make it one of these
        `windows` = 17 pixels of a row, those before its first window included, are over the 16 of a row FIFO; lower `windows`, or build with `--row-fifo 17` or more"#]]
    .assert_eq(&problems.expect_err("a mapping that is refused").to_string());
}

#[test]
fn what_an_array_of_one_pixel_does_not_hold_is_named() {
    let spec = ArchSpec { dataflow: Dataflow::Os, os_style: OsStyle::MopSop, ..ArchSpec::default() };
    let arch = spec.check().unwrap();
    let mapping = MatrixMapping { n: 1, m: 168, e: 1, windows: 13, channels: 1, tiles: 1 };
    assert!(mapping.check(&conv3(), &arch).is_ok());
    let refused = |mapping: MatrixMapping, message: Expect| {
        message.assert_eq(&mapping.check(&conv3(), &arch).expect_err("a mapping that is refused").to_string());
    };
    refused(
        MatrixMapping { e: 2, ..mapping },
        expect!["`n` · `e` · `windows` · ⌈`m` = 168 / 14 columns⌉ = 312 psums are over the 256 of a column's accumulator; lower one of them, or build with larger `accumulators`"],
    );
    refused(
        MatrixMapping { m: 169, ..mapping },
        expect!["`m` is 169, over the 168 filters of a group, or PEs of the array (`--pes`); lower it"],
    );
}

/// The problem of a program of the published mapping for these numbers and addresses.
#[track_caller]
fn not_built(numerics: Numerics, output: Output, layout: impl Fn(&mut Layout), message: Expect) {
    let plan = published().check(&conv3(), &eyeriss()).unwrap();
    let mut places = place(&plan, &output, Compression::default(), 0x1000);
    layout(&mut places);
    message.assert_eq(&build(&plan, &numerics, &output, &places, 0).unwrap_err().to_string());
}

#[test]
fn numbers_that_the_accelerator_was_not_built_for_are_named() {
    let numerics = Numerics { width: 16, psum_width: 16, psum_shift: 0 };
    not_built(
        Numerics { width: 8, ..numerics },
        Output::Raw,
        |_| {},
        expect!["`width` of the layer is 8, but this accelerator is built for 16; build with `--width 8`"],
    );
    not_built(
        Numerics { psum_width: 32, ..numerics },
        Output::Raw,
        |_| {},
        expect!["`psum_width` of the layer is 32, but this accelerator is built for 16; build with `--psum-width 32`"],
    );
    not_built(
        Numerics { psum_shift: 32, ..numerics },
        Output::Raw,
        |_| {},
        expect!["`psum_shift` is 32; a product has 2 × 16 bits, so the largest useful shift is 31"],
    );
    let scales = Output::Quantised(Requant { scales: vec![1, 2], ..Default::default() });
    not_built(
        numerics,
        scales,
        |_| {},
        expect!["`scales` has 2 values for 384 ofmap channels; give one for each channel, one for all, or none"],
    );
}

#[test]
fn an_address_that_is_not_aligned_is_named() {
    let numerics = Numerics { width: 16, psum_width: 16, psum_shift: 0 };
    not_built(
        numerics,
        Output::Raw,
        |l| l.ifmap += 1,
        expect!["address 0x1001 of the ifmap is not a multiple of 2; align it"],
    );
    not_built(
        numerics,
        Output::Raw,
        |l| l.filters += 8,
        expect!["address 0x55808 of the filters is not a multiple of 16; align it"],
    );
    not_built(
        numerics,
        Output::Raw,
        |l| l.params += 8,
        expect!["address 0x208e08 of the parameters is not a multiple of 16; align it"],
    );
    not_built(
        numerics,
        Output::Raw,
        |l| l.ofmap += 1,
        expect!["address 0x20a601 of the ofmap is not a multiple of 2; align it"],
    );
    not_built(
        numerics,
        Output::Raw,
        |l| l.program += 16,
        expect!["address 0x289210 of the program is not a multiple of 64; align it"],
    );
}
