use crate::arch::FILTER_BUS_WORDS;
use crate::array::{event_bits, RsArray, EVENTS};
use crate::program::COMMAND_WORDS;
use crate::rtl::prelude::*;
use crate::sequencer::RsSequencer;
use crate::Arch;

/// The row-stationary core: what a dataflow is, seen from the shell.
///
/// It takes pass commands, staged filters and what the global buffer holds, and gives psums back to the buffer. Another dataflow is another
/// block with these ports, in the list at the end of `accelerator.rs`, or another array in [`crate::matrix::MatrixCore`]; tables, ifmap ports and reads of psums are
/// each core's own.
#[derive(LogicBlock)]
pub struct RsCore {
    pub clock: Wire<In, Clk>,
    // Commands
    /// Words 1 to 7 of the current command.
    pub command: Vec<Wire<In>>,
    /// Take the constants of a `LAYER`.
    pub layer_write: Wire<In>,
    /// Take an entry of a table.
    pub table_write: Wire<In>,
    pub table_target: Wire<In>,
    pub table_index: Wire<In>,
    pub table_word: Wire<In>,
    /// A `PASS` is offered.
    pub pass_valid: Wire<In>,
    pub pass_ready: Wire<Out>,
    /// Its flags.
    pub flags: Wire<In>,
    // Semaphores: one-cycle pulses
    pub loaded_post: Wire<In>,
    pub ifmap_free_post: Wire<Out>,
    pub psum_free_post: Wire<In>,
    pub psum_done_post: Wire<Out>,
    /// No pass is queued or in work.
    pub idle: Wire<Out>,
    // Filter staging, a line of words at a time
    pub staging_valid: Wire<In>,
    pub staging_ready: Wire<Out>,
    pub staging_word: Vec<Wire<In>>,
    // Global buffer; names and latencies as in `Glb`
    pub ifmap_banks: Wire<Out>,
    pub ifmap_read: Wire<Out>,
    pub ifmap_address: Wire<Out>,
    /// `ifmap_word` of the buffer.
    pub ifmap_read_word: Wire<In>,
    pub psum_read: Vec<Wire<Out>>,
    pub psum_read_line: Vec<Wire<Out>>,
    pub psum_read_word: Vec<Wire<In>>,
    pub psum_write: Vec<Wire<Out>>,
    pub psum_write_line: Vec<Wire<Out>>,
    pub psum_write_word: Vec<Wire<Out>>,
    // What happened in an earlier cycle
    pub ifmap_bus_words: Wire<Out>,
    pub filter_bus_lines: Wire<Out>,
    /// As in [`RsArray`].
    pub events: Vec<Wire<Out>>,
    sequencer: RsSequencer,
    array: RsArray,
    event_kinds: Const,
    lanes: Const,
    command_words: Const,
    line_words: Const,
}

fn wires<D: Direction>(n: usize, bits: usize, signed: bool) -> Vec<Wire<D>> {
    (0..n).map(|_| Wire::of(bits, signed)).collect()
}

impl RsCore {
    /// The core of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let lanes = arch.psum_lanes;
        RsCore {
            clock: Default::default(),
            command: wires(COMMAND_WORDS - 1, 64, false),
            layer_write: Wire::bit(),
            table_write: Wire::bit(),
            table_target: Wire::unsigned(8),
            table_index: Wire::unsigned(16),
            table_word: Wire::unsigned(64),
            pass_valid: Wire::bit(),
            pass_ready: Wire::bit(),
            flags: Wire::unsigned(8),
            loaded_post: Wire::bit(),
            ifmap_free_post: Wire::bit(),
            psum_free_post: Wire::bit(),
            psum_done_post: Wire::bit(),
            idle: Wire::bit(),
            staging_valid: Wire::bit(),
            staging_ready: Wire::bit(),
            staging_word: wires(FILTER_BUS_WORDS, arch.width, true),
            ifmap_banks: Wire::unsigned(8),
            ifmap_read: Wire::bit(),
            ifmap_address: Wire::unsigned(arch.word_address_bits()),
            ifmap_read_word: Wire::signed(arch.width),
            psum_read: wires(lanes, 1, false),
            psum_read_line: wires(lanes, arch.line_bits(), false),
            psum_read_word: wires(lanes, arch.psum_width, true),
            psum_write: wires(lanes, 1, false),
            psum_write_line: wires(lanes, arch.line_bits(), false),
            psum_write_word: wires(lanes, arch.psum_width, true),
            ifmap_bus_words: Wire::bit(),
            filter_bus_lines: Wire::bit(),
            events: event_bits(arch.pes()).map(Wire::unsigned).into(),
            sequencer: RsSequencer::new(arch),
            array: RsArray::new(arch),
            event_kinds: Const::new(EVENTS),
            lanes: Const::new(lanes),
            command_words: Const::new(COMMAND_WORDS - 1),
            line_words: Const::new(FILTER_BUS_WORDS),
        }
    }
}

impl Logic for RsCore {
    describe!("rs_core", "Row-stationary core: sequencer and PE array.");

