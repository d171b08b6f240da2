use super::OsFilterRows;
use crate::matrix::{TileLayer, COORDINATE_BITS};
use crate::rtl::prelude::*;
use crate::Arch;

/// The steps of a position: for each pair of a channel and a filter column of a chunk, for each filter row, the last the innermost.
///
/// The pairs of a pass are cut into *chunks* of `chunk_m1` + 1. The steps of a chunk are repeated for each position, up to the one that is `finishes`ed; then
/// come those of the next chunk. While a pass is in work, the outputs describe a step; `advance` goes on to the next one. The first one
/// stands in the cycle after `start`. Products of counters and strides are kept as running sums.
#[derive(LogicBlock)]
pub struct OsStepLoops {
    pub clock: Wire<In, Clk>,
    pub layer: TileLayer,
    pub stride_h: Wire<In>,
    /// Port words from a block of rows to the next.
    pub block_words: Wire<In>,
    pub chunk_m1: Wire<In>,
    // Pass
    pub start: Wire<In>,
    pub channels: Wire<In>,
    pub advance: Wire<In>,
    /// The position is the last one of the chunk.
    pub finishes: Wire<In>,
    /// Port words from a position's word to the step's.
    pub offset: Wire<Out>,
    /// Filter column and row.
    pub column: Wire<Out>,
    pub line: Wire<Out>,
    /// All rows read their words; otherwise the last row alone, from the port `source`.
    pub head: Wire<Out>,
    pub source: Wire<Out>,
    /// First and last step of the position.
    pub first: Wire<Out>,
    pub last: Wire<Out>,
    /// With the last step: the chunk is the last one of the pass.
    pub completes: Wire<Out>,
    // Where the chunk begins
    chunk_left: Reg,
    chunk_channel: Reg,
    chunk_pair: Reg,
    chunk_column: Reg,
    // The pair
    left: Reg,
    channel: Reg,
    pair: Reg,
    filter_col: Reg,
    count: Reg,
    rows: OsFilterRows,
    last_col: Wire<Local>,
    last_pair: Wire<Local>,
    next_left: Wire<Local>,
    next_channel: Wire<Local>,
    next_pair: Wire<Local>,
    next_column: Wire<Local>,
    /// The pair's last step is sent.
    ends_pair: Wire<Local>,
}

impl OsStepLoops {
    /// The loops for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (address, port) = (address_bits(arch.port_words()), address_bits(arch.ifmap_ports()));
        OsStepLoops {
            clock: Default::default(),
            layer: TileLayer::new(arch),
            stride_h: Wire::unsigned(16),
            block_words: Wire::unsigned(address),
            chunk_m1: Wire::unsigned(16),
            start: Wire::bit(),
            channels: Wire::unsigned(16),
            advance: Wire::bit(),
            finishes: Wire::bit(),
            offset: Wire::unsigned(address),
            column: Wire::signed(COORDINATE_BITS),
            line: Wire::signed(COORDINATE_BITS),
            head: Wire::bit(),
            source: Wire::unsigned(port),
            first: Wire::bit(),
            last: Wire::bit(),
            completes: Wire::bit(),
            chunk_left: Reg::unsigned(16),
            chunk_channel: Reg::unsigned(address),
            chunk_pair: Reg::unsigned(address),
            chunk_column: Reg::unsigned(16),
            left: Reg::unsigned(16),
            channel: Reg::unsigned(address),
            pair: Reg::unsigned(address),
            filter_col: Reg::unsigned(16),
            count: Reg::unsigned(16),
            rows: OsFilterRows::new(arch),
            last_col: Wire::bit(),
            last_pair: Wire::bit(),
            next_left: Wire::unsigned(16),
            next_channel: Wire::unsigned(address),
            next_pair: Wire::unsigned(address),
            next_column: Wire::unsigned(16),
            ends_pair: Wire::bit(),
        }
    }
}

impl Logic for OsStepLoops {
    describe!("os_step_loops", "Loops over a position's steps: channel and filter column, filter row.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, chunk_left, chunk_channel, chunk_pair, chunk_column, left, channel, pair, filter_col);
        dff_setup!(self, clock, count);
        self.rows.clock.next = self.clock.val();
        self.rows.filter_rows_m1.next = self.layer.filter_rows_m1.val();
        self.rows.row_width.next = self.layer.row_width.val();
        self.rows.stride_h.next = self.stride_h.val();
        self.rows.block_words.next = self.block_words.val();
        self.rows.start.next = self.start.val();
        self.rows.advance.next = self.advance.val();
        self.last_col.next = (self.filter_col.q.val() == self.layer.filter_cols_m1.val()).into();
        self.completes.next = (self.last_col.val().any() && self.left.q.val() == 1).into();
        self.last_pair.next =
            (self.count.q.val() == self.chunk_m1.val() || (self.last_col.val().any() && self.left.q.val() == 1)).into();
        self.offset.next = self.rows.place.val();
        self.column.next = self.filter_col.q.val();
        self.line.next = self.rows.line.val();
        self.head.next = self.rows.own.val();
        self.source.next = self.rows.source.val();
        self.first.next = (!self.count.q.val().any() && self.rows.first.val().any()).into();
        self.last.next = self.rows.last.val() & self.last_pair.val();
        self.ends_pair.next = self.advance.val() & self.rows.last.val();

        // The pair after this one
        self.next_left.next = self.left.q.val();
        self.next_channel.next = self.channel.q.val();
        self.next_pair.next = self.pair.q.val() + 1;
        self.next_column.next = self.filter_col.q.val() + 1;
        if self.last_col.val().any() {
            self.next_left.next = self.left.q.val() - 1;
            self.next_channel.next = self.channel.q.val() + self.layer.group_stride.val();
            self.next_pair.next = self.channel.q.val() + self.layer.group_stride.val();
            self.next_column.next = 0.into();
        }

        self.rows.base.next = self.next_pair.val();
        if self.last_pair.val().any() && !self.finishes.val().any() {
            self.rows.base.next = self.chunk_pair.q.val();
        }
        if self.start.val().any() {
            self.rows.base.next = 0.into();
            self.chunk_left.d.next = self.channels.val();
            self.chunk_channel.d.next = 0.into();
            self.chunk_pair.d.next = 0.into();
            self.chunk_column.d.next = 0.into();
            self.left.d.next = self.channels.val();
            self.channel.d.next = 0.into();
            self.pair.d.next = 0.into();
            self.filter_col.d.next = 0.into();
            self.count.d.next = 0.into();
        } else if self.ends_pair.val().any() {
            self.count.d.next = self.count.q.val() + 1;
            self.left.d.next = self.next_left.val();
            self.channel.d.next = self.next_channel.val();
            self.pair.d.next = self.next_pair.val();
            self.filter_col.d.next = self.next_column.val();
            if self.last_pair.val().any() {
                self.count.d.next = 0.into();
                if self.finishes.val().any() {
                    self.chunk_left.d.next = self.next_left.val();
                    self.chunk_channel.d.next = self.next_channel.val();
                    self.chunk_pair.d.next = self.next_pair.val();
                    self.chunk_column.d.next = self.next_column.val();
                } else {
                    self.left.d.next = self.chunk_left.q.val();
                    self.channel.d.next = self.chunk_channel.q.val();
                    self.pair.d.next = self.chunk_pair.q.val();
                    self.filter_col.d.next = self.chunk_column.q.val();
                }
            }
        }
    }
}
