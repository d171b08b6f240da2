use super::plane_row::TAKE;
use crate::matrix::{levels, MatrixTree, COORDINATE_BITS};
use crate::rtl::prelude::*;
use crate::Arch;

/// Which columns of an array of one ofmap plane have words within the ifmap tile, and how many words are taken from ports.
///
/// Latencies, of a step whose `column` (that of column 0's word, in a tail that of the word itself) comes in cycle c: `inside` in c + 4. With the `step`, `head` and `valid` rows that read in that cycle, `taken` in
/// c + 5 + the levels of a tree of rows or columns, the more of them: a word for each of these rows and columns, in a tail for each row.
#[derive(LogicBlock)]
pub struct OsPlaneReads {
    pub clock: Wire<In, Clk>,
    pub stride_w: Wire<In>,
    pub width: Wire<In>,
    pub column: Wire<In>,
    /// By column of the array.
    pub inside: Vec<Wire<Out>>,
    pub step: Wire<In>,
    pub head: Wire<In>,
    /// By row.
    pub valid: Vec<Wire<In>>,
    pub taken: Wire<Out>,
    column_1: Reg,
    /// Ifmap columns from the first column of the array to each.
    across: Vec<Reg>,
    inside_2: Vec<Reg>,
    inside_3: Vec<Reg>,
    inside_4: Vec<Reg>,
    x: Vec<Wire<Local>>,
    row_tree: MatrixTree,
    col_tree: MatrixTree,
    product: Reg,
    rows: Const,
    cols: Const,
    terms: Const,
}

impl OsPlaneReads {
    /// For this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (rows, cols) = (arch.rows, arch.cols);
        let terms = rows.max(cols);
        let bits = || (0..cols).map(|_| Reg::bit()).collect::<Vec<_>>();
        OsPlaneReads {
            clock: Default::default(),
            stride_w: Wire::unsigned(16),
            width: Wire::unsigned(16),
            column: Wire::signed(COORDINATE_BITS),
            inside: (0..cols).map(|_| Wire::bit()).collect(),
            step: Wire::bit(),
            head: Wire::bit(),
            valid: (0..rows).map(|_| Wire::bit()).collect(),
            taken: Wire::unsigned(arch.ifmap_word_bits()),
            column_1: Reg::signed(COORDINATE_BITS),
            across: (0..cols).map(|_| Reg::signed(COORDINATE_BITS)).collect(),
            inside_2: bits(),
            inside_3: bits(),
            inside_4: bits(),
            x: (0..cols).map(|_| Wire::signed(COORDINATE_BITS)).collect(),
            row_tree: MatrixTree::of_counts(terms, count_bits(terms)),
            col_tree: MatrixTree::of_counts(terms, count_bits(terms)),
            product: Reg::unsigned(arch.ifmap_word_bits()),
            rows: Const::new(rows),
            cols: Const::new(cols),
            terms: Const::new(terms),
        }
    }

    /// Cycles from a step to the count of the words that it takes.
    pub(super) fn latency(arch: &Arch) -> usize {
        TAKE + 1 + levels(arch.rows.max(arch.cols))
    }
}

impl Logic for OsPlaneReads {
    describe!("os_plane_reads", "Columns whose words lie within the ifmap tile, and words that are taken from ports.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, column_1, product);
        self.column_1.d.next = self.column.val();
        for j in 0..self.cols.index() {
            self.across[j].clock.next = self.clock.val();
            self.inside_2[j].clock.next = self.clock.val();
            self.inside_3[j].clock.next = self.clock.val();
            self.inside_4[j].clock.next = self.clock.val();
            self.across[j].d.next = self.stride_w.val() * j;
            self.x[j].next = self.column_1.q.val() + self.across[j].q.val();
            self.inside_2[j].d.next = (self.x[j].val() >= 0 && self.x[j].val() < self.width.val()).into();
            self.inside_3[j].d.next = self.inside_2[j].q.val();
            self.inside_4[j].d.next = self.inside_3[j].q.val();
            self.inside[j].next = self.inside_4[j].q.val();
        }

        self.row_tree.clock.next = self.clock.val();
        self.col_tree.clock.next = self.clock.val();
        for i in 0..self.terms.index() {
            self.row_tree.term[i].next = 0.into();
            self.col_tree.term[i].next = 0.into();
        }
        for i in 0..self.rows.index() {
            self.row_tree.term[i].next = self.step.val() & self.valid[i].val();
        }
        for j in 0..self.cols.index() {
            self.col_tree.term[j].next = self.inside_4[j].q.val() & self.head.val();
        }
        if !self.head.val().any() {
            self.col_tree.term[0].next = self.inside_4[0].q.val();
        }
        self.product.d.next = self.row_tree.total.val() * self.col_tree.total.val();
        self.taken.next = self.product.q.val();
    }
}
