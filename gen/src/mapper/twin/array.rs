//! The array: PEs, multicast networks, psum lanes.

use super::pe::{Pe, Sizes};
use hw::Arch;

/// Words of a row buffer.
const ROW_BUFFER: usize = 2;

/// A row's buffer between a Y-bus and an X-bus: tags.
#[derive(Clone, Default)]
struct RowBuffer<T> {
    words: [T; ROW_BUFFER],
    count: usize,
}

impl<T: Copy> RowBuffer<T> {
    fn has_room(&self) -> bool {
        self.count < ROW_BUFFER
    }

    fn head(&self) -> Option<T> {
        (self.count > 0).then_some(self.words[0])
    }

    fn pop(&mut self) {
        self.words[0] = self.words[1];
        self.count -= 1;
    }

    fn put(&mut self, word: T) {
        self.words[self.count] = word;
        self.count += 1;
    }
}

/// A line on the filter bus: its tag, its words, and whether it is its pass's last.
#[derive(Clone, Copy, Default)]
pub(super) struct Line {
    pub y: usize,
    pub x: usize,
    pub words: u32,
    pub is_last: bool,
}

/// A multicast network: the rows of each row tag; in each row the PEs of each column tag.
#[derive(Default)]
struct Network {
    rows: Vec<Vec<usize>>,
    pes: Vec<Vec<Vec<usize>>>,
}

impl Network {
    fn rows_of(&self, y: usize) -> &[usize] {
        self.rows.get(y).map_or(&[], |rows| rows)
    }

    fn pes_of(&self, row: usize, x: usize) -> &[usize] {
        self.pes[row].get(x).map_or(&[], |pes| pes)
    }

    fn listen(&mut self, row: usize, x: usize, pe: usize) {
        let tags = &mut self.pes[row];
        if tags.len() <= x {
            tags.resize(x + 1, Vec::new());
        }
        tags[x].push(pe);
    }

    fn row(&mut self, y: usize, row: usize) {
        if self.rows.len() <= y {
            self.rows.resize(y + 1, Vec::new());
        }
        self.rows[y].push(row);
    }
}

pub(super) struct Array {
    rows: usize,
    cols: usize,
    tag_y_bits: usize,
    ifmap_x_bits: usize,
    pub sizes: Sizes,
    /// Words of the configuration chain, as they come.
    chain: Vec<u64>,
    /// PEs that are enabled, and the number of each place's.
    pes: Vec<Pe>,
    numbers: Vec<Option<usize>>,
    /// PEs whose sums go to the PE above, and that PE.
    hops: Vec<(usize, usize)>,
    ifmap: Network,
    filter: Network,
    ifmap_rows: Vec<RowBuffer<usize>>,
    filter_rows: Vec<RowBuffer<Line>>,
    // What moves in a cycle: rows' first words; what PEs take
    moving: Vec<usize>,
    ifmap_puts: Vec<usize>,
    line_puts: Vec<(usize, u32)>,
    psum_puts: Vec<usize>,
}

impl Array {
    pub fn new(arch: &Arch) -> Array {
        Array {
            rows: arch.rows,
            cols: arch.cols,
            tag_y_bits: arch.tag_y_bits(),
            ifmap_x_bits: arch.ifmap_x_bits(),
            sizes: Sizes {
                ifmap_ring: arch.ifmap_ring() as u32,
                filter_ring: arch.filter_spad as u32,
                psum_queue: arch.psum_spad as u32,
                ..Sizes::default()
            },
            chain: Vec::new(),
            pes: Vec::new(),
            numbers: Vec::new(),
            hops: Vec::new(),
            ifmap: Network::default(),
            filter: Network::default(),
            ifmap_rows: vec![RowBuffer::default(); arch.rows],
            filter_rows: vec![RowBuffer::default(); arch.rows],
            moving: Vec::new(),
            ifmap_puts: Vec::new(),
            line_puts: Vec::new(),
            psum_puts: Vec::new(),
        }
    }

    /// A word of the configuration chain, number `index` of as many as there are.
    pub fn configure(&mut self, index: usize, word: u64) {
        if index == 0 {
            self.chain.clear();
        }
        self.chain.push(word);
        if self.chain.len() == self.rows * (self.cols + 1) {
            self.connect();
        }
    }

