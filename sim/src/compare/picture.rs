//! A comparison as bars.

use super::{Comparison, Figures, Kind, REFERENCE};
use crate::charts::{stacks, Bar, Part};

const LEVELS: [&str; 5] = ["ALU", "RF", "array", "GLB", "DRAM"];
const MOVED: [&str; 3] = ["ifmap", "filter", "psum"];

/// An SVG of energies to that of the reference. Of one comparison: for each kind of layers and each dataflow, a bar by level and one by what is moved. Of
/// several: for the first kind of layers a group of bars by level, dataflows in the order of the tables; the reference is that of the first.
pub fn picture(comparisons: &[Comparison]) -> anyhow::Result<String> {
    let names = LEVELS.iter().chain(&MOVED).enumerate();
    let parts: Vec<Part> = names.map(|(color, name)| Part::new(name, color)).collect();
    let first = comparisons.first().map_or(&[][..], |first| &first.kinds);
    // In MACs, if the reference cannot run all that is drawn.
    let drawn = if comparisons.len() > 1 { &first[..first.len().min(1)] } else { first };
    let relative = drawn.iter().all(|kind| kind.per_mac(REFERENCE).is_some());
    let unit_of = |kind: &Kind| kind.per_mac(REFERENCE).filter(|_| relative).unwrap_or(1.0);
    let mut bars: Vec<Bar> = match comparisons {
        [one] => one.kinds.iter().flat_map(|kind| bars_of_kind(kind, unit_of(kind))).collect(),
        several => {
            let unit = drawn.first().map_or(1.0, unit_of);
            several.iter().flat_map(|comparison| bars_by_level(comparison, unit)).collect()
        }
    };
    // Room for the legend.
    bars.extend((0..bars.len().div_ceil(8)).map(|_| gap()));
    let unit = if relative { format!("energy to that of {REFERENCE}") } else { "MACs of energy for a MAC".into() };
    stacks(&unit, 1.0, &parts, &bars)
}

fn bars_of_kind(kind: &Kind, unit: f64) -> Vec<Bar> {
    let bars = kind.dataflows.iter().filter_map(|compared| {
        let total = compared.total?;
        let name = format!("{} {}", compared.dataflow, kind.kind);
        let moved = Bar { name: String::new(), values: by_type(&total, unit) };
        Some([Bar { name, values: by_level(&total, unit) }, moved])
    });
    bars.flatten().collect()
}

fn bars_by_level(comparison: &Comparison, unit: f64) -> Vec<Bar> {
    let Some(Kind { dataflows, .. }) = comparison.kinds.first() else { return Vec::new() };
    let values = dataflows.iter().map(|compared| compared.total.map(|total| by_level(&total, unit)));
    let mut bars: Vec<Bar> = values.map(|values| Bar { values: values.unwrap_or_else(nothing), ..gap() }).collect();
    bars[dataflows.len() / 2].name = format!("{}/{}", comparison.pes, comparison.batch);
    bars.push(gap());
    bars
}

fn nothing() -> Vec<f64> {
    vec![0.0; LEVELS.len() + MOVED.len()]
}

fn gap() -> Bar {
    Bar { name: String::new(), values: nothing() }
}

fn by_level(total: &Figures, unit: f64) -> Vec<f64> {
    let level = total.energy.by_level();
    let levels = [level.alu, level.rf, level.array, level.glb, level.dram];
    levels.into_iter().chain([0.0; MOVED.len()]).map(|energy| energy / total.macs / unit).collect()
}

fn by_type(total: &Figures, unit: f64) -> Vec<f64> {
    let moved = total.energy.by_type();
    let all = [moved.alu, 0.0, 0.0, 0.0, 0.0, moved.ifmap, moved.filter, moved.psum];
    all.map(|energy| energy / total.macs / unit).to_vec()
}
