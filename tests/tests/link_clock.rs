//! A link with a clock of its own: the crossing in every engine, and layers that come out as golden says, at any ratio of the clocks.

use gen::mapper::{map, Compression};
use gen::numerics::{Numerics, Output, Requant};
use gen::shape::ConvShape;
use hw::program::COMMAND_BYTES;
use hw::registers::{CONTROL, STATUS};
use hw::rlc::Format;
use hw::shell::link_crossing::LinkCrossing;
use hw::{Arch, ArchSpec, LinkClock};
use ndarray::Array4;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sim::data::RandomData;
use sim::engine::{Builtin, Design, Engine, Icarus, IcarusOptions, Verilator, VerilatorOptions};
use sim::golden;
use sim::host::MemoryTiming;
use sim::machine::{EngineKind, Machine, Setup, Work};
use sim::wires;
use std::collections::VecDeque;

const LINK_WIDTH: usize = 32;

fn crossing_design() -> Design {
    let mut design = Design::of(&mut LinkCrossing::new(LINK_WIDTH), "link_crossing").unwrap();
    for (valid, payloads) in [
        ("m_axi_awvalid", &["m_axi_awaddr", "m_axi_awlen"][..]),
        ("m_axi_wvalid", &["m_axi_wdata", "m_axi_wstrb", "m_axi_wlast"]),
        ("m_axi_arvalid", &["m_axi_araddr", "m_axi_arlen"]),
        ("s_axi_bvalid", &["s_axi_bresp"]),
        ("s_axi_rvalid", &["s_axi_rdata", "s_axi_rresp", "s_axi_rlast"]),
    ] {
        payloads.iter().for_each(|payload| design.pinout.qualify(payload, valid).unwrap());
    }
    design
}

fn crossing_builtin() -> impl Engine {
    let wires = wires!(LinkCrossing:
        s_axi_awaddr, s_axi_awlen, s_axi_awvalid, s_axi_awready, s_axi_wdata, s_axi_wstrb, s_axi_wlast, s_axi_wvalid,
        s_axi_wready, s_axi_bresp, s_axi_bvalid, s_axi_bready, s_axi_araddr, s_axi_arlen, s_axi_arvalid, s_axi_arready,
        s_axi_rdata, s_axi_rresp, s_axi_rlast, s_axi_rvalid, s_axi_rready,
        m_axi_awaddr, m_axi_awlen, m_axi_awvalid, m_axi_awready, m_axi_wdata, m_axi_wstrb, m_axi_wlast, m_axi_wvalid,
        m_axi_wready, m_axi_bresp, m_axi_bvalid, m_axi_bready, m_axi_araddr, m_axi_arlen, m_axi_arvalid, m_axi_arready,
        m_axi_rdata, m_axi_rresp, m_axi_rlast, m_axi_rvalid, m_axi_rready,
    );
    Builtin::new(LinkCrossing::new(LINK_WIDTH), wires.with_link_clock(|block| &mut block.link_clock)).unwrap()
}

/// A channel with its payload, and whether its entries go from the core to the link.
const CHANNELS: [(&str, &[(&str, u32)], bool); 5] = [
    ("aw", &[("addr", 64), ("len", 8)], true),
    ("w", &[("data", 32), ("strb", 4), ("last", 1)], true),
    ("b", &[("resp", 2)], false),
    ("ar", &[("addr", 64), ("len", 8)], true),
    ("r", &[("data", 32), ("resp", 2), ("last", 1)], false),
];

