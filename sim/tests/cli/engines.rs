//! Whole commands on every engine.

use crate::command::{examples, Folder};
use crate::{sim, LAYER, MIDDLE, SMALL};
use ndarray::Array4;
use ndarray_npy::WriteNpyExt;
use serde_json::Value;

/// What `--json` gives for each layer.
const FIELDS: [&str; 18] = [
    "layer",
    "macs",
    "cycles",
    "cycles_ideal",
    "active_pes",
    "utilization",
    "dram_read_bytes",
    "dram_write_bytes",
    "rlc_read_bytes",
    "rlc_write_bytes",
    "glb_read_bytes",
    "glb_write_bytes",
    "gated_macs",
    "outputs",
    "mismatches",
    "engine",
    "wall_s",
    "cycles_per_s",
];

/// Runs `tiny3` and gives the layers' reports.
fn tiny3(engine: &str, options: &str) -> Vec<Value> {
    let folder = sim();
    let data = "--batch 2 --zeros 0.3 --relu";
    folder.succeeds(&format!("network tiny3 {MIDDLE} {data} --engine {engine} {options} --json counts.json"));
    let reports: Vec<Value> = serde_json::from_str(&folder.read("counts.json")).unwrap();
    assert_eq!(reports.len(), 3);
    for report in &reports {
        assert_eq!((&report["mismatches"], &report["engine"]), (&0.into(), &engine.into()), "{report}");
        for field in FIELDS {
            assert!(!report[field].is_null(), "{field}: {report}");
        }
    }
    reports
}

/// A 3×3, a strided 5×5 that is higher than the array, a 1×1: all outputs equal golden, all counts each other.
fn equal_on_builtin_verilator_and_icarus(options: &str) -> Vec<Value> {
    let builtin = tiny3("builtin", options);
    for other in [tiny3("verilator", options), tiny3("icarus", options)] {
        for (builtin, other) in builtin.iter().zip(&other) {
            for field in FIELDS.iter().filter(|field| !["engine", "wall_s", "cycles_per_s"].contains(field)) {
                assert_eq!(builtin[field], other[field], "{field} of {}", builtin["layer"]);
            }
        }
    }
    let outputs: u64 = builtin.iter().map(|report| report["outputs"].as_u64().unwrap()).sum();
    assert_eq!(outputs, 2 * (4 * 11 * 10 + 6 * 6 * 5 + 5 * 6 * 5));
    assert!(builtin[0]["gated_macs"].as_u64() > Some(0));
    builtin
}

#[test]
fn tiny3_is_equal_on_builtin_verilator_and_icarus() {
    for layer in equal_on_builtin_verilator_and_icarus("") {
        assert_eq!((&layer["rlc_read_bytes"], &layer["rlc_write_bytes"]), (&0.into(), &0.into()), "{layer}");
    }
}

#[test]
fn tiny3_is_equal_with_compressed_feature_maps_at_any_timing_and_after_a_reset() {
    for options in ["--rlc both --dram-jitter 3", "--rlc ifmap --reset-at 700", "--rlc ofmap --dram-latency 90"] {
        for (index, layer) in equal_on_builtin_verilator_and_icarus(options).iter().enumerate() {
            let moved = |name: &str| layer[name].as_u64().unwrap() > 0;
            // The first ifmap is the network's.
            let expected = (index > 0 && !options.contains("ofmap"), !options.contains("ifmap"));
            assert_eq!((moved("rlc_read_bytes"), moved("rlc_write_bytes")), expected, "{options}: {layer}");
        }
    }
}

/// Three tenths of the words are zero: masks are shorter than runs, and what is shorter is chosen.
#[test]
fn tiny3_is_equal_with_masks_which_are_shorter_than_runs() {
    let bytes = |options: &str, name: &str| -> u64 {
        let layers = equal_on_builtin_verilator_and_icarus(options);
        layers.iter().map(|layer| layer[name].as_u64().unwrap()).sum()
    };
    let [masks, runs, shorter] = ["--rlc-format masks", "--rlc-format runs", "--dram-jitter 4"]
        .map(|format| bytes(&format!("--masks --rlc ifmap {format}"), "rlc_read_bytes"));
    assert!(masks < runs && shorter <= masks, "{masks} bytes with masks, {runs} with runs, {shorter} of the shorter");
}

