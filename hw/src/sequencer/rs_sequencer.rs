use super::fields::{self, PassFields, SourceFields};
use super::filter_staging::FilterStaging;
use super::filter_walker::FilterWalker;
use super::ifmap_walker::IfmapWalker;
use super::layer_registers::LayerRegisters;
use super::psum_collectors::PsumCollectors;
use super::psum_feeders::PsumFeeders;
use crate::arch::{Arch, FILTER_BUS_WORDS, WINDOW_BITS};
use crate::program::table;
use crate::rtl::prelude::*;

/// Everything between decoded commands and the array with its buffer.
///
/// Holds the layer constants and tables, and for each pass runs the ifmap walker, the psum feeders and the psum collectors, each at its own pace;
/// filters go to the array as they are staged. `command[i]` is word i + 1 of a command. A table entry goes to the configuration chain (`chain_shift` in
/// the next cycle), to the ifmap table or to a psum lane's table. A pass is taken when all three units have room for it.
#[derive(LogicBlock)]
pub struct RsSequencer {
    pub clock: Wire<In, Clk>,
    // Commands
    pub command: Vec<Wire<In>>,
    pub layer_write: Wire<In>,
    pub table_write: Wire<In>,
    pub table_target: Wire<In>,
    pub table_index: Wire<In>,
    pub table_word: Wire<In>,
    pub pass_valid: Wire<In>,
    pub pass_ready: Wire<Out>,
    pub flags: Wire<In>,
    pub loaded_post: Wire<In>,
    pub ifmap_free_post: Wire<Out>,
    pub psum_free_post: Wire<In>,
    pub psum_done_post: Wire<Out>,
    /// No pass is queued or in work, and the chain does not shift.
    pub idle: Wire<Out>,
    // Staged filters
    pub staging_valid: Wire<In>,
    pub staging_ready: Wire<Out>,
    pub staging_word: Vec<Wire<In>>,
    // Global buffer
    pub ifmap_banks: Wire<Out>,
    pub ifmap_read: Wire<Out>,
    pub ifmap_address: Wire<Out>,
    pub ifmap_read_word: Wire<In>,
    pub psum_read: Vec<Wire<Out>>,
    pub psum_read_line: Vec<Wire<Out>>,
    pub psum_read_word: Vec<Wire<In>>,
    pub psum_write: Vec<Wire<Out>>,
    pub psum_write_line: Vec<Wire<Out>>,
    pub psum_write_word: Vec<Wire<Out>>,
    // Array: configuration and layer constants
    pub chain_shift: Wire<Out>,
    pub chain_word: Wire<Out>,
    pub taps_m1: Wire<Out>,
    pub step: Wire<Out>,
    pub filters_m1: Wire<Out>,
    pub windows_m1: Wire<Out>,
    pub images_m1: Wire<Out>,
    pub psum_shift: Wire<Out>,
    // Array: networks
    pub ifmap_valid: Wire<Out>,
    pub ifmap_ready: Wire<In>,
    pub ifmap_y: Wire<Out>,
    pub ifmap_x: Wire<Out>,
    pub ifmap_word: Wire<Out>,
    pub filter_valid: Wire<Out>,
    pub filter_ready: Wire<In>,
    pub filter_y: Wire<Out>,
    pub filter_x: Wire<Out>,
    pub filter_first: Wire<Out>,
    pub filter_word: Vec<Wire<Out>>,
    pub psum_in_valid: Vec<Wire<Out>>,
    pub psum_in_ready: Vec<Wire<In>>,
    pub psum_in_row: Vec<Wire<Out>>,
    pub psum_in_col: Vec<Wire<Out>>,
    pub psum_in_word: Vec<Wire<Out>>,
    pub psum_out_row: Vec<Wire<Out>>,
    pub psum_out_col: Vec<Wire<Out>>,
    pub psum_out_take: Vec<Wire<Out>>,
    pub psum_out_valid: Vec<Wire<In>>,
    pub psum_out_word: Vec<Wire<In>>,
    // Events: a word, a line went to the array in the cycle before
    pub ifmap_bus_words: Wire<Out>,
    pub filter_bus_lines: Wire<Out>,
    layer: LayerRegisters,
    pass: PassFields,
    source: SourceFields,
    ifmap: IfmapWalker,
    feeders: PsumFeeders,
    collectors: PsumCollectors,
    staging: FilterStaging,
    filters: FilterWalker,
    shift: Reg,
    chain: Reg,
    ifmap_moved: Reg,
    filter_moved: Reg,
    take: Wire<Local>,
    lanes: Const,
    pass_words: Const,
    command_words: Const,
    chain_target: Const,
    ifmap_target: Const,
    psum_target: Const,
    wait_loaded: Const,
    post_free: Const,
    first: Const,
    wait_psum_free: Const,
    post_psum_done: Const,
}

