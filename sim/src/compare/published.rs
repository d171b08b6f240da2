//! What is published of the dataflows.

use super::{Comparison, Kind};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The paper's figures; the file names its source.
const ISCA2016: &str = include_str!("../published/isca2016.toml");

/// Figures of a paper.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Of this network.
    pub network: String,
    pub source: String,
    /// Layers that [`Paper::conv`] and [`Paper::levels`] are of.
    pub conv_layers: Vec<String>,
    pub dram: DramAccesses,
    pub row_stationary: RowStationary,
    pub conv: Vec<Conv>,
    pub levels: Levels,
}

/// DRAM accesses for an image.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DramAccesses {
    /// Without any reuse on the chip.
    pub none: f64,
    /// At best.
    pub least: f64,
}

/// Energy of a MAC by layer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowStationary {
    pub pes: usize,
    pub batch: usize,
    pub layers: BTreeMap<String, f64>,
}

/// Energy by dataflow, to that of row stationary at the first entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conv {
    pub pes: usize,
    pub batch: usize,
    pub energy: BTreeMap<String, f64>,
}

/// Energy by dataflow and level in the unit of [`Conv`].
#[derive(Clone, Debug, Deserialize)]
pub struct Levels {
    pub pes: usize,
    pub batch: usize,
    /// A MAC.
    pub alu: f64,
    #[serde(flatten)]
    pub dataflows: BTreeMap<String, Level>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    pub rf: f64,
    pub array: f64,
    pub glb: f64,
    pub dram: f64,
}

impl Paper {
    /// ISCA 2016.
    ///
    /// # Panics
    /// Never: a test parses the file.
    pub fn isca2016() -> Paper {
        toml::from_str(ISCA2016).expect("the paper's figures are TOML")
    }

    /// Whether its figures of CONV layers are of these.
    pub fn shows(&self, network: &str, kind: &Kind) -> bool {
        network == self.network && kind.layers().eq(self.conv_layers.iter().map(String::as_str))
    }

    /// Whether its figures of DRAM accesses are of these layers.
    pub fn shows_dram(&self, comparison: &Comparison) -> bool {
        let layers = comparison.kinds.iter().flat_map(Kind::layers);
        comparison.network == self.network
            && comparison.batch == 1
            && layers.eq(self.row_stationary.layers.keys().map(String::as_str))
    }

    /// Energy of the CONV layers by a dataflow.
    pub fn conv(&self, pes: usize, batch: usize, dataflow: &str) -> Option<f64> {
        let conv = self.conv.iter().find(|conv| (conv.pes, conv.batch) == (pes, batch))?;
        conv.energy.get(dataflow).copied()
    }

    /// Energy of a MAC of a layer by row stationary, in MACs.
    pub fn layer(&self, pes: usize, batch: usize, layer: &str) -> Option<f64> {
        let known = &self.row_stationary;
        let figure = known.layers.get(layer).copied();
        figure.filter(|_| (known.pes, known.batch) == (pes, batch))
    }

    /// Energy of a MAC by level, in MACs: RF, array, buffer, DRAM.
    pub fn levels(&self, pes: usize, batch: usize, dataflow: &str) -> Option<[f64; 4]> {
        let Levels { alu, dataflows, .. } = &self.levels;
        let level = dataflows.get(dataflow).filter(|_| (self.levels.pes, self.levels.batch) == (pes, batch))?;
        Some([level.rf, level.array, level.glb, level.dram].map(|energy| energy / alu))
    }
}
