use super::drain_rows::MatrixDrainRows;
use super::drain_windows::MatrixDrainWindows;
use crate::arch::{Arch, WINDOW_BITS};
use crate::rtl::prelude::*;
use crate::shell::semaphore::Semaphore;

/// Decides what is drained of the accumulators and when: half by half, in the order of the passes, a psum of each lane a cycle.
///
/// A drain is announced (`put`) when its pass begins, and starts once its psums are complete (`ended`) and, if it waits for it, `psum_free` has been
/// posted: in the cycle after the later of both at the earliest. It takes filters of a lane · positions cycles, from the one after its start on; the
/// next can start in the cycle after its last. For each filter of a lane, for each position: `filter` and `place` say what is read now, `line` where
/// it belongs in the buffer. Where each PE has a filter of its own (`Arch::is_of_pixels`), a column holds those of its rows one after the other, and all of this is done for each
/// row ([`MatrixDrainRows`]). Where all work on one plane (`Arch::is_of_planes`), there is one filter, `filter` is the column, and columns take turns ([`MatrixDrainWindows`]).
#[derive(LogicBlock)]
pub struct MatrixDrain {
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
    pub put: Wire<In>,
    pub put_half: Wire<In>,
    pub put_waits: Wire<In>,
    pub put_line: Wire<In>,
    pub ended: Wire<In>,
    pub psum_free_post: Wire<In>,
    pub idle: Wire<Out>,
    // What is read
    pub read: Wire<Out>,
    pub half: Wire<Out>,
    pub filter: Wire<Out>,
    pub place: Wire<Out>,
    pub line: Wire<Out>,
    /// This read is the drain's last.
    pub last: Wire<Out>,
    queue: Fifo,
    complete: Semaphore,
    free: Semaphore,
    running: Reg,
    current_half: Reg,
    filter_count: Reg,
    place_count: Reg,
    current_line: Reg,
    rows: Optional<MatrixDrainRows>,
    windows: Optional<MatrixDrainWindows>,
    start: Wire<Local>,
    waits: Wire<Local>,
    last_place: Wire<Local>,
    last_filter: Wire<Local>,
    own_filters: Const,
    planes: Const,
    lane_cols: Const,
    half_at: Const,
    waits_at: Const,
}

impl MatrixDrain {
    /// The drain of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (line, place) = (arch.line_bits(), address_bits(arch.accumulators));
        let (own, planes) = (arch.is_of_pixels(), arch.is_of_planes());
        let wires = |bits: usize| (0..planes as usize).map(|_| Wire::unsigned(bits)).collect::<Vec<_>>();
        MatrixDrain {
            clock: Default::default(),
            filters: Wire::unsigned(count_bits(arch.cols)),
            positions: Wire::unsigned(count_bits(arch.tile_positions())),
            filter_rows: (0..own as usize).map(|_| Wire::unsigned(count_bits(arch.rows))).collect(),
            windows_m1: wires(WINDOW_BITS),
            last_cols: wires(count_bits(arch.cols)),
            put: Wire::bit(),
            put_half: Wire::bit(),
            put_waits: Wire::bit(),
            put_line: Wire::unsigned(line),
            ended: Wire::bit(),
            psum_free_post: Wire::bit(),
            idle: Wire::bit(),
            read: Wire::bit(),
            half: Wire::bit(),
            filter: Wire::unsigned(if planes { address_bits(arch.cols) } else { arch.lane_col_bits() }),
            place: Wire::unsigned(place),
            line: Wire::unsigned(line),
            last: Wire::bit(),
            // One for each half: a pass does not begin on a half that is to be drained.
            queue: Fifo::new(2, line + 2, false),
            complete: Default::default(),
            free: Default::default(),
            running: Reg::bit(),
            current_half: Reg::bit(),
            filter_count: Reg::unsigned(arch.lane_col_bits()),
            place_count: Reg::unsigned(address_bits(arch.tile_positions())),
            current_line: Reg::unsigned(line),
            rows: Optional::new(own, MatrixDrainRows::new(arch)),
            windows: Optional::new(planes, MatrixDrainWindows::new(arch)),
            start: Wire::bit(),
            waits: Wire::bit(),
            last_place: Wire::bit(),
            last_filter: Wire::bit(),
            own_filters: Const::new(own as usize),
            planes: Const::new(planes as usize),
            lane_cols: Const::new(if planes { 1 } else { arch.lane_cols() }),
            half_at: Const::new(line),
            waits_at: Const::new(line + 1),
        }
    }
}

