//! The layers by all dataflows on chips of the same area.

use super::PageLayer;
use crate::compare::{picture, Comparison, Drawn, REFERENCE};
use crate::networks::{Layer, Network};
use gen::mapper::Objective;
use gen::taxonomy::RF_AREA;

/// Dataflows beside each other.
pub struct ShownDataflows {
    /// Bars by level and by what is moved.
    pub chart: String,
    /// For each kind of layers and dataflow: energy of a MAC, that to the reference, DRAM accesses of a MAC.
    pub rows: Vec<[String; 4]>,
    pub reference: &'static str,
}

/// Compares all dataflows on `pes` PEs, `batch` images.
pub fn shown(network: &str, pes: usize, batch: usize, layers: &[PageLayer]) -> anyhow::Result<ShownDataflows> {
    let layer = |PageLayer { mapped, .. }: &PageLayer| Layer {
        name: mapped.layer.clone(),
        chained: false,
        shape: mapped.shape,
    };
    let network = Network { name: network.into(), layers: layers.iter().map(layer).collect() };
    let comparison = Comparison::of(&network, pes, batch, RF_AREA, Objective::Energy);
    let mut rows = Vec::new();
    for kind in &comparison.kinds {
        let reference = kind.per_mac(REFERENCE);
        rows.extend(kind.dataflows.iter().map(|compared| {
            let name = format!("{} {}", compared.dataflow, kind.kind);
            let Some(total) = compared.total else { return [name, "–".into(), "–".into(), "–".into()] };
            let to_reference = reference.map_or("–".into(), |least| format!("{:.2}", total.per_mac() / least));
            let dram = format!("{:.5}", total.dram_words / total.macs);
            [name, format!("{:.2}", total.per_mac()), to_reference, dram]
        }));
    }
    Ok(ShownDataflows { chart: picture(&[Drawn::from(&comparison)])?, rows, reference: REFERENCE })
}
