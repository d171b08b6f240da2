//! The mapper on the layers of real networks: all of them map, and those that are quick enough run in the interpreter.

#[path = "../src/interpreter/mod.rs"]
mod interpreter;

use expect_test::{expect, Expect};
use gen::mapper::{estimate, map, search, Goal, Link, Mapping};
use gen::numerics::{Numerics, Output, Requant};
use hw::ArchSpec;
use interpreter::layer::{must_hold, Case};
use sim::networks::{find_layer, Layer, Network};
use std::collections::{HashMap, HashSet};

/// The chip: 16-bit psums.
fn eyeriss() -> ArchSpec {
    ArchSpec { psum_width: 16, ..ArchSpec::default() }
}

fn describe(mapping: &Mapping) -> String {
    let Mapping { n, m, e, p, q, r, t_rows, t_cols, groups, folds, filter_rows, filter_cols, windows, .. } = *mapping;
    let mut text = format!("n{n} m{m} e{e} p{p} q{q} r{r} t{t_rows}×{t_cols}");
    for (name, value) in [("groups", groups), ("folds", folds), ("tiles", 3 - mapping.tiles)] {
        if value > 1 {
            text += &format!(" {name} {value}");
        }
    }
    text + &format!(", filter {filter_rows}×{filter_cols}, windows {windows}, ifmap banks {}", mapping.ifmap_banks)
}

/// How the mapper lays layers over an array, and how many cycles it expects.
fn table(spec: &ArchSpec, layers: &[Layer]) -> String {
    let arch = spec.check().unwrap();
    let mut text = String::new();
    let mut total = 0;
    let mut known = HashMap::new();
    for Layer { name, shape, .. } in layers {
        let (mapping, cost) = known.entry(*shape).or_insert_with(|| {
            let goal = Goal { link: Link::EYERISS, ..Goal::new(&arch) };
            let mapping = search(shape, &arch, &goal).unwrap();
            (mapping, estimate(&mapping.check(shape, &arch).unwrap(), &Link::EYERISS, arch.word_bytes()))
        });
        let busy = 100 * shape.macs() / arch.pes() as u64 / cost.cycles;
        total += cost.cycles;
        text += &format!(
            "{name}: {} PEs, {} cycles ({busy} % of peak), bound by {:?}: {}\n",
            cost.active_pes,
            cost.cycles,
            cost.bound,
            describe(mapping)
        );
    }
    text + &format!("{total} cycles\n")
}

#[track_caller]
fn check_table(spec: &ArchSpec, network: &str, batch: usize, conv_layers: usize, expect: Expect) {
    let network = Network::find(network).unwrap().with_batch(batch);
    expect.assert_eq(&table(spec, &network.layers[..conv_layers]));
}

