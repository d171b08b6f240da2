use super::command_rules::store_rows;
use super::store_fields::{RowFields, StoreFields};
use super::wide_fifo::WideFifo;
use crate::arch::{IMAGE_BITS, WINDOW_BITS};
use crate::program::{params, store, table};
use crate::rtl::prelude::*;
use crate::Arch;

/// Ofmap rows that wait for their reads.
const ROWS: usize = 2;

/// The loops of a STORE command: image, filter group, filter, ofmap row.
///
/// `start` begins with the command in `command` (words 1 to 6), which holds until `active` falls. Each filter of an image is
/// a run in DRAM, or each of its rows is, offered before its first row; each row comes with its first buffer line, its lane and its entry of the
/// output stage's table. A row a cycle.
#[derive(LogicBlock)]
pub struct StoreWalker {
    pub clock: Wire<In, Clk>,
    pub start: Wire<In>,
    pub command: Vec<Wire<In>>,
    /// All filters of all images are one run.
    pub whole: Wire<In>,
    // The store table
    pub table_write: Wire<In>,
    pub table_index: Wire<In>,
    pub table_word: Wire<In>,
    // Runs in DRAM
    pub run_valid: Wire<Out>,
    pub run_ready: Wire<In>,
    pub run_address: Wire<Out>,
    // Rows in the buffer
    pub row_valid: Wire<Out>,
    pub row_ready: Wire<In>,
    pub row_line: Wire<Out>,
    pub row_lane: Wire<Out>,
    pub row_param: Wire<Out>,
    /// The row is its run's last.
    pub row_last: Wire<Out>,
    pub windows_m1: Wire<Out>,
    /// A command is in work, or rows wait.
    pub active: Wire<Out>,
    fields: StoreFields,
    entry_fields: RowFields,
    rows: WideFifo,
    entries: Sram,
    busy: Reg,
    image: Reg,
    group: Reg,
    filter: Reg,
    row: Reg,
    /// The command's first row.
    first: Reg,
    /// The filter's entry of the output stage's table, and the filters of the image behind it, over all groups.
    param: Reg,
    left: Reg,
    /// Table entries of the group's first row and of the row.
    group_entry: Reg,
    entry: Reg,
    image_line: Reg,
    filter_line: Reg,
    /// Addresses of the image, the filter and the row.
    image_address: Reg,
    filter_address: Reg,
    address: Reg,
    /// A row whose table entry is being read.
    pending: Reg,
    pending_line: Reg,
    pending_param: Reg,
    pending_last: Reg,
    /// Each row is a run.
    cut: Wire<Local>,
    run_begin: Wire<Local>,
    row_end: Wire<Local>,
    filter_end: Wire<Local>,
    image_end: Wire<Local>,
    step: Wire<Local>,
    lane_bits: Const,
}

