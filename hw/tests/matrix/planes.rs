//! What passes of an array of one ofmap plane ask for, written as plain loops.

use crate::model::*;
use hw::arch::{Arch, GATHERED_STRIDES};
use hw::array::event;
use hw::matrix::command::layer;
use hw::os::{PASSED_HEADS, PASSED_TAILS};
use hw::program::COMMAND_WORDS;

impl Layer {
    /// Positions of a row of windows: one for as many as there are columns.
    fn groups(&self, arch: &Arch) -> usize {
        self.windows.div_ceil(arch.cols)
    }

    /// Reads that bring each PE of a row a word.
    pub fn fetches(&self, arch: &Arch) -> usize {
        arch.cols.div_ceil(self.gathered(arch))
    }

    /// PEs that take a word of a read, with words a stride apart among those that are read at once.
    fn gathered(&self, arch: &Arch) -> usize {
        match self.stride_w <= GATHERED_STRIDES {
            true => (0..arch.port_lanes()).step_by(self.stride_w).count().min(arch.cols),
            false => 1,
        }
    }

    /// Filter columns of each phase.
    pub fn phases(&self) -> Vec<Vec<usize>> {
        let phase = |first: usize| (first..self.filter_cols).step_by(self.stride_w).collect();
        (0..self.stride_w.min(self.filter_cols)).map(phase).collect()
    }

    /// Channels of a chunk.
    pub fn chunk_of_channels(&self, arch: &Arch) -> usize {
        1 + (self.positions() + self.height) % (arch.weight_steps() / self.filter_rows / self.filter_cols)
    }

    /// A filter and strides that rows can pass up.
    pub fn draw_filter_of_planes(&mut self, random: &mut Random) {
        loop {
            (self.filter_rows, self.filter_cols) = (1 + random.below(5), 1 + random.below(8));
            (self.stride_h, self.stride_w) = (1 + random.below(6), 1 + random.below(6));
            if random.eighths(4) {
                // Rows pass up tails of long and of short phases
                (self.stride_h, self.stride_w) = (1 + random.below(2), 1 + random.below(3));
            }
            let tails = self.stride_h * (self.phases()[0].len() - 1);
            if self.filter_rows <= self.stride_h || (self.stride_h <= PASSED_HEADS && tails <= PASSED_TAILS) {
                return;
            }
        }
    }

    pub fn counts_of_planes(&self, arch: &Arch, pass: &Pass) -> Counts {
        let mut counts = Counts::default();
        self.each_use(pass, |_, _, _, _, ifmap| {
            counts.events[event::MAC] += 1;
            let gated = arch.zero_gating && ifmap.unwrap_or(0) == 0;
            counts.events[event::GATED] += gated as usize;
        });
        counts.events[event::IFMAP] = counts.events[event::MAC];
        let taps = self.filter_rows * self.filter_cols;
        let (cols, groups) = (arch.cols, self.groups(arch));
        let chunks = pass.channels.div_ceil(self.chunk_of_channels(arch));
        for block in (0..self.rows).step_by(arch.rows) {
            let rows = arch.rows.min(self.rows - block);
            for group in 0..groups {
                let windows = cols.min(self.windows - group * cols);
                for phase in self.phases() {
                    // A head for each PE with a window, then a tail for each row
                    counts.words += rows * (windows + phase.len() - 1) * self.filter_rows;
                    let x = pass.x_start + (group * cols * self.stride_w + phase[0]) as i64;
                    let inside =
                        |column: usize| (0..self.width as i64).contains(&(x + (column * self.stride_w) as i64));
                    let words = (0..cols + phase.len() - 1).filter(|column| inside(*column)).count();
                    for r in 0..self.filter_rows {
                        let reads = |row: &usize| {
                            let y = pass.y_start + ((block + row) * self.stride_h + r) as i64;
                            (r < self.stride_h || *row + 1 == arch.rows) && (0..self.height as i64).contains(&y)
                        };
                        let reading = (0..arch.rows).filter(reads).count();
                        counts.reads += reading * words;
                        counts.strobes += reading * (self.fetches(arch) + phase.len() - 1);
                    }
                }
                counts.events[event::FILTER] += taps * cols;
                counts.events[event::PSUM] += rows * cols * chunks;
                counts.events[event::HOP] += (0..rows).sum::<usize>() * cols * chunks;
            }
        }
        let planes = self.images * pass.channels;
        counts.words *= planes;
        counts.reads *= planes;
        counts.strobes *= planes;
        counts.events[event::FILTER] *= planes;
        counts.events[event::PSUM] *= self.images;
        counts.events[event::HOP] *= self.images;
        counts.lines = (pass.channels * taps).div_ceil(4);
        counts
    }

    /// The weights of a pass in the order of its steps, four a line; what is behind the last is noise.
    pub fn lines_of_planes(&self, arch: &Arch, pass: &Pass, random: &mut Random) -> Vec<[i128; 4]> {
        let mut words = vec![];
        for channel in 0..pass.channels {
            for phase in self.phases() {
                for r in 0..self.filter_rows {
                    words.extend(phase.iter().map(|s| self.filter_at(pass, channel, r, *s, 0)));
                }
            }
        }
        words
            .chunks(4)
            .map(|line| [0, 1, 2, 3].map(|i| line.get(i).copied().unwrap_or_else(|| random.word(arch.width))))
            .collect()
    }

    pub fn fields_of_planes(&self, arch: &Arch, command: &mut [u64; COMMAND_WORDS]) {
        let (v, phases) = (self.stride_w, self.phases());
        let longest = phases[0].len();
        let tails = if self.filter_rows > self.stride_h { self.stride_h * (longest - 1) } else { 0 };
        layer::WINDOWS_M1.set(command, self.groups(arch) as u64 - 1);
        layer::CHUNK_M1.set(command, self.chunk_of_channels(arch) as u64 - 1);
        layer::TAILS.set(command, tails as u64);
        layer::FETCH_STEP.set(command, (v * self.gathered(arch)) as u64);
        layer::LAST_COLS.set(command, ((self.windows - 1) % arch.cols + 1) as u64);
        layer::WINDOW_STEP.set(command, (v * arch.cols) as u64);
        layer::PHASES_W_M1.set(command, phases.len() as u64 - 1);
        layer::LONG_PHASES_W.set(command, phases.iter().filter(|phase| phase.len() == longest).count() as u64);
        layer::PHASE_TAPS_W.set(command, longest as u64);
        layer::FETCHES_M1.set(command, self.fetches(arch) as u64 - 1);
    }
}
