//! The read port, the bursts and the width converters by themselves.

mod shell_bench;

use hw::rtl::prelude::*;
use hw::shell::{
    buffer::Buffer,
    burst::Burst,
    read_port::{ReadPort, READERS},
    resize::Resize,
    semaphore::Semaphore,
};
use shell_bench::memory::{Memory, Random, Timing, FAST, SLOW};
use std::collections::VecDeque;

/// Each reader gets its own beats, in order, whoever else reads; all are served.
#[test]
fn four_readers_share_the_port() {
    for seed in 1..=12 {
        let link = [32, 64, 128][seed as usize % 3];
        let bytes = link as u64 / 8;
        let timing = [FAST, SLOW, Timing { latency: 60, stall: 0 }][seed as usize / 3 % 3];
        let mut uut = ReadPort::new(link);
        uut.connect_all();
        rust_hdl::prelude::check_all(&uut).unwrap();
        tick!(uut, true);
        let mut memory = Memory::new(link, timing, seed);
        let mut random = Random(seed * 7);
        let mut asking: [Option<(u64, u64)>; READERS] = [None; READERS];
        let mut due: [VecDeque<u64>; READERS] = Default::default();
        let (mut taken, mut waited) = ([0u64; READERS], [0u64; READERS]);
        for cycle in 0..6000 {
            for i in 0..READERS {
                if asking[i].is_none() && random.chance(if i == 1 { 100 } else { 20 }) && cycle < 5000 {
                    let beats = 1 + random.below(64);
                    let beat = random.below(1 << 12);
                    let beats = beats.min((4096 - beat * bytes % 4096) / bytes);
                    asking[i] = Some((beat * bytes, beats));
                }
                uut.request_valid[i].next = asking[i].is_some().into();
                if let Some((address, beats)) = asking[i] {
                    uut.request_address[i].next = (address as usize).into();
                    uut.request_beats_m1[i].next = (beats as usize - 1).into();
                }
                uut.read_ready[i].next = random.chance(90).into();
            }
            memory_cycle!(uut, memory, read);
            for i in 0..READERS {
                if uut.read_valid[i].val().any() && uut.read_ready[i].val().any() {
                    let address =
                        due[i].pop_front().unwrap_or_else(|| panic!("seed {seed}: reader {i} asked for nothing"));
                    let expect = (0..bytes).map(|k| (memory.byte(address + k) as u128) << (8 * k)).sum::<u128>();
                    assert_eq!(uut.read_data.val().raw(), expect, "seed {seed}: reader {i}");
                }
                waited[i] += 1;
                if uut.request_ready[i].val().any() {
                    if let Some((address, beats)) = asking[i].take() {
                        due[i].extend((0..beats).map(|k| address + k * bytes));
                        taken[i] += 1;
                        waited[i] = 0;
                    }
                }
                assert!(asking[i].is_none() || waited[i] < 4000, "seed {seed}: reader {i} starves");
            }
            tick!(uut);
        }
        assert!(memory.quiet() && due.iter().all(VecDeque::is_empty), "seed {seed}");
        assert!(taken.iter().all(|n| *n > 5), "seed {seed}: {taken:?}");
        assert!(memory.most_reads <= 8);
        assert!(uut.drained.val().any());
    }
}

#[test]
fn a_halted_port_discards_what_is_on_the_way() {
    let mut uut = ReadPort::new(64);
    uut.connect_all();
    tick!(uut, true);
    let mut memory = Memory::new(64, Timing { latency: 30, stall: 30 }, 5);
    for i in 0..READERS {
        uut.request_valid[i].next = 1.into();
        uut.request_address[i].next = (0x1000 * i).into();
        uut.request_beats_m1[i].next = 63.into();
        uut.read_ready[i].next = 0.into();
    }
    for cycle in 0..2000 {
        uut.halt.next = (cycle >= 20).into();
        memory_cycle!(uut, memory, read);
        if cycle >= 20 {
            for i in 0..READERS {
                assert!(!uut.read_valid[i].val().any() && !uut.request_ready[i].val().any());
            }
        }
        tick!(uut);
    }
    assert!(memory.read_bursts >= 4 && memory.quiet() && uut.drained.val().any());
    assert_eq!(memory.read_beats, 64 * memory.read_bursts);
}

