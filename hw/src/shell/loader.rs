use super::{
    burst, burst::Burst, load_unpack::LoadUnpack, load_walker::LoadWalker, semaphore::Semaphore, wide_fifo::WideFifo,
};
use crate::arch::LANES;
use crate::program::{flag, FLAGS};
use crate::rlc::{CODE_BYTES, SLOT_HEAD};
use crate::rtl::prelude::*;
use crate::Arch;

/// LOAD commands that wait in the queue.
const QUEUE: usize = 4;
/// Runs whose beats are on the way.
const RUNS: usize = 8;
/// Width of a number of beats: 2^32 elements of up to four bytes, beats of at least as many.
const BEATS_BITS: usize = 33;

/// LOAD: copies a tile of the ifmap from DRAM to the global buffer.
///
/// Reads are asked for ahead of the data of earlier runs, and of earlier commands. A command that waits for `ifmap_free`
/// waits before its first request, so a read that was asked for never waits for anything but DRAM.
/// Of a compressed slot the length is asked for as soon as the command is at the head of the queue, its codes when the length is known.
/// Rate: a group of up to four words a cycle; see [`LoadUnpack`].
#[derive(LogicBlock)]
pub struct Loader {
    pub clock: Wire<In, Clk>,
    // Commands: flags and words 1 to 5
    pub command_valid: Wire<In>,
    pub command_ready: Wire<Out>,
    pub flags: Wire<In>,
    pub command: Vec<Wire<In>>,
    // Semaphores
    pub ifmap_free_post: Wire<In>,
    pub loaded_post: Wire<Out>,
    // Reads
    pub request_valid: Wire<Out>,
    pub request_ready: Wire<In>,
    pub request_address: Wire<Out>,
    pub request_beats_m1: Wire<Out>,
    pub read_valid: Wire<In>,
    pub read_ready: Wire<Out>,
    pub read_data: Wire<In>,
    // The global buffer
    pub load_write: Vec<Wire<Out>>,
    pub load_line: Vec<Wire<Out>>,
    pub load_word: Vec<Wire<Out>>,
    /// Nothing is queued or on its way.
    pub idle: Wire<Out>,
    // Codes of compressed slots
    pub decoded: Wire<Out>,
    pub failed: Wire<Out>,
    queue: WideFifo,
    free: Semaphore,
    walker: LoadWalker,
    burst: Burst,
    runs: WideFifo,
    unpack: LoadUnpack,
    /// The length of the slot at the head was asked for.
    asked: Reg,
    is_slot: Wire<Local>,
    ask: Wire<Local>,
    waits: Wire<Local>,
    start: Wire<Local>,
    run: Wire<Local>,
    wait_free: Const,
    post_loaded: Const,
    rlc: Const,
    masks: Const,
    has_masks: Const,
    head: Const,
    head_beats_m1: Const,
    code_shift: Const,
    beat_shift: Const,
}

impl Loader {
    /// For the link and the buffer of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let elements = arch.link_bytes() / arch.word_bytes();
        Loader {
            clock: Default::default(),
            command_valid: Wire::bit(),
            command_ready: Wire::bit(),
            flags: Wire::unsigned(FLAGS.bits),
            command: (0..5).map(|_| Wire::unsigned(64)).collect(),
            ifmap_free_post: Wire::bit(),
            loaded_post: Wire::bit(),
            request_valid: Wire::bit(),
            request_ready: Wire::bit(),
            request_address: Wire::unsigned(64),
            request_beats_m1: Wire::unsigned(6),
            read_valid: Wire::bit(),
            read_ready: Wire::bit(),
            read_data: Wire::unsigned(arch.link_width),
            load_write: (0..LANES).map(|_| Wire::bit()).collect(),
            load_line: (0..LANES).map(|_| Wire::unsigned(arch.line_bits())).collect(),
            load_word: (0..LANES).map(|_| Wire::signed(arch.width)).collect(),
            idle: Wire::bit(),
            decoded: Wire::bit(),
            failed: Wire::bit(),
            queue: WideFifo::new(QUEUE, &[FLAGS.bits, 64, 64, 64, 64, 64]),
            free: Default::default(),
            walker: LoadWalker::new(arch.link_bytes(), arch.word_bytes(), arch.word_address_bits(), BEATS_BITS),
            burst: Burst::new(arch.link_bytes(), burst::READ_BEATS),
            runs: WideFifo::new(RUNS, &[address_bits(elements), 32, arch.word_address_bits(), 1, 1, 1]),
            unpack: LoadUnpack::new(arch),
            asked: Reg::bit(),
            is_slot: Wire::bit(),
            ask: Wire::bit(),
            waits: Wire::bit(),
            start: Wire::bit(),
            run: Wire::bit(),
            wait_free: Const::new(flag::LOAD_WAIT_FREE as usize),
            post_loaded: Const::new(flag::LOAD_POST_LOADED as usize),
            rlc: Const::new(flag::LOAD_RLC as usize),
            masks: Const::new(flag::LOAD_MASKS as usize),
            has_masks: Const::new(arch.masks as usize),
            head: Const::new(SLOT_HEAD),
            head_beats_m1: Const::new(CODE_BYTES.div_ceil(arch.link_bytes()) - 1),
            code_shift: Const::new(CODE_BYTES.ilog2() as usize),
            beat_shift: Const::new(arch.link_bytes().ilog2() as usize),
        }
    }
}

