//! The sequencer with the global buffer and a stub for the array, over several passes.

use crate::model::*;
use hw::arch::{Arch, ArchSpec, LANES};
use hw::glb::Glb;
use hw::program::{flag, table};
use hw::rtl::prelude::*;
use hw::sequencer::RsSequencer;
use std::collections::VecDeque;

/// Banks for ifmaps, and buffer words of them that are used.
const IFMAP_BANKS: usize = 2;
const IFMAP_WORDS: usize = 512;

fn ifmap_content(address: usize, arch: &Arch) -> i128 {
    word((address * 91 + 5) as i128, arch.width).value()
}

fn psum_content(lane: usize, line: usize, arch: &Arch) -> i128 {
    word((line * 913 + lane * 7) as i128, arch.psum_width).value()
}

/// What the stub adds to the `number`-th psum of a source.
fn delta(source: usize, number: usize) -> i128 {
    (number * 37 + source * 1009 + 1) as i128
}

/// A layer whose psums lie as the mapper lays them: image, filter, row of the lane, column.
fn random_layer(arch: &Arch, random: &mut Random) -> Layer {
    let (height, width, channels) = (5, 1 + random.below(6), 1 + random.below(4));
    let (windows, filters, images) = (1 + random.below(6), 1 + random.below(6), 1 + random.below(2));
    let stack = [1, 2, 4][random.below(3)];
    let source = |i: usize| Source {
        row: i % (arch.rows / stack) * stack,
        feed: i % (arch.rows / stack) * stack + stack - 1,
        col: i / (arch.rows / stack),
        offset: i * windows,
    };
    let most = arch.rows / stack * (arch.cols / arch.psum_lanes);
    let lanes = |random: &mut Random| [0, 1, 1 + random.below(most), most][random.below(4)];
    let stream = |random: &mut Random| {
        let (h, c) = (random.below(height), random.below(channels));
        Stream { y: random.below(arch.rows), x: random.below(arch.pes()), offset: (c * height + h) * width, h, c }
    };
    Layer {
        channels: 1 + random.below(3),
        row_width: width,
        channel_stride: height * width,
        image_stride: channels * height * width,
        col_run: 1 + random.below(4),
        col_skip: random.below(2),
        col_runs: 1 + random.below(2),
        images,
        windows,
        filters,
        psum_filter_stride: most * windows,
        psum_image_stride: filters * most * windows,
        filter_words: 1 + random.below(arch.filter_spad),
        filter_y: 1 + random.below(arch.rows),
        filter_x: 1 + random.below(arch.cols),
        streams: (0..1 + random.below(8)).map(|_| stream(random)).collect(),
        sources: (0..arch.psum_lanes).map(|_| (0..lanes(random)).map(source).collect()).collect(),
    }
}

/// Passes on `distance` sets of psums in turn.
fn random_passes(arch: &Arch, layer: &Layer, distance: usize, count: usize, random: &mut Random) -> Vec<Pass> {
    let set = layer.images * layer.psum_image_stride;
    (0..count)
        .map(|i| Pass {
            tile: random.below(IFMAP_WORDS - 240),
            x_start: random.below(5) as i64 - 2,
            c_valid: random.below(5),
            h_lo: random.below(3),
            h_hi: 2 + random.below(4),
            psum: IFMAP_BANKS * arch.glb_lines() / arch.banks + i % distance * set,
            distance,
            flags: random.below(32) as u64,
        })
        .collect()
}

/// The psums that the passes leave in the buffer, by lane and line.
fn final_psums(arch: &Arch, layer: &Layer, passes: &[Pass]) -> Vec<Vec<i128>> {
    let mut psums: Vec<Vec<i128>> =
        (0..arch.psum_lanes).map(|l| (0..arch.glb_lines()).map(|line| psum_content(l, line, arch)).collect()).collect();
    for (lane, lines) in psums.iter_mut().enumerate() {
        let mut numbers = vec![0; layer.sources[lane].len()];
        for pass in passes {
            for (source, line) in layer.psums(arch, lane, pass.psum) {
                let old = if pass.has(flag::PASS_FIRST) { 0 } else { lines[line] };
                lines[line] = word(old + delta(source, numbers[source]), arch.psum_width).value();
                numbers[source] += 1;
            }
        }
    }
    psums
}

