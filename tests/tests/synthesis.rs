//! What the flows make of the accelerator: counts of an FPGA's cells, bitstreams, standard cells, and netlists that compute what golden does.

use gen::design::DesignArgs;
use gen::generate::generate;
use gen::output::replace_folder;
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

/// The `design.json` of a folder.
fn design_facts(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("design.json")).unwrap()).unwrap()
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

/// What a flow has left in `summary.json` of a design's folder.
fn summary(design: &Path, flow: &str) -> Value {
    serde_json::from_slice(&fs::read(design.join("synth").join(flow).join("summary.json")).unwrap()).unwrap()
}

/// What `scripts/synth-ecp5 --synth-only` counts of a design.
#[track_caller]
fn ecp5_summary(design: &Path, options: &[&str]) -> Value {
    succeeds(&script("synth-ecp5", design, &[&["--synth-only"], options].concat()));
    summary(design, "ecp5")
}

/// Runs a flow on the design that it has generated for it, in a folder of its own: that, and the design's folder.
#[track_caller]
fn generated_by(flow: &str, options: &[&str]) -> (TempDir, PathBuf) {
    let temporary = tempfile::tempdir().unwrap();
    let script = root().join("scripts").join(flow).canonicalize().unwrap();
    succeeds(&Command::new(script).args(options).current_dir(&temporary).output().expect("a script that starts"));
    let mut designs = fs::read_dir(temporary.path().join("verilog_out")).unwrap();
    let design = designs.next().expect("a design").unwrap().path();
    assert!(designs.next().is_none());
    (temporary, design)
}

/// A bitstream of so many bytes, which is what the device has bits for, and a clock of at least `mhz`, with the path that limits it.
#[track_caller]
fn check_bitstream(design: &Path, flow: &str, file: &str, bytes: std::ops::Range<u64>, mhz: f64) {
    let (facts, folder) = (summary(design, flow), design.join("synth").join(flow));
    let size = fs::metadata(folder.join(file)).unwrap().len();
    assert!(bytes.contains(&size), "{size} bytes");
    assert_eq!(facts["bitstream_bytes"], size);
    let reached = facts["fmax_mhz"].as_f64().unwrap();
    assert!(reached >= mhz, "{facts}");
    let table = fs::read_to_string(folder.join("table.txt")).unwrap();
    let shown = table.lines().find_map(|line| line.strip_prefix("Fmax, MHz")).expect(&table);
    assert!(shown.trim_start().starts_with(&format!("{reached:.1} ")), "{table}");
    assert!(fs::read_to_string(folder.join("critical_path.txt")).unwrap().contains(" ns "));
}

/// Of `cells` by their names, those of a kind.
#[track_caller]
fn cells_of(cells: &Value, kind: &str) -> u64 {
    cells.as_object().unwrap().iter().find(|(name, _)| name.contains(kind)).unwrap().1.as_u64().unwrap()
}

/// Cells that `part` of a reference design takes on an ECP5.
#[track_caller]
fn ecp5_cells(design: &str, part: &str) -> impl Fn(&str) -> u64 {
    let (_temporary, design) = reference_design(design);
    let summary = ecp5_summary(&design, &["--top", part]);
    move |kind| cells_of(&summary["cells"], kind)
}

