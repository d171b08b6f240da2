//! What a layer and its passes ask for, written as plain loops.

use hw::arch::Arch;
use hw::array::{event, EVENTS};
use hw::matrix::command::{layer, pass};
use hw::program::{flag, Field, COMMAND_WORDS};
use hw::rtl::prelude::*;
use hw::Dataflow;

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
    /// A word of `bits` bits; zero in one of four cases, now and then the lowest.
    pub fn word(&mut self, bits: usize) -> i128 {
        match self.below(16) {
            0..4 => 0,
            4 => -1 << (bits - 1),
            _ => word((self.below(1 << 31) as i128) << 31 ^ self.below(1 << 31) as i128, bits).value(),
        }
    }
}

pub fn word(value: i128, bits: usize) -> Word {
    Word::new(value, bits, true)
}

/// Constants of a layer, as numbers and not less one.
#[derive(Clone, Debug)]
pub struct Layer {
    pub filter_rows: usize,
    pub filter_cols: usize,
    pub stride_h: usize,
    pub stride_w: usize,
    pub images: usize,
    pub rows: usize,
    pub windows: usize,
    /// Filters of a row of PEs, and rows that have filters of their own: 1, if all have the same.
    pub filters: usize,
    pub own_rows: usize,
    pub psum_shift: usize,
    /// Ifmap tile.
    pub height: usize,
    pub width: usize,
    pub image_stride: usize,
    pub group_stride: usize,
}

/// A pass with its data: `ifmap[channel][image][row][column]`, `filter[channel][row][column][filter]`.
#[derive(Clone, Debug)]
pub struct Pass {
    pub base: usize,
    pub x_start: i64,
    pub y_start: i64,
    pub channels: usize,
    pub psum: usize,
    pub flags: u64,
    pub ifmap: Vec<i128>,
    pub filter: Vec<i128>,
}

impl Pass {
    /// The first and only pass of an ofmap tile, all of whose positions lie within the ifmap, into the buffer's first area of psums.
    pub fn alone(arch: &Arch, channels: usize, ifmap: Vec<i128>, filter: Vec<i128>) -> Pass {
        let psum = arch.ifmap_ports() * arch.port_banks() * hw::arch::BANK_LINES;
        let flags = flag::PASS_FIRST | flag::PASS_POST_PSUM_DONE;
        Pass { base: 0, x_start: 0, y_start: 0, channels, psum, flags, ifmap, filter }
    }

    pub fn has(&self, flag: u64) -> bool {
        self.flags & flag != 0
    }
}

/// What happens in a pass.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub events: [usize; EVENTS],
    /// Words that are read, and reads of ports.
    pub reads: usize,
    pub strobes: usize,
    pub words: usize,
    pub lines: usize,
}

impl Layer {
    pub fn positions(&self) -> usize {
        self.images * self.rows * self.windows
    }

    /// Filters of a pass.
    pub fn all_filters(&self) -> usize {
        self.own_rows * self.filters
    }

    pub fn weight_tiles(&self, arch: &Arch, pass: &Pass) -> usize {
        let taps = match arch.conv2d {
            Some(_) => self.pieces(arch).len(),
            None => self.filter_rows * self.filter_cols,
        };
        pass.channels.div_ceil(arch.channels_at_a_time()) * taps
    }

    pub fn filter_at(&self, pass: &Pass, channel: usize, r: usize, s: usize, f: usize) -> i128 {
        pass.filter[((channel * self.filter_rows + r) * self.filter_cols + s) * self.all_filters() + f]
    }

    /// The ifmap word of an ifmap row and column, if it is not in the padding.
    fn ifmap_at(&self, pass: &Pass, channel: usize, image: usize, y: i64, x: i64) -> Option<i128> {
        let inside = (0..self.height as i64).contains(&y) && (0..self.width as i64).contains(&x);
        let at = || ((channel * self.images + image) * self.height + y as usize) * self.width + x as usize;
        inside.then(|| pass.ifmap[at()])
    }

