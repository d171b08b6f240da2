//! What a run of a layer is reported as, for people and as JSON.

use crate::machine::{Done, EngineKind};
use comfy_table::{presets, CellAlignment, Table, TableComponent};
use gen::mapper::{Accesses, AnyMapping, Bound, Energy};
use gen::numerics::{Numerics, Output};
use gen::shape::ConvShape;
use hw::rlc::CODE_BYTES;
use hw::Arch;
use ndarray::Array4;
use serde::Serialize;

/// The outcome of a layer on an engine. Counts are the hardware's own; the golden engine has none.
#[derive(Clone, Debug, Serialize)]
pub struct LayerReport {
    /// Name of the layer.
    pub layer: String,
    /// MACs of the convolution, padding included.
    pub macs: u64,
    /// Cycles from the start to the last word in memory.
    pub cycles: u64,
    /// `macs` over the number of PEs.
    pub cycles_ideal: u64,
    /// PEs that the mapping gives work.
    pub active_pes: usize,
    /// `macs` over cycles and PEs.
    pub utilization: f64,
    /// Bytes read from DRAM.
    pub dram_read_bytes: u64,
    /// Bytes written to DRAM.
    pub dram_write_bytes: u64,
    /// Bytes of these that were codes of a compressed ifmap.
    pub rlc_read_bytes: u64,
    /// Bytes of these that were codes of a compressed ofmap.
    pub rlc_write_bytes: u64,
    /// Bytes read from the global buffer.
    pub glb_read_bytes: u64,
    /// Bytes written to the global buffer.
    pub glb_write_bytes: u64,
    /// MACs whose ifmap word is zero.
    pub gated_macs: u64,
    /// Accesses at each level, words.
    pub accesses: Accesses,
    /// Energy of these by level, in MACs, with the costs of ISCA 2016.
    pub energy: Energy,
    /// Outputs that were compared.
    pub outputs: usize,
    /// Outputs that differ from golden.
    pub mismatches: usize,
    /// The engine.
    pub engine: &'static str,
    /// Seconds for the run, without building the engine.
    pub wall_s: f64,
    /// Simulated cycles a second.
    pub cycles_per_s: f64,
    /// Arithmetic shift right of each product.
    pub psum_shift: u32,
    /// Shift right of the requantised output; none if it is raw.
    pub shift: Option<u32>,
    /// Share of zeros in the ifmap.
    pub ifmap_zeros: f64,
    /// The part of the accelerator that sets the pace, by the mapper's estimate.
    pub bound: Option<Bound>,
    /// The mapping.
    pub mapping: Option<AnyMapping>,
}

/// The first outputs that differ, in words.
const SHOWN_MISMATCHES: usize = 5;

impl LayerReport {
    /// The report of a golden run, which is right by definition.
    pub fn golden(layer: &str, shape: &ConvShape, arch: &Arch, ofmap: &Array4<i64>, wall_s: f64) -> LayerReport {
        LayerReport {
            layer: layer.into(),
            macs: shape.macs(),
            cycles: 0,
            cycles_ideal: shape.macs().div_ceil(arch.pes() as u64),
            active_pes: 0,
            utilization: 0.0,
            dram_read_bytes: 0,
            dram_write_bytes: 0,
            rlc_read_bytes: 0,
            rlc_write_bytes: 0,
            glb_read_bytes: 0,
            glb_write_bytes: 0,
            gated_macs: 0,
            accesses: Accesses::default(),
            energy: Energy::default(),
            outputs: ofmap.len(),
            mismatches: 0,
            engine: EngineKind::Golden.name(),
            wall_s,
            cycles_per_s: 0.0,
            psum_shift: 0,
            shift: None,
            ifmap_zeros: 0.0,
            bound: None,
            mapping: None,
        }
    }

    /// The report of a run, compared with golden.
    pub fn new(
        layer: &str,
        shape: &ConvShape,
        arch: &Arch,
        kind: EngineKind,
        done: &Done,
        golden: &Array4<i64>,
    ) -> LayerReport {
        let wall_s = done.wall.as_secs_f64();
        let count = |name: &str| done.run.counters.get(name).unwrap_or_default();
        let bytes = |words: u64, bits: usize| words * bits as u64 / 8;
        let cycles = count("CYCLES");
        let accesses = Accesses::counted(arch, count);
        let mismatches = done.ofmap.as_ref().map_or(golden.len(), |ofmap| differing(ofmap, golden).count());
        LayerReport {
            cycles,
            active_pes: done.plan.active_pes(),
            utilization: shape.macs() as f64 / (cycles.max(1) as f64 * arch.pes() as f64),
            dram_read_bytes: count("READ_BEATS") * arch.link_bytes() as u64,
            dram_write_bytes: count("WRITE_BYTES"),
            rlc_read_bytes: count("RLC_READ_CODES") * CODE_BYTES as u64,
            rlc_write_bytes: count("RLC_WRITE_CODES") * CODE_BYTES as u64,
            glb_read_bytes: bytes(count("GLB_IFMAP_READS"), arch.width)
                + bytes(count("GLB_PSUM_READS"), arch.psum_width),
            glb_write_bytes: bytes(count("GLB_IFMAP_WRITES"), arch.width)
                + bytes(count("GLB_PSUM_WRITES"), arch.psum_width),
            gated_macs: count("GATED_MACS"),
            accesses,
            energy: accesses.energy(done.plan.psum_words()),
            mismatches,
            engine: kind.name(),
            cycles_per_s: done.run.cycles as f64 / wall_s.max(1e-9),
            mapping: Some(done.plan.mapping()),
            ..LayerReport::golden(layer, shape, arch, golden, wall_s)
        }
    }
}