    /// The networks and columns as the chain says. The chain has the last row first; in it the last column first, then the row's own word.
    fn connect(&mut self) {
        let field = |word: u64, low: usize, bits: usize| (word >> low) as usize & ((1 << bits) - 1);
        self.pes.clear();
        self.hops.clear();
        self.numbers = vec![None; self.rows * self.cols];
        let network = || Network { rows: Vec::new(), pes: vec![Vec::new(); self.rows] };
        (self.ifmap, self.filter) = (network(), network());
        let chain = std::mem::take(&mut self.chain);
        let mut above: Vec<(usize, bool)> = vec![(0, true); self.cols];
        for row in 0..self.rows {
            let words = &chain[(self.rows - 1 - row) * (self.cols + 1)..][..=self.cols];
            self.ifmap.row(field(words[self.cols], 0, self.tag_y_bits), row);
            self.filter.row(field(words[self.cols], self.tag_y_bits, self.tag_y_bits), row);
            for col in 0..self.cols {
                let word = words[self.cols - 1 - col];
                let (enabled, from_lane, to_lane) = (word & 1 != 0, word & 2 != 0, word & 4 != 0);
                let (above, no_way_up) = std::mem::replace(&mut above[col], (self.pes.len(), from_lane || !enabled));
                if !enabled {
                    continue;
                }
                let pe = self.pes.len();
                self.pes.push(Pe::default());
                self.numbers[row * self.cols + col] = Some(pe);
                self.ifmap.listen(row, field(word, 3, self.ifmap_x_bits), pe);
                self.filter.listen(row, (word >> (3 + self.ifmap_x_bits)) as usize, pe);
                if !to_lane && !no_way_up {
                    self.hops.push((pe, above));
                }
            }
        }
    }

    /// The number of the PE at a place.
    pub fn pe(&self, row: usize, col: usize) -> Option<usize> {
        self.numbers[row * self.cols + col]
    }

    /// Whether a psum can be given to a PE; it is, with [`Array::feed`].
    pub fn takes_psum(&self, pe: usize) -> bool {
        self.pes[pe].psum_ready(&self.sizes)
    }

    pub fn feed(&mut self, pe: usize) {
        self.psum_puts.push(pe);
    }

    /// Takes the sum that a PE offers, if it does.
    pub fn collect(&mut self, pe: usize) -> bool {
        let offered = self.pes[pe].has_sum();
        self.pes[pe].sum_taken = offered;
        offered
    }

    /// Whether a word of the ifmap bus can move.
    pub fn takes_ifmap(&self, y: usize) -> bool {
        self.ifmap.rows_of(y).iter().all(|row| self.ifmap_rows[*row].has_room())
    }

    /// Whether a line of the filter bus can move.
    pub fn takes_line(&self, y: usize) -> bool {
        self.filter.rows_of(y).iter().all(|row| self.filter_rows[*row].has_room())
    }

    /// A cycle, in which a word of this tag moves on the ifmap bus and this line on the filter bus.
    pub fn step(&mut self, ifmap: Option<(usize, usize)>, line: Option<Line>) {
        self.ifmap_buses(ifmap);
        self.filter_buses(line);
        for &(below, above) in &self.hops {
            if self.pes[below].has_sum() && self.pes[above].psum_ready(&self.sizes) {
                self.pes[below].sum_taken = true;
                self.psum_puts.push(above);
            }
        }
        for pe in &mut self.pes {
            pe.step(&self.sizes);
        }
        for pe in self.ifmap_puts.drain(..) {
            self.pes[pe].put_ifmap();
        }
        for (pe, words) in self.line_puts.drain(..) {
            self.pes[pe].put_line(words);
        }
        for pe in self.psum_puts.drain(..) {
            self.pes[pe].put_psum();
        }
    }

    fn ifmap_buses(&mut self, word: Option<(usize, usize)>) {
        self.moving.clear();
        for (row, buffer) in self.ifmap_rows.iter().enumerate() {
            let Some(x) = buffer.head() else { continue };
            let targets = self.ifmap.pes_of(row, x);
            if targets.iter().all(|pe| self.pes[*pe].ifmap_ready(&self.sizes)) {
                self.moving.push(row);
                self.ifmap_puts.extend(targets);
            }
        }
        for row in &self.moving {
            self.ifmap_rows[*row].pop();
        }
        if let Some((y, x)) = word {
            for row in self.ifmap.rows_of(y) {
                self.ifmap_rows[*row].put(x);
            }
        }
    }

    fn filter_buses(&mut self, line: Option<Line>) {
        self.moving.clear();
        for (row, buffer) in self.filter_rows.iter().enumerate() {
            let Some(line) = buffer.head() else { continue };
            let targets = self.filter.pes_of(row, line.x);
            if targets.iter().all(|pe| self.pes[*pe].line_ready(&self.sizes)) {
                self.moving.push(row);
                self.line_puts.extend(targets.iter().map(|pe| (*pe, line.words)));
            }
        }
        for row in &self.moving {
            self.filter_rows[*row].pop();
        }
        if let Some(line) = line {
            for row in self.filter.rows_of(line.y) {
                self.filter_rows[*row].put(line);
            }
        }
    }
}
