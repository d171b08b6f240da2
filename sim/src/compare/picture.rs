//! A comparison as bars.

use super::{Comparison, Figures, Kind};
use crate::charts::{stacks, Bar, Part};

const LEVELS: [&str; 5] = ["ALU", "RF", "array", "GLB", "DRAM"];
const MOVED: [&str; 3] = ["ifmap", "filter", "psum"];

/// An SVG: of one comparison, for each kind of layers and each dataflow, a bar by level and one by what is moved; of several, bars by level of the first
/// kind of layers.
pub fn picture(comparisons: &[Comparison]) -> anyhow::Result<String> {
    let names = LEVELS.iter().chain(&MOVED).enumerate();
    let parts: Vec<Part> = names.map(|(color, name)| Part::new(name, color)).collect();
    let bars: Vec<Bar> = match comparisons {
        [one] => one.kinds.iter().flat_map(bars_of_kind).collect(),
        several => several.iter().flat_map(bars_by_level).collect(),
    };
    stacks("MACs of energy for a MAC", 1.0, &parts, &bars)
}

fn bars_of_kind(kind: &Kind) -> Vec<Bar> {
    let bars = kind.dataflows.iter().filter_map(|compared| {
        let total = compared.total?;
        let name = format!("{} {}", compared.dataflow, kind.kind);
        Some([Bar { name, values: by_level(&total) }, Bar { name: String::new(), values: by_type(&total) }])
    });
    bars.flatten().collect()
}

fn bars_by_level(comparison: &Comparison) -> Vec<Bar> {
    let dataflows = comparison.kinds.first().map_or(&[][..], |kind| &kind.dataflows);
    let bar = |name: String, total: Figures| Bar { name, values: by_level(&total) };
    let names =
        dataflows.iter().map(|compared| format!("{} {}/{}", compared.dataflow, comparison.pes, comparison.batch));
    names.zip(dataflows).filter_map(|(name, compared)| Some(bar(name, compared.total?))).collect()
}

fn by_level(total: &Figures) -> Vec<f64> {
    let level = total.energy.by_level();
    let levels = [level.alu, level.rf, level.array, level.glb, level.dram];
    levels.into_iter().chain([0.0; MOVED.len()]).map(|energy| energy / total.macs).collect()
}

fn by_type(total: &Figures) -> Vec<f64> {
    let moved = total.energy.by_type();
    let all = [moved.alu, 0.0, 0.0, 0.0, 0.0, moved.ifmap, moved.filter, moved.psum];
    all.map(|energy| energy / total.macs).to_vec()
}
