//! What a layer asks of convolution engines.

use crate::model::{Layer, Pass};
use hw::arch::Arch;
use hw::conv2d::{pieces, Piece};
use hw::matrix::command::layer;
use hw::program::{Field, COMMAND_WORDS};

impl Layer {
    /// The pieces that a filter is cut into for convolution engines: its rows, its columns.
    pub fn pieces(&self, arch: &Arch) -> Vec<(Piece, Piece)> {
        let rows = pieces(self.filter_rows, self.stride_h, arch.kernel());
        let cols = pieces(self.filter_cols, self.stride_w, arch.kernel());
        rows.iter().flat_map(|&rows| cols.iter().map(move |&cols| (rows, cols))).collect()
    }

    /// Pixels of a piece: ifmap rows and columns of an image that its engine takes.
    fn pixels(&self, (rows, cols): (Piece, Piece)) -> impl Iterator<Item = (usize, usize)> {
        let (stride_h, stride_w) = (self.stride_h, self.stride_w);
        let (height, width) = (self.rows + rows.taps - 1, self.windows + cols.taps - 1);
        (0..height)
            .flat_map(move |row| (0..width).map(move |col| (rows.first + row * stride_h, cols.first + col * stride_w)))
    }

    /// Pixels that an engine takes of a channel in a pass.
    pub fn all_pixels(&self, arch: &Arch) -> Vec<usize> {
        self.pieces(arch).into_iter().map(|piece| self.images * self.pixels(piece).count()).collect()
    }

    /// Pixels that engines take in a pass, and those of them that the buffer is read for.
    pub fn pixels_taken_and_read(&self, arch: &Arch, pass: &Pass) -> (usize, usize) {
        let pixels = self.pieces(arch).into_iter().flat_map(|piece| self.pixels(piece));
        let at = |(row, col): (usize, usize)| (pass.y_start + row as i64, pass.x_start + col as i64);
        let inside = |(y, x): (i64, i64)| (0..self.height as i64).contains(&y) && (0..self.width as i64).contains(&x);
        let pixels: Vec<bool> = pixels.map(|pixel| inside(at(pixel))).collect();
        let planes = pass.channels * self.images;
        (planes * pixels.len(), planes * pixels.iter().filter(|inside| **inside).count())
    }

    /// The taps of a filter in the order in which their weights come: each piece from its last tap on.
    pub fn taps_of_pieces(&self, arch: &Arch) -> Vec<(usize, usize)> {
        let of_piece = |(rows, cols): (Piece, Piece)| {
            let row = move |a: usize| rows.first + (rows.taps - 1 - a) * self.stride_h;
            let col = move |b: usize| cols.first + (cols.taps - 1 - b) * self.stride_w;
            (0..rows.taps).flat_map(move |a| (0..cols.taps).map(move |b| (row(a), col(b))))
        };
        self.pieces(arch).into_iter().flat_map(of_piece).collect()
    }

    /// The fields of `LAYER` that only they have.
    pub fn fields_of_pieces(&self, arch: &Arch, command: &mut [u64; COMMAND_WORDS]) {
        let mut set = |field: Field, value: usize| field.set(command, value as u64);
        let (k, taps_h, taps_w) =
            (arch.kernel(), self.filter_rows.div_ceil(self.stride_h), self.filter_cols.div_ceil(self.stride_w));
        set(layer::PIECE_ROW_WORDS, k * self.stride_h * self.width);
        set(layer::PHASES_H_M1, self.filter_rows.min(self.stride_h) - 1);
        set(layer::LONG_PHASES_H, self.filter_rows - (taps_h - 1) * self.stride_h);
        set(layer::PHASE_TAPS_H, taps_h);
        set(layer::PIECE_ROWS, k * self.stride_h);
        set(layer::PHASES_W_M1, self.filter_cols.min(self.stride_w) - 1);
        set(layer::LONG_PHASES_W, self.filter_cols - (taps_w - 1) * self.stride_w);
        set(layer::PHASE_TAPS_W, taps_w);
        set(layer::PIECE_COLS, k * self.stride_w);
    }
}
