//! What a mapping is reported as, for people and as JSON.

use comfy_table::{presets, CellAlignment, Row, Table, TableComponent};
use gen::mapper::matrix::MatrixMapping;
use gen::mapper::{Accesses, AnyMapping, Cost, Costed, Counts, Energy, Goal, Mapping, Words};
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
    pub mapping: AnyMapping,
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
    pub fn new(layer: String, plan: &dyn Costed, goal: &Goal) -> Mapped {
        let counts = plan.counts(goal.ofmap_bytes);
        let accesses = plan.accesses(&counts);
        Mapped {
            layer,
            shape: *plan.shape(),
            mapping: plan.mapping(),
            cost: plan.time(&goal.link, goal.ofmap_bytes),
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
pub fn table<'a, R>(header: impl IntoIterator<Item = &'a str>, rows: Vec<R>) -> Table
where
    R: IntoIterator<Item = String>,
{
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(header);
    table.add_rows(rows.into_iter().map(Row::from));
    table.remove_style(TableComponent::HorizontalLines).remove_style(TableComponent::MiddleIntersections);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
        column.set_padding((1, 0));
    }
    table
}

fn pace(mapped: &[Mapped]) -> Table {
    let parts = ["PEs", "MACs", "ifmap", "filter", "psum", "store", "DRAM", "cycles", "busy", "bound by"];
    let kilo = |cycles: u64| (cycles / 1000).to_string();
    // All mappings are of one dataflow.
    let names = mapped.first().map(choices).into_iter().flatten().map(|(name, _)| name);
    let header: Vec<&str> = std::iter::once("layer").chain(names).chain(parts).collect();
    let rows = mapped.iter().map(|m| {
        let Mapped { layer, shape, cost, .. } = m;
        let peak = cost.pes as f64 * cost.cycles as f64;
        let mut row = vec![layer.clone()];
        row.extend(choices(m).into_iter().map(|(_, value)| value));
        row.push(cost.active_pes.to_string());
        row.extend([cost.macs, cost.ifmap, cost.filter, cost.psum, cost.store, cost.dram, cost.cycles].map(kilo));
        row.extend([format!("{:.1} %", 100.0 * shape.macs() as f64 / peak), cost.bound.name().into()]);
        row
    });
    let mut rows: Vec<_> = rows.collect();
    if mapped.len() > 1 {
        let mut total = vec![String::new(); header.len()];
        total[0] = "all".into();
        total[header.len() - 3] = kilo(mapped.iter().map(|m| m.cost.cycles).sum());
        rows.push(total);
    }
    table(header, rows)
}

/// The choices of a mapping, by name.
pub(crate) fn choices(mapped: &Mapped) -> Vec<(&'static str, String)> {
    let number = |(name, value): (&'static str, usize)| (name, value.to_string());
    match &mapped.mapping {
        AnyMapping::Rs(m) => {
            let sizes = [("n", m.n), ("m", m.m), ("e", m.e), ("p", m.p), ("q", m.q), ("r", m.r), ("t", m.t())];
            sizes.into_iter().map(number).chain([("cut", cuts(m, &mapped.shape))]).collect()
        }
        AnyMapping::Matrix(MatrixMapping { n, m, e, windows, channels, tiles }) => {
            let sizes = [("n", n), ("m", m), ("e", e), ("windows", windows), ("channels", channels), ("tiles", tiles)];
            sizes.map(|(name, value)| number((name, *value))).into()
        }
    }
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
    let mut header = vec![
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
    let with_accumulators = mapped.iter().any(|m| m.accesses.accumulators > 0);
    if with_accumulators {
        header.push("accumulators\npsum");
    }
    let mega = |words: u64| format!("{:.2}", words as f64 / 1e6);
    let row = |Mapped { layer, accesses: a, .. }: &Mapped| {
        let Accesses { rf, array, glb, dram, accumulators, .. } = a;
        let mut row = vec![layer.clone()];
        row.extend(
            [rf, array, glb, dram]
                .into_iter()
                .flat_map(|Words { ifmap, filter, psum }| [*ifmap, *filter, *psum].map(mega)),
        );
        row.extend(with_accumulators.then(|| mega(*accumulators)));
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