    /// Calls `at` for each use of an ifmap word: channel, filter row and column, position, word.
    pub fn each_use(&self, pass: &Pass, mut at: impl FnMut(usize, usize, usize, usize, Option<i128>)) {
        for channel in 0..pass.channels {
            for (r, s) in (0..self.filter_rows).flat_map(|r| (0..self.filter_cols).map(move |s| (r, s))) {
                for position in 0..self.positions() {
                    let (window, row) = (position % self.windows, position / self.windows % self.rows);
                    let image = position / self.windows / self.rows;
                    let y = pass.y_start + (row * self.stride_h + r) as i64;
                    let x = pass.x_start + (window * self.stride_w + s) as i64;
                    at(channel, r, s, position, self.ifmap_at(pass, channel, image, y, x));
                }
            }
        }
    }

    /// Adds what a pass contributes to `psums[filter][position]`.
    pub fn accumulate(&self, arch: &Arch, pass: &Pass, psums: &mut [Vec<i128>]) {
        self.each_use(pass, |channel, r, s, position, ifmap| {
            for (f, psums) in psums.iter_mut().enumerate() {
                let product = ifmap.unwrap_or(0) * self.filter_at(pass, channel, r, s, f);
                let sum = psums[position] + (product >> self.psum_shift);
                psums[position] = word(sum, arch.psum_width).value();
            }
        });
    }

    pub fn counts(&self, arch: &Arch, pass: &Pass) -> Counts {
        let mut counts = Counts::default();
        if arch.dataflow == Dataflow::Is {
            return self.counts_of_held(arch, pass);
        }
        if arch.is_of_planes() {
            return self.counts_of_planes(arch, pass);
        }
        self.each_use(pass, |_, _, _, _, ifmap| {
            counts.words += 1;
            counts.reads += ifmap.is_some() as usize;
            let gated = arch.zero_gating && ifmap.unwrap_or(0) == 0;
            counts.events[event::GATED] += if gated { self.own_rows * arch.cols } else { 0 };
        });
        counts.events[event::MAC] = counts.words * self.own_rows * arch.cols;
        counts.events[event::IFMAP] = counts.words * self.own_rows * arch.cols;
        if of_rows(arch) {
            counts.reads = self.reads_of_blocks(arch, pass);
        }
        if arch.conv2d.is_some() {
            (counts.words, counts.reads) = self.pixels_taken_and_read(arch, pass);
        }
        let groups = self.filters.div_ceil(4);
        let rows = pass.channels * self.filter_rows * self.filter_cols;
        // Times that a psum is added to its accumulator
        let passes = match arch.dataflow {
            Dataflow::Os => (pass.channels * self.filter_cols).div_ceil(self.chunk(arch)),
            _ => self.weight_tiles(arch, pass),
        };
        let passed = passes * self.positions() * self.own_rows * arch.cols;
        counts.lines = rows * self.own_rows * groups;
        counts.events[event::FILTER] = match arch.dataflow {
            Dataflow::Os => {
                let blocks = self.images * self.rows.div_ceil(arch.ifmap_ports()) * self.windows;
                rows * blocks * self.own_rows * arch.cols
            }
            _ => rows * (4 * groups).min(arch.cols),
        };
        counts.events[event::PSUM] = passed;
        counts.events[event::HOP] = match arch.dataflow {
            Dataflow::Os if !of_rows(arch) => passes * self.positions() * (0..self.own_rows).sum::<usize>() * arch.cols,
            Dataflow::Os => {
                let moves = |first: usize| (0..arch.rows.min(self.rows - first)).sum::<usize>();
                let of_windows = (0..self.rows).step_by(arch.rows).map(moves).sum::<usize>();
                passes * self.images * self.windows * of_windows * arch.cols
            }
            _ => passed * (arch.rows - 1),
        };
        counts.strobes = counts.reads;
        counts
    }

    /// Pairs of a channel and a filter column of a chunk, in an output-stationary array.
    fn chunk(&self, arch: &Arch) -> usize {
        1 + (self.positions() + self.filters) % (arch.weight_steps() / self.filter_rows)
    }

