//! What a layer and its passes ask for, written as plain loops.

use hw::arch::{Arch, ArchSpec};
use hw::program::{layer, pass, table, Field, COMMAND_WORDS};
use hw::rtl::prelude::*;

pub struct Random(pub u64);

impl Random {
    /// A number in 0..n.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % n
    }
    /// True in `n` of 8 cases.
    pub fn eighths(&mut self, n: usize) -> bool {
        self.below(8) < n
    }
}

/// An array of 4 rows and 6 columns with two psum lanes; words of 8 bits, psums of 16.
pub fn small_arch() -> Arch {
    let spec = ArchSpec {
        rows: 4,
        cols: 6,
        width: 8,
        psum_width: 16,
        glb_kb: 12,
        ifmap_spad: 6,
        filter_spad: 20,
        ..Default::default()
    };
    spec.check().unwrap()
}

pub fn word(value: i128, bits: usize) -> Word {
    Word::new(value, bits, true)
}

/// Constants of a layer, as numbers and not less one.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    pub channels: usize,
    pub row_width: usize,
    pub channel_stride: usize,
    pub image_stride: usize,
    pub col_run: usize,
    pub col_skip: usize,
    pub col_runs: usize,
    pub images: usize,
    pub windows: usize,
    pub filters: usize,
    pub psum_filter_stride: usize,
    pub psum_image_stride: usize,
    pub filter_words: usize,
    pub filter_y: usize,
    pub filter_x: usize,
    pub streams: Vec<Stream>,
    /// By lane.
    pub sources: Vec<Vec<Source>>,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Stream {
    pub y: usize,
    pub x: usize,
    pub offset: usize,
    pub h: usize,
    pub c: usize,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Source {
    pub row: usize,
    pub feed: usize,
    pub col: usize,
    pub offset: usize,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Pass {
    pub tile: usize,
    pub x_start: i64,
    pub c_valid: usize,
    pub h_lo: usize,
    pub h_hi: usize,
    pub psum: usize,
    pub distance: usize,
    pub flags: u64,
}

impl Pass {
    pub fn has(&self, flag: u64) -> bool {
        self.flags & flag != 0
    }
}

/// An ifmap word on the network: its tag, and its buffer word or `None` for zero.
pub type IfmapWord = (usize, usize, Option<usize>);

impl Layer {
    pub fn ifmap_words(&self, arch: &Arch, pass: &Pass) -> Vec<IfmapWord> {
        let mut words = vec![];
        for image in 0..self.images {
            for run in 0..self.col_runs {
                for col in 0..self.col_run {
                    let x = pass.x_start + (run * (self.col_run + self.col_skip) + col) as i64;
                    for stream in &self.streams {
                        for channel in 0..self.channels {
                            let real = x >= 0
                                && (x as usize) < self.row_width
                                && (pass.h_lo..pass.h_hi).contains(&stream.h)
                                && stream.c + channel < pass.c_valid;
                            let base = pass.tile + stream.offset + channel * self.channel_stride;
                            let address = (base + image * self.image_stride) as i64 + x;
                            let wrapped = address.rem_euclid(1 << arch.word_address_bits()) as usize;
                            words.push((stream.y, stream.x, real.then_some(wrapped)));
                        }
                    }
                }
            }
        }
        words
    }

    /// For each psum of a lane in a pass its source, as a place in the table, and its buffer line.
    pub fn psums(&self, arch: &Arch, lane: usize, base: usize) -> Vec<(usize, usize)> {
        let mut psums = vec![];
        for image in 0..self.images {
            for window in 0..self.windows {
                for filter in 0..self.filters {
                    for (number, source) in self.sources[lane].iter().enumerate() {
                        let line = base
                            + image * self.psum_image_stride
                            + filter * self.psum_filter_stride
                            + source.offset
                            + window;
                        psums.push((number, line % (1 << arch.line_bits())));
                    }
                }
            }
        }
        psums
    }

    /// Tags and word counts of a pass's filter lines: y, x, count.
    pub fn filter_tags(&self) -> Vec<(usize, usize, usize)> {
        let lines = self.filter_words.div_ceil(4);
        let mut tags = vec![];
        for line in 0..lines {
            let count = if line + 1 == lines { self.filter_words - 4 * line } else { 4 };
            for x in 0..self.filter_x {
                for y in 0..self.filter_y {
                    tags.push((y, x, count));
                }
            }
        }
        tags
    }

    pub fn command(&self) -> [u64; COMMAND_WORDS] {
        let mut command = [0; COMMAND_WORDS];
        let mut set = |field: Field, value: usize| field.set(&mut command, value as u64);
        set(layer::FILTERS_M1, self.filters - 1);
        set(layer::FILTER_WORDS, self.filter_words);
        set(layer::WINDOWS_M1, self.windows - 1);
        set(layer::IMAGES_M1, self.images - 1);
        set(layer::CHANNELS_M1, self.channels - 1);
        set(layer::STREAMS_M1, self.streams.len() - 1);
        set(layer::ROW_WIDTH, self.row_width);
        set(layer::CHANNEL_STRIDE, self.channel_stride);
        set(layer::IMAGE_STRIDE, self.image_stride);
        set(layer::COL_RUN_M1, self.col_run - 1);
        set(layer::COL_SKIP, self.col_skip);
        set(layer::COL_RUNS_M1, self.col_runs - 1);
        set(layer::FILTER_Y_M1, self.filter_y - 1);
        set(layer::FILTER_X_M1, self.filter_x - 1);
        set(layer::FILTER_LINES_M1, self.filter_words.div_ceil(4) - 1);
        set(layer::PSUM_FILTER_STRIDE, self.psum_filter_stride);
        set(layer::PSUM_IMAGE_STRIDE, self.psum_image_stride);
        self.sources.iter().enumerate().for_each(|(lane, sources)| set(layer::sources(lane), sources.len()));
        command
    }

    /// The layer's tables: target, index, entry.
    pub fn tables(&self) -> Vec<(u64, usize, u64)> {
        let streams = self.streams.iter().enumerate().map(|(i, stream)| (table::IFMAP, i, stream.entry()));
        let mut tables: Vec<_> = streams.collect();
        for (lane, sources) in self.sources.iter().enumerate() {
            tables.extend(sources.iter().enumerate().map(|(i, s)| (table::PSUM + lane as u64, i, s.entry())));
        }
        tables
    }
}

impl Stream {
    pub fn entry(&self) -> u64 {
        let mut entry = [0];
        table::STREAM_Y.set(&mut entry, self.y as u64);
        table::STREAM_X.set(&mut entry, self.x as u64);
        table::STREAM_OFFSET.set(&mut entry, self.offset as u64);
        table::STREAM_H.set(&mut entry, self.h as u64);
        table::STREAM_C.set(&mut entry, self.c as u64);
        entry[0]
    }
}

impl Source {
    pub fn entry(&self) -> u64 {
        let mut entry = [0];
        table::SOURCE_ROW.set(&mut entry, self.row as u64);
        table::SOURCE_FEED.set(&mut entry, self.feed as u64);
        table::SOURCE_COL.set(&mut entry, self.col as u64);
        table::SOURCE_OFFSET.set(&mut entry, self.offset as u64);
        entry[0]
    }
}

impl Pass {
    pub fn command(&self) -> [u64; COMMAND_WORDS] {
        let mut command = [0; COMMAND_WORDS];
        pass::TILE.set(&mut command, self.tile as u64);
        pass::X_START.set(&mut command, self.x_start as u64);
        pass::C_VALID.set(&mut command, self.c_valid as u64);
        pass::H_LO.set(&mut command, self.h_lo as u64);
        pass::H_HI.set(&mut command, self.h_hi as u64);
        pass::DISTANCE.set(&mut command, self.distance as u64);
        pass::PSUM.set(&mut command, self.psum as u64);
        command
    }
}

/// A port of the buffer for a test: `answer` is what was asked two cycles ago, kept until the next answer.
#[derive(Default)]
pub struct ReadPort {
    asked: Option<i128>,
    pub answer: i128,
    /// Reads that have come back.
    pub returned: usize,
}

impl ReadPort {
    /// A clock edge, at which this was read or nothing.
    pub fn edge(&mut self, read: Option<i128>) {
        if let Some(word) = self.asked {
            self.answer = word;
            self.returned += 1;
        }
        self.asked = read;
    }
}

/// Asserts that two sequences are equal, and shows the first place where they are not.
#[track_caller]
pub fn assert_same<T: PartialEq + std::fmt::Debug>(got: &[T], want: &[T], seed: u64) {
    if let Some(i) = (0..got.len().max(want.len())).find(|&i| got.get(i) != want.get(i)) {
        panic!("seed {seed}: element {i} is {:?} instead of {:?}", got.get(i), want.get(i));
    }
}
