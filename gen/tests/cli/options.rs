use crate::command::examples;
use crate::gen;
use expect_test::expect;

#[test]
fn an_option_that_does_not_exist() {
    gen().refuses(
        "--widht 8",
        expect![[r#"
        error: unexpected argument '--widht' found

          tip: a similar argument exists: '--width'

        Usage: gen --width <W>

        For more information, try '--help'.
    "#]],
    );
    gen().refuses(
        "eyeriss",
        expect![[r#"
        error: unexpected argument 'eyeriss' found

        Usage: gen [OPTIONS]

        For more information, try '--help'.
    "#]],
    );
    gen().refuses(
        "--rows 2 --rows 3",
        expect![[r#"
        error: the argument '--rows <ROWS>' cannot be used multiple times

        Usage: gen [OPTIONS]

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn a_value_that_is_none() {
    gen().refuses(
        "--width sixteen",
        expect![[r#"
        error: invalid value 'sixteen' for '--width <W>': invalid digit found in string

        For more information, try '--help'.
    "#]],
    );
    gen().refuses(
        "--rows -1",
        expect![[r#"
        error: unexpected argument '-1' found

        Usage: gen [OPTIONS]

        For more information, try '--help'.
    "#]],
    );
    gen().refuses(
        "--dataflow systolic",
        expect![[r#"
            error: invalid value 'systolic' for '--dataflow <DATAFLOW>'
              [possible values: rs, ws, nlr, os, is]

            For more information, try '--help'.
        "#]],
    );
    gen().refuses(
        "--preset tpu",
        expect![[r#"
        error: invalid value 'tpu' for '--preset <PRESET>'
          [possible values: eyeriss]

        For more information, try '--help'.
    "#]],
    );
    gen().refuses(
        "--out",
        expect![[r#"
        error: a value is required for '--out <DIR>' but none was supplied

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn every_size_out_of_range_at_once() {
    gen().refuses(
        "--rows 0 --cols 300 --width 1 --psum-width 65 --glb-kb 0 --ifmap-spad 0 --filter-spad 4097 --psum-spad 257 --link-width 48",
        expect![[r#"
            error: `rows` is 0; the array needs at least one PE in each direction
            `cols` is 300; at most 256 columns share the networks; use more rows
            `width` is 1; words are 2 to 32 bits wide
            `psum_width` is 65; psums are 2 to 64 bits wide
            `glb_kb` is 0; the buffer has 1 to 4096 KiB
            `ifmap_spad` is 0; an ifmap spad has 1 to 256 words
            `filter_spad` is 4097; a filter spad has 1 to 4096 words
            `psum_spad` is 257; a psum spad has 1 to 256 words
            `link_width` is 48; the AXI4 link is 32, 64 or 128 bits wide
        "#]],
    );
    gen().refuses(
        "--width 18446744073709551615",
        expect![[r#"
        error: `width` is 18446744073709551615; words are 2 to 32 bits wide
    "#]],
    );
    gen().refuses(
        "--psum-width 0 --width 33",
        expect![[r#"
        error: `width` is 33; words are 2 to 32 bits wide
        `psum_width` is 0; psums are 2 to 64 bits wide; without `--psum-width` they have twice the `width`
    "#]],
    );
}

#[test]
fn a_number_of_pes_that_no_array_has() {
    gen().refuses(
        "--pes 0",
        expect![[r#"
        error: `--pes` is 0, which is not rows × columns of 1 to 256 each; choose another number
    "#]],
    );
    gen().refuses(
        "--pes 257",
        expect![[r#"
        error: `--pes` is 257, which is not rows × columns of 1 to 256 each; choose another number
    "#]],
    );
    gen().refuses(
        "--pes 18446744073709551615",
        expect![[r#"
        error: `--pes` is 18446744073709551615, which is not rows × columns of 1 to 256 each; choose another number
    "#]],
    );
    gen().refuses(
        "--pes 168 --rows 13",
        expect![[r#"
        error: `--pes` is 168, which is no multiple of `--rows` 13; choose a multiple, or leave `--rows` out
    "#]],
    );
    gen().refuses(
        "--pes 168 --cols 0",
        expect![[r#"
        error: `--pes` is 168, which is no multiple of `--cols` 0; choose a multiple, or leave `--cols` out
    "#]],
    );
    gen().refuses(
        "--pes 168 --rows 12 --cols 12",
        expect![[r#"
        error: `--pes` is 168, which is not 12 rows × 12 columns; leave one of the three out
    "#]],
    );
}

#[test]
fn json_is_that_of_the_design() {
    let folder = gen();
    let json = folder.succeeds("--pes 4 --width 8 --json --out design");
    assert_eq!(json, folder.read("design/design.json"));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["spec"]["rows"], &json["built"]["psum_width"]), (&2.into(), &16.into()));
}

#[test]
fn a_reader_that_has_had_enough_is_no_error() {
    let folder = gen();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_gen"));
    command.args(["--pes", "1", "--json", "--out"]).arg(folder.path("design")).stdout(writer);
    let output = command.stderr(std::process::Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), vec![]));
}

#[test]
fn the_examples_of_the_help_run() {
    let folder = gen();
    let help = folder.succeeds("--help");
    let examples = examples(&help);
    assert!(examples.len() >= 3, "{help}");
    for example in examples {
        let arguments = example.strip_prefix("gen ").unwrap_or_else(|| panic!("{example}"));
        assert!(folder.succeeds(arguments).contains("Next: "), "{example}");
    }
    assert_eq!(folder.names(), ["my_design", "verilog_out"]);
}

#[test]
fn no_tool_is_needed() {
    gen().with_path("").succeeds("--pes 1 --out design");
}

#[test]
fn a_clock_of_the_link_that_there_is_not() {
    gen().refuses(
        "--link-clock fast",
        expect![[r#"
        error: invalid value 'fast' for '--link-clock <CLOCK>'
          [possible values: sync, async]

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn a_design_whose_link_has_a_clock_of_its_own_is_built_again_from_its_spec() {
    let folder = gen();
    let text = folder.succeeds("--rows 2 --cols 2 --width 8 --glb-kb 4 --link-clock async --out design");
    assert!(text.contains("AXI4, 64 b with a clock of its own"), "{text}");
    let top = std::fs::read_to_string(folder.path("design/rtl/tessera.v")).unwrap();
    assert!(top.contains("input wire link_clk, link_rst,"), "{top}");
    let constraints = std::fs::read_to_string(folder.path("design/constraints/tessera.sdc")).unwrap();
    assert!(constraints.contains("set_clock_groups -asynchronous -group clk -group link_clk"), "{constraints}");
    let design: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.path("design/design.json")).unwrap()).unwrap();
    assert_eq!((&design["spec"]["link_clock"], &design["design"]), (&"async".into(), &"rs_2x2_w8_glb4_async".into()));
    folder.write("spec.toml", toml::to_string(&design["spec"]).unwrap());
    folder.succeeds("--config spec.toml --out again");
    let again = std::fs::read_to_string(folder.path("again/design.json")).unwrap();
    assert_eq!(design, serde_json::from_str::<serde_json::Value>(&again).unwrap());
}

#[test]
fn a_design_of_another_dataflow_that_there_is_not() {
    gen().refuses(
        "--dataflow ws --rows 64 --cols 64",
        expect![[r#"
        error: `glb_kb` is 108; each of the 64 rows reads a bank of its own, and psums need one more, but this is 25 banks; raise it to 281 or build fewer rows
    "#]],
    );
    gen().refuses(
        "--dataflow ws --accumulators 8",
        expect![[r#"
        error: `accumulators` is 8; half a column's accumulator has 16 to 4096 psums
    "#]],
    );
    gen().refuses(
        "--dataflow nlr --weight-tiles 1",
        expect![[r#"
        error: `weight_tiles` is 1; a weight buffer has 2 to 1024 weight tiles: one in use, and one at least that is loaded
    "#]],
    );
    gen().refuses(
        "--dataflow is --rows 20 --cols 2 --accumulators 16 --glb-kb 40",
        expect![[r#"
        error: `glb_kb` is 40; each of the 20 rows reads a bank of its own, and psums need one more, but this is 9 banks; raise it to 91 or build fewer rows
        `accumulators` is 16; each of the 20 rows has a bank of a column's accumulators; raise it to 20 or build fewer rows
    "#]],
    );
}

#[test]
fn convolution_engines_that_cannot_be_built() {
    gen().refuses(
        "--dataflow nlr --ws-style conv2d",
        expect![[r#"
        error: `ws_style` is conv2d; a style of weight-stationary arrays alone; build with `--dataflow ws`, or leave `--ws-style` out
    "#]],
    );
    gen().refuses(
        "--dataflow ws --ws-style conv2d --rows 20 --cols 4",
        expect![[r#"
        error: `rows` is 20; convolution engines of 3 × 3 weights need 9 rows each; build with `--rows 18 or 27`, or another `--kernel`
    "#]],
    );
    gen().refuses(
        "--dataflow ws --ws-style conv2d --kernel 5 --rows 9 --cols 4",
        expect![[r#"
        error: `rows` is 9; convolution engines of 5 × 5 weights need 25 rows each; build with `--rows 25`, or another `--kernel`
    "#]],
    );
    gen().refuses(
        "--dataflow ws --ws-style conv2d --kernel 1 --rows 9 --row-fifo 8",
        expect![[r#"
        error: `kernel` is 1; a convolution engine has 2 to 16 rows and columns
        `row_fifo` is 8; a row FIFO of a convolution engine has 16 to 4096 pixels
    "#]],
    );
    gen().refuses(
        "--dataflow ws --ws-style conv2d --rows 36 --cols 4 --glb-kb 16",
        expect![[r#"
        error: `glb_kb` is 16; each of the 4 convolution engines reads a bank of its own, and psums need one more, but this is 3 banks; raise it to 22 or build fewer rows
    "#]],
    );
}

/// The same design from options, from a file, and from its own `design.json`.
#[test]
fn convolution_engines_are_built_from_options_or_a_file() {
    let folder = gen();
    let said = folder.succeeds(
        "--dataflow ws --ws-style conv2d --rows 8 --cols 2 --width 8 --kernel 2 --row-fifo 64 --glb-kb 16 --out a",
    );
    assert!(said.starts_with("ws_conv2d_8x2_w8_glb16_k2_fifo64: weight-stationary accelerator\n"), "{said}");
    assert!(
        said.contains("  engines   2 of 2 × 2 taps, with row FIFOs of 64 pixels; per PE a weight and the next"),
        "{said}"
    );
    assert!(said.contains(" --glb-kb 16 --kernel 2 --row-fifo 64 --dataflow ws --ws-style conv2d --layer "), "{said}");
    folder.write(
        "conv.toml",
        "dataflow = \"ws\"\nws_style = \"conv2d\"\nrows = 8\ncols = 2\nwidth = 8\nkernel = 2\nrow_fifo = 64\nglb_kb = 16\n",
    );
    folder.succeeds("--config conv.toml --out b");
    let design = |name: &str| serde_json::from_str::<serde_json::Value>(&folder.read(name)).unwrap();
    let (a, b) = (design("a/design.json"), design("b/design.json"));
    assert_eq!(a, b);
    assert_eq!(a["spec"]["ws_style"], "conv2d");
    assert_eq!(a["built"]["conv2d"]["kernel"], 2);
    // A design without engines says nothing of them.
    folder.succeeds("--rows 1 --cols 1 --width 8 --glb-kb 4 --out c");
    assert!(!folder.read("c/design.json").contains("conv2d") && !folder.read("c/design.json").contains("kernel"));
}