/// A source's PEs: psums on their way up, and at the top.
#[derive(Clone, Default)]
struct Stack {
    within: VecDeque<i128>,
    top: VecDeque<i128>,
    number: usize,
}

/// How lively the outside is, in eighths; and what it does by itself.
#[derive(Clone, Copy)]
struct Ease {
    ifmap: usize,
    filter: usize,
    psum: usize,
    compute: usize,
    post: usize,
}

const LIVELY: Ease = Ease { ifmap: 8, filter: 8, psum: 8, compute: 8, post: 8 };

struct Bench<'a> {
    arch: &'a Arch,
    layer: &'a Layer,
    uut: RsSequencer,
    glb: Glb,
    stacks: Vec<Vec<Stack>>,
    random: Random,
    ease: Ease,
    ifmap_sent: Vec<(usize, usize, i128)>,
    filter_sent: Vec<(usize, usize, usize, Vec<Word>)>,
    filter_put: usize,
    /// Reads, writes and posts so far.
    ifmap_reads: usize,
    psum_writes: usize,
    ifmap_frees: usize,
    psum_dones: usize,
    loaded: usize,
    psum_frees: usize,
    /// Psums that have gone into the array.
    psums_fed: usize,
    last_moves: (bool, bool),
    cycles: usize,
}