fn wires<D: Direction>(count: usize, bits: usize, signed: bool) -> Vec<Wire<D>> {
    (0..count).map(|_| Wire::of(bits, signed)).collect()
}

impl RsSequencer {
    /// The sequencer of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (k, line, word) = (arch.psum_lanes, arch.line_bits(), arch.word_address_bits());
        let (row, col, psum) = (arch.tag_y_bits(), arch.lane_col_bits(), arch.psum_width);
        let layer = LayerRegisters::new(arch);
        let pass = PassFields::new(arch);
        RsSequencer {
            clock: Default::default(),
            command: wires(layer.command.len(), 64, false),
            layer_write: Wire::bit(),
            table_write: Wire::bit(),
            table_target: Wire::unsigned(table::TARGET.bits),
            table_index: Wire::unsigned(table::COUNT.bits),
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
            ifmap_banks: Wire::unsigned(layer.ifmap_banks.width()),
            ifmap_read: Wire::bit(),
            ifmap_address: Wire::unsigned(word),
            ifmap_read_word: Wire::signed(arch.width),
            psum_read: wires(k, 1, false),
            psum_read_line: wires(k, line, false),
            psum_read_word: wires(k, psum, true),
            psum_write: wires(k, 1, false),
            psum_write_line: wires(k, line, false),
            psum_write_word: wires(k, psum, true),
            chain_shift: Wire::bit(),
            chain_word: Wire::unsigned(arch.chain_bits()),
            taps_m1: Wire::unsigned(arch.taps_bits()),
            step: Wire::unsigned(arch.taps_bits()),
            filters_m1: Wire::unsigned(arch.filter_count_bits()),
            windows_m1: Wire::unsigned(WINDOW_BITS),
            images_m1: Wire::unsigned(layer.images_m1.width()),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            ifmap_valid: Wire::bit(),
            ifmap_ready: Wire::bit(),
            ifmap_y: Wire::unsigned(row),
            ifmap_x: Wire::unsigned(arch.ifmap_x_bits()),
            ifmap_word: Wire::signed(arch.width),
            filter_valid: Wire::bit(),
            filter_ready: Wire::bit(),
            filter_y: Wire::unsigned(row),
            filter_x: Wire::unsigned(arch.filter_x_bits()),
            filter_first: Wire::unsigned(address_bits(FILTER_BUS_WORDS)),
            filter_word: wires(FILTER_BUS_WORDS, arch.width, true),
            psum_in_valid: wires(k, 1, false),
            psum_in_ready: wires(k, 1, false),
            psum_in_row: wires(k, row, false),
            psum_in_col: wires(k, col, false),
            psum_in_word: wires(k, psum, true),
            psum_out_row: wires(k, row, false),
            psum_out_col: wires(k, col, false),
            psum_out_take: wires(k, 1, false),
            psum_out_valid: wires(k, 1, false),
            psum_out_word: wires(k, psum, true),
            ifmap_bus_words: Wire::bit(),
            filter_bus_lines: Wire::bit(),
            command_words: Const::new(layer.command.len()),
            pass_words: Const::new(pass.source.len()),
            layer,
            pass,
            source: SourceFields::new(arch),
            ifmap: IfmapWalker::new(arch),
            feeders: PsumFeeders::new(arch),
            collectors: PsumCollectors::new(arch),
            staging: FilterStaging::new(arch),
            filters: FilterWalker::new(arch),
            shift: Reg::bit(),
            chain: Reg::unsigned(arch.chain_bits()),
            ifmap_moved: Reg::bit(),
            filter_moved: Reg::bit(),
            take: Wire::bit(),
            lanes: Const::new(k),
            chain_target: Const::new(table::CHAIN as usize),
            ifmap_target: Const::new(table::IFMAP as usize),
            psum_target: Const::new(table::PSUM as usize),
            wait_loaded: Const::new(fields::WAIT_LOADED),
            post_free: Const::new(fields::POST_FREE),
            first: Const::new(fields::FIRST),
            wait_psum_free: Const::new(fields::WAIT_PSUM_FREE),
            post_psum_done: Const::new(fields::POST_PSUM_DONE),
        }
    }
}

