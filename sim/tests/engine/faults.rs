//! What the host must catch.

use crate::copier::{Plant, BLOCK_BYTES};
use crate::hosts::{builtin, host, job};
use sim::host::{Access, Dram, HostConfig, HostError, MemoryTiming};

/// The error that a planted fault ends in.
fn caught(plant: Plant) -> String {
    let timing = MemoryTiming { jitter: Some(1), ..Default::default() };
    let config = HostConfig { timing, ..Default::default() };
    let run = || {
        let (mut host, source, _) = host(builtin(64, plant), 20, config)?;
        host.run_program(job(source, 20))
    };
    let error: HostError = run().unwrap_err();
    assert_eq!(error.exit_code(), 1);
    error.to_string()
}

#[track_caller]
fn check(plant: Plant, channel: &str, rule: &str) {
    let error = caught(plant);
    let (when, what) = error.split_once(": ").unwrap();
    assert!(when.starts_with("cycle "), "{error}");
    assert!(what.starts_with(&format!("{channel} breaks AXI: {rule}")), "{error}");
}

#[test]
fn a_burst_without_its_last_beat() {
    check(Plant::NoLast, "m_axi_w", "last is false with 0 beats to come");
}

#[test]
fn an_address_that_moves_while_it_waits() {
    check(Plant::MovingAddress, "m_axi_ar", "the payload changed before ready came");
}

#[test]
fn a_burst_of_another_type() {
    check(Plant::FixedBurst, "m_axi_ar", "burst type 0 instead of INCR");
}

#[test]
fn a_valid_that_falls() {
    check(Plant::FallingValid, "m_axi_w", "valid fell before ready came");
}

#[test]
fn a_valid_in_reset() {
    check(Plant::ValidInReset, "m_axi_ar", "valid is high in reset");
}

#[test]
fn an_answer_without_a_question() {
    check(Plant::EarlyAnswer, "s_axil_r", "an answer that nothing has asked for");
}

/// The error of a copy of `blocks` blocks from `offset` in a region of 100 blocks to one of `target` blocks.
fn misplaced(offset: u64, blocks: usize, target: usize) -> String {
    let mut dram = Dram::new();
    let source = dram.allocate("source", 100 * BLOCK_BYTES, Access::Read);
    let target = dram.allocate("target", target * BLOCK_BYTES - 8, Access::ReadWrite);
    let engine = builtin(64, Plant::Nothing);
    let mut host = sim::host::Host::new(engine, dram, HostConfig::default()).unwrap();
    host.write_register(0x70, target as u32).unwrap();
    let error = host.run_program(job(source + offset, blocks)).unwrap_err().to_string();
    error.split_once(": ").unwrap().1.into()
}

#[test]
fn a_read_behind_a_region() {
    assert_eq!(
        misplaced(99 * 64, 2, 4),
        "the accelerator reads 64 bytes at 0x100001900: outside all regions; regions: `source` \
         0x100000000..0x100001900, `target` 0x100003000..0x1000030f8"
    );
}

#[test]
fn a_write_of_bytes_that_a_region_does_not_have() {
    let error = misplaced(0, 4, 4);
    assert_eq!(error, "the accelerator writes 8 bytes at 0x1000030f8: region `target` ends at 0x1000030f8");
}

#[test]
fn a_write_to_what_is_for_reading() {
    let mut dram = Dram::new();
    let source = dram.allocate("source", 64, Access::Read);
    let engine = builtin(64, Plant::Nothing);
    let mut host = sim::host::Host::new(engine, dram, HostConfig::default()).unwrap();
    host.write_register(0x70, source as u32).unwrap();
    let error = host.run_program(job(source, 1)).unwrap_err().to_string();
    assert!(
        error.ends_with("the accelerator writes 8 bytes at 0x100000000: region `source` is for reading"),
        "{error}"
    );
}

#[test]
fn a_burst_across_4_kib() {
    let error = misplaced(32, 100, 100);
    assert_eq!(error, "m_axi_ar breaks AXI: 64 bytes at 0x100000fe0 cross a boundary of 4 KiB");
}

#[test]
fn an_address_between_beats() {
    let error = misplaced(4, 1, 1);
    assert_eq!(error, "m_axi_ar breaks AXI: address 0x100000004 is not a multiple of the beat's 8 bytes");
}

#[test]
fn a_program_that_does_not_end() {
    let (mut host, source, _) = host(builtin(64, Plant::Nothing), 4, HostConfig::default()).unwrap();
    let error = host.run_program(sim::host::Job { limit: 50, ..job(source, 4) }).unwrap_err().to_string();
    assert!(error.starts_with("the program at 0x100000000 has not ended after 50 cycles; Status {"), "{error}");
}

#[test]
fn regions_that_overlap() {
    let mut dram = Dram::new();
    dram.place("a", 0x1000, 100, Access::Read).unwrap();
    dram.place("b", 0x1080, 64, Access::Read).unwrap();
    let error = dram.place("c", 0x0fff, 2, Access::Read).unwrap_err().to_string();
    assert_eq!(error, "region `c` at 0xfff overlaps region `a`");
    let error = dram.place("d", 0x10bf, 2, Access::Read).unwrap_err().to_string();
    assert_eq!(error, "region `d` at 0x10bf overlaps region `b`");
    let error = dram.read(0x1060, 8).unwrap_err().to_string();
    assert_eq!(error, "no region holds the 8 bytes at 0x1060; regions: `a` 0x1000..0x1064, `b` 0x1080..0x10c0");
}
