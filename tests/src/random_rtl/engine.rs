//! Runs a random block as Verilog in Icarus and in Verilator, and in Rust.

use super::block::RandomBlock;
use hw::rtl::prelude::*;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What random designs may do and generated ones do not: several modules in one file, and comparisons that a constant decides.
const WAIVERS: &str = "\
`verilator_config
lint_off -rule DECLFILENAME
lint_off -rule UNSIGNED
lint_off -rule CMPCONST
";

/// The inputs of one cycle.
pub struct Cycle {
    pub reset: bool,
    pub ins: Vec<u128>,
}

/// A block's outputs in each cycle, before the clock's edge, as hexadecimal digits.
pub type Trace = Vec<Vec<String>>;

/// Seconds after which a simulation that does not end is a failure.
const PATIENCE: &str = "600";

/// What a missing tool is answered with.
const INSTALL: &str = "install the tools with `scripts/setup` (Debian: apt-get install iverilog verilator yosys g++)";

/// Runs a command and returns its standard output.
///
/// # Panics
/// If the tool is missing or fails.
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}; {INSTALL}"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{command:?} failed or warned:\n{text}{errors}");
    text
}

fn digits(bits: usize) -> usize {
    bits.div_ceil(4)
}

/// The value's outputs in Rust.
pub fn trace_rust(block: &mut RandomBlock, cycles: &[Cycle]) -> Trace {
    let mut trace = vec![];
    for cycle in cycles {
        for (wire, &value) in block.ins.iter_mut().zip(&cycle.ins) {
            wire.next = Word::new(value as i128, 128, true);
        }
        settle(block);
        let outs = block.outs.iter().map(|w| format!("{:0width$x}", w.val().raw(), width = digits(w.width())));
        trace.push(outs.collect());
        let risen = block.clock.next.rise(cycle.reset);
        block.clock.next = risen;
        settle(block);
    }
    trace
}

/// A folder with a design and a harness that takes all inputs, and gives all outputs, as one vector.
pub struct Bench<'a> {
    folder: &'a Path,
    outs: Vec<usize>,
    inputs: usize,
    outputs: usize,
}

impl<'a> Bench<'a> {
    pub fn new(folder: &'a Path, block: &RandomBlock, verilog: &str, cycles: &[Cycle]) -> Self {
        let ins: Vec<usize> = block.ins.iter().map(Wire::width).collect();
        let outs: Vec<usize> = block.outs.iter().map(Wire::width).collect();
        // More than 64 bits, so that Verilator gives all harnesses' ports one type.
        let inputs = (ins.iter().sum::<usize>() + 1).max(65);
        let outputs = (outs.iter().map(|&w| 4 * digits(w)).sum::<usize>()).max(68);
        let mut harness = format!(
            "module harness (\n  input wire clk,\n  input wire [{}:0] stimulus,\n  output wire [{}:0] response\n);\n",
            inputs - 1,
            outputs - 1
        );
        let mut pins = vec!["    .clk(clk)".to_string(), "    .rst(stimulus[0])".to_string()];
        let mut at = 1;
        for (i, &bits) in ins.iter().enumerate() {
            pins.push(format!("    .ins_{i}(stimulus[{}:{at}])", at + bits - 1));
            at += bits;
        }
        let mut low = 0;
        for (i, &bits) in outs.iter().enumerate() {
            let _ = writeln!(harness, "  wire [{}:0] out_{i};", bits - 1);
            let padding = 4 * digits(bits) - bits;
            let value = if padding > 0 { format!("{{{padding}'d0, out_{i}}}") } else { format!("out_{i}") };
            let _ = writeln!(harness, "  assign response[{}:{low}] = {value};", low + 4 * digits(bits) - 1);
            pins.push(format!("    .outs_{i}(out_{i})"));
            low += 4 * digits(bits);
        }
        if low < outputs {
            let _ = writeln!(harness, "  assign response[{}:{low}] = {}'d0;", outputs - 1, outputs - low);
        }
        let _ = writeln!(harness, "  dut dut (\n{}\n  );\nendmodule", pins.join(",\n"));
        write(folder, "harness.v", &harness);
        write(folder, "dut.v", verilog);
        write(folder, "waivers.vlt", WAIVERS);
        write(folder, "stimulus.hex", &stimulus_text(&ins, inputs, cycles));
        Bench { folder, outs, inputs, outputs }
    }

    /// Warnings of `verilator --lint-only -Wall` are errors.
    pub fn lint(&self) {
        run(self.command("verilator").args(["--lint-only", "-Wall", "--top-module", "dut", "waivers.vlt", "dut.v"]));
    }

    /// Yosys accepts the design and finds neither a latch nor a loop.
    pub fn check(&self) {
        let script =
            "read_verilog dut.v; hierarchy -check -top dut; proc; select -assert-none t:$dlatch; check -assert";
        run(self.command("yosys").args(["-q", "-p", script]));
    }

