//! What `gen` tells a person about the design that it wrote.

use crate::design::Design;
use crate::output::OutputFile;
use hw::arch::{BANK_LINES, FILTER_BUS_WORDS, LANES};
use hw::{Arch, Dataflow, LinkClock};
use std::fmt::Write;
use std::path::Path;

/// The array, its storage, the files and the next command to run.
pub fn summary(design: &Design, name: &str, files: &[OutputFile], folder: &Path) -> String {
    let arch = &design.arch;
    let kib = |bits: usize| bits as f64 / 8192.0;
    let bank = BANK_LINES * LANES * arch.lane_width;
    let staging = arch.staging_lines * FILTER_BUS_WORDS * arch.width;
    let modules: Vec<&OutputFile> =
        files.iter().filter(|f| f.path.starts_with("rtl/") && f.path.ends_with(".v")).collect();
    let lines: usize = modules.iter().map(|f| f.text.lines().count()).sum();
    let mut text = String::new();
    // Writing to a String cannot fail.
    let of = match arch.dataflow {
        Dataflow::Rs => "row-stationary",
        Dataflow::Ws => "weight-stationary",
        Dataflow::Nlr => "no-local-reuse",
        Dataflow::Os if arch.is_of_pixels() => "output-stationary (mop-sop)",
        Dataflow::Os if arch.is_of_planes() => "output-stationary (sop-mop)",
        Dataflow::Os => "output-stationary",
        Dataflow::Is => "input-stationary",
    };
    let _ = writeln!(text, "{name}: {of} accelerator");
    let _ = write!(
        text,
        "  array     {} × {} = {} PEs, {}-bit words, {}-bit psums",
        arch.rows,
        arch.cols,
        arch.pes(),
        arch.width,
        arch.psum_width
    );
    let _ = writeln!(
        text,
        "{}",
        if design.shape_chosen {
            " (rows × columns chosen for row stationary; --rows and --cols say otherwise)"
        } else {
            ""
        }
    );
    let _ = match arch.dataflow {
        Dataflow::Rs => writeln!(
            text,
            "  per PE    ifmap spad {} words, filter spad {} words, psum spad {} words",
            arch.ifmap_spad, arch.filter_spad, arch.psum_spad
        ),
        Dataflow::Ws if arch.conv2d.is_some() => writeln!(
            text,
            "  engines   {} of {k} × {k} taps, with row FIFOs of {} pixels; per PE a weight and the next; behind each column's tree an accumulator of 2 × {} psums",
            arch.channels_at_a_time(),
            arch.row_fifo(),
            arch.accumulators,
            k = arch.kernel(),
        ),
        Dataflow::Ws => writeln!(
            text,
            "  per PE    a weight and the next; beneath each column an accumulator of 2 × {} psums",
            arch.accumulators
        ),
        Dataflow::Nlr => writeln!(
            text,
            "  weights   a buffer of {} weights for each multiplier ({:.1} KiB); behind each column's tree an accumulator of 2 × {} psums",
            arch.weight_tiles,
            kib(arch.weight_tiles * arch.pes() * arch.width),
            arch.accumulators
        ),
        Dataflow::Os if arch.is_of_pixels() => writeln!(
            text,
            "  weights   a buffer for {} steps, a weight for each PE ({:.1} KiB); above each column an accumulator of 2 × {} psums",
            arch.weight_steps(),
            kib(arch.weight_steps() * arch.pes() * arch.width),
            arch.accumulators
        ),
        Dataflow::Os if arch.is_of_planes() => writeln!(
            text,
            "  weights   a buffer for {} steps, a weight for all PEs ({:.1} KiB); above each column an accumulator of 2 × {} psums\n  ports     {}",
            arch.weight_steps(),
            kib(arch.weight_steps() * arch.width),
            arch.accumulators,
            ports(arch),
        ),
        Dataflow::Os => writeln!(
            text,
            "  weights   a buffer for {} steps, a weight for each column ({:.1} KiB); above each column an accumulator of 2 × {} psums",
            arch.weight_steps(),
            kib(arch.weight_steps() * arch.cols * arch.width),
            arch.accumulators
        ),
        Dataflow::Is => writeln!(
            text,
            "  weights   a buffer for {} taps, a weight for each column ({:.1} KiB); in each column {} banks of 2 × {} psums",
            arch.weight_steps(),
            kib(arch.weight_steps() * arch.cols * arch.width),
            arch.rows,
            arch.bank_places()
        ),
    };
    let _ = writeln!(
        text,
        "  buffer    {} banks of {BANK_LINES} × {} b ({:.1} KiB) and {:.1} KiB of filter staging",
        arch.banks,
        LANES * arch.lane_width,
        kib(arch.banks * bank),
        kib(staging)
    );
    let clock = if arch.link_clock == LinkClock::Async { " with a clock of its own" } else { "" };
    let _ = writeln!(text, "  link      AXI4, {} b{clock}; AXI4-Lite registers; interrupt", arch.link_width);
    let _ = writeln!(
        text,
        "  files     {}: {} modules, {lines} lines of Verilog in rtl/, {} files in all",
        folder.display(),
        modules.len(),
        files.len()
    );
    let _ = writeln!(text, "\nNext: run a layer through it and compare every output with the golden convolution:");
    let _ = writeln!(
        text,
        "  cargo run --release --bin sim -- conv {} --layer alexnet/conv3 --seed 1 --engine verilator",
        design.arguments()
    );
    let _ = writeln!(text, "or its own testbench: make -C {} -f design.mk sim-icarus", folder.display());
    text
}

/// What the ifmap ports of an array of one plane give its columns at once.
fn ports(arch: &Arch) -> String {
    let (words, reads) = (arch.port_lanes(), arch.cols.div_ceil(arch.gathered(1)));
    let each = format!("{} of {words} adjacent words at once: those of all columns", arch.ifmap_ports());
    match reads {
        1 => format!("{each} with a horizontal stride of 1"),
        _ => format!("{each} take {reads} cycles with a horizontal stride of 1 (a larger --glb-kb reads more at once)"),
    }
}
