use crate::copier::{Copier, Plant, BLOCK_BYTES};
use sim::engine::{Builtin, Design, Engine, Icarus, IcarusOptions, Verilator, VerilatorOptions};
use sim::host::{
    qualify, Access, Dram, Fault, FaultAt, Host, HostConfig, HostError, Job, MemoryTiming, Outside, Response, Run,
    Transfer, UNWRITTEN,
};
use sim::wires;

pub fn builtin(link_bits: usize, plant: Plant) -> Builtin<Copier> {
    let wires = wires!(Copier: s_axil_awaddr, s_axil_awvalid, s_axil_awready, s_axil_wdata, s_axil_wstrb, s_axil_wvalid,
        s_axil_wready, s_axil_bresp, s_axil_bvalid, s_axil_bready, s_axil_araddr, s_axil_arvalid, s_axil_arready,
        s_axil_rdata, s_axil_rresp, s_axil_rvalid, s_axil_rready, m_axi_awaddr, m_axi_awlen, m_axi_awsize,
        m_axi_awburst, m_axi_awvalid, m_axi_awready, m_axi_wdata, m_axi_wstrb, m_axi_wlast, m_axi_wvalid, m_axi_wready,
        m_axi_bresp, m_axi_bvalid, m_axi_bready, m_axi_araddr, m_axi_arlen, m_axi_arsize, m_axi_arburst, m_axi_arvalid,
        m_axi_arready, m_axi_rdata, m_axi_rresp, m_axi_rlast, m_axi_rvalid, m_axi_rready, irq);
    Builtin::new(Copier::new(link_bits, plant), wires).unwrap()
}

fn engines(link_bits: usize) -> [Box<dyn Engine>; 3] {
    let mut design = Design::of(&mut Copier::new(link_bits, Plant::Nothing), "copier").unwrap();
    qualify(&mut design.pinout).unwrap();
    [
        Box::new(builtin(link_bits, Plant::Nothing)),
        Box::new(Verilator::new(&design, &VerilatorOptions::default()).unwrap()),
        Box::new(Icarus::new(&design, &IcarusOptions::default()).unwrap()),
    ]
}

pub fn pattern(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|i| (i as u8).wrapping_mul(37) ^ (i >> 8) as u8).collect()
}

/// A host with `blocks` blocks to copy: from the region `source` to the region `target`.
pub fn host<E: Engine>(engine: E, blocks: usize, config: HostConfig) -> Result<(Host<E>, u64, u64), HostError> {
    let mut dram = Dram::new();
    let bytes = blocks * BLOCK_BYTES;
    let source = dram.allocate("source", bytes, Access::Read);
    let target = dram.allocate("target", bytes, Access::ReadWrite);
    dram.write(source, &pattern(bytes))?;
    let counters = vec![("cycles", 0x100), ("beats", 0x108)];
    let mut host = Host::new(engine, dram, HostConfig { counters, ..config })?;
    host.write_register(0x70, target as u32)?;
    Ok((host, source, target))
}

pub fn job<'a>(source: u64, blocks: usize) -> Job<'a> {
    Job { address: source, blocks: blocks as u32, limit: 100_000, reset_at: None, progress: None }
}

/// Copies `blocks` blocks and checks that they have arrived.
#[track_caller]
fn copy<E: Engine>(engine: E, blocks: usize, config: HostConfig) -> Run {
    let name = engine.name();
    let (mut host, source, target) = host(engine, blocks, config).unwrap();
    let run = host.run_program(job(source, blocks)).unwrap();
    let expected: Vec<u8> = pattern(blocks * BLOCK_BYTES).iter().map(|b| !b).collect();
    assert!(host.dram.read(target, expected.len()).unwrap() == expected, "{name}: a wrong copy");
    assert_eq!((run.status.done_count, run.status.error, run.status.irq), (1, false, true), "{name}");
    assert!(!host.irq(), "{name}: the interrupt is acknowledged");
    run
}

fn timing(timing: MemoryTiming) -> HostConfig {
    HostConfig { timing, ..Default::default() }
}

#[test]
fn three_engines_copy_in_the_same_number_of_cycles_whatever_the_memory_does() {
    for link_bits in [32, 64, 128] {
        let timings = [
            MemoryTiming { latency: 1, ..Default::default() },
            MemoryTiming { latency: 100, bandwidth: Some((60, 200)), ..Default::default() },
            MemoryTiming { latency: 7, jitter: Some(3), outstanding: 1, ..Default::default() },
        ];
        for memory in timings {
            let runs = engines(link_bits).map(|engine| copy(engine, 20, timing(memory.clone())));
            for run in &runs {
                assert_eq!(run.counters, runs[0].counters);
                assert_eq!((run.cycles, run.traffic), (runs[0].cycles, runs[0].traffic));
            }
            let bytes = 20 * BLOCK_BYTES as u64;
            assert_eq!(runs[0].counters.get("beats"), Some(bytes / (link_bits as u64 / 8)));
            assert_eq!((runs[0].traffic.read_bytes, runs[0].traffic.write_bytes), (bytes, bytes));
        }
    }
}

