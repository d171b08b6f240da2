//! The ifmap loader behind the read port, against copying in plain Rust.

mod shell_bench;

use hw::program::{flag, load};
use hw::rlc::{self, Codec, Format};
use hw::rtl::prelude::*;
use hw::shell::{
    loader::Loader,
    read_port::{ReadPort, LOADS},
};
use hw::Arch;
use shell_bench::memory::{Memory, Random, Timing, FAST, SLOW};

/// A loader that has the read port to itself.
#[derive(LogicBlock)]
struct Bench {
    pub clock: Wire<In, Clk>,
    pub command_valid: Wire<In>,
    pub command_ready: Wire<Out>,
    pub flags: Wire<In>,
    pub command: Vec<Wire<In>>,
    pub ifmap_free_post: Wire<In>,
    pub loaded_post: Wire<Out>,
    pub load_write: Vec<Wire<Out>>,
    pub load_line: Vec<Wire<Out>>,
    pub load_word: Vec<Wire<Out>>,
    pub idle: Wire<Out>,
    pub decoded: Wire<Out>,
    pub failed: Wire<Out>,
    pub m_axi_araddr: Wire<Out>,
    pub m_axi_arlen: Wire<Out>,
    pub m_axi_arvalid: Wire<Out>,
    pub m_axi_arready: Wire<In>,
    pub m_axi_rdata: Wire<In>,
    pub m_axi_rresp: Wire<In>,
    pub m_axi_rlast: Wire<In>,
    pub m_axi_rvalid: Wire<In>,
    pub m_axi_rready: Wire<Out>,
    loader: Loader,
    port: ReadPort,
    me: Const,
}

impl Bench {
    fn new(arch: &Arch) -> Self {
        Bench {
            clock: Default::default(),
            command_valid: Wire::bit(),
            command_ready: Wire::bit(),
            flags: Wire::unsigned(8),
            command: (0..5).map(|_| Wire::unsigned(64)).collect(),
            ifmap_free_post: Wire::bit(),
            loaded_post: Wire::bit(),
            load_write: (0..4).map(|_| Wire::bit()).collect(),
            load_line: (0..4).map(|_| Wire::unsigned(arch.line_bits())).collect(),
            load_word: (0..4).map(|_| Wire::signed(arch.width)).collect(),
            idle: Wire::bit(),
            decoded: Wire::bit(),
            failed: Wire::bit(),
            m_axi_araddr: Wire::unsigned(64),
            m_axi_arlen: Wire::unsigned(8),
            m_axi_arvalid: Wire::bit(),
            m_axi_arready: Wire::bit(),
            m_axi_rdata: Wire::unsigned(arch.link_width),
            m_axi_rresp: Wire::unsigned(2),
            m_axi_rlast: Wire::bit(),
            m_axi_rvalid: Wire::bit(),
            m_axi_rready: Wire::bit(),
            loader: Loader::new(arch),
            port: ReadPort::new(arch.link_width),
            me: Const::new(LOADS),
        }
    }
}

impl Logic for Bench {
    #[hdl_gen]
    fn update(&mut self) {
        self.loader.clock.next = self.clock.val();
        self.port.clock.next = self.clock.val();
        self.port.halt.next = 0.into();
        for i in 0..4 {
            self.port.request_valid[i].next = 0.into();
            self.port.request_address[i].next = self.loader.request_address.val();
            self.port.request_beats_m1[i].next = self.loader.request_beats_m1.val();
            self.port.read_ready[i].next = self.loader.read_ready.val();
        }
        self.port.request_valid[self.me.index()].next = self.loader.request_valid.val();
        self.loader.request_ready.next = self.port.request_ready[self.me.index()].val();
        self.loader.read_valid.next = self.port.read_valid[self.me.index()].val();
        self.loader.read_data.next = self.port.read_data.val();
        self.loader.command_valid.next = self.command_valid.val();
        self.command_ready.next = self.loader.command_ready.val();
        self.loader.flags.next = self.flags.val();
        for i in 0..5 {
            self.loader.command[i].next = self.command[i].val();
        }
        self.loader.ifmap_free_post.next = self.ifmap_free_post.val();
        self.loaded_post.next = self.loader.loaded_post.val();
        for i in 0..4 {
            self.load_write[i].next = self.loader.load_write[i].val();
            self.load_line[i].next = self.loader.load_line[i].val();
            self.load_word[i].next = self.loader.load_word[i].val();
        }
        self.idle.next = self.loader.idle.val();
        self.decoded.next = self.loader.decoded.val();
        self.failed.next = self.loader.failed.val();
        self.m_axi_araddr.next = self.port.m_axi_araddr.val();
        self.m_axi_arlen.next = self.port.m_axi_arlen.val();
        self.m_axi_arvalid.next = self.port.m_axi_arvalid.val();
        self.port.m_axi_arready.next = self.m_axi_arready.val();
        self.port.m_axi_rdata.next = self.m_axi_rdata.val();
        self.port.m_axi_rresp.next = self.m_axi_rresp.val();
        self.port.m_axi_rlast.next = self.m_axi_rlast.val();
        self.port.m_axi_rvalid.next = self.m_axi_rvalid.val();
        self.m_axi_rready.next = self.port.m_axi_rready.val();
    }
}

