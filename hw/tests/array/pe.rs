//! A PE against the model, its streams stalled at random.

use crate::model::{pass, spec, Layer};
use crate::random::Random;
use hw::array::Pe;
use hw::rtl::prelude::*;
use hw::{Arch, ArchSpec};
use std::collections::VecDeque;

/// Chances, in percent, that a stream offers or takes a word in a cycle.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    pub ifmap: usize,
    pub filter: usize,
    pub psum_in: usize,
    pub psum_out: usize,
}

impl Pace {
    pub const FULL: Pace = Pace { ifmap: 100, filter: 100, psum_in: 100, psum_out: 100 };
    pub fn any(random: &mut Random) -> Pace {
        let mut chance = || [5, 30, 70, 100][random.below(4)];
        Pace { ifmap: chance(), filter: chance(), psum_in: chance(), psum_out: chance() }
    }
}

/// A PE with its streams. Words that it has not taken yet are in the queues.
pub struct PeBench {
    pub uut: Pe,
    arch: Arch,
    ifmap: VecDeque<i128>,
    lines: VecDeque<Vec<i128>>,
    psums: VecDeque<i128>,
    pub sums: Vec<i128>,
    /// Cycles since the start, cycles with a MAC, gated MACs.
    pub cycle: usize,
    pub mac_cycles: Vec<usize>,
    pub gated: usize,
    /// Most words that a stream can lead by; offered words hold.
    offers: [bool; 3],
}

impl PeBench {
    pub fn new(arch: &Arch) -> Self {
        let mut uut = Pe::new(arch);
        uut.connect_all();
        rust_hdl::prelude::check_all(&uut).unwrap();
        uut.enable.next = 1.into();
        tick!(uut, true);
        PeBench {
            uut,
            arch: arch.clone(),
            ifmap: VecDeque::new(),
            lines: VecDeque::new(),
            psums: VecDeque::new(),
            sums: vec![],
            cycle: 0,
            mac_cycles: vec![],
            gated: 0,
            offers: [false; 3],
        }
    }

    pub fn set(&mut self, layer: &Layer) {
        self.uut.layer.taps_m1.next = (layer.taps - 1).into();
        self.uut.layer.step.next = layer.step.into();
        self.uut.layer.filters_m1.next = (layer.filters - 1).into();
        self.uut.layer.windows_m1.next = (layer.windows - 1).into();
        self.uut.layer.images_m1.next = (layer.images - 1).into();
        self.uut.layer.psum_shift.next = layer.shift.into();
    }

    /// Words for the PE to take when it can: rows of ifmap, the filters of a pass, psums.
    pub fn queue(&mut self, ifmap: &[i128], filters: &[i128], psums: &[i128]) {
        self.ifmap.extend(ifmap);
        self.lines.extend(filters.chunks(4).map(<[i128]>::to_vec));
        self.psums.extend(psums);
    }

    /// One cycle.
    pub fn step(&mut self, random: &mut Random, pace: Pace) {
        let w = self.arch.width;
        self.offers[0] = !self.ifmap.is_empty() && (self.offers[0] || random.chance(pace.ifmap));
        self.offers[1] = !self.lines.is_empty() && (self.offers[1] || random.chance(pace.filter));
        self.offers[2] = !self.psums.is_empty() && (self.offers[2] || random.chance(pace.psum_in));
        self.uut.ifmap.valid.next = self.offers[0].into();
        self.uut.filter.valid.next = self.offers[1].into();
        self.uut.psum_in.valid.next = self.offers[2].into();
        if let Some(&word) = self.ifmap.front() {
            self.uut.ifmap.payload.next =
                Word::new((((word == 0) as i128) << w) | Word::new(word, w, false).value(), w + 1, false);
        }
        if let Some(line) = self.lines.front() {
            self.uut.filter.payload.next = line_word(line, w);
            self.uut.filter_first.next = (4 - line.len()).into();
        }
        if let Some(&psum) = self.psums.front() {
            self.uut.psum_in.payload.next = Word::new(psum, self.arch.psum_width, true);
        }
        self.uut.psum_out.ready.next = random.chance(pace.psum_out).into();
        settle(&mut self.uut);
        if self.uut.ifmap.valid.val().any() && self.uut.ifmap.ready.val().any() {
            self.ifmap.pop_front();
            self.offers[0] = false;
        }
        if self.uut.filter.valid.val().any() && self.uut.filter.ready.val().any() {
            self.lines.pop_front();
            self.offers[1] = false;
        }
        if self.uut.psum_in.valid.val().any() && self.uut.psum_in.ready.val().any() {
            self.psums.pop_front();
            self.offers[2] = false;
        }
        if self.uut.psum_out.valid.val().any() && self.uut.psum_out.ready.val().any() {
            self.sums.push(self.uut.psum_out.payload.val().value());
        }
        tick!(self.uut);
        self.cycle += 1;
        if self.uut.mac.val().any() {
            self.mac_cycles.push(self.cycle);
        }
        self.gated += self.uut.gated.val().index();
    }

