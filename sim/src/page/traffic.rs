//! DRAM traffic with and without compression.

use super::PageLayer;
use crate::charts::{stacks, Bar, Part};
use crate::digits::significant;
use crate::traffic::Traffic;

/// What the chip moved of a layer, bytes.
pub type ChipBytes<'a> = &'a dyn Fn(&str) -> Option<f64>;

/// Bars of each layer: plain; compressed, if it is known how sparse it is; the chip's.
pub fn chart(layers: &[PageLayer], chip: ChipBytes) -> anyhow::Result<String> {
    let names = ["ifmaps", "filters", "ofmaps", "commands, parameters"];
    let mut parts: Vec<Part> = names.iter().enumerate().map(|(i, name)| Part::new(name, 1 + i)).collect();
    parts.push(Part::new("the chip", 8));
    let mut bars = Vec::new();
    for PageLayer { mapped, plain, compressed, .. } in layers {
        bars.push(Bar { name: mapped.layer.clone(), values: values(plain) });
        let compressed = compressed.iter().map(|compressed| values(&compressed.traffic));
        let chip = chip(&mapped.layer).map(|bytes| vec![0.0, 0.0, 0.0, 0.0, bytes]);
        bars.extend(compressed.chain(chip).map(|values| Bar { name: String::new(), values }));
    }
    stacks("MB", 1e-6, &parts, &bars)
}

fn values(traffic: &Traffic) -> Vec<f64> {
    let Traffic { ifmap, filter, ofmap, control } = *traffic;
    vec![ifmap as f64, filter as f64, ofmap as f64, control as f64, 0.0]
}

/// Rows of the table: layer, zeros of ifmap and ofmap, MB plain, compressed and of the chip; the sums at the end, of what every layer has.
pub fn rows(layers: &[PageLayer], chip: ChipBytes) -> Vec<[String; 6]> {
    let mega = |bytes: Option<f64>| bytes.map_or(String::new(), |bytes| significant(bytes / 1e6, 4));
    let percent = |share: Option<f64>| share.map_or(String::new(), |share| format!("{:.1} %", 100.0 * share));
    let moved = |layer: &PageLayer| {
        let compressed = layer.compressed.as_ref().map(|compressed| compressed.traffic.all() as f64);
        [Some(layer.plain.all() as f64), compressed, chip(&layer.mapped.layer)]
    };
    let row = |name: &str, zeros: [Option<f64>; 2], moved: [Option<f64>; 3]| {
        let ([ifmap, ofmap], [plain, compressed, chip]) = (zeros.map(percent), moved.map(mega));
        [name.to_string(), ifmap, ofmap, plain, compressed, chip]
    };
    let mut rows: Vec<_> = layers
        .iter()
        .map(|layer| {
            row(&layer.mapped.layer, [0, 1].map(|i| layer.compressed.as_ref().map(|c| c.zeros[i])), moved(layer))
        })
        .collect();
    if layers.len() > 1 {
        let sum = |i: usize| layers.iter().map(|layer| moved(layer)[i]).sum::<Option<f64>>();
        rows.push(row("all", [None; 2], [0, 1, 2].map(sum)));
    }
    rows
}
