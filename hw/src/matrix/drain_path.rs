use super::drain::MatrixDrain;
use crate::arch::{Arch, WINDOW_BITS};
use crate::rtl::prelude::*;

/// The way of the accumulators' psums to the buffer: what is drained, lane by lane.
///
/// Lane l has the columns from l · `lane_cols` on, or, where all PEs work on one plane, the first lane has all. A column answers a `column_read` in the next cycle, and with 0 if it was not read; the psum is on the buffer's port in
/// the cycle after that, with the last one `psum_done`.
#[derive(LogicBlock)]
pub struct MatrixDrainPath {
    pub clock: Wire<In, Clk>,
    /// Filters of a pass, and psums of each.
    pub filters: Wire<In>,
    pub positions: Wire<In>,
    /// Rows of PEs that have filters, where each PE has one.
    pub filter_rows: Vec<Wire<In>>,
    /// Positions of a row of windows, less one, and windows of the last one, where all PEs work on one plane.
    pub windows_m1: Vec<Wire<In>>,
    pub last_cols: Vec<Wire<In>>,
    // Drains to come
    pub drain_put: Wire<In>,
    pub drain_half: Wire<In>,
    pub drain_waits: Wire<In>,
    pub drain_line: Wire<In>,
    /// The last psum of a half is being written.
    pub ended: Wire<In>,
    pub psum_free_post: Wire<In>,
    pub psum_done_post: Wire<Out>,
    /// The drain's last psum has been read.
    pub drained: Wire<Out>,
    pub drained_half: Wire<Out>,
    /// No drain is to come, and none of its psums is on the way.
    pub idle: Wire<Out>,
    // Columns
    pub column_read: Vec<Wire<Out>>,
    pub half: Wire<Out>,
    pub place: Wire<Out>,
    pub column_word: Vec<Wire<In>>,
    // Buffer, by lane
    pub psum_write: Vec<Wire<Out>>,
    pub psum_write_line: Vec<Wire<Out>>,
    pub psum_write_word: Vec<Wire<Out>>,
    drain: MatrixDrain,
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
    own_filters: Const,
    planes: Const,
    cols: Const,
    lanes: Const,
    lane_cols: Const,
    slots: Const,
    /// For each column, its number within its lane.
    within: Vec<Const>,
    /// For each lane, its first column.
    lane_first: Vec<Const>,
}

impl MatrixDrainPath {
    /// The way of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (own, planes) = (arch.is_of_pixels(), arch.is_of_planes());
        let wires = |bits: usize| (0..planes as usize).map(|_| Wire::unsigned(bits)).collect::<Vec<_>>();
        let per_lane = if planes { arch.cols } else { arch.lane_cols() };
        let (k, p) = (arch.psum_lanes, arch.psum_width);
        MatrixDrainPath {
            clock: Default::default(),
            filters: Wire::unsigned(count_bits(arch.cols)),
            positions: Wire::unsigned(count_bits(arch.tile_positions())),
            filter_rows: (0..own as usize).map(|_| Wire::unsigned(count_bits(arch.rows))).collect(),
            windows_m1: wires(WINDOW_BITS),
            last_cols: wires(count_bits(arch.cols)),
            drain_put: Wire::bit(),
            drain_half: Wire::bit(),
            drain_waits: Wire::bit(),
            drain_line: Wire::unsigned(arch.line_bits()),
            ended: Wire::bit(),
            psum_free_post: Wire::bit(),
            psum_done_post: Wire::bit(),
            drained: Wire::bit(),
            drained_half: Wire::bit(),
            idle: Wire::bit(),
            column_read: (0..arch.cols).map(|_| Wire::bit()).collect(),
            half: Wire::bit(),
            place: Wire::unsigned(address_bits(arch.accumulators)),
            column_word: (0..arch.cols).map(|_| Wire::signed(p)).collect(),
            psum_write: (0..k).map(|_| Wire::bit()).collect(),
            psum_write_line: (0..k).map(|_| Wire::unsigned(arch.line_bits())).collect(),
            psum_write_word: (0..k).map(|_| Wire::signed(p)).collect(),
            drain: MatrixDrain::new(arch),
            line_1: Reg::data(arch.line_bits(), false),
            line_2: Reg::data(arch.line_bits(), false),
            reads: (0..k).map(|_| Reg::bit()).collect(),
            writes: (0..k).map(|_| Reg::bit()).collect(),
            word: (0..k).map(|_| Reg::data(p, true)).collect(),
            last_1: Reg::bit(),
            last_2: Reg::bit(),
            slot: (0..k * per_lane).map(|_| Wire::signed(p)).collect(),
            lane_word: (0..k).map(|_| Wire::signed(p)).collect(),
            own_filters: Const::new(own as usize),
            planes: Const::new(planes as usize),
            cols: Const::new(arch.cols),
            lanes: Const::new(k),
            lane_cols: Const::new(per_lane),
            slots: Const::new(k * per_lane),
            within: (0..arch.cols).map(|c| Const::new(c % per_lane)).collect(),
            lane_first: (0..k).map(|l| Const::new(l * per_lane)).collect(),
        }
    }
}

impl Logic for MatrixDrainPath {
    describe!("matrix_drain_path", "The way of the accumulators' psums to the buffer, a psum of each lane a cycle.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, line_1, line_2, last_1, last_2);
        self.drain.clock.next = self.clock.val();
        for c in 0..self.cols.index() {
            self.column_read[c].next = (self.drain.read.val().any()
                && self.drain.filter.val() == self.within[c].val()
                && self.filters.val() > c)
                .into();
            self.slot[c].next = self.column_word[c].val();
        }
        for c in self.cols.index()..self.slots.index() {
            self.slot[c].next = 0.into();
        }
        self.half.next = self.drain.half.val();
        self.place.next = self.drain.place.val();

        // Halves are drained
        self.drain.filters.next = self.filters.val();
        self.drain.positions.next = self.positions.val();
        for i in 0..self.own_filters.index() {
            self.drain.filter_rows[i].next = self.filter_rows[i].val();
        }
        for i in 0..self.planes.index() {
            self.drain.windows_m1[i].next = self.windows_m1[i].val();
            self.drain.last_cols[i].next = self.last_cols[i].val();
        }
        self.drain.put.next = self.drain_put.val();
        self.drain.put_half.next = self.drain_half.val();
        self.drain.put_waits.next = self.drain_waits.val();
        self.drain.put_line.next = self.drain_line.val();
        self.drain.ended.next = self.ended.val();
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
