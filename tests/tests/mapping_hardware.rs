//! What the mapper predicts, against what the hardware counts: accesses and cycles.

use gen::mapper::{estimate, search, Accesses, Compression, EnergyTable, Goal, Link, Mapping, TileCols, TileRows};
use gen::numerics::{Numerics, Output, Requant};
use gen::shape::ConvShape;
use hw::rlc::Format;
use hw::{Arch, ArchSpec};
use sim::data::RandomData;
use sim::golden::convolve;
use sim::host::MemoryTiming;
use sim::machine::{Done, EngineKind, Machine, Setup, Work};
use sim::traffic::Traffic;

/// Share of zeros in ifmaps.
const ZEROS: f64 = 0.6;

fn shape(n: usize, c: usize, hw: usize, m: usize, rs: usize, stride: usize, pad: usize, groups: usize) -> ConvShape {
    let (h, w, r, s, stride_h, stride_w, pad_h, pad_w) = (hw, hw + 1, rs, rs, stride, stride, pad, pad);
    ConvShape { n, m, c, h, w, r, s, stride_h, stride_w, pad_h, pad_w, groups }
}

fn shapes() -> Vec<ConvShape> {
    vec![
        shape(1, 6, 12, 10, 3, 1, 1, 1),
        shape(2, 4, 11, 6, 5, 2, 2, 1),
        shape(1, 12, 9, 9, 1, 1, 0, 1),
        shape(1, 4, 10, 6, 3, 1, 1, 2),
        shape(1, 5, 9, 5, 3, 1, 1, 5),
        shape(1, 3, 15, 4, 7, 4, 0, 1),
    ]
}

/// Runs `shapes` on the built-in engine, requantised.
fn run(
    arch: &Arch,
    timing: &MemoryTiming,
    shapes: &[ConvShape],
    compression: Compression,
    look: impl Fn(&ConvShape, &Done, &Goal),
) {
    let mut machine =
        Machine::new(arch, EngineKind::Builtin, &Setup { timing: timing.clone(), ..Setup::default() }).unwrap();
    let numerics = Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, psum_shift: 0 };
    let output = Output::Quantised(Requant { relu: true, scales: vec![], shifts: vec![4] });
    let goal = Goal { link: timing.link(arch.link_clock), ..Goal::new(arch) };
    for shape in shapes {
        let tensors = RandomData::new(3, ZEROS).unwrap().tensors(shape, &numerics, 0);
        let mapping = search(shape, arch, &goal).unwrap();
        let (mapping, numerics, output, tensors) = (&mapping, &numerics, &output, &tensors);
        let done = machine
            .run(
                &Work { shape, mapping: (*mapping).into(), numerics, output, tensors, compression, reset_at: None },
                None,
            )
            .unwrap();
        look(shape, &done, &goal);
    }
}

#[test]
fn every_access_is_predicted() {
    let none = Compression::default();
    let [runs, masks] = [Format::Runs, Format::Masks].map(Compression::both);
    for (rows, cols, width, link_width, compression) in [
        (3, 4, 16, 64, none),
        (3, 4, 16, 64, runs),
        (4, 3, 8, 32, none),
        (5, 2, 12, 128, runs),
        (4, 3, 8, 32, runs),
        (3, 4, 16, 64, masks),
        (5, 2, 7, 128, masks),
    ] {
        let zero_gating = width != 8;
        let masks = compression == masks;
        let spec = ArchSpec { rows, cols, width, link_width, zero_gating, masks, glb_kb: 16, ..ArchSpec::default() };
        let arch = spec.check().unwrap();
        let timing = MemoryTiming { jitter: Some(5), ..MemoryTiming::default() };
        run(&arch, &timing, &shapes(), compression, |shape, done, _| {
            // At each level of storage; a gated MAC spares the filter's read and the multiplication.
            let counts = &done.program.counts;
            assert_eq!(done.differences(counts), [], "{shape} on {rows} × {cols}");
            let count = |name: &str| done.count(name);
            let (predicted, counted) = (done.plan.costed().accesses(counts), Accesses::counted(&arch, count));
            assert_eq!(counted.rf.filter, predicted.rf.filter - count("GATED_MACS"));
            assert_eq!(count("GATED_MACS") > 0, zero_gating);
            // Zeros are drawn word by word, and some meet more filters than others.
            let multiplications = EnergyTable::isca16().energy(done.plan.costed(), counts, ZEROS).alu;
            let made = multiplications / (width as f64 / 16.0).powi(2);
            let error = made / counted.macs as f64 - 1.0;
            assert!(error.abs() < 0.15, "{shape} on {rows} × {cols}: {made} MACs on data, counted {}", counted.macs);
            // Of the same data, to the byte; and memory is read in whole beats.
            let width = arch.width as u32;
            let ifmap = RandomData::new(3, ZEROS).unwrap().feature_map(shape.ifmap_dims(), width, 0);
            let (ifmap, ofmap) = (ifmap.as_slice().unwrap(), done.ofmap.as_ref().unwrap().as_slice().unwrap());
            let traffic = Traffic::compressed(&done.plan, compression, ifmap, ofmap).unwrap();
            assert_eq!(traffic, Traffic::counted(&arch, count), "{shape} on {rows} × {cols}, {compression:?}");
            if compression == none {
                assert_eq!(traffic, Traffic::plain(&done.plan).unwrap());
            }
            assert!(counted.dram.filter >= predicted.dram.filter && counted.dram.ifmap >= predicted.dram.ifmap);
        });
    }
}

