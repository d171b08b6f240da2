//! A network on an accelerator as one page of HTML that needs nothing else: mappings drawn on the array, cycles, roofline, energy,
//! traffic to DRAM with and without compression, other dataflows, area.

mod area;
mod array;
mod dataflows;
mod traffic;

use crate::area::Area;
use crate::charts::{roofline, stacks, Bar, Part, Point};
use crate::mapping_report::{choices, Mapped, ASYNC_NOTE};
use crate::published::{Chip, MeasuredLayer};
use crate::traffic::{Compressed, Traffic};
use area::ShownArea;
use array::drawing;
use askama::Template;
use dataflows::ShownDataflows;
use gen::design::Design;
use gen::mapper::{AnyPlan, Bound, EnergyByType, Goal};
use hw::{Arch, LinkClock};

/// A layer of the page.
pub struct PageLayer {
    /// What is predicted of it.
    pub mapped: Mapped,
    /// How it is laid over the array.
    pub plan: AnyPlan,
    /// What it moves between DRAM and accelerator.
    pub plain: Traffic,
    /// The same with compressed feature maps, if it is known how sparse they are.
    pub compressed: Option<Compressed>,
}

struct Shown {
    name: String,
    shape: String,
    mapping: String,
    cycles: String,
    bound: &'static str,
    active: usize,
    busy: String,
    drawing: String,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    title: String,
    design: String,
    pes: usize,
    cycles: String,
    busy: String,
    note: Option<&'a str>,
    chip: Option<&'a str>,
    cycle_chart: String,
    roofline: String,
    level_chart: String,
    type_chart: String,
    traffic_chart: String,
    traffic_rows: Vec<[String; 6]>,
    all_sparse: bool,
    dataflows: ShownDataflows,
    area: Option<ShownArea>,
    synthesize: String,
    squares: &'static str,
    layers: Vec<Shown>,
}

/// The page for the layers of `network`, `batch` images, on `design`.
pub fn page(
    network: &str,
    batch: usize,
    design: &Design,
    goal: &Goal,
    layers: &[PageLayer],
    area: Option<&Area>,
) -> anyhow::Result<String> {
    let arch = &design.arch;
    let chip = Chip::eyeriss();
    let measured = chip.network(network);
    // By image, for another batch than the chip's.
    let of_chip = |layer: &str, figure: &dyn Fn(&MeasuredLayer) -> f64| {
        let measured = measured?;
        let found = measured.layers.iter().find(|l| l.name == layer)?;
        Some(figure(found) * batch as f64 / measured.batch as f64)
    };
    let chip_cycles = |layer: &str| of_chip(layer, &|l| l.ms * chip.core_mhz * 1e3);
    let chip_bytes = |layer: &str| of_chip(layer, &|l| l.dram_mb * 1e6);
    let cycles: u64 = layers.iter().map(|l| l.mapped.cost.cycles).sum();
    let macs: u64 = layers.iter().map(|l| l.mapped.shape.macs()).sum();
    let pes = arch.pes();
    let busy = |macs: u64, cycles: u64| format!("{:.1} %", 100.0 * macs as f64 / (pes as f64 * cycles as f64));
    let shown = layers.iter().map(|PageLayer { mapped, plan, .. }| Shown {
        name: mapped.layer.clone(),
        shape: mapped.shape.to_string(),
        mapping: chosen(mapped),
        cycles: grouped(mapped.cost.cycles),
        bound: mapped.cost.bound.name(),
        active: mapped.cost.active_pes,
        busy: busy(mapped.shape.macs(), mapped.cost.cycles),
        drawing: drawing(plan),
    });
    let with_chip = layers.iter().any(|l| chip_cycles(&l.mapped.layer).is_some());
    Page {
        title: format!("{network}, N = {batch}"),
        design: format!("{} × {} PEs, {}-bit words, {}-bit psums", arch.rows, arch.cols, arch.width, arch.psum_width),
        pes,
        cycles: grouped(cycles),
        busy: busy(macs, cycles),
        note: (arch.link_clock == LinkClock::Async).then_some(ASYNC_NOTE),
        chip: with_chip.then_some(chip.chip.as_str()),
        cycle_chart: cycle_chart(layers, pes, &chip_cycles)?,
        roofline: roofline_of(layers, arch, goal)?,
        level_chart: energy_by_level(layers)?,
        type_chart: energy_by_type(layers)?,
        traffic_chart: traffic::chart(layers, &chip_bytes)?,
        traffic_rows: traffic::rows(layers, &chip_bytes),
        all_sparse: layers.iter().all(|l| l.compressed.is_some()),
        dataflows: dataflows::shown(network, pes, batch, layers)?,
        area: area.map(area::shown).transpose()?,
        synthesize: format!("scripts/synth-asic {}", design.arguments()),
        squares: array::legend(arch),
        layers: shown.collect(),
    }
    .render()
    .map_err(Into::into)
}

