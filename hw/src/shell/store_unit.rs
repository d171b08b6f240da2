use super::write_port::WRITE_BEATS;
use super::{
    output_stage::OutputStage, packer, packer::Packer, params_loader::ParamsLoader, rlc_encoder::RlcEncoder,
    semaphore::Semaphore, store_walker::StoreWalker, wide_fifo::WideFifo,
};
use crate::arch::WINDOW_BITS;
use crate::program::{flag, params, FLAGS};
use crate::rlc::SLOT_HEAD;
use crate::rtl::prelude::*;
use crate::Arch;

/// STORE and PARAMS commands that wait in the queue.
const QUEUE: usize = 4;
/// Runs that have begun to be read and are not all packed.
const RUNS: usize = 4;
/// Elements between their read from the buffer and the packer; more than the output stage's latency, for an element a cycle.
const ELEMENTS: usize = 16;
/// Elements are codes of compressed words, with masks; to the packer they are [`packer::CODES`].
const MASKS: usize = 3;

/// PARAMS and STORE: finished psums from the global buffer through the output stage to DRAM.
///
/// Commands are executed in order. The next STORE reads the buffer while the last results of the one before are written.
/// A compressed STORE is a single run: its codes, and last, at its address, their number.
/// Rate: an element a cycle if the buffer grants its reads; a cycle more for each beat beyond the first of a wide element. Of a compressed
/// STORE an element a cycle, or a beat a cycle where codes are more beats than they hold elements.
#[derive(LogicBlock)]
pub struct StoreUnit {
    pub clock: Wire<In, Clk>,
    // Commands: flags and words 1 to 6
    pub command_valid: Wire<In>,
    pub command_ready: Wire<Out>,
    pub command_params: Wire<In>,
    pub flags: Wire<In>,
    pub command: Vec<Wire<In>>,
    pub table_write: Wire<In>,
    pub table_index: Wire<In>,
    pub table_word: Wire<In>,
    // Semaphores
    pub psum_done_post: Wire<In>,
    pub psum_free_post: Wire<Out>,
    // Reads of parameters
    pub request_valid: Wire<Out>,
    pub request_ready: Wire<In>,
    pub request_address: Wire<Out>,
    pub request_beats_m1: Wire<Out>,
    pub read_valid: Wire<In>,
    pub read_ready: Wire<Out>,
    pub read_data: Wire<In>,
    // The global buffer
    pub drain_read: Wire<Out>,
    pub drain_lane: Wire<Out>,
    pub drain_line: Wire<Out>,
    pub drain_grant: Wire<In>,
    pub drain_word: Wire<In>,
    // Beats and bursts for the write port
    pub beat_valid: Wire<Out>,
    pub beat_ready: Wire<In>,
    pub beat_data: Wire<Out>,
    pub beat_strobe: Wire<Out>,
    pub burst_valid: Wire<Out>,
    pub burst_ready: Wire<In>,
    pub burst_address: Wire<Out>,
    pub burst_beats_m1: Wire<Out>,
    /// Bytes packed in this cycle.
    pub bytes: Wire<Out>,
    /// A code is packed in this cycle.
    pub encoded: Wire<Out>,
    /// Nothing is queued, in work or waiting for the write port.
    pub idle: Wire<Out>,
    queue: WideFifo,
    done: Semaphore,
    walker: StoreWalker,
    params: ParamsLoader,
    stage: OutputStage,
    runs: WideFifo,
    elements: WideFifo,
    encoder: RlcEncoder,
    packer: Packer,
    working: Reg,
    /// Of the compressed run at the head the codes are packed, or being packed.
    head: Reg,
    /// The run's codes have masks.
    masked: Optional<Reg>,
    window: Reg,
    // The row that is read, if there is one: the line of its next window, its lane, its entry of the output stage's table; it is its run's last
    row: Reg,
    row_line: Reg,
    row_lane: Reg,
    row_param: Reg,
    row_last: Reg,
    /// Elements that may still be read before the packer takes one.
    room: Reg,
    is_params: Wire<Local>,
    waits: Wire<Local>,
    start: Wire<Local>,
    finish: Wire<Local>,
    read: Wire<Local>,
    row_end: Wire<Local>,
    packed: Wire<Local>,
    kind: Wire<Local>,
    /// The element, sign-extended.
    element: Wire<Local>,
    is_rlc: Wire<Local>,
    run_rlc: Wire<Local>,
    wait_done: Const,
    post_free: Const,
    raw: Const,
    relu: Const,
    rlc: Const,
    masks: Const,
    has_masks: Const,
    raw_kind: Const,
    code_kind: Const,
    mask_kind: Const,
    slot_head: Const,
    elements_max: Const,
}