/// Multipliers, block RAMs and PEs that multiply in LUTs, of a whole design on an LFE5U-85, in which each PE's spads take `spad` distributed
/// RAMs and its words `flip_flops`; a bank of the buffer is four block RAMs.
#[track_caller]
fn check_on_85k(design: DesignArgs, spad: u64, flip_flops: u64, (multipliers, rams, in_luts): (u64, u64, u64)) {
    let folder = tempfile::tempdir().unwrap();
    let spec = design.design().unwrap();
    replace_folder(folder.path(), &generate(&spec).unwrap().files).unwrap();
    let summary = ecp5_summary(folder.path(), &[]);
    let of = |module: &str| &summary["modules"][module];
    let instances = |module: &str| of(module)["instances"].as_u64().unwrap_or(0);
    let banks = design_facts(folder.path())["built"]["banks"].as_u64().unwrap();
    let total = |kind| cells_of(&summary["cells"], kind);
    assert_eq!((total("MULT18X18D"), total("DP16KD"), instances("pe_in_luts")), (multipliers, rams, in_luts));
    assert_eq!((instances("pe"), cells_of(&of("pe")["cells"], "MULT18X18D")), (multipliers, 1));
    assert_eq!((instances("glb_lane"), cells_of(&of("glb_lane")["cells"], "DP16KD")), (4, banks));
    for pe in ["pe", "pe_in_luts"].into_iter().filter(|pe| instances(pe) > 0) {
        let cells = &of(pe)["cells"];
        assert_eq!((cells_of(cells, "TRELLIS_DPR16X4"), cells_of(cells, "DP16KD")), (spad, 0), "{pe}");
        assert!(cells_of(cells, "flip-flops") <= flip_flops, "{pe} takes {}", cells_of(cells, "flip-flops"));
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
    let design = design_facts(&root().join("verilog_out/rs_3x4_w16"));
    assert_eq!(cells("DP16KD"), 4 * design["built"]["banks"].as_u64().unwrap());
    assert_eq!((cells("MULT18X18D"), cells("TRELLIS_DPR16X4")), (0, 0));
}

/// The output stage's multipliers take LUTs. An ifmap spad is 16 × 17, a filter spad 224 × 16 bits.
#[test]
fn all_multipliers_of_an_85k_are_those_of_12_x_13_pes_of_16_bits() {
    let design = DesignArgs { rows: Some(12), cols: Some(13), width: Some(16), ..DesignArgs::default() };
    check_on_85k(design, 5 + 14 * 4, 200, (156, 25 * 4 + 17, 0));
}

/// The device has multipliers for 11 rows. An ifmap spad is 16 × 9, a filter spad 224 × 8 bits.
#[test]
fn of_12_x_14_pes_of_8_bits_a_row_multiplies_in_luts_on_an_85k() {
    let design =
        DesignArgs { rows: Some(12), cols: Some(14), width: Some(8), glb_kb: Some(104), ..DesignArgs::default() };
    check_on_85k(design, 3 + 14 * 2, 120, (11 * 14, 48 * 4 + 16, 14));
}

#[test]
fn a_pe_becomes_a_bitstream_of_an_ecp5() {
    let (_temporary, design) = reference_design("rs_3x4_w16");
    succeeds(&script("synth-ecp5", &design, &["--top", "pe", "--device", "25k"]));
    check_bitstream(&design, "ecp5", "design.bit", 580_000..590_000, 60.0);
    let facts = summary(&design, "ecp5");
    let cells = |kind| cells_of(&facts["cells"], kind);
    assert_eq!((cells("MULT18X18D"), cells("DP16KD"), cells("TRELLIS_DPR16X4")), (1, 0, 5 + 14 * 4 + 2 * 8));
    assert!((500..900).contains(&cells("LUTs")), "{facts}");
}

/// With its networks, on an HX8K of 7,680 logic cells.
#[test]
fn an_array_of_2_x_2_pes_becomes_a_bitstream_of_an_ice40() {
    let (_temporary, design) = generated_by("synth-ice40", &[]);
    check_bitstream(&design, "ice40", "design.bin", 135_000..136_000, 30.0);
    let facts = summary(&design, "ice40");
    assert_eq!(facts["part"], "rs_array");
    assert!((2_000..4_000).contains(&cells_of(&facts["cells"], "LUTs")), "{facts}");
}

/// A PE of the chip's sizes; the chip's logic is 1,176,000 NAND2 for 168 of them.
#[test]
fn a_pe_of_standard_cells_is_small_and_keeps_its_clock() {
    let (_temporary, design) = generated_by("synth-asic", &["--preset", "eyeriss", "--top", "pe"]);
    let facts = summary(&design, "asic");
    assert_eq!((facts["top"].as_str(), facts["nand2"].as_str()), (Some("pe"), Some("NAND2X1")));
    assert!((5_000..6_000).contains(&facts["gates"].as_u64().unwrap()), "{facts}");
    assert!((4.0..=10.0).contains(&facts["period_ns"].as_f64().unwrap()), "{facts}");
    let timing = fs::read_to_string(design.join("synth/asic/timing.txt")).unwrap();
    assert!(timing.contains("data arrival time"), "{timing}");
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
