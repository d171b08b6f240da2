//! A design as tools of others take it: FuseSoC's core, file lists, constraints, LiteX's module, from a folder that has nothing else.

use gen::artifacts::core_name;
use gen::design::{DesignArgs, LinkClockArg};
use gen::generate::generate;
use gen::output::replace_folder;
use std::path::Path;
use std::process::Command;
use tests::python;

/// A small design in a folder of its own, and its name.
fn design(folder: &Path) -> String {
    design_with(folder, DesignArgs::default())
}

/// The small design with other options.
fn design_with(folder: &Path, options: DesignArgs) -> String {
    let args = DesignArgs { rows: Some(2), cols: Some(2), width: Some(8), glb_kb: Some(4), ..options };
    let generated = generate(&args.design().unwrap()).unwrap();
    replace_folder(folder, &generated.files).unwrap();
    generated.name
}

/// What a program that must succeed prints.
#[track_caller]
fn output(command: &mut Command) -> String {
    let outcome = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let text = format!("{}{}", String::from_utf8_lossy(&outcome.stdout), String::from_utf8_lossy(&outcome.stderr));
    assert!(outcome.status.success(), "{command:?}\n{text}");
    text
}

#[test]
fn fusesoc_lints_and_simulates_a_design() {
    let folder = tempfile::tempdir().unwrap();
    let name = design(&folder.path().join("design"));
    let run = |target: &str| {
        let mut command = Command::new(python("fusesoc"));
        command.args(["--cores-root", "design", "run", "--target", target, &core_name(&name)]);
        // Tools are where the user has them; edalize's launcher is beside fusesoc.
        output(command.current_dir(folder.path()))
    };
    let lint = run("lint");
    assert!(!lint.contains("Warning"), "{lint}");
    let sim = run("sim");
    assert!(sim.contains("PASS") && !sim.contains("FAIL"), "{sim}");
}

#[test]
fn a_design_whose_link_has_a_clock_of_its_own_lints_and_passes_its_testbench() {
    let folder = tempfile::tempdir().unwrap();
    design_with(folder.path(), DesignArgs { link_clock: Some(LinkClockArg::Async), ..DesignArgs::default() });
    let mut make = Command::new("make");
    let text = output(make.args(["-f", "design.mk", "lint", "sim-icarus"]).current_dir(folder.path()));
    assert!(text.contains("PASS") && !text.contains("FAIL") && !text.to_lowercase().contains("warning"), "{text}");
}

#[test]
fn icarus_and_verilator_take_the_file_list() {
    let folder = tempfile::tempdir().unwrap();
    let design_folder = folder.path().join("design");
    design(&design_folder);
    let run = |program: &str, arguments: &str| {
        output(Command::new(program).args(arguments.split(' ')).current_dir(&design_folder))
    };
    run("iverilog", "-g2005 -t null -s tessera -c rtl.f");
    run("verilator", "--lint-only -Wall -f rtl.f --top-module tessera");
}

#[test]
fn librelane_s_configuration_names_files_that_are_there() {
    let folder = tempfile::tempdir().unwrap();
    design(folder.path());
    let home = folder.path().join("librelane");
    let config = std::fs::read_to_string(home.join("config.json")).unwrap();
    let config: serde_json::Value = serde_json::from_str(&config).unwrap();
    let files = config["VERILOG_FILES"].as_array().unwrap().iter().chain([&config["PNR_SDC_FILE"]]);
    for file in files {
        let path = file.as_str().unwrap().strip_prefix("dir::").expect("a path from the configuration's folder");
        assert!(home.join(path).is_file(), "{path}");
    }
    let top = std::fs::read_to_string(folder.path().join("rtl/tessera.v")).unwrap();
    assert!(top.contains(&format!("input wire {}", config["CLOCK_PORT"].as_str().unwrap())));
}

/// Words of a text behind each `before`.
fn words_after<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    let end = |rest: &'a str| rest.split([']', '"', ' ', ';', '\n']).next().unwrap();
    text.split(before).skip(1).map(end)
}