impl Logic for MatrixDrain {
    describe!("matrix_drain", "Decides what is drained of the accumulators, and when.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, running, current_half, filter_count, place_count, current_line);
        self.queue.clock.next = self.clock.val();
        self.complete.clock.next = self.clock.val();
        self.free.clock.next = self.clock.val();
        self.queue.enq.valid.next = self.put.val();
        self.queue.enq.payload.next = (self.put_waits.val() << self.waits_at.val())
            | (self.put_half.val() << self.half_at.val())
            | self.put_line.val();
        self.waits.next = self.queue.deq.payload.val() >> self.waits_at.val();
        self.start.next = (self.queue.deq.valid.val().any()
            && !self.running.q.val().any()
            && self.complete.available.val().any()
            && (!self.waits.val().any() || self.free.available.val().any()))
        .into();
        self.queue.deq.ready.next = self.start.val();
        self.complete.post.next = self.ended.val();
        self.complete.take.next = self.start.val();
        self.free.post.next = self.psum_free_post.val();
        self.free.take.next = self.start.val() & self.waits.val();
        self.idle.next = (!self.queue.deq.valid.val().any() && !self.running.q.val().any()).into();

        self.read.next = self.running.q.val();
        self.half.next = self.current_half.q.val();
        self.filter.next = self.filter_count.q.val();
        self.place.next = self.place_count.q.val();
        self.line.next = self.current_line.q.val();
        self.last_place.next = (self.place_count.q.val() + 1 == self.positions.val()).into();
        self.last_filter.next = (self.filter_count.q.val() + 1 == self.lane_cols.val()
            || self.filter_count.q.val() + 1 == self.filters.val())
        .into();
        self.last.next = self.running.q.val() & self.last_place.val() & self.last_filter.val();
        for i in 0..self.own_filters.index() {
            self.rows.clock.next = self.clock.val();
            self.rows.filter_rows.next = self.filter_rows[i].val();
            self.rows.positions.next = self.positions.val();
            self.rows.advance.next = self.running.q.val() & self.last_place.val() & self.last_filter.val();
            self.place.next = self.place_count.q.val() + self.rows.first.val();
            self.last.next = self.rows.advance.val() & self.rows.last.val();
        }
        for i in 0..self.planes.index() {
            self.windows.clock.next = self.clock.val();
            self.windows.windows_m1.next = self.windows_m1[i].val();
            self.windows.last_cols.next = self.last_cols[i].val();
            self.windows.advance.next = self.running.q.val();
            self.windows.clear.next = self.running.q.val() & self.last_place.val();
            self.filter.next = self.windows.column.val();
            self.place.next = self.windows.place.val();
        }
        if self.start.val().any() {
            self.running.d.next = true.into();
            self.current_half.d.next = self.queue.deq.payload.val() >> self.half_at.val();
            self.current_line.d.next = self.queue.deq.payload.val();
        } else if self.running.q.val().any() {
            self.current_line.d.next = self.current_line.q.val() + 1;
            self.place_count.d.next = self.place_count.q.val() + 1;
            if self.last_place.val().any() {
                self.place_count.d.next = 0.into();
                self.filter_count.d.next = self.filter_count.q.val() + 1;
                if self.last_filter.val().any() {
                    self.filter_count.d.next = 0.into();
                    self.running.d.next = false.into();
                    if self.own_filters.val().any() {
                        self.running.d.next = !self.rows.last.val();
                    }
                }
            }
        }
    }
}
