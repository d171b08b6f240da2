//! What the array has to do in a pass.

use crate::mapper::plan::Plan;
use crate::mapper::tables::{stream, streams};
use hw::arch::FILTER_BUS_WORDS;
use std::collections::HashMap;

/// Rows that a bus's words go to, and in each the PEs that take them.
pub(super) type Targets = Vec<(usize, Vec<usize>)>;

/// The work of a pass: equal for all passes of a section.
#[derive(Clone, Debug)]
pub(super) struct Work {
    /// For each PE, that whose sums it goes on with.
    pub below: Vec<Option<usize>>,
    /// Where the words of each ifmap stream go.
    pub ifmap: Vec<Targets>,
    /// Where the lines of each filter tag go, in the order of the bus.
    pub filter: Vec<Targets>,
    /// For each psum lane, the PE that takes psums from it and that which gives them to it, of each stack.
    pub lanes: Vec<Vec<(usize, usize)>>,
    /// Rows of the array.
    pub rows: usize,
    /// Taps of a window.
    pub taps: usize,
    /// Words by which a window moves.
    pub step: usize,
    pub filters: usize,
    pub channels: usize,
    pub windows: usize,
    pub images: usize,
    // What a PE holds
    pub ifmap_ring: usize,
    pub filter_ring: usize,
    pub psum_queue: usize,
}

impl Work {
    /// The passes of a plan, of these many images and windows.
    pub fn new(plan: &Plan, images: usize, windows: usize) -> Work {
        let (mapping, arch) = (&plan.mapping, &plan.arch);
        let streams = streams(plan);
        let numbers: HashMap<_, _> = streams.iter().enumerate().map(|(i, s)| (*s, i)).collect();
        let tag_rows = mapping.t_rows * mapping.stack();
        let cells: Vec<_> = plan.cells().collect();
        let mut ifmap = vec![Vec::new(); streams.len()];
        let mut filter = vec![Vec::new(); tag_rows * mapping.t_cols];
        for (pe, cell) in cells.iter().enumerate() {
            add(&mut ifmap[numbers[&stream(plan, cell)]], cell.array_row, pe);
            let (y, x) = plan.filter_tag(cell.set, cell.layer, cell.row);
            add(&mut filter[x * tag_rows + y], cell.array_row, pe);
        }
        // A word passes through every row with its tag, also if none of the row's PEs takes it.
        for cell in &cells {
            let same_tag = streams.iter().zip(&mut ifmap).filter(|(stream, _)| stream.layer == cell.layer);
            for (_, targets) in same_tag {
                pass_by(targets, cell.array_row);
            }
            let (y, _) = plan.filter_tag(cell.set, cell.layer, cell.row);
            for x in 0..mapping.t_cols {
                pass_by(&mut filter[x * tag_rows + y], cell.array_row);
            }
        }
        // Cells come stack by stack, each from top to bottom.
        let stack = mapping.stack();
        let below = (0..cells.len()).map(|pe| ((pe + 1) % stack != 0).then_some(pe + 1)).collect();
        let mut lanes = vec![Vec::new(); arch.psum_lanes];
        for (number, at) in plan.stacks().enumerate() {
            lanes[at.col % arch.psum_lanes].push(((number + 1) * stack - 1, number * stack));
        }
        lanes.retain(|lane| !lane.is_empty());
        Work {
            below,
            ifmap,
            filter,
            lanes,
            rows: arch.rows,
            taps: mapping.taps(),
            step: plan.step_cols() * mapping.q,
            filters: mapping.p,
            channels: mapping.q,
            windows,
            images,
            ifmap_ring: arch.ifmap_ring(),
            filter_ring: arch.filter_spad,
            psum_queue: arch.psum_spad,
        }
    }

    /// Ifmap words of a PE and row.
    pub fn row_words(&self) -> usize {
        (self.windows - 1) * self.step + self.taps
    }

    /// Filter words of a PE and pass.
    pub fn filter_words(&self) -> usize {
        self.filters * self.taps
    }

    /// Words of a pass on the ifmap bus.
    pub fn ifmap_words(&self) -> usize {
        self.row_words() * self.ifmap.len() * self.images
    }

    /// The stream of a pass's word number `word` on the ifmap bus.
    pub fn stream(&self, word: usize) -> usize {
        word / self.channels % self.ifmap.len()
    }

    /// Lines of a pass on the filter bus.
    pub fn filter_lines(&self) -> usize {
        self.filter_words().div_ceil(FILTER_BUS_WORDS) * self.filter.len()
    }

    /// Words of a pass's line number `line`.
    pub fn line_words(&self, line: usize) -> usize {
        let before = line / self.filter.len() * FILTER_BUS_WORDS;
        (self.filter_words() - before).min(FILTER_BUS_WORDS)
    }

    /// Psums of a stack and pass.
    pub fn sums(&self) -> usize {
        self.images * self.windows * self.filters
    }
}

fn add(targets: &mut Targets, row: usize, pe: usize) {
    pass_by(targets, row);
    if let Some((_, pes)) = targets.iter_mut().find(|(at, _)| *at == row) {
        pes.push(pe);
    }
}

fn pass_by(targets: &mut Targets, row: usize) {
    if targets.iter().all(|(at, _)| *at != row) {
        targets.push((row, Vec::new()));
    }
}