impl<'a> Bench<'a> {
    fn new(arch: &'a Arch, layer: &'a Layer, seed: u64, ease: Ease) -> Bench<'a> {
        let (mut uut, mut glb) = (RsSequencer::new(arch), Glb::new(arch));
        uut.connect_all();
        glb.connect_all();
        rust_hdl::prelude::check_all(&uut).unwrap();
        tick!(uut, true);
        tick!(glb, true);
        let mut bench = Bench {
            arch,
            layer,
            uut,
            glb,
            stacks: vec![],
            random: Random(seed),
            ease,
            ifmap_sent: vec![],
            filter_sent: vec![],
            filter_put: 0,
            ifmap_reads: 0,
            psum_writes: 0,
            ifmap_frees: 0,
            psum_dones: 0,
            loaded: 0,
            psum_frees: 0,
            psums_fed: 0,
            last_moves: (false, false),
            cycles: 0,
        };
        bench.fill();
        bench.configure();
        bench
    }

    /// Puts the ifmap and the psums into the buffer.
    fn fill(&mut self) {
        let (arch, glb) = (self.arch, &mut self.glb);
        glb.ifmap_banks.next = IFMAP_BANKS.into();
        for at in 0..IFMAP_WORDS {
            let lane = at % LANES;
            glb.load_write[lane].next = true.into();
            glb.load_line[lane].next = (at / LANES).into();
            glb.load_word[lane].next = word(ifmap_content(at, arch), arch.width);
            if lane == LANES - 1 {
                tick!(*glb);
            }
        }
        (0..LANES).for_each(|lane| glb.load_write[lane].next = false.into());
        let first = IFMAP_BANKS * arch.glb_lines() / arch.banks;
        for line in first..first + 2 * self.layer.images * self.layer.psum_image_stride {
            for lane in 0..arch.psum_lanes {
                glb.psum_write[lane].next = true.into();
                glb.psum_write_line[lane].next = line.into();
                glb.psum_write_word[lane].next = word(psum_content(lane, line, arch), arch.psum_width);
            }
            tick!(*glb);
        }
    }

    fn table(&mut self, target: u64, index: usize, entry: u64) {
        self.uut.table_write.next = true.into();
        self.uut.table_target.next = (target as usize).into();
        self.uut.table_index.next = index.into();
        self.uut.table_word.next = Word::new(entry as i128, 64, false);
        tick!(self.uut);
        self.uut.table_write.next = false.into();
    }

    fn configure(&mut self) {
        self.command(&self.layer.command());
        self.uut.layer_write.next = true.into();
        tick!(self.uut);
        self.uut.layer_write.next = false.into();
        for (target, index, entry) in self.layer.tables() {
            self.table(target, index, entry);
        }
        // Other units' tables are no concern of the sequencer
        for target in [table::STORE, 3, table::PSUM + self.arch.psum_lanes as u64, 255] {
            self.table(target, 0, u64::MAX);
        }
        self.stacks = self.layer.sources.iter().map(|sources| vec![Stack::default(); sources.len()]).collect();
    }

    fn command(&mut self, command: &[u64]) {
        for (i, value) in command[1..].iter().enumerate() {
            self.uut.command[i].next = Word::new(*value as i128, 64, false);
        }
    }

    /// The array stub answers to what is addressed.
    fn answer_psums(&mut self) {
        let (ease, arch) = (self.ease, self.arch);
        for (lane, stacks) in self.stacks.iter_mut().enumerate() {
            let sources = &self.layer.sources[lane];
            let (row, col) = (self.uut.psum_in_row[lane].val(), self.uut.psum_in_col[lane].val());
            let fed = sources.iter().position(|s| row == s.feed && col == s.col);
            let room = fed.is_some_and(|s| stacks[s].within.len() + stacks[s].top.len() < 4);
            self.uut.psum_in_ready[lane].next = (room && self.random.eighths(ease.psum)).into();
            let (row, col) = (self.uut.psum_out_row[lane].val(), self.uut.psum_out_col[lane].val());
            let front = sources.iter().position(|s| row == s.row && col == s.col).and_then(|s| stacks[s].top.front());
            self.uut.psum_out_valid[lane].next = front.is_some().into();
            self.uut.psum_out_word[lane].next = word(*front.unwrap_or(&-1), arch.psum_width);
        }
    }

    fn move_psums(&mut self) {
        for (lane, stacks) in self.stacks.iter_mut().enumerate() {
            let sources = &self.layer.sources[lane];
            if self.uut.psum_out_valid[lane].val().any() && self.uut.psum_out_take[lane].val().any() {
                let (row, col) = (self.uut.psum_out_row[lane].val(), self.uut.psum_out_col[lane].val());
                let source = sources.iter().position(|s| row == s.row && col == s.col).unwrap();
                stacks[source].top.pop_front();
            }
            for (source, stack) in stacks.iter_mut().enumerate() {
                if self.random.eighths(self.ease.compute) {
                    if let Some(psum) = stack.within.pop_front() {
                        stack.top.push_back(psum + delta(source, stack.number));
                        stack.number += 1;
                    }
                }
            }
            if self.uut.psum_in_valid[lane].val().any() && self.uut.psum_in_ready[lane].val().any() {
                let (row, col) = (self.uut.psum_in_row[lane].val(), self.uut.psum_in_col[lane].val());
                let source = sources.iter().position(|s| row == s.feed && col == s.col).unwrap();
                stacks[source].within.push_back(self.uut.psum_in_word[lane].val().value());
                self.psums_fed += 1;
            }
        }
    }

    /// A cycle in which `pass` is offered; returns whether it was taken.
    fn cycle(&mut self, pass: Option<&Pass>, waits: (usize, usize)) -> bool {
        let ease = self.ease;
        if let Some(pass) = pass {
            self.command(&pass.command());
            self.uut.flags.next = Word::new(pass.flags as i128, 8, false);
        }
        self.uut.pass_valid.next = pass.is_some().into();
        self.uut.ifmap_ready.next = self.random.eighths(ease.ifmap).into();
        self.uut.filter_ready.next = self.random.eighths(ease.filter).into();
        self.uut.staging_valid.next = self.random.eighths(ease.filter).into();
        for i in 0..4 {
            self.uut.staging_word[i].next = word((self.filter_put * 4 + i) as i128, self.arch.width);
        }
        let post_loaded = self.loaded < waits.0 && self.random.eighths(ease.post) && self.random.eighths(ease.post);
        let post_free = self.psum_frees < waits.1 && self.random.eighths(ease.post) && self.random.eighths(ease.post);
        self.uut.loaded_post.next = post_loaded.into();
        self.uut.psum_free_post.next = post_free.into();
        self.loaded += post_loaded as usize;
        self.psum_frees += post_free as usize;
        settle(&mut self.uut);

        // The buffer: all wires between it and the sequencer come from registers
        let (uut, glb) = (&mut self.uut, &mut self.glb);
        settle(glb);
        glb.ifmap_banks.next = IFMAP_BANKS.into();
        glb.ifmap_read.next = uut.ifmap_read.val();
        glb.ifmap_address.next = uut.ifmap_address.val();
        uut.ifmap_read_word.next = glb.ifmap_word.val();
        for lane in 0..self.arch.psum_lanes {
            glb.psum_read[lane].next = uut.psum_read[lane].val();
            glb.psum_read_line[lane].next = uut.psum_read_line[lane].val();
            uut.psum_read_word[lane].next = glb.psum_read_word[lane].val();
            glb.psum_write[lane].next = uut.psum_write[lane].val();
            glb.psum_write_line[lane].next = uut.psum_write_line[lane].val();
            glb.psum_write_word[lane].next = uut.psum_write_word[lane].val();
            self.psum_writes += uut.psum_write[lane].val().index();
        }
        self.ifmap_reads += uut.ifmap_read.val().index();
        self.answer_psums();
        settle(&mut self.uut);

        let uut = &mut self.uut;
        self.ifmap_frees += uut.ifmap_free_post.val().index();
        self.psum_dones += uut.psum_done_post.val().index();
        let moves = (uut.ifmap_bus_words.val().any(), uut.filter_bus_lines.val().any());
        assert_eq!(moves, self.last_moves, "events");
        let ifmap = uut.ifmap_valid.val().any() && uut.ifmap_ready.val().any();
        let filter = uut.filter_valid.val().any() && uut.filter_ready.val().any();
        self.last_moves = (ifmap, filter);
        if ifmap {
            let tag = (uut.ifmap_y.val().index(), uut.ifmap_x.val().index());
            self.ifmap_sent.push((tag.0, tag.1, uut.ifmap_word.val().value()));
        }
        if filter {
            let tag = (uut.filter_y.val().index(), uut.filter_x.val().index(), 4 - uut.filter_first.val().index());
            let words = uut.filter_word.iter().map(|word| word.val()).collect();
            self.filter_sent.push((tag.0, tag.1, tag.2, words));
        }
        self.filter_put += (uut.staging_valid.val().any() && uut.staging_ready.val().any()) as usize;
        let taken = pass.is_some() && uut.pass_ready.val().any();
        self.move_psums();
        tick!(self.uut);
        tick!(self.glb);
        self.cycles += 1;
        taken
    }

    /// Runs the passes and checks everything; returns the cycles that it took.
    #[track_caller]
    fn run(&mut self, passes: &[Pass], seed: u64) -> usize {
        let (arch, layer) = (self.arch, self.layer);
        let psums: usize = (0..arch.psum_lanes).map(|l| layer.psums(arch, l, 0).len()).sum();
        let ifmap: Vec<Vec<IfmapWord>> = passes.iter().map(|pass| layer.ifmap_words(arch, pass)).collect();
        let reads: Vec<usize> = ifmap.iter().map(|words| words.iter().filter(|w| w.2.is_some()).count()).collect();
        let count = |flag| passes.iter().filter(|pass| pass.has(flag)).count();
        let waits = (count(flag::PASS_WAIT_LOADED), count(flag::PASS_WAIT_PSUM_FREE));
        let words: usize = ifmap.iter().map(Vec::len).sum();
        let mut offered = 0;
        let start = self.cycles;
        let done = |bench: &Bench| bench.ifmap_sent.len() == words && bench.psum_writes == passes.len() * psums;
        while offered < passes.len() || !done(self) {
            assert!(self.cycles < start + 100_000, "seed {seed}: stuck");
            offered += self.cycle(passes.get(offered), waits) as usize;
            let due: usize = ifmap[..offered].iter().map(Vec::len).sum();
            if self.psum_writes < offered * psums || self.ifmap_sent.len() < due {
                assert!(!self.uut.idle.val().any(), "seed {seed}: idle with work to do");
            }
            // What may have been read, written and posted by now
            let (mut loads, mut frees, mut read, mut written) = (0, 0, 0, 0);
            let (mut may_read, mut may_write, mut may_post) = (0, 0, (0, 0));
            for (pass, reads) in passes[..offered].iter().zip(&reads) {
                loads += pass.has(flag::PASS_WAIT_LOADED) as usize;
                frees += pass.has(flag::PASS_WAIT_PSUM_FREE) as usize;
                read += reads;
                written += psums;
                may_read = if loads <= self.loaded { read } else { may_read };
                may_write = if frees <= self.psum_frees { written } else { may_write };
                may_post.0 += (pass.has(flag::PASS_POST_FREE) && read <= self.ifmap_reads) as usize;
                may_post.1 += (pass.has(flag::PASS_POST_PSUM_DONE) && written <= self.psum_writes) as usize;
            }
            assert!(self.ifmap_reads <= may_read, "seed {seed}: read before loaded");
            assert!(self.psum_writes <= may_write, "seed {seed}: written before free");
            assert!(self.ifmap_frees <= may_post.0 && self.psum_dones <= may_post.1, "seed {seed}: posted early");
        }
        let cycles = self.cycles - start;
        (0..12).for_each(|_| _ = self.cycle(None, waits));
        assert!(self.uut.idle.val().any(), "seed {seed}: idle when all is done");
        assert_eq!(self.ifmap_frees, count(flag::PASS_POST_FREE), "seed {seed}");
        assert_eq!(self.psum_dones, count(flag::PASS_POST_PSUM_DONE), "seed {seed}");
        let content = |&(y, x, at): &IfmapWord| (y, x, at.map_or(0, |at| ifmap_content(at, arch)));
        assert_same(&self.ifmap_sent, &ifmap.iter().flatten().map(content).collect::<Vec<_>>(), seed);
        let tags = layer.filter_tags();
        for (i, (y, x, count, words)) in self.filter_sent.iter().enumerate() {
            assert_eq!((*y, *x, *count), tags[i % tags.len()], "seed {seed}: filter line {i}");
            assert_eq!(words[3], word((4 * i + 3) as i128, arch.width), "seed {seed}: filter line {i}");
        }
        self.check_psums(passes, seed);
        cycles
    }

    /// Reads the psums back through the drain port.
    fn check_psums(&mut self, passes: &[Pass], seed: u64) {
        let psums = final_psums(self.arch, self.layer, passes);
        let first = IFMAP_BANKS * self.arch.glb_lines() / self.arch.banks;
        let lines = 2 * self.layer.images * self.layer.psum_image_stride;
        self.glb.drain_read.next = true.into();
        for (lane, psums) in psums.iter().enumerate() {
            self.glb.drain_lane.next = lane.into();
            for i in 0..lines + 1 {
                self.glb.drain_line.next = (first + i).into();
                tick!(self.glb);
                if i > 0 {
                    let line = first + i - 1;
                    assert_eq!(self.glb.drain_word.val().value(), psums[line], "seed {seed}: line {line}, lane {lane}");
                }
            }
        }
        self.glb.drain_read.next = false.into();
    }
}

