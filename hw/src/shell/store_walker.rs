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
    // Of the command at the head of the queue: each row is a run, all of it is one
    cut: Reg,
    one: Reg,
    // What is to come: images, groups of the image, filters of the group, rows of the filter
    image: Reg,
    group: Reg,
    filter: Reg,
    row: Reg,
    /// The command's first row, and the filter's.
    first: Reg,
    filter_first: Reg,
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
            cut: Reg::data(1, false),
            one: Reg::data(1, false),
            image: Reg::data(IMAGE_BITS, false),
            group: Reg::data(param_bits, false),
            filter: Reg::data(param_bits, false),
            row: Reg::data(row_bits, false),
            first: Reg::data(1, false),
            filter_first: Reg::data(1, false),
            param: Reg::data(param_bits, false),
            left: Reg::data(param_bits, false),
            group_entry: Reg::data(row_bits, false),
            entry: Reg::data(row_bits, false),
            image_line: Reg::data(line_bits, false),
            filter_line: Reg::data(line_bits, false),
            image_address: Reg::data(64, false),
            filter_address: Reg::data(64, false),
            address: Reg::data(64, false),
            pending: Reg::bit(),
            pending_line: Reg::data(line_bits, false),
            pending_param: Reg::data(param_bits, false),
            pending_last: Reg::data(1, false),
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
        dff_setup!(self, clock, busy, cut, one, image, group, filter, row, first, filter_first);
        dff_setup!(self, clock, param, left, group_entry, entry);
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
        self.run_begin.next = (self.cut.q.val().any()
            || self.first.q.val().any()
            || (self.filter_first.q.val().any() && !self.one.q.val().any()))
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

        self.row_end.next = (!self.row.q.val().any()).into();
        self.filter_end.next = (!self.filter.q.val().any()).into();
        self.image_end.next =
            (!self.left.q.val().any() || (self.filter_end.val().any() && !self.group.q.val().any())).into();

        if self.step.val().any() {
            self.pending.d.next = 1.into();
            self.pending_line.d.next = self.filter_line.q.val();
            self.pending_param.d.next = self.param.q.val();
            self.pending_last.d.next = (self.cut.q.val().any()
                || (self.row_end.val().any()
                    && (!self.one.q.val().any() || (self.image_end.val().any() && !self.image.q.val().any()))))
            .into();
        } else if self.rows.enq_ready.val().any() {
            self.pending.d.next = 0.into();
        }

        // What a command begins with is loaded until it does, so that `start` reaches one register alone; no step asks the queue what the command says.
        if !self.busy.q.val().any() {
            self.busy.d.next = (self.start.val().any() && self.fields.valid.val().any()).into();
            self.cut.d.next = (self.fields.row_bytes.val().any() && !self.whole.val().any()).into();
            self.one.d.next = self.whole.val();
            self.image.d.next = self.fields.images_m1.val();
            self.group.d.next = self.fields.groups_m1.val();
            self.filter.d.next = self.fields.filters_m1.val();
            self.row.d.next = self.fields.rows_m1.val();
            self.first.d.next = 1.into();
            self.filter_first.d.next = 1.into();
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
            self.filter_first.d.next = self.row_end.val();
            if !self.row_end.val().any() {
                self.row.d.next = self.row.q.val() - 1;
                self.entry.d.next = self.entry.q.val() + 1;
                self.address.d.next = self.address.q.val() + self.fields.row_bytes.val();
            } else if self.image_end.val().any() {
                self.row.d.next = self.fields.rows_m1.val();
                self.filter.d.next = self.fields.filters_m1.val();
                self.group.d.next = self.fields.groups_m1.val();
                self.param.d.next = self.fields.param.val();
                self.left.d.next = self.fields.valid.val() - 1;
                self.group_entry.d.next = 0.into();
                self.entry.d.next = 0.into();
                self.image.d.next = self.image.q.val() - 1;
                self.image_line.d.next = self.image_line.q.val() + self.fields.psum_image_stride.val();
                self.filter_line.d.next = self.image_line.q.val() + self.fields.psum_image_stride.val();
                self.image_address.d.next = self.image_address.q.val() + self.fields.image_bytes.val();
                self.filter_address.d.next = self.image_address.q.val() + self.fields.image_bytes.val();
                self.address.d.next = self.image_address.q.val() + self.fields.image_bytes.val();
                self.busy.d.next = self.image.q.val().any().into();
            } else {
                self.row.d.next = self.fields.rows_m1.val();
                self.param.d.next = self.param.q.val() + 1;
                self.left.d.next = self.left.q.val() - 1;
                self.filter_address.d.next = self.filter_address.q.val() + self.fields.filter_bytes.val();
                self.address.d.next = self.filter_address.q.val() + self.fields.filter_bytes.val();
                if self.filter_end.val().any() {
                    self.filter.d.next = self.fields.filters_m1.val();
                    self.group.d.next = self.group.q.val() - 1;
                    self.group_entry.d.next = self.group_entry.q.val() + self.fields.group_rows.val();
                    self.entry.d.next = self.group_entry.q.val() + self.fields.group_rows.val();
                    self.filter_line.d.next = self.image_line.q.val();
                } else {
                    self.filter.d.next = self.filter.q.val() - 1;
                    self.entry.d.next = self.group_entry.q.val();
                    self.filter_line.d.next = self.filter_line.q.val() + self.fields.psum_filter_stride.val();
                }
            }
        }
    }
}