    /// Cycles until `sums` sums have come out.
    #[track_caller]
    pub fn run(&mut self, random: &mut Random, pace: Pace, sums: usize) {
        let limit = self.cycle + 2000 + 400 * (sums + self.ifmap.len() + 4 * self.lines.len());
        while self.sums.len() < sums {
            self.step(random, pace);
            assert!(self.cycle < limit, "{} of {sums} sums after {} cycles", self.sums.len(), self.cycle);
        }
    }
}

/// A line as the PE takes it: its words in the upper places.
pub fn line_word(words: &[i128], w: usize) -> Word {
    let raw = words
        .iter()
        .rev()
        .enumerate()
        .fold(0u128, |line, (i, &word)| line | Word::new(word, w, false).raw() << ((3 - i) * w));
    Word::new(raw as i128, 4 * w, false)
}

/// Words for `passes` passes of a layer.
fn stimulus(random: &mut Random, arch: &Arch, layer: &Layer, zeros: usize) -> [Vec<i128>; 3] {
    [
        (0..layer.images * layer.row_words()).map(|_| random.sparse(arch.width, zeros)).collect(),
        (0..layer.filter_words()).map(|_| random.signed(arch.width)).collect(),
        (0..layer.psums()).map(|_| random.signed(arch.psum_width)).collect(),
    ]
}

/// Several passes back to back, each with its own filters, come out as the model says, whatever the streams' pace.
#[track_caller]
fn check(spec: ArchSpec, seed: u64) {
    let random = &mut Random::new(seed);
    let arch = spec.check().unwrap();
    let mut bench = PeBench::new(&arch);
    for _ in 0..3 {
        let (layer, pace) = (Layer::any(random, &arch), Pace::any(random));
        let case = format!("seed {seed}, {spec:?}, {layer:?}, {pace:?}");
        bench.set(&layer);
        let (start, macs, gated) = (bench.sums.len(), bench.mac_cycles.len(), bench.gated);
        let (mut expected, mut zeros) = (vec![], 0);
        let passes = random.within(1..=4);
        for _ in 0..passes {
            let percent = [0, 20, 60, 100][random.below(4)];
            let [ifmap, filters, psums] = stimulus(random, &arch, &layer, percent);
            let (sums, zero_macs) = pass(&layer, arch.psum_width, &ifmap, &filters, &psums);
            bench.queue(&ifmap, &filters, &psums);
            expected.extend(sums);
            zeros += zero_macs;
        }
        bench.run(random, pace, start + expected.len());
        assert_eq!(bench.sums[start..], expected, "{case}");
        for _ in 0..20 {
            bench.step(random, Pace::FULL);
        }
        assert_eq!(bench.sums.len(), start + expected.len(), "sums that nobody asked for: {case}");
        assert_eq!(bench.mac_cycles.len() - macs, passes * layer.macs(), "{case}");
        assert_eq!(bench.gated - gated, zeros, "{case}");
    }
}

#[test]
fn random_layers_and_stalls_match_the_model() {
    for seed in 0..60 {
        check(spec(16, 32, 12, 48, 24), seed);
    }
}

#[test]
fn spads_of_every_small_size_match_the_model() {
    for seed in 0..150 {
        let random = &mut Random::new(seed + 1000);
        check(spec(8, 20, random.within(1..=5), random.within(1..=9), random.within(1..=4)), seed);
    }
}

