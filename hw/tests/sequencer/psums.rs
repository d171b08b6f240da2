//! The psum walker, the feeder and the collector of one lane.

use crate::model::*;
use hw::arch::Arch;
use hw::rtl::prelude::*;
use hw::sequencer::{PsumCollector, PsumFeeder, PsumLayer, PsumWalker, SourceEntry};
use std::collections::VecDeque;

fn random_layer(arch: &Arch, random: &mut Random) -> Layer {
    let count = [0, 1, 1 + random.below(4), 1 + random.below(arch.lane_sources())][random.below(4)];
    let source = |random: &mut Random| Source {
        row: random.below(arch.rows),
        feed: random.below(arch.rows),
        col: random.below(arch.lane_cols()),
        offset: random.below(1 << arch.line_bits().min(20)),
    };
    Layer {
        windows: 1 + random.below(6),
        filters: [1, 1 + random.below(arch.filter_spad)][random.below(2)],
        images: 1 + random.below(3),
        psum_filter_stride: random.below(1 << arch.line_bits()),
        psum_image_stride: random.below(1 << arch.line_bits()),
        sources: vec![(0..count).map(|_| source(random)).collect()],
        ..Default::default()
    }
}

/// Sets the layer constants and the number of sources, and calls `write` for each entry of the table.
fn configure(layer: &Layer, constants: &mut PsumLayer, sources: &mut Wire<In>) {
    constants.windows_m1.next = (layer.windows - 1).into();
    constants.filters_m1.next = (layer.filters - 1).into();
    constants.images_m1.next = (layer.images - 1).into();
    constants.filter_stride.next = layer.psum_filter_stride.into();
    constants.image_stride.next = layer.psum_image_stride.into();
    sources.next = layer.sources[0].len().into();
}

fn set_entry(entry: &mut SourceEntry, index: usize, row: usize, source: &Source) {
    entry.index.next = index.into();
    entry.row.next = row.into();
    entry.col.next = source.col.into();
    entry.offset.next = source.offset.into();
}

/// Elaborates a block with the ports that walker, feeder and collector share, and gives it a layer.
macro_rules! bench {
    ($uut:expr, $layer:expr, $row:ident) => {{
        let mut uut = $uut;
        uut.connect_all();
        rust_hdl::prelude::check_all(&uut).unwrap();
        tick!(uut, true);
        configure($layer, &mut uut.layer, &mut uut.sources);
        for (i, source) in $layer.sources[0].iter().enumerate() {
            uut.table_write.next = true.into();
            set_entry(&mut uut.entry, i, source.$row, source);
            tick!(uut);
        }
        uut.table_write.next = false.into();
        uut
    }};
}

#[test]
fn the_walker_follows_the_loops_under_random_stalls() {
    let arch = small_arch();
    for seed in 0..60 {
        let mut random = Random(seed);
        let layer = random_layer(&arch, &mut random);
        let mut uut = bench!(PsumWalker::new(&arch), &layer, row);
        let ease = 1 + random.below(8);
        let (mut got, mut want) = (vec![], vec![]);
        for pass in 0..4 {
            let (base, flag) = (random.below(1 << arch.line_bits()), random.eighths(4));
            let entries = layer.psums(&arch, 0, base);
            want.extend(entries.iter().enumerate().map(|(i, &(source, line))| {
                let source = layer.sources[0][source];
                (source.row, source.col, line, flag, i + 1 == entries.len())
            }));
            uut.base.next = base.into();
            uut.flag.next = flag.into();
            let mut cycles = 0;
            while cycles == 0 || uut.busy.val().any() || (pass == 3 && !uut.idle.val().any()) {
                let ready = random.eighths(ease);
                uut.start.next = (cycles == 0).into();
                uut.ready.next = ready.into();
                settle(&mut uut);
                if ready && uut.valid.val().any() {
                    got.push((
                        uut.row.val().index(),
                        uut.col.val().index(),
                        uut.line.val().index(),
                        uut.flagged.val().any(),
                        uut.last.val().any(),
                    ));
                }
                tick!(uut);
                cycles += 1;
                assert!(cycles < 50_000, "seed {seed}");
            }
        }
        assert_same(&got, &want, seed);
    }
}

