//! `--vcd`: a waveform as other tools read it, from every engine.

use crate::sim;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Ports of the top, and their widths.
const PORTS: [(&str, usize); 6] = [
    ("irq", 1),
    ("s_axil_awvalid", 1),
    ("s_axil_wdata", 32),
    ("m_axi_araddr", 64),
    ("m_axi_rdata", 64),
    ("m_axi_rlast", 1),
];

/// Runs the smallest accelerator with a waveform and looks at it.
fn check(engine: &str) {
    let folder = sim();
    let layer = "--m 1 --c 1 --h 3 --w 3 --r 2 --s 2";
    folder.succeeds(&format!("conv --rows 1 --cols 1 --width 8 --glb-kb 8 {layer} --engine {engine} --vcd wave.vcd"));
    let text = folder.read("wave.vcd");
    let (header, body) = text.split_once("$enddefinitions $end").expect("a header that ends");
    let words: Vec<&str> = header.split_whitespace().collect();
    assert!(words.contains(&"$timescale"), "{engine}: no timescale");
    assert_eq!(count(&words, "$scope"), count(&words, "$upscope"), "{engine}: scopes that do not close");
    // $var type width id name ... $end
    let vars = words.iter().enumerate().filter(|(_, word)| **word == "$var");
    let vars: HashMap<&str, (usize, &str)> =
        vars.rev().map(|(at, _)| (words[at + 4], (words[at + 2].parse().expect("a width"), words[at + 3]))).collect();
    for (port, width) in PORTS {
        let (have, _) = vars.get(port).unwrap_or_else(|| panic!("{engine}: no `{port}` in {:?}", vars.keys()));
        assert_eq!(*have, width, "{engine}: {port}");
    }
    times_rise(engine, body);
    let (groups, commands) = (folder.read("wave.gtkw"), folder.read("wave.sucl"));
    groups_name_signals(engine, &words, &groups, &commands);
    gtkwave_shows_all(engine, &folder.path(""), &groups);
    surfer_has_values_of_all(engine, &folder.path("wave.vcd"), &commands);
    let irq = format!("1{}", vars["irq"].1);
    assert!(body.lines().any(|line| line == irq), "{engine}: no interrupt in the waveform");
}

/// Each signal of the groups is in the header with its path, and each group is there.
fn groups_name_signals(engine: &str, header: &[&str], gtkwave: &str, surfer: &str) {
    let (mut path, mut paths) = (Vec::new(), HashSet::new());
    for (at, word) in header.iter().enumerate() {
        match *word {
            "$scope" => path.push(header[at + 2]),
            "$upscope" => drop(path.pop()),
            "$var" => drop(paths.insert(format!("{}.{}", path.join("."), header[at + 4]))),
            _ => {}
        }
    }
    let without_index = |signal: &str| signal.split('[').next().unwrap().to_string();
    let shown: Vec<String> = gtkwave.lines().filter(|line| !line.starts_with(['@', '-'])).map(without_index).collect();
    let added: Vec<String> =
        surfer.lines().filter_map(|line| line.strip_prefix("variable_add ")).map(Into::into).collect();
    assert_eq!(shown, added, "{engine}");
    for signal in &shown {
        assert!(paths.contains(signal), "{engine}: no `{signal}`");
    }
    let units = ["Commands", "Ifmap_loads", "Filter_loads", "Stores", "Buffer", "Sequencer", "MACs_of_row_0"];
    for group in ["Host", "Memory_reads", "Memory_writes"].into_iter().chain(units) {
        assert!(gtkwave.contains(&format!("@800200\n-{group}\n@2")), "{engine}: no signals in {group}:\n{gtkwave}");
        assert!(surfer.contains(&format!("divider_add {group}\nvariable_add ")), "{engine}: no signals in {group}");
    }
}

/// GTKWave itself finds each signal of the groups: it shows as many traces as there are signals, beginnings and ends of groups.
fn gtkwave_shows_all(engine: &str, folder: &Path, groups: &str) {
    let script = "puts \"traces: [gtkwave::getTotalNumTraces]\"\nexit\n";
    fs::write(folder.join("count.tcl"), script).unwrap();
    let outcome = Command::new("xvfb-run")
        .args(["-a", "gtkwave", "wave.vcd", "wave.gtkw", "-S", "count.tcl"])
        .current_dir(folder)
        .output()
        .expect("gtkwave and xvfb; run scripts/setup");
    let told = String::from_utf8_lossy(&outcome.stdout);
    let traces = told.lines().find_map(|line| line.strip_prefix("traces: "));
    let lines = groups.lines().filter(|line| !line.starts_with('@')).count();
    assert_eq!(
        traces,
        Some(lines.to_string().as_str()),
        "{engine}: {told}{}",
        String::from_utf8_lossy(&outcome.stderr)
    );
}

/// The library with which Surfer reads waveforms finds each signal of the groups, and a value of it.
fn surfer_has_values_of_all(engine: &str, waveform: &Path, commands: &str) {
    let mut waves = wellen::simple::read(waveform).unwrap_or_else(|error| panic!("{engine}: {error}"));
    for path in commands.lines().filter_map(|line| line.strip_prefix("variable_add ")) {
        let mut scopes: Vec<&str> = path.split('.').collect();
        let name = scopes.pop().expect("a name");
        let hierarchy = waves.hierarchy();
        let variable = hierarchy.lookup_var(&scopes, &name).unwrap_or_else(|| panic!("{engine}: no `{path}`"));
        let signal = hierarchy[variable].signal_ref();
        waves.load_signals(&[signal]);
        let changes = waves.get_signal(signal).map_or(0, |signal| signal.time_indices().len());
        assert!(changes > 0, "{engine}: `{path}` has no value");
    }
}

fn count(words: &[&str], word: &str) -> usize {
    words.iter().filter(|have| **have == word).count()
}

/// Times rise, and there are as many as a layer takes.
fn times_rise(engine: &str, body: &str) {
    let times: Vec<u64> =
        body.lines().filter_map(|line| line.strip_prefix('#')).map(|time| time.trim().parse().unwrap()).collect();
    assert!(times.len() > 400, "{engine}: {} times", times.len());
    assert!(times.is_sorted(), "{engine}: times go back");
}

#[test]
fn builtin_writes_a_waveform() {
    check("builtin");
}

#[test]
fn verilator_writes_a_waveform() {
    check("verilator");
}

#[test]
fn icarus_writes_a_waveform() {
    check("icarus");
}
