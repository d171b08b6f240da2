use super::{OsPastWords, OsPlanePe, PASSED_TAILS};
use crate::arch::{Arch, GATHERED_STRIDES};
use crate::matrix::{levels, MatrixRotator, MatrixTree};
use crate::rtl::prelude::*;

/// Registers from a step in the walker to the cycle in which its words are taken.
pub(super) const TAKE: usize = 4;

/// A row of an array of one ofmap plane: adjacent windows of an ofmap row, a PE each, and the way of what a port reads to them.
///
/// The words of a read come as `lanes`, from lane `turn` on, and are turned around. In a head the PEs from `fetch` · `Arch::gathered` on take them `stride_w` apart, each if it is `inside` the tile, and the row is
/// (`valid`); in other steps the last column takes the first one. A row that does not read for itself (`own`) takes heads and tails from the row below instead.
///
/// Latencies, of a step in the walker in cycle c: `valid_in` and `active_in` come in c, `lanes` and `turn` in c + 3, all else of its words (`reads`: of a read of a head before its last, too) in c + 4, its weight in c + 4; `first` and `leave` are those of c + 7 and the cycle before the last sum.
/// PEs have their words in c + 5, `gated` counts those that did not multiply `levels(cols)` cycles later.
#[derive(LogicBlock)]
pub struct OsPlaneRow {
    pub clock: Wire<In, Clk>,
    // Layer constants
    pub psum_shift: Wire<In>,
    pub stride_h: Wire<In>,
    pub stride_w: Wire<In>,
    // The step in the walker
    pub valid_in: Wire<In>,
    pub active_in: Wire<In>,
    // Where its words are taken
    pub lanes: Vec<Wire<In>>,
    pub turn: Wire<In>,
    pub reads: Wire<In>,
    pub step: Wire<In>,
    pub head: Wire<In>,
    pub own: Wire<In>,
    pub fetch: Wire<In>,
    /// Steps with a tail from one filter row to `stride_h` rows further.
    pub tails: Wire<In>,
    /// Of each column; of a tail, of column 0.
    pub inside: Vec<Wire<In>>,
    /// Columns that have a window.
    pub columns: Vec<Wire<In>>,
    /// Of the step whose words are taken: whether the row is inside the tile.
    pub valid: Wire<Out>,
    // The rows below and above
    pub below_heads: Vec<Wire<In>>,
    pub below_tail: Wire<In>,
    pub heads: Vec<Wire<Out>>,
    pub tail: Wire<Out>,
    // Weight and psums, by column
    pub weight: Wire<In>,
    pub first: Wire<In>,
    pub leave: Wire<In>,
    pub psum_in: Vec<Wire<In>>,
    pub psum_out: Vec<Wire<Out>>,
    pub gated: Wire<Out>,
    rotator: MatrixRotator,
    pe: Vec<OsPlanePe>,
    tail_words: OsPastWords,
    gated_tree: MatrixTree,
    valids: Vec<Reg>,
    actives: Vec<Reg>,
    turned: Vec<Reg>,
    latest_tail: Reg,
    held_weight: Reg,
    begins: Reg,
    leaves: Reg,
    /// The word that a column takes in a head, and the read that brings it.
    fresh: Vec<Wire<Local>>,
    brought: Vec<Wire<Local>>,
    outer: Wire<Local>,
    lane_count: Const,
    cols: Const,
    last_col: Const,
    take: Const,
    strides: Const,
    /// Of column j with horizontal stride v + 1, element v · cols + j: lane after turning, and read.
    lane_of: Vec<Const>,
    fetch_of: Vec<Const>,
}

impl OsPlaneRow {
    /// A row of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (w, p, cols, lanes) = (arch.width, arch.psum_width, arch.cols, arch.port_lanes());
        let by_stride = |of: &dyn Fn(usize, usize) -> usize| {
            let all = (1..=GATHERED_STRIDES).flat_map(|v| (0..cols).map(move |j| (v, j)));
            all.map(|(v, j)| Const::new(of(v, j))).collect::<Vec<_>>()
        };
        OsPlaneRow {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            stride_h: Wire::unsigned(16),
            stride_w: Wire::unsigned(16),
            valid_in: Wire::bit(),
            active_in: Wire::bit(),
            lanes: (0..lanes).map(|_| Wire::signed(w)).collect(),
            turn: Wire::unsigned(address_bits(lanes)),
            reads: Wire::bit(),
            step: Wire::bit(),
            head: Wire::bit(),
            own: Wire::bit(),
            fetch: Wire::unsigned(address_bits(cols)),
            tails: Wire::unsigned(count_bits(PASSED_TAILS)),
            inside: (0..cols).map(|_| Wire::bit()).collect(),
            columns: (0..cols).map(|_| Wire::bit()).collect(),
            valid: Wire::bit(),
            below_heads: (0..cols).map(|_| Wire::signed(w)).collect(),
            below_tail: Wire::signed(w),
            heads: (0..cols).map(|_| Wire::signed(w)).collect(),
            tail: Wire::signed(w),
            weight: Wire::signed(w),
            first: Wire::bit(),
            leave: Wire::bit(),
            psum_in: (0..cols).map(|_| Wire::signed(p)).collect(),
            psum_out: (0..cols).map(|_| Wire::signed(p)).collect(),
            gated: Wire::unsigned(count_bits(cols)),
            rotator: MatrixRotator::new(lanes, w, true),
            pe: (0..cols).map(|_| OsPlanePe::new(arch)).collect(),
            tail_words: OsPastWords::new(arch, PASSED_TAILS),
            gated_tree: MatrixTree::of_counts(cols, count_bits(cols)),
            valids: (0..TAKE).map(|_| Reg::bit()).collect(),
            actives: (0..TAKE).map(|_| Reg::bit()).collect(),
            turned: (0..lanes).map(|_| Reg::data(w, true)).collect(),
            latest_tail: Reg::data(w, true),
            held_weight: Reg::data(w, true),
            begins: Reg::bit(),
            leaves: Reg::bit(),
            fresh: (0..cols).map(|_| Wire::signed(w)).collect(),
            brought: (0..cols).map(|_| Wire::bit()).collect(),
            outer: Wire::signed(w),
            lane_count: Const::new(lanes),
            cols: Const::new(cols),
            last_col: Const::new(cols - 1),
            take: Const::new(TAKE),
            strides: Const::new(GATHERED_STRIDES),
            lane_of: by_stride(&|v, j| j % arch.gathered(v) * v),
            fetch_of: by_stride(&|v, j| j / arch.gathered(v)),
        }
    }

    /// Cycles from the step to the count of its gated MACs.
    pub(super) fn gated_latency(arch: &Arch) -> usize {
        TAKE + 1 + levels(arch.cols)
    }
}

