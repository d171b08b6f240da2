//! `sim campaign` as a user runs it. What it finds is in `tests/tests/campaign.rs`.

use crate::sim;
use expect_test::expect;
use serde_json::Value;

#[test]
fn a_campaign_says_how_many_draws_came_out_and_writes_each() {
    let folder = sim();
    let options = "--draws 2 --layers 2 --macs 1000 --side 1 --engine builtin --json draws.json";
    let table = folder.succeeds(&format!("campaign {options}"));
    assert!(table.contains("refused as they must be") && table.contains("mismatches"), "{table}");
    let found: Value = serde_json::from_str(&folder.read("draws.json")).unwrap();
    assert_eq!((&found["seed"], &found["summary"]["draws"]), (&1.into(), &2.into()));
    assert_eq!(found["draws"].as_array().unwrap().len(), 2);
}

#[test]
fn what_is_no_campaign_is_refused() {
    let folder = sim();
    folder.refuses(
        "campaign --engine golden",
        expect![[r#"
        error: a campaign compares an engine with golden; choose `--engine` builtin, verilator or icarus
    "#]],
    );
    folder.refuses(
        "campaign --draws 0",
        expect![[r#"
        error: invalid value '0' for '--draws <DRAWS>': 0 is not in 1..18446744073709551615

        For more information, try '--help'.
    "#]],
    );
    folder.refuses(
        "campaign --side 0",
        expect![[r#"
        error: invalid value '0' for '--side <SIDE>': write a number from 1 to 256

        For more information, try '--help'.
    "#]],
    );
}
