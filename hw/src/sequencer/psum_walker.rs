use super::fields::{places, source_offset_bits, sources_bits};
use super::layer_in::{PsumLayer, SourceEntry};
use crate::arch::{Arch, IMAGE_BITS, WINDOW_BITS};
use crate::rtl::prelude::*;

/// Entries between the table and the taker at the most: one that is read, and full throughput of the queue.
const AHEAD: usize = 4;

/// Goes through the psums of one lane in a pass, in the order in which the PEs make them.
///
/// For each image, window x, filter f and source s of the table: the PE's row and column and the buffer line
/// `base + image·image_stride + f·filter_stride + offset[s] + x`. A lane without sources has nothing to do in a pass.
/// Throughput: an entry a cycle. Latency: the first entry is offered 3 cycles after `start`.
#[derive(LogicBlock)]
pub struct PsumWalker {
    pub clock: Wire<In, Clk>,
    pub layer: PsumLayer,
    /// Entries of the table of sources.
    pub sources: Wire<In>,
    /// Writes an entry of the table.
    pub table_write: Wire<In>,
    pub entry: SourceEntry,
    /// Starts a pass; only when not `busy`.
    pub start: Wire<In>,
    pub base: Wire<In>,
    /// Goes with every entry of the pass.
    pub flag: Wire<In>,
    /// Entries of the pass are still to be looked up.
    pub busy: Wire<Out>,
    /// Not busy, and every entry has been taken.
    pub idle: Wire<Out>,
    pub valid: Wire<Out>,
    pub ready: Wire<In>,
    pub row: Wire<Out>,
    pub col: Wire<Out>,
    pub line: Wire<Out>,
    pub flagged: Wire<Out>,
    /// The last entry of the pass.
    pub last: Wire<Out>,
    running: Reg,
    source_count: Reg,
    filter_count: Reg,
    window_count: Reg,
    image_count: Reg,
    /// Line of the image's first psum, of the window's, of the filter's.
    image_base: Reg,
    window_base: Reg,
    filter_base: Reg,
    pass_flag: Reg,
    // The entry whose source is read
    looked_up: Reg,
    line_base: Reg,
    final_entry: Reg,
    table: Sram,
    entries: Fifo,
    offset: Wire<Local>,
    line_sum: Wire<Local>,
    last_source: Wire<Local>,
    last_filter: Wire<Local>,
    last_window: Wire<Local>,
    last_image: Wire<Local>,
    step: Wire<Local>,
    ahead: Const,
    /// Where the fields of a table entry begin: row, col, offset.
    source_at: Vec<Const>,
    /// Where the fields of an entry begin: row, col, line, flag, last.
    entry_at: Vec<Const>,
}

impl PsumWalker {
    /// The walker for a lane of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let line = arch.line_bits();
        let (row, col, offset) = (arch.tag_y_bits(), arch.lane_col_bits(), source_offset_bits(arch));
        PsumWalker {
            clock: Default::default(),
            layer: PsumLayer::new(arch),
            sources: Wire::unsigned(sources_bits(arch)),
            table_write: Wire::bit(),
            entry: SourceEntry::new(arch),
            start: Wire::bit(),
            base: Wire::unsigned(line),
            flag: Wire::bit(),
            busy: Wire::bit(),
            idle: Wire::bit(),
            valid: Wire::bit(),
            ready: Wire::bit(),
            row: Wire::unsigned(row),
            col: Wire::unsigned(col),
            line: Wire::unsigned(line),
            flagged: Wire::bit(),
            last: Wire::bit(),
            running: Reg::bit(),
            source_count: Reg::unsigned(sources_bits(arch)),
            filter_count: Reg::unsigned(arch.filter_count_bits()),
            window_count: Reg::unsigned(WINDOW_BITS),
            image_count: Reg::unsigned(IMAGE_BITS),
            image_base: Reg::data(line, false),
            window_base: Reg::data(line, false),
            filter_base: Reg::data(line, false),
            pass_flag: Reg::data(1, false),
            looked_up: Reg::bit(),
            line_base: Reg::data(line, false),
            final_entry: Reg::data(1, false),
            table: Sram::new(arch.lane_sources(), row + col + offset, false),
            entries: Fifo::new(AHEAD, row + col + line + 2, false),
            offset: Wire::unsigned(offset),
            line_sum: Wire::unsigned(line),
            last_source: Wire::bit(),
            last_filter: Wire::bit(),
            last_window: Wire::bit(),
            last_image: Wire::bit(),
            step: Wire::bit(),
            ahead: Const::new(AHEAD),
            source_at: places(&[row, col, offset]),
            entry_at: places(&[row, col, line, 1, 1]),
        }
    }
}

