//! What the reference chip was measured at, beside what a run has counted.

use crate::report::{layout, LayerReport};
use comfy_table::Table;
use serde::Deserialize;

/// The chip's figures; the file names its source.
const EYERISS: &str = include_str!("published/eyeriss.toml");

/// A chip's measurements.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chip {
    /// Name of the chip.
    pub chip: String,
    /// Its core clock.
    pub core_mhz: f64,
    /// Networks that it ran.
    pub networks: Vec<Measured>,
}

/// A network on the chip.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// Name of the network, as in [`crate::networks`].
    pub name: String,
    /// Where the figures stand.
    pub source: String,
    /// Images.
    pub batch: usize,
    /// Its layers.
    pub layers: Vec<MeasuredLayer>,
}

/// A layer on the chip.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredLayer {
    /// Name of the layer.
    pub name: String,
    /// Time of the whole batch.
    pub ms: f64,
    /// PEs that the mapping gives work.
    pub active_pes: usize,
    /// Share of zeros in the ifmap.
    pub zeros: f64,
    /// Share of zeros in the ofmap, where that is not the next layer's ifmap.
    pub ofmap_zeros: Option<f64>,
    /// Traffic of the global buffer, 10^6 bytes.
    pub glb_mb: f64,
    /// Traffic of the DRAM, 10^6 bytes.
    pub dram_mb: f64,
}

impl Measured {
    /// Shares of zeros in a layer's ifmap and its ofmap. Of the last ofmap nothing is published; it gets the share of its ifmap.
    /// Ofmaps that are pooled get that of the next layer's ifmap, unless more is known: before pooling there are no fewer zeros.
    pub fn zeros(&self, layer: &str) -> Option<[f64; 2]> {
        let index = self.layers.iter().position(|known| known.name == layer)?;
        let layer = &self.layers[index];
        let next = self.layers.get(index + 1).unwrap_or(layer);
        Some([layer.zeros, layer.ofmap_zeros.unwrap_or(next.zeros)])
    }
}

/// Cycles, GLB MB and DRAM MB.
type Sums = [f64; 3];

impl Chip {
    /// Eyeriss, as published.
    ///
    /// # Panics
    /// Never: a test parses the file.
    pub fn eyeriss() -> Chip {
        toml::from_str(EYERISS).expect("the chip's figures are TOML")
    }

    /// The chip's figures for a network.
    pub fn network(&self, name: &str) -> Option<&Measured> {
        self.networks.iter().find(|network| network.name == name)
    }

    /// The run of a network of `batch` images beside the chip's, as a table under a line that says what it is; `None` if the
    /// chip's figures hold none of its layers, or the engine counts no cycles.
    pub fn beside(&self, network: &str, batch: usize, reports: &[LayerReport]) -> Option<String> {
        let measured = self.network(network)?;
        let images = batch as f64 / measured.batch as f64;
        let mut table = Table::new();
        table.set_header([
            "layer", "cycles", "chip", "ratio", "PEs", "chip", "GLB MB", "chip", "ratio", "DRAM MB", "chip", "ratio",
            "bound by",
        ]);
        let mut sums: Vec<(Sums, Sums)> = vec![];
        for report in reports.iter().filter(|report| report.cycles > 0) {
            let Some(layer) = measured.layers.iter().find(|layer| layer.name == report.layer) else { continue };
            let mega = |bytes: u64| bytes as f64 / 1e6;
            let here = [
                report.cycles as f64,
                mega(report.glb_read_bytes + report.glb_write_bytes),
                mega(report.dram_read_bytes + report.dram_write_bytes),
            ];
            let chip = [layer.ms * self.core_mhz * 1e3, layer.glb_mb, layer.dram_mb].map(|figure| figure * images);
            let pes = [report.active_pes, layer.active_pes].map(|pes| pes.to_string());
            let bound = report.bound.map_or("", |bound| bound.name());
            table.add_row(row(&report.layer, here, chip, pes, bound));
            sums.push((here, chip));
        }
        if sums.is_empty() {
            return None;
        }
        if sums.len() > 1 {
            let total = |of: &dyn Fn(&(Sums, Sums)) -> Sums| {
                sums.iter().map(of).fold([0.0; 3], |sum, next| [0, 1, 2].map(|i| sum[i] + next[i]))
            };
            let (here, chip) = (total(&|(here, _)| *here), total(&|(_, chip)| *chip));
            table.add_row(row("all", here, chip, [String::new(), String::new()], ""));
        }
        let Measured { source, batch: measured_batch, .. } = measured;
        let scaled = match batch == *measured_batch {
            true => String::new(),
            false => format!(", whose figures are of N = {measured_batch}, scaled by image"),
        };
        let head = format!("Beside {} ({source}) at N = {batch}{scaled}", self.chip);
        Some(format!("{head}\n{}", layout(table)))
    }
}

