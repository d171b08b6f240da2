use super::QUEUED_PASSES;
use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::rtl::prelude::*;

/// Sends lines of staged filter words to the array, a line a cycle, a weight tile and more ahead of the walker.
///
/// For each weight tile, in the walker's order, and each row whose channel exists: a line for each group of four of the layer's filters.
/// Where each PE has a filter of its own (`Arch::is_of_pixels`), a weight tile is a step: lines of a channel for each row of PEs that has filters.
/// A line is taken when the array has `room` for it. It goes there in the cycle in which it is taken (`line_valid`), with its row and group and whether it is
/// its tile's last (`line_end`); its words go there straight from the staging.
#[derive(LogicBlock)]
pub struct MatrixWeightLoader {
    pub clock: Wire<In, Clk>,
    // Layer constants
    pub filter_rows_m1: Wire<In>,
    pub filter_cols_m1: Wire<In>,
    /// Filters of a pass, 1 to `cols`.
    pub filters: Wire<In>,
    /// Rows of PEs that have filters, where each PE has one.
    pub filter_rows: Vec<Wire<In>>,
    // Passes
    pub pass_valid: Wire<In>,
    pub pass_ready: Wire<Out>,
    pub c_valid: Wire<In>,
    pub idle: Wire<Out>,
    // Staged lines
    pub in_valid: Wire<In>,
    pub in_ready: Wire<Out>,
    // Array
    pub room: Wire<In>,
    pub line_valid: Wire<Out>,
    pub line_row: Wire<Out>,
    pub line_group: Wire<Out>,
    pub line_end: Wire<Out>,
    /// Words of the line that was taken in the cycle before, for columns that exist; 0 if there was none.
    pub words: Wire<Out>,
    queue: Fifo,
    running: Reg,
    channels: Reg,
    filter_row: Reg,
    filter_col: Reg,
    row: Reg,
    group: Reg,
    written: Reg,
    take: Wire<Local>,
    last_group: Wire<Local>,
    last_row: Wire<Local>,
    last_channels: Wire<Local>,
    /// Channels of a weight tile.
    rows: Const,
    own_filters: Const,
    /// Number of the group of the last columns, and how many these are.
    end_group: Const,
    end_words: Const,
    line_words: Const,
}

impl MatrixWeightLoader {
    /// The loader for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let groups = arch.cols.div_ceil(FILTER_BUS_WORDS);
        let rows = arch.channels_at_a_time();
        let own = arch.is_of_pixels();
        let (row, group) = (address_bits(if own { arch.rows } else { rows }), address_bits(groups));
        MatrixWeightLoader {
            clock: Default::default(),
            filter_rows_m1: Wire::unsigned(16),
            filter_cols_m1: Wire::unsigned(16),
            filters: Wire::unsigned(count_bits(arch.cols)),
            filter_rows: (0..own as usize).map(|_| Wire::unsigned(count_bits(arch.rows))).collect(),
            pass_valid: Wire::bit(),
            pass_ready: Wire::bit(),
            c_valid: Wire::unsigned(16),
            idle: Wire::bit(),
            in_valid: Wire::bit(),
            in_ready: Wire::bit(),
            room: Wire::bit(),
            line_valid: Wire::bit(),
            line_row: Wire::unsigned(row),
            line_group: Wire::unsigned(group),
            line_end: Wire::bit(),
            words: Wire::unsigned(count_bits(FILTER_BUS_WORDS)),
            queue: Fifo::new(QUEUED_PASSES, 16, false),
            running: Reg::bit(),
            channels: Reg::unsigned(16),
            filter_row: Reg::unsigned(16),
            filter_col: Reg::unsigned(16),
            row: Reg::unsigned(row),
            group: Reg::unsigned(group),
            written: Reg::unsigned(count_bits(FILTER_BUS_WORDS)),
            take: Wire::bit(),
            last_group: Wire::bit(),
            last_row: Wire::bit(),
            last_channels: Wire::bit(),
            rows: Const::new(rows),
            own_filters: Const::new(own as usize),
            end_group: Const::new(groups - 1),
            end_words: Const::new(arch.cols - (groups - 1) * FILTER_BUS_WORDS),
            line_words: Const::new(FILTER_BUS_WORDS),
        }
    }
}

impl Logic for MatrixWeightLoader {
    describe!("matrix_weight_loader", "Sends staged filters to the array, ahead of the walker.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, running, channels, filter_row, filter_col, row, group, written);
        self.queue.clock.next = self.clock.val();
        self.queue.enq.valid.next = self.pass_valid.val();
        self.queue.enq.payload.next = self.c_valid.val();
        self.pass_ready.next = self.queue.enq.ready.val();
        self.idle.next = (!self.running.q.val().any() && !self.queue.deq.valid.val().any()).into();

        // A line is taken
        self.in_ready.next = self.running.q.val() & self.room.val();
        self.take.next = self.in_valid.val() & self.in_ready.val();
        self.line_valid.next = self.take.val();
        self.line_row.next = self.row.q.val();
        self.line_group.next = self.group.q.val();
        self.words.next = self.written.q.val();
        self.written.d.next = 0.into();
        if self.take.val().any() {
            self.written.d.next = self.line_words.val();
            if self.group.q.val() == self.end_group.val() {
                self.written.d.next = self.end_words.val();
            }
        }

        // Where the next one belongs
        self.last_group.next = (self.group.q.val() == (self.filters.val() - 1) >> 2).into();
        self.last_channels.next = (self.channels.q.val() <= self.rows.val()).into();
        self.last_row.next =
            (self.row.q.val() + 1 == self.rows.val() || self.row.q.val() + 1 == self.channels.q.val()).into();
        for i in 0..self.own_filters.index() {
            self.last_row.next = (self.row.q.val() + 1 == self.filter_rows[i].val()).into();
        }
        self.line_end.next = self.take.val() & self.last_group.val() & self.last_row.val();
        self.queue.deq.ready.next = !self.running.q.val();
        if !self.running.q.val().any() {
            self.running.d.next = self.queue.deq.valid.val();
            self.channels.d.next = self.queue.deq.payload.val();
        } else if self.take.val().any() {
            self.group.d.next = self.group.q.val() + 1;
            if self.last_group.val().any() {
                self.group.d.next = 0.into();
                self.row.d.next = self.row.q.val() + 1;
                if self.last_row.val().any() {
                    self.row.d.next = 0.into();
                    self.filter_col.d.next = self.filter_col.q.val() + 1;
                    if self.filter_col.q.val() == self.filter_cols_m1.val() {
                        self.filter_col.d.next = 0.into();
                        self.filter_row.d.next = self.filter_row.q.val() + 1;
                        if self.filter_row.q.val() == self.filter_rows_m1.val() {
                            self.filter_row.d.next = 0.into();
                            self.channels.d.next = self.channels.q.val() - self.rows.val();
                            if self.last_channels.val().any() {
                                self.running.d.next = false.into();
                            }
                        }
                    }
                }
            }
        }
    }
}