/// Each layer's cycles: what all PEs would take, what those without work add, what waiting for the busiest other part adds; and the chip's.
fn cycle_chart(layers: &[PageLayer], pes: usize, chip: &dyn Fn(&str) -> Option<f64>) -> anyhow::Result<String> {
    let waits = [Bound::Dram, Bound::Ifmap, Bound::Filter, Bound::Psum, Bound::Store, Bound::Macs];
    let names = ["DRAM", "ifmap bus", "filter bus", "psum lanes", "store unit", "start, end and turns"];
    let mut parts = vec![Part::new("MACs on all PEs", 0), Part::new("PEs without work", 7)];
    parts.extend(names.iter().enumerate().map(|(i, name)| Part::new(&format!("waits: {name}"), 1 + i)));
    parts.push(Part::new("the chip", 8));
    let mut bars = Vec::new();
    for PageLayer { mapped, .. } in layers {
        let cost = &mapped.cost;
        let ideal = mapped.shape.macs() as f64 / pes as f64;
        let mut values = vec![0.0; parts.len()];
        values[0] = ideal;
        values[1] = (cost.macs as f64 - ideal).max(0.0);
        let waited = cost.cycles as f64 - values[0] - values[1];
        let by = waits.iter().position(|bound| *bound == cost.bound).unwrap_or(waits.len() - 1);
        values[2 + by] = waited.max(0.0);
        bars.push(Bar { name: mapped.layer.clone(), values });
        if let Some(cycles) = chip(&mapped.layer) {
            let mut values = vec![0.0; parts.len()];
            *values.last_mut().expect("the chip's part") = cycles;
            bars.push(Bar { name: String::new(), values });
        }
    }
    stacks("millions of cycles", 1e-6, &parts, &bars)
}

/// Each layer by MACs for a byte of DRAM traffic and MACs a cycle, under what PEs and link allow.
fn roofline_of(layers: &[PageLayer], arch: &Arch, goal: &Goal) -> anyhow::Result<String> {
    let beats = goal.link.bandwidth.map_or(1.0, |(beats, cycles)| beats as f64 / cycles as f64);
    let points = layers.iter().map(|PageLayer { mapped, .. }| {
        let dram = &mapped.accesses.dram;
        let words = dram.ifmap + dram.filter + dram.psum + mapped.accesses.control;
        let macs = mapped.shape.macs() as f64;
        Point {
            name: mapped.layer.clone(),
            intensity: macs / (words * arch.word_bytes() as u64).max(1) as f64,
            pace: macs / mapped.cost.cycles as f64,
        }
    });
    roofline(arch.pes() as f64, beats * arch.link_bytes() as f64, &points.collect::<Vec<_>>())
}

fn energy_by_level(layers: &[PageLayer]) -> anyhow::Result<String> {
    let parts = ["ALU", "RF", "array", "GLB", "DRAM"].iter().enumerate().map(|(i, name)| Part::new(name, i));
    let bars = layers.iter().map(|PageLayer { mapped, .. }| {
        let e = &mapped.energy;
        Bar { name: mapped.layer.clone(), values: vec![e.alu, e.rf, e.array, e.glb, e.dram] }
    });
    stacks("millions of MACs", 1e-6, &parts.collect::<Vec<_>>(), &bars.collect::<Vec<_>>())
}

fn energy_by_type(layers: &[PageLayer]) -> anyhow::Result<String> {
    let names = ["ALU", "ifmaps", "filters", "psums, ofmaps", "commands"];
    let parts = names.iter().enumerate().map(|(i, name)| Part::new(name, i));
    let bars = layers.iter().map(|PageLayer { mapped, plan, .. }| {
        let EnergyByType { alu, ifmap, filter, psum, control } = mapped.accesses.energy_by_type(plan.psum_words());
        Bar { name: mapped.layer.clone(), values: vec![alu, ifmap, filter, psum, control] }
    });
    stacks("millions of MACs", 1e-6, &parts.collect::<Vec<_>>(), &bars.collect::<Vec<_>>())
}

/// The mapping in the field's letters.
fn chosen(mapped: &Mapped) -> String {
    let said = choices(mapped).into_iter().filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}

/// A number with a thin space between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap_or_default()).collect();
    groups.join("\u{202f}")
}
