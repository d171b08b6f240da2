//! Drives an array: queues for its buses and lanes, with random stalls.

use crate::model::Layer;
use crate::random::Random;
use hw::array::{RsArray, EVENTS};
use hw::rtl::prelude::*;
use hw::Arch;
use std::collections::VecDeque;

/// A PE's word of the configuration chain.
#[derive(Clone, Copy, Debug, Default)]
pub struct PeWord {
    pub enable: bool,
    pub psum_from_bus: bool,
    pub psum_to_bus: bool,
    pub ifmap_x: usize,
    pub filter_x: usize,
}

/// A row's word of the configuration chain.
#[derive(Clone, Copy, Debug, Default)]
pub struct RowWord {
    pub ifmap_y: usize,
    pub filter_y: usize,
}

/// A PE as a psum lane addresses it.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub row: usize,
    pub col: usize,
}

pub struct Bench {
    pub uut: RsArray,
    pub arch: Arch,
    /// (y, x, word).
    pub ifmap: VecDeque<(usize, usize, i128)>,
    /// (y, x, words).
    pub filter: VecDeque<(usize, usize, Vec<i128>)>,
    /// By lane.
    pub psum_in: Vec<VecDeque<(Place, i128)>>,
    /// By lane: whose psum is taken next; in `sums` when it is.
    pub psum_out: Vec<VecDeque<Place>>,
    pub sums: Vec<Vec<i128>>,
    pub cycle: usize,
    /// How often each of the array's events happened.
    pub events: [usize; EVENTS],
}

/// Two cycles of a reset, as the rows follow in the second, and one behind it.
fn reset(uut: &mut RsArray) {
    tick!(*uut, true);
    tick!(*uut, true);
    tick!(*uut);
}

impl Bench {
    pub fn new(arch: &Arch) -> Self {
        let mut uut = RsArray::new(arch);
        uut.connect_all();
        rust_hdl::prelude::check_all(&uut).unwrap();
        reset(&mut uut);
        let lanes = arch.psum_lanes;
        Bench {
            uut,
            arch: arch.clone(),
            ifmap: VecDeque::new(),
            filter: VecDeque::new(),
            psum_in: vec![VecDeque::new(); lanes],
            psum_out: vec![VecDeque::new(); lanes],
            sums: vec![vec![]; lanes],
            cycle: 0,
            events: [0; EVENTS],
        }
    }

    /// A reset, with all queues emptied.
    pub fn reset(&mut self) {
        self.ifmap.clear();
        self.filter.clear();
        self.psum_in.iter_mut().for_each(VecDeque::clear);
        self.psum_out.iter_mut().for_each(VecDeque::clear);
        self.uut.ifmap_valid.next = 0.into();
        self.uut.filter_valid.next = 0.into();
        for l in 0..self.arch.psum_lanes {
            self.uut.psum_in_valid[l].next = 0.into();
            self.uut.psum_out_take[l].next = 0.into();
        }
        reset(&mut self.uut);
    }

    pub fn set(&mut self, layer: &Layer) {
        self.uut.taps_m1.next = (layer.taps - 1).into();
        self.uut.step.next = layer.step.into();
        self.uut.filters_m1.next = (layer.filters - 1).into();
        self.uut.windows_m1.next = (layer.windows - 1).into();
        self.uut.images_m1.next = (layer.images - 1).into();
        self.uut.psum_shift.next = layer.shift.into();
    }

    /// Shifts a configuration in; `pes` row by row.
    pub fn configure(&mut self, pes: &[PeWord], rows: &[RowWord]) {
        let (cols, arch) = (self.arch.cols, self.arch.clone());
        self.uut.chain_shift.next = 1.into();
        for row in (0..arch.rows).rev() {
            let mut words: Vec<usize> = pes[row * cols..(row + 1) * cols]
                .iter()
                .rev()
                .map(|pe| {
                    pe.enable as usize
                        | (pe.psum_from_bus as usize) << 1
                        | (pe.psum_to_bus as usize) << 2
                        | pe.ifmap_x << 3
                        | pe.filter_x << (3 + arch.ifmap_x_bits())
                })
                .collect();
            words.push(rows[row].ifmap_y | rows[row].filter_y << arch.tag_y_bits());
            for word in words {
                self.uut.chain_word.next = word.into();
                tick!(self.uut);
            }
        }
        self.uut.chain_shift.next = 0.into();
    }

    /// One cycle; each bus and lane moves a word with a chance of `percent`.
    pub fn step(&mut self, random: &mut Random, percent: usize) {
        let lanes = self.arch.psum_lanes;
        let (w, p) = (self.arch.width, self.arch.psum_width);
        self.uut.ifmap_valid.next = 0.into();
        self.uut.filter_valid.next = 0.into();
        if let (Some((y, x, word)), true) = (self.ifmap.front(), random.chance(percent)) {
            self.uut.ifmap_valid.next = 1.into();
            self.uut.ifmap_y.next = (*y).into();
            self.uut.ifmap_x.next = (*x).into();
            self.uut.ifmap_word.next = Word::new(*word, w, true);
        }
        if let (Some((y, x, words)), true) = (self.filter.front(), random.chance(percent)) {
            self.uut.filter_valid.next = 1.into();
            self.uut.filter_y.next = (*y).into();
            self.uut.filter_x.next = (*x).into();
            let first = 4 - words.len();
            self.uut.filter_first.next = first.into();
            for (i, word) in words.iter().enumerate() {
                self.uut.filter_word[first + i].next = Word::new(*word, w, true);
            }
        }
        for l in 0..lanes {
            self.uut.psum_in_valid[l].next = 0.into();
            if let (Some((place, word)), true) = (self.psum_in[l].front(), random.chance(percent)) {
                assert_eq!(place.col % lanes, l);
                self.uut.psum_in_valid[l].next = 1.into();
                self.uut.psum_in_row[l].next = place.row.into();
                self.uut.psum_in_col[l].next = (place.col / lanes).into();
                self.uut.psum_in_word[l].next = Word::new(*word, p, true);
            }
            self.uut.psum_out_take[l].next = 0.into();
            if let (Some(place), true) = (self.psum_out[l].front(), random.chance(percent)) {
                assert_eq!(place.col % lanes, l);
                self.uut.psum_out_take[l].next = 1.into();
                self.uut.psum_out_row[l].next = place.row.into();
                self.uut.psum_out_col[l].next = (place.col / lanes).into();
            }
        }
        settle(&mut self.uut);
        if self.uut.ifmap_valid.val().any() && self.uut.ifmap_ready.val().any() {
            self.ifmap.pop_front();
        }
        if self.uut.filter_valid.val().any() && self.uut.filter_ready.val().any() {
            self.filter.pop_front();
        }
        for l in 0..lanes {
            if self.uut.psum_in_valid[l].val().any() && self.uut.psum_in_ready[l].val().any() {
                self.psum_in[l].pop_front();
            }
            if self.uut.psum_out_take[l].val().any() && self.uut.psum_out_valid[l].val().any() {
                self.psum_out[l].pop_front();
                self.sums[l].push(self.uut.psum_out_word[l].val().value());
            }
        }
        tick!(self.uut);
        self.cycle += 1;
        for (total, now) in self.events.iter_mut().zip(&self.uut.events) {
            *total += now.val().index();
        }
    }
}
