//! `sim explore`: what is found is kept, a sweep that was stopped goes on, a design of the front can be built.

use crate::sim;
use expect_test::expect;
use gen::design::DesignArgs;
use serde_json::Value;

const SWEEP: &str =
    "explore tiny3 --shapes 1x1,4x2 --kernels 2 --row-fifos 16 --widths 8 --glb-kb 8 --ifmap-spads 12 --filter-spads 64 --psum-spads 16 --accumulators 64";

/// Designs of the sweep.
const DESIGNS: usize = 10;

#[test]
fn a_sweep_goes_on_where_it_was_stopped_and_ends_the_same() {
    let folder = sim();
    let table = folder.succeeds(SWEEP);
    assert!(table.contains("10 designs within the budget") && !table.contains('≈'), "{table}");
    let results = folder.read("explore.jsonl");
    let kinds = |kind: &str| results.lines().filter(|line| line.contains(kind)).count();
    assert_eq!((kinds(r#""kind":"area""#), kinds(r#"{"quick""#)), (DESIGNS, DESIGNS));
    // Nothing is found out twice.
    assert_eq!(folder.succeeds(SWEEP), table);
    assert_eq!(folder.read("explore.jsonl"), results);
    // Stopped in the middle of a line.
    let half = results.len() / 2;
    folder.write("explore.jsonl", &results[..half]);
    assert_eq!(folder.succeeds(SWEEP), table);
    let again = folder.read("explore.jsonl");
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&again), sorted(&results));
    let whole = results[..half].rfind('\n').unwrap();
    assert!(again.starts_with(&results[..whole]));
}

#[test]
fn a_design_of_the_front_takes_what_the_other_commands_say() {
    let folder = sim();
    folder.succeeds(&format!("{SWEEP} --table 28nm --objective energy --json found.json"));
    folder.succeeds(&format!("{SWEEP} --table 28nm --objective energy --pick 1 --out best.toml"));
    let found: Value = serde_json::from_str(&folder.read("found.json")).unwrap();
    let point = &found["points"][0];
    assert_eq!((&point["number"], &point["exact"]), (&1.into(), &true.into()));
    let args = DesignArgs { config: Some(folder.path("best.toml")), ..DesignArgs::default() };
    assert_eq!(serde_json::to_value(args.design().unwrap().spec).unwrap(), point["design"]);
    folder.succeeds("energy tiny3 --config best.toml --table 28nm --objective energy --json energy.json");
    let energy: Value = serde_json::from_str(&folder.read("energy.json")).unwrap();
    let levels = ["rf", "array", "glb", "dram"];
    let of_layer = |layer: &Value| {
        let energy = &layer["energy"];
        let moved = levels.iter().flat_map(|level| energy[level].as_object().unwrap().values());
        moved.chain([&energy["alu"], &energy["control"]]).map(|part| part.as_f64().unwrap()).sum::<f64>()
    };
    let sum: f64 = energy["layers"].as_array().unwrap().iter().map(of_layer).sum();
    assert!((point["energy"].as_f64().unwrap() / sum - 1.0).abs() < 1e-9, "{point} {sum}");
}

#[test]
fn what_cannot_be_explored_is_refused() {
    let folder = sim();
    let refuses = |arguments: &str, message| folder.refuses(&format!("{SWEEP} {arguments}"), message);
    refuses(
        "--budget 0",
        expect![[r#"
        error: invalid value '0' for '--budget <NAND2>': write a number of NAND2 above 0, as in 2500000, 800k or 2.5M

        For more information, try '--help'.
    "#]],
    );
    refuses(
        "--budget 2.5G",
        expect![[r#"
        error: invalid value '2.5G' for '--budget <NAND2>': write a number of NAND2 above 0, as in 2500000, 800k or 2.5M

        For more information, try '--help'.
    "#]],
    );
    refuses(
        "--limit 0",
        expect![[r#"
        error: invalid value '0' for '--limit <DESIGNS>': 0 is not in 1..18446744073709551615

        For more information, try '--help'.
    "#]],
    );
    refuses(
        "--pick 1",
        expect![[r#"
            error: the following required arguments were not provided:
              --out <FILE.toml>

            Usage: sim explore --pick <N> --out <FILE.toml> --shapes <RxC,…> --kernels <K,…> --row-fifos <PIXELS,…> --widths <W,…> --glb-kb <KiB,…> --ifmap-spads <WORDS,…> --filter-spads <WORDS,…> --psum-spads <WORDS,…> --accumulators <PSUMS,…> <NETWORK>

            For more information, try '--help'.
        "#]],
    );
    refuses(
        "--pick 1 --out best.toml",
        expect![[r#"
        error: `--pick` is 1, but nothing has been found yet; run the same command without `--pick` first
    "#]],
    );
    folder.refuses(
        "explore tiny3 --shapes 12by14",
        expect![[r#"
        error: invalid value '12by14' for '--shapes <RxC,…>': write rows x columns, as in 12x14

        For more information, try '--help'.
    "#]],
    );
    folder.refuses(
        "explore tiny3 --dataflows sparse",
        expect![[r#"
            error: invalid value 'sparse' for '--dataflows <a,b>'
              [possible values: rs, ws, nlr, os, is]

            For more information, try '--help'.
        "#]],
    );
    folder.refuses("explore tiny3 --shapes 0x4 --widths 99", expect![[r#"
        error: none of the space's 108 designs can be built; of the first, `rows` is 0; the array needs at least one PE in each direction
        `width` is 99; words are 2 to 32 bits wide
    "#]]);
    folder.write("letter.txt", "Dear reader,\n");
    refuses(
        "--results letter.txt",
        expect![[r#"
        error: `--results letter.txt`, line 1, is no result of an exploration (expected value at line 1 column 1); name another file
    "#]],
    );
    let none = folder.succeeds(&format!("{SWEEP} --budget 1k"));
    assert!(none.contains("All designs are over `--budget` 1000; raise it, or name smaller ones"), "{none}");
    folder.succeeds(&format!("{SWEEP} --quick"));
    refuses(
        "--pick 9 --out best.toml",
        expect![[r#"
            error: `--pick` is 9; the front has designs 1 to 6
        "#]],
    );
}