fn archs() -> [Arch; 3] {
    let spec = |cols, width, psum_width, glb_kb| ArchSpec {
        rows: 4,
        cols,
        width,
        psum_width,
        glb_kb,
        ifmap_spad: 6,
        filter_spad: 20,
        ..Default::default()
    };
    [spec(8, 8, 16, 20), spec(8, 8, 8, 14), spec(4, 16, 64, 32)].map(|spec| spec.check().unwrap())
}

#[test]
fn passes_leave_the_right_psums_under_random_stalls() {
    for (arch, lanes) in archs().iter().zip([2, 4, 1]) {
        assert_eq!(arch.psum_lanes, lanes);
        for seed in 0..8 {
            let mut random = Random(seed);
            let layer = random_layer(arch, &mut random);
            let passes = random_passes(arch, &layer, 1 + seed as usize % 2, 8, &mut random);
            let mut eighths = || 2 + random.below(7);
            let ease = Ease {
                ifmap: eighths(),
                filter: eighths(),
                psum: eighths(),
                compute: eighths(),
                post: eighths().min(2),
            };
            Bench::new(arch, &layer, seed, ease).run(&passes, seed);
        }
    }
}

/// A layer that keeps all units busy for long: one image, every source.
fn long_layer(arch: &Arch) -> Layer {
    let source = |i: usize| Source { row: i % arch.rows, feed: i % arch.rows, col: i / arch.rows, offset: 10 * i };
    let count = arch.rows * arch.cols / arch.psum_lanes;
    Layer {
        channels: 1,
        row_width: 9,
        col_run: 10,
        col_runs: 1,
        images: 1,
        windows: 10,
        filters: 2,
        psum_filter_stride: 10 * count,
        psum_image_stride: 20 * count,
        filter_words: 4,
        filter_y: 1,
        filter_x: 1,
        streams: (0..32).map(|y| Stream { y: y % 4, ..Default::default() }).collect(),
        sources: vec![(0..count).map(source).collect(); arch.psum_lanes],
        ..Default::default()
    }
}