#[test]
fn latency_and_bandwidth_cost_the_cycles_that_they_should() {
    let cycles = |memory| copy(builtin(64, Plant::Nothing), 50, timing(memory)).cycles as f64;
    let plain = cycles(MemoryTiming { latency: 1, ..Default::default() });
    let slow = cycles(MemoryTiming { latency: 51, ..Default::default() });
    // A block is read while the one before is written; each waits for data and for a response.
    assert!((slow - plain - 50.0 * 50.0).abs() < 120.0, "{plain} and {slow}");
    let narrow = cycles(MemoryTiming { latency: 1, bandwidth: Some((3, 10)), ..Default::default() });
    let beats = 2.0 * 50.0 * 8.0;
    assert!((narrow / (beats * 10.0 / 3.0) - 1.0).abs() < 0.1, "{narrow} cycles for {beats} beats");
}

#[test]
fn any_seed_gives_the_same_copy_and_another_time() {
    let run =
        |seed| copy(builtin(64, Plant::Nothing), 30, timing(MemoryTiming { jitter: Some(seed), ..Default::default() }));
    let cycles: std::collections::HashSet<u64> = (0..20).map(|seed| run(seed).cycles).collect();
    assert!(cycles.len() > 10, "{cycles:?}");
    assert_eq!(run(5).cycles, run(5).cycles);
}

#[test]
fn a_reset_in_the_middle_leaves_nothing_behind() {
    for at in [1, 30, 77, 200] {
        let config = timing(MemoryTiming { jitter: Some(at), ..Default::default() });
        let (mut host, source, target) = host(builtin(64, Plant::Nothing), 10, config).unwrap();
        let error = host.run_program(Job { reset_at: Some(at), ..job(source, 10) });
        // The copier's own target register is lost with the reset: the copy goes to address 0.
        assert!(matches!(error, Err(HostError::Memory { verb: "writes", .. })), "{error:?}");
        host.reset().unwrap();
        host.write_register(0x70, target as u32).unwrap();
        let run = host.run_program(job(source, 10)).unwrap();
        assert_eq!(run.status.done_count, 1);
        let copied = host.dram.read(target, 10 * BLOCK_BYTES).unwrap();
        assert!(copied.iter().zip(pattern(10 * BLOCK_BYTES)).all(|(a, b)| *a == !b));
    }
}

#[test]
fn programs_follow_one_another() {
    let (mut host, source, _) = host(builtin(64, Plant::Nothing), 4, HostConfig::default()).unwrap();
    let mut calls = Vec::new();
    for count in 1..=3 {
        let mut progress = |cycles| calls.push(cycles);
        let run = host.run_program(Job { progress: Some(&mut progress), ..job(source, 4) }).unwrap();
        assert_eq!(run.status.done_count, count);
        assert_eq!(run.traffic.read_bytes, 4 * BLOCK_BYTES as u64);
    }
    assert!(calls.is_empty(), "too short for a report: {calls:?}");
}

#[test]
fn injected_errors_reach_the_accelerator() {
    let cases = [
        (Transfer::Read, FaultAt::Burst(2), Response::SlvErr, 4),
        (Transfer::Write, FaultAt::Burst(0), Response::DecErr, 5),
        (Transfer::Read, FaultAt::Addresses(0x1_0000_0000..0x1_0000_0001), Response::DecErr, 4),
    ];
    for (transfer, at, response, cause) in cases {
        let config = HostConfig { faults: vec![Fault { transfer, at, response }], ..Default::default() };
        let (mut host, source, _) = host(builtin(64, Plant::Nothing), 4, config).unwrap();
        let run = host.run_program(job(source, 4)).unwrap();
        assert_eq!((run.status.error, run.status.cause), (true, cause));
    }
    let (mut host, source, target) = host(
        builtin(64, Plant::Nothing),
        4,
        HostConfig {
            faults: vec![Fault { transfer: Transfer::Write, at: FaultAt::Burst(1), response: Response::SlvErr }],
            ..Default::default()
        },
    )
    .unwrap();
    host.run_program(job(source, 4)).unwrap();
    let second = host.dram.read(target + BLOCK_BYTES as u64, BLOCK_BYTES).unwrap();
    assert_eq!(second, [UNWRITTEN; BLOCK_BYTES], "what was refused is not written");
}

#[test]
fn an_access_outside_can_be_left_to_the_accelerator() {
    let config = HostConfig { outside: Outside::DecErr, ..Default::default() };
    let (mut host, source, _) = host(builtin(64, Plant::Nothing), 2, config).unwrap();
    let run = host.run_program(job(source, 3)).unwrap();
    assert_eq!((run.status.error, run.status.cause), (true, 5));
}

#[test]
fn registers_answer_and_refuse() {
    let config = timing(MemoryTiming { jitter: Some(9), ..Default::default() });
    let (mut host, ..) = host(builtin(64, Plant::Nothing), 1, config).unwrap();
    for _ in 0..20 {
        assert_eq!(host.read_register(0).unwrap(), 0x5445_5353);
    }
    let error = host.read_register(0xffc).unwrap_err().to_string();
    assert_eq!(error, "a read of register 0xffc is answered with SLVERR");
}
