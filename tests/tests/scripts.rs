//! What `scripts/` say of themselves: every example of `--help`, and every command of the README, is one that they take. Dry runs: other tests
//! run what takes seconds.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Names of the commands in `scripts/`.
fn commands() -> Vec<String> {
    let entries = fs::read_dir(root().join("scripts")).unwrap().map(|entry| entry.unwrap());
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    let mut names: Vec<String> = files.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.contains('.'));
    names.sort();
    names
}

/// A folder in which the reference designs are where examples have them, and nothing is written into them.
fn beside_reference_designs() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("verilog_out")).unwrap();
    for design in ["rs_2x2_w8", "rs_3x4_w16"] {
        let committed = Path::new("verilog_out").join(design);
        symlink(root().join(&committed), folder.path().join(committed)).unwrap();
    }
    folder
}

/// Runs `line`, a command of `scripts/` as a user writes it, with one more option.
fn run(folder: &TempDir, line: &str, option: &str) -> Output {
    let mut words = line.split_whitespace();
    let mut command = Command::new(root().join(words.next().unwrap()));
    command.args(words).arg(option).current_dir(folder).output().expect("a script that starts")
}

#[track_caller]
fn accepted(folder: &TempDir, line: &str) {
    let output = run(folder, line, "--dry-run");
    // A tool that is missing is none of the example's business.
    let missing = line.starts_with("scripts/setup") && output.status.code() == Some(3);
    assert!(output.status.success() || missing, "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_examples_of_every_script_are_taken() {
    let folder = beside_reference_designs();
    assert!(commands().len() >= 8, "{:?}", commands());
    for name in commands() {
        let script = format!("scripts/{name}");
        let help = run(&folder, &script, "--help");
        let help = String::from_utf8(help.stdout).unwrap();
        let examples: Vec<&str> = help.lines().skip_while(|line| *line != "Examples:").skip(1).map(str::trim).collect();
        assert!(!examples.is_empty(), "{script}: {help}");
        for example in examples {
            assert_eq!(example.split(' ').next(), Some(script.as_str()), "{help}");
            accepted(&folder, example);
        }
    }
}

#[test]
fn the_scripts_that_the_readme_runs_are_taken() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let lines = readme.lines().filter(|line| line.starts_with("scripts/")).map(|line| line.split('#').next().unwrap());
    let quoted = readme.split('`').skip(1).step_by(2).filter(|text| text.starts_with("scripts/"));
    let commands = commands();
    let known = |line: &&str| {
        let script = line.split_whitespace().next().unwrap();
        commands.iter().any(|name| script == format!("scripts/{name}"))
    };
    let mut lines: Vec<&str> = lines.chain(quoted).filter(known).map(str::trim).collect();
    lines.sort();
    lines.dedup();
    assert!(lines.len() >= 12, "{lines:?}");
    let folder = beside_reference_designs();
    for line in lines {
        accepted(&folder, line);
    }
}

#[test]
fn what_a_script_does_not_take_is_refused() {
    let folder = beside_reference_designs();
    for (line, said) in [
        ("scripts/setup --for asics", "usage: scripts/setup"),
        ("scripts/test --quick", "usage: scripts/test"),
        ("scripts/reference-designs --quick", "usage: scripts/reference-designs"),
        ("scripts/prove fifos", "there is no proof `fifos`"),
        ("scripts/prove --rtl nowhere", "`--rtl` is nowhere"),
        ("scripts/synth-ecp5 --design verilog_out/rs_2x2_w8 --top pes", "has no module `pes`"),
        ("scripts/synth-asic --design verilog_out/rs_2x2_w8 --top pes", "has no module `pes`"),
        ("scripts/synth-ice40 --rows 0", "`rows` is 0"),
        ("scripts/simulate-netlist --cells paper", "invalid choice: 'paper'"),
    ] {
        let output = run(&folder, line, "--dry-run");
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert!(
            String::from_utf8_lossy(&output.stderr).contains(said),
            "{line}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