#[test]
fn every_network_moves_a_word_a_cycle_and_passes_overlap() {
    let arch = &archs()[0];
    let layer = long_layer(arch);
    let run = |distance| {
        let mut passes = random_passes(arch, &layer, distance, 6, &mut Random(1));
        passes.iter_mut().for_each(|pass| pass.flags = 0);
        Bench::new(arch, &layer, 1, LIVELY).run(&passes, distance as u64)
    };
    // 320 ifmap words and 320 psums of each lane in a pass; between passes a lane's collector pauses for 5 cycles
    let (serial, overlapped) = (run(1), run(2));
    assert!(overlapped <= 6 * 320 + 5 * 5 + 15, "{overlapped} cycles");
    assert!(serial > overlapped && serial <= 6 * 320 + 5 * 12 + 15, "{serial} cycles");
}

#[test]
fn reset_in_the_middle_leaves_nothing_behind() {
    let arch = &archs()[0];
    for seed in 0..8 {
        let mut random = Random(seed);
        let layer = random_layer(arch, &mut random);
        let passes = random_passes(arch, &layer, 2, 4, &mut random);
        let mut bench = Bench::new(arch, &layer, seed, Ease { post: 4, ..LIVELY });
        let mut offered = 0;
        for _ in 0..20 + 40 * seed {
            offered += bench.cycle(passes.get(offered), (2, 2)) as usize;
        }
        bench.uut.pass_valid.next = false.into();
        bench.uut.staging_valid.next = false.into();
        bench.uut.loaded_post.next = false.into();
        bench.uut.psum_free_post.next = false.into();
        tick!(bench.uut, true);
        assert!(bench.uut.idle.val().any());
        let sequencer = std::mem::replace(&mut bench.uut, RsSequencer::new(arch));
        let mut again = Bench::new(arch, &layer, seed, LIVELY);
        again.uut = sequencer;
        again.configure();
        again.run(&passes, seed);
    }
}

