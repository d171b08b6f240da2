//! The Verilog of a design of each dataflow, as the tools take it that its users have.

use hw::os::OsStyle;
use hw::{Arch, ArchSpec, Dataflow, WsStyle};
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// The modules of an accelerator, one file each, and the names of these.
fn written(arch: &Arch) -> (TempDir, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let verilog = gen::generate::verilog(arch).unwrap();
    let mut names = vec![];
    for module in &verilog.modules {
        let name = format!("{}.v", module.name);
        fs::write(folder.path().join(&name), &module.text).unwrap();
        names.push(name);
    }
    (folder, names)
}

/// Runs a tool, which is to have nothing to say.
#[track_caller]
fn is_silent(folder: &Path, tool: &str, arguments: &[&str], files: &[String]) {
    let output = Command::new(tool).current_dir(folder).args(arguments).args(files).output();
    let output = output.unwrap_or_else(|error| panic!("{tool} does not start: {error}; scripts/setup installs it"));
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(output.status.success() && said.trim().is_empty(), "{tool}: {said}");
}

#[track_caller]
fn check(spec: ArchSpec) {
    let (folder, files) = written(&spec.check().unwrap());
    let folder = folder.path();
    is_silent(folder, "verilator", &["--lint-only", "-Wall", "--top-module", gen::generate::TOP], &files);
    is_silent(folder, "iverilog", &["-g2005", "-Wall", "-t", "null", "-s", gen::generate::TOP], &files);
    let script = format!(
        "read_verilog {}; hierarchy -check -top {}; proc; select -assert-none t:$dlatch t:$adlatch; check -assert",
        files.join(" "),
        gen::generate::TOP
    );
    is_silent(folder, "yosys", &["-q", "-p", &script], &[]);
}

#[test]
fn row_stationary() {
    check(ArchSpec { rows: 3, cols: 4, glb_kb: 16, ..Default::default() });
}

#[test]
fn row_stationary_with_masks() {
    check(ArchSpec { rows: 3, cols: 4, glb_kb: 16, masks: true, ..Default::default() });
    check(ArchSpec { rows: 2, cols: 3, width: 5, link_width: 128, glb_kb: 8, masks: true, ..Default::default() });
    check(ArchSpec { rows: 2, cols: 2, width: 32, link_width: 32, glb_kb: 16, masks: true, ..Default::default() });
}

#[test]
fn weight_stationary() {
    check(ArchSpec { dataflow: Dataflow::Ws, rows: 3, cols: 4, glb_kb: 64, ..Default::default() });
}

#[test]
fn weight_stationary_of_one_row_with_columns_that_fill_no_line() {
    let spec = ArchSpec { dataflow: Dataflow::Ws, rows: 1, cols: 5, width: 6, psum_width: 21, ..Default::default() };
    check(ArchSpec { accumulators: 17, zero_gating: false, glb_kb: 16, ..spec });
}

#[test]
fn convolution_engines() {
    let spec = ArchSpec { dataflow: Dataflow::Ws, ws_style: WsStyle::Conv2d, rows: 18, cols: 4, ..Default::default() };
    check(ArchSpec { glb_kb: 64, ..spec });
}

#[test]
fn a_convolution_engine_with_columns_that_fill_no_line() {
    let spec = ArchSpec { dataflow: Dataflow::Ws, ws_style: WsStyle::Conv2d, rows: 4, cols: 5, ..Default::default() };
    let spec = ArchSpec { kernel: 2, row_fifo: 16, width: 6, psum_width: 21, ..spec };
    check(ArchSpec { accumulators: 17, zero_gating: false, glb_kb: 16, ..spec });
}

#[test]
fn no_local_reuse() {
    check(ArchSpec { dataflow: Dataflow::Nlr, rows: 3, cols: 4, glb_kb: 64, ..Default::default() });
}

#[test]
fn no_local_reuse_of_one_row_with_columns_that_fill_no_line() {
    let spec = ArchSpec { dataflow: Dataflow::Nlr, rows: 1, cols: 5, width: 6, psum_width: 21, ..Default::default() };
    check(ArchSpec { accumulators: 17, weight_tiles: 3, zero_gating: false, glb_kb: 16, ..spec });
}

#[test]
fn output_stationary() {
    check(ArchSpec { dataflow: Dataflow::Os, rows: 3, cols: 4, glb_kb: 64, ..Default::default() });
}

#[test]
fn output_stationary_of_one_row_with_columns_that_fill_no_line() {
    let spec = ArchSpec { dataflow: Dataflow::Os, rows: 1, cols: 5, width: 6, psum_width: 21, ..Default::default() };
    check(ArchSpec { accumulators: 17, weight_tiles: 3, zero_gating: false, glb_kb: 16, ..spec });
}

#[test]
fn output_stationary_of_one_pixel() {
    let spec = ArchSpec { dataflow: Dataflow::Os, os_style: OsStyle::MopSop, glb_kb: 64, ..Default::default() };
    check(ArchSpec { rows: 3, cols: 5, ..spec.clone() });
    check(ArchSpec { rows: 1, cols: 1, width: 6, psum_width: 21, accumulators: 17, zero_gating: false, ..spec });
}

#[test]
fn output_stationary_of_one_plane() {
    let spec = ArchSpec { dataflow: Dataflow::Os, os_style: OsStyle::SopMop, glb_kb: 64, ..Default::default() };
    check(ArchSpec { rows: 3, cols: 5, ..spec.clone() });
    check(ArchSpec { rows: 2, cols: 9, glb_kb: 16, ..spec.clone() });
    check(ArchSpec { rows: 1, cols: 1, width: 6, psum_width: 21, accumulators: 17, zero_gating: false, ..spec });
}

#[test]
fn input_stationary() {
    check(ArchSpec { dataflow: Dataflow::Is, rows: 3, cols: 4, glb_kb: 64, ..Default::default() });
}

#[test]
fn input_stationary_of_one_row_with_columns_that_fill_no_line() {
    let spec = ArchSpec { dataflow: Dataflow::Is, rows: 1, cols: 5, width: 6, psum_width: 21, ..Default::default() };
    check(ArchSpec { zero_gating: false, accumulators: 17, ..spec });
}