impl LayerReport {
    /// The report with what the layer was made of.
    pub fn of(self, numerics: &Numerics, output: &Output, ifmap: &Array4<i64>) -> LayerReport {
        let zeros = ifmap.iter().filter(|&&word| word == 0).count();
        let shift = match output {
            Output::Raw => None,
            Output::Quantised(requant) => Some(requant.shift(0)),
        };
        let ifmap_zeros = zeros as f64 / ifmap.len() as f64;
        LayerReport { psum_shift: numerics.psum_shift, shift, ifmap_zeros, ..self }
    }
}

fn differing<'a>(
    ofmap: &'a Array4<i64>,
    golden: &'a Array4<i64>,
) -> impl Iterator<Item = ((usize, usize, usize, usize), i64, i64)> + 'a {
    ofmap.indexed_iter().zip(golden).filter(|((_, is), expected)| is != expected).map(|((at, is), e)| (at, *is, *e))
}

/// The first mismatches, a line each.
pub fn mismatch_lines(ofmap: &Array4<i64>, golden: &Array4<i64>) -> Vec<String> {
    differing(ofmap, golden)
        .take(SHOWN_MISMATCHES)
        .map(|((n, m, e, f), is, expected)| format!("ofmap[{n}][{m}][{e}][{f}] is {is}, golden has {expected}"))
        .collect()
}

/// Reports as a table.
pub fn table(reports: &[LayerReport]) -> String {
    let mut table = Table::new();
    table.set_header([
        "layer",
        "MMAC",
        "cycles",
        "ideal",
        "busy",
        "PEs",
        "GLB MB",
        "DRAM MB",
        "gated",
        "zeros",
        "shifts",
        "outputs",
        "wrong",
        "s",
        "kcycles/s",
    ]);
    let mega = |x: u64| format!("{:.2}", x as f64 / 1e6);
    for r in reports {
        table.add_row([
            r.layer.clone(),
            mega(r.macs),
            r.cycles.to_string(),
            r.cycles_ideal.to_string(),
            format!("{:.1} %", 100.0 * r.utilization),
            r.active_pes.to_string(),
            mega(r.glb_read_bytes + r.glb_write_bytes),
            mega(r.dram_read_bytes + r.dram_write_bytes),
            mega(r.gated_macs),
            format!("{:.1} %", 100.0 * r.ifmap_zeros),
            r.shift.map_or(r.psum_shift.to_string(), |shift| format!("{}, {shift}", r.psum_shift)),
            r.outputs.to_string(),
            r.mismatches.to_string(),
            format!("{:.1}", r.wall_s),
            format!("{:.1}", r.cycles_per_s / 1e3),
        ]);
    }
    if reports.len() > 1 {
        table.add_row(total(reports));
    }
    layout(table)
}

/// What all layers come to.
fn total(reports: &[LayerReport]) -> Vec<String> {
    let sum = |of: &dyn Fn(&LayerReport) -> u64| reports.iter().map(of).sum::<u64>();
    let mega = |x: u64| format!("{:.2}", x as f64 / 1e6);
    let (cycles, ideal) = (sum(&|r| r.cycles), sum(&|r| r.cycles_ideal));
    let wall_s: f64 = reports.iter().map(|r| r.wall_s).sum();
    vec![
        "all".into(),
        mega(sum(&|r| r.macs)),
        cycles.to_string(),
        ideal.to_string(),
        format!("{:.1} %", 100.0 * if cycles > 0 { ideal as f64 / cycles as f64 } else { 0.0 }),
        String::new(),
        mega(sum(&|r| r.glb_read_bytes + r.glb_write_bytes)),
        mega(sum(&|r| r.dram_read_bytes + r.dram_write_bytes)),
        mega(sum(&|r| r.gated_macs)),
        String::new(),
        String::new(),
        sum(&|r| r.outputs as u64).to_string(),
        sum(&|r| r.mismatches as u64).to_string(),
        format!("{wall_s:.1}"),
        format!("{:.1}", cycles as f64 / wall_s.max(1e-9) / 1e3),
    ]
}

/// A table in the style of this project: lines under the header alone, numbers to the right.
pub fn layout(mut table: Table) -> String {
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.remove_style(TableComponent::HorizontalLines).remove_style(TableComponent::MiddleIntersections);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
        column.set_padding((1, 0));
    }
    table.to_string()
}