/// Random entries on all channels, of which one clock rises `ratio` times as often as the other; each comes out once, in order.
#[track_caller]
fn cross(mut engine: impl Engine, seed: u64, edges: usize) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    engine.reset(4).unwrap();
    let mut waiting: [VecDeque<Vec<u128>>; 5] = Default::default();
    let mut moved = [0; 5];
    let (mut share, mut willing) = (0.5, [[0.5; 2]; 5]);
    for edge in 0..edges {
        if edge % 200 == 0 {
            share = random.random_range(0.05..0.95);
            willing = [(); 5].map(|()| [random.random_range(0.05..1.0), random.random_range(0.05..1.0)]);
        }
        let is_core = random.random_bool(share);
        // What moves with this edge.
        for (number, (channel, payload, to_link)) in CHANNELS.iter().enumerate() {
            let pin = |side: char, signal: &str| engine.pin(&format!("{side}_axi_{channel}{signal}")).unwrap();
            let (enq, deq) = if *to_link { ('s', 'm') } else { ('m', 's') };
            let entry = |side| payload.iter().map(|(signal, _)| engine.get(pin(side, signal))).collect::<Vec<_>>();
            let fires = |side| engine.get(pin(side, "valid")) != 0 && engine.get(pin(side, "ready")) != 0;
            if engine.get(pin(deq, "valid")) != 0 {
                let found = entry(deq);
                assert_eq!(
                    Some(&found),
                    waiting[number].front(),
                    "{channel}, edge {edge}, seed {seed}, {}",
                    engine.name()
                );
            }
            if is_core != *to_link && fires(deq) {
                waiting[number].pop_front();
                moved[number] += 1;
            }
            if is_core == *to_link && fires(enq) {
                waiting[number].push_back(entry(enq));
                assert!(waiting[number].len() <= 17, "{channel}, edge {edge}, seed {seed}, {}", engine.name());
            }
        }
        // What is driven behind it.
        let mut drives = vec![];
        for (number, (channel, payload, to_link)) in CHANNELS.iter().enumerate() {
            let pin = |side: char, signal: &str| engine.pin(&format!("{side}_axi_{channel}{signal}")).unwrap();
            let (enq, deq) = if *to_link { ('s', 'm') } else { ('m', 's') };
            if is_core == *to_link {
                let waits = engine.get(pin(enq, "valid")) != 0 && engine.get(pin(enq, "ready")) == 0;
                if !waits {
                    drives.push((pin(enq, "valid"), random.random_bool(willing[number][0]) as u128));
                    for (signal, bits) in payload.iter() {
                        drives.push((pin(enq, signal), random.random::<u128>() >> (128 - bits)));
                    }
                }
            } else {
                drives.push((pin(deq, "ready"), random.random_bool(willing[number][1]) as u128));
            }
        }
        if is_core { engine.edge() } else { engine.link_edge() }.unwrap();
        drives.into_iter().for_each(|(pin, value)| engine.set(pin, value));
        engine.settle().unwrap();
    }
    assert!(moved.iter().all(|n| *n > edges / 50), "{moved:?} entries in {edges} edges");
}

#[test]
fn the_crossing_loses_and_repeats_nothing_in_any_engine() {
    let design = crossing_design();
    for seed in 0..3 {
        cross(crossing_builtin(), seed, 3000);
        cross(Verilator::new(&design, &VerilatorOptions::default()).unwrap(), seed, 20_000);
        cross(Icarus::new(&design, &IcarusOptions::default()).unwrap(), seed, 3000);
    }
}

fn arch(rows: usize, cols: usize, width: usize, glb_kb: usize) -> Arch {
    let spec = ArchSpec { rows, cols, width, glb_kb, link_clock: LinkClock::Async, ..ArchSpec::default() };
    spec.check().expect("a spec that can be built")
}

fn shape(n: usize, c: usize, hw: usize, m: usize, rs: usize, stride: usize, pad: usize, groups: usize) -> ConvShape {
    let (h, w, r, s, stride_h, stride_w, pad_h, pad_w) = (hw, hw + 1, rs, rs, stride, stride, pad, pad);
    ConvShape { n, m, c, h, w, r, s, stride_h, stride_w, pad_h, pad_w, groups }
}

fn shapes() -> Vec<ConvShape> {
    vec![shape(1, 3, 9, 5, 3, 1, 1, 1), shape(2, 4, 6, 6, 3, 2, 1, 2), shape(1, 2, 9, 3, 7, 1, 0, 1)]
}

/// Gives `run` a layer's work and its golden ofmap.
fn with_work<T>(arch: &Arch, layer: usize, reset_at: Option<u64>, run: impl FnOnce(&Work, &Array4<i64>) -> T) -> T {
    let shape = &shapes()[layer];
    let numerics = Numerics { width: arch.width as u32, psum_width: arch.psum_width as u32, psum_shift: 1 };
    let requant = Requant { relu: true, scales: vec![3], shifts: vec![numerics.width] };
    let output = &if layer == 0 { Output::Raw } else { Output::Quantised(requant) };
    let tensors = RandomData::new(7, 0.3).unwrap().tensors(shape, &numerics, layer as u64);
    let golden = golden::convolve(shape, &numerics, output, &tensors).unwrap();
    let mapping = &map(shape, arch).unwrap();
    let compression = if layer == 1 { Compression::both(Format::Runs) } else { Compression::default() };
    let (numerics, tensors) = (&numerics, &tensors);
    run(&Work { shape, mapping: (*mapping).into(), numerics, output, tensors, compression, reset_at }, &golden)
}

