//! What was measured as tables.

use super::{Kind, Measured, MeasuredLayer, Sides};
use crate::compare::{text::number, Figures, REFERENCE};
use crate::mapping_report::{table, ASYNC_NOTE};
use crate::prediction::{COUNTERS, FIGURES};
use gen::design::design_name;

/// The designs, what their counters and the mapper's model show, and whether the two are equal.
pub fn tables(measured: &[Measured]) -> String {
    measured.iter().map(|measured| of_one(measured).join("\n")).collect::<Vec<_>>().join("\n\n")
}

fn of_one(measured: &Measured) -> Vec<String> {
    let Measured { network, batch, engine, .. } = measured;
    let goal = format!("{:?}", measured.objective).to_lowercase();
    let mut parts = vec![format!(
        "{network}, N = {batch}, on accelerators of each dataflow in {engine}, each layer mapped for {goal}\n{}",
        designs(measured)
    )];
    for kind in &measured.kinds {
        let heading = |from: &str| format!("{} layers, {from}: energy of a MAC, in MACs (ISCA 2016)", kind.kind);
        let of = |heading, side: fn(&Sides<Figures>) -> Figures| format!("{heading}\n{}", energies(kind, side));
        parts.push(of(heading("from the hardware's counters"), |sides| sides.measured));
        parts.push(of(heading("by the mapper's model, before the runs"), |sides| sides.predicted));
    }
    parts.push(verdict(measured));
    parts
}

fn designs(measured: &Measured) -> String {
    let header =
        ["dataflow", "design", "PEs", "RF B", "accumulator B", "buffer KB", "logic", "memories", "kNAND2", "area"];
    let reference = measured.designs.iter().find(|built| built.dataflow == REFERENCE);
    let rows = measured.designs.iter().map(|built| {
        let (spec, area) = (&built.design, &built.area);
        let kilo = |nand2: f64| format!("{:.0}", nand2 / 1e3);
        [
            built.dataflow.clone(),
            design_name(spec),
            (spec.rows * spec.cols).to_string(),
            format!("{:.0}", built.rf_bytes),
            format!("{:.0}", built.accumulator_bytes),
            spec.glb_kb.to_string(),
            kilo(area.logic),
            kilo(area.memories),
            kilo(area.total()),
            number(reference.map(|reference| area.total() / reference.area.total())),
        ]
    });
    table(header, rows.collect()).to_string()
}

/// Each layer by each dataflow, and all of them if there are some.
fn energies(kind: &Kind, side: fn(&Sides<Figures>) -> Figures) -> String {
    let header = [
        "layer",
        "dataflow",
        "ALU",
        "RF",
        "array",
        "GLB",
        "DRAM",
        "ifmap",
        "filter",
        "psum",
        "commands",
        "all",
        "to RS",
        "DRAM a MAC",
        "cycles",
        "EDP to RS",
    ];
    let layers = kind.dataflows.first().map_or(&[][..], |of| &of.layers);
    let mut rows = Vec::new();
    for (index, layer) in layers.iter().enumerate() {
        let of = kind.dataflows.iter().map(|of| (of.dataflow.as_str(), side(&of.layers[index].figures)));
        rows.extend(rows_of(&layer.layer, &of.collect::<Vec<_>>()));
    }
    if layers.len() > 1 {
        let of = kind.dataflows.iter().map(|of| (of.dataflow.as_str(), side(&of.total)));
        rows.extend(rows_of("all", &of.collect::<Vec<_>>()));
    }
    table(header, rows).to_string()
}

fn rows_of(layer: &str, dataflows: &[(&str, Figures)]) -> Vec<Vec<String>> {
    let reference = dataflows.iter().find(|(dataflow, _)| *dataflow == REFERENCE).map(|(_, figures)| *figures);
    let row = |(index, (dataflow, figures)): (usize, &(&str, Figures))| {
        let (level, moved) = (figures.energy.by_level(), figures.energy.by_type());
        let levels = [level.alu, level.rf, level.array, level.glb, level.dram];
        let moved = [moved.ifmap, moved.filter, moved.psum, moved.control, level.total()];
        let energies = levels.into_iter().chain(moved).map(|energy| format!("{:.3}", energy / figures.macs));
        let to = |of: fn(&Figures) -> f64| number(reference.as_ref().map(|reference| of(figures) / of(reference)));
        let dram = format!("{:.5}", figures.dram_words / figures.macs);
        let name = if index == 0 { layer } else { "" };
        let names = [name.to_string(), dataflow.to_string()];
        let beside = [to(Figures::per_mac), dram, format!("{:.0}", figures.delay), to(Figures::edp)];
        names.into_iter().chain(energies).chain(beside).collect()
    };
    dataflows.iter().enumerate().map(row).collect()
}

/// Whether all is as golden and the model have it.
fn verdict(measured: &Measured) -> String {
    let runs = measured.runs().count();
    let outputs: usize = measured.runs().map(|(_, run)| run.outputs).sum();
    let wrong = measured.runs().filter(|(_, run)| !run.wrong.is_empty()).count();
    let differing = measured.runs().filter(|(_, run)| !run.differences.is_empty()).count();
    let golden = match wrong {
        0 => format!("All {outputs} outputs of {runs} runs equal golden."),
        _ => format!("In {wrong} of {runs} runs, OUTPUTS DIFFER from golden."),
    };
    let model = match differing {
        0 => format!(
            "The tables are equal: in each run {COUNTERS} counters, {FIGURES} figures of accesses and the cycles are the model's."
        ),
        _ => format!("In {differing} of {runs} runs, COUNTS DIFFER from the model."),
    };
    let off = |run: &MeasuredLayer| (run.estimated_cycles as f64 / run.cycles.measured.max(1) as f64 - 1.0).abs();
    let off = measured.runs().map(|(_, run)| off(run)).fold(0.0, f64::max);
    let estimate = format!("The cycles that mappings were chosen by were within {:.2} %.", 100.0 * off);
    let estimated = measured.designs.iter().any(|built| built.cycles_estimated);
    let notes = [golden, model, if estimated { ASYNC_NOTE.to_string() } else { estimate }];
    notes.join("\n")
}