impl StoreUnit {
    /// For the link, the buffer and the array of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let constant = |n: u64| Const::new(n as usize);
        StoreUnit {
            clock: Default::default(),
            command_valid: Wire::bit(),
            command_ready: Wire::bit(),
            command_params: Wire::bit(),
            flags: Wire::unsigned(FLAGS.bits),
            command: (0..6).map(|_| Wire::unsigned(64)).collect(),
            table_write: Wire::bit(),
            table_index: Wire::unsigned(16),
            table_word: Wire::unsigned(64),
            psum_done_post: Wire::bit(),
            psum_free_post: Wire::bit(),
            request_valid: Wire::bit(),
            request_ready: Wire::bit(),
            request_address: Wire::unsigned(64),
            request_beats_m1: Wire::unsigned(6),
            read_valid: Wire::bit(),
            read_ready: Wire::bit(),
            read_data: Wire::unsigned(arch.link_width),
            drain_read: Wire::bit(),
            drain_lane: Wire::unsigned(2),
            drain_line: Wire::unsigned(arch.line_bits()),
            drain_grant: Wire::bit(),
            drain_word: Wire::signed(arch.psum_width),
            beat_valid: Wire::bit(),
            beat_ready: Wire::bit(),
            beat_data: Wire::unsigned(arch.link_width),
            beat_strobe: Wire::unsigned(arch.link_bytes()),
            burst_valid: Wire::bit(),
            burst_ready: Wire::bit(),
            burst_address: Wire::unsigned(64),
            burst_beats_m1: Wire::unsigned(address_bits(WRITE_BEATS)),
            bytes: Wire::unsigned(4),
            encoded: Wire::bit(),
            idle: Wire::bit(),
            queue: WideFifo::new(QUEUE, &[FLAGS.bits, 1, 64, 64, 64, 64, 64, 64]),
            done: Default::default(),
            walker: StoreWalker::new(arch),
            params: ParamsLoader::new(arch),
            stage: OutputStage::new(arch),
            runs: WideFifo::new(RUNS, &[64, 2]),
            elements: WideFifo::new(ELEMENTS, &[arch.psum_width, 1]),
            encoder: RlcEncoder::new(arch),
            packer: Packer::new(arch),
            working: Reg::bit(),
            head: Reg::bit(),
            masked: Optional::new(arch.masks, Reg::bit()),
            window: Reg::data(WINDOW_BITS, false),
            row: Reg::bit(),
            row_line: Reg::data(arch.line_bits(), false),
            row_lane: Reg::data(2, false),
            row_param: Reg::data(address_bits(params::DEPTH), false),
            row_last: Reg::data(1, false),
            room: Reg::new(count_bits(ELEMENTS), false, ELEMENTS as i128),
            is_params: Wire::bit(),
            waits: Wire::bit(),
            start: Wire::bit(),
            finish: Wire::bit(),
            read: Wire::bit(),
            row_end: Wire::bit(),
            packed: Wire::bit(),
            kind: Wire::unsigned(2),
            element: Wire::signed(arch.psum_width),
            is_rlc: Wire::bit(),
            run_rlc: Wire::bit(),
            wait_done: constant(flag::STORE_WAIT_DONE),
            post_free: constant(flag::STORE_POST_FREE),
            raw: constant(flag::STORE_RAW),
            relu: constant(flag::STORE_RELU),
            rlc: constant(flag::STORE_RLC),
            masks: constant(flag::STORE_MASKS),
            has_masks: Const::new(arch.masks as usize),
            raw_kind: Const::new(packer::RAW),
            code_kind: Const::new(packer::CODES),
            mask_kind: Const::new(MASKS),
            slot_head: Const::new(SLOT_HEAD),
            elements_max: Const::new(ELEMENTS),
        }
    }
}

