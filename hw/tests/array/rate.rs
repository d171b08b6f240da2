//! How fast things go: one MAC a cycle when data are there.

use crate::model::{spec, Layer};
use crate::pe::{Pace, PeBench};
use crate::random::Random;
use hw::array::LineUnpacker;
use hw::rtl::prelude::*;

/// With all data offered, the MACs of three passes take as many cycles as there are MACs: no bubble between windows,
/// rows, images or passes.
#[track_caller]
fn check_no_bubble(layer: Layer) {
    let arch = spec(16, 32, 12, 224, 24).check().unwrap();
    let random = &mut Random::new(1);
    let mut bench = PeBench::new(&arch);
    bench.set(&layer);
    for _ in 0..3 {
        let words = |n: usize| (0..n as i128).collect::<Vec<_>>();
        bench.queue(&words(layer.images * layer.row_words()), &words(layer.filter_words()), &words(layer.psums()));
    }
    bench.run(random, Pace::FULL, 3 * layer.psums());
    let (first, last) = (bench.mac_cycles[0], bench.mac_cycles[bench.mac_cycles.len() - 1]);
    assert_eq!(bench.mac_cycles.len(), 3 * layer.macs());
    assert_eq!(last - first + 1, 3 * layer.macs(), "{layer:?}");
    // A psum comes out 4 cycles after its last tap's issue, which `mac` shows 1 cycle later.
    assert!(bench.cycle <= last + 4, "{layer:?}: {} {last}", bench.cycle);
}

#[test]
fn a_pe_issues_a_mac_each_cycle() {
    let layer = |taps, step, filters, windows, images| Layer { taps, step, filters, windows, images, shift: 0 };
    check_no_bubble(layer(12, 4, 16, 6, 2)); // CONV3 with q = 4
    check_no_bubble(layer(11, 4, 16, 6, 1)); // CONV1
    check_no_bubble(layer(12, 12, 4, 3, 2)); // nothing shared by windows
    check_no_bubble(layer(12, 1, 1, 9, 2)); // one filter
    check_no_bubble(layer(3, 1, 1, 1, 1)); // one window a pass
    check_no_bubble(layer(2, 2, 1, 5, 2));
    check_no_bubble(layer(1, 1, 16, 5, 2));
    check_no_bubble(layer(1, 1, 1, 5, 2)); // a psum each cycle
    check_no_bubble(layer(1, 1, 1, 1, 1)); // everything anew each cycle
}

/// A full filter spad: each place that the last window frees takes a word of the next pass at once.
#[test]
fn filters_of_the_next_pass_follow_into_a_full_spad() {
    check_no_bubble(Layer { taps: 12, step: 1, filters: 18, windows: 2, images: 1, shift: 0 });
    check_no_bubble(Layer { taps: 8, step: 8, filters: 28, windows: 1, images: 1, shift: 0 });
    // all 224 words
}

/// Four words of a line take four cycles, also from line to line.
#[test]
fn the_unpacker_gives_a_word_each_cycle() {
    let mut uut = LineUnpacker::new(16);
    uut.connect_all();
    rust_hdl::prelude::check_all(&uut).unwrap();
    tick!(uut, true);
    uut.word.ready.next = 1.into();
    uut.room_next.next = 1.into();
    uut.line.valid.next = 1.into();
    let (mut next, mut words) = (0, vec![]);
    for cycle in 0..41 {
        let line: Vec<i128> = (next..next + 4).collect();
        uut.line.payload.next = crate::pe::line_word(&line, 16);
        settle(&mut uut);
        if uut.line.ready.val().any() {
            next += 4;
        }
        if uut.word.valid.val().any() {
            words.push(uut.word.payload.val().value());
        }
        assert_eq!(words.len(), cycle);
        tick!(uut);
    }
    assert_eq!(words, (0..40).collect::<Vec<_>>());
}