#[test]
fn the_walker_offers_an_entry_a_cycle() {
    let arch = small_arch();
    for seed in 0..20 {
        let layer = random_layer(&arch, &mut Random(seed));
        let mut uut = bench!(PsumWalker::new(&arch), &layer, row);
        uut.ready.next = true.into();
        let entries = layer.psums(&arch, 0, 0).len();
        for cycle in 0..entries + 10 {
            uut.start.next = (cycle == 0).into();
            settle(&mut uut);
            assert_eq!(uut.valid.val().any(), (3..3 + entries).contains(&cycle), "seed {seed}: cycle {cycle}");
            tick!(uut);
        }
    }
}

/// The content of the test's buffer.
fn content(line: usize) -> i128 {
    word((line * 77 + line / 64) as i128, 16).value()
}

struct Feeding {
    uut: PsumFeeder,
    port: ReadPort,
    sent: Vec<(usize, usize, i128)>,
}

impl Feeding {
    fn cycle(&mut self, ready: bool, arch: &Arch) {
        self.uut.psum_in_ready.next = ready.into();
        self.uut.psum_read_word.next = word(self.port.answer, arch.psum_width);
        settle(&mut self.uut);
        if ready && self.uut.psum_in_valid.val().any() {
            let pe = (self.uut.psum_in_row.val().index(), self.uut.psum_in_col.val().index());
            self.sent.push((pe.0, pe.1, self.uut.psum_in_word.val().value()));
        }
        let read = self.uut.psum_read.val().any().then(|| content(self.uut.psum_read_line.val().index()));
        tick!(self.uut);
        self.port.edge(read);
        self.uut.start.next = false.into();
    }

    fn start(&mut self, base: usize, first: bool) {
        self.uut.start.next = true.into();
        self.uut.base.next = base.into();
        self.uut.first.next = first.into();
    }
}

fn fed(layer: &Layer, arch: &Arch, base: usize, first: bool) -> Vec<(usize, usize, i128)> {
    let psum = |(source, line): (usize, usize)| {
        let source = layer.sources[0][source];
        (source.feed, source.col, if first { 0 } else { content(line) })
    };
    layer.psums(arch, 0, base).into_iter().map(psum).collect()
}

#[test]
fn the_feeder_sends_zeros_or_what_the_buffer_holds() {
    let arch = small_arch();
    for seed in 0..60 {
        let mut random = Random(seed);
        let layer = random_layer(&arch, &mut random);
        let uut = bench!(PsumFeeder::new(&arch), &layer, feed);
        let mut bench = Feeding { uut, port: ReadPort::default(), sent: vec![] };
        let ease = 1 + random.below(8);
        let mut want = vec![];
        let mut firsts = 0;
        for _ in 0..4 {
            let (base, first) = (random.below(1 << arch.line_bits()), random.eighths(4));
            want.extend(fed(&layer, &arch, base, first));
            firsts += first as usize * layer.psums(&arch, 0, base).len();
            bench.start(base, first);
            bench.cycle(random.eighths(ease), &arch);
            while bench.uut.busy.val().any() {
                bench.cycle(random.eighths(ease), &arch);
            }
        }
        while !bench.uut.idle.val().any() {
            bench.cycle(random.eighths(ease), &arch);
        }
        assert_same(&bench.sent, &want, seed);
        assert_eq!(bench.port.returned, want.len() - firsts, "seed {seed}: no read for a zero");
    }
}

#[test]
fn the_feeder_sends_a_psum_a_cycle() {
    let arch = small_arch();
    for seed in 0..20 {
        let layer = random_layer(&arch, &mut Random(seed));
        let uut = bench!(PsumFeeder::new(&arch), &layer, feed);
        let mut bench = Feeding { uut, port: ReadPort::default(), sent: vec![] };
        let psums = layer.psums(&arch, 0, 0).len();
        bench.start(0, seed % 2 == 0);
        for cycle in 0..psums + 12 {
            bench.cycle(true, &arch);
            assert_eq!(bench.sent.len(), (cycle + 1).saturating_sub(7).min(psums), "seed {seed}: cycle {cycle}");
        }
    }
}