impl Logic for PsumWalker {
    describe!("psum_walker", "Goes through the psums of a lane in a pass: the PE and the buffer line of each.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            running,
            source_count,
            filter_count,
            window_count,
            image_count,
            image_base,
            window_base,
            filter_base,
            pass_flag,
            looked_up,
            line_base,
            final_entry
        );
        self.table.clock.next = self.clock.val();
        self.entries.clock.next = self.clock.val();

        self.table.write.next = self.table_write.val();
        self.table.write_address.next = self.entry.index.val();
        self.table.write_data.next = self.entry.row.val()
            | (self.entry.col.val() << self.source_at[1].val())
            | (self.entry.offset.val() << self.source_at[2].val());

        // The loops; the source is the innermost
        self.last_source.next = (self.source_count.q.val() + 1 == self.sources.val()).into();
        self.last_filter.next = (self.filter_count.q.val() == self.layer.filters_m1.val()).into();
        self.last_window.next = (self.window_count.q.val() == self.layer.windows_m1.val()).into();
        self.last_image.next = (self.image_count.q.val() == self.layer.images_m1.val()).into();
        self.step.next =
            (self.running.q.val().any() && self.entries.level.val() + self.looked_up.q.val() < self.ahead.val()).into();
        if self.start.val().any() {
            self.running.d.next = self.sources.val().any().into();
            self.image_base.d.next = self.base.val();
            self.window_base.d.next = self.base.val();
            self.filter_base.d.next = self.base.val();
        } else if self.step.val().any() {
            self.source_count.d.next = self.source_count.q.val() + 1;
            if self.last_source.val().any() {
                self.source_count.d.next = 0.into();
                if !self.last_filter.val().any() {
                    self.filter_count.d.next = self.filter_count.q.val() + 1;
                    self.filter_base.d.next = self.filter_base.q.val() + self.layer.filter_stride.val();
                } else {
                    self.filter_count.d.next = 0.into();
                    if !self.last_window.val().any() {
                        self.window_count.d.next = self.window_count.q.val() + 1;
                        self.window_base.d.next = self.window_base.q.val() + 1;
                        self.filter_base.d.next = self.window_base.q.val() + 1;
                    } else {
                        self.window_count.d.next = 0.into();
                        self.image_count.d.next = self.image_count.q.val() + 1;
                        self.image_base.d.next = self.image_base.q.val() + self.layer.image_stride.val();
                        self.window_base.d.next = self.image_base.q.val() + self.layer.image_stride.val();
                        self.filter_base.d.next = self.image_base.q.val() + self.layer.image_stride.val();
                        if self.last_image.val().any() {
                            self.image_count.d.next = 0.into();
                            self.running.d.next = false.into();
                        }
                    }
                }
            }
        }
        if self.start.val().any() {
            self.pass_flag.d.next = self.flag.val();
        }

        // The table is read
        self.table.read.next = self.step.val();
        self.table.read_address.next = self.source_count.q.val();
        self.looked_up.d.next = self.step.val();
        self.line_base.d.next = self.filter_base.q.val();
        self.final_entry.d.next =
            self.last_source.val() & self.last_filter.val() & self.last_window.val() & self.last_image.val();

        // The entry is made
        self.offset.next = self.table.read_data.val() >> self.source_at[2].val();
        self.line_sum.next = self.line_base.q.val() + self.offset.val();
        self.entries.enq.valid.next = self.looked_up.q.val();
        self.entries.enq.payload.next = bit_cast(self.table.read_data.val(), self.row.width() + self.col.width())
            | (self.line_sum.val() << self.entry_at[2].val())
            | (self.pass_flag.q.val() << self.entry_at[3].val())
            | (self.final_entry.q.val() << self.entry_at[4].val());

        self.busy.next = self.running.q.val();
        self.idle.next =
            (!self.running.q.val().any() && !self.looked_up.q.val().any() && !self.entries.deq.valid.val().any())
                .into();
        self.valid.next = self.entries.deq.valid.val();
        self.row.next = self.entries.deq.payload.val();
        self.col.next = self.entries.deq.payload.val() >> self.entry_at[1].val();
        self.line.next = self.entries.deq.payload.val() >> self.entry_at[2].val();
        self.flagged.next = self.entries.deq.payload.val() >> self.entry_at[3].val();
        self.last.next = self.entries.deq.payload.val() >> self.entry_at[4].val();
        self.entries.deq.ready.next = self.ready.val();
    }
}