/// Runs `layer`, whose ofmap must be golden's, and whose counts those that were predicted.
#[track_caller]
fn check(machine: &mut Machine, arch: &Arch, layer: usize, reset_at: Option<u64>, what: &str) {
    with_work(arch, layer, reset_at, |work, golden| {
        let done = machine.run(work, None).unwrap_or_else(|e| panic!("layer {layer}, {what}: {e:#}"));
        assert!(done.ofmap.as_ref() == Some(golden), "layer {layer}, {what}: {:?}", done.run.status);
        assert_eq!(done.differences(&done.program.counts), [], "layer {layer}, {what}");
    });
}

/// A memory behind a link of `ratio` cycles a cycle of the core.
fn timing(ratio: (u32, u32), jitter: Option<u64>) -> MemoryTiming {
    MemoryTiming { latency: 7, ratio, jitter, ..MemoryTiming::default() }
}

#[track_caller]
fn check_ratios(arch: &Arch, kind: EngineKind, layers: usize, timings: &[((u32, u32), Option<u64>)]) {
    let mut machine = Machine::new(arch, kind, &Setup::default()).expect("an engine");
    for &(ratio, jitter) in timings {
        machine.set_timing(&timing(ratio, jitter));
        for layer in 0..layers {
            check(&mut machine, arch, layer, None, &format!("{ratio:?}, jitter {jitter:?}, {}", kind.name()));
        }
    }
}

#[test]
fn builtin_equals_golden_at_random_ratios() {
    check_ratios(&arch(2, 2, 8, 4), EngineKind::Builtin, 1, &[((60, 200), Some(1)), ((7, 3), Some(3))]);
}

#[test]
fn verilator_equals_golden_at_random_ratios() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let drawn = (0..12).map(|_| ((random.random_range(1..20), random.random_range(1..20)), Some(random.random())));
    let mut timings: Vec<_> = drawn.collect();
    timings.extend([((60, 200), None), ((64, 1), Some(1)), ((1, 64), Some(2)), ((1, 1), None)]);
    check_ratios(&arch(3, 4, 8, 8), EngineKind::Verilator, 3, &timings);
}

#[test]
fn icarus_equals_golden_at_random_ratios() {
    check_ratios(&arch(2, 3, 8, 4), EngineKind::Icarus, 2, &[((60, 200), Some(1)), ((5, 2), Some(2))]);
}

#[test]
fn a_layer_is_right_after_a_reset_in_the_middle() {
    let arch = arch(3, 4, 8, 8);
    let mut machine = Machine::new(&arch, EngineKind::Verilator, &Setup::default()).expect("an engine");
    for (seed, ratio) in [(3, 10), (10, 3), (1, 1)].into_iter().enumerate() {
        machine.set_timing(&timing(ratio, Some(seed as u64)));
        for cycle in [100, 333, 1000, 2500] {
            check(&mut machine, &arch, 0, Some(cycle), &format!("reset at {cycle}, {ratio:?}"));
        }
    }
}

/// Puts the program of layer 0 into the queue, with all that it needs in memory.
fn start(machine: &mut Machine, arch: &Arch) {
    let loaded = with_work(arch, 0, None, |work, _| machine.load(work).unwrap());
    let host = machine.host();
    host.dram = loaded.dram;
    host.push(loaded.program.layout.program, (loaded.program.bytes.len() / COMMAND_BYTES) as u32).unwrap();
}

/// A soft reset while bursts are on their way ends them in order: a beat that were left over would go to the next layer.
#[test]
fn a_soft_reset_tears_no_transfer() {
    let arch = arch(3, 4, 8, 8);
    let mut machine = Machine::new(&arch, EngineKind::Verilator, &Setup::default()).expect("an engine");
    let mut busy = 0;
    for (seed, ratio) in [(3, 10), (10, 3), (1, 1), (2, 7)].into_iter().enumerate() {
        machine.set_timing(&timing(ratio, Some(seed as u64)));
        for cycle in [40, 150, 400, 900, 1500, 2600] {
            start(&mut machine, &arch);
            let host = machine.host();
            host.run_for(cycle).unwrap();
            busy += host.read_register(STATUS.offset as u32).unwrap() & 1;
            host.write_register(CONTROL.offset as u32, 1).unwrap();
            let polls = (0..4000).take_while(|_| host.read_register(CONTROL.offset as u32).unwrap() & 1 != 0).count();
            assert!(polls < 4000, "the reset at {cycle}, {ratio:?}, does not end");
            check(&mut machine, &arch, 0, None, &format!("after a soft reset at {cycle}, {ratio:?}"));
        }
    }
    assert!(busy > 12, "{busy} of 24 soft resets came while the layer ran");
}