    /// Words that are read in an output-stationary array: for each block of ofmap rows each row of the ifmap once, if it has a word there.
    fn reads_of_blocks(&self, arch: &Arch, pass: &Pass) -> usize {
        let (width, height) = (self.width as i64, self.height as i64);
        let cols = (0..self.windows)
            .flat_map(|window| (0..self.filter_cols).map(move |s| pass.x_start + (window * self.stride_w + s) as i64));
        let cols = cols.filter(|x| (0..width).contains(x)).count();
        let mut rows = 0;
        for block in 0..self.rows.div_ceil(arch.rows) {
            let first = pass.y_start + (block * arch.rows * self.stride_h) as i64;
            let mut wanted: Vec<i64> = (0..arch.rows)
                .flat_map(|row| (0..self.filter_rows).map(move |r| (row, r)))
                .filter(|(row, r)| *r < self.stride_h || row + 1 == arch.rows)
                .map(|(row, r)| first + (row * self.stride_h + r) as i64)
                .filter(|y| (0..height).contains(y))
                .collect();
            wanted.sort();
            assert!(wanted.windows(2).all(|pair| pair[0] < pair[1]), "a row is read once");
            rows += wanted.len();
        }
        cols * rows * pass.channels * self.images
    }

    /// Words of a block of ifmap rows in a port.
    fn block_words(&self) -> usize {
        self.stride_h * self.width
    }

    /// Blocks of ifmap rows of a tile, whatever padding is above it.
    fn ifmap_blocks(&self, arch: &Arch) -> usize {
        (self.height + MOST_PADDING).div_ceil(self.stride_h).max(self.rows + self.filter_rows).div_ceil(arch.rows)
    }

    /// The lines of weights in the order in which the array wants them; what belongs to no filter is noise.
    pub fn lines(&self, arch: &Arch, pass: &Pass, random: &mut Random) -> Vec<[i128; 4]> {
        let mut lines = vec![];
        if arch.is_of_planes() {
            return self.lines_of_planes(arch, pass, random);
        }
        if matches!(arch.dataflow, Dataflow::Os | Dataflow::Is) {
            for (channel, s) in (0..pass.channels).flat_map(|c| (0..self.filter_cols).map(move |s| (c, s))) {
                for (r, row) in (0..self.filter_rows).flat_map(|r| (0..self.own_rows).map(move |row| (r, row))) {
                    for first in (0..self.filters).step_by(4) {
                        lines.push([0, 1, 2, 3].map(|i| match first + i < self.filters {
                            true => self.filter_at(pass, channel, r, s, row * self.filters + first + i),
                            false => random.word(arch.width),
                        }));
                    }
                }
            }
            return lines;
        }
        let at_a_time = arch.channels_at_a_time();
        let mut taps: Vec<_> = (0..self.filter_rows).flat_map(|r| (0..self.filter_cols).map(move |s| (r, s))).collect();
        if arch.conv2d.is_some() {
            taps = self.taps_of_pieces(arch);
        }
        for group in 0..pass.channels.div_ceil(at_a_time) {
            for &(r, s) in &taps {
                for channel in group * at_a_time..((group + 1) * at_a_time).min(pass.channels) {
                    for first in (0..self.filters).step_by(4) {
                        lines.push([0, 1, 2, 3].map(|i| match first + i < self.filters {
                            true => self.filter_at(pass, channel, r, s, first + i),
                            false => random.word(arch.width),
                        }));
                    }
                }
            }
        }
        lines
    }

    /// Port and port word of each ifmap word of a pass, with the word.
    pub fn tile(&self, arch: &Arch, pass: &Pass) -> Vec<(usize, usize, i128)> {
        let area = self.height * self.width;
        let place = |i: usize| {
            let (channel, image) = (i / area / self.images, i / area % self.images);
            if of_rows(arch) {
                let (row, col) = ((i % area / self.width) as i64 - pass.y_start, i % self.width);
                let first = if arch.dataflow == Dataflow::Is { self.held(arch, pass).first_row } else { 0 };
                let group = row.div_euclid(self.stride_h as i64) - first as i64;
                let (port, block) = (group.rem_euclid(arch.rows as i64), group.div_euclid(arch.rows as i64));
                let phase = row.rem_euclid(self.stride_h as i64) as usize;
                let at = pass.base + channel * self.group_stride + image * self.image_stride + phase * self.width + col;
                return (port as usize, (at as i64 + block * self.block_words() as i64) as usize, pass.ifmap[i]);
            }
            let group = channel / arch.ifmap_ports();
            let at = pass.base + group * self.group_stride + image * self.image_stride + i % area;
            (channel % arch.ifmap_ports(), at, pass.ifmap[i])
        };
        // What lies above the first tap is of no use where rows of the array are rows of a feature map.
        let first = if of_rows(arch) { pass.y_start } else { 0 };
        (0..pass.ifmap.len()).filter(|i| (i % area / self.width) as i64 >= first).map(place).collect()
    }

