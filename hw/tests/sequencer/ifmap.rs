//! The ifmap walker.

use crate::model::*;
use hw::arch::Arch;
use hw::program::flag;
use hw::rtl::prelude::*;
use hw::sequencer::IfmapWalker;

fn random_layer(arch: &Arch, random: &mut Random) -> Layer {
    let streams = 1 + random.below(arch.pes());
    Layer {
        channels: 1 + random.below(arch.ifmap_spad),
        row_width: 1 + random.below(12),
        channel_stride: random.below(1 << arch.word_address_bits()),
        image_stride: random.below(1 << arch.word_address_bits()),
        col_run: 1 + random.below(5),
        col_skip: random.below(3),
        col_runs: 1 + random.below(3),
        images: 1 + random.below(3),
        streams: (0..if random.eighths(2) { 1 } else { streams })
            .map(|_| Stream {
                y: random.below(arch.rows),
                x: random.below(arch.pes()),
                offset: random.below(1 << arch.word_address_bits().min(20)),
                h: random.below(10),
                c: random.below(10),
            })
            .collect(),
        ..Default::default()
    }
}

fn random_pass(arch: &Arch, random: &mut Random) -> Pass {
    Pass {
        tile: random.below(1 << arch.word_address_bits()),
        x_start: random.below(12) as i64 - 6,
        c_valid: random.below(16),
        h_lo: random.below(5),
        h_hi: random.below(12),
        flags: random.below(4) as u64,
        ..Default::default()
    }
}

/// The word that the test's buffer holds at an address.
fn content(address: usize) -> i128 {
    word((address * 37 + address / 256) as i128, 8).value()
}

struct Bench {
    uut: IfmapWalker,
    port: ReadPort,
    reads: usize,
    frees: usize,
    /// Words that have moved, with what is in the place of their address.
    sent: Vec<(usize, usize, i128)>,
    /// The cycle in which each moved.
    cycles: Vec<usize>,
    cycle: usize,
}

impl Bench {
    fn new(arch: &Arch, layer: &Layer) -> Bench {
        let mut uut = IfmapWalker::new(arch);
        uut.connect_all();
        rust_hdl::prelude::check_all(&uut).unwrap();
        tick!(uut, true);
        let mut bench =
            Bench { uut, port: ReadPort::default(), reads: 0, frees: 0, sent: vec![], cycles: vec![], cycle: 0 };
        bench.configure(layer);
        bench
    }

    fn configure(&mut self, layer: &Layer) {
        let constants = &mut self.uut.layer;
        constants.channels_m1.next = (layer.channels - 1).into();
        constants.streams_m1.next = (layer.streams.len() - 1).into();
        constants.row_width.next = layer.row_width.into();
        constants.channel_stride.next = layer.channel_stride.into();
        constants.image_stride.next = layer.image_stride.into();
        constants.col_run_m1.next = (layer.col_run - 1).into();
        constants.col_skip.next = layer.col_skip.into();
        constants.col_runs_m1.next = (layer.col_runs - 1).into();
        constants.images_m1.next = (layer.images - 1).into();
        for (i, stream) in layer.streams.iter().enumerate() {
            self.uut.table_write.next = true.into();
            self.uut.table_index.next = i.into();
            self.uut.table_word.next = Word::new(stream.entry() as i128, 64, false);
            tick!(self.uut);
        }
        self.uut.table_write.next = false.into();
    }

    /// Offers a pass or nothing; returns whether it was taken.
    fn cycle(&mut self, pass: Option<&Pass>, ready: bool, post: bool) -> bool {
        self.uut.pass_valid.next = pass.is_some().into();
        if let Some(pass) = pass {
            self.uut.tile.next = pass.tile.into();
            self.uut.x_start.next = Word::new(pass.x_start as i128, 16, false);
            self.uut.c_valid.next = pass.c_valid.into();
            self.uut.h_lo.next = pass.h_lo.into();
            self.uut.h_hi.next = pass.h_hi.into();
            self.uut.wait_loaded.next = pass.has(flag::PASS_WAIT_LOADED).into();
            self.uut.post_free.next = pass.has(flag::PASS_POST_FREE).into();
        }
        self.uut.ifmap_ready.next = ready.into();
        self.uut.loaded_post.next = post.into();
        self.uut.ifmap_read_word.next = word(self.port.answer, 8);
        settle(&mut self.uut);
        let read = self.uut.ifmap_read.val().any().then(|| content(self.uut.ifmap_address.val().index()));
        self.reads += read.is_some() as usize;
        self.frees += self.uut.ifmap_free_post.val().any() as usize;
        if ready && self.uut.ifmap_valid.val().any() {
            let tag = (self.uut.ifmap_y.val().index(), self.uut.ifmap_x.val().index());
            self.sent.push((tag.0, tag.1, self.uut.ifmap_word.val().value()));
            self.cycles.push(self.cycle);
        }
        let taken = pass.is_some() && self.uut.pass_ready.val().any();
        tick!(self.uut);
        self.port.edge(read);
        self.cycle += 1;
        taken
    }
}

fn expected(layer: &Layer, arch: &Arch, pass: &Pass) -> Vec<(usize, usize, i128)> {
    layer.ifmap_words(arch, pass).into_iter().map(|(y, x, at)| (y, x, at.map_or(0, content))).collect()
}

