//! The comparison from the hardware's own counters: an accelerator of each dataflow runs the layers, and what it counts is held against the mapper's model.

mod run;
mod text;

pub use run::Experiment;
pub use text::tables;

use super::{Drawn, Figures};
use crate::prediction::Difference;
use gen::area::Area;
use gen::mapper::{Accesses, AnyMapping, Objective};
use hw::ArchSpec;
use serde::Serialize;

/// Accelerators of several dataflows with arrays and buffers of one size, with one batch.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    pub network: String,
    pub batch: usize,
    /// What ran them.
    pub engine: &'static str,
    pub objective: Objective,
    pub designs: Vec<Built>,
    /// Layers that are convolutions, and those that are fully connected, if there are some.
    pub kinds: Vec<Kind>,
}

/// An accelerator.
#[derive(Clone, Debug, Serialize)]
pub struct Built {
    /// Its dataflow, as tables name it.
    pub dataflow: String,
    pub design: ArchSpec,
    /// Scratchpads of a PE, and a column's accumulator.
    pub rf_bytes: f64,
    pub accumulator_bytes: f64,
    /// In NAND2, by the area model.
    pub area: Area,
    /// Whether cycles are estimated, as its link has a clock of its own.
    pub cycles_estimated: bool,
}

/// Layers of a kind.
#[derive(Clone, Debug, Serialize)]
pub struct Kind {
    /// CONV or FC.
    pub kind: &'static str,
    pub dataflows: Vec<OfDataflow>,
}

/// Layers on the accelerator of a dataflow.
#[derive(Clone, Debug, Serialize)]
pub struct OfDataflow {
    pub dataflow: String,
    pub layers: Vec<MeasuredLayer>,
    /// Of all layers.
    pub total: Sides<Figures>,
}

/// A layer on the accelerator of a dataflow.
#[derive(Clone, Debug, Serialize)]
pub struct MeasuredLayer {
    pub layer: String,
    pub mapping: AnyMapping,
    /// Outputs that were compared with golden.
    pub outputs: usize,
    /// What is wrong with them, if anything is.
    pub wrong: Vec<String>,
    pub cycles: Sides<u64>,
    /// As the mapping was chosen by: the beginning of a long program says how long all of it takes.
    pub estimated_cycles: u64,
    pub accesses: Sides<Accesses>,
    pub figures: Sides<Figures>,
    /// What was not counted as predicted.
    pub differences: Vec<Difference>,
}

/// From the hardware's counters, and by the mapper's model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sides<T> {
    pub measured: T,
    pub predicted: T,
}

impl Measured {
    /// All runs, with their dataflows.
    fn runs(&self) -> impl Iterator<Item = (&str, &MeasuredLayer)> {
        let dataflows = self.kinds.iter().flat_map(|kind| &kind.dataflows);
        dataflows.flat_map(|of| of.layers.iter().map(|layer| (of.dataflow.as_str(), layer)))
    }

    /// All that differs from golden or from the model, a line each.
    pub fn faults(&self) -> Vec<String> {
        let of_run = |(dataflow, run): (&str, &MeasuredLayer)| {
            let name = format!("{dataflow} {}", run.layer);
            let differences = run.differences.iter().map(|difference| difference.to_string());
            let lines: Vec<_> = run.wrong.iter().cloned().chain(differences).collect();
            lines.into_iter().map(move |line| format!("{name}: {line}"))
        };
        self.runs().flat_map(of_run).collect()
    }
}

impl From<&Measured> for Drawn {
    fn from(measured: &Measured) -> Drawn {
        let kinds = measured.kinds.iter().map(|kind| {
            let totals = kind.dataflows.iter().map(|of| (of.dataflow.clone(), Some(of.total.measured)));
            (kind.kind, totals.collect())
        });
        let size = measured.designs.first().map(|built| built.design.rows * built.design.cols).unwrap_or_default();
        Drawn { name: format!("{size}/{}", measured.batch), kinds: kinds.collect() }
    }
}

#[cfg(test)]
mod tests;