#[test]
fn alexnet_on_the_chip() {
    check_table(
        &eyeriss(),
        "alexnet",
        4,
        5,
        expect![[r#"
            conv1: 154 PEs, 3641001 cycles (68 % of peak), bound by Dram: n2 m96 e7 p16 q1 r1 t1×2, filter 11×11, windows 19, ifmap banks 6
            conv2: 168 PEs, 5881784 cycles (90 % of peak), bound by Macs: n2 m44 e7 p22 q1 r12 t1×2, filter 1×5, windows 27, ifmap banks 7
            conv3: 156 PEs, 3852932 cycles (92 % of peak), bound by Macs: n2 m48 e13 p24 q2 r4 t1×1, filter 3×3, windows 13, ifmap banks 3
            conv4: 156 PEs, 2904582 cycles (91 % of peak), bound by Macs: n2 m72 e13 p24 q2 r4 t1×1, filter 3×3, windows 13, ifmap banks 3
            conv5: 156 PEs, 1984290 cycles (89 % of peak), bound by Macs: n2 m64 e13 p16 q3 r2 t2×1, filter 3×3, windows 13, ifmap banks 2
            18264589 cycles
        "#]],
    );
}

#[test]
fn vgg16_on_the_chip() {
    check_table(
        &eyeriss(),
        "vgg16",
        3,
        13,
        expect![[r#"
            conv1_1: 72 PEs, 10519545 cycles (14 % of peak), bound by Store: n1 m11 e8 p11 q1 r3 t1×1, filter 3×3, windows 56, ifmap banks 2
            conv1_2: 168 PEs, 37736760 cycles (87 % of peak), bound by Macs: n1 m64 e14 p16 q3 r2 t1×2 folds 2, filter 3×3, windows 25, ifmap banks 3
            conv2_1: 168 PEs, 18962515 cycles (87 % of peak), bound by Dram: n1 m64 e14 p16 q3 r2 t1×2 folds 2, filter 3×3, windows 23, ifmap banks 3
            conv2_2: 168 PEs, 36236967 cycles (91 % of peak), bound by Macs: n1 m64 e14 p16 q3 r2 t1×2 folds 2, filter 3×3, windows 23, ifmap banks 3
            conv3_1: 168 PEs, 16893070 cycles (97 % of peak), bound by Macs: n1 m52 e7 p13 q2 r4 t1×2, filter 3×3, windows 56, ifmap banks 4
            conv3_2: 168 PEs, 33768969 cycles (97 % of peak), bound by Macs: n1 m52 e7 p13 q2 r4 t1×2, filter 3×3, windows 56, ifmap banks 4
            conv3_3: 168 PEs, 33768969 cycles (97 % of peak), bound by Macs: n1 m52 e7 p13 q2 r4 t1×2, filter 3×3, windows 56, ifmap banks 4
            conv4_1: 168 PEs, 17110335 cycles (96 % of peak), bound by Macs: n1 m128 e7 p16 q2 r4 t1×2, filter 3×3, windows 28, ifmap banks 2
            conv4_2: 168 PEs, 33593827 cycles (98 % of peak), bound by Macs: n1 m128 e7 p16 q2 r4 t1×2, filter 3×3, windows 28, ifmap banks 2
            conv4_3: 168 PEs, 33593827 cycles (98 % of peak), bound by Macs: n1 m128 e7 p16 q2 r4 t1×2, filter 3×3, windows 28, ifmap banks 2
            conv5_1: 168 PEs, 8361300 cycles (98 % of peak), bound by Macs: n3 m64 e7 p16 q2 r4 t1×2, filter 3×3, windows 14, ifmap banks 3
            conv5_2: 168 PEs, 8361300 cycles (98 % of peak), bound by Macs: n3 m64 e7 p16 q2 r4 t1×2, filter 3×3, windows 14, ifmap banks 3
            conv5_3: 168 PEs, 8361300 cycles (98 % of peak), bound by Macs: n3 m64 e7 p16 q2 r4 t1×2, filter 3×3, windows 14, ifmap banks 3
            297268684 cycles
        "#]],
    );
}

#[test]
fn every_layer_maps_to_every_array() {
    let tiny = ArchSpec { rows: 2, cols: 3, width: 8, glb_kb: 8, ..ArchSpec::default() };
    let wide = ArchSpec { rows: 16, cols: 32, glb_kb: 512, psum_width: 24, ..ArchSpec::default() };
    let all: Vec<_> = Network::built_in().collect();
    for (spec, batch, networks) in [(eyeriss(), 5, &all[..]), (tiny, 1, &["alexnet"]), (wide, 1, &["alexnet"])] {
        let arch = spec.check().unwrap();
        let mut seen = HashSet::new();
        for network in networks {
            for Layer { name, shape, .. } in &Network::find(network).unwrap().with_batch(batch).layers {
                if !seen.insert(*shape) {
                    continue;
                }
                let mapping = map(shape, &arch).unwrap_or_else(|error| panic!("{network}/{name}: {error}"));
                mapping.check(shape, &arch).unwrap_or_else(|problems| panic!("{network}/{name}: {problems}"));
            }
        }
    }
}

/// Runs a layer on an array; the result is requantised.
fn runs(layer: &Layer, spec: &ArchSpec) {
    let case = Case::mapped(layer.shape, spec.clone());
    let numerics = Numerics { psum_shift: 4, ..case.numerics };
    let output = Output::Quantised(Requant { relu: true, scales: vec![], shifts: vec![3] });
    must_hold(&Case { numerics, output, ..case }, 11);
}

#[test]
fn alexnet_runs() {
    for layer in &Network::find("alexnet").unwrap().layers[..5] {
        runs(layer, &eyeriss());
    }
}

#[test]
fn layers_of_other_networks_run() {
    for name in [
        "mobilenet_v1/conv2_dw",
        "mobilenet_v1/conv13_dw",
        "mobilenet_v1/conv6_pw",
        "resnet18/layer2_0_downsample",
        "squeezenet1_1/fire2_expand3x3",
    ] {
        runs(&find_layer(name).unwrap(), &ArchSpec::default());
    }
    for layer in &Network::find("tiny3").unwrap().layers {
        runs(layer, &ArchSpec { rows: 4, cols: 4, width: 8, glb_kb: 16, ..ArchSpec::default() });
    }
}