impl Logic for StoreUnit {
    describe!("store_unit", "PARAMS and STORE: psums from the global buffer through the output stage to DRAM.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, working, head, window, room, row, row_line, row_lane, row_param, row_last);
        self.queue.clock.next = self.clock.val();
        self.done.clock.next = self.clock.val();
        self.walker.clock.next = self.clock.val();
        self.params.clock.next = self.clock.val();
        self.stage.clock.next = self.clock.val();
        self.runs.clock.next = self.clock.val();
        self.elements.clock.next = self.clock.val();
        self.encoder.clock.next = self.clock.val();
        self.packer.clock.next = self.clock.val();

        // Commands: one at a time, at the head of the queue until its last read
        self.queue.enq_valid.next = self.command_valid.val();
        self.command_ready.next = self.queue.enq_ready.val();
        self.queue.enq[0].next = self.flags.val();
        self.queue.enq[1].next = self.command_params.val();
        for i in 0..6 {
            self.queue.enq[i + 2].next = self.command[i].val();
            self.walker.command[i].next = self.queue.deq[i + 2].val();
        }
        for i in 0..2 {
            self.params.command[i].next = self.queue.deq[i + 2].val();
        }
        self.is_params.next = self.queue.deq[1].val();
        self.waits.next =
            (!self.is_params.val().any() && (self.queue.deq[0].val() & self.wait_done.val()).any()).into();
        self.start.next = (self.queue.deq_valid.val().any()
            && !self.working.q.val().any()
            && (!self.waits.val().any() || self.done.available.val().any()))
        .into();
        self.done.post.next = self.psum_done_post.val();
        self.done.take.next = self.start.val() & self.waits.val();
        self.walker.start.next = (self.start.val().any() && !self.is_params.val().any()).into();
        self.params.start.next = self.start.val() & self.is_params.val();
        self.finish.next = (self.working.q.val().any()
            && ((self.is_params.val().any() && self.params.done.val().any())
                || (!self.is_params.val().any() && !self.walker.active.val().any() && !self.row.q.val().any())))
        .into();
        self.queue.deq_ready.next = self.finish.val();
        self.psum_free_post.next = (self.finish.val().any()
            && !self.is_params.val().any()
            && (self.queue.deq[0].val() & self.post_free.val()).any())
        .into();
        if self.start.val().any() {
            self.working.d.next = 1.into();
        } else if self.finish.val().any() {
            self.working.d.next = 0.into();
        }

        self.walker.table_write.next = self.table_write.val();
        self.walker.table_index.next = self.table_index.val();
        self.walker.table_word.next = self.table_word.val();
        self.request_valid.next = self.params.request_valid.val();
        self.request_address.next = self.params.request_address.val();
        self.request_beats_m1.next = self.params.request_beats_m1.val();
        self.params.request_ready.next = self.request_ready.val();
        self.params.read_valid.next = self.read_valid.val();
        self.params.read_data.next = self.read_data.val();
        self.read_ready.next = self.params.read_ready.val();
        self.stage.param_write.next = self.params.param_write.val();
        self.stage.param_index.next = self.params.param_index.val();
        self.stage.param_bias.next = self.params.param_bias.val();
        self.stage.param_scale.next = self.params.param_scale.val();
        self.stage.param_shift.next = self.params.param_shift.val();

        self.runs.enq_valid.next = self.walker.run_valid.val();
        self.runs.enq[0].next = self.walker.run_address.val();
        self.walker.whole.next = (self.queue.deq[0].val() & self.rlc.val()).any().into();
        self.kind.next = 0.into();
        if (self.queue.deq[0].val() & self.raw.val()).any() {
            self.kind.next = self.raw_kind.val();
        } else if (self.queue.deq[0].val() & self.rlc.val()).any() {
            self.kind.next = self.code_kind.val();
            if self.has_masks.val().any() && (self.queue.deq[0].val() & self.masks.val()).any() {
                self.kind.next = self.mask_kind.val();
            }
        }
        self.runs.enq[1].next = self.kind.val();
        self.walker.run_ready.next = self.runs.enq_ready.val();

        // Reads: a window a cycle
        self.drain_read.next = (self.row.q.val().any() && self.room.q.val().any()).into();
        self.drain_lane.next = self.row_lane.q.val();
        self.drain_line.next = self.row_line.q.val();
        self.read.next = self.drain_read.val() & self.drain_grant.val();
        self.row_end.next = (self.window.q.val() == self.walker.windows_m1.val()).into();
        self.walker.row_ready.next =
            (!self.row.q.val().any() || (self.read.val().any() && self.row_end.val().any())).into();
        if self.walker.row_ready.val().any() {
            self.window.d.next = 0.into();
            self.row.d.next = self.walker.row_valid.val();
            self.row_line.d.next = self.walker.row_line.val();
            self.row_lane.d.next = self.walker.row_lane.val();
            self.row_param.d.next = self.walker.row_param.val();
            self.row_last.d.next = self.walker.row_last.val();
        } else if self.read.val().any() {
            self.window.d.next = self.window.q.val() + 1;
            self.row_line.d.next = self.row_line.q.val() + 1;
        }
        self.stage.read.next = self.read.val();
        self.stage.param.next = self.row_param.q.val();
        self.stage.raw.next = (self.queue.deq[0].val() & self.raw.val()).any().into();
        self.stage.relu.next = (self.queue.deq[0].val() & self.relu.val()).any().into();
        self.stage.last.next = self.row_end.val() & self.row_last.q.val();
        self.stage.psum.next = self.drain_word.val();

        // Results
        self.elements.enq_valid.next = self.stage.valid.val();
        self.elements.enq[0].next = self.stage.value.val();
        self.elements.enq[1].next = self.stage.value_last.val();
        self.element.next = self.elements.deq[0].val();
        self.is_rlc.next = self.packer.coded.val();
        self.encoder.word_valid.next = self.elements.deq_valid.val() & self.is_rlc.val();
        self.encoder.word.next = self.elements.deq[0].val();
        self.encoder.word_last.next = self.elements.deq[1].val();
        self.encoder.code_ready.next = self.packer.element_ready.val();
        // A compressed run is packed as two: its codes, and their number.
        self.run_rlc.next = (self.runs.deq[1].val() == self.code_kind.val()).into();
        self.packer.run_valid.next = self.runs.deq_valid.val();
        self.packer.run_kind.next = self.runs.deq[1].val();
        if self.has_masks.val().any() && self.runs.deq[1].val() == self.mask_kind.val() {
            self.run_rlc.next = 1.into();
            self.packer.run_kind.next = self.code_kind.val();
        }
        self.packer.run_address.next = self.runs.deq[0].val();
        self.runs.deq_ready.next = self.packer.run_ready.val();
        if self.run_rlc.val().any() && !self.head.q.val().any() {
            self.packer.run_address.next = self.runs.deq[0].val() + self.slot_head.val();
            self.runs.deq_ready.next = 0.into();
        }
        if self.runs.deq_valid.val().any() && self.packer.run_ready.val().any() && self.run_rlc.val().any() {
            self.head.d.next = !self.head.q.val();
        }
        if self.has_masks.val().any() {
            self.encoder.masked.next = self.masked.q.val();
            self.masked.clock.next = self.clock.val();
            self.masked.d.next = self.masked.q.val();
            if self.runs.deq_valid.val().any() && self.packer.run_ready.val().any() {
                self.masked.d.next = (self.runs.deq[1].val() == self.mask_kind.val()).into();
            }
        }
        if self.is_rlc.val().any() {
            self.packer.element_valid.next = self.encoder.code_valid.val();
            self.packer.element.next = self.encoder.code.val();
            self.packer.element_last.next = self.encoder.code_last.val();
            self.packed.next = self.elements.deq_valid.val() & self.encoder.word_ready.val();
        } else {
            self.packer.element_valid.next = self.elements.deq_valid.val();
            self.packer.element.next = self.element.val();
            self.packer.element_last.next = self.elements.deq[1].val();
            self.packed.next = self.packer.element_ready.val();
        }
        self.elements.deq_ready.next = self.packed.val();
        self.encoded.next =
            (self.is_rlc.val().any() && self.packer.element_ready.val().any() && !self.encoder.is_head.val().any())
                .into();
        self.room.d.next = self.room.q.val() - self.read.val() + self.packed.val();
        self.beat_valid.next = self.packer.beat_valid.val();
        self.beat_data.next = self.packer.beat_data.val();
        self.beat_strobe.next = self.packer.beat_strobe.val();
        self.packer.beat_ready.next = self.beat_ready.val();
        self.burst_valid.next = self.packer.burst_valid.val();
        self.burst_address.next = self.packer.burst_address.val();
        self.burst_beats_m1.next = self.packer.burst_beats_m1.val();
        self.packer.burst_ready.next = self.burst_ready.val();
        self.bytes.next = self.packer.bytes.val();
        self.idle.next = (!self.queue.deq_valid.val().any()
            && !self.runs.deq_valid.val().any()
            && !self.packer.active.val().any()
            && self.room.q.val() == self.elements_max.val())
        .into();
    }
}