impl StoreWalker {
    /// For the buffer and the array of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let line_bits = arch.line_bits();
        let row_bits = address_bits(store_rows(arch)).min(store::ROWS_M1.bits);
        let param_bits = address_bits(params::DEPTH);
        let offset_bits = line_bits.min(table::ROW_OFFSET.bits);
        StoreWalker {
            clock: Default::default(),
            start: Wire::bit(),
            command: (0..6).map(|_| Wire::unsigned(64)).collect(),
            whole: Wire::bit(),
            table_write: Wire::bit(),
            table_index: Wire::unsigned(16),
            table_word: Wire::unsigned(64),
            run_valid: Wire::bit(),
            run_ready: Wire::bit(),
            run_address: Wire::unsigned(64),
            row_valid: Wire::bit(),
            row_ready: Wire::bit(),
            row_line: Wire::unsigned(line_bits),
            row_lane: Wire::unsigned(2),
            row_param: Wire::unsigned(param_bits),
            row_last: Wire::bit(),
            windows_m1: Wire::unsigned(WINDOW_BITS),
            active: Wire::bit(),
            fields: StoreFields::new(line_bits, row_bits, param_bits),
            entry_fields: RowFields::new(offset_bits),
            rows: WideFifo::new(ROWS, &[line_bits, 2, param_bits, 1]),
            entries: Sram::new(store_rows(arch), 2 + offset_bits, false),
            busy: Reg::bit(),
            image: Reg::unsigned(IMAGE_BITS),
            group: Reg::unsigned(param_bits),
            filter: Reg::unsigned(param_bits),
            row: Reg::unsigned(row_bits),
            first: Reg::bit(),
            param: Reg::unsigned(param_bits),
            left: Reg::unsigned(param_bits),
            group_entry: Reg::unsigned(row_bits),
            entry: Reg::unsigned(row_bits),
            image_line: Reg::unsigned(line_bits),
            filter_line: Reg::unsigned(line_bits),
            image_address: Reg::unsigned(64),
            filter_address: Reg::unsigned(64),
            address: Reg::unsigned(64),
            pending: Reg::bit(),
            pending_line: Reg::unsigned(line_bits),
            pending_param: Reg::unsigned(param_bits),
            pending_last: Reg::bit(),
            cut: Wire::bit(),
            run_begin: Wire::bit(),
            row_end: Wire::bit(),
            filter_end: Wire::bit(),
            image_end: Wire::bit(),
            step: Wire::bit(),
            lane_bits: Const::new(2),
        }
    }
}

