//! The codec of compressed feature maps, cycle by cycle: the example of JSSC 2017.

use hw::rlc::{runs, Codec, Format};
use hw::rtl::prelude::*;
use hw::shell::{rlc_decoder::RlcDecoder, rlc_encoder::RlcEncoder};
use hw::{Arch, ArchSpec};

const EXAMPLE: [i64; 11] = [0, 0, 12, 0, 0, 0, 0, 53, 0, 0, 22];

fn arch() -> Arch {
    ArchSpec::default().check().unwrap()
}

#[test]
fn the_example_enters_a_word_a_cycle_and_is_offered_behind_its_last() {
    let mut uut = RlcEncoder::new(&arch());
    uut.connect_all();
    rust_hdl::prelude::check_all(&uut).unwrap();
    tick!(uut, true);
    uut.code_ready.next = 1.into();
    uut.word_valid.next = 1.into();
    for (i, word) in EXAMPLE.iter().enumerate() {
        uut.word.next = Word::new(*word as i128, 16, false);
        uut.word_last.next = (i + 1 == EXAMPLE.len()).into();
        settle(&mut uut);
        assert!(uut.word_ready.val().any() && !uut.code_valid.val().any());
        tick!(uut);
    }
    // The code, then the number of codes; meanwhile no word is taken.
    uut.word_valid.next = 0.into();
    settle(&mut uut);
    assert!(uut.code_valid.val().any() && uut.code_last.val().any() && !uut.is_head.val().any());
    assert_eq!(vec![uut.code.val().raw() as u64], runs::encode(&EXAMPLE, 16));
    assert!(!uut.word_ready.val().any());
    tick!(uut);
    settle(&mut uut);
    assert!(uut.is_head.val().any() && uut.code_valid.val().any());
    assert_eq!(uut.code.val().raw(), 1);
    tick!(uut);
    assert!(uut.word_ready.val().any());
}

/// Words of four to a code, each code taken two cycles after it is offered, as a packer of half a code a cycle does.
#[test]
fn a_code_of_two_beats_holds_up_no_word() {
    let mut uut = RlcEncoder::new(&ArchSpec { width: 8, link_width: 32, ..ArchSpec::default() }.check().unwrap());
    uut.connect_all();
    tick!(uut, true);
    uut.word_valid.next = 1.into();
    uut.word.next = 1.into();
    let (mut words, mut waited) = (0, 0);
    for _ in 0..100 {
        uut.code_ready.next = (waited == 1).into();
        settle(&mut uut);
        words += usize::from(uut.word_ready.val().any());
        waited = if uut.code_valid.val().any() { (waited + 1) % 2 } else { 0 };
        tick!(uut);
    }
    assert_eq!(words, 100);
}

/// Codes are taken so slowly that masks and words wait in the encoder, so that a mask is closed, by a word that is not zero, while there is no room for one.
#[test]
fn no_word_is_lost_while_units_wait() {
    for (width, slowness) in [(4, 5), (8, 3), (16, 2), (16, 7)] {
        let mut uut = RlcEncoder::new(&ArchSpec { width, masks: true, ..ArchSpec::default() }.check().unwrap());
        uut.connect_all();
        tick!(uut, true);
        // One in eight is zero at first, none towards the end.
        let words: Vec<i64> = (0..400).map(|i| if i < 200 && i % 8 == 3 { 0 } else { 1 + i % 7 }).collect();
        let (mut sent, mut codes, mut cycle, mut is_whole) = (0, vec![], 0, false);
        uut.masked.next = 1.into();
        while !is_whole {
            uut.word_valid.next = (sent < words.len()).into();
            uut.word.next = Word::new(words.get(sent).copied().unwrap_or(0) as i128, width, false);
            uut.word_last.next = (sent + 1 == words.len()).into();
            uut.code_ready.next = (cycle % slowness == 0).into();
            settle(&mut uut);
            if uut.code_valid.val().any() && uut.code_ready.val().any() {
                is_whole = uut.is_head.val().any();
                codes.extend((!is_whole).then(|| uut.code.val().raw() as u64));
            }
            sent += usize::from(uut.word_valid.val().any() && uut.word_ready.val().any());
            tick!(uut);
            cycle += 1;
            assert!(cycle < 10_000, "width {width}: {sent} words, {} codes", codes.len());
        }
        let codec = Codec { format: Format::Masks, width };
        assert_eq!(codes, codec.encode(&words), "width {width}, a code in {slowness} cycles");
    }
}

#[test]
fn the_example_is_expanded_four_words_a_cycle() {
    let mut uut = RlcDecoder::new(&arch());
    uut.connect_all();
    rust_hdl::prelude::check_all(&uut).unwrap();
    tick!(uut, true);
    let beat = |uut: &mut RlcDecoder, data: u64| {
        uut.read_valid.next = 1.into();
        uut.read_data.next = Word::new(data as i128, 64, false);
        settle(uut);
        assert!(uut.read_ready.val().any());
        tick!(*uut);
        uut.read_valid.next = 0.into();
    };
    beat(&mut uut, 1);
    assert!(uut.length_valid.val().any() && uut.length.val() == 1);
    uut.go.next = 1.into();
    tick!(uut);
    uut.go.next = 0.into();
    beat(&mut uut, runs::encode(&EXAMPLE, 16)[0]);
    assert!(!uut.rest.val().any());
    tick!(uut);
    for (group, finish) in EXAMPLE.chunks(4).zip([false, false, true]) {
        assert!(uut.rest.val().raw() as usize >= group.len());
        let words: Vec<i128> = uut.word.iter().take(group.len()).map(|word| word.val().value()).collect();
        assert_eq!(words, group.iter().map(|word| *word as i128).collect::<Vec<_>>());
        uut.take.next = 1.into();
        uut.cut.next = finish.into();
        uut.part.next = group.len().into();
        uut.finish.next = finish.into();
        tick!(uut);
    }
    assert!(!uut.rest.val().any() && !uut.failed.val().any() && !uut.length_valid.val().any());
}
