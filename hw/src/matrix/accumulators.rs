use super::accumulator::MatrixAccumulator;
use super::control;
use super::drain::MatrixDrain;
use super::row_places::MatrixRowPlaces;
use super::timing::ArrayTiming;
use crate::arch::{Arch, Dataflow, WINDOW_BITS};
use crate::rtl::prelude::*;

/// The accumulators of all columns, and the way of their psums to the buffer.
///
/// A position that comes in cycle c meets `psum_in` of column 0 in c + `meets`, that of column j in the same cycle or, if the array is skewed, j cycles later
/// ([`ArrayTiming`]). When the last psum of a half has been accumulated in the last column, the half is drained: lane l has the columns
/// from l · `lane_cols` on. A psum that the drain reads in a cycle is on the buffer's port 2 cycles later, with the last one `psum_done`.
#[derive(LogicBlock)]
pub struct MatrixAccumulators {
    pub clock: Wire<In, Clk>,
    /// Filters of a pass, and psums of each.
    pub filters: Wire<In>,
    pub positions: Wire<In>,
    /// Windows of an ofmap row, less one, where several rows of psums come one after the other.
    pub windows_m1: Vec<Wire<In>>,
    // Positions
    pub control: Wire<In>,
    /// By column.
    pub psum_in: Vec<Wire<In>>,
    // Drains to come
    pub drain_put: Wire<In>,
    pub drain_half: Wire<In>,
    pub drain_waits: Wire<In>,
    pub drain_line: Wire<In>,
    pub psum_free_post: Wire<In>,
    pub psum_done_post: Wire<Out>,
    /// The drain's last psum has been read.
    pub drained: Wire<Out>,
    pub drained_half: Wire<Out>,
    /// No drain is to come, and none of its psums is on the way.
    pub idle: Wire<Out>,
    // Buffer, by lane
    pub psum_write: Vec<Wire<Out>>,
    pub psum_write_line: Vec<Wire<Out>>,
    pub psum_write_word: Vec<Wire<Out>>,
    drain: MatrixDrain,
    column: Vec<MatrixAccumulator>,
    /// Positions on their way to column 0.
    delay: Vec<Reg>,
    arriving: Reg,
    /// Where a position's psum belongs within the half.
    place: Reg,
    row_places: Optional<MatrixRowPlaces>,
    // Read for the drain, and on the port
    line_1: Reg,
    line_2: Reg,
    reads: Vec<Reg>,
    writes: Vec<Reg>,
    word: Vec<Reg>,
    last_1: Reg,
    last_2: Reg,
    /// Read words by lane and column of the lane, 0 where there is no column.
    slot: Vec<Wire<Local>>,
    lane_word: Vec<Wire<Local>>,
    delays: Const,
    skewed: Const,
    is_of_rows: Const,
    cols: Const,
    lanes: Const,
    lane_cols: Const,
    slots: Const,
    /// For each column, its number within its lane.
    within: Vec<Const>,
    /// For each lane, its first column.
    lane_first: Vec<Const>,
    swap_bit: Const,
}

impl MatrixAccumulators {
    /// The accumulators of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (k, p, per_lane) = (arch.psum_lanes, arch.psum_width, arch.lane_cols());
        // A column takes a position three cycles before its psum, and one register holds the place beside the last of these.
        let timing = ArrayTiming::of(arch);
        let delays = timing.meets - 4;
        let is_of_rows = arch.dataflow == Dataflow::Os;
        MatrixAccumulators {
            clock: Default::default(),
            filters: Wire::unsigned(count_bits(arch.cols)),
            positions: Wire::unsigned(count_bits(arch.accumulators)),
            windows_m1: (0..is_of_rows as usize).map(|_| Wire::unsigned(WINDOW_BITS)).collect(),
            control: Wire::unsigned(control::bits(arch)),
            psum_in: (0..arch.cols).map(|_| Wire::signed(p)).collect(),
            drain_put: Wire::bit(),
            drain_half: Wire::bit(),
            drain_waits: Wire::bit(),
            drain_line: Wire::unsigned(arch.line_bits()),
            psum_free_post: Wire::bit(),
            psum_done_post: Wire::bit(),
            drained: Wire::bit(),
            drained_half: Wire::bit(),
            idle: Wire::bit(),
            psum_write: (0..k).map(|_| Wire::bit()).collect(),
            psum_write_line: (0..k).map(|_| Wire::unsigned(arch.line_bits())).collect(),
            psum_write_word: (0..k).map(|_| Wire::signed(p)).collect(),
            drain: MatrixDrain::new(arch),
            column: (0..arch.cols).map(|_| MatrixAccumulator::new(arch)).collect(),
            delay: (0..delays).map(|_| Reg::unsigned(control::bits(arch))).collect(),
            arriving: Reg::unsigned(control::BITS),
            place: Reg::unsigned(address_bits(arch.accumulators)),
            row_places: Optional::new(is_of_rows, MatrixRowPlaces::new(arch)),
            line_1: Reg::unsigned(arch.line_bits()),
            line_2: Reg::unsigned(arch.line_bits()),
            reads: (0..k).map(|_| Reg::bit()).collect(),
            writes: (0..k).map(|_| Reg::bit()).collect(),
            word: (0..k).map(|_| Reg::signed(p)).collect(),
            last_1: Reg::bit(),
            last_2: Reg::bit(),
            slot: (0..k * per_lane).map(|_| Wire::signed(p)).collect(),
            lane_word: (0..k).map(|_| Wire::signed(p)).collect(),
            delays: Const::new(delays),
            skewed: Const::new(timing.skewed as usize),
            is_of_rows: Const::new(is_of_rows as usize),
            cols: Const::new(arch.cols),
            lanes: Const::new(k),
            lane_cols: Const::new(per_lane),
            slots: Const::new(k * per_lane),
            within: (0..arch.cols).map(|c| Const::new(c % per_lane)).collect(),
            lane_first: (0..k).map(|l| Const::new(l * per_lane)).collect(),
            swap_bit: Const::new(control::SWAP),
        }
    }
}