/// Words and tags come in order whatever the stalls; no read before its tile is loaded; the tile is freed once all are back.
#[test]
fn words_follow_the_loops_under_random_stalls() {
    let arch = small_arch();
    for seed in 0..40 {
        let mut random = Random(seed);
        let layer = random_layer(&arch, &mut random);
        let passes: Vec<Pass> = (0..6).map(|_| random_pass(&arch, &mut random)).collect();
        let mut bench = Bench::new(&arch, &layer);
        let want: Vec<_> = passes.iter().flat_map(|pass| expected(&layer, &arch, pass)).collect();
        let reads_of = |pass| layer.ifmap_words(&arch, pass).iter().filter(|word| word.2.is_some()).count();
        let reads: Vec<usize> = passes.iter().map(reads_of).collect();
        let waits = passes.iter().filter(|pass| pass.has(flag::PASS_WAIT_LOADED)).count();
        let ease = 1 + random.below(8);
        let (mut offered, mut posts, mut frees) = (0, 0, 0);
        while bench.sent.len() < want.len() || bench.frees < frees || offered < passes.len() {
            assert!(bench.cycle < 200_000, "seed {seed}: {} of {} words", bench.sent.len(), want.len());
            let post = posts < waits && random.below(100) == 0;
            let pass = passes.get(offered).filter(|_| random.eighths(4));
            let ready = random.eighths(ease);
            offered += bench.cycle(pass, ready, post) as usize;
            posts += post as usize;

            // Reads of passes up to the first that still waits; posts of `ifmap_free` for passes whose reads are all back
            let (mut waiting, mut allowed, mut back) = (0, 0, 0);
            frees = 0;
            for (pass, reads) in passes[..offered].iter().zip(&reads) {
                waiting += pass.has(flag::PASS_WAIT_LOADED) as usize;
                back += reads;
                if waiting <= posts {
                    allowed = back;
                }
                frees += (pass.has(flag::PASS_POST_FREE) && back <= bench.port.returned) as usize;
            }
            assert!(bench.reads <= allowed, "seed {seed}: a read before its tile is loaded");
            assert!(bench.frees <= frees, "seed {seed}: a tile is freed before its last read is back");
        }
        assert_same(&bench.sent, &want, seed);
        assert_eq!(bench.frees, passes.iter().filter(|pass| pass.has(flag::PASS_POST_FREE)).count(), "seed {seed}");
        settle(&mut bench.uut);
        assert!(bench.uut.idle.val().any());
    }
}

#[test]
fn a_word_leaves_each_cycle() {
    let arch = small_arch();
    for seed in 0..20 {
        let mut random = Random(seed);
        let layer = random_layer(&arch, &mut random);
        let mut bench = Bench::new(&arch, &layer);
        let pass = Pass { flags: 0, ..random_pass(&arch, &mut random) };
        let words = expected(&layer, &arch, &pass).len();
        (0..2).for_each(|_| assert!(bench.cycle(Some(&pass), true, false)));
        (0..2 * words + 20).for_each(|_| assert!(!bench.cycle(None, true, false)));
        assert_eq!(bench.cycles.len(), 2 * words);
        assert_eq!(bench.cycles[0], 7, "seed {seed}: latency");
        assert_eq!(bench.cycles[words - 1], 7 + words - 1, "seed {seed}: the words of a pass are adjacent");
        assert_eq!(bench.cycles[words], 7 + words + 1, "seed {seed}: one cycle between passes");
        assert_eq!(bench.cycles[2 * words - 1], 7 + 2 * words, "seed {seed}");
    }
}

/// A full queue refuses; the pass in work and those that wait are all done.
#[test]
fn passes_wait_in_a_queue() {
    let arch = small_arch();
    let layer = Layer { row_width: 4, ..random_layer(&arch, &mut Random(1)) };
    let mut bench = Bench::new(&arch, &layer);
    let pass = Pass { c_valid: 99, h_hi: 99, flags: flag::PASS_WAIT_LOADED, ..Default::default() };
    let taken = (0..20).filter(|_| bench.cycle(Some(&pass), true, false)).count();
    assert_eq!(taken, hw::sequencer::QUEUED_PASSES);
    assert!(bench.sent.is_empty());
    let words = expected(&layer, &arch, &pass).len();
    (0..3).for_each(|_| assert!(!bench.cycle(None, true, true)));
    (0..4 * words + 40).for_each(|_| assert!(!bench.cycle(None, true, false)));
    assert_eq!(bench.sent.len(), 3 * words);
    assert!(!bench.uut.idle.val().any());
}

#[test]
fn reset_drops_the_pass_in_work() {
    let arch = small_arch();
    let layer = random_layer(&arch, &mut Random(7));
    let mut bench = Bench::new(&arch, &layer);
    let pass = Pass { flags: flag::PASS_POST_FREE, ..random_pass(&arch, &mut Random(3)) };
    for busy in [3, 5, 9, 12] {
        (0..busy).for_each(|_| _ = bench.cycle(Some(&pass), busy % 2 == 0, true));
        bench.uut.pass_valid.next = false.into();
        bench.uut.loaded_post.next = false.into();
        tick!(bench.uut, true);
        assert!(bench.uut.idle.val().any());
        assert!(!bench.uut.ifmap_valid.val().any());
        bench.sent.clear();
        assert!(bench.cycle(Some(&pass), true, false));
        let want = expected(&layer, &arch, &pass);
        (0..want.len() + 20).for_each(|_| _ = bench.cycle(None, true, false));
        assert_same(&bench.sent, &want, busy as u64);
    }
}
