//! A comparison as tables.

use super::{Compared, Comparison, Figures, Kind, Paper, REFERENCE};
use crate::mapping_report::table;
use gen::taxonomy::{Dataflow, DATAFLOWS};

/// Comparisons as tables, each with what is published of it, and all of them together if there are several.
pub fn tables(comparisons: &[Comparison]) -> String {
    let paper = Paper::isca2016();
    let mut parts: Vec<String> = comparisons.iter().flat_map(|comparison| of_one(comparison, &paper)).collect();
    if comparisons.len() > 1 {
        parts.extend(together(comparisons, &paper));
    }
    parts.push(kept());
    parts.join("\n")
}

fn of_one(comparison: &Comparison, paper: &Paper) -> Vec<String> {
    let Comparison { network, pes, batch, rf_area, .. } = comparison;
    let known = (paper.network == *network).then_some(paper);
    let mut parts = vec![format!(
        "{network} on {pes} PEs, N = {batch}, storage of the same area (a byte of a 512 B register file is {rf_area} of the buffer)"
    )];
    for kind in &comparison.kinds {
        parts.push(format!(
            "{} layers: energy of a MAC, in MACs (ISCA 2016), by level and by what is moved\n{}",
            kind.kind,
            energies(kind)
        ));
        let of_conv = known.filter(|paper| paper.shows(network, kind));
        parts.push(format!("Beside {REFERENCE}\n{}", beside_reference(comparison, kind, of_conv)));
        parts.push(format!("Energy of a MAC by layer\n{}", by_layer(comparison, kind, known)));
        parts.extend(of_conv.and_then(|paper| beside_levels(comparison, kind, paper)));
        parts.extend(headline(kind));
    }
    parts.extend(dram(comparison, paper));
    parts
}

pub(super) fn number(figure: Option<f64>) -> String {
    figure.map_or("–".into(), |figure| format!("{figure:.2}"))
}

fn energies(kind: &Kind) -> String {
    let header =
        ["dataflow", "RF B", "buffer KB", "ALU", "RF", "array", "GLB", "DRAM", "ifmap", "filter", "psum", "all"];
    let rows = kind.dataflows.iter().map(|compared| {
        let figures = |total: Figures| {
            let (level, moved) = (total.energy.by_level(), total.energy.by_type());
            let levels = [level.alu, level.rf, level.array, level.glb, level.dram];
            let all = [moved.ifmap, moved.filter, moved.psum, level.total()];
            let all = levels.into_iter().chain(all);
            all.map(|energy| format!("{:.3}", energy / total.macs)).collect::<Vec<_>>()
        };
        let figures = compared.total.map_or(vec!["–".to_string(); 9], figures);
        let storage = format!("{:.0}", compared.buffer_bytes as f64 / 1024.0);
        let chip = [compared.dataflow.to_string(), compared.rf_bytes.to_string(), storage];
        chip.into_iter().chain(figures).collect::<Vec<_>>()
    });
    table(header, rows.collect()).to_string()
}

fn beside_reference(comparison: &Comparison, kind: &Kind, paper: Option<&Paper>) -> String {
    let header = ["dataflow", "energy", "paper", "ratio", "DRAM a MAC", "DRAM", "PEs", "EDP"];
    let reference = kind.of(REFERENCE).and_then(|compared| compared.total);
    let to = |of: &dyn Fn(&Figures) -> f64, total: Option<Figures>| Some(of(&total?) / of(&reference?));
    let rows = kind.dataflows.iter().map(|compared| {
        let published = paper.and_then(|paper| {
            let of = |dataflow| paper.conv(comparison.pes, comparison.batch, dataflow);
            Some(of(compared.dataflow)? / of(REFERENCE)?)
        });
        let total = compared.total;
        let energy = to(&Figures::per_mac, total);
        [
            compared.dataflow.into(),
            number(energy),
            number(published),
            number(energy.zip(published).map(|(here, paper)| here / paper)),
            total.map_or("–".into(), |total| format!("{:.5}", total.dram_words / total.macs)),
            number(to(&|total| total.dram_words / total.macs, total)),
            total.map_or("–".into(), |total| format!("{:.0}", total.active_pes())),
            number(to(&Figures::edp, total)),
        ]
    });
    table(header, rows.collect()).to_string()
}

fn by_layer(comparison: &Comparison, kind: &Kind, paper: Option<&Paper>) -> String {
    let mut header: Vec<&str> = vec!["layer"];
    header.extend(kind.dataflows.iter().map(|compared| compared.dataflow));
    header.extend(["paper, RS", "ratio"]);
    let rows = (0..kind.dataflows[0].layers.len()).map(|index| {
        let name = &kind.dataflows[0].layers[index].layer;
        let figures = |compared: &Compared| compared.layers[index].figures;
        let mut row = vec![name.clone()];
        row.extend(kind.dataflows.iter().map(|compared| number(figures(compared).map(|figures| figures.per_mac()))));
        let published = paper.and_then(|paper| paper.layer(comparison.pes, comparison.batch, name));
        let here = kind.of(REFERENCE).and_then(figures);
        row.extend([published, here.zip(published).map(|(here, paper)| here.per_mac() / paper)].map(number));
        row
    });
    table(header, rows.collect()).to_string()
}