/// Clock, period and ports of every constraint file are those of the design and of each other.
#[test]
fn constraints_name_ports_of_the_design_and_one_clock() {
    let folder = tempfile::tempdir().unwrap();
    design(folder.path());
    let top = std::fs::read_to_string(folder.path().join("rtl/tessera.v")).unwrap();
    let header = &top[..top.find(");").unwrap()];
    let ports: Vec<&str> = header.split([' ', ',', '\n']).collect();
    let read = |kind: &str| std::fs::read_to_string(folder.path().join(format!("constraints/tessera.{kind}"))).unwrap();
    let config = std::fs::read_to_string(folder.path().join("librelane/config.json")).unwrap();
    let config: serde_json::Value = serde_json::from_str(&config).unwrap();
    let period = config["CLOCK_PERIOD"].as_f64().unwrap();
    for (kind, named, clock, in_mhz) in [
        ("sdc", &["get_ports "][..], "set PERIOD ", false),
        ("xdc", &["get_ports ", "NAME != "], "set PERIOD ", false),
        ("lpf", &["PORT \"", "COMP \""], "FREQUENCY PORT \"clk\" ", true),
        ("pcf", &["set_io ", "set_frequency "], "set_frequency clk ", true),
    ] {
        let text = read(kind);
        let found: Vec<&str> = named.iter().flat_map(|before| words_after(&text, before)).collect();
        let found: Vec<&str> =
            found.iter().map(|word| word.trim_end_matches('}')).filter(|word| *word != "-filter").collect();
        assert!(found.contains(&"clk"), "{kind}: {found:?}");
        for port in found {
            assert!(ports.contains(&port), "{kind}: the design has no port `{port}`");
        }
        let figure: f64 = words_after(&text, clock).next().unwrap().trim_end_matches('}').trim().parse().unwrap();
        assert_eq!(if in_mhz { 1000.0 / figure } else { figure }, period, "{kind}");
    }
}

/// A module of the design's ports alone, declared as OpenSTA's reader of Verilog has it.
fn ports_alone(top: &str) -> String {
    let header = &top[top.find('(').unwrap() + 1..top.find(");").unwrap()];
    let (mut names, mut declarations, mut kind) = (vec![], String::new(), String::new());
    for port in header.split(',') {
        let words: Vec<&str> = port.split_whitespace().filter(|word| !["wire", "reg"].contains(word)).collect();
        let (name, declared) = words.split_last().expect("a port");
        if !declared.is_empty() {
            kind = declared.join(" ");
        }
        names.push(*name);
        declarations += &format!("{kind} {name};\n");
    }
    format!("module tessera ({});\n{declarations}endmodule\n", names.join(", "))
}

/// Both clocks are there, and each port that is named.
#[test]
fn opensta_takes_the_constraints_of_one_clock_and_of_two() {
    for (link_clock, clocks) in [(LinkClockArg::Sync, "clk"), (LinkClockArg::Async, "clk link_clk")] {
        let folder = tempfile::tempdir().unwrap();
        design_with(folder.path(), DesignArgs { link_clock: Some(link_clock), ..DesignArgs::default() });
        let top = std::fs::read_to_string(folder.path().join("rtl/tessera.v")).unwrap();
        std::fs::write(folder.path().join("ports.v"), ports_alone(&top)).unwrap();
        let script = "
            read_liberty /usr/share/qflow/tech/osu018/osu018_stdcells.lib
            read_verilog ports.v
            link_design tessera
            source constraints/tessera.sdc
            set names {}
            foreach clock [get_clocks *] { lappend names [get_property $clock full_name] }
            puts $names
            exit";
        std::fs::write(folder.path().join("read.tcl"), script).unwrap();
        let said = output(Command::new("sta").args(["-no_splash", "-exit", "read.tcl"]).current_dir(folder.path()));
        assert_eq!(said.trim(), clocks);
    }
}

/// A SoC of LiteX, for a bus as wide as the link and for one that is not: every port is connected, at its width.
#[test]
fn litex_takes_a_design_into_a_soc() {
    for (link, bus, width) in [(64, "axi", "64"), (64, "wishbone", "32"), (32, "axi-lite", "32")] {
        let folder = tempfile::tempdir().unwrap();
        let design_folder = folder.path().join("design");
        design_with(&design_folder, DesignArgs { link_width: Some(link), ..DesignArgs::default() });
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/litex/soc.py");
        output(Command::new(python("python")).args([script, "design", bus, width, "soc"]).current_dir(folder.path()));
        let soc = "../soc/gateware/platform.v -f rtl.f --top-module platform";
        let mut lint = Command::new("verilator");
        lint.args("--lint-only -Wall -Wno-fatal".split(' ').chain(soc.split(' '))).current_dir(&design_folder);
        // Of LiteX's own Verilog there is much to say; of pins and of what is driven by none, nothing.
        let said = output(&mut lint);
        let faults: Vec<&str> = said.lines().filter(|l| l.contains("-PIN") || l.contains("pin connection")).collect();
        assert!(faults.is_empty(), "{bus}: {faults:?}");
        let verilog = std::fs::read_to_string(folder.path().join("soc/gateware/platform.v")).unwrap();
        assert!(verilog.contains("tessera tessera("), "{bus}: the accelerator is not in the SoC");
    }
}
