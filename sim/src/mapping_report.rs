//! What a mapping is reported as, for people and as JSON.

use comfy_table::{presets, CellAlignment, Table, TableComponent};
use gen::mapper::{estimate, tally, Accesses, Cost, Counts, Energy, Goal, Mapping, Plan, Words};
use gen::shape::ConvShape;
use serde::Serialize;

/// A layer's mapping, and what it is predicted to take.
#[derive(Clone, Debug, Serialize)]
pub struct Mapped {
    /// Name of the layer.
    pub layer: String,
    /// Its shape.
    pub shape: ConvShape,
    /// How it is laid over the array.
    pub mapping: Mapping,
    /// Cycles.
    pub cost: Cost,
    /// What the hardware's counters will show.
    pub counts: Counts,
    /// Accesses at each level, words.
    pub accesses: Accesses,
    /// Energy at each level, in MACs.
    pub energy: Energy,
}

impl Mapped {
    /// The report of a plan.
    pub fn new(layer: String, plan: &Plan, goal: &Goal) -> Mapped {
        let counts = tally(plan, goal.ofmap_bytes);
        let accesses = Accesses::of(plan, &counts);
        Mapped {
            layer,
            shape: plan.shape,
            mapping: plan.mapping,
            cost: estimate(plan, &goal.link, goal.ofmap_bytes),
            counts,
            accesses,
            energy: accesses.energy(plan.psum_words()),
        }
    }
}

/// What is to be said of cycles that are predicted where the link has a clock of its own.
pub const ASYNC_NOTE: &str = "The link has a clock of its own: cycles are estimated; all else is exact.";

/// Mappings as tables: how layers are laid over the array and what sets their pace, and what they move.
pub fn mapping_tables(mapped: &[Mapped]) -> String {
    format!(
        "Mappings, and thousands of cycles of each part\n{}\nMillions of words moved\n{}\nEnergy, in millions of MACs\n{}",
        pace(mapped),
        accesses(mapped),
        energy(mapped)
    )
}

/// A table in the style of all reports of mappings; numbers stand on the right.
pub fn table<const N: usize>(header: [&str; N], rows: Vec<[String; N]>) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(header);
    table.add_rows(rows);
    table.remove_style(TableComponent::HorizontalLines).remove_style(TableComponent::MiddleIntersections);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
        column.set_padding((1, 0));
    }
    table
}

fn pace(mapped: &[Mapped]) -> Table {
    let header = [
        "layer", "n", "m", "e", "p", "q", "r", "t", "cut", "PEs", "MACs", "ifmap", "filter", "psum", "store", "DRAM",
        "cycles", "busy", "bound by",
    ];
    let kilo = |cycles: u64| (cycles / 1000).to_string();
    let rows = mapped.iter().map(|Mapped { layer, shape, mapping: m, cost, .. }| {
        let peak = cost.pes as f64 * cost.cycles as f64;
        [
            layer.clone(),
            m.n.to_string(),
            m.m.to_string(),
            m.e.to_string(),
            m.p.to_string(),
            m.q.to_string(),
            m.r.to_string(),
            m.t().to_string(),
            cuts(m, shape),
            cost.active_pes.to_string(),
            kilo(cost.macs),
            kilo(cost.ifmap),
            kilo(cost.filter),
            kilo(cost.psum),
            kilo(cost.store),
            kilo(cost.dram),
            kilo(cost.cycles),
            format!("{:.1} %", 100.0 * shape.macs() as f64 / peak),
            cost.bound.name().into(),
        ]
    });
    let mut rows: Vec<_> = rows.collect();
    if mapped.len() > 1 {
        let mut total = [(); 19].map(|()| String::new());
        total[0] = "all".into();
        total[16] = kilo(mapped.iter().map(|m| m.cost.cycles).sum());
        rows.push(total);
    }
    table(header, rows)
}

/// What is cut, in words.
fn cuts(m: &Mapping, shape: &ConvShape) -> String {
    let mut cuts = Vec::new();
    for (what, size, whole) in
        [("R", m.filter_rows, shape.r), ("S", m.filter_cols, shape.s), ("F", m.windows, shape.f())]
    {
        if size < whole {
            cuts.push(format!("{what} {size}/{whole}"));
        }
    }
    for (what, count) in [("folds", m.folds), ("groups", m.groups)] {
        if count > 1 {
            cuts.push(format!("{what} {count}"));
        }
    }
    cuts.join(" ")
}

fn accesses(mapped: &[Mapped]) -> Table {
    let header = [
        "layer",
        "RF\nifmap",
        "\nfilter",
        "\npsum",
        "array\nifmap",
        "\nfilter",
        "\npsum",
        "GLB\nifmap",
        "\nfilter",
        "\npsum",
        "DRAM\nifmap",
        "\nfilter",
        "\nofmap",
    ];
    let mega = |words: u64| format!("{:.2}", words as f64 / 1e6);
    let row = |Mapped { layer, accesses: a, .. }: &Mapped| {
        let Accesses { rf, array, glb, dram, .. } = a;
        let mut row = [(); 13].map(|()| layer.clone());
        for (level, Words { ifmap, filter, psum }) in [rf, array, glb, dram].into_iter().enumerate() {
            for (kind, words) in [ifmap, filter, psum].into_iter().enumerate() {
                row[1 + 3 * level + kind] = mega(*words);
            }
        }
        row
    };
    table(header, mapped.iter().map(row).collect())
}

fn energy(mapped: &[Mapped]) -> Table {
    let row = |layer: &str, e: &Energy, macs: u64| {
        let mega = |energy: f64| format!("{:.1}", energy / 1e6);
        [
            layer.to_string(),
            mega(e.alu),
            mega(e.rf),
            mega(e.array),
            mega(e.glb),
            mega(e.dram),
            mega(e.total()),
            format!("{:.2}", e.total() / macs as f64),
        ]
    };
    let mut rows: Vec<_> = mapped.iter().map(|m| row(&m.layer, &m.energy, m.shape.macs())).collect();
    if mapped.len() > 1 {
        let total = mapped.iter().fold(Energy::default(), |sum, m| sum + m.energy);
        rows.push(row("all", &total, mapped.iter().map(|m| m.shape.macs()).sum()));
    }
    table(["layer", "ALU", "RF", "array", "GLB", "DRAM", "all", "a MAC"], rows)
}
