//! `--vcd`: a waveform as other tools read it, from every engine.

use crate::sim;
use std::collections::HashMap;

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
    let irq = format!("1{}", vars["irq"].1);
    assert!(body.lines().any(|line| line == irq), "{engine}: no interrupt in the waveform");
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
