//! AlexNet by all dataflows beside what ISCA 2016 shows of it.

use super::*;

fn alexnet(pes: usize, batch: usize, layers: &[&str]) -> Comparison {
    let network = Network::find("alexnet").unwrap().select(layers).unwrap().with_batch(batch);
    Comparison::of(&network, pes, batch, gen::taxonomy::RF_AREA, Objective::Energy)
}

const CONV: [&str; 5] = ["conv1", "conv2", "conv3", "conv4", "conv5"];

/// Energy of a CONV MAC of each dataflow.
fn conv(pes: usize, batch: usize) -> Vec<(&'static str, f64)> {
    let comparison = alexnet(pes, batch, &CONV);
    let energy = |compared: &Compared| (compared.dataflow, compared.total.unwrap().per_mac());
    comparison.kinds[0].dataflows.iter().map(energy).collect()
}

#[test]
fn the_papers_figures_name_dataflows_and_layers_that_are_there() {
    let paper = Paper::isca2016();
    let network = Network::find(&paper.network).unwrap();
    paper.row_stationary.layers.keys().for_each(|layer| assert!(network.layer(layer).is_ok(), "{layer}"));
    let known: Vec<_> = DATAFLOWS.iter().map(|dataflow| dataflow.id()).collect();
    let all = paper.conv.iter().flat_map(|conv| conv.energy.keys()).chain(paper.levels.dataflows.keys());
    assert_eq!(all.filter(|name| known.contains(&name.as_str())).count(), 6 * known.len() + known.len());
}

#[test]
fn row_stationary_takes_what_figure_10_shows() {
    let comparison = alexnet(256, 16, &["conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8"]);
    let paper = Paper::isca2016();
    let layers = comparison.kinds.iter().flat_map(|kind| &kind.of(REFERENCE).unwrap().layers);
    let mut all = 0;
    for layer in layers {
        let (here, there) = (layer.figures.unwrap().per_mac(), paper.layer(256, 16, &layer.layer).unwrap());
        assert!((here / there - 1.0).abs() < 0.05, "{}: {here:.3} and {there}", layer.layer);
        all += 1;
    }
    assert_eq!(all, 8);
    // CONV layers are 79.2 % of the whole.
    let of = |kind| comparison.kind(kind).unwrap().of(REFERENCE).unwrap().total.unwrap().energy.by_level().total();
    let share = of("CONV") / (of("CONV") + of("FC"));
    assert!((share - 0.792).abs() < 0.005, "{share}");
}

#[test]
fn all_dataflows_take_what_figure_12_shows() {
    let paper = Paper::isca2016();
    let first = conv(256, 1)[0].1;
    for (pes, batch) in [(256, 1), (256, 16), (512, 1), (512, 16), (1024, 1), (1024, 16)] {
        let here = conv(pes, batch);
        let there = |dataflow| paper.conv(pes, batch, dataflow).unwrap();
        for (dataflow, energy) in &here {
            let (ratio, published) = (energy / first, there(dataflow));
            assert!((ratio / published - 1.0).abs() < 0.03, "{dataflow} {pes} {batch}: {ratio:.3} and {published}");
            // The order is the paper's, but where its figures are less than a reading error of 0.01 apart.
            for (other, less) in here.iter().filter(|(other, _)| there(other) < published - 0.0101) {
                assert!(less < energy, "{pes} {batch}: {other} needs less than {dataflow}");
            }
        }
    }
}

#[test]
fn each_level_takes_what_figure_12_shows() {
    let paper = Paper::isca2016();
    let comparison = alexnet(256, 16, &CONV);
    for compared in &comparison.kinds[0].dataflows {
        let (total, there) = (compared.total.unwrap(), paper.levels(256, 16, compared.dataflow).unwrap());
        let level = total.energy.by_level();
        let here = [level.rf, level.array, level.glb, level.dram].map(|energy| energy / total.macs);
        for (here, there) in here.iter().zip(there) {
            // 3 % of the whole.
            assert!((here - there).abs() < 0.03 * total.per_mac(), "{}: {here:.3} and {there:.3}", compared.dataflow);
        }
    }
}

#[test]
fn others_need_up_to_two_and_a_half_times_the_energy_and_dram_falls_to_little_more_than_the_weights() {
    let comparison = alexnet(256, 1, &["conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8"]);
    let conv = comparison.kind("CONV").unwrap();
    let ratios = DATAFLOWS[1..].iter().map(|d| conv.per_mac(d.id()).unwrap() / conv.per_mac(REFERENCE).unwrap());
    let ratios: Vec<f64> = ratios.collect();
    assert!(ratios.iter().all(|ratio| (1.35..2.6).contains(ratio)), "{ratios:?}");
    let paper = Paper::isca2016().dram;
    let (none, least) = (4.0 * comparison.macs().unwrap(), comparison.least_dram().unwrap().1);
    assert!((none / paper.none - 1.0).abs() < 0.01, "{none}");
    assert!((least / paper.least - 1.0).abs() < 0.03, "{least}");
}

#[test]
fn a_layer_that_a_dataflow_cannot_run_leaves_a_gap() {
    let comparison = alexnet(256, 64, &["conv1", "conv3"]);
    let ws = comparison.kinds[0].of("WS").unwrap();
    assert!(ws.layers[0].figures.is_none() && ws.layers[1].figures.is_some() && ws.total.is_none());
    let text = tables(&[comparison]);
    assert!(text.lines().any(|line| line.starts_with(" WS") && line.contains('–')), "{text}");
}