/// With the chip's 16-bit psums, one shift for all layers left conv4 and conv5 with ifmaps of zeros alone.
#[test]
fn the_layers_of_a_network_get_shifts_that_keep_their_ofmaps_alive() {
    let folder = sim();
    let layers = "network alexnet --preset eyeriss --layers conv3,conv4,conv5 --engine golden --json counts.json";
    let reports = |options: &str| -> Vec<Value> {
        folder.succeeds(&format!("{layers} {options}"));
        serde_json::from_str(&folder.read("counts.json")).unwrap()
    };
    for report in reports("") {
        assert!(report["ifmap_zeros"].as_f64() < Some(0.01), "{report}");
        assert!(report["psum_shift"].as_u64() > Some(16) && report["shift"].as_u64() < Some(3), "{report}");
    }
    for report in reports("--relu --shift 1") {
        let zeros = report["ifmap_zeros"].as_f64().unwrap();
        assert!(if report["layer"] == "conv3" { zeros < 0.01 } else { (0.3..0.7).contains(&zeros) }, "{report}");
        assert_eq!(report["shift"], 1, "{report}");
    }
    for report in reports("--psum-shift 5 --raw") {
        assert_eq!((&report["psum_shift"], &report["shift"]), (&5.into(), &Value::Null), "{report}");
    }
}

#[test]
fn a_network_that_the_chip_ran_stands_beside_it() {
    let folder = sim();
    folder.write("mine.toml", MINE);
    let text = folder.succeeds(&format!("network mine.toml {SMALL}"));
    assert!(!text.contains("Eyeriss"), "{text}");
    let text = folder.succeeds(&format!("network alexnet {MIDDLE} --layers conv5 --engine verilator"));
    assert!(text.contains("Beside Eyeriss (JSSC 2017, Table V) at N = 1, whose figures are of N = 4"), "{text}");
}

#[test]
fn bench_records_generation_engines_and_layers() {
    let (folder, text) = check_examples("bench", 2);
    let bench: Value = serde_json::from_str(&folder.read("bench.json")).unwrap();
    let list = |part: &str, field: &str| -> Vec<Value> {
        bench[part].as_array().unwrap().iter().map(|row| row[field].clone()).collect()
    };
    assert_eq!(list("generation", "pes"), [16, 4096]);
    assert_eq!(list("engines", "engine"), ["builtin", "verilator", "icarus"]);
    assert_eq!(list("layers", "layer"), ["conv3x3", "conv5x5", "conv1x1"]);
    assert_eq!(list("searches", "layer"), list("layers", "layer"));
    for (part, field) in
        [("generation", "seconds"), ("searches", "cycles_s"), ("engines", "cycles_per_s"), ("layers", "cycles")]
    {
        assert!(list(part, field).iter().all(|value| value.as_f64() > Some(0.0)), "{bench}");
    }
    assert!(
        ["generation", "search for a mapping", "kcycles/s", "conv5x5"].iter().all(|word| text.contains(word)),
        "{text}"
    );
}

#[test]
fn layers_of_a_file_run_by_name_and_raw() {
    let folder = sim();
    folder.write("mine.toml", MINE);
    let table = folder.succeeds(&format!("network mine.toml {SMALL} --layers two --raw"));
    assert!(table.contains("two") && !table.contains("one"), "{table}");
    folder.succeeds(&format!("conv --layer mine.toml/one {SMALL}"));
    let table = folder.succeeds(&format!("map mine.toml {SMALL} --batch 3 --json mapping.json"));
    assert!(table.contains("one") && table.contains("two"), "{table}");
    let mapped: Value = serde_json::from_str(&folder.read("mapping.json")).unwrap();
    assert_eq!((&mapped[0]["layer"], &mapped[1]["shape"]["n"]), (&"one".into(), &3.into()));
}

