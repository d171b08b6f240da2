//! The blocks of a convolution engine by themselves.

use crate::convolution::engines;
use crate::model::Random;
use hw::conv2d::{pieces, ConvPhaseLoops, ConvRaster, ConvWeightPlaces, ConvWindow};
use hw::rtl::prelude::*;

/// Pixels come at random times; the window is that of the raster, wherever a whole one is.
#[test]
fn the_window_generator_holds_the_pixels_of_the_last_rows() {
    for (seed, (kernel, length)) in [(2, 1), (2, 2), (3, 1), (3, 2), (3, 7), (5, 16), (2, 16)].into_iter().enumerate() {
        let arch = engines(kernel, 1, 1, 8, 16, true);
        let mut random = Random(seed as u64);
        let mut uut = ConvWindow::new(&arch);
        uut.connect_all();
        rust_hdl::prelude::check_all(&uut).unwrap();
        tick!(uut, true);
        uut.alone.next = (length == 1).into();
        let rows = 8;
        let pixels: Vec<i128> = (0..rows * length).map(|_| random.word(8)).collect();
        let at = |row: usize, col: usize| pixels[row * length + col];
        // The pixel that was announced, and the one in the registers
        let (mut announced, mut held, mut next) = (None, None::<usize>, 0);
        while held != Some(pixels.len() - 1) {
            let announces = (next < pixels.len() && random.eighths(6)).then_some(next);
            next += announces.is_some() as usize;
            uut.next_valid.next = announces.is_some().into();
            uut.next_column.next = (announces.unwrap_or(0) % length).into();
            uut.valid.next = announced.is_some().into();
            uut.column.next = (announced.unwrap_or(0) % length).into();
            uut.pixel.next = Word::new(announced.map_or(random.word(8), |pixel: usize| pixels[pixel]), 8, true);
            tick!(uut);
            held = announced.or(held);
            announced = announces;
            let Some(last) = held else { continue };
            let (row, col) = (last / length, last % length);
            for (a, b) in (0..kernel).flat_map(|a| (0..kernel).map(move |b| (a, b))) {
                if a <= row && b <= col {
                    let is = uut.window[a * kernel + b].val().value();
                    assert_eq!(is, at(row - a, col - b), "seed {seed}, pixel {last}, {a} above, {b} before");
                }
            }
        }
    }
}

/// Rasters of several images, with gaps between pixels.
#[test]
fn a_raster_has_a_window_where_enough_rows_and_columns_have_come() {
    for seed in 0..20 {
        let arch = engines(3, 1, 1, 8, 16, true);
        let mut random = Random(seed);
        let mut uut = ConvRaster::new(&arch);
        uut.connect_all();
        rust_hdl::prelude::check_all(&uut).unwrap();
        tick!(uut, true);
        for _tile in 0..4 {
            let (taps_h, taps_w) = (1 + random.below(3), 1 + random.below(3));
            let (images, rows, cols) = (1 + random.below(3), taps_h + random.below(6), taps_w + random.below(4));
            uut.taps_h.next = taps_h.into();
            uut.taps_w.next = taps_w.into();
            let (mut pixel, mut opened) = (0, false);
            while pixel < images * rows * cols {
                let valid = random.eighths(6);
                let (row, col) = (pixel / cols % rows, pixel % cols);
                uut.pixel.next = valid.into();
                uut.opens_row.next = (col == 0).into();
                uut.first.next = (pixel == 0).into();
                uut.in_last_row.next = (row + 1 == rows).into();
                settle(&mut uut);
                let window = valid && row + 1 >= taps_h && col + 1 >= taps_w;
                assert_eq!(uut.window.val().any(), window, "seed {seed}, pixel {pixel}");
                assert_eq!(uut.opens.val().any(), window && !opened, "seed {seed}, pixel {pixel}");
                assert!(!valid || uut.column.val().index() == col, "seed {seed}, pixel {pixel}");
                opened |= window;
                pixel += valid as usize;
                tick!(uut);
            }
        }
    }
}

#[test]
fn phases_are_cut_into_pieces_as_software_does() {
    let arch = engines(3, 1, 1, 8, 16, true);
    for (filter, stride) in (1..=12).flat_map(|filter: usize| (1..=5).map(move |stride| (filter, stride))) {
        let mut uut = ConvPhaseLoops::new(&arch);
        uut.connect_all();
        rust_hdl::prelude::check_all(&uut).unwrap();
        tick!(uut, true);
        let taps = filter.div_ceil(stride);
        uut.phases_m1.next = (filter.min(stride) - 1).into();
        uut.long_phases.next = (filter - (taps - 1) * stride).into();
        uut.phase_taps.next = taps.into();
        uut.start.next = true.into();
        tick!(uut);
        uut.start.next = false.into();
        uut.advance.next = true.into();
        let all = pieces(filter, stride, 3);
        // Twice, as a pass of two channel groups goes through them
        for (number, piece) in all.iter().chain(&all).enumerate() {
            let is = (uut.taps.val().index(), uut.last.val().any());
            assert_eq!(
                is,
                (piece.taps, (number + 1) % all.len() == 0),
                "{filter} taps, stride {stride}, piece {number}"
            );
            tick!(uut);
        }
    }
}

/// A filter of 5 × 4 taps in an engine of 3 × 3: pieces of 3 × 3, 3 × 1, 2 × 3, 2 × 1.
#[test]
fn lines_go_to_the_taps_of_their_piece() {
    let arch = engines(3, 1, 1, 8, 16, true);
    let mut uut = ConvWeightPlaces::new(&arch);
    uut.connect_all();
    rust_hdl::prelude::check_all(&uut).unwrap();
    tick!(uut, true);
    uut.layer.long_phases_h.next = 1.into();
    uut.layer.phase_taps_h.next = 5.into();
    uut.layer.long_phases_w.next = 1.into();
    uut.layer.phase_taps_w.next = 4.into();
    uut.layer_written.next = true.into();
    tick!(uut);
    uut.layer_written.next = false.into();
    for (rows, cols) in [(3, 3), (3, 1), (2, 3), (2, 1), (3, 3)] {
        for (row, col) in (0..rows).flat_map(|row| (0..cols).map(move |col| (row, col))) {
            // A line that does not end its tap changes nothing
            uut.tap_end.next = false.into();
            tick!(uut);
            uut.tap_end.next = true.into();
            settle(&mut uut);
            assert_eq!((uut.row.val().index(), uut.col.val().index()), (row, col));
            assert_eq!(uut.tile_end.val().any(), (row + 1, col + 1) == (rows, cols));
            tick!(uut);
        }
    }
}