#[test]
fn widths_from_narrowest_to_widest_match_the_model() {
    for (i, (w, p)) in
        [(2, 2), (2, 64), (3, 7), (8, 8), (16, 16), (16, 64), (17, 40), (32, 32), (32, 64)].iter().enumerate()
    {
        for seed in 0..6 {
            check(spec(*w, *p, 4, 24, 8), seed + 10 * i as u64);
        }
    }
}

/// The extremes of product, shift and sum: wrap at P bits, sign of the shift.
#[test]
fn a_sum_wraps_at_its_width() {
    let arch = spec(16, 32, 12, 224, 24).check().unwrap();
    let layer = Layer { taps: 4, step: 1, filters: 1, windows: 1, images: 1, shift: 0 };
    let mut bench = PeBench::new(&arch);
    bench.set(&layer);
    bench.queue(&[-32768; 4], &[-32768; 4], &[0x7fff_ffff]);
    bench.run(&mut Random::new(1), Pace::FULL, 1);
    assert_eq!(bench.sums, [0x7fff_ffff]); // + 4 · 2^30 = + 2^32
}

/// A PE that is not enabled issues nothing, with all it needs at hand.
#[test]
fn a_disabled_pe_does_nothing() {
    let arch = spec(16, 32, 12, 224, 24).check().unwrap();
    let layer = Layer { taps: 3, step: 1, filters: 2, windows: 2, images: 1, shift: 0 };
    let random = &mut Random::new(3);
    let mut bench = PeBench::new(&arch);
    bench.set(&layer);
    bench.uut.enable.next = 0.into();
    let [ifmap, filters, psums] = stimulus(random, &arch, &layer, 0);
    bench.queue(&ifmap, &filters, &psums);
    for _ in 0..100 {
        bench.step(random, Pace::FULL);
    }
    assert!(bench.sums.is_empty() && bench.mac_cycles.is_empty());
}

/// No input reaches an output within a cycle: what `Island` relies on, and what keeps paths short.
#[test]
fn outputs_come_from_registers() {
    let arch = spec(8, 16, 4, 12, 2).check().unwrap();
    let random = &mut Random::new(7);
    let mut bench = PeBench::new(&arch);
    bench.set(&Layer { taps: 2, step: 1, filters: 2, windows: 3, images: 1, shift: 0 });
    for _ in 0..3000 {
        let mut seen = None;
        for _ in 0..4 {
            let uut = &mut bench.uut;
            for bit in [&mut uut.ifmap.valid, &mut uut.filter.valid, &mut uut.psum_in.valid, &mut uut.psum_out.ready] {
                bit.next = random.chance(50).into();
            }
            uut.ifmap.payload.next = Word::new(random.signed(9), 9, false);
            uut.filter.payload.next = Word::new(random.signed(32), 32, false);
            uut.filter_first.next = random.below(4).into();
            uut.psum_in.payload.next = Word::new(random.signed(16), 16, true);
            settle(uut);
            let bits =
                [&uut.ifmap.ready, &uut.filter.ready, &uut.psum_in.ready, &uut.psum_out.valid, &uut.mac, &uut.gated];
            let outputs = (bits.map(|bit| bit.val().any()), uut.psum_out.payload.val());
            assert_eq!(*seen.get_or_insert(outputs), outputs);
        }
        tick!(bench.uut);
    }
}

/// A reset in the middle of a pass leaves nothing behind.
#[test]
fn a_reset_in_the_middle_starts_afresh() {
    let arch = spec(16, 32, 6, 24, 4).check().unwrap();
    for seed in 0..30 {
        let random = &mut Random::new(seed);
        let layer = Layer::any(random, &arch);
        let pace = Pace::any(random);
        let mut bench = PeBench::new(&arch);
        bench.set(&layer);
        let [ifmap, filters, psums] = stimulus(random, &arch, &layer, 20);
        bench.queue(&ifmap, &filters, &psums);
        for _ in 0..random.within(1..=150) {
            bench.step(random, pace);
        }
        tick!(bench.uut, true);
        bench.ifmap.clear();
        bench.lines.clear();
        bench.psums.clear();
        bench.sums.clear();
        bench.queue(&ifmap, &filters, &psums);
        bench.run(random, pace, layer.psums());
        let (sums, _) = pass(&layer, 32, &ifmap, &filters, &psums);
        assert_eq!(bench.sums, sums, "seed {seed}, {layer:?}");
    }
}