const MINE: &str = "
    name = 'mine'
    [[layers]]
    name = 'one'
    shape = { m = 2, c = 2, h = 5, w = 5, r = 3, s = 3 }
    [[layers]]
    name = 'two'
    chained = true
    shape = { m = 3, c = 2, h = 3, w = 3, r = 1, s = 1 }
";

/// As `scripts/synth-asic` writes it.
pub const AREA: &str = r#"{
    "design": "rs_2x2_w8", "top": "tessera", "liberty": "osu018_stdcells.lib", "nand2": "NAND2X1", "area_um2": 2400.0, "gates": 100, "period_ns": 9.5,
    "modules": [{ "name": "pe", "instances": 4, "um2": 2400, "nand2": 100 }],
    "parts": [{ "name": "tessera", "instances": 1, "um2": 2400, "nand2": 100 }]
}"#;

/// Runs every example of `sim COMMAND --help`, beside files of the names that they use; the folder, and what they print.
#[track_caller]
fn check_examples(command: &str, least: usize) -> (Folder, String) {
    let folder = sim();
    let save = |name: &str, array: Array4<i8>| {
        let mut bytes = Vec::new();
        array.write_npy(&mut bytes).unwrap();
        folder.write(name, bytes);
    };
    save("x.npy", Array4::from_shape_fn([1, 3, 7, 7], |(_, c, h, w)| (c * 40 + h * 7 + w) as i8));
    save("w.npy", Array4::from_shape_fn([2, 3, 3, 3], |(m, c, r, s)| (m * 27 + c * 9 + r * 3 + s) as i8 - 20));
    folder.write("mine.toml", MINE);
    folder.write("summary.json", AREA);
    let help = folder.succeeds(&format!("{command} --help"));
    let examples = examples(&help);
    assert!(examples.len() >= least, "{help}");
    let mut printed = String::new();
    for example in examples {
        let arguments = example.strip_prefix("sim ").unwrap_or_else(|| panic!("{example}"));
        assert!(arguments.starts_with(command), "{example}");
        printed += &folder.succeeds(arguments);
    }
    (folder, printed)
}

#[test]
fn the_examples_of_the_help_run() {
    check_examples("", 3);
}

#[test]
fn the_examples_of_conv_run() {
    check_examples("conv", 4);
}

#[test]
fn the_examples_of_network_run() {
    check_examples("network", 3);
}

#[test]
fn the_examples_of_map_run() {
    check_examples("map", 2);
}

#[test]
fn the_examples_of_report_run() {
    check_examples("report", 3);
}

#[test]
fn the_examples_of_energy_run() {
    check_examples("energy", 2);
}

#[test]
fn the_examples_of_compare_run() {
    let (folder, printed) = check_examples("compare", 3);
    assert!(printed.contains("The tables are equal"), "{printed}");
    assert!(folder.read("compare.svg").contains("</svg>") && folder.read("measured.svg").contains("</svg>"));
}

#[test]
fn the_examples_of_explore_run() {
    let (folder, printed) = check_examples("explore", 2);
    assert!(printed.contains("gen --config best.toml builds it"), "{printed}");
    assert!(folder.read("front.svg").contains("millions of cycles"));
}

#[test]
fn the_examples_of_image_run() {
    check_examples("image", 2);
}

#[test]
fn the_examples_of_campaign_run() {
    check_examples("campaign", 2);
}

#[test]
fn a_shape_in_numbers_is_the_layer_of_that_name() {
    let folder = sim();
    folder.succeeds(&format!("conv {SMALL} --layer tiny3/conv1x1 --batch 2 --engine golden --out a.npy"));
    folder.succeeds(&format!("conv {SMALL} --n 2 --m 5 --c 6 --h 6 --w 5 --r 1 --s 1 --out b.npy"));
    folder.succeeds(&format!("conv {SMALL} {LAYER} --seed 2 --out c.npy"));
    let read = |name: &str| std::fs::read(folder.path(name)).unwrap();
    assert_eq!(read("a.npy"), read("b.npy"));
    folder.succeeds(&format!("conv {SMALL} {LAYER} --seed 3 --engine golden --out d.npy"));
    assert_ne!(read("c.npy"), read("d.npy"));
}