/// A LOAD command and its flags.
struct Load {
    words: [u64; 8],
    flags: u64,
    /// Of a slot: what lies in memory.
    slot: Vec<u8>,
}

impl Load {
    fn new(address: u64, glb: u64, run: u64, inner: (u64, u64, u64), outer: (u64, u64, u64), flags: u64) -> Load {
        let mut words = [0; 8];
        load::ADDRESS.set(&mut words, address);
        load::GLB_WORD.set(&mut words, glb);
        load::RUN_M1.set(&mut words, run - 1);
        load::INNER_M1.set(&mut words, inner.0 - 1);
        load::INNER_BYTES.set(&mut words, inner.1);
        load::INNER_WORDS.set(&mut words, inner.2);
        load::OUTER_M1.set(&mut words, outer.0 - 1);
        load::OUTER_BYTES.set(&mut words, outer.1);
        load::OUTER_WORDS.set(&mut words, outer.2);
        Load { words, flags, slot: vec![] }
    }

    /// The load of a slot at `address` that holds `data`, whose length is that of all runs.
    fn of_slot(mut self, arch: &Arch, format: Format, address: u64, data: &[i64]) -> Load {
        load::ADDRESS.set(&mut self.words, address);
        self.flags |= flag::LOAD_RLC | if format == Format::Masks { flag::LOAD_MASKS } else { 0 };
        self.slot = rlc::slot(&self.codec(arch).encode(data), arch.link_bytes());
        assert_eq!(data.len(), self.places().len());
        self
    }

    /// What a slot is written in.
    fn codec(&self, arch: &Arch) -> Codec {
        let format = Format::masked(self.flags & flag::LOAD_MASKS != 0);
        Codec { format, width: arch.width }
    }

    /// Codes of the slot.
    fn codes(&self) -> u64 {
        self.slot.get(..8).map_or(0, |length| u64::from_le_bytes(length.try_into().unwrap()))
    }

    /// Every (memory address, buffer word) that the command goes through; the addresses are a raw load's.
    fn places(&self) -> Vec<(u64, u64)> {
        let get = |f: hw::program::Field| f.get(&self.words);
        let mut places = vec![];
        for outer in 0..=get(load::OUTER_M1) {
            for inner in 0..=get(load::INNER_M1) {
                let from = get(load::ADDRESS) + outer * get(load::OUTER_BYTES) + inner * get(load::INNER_BYTES);
                let to = get(load::GLB_WORD) + outer * get(load::OUTER_WORDS) + inner * get(load::INNER_WORDS);
                places.extend((0..=get(load::RUN_M1)).map(|i| (from + i, to + i)));
            }
        }
        places
    }