    pub fn command(&self, arch: &Arch) -> [u64; COMMAND_WORDS] {
        let mut command = [0; COMMAND_WORDS];
        let mut set = |field: Field, value: usize| field.set(&mut command, value as u64);
        set(layer::FILTER_ROWS_M1, self.filter_rows - 1);
        set(layer::FILTER_COLS_M1, self.filter_cols - 1);
        set(layer::STRIDE_H, self.stride_h);
        set(layer::STRIDE_W, self.stride_w);
        set(layer::WINDOWS_M1, self.windows - 1);
        set(layer::IMAGES_M1, self.images - 1);
        set(layer::PSUM_SHIFT, self.psum_shift);
        match arch.dataflow {
            Dataflow::Os => {
                let last_rows = if of_rows(arch) { (self.rows - 1) % arch.rows + 1 } else { self.own_rows };
                set(layer::ROWS_M1, self.rows.div_ceil(arch.ifmap_ports()) - 1);
                set(layer::CHUNK_M1, self.chunk(arch) - 1);
                set(layer::LAST_ROWS, last_rows);
                set(layer::BLOCK_STEP, self.stride_h * arch.ifmap_ports());
            }
            Dataflow::Is => {
                set(layer::ROWS_M1, self.rows - 1);
                set(layer::FILTER_COLS_M1, 0);
                set(layer::IMAGE_PLACES, self.rows.div_ceil(arch.rows) * self.windows);
                set(layer::TAP_STEP, self.filter_rows * self.stride_w);
                set(layer::BLOCK_STEP, self.stride_h * arch.rows);
            }
            _ => set(layer::ROWS_M1, self.rows - 1),
        }
        set(layer::FILTERS, self.filters);
        set(layer::ROW_WIDTH, self.width);
        set(layer::GROUP_STRIDE, self.group_stride);
        set(layer::IMAGE_STRIDE, self.image_stride);
        set(layer::ROW_STEP, self.stride_h * self.width);
        set(layer::PSUM_FILTER_STRIDE, self.positions());
        if arch.conv2d.is_some() {
            self.fields_of_pieces(arch, &mut command);
        }
        if arch.is_of_planes() {
            self.fields_of_planes(arch, &mut command);
        }
        command
    }

    pub fn pass_command(&self, arch: &Arch, pass: &Pass) -> [u64; COMMAND_WORDS] {
        let mut command = [0; COMMAND_WORDS];
        // In an output-stationary array the first row of a tile is where the first tap meets it, in the padding or not.
        let above = if of_rows(arch) { 0 } else { pass.y_start * self.width as i64 };
        let tile = pass.base as i64 + above + pass.x_start;
        pass::TILE.set(&mut command, tile as u64);
        pass::X_START.set(&mut command, pass.x_start as u64);
        pass::C_VALID.set(&mut command, pass.channels as u64);
        pass::Y_START.set(&mut command, pass.y_start as u64);
        pass::ROWS.set(&mut command, self.height as u64);
        pass::PSUM.set(&mut command, pass.psum as u64);
        if arch.dataflow == Dataflow::Is {
            self.held_fields(arch, pass, &mut command);
        }
        if arch.is_of_planes() {
            let words = pass.channels * self.filter_rows * self.filter_cols;
            pass::WEIGHT_LINES.set(&mut command, words.div_ceil(4) as u64);
        }
        command
    }
}

/// Whether rows of the array are rows of a feature map.
fn of_rows(arch: &Arch) -> bool {
    (arch.dataflow == Dataflow::Os && !arch.is_of_pixels()) || arch.dataflow == Dataflow::Is
}

/// Rows of padding above a tile, at the most.
const MOST_PADDING: usize = 2;

