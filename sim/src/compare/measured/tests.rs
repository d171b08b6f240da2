//! That a miscount is found, and told of.

use super::run::judged;
use super::*;
use crate::calibrate::narrow_bias;
use crate::data::RandomData;
use crate::golden;
use crate::host::MemoryTiming;
use crate::machine::{Done, EngineKind, Machine, Setup, Work};
use crate::networks::{Layer, Network};
use gen::design::{Design, DesignArgs};
use gen::mapper::{search_any, Compression, Goal};
use gen::numerics::{Numerics, Output, Requant};
use hw::registers::COUNTERS;
use hw::LinkClock;
use ndarray::Array4;

/// The smallest layer of the smallest network.
fn network() -> Network {
    Network::find("tiny3").unwrap().select(&["conv1x1"]).unwrap()
}

fn design() -> Design {
    let small = DesignArgs { rows: Some(2), cols: Some(2), width: Some(8), glb_kb: Some(8), ..DesignArgs::default() };
    DesignArgs { no_zero_gating: true, ..small }.design().unwrap()
}

/// A run of the layer, and what golden says of it.
fn run(layer: &Layer, design: &Design) -> (Done, Array4<i64>) {
    let (arch, shape) = (&design.arch, &layer.shape);
    let mut machine = Machine::new(arch, EngineKind::Builtin, &Setup::default()).unwrap();
    let numerics = &Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, psum_shift: 0 };
    let mut tensors = RandomData::new(1, 0.0).unwrap().tensors(shape, numerics, 0);
    narrow_bias(&mut tensors, numerics);
    let output = &Output::Quantised(Requant { relu: false, scales: vec![], shifts: vec![4] });
    let mapping = search_any(shape, arch, &Goal { objective: Objective::Energy, ..Goal::new(arch) }).unwrap();
    let (tensors, compression) = (&tensors, Compression::default());
    let work = Work { shape, mapping, numerics, output, tensors, compression, reset_at: None };
    let done = machine.run(&work, None).unwrap();
    (done, golden::convolve(shape, numerics, output, tensors).unwrap())
}

#[test]
fn every_counter_that_is_off_is_named() {
    let layer = &network().layers[0];
    let (mut done, golden) = run(layer, &design());
    let link = &MemoryTiming::default().link(LinkClock::Sync);
    let right = judged(layer, &done, &golden, link);
    assert_eq!((right.differences.as_slice(), right.wrong.as_slice()), (&[][..], &[][..]));
    for counter in COUNTERS {
        // What is gated depends on data, beats written on how bytes lie.
        let expected = !["GATED_MACS", "WRITE_BEATS"].contains(&counter.name);
        *done.run.counters.0.get_mut(counter.name).unwrap() += 1;
        let found = judged(layer, &done, &golden, link).differences;
        assert_eq!(found.iter().any(|difference| difference.what.contains(counter.name)), expected, "{counter:?}");
        *done.run.counters.0.get_mut(counter.name).unwrap() -= 1;
    }
    // A model that is off by one: of what a program reads, it is told nothing but the program.
    done.program.read_beats.filters -= 1;
    let found = judged(layer, &done, &golden, link).differences;
    let named: Vec<_> = found.iter().map(|difference| difference.what).collect();
    assert_eq!(named[..2], ["READ_BEATS", "FILTER_BEATS"]);
}

#[test]
fn a_run_that_differs_is_a_fault_with_its_dataflow_and_layer() {
    let (network, designs) = (network(), [design()]);
    let (engine, timing) = (EngineKind::Builtin, &MemoryTiming::default());
    let experiment = Experiment {
        network: &network,
        batch: 1,
        designs: &designs,
        engine,
        timing,
        threads: None,
        objective: Objective::Energy,
        seed: 1,
    };
    let mut measured = experiment.run().unwrap();
    assert!(measured.faults().is_empty() && tables(&[measured.clone()]).contains("The tables are equal"));

    let layer = &network.layers[0];
    let (mut done, mut golden) = run(layer, &designs[0]);
    let link = &timing.link(LinkClock::Sync);
    *done.run.counters.0.get_mut("PSUM_HOPS").unwrap() += 3;
    golden[[0, 0, 0, 0]] += 1;
    measured.kinds[0].dataflows[0].layers[0] = judged(layer, &done, &golden, link);
    let faults = measured.faults();
    let counted = done.count("PSUM_HOPS");
    assert!(faults[0].starts_with("RS conv1x1: ofmap[0][0][0][0] is "), "{faults:?}");
    let expected = format!("RS conv1x1: array psum (PSUM_HOPS) is {counted}, predicted {}", counted - 3);
    assert_eq!(faults[1..], [expected]);
    let text = tables(&[measured]);
    assert!(
        text.contains("In 1 of 1 runs, OUTPUTS DIFFER") && text.contains("In 1 of 1 runs, COUNTS DIFFER"),
        "{text}"
    );
}