#[test]
fn bursts_cover_a_run_once_and_stay_within_their_blocks() {
    for beat_bytes in [4u64, 8, 16] {
        for most in [2u64, 16, 64] {
            let mut uut = Burst::new(beat_bytes as usize, most as usize);
            uut.connect_all();
            rust_hdl::prelude::check_all(&uut).unwrap();
            tick!(uut, true);
            let mut random = Random(beat_bytes * most);
            for _ in 0..60 {
                let address = random.next() >> 8;
                let beats = 1 + random.below(200);
                uut.run_valid.next = 1.into();
                uut.run_address.next = Word::new(address as i128, 64, false);
                uut.run_beats_m1.next = (beats as usize - 1).into();
                settle(&mut uut);
                assert!(uut.run_ready.val().any());
                tick!(uut);
                uut.run_valid.next = 0.into();
                let mut next = address / beat_bytes;
                let end = next + beats;
                while next < end {
                    uut.allow.next = random.chance(70).into();
                    uut.request_ready.next = random.chance(50).into();
                    settle(&mut uut);
                    assert!(!uut.run_ready.val().any());
                    assert_eq!(uut.request_valid.val().any(), uut.allow.val().any());
                    if uut.request_valid.val().any() && uut.request_ready.val().any() {
                        assert_eq!(uut.request_address.val().raw(), (next * beat_bytes) as u128);
                        let n = uut.request_beats_m1.val().raw() as u64 + 1;
                        assert_eq!(n, (end - next).min(most - next % most));
                        next += n;
                    }
                    tick!(uut);
                }
            }
        }
    }
}

/// Streams numbered bytes through a block with `enq` and `deq`; the cycles that it takes without stalls.
macro_rules! stream_through {
    ($uut:expr, $in_bits:expr, $out_bits:expr, $stall:expr, $seed:expr) => {{
        let mut uut = $uut;
        uut.connect_all();
        rust_hdl::prelude::check_all(&uut).unwrap();
        tick!(uut, true);
        let mut random = Random($seed);
        let byte = |i: usize| (i * 37 + i / 256) as u8;
        let word =
            |first: usize, bits: usize| -> u128 { (0..bits / 8).map(|k| (byte(first + k) as u128) << (8 * k)).sum() };
        let total = 16 * 200;
        let (mut put, mut got, mut cycles) = (0, 0, 0);
        let mut offered = false;
        while got < total {
            offered = offered || !random.chance($stall);
            uut.enq.valid.next = (offered && put < total).into();
            uut.enq.payload.next = Word::new(word(put, $in_bits) as i128, $in_bits, false);
            uut.deq.ready.next = (!random.chance($stall)).into();
            settle(&mut uut);
            if uut.deq.valid.val().any() && uut.deq.ready.val().any() {
                assert_eq!(uut.deq.payload.val().raw(), word(got, $out_bits), "byte {got}");
                got += $out_bits / 8;
            }
            if uut.enq.valid.val().any() && uut.enq.ready.val().any() {
                put += $in_bits / 8;
                offered = false;
            }
            tick!(uut);
            cycles += 1;
            assert!(cycles < 20 * total, "hangs");
        }
        (cycles, total * 8 / $in_bits.min($out_bits))
    }};
}

#[test]
fn a_resized_stream_has_the_same_bytes() {
    for in_bits in [8usize, 16, 32, 64, 128] {
        for out_bits in [8usize, 16, 32, 64, 128] {
            stream_through!(Resize::new(in_bits, out_bits), in_bits, out_bits, 40, 1 + in_bits as u64);
            let (cycles, words) = stream_through!(Resize::new(in_bits, out_bits), in_bits, out_bits, 0, 1);
            assert!(cycles <= words + 6, "{in_bits} to {out_bits}: {cycles} cycles for {words} words");
        }
    }
}

#[test]
fn a_buffer_keeps_order_and_takes_a_word_a_cycle() {
    for depth in [1, 2, 3, 16, 100] {
        stream_through!(Buffer::new(depth, 32), 32, 32, 40, 3);
        let (cycles, words) = stream_through!(Buffer::new(depth, 32), 32, 32, 0, 3);
        assert!(depth < 3 || cycles <= words + 4, "depth {depth}: {cycles} cycles for {words} words");
    }
}

#[test]
fn a_semaphore_gives_as_many_as_were_posted() {
    let mut uut = Semaphore::default();
    uut.connect_all();
    rust_hdl::prelude::check_all(&uut).unwrap();
    tick!(uut, true);
    let mut random = Random(1);
    let mut count = 0;
    for _ in 0..2000 {
        let post = random.chance(40);
        let take = count > 0 && random.chance(60);
        uut.post.next = post.into();
        uut.take.next = take.into();
        settle(&mut uut);
        assert_eq!(uut.available.val().any(), count > 0);
        tick!(uut);
        count = count + post as i32 - take as i32;
    }
}
