//! Filter staging and the filter walker.

use crate::model::*;
use hw::arch::{Arch, ArchSpec};
use hw::rtl::prelude::*;
use hw::sequencer::{FilterStaging, FilterWalker};
use std::collections::VecDeque;

fn line(number: usize, width: usize) -> Vec<Word> {
    (0..4).map(|i| word((number * 41 + i * 1_000_003) as i128, width)).collect()
}

fn staging(arch: &Arch) -> FilterStaging {
    let mut uut = FilterStaging::new(arch);
    uut.connect_all();
    rust_hdl::prelude::check_all(&uut).unwrap();
    tick!(uut, true);
    uut
}

/// Lines come out in order, one a cycle if nothing stalls; the queue holds exactly its memory and one line more.
#[track_caller]
fn check_staging(arch: &Arch, cycles: usize) {
    for (seed, (fill, drain)) in [(8, 8), (8, 3), (3, 8), (5, 4)].into_iter().enumerate() {
        let mut uut = staging(arch);
        let mut random = Random(seed as u64);
        let mut model: VecDeque<usize> = VecDeque::new();
        let (mut put, mut most, mut moved) = (0, 0, 0);
        for cycle in 0..cycles {
            // Bursts, so that the queue is full and empty now and then
            let (fill, drain) = if cycle / 300 % 2 == 0 { (fill, drain) } else { (drain, fill) };
            let (valid, ready) = (random.eighths(fill), random.eighths(drain));
            uut.in_valid.next = valid.into();
            line(put, arch.width).into_iter().enumerate().for_each(|(i, word)| uut.in_word[i].next = word);
            uut.out_ready.next = ready.into();
            settle(&mut uut);
            if uut.out_valid.val().any() {
                let want = line(*model.front().expect("a line that was not put in"), arch.width);
                assert!((0..4).all(|i| uut.out_word[i].val() == want[i]), "cycle {cycle}");
                if ready {
                    model.pop_front();
                    moved += 1;
                }
            }
            if valid && uut.in_ready.val().any() {
                model.push_back(put);
                put += 1;
            }
            most = most.max(model.len());
            tick!(uut);
        }
        assert!(most <= arch.staging_lines + 1);
        if (fill, drain) == (8, 8) {
            assert_eq!(moved, cycles - 2, "a line a cycle, 2 cycles after the first was put in");
        }
        if (fill, drain) == (8, 3) && cycles > 600 {
            assert_eq!(most, arch.staging_lines + 1, "capacity");
        }
    }
}

#[test]
fn staging_keeps_order_and_moves_a_line_a_cycle() {
    check_staging(&ArchSpec { glb_kb: 1, ..Default::default() }.check().unwrap(), 3000);
    check_staging(&ArchSpec { width: 32, glb_kb: 8, ..Default::default() }.check().unwrap(), 3000);
    check_staging(&ArchSpec::default().check().unwrap(), 500);
}

#[test]
fn staging_is_empty_after_a_clear_and_after_a_reset() {
    let arch = small_arch();
    let mut uut = staging(&arch);
    for clear in [true, false] {
        uut.in_valid.next = true.into();
        (0..7).for_each(|_| tick!(uut));
        assert!(uut.out_valid.val().any());
        uut.in_valid.next = false.into();
        uut.clear.next = clear.into();
        tick!(uut, !clear);
        uut.clear.next = false.into();
        for _ in 0..5 {
            assert!(!uut.out_valid.val().any());
            tick!(uut);
        }
        uut.in_valid.next = true.into();
        line(9, arch.width).into_iter().enumerate().for_each(|(i, word)| uut.in_word[i].next = word);
        tick!(uut);
        uut.in_valid.next = false.into();
        tick!(uut);
        settle(&mut uut);
        assert!(uut.out_valid.val().any());
        assert_eq!(uut.out_word[3].val(), line(9, arch.width)[3]);
    }
}

fn walker(arch: &Arch, layer: &Layer) -> FilterWalker {
    let mut uut = FilterWalker::new(arch);
    uut.connect_all();
    rust_hdl::prelude::check_all(&uut).unwrap();
    tick!(uut, true);
    uut.filter_words.next = layer.filter_words.into();
    uut.filter_lines_m1.next = (layer.filter_words.div_ceil(4) - 1).into();
    uut.filter_x_m1.next = (layer.filter_x - 1).into();
    uut.filter_y_m1.next = (layer.filter_y - 1).into();
    uut
}

fn random_layer(arch: &Arch, random: &mut Random) -> Layer {
    Layer {
        filter_words: 1 + random.below(arch.filter_spad),
        filter_x: 1 + random.below(arch.cols),
        filter_y: 1 + random.below(arch.rows),
        ..Default::default()
    }
}

/// Offers line `number` or nothing; returns what moved on the network and whether the line was taken.
fn cycle(
    uut: &mut FilterWalker,
    number: Option<usize>,
    ready: bool,
) -> (Option<(usize, usize, usize, Vec<Word>)>, bool) {
    uut.in_valid.next = number.is_some().into();
    let words = line(number.unwrap_or(0), 8);
    words.into_iter().enumerate().for_each(|(i, word)| uut.in_word[i].next = word);
    uut.filter_ready.next = ready.into();
    settle(uut);
    let moved = (ready && uut.filter_valid.val().any()).then(|| {
        let count = 4 - uut.filter_first.val().index();
        let words = uut.filter_word.iter().map(|word| word.val()).collect();
        (uut.filter_y.val().index(), uut.filter_x.val().index(), count, words)
    });
    let taken = number.is_some() && uut.in_ready.val().any();
    tick!(*uut);
    (moved, taken)
}

#[test]
fn lines_get_their_tags_pass_after_pass() {
    let arch = small_arch();
    for seed in 0..40 {
        let mut random = Random(seed);
        let layer = random_layer(&arch, &mut random);
        let mut uut = walker(&arch, &layer);
        let tags = layer.filter_tags();
        let lines = 3 * tags.len();
        let (fill, drain) = (1 + random.below(8), 1 + random.below(8));
        let (mut put, mut got) = (0, vec![]);
        while got.len() < lines {
            let number = (put < lines && random.eighths(fill)).then_some(put);
            let (moved, taken) = cycle(&mut uut, number, random.eighths(drain));
            got.extend(moved);
            put += taken as usize;
        }
        let want: Vec<_> = (0..lines)
            .map(|i| {
                let (y, x, count) = tags[i % tags.len()];
                (y, x, count, line(i, 8))
            })
            .collect();
        assert_same(&got, &want, seed);
    }
}

#[test]
fn a_line_leaves_each_cycle_and_a_restart_begins_anew() {
    let arch = small_arch();
    for seed in 0..20 {
        let mut random = Random(seed);
        let layer = random_layer(&arch, &mut random);
        let mut uut = walker(&arch, &layer);
        let tags = layer.filter_tags();
        for _ in 0..2 {
            let some = 1 + random.below(2 * tags.len());
            for i in 0..some {
                let (moved, taken) = cycle(&mut uut, Some(i), true);
                assert!(taken);
                assert_eq!(moved.is_some(), i > 0, "seed {seed}: line {i}");
            }
            uut.restart.next = true.into();
            cycle(&mut uut, None, true);
            uut.restart.next = false.into();
            cycle(&mut uut, Some(0), true);
            let (moved, _) = cycle(&mut uut, None, true);
            let (y, x, count) = tags[0];
            assert_eq!(moved, Some((y, x, count, line(0, 8))), "seed {seed}");
            uut.restart.next = true.into();
            cycle(&mut uut, None, true);
            uut.restart.next = false.into();
        }
    }
}
