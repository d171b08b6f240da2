//! The ifmap loader behind the read port, against copying in plain Rust.

mod shell_bench;

use hw::program::{flag, load};
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
        Load { words, flags }
    }

    /// Every (memory address, buffer word) that the command copies.
    fn copies(&self, arch: &Arch) -> Vec<(u64, u64)> {
        let get = |f: hw::program::Field| f.get(&self.words);
        let mut copies = vec![];
        for outer in 0..=get(load::OUTER_M1) {
            for inner in 0..=get(load::INNER_M1) {
                let from = get(load::ADDRESS) + outer * get(load::OUTER_BYTES) + inner * get(load::INNER_BYTES);
                let to = get(load::GLB_WORD) + outer * get(load::OUTER_WORDS) + inner * get(load::INNER_WORDS);
                for i in 0..=get(load::RUN_M1) {
                    copies.push((from + i * arch.word_bytes() as u64, to + i));
                }
            }
        }
        copies
    }
}

/// Runs commands; returns the cycles and the memory's counts. `free` posts that many tokens at random times.
fn run(arch: &Arch, loads: &[Load], timing: Timing, seed: u64) -> (u64, Memory) {
    let mut uut = Bench::new(arch);
    uut.connect_all();
    rust_hdl::prelude::check_all(&uut).unwrap();
    tick!(uut, true);
    let mut memory = Memory::new(arch.link_width, timing, seed);
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
                for (_, to) in load.copies(arch) {
                    assert!(buffer[to as usize].is_some(), "seed {seed}: posted before word {to} was written");
                }
            }
        }
        tick!(uut);
        cycles += 1;
        if sent == loads.len() && uut.idle.val().any() {
            break;
        }
        assert!(cycles < 200_000, "seed {seed}: hangs with {sent} commands sent");
    }
    for load in loads {
        for (from, to) in load.copies(arch) {
            let value = memory.number(from, arch.word_bytes());
            expect[to as usize] = Some(Word::new(value as i128, arch.width, true).value());
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
    (cycles, memory)
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