    /// What each buffer word becomes.
    fn writes(&self, arch: &Arch, memory: &Memory) -> Vec<(u64, i128)> {
        let places = self.places();
        if self.flags & flag::LOAD_RLC != 0 {
            let codes: Vec<u64> = self.slot[rlc::SLOT_HEAD..][..8 * self.codes() as usize]
                .chunks(8)
                .map(|code| u64::from_le_bytes(code.try_into().unwrap()))
                .collect();
            let data = self.codec(arch).decode(&codes, places.len()).unwrap();
            return places.iter().zip(data).map(|((_, to), word)| (*to, word as i128)).collect();
        }
        let run = load::RUN_M1.get(&self.words) + 1;
        let word = |(i, (from, to)): (usize, &(u64, u64))| {
            let within = i as u64 % run;
            let value = memory.number(from - within + within * arch.word_bytes() as u64, arch.word_bytes());
            (*to, Word::new(value as i128, arch.width, true).value())
        };
        places.iter().enumerate().map(word).collect()
    }
}

/// Runs commands that end; returns the cycles and the memory's counts.
fn run(arch: &Arch, loads: &[Load], timing: Timing, seed: u64) -> (u64, Memory) {
    let (cycles, memory) = run_or_fail(arch, loads, timing, seed);
    (cycles.unwrap_or_else(|| panic!("seed {seed}: the loader failed")), memory)
}

/// Runs commands until all is done or, with `None`, the loader fails. `ifmap_free` is posted at random times.
fn run_or_fail(arch: &Arch, loads: &[Load], timing: Timing, seed: u64) -> (Option<u64>, Memory) {
    let mut uut = Bench::new(arch);
    uut.connect_all();
    rust_hdl::prelude::check_all(&uut).unwrap();
    tick!(uut, true);
    let mut memory = Memory::new(arch.link_width, timing, seed);
    for load in loads {
        memory.write(load::ADDRESS.get(&load.words), &load.slot);
    }
    let mut decoded = 0;
    let mut random = Random(seed.wrapping_mul(77) | 1);
    let mut buffer = vec![None; arch.glb_lines() * 4];
    let mut expect = buffer.clone();
    let (mut sent, mut posted, mut freed, mut cycles) = (0, 0, 0, 0u64);
    let wanted = |flag| loads.iter().filter(|load| load.flags & flag != 0).count();
    loop {
        let offer = sent < loads.len();
        uut.command_valid.next = offer.into();
        if offer {
            uut.flags.next = (loads[sent].flags as usize).into();
            for i in 0..5 {
                uut.command[i].next = Word::new(loads[sent].words[i + 1] as i128, 64, false);
            }
        }
        let free = freed < wanted(flag::LOAD_WAIT_FREE) && random.chance(2);
        uut.ifmap_free_post.next = free.into();
        freed += free as usize;
        memory_cycle!(uut, memory, read);
        if offer && uut.command_ready.val().any() {
            sent += 1;
        }
        if uut.loaded_post.val().any() {
            posted += 1;
        }
        for lane in 0..4 {
            if uut.load_write[lane].val().any() {
                buffer[uut.load_line[lane].val().index() * 4 + lane] = Some(uut.load_word[lane].val().value());
            }
        }
        // A load that posts, or waits, has left nothing undone before.
        if uut.loaded_post.val().any() {
            let nth = loads.iter().enumerate().filter(|(_, load)| load.flags & flag::LOAD_POST_LOADED != 0);
            let upto = nth.map(|(i, _)| i).nth(posted - 1).expect("more posts than flags");
            for load in &loads[..=upto] {
                for (_, to) in load.places() {
                    assert!(buffer[to as usize].is_some(), "seed {seed}: posted before word {to} was written");
                }
            }
        }
        decoded += u64::from(uut.decoded.val().any());
        if uut.failed.val().any() {
            return (None, memory);
        }
        tick!(uut);
        cycles += 1;
        if sent == loads.len() && uut.idle.val().any() {
            break;
        }
        assert!(cycles < 200_000, "seed {seed}: hangs with {sent} commands sent");
    }
    for load in loads {
        for (to, word) in load.writes(arch, &memory) {
            expect[to as usize] = Some(word);
        }
    }
    assert_eq!(posted, wanted(flag::LOAD_POST_LOADED), "seed {seed}");
    let wrong = (0..buffer.len()).find(|i| buffer[*i] != expect[*i]);
    if let Some(i) = wrong {
        panic!(
            "seed {seed}, D {}, W {}: word {i} is {:?}, not {:?}",
            arch.link_width, arch.width, buffer[i], expect[i]
        );
    }
    assert!(memory.quiet());
    assert_eq!(decoded, loads.iter().map(Load::codes).sum::<u64>(), "seed {seed}: codes decoded");
    (Some(cycles), memory)
}