/// Layers of a few thousand cycles, in which a start that nothing overlaps weighs more than in a real layer: exact to the cycle.
#[test]
fn cycles_are_predicted() {
    let wide = ArchSpec { rows: 3, cols: 4, psum_width: 16, glb_kb: 16, ..ArchSpec::default() };
    let narrow =
        ArchSpec { rows: 4, cols: 3, width: 8, psum_width: 20, link_width: 32, glb_kb: 8, ..ArchSpec::default() };
    let bytes = ArchSpec { rows: 5, cols: 2, width: 6, link_width: 128, glb_kb: 8, ..ArchSpec::default() };
    for (spec, latency, bandwidth, layers) in
        [(&wide, 20, Link::EYERISS.bandwidth, 6), (&narrow, 1, None, 2), (&bytes, 60, Some((1, 9)), 2)]
    {
        let timing = MemoryTiming { latency, bandwidth, ..MemoryTiming::default() };
        run(&spec.check().unwrap(), &timing, &shapes()[..layers], Compression::default(), |shape, done, goal| {
            let counted = done.run.counters.get("CYCLES").unwrap();
            let predicted = estimate(done.plan.rs().unwrap(), &goal.link, goal.ofmap_bytes).cycles;
            let mapping = &done.plan.rs().unwrap().mapping;
            assert_eq!(predicted, counted, "{shape} at {latency} cycles, {bandwidth:?}: {mapping:?}");
        });
    }
}

/// Cycles of compressed feature maps follow from their zeros: exact to the cycle, with what the slots hold.
#[test]
fn cycles_of_compressed_layers_are_predicted_from_their_data() {
    let spec = |width, link_width, masks| {
        let spec = ArchSpec { rows: 3, cols: 4, width, link_width, masks, glb_kb: 16, ..ArchSpec::default() };
        (spec, Compression::both(Format::masked(masks)))
    };
    let cases = [
        (spec(16, 64, false), 20, Link::EYERISS.bandwidth),
        (spec(8, 32, false), 1, None),
        (spec(6, 128, false), 60, Some((1, 9))),
        (spec(32, 32, false), 5, Some((1, 2))),
        (spec(16, 64, true), 20, Link::EYERISS.bandwidth),
        (spec(16, 64, true), 3, None),
        (spec(8, 32, true), 1, None),
        (spec(6, 128, true), 60, Some((1, 9))),
        (spec(32, 32, true), 5, Some((1, 2))),
    ];
    for ((spec, both), latency, bandwidth) in cases {
        let timing = MemoryTiming { latency, bandwidth, ..MemoryTiming::default() };
        run(&spec.check().unwrap(), &timing, &shapes()[..3], both, |shape, done, goal| {
            let counted = done.run.counters.get("CYCLES").unwrap();
            let predicted = done.predicted_cycles(&goal.link, 2 * counted);
            assert_eq!(predicted, Some(counted), "{shape} at W {}, D {}", spec.width, spec.link_width);
        });
    }
}

/// `sim campaign --seed 77 --layers 20 --macs 100000 --side 6`, draw 6: a compressed ifmap of which nothing is read lay where the filters are.
#[test]
fn a_compressed_layer_that_lies_in_the_padding_reads_no_slot() {
    let arch = ArchSpec { rows: 2, cols: 2, width: 8, glb_kb: 8, ..ArchSpec::default() }.check().unwrap();
    // Its only window begins and ends in the padding.
    let shape = ConvShape {
        m: 2,
        c: 1,
        h: 1,
        w: 1,
        r: 1,
        s: 1,
        stride_h: 3,
        stride_w: 3,
        pad_h: 1,
        pad_w: 1,
        ..ConvShape::default()
    };
    run(&arch, &MemoryTiming::default(), &[shape], Compression::both(Format::Runs), |shape, done, _| {
        assert!(done.program.ifmap_slots.is_empty() && done.ofmap.is_some(), "{shape}");
    });
}

/// A column of PEs, whose psums all are lane 0's: of the three banks it has two, and half of lane 2's last.
#[test]
fn a_lane_s_psums_go_on_in_its_partner_s_last_bank() {
    let arch = ArchSpec { rows: 1, cols: 1, psum_width: 16, glb_kb: 14, ..ArchSpec::default() }.check().unwrap();
    assert_eq!((arch.banks, arch.lent_banks()), (3, 1));
    let shape = ConvShape { m: 16, c: 4, h: 3, w: 80, ..ConvShape::default() };
    let mapping = Mapping {
        n: 1,
        m: 16,
        e: 1,
        p: 16,
        q: 2,
        r: 1,
        t_rows: 1,
        t_cols: 1,
        groups: 1,
        folds: 1,
        filter_rows: 1,
        filter_cols: 1,
        windows: 80,
        tile_rows: TileRows::Filter,
        tile_cols: TileCols::Whole,
        tiles: 2,
        ifmap_banks: 1,
    };
    let setup = Setup::default();
    let mut machine = Machine::new(&arch, EngineKind::Builtin, &setup).unwrap();
    let numerics = Numerics { width: 16, psum_width: 16, psum_shift: 0 };
    let tensors = RandomData::new(7, 0.0).unwrap().tensors(&shape, &numerics, 0);
    let output = Output::Raw;
    let work = Work {
        shape: &shape,
        mapping: mapping.into(),
        numerics: &numerics,
        output: &output,
        tensors: &tensors,
        compression: Default::default(),
        reset_at: None,
    };
    let done = machine.run(&work, None).unwrap();
    let psum = done.plan.rs().unwrap().psum;
    assert_eq!((psum.areas, psum.row_stride), (1, 1280));
    assert_eq!(done.ofmap.unwrap(), convolve(&shape, &numerics, &output, &tensors).unwrap());
    // More than the partner lends is refused.
    let shape = ConvShape { w: 100, ..shape };
    assert!(Mapping { windows: 100, ..mapping }.check(&shape, &arch).is_err());
}
