//! What a pass asks of an input-stationary array, found by looking at every row and column.

use crate::model::*;
use hw::arch::Arch;
use hw::array::{event, EVENTS};
use hw::matrix::command::pass;
use hw::program::{Field, COMMAND_WORDS};

/// What of the ifmap an input-stationary array holds in a pass: rows and columns, counted from the first tap on.
pub struct Held {
    /// There is something.
    pub is_met: bool,
    pub rows: Vec<usize>,
    pub columns: Vec<usize>,
    /// Groups of rows above the first one that is held.
    pub first_row: usize,
    pub blocks_m1: usize,
}

impl Layer {
    /// What happens in a pass of an input-stationary array.
    pub fn counts_of_held(&self, arch: &Arch, pass: &Pass) -> Counts {
        let (mut macs, mut gated) = (0, 0);
        self.each_use(pass, |_, _, _, _, ifmap| {
            macs += ifmap.is_some() as usize;
            gated += (arch.zero_gating && ifmap == Some(0)) as usize;
        });
        let held = self.held(arch, pass);
        let words = if held.is_met { pass.channels * self.images * held.rows.len() * held.columns.len() } else { 0 };
        let taps = held.columns.iter().map(|x| self.windows_of(*x).len()).sum::<usize>() * self.filter_rows;
        let steps = pass.channels * self.images * (held.blocks_m1 + 1) * taps;
        let mut events = [0; EVENTS];
        for (event, count) in [
            (event::MAC, macs),
            (event::GATED, gated),
            (event::IFMAP, words),
            (event::FILTER, steps),
            (event::PSUM, macs),
            (event::HOP, macs),
        ] {
            events[event] = count * arch.cols;
        }
        let lines = pass.channels * self.filter_rows * self.filter_cols * self.filters.div_ceil(4);
        Counts { events, reads: words, strobes: words, words, lines }
    }

    /// Windows that meet the column `x`, counted from the first window's first tap on.
    fn windows_of(&self, x: usize) -> Vec<usize> {
        let meets = |window: &usize| (0..self.filter_cols).any(|s| window * self.stride_w + s == x);
        (0..self.windows).filter(meets).collect()
    }

    /// What of the ifmap an input-stationary array holds in a pass.
    pub fn held(&self, arch: &Arch, pass: &Pass) -> Held {
        let (u, v) = (self.stride_h, self.stride_w);
        let is_met = |first: i64, length: usize, at: usize| (0..length as i64).contains(&(first + at as i64));
        let rows: Vec<usize> = (0..(self.rows - 1) * u + self.filter_rows)
            .filter(|y| is_met(pass.y_start, self.height, *y) && y % u < self.filter_rows)
            .collect();
        let columns: Vec<usize> = (0..(self.windows - 1) * v + self.filter_cols)
            .filter(|x| is_met(pass.x_start, self.width, *x) && !self.windows_of(*x).is_empty())
            .collect();
        if rows.is_empty() || columns.is_empty() {
            return Held { is_met: false, rows: vec![], columns: vec![0], first_row: 0, blocks_m1: 0 };
        }
        // The group of the tile's first row, which may have no tap that reaches it
        let first_row = (-pass.y_start).max(0) as usize / u;
        let blocks_m1 = (rows[rows.len() - 1] / u - first_row) / arch.rows;
        Held { is_met: true, rows, columns, first_row, blocks_m1 }
    }

    /// The fields of a pass that an input-stationary array alone has, and those that mean something else there.
    pub fn held_fields(&self, arch: &Arch, pass: &Pass, command: &mut [u64; COMMAND_WORDS]) {
        let held = self.held(arch, pass);
        let (x, first) = (held.columns[0], held.first_row);
        let phase = x % self.stride_w;
        let window = self.windows_of(x).into_iter().max().unwrap();
        let base = x - phase - window * self.stride_w;
        let y = pass.y_start + (first * self.stride_h) as i64;
        let tile = pass.base as i64 + if held.is_met { pass.x_start + (x - phase) as i64 } else { 0 };
        let end = pass.y_start + ((self.rows - 1) * self.stride_h + self.filter_rows) as i64;
        let height = if held.is_met { end.min(self.height as i64) } else { 0 };
        pass::TILE.set(command, tile as u64);
        pass::Y_START.set(command, y as u64);
        pass::ROWS.set(command, height as u64);
        let mut set = |field: Field, value: usize| field.set(command, value as u64);
        set(pass::FIRST_TAP, self.filter_rows * (base + phase));
        set(pass::FILTER_COLS, self.filter_cols);
        set(pass::TAPS, self.filter_rows * self.filter_cols);
        set(pass::COLUMNS_M1, held.columns.len() - 1);
        set(pass::PAIRS, pass.channels * self.filter_cols);
        set(pass::PHASE, phase);
        set(pass::BASE, base);
        set(pass::BASE_TAP, self.filter_rows * base);
        set(pass::WINDOW, window);
        set(pass::FIRST_ROW, first);
        set(pass::ROTATION, (arch.rows - first % arch.rows) % arch.rows);
        set(pass::FIRST_PLACE, first.div_ceil(arch.rows) * self.windows);
        set(pass::BLOCKS_M1, held.blocks_m1);
    }
}