#[test]
fn every_alignment_of_short_runs_lands_in_its_place() {
    for link in [32, 64, 128] {
        for width in [8, 12, 16, 32] {
            let arch = shell_bench::arch(width, 0, link);
            let bytes = arch.word_bytes() as u64;
            let mut loads = vec![];
            for start in 0..arch.link_bytes() as u64 / bytes {
                for run in 1..=9 {
                    let glb = start * 7 + run;
                    loads.push(Load::new(
                        4096 - 40 * bytes + start * bytes,
                        glb,
                        run,
                        (2, 13 * bytes, 40),
                        (1, 0, 0),
                        0,
                    ));
                }
            }
            run(&arch, &loads, SLOW, (link * width) as u64);
        }
    }
}

#[test]
fn random_loads_copy_what_they_should_under_random_stalls() {
    for seed in 1..=40 {
        let mut random = Random(seed * 0x9e37_79b9);
        let link = [32, 64, 128][random.below(3) as usize];
        let arch = shell_bench::arch(2 + random.below(31) as usize, 0, link);
        let bytes = arch.word_bytes() as u64;
        let words = arch.glb_lines() as u64 * 4;
        let loads: Vec<Load> = (0..6)
            .map(|_| {
                let most = [4, 30, 300][random.below(3) as usize];
                let run = 1 + random.below(most);
                let (inner, outer) = (1 + random.below(4), 1 + random.below(3));
                let inner_words = run + random.below(5);
                let outer_words = inner * inner_words + random.below(9);
                let glb = random.below(words - outer * outer_words);
                let inner_bytes = (run + random.below(40)) * bytes;
                Load::new(
                    random.below(1 << 14) * bytes,
                    glb,
                    run,
                    (inner, inner_bytes, inner_words),
                    (outer, inner * inner_bytes + random.below(50) * bytes, outer_words),
                    random.below(4),
                )
            })
            .collect();
        let timing = [FAST, SLOW, Timing { latency: 100, stall: 0 }][random.below(3) as usize];
        run(&arch, &loads, timing, seed);
    }
}

#[test]
fn a_long_run_takes_a_beat_a_cycle() {
    for (link, width, beats_a_cycle) in [(64, 16, 1), (32, 16, 1), (32, 8, 1), (128, 32, 1), (128, 16, 2), (64, 8, 2)] {
        let arch = shell_bench::arch(width, 0, link);
        let run_words = 4000;
        let beats = run_words * arch.word_bytes() as u64 / arch.link_bytes() as u64;
        let loads = [Load::new(1 << 16, 0, run_words, (1, 0, 0), (1, 0, 0), 0)];
        let (cycles, memory) = run(&arch, &loads, Timing { latency: 30, stall: 0 }, 1);
        assert_eq!(memory.read_beats, beats);
        assert!(memory.most_reads >= 6, "{} bursts on the way", memory.most_reads);
        assert!(cycles < beats * beats_a_cycle + 60, "D {link}, W {width}: {cycles} cycles for {beats} beats");
    }
}

/// `count` words of the array, `zeros` of a hundred of them zero.
fn sparse(arch: &Arch, random: &mut Random, count: u64, zeros: u64) -> Vec<i64> {
    let word = |random: &mut Random| (random.next() as i64) >> (64 - arch.width);
    (0..count).map(|_| if random.chance(zeros) { 0 } else { word(random) }).collect()
}

