//! The core with the global buffer, and an outside that gives it commands, weights and posts.

use crate::model::*;
use hw::arch::{Arch, LANES};
use hw::array::EVENTS;
use hw::glb::Glb;
use hw::matrix::MatrixCore;
use hw::program::flag;
use hw::rtl::prelude::*;
use std::collections::HashMap;

/// How lively the outside is, in eighths.
#[derive(Clone, Copy)]
pub struct Ease {
    pub weights: usize,
    pub passes: usize,
    pub posts: usize,
}

pub const LIVELY: Ease = Ease { weights: 8, passes: 8, posts: 8 };

/// Adds up what the passes that a flag ends may have done: `amounts[i]` is that of pass i.
fn until(passes: &[Pass], amounts: &[usize], flag: u64, posts: usize) -> usize {
    let mut seen = 0;
    let blocked = |pass: &&Pass| {
        seen += pass.has(flag) as usize;
        seen <= posts
    };
    passes.iter().take_while(blocked).zip(amounts).map(|(_, amount)| amount).sum()
}

/// The same up to and including the `posts`-th pass with the flag.
fn through(passes: &[Pass], amounts: &[usize], flag: u64, posts: usize) -> usize {
    match passes.iter().enumerate().filter(|(_, pass)| pass.has(flag)).nth(posts.wrapping_sub(1)) {
        Some((last, _)) if posts > 0 => amounts[..=last].iter().sum(),
        _ => 0,
    }
}

pub struct Bench<'a> {
    pub arch: &'a Arch,
    pub layer: &'a Layer,
    pub uut: MatrixCore,
    glb: Glb,
    pub random: Random,
    pub ease: Ease,
    lines: Vec<[i128; 4]>,
    lines_put: usize,
    written: HashMap<(usize, usize), i128>,
    psum_writes: usize,
    reads: usize,
    events: [usize; EVENTS],
    counts: Counts,
    glb_reads: usize,
    loaded: usize,
    psum_frees: usize,
    ifmap_frees: usize,
    psum_dones: usize,
    pub cycles: usize,
    /// Cycles in which something was posted: `ifmap_free`, `psum_done`.
    pub free_cycles: Vec<usize>,
    pub done_cycles: Vec<usize>,
    pub taken_cycles: Vec<usize>,
    /// Cycles in which port 0 was read.
    pub read_cycles: Vec<usize>,
}

