//! Dataflows on the same network, PEs and area: the experiment of ISCA 2016, for any network.

mod measured;
mod picture;
mod published;
mod text;

pub use measured::{tables as measured_tables, Experiment, Measured};
pub use picture::{picture, Drawn};
pub use published::Paper;
pub use text::tables;

use crate::networks::Network;
use gen::mapper::{LayerEnergy, Objective};
use gen::taxonomy::area::WORD_BYTES;
use gen::taxonomy::{Chip, Dataflow, Layer, DATAFLOWS};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::iter::Sum;

/// The dataflow that others are compared with.
pub const REFERENCE: &str = "RS";
/// Kinds of layers, and whether they are fully connected.
const KINDS: [(&str, bool); 2] = [("CONV", false), ("FC", true)];

/// Dataflows on chips of one number of PEs, with one batch.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    pub network: String,
    pub pes: usize,
    pub batch: usize,
    /// Area of a byte of a register file, as [`gen::taxonomy::RF_AREA`].
    pub rf_area: f64,
    pub objective: Objective,
    /// Layers that are convolutions, and those that are fully connected, if there are some.
    pub kinds: Vec<Kind>,
}

/// Layers of a kind.
#[derive(Clone, Debug, Serialize)]
pub struct Kind {
    /// CONV or FC.
    pub kind: &'static str,
    pub dataflows: Vec<Compared>,
}

/// A dataflow on these layers.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    pub dataflow: &'static str,
    /// Its name, and what it keeps where.
    pub name: &'static str,
    pub keeps: &'static str,
    /// Register file of a PE.
    pub rf_bytes: usize,
    pub buffer_bytes: usize,
    pub layers: Vec<ComparedLayer>,
    /// Of all layers, if the chip can run them.
    pub total: Option<Figures>,
}

/// A dataflow on a layer.
#[derive(Clone, Debug, Serialize)]
pub struct ComparedLayer {
    pub layer: String,
    /// Mapping parameters by name, and what they take; none if the chip cannot run the layer.
    pub mapping: Option<BTreeMap<&'static str, usize>>,
    pub figures: Option<Figures>,
}

/// What layers take.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Figures {
    pub macs: f64,
    /// In MACs.
    pub energy: LayerEnergy,
    /// Words read from DRAM or written.
    pub dram_words: f64,
    /// MACs over PEs with work; of a run, cycles.
    pub delay: f64,
}

impl Sum for Figures {
    /// Of layers together.
    fn sum<I: Iterator<Item = Figures>>(figures: I) -> Figures {
        figures.fold(Figures::default(), |sum, figures| Figures {
            macs: sum.macs + figures.macs,
            energy: sum.energy + figures.energy,
            dram_words: sum.dram_words + figures.dram_words,
            delay: sum.delay + figures.delay,
        })
    }
}

impl Figures {
    /// Energy of a MAC, in MACs.
    pub fn per_mac(&self) -> f64 {
        self.energy.by_level().total() / self.macs
    }

    /// Energy of a MAC times its delay, on the PEs with work.
    pub fn edp(&self) -> f64 {
        self.per_mac() * self.delay / self.macs
    }

    /// PEs with work, the mean over MACs' time.
    pub fn active_pes(&self) -> f64 {
        self.macs / self.delay
    }
}

impl Comparison {
    /// Runs all layers of a network by all dataflows, each with its best mapping.
    pub fn of(network: &Network, pes: usize, batch: usize, rf_area: f64, objective: Objective) -> Comparison {
        let jobs: Vec<_> =
            DATAFLOWS.iter().flat_map(|dataflow| network.layers.iter().map(move |layer| (*dataflow, layer))).collect();
        let best = |(dataflow, layer): &(&dyn Dataflow, &crate::networks::Layer)| {
            let mapped = dataflow.best(&Layer::new(&layer.shape), &Chip::of(*dataflow, pes, rf_area), objective);
            ComparedLayer {
                layer: layer.name.clone(),
                mapping: mapped.as_ref().map(|mapped| mapped.choices.iter().copied().collect()),
                figures: mapped.map(|mapped| Figures {
                    macs: mapped.macs,
                    energy: mapped.energy(),
                    dram_words: mapped.dram_words(),
                    delay: mapped.delay(),
                }),
            }
        };
        let layers: Vec<ComparedLayer> = jobs.par_iter().map(best).collect();
        let kinds = KINDS.map(|(kind, connected)| {
            let of_kind = |index: usize| Layer::new(&network.layers[index].shape).fully_connected() == connected;
            let compared = DATAFLOWS.iter().zip(layers.chunks(network.layers.len())).map(|(dataflow, layers)| {
                let layers: Vec<_> =
                    layers.iter().enumerate().filter(|(i, _)| of_kind(*i)).map(|(_, layer)| layer.clone()).collect();
                compared(*dataflow, &Chip::of(*dataflow, pes, rf_area), layers)
            });
            Kind { kind, dataflows: compared.collect() }
        });
        let kinds = kinds.into_iter().filter(|kind| !kind.dataflows[0].layers.is_empty()).collect();
        Comparison { network: network.name.clone(), pes, batch, rf_area, objective, kinds }
    }

    /// The layers of this kind.
    pub fn kind(&self, kind: &str) -> Option<&Kind> {
        self.kinds.iter().find(|known| known.kind == kind)
    }

    /// DRAM accesses for an image by the dataflow that makes fewest, and its name; none if no dataflow can run all layers.
    pub fn least_dram(&self) -> Option<(&'static str, f64)> {
        let of = |dataflow: &dyn Dataflow| {
            let totals = self.kinds.iter().map(|kind| Some(kind.of(dataflow.id())?.total?.dram_words));
            Some((dataflow.id(), totals.sum::<Option<f64>>()? / self.batch as f64))
        };
        DATAFLOWS.iter().filter_map(|dataflow| of(*dataflow)).min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// MACs of an image.
    pub fn macs(&self) -> Option<f64> {
        let macs = self.kinds.iter().map(|kind| Some(kind.of(REFERENCE)?.total?.macs));
        Some(macs.sum::<Option<f64>>()? / self.batch as f64)
    }
}

impl Kind {
    /// Names of the layers.
    pub fn layers(&self) -> impl Iterator<Item = &str> {
        self.dataflows.iter().take(1).flat_map(|compared| compared.layers.iter().map(|layer| layer.layer.as_str()))
    }

    /// What a dataflow does.
    pub fn of(&self, dataflow: &str) -> Option<&Compared> {
        self.dataflows.iter().find(|compared| compared.dataflow == dataflow)
    }

    /// Energy of a MAC by a dataflow.
    pub fn per_mac(&self, dataflow: &str) -> Option<f64> {
        Some(self.of(dataflow)?.total?.per_mac())
    }
}

fn compared(dataflow: &dyn Dataflow, chip: &Chip, layers: Vec<ComparedLayer>) -> Compared {
    Compared {
        dataflow: dataflow.id(),
        name: dataflow.name(),
        keeps: dataflow.keeps(),
        rf_bytes: chip.rf_words * WORD_BYTES,
        buffer_bytes: chip.buffer_words * WORD_BYTES,
        total: layers.iter().map(|layer| layer.figures).sum(),
        layers,
    }
}

#[cfg(test)]
mod tests;