impl Logic for StoreWalker {
    describe!("store_walker", "Loops of a STORE command: image, filter group, filter, ofmap row.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, busy, image, group, filter, row, first, param, left, group_entry, entry);
        dff_setup!(self, clock, image_line, filter_line, image_address, filter_address, address);
        dff_setup!(self, clock, pending, pending_line, pending_param, pending_last);
        self.rows.clock.next = self.clock.val();
        self.entries.clock.next = self.clock.val();
        for i in 0..6 {
            self.fields.source[i].next = self.command[i].val();
        }
        self.entry_fields.source[0].next = self.table_word.val();
        self.entries.write.next = self.table_write.val();
        self.entries.write_address.next = self.table_index.val();
        self.entries.write_data.next =
            (self.entry_fields.offset.val() << self.lane_bits.val()) | self.entry_fields.lane.val();

        // A row reads its table entry in one cycle and joins the queue in the next that has room.
        self.cut.next = (self.fields.row_bytes.val().any() && !self.whole.val().any()).into();
        self.run_begin.next =
            (self.cut.val().any() || self.first.q.val().any() || (!self.row.q.val().any() && !self.whole.val().any()))
                .into();
        self.run_valid.next = (self.busy.q.val().any()
            && self.run_begin.val().any()
            && (!self.pending.q.val().any() || self.rows.enq_ready.val().any()))
        .into();
        self.run_address.next = self.address.q.val();
        self.step.next = (self.busy.q.val().any()
            && (!self.pending.q.val().any() || self.rows.enq_ready.val().any())
            && (!self.run_begin.val().any() || self.run_ready.val().any()))
        .into();
        self.entries.read.next = self.step.val();
        self.entries.read_address.next = self.entry.q.val();
        self.rows.enq_valid.next = self.pending.q.val();
        self.rows.enq[0].next = self.pending_line.q.val() + (self.entries.read_data.val() >> self.lane_bits.val());
        self.rows.enq[1].next = self.entries.read_data.val();
        self.rows.enq[2].next = self.pending_param.q.val();
        self.rows.enq[3].next = self.pending_last.q.val();
        self.row_valid.next = self.rows.deq_valid.val();
        self.rows.deq_ready.next = self.row_ready.val();
        self.row_line.next = self.rows.deq[0].val();
        self.row_lane.next = self.rows.deq[1].val();
        self.row_param.next = self.rows.deq[2].val();
        self.row_last.next = self.rows.deq[3].val();
        self.windows_m1.next = self.fields.windows_m1.val();
        self.active.next =
            (self.busy.q.val().any() || self.pending.q.val().any() || self.rows.deq_valid.val().any()).into();

        self.row_end.next = (self.row.q.val() == self.fields.rows_m1.val()).into();
        self.filter_end.next = (self.filter.q.val() == self.fields.filters_m1.val()).into();
        self.image_end.next = (!self.left.q.val().any()
            || (self.filter_end.val().any() && self.group.q.val() == self.fields.groups_m1.val()))
        .into();

        if self.step.val().any() {
            self.pending.d.next = 1.into();
            self.pending_line.d.next = self.filter_line.q.val();
            self.pending_param.d.next = self.param.q.val();
            self.pending_last.d.next = (self.cut.val().any()
                || (self.row_end.val().any()
                    && (!self.whole.val().any()
                        || (self.image_end.val().any() && self.image.q.val() == self.fields.images_m1.val()))))
            .into();
        } else if self.rows.enq_ready.val().any() {
            self.pending.d.next = 0.into();
        }

        if self.start.val().any() {
            self.busy.d.next = self.fields.valid.val().any().into();
            self.image.d.next = 0.into();
            self.group.d.next = 0.into();
            self.filter.d.next = 0.into();
            self.row.d.next = 0.into();
            self.first.d.next = 1.into();
            self.param.d.next = self.fields.param.val();
            self.left.d.next = self.fields.valid.val() - 1;
            self.group_entry.d.next = 0.into();
            self.entry.d.next = 0.into();
            self.image_line.d.next = self.fields.psum.val();
            self.filter_line.d.next = self.fields.psum.val();
            self.image_address.d.next = self.fields.address.val();
            self.filter_address.d.next = self.fields.address.val();
            self.address.d.next = self.fields.address.val();
        } else if self.step.val().any() {
            self.first.d.next = 0.into();
            if !self.row_end.val().any() {
                self.row.d.next = self.row.q.val() + 1;
                self.entry.d.next = self.entry.q.val() + 1;
                self.address.d.next = self.address.q.val() + self.fields.row_bytes.val();
            } else if self.image_end.val().any() {
                self.row.d.next = 0.into();
                self.filter.d.next = 0.into();
                self.group.d.next = 0.into();
                self.param.d.next = self.fields.param.val();
                self.left.d.next = self.fields.valid.val() - 1;
                self.group_entry.d.next = 0.into();
                self.entry.d.next = 0.into();
                self.image.d.next = self.image.q.val() + 1;
                self.image_line.d.next = self.image_line.q.val() + self.fields.psum_image_stride.val();
                self.filter_line.d.next = self.image_line.q.val() + self.fields.psum_image_stride.val();
                self.image_address.d.next = self.image_address.q.val() + self.fields.image_bytes.val();
                self.filter_address.d.next = self.image_address.q.val() + self.fields.image_bytes.val();
                self.address.d.next = self.image_address.q.val() + self.fields.image_bytes.val();
                self.busy.d.next = (self.image.q.val() != self.fields.images_m1.val()).into();
            } else {
                self.row.d.next = 0.into();
                self.param.d.next = self.param.q.val() + 1;
                self.left.d.next = self.left.q.val() - 1;
                self.filter_address.d.next = self.filter_address.q.val() + self.fields.filter_bytes.val();
                self.address.d.next = self.filter_address.q.val() + self.fields.filter_bytes.val();
                if self.filter_end.val().any() {
                    self.filter.d.next = 0.into();
                    self.group.d.next = self.group.q.val() + 1;
                    self.group_entry.d.next = self.group_entry.q.val() + self.fields.group_rows.val();
                    self.entry.d.next = self.group_entry.q.val() + self.fields.group_rows.val();
                    self.filter_line.d.next = self.image_line.q.val();
                } else {
                    self.filter.d.next = self.filter.q.val() + 1;
                    self.entry.d.next = self.group_entry.q.val();
                    self.filter_line.d.next = self.filter_line.q.val() + self.fields.psum_filter_stride.val();
                }
            }
        }
    }
}