/// PEs for the collector of one lane: each offers what it has been given.
struct Pes(Vec<Vec<VecDeque<i128>>>);

impl Pes {
    fn offer(&self, uut: &mut PsumCollector, arch: &Arch) {
        settle(uut);
        let front = self.0[uut.psum_out_row.val().index()][uut.psum_out_col.val().index()].front();
        uut.psum_out_valid.next = front.is_some().into();
        uut.psum_out_word.next = word(*front.unwrap_or(&-1), arch.psum_width);
        settle(uut);
    }
}

/// Psums go from the PE that has its turn to their lines; `busy` falls when the last one is in the buffer.
#[test]
fn the_collector_writes_each_psum_to_its_line() {
    let arch = small_arch();
    for seed in 0..60 {
        let mut random = Random(seed);
        let layer = random_layer(&arch, &mut random);
        let mut uut = bench!(PsumCollector::new(&arch), &layer, row);
        let ease = 1 + random.below(8);
        let mut pes = Pes(vec![vec![VecDeque::new(); arch.lane_cols()]; arch.rows]);
        let mut next = 0;
        for _ in 0..3 {
            let base = random.below(1 << arch.line_bits());
            let psums = layer.psums(&arch, 0, base);
            let want: Vec<_> = psums.iter().enumerate().map(|(i, &(_, line))| (line, content(next + i))).collect();
            let (mut made, mut got) = (0, vec![]);
            for cycle in 0.. {
                assert!(cycle < 50_000, "seed {seed}");
                if made < psums.len() && random.eighths(ease) {
                    let source = layer.sources[0][psums[made].0];
                    pes.0[source.row][source.col].push_back(content(next + made));
                    made += 1;
                }
                uut.start.next = (cycle == 0).into();
                uut.base.next = base.into();
                pes.offer(&mut uut, &arch);
                if uut.psum_out_valid.val().any() && uut.psum_out_take.val().any() {
                    pes.0[uut.psum_out_row.val().index()][uut.psum_out_col.val().index()].pop_front();
                }
                if uut.psum_write.val().any() {
                    got.push((uut.psum_write_line.val().index(), uut.psum_write_word.val().value()));
                }
                tick!(uut);
                assert_eq!(uut.busy.val().any(), got.len() < psums.len(), "seed {seed}: cycle {cycle}");
                if !uut.busy.val().any() {
                    break;
                }
            }
            next += psums.len();
            assert_same(&got, &want, seed);
        }
    }
}

#[test]
fn the_collector_takes_a_psum_a_cycle() {
    let arch = small_arch();
    for seed in 0..20 {
        let layer = random_layer(&arch, &mut Random(seed));
        let mut uut = bench!(PsumCollector::new(&arch), &layer, row);
        uut.psum_out_valid.next = true.into();
        let psums = layer.psums(&arch, 0, 0).len();
        for cycle in 0..psums + 10 {
            uut.start.next = (cycle == 0).into();
            settle(&mut uut);
            assert_eq!(uut.psum_out_take.val().any(), (3..3 + psums).contains(&cycle), "seed {seed}: cycle {cycle}");
            assert_eq!(uut.psum_write.val().any(), (4..4 + psums).contains(&cycle), "seed {seed}: cycle {cycle}");
            tick!(uut);
        }
    }
}

#[test]
fn reset_drops_the_pass_in_work() {
    let arch = small_arch();
    let layer = random_layer(&arch, &mut Random(3));
    assert!(!layer.sources[0].is_empty());
    let uut = bench!(PsumFeeder::new(&arch), &layer, feed);
    let mut bench = Feeding { uut, port: ReadPort::default(), sent: vec![] };
    for busy in 1..12 {
        bench.start(busy, false);
        (0..busy).for_each(|_| bench.cycle(busy % 2 == 0, &arch));
        tick!(bench.uut, true);
        assert!(bench.uut.idle.val().any() && !bench.uut.busy.val().any() && !bench.uut.psum_in_valid.val().any());
        bench.sent.clear();
        bench.start(5, false);
        let want = fed(&layer, &arch, 5, false);
        (0..want.len() + 10).for_each(|_| bench.cycle(true, &arch));
        assert_same(&bench.sent, &want, busy as u64);
    }
}
