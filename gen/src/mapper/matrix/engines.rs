//! What is different where the array has convolution engines (`hw::conv2d`): pixels stream past the weights of pieces of a filter.

use super::super::command::Command;
use super::schedule::Section;
use super::MatrixPlan;
use crate::shape::ConvShape;
use hw::conv2d::{pieces, Piece};
use hw::matrix::command::layer;
use hw::Arch;

/// The pieces of a filter's rows, or of its columns, with what they meet of an ofmap tile.
pub(super) struct Side {
    pieces: Vec<Piece>,
    stride: usize,
}

impl Side {
    /// Of the filter's rows.
    pub fn rows(shape: &ConvShape, arch: &Arch) -> Side {
        Side { pieces: pieces(shape.r, shape.stride_h, arch.kernel()), stride: shape.stride_h }
    }

    /// Of the filter's columns.
    pub fn cols(shape: &ConvShape, arch: &Arch) -> Side {
        Side { pieces: pieces(shape.s, shape.stride_w, arch.kernel()), stride: shape.stride_w }
    }

    /// Taps of the largest piece, which is the first.
    pub fn most_taps(&self) -> usize {
        self.pieces[0].taps
    }

    /// Pixels of each piece for so many outputs.
    fn pixels(&self, outputs: usize) -> impl Iterator<Item = usize> + '_ {
        self.pieces.iter().map(move |piece| outputs + piece.taps - 1)
    }

    /// Those of all pieces.
    pub fn all_pixels(&self, outputs: usize) -> u64 {
        self.pixels(outputs).sum::<usize>() as u64
    }

    /// The same of those alone that lie in `0..length`, where the first tap meets element `origin` first.
    pub fn pixels_inside(&self, outputs: usize, origin: i64, length: usize) -> u64 {
        let inside = |piece: &Piece| {
            let first = origin + piece.first as i64;
            let meets = |pixel: &usize| (0..length as i64).contains(&(first + (pixel * self.stride) as i64));
            (0..outputs + piece.taps - 1).filter(meets).count() as u64
        };
        self.pieces.iter().map(inside).sum()
    }

    /// Pixels of `all` outputs, `size` of them in each place, that engines take, and those of them that lie in `0..length`, behind `pad` of padding.
    fn pixels_of_places(&self, all: usize, size: usize, pad: usize, length: usize) -> (u64, u64) {
        let (mut taken, mut inside) = (0, 0);
        for first in (0..all).step_by(size) {
            let outputs = size.min(all - first);
            taken += self.all_pixels(outputs);
            inside += self.pixels_inside(outputs, (first * self.stride) as i64 - pad as i64, length);
        }
        (taken, inside)
    }
}

/// A piece of a filter: a weight tile for each channel group.
pub(super) struct Tile {
    /// Taps, and pixels of an image of an ofmap tile.
    pub taps: u64,
    pub pixels: u64,
}

impl Command {
    /// With the phases of a filter's columns, by the horizontal stride.
    pub(super) fn with_column_phases(self, shape: &ConvShape) -> Command {
        let taps = shape.s.div_ceil(shape.stride_w);
        self.with("the phases of a filter's columns", layer::PHASES_W_M1, shape.s.min(shape.stride_w) - 1)
            .with("the long phases of a filter's columns", layer::LONG_PHASES_W, shape.s - (taps - 1) * shape.stride_w)
            .with("the columns of a phase", layer::PHASE_TAPS_W, taps)
    }
}

impl MatrixPlan {
    /// Whether the array has convolution engines.
    pub(super) fn is_of_engines(&self) -> bool {
        self.arch.conv2d.is_some()
    }

    /// With the fields of a section's `LAYER` that such arrays alone have.
    pub(super) fn with_engines(&self, command: Command, section: &Section) -> Command {
        let shape = &self.shape;
        let taps = (shape.r.div_ceil(shape.stride_h), shape.s.div_ceil(shape.stride_w));
        let kernel = self.arch.kernel();
        // A phase of one piece has no next one.
        let step = |taps: usize, stride: usize| if taps > kernel { kernel * stride } else { 0 };
        let (rows, cols) = (step(taps.0, shape.stride_h), step(taps.1, shape.stride_w));
        command
            .with("the phases of a filter's rows", layer::PHASES_H_M1, shape.r.min(shape.stride_h) - 1)
            .with("the long phases of a filter's rows", layer::LONG_PHASES_H, shape.r - (taps.0 - 1) * shape.stride_h)
            .with("the rows of a phase", layer::PHASE_TAPS_H, taps.0)
            .with("the step of a piece's rows", layer::PIECE_ROWS, rows)
            .with("the words of a piece's rows", layer::PIECE_ROW_WORDS, rows * section.tile_width)
            .with("the step of a piece's columns", layer::PIECE_COLS, cols)
            .with_column_phases(shape)
    }

    /// The weight tiles of a channel group, for ofmap tiles of so many rows and windows.
    pub(super) fn pieces(&self, lines: usize, windows: usize) -> Vec<Tile> {
        let (rows, cols) = (Side::rows(&self.shape, &self.arch), Side::cols(&self.shape, &self.arch));
        let of = |row: (&Piece, usize)| {
            let tile = move |col: (&Piece, usize)| Tile {
                taps: (row.0.taps * col.0.taps) as u64,
                pixels: (row.1 * col.1) as u64,
            };
            cols.pieces.iter().zip(cols.pixels(windows)).map(tile).collect::<Vec<_>>()
        };
        rows.pieces.iter().zip(rows.pixels(lines)).flat_map(of).collect()
    }

    /// Rows of the array that have a tap of a channel in a pass.
    pub(super) fn rows_with_taps(&self) -> Vec<usize> {
        let (kernel, each) = (self.arch.kernel(), self.arch.engine_rows());
        let (rows, cols) = (Side::rows(&self.shape, &self.arch), Side::cols(&self.shape, &self.arch));
        let engines = self.arch.channels_at_a_time().min(self.shape.c_per_group());
        let has_tap = |row: &usize| row % each / kernel < rows.most_taps() && row % kernel < cols.most_taps();
        (0..engines * each).filter(has_tap).collect()
    }

    /// The taps of a filter in the order in which its weights come: pieces of its rows, pieces of its columns, each from its last tap on.
    pub(super) fn taps_in_order(&self) -> Vec<usize> {
        let s = self.shape.s;
        let (rows, cols) = (Side::rows(&self.shape, &self.arch), Side::cols(&self.shape, &self.arch));
        let backwards = |piece: &Piece, stride: usize| -> Vec<usize> {
            (0..piece.taps).rev().map(|tap| piece.first + tap * stride).collect()
        };
        let mut taps = Vec::with_capacity(self.shape.r * s);
        for row in &rows.pieces {
            for col in &cols.pieces {
                for r in backwards(row, rows.stride) {
                    taps.extend(backwards(col, cols.stride).into_iter().map(|c| r * s + c));
                }
            }
        }
        taps
    }

    /// Rows of pixels of all places that engines take, and that the buffer is read for.
    pub(super) fn rows_of_pixels(&self) -> (u64, u64) {
        let shape = &self.shape;
        Side::rows(shape, &self.arch).pixels_of_places(shape.e(), self.mapping.e, shape.pad_h, shape.h)
    }

    /// The same of columns.
    pub(super) fn cols_of_pixels(&self) -> (u64, u64) {
        let shape = &self.shape;
        Side::cols(shape, &self.arch).pixels_of_places(shape.f(), self.mapping.windows, shape.pad_w, shape.w)
    }
}