impl<'a> Bench<'a> {
    pub fn new(arch: &'a Arch, layer: &'a Layer, seed: u64, ease: Ease) -> Bench<'a> {
        let (mut uut, mut glb) = (MatrixCore::new(arch), Glb::new(arch));
        uut.connect_all();
        glb.connect_all();
        rust_hdl::prelude::check_all(&uut).unwrap();
        tick!(uut, true);
        tick!(glb, true);
        Bench {
            arch,
            layer,
            uut,
            glb,
            random: Random(seed),
            ease,
            lines: vec![],
            lines_put: 0,
            written: HashMap::new(),
            psum_writes: 0,
            reads: 0,
            events: [0; EVENTS],
            counts: Counts::default(),
            glb_reads: 0,
            loaded: 0,
            psum_frees: 0,
            ifmap_frees: 0,
            psum_dones: 0,
            cycles: 0,
            free_cycles: vec![],
            done_cycles: vec![],
            taken_cycles: vec![],
            read_cycles: vec![],
        }
    }

    fn command(&mut self, command: &[u64]) {
        for (i, value) in command[1..].iter().enumerate() {
            self.uut.command[i].next = Word::new(*value as i128, 64, false);
        }
    }

    /// The LAYER command, and the ifmaps of all passes in the buffer.
    pub fn prepare(&mut self, passes: &[Pass]) {
        self.command(&self.layer.command(self.arch));
        self.uut.layer_write.next = true.into();
        tick!(self.uut);
        self.uut.layer_write.next = false.into();
        for pass in passes {
            for (port, place, value) in self.layer.tile(self.arch, pass) {
                let address = port * self.arch.port_words() + place;
                let lane = address % LANES;
                self.glb.load_write[lane].next = true.into();
                self.glb.load_line[lane].next = (address / LANES).into();
                self.glb.load_word[lane].next = word(value, self.arch.width);
                tick!(self.glb);
                self.glb.load_write[lane].next = false.into();
            }
            self.lines.extend(self.layer.lines(self.arch, pass, &mut self.random));
        }
    }

    /// A cycle in which `pass` is offered; returns whether it was taken.
    fn cycle(&mut self, pass: Option<&Pass>, waits: (usize, usize)) -> bool {
        let offered = pass.filter(|_| self.random.eighths(self.ease.passes));
        if let Some(pass) = offered {
            self.command(&self.layer.pass_command(self.arch, pass));
            self.uut.flags.next = Word::new(pass.flags as i128, 8, false);
        }
        self.uut.pass_valid.next = offered.is_some().into();
        let line = self.lines.get(self.lines_put).filter(|_| self.random.eighths(self.ease.weights)).copied();
        self.uut.staging_valid.next = line.is_some().into();
        for i in 0..4 {
            self.uut.staging_word[i].next = word(line.unwrap_or_default()[i], self.arch.width);
        }
        // Rarely, so that much is late
        let posts = self.ease.posts;
        let rarely = |random: &mut Random| posts == 8 || (random.eighths(posts) && random.eighths(1));
        let post_loaded = self.loaded < waits.0 && rarely(&mut self.random);
        let post_free = self.psum_frees < waits.1.min(self.psum_dones) && rarely(&mut self.random);
        self.uut.loaded_post.next = post_loaded.into();
        self.uut.psum_free_post.next = post_free.into();
        self.loaded += post_loaded as usize;
        self.psum_frees += post_free as usize;
        settle(&mut self.uut);

        // The buffer: all wires between it and the core come from registers
        let (uut, glb) = (&mut self.uut, &mut self.glb);
        settle(glb);
        for i in 0..uut.port_read_word.len() {
            uut.port_read_word[i].next = glb.port_word[i].val();
        }
        for (taken, of_array) in glb.port_taken.iter_mut().zip(&uut.port_taken) {
            taken.next = of_array.val();
        }
        for v in 0..self.arch.ifmap_ports() {
            glb.port_read[v].next = uut.port_read[v].val();
            glb.port_address[v].next = uut.port_address[v].val();
            self.reads += uut.port_read[v].val().index();
        }
        if uut.port_read[0].val().any() {
            self.read_cycles.push(self.cycles);
        }
        for lane in 0..self.arch.psum_lanes {
            glb.psum_write[lane].next = uut.psum_write[lane].val();
            glb.psum_write_line[lane].next = uut.psum_write_line[lane].val();
            glb.psum_write_word[lane].next = uut.psum_write_word[lane].val();
            if uut.psum_write[lane].val().any() {
                let place = (lane, uut.psum_write_line[lane].val().index());
                self.written.insert(place, uut.psum_write_word[lane].val().value());
                self.psum_writes += 1;
            }
        }
        settle(glb);
        self.glb_reads += glb.ifmap_reads.val().index();
        settle(uut);

        for (sum, count) in self.events.iter_mut().zip(&uut.events) {
            *sum += count.val().index();
        }
        self.counts.words += uut.ifmap_bus_words.val().index();
        self.counts.lines += uut.filter_bus_lines.val().index();
        if uut.ifmap_free_post.val().any() {
            self.ifmap_frees += 1;
            self.free_cycles.push(self.cycles);
        }
        if uut.psum_done_post.val().any() {
            self.psum_dones += 1;
            self.done_cycles.push(self.cycles);
        }
        self.lines_put += (line.is_some() && uut.staging_ready.val().any()) as usize;
        let taken = offered.is_some() && uut.pass_ready.val().any();
        if taken {
            self.taken_cycles.push(self.cycles);
        }
        tick!(self.uut);
        tick!(self.glb);
        self.cycles += 1;
        taken
    }

    /// Begins to run the passes.
    pub fn start(&mut self, passes: &[Pass], cycles: usize) {
        let mut offered = 0;
        for _ in 0..cycles {
            offered += self.cycle(passes.get(offered), (2, 2)) as usize;
        }
    }

    /// Runs the passes and checks everything.
    #[track_caller]
    pub fn run(&mut self, passes: &[Pass], seed: u64) {
        let (arch, layer) = (self.arch, self.layer);
        let counts: Vec<Counts> = passes.iter().map(|pass| layer.counts(arch, pass)).collect();
        let reads: Vec<usize> = counts.iter().map(|count| count.strobes).collect();
        let drained =
            |pass: &Pass| pass.has(flag::PASS_POST_PSUM_DONE) as usize * layer.all_filters() * layer.positions();
        let writes: Vec<usize> = passes.iter().map(drained).collect();
        let count = |flag| passes.iter().filter(|pass| pass.has(flag)).count();
        let waits = (count(flag::PASS_WAIT_LOADED), count(flag::PASS_WAIT_PSUM_FREE));
        let (frees, dones) = (count(flag::PASS_POST_FREE), count(flag::PASS_POST_PSUM_DONE));
        let mut psums = vec![vec![0; layer.positions()]; layer.all_filters()];
        let mut finished = passes.iter();
        let (mut offered, mut checked) = (0, 0);
        let limit = 20_000 + 40 * counts.iter().map(|count| count.words + count.lines).sum::<usize>();
        while offered < passes.len() || self.psum_dones < dones || !self.uut.idle.val().any() {
            assert!(self.cycles < limit, "seed {seed}: stuck");
            offered += self.cycle(passes.get(offered), waits) as usize;
            let idle = self.uut.idle.val().any();
            assert!(!idle || offered == 0 || self.psum_writes == writes[..offered].iter().sum::<usize>(), "idle");

            // What may have been read and written by now, and what must have been
            let may_read = until(passes, &reads, flag::PASS_WAIT_LOADED, self.loaded);
            assert!(self.reads <= may_read, "seed {seed}: reads before `loaded`");
            let must_read = through(passes, &reads, flag::PASS_POST_FREE, self.ifmap_frees);
            assert!(self.reads >= must_read, "seed {seed}: `ifmap_free` before the last read");
            let may_write = until(passes, &writes, flag::PASS_WAIT_PSUM_FREE, self.psum_frees);
            assert!(self.psum_writes <= may_write, "seed {seed}: writes before `psum_free`");
            let must_write = through(passes, &writes, flag::PASS_POST_PSUM_DONE, self.psum_dones);
            assert!(self.psum_writes >= must_write, "seed {seed}: `psum_done` before the last write");

            // An ofmap tile is done
            while checked < self.psum_dones {
                for pass in finished.by_ref() {
                    if pass.has(flag::PASS_FIRST) {
                        psums.iter_mut().for_each(|psums| psums.fill(0));
                    }
                    layer.accumulate(arch, pass, &mut psums);
                    if pass.has(flag::PASS_POST_PSUM_DONE) {
                        self.compare(pass, &psums, seed);
                        break;
                    }
                }
                checked += 1;
            }
        }
        (0..10).for_each(|_| _ = self.cycle(None, (0, 0)));
        assert!(self.uut.idle.val().any());
        assert_eq!((self.ifmap_frees, self.psum_dones), (frees, dones), "seed {seed}: posts");
        let total = |of: fn(&Counts) -> usize| counts.iter().map(of).sum::<usize>();
        let expected = (total(|c| c.words), total(|c| c.lines), total(|c| c.reads));
        assert_eq!(
            (self.counts.words, self.counts.lines, self.glb_reads),
            expected,
            "seed {seed}: words, lines, reads"
        );
        let events: [usize; EVENTS] = std::array::from_fn(|i| counts.iter().map(|count| count.events[i]).sum());
        assert_eq!(self.events, events, "seed {seed}: events");
        self.read_back(seed);
    }

    /// What was written for an ofmap tile.
    #[track_caller]
    fn compare(&mut self, pass: &Pass, psums: &[Vec<i128>], seed: u64) {
        let per_lane = self.arch.lane_cols();
        for (filter, psums) in psums.iter().enumerate() {
            // Filters of a lane, those of one row of PEs after the other
            let (row, filter_of_row) = (filter / self.layer.filters, filter % self.layer.filters);
            let (lane, within) = (filter_of_row / per_lane, filter_of_row % per_lane);
            let first = pass.psum + (row * per_lane.min(self.layer.filters) + within) * self.layer.positions();
            for (position, psum) in psums.iter().enumerate() {
                let got = self.written.get(&(lane, first + position));
                assert_eq!(got, Some(psum), "seed {seed}: filter {filter}, position {position}, {:?}", self.layer);
            }
        }
    }

    /// The buffer holds what was written last.
    #[track_caller]
    fn read_back(&mut self, seed: u64) {
        for ((lane, line), psum) in &self.written {
            self.glb.psum_read[*lane].next = true.into();
            self.glb.psum_read_line[*lane].next = (*line).into();
            tick!(self.glb);
            self.glb.psum_read[*lane].next = false.into();
            tick!(self.glb);
            assert_eq!(self.glb.psum_read_word[*lane].val().value(), *psum, "seed {seed}: lane {lane}, line {line}");
        }
    }
}
