use super::fields::{places, sources_bits};
use super::layer_in::{PsumLayer, SourceEntry};
use super::psum_collector::PsumCollector;
use super::{QUEUED_PASSES, SEMAPHORE_BITS};
use crate::arch::Arch;
use crate::rtl::prelude::*;

/// The psum collectors of all lanes, which start a pass together and work on one pass at a time.
///
/// A pass that asks for it waits for a count of `psum_free`. In the cycle of `pass_done` every psum of the pass can be read;
/// `psum_done_post` comes in the next one, if asked for.
#[derive(LogicBlock)]
pub struct PsumCollectors {
    pub clock: Wire<In, Clk>,
    pub layer: PsumLayer,
    pub sources: Vec<Wire<In>>,
    pub table_write: Vec<Wire<In>>,
    pub entry: SourceEntry,
    // Passes
    pub pass_valid: Wire<In>,
    pub pass_ready: Wire<Out>,
    pub psum: Wire<In>,
    pub wait_psum_free: Wire<In>,
    pub post_psum_done: Wire<In>,
    pub psum_free_post: Wire<In>,
    pub psum_done_post: Wire<Out>,
    pub pass_done: Wire<Out>,
    /// Nothing queued or in work.
    pub idle: Wire<Out>,
    // Network
    pub psum_out_row: Vec<Wire<Out>>,
    pub psum_out_col: Vec<Wire<Out>>,
    pub psum_out_take: Vec<Wire<Out>>,
    pub psum_out_valid: Vec<Wire<In>>,
    pub psum_out_word: Vec<Wire<In>>,
    // Global buffer
    pub psum_write: Vec<Wire<Out>>,
    pub psum_write_line: Vec<Wire<Out>>,
    pub psum_write_word: Vec<Wire<Out>>,
    queue: Fifo,
    lanes: Vec<PsumCollector>,
    /// Counts of `psum_free` not yet taken.
    free: Reg,
    working: Reg,
    /// Whether the pass in work posts `psum_done`.
    posts: Reg,
    post: Reg,
    any_busy: Wire<Local>,
    wait: Wire<Local>,
    done: Wire<Local>,
    start: Wire<Local>,
    lane_count: Const,
    /// Where the fields of a queued pass begin: psum, wait_psum_free, post_psum_done.
    pass_at: Vec<Const>,
}

impl PsumCollectors {
    /// The collectors of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let k = arch.psum_lanes;
        let (line, row, col) = (arch.line_bits(), arch.tag_y_bits(), arch.lane_col_bits());
        PsumCollectors {
            clock: Default::default(),
            layer: PsumLayer::new(arch),
            sources: (0..k).map(|_| Wire::unsigned(sources_bits(arch))).collect(),
            table_write: (0..k).map(|_| Wire::bit()).collect(),
            entry: SourceEntry::new(arch),
            pass_valid: Wire::bit(),
            pass_ready: Wire::bit(),
            psum: Wire::unsigned(line),
            wait_psum_free: Wire::bit(),
            post_psum_done: Wire::bit(),
            psum_free_post: Wire::bit(),
            psum_done_post: Wire::bit(),
            pass_done: Wire::bit(),
            idle: Wire::bit(),
            psum_out_row: (0..k).map(|_| Wire::unsigned(row)).collect(),
            psum_out_col: (0..k).map(|_| Wire::unsigned(col)).collect(),
            psum_out_take: (0..k).map(|_| Wire::bit()).collect(),
            psum_out_valid: (0..k).map(|_| Wire::bit()).collect(),
            psum_out_word: (0..k).map(|_| Wire::signed(arch.psum_width)).collect(),
            psum_write: (0..k).map(|_| Wire::bit()).collect(),
            psum_write_line: (0..k).map(|_| Wire::unsigned(line)).collect(),
            psum_write_word: (0..k).map(|_| Wire::signed(arch.psum_width)).collect(),
            queue: Fifo::new(QUEUED_PASSES, line + 2, false),
            lanes: (0..k).map(|_| PsumCollector::new(arch)).collect(),
            free: Reg::unsigned(SEMAPHORE_BITS),
            working: Reg::bit(),
            posts: Reg::bit(),
            post: Reg::bit(),
            any_busy: Wire::bit(),
            wait: Wire::bit(),
            done: Wire::bit(),
            start: Wire::bit(),
            lane_count: Const::new(k),
            pass_at: places(&[line, 1, 1]),
        }
    }
}

impl Logic for PsumCollectors {
    describe!("psum_collectors", "The psum collectors of all lanes, which work on a pass together.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, free, working, posts, post);
        self.queue.clock.next = self.clock.val();
        self.queue.enq.valid.next = self.pass_valid.val();
        self.queue.enq.payload.next = self.psum.val()
            | (self.wait_psum_free.val() << self.pass_at[1].val())
            | (self.post_psum_done.val() << self.pass_at[2].val());
        self.pass_ready.next = self.queue.enq.ready.val();

        self.any_busy.next = false.into();
        for l in 0..self.lane_count.index() {
            self.any_busy.next = self.any_busy.val() | self.lanes[l].busy.val();
        }
        self.done.next = (self.working.q.val().any() && !self.any_busy.val().any()).into();
        self.pass_done.next = self.done.val();
        self.post.d.next = self.done.val() & self.posts.q.val();
        self.psum_done_post.next = self.post.q.val();
        self.idle.next = (!self.working.q.val().any() && !self.queue.deq.valid.val().any()).into();

        self.wait.next = self.queue.deq.payload.val() >> self.pass_at[1].val();
        self.start.next = (self.queue.deq.valid.val().any()
            && !self.any_busy.val().any()
            && (!self.wait.val().any() || self.free.q.val().any()))
        .into();
        self.queue.deq.ready.next = self.start.val();
        self.free.d.next = self.free.q.val() + self.psum_free_post.val() - (self.start.val() & self.wait.val());
        if self.start.val().any() {
            self.working.d.next = true.into();
            self.posts.d.next = self.queue.deq.payload.val() >> self.pass_at[2].val();
        } else if self.done.val().any() {
            self.working.d.next = false.into();
        }

        for l in 0..self.lane_count.index() {
            self.lanes[l].clock.next = self.clock.val();
            PsumLayer::link(&mut self.layer, &mut self.lanes[l].layer);
            SourceEntry::link(&mut self.entry, &mut self.lanes[l].entry);
            self.lanes[l].sources.next = self.sources[l].val();
            self.lanes[l].table_write.next = self.table_write[l].val();
            self.lanes[l].start.next = self.start.val();
            self.lanes[l].base.next = self.queue.deq.payload.val();
            self.psum_out_row[l].next = self.lanes[l].psum_out_row.val();
            self.psum_out_col[l].next = self.lanes[l].psum_out_col.val();
            self.psum_out_take[l].next = self.lanes[l].psum_out_take.val();
            self.lanes[l].psum_out_valid.next = self.psum_out_valid[l].val();
            self.lanes[l].psum_out_word.next = self.psum_out_word[l].val();
            self.psum_write[l].next = self.lanes[l].psum_write.val();
            self.psum_write_line[l].next = self.lanes[l].psum_write_line.val();
            self.psum_write_word[l].next = self.lanes[l].psum_write_word.val();
        }
    }
}