impl Logic for RsSequencer {
    describe!("rs_sequencer", "Turns pass commands into traffic between the global buffer and the array.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, shift, chain, ifmap_moved, filter_moved);
        self.layer.clock.next = self.clock.val();
        self.ifmap.clock.next = self.clock.val();
        self.feeders.clock.next = self.clock.val();
        self.collectors.clock.next = self.clock.val();
        self.staging.clock.next = self.clock.val();
        self.filters.clock.next = self.clock.val();

        // Layer constants
        for i in 0..self.command_words.index() {
            self.layer.command[i].next = self.command[i].val();
        }
        self.layer.write.next = self.layer_write.val();
        self.ifmap_banks.next = self.layer.ifmap_banks.val();
        self.taps_m1.next = self.layer.taps_m1.val();
        self.step.next = self.layer.step.val();
        self.filters_m1.next = self.layer.filters_m1.val();
        self.windows_m1.next = self.layer.windows_m1.val();
        self.images_m1.next = self.layer.images_m1.val();
        self.psum_shift.next = self.layer.psum_shift.val();
        self.ifmap.layer.channels_m1.next = self.layer.channels_m1.val();
        self.ifmap.layer.streams_m1.next = self.layer.streams_m1.val();
        self.ifmap.layer.row_width.next = self.layer.row_width.val();
        self.ifmap.layer.channel_stride.next = self.layer.channel_stride.val();
        self.ifmap.layer.image_stride.next = self.layer.image_stride.val();
        self.ifmap.layer.col_run_m1.next = self.layer.col_run_m1.val();
        self.ifmap.layer.col_skip.next = self.layer.col_skip.val();
        self.ifmap.layer.col_runs_m1.next = self.layer.col_runs_m1.val();
        self.ifmap.layer.images_m1.next = self.layer.images_m1.val();
        self.feeders.layer.windows_m1.next = self.layer.windows_m1.val();
        self.feeders.layer.filters_m1.next = self.layer.filters_m1.val();
        self.feeders.layer.images_m1.next = self.layer.images_m1.val();
        self.feeders.layer.filter_stride.next = self.layer.psum_filter_stride.val();
        self.feeders.layer.image_stride.next = self.layer.psum_image_stride.val();
        self.collectors.layer.windows_m1.next = self.layer.windows_m1.val();
        self.collectors.layer.filters_m1.next = self.layer.filters_m1.val();
        self.collectors.layer.images_m1.next = self.layer.images_m1.val();
        self.collectors.layer.filter_stride.next = self.layer.psum_filter_stride.val();
        self.collectors.layer.image_stride.next = self.layer.psum_image_stride.val();

        // Tables
        self.shift.d.next = (self.table_write.val().any() && self.table_target.val() == self.chain_target.val()).into();
        self.chain.d.next = self.table_word.val();
        self.chain_shift.next = self.shift.q.val();
        self.chain_word.next = self.chain.q.val();
        self.ifmap.table_write.next =
            (self.table_write.val().any() && self.table_target.val() == self.ifmap_target.val()).into();
        self.ifmap.table_index.next = self.table_index.val();
        self.ifmap.table_word.next = self.table_word.val();
        self.source.source[0].next = self.table_word.val();
        self.feeders.entry.index.next = self.table_index.val();
        self.feeders.entry.row.next = self.source.feed.val();
        self.feeders.entry.col.next = self.source.col.val();
        self.feeders.entry.offset.next = self.source.offset.val();
        self.collectors.entry.index.next = self.table_index.val();
        self.collectors.entry.row.next = self.source.row.val();
        self.collectors.entry.col.next = self.source.col.val();
        self.collectors.entry.offset.next = self.source.offset.val();
        for l in 0..self.lanes.index() {
            self.feeders.table_write[l].next =
                (self.table_write.val().any() && self.table_target.val() == self.psum_target.val() + l).into();
            self.collectors.table_write[l].next = self.feeders.table_write[l].val();
        }

        // Passes
        for i in 0..self.pass_words.index() {
            self.pass.source[i].next = self.command[i].val();
        }
        self.pass_ready.next =
            self.ifmap.pass_ready.val() & self.feeders.pass_ready.val() & self.collectors.pass_ready.val();
        self.take.next = self.pass_valid.val()
            & self.ifmap.pass_ready.val()
            & self.feeders.pass_ready.val()
            & self.collectors.pass_ready.val();
        self.ifmap.pass_valid.next = self.take.val();
        self.ifmap.tile.next = self.pass.tile.val();
        self.ifmap.x_start.next = self.pass.x_start.val();
        self.ifmap.c_valid.next = self.pass.c_valid.val();
        self.ifmap.h_lo.next = self.pass.h_lo.val();
        self.ifmap.h_hi.next = self.pass.h_hi.val();
        self.ifmap.wait_loaded.next = self.flags.val() >> self.wait_loaded.val();
        self.ifmap.post_free.next = self.flags.val() >> self.post_free.val();
        self.ifmap.loaded_post.next = self.loaded_post.val();
        self.ifmap_free_post.next = self.ifmap.ifmap_free_post.val();
        self.feeders.pass_valid.next = self.take.val();
        self.feeders.psum.next = self.pass.psum.val();
        self.feeders.distance.next = self.pass.distance.val();
        self.feeders.first.next = self.flags.val() >> self.first.val();
        self.feeders.pass_done.next = self.collectors.pass_done.val();
        self.collectors.pass_valid.next = self.take.val();
        self.collectors.psum.next = self.pass.psum.val();
        self.collectors.wait_psum_free.next = self.flags.val() >> self.wait_psum_free.val();
        self.collectors.post_psum_done.next = self.flags.val() >> self.post_psum_done.val();
        self.collectors.psum_free_post.next = self.psum_free_post.val();
        self.psum_done_post.next = self.collectors.psum_done_post.val();
        self.idle.next = (self.ifmap.idle.val().any()
            && self.feeders.idle.val().any()
            && self.collectors.idle.val().any()
            && !self.shift.q.val().any())
        .into();

        // Ifmap
        self.ifmap_read.next = self.ifmap.ifmap_read.val();
        self.ifmap_address.next = self.ifmap.ifmap_address.val();
        self.ifmap.ifmap_read_word.next = self.ifmap_read_word.val();
        self.ifmap_valid.next = self.ifmap.ifmap_valid.val();
        self.ifmap.ifmap_ready.next = self.ifmap_ready.val();
        self.ifmap_y.next = self.ifmap.ifmap_y.val();
        self.ifmap_x.next = self.ifmap.ifmap_x.val();
        self.ifmap_word.next = self.ifmap.ifmap_word.val();
        self.ifmap_moved.d.next = self.ifmap.ifmap_valid.val() & self.ifmap_ready.val();
        self.ifmap_bus_words.next = self.ifmap_moved.q.val();

        // Filters
        self.staging.clear.next = self.layer_write.val();
        self.staging.in_valid.next = self.staging_valid.val();
        self.staging_ready.next = self.staging.in_ready.val();
        self.staging.out_ready.next = self.filters.in_ready.val();
        self.filters.restart.next = self.layer_write.val();
        self.filters.filter_words.next = self.layer.filter_words.val();
        self.filters.filter_lines_m1.next = self.layer.filter_lines_m1.val();
        self.filters.filter_x_m1.next = self.layer.filter_x_m1.val();
        self.filters.filter_y_m1.next = self.layer.filter_y_m1.val();
        self.filters.in_valid.next = self.staging.out_valid.val();
        for i in 0..4 {
            self.staging.in_word[i].next = self.staging_word[i].val();
            self.filters.in_word[i].next = self.staging.out_word[i].val();
            self.filter_word[i].next = self.filters.filter_word[i].val();
        }
        self.filter_valid.next = self.filters.filter_valid.val();
        self.filters.filter_ready.next = self.filter_ready.val();
        self.filter_y.next = self.filters.filter_y.val();
        self.filter_x.next = self.filters.filter_x.val();
        self.filter_first.next = self.filters.filter_first.val();
        self.filter_moved.d.next = self.filters.filter_valid.val() & self.filter_ready.val();
        self.filter_bus_lines.next = self.filter_moved.q.val();

        // Psums
        for l in 0..self.lanes.index() {
            self.feeders.sources[l].next = self.layer.sources[l].val();
            self.collectors.sources[l].next = self.layer.sources[l].val();
            self.psum_read[l].next = self.feeders.psum_read[l].val();
            self.psum_read_line[l].next = self.feeders.psum_read_line[l].val();
            self.feeders.psum_read_word[l].next = self.psum_read_word[l].val();
            self.psum_in_valid[l].next = self.feeders.psum_in_valid[l].val();
            self.feeders.psum_in_ready[l].next = self.psum_in_ready[l].val();
            self.psum_in_row[l].next = self.feeders.psum_in_row[l].val();
            self.psum_in_col[l].next = self.feeders.psum_in_col[l].val();
            self.psum_in_word[l].next = self.feeders.psum_in_word[l].val();
            self.psum_out_row[l].next = self.collectors.psum_out_row[l].val();
            self.psum_out_col[l].next = self.collectors.psum_out_col[l].val();
            self.psum_out_take[l].next = self.collectors.psum_out_take[l].val();
            self.collectors.psum_out_valid[l].next = self.psum_out_valid[l].val();
            self.collectors.psum_out_word[l].next = self.psum_out_word[l].val();
            self.psum_write[l].next = self.collectors.psum_write[l].val();
            self.psum_write_line[l].next = self.collectors.psum_write_line[l].val();
            self.psum_write_word[l].next = self.collectors.psum_write_word[l].val();
        }
    }
}
