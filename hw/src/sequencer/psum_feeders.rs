use super::fields::{places, sources_bits};
use super::layer_in::{PsumLayer, SourceEntry};
use super::psum_feeder::PsumFeeder;
use super::QUEUED_PASSES;
use crate::arch::Arch;
use crate::program::pass;
use crate::rtl::prelude::*;

/// The psum feeders of all lanes, which start a pass together.
///
/// A pass starts when every lane has looked up the psums of the one before, and fewer than `distance` passes have been started
/// here whose psums are not all back in the buffer (`pass_done`): it may read what the pass `distance` before it wrote.
#[derive(LogicBlock)]
pub struct PsumFeeders {
    pub clock: Wire<In, Clk>,
    pub layer: PsumLayer,
    pub sources: Vec<Wire<In>>,
    pub table_write: Vec<Wire<In>>,
    pub entry: SourceEntry,
    // Passes
    pub pass_valid: Wire<In>,
    pub pass_ready: Wire<Out>,
    pub psum: Wire<In>,
    pub distance: Wire<In>,
    pub first: Wire<In>,
    pub pass_done: Wire<In>,
    /// Nothing queued, in work or on its way to the network.
    pub idle: Wire<Out>,
    // Global buffer
    pub psum_read: Vec<Wire<Out>>,
    pub psum_read_line: Vec<Wire<Out>>,
    pub psum_read_word: Vec<Wire<In>>,
    // Network
    pub psum_in_valid: Vec<Wire<Out>>,
    pub psum_in_ready: Vec<Wire<In>>,
    pub psum_in_row: Vec<Wire<Out>>,
    pub psum_in_col: Vec<Wire<Out>>,
    pub psum_in_word: Vec<Wire<Out>>,
    queue: Fifo,
    lanes: Vec<PsumFeeder>,
    /// Passes started here and not done.
    ahead: Reg,
    any_busy: Wire<Local>,
    all_idle: Wire<Local>,
    due: Wire<Local>,
    start: Wire<Local>,
    lane_count: Const,
    /// Where the fields of a queued pass begin: psum, distance, first.
    pass_at: Vec<Const>,
}

impl PsumFeeders {
    /// The feeders of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let k = arch.psum_lanes;
        let (line, row, col) = (arch.line_bits(), arch.tag_y_bits(), arch.lane_col_bits());
        let pass = [line, pass::DISTANCE.bits, 1];
        PsumFeeders {
            clock: Default::default(),
            layer: PsumLayer::new(arch),
            sources: (0..k).map(|_| Wire::unsigned(sources_bits(arch))).collect(),
            table_write: (0..k).map(|_| Wire::bit()).collect(),
            entry: SourceEntry::new(arch),
            pass_valid: Wire::bit(),
            pass_ready: Wire::bit(),
            psum: Wire::unsigned(line),
            distance: Wire::unsigned(pass::DISTANCE.bits),
            first: Wire::bit(),
            pass_done: Wire::bit(),
            idle: Wire::bit(),
            psum_read: (0..k).map(|_| Wire::bit()).collect(),
            psum_read_line: (0..k).map(|_| Wire::unsigned(line)).collect(),
            psum_read_word: (0..k).map(|_| Wire::signed(arch.psum_width)).collect(),
            psum_in_valid: (0..k).map(|_| Wire::bit()).collect(),
            psum_in_ready: (0..k).map(|_| Wire::bit()).collect(),
            psum_in_row: (0..k).map(|_| Wire::unsigned(row)).collect(),
            psum_in_col: (0..k).map(|_| Wire::unsigned(col)).collect(),
            psum_in_word: (0..k).map(|_| Wire::signed(arch.psum_width)).collect(),
            queue: Fifo::new(QUEUED_PASSES, pass.iter().sum(), false),
            lanes: (0..k).map(|_| PsumFeeder::new(arch)).collect(),
            ahead: Reg::unsigned(pass::DISTANCE.bits),
            any_busy: Wire::bit(),
            all_idle: Wire::bit(),
            due: Wire::unsigned(pass::DISTANCE.bits),
            start: Wire::bit(),
            lane_count: Const::new(k),
            pass_at: places(&pass),
        }
    }
}

impl Logic for PsumFeeders {
    describe!("psum_feeders", "The psum feeders of all lanes, which start a pass together.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, ahead);
        self.queue.clock.next = self.clock.val();
        self.queue.enq.valid.next = self.pass_valid.val();
        self.queue.enq.payload.next = self.psum.val()
            | (self.distance.val() << self.pass_at[1].val())
            | (self.first.val() << self.pass_at[2].val());
        self.pass_ready.next = self.queue.enq.ready.val();

        self.any_busy.next = false.into();
        self.all_idle.next = true.into();
        for l in 0..self.lane_count.index() {
            self.any_busy.next = self.any_busy.val() | self.lanes[l].busy.val();
            self.all_idle.next = self.all_idle.val() & self.lanes[l].idle.val();
        }
        self.idle.next = (self.all_idle.val().any() && !self.queue.deq.valid.val().any()).into();
        self.due.next = self.queue.deq.payload.val() >> self.pass_at[1].val();
        self.start.next =
            (self.queue.deq.valid.val().any() && !self.any_busy.val().any() && self.ahead.q.val() < self.due.val())
                .into();
        self.queue.deq.ready.next = self.start.val();
        self.ahead.d.next = self.ahead.q.val() + self.start.val() - self.pass_done.val();

        for l in 0..self.lane_count.index() {
            self.lanes[l].clock.next = self.clock.val();
            PsumLayer::link(&mut self.layer, &mut self.lanes[l].layer);
            SourceEntry::link(&mut self.entry, &mut self.lanes[l].entry);
            self.lanes[l].sources.next = self.sources[l].val();
            self.lanes[l].table_write.next = self.table_write[l].val();
            self.lanes[l].start.next = self.start.val();
            self.lanes[l].base.next = self.queue.deq.payload.val();
            self.lanes[l].first.next = self.queue.deq.payload.val() >> self.pass_at[2].val();
            self.psum_read[l].next = self.lanes[l].psum_read.val();
            self.psum_read_line[l].next = self.lanes[l].psum_read_line.val();
            self.lanes[l].psum_read_word.next = self.psum_read_word[l].val();
            self.psum_in_valid[l].next = self.lanes[l].psum_in_valid.val();
            self.lanes[l].psum_in_ready.next = self.psum_in_ready[l].val();
            self.psum_in_row[l].next = self.lanes[l].psum_in_row.val();
            self.psum_in_col[l].next = self.lanes[l].psum_in_col.val();
            self.psum_in_word[l].next = self.lanes[l].psum_in_word.val();
        }
    }
}