    pub fn icarus(&self, cycles: usize) -> Trace {
        let test = format!(
            "module test;\n  reg clk;\n  reg [{inputs}:0] stimulus [0:{last}];\n  reg [{inputs}:0] now;\n  \
             wire [{outputs}:0] response;\n  integer i;\n  \
             harness h (.clk(clk), .stimulus(now), .response(response));\n  initial begin\n    \
             $readmemh(\"stimulus.hex\", stimulus);\n    clk = 0;\n    for (i = 0; i <= {last}; i = i + 1) begin\n      \
             now = stimulus[i];\n      #1 $display(\"%h\", response);\n      clk = 1;\n      #1 clk = 0;\n    end\n    \
             $finish(0);\n  end\nendmodule\n",
            inputs = self.inputs - 1,
            outputs = self.outputs - 1,
            last = cycles - 1,
        );
        write(self.folder, "test.v", &test);
        run(self.command("iverilog").args(["-g2005", "-Wall", "-o", "test.vvp", "test.v", "harness.v", "dut.v"]));
        self.parse(&run(self.command("timeout").args([PATIENCE, "vvp", "-n", "test.vvp"])))
    }

    pub fn verilator(&self) -> Trace {
        let library = verilator_library();
        let arguments = ["--cc", "--top-module", "harness", "--Mdir", "obj", "--prefix", "Vtop", "-Wno-UNOPTFLAT"];
        run(self.command("verilator").args(arguments).args(["waivers.vlt", "harness.v", "dut.v"]));
        write(self.folder, "main.cpp", &main_text(self.inputs, self.outputs));
        let mut sources: Vec<PathBuf> = std::fs::read_dir(self.folder.join("obj"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "cpp"))
            .collect();
        sources.sort();
        let mut compiler = self.command("g++");
        compiler.args(["-O0", "-w", "-std=gnu++17", "-o", "simulation", "main.cpp", "-Iobj"]);
        compiler.args(["-isystem", &library.include, "-isystem", &format!("{}/vltstd", library.include)]);
        run(compiler.args(sources).args(&library.objects).args(["-lpthread", "-latomic"]));
        self.parse(&run(&mut self.command("./simulation")))
    }

    fn command(&self, tool: &str) -> Command {
        let mut command = Command::new(tool);
        command.current_dir(self.folder);
        command
    }

    /// A line for each cycle, the last output first.
    fn parse(&self, text: &str) -> Trace {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines
            .map(|line| {
                let mut end = line.trim().len();
                let fields = self.outs.iter().map(|&bits| {
                    let start = end - digits(bits);
                    let field = line.trim()[start..end].to_ascii_lowercase();
                    end = start;
                    field
                });
                fields.collect()
            })
            .collect()
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap_or_else(|e| panic!("{name}: {e}"));
}

/// For each cycle the reset in bit 0 and the inputs above it, as a hexadecimal number.
fn stimulus_text(ins: &[usize], inputs: usize, cycles: &[Cycle]) -> String {
    let mut text = String::new();
    for cycle in cycles {
        let mut bits = vec![cycle.reset];
        for (&width, &value) in ins.iter().zip(&cycle.ins) {
            bits.extend((0..width).map(|i| value >> i & 1 == 1));
        }
        bits.resize(4 * digits(inputs), false);
        for nibble in bits.chunks(4).rev() {
            let digit = nibble.iter().rev().fold(0, |n, &bit| 2 * n + bit as u32);
            text.push(char::from_digit(digit, 16).unwrap());
        }
        text.push('\n');
    }
    text
}

/// A program that plays the stimulus and prints the responses.
fn main_text(inputs: usize, outputs: usize) -> String {
    format!(
        r#"#include "Vtop.h"
#include <cstdio>
#include <cstring>
#include <cstdint>
static char line[1 << 20];
double sc_time_stamp() {{ return 0; }}
int main() {{
    VerilatedContext context;
    Vtop top(&context);
    FILE* file = fopen("stimulus.hex", "r");
    const int in_words = {in_words}, out_digits = {out_digits};
    while (fgets(line, sizeof line, file)) {{
        int length = strcspn(line, "\n");
        for (int w = 0; w < in_words; w++) top.stimulus[w] = 0;
        for (int i = 0; i < length; i++) {{
            char c = line[length - 1 - i];
            uint32_t digit = c <= '9' ? c - '0' : c - 'a' + 10;
            if (i / 8 < in_words) top.stimulus[i / 8] |= digit << (4 * (i % 8));
        }}
        top.clk = 0;
        top.eval();
        for (int i = out_digits - 1; i >= 0; i--) putchar("0123456789abcdef"[top.response[i / 8] >> (4 * (i % 8)) & 15]);
        putchar('\n');
        top.clk = 1;
        top.eval();
    }}
    return 0;
}}
"#,
        in_words = inputs.div_ceil(32),
        out_digits = outputs / 4,
    )
}

/// Verilator's run-time library, compiled once for all designs of a test.
struct Library {
    include: String,
    objects: Vec<PathBuf>,
    _folder: tempfile::TempDir,
}

fn verilator_library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let root = run(Command::new("verilator").args(["--getenv", "VERILATOR_ROOT"]));
        let include = format!("{}/include", root.trim());
        let folder = tempfile::tempdir().unwrap();
        let objects = ["verilated", "verilated_threads"].map(|name| {
            let object = folder.path().join(format!("{name}.o"));
            let source = format!("{include}/{name}.cpp");
            let mut compiler = Command::new("g++");
            compiler.args(["-O1", "-w", "-std=gnu++17", "-c", "-isystem", &include, &source, "-o"]);
            run(compiler.arg(&object));
            object
        });
        Library { include, objects: objects.to_vec(), _folder: folder }
    })
}