impl Logic for Loader {
    describe!("loader", "LOAD: copies a tile of the ifmap from DRAM to the global buffer.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, asked);
        self.queue.clock.next = self.clock.val();
        self.free.clock.next = self.clock.val();
        self.walker.clock.next = self.clock.val();
        self.burst.clock.next = self.clock.val();
        self.runs.clock.next = self.clock.val();
        self.unpack.clock.next = self.clock.val();

        // A command stays at the head of the queue until its last run is asked for.
        self.queue.enq_valid.next = self.command_valid.val();
        self.command_ready.next = self.queue.enq_ready.val();
        self.queue.enq[0].next = self.flags.val();
        for i in 0..5 {
            self.queue.enq[i + 1].next = self.command[i].val();
            self.walker.command[i].next = self.queue.deq[i + 1].val();
        }
        self.waits.next = (self.queue.deq[0].val() & self.wait_free.val()).any().into();
        self.is_slot.next = (self.queue.deq[0].val() & self.rlc.val()).any().into();
        self.ask.next = (self.queue.deq_valid.val().any()
            && self.is_slot.val().any()
            && !self.asked.q.val().any()
            && !self.walker.active.val().any()
            && self.burst.run_ready.val().any())
        .into();
        self.start.next = (self.queue.deq_valid.val().any()
            && !self.walker.active.val().any()
            && (!self.is_slot.val().any()
                || (self.asked.q.val().any()
                    && self.unpack.length_valid.val().any()
                    && self.burst.run_ready.val().any()))
            && (!self.waits.val().any() || self.free.available.val().any()))
        .into();
        self.walker.start.next = self.start.val();
        self.free.post.next = self.ifmap_free_post.val();
        self.free.take.next = self.start.val() & self.waits.val();

        // A run goes to the requests and to the queue of those whose beats are awaited; all runs of a slot are asked for at once.
        self.run.next = (self.walker.run_valid.val().any()
            && (self.is_slot.val().any() || self.burst.run_ready.val().any())
            && self.runs.enq_ready.val().any())
        .into();
        self.walker.run_ready.next = self.run.val();
        self.queue.deq_ready.next = self.run.val() & self.walker.last.val();
        self.unpack.go.next = self.start.val() & self.is_slot.val();
        if self.has_masks.val().any() {
            self.unpack.go_masks.next = (self.queue.deq[0].val() & self.masks.val()).any().into();
        }
        if self.start.val().any() {
            self.asked.d.next = 0.into();
        } else if self.ask.val().any() {
            self.asked.d.next = 1.into();
        }
        if !self.is_slot.val().any() {
            self.burst.run_valid.next = self.run.val();
            self.burst.run_address.next = self.walker.address.val();
            self.burst.run_beats_m1.next = self.walker.beats_m1.val();
            self.runs.enq[0].next = self.walker.skip.val();
        } else {
            self.burst.run_valid.next = self.ask.val() | self.start.val();
            self.runs.enq[0].next = 0.into();
            if !self.asked.q.val().any() {
                self.burst.run_address.next = self.queue.deq[1].val();
                self.burst.run_beats_m1.next = self.head_beats_m1.val();
            } else {
                self.burst.run_address.next = self.queue.deq[1].val() + self.head.val();
                self.burst.run_beats_m1.next =
                    ((self.unpack.length.val() << self.code_shift.val()) - 1) >> self.beat_shift.val();
            }
        }
        self.burst.allow.next = 1.into();
        self.runs.enq_valid.next = self.run.val();
        self.runs.enq[1].next = self.walker.elements_m1.val();
        self.runs.enq[2].next = self.walker.word.val();
        self.runs.enq[3].next =
            (self.walker.last.val().any() && (self.queue.deq[0].val() & self.post_loaded.val()).any()).into();
        self.runs.enq[4].next = self.is_slot.val();
        self.runs.enq[5].next = self.walker.last.val();

        self.request_valid.next = self.burst.request_valid.val();
        self.request_address.next = self.burst.request_address.val();
        self.request_beats_m1.next = self.burst.request_beats_m1.val();
        self.burst.request_ready.next = self.request_ready.val();

        self.unpack.run_valid.next = self.runs.deq_valid.val();
        self.runs.deq_ready.next = self.unpack.run_ready.val();
        self.unpack.skip.next = self.runs.deq[0].val();
        self.unpack.elements_m1.next = self.runs.deq[1].val();
        self.unpack.word.next = self.runs.deq[2].val();
        self.unpack.post.next = self.runs.deq[3].val();
        self.unpack.run_rlc.next = self.runs.deq[4].val();
        self.unpack.run_last.next = self.runs.deq[5].val();
        self.unpack.read_valid.next = self.read_valid.val();
        self.unpack.read_data.next = self.read_data.val();
        self.read_ready.next = self.unpack.read_ready.val();

        for i in 0..4 {
            self.load_write[i].next = self.unpack.load_write[i].val();
            self.load_line[i].next = self.unpack.load_line[i].val();
            self.load_word[i].next = self.unpack.load_word[i].val();
        }
        self.loaded_post.next = self.unpack.posted.val();
        self.decoded.next = self.unpack.decoded.val();
        self.failed.next = self.unpack.failed.val();
        self.idle.next = (!self.queue.deq_valid.val().any() && self.unpack.idle.val().any()).into();
    }
}