/// A layer and passes at random: ofmap tiles of one to three passes each, on one or two areas of the psum banks in turn.
pub fn random_work(arch: &Arch, tiles: usize, random: &mut Random) -> (Layer, Vec<Pass>) {
    let (height, width) = (1 + random.below(6), 1 + random.below(6));
    // Planes have tiles of several positions in each direction, and filters of several phases and taps.
    let (height, width) =
        if arch.is_of_planes() { (1 + random.below(9), 1 + random.below(24)) } else { (height, width) };
    let most = if arch.is_of_planes() { 20 } else { 6 };
    let (mut images, mut rows, mut windows) = (1 + random.below(2), 1 + random.below(5), 1 + random.below(most));
    let own_rows = if arch.is_of_pixels() { 1 + random.below(arch.rows) } else { 1 };
    let fits = |images: usize, rows: usize, windows: usize| match arch.dataflow {
        Dataflow::Is => images * rows.div_ceil(arch.rows) * windows <= arch.bank_places(),
        _ if arch.is_of_planes() => {
            images * rows.next_multiple_of(arch.rows) * windows.div_ceil(arch.cols) <= arch.accumulators
        }
        _ => own_rows * images * rows * windows <= arch.accumulators,
    };
    while !fits(images, rows, windows) {
        (images, rows, windows) = (1, rows.div_ceil(2), windows.div_ceil(2));
    }
    let image_stride = height * width + random.below(3);
    let mut layer = Layer {
        filter_rows: 1 + random.below(3),
        filter_cols: 1 + random.below(3),
        stride_h: 1 + random.below(3),
        stride_w: 1 + random.below(3),
        images,
        rows,
        windows,
        filters: 1 + random.below(arch.pass_filters().min(arch.cols)),
        own_rows,
        psum_shift: [0, random.below(2 * arch.width)][random.below(2)],
        height,
        width,
        image_stride,
        group_stride: images * image_stride + random.below(3),
    };
    if arch.conv2d.is_some() {
        (layer.filter_rows, layer.filter_cols) = (1 + random.below(8), 1 + random.below(8));
        (layer.stride_h, layer.stride_w) = (1 + random.below(4), 1 + random.below(4));
    }
    if arch.is_of_planes() {
        layer.draw_filter_of_planes(random);
    }
    if of_rows(arch) {
        layer.filter_rows = layer.filter_rows.min(arch.weight_steps());
        layer.image_stride = layer.ifmap_blocks(arch) * layer.block_words() + random.below(3);
        layer.group_stride = images * layer.image_stride + random.below(3);
    }
    let area = own_rows * arch.lane_cols() * layer.positions();
    let first_line = arch.ifmap_ports() * arch.port_banks() * hw::arch::BANK_LINES;
    let areas = 1 + random.below(2);
    // Where channels share a port, few of them fit.
    let most_channels = if arch.channels_at_a_time() == 1 { 3 } else { 2 * arch.channels_at_a_time() + 1 };
    let mut passes = vec![];
    let mut base = random.below(4);
    for tile in 0..tiles {
        let count = 1 + random.below(3);
        for number in 0..count {
            let channels = 1 + random.below(most_channels);
            let mut flags = random.below(4) as u64; // wait for the ifmap, post that it is free
            flags |= if number == 0 { flag::PASS_FIRST } else { 0 };
            if number + 1 == count {
                flags |= flag::PASS_POST_PSUM_DONE;
                flags |= if tile >= areas { flag::PASS_WAIT_PSUM_FREE } else { 0 };
            }
            passes.push(Pass {
                base,
                x_start: random.below(4) as i64 - 2,
                y_start: random.below(4) as i64 - MOST_PADDING as i64,
                channels,
                psum: first_line + tile % areas * area,
                flags,
                ifmap: (0..channels * images * height * width).map(|_| random.word(arch.width)).collect(),
                filter: (0..channels * layer.filter_rows * layer.filter_cols * layer.all_filters())
                    .map(|_| random.word(arch.width))
                    .collect(),
            });
            base += match arch.dataflow {
                Dataflow::Os | Dataflow::Is => channels * layer.group_stride,
                _ => channels.div_ceil(arch.channels_at_a_time()) * layer.group_stride,
            };
        }
    }
    if arch.is_of_planes() && base > arch.port_words() {
        return random_work(arch, tiles.max(2) - 1, random);
    }
    assert!(base <= arch.port_words(), "the ifmaps do not fit: {base}");
    (layer, passes)
}