impl Logic for MatrixAccumulators {
    describe!("matrix_accumulators", "Accumulators of all columns, drained to the buffer a psum of each lane a cycle.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, arriving, place, line_1, line_2, last_1, last_2);
        self.drain.clock.next = self.clock.val();

        // Positions go to column 0, and from column to column or to all at once
        self.delay[0].d.next = self.control.val();
        for i in 1..self.delays.index() {
            self.delay[i].d.next = self.delay[i - 1].q.val();
        }
        for i in 0..self.delays.index() {
            self.delay[i].clock.next = self.clock.val();
        }
        self.arriving.d.next = self.delay[self.delays.index() - 1].q.val();
        if self.delay[self.delays.index() - 1].q.val().get_bit(0) {
            self.place.d.next = self.place.q.val() + 1;
            if self.delay[self.delays.index() - 1].q.val().get_bit(self.swap_bit.val()) {
                self.place.d.next = 0.into();
            }
        }
        for i in 0..self.is_of_rows.index() {
            self.row_places.windows_m1.next = self.windows_m1[i].val();
        }
        if self.is_of_rows.val().any() {
            self.row_places.clock.next = self.clock.val();
            self.row_places.control.next = self.delay[self.delays.index() - 1].q.val();
            self.row_places.before.next = self.place.q.val();
            self.place.d.next = self.row_places.place.val();
        }
        self.column[0].control_in.next = self.arriving.q.val();
        self.column[0].place_in.next = self.place.q.val();
        for c in 1..self.cols.index() {
            self.column[c].control_in.next = self.arriving.q.val();
            self.column[c].place_in.next = self.place.q.val();
            if self.skewed.val().any() {
                self.column[c].control_in.next = self.column[c - 1].control_out.val();
                self.column[c].place_in.next = self.column[c - 1].place_out.val();
            }
        }
        for c in 0..self.cols.index() {
            self.column[c].clock.next = self.clock.val();
            self.column[c].psum_in.next = self.psum_in[c].val();
            self.column[c].drain_read.next = (self.drain.read.val().any()
                && self.drain.filter.val() == self.within[c].val()
                && self.filters.val() > c)
                .into();
            self.column[c].drain_half.next = self.drain.half.val();
            self.column[c].drain_place.next = self.drain.place.val();
            self.slot[c].next = self.column[c].drain_word.val();
        }
        for c in self.cols.index()..self.slots.index() {
            self.slot[c].next = 0.into();
        }

        // Halves are drained
        self.drain.filters.next = self.filters.val();
        self.drain.positions.next = self.positions.val();
        self.drain.put.next = self.drain_put.val();
        self.drain.put_half.next = self.drain_half.val();
        self.drain.put_waits.next = self.drain_waits.val();
        self.drain.put_line.next = self.drain_line.val();
        self.drain.ended.next = self.column[self.cols.index() - 1].ended.val();
        self.drain.psum_free_post.next = self.psum_free_post.val();
        self.drained.next = self.drain.last.val();
        self.drained_half.next = self.drain.half.val();
        self.line_1.d.next = self.drain.line.val();
        self.line_2.d.next = self.line_1.q.val();
        self.last_1.d.next = self.drain.last.val();
        self.last_2.d.next = self.last_1.q.val();
        self.psum_done_post.next = self.last_2.q.val();
        self.idle.next =
            (self.drain.idle.val().any() && !self.last_1.q.val().any() && !self.last_2.q.val().any()).into();
        for l in 0..self.lanes.index() {
            self.reads[l].clock.next = self.clock.val();
            self.writes[l].clock.next = self.clock.val();
            self.word[l].clock.next = self.clock.val();
            self.reads[l].d.next = (self.drain.read.val().any()
                && self.lane_first[l].val() + self.drain.filter.val() < self.filters.val())
            .into();
            self.writes[l].d.next = self.reads[l].q.val();
            self.lane_word[l].next = self.slot[l * self.lane_cols.index()].val();
            for f in 1..self.lane_cols.index() {
                self.lane_word[l].next = self.lane_word[l].val() | self.slot[l * self.lane_cols.index() + f].val();
            }
            self.word[l].d.next = self.lane_word[l].val();
            self.psum_write[l].next = self.writes[l].q.val();
            self.psum_write_line[l].next = self.line_2.q.val();
            self.psum_write_word[l].next = self.word[l].q.val();
        }
    }
}
