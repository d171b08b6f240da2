use crate::command::Folder;
use crate::engines::AREA;
use crate::{sim, LAYER, SMALL};
use expect_test::{expect, Expect};

/// Runs `sim conv` on the small accelerator.
#[track_caller]
fn conv(arguments: &str, message: Expect) {
    sim().refuses(&format!("conv {SMALL} {arguments}"), message);
}

/// Runs `sim conv` on the small accelerator with the small layer.
#[track_caller]
fn layer(arguments: &str, message: Expect) {
    conv(&format!("{LAYER} {arguments}"), message);
}

#[test]
fn a_command_or_an_option_that_does_not_exist() {
    sim().refuses(
        "convolve",
        expect![[r#"
        error: unrecognized subcommand 'convolve'

          tip: a similar subcommand exists: 'conv'

        Usage: sim <COMMAND>

        For more information, try '--help'.
    "#]],
    );
    conv(
        "--sead 1",
        expect![[r#"
        error: unexpected argument '--sead' found

          tip: a similar argument exists: '--seed'

        Usage: sim conv --rows <ROWS> --cols <COLS> --width <W> --glb-kb <KiB> --seed <SEED>

        For more information, try '--help'.
    "#]],
    );
    layer(
        "--engine vcs",
        expect![[r#"
        error: invalid value 'vcs' for '--engine <ENGINE>'
          [possible values: golden, builtin, verilator, icarus]

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn a_layer_that_is_not_or_only_half_given() {
    conv(
        "",
        expect![[r#"
        error: no layer; give --layer NETWORK/LAYER, or --m --c --h --w --r --s, or --ifmap and --filter
    "#]],
    );
    conv(
        "--m 2 --c 2 --h 5",
        expect![[r#"
        error: the shape lacks `--w`, `--r`, `--s`; give all of --m --c --h --w --r --s, or --layer
    "#]],
    );
    conv(
        "--layer alexnet",
        expect![[r#"
        error: `alexnet` names no layer; write NETWORK/LAYER, as in `alexnet/conv3`
    "#]],
    );
    conv(
        "--layer alexnet/conv33",
        expect![[r#"
        error: network `alexnet` has no layer `conv33` (did you mean `conv3`?); it has conv1, conv2, conv3, conv4, conv5, fc6, fc7, fc8
    "#]],
    );
    conv(
        "--layer alexnet/conv3 --m 3",
        expect![[r#"
        error: the argument '--layer <NETWORK/LAYER>' cannot be used with '--m <M>'

        Usage: sim conv --rows <ROWS> --cols <COLS> --width <W> --glb-kb <KiB> --layer <NETWORK/LAYER>

        For more information, try '--help'.
    "#]],
    );
    conv(
        "--layer alexnet/conv3 --stride-h 3",
        expect![[r#"
        error: the argument '--layer <NETWORK/LAYER>' cannot be used with '--stride-h <STRIDE_H>'

        Usage: sim conv --rows <ROWS> --cols <COLS> --width <W> --glb-kb <KiB> --layer <NETWORK/LAYER>

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn a_shape_that_is_none() {
    layer(
        "--stride-h 0 --groups 3 --n 0",
        expect![[r#"
        error: `n` is 0; every dimension, stride and group count is at least 1
        `stride_h` is 0; every dimension, stride and group count is at least 1
        `c` is 2, which `groups` = 3 does not divide; every group has the same number of channels and of filters
        `m` is 2, which `groups` = 3 does not divide; every group has the same number of channels and of filters
    "#]],
    );
    conv(
        "--m 2 --c 2 --h 5 --w 6 --r 6 --s 9 --pad-w 1",
        expect![[r#"
        error: `r` is 6, more than the padded ifmap's height of 5 (`h` 5 + 2 × `pad_h` 0); a filter must fit, so raise `pad_h` to 1 or more
        `s` is 9, more than the padded ifmap's width of 8 (`w` 6 + 2 × `pad_w` 1); a filter must fit, so raise `pad_w` to 2 or more
    "#]],
    );
    conv(
        "--m 100000 --c 1 --h 1000 --w 1000 --r 1 --s 1",
        expect![[r#"
        error: the ofmap of 1×100000×1000×1000 has 100000000000 elements; the largest allowed is 2147483648, so split the layer
    "#]],
    );
}

#[test]
fn a_design_that_is_none() {
    sim().refuses(
        &format!("conv --width 1 --rows 0 {LAYER}"),
        expect![[r#"
        error: `rows` is 0; the array needs at least one PE in each direction
        `width` is 1; words are 2 to 32 bits wide
    "#]],
    );
    sim().refuses(
        "network tiny3 --config none.toml",
        expect![[r#"
        error: cannot read config `none.toml`: No such file or directory (os error 2)
    "#]],
    );
}

#[test]
fn numbers_that_do_not_go_together_or_do_not_exist() {
    layer(
        "--raw --shift 3",
        expect![[r#"
        error: the argument '--raw' cannot be used with '--shift <BITS>'

        Usage: sim conv --rows <ROWS> --cols <COLS> --width <W> --glb-kb <KiB> --m <M> --c <C> --h <H> --w <W> --r <R> --s <S> --raw

        For more information, try '--help'.
    "#]],
    );
    layer(
        "--shift 64",
        expect![[r#"
        error: invalid value '64' for '--shift <BITS>': 64 is not in 0..=63

        For more information, try '--help'.
    "#]],
    );
    layer(
        "--scale 65536",
        expect![[r#"
        error: invalid value '65536' for '--scale <SCALE>': 65536 is not in 0..=65535

        For more information, try '--help'.
    "#]],
    );
    layer(
        "--psum-shift 16",
        expect![[r#"
        error: `psum_shift` is 16; a product has 2 × 8 bits, so the largest useful shift is 15
    "#]],
    );
    layer(
        "--zeros 1.5",
        expect![[r#"
        error: `zeros` is 1.5; it is the fraction of ifmap words made zero, from 0 to 1
    "#]],
    );
    layer(
        "--dram-latency 0",
        expect![[r#"
        error: invalid value '0' for '--dram-latency <CYCLES>': 0 is not in 1..=200000

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn a_waveform_of_an_engine_without_waves() {
    layer(
        "--engine golden --vcd x.vcd",
        expect![[r#"
        error: `--vcd` wants a waveform, which `--engine golden` has none of; choose builtin, verilator or icarus
    "#]],
    );
}

#[test]
fn a_waveform_with_the_name_of_its_groups() {
    layer(
        "--engine builtin --vcd x.gtkw",
        expect![[r#"
        error: `--vcd x.gtkw` is the name of a file that goes with the waveform; end it in .vcd
    "#]],
    );
}

#[test]
fn a_result_that_cannot_be_written_is_refused_before_the_run() {
    layer(
        "--out none/y.npy",
        expect![[r#"
        error: `none/y.npy` cannot be written: No such file or directory (os error 2)
    "#]],
    );
    layer(
        "--json .",
        expect![[r#"
        error: `.` cannot be written: is a directory
    "#]],
    );
    layer(
        "--vcd none/x.vcd --engine verilator",
        expect![[r#"
        error: `none/x.vcd` cannot be written: No such file or directory (os error 2)
    "#]],
    );
    sim().refuses(
        "network tiny3 --json none/x.json",
        expect![[r#"
        error: `none/x.json` cannot be written: No such file or directory (os error 2)
    "#]],
    );
    sim().refuses(
        "map tiny3 --json none/x.json",
        expect![[r#"
        error: `none/x.json` cannot be written: No such file or directory (os error 2)
    "#]],
    );
}

#[test]
fn a_network_or_a_layer_of_it_that_does_not_exist() {
    sim().refuses("network alexnot", expect![[r#"
        error: there is no network `alexnot` (did you mean `alexnet`?); there are alexnet, googlenet, mobilenet_v1, resnet18, resnet50, squeezenet1_1, tiny3, vgg16 and any `FILE.toml`
    "#]]);
    sim().refuses(
        "network tiny3 --layers conv1x1,conv7x7",
        expect![[r#"
        error: network `tiny3` has no layer `conv7x7` (did you mean `conv1x1`?); it has conv3x3, conv5x5, conv1x1
    "#]],
    );
    sim().refuses(
        "network tiny3 --batch 0",
        expect![[r#"
        error: layer `conv3x3`: `n` is 0; every dimension, stride and group count is at least 1
        layer `conv5x5`: `n` is 0; every dimension, stride and group count is at least 1
        layer `conv1x1`: `n` is 0; every dimension, stride and group count is at least 1
    "#]],
    );
    sim().refuses(
        "network none.toml",
        expect![[r#"
        error: `none.toml` cannot be read: No such file or directory (os error 2)
    "#]],
    );
    sim().refuses(
        "map",
        expect![[r#"
        error: nothing to map; name a network or a layer, or give --m --c --h --w --r --s
    "#]],
    );
    sim().refuses("map alexnot/conv1", expect![[r#"
        error: there is no network `alexnot` (did you mean `alexnet`?); there are alexnet, googlenet, mobilenet_v1, resnet18, resnet50, squeezenet1_1, tiny3, vgg16 and any `FILE.toml`
    "#]]);
    sim().refuses(
        "map alexnet --m 3",
        expect![[r#"
        error: the argument '[TARGET]' cannot be used with '--m <M>'

        Usage: sim map <TARGET>

        For more information, try '--help'.
    "#]],
    );
}

/// A folder with a network's file.
fn with_network(text: &str) -> Folder {
    let folder = sim();
    folder.write("nets/mine.toml", text);
    folder
}

#[test]
fn a_network_file_with_a_mistake() {
    let folder = with_network("name = 'mine'\n[[layers]]\nname = 'a'\nshape = { m = 1, c = 1, h = 5 }\n");
    folder.refuses(
        "network nets/mine.toml",
        expect![[r#"
        error: `nets/mine.toml` is not a network: TOML parse error at line 4, column 9
          |
        4 | shape = { m = 1, c = 1, h = 5 }
          |         ^^^^^^^^^^^^^^^^^^^^^^^
        missing field `w`
    "#]],
    );
    folder.refuses(
        "map nets/mine.toml",
        expect![[r#"
        error: `nets/mine.toml` is not a network: TOML parse error at line 4, column 9
          |
        4 | shape = { m = 1, c = 1, h = 5 }
          |         ^^^^^^^^^^^^^^^^^^^^^^^
        missing field `w`
    "#]],
    );
    let folder =
        with_network("name = 'mine'\n[[layers]]\nname = 'a'\nshape = { m = 1, c = 1, h = 5, w = 5, r = 6, s = 6 }\n");
    folder.refuses("network nets/mine.toml", expect![[r#"
        error: `nets/mine.toml`:
        layer `a`: `r` is 6, more than the padded ifmap's height of 5 (`h` 5 + 2 × `pad_h` 0); a filter must fit, so raise `pad_h` to 1 or more
        layer `a`: `s` is 6, more than the padded ifmap's width of 5 (`w` 5 + 2 × `pad_w` 0); a filter must fit, so raise `pad_w` to 1 or more
    "#]]);
}

#[test]
fn a_layer_that_no_program_of_the_accelerator_runs() {
    let tiny = "--rows 1 --cols 1 --ifmap-spad 1 --filter-spad 1 --psum-spad 1 --glb-kb 1";
    sim().refuses(&format!("map alexnet {tiny}"), expect![[r#"
        error: layer `fc6`: the number of passes is 37748736, over the largest that a program can say, 16777216; the program would be over 1 GiB: build with more PEs (`--pes`) or larger spads (`--ifmap-spad`, `--filter-spad`, `--psum-spad`), or split the layer
    "#]]);
    sim().refuses(&format!("network alexnet --layers fc6 {tiny}"), expect![[r#"
        error: layer `fc6`: the number of passes is 37748736, over the largest that a program can say, 16777216; the program would be over 1 GiB: build with more PEs (`--pes`) or larger spads (`--ifmap-spad`, `--filter-spad`, `--psum-spad`), or split the layer
    "#]]);
}

#[test]
fn a_filter_that_an_output_stationary_array_of_one_plane_does_not_run() {
    let small = "map --dataflow os --os-style sop-mop --rows 2 --cols 2 --c 1 --m 1 --h 9 --w 400 --r 2";
    sim().refuses(&format!("{small} --s 260"), expect![[r#"
        error: layer `layer`: not even the smallest mapping fits: a filter row's 260 words of a channel take 260 steps in whole lines of the weight buffer, over the 256 for which it has weights; build with `--weight-tiles 33` or more
    "#]]);
    sim().succeeds(&format!("{small} --s 260 --weight-tiles 33"));
}

#[test]
fn a_ratio_of_clocks_that_cannot_be() {
    layer(
        "--link-clock async --link-ratio 1/65",
        expect![[r#"
        error: invalid value '1/65' for '--link-ratio <LINK/CORE>': write cycles of the link/cycles of the accelerator, as in 60/200, from 1/64 to 64/1

        For more information, try '--help'.
    "#]],
    );
    layer(
        "--link-ratio 60/200",
        expect![[r#"
        error: `--link-ratio` is 60/200, but the link runs with the accelerator's clock; add `--link-clock async`, or leave `--link-ratio` out
    "#]],
    );
    layer(
        "--link-clock async --link-ratio 1/64 --dram-latency 5000",
        expect![[r#"
        error: `--dram-latency` is 5000, at `--link-ratio` 1/64 320000 cycles of the accelerator, whose watchdog allows 200000; choose less
    "#]],
    );
}

#[test]
fn sparsities_of_a_page_that_are_none() {
    let folder = sim();
    folder.refuses(
        "report tiny3 --zeros chip --out page.html",
        expect![[r#"
        error: `--zeros chip`: the chip was not measured on `tiny3`, only on alexnet and vgg16
    "#]],
    );
    folder.refuses(
        "report alexnet --layers conv5,fc6 --zeros chip --out page.html",
        expect![[r#"
        error: `--zeros chip`: the chip was not measured on `alexnet/fc6`; choose others with --layers
    "#]],
    );
    folder.refuses(
        "report tiny3 --zeros 1.5 --out page.html",
        expect![[r#"
            error: invalid value '1.5' for '--zeros <FRACTION|chip>': write a fraction from 0 to 1, or `chip`

            For more information, try '--help'.
        "#]],
    );
    assert!(folder.names().is_empty());
}

#[test]
fn an_area_that_is_none_or_another_design_s() {
    let folder = sim();
    let report = format!("report tiny3 {SMALL} --out page.html --area summary.json");
    folder.refuses(
        &report,
        expect![[r#"
        error: `--area summary.json` cannot be read: No such file or directory (os error 2)
    "#]],
    );
    folder.write("summary.json", r#"{ "design": "rs_2x2_w8_glb8", "top": "tessera", "liberty": "x", "cells": 5 }"#);
    folder.refuses(&report, expect![[r#"
        error: `--area summary.json` is not what scripts/synth-asic writes to synth/asic/summary.json; run it again: missing field `nand2` at line 1 column 76
    "#]]);
    folder.write("summary.json", AREA);
    folder.refuses(&report, expect![[r#"
        error: `--area summary.json` is of the design `rs_2x2_w8`, the page of `rs_2x2_w8_glb8`; give both the same options
    "#]]);
    folder.write("summary.json", AREA.replace("rs_2x2_w8", "rs_2x2_w8_glb8").replace("tessera", "pe"));
    folder.refuses(
        &report,
        expect![[r#"
        error: `--area summary.json` is of the module `pe` alone; run scripts/synth-asic again, without `--top`
    "#]],
    );
    folder.write("summary.json", AREA.replace("rs_2x2_w8", "rs_2x2_w8_glb8").replace("\"gates\": 100", "\"gates\": 0"));
    folder.refuses(
        &report,
        expect![[r#"
        error: `--area summary.json` counts no cell; see the logs beside it, and run scripts/synth-asic again
    "#]],
    );
    assert_eq!(folder.names(), ["summary.json"]);
}

#[test]
fn masks_are_for_designs_that_were_built_for_them() {
    layer(
        "--rlc ifmap --rlc-format masks --engine builtin",
        expect![[r#"
        error: `masks` is false: this array compresses feature maps by runs alone; build it with --masks, or use runs
    "#]],
    );
}
