//! Which PE does what.

use super::plan::Plan;

/// The part of a PE in a pass: the row `row` of the filters of set `set`, for ofmap row `line` of the strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Row in the array, 0 at the top.
    pub array_row: usize,
    /// Column in the array.
    pub array_col: usize,
    /// Which of the t sets on different filters, 0 to t − 1.
    pub set: usize,
    /// Which of the r sets of a stack.
    pub layer: usize,
    /// Filter row within the set.
    pub row: usize,
    /// Ofmap row within the strip.
    pub line: usize,
}

/// A column of a stack of sets: from the PE at its bottom, which takes psums, to that at its top, which gives them away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stack {
    /// Array row of the top.
    pub top: usize,
    /// Array row of the bottom.
    pub bottom: usize,
    /// Array column.
    pub col: usize,
    /// Which of the t sets.
    pub set: usize,
    /// Ofmap row within the strip.
    pub line: usize,
}

impl Plan {
    /// The stack that makes ofmap row `line` for the filters of set `set`.
    ///
    /// Sets stand side by side first (`t_cols`), then below each other (`t_rows`), set off against those above; within a set, `folds` pieces stand below each other.
    pub(super) fn stack(&self, set: usize, line: usize) -> Stack {
        let mapping = &self.mapping;
        let (down, across) = (set / mapping.t_cols, set % mapping.t_cols);
        let (fold, col) = (line / mapping.set_cols(), line % mapping.set_cols());
        let top = (down * mapping.folds + fold) * mapping.stack();
        let col = super::plan::set_shift(mapping, &self.arch, down) + across * mapping.set_cols() + col;
        Stack { top, bottom: top + mapping.stack() - 1, col, set, line }
    }

    /// All stacks that work on strips of `lines` rows: sets in order, the lines of each in order.
    pub(super) fn stacks(&self, lines: usize) -> impl Iterator<Item = Stack> + '_ {
        (0..self.mapping.t()).flat_map(move |set| (0..lines).map(move |line| self.stack(set, line)))
    }

    /// All PEs that work on strips of `lines` rows.
    pub fn cells(&self, lines: usize) -> impl Iterator<Item = Cell> + '_ {
        let height = self.mapping.filter_rows;
        self.stacks(lines).flat_map(move |stack| {
            (stack.top..=stack.bottom).map(move |array_row| {
                let (layer, row) = ((array_row - stack.top) / height, (array_row - stack.top) % height);
                Cell { array_row, array_col: stack.col, set: stack.set, layer, row, line: stack.line }
            })
        })
    }

    /// The filter tag of a set's filter row, (y, x); folds of a set share it.
    pub(super) fn filter_tag(&self, set: usize, layer: usize, row: usize) -> (usize, usize) {
        let (down, across) = (set / self.mapping.t_cols, set % self.mapping.t_cols);
        (down * self.mapping.stack() + layer * self.mapping.filter_rows + row, across)
    }

    /// What the filter tag (y, x) stands for: set, layer and filter row.
    pub(super) fn filter_of_tag(&self, y: usize, x: usize) -> (usize, usize, usize) {
        let (stack, height) = (self.mapping.stack(), self.mapping.filter_rows);
        (y / stack * self.mapping.t_cols + x, y % stack / height, y % height)
    }

    /// The ifmap row, within the pass's rows, that a PE works on.
    pub(super) fn cell_ifmap_row(&self, cell: &Cell) -> usize {
        cell.line * self.shape.stride_h + cell.row
    }

    /// Which of the groups that are worked on together a set belongs to.
    pub(super) fn set_group(&self, set: usize) -> usize {
        set / self.group_sets()
    }

    /// The first channel, within the tile, that a set works on.
    pub(super) fn first_channel(&self, set: usize, layer: usize) -> usize {
        let group = if self.mapping.groups == 1 { 0 } else { self.set_group(set) * self.shape.c_per_group() };
        group + layer * self.mapping.q
    }
}
