use crate::gen;
use expect_test::{expect, Expect};

/// Runs `gen` with a config file of this text.
#[track_caller]
fn refused(text: &str, message: Expect) {
    let folder = gen();
    folder.write("my.toml", text);
    folder.refuses("--config my.toml", message);
}

#[test]
fn a_file_that_cannot_be_read() {
    gen().refuses(
        "--config none.toml",
        expect![[r#"
        error: cannot read config `none.toml`: No such file or directory (os error 2)
    "#]],
    );
    gen().refuses(
        "--config .",
        expect![[r#"
        error: cannot read config `.`: Is a directory (os error 21)
    "#]],
    );
    let folder = gen();
    folder.write("latin1.toml", b"# caf\xe9");
    folder.refuses(
        "--config latin1.toml",
        expect![[r#"
        error: cannot read config `latin1.toml`: stream did not contain valid UTF-8
    "#]],
    );
}

#[test]
fn a_field_that_does_not_exist() {
    refused(
        "width = 8\nglb = 108\n",
        expect![[r#"
            error: config `my.toml` is not valid: TOML parse error at line 2, column 1
              |
            2 | glb = 108
              | ^^^
            unknown field `glb`, expected one of `dataflow`, `ws_style`, `kernel`, `row_fifo`, `os_style`, `rows`, `cols`, `width`, `psum_width`, `glb_kb`, `ifmap_spad`, `filter_spad`, `psum_spad`, `accumulators`, `weight_tiles`, `link_width`, `link_clock`, `zero_gating`, `masks`
        "#]],
    );
}

#[test]
fn a_clock_of_the_link_that_there_is_not() {
    refused(
        "link_clock = \"fast\"\n",
        expect![[r#"
        error: config `my.toml` is not valid: TOML parse error at line 1, column 14
          |
        1 | link_clock = "fast"
          |              ^^^^^^
        unknown variant `fast`, expected `sync` or `async`
    "#]],
    );
}

#[test]
fn a_value_of_the_wrong_type() {
    refused(
        "width = \"8\"\n",
        expect![[r#"
        error: config `my.toml` is not valid: TOML parse error at line 1, column 9
          |
        1 | width = "8"
          |         ^^^
        invalid type: string "8", expected usize
    "#]],
    );
    refused(
        "rows = -1\n",
        expect![[r#"
        error: config `my.toml` is not valid: TOML parse error at line 1, column 8
          |
        1 | rows = -1
          |        ^^
        invalid value: integer `-1`, expected usize
    "#]],
    );
    refused(
        "dataflow = \"systolic\"\n",
        expect![[r#"
            error: config `my.toml` is not valid: TOML parse error at line 1, column 12
              |
            1 | dataflow = "systolic"
              |            ^^^^^^^^^^
            unknown variant `systolic`, expected one of `rs`, `ws`, `nlr`, `os`, `is`
        "#]],
    );
}

#[test]
fn a_text_that_is_no_toml() {
    refused(
        "width = 8\nrows =\n",
        expect![[r#"
        error: config `my.toml` is not valid: TOML parse error at line 2, column 7
          |
        2 | rows =
          |       ^
        string values must be quoted, expected literal string
    "#]],
    );
    refused(
        "width = 8\nwidth = 9\n",
        expect![[r#"
        error: config `my.toml` is not valid: TOML parse error at line 2, column 1
          |
        2 | width = 9
          | ^^^^^
        duplicate key
    "#]],
    );
}

#[test]
fn values_out_of_range_by_the_names_of_the_fields() {
    refused(
        "rows = 0\nwidth = 64\npsum_width = 1\n",
        expect![[r#"
        error: `rows` is 0; the array needs at least one PE in each direction
        `width` is 64; words are 2 to 32 bits wide
        `psum_width` is 1; psums are 2 to 64 bits wide
    "#]],
    );
}

#[test]
fn an_option_wins_over_the_file_and_the_file_over_the_preset() {
    let folder = gen();
    folder.write("my.toml", "rows = 1\ncols = 1\nglb_kb = 16\n");
    let json = folder.succeeds("--preset eyeriss --config my.toml --cols 2 --json --out design");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let spec = ["rows", "cols", "glb_kb", "psum_width"].map(|field| json["spec"][field].as_u64().unwrap());
    assert_eq!(spec, [1, 2, 16, 16]);
}