/// A slot in runs at random places, and now and then a raw load instead.
fn random_slot(arch: &Arch, random: &mut Random, index: u64) -> Load {
    let most = [4, 30, 300][random.below(3) as usize];
    let run = 1 + random.below(most);
    let (inner, outer) = (1 + random.below(4), 1 + random.below(3));
    let inner_words = run + random.below(5);
    let outer_words = inner * inner_words + random.below(9);
    let glb = random.below(arch.glb_lines() as u64 * 4 - outer * outer_words);
    let load = Load::new(0x8000, glb, run, (inner, 0, inner_words), (outer, 0, outer_words), random.below(4));
    if random.chance(20) {
        return load;
    }
    let zeros = [0, 40, 80, 97, 100][random.below(5) as usize];
    let data = sparse(arch, random, run * inner * outer, zeros);
    let format = [Format::Runs, Format::Masks][random.below(2) as usize];
    load.of_slot(arch, format, 0x10_0000 + 0x1_0000 * index + 16 * random.below(300), &data)
}

#[test]
fn random_slots_are_decoded_into_their_runs_under_random_stalls() {
    for seed in 1..=60 {
        let mut random = Random(seed * 0x51ed_270b);
        let link = [32, 64, 128][seed as usize % 3];
        let arch = shell_bench::arch(2 + random.below(31) as usize, 0, link);
        let loads: Vec<Load> = (0..6).map(|index| random_slot(&arch, &mut random, index)).collect();
        let timing = [FAST, SLOW, Timing { latency: 100, stall: 0 }][random.below(3) as usize];
        run(&arch, &loads, timing, seed);
    }
}

/// Loads 4000 words of a slot, `zeros` of a hundred of them zero: its codes, their beats, and the cycles it takes.
fn long_slot(format: Format, (link, width, zeros): (usize, usize, u64)) -> (u64, u64, u64) {
    let arch = shell_bench::arch(width, 0, link);
    let data = sparse(&arch, &mut Random(7), 4000, zeros);
    let load = Load::new(0, 0, 4000, (1, 0, 0), (1, 0, 0), 0).of_slot(&arch, format, 1 << 16, &data);
    let codes = load.codes();
    let beats = (8 * codes).div_ceil(arch.link_bytes() as u64);
    let (cycles, memory) = run(&arch, &[load], Timing { latency: 30, stall: 0 }, 1);
    assert_eq!(memory.read_beats, beats + u64::from(link == 32) + 1, "D {link}, W {width}");
    (codes, beats, cycles)
}

#[test]
fn a_long_slot_takes_a_code_or_four_words_a_cycle() {
    for case in [(64, 16, 0), (64, 16, 40), (64, 8, 0), (64, 8, 75), (32, 16, 0), (128, 16, 0), (64, 32, 50)] {
        let (codes, beats, cycles) = long_slot(Format::Runs, case);
        // A code's words are written in whole groups of four but for its last.
        let groups = codes * 3 / 4 + 4000 / 4;
        let most = beats.max(codes).max(groups) + 120;
        assert!(cycles < most, "D, W and zeros of {case:?}: {cycles} cycles for {codes} codes");
    }
}

/// As fast as without compression: a code or four words a cycle, whichever is more.
#[test]
fn a_long_slot_with_masks_takes_a_code_or_four_words_a_cycle() {
    for case in [
        (64, 16, 0),
        (64, 16, 40),
        (64, 16, 80),
        (64, 8, 0),
        (64, 8, 75),
        (32, 16, 0),
        (128, 16, 0),
        (64, 32, 50),
        (64, 5, 20),
    ] {
        let (codes, beats, cycles) = long_slot(Format::Masks, case);
        let most = beats.max(codes).max(4000 / 4) * 51 / 50 + 120;
        assert!(cycles < most, "D, W and zeros of {case:?}: {cycles} cycles for {codes} codes");
    }
}

