//! The multicast networks: who gets a word, and when.

use crate::bench::{Bench, PeWord, RowWord};
use crate::random::Random;
use hw::array::{event, RsArray, XBus};
use hw::rtl::prelude::*;
use hw::ArchSpec;

/// Each word reaches exactly the listening PEs with its ID, all in one cycle, when all are ready; others never wait for them.
#[test]
fn a_word_moves_to_all_its_pes_at_once() {
    const PES: usize = 5;
    let random = &mut Random::new(5);
    let mut uut = XBus::new(PES, 2, 4, 16);
    uut.connect_all();
    rust_hdl::prelude::check_all(&uut).unwrap();
    tick!(uut, true);
    for i in 0..PES {
        uut.listens[i].next = (i != 3).into();
        uut.id[i].next = (i % 2).into();
    }
    let (mut sent, mut moved, mut dropped) = (0, 0, 0);
    let mut waiting = std::collections::VecDeque::new();
    for _ in 0..5000 {
        let ready: Vec<bool> = (0..PES).map(|_| random.chance(60)).collect();
        (0..PES).for_each(|i| uut.pe_ready[i].next = ready[i].into());
        settle(&mut uut);
        let put = random.chance(60) && uut.y_bus.ready.val().any();
        let (tag, word) = (random.below(16), random.below(1 << 16));
        uut.y_bus.put.next = put.into();
        uut.y_bus.tag.next = tag.into();
        uut.y_bus.word.next = word.into();
        settle(&mut uut);
        assert_eq!(uut.y_bus.ready.val().any(), waiting.len() < 2);
        let puts: Vec<bool> = (0..PES).map(|i| uut.pe_put[i].val().any()).collect();
        if let Some(&(tag, word)) = waiting.front() {
            let targets: Vec<bool> = (0..PES).map(|i| i != 3 && i % 2 == tag % 4).collect();
            let all_ready = (0..PES).all(|i| !targets[i] || ready[i]);
            assert_eq!(puts, if all_ready { targets.clone() } else { vec![false; PES] });
            assert_eq!((uut.tag.val().index(), uut.word.val().index()), (tag, word));
            if all_ready {
                waiting.pop_front();
                moved += 1;
                dropped += !targets.contains(&true) as usize;
            }
        } else {
            assert_eq!(puts, [false; PES]);
        }
        tick!(uut);
        if put {
            waiting.push_back((tag, word));
            sent += 1;
        }
    }
    assert!(sent - moved <= 2 && moved > 1000 && dropped > 100, "{sent} {moved} {dropped}");
}

/// The chain puts each word where the page says: of all PEs the one that is to take psums from its lane takes one.
#[test]
fn the_chain_configures_each_pe() {
    for (rows, cols, psum_width) in [(1, 1, 32), (1, 5, 16), (4, 1, 64), (3, 4, 32), (2, 7, 16)] {
        let arch = ArchSpec { rows, cols, psum_width, ..Default::default() }.check().unwrap();
        let mut bench = Bench::new(&arch);
        for chosen in 0..rows * cols {
            let mut pes = vec![PeWord::default(); rows * cols];
            pes[chosen].psum_from_bus = true;
            bench.configure(&pes, &vec![RowWord::default(); rows]);
            for row in 0..rows {
                for col in 0..cols {
                    let l = col % arch.psum_lanes;
                    bench.uut.psum_in_row[l].next = row.into();
                    bench.uut.psum_in_col[l].next = (col / arch.psum_lanes).into();
                    bench.uut.psum_in_valid[l].next = 1.into();
                    settle(&mut bench.uut);
                    assert!(bench.uut.psum_in_ready[l].val().any());
                    tick!(bench.uut);
                    bench.uut.psum_in_valid[l].next = 0.into();
                    // The PE, its row and the array tell it, a cycle each.
                    (0..2).for_each(|_| tick!(bench.uut));
                    settle(&mut bench.uut);
                    let taken = bench.uut.events[event::PSUM].val().index();
                    assert_eq!(
                        taken,
                        usize::from(row * cols + col == chosen),
                        "PE {row}, {col} of {rows} × {cols}, chosen {chosen}"
                    );
                }
            }
        }
    }
}

/// A word for no row and a word for rows without a PE of its ID are taken and forgotten, one a cycle.
#[test]
fn words_for_nobody_are_dropped() {
    let arch = ArchSpec { rows: 3, cols: 4, ..Default::default() }.check().unwrap();
    let mut bench = Bench::new(&arch);
    // Row 2 listens to y = 2, rows 0 and 1 to y = 1; disabled PEs have the IDs that are sent.
    let rows = [1, 1, 2].map(|y| RowWord { ifmap_y: y, filter_y: y });
    bench.configure(&vec![PeWord { ifmap_x: 5, filter_x: 1, ..Default::default() }; 12], &rows);
    bench.uut.ifmap_valid.next = 1.into();
    bench.uut.filter_valid.next = 1.into();
    for cycle in 0..100usize {
        bench.uut.ifmap_y.next = (cycle % 4).into();
        bench.uut.filter_y.next = (cycle % 4).into();
        bench.uut.ifmap_x.next = 5.into();
        bench.uut.filter_x.next = 1.into();
        settle(&mut bench.uut);
        assert!(bench.uut.ifmap_ready.val().any() && bench.uut.filter_ready.val().any(), "cycle {cycle}");
        tick!(bench.uut);
    }
}

/// Arrays of one row or column and of every width can be built and are sound rust-hdl.
#[test]
fn arrays_of_any_shape_can_be_built() {
    for (rows, cols, width, psum_width) in
        [(1, 1, 2, 2), (1, 1, 32, 64), (1, 9, 32, 32), (9, 1, 16, 64), (3, 5, 7, 21), (2, 6, 4, 4), (12, 14, 16, 32)]
    {
        let arch = ArchSpec { rows, cols, width, psum_width, ..Default::default() }.check().unwrap();
        let mut uut = RsArray::new(&arch);
        uut.connect_all();
        rust_hdl::prelude::check_all(&uut).unwrap();
        tick!(uut, true);
        tick!(uut);
        assert!(uut.events.iter().all(|event| !event.val().any()));
    }
}

/// 4,096 PEs.
#[test]
fn a_large_array_can_be_built() {
    let arch = ArchSpec { rows: 64, cols: 64, ..Default::default() }.check().unwrap();
    let mut uut = RsArray::new(&arch);
    uut.connect_all();
    tick!(uut, true);
    assert!(uut.ifmap_ready.val().any());
}
