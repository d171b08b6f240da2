//! `sim energy`.

use crate::{sim, SMALL};
use expect_test::expect;
use serde_json::Value;

const TINY: &str = "energy tiny3 --rows 4 --cols 4 --glb-kb 32 --mapping tiny3.toml";

const MAPPINGS: &str = "
    conv3x3 = { n = 1, m = 4, e = 4, p = 4, q = 1, r = 1, t = 1 }
    conv5x5 = { n = 1, m = 4, e = 3, p = 2, q = 1, r = 1, t = 1, filter_rows = 3 }
    conv1x1 = { n = 1, m = 5, e = 3, p = 5, q = 3, r = 1, t = 1 }
";

#[test]
fn energy_falls_with_zeros_and_files_are_written() {
    let folder = sim();
    folder.write("tiny3.toml", MAPPINGS);
    let all = |arguments: &str| {
        folder.succeeds(&format!("{TINY} {arguments} --json energy.json"));
        let report: Value = serde_json::from_str(&folder.read("energy.json")).unwrap();
        let layers = report["layers"].as_array().unwrap().clone();
        assert_eq!(layers.len(), 3);
        layers.iter().map(|layer| layer["energy"]["alu"].as_f64().unwrap()).sum::<f64>()
    };
    let (full, half, none) = (all(""), all("--zeros 0.5"), all("--zeros 1"));
    assert!(full > 0.0 && (half / full - 0.5).abs() < 1e-9 && none == 0.0, "{full} {half} {none}");
    assert!(all("--zeros 1 --no-zero-gating") >= full, "nothing is saved where nothing is gated");
    folder.succeeds(&format!("{TINY} --table 28nm --plot energy.svg"));
    let svg = folder.read("energy.svg");
    assert!(["conv3x3", "conv1x1", "RF", "DRAM", "filter", "millions of pJ"].iter().all(|text| svg.contains(text)));
}

/// A weight-stationary array has accumulators in place of scratchpads for ifmaps and psums.
#[test]
fn energy_and_mappings_of_a_weight_stationary_array() {
    let folder = sim();
    let design = "tiny3 --dataflow ws --rows 4 --cols 4 --glb-kb 32";
    folder.succeeds(&format!("energy {design} --table 65nm --json energy.json"));
    let report: Value = serde_json::from_str(&folder.read("energy.json")).unwrap();
    let energy = &report["layers"][0]["energy"];
    let part = |level: &str, what: &str| energy[level][what].as_f64().unwrap();
    assert!(part("rf", "filter") > 0.0 && part("array", "psum") > 0.0 && part("glb", "psum") > 0.0, "{energy}");
    assert_eq!((part("rf", "ifmap"), part("rf", "psum")), (0.0, 0.0));
    let mapped = |objective: &str| {
        let table = folder.succeeds(&format!("map {design} --objective {objective} --json map.json"));
        assert!(table.contains("windows") && table.contains("accumulators"), "{table}");
        let layers: Value = serde_json::from_str(&folder.read("map.json")).unwrap();
        let sum = |of: &dyn Fn(&Value) -> f64| layers.as_array().unwrap().iter().map(of).sum::<f64>();
        let cycles = sum(&|layer| layer["cost"]["cycles"].as_f64().unwrap());
        let levels = |layer: &Value| layer["energy"].as_object().unwrap().values().map(|e| e.as_f64().unwrap()).sum();
        (cycles, sum(&levels))
    };
    let (fast, frugal) = (mapped("cycles"), mapped("energy"));
    assert!(fast.0 <= frugal.0 && frugal.1 <= fast.1, "{fast:?} {frugal:?}");
}

#[test]
fn a_table_that_does_not_exist_or_is_none() {
    let folder = sim();
    let energy = format!("energy tiny3 {SMALL}");
    folder.refuses(
        &format!("{energy} --table 90nm"),
        expect![[r#"
            error: there is no table `90nm`; there are isca16, 65nm, 45nm, 28nm and any `FILE.toml`
        "#]],
    );
    folder.refuses(
        &format!("{energy} --table none.toml"),
        expect![[r#"
            error: `none.toml` cannot be read: No such file or directory (os error 2)
        "#]],
    );
    folder.write("half.toml", "source = 'mine'\nunit = 'pJ'\n");
    folder.refuses(
        &format!("{energy} --table half.toml"),
        expect![[r#"
            error: `half.toml` is no table of energies: TOML parse error at line 1, column 1
              |
            1 | source = 'mine'
              | ^
            missing field `writes`

        "#]],
    );
    let own = include_str!("../../src/energy_tables/45nm.toml");
    folder.write("own.toml", own.replace("width = 64\nread = [[8192, 10]", "width = 0\nread = [[8192, -10]"));
    folder.refuses(
        &format!("{energy} --table own.toml"),
        expect![[r#"
            error: `own.toml` is no table of energies: `rf.ifmap.width` is 0; it is the bits of an access, more than zero
            `rf.ifmap.read` is -10; an energy is zero or more
            `rf.filter.width` is 0; it is the bits of an access, more than zero
            `rf.filter.read` is -10; an energy is zero or more
            `rf.psum.width` is 0; it is the bits of an access, more than zero
            `rf.psum.read` is -10; an energy is zero or more
            `glb.width` is 0; it is the bits of an access, more than zero
            `glb.read` is -10; an energy is zero or more
        "#]],
    );
    folder.refuses(
        &format!("{energy} --zeros 2"),
        expect![[r#"
            error: invalid value '2' for '--zeros <FRACTION|chip>': write a fraction from 0 to 1, or `chip`

            For more information, try '--help'.
        "#]],
    );
    folder.refuses(
        &format!("{energy} --zeros chip"),
        expect![[r#"
            error: `--zeros chip`: the chip was not measured on `tiny3`, only on alexnet and vgg16
        "#]],
    );
}