#[test]
fn a_corrupt_slot_fails_and_never_hangs() {
    for seed in 1..=120 {
        let mut random = Random(seed * 0x2545_f491);
        let link = [32, 64, 128][seed as usize % 3];
        let arch = shell_bench::arch(2 + random.below(31) as usize, 0, link);
        let data = sparse(&arch, &mut random, 120, 60);
        let load = Load::new(0, 5, 40, (3, 0, 50), (1, 0, 0), 0);
        let mut load = load.of_slot(&arch, Format::Runs, 0x1_0000, &data);
        let codes = load.codes();
        let what = seed / 3 % 5;
        let last = rlc::SLOT_HEAD + 8 * codes as usize - 1;
        match what {
            0 => load.slot[0] = codes as u8 - 1,
            1 => load.slot[0] = codes as u8 + 1,
            2 => load.slot[0] = 0,
            3 => load.slot[last] &= 0x7f,
            _ => load.slot[rlc::SLOT_HEAD + 7] |= 0x80,
        }
        let is_same = what == 4 && codes == 1 || what == 0 && codes == 1;
        let (cycles, _) = run_or_fail(&arch, &[load], if seed % 2 == 0 { FAST } else { SLOW }, seed);
        assert!(is_same || cycles.is_none(), "seed {seed}: corruption {what} of {codes} codes is not seen");
    }
    // A run that is longer or shorter moves all that follows it.
    // A few zeros too many or too few are what the last code has room for.
    for bit in 2..5 {
        let arch = shell_bench::arch(16, 0, 64);
        let data = sparse(&arch, &mut Random(9), 120, 60);
        let load = Load::new(0, 5, 120, (1, 0, 0), (1, 0, 0), 0);
        let mut load = load.of_slot(&arch, Format::Runs, 0x1_0000, &data);
        load.slot[rlc::SLOT_HEAD + 8] ^= 1 << bit;
        assert!(run_or_fail(&arch, &[load], FAST, 1).0.is_none(), "bit {bit} of a run");
    }
}

#[test]
fn a_corrupt_slot_with_masks_fails_and_never_hangs() {
    for seed in 1..=120 {
        let mut random = Random(seed * 0x2545_f491);
        let link = [32, 64, 128][seed as usize % 3];
        let arch = shell_bench::arch(2 + random.below(31) as usize, 0, link);
        let data = sparse(&arch, &mut random, 120, 40);
        let load = Load::new(0, 5, 40, (3, 0, 50), (1, 0, 0), 0);
        let mut load = load.of_slot(&arch, Format::Masks, 0x1_0000, &data);
        let (codes, what) = (load.codes(), seed / 3 % 5);
        let unit = arch.word_bytes();
        match what {
            0 => load.slot[0] = codes as u8 - 1,
            1 => {
                load.slot[0] = codes as u8 + 1;
                load.slot.resize(rlc::SLOT_HEAD + 8 * (codes as usize + 1), 0);
            }
            2 => load.slot[0] = 0,
            // Every word of the first mask has a unit, or none: the units behind are no longer what they were.
            3 => load.slot[rlc::SLOT_HEAD..][..unit].fill(0xff),
            _ => load.slot[rlc::SLOT_HEAD..][..unit].fill(0),
        }
        let decoded = load.slot[rlc::SLOT_HEAD..][..8 * load.codes() as usize]
            .chunks(8)
            .map(|code| u64::from_le_bytes(code.try_into().unwrap()));
        let is_bad = load.codec(&arch).decode(&decoded.collect::<Vec<_>>(), 120).is_err();
        let (cycles, _) = run_or_fail(&arch, &[load], if seed % 2 == 0 { FAST } else { SLOW }, seed);
        assert!(is_bad || what > 2, "seed {seed}: corruption {what} of {codes} codes");
        assert_eq!(cycles.is_none(), is_bad, "seed {seed}: corruption {what} of {codes} codes");
    }
}

/// A word behind those that are wanted, alone in the last window or behind its first words, in any unit of the last code.
#[test]
fn a_slot_with_masks_of_a_word_more_fails() {
    for (width, count) in [(16, 1), (16, 2), (16, 3), (16, 4), (16, 15), (16, 16), (16, 18), (8, 5), (32, 6)] {
        let arch = shell_bench::arch(width, 0, 64);
        let data = vec![1; count + 1];
        let load = Load::new(0, 5, count as u64 + 1, (1, 0, 0), (1, 0, 0), 0);
        let mut load = load.of_slot(&arch, Format::Masks, 0x1_0000, &data);
        assert!(run_or_fail(&arch, std::slice::from_ref(&load), FAST, 1).0.is_some());
        load::RUN_M1.set(&mut load.words, count as u64 - 1);
        assert!(run_or_fail(&arch, &[load], FAST, 1).0.is_none(), "W {width}, {count} words");
    }
}
