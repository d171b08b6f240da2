//! Energy of a network's layers by a table of costs, for people, as JSON and as a picture.

use crate::charts::{stacks, Bar, Part};
use crate::mapping_report::table;
use anyhow::{bail, Context};
use gen::mapper::{EnergyTable, LayerEnergy, Split};
use serde::Serialize;
use std::fs;
use std::path::Path;

/// The built-in tables besides that of ISCA 2016; each file names its source.
const BUILT_IN: [(&str, &str); 3] = [
    ("65nm", include_str!("energy_tables/65nm.toml")),
    ("45nm", include_str!("energy_tables/45nm.toml")),
    ("28nm", include_str!("energy_tables/28nm.toml")),
];
/// Name of the table of ISCA 2016.
const ISCA16: &str = "isca16";

/// The table `name`: a built-in one, or that of a file `name.toml`.
pub fn find_table(name: &str) -> anyhow::Result<EnergyTable> {
    if name == ISCA16 {
        return Ok(EnergyTable::isca16());
    }
    let text = match BUILT_IN.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => text.to_string(),
        None if Path::new(name).extension().is_some_and(|extension| extension == "toml") => {
            fs::read_to_string(name).with_context(|| format!("`{name}` cannot be read"))?
        }
        None => {
            let known: Vec<_> = BUILT_IN.iter().map(|(known, _)| *known).collect();
            bail!("there is no table `{name}`; there are {ISCA16}, {} and any `FILE.toml`", known.join(", "));
        }
    };
    let table: EnergyTable = toml::from_str(&text).with_context(|| format!("`{name}` is no table of energies"))?;
    table.check().with_context(|| format!("`{name}` is no table of energies"))?;
    Ok(table)
}

/// A layer's energy.
#[derive(Clone, Debug, Serialize)]
pub struct Spent {
    pub layer: String,
    /// MACs of the convolution, padding included.
    pub macs: u64,
    /// Share of zeros in the ifmap; none of layers together.
    pub zeros: Option<f64>,
    /// By level and by what is moved, in the table's unit.
    pub energy: LayerEnergy,
}

/// A network's energy.
#[derive(Clone, Debug, Serialize)]
pub struct EnergyReport {
    pub network: String,
    pub batch: usize,
    /// Where the costs stand.
    pub source: String,
    /// Of all energies.
    pub unit: String,
    pub layers: Vec<Spent>,
}

/// Levels and what is moved there, in the order of tables and pictures.
const KINDS: [&str; 3] = ["ifmap", "filter", "psum"];
const LEVELS: [&str; 4] = ["RF", "array", "GLB", "DRAM"];

fn levels(energy: &LayerEnergy) -> [Split; 4] {
    [energy.rf, energy.array, energy.glb, energy.dram]
}

impl EnergyReport {
    fn total(&self) -> Spent {
        Spent {
            layer: "all".into(),
            macs: self.layers.iter().map(|layer| layer.macs).sum(),
            zeros: None,
            energy: self.layers.iter().fold(LayerEnergy::default(), |sum, layer| sum + layer.energy),
        }
    }

    /// The layers, and all of them if there are some.
    fn rows(&self) -> Vec<Spent> {
        let mut rows = self.layers.clone();
        if rows.len() > 1 {
            rows.push(self.total());
        }
        rows
    }

    /// Energy by level, and by level and what is moved.
    pub fn text(&self) -> String {
        let EnergyReport { network, batch, source, unit, .. } = self;
        format!(
            "Energy of {network}, N = {batch}, in millions of {unit} ({source})\n{}\nBy what is moved\n{}",
            self.by_level(),
            self.by_type()
        )
    }

    fn by_level(&self) -> String {
        let row = |spent: &Spent| {
            let energy = spent.energy.by_level();
            let levels = [energy.alu, energy.rf, energy.array, energy.glb, energy.dram, energy.total()];
            let mut row = [(); 9].map(|()| String::new());
            row[0] = spent.layer.clone();
            row[1] = spent.zeros.map_or(String::new(), |zeros| format!("{:.1} %", 100.0 * zeros));
            for (cell, energy) in row[2..].iter_mut().zip(levels) {
                *cell = mega(energy);
            }
            row[8] = format!("{:.2}", energy.total() / spent.macs as f64);
            row
        };
        let header = ["layer", "zeros", "ALU", "RF", "array", "GLB", "DRAM", "all", "a MAC"];
        table(header, self.rows().iter().map(row).collect()).to_string()
    }

    fn by_type(&self) -> String {
        let mut header = [(); 14].map(|()| String::new());
        header[0] = "layer".into();
        header[13] = "commands".into();
        for (level, name) in LEVELS.iter().enumerate() {
            for (kind, what) in KINDS.iter().enumerate() {
                let what = if *name == "DRAM" && *what == "psum" { "ofmap" } else { what };
                header[1 + 3 * level + kind] = format!("{}\n{what}", if kind == 0 { name } else { "" });
            }
        }
        let row = |spent: &Spent| {
            let mut row = [(); 14].map(|()| spent.layer.clone());
            for (level, split) in levels(&spent.energy).into_iter().enumerate() {
                for (kind, energy) in [split.ifmap, split.filter, split.psum].into_iter().enumerate() {
                    row[1 + 3 * level + kind] = mega(energy);
                }
            }
            row[13] = mega(spent.energy.control);
            row
        };
        table(header.each_ref().map(String::as_str), self.rows().iter().map(row).collect()).to_string()
    }

    /// An SVG: for each layer a bar by level and one by what is moved.
    pub fn picture(&self) -> anyhow::Result<String> {
        let names = ["ALU", "RF", "array", "GLB", "DRAM", "ifmap", "filter", "psum", "commands"];
        let parts: Vec<Part> = names.iter().enumerate().map(|(color, name)| Part::new(name, color)).collect();
        let bars = self.layers.iter().flat_map(|spent| {
            let (level, kind) = (spent.energy.by_level(), spent.energy.by_type());
            let mut values = vec![0.0; names.len()];
            values[..5].copy_from_slice(&[level.alu, level.rf, level.array, level.glb, level.dram]);
            let mut moved = vec![0.0; names.len()];
            moved[0] = kind.alu;
            moved[5..].copy_from_slice(&[kind.ifmap, kind.filter, kind.psum, kind.control]);
            [Bar { name: spent.layer.clone(), values }, Bar { name: String::new(), values: moved }]
        });
        let bars: Vec<Bar> = bars.collect();
        stacks(&format!("millions of {}", self.unit), 1e-6, &parts, &bars)
    }
}

fn mega(energy: f64) -> String {
    format!("{:.2}", energy / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_table_is_one() {
        for name in [ISCA16, "65nm", "45nm", "28nm"] {
            let table = find_table(name).unwrap();
            assert!(!table.source.is_empty() && !table.unit.is_empty(), "{name}");
        }
    }
}