impl Logic for OsPlaneRow {
    describe!("os_plane_row", "A row of output-stationary PEs of a plane, with the way of its words.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, latest_tail, held_weight, begins, leaves);
        self.valids[0].d.next = self.valid_in.val();
        self.actives[0].d.next = self.active_in.val();
        for i in 1..self.take.index() {
            self.valids[i].d.next = self.valids[i - 1].q.val();
            self.actives[i].d.next = self.actives[i - 1].q.val();
        }
        for i in 0..self.take.index() {
            self.valids[i].clock.next = self.clock.val();
            self.actives[i].clock.next = self.clock.val();
        }
        self.valid.next = self.valids[self.take.index() - 1].q.val();

        // What is read, its first word in lane 0
        self.rotator.by.next = self.turn.val();
        for p in 0..self.lane_count.index() {
            self.rotator.word[p].next = self.lanes[p].val();
            self.turned[p].clock.next = self.clock.val();
            self.turned[p].d.next = self.rotator.turned[p].val();
        }
        for j in 0..self.cols.index() {
            // Without a stride of those below, a read brings a word for one column.
            self.fresh[j].next = self.turned[0].q.val();
            self.brought[j].next = (self.fetch.val() == j).into();
            for v in 0..self.strides.index() {
                if self.stride_w.val() == v + 1 {
                    self.fresh[j].next = self.turned[self.lane_of[v * self.cols.index() + j].index()].q.val();
                    self.brought[j].next =
                        (self.fetch.val() == self.fetch_of[v * self.cols.index() + j].index()).into();
                }
            }
        }

        // Tails
        self.outer.next = 0.into();
        if self.valid.val().any() && self.inside[0].val().any() {
            self.outer.next = self.turned[0].q.val();
        }
        if !self.own.val().any() {
            self.outer.next = self.below_tail.val();
        }
        if self.step.val().any() && !self.head.val().any() {
            self.latest_tail.d.next = self.outer.val();
        }
        self.tail_words.clock.next = self.clock.val();
        self.tail_words.stride.next = self.tails.val();
        self.tail_words.step.next = self.step.val() & !self.head.val();
        self.tail_words.word.next = self.latest_tail.q.val();
        self.tail.next = self.tail_words.past.val();

        // PEs
        self.held_weight.d.next = self.weight.val();
        self.begins.d.next = self.first.val();
        self.leaves.d.next = self.leave.val();
        self.gated_tree.clock.next = self.clock.val();
        for j in 0..self.cols.index() {
            self.pe[j].clock.next = self.clock.val();
            self.pe[j].psum_shift.next = self.psum_shift.val();
            self.pe[j].stride.next = self.stride_h.val();
            self.pe[j].step.next = self.step.val();
            self.pe[j].head.next = self.head.val();
            self.pe[j].active.next = self.actives[self.take.index() - 1].q.val() & self.columns[j].val();
            self.pe[j].takes_fresh.next = self.reads.val() & self.head.val() & self.own.val() & self.brought[j].val();
            self.pe[j].takes_below.next = self.step.val() & self.head.val() & !self.own.val();
            self.pe[j].fresh.next = 0.into();
            if self.valid.val().any() && self.inside[j].val().any() {
                self.pe[j].fresh.next = self.fresh[j].val();
            }
            self.pe[j].below.next = self.below_heads[j].val();
            self.heads[j].next = self.pe[j].kept.val();
            self.pe[j].weight.next = self.held_weight.q.val();
            self.pe[j].first.next = self.begins.q.val();
            self.pe[j].leave.next = self.leaves.q.val();
            self.pe[j].psum_in.next = self.psum_in[j].val();
            self.psum_out[j].next = self.pe[j].psum_out.val();
            self.gated_tree.term[j].next = self.pe[j].gated.val();
        }
        for j in 0..self.last_col.index() {
            self.pe[j].beside.next = self.pe[j + 1].word.val();
        }
        self.pe[self.last_col.index()].beside.next = self.outer.val();
        self.gated.next = self.gated_tree.total.val();
    }
}
