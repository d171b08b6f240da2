//! Comparisons as bars.

use super::{Comparison, Figures, REFERENCE};
use crate::charts::{stacks, Bar, Part};

const LEVELS: [&str; 5] = ["ALU", "RF", "array", "GLB", "DRAM"];
const MOVED: [&str; 4] = ["ifmap", "filter", "psum", "commands"];

/// What is drawn of a comparison.
pub struct Drawn {
    /// What it is called among others.
    pub name: String,
    /// By kind of layers, what each dataflow takes for them, if it can run them.
    pub kinds: Vec<(&'static str, Vec<(String, Option<Figures>)>)>,
}

impl From<&Comparison> for Drawn {
    fn from(comparison: &Comparison) -> Drawn {
        let kinds = comparison.kinds.iter().map(|kind| {
            let totals = kind.dataflows.iter().map(|compared| (compared.dataflow.to_string(), compared.total));
            (kind.kind, totals.collect())
        });
        Drawn { name: format!("{}/{}", comparison.pes, comparison.batch), kinds: kinds.collect() }
    }
}

/// An SVG of energies to that of the reference. Of one comparison: for each kind of layers and each dataflow, a bar by level and one by what is moved. Of
/// several: for the first kind of layers a group of bars by level, dataflows in the order of the tables; the reference is that of the first.
pub fn picture(comparisons: &[Drawn]) -> anyhow::Result<String> {
    let names = LEVELS.iter().chain(&MOVED).enumerate();
    let parts: Vec<Part> = names.map(|(color, name)| Part::new(name, color)).collect();
    let first = comparisons.first().map_or(&[][..], |first| &first.kinds);
    // In MACs, if the reference cannot run all that is drawn.
    let drawn = if comparisons.len() > 1 { &first[..first.len().min(1)] } else { first };
    let relative = drawn.iter().all(|(_, dataflows)| reference(dataflows).is_some());
    let unit_of = |dataflows| reference(dataflows).filter(|_| relative).unwrap_or(1.0);
    let mut bars: Vec<Bar> = match comparisons {
        [one] => {
            one.kinds.iter().flat_map(|(kind, dataflows)| bars_of_kind(kind, dataflows, unit_of(dataflows))).collect()
        }
        several => {
            let unit = drawn.first().map_or(1.0, |(_, dataflows)| unit_of(dataflows));
            several.iter().flat_map(|comparison| bars_by_level(comparison, unit)).collect()
        }
    };
    // Room for the legend.
    bars.extend((0..bars.len().div_ceil(8)).map(|_| gap()));
    let unit = if relative { format!("energy to that of {REFERENCE}") } else { "MACs of energy for a MAC".into() };
    stacks(&unit, 1.0, &parts, &bars)
}

/// Energy of a MAC by the reference.
fn reference(dataflows: &[(String, Option<Figures>)]) -> Option<f64> {
    let (_, total) = dataflows.iter().find(|(dataflow, _)| dataflow == REFERENCE)?;
    Some(total.as_ref()?.per_mac())
}

fn bars_of_kind(kind: &str, dataflows: &[(String, Option<Figures>)], unit: f64) -> Vec<Bar> {
    let bars = dataflows.iter().filter_map(|(dataflow, total)| {
        let total = total.as_ref()?;
        let moved = Bar { name: String::new(), values: by_type(total, unit) };
        Some([Bar { name: format!("{dataflow} {kind}"), values: by_level(total, unit) }, moved])
    });
    bars.flatten().collect()
}

fn bars_by_level(comparison: &Drawn, unit: f64) -> Vec<Bar> {
    let Some((_, dataflows)) = comparison.kinds.first() else { return Vec::new() };
    let values = dataflows.iter().map(|(_, total)| total.as_ref().map_or_else(nothing, |total| by_level(total, unit)));
    let mut bars: Vec<Bar> = values.map(|values| Bar { values, ..gap() }).collect();
    bars[dataflows.len() / 2].name.clone_from(&comparison.name);
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
    let all = [moved.alu, 0.0, 0.0, 0.0, 0.0, moved.ifmap, moved.filter, moved.psum, moved.control];
    all.map(|energy| energy / total.macs / unit).to_vec()
}
