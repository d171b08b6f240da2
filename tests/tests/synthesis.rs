//! What synthesis makes of the accelerator: counts of an FPGA's cells, and a netlist that computes what golden does.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A committed reference design, copied to where a script can leave its reports.
fn reference_design(name: &str) -> (TempDir, PathBuf) {
    let temporary = tempfile::tempdir().unwrap();
    let design = temporary.path().join(name);
    for folder in ["", "rtl", "tb"] {
        fs::create_dir_all(design.join(folder)).unwrap();
        for entry in fs::read_dir(root().join("verilog_out").join(name).join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, design.join(folder).join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    (temporary, design)
}

fn script(name: &str, design: &Path, options: &[&str]) -> Output {
    let script = root().join("scripts").join(name);
    Command::new(script).arg("--design").arg(design).args(options).output().expect("a script that starts")
}

#[track_caller]
fn succeeds(output: &Output) {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
}

/// Cells that `part` of a reference design takes on an ECP5.
#[track_caller]
fn ecp5_cells(design: &str, part: &str) -> impl Fn(&str) -> u64 {
    let (_temporary, design) = reference_design(design);
    succeeds(&script("synth-ecp5", &design, &["--synth-only", "--top", part]));
    let summary: Value = serde_json::from_slice(&fs::read(design.join("synth/ecp5/summary.json")).unwrap()).unwrap();
    move |kind| {
        let cells = summary["cells"].as_object().unwrap();
        cells.iter().find(|(name, _)| name.contains(kind)).unwrap().1.as_u64().unwrap()
    }
}

/// A PE of 16-bit words and 32-bit psums: spads of 16 × 17 and 224 × 16 bits, a queue of 24 × 32. A `TRELLIS_DPR16X4` holds 16 × 4.
#[test]
fn a_pe_takes_one_multiplier_and_its_spads_are_distributed_ram() {
    let cells = ecp5_cells("rs_3x4_w16", "pe_row"); // four PEs
    assert_eq!(cells("MULT18X18D"), 4);
    assert_eq!(cells("DP16KD"), 0);
    assert_eq!(cells("TRELLIS_DPR16X4"), 4 * (5 + 14 * 4 + 2 * 8));
}

/// Each lane of each bank, 512 words of at most 18 bits, is one block RAM.
#[test]
fn the_buffer_is_block_ram() {
    let cells = ecp5_cells("rs_3x4_w16", "glb");
    let design: Value =
        serde_json::from_slice(&fs::read(root().join("verilog_out/rs_3x4_w16/design.json")).unwrap()).unwrap();
    assert_eq!(cells("DP16KD"), 4 * design["built"]["banks"].as_u64().unwrap());
    assert_eq!((cells("MULT18X18D"), cells("TRELLIS_DPR16X4")), (0, 0));
}

#[test]
fn a_netlist_of_gates_passes_the_testbench() {
    let (_temporary, design) = reference_design("rs_2x2_w8");
    let output = script("simulate-netlist", &design, &[]);
    succeeds(&output);
    assert!(String::from_utf8_lossy(&output.stdout).contains("PASS"), "{}", String::from_utf8_lossy(&output.stdout));
}

/// Booth rows, latches as spads and queues, clock gates: beside the Verilog that they were made of, with the same inputs at random.
#[test]
fn a_pe_of_standard_cells_does_what_its_verilog_does() {
    let (_temporary, design) = reference_design("rs_3x4_w16");
    let options = ["--cells", "osu018", "--top", "pe", "--cycles", "5000"];
    let output = script("simulate-netlist", &design, &options);
    succeeds(&output);
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("PASS: 5000"),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn a_folder_that_is_no_design_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let output = script("synth-ecp5", folder.path(), &["--synth-only"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("which is no folder that gen wrote"), "{message}");
    let output = script("synth-ecp5", folder.path(), &["--synth-only", "--rows", "2"]);
    assert_eq!(output.status.code(), Some(2));
}