    #[hdl_gen]
    fn update(&mut self) {
        self.sequencer.clock.next = self.clock.val();
        self.array.clock.next = self.clock.val();

        // Commands.
        for i in 0..self.command_words.index() {
            self.sequencer.command[i].next = self.command[i].val();
        }
        self.sequencer.layer_write.next = self.layer_write.val();
        self.sequencer.table_write.next = self.table_write.val();
        self.sequencer.table_target.next = self.table_target.val();
        self.sequencer.table_index.next = self.table_index.val();
        self.sequencer.table_word.next = self.table_word.val();
        self.sequencer.pass_valid.next = self.pass_valid.val();
        self.pass_ready.next = self.sequencer.pass_ready.val();
        self.sequencer.flags.next = self.flags.val();
        // Semaphores: one-cycle pulses.
        self.sequencer.loaded_post.next = self.loaded_post.val();
        self.ifmap_free_post.next = self.sequencer.ifmap_free_post.val();
        self.sequencer.psum_free_post.next = self.psum_free_post.val();
        self.psum_done_post.next = self.sequencer.psum_done_post.val();
        self.idle.next = self.sequencer.idle.val();
        // Filter staging, a line of words at a time.
        self.sequencer.staging_valid.next = self.staging_valid.val();
        self.staging_ready.next = self.sequencer.staging_ready.val();
        for i in 0..self.line_words.index() {
            self.sequencer.staging_word[i].next = self.staging_word[i].val();
        }
        // Global buffer; names and latencies as in `Glb`.
        self.ifmap_banks.next = self.sequencer.ifmap_banks.val();
        self.ifmap_read.next = self.sequencer.ifmap_read.val();
        self.ifmap_address.next = self.sequencer.ifmap_address.val();
        self.sequencer.ifmap_read_word.next = self.ifmap_read_word.val();
        for i in 0..self.lanes.index() {
            self.psum_read[i].next = self.sequencer.psum_read[i].val();
        }
        for i in 0..self.lanes.index() {
            self.psum_read_line[i].next = self.sequencer.psum_read_line[i].val();
        }
        for i in 0..self.lanes.index() {
            self.sequencer.psum_read_word[i].next = self.psum_read_word[i].val();
        }
        for i in 0..self.lanes.index() {
            self.psum_write[i].next = self.sequencer.psum_write[i].val();
        }
        for i in 0..self.lanes.index() {
            self.psum_write_line[i].next = self.sequencer.psum_write_line[i].val();
        }
        for i in 0..self.lanes.index() {
            self.psum_write_word[i].next = self.sequencer.psum_write_word[i].val();
        }
        // What happened in an earlier cycle.
        self.ifmap_bus_words.next = self.sequencer.ifmap_bus_words.val();
        self.filter_bus_lines.next = self.sequencer.filter_bus_lines.val();
        for i in 0..self.event_kinds.index() {
            self.events[i].next = self.array.events[i].val();
        }
        // Layer constants.
        self.array.taps_m1.next = self.sequencer.taps_m1.val();
        self.array.step.next = self.sequencer.step.val();
        self.array.filters_m1.next = self.sequencer.filters_m1.val();
        self.array.windows_m1.next = self.sequencer.windows_m1.val();
        self.array.images_m1.next = self.sequencer.images_m1.val();
        self.array.psum_shift.next = self.sequencer.psum_shift.val();
        self.array.chain_shift.next = self.sequencer.chain_shift.val();
        self.array.chain_word.next = self.sequencer.chain_word.val();
        // Networks.
        self.array.ifmap_valid.next = self.sequencer.ifmap_valid.val();
        self.array.ifmap_y.next = self.sequencer.ifmap_y.val();
        self.array.ifmap_x.next = self.sequencer.ifmap_x.val();
        self.array.ifmap_word.next = self.sequencer.ifmap_word.val();
        self.array.filter_valid.next = self.sequencer.filter_valid.val();
        self.array.filter_y.next = self.sequencer.filter_y.val();
        self.array.filter_x.next = self.sequencer.filter_x.val();
        self.array.filter_first.next = self.sequencer.filter_first.val();
        self.sequencer.ifmap_ready.next = self.array.ifmap_ready.val();
        self.sequencer.filter_ready.next = self.array.filter_ready.val();
        for i in 0..self.line_words.index() {
            self.array.filter_word[i].next = self.sequencer.filter_word[i].val();
        }
        for i in 0..self.lanes.index() {
            self.array.psum_in_valid[i].next = self.sequencer.psum_in_valid[i].val();
            self.array.psum_in_row[i].next = self.sequencer.psum_in_row[i].val();
            self.array.psum_in_col[i].next = self.sequencer.psum_in_col[i].val();
            self.array.psum_in_word[i].next = self.sequencer.psum_in_word[i].val();
            self.array.psum_out_row[i].next = self.sequencer.psum_out_row[i].val();
            self.array.psum_out_col[i].next = self.sequencer.psum_out_col[i].val();
            self.array.psum_out_take[i].next = self.sequencer.psum_out_take[i].val();
            self.sequencer.psum_in_ready[i].next = self.array.psum_in_ready[i].val();
            self.sequencer.psum_out_valid[i].next = self.array.psum_out_valid[i].val();
            self.sequencer.psum_out_word[i].next = self.array.psum_out_word[i].val();
        }
    }
}
