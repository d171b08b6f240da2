//! Styles of output-stationary arrays.

use crate::gen;
use expect_test::{expect, Expect};

#[test]
fn a_style_of_an_array_that_is_not_output_stationary() {
    for dataflow in ["", "--dataflow rs ", "--dataflow ws "] {
        gen().refuses(
            &format!("{dataflow}--os-style mop-sop"),
            expect![[r#"
                error: `os_style` is mop-sop; a style of output-stationary arrays alone; build with `--dataflow os`, or leave `--os-style` out
            "#]],
        );
    }
    let folder = gen();
    folder.write("my.toml", "os_style = \"mop-sop\"\n");
    folder.refuses(
        "--config my.toml",
        expect![[r#"
            error: `os_style` is mop-sop; a style of output-stationary arrays alone; build with `--dataflow os`, or leave `--os-style` out
        "#]],
    );
}

#[test]
fn a_style_that_there_is_not() {
    gen().refuses(
        "--dataflow os --os-style sop-sop",
        expect![[r#"
            error: invalid value 'sop-sop' for '--os-style <STYLE>'
              [possible values: mop-mop, mop-sop, sop-mop]

              tip: a similar value exists: 'sop-mop'

            For more information, try '--help'.
        "#]],
    );
    let folder = gen();
    folder.write("my.toml", "dataflow = \"os\"\nos_style = \"sop-sop\"\n");
    folder.refuses(
        "--config my.toml",
        expect![[r#"
        error: config `my.toml` is not valid: TOML parse error at line 2, column 12
          |
        2 | os_style = "sop-sop"
          |            ^^^^^^^^^
        unknown variant `sop-sop`, expected one of `mop-mop`, `mop-sop`, `sop-mop`
    "#]],
    );
}

#[test]
fn a_design_of_a_style_is_built_again_from_its_spec() {
    for style in ["mop-mop", "mop-sop", "sop-mop"] {
        let folder = gen();
        folder
            .succeeds(&format!("--rows 2 --cols 2 --width 8 --glb-kb 8 --dataflow os --os-style {style} --out design"));
        let read = |path: &str| -> serde_json::Value {
            serde_json::from_str(&std::fs::read_to_string(folder.path(path)).unwrap()).unwrap()
        };
        let design = read("design/design.json");
        let named = design["spec"].get("os_style");
        assert_eq!(named.and_then(|named| named.as_str()), Some(style).filter(|style| *style != "mop-mop"));
        folder.write("spec.toml", toml::to_string(&design["spec"]).unwrap());
        folder.succeeds("--config spec.toml --out again");
        assert_eq!(design, read("again/design.json"));
    }
}

/// A buffer of 108 KiB has a bank for each of 12 rows beside those of psums, one of 128 KiB four side by side for each of 4 rows.
#[test]
fn what_the_ports_of_an_array_of_one_plane_read_at_once_is_said() {
    let ports = |arguments: &str, message: Expect| {
        let said = gen().succeeds(&format!("--dataflow os --os-style sop-mop {arguments} --out design"));
        let lines = said.lines().map(str::trim_start);
        let lines = lines.filter(|line| line.starts_with("weights") || line.starts_with("ports"));
        message.assert_eq(&lines.collect::<Vec<_>>().join("\n"));
    };
    ports(
        "",
        expect![[r#"
          weights   a buffer for 768 steps, a weight for all PEs (1.5 KiB); above each column an accumulator of 2 × 256 psums
          ports     12 of 4 adjacent words at once: those of all columns take 4 cycles with a horizontal stride of 1 (a larger --glb-kb reads more at once)"#]],
    );
    ports(
        "--rows 4 --cols 16 --glb-kb 128",
        expect![[r#"
          weights   a buffer for 256 steps, a weight for all PEs (0.5 KiB); above each column an accumulator of 2 × 256 psums
          ports     4 of 16 adjacent words at once: those of all columns with a horizontal stride of 1"#]],
    );
}