fn row(layer: &str, here: Sums, chip: Sums, [pes, chip_pes]: [String; 2], bound: &str) -> Vec<String> {
    let [cycles, glb, dram] = [0, 1, 2].map(|i| format!("{:.2}", here[i] / chip[i]));
    let mega = |figure: f64| format!("{figure:.2}");
    vec![
        layer.into(),
        format!("{:.0}", here[0]),
        format!("{:.0}", chip[0]),
        cycles,
        pes,
        chip_pes,
        mega(here[1]),
        mega(chip[1]),
        glb,
        mega(here[2]),
        mega(chip[2]),
        dram,
        bound.into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::networks::Network;
    use expect_test::expect;
    use gen::mapper::Bound;
    use gen::shape::ConvShape;
    use hw::ArchSpec;
    use ndarray::Array4;

    #[test]
    fn every_published_layer_is_one_of_the_network() {
        for measured in Chip::eyeriss().networks {
            let network = Network::find(&measured.name).unwrap();
            measured.layers.iter().for_each(|layer| assert!(network.layer(&layer.name).is_ok(), "{}", layer.name));
        }
    }

    #[test]
    fn the_layers_make_the_published_totals() {
        let chip = Chip::eyeriss();
        for (name, ms, glb, dram) in [("alexnet", 115.3, 208.5, 15.4), ("vgg16", 4309.5, 11035.8, 321.1)] {
            let layers = &chip.network(name).unwrap().layers;
            let sum = |of: fn(&MeasuredLayer) -> f64| layers.iter().map(of).sum::<f64>();
            for (sum, total) in [(sum(|l| l.ms), ms), (sum(|l| l.glb_mb), glb), (sum(|l| l.dram_mb), dram)] {
                assert!((sum - total).abs() < 0.5, "{name}: {sum} and {total}");
            }
        }
    }

    fn report(layer: &str, cycles: u64) -> LayerReport {
        let arch = ArchSpec::default().check().unwrap();
        LayerReport {
            cycles,
            active_pes: 165,
            glb_read_bytes: 10_000_000,
            dram_write_bytes: 5_000_000,
            bound: Some(Bound::Macs),
            ..LayerReport::golden(layer, &ConvShape::default(), &arch, &Array4::zeros([1; 4]), 1.0)
        }
    }

    #[test]
    fn a_run_stands_beside_the_chip_with_ratios_and_a_total() {
        let reports = [report("conv1", 2_090_000), report("conv2", 4_190_000), report("fc6", 1_000)];
        expect![[r#"
            Beside Eyeriss (JSSC 2017, Table V) at N = 4
            ──────────────────────────────────────────────────────────────────────────────────────────────────
             layer    cycles      chip  ratio  PEs  chip  GLB MB   chip  ratio  DRAM MB  chip  ratio  bound by
            ══════════════════════════════════════════════════════════════════════════════════════════════════
             conv1   2090000   4180000   0.50  165   154   10.00  18.50   0.54     5.00  5.00   1.00      MACs
             conv2   4190000   8380000   0.50  165   135   10.00  77.60   0.13     5.00  4.00   1.25      MACs
             all     6280000  12560000   0.50              20.00  96.10   0.21    10.00  9.00   1.11          
            ──────────────────────────────────────────────────────────────────────────────────────────────────"#]]
        .assert_eq(&Chip::eyeriss().beside("alexnet", 4, &reports).unwrap());
    }

    #[test]
    fn figures_of_another_batch_are_scaled_and_it_is_said() {
        let text = Chip::eyeriss().beside("alexnet", 1, &[report("conv1", 1_045_000)]).unwrap();
        expect![[r#"
            Beside Eyeriss (JSSC 2017, Table V) at N = 1, whose figures are of N = 4, scaled by image
            ────────────────────────────────────────────────────────────────────────────────────────────────
             layer    cycles     chip  ratio  PEs  chip  GLB MB  chip  ratio  DRAM MB  chip  ratio  bound by
            ════════════════════════════════════════════════════════════════════════════════════════════════
             conv1   1045000  1045000   1.00  165   154   10.00  4.62   2.16     5.00  1.25   4.00      MACs
            ────────────────────────────────────────────────────────────────────────────────────────────────"#]]
        .assert_eq(&text);
    }

    #[test]
    fn what_the_chip_did_not_run_has_no_table() {
        let chip = Chip::eyeriss();
        assert!(chip.beside("resnet18", 1, &[report("conv1", 5)]).is_none());
        assert!(chip.beside("alexnet", 1, &[report("fc6", 5)]).is_none());
        assert!(chip.beside("alexnet", 1, &[report("conv1", 0)]).is_none());
    }
}