/// The CONV layers' levels beside the paper's, where it shows them.
fn beside_levels(comparison: &Comparison, kind: &Kind, paper: &Paper) -> Option<String> {
    let published = |dataflow| paper.levels(comparison.pes, comparison.batch, dataflow);
    published(REFERENCE)?;
    let header = ["dataflow", "RF", "paper", "array", "paper", "GLB", "paper", "DRAM", "paper"];
    let rows = kind.dataflows.iter().map(|compared| {
        let here = compared.total.map(|total| {
            let level = total.energy.by_level();
            [level.rf, level.array, level.glb, level.dram].map(|energy| energy / total.macs)
        });
        let known = published(compared.dataflow);
        let levels = (0..4).flat_map(|level| [here, known].map(|energies| number(energies.map(|of| of[level]))));
        std::iter::once(compared.dataflow.to_string()).chain(levels).collect::<Vec<_>>()
    });
    let source = &paper.source;
    Some(format!("Energy of a MAC by level beside {source}, figure 12\n{}", table(header, rows.collect())))
}

/// How much less energy the reference needs than each other dataflow.
fn headline(kind: &Kind) -> Option<String> {
    let reference = kind.per_mac(REFERENCE)?;
    let others = kind.dataflows.iter().filter(|compared| compared.dataflow != REFERENCE);
    let ratios: Vec<f64> = others.filter_map(|compared| Some(compared.total?.per_mac() / reference)).collect();
    let (low, high) = ratios.iter().fold((f64::MAX, 0.0_f64), |(low, high), r| (low.min(*r), high.max(*r)));
    (!ratios.is_empty()).then(|| {
        format!("The others need {low:.1} to {high:.1} times the energy of {REFERENCE} on {} layers\n", kind.kind)
    })
}

/// DRAM accesses of an image without reuse, four for each MAC, and at best.
fn dram(comparison: &Comparison, paper: &Paper) -> Option<String> {
    let ((dataflow, least), macs) = (comparison.least_dram()?, comparison.macs()?);
    let mega = |words: f64| format!("{:.1} M", words / 1e6);
    let published = match paper.shows_dram(comparison) {
        true => format!(" (the talk: {:.0} M, {:.0} M)", paper.dram.none / 1e6, paper.dram.least / 1e6),
        false => String::new(),
    };
    let (none, least) = (mega(4.0 * macs), mega(least));
    Some(format!("DRAM accesses of an image: {none} without reuse, {least} by {dataflow}{published}\n"))
}

/// Energy of each comparison's layers to that by the reference in the first one, as in the paper's figure 12.
fn together(comparisons: &[Comparison], paper: &Paper) -> Vec<String> {
    let first = &comparisons[0];
    let known = paper.conv.first().is_some_and(|conv| (conv.pes, conv.batch) == (first.pes, first.batch));
    let of_kind = |kind: &Kind| {
        let reference = kind.per_mac(REFERENCE)?;
        let shown = known && paper.shows(&first.network, kind);
        let mut header: Vec<&str> = vec!["PEs", "N"];
        header.extend(DATAFLOWS.iter().flat_map(|dataflow| [dataflow.id(), "paper"]));
        let rows = comparisons.iter().map(|comparison| {
            let figures = |dataflow: &&dyn Dataflow| {
                let here = comparison.kind(kind.kind).and_then(|kind| kind.per_mac(dataflow.id()));
                let published = paper.conv(comparison.pes, comparison.batch, dataflow.id());
                [here.map(|here| here / reference), published.filter(|_| shown)].map(number)
            };
            let sizes = [comparison.pes, comparison.batch].map(|size| size.to_string());
            sizes.into_iter().chain(DATAFLOWS.iter().flat_map(figures)).collect::<Vec<_>>()
        });
        let (pes, batch, table) = (first.pes, first.batch, table(header, rows.collect()));
        Some(format!("{} layers: energy to that of {REFERENCE} on {pes} PEs, N = {batch}\n{table}", kind.kind))
    };
    first.kinds.iter().filter_map(of_kind).collect()
}

/// What the dataflows keep where.
fn kept() -> String {
    let lines =
        DATAFLOWS.iter().map(|dataflow| format!("  {:5} {}: {}", dataflow.id(), dataflow.name(), dataflow.keeps()));
    format!("What is kept where\n{}", lines.collect::<Vec<_>>().join("\n"))
}