#[test]
fn the_chain_shifts_a_word_for_each_entry() {
    let arch = &archs()[0];
    let layer = long_layer(arch);
    let mut bench = Bench::new(arch, &layer, 1, LIVELY);
    for number in 0..5 {
        bench.table(table::CHAIN, 0, 0xfff0 + number);
        settle(&mut bench.uut);
        assert!(bench.uut.chain_shift.val().any() && !bench.uut.idle.val().any());
        assert_eq!(bench.uut.chain_word.val(), (0xfff0 + number as usize) % (1 << arch.chain_bits()));
    }
    tick!(bench.uut);
    assert!(!bench.uut.chain_shift.val().any() && bench.uut.idle.val().any());
}

/// The tables outlive a LAYER command; what is staged does not.
#[test]
fn tables_survive_a_second_layer() {
    let arch = &archs()[0];
    let layer = Layer { filter_y: 3, ..long_layer(arch) };
    let shorter = Layer { windows: 4, col_run: 3, ..layer.clone() };
    let mut bench = Bench::new(arch, &layer, 1, LIVELY);
    (0..5).for_each(|_| _ = bench.cycle(None, (0, 0)));
    bench.layer = &shorter;
    bench.command(&shorter.command());
    bench.uut.layer_write.next = true.into();
    bench.uut.staging_valid.next = false.into();
    bench.uut.filter_ready.next = false.into();
    tick!(bench.uut);
    bench.uut.layer_write.next = false.into();
    (bench.filter_put, bench.last_moves) = (0, (false, false));
    bench.filter_sent.clear();
    let passes = random_passes(arch, &layer, 2, 3, &mut Random(1));
    bench.run(&passes, 0);
}

/// The queues of all units must have room; the first that has none holds the pass back.
#[test]
fn a_full_queue_holds_passes_back() {
    let arch = &archs()[0];
    let layer = long_layer(arch);
    let pass = Pass { c_valid: 9, h_hi: 9, distance: 9, psum: 1024, ..Default::default() };
    for flags in [flag::PASS_WAIT_LOADED, flag::PASS_WAIT_PSUM_FREE] {
        let mut bench = Bench::new(arch, &layer, 1, LIVELY);
        let pass = Pass { flags, ..pass };
        let taken = (0..1500).filter(|_| bench.cycle(Some(&pass), (0, 0))).count();
        assert_eq!(taken, hw::sequencer::QUEUED_PASSES);
        assert!(!bench.uut.idle.val().any());
    }
}
