//! Exit codes: 0 good, 1 the check failed, 2 a bad argument or file (`options`, `files`), 3 a tool is missing.

use crate::command::Folder;
use crate::{sim, LAYER, SMALL};
use expect_test::expect;
use std::env;
use std::os::unix::fs::{symlink, PermissionsExt};
use std::path::Path;

#[test]
fn a_missing_tool_is_3_with_the_command_that_installs_it() {
    let no_tools = || sim().with_path("");
    no_tools().run(&format!("conv {SMALL} {LAYER} --engine verilator")).is(
        3,
        expect![[r#"
        error: `verilator` is not installed; run `scripts/setup`
    "#]],
    );
    no_tools().run(&format!("network tiny3 {SMALL} --engine icarus")).is(
        3,
        expect![[r#"
        error: `iverilog` is not installed; run `scripts/setup`
    "#]],
    );
    let folder = sim();
    let some_tools = folder.path("bin");
    folder.write("bin/verilator", "");
    folder.write("bin/make", "");
    let folder = folder.with_path(some_tools.to_str().unwrap());
    folder.run(&format!("conv {SMALL} {LAYER} --engine verilator")).is(
        3,
        expect![[r#"
        error: `g++` is not installed; run `scripts/setup`
    "#]],
    );
}

#[test]
fn the_builtin_engine_and_golden_need_no_tool() {
    let folder = sim().with_path("");
    folder.succeeds(&format!("conv {SMALL} {LAYER}"));
    folder.succeeds("network alexnet --layers conv5 --engine golden");
    folder.succeeds("map tiny3");
}

/// A folder in whose `PATH` an `iverilog` stands before the real one that changes the design's text: `from` becomes `to`.
fn with_bug(from: &str, to: &str) -> Folder {
    let folder = sim();
    let path = env::var("PATH").unwrap();
    let script = format!(
        "#!/bin/sh\nfor design; do :; done\ngrep -q '{from}' \"$design\" || exit 9\nsed -i 's/{from}/{to}/' \"$design\"\n\
         PATH='{path}' exec iverilog \"$@\"\n"
    );
    folder.write("bin/iverilog", script);
    let executable = |path: &Path| std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
    executable(&folder.path("bin/iverilog"));
    let first = folder.path("bin").display().to_string();
    folder.with_path(&format!("{first}:{path}"))
}

#[test]
fn outputs_that_differ_from_golden_are_1_and_are_named() {
    let folder = with_bug("augend + addend", "augend - addend");
    let outcome = folder.run(&format!("conv {SMALL} {LAYER} --engine icarus --json counts.json"));
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    let line = outcome.stderr.lines().next().unwrap();
    assert!(line.starts_with("layer: ofmap[0][0][0][0] is ") && line.contains(", golden has "), "{outcome:?}");
    let report: serde_json::Value = serde_json::from_str(&folder.read("counts.json")).unwrap();
    assert!(report["mismatches"].as_u64().unwrap() > 0, "{report}");
    let network = folder.run(&format!("network tiny3 --layers conv1x1 {SMALL} --engine icarus"));
    assert_eq!(network.code, Some(1), "{network:?}");
}

#[test]
fn an_accelerator_that_stops_is_1_with_its_cause_and_no_output_file() {
    let folder = with_bug("7e55e7a1", "7e55e7a2");
    let outcome = folder.run(&format!("conv {SMALL} {LAYER} --engine icarus --out y.npy"));
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    expect![[r#"
        layer: the accelerator stopped with error cause 1: the checksum of a command or of its payload is wrong
    "#]]
    .assert_eq(&outcome.stderr);
    assert_eq!(folder.names(), ["bin"]);
}

#[test]
fn an_unknown_value_that_reaches_an_output_is_1() {
    let folder = with_bug("augend + addend", "16'\\''bx");
    let outcome = folder.run(&format!("conv {SMALL} {LAYER} --engine icarus --out y.npy"));
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.stderr.starts_with("error: output `m_axi_wdata` is "), "{outcome:?}");
    assert!(outcome.stderr.contains("(unknown) in cycle "), "{outcome:?}");
    assert_eq!(folder.names(), ["bin"]);
}

#[test]
fn results_are_written_through_a_link_and_over_what_was_there() {
    let folder = sim();
    folder.write("data/y.npy", "old");
    symlink("data/y.npy", folder.path("y.npy")).unwrap();
    folder.succeeds(&format!("conv {SMALL} {LAYER} --out y.npy --json counts.json"));
    assert!(folder.path("y.npy").is_symlink());
    assert_eq!(sim::npy::read(&folder.path("data/y.npy")).unwrap().shape(), [1, 2, 3, 4]);
    assert_eq!(folder.names(), ["counts.json", "data", "y.npy"]);
}

#[test]
fn a_page_that_cannot_be_written_is_refused_before_the_search() {
    sim().refuses(
        "report alexnet --out nowhere/page.html",
        expect![[r#"
        error: `nowhere/page.html` cannot be written: No such file or directory (os error 2)
    "#]],
    );
}
