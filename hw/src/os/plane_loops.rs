use super::OsFilterRows;
use crate::matrix::{TileLayer, COORDINATE_BITS};
use crate::rtl::prelude::*;
use crate::Arch;

/// Layer constants of the steps of an array of one ofmap plane; fields of `LAYER`.
#[derive(Clone, Debug, LogicInterface)]
pub struct PlaneLayer {
    /// Channels of a chunk, less one.
    pub chunk_m1: Wire<In>,
    pub phases_m1: Wire<In>,
    /// Phases that have `phase_taps` taps; the others have one less.
    pub long_phases: Wire<In>,
    pub phase_taps: Wire<In>,
    /// Ifmap columns from a position to the next, and from a read of a head to the next.
    pub window_step: Wire<In>,
    pub fetch_step: Wire<In>,
    pub fetches_m1: Wire<In>,
}

impl PlaneLayer {
    /// The constants at the widths of `arch`.
    pub fn new(arch: &Arch) -> Self {
        PlaneLayer {
            chunk_m1: Wire::unsigned(16),
            phases_m1: Wire::unsigned(16),
            long_phases: Wire::unsigned(16),
            phase_taps: Wire::unsigned(16),
            window_step: Wire::unsigned(16),
            fetch_step: Wire::unsigned(16),
            fetches_m1: Wire::unsigned(address_bits(arch.cols)),
        }
    }
}

/// The steps of a position of an array of one ofmap plane: for each channel of a chunk, phase of the filter's columns, filter row, tap of the phase, the last the innermost.
///
/// While a pass is in work, the outputs describe a step, or a read of a head before its last (`reads_ahead`), after which the next one stands by itself; `advance` goes on to the next step. The channels of
/// a pass are cut into chunks, whose steps are repeated for each position, up to the one that is `finishes`ed. The first step stands in the cycle after `start`.
/// Products of counters and strides are kept as running sums.
#[derive(LogicBlock)]
pub struct OsPlaneLoops {
    pub clock: Wire<In, Clk>,
    pub layer: TileLayer,
    pub plane: PlaneLayer,
    pub stride_h: Wire<In>,
    pub stride_w: Wire<In>,
    /// Port words from a block of rows to the next.
    pub block_words: Wire<In>,
    // Pass
    pub start: Wire<In>,
    pub channels: Wire<In>,
    pub advance: Wire<In>,
    /// The position is the last one of the chunk.
    pub finishes: Wire<In>,
    /// Port words from a position's word to the first that is read, and ifmap columns from the position's to that of the word that column 0 of the array, or in a step after the head the last one, takes.
    pub offset: Wire<Out>,
    pub column: Wire<Out>,
    /// Filter row.
    pub line: Wire<Out>,
    /// All rows read their words; otherwise the last row alone, from the port `source`.
    pub own: Wire<Out>,
    pub source: Wire<Out>,
    /// Each PE of a row takes a word of its own, by the reads `fetch` of which this is not the last (`reads_ahead`), or is; otherwise its neighbour's.
    pub head: Wire<Out>,
    pub fetch: Wire<Out>,
    pub reads_ahead: Wire<Out>,
    /// The phase is one of the long ones.
    pub long: Wire<Out>,
    /// First and last step of the position.
    pub first: Wire<Out>,
    pub last: Wire<Out>,
    /// With the last step: the chunk is the last one of the pass.
    pub completes: Wire<Out>,
    // Where the chunk begins
    chunk_left: Reg,
    chunk_channel: Reg,
    // The channel
    left: Reg,
    channel: Reg,
    count: Reg,
    phase: Reg,
    rows: OsFilterRows,
    // The step
    tap: Reg,
    /// Columns from the phase's first to that of the read.
    ahead: Reg,
    fetch_count: Reg,
    in_head: Wire<Local>,
    last_fetch: Wire<Local>,
    taps: Wire<Local>,
    last_tap: Wire<Local>,
    last_phase: Wire<Local>,
    last_channel: Wire<Local>,
    next_left: Wire<Local>,
    next_channel: Wire<Local>,
    /// The last step of a run is sent, and of a phase.
    ends_run: Wire<Local>,
    ends_phase: Wire<Local>,
}

impl OsPlaneLoops {
    /// The loops for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (address, port) = (address_bits(arch.port_words()), address_bits(arch.ifmap_ports()));
        let fetch = address_bits(arch.cols);
        OsPlaneLoops {
            clock: Default::default(),
            layer: TileLayer::new(arch),
            plane: PlaneLayer::new(arch),
            stride_h: Wire::unsigned(16),
            stride_w: Wire::unsigned(16),
            block_words: Wire::unsigned(address),
            start: Wire::bit(),
            channels: Wire::unsigned(16),
            advance: Wire::bit(),
            finishes: Wire::bit(),
            offset: Wire::unsigned(address),
            column: Wire::signed(COORDINATE_BITS),
            line: Wire::signed(COORDINATE_BITS),
            own: Wire::bit(),
            source: Wire::unsigned(port),
            head: Wire::bit(),
            fetch: Wire::unsigned(fetch),
            reads_ahead: Wire::bit(),
            long: Wire::bit(),
            first: Wire::bit(),
            last: Wire::bit(),
            completes: Wire::bit(),
            chunk_left: Reg::unsigned(16),
            chunk_channel: Reg::unsigned(address),
            left: Reg::unsigned(16),
            channel: Reg::unsigned(address),
            count: Reg::unsigned(16),
            phase: Reg::unsigned(16),
            rows: OsFilterRows::new(arch),
            tap: Reg::unsigned(16),
            ahead: Reg::unsigned(16),
            fetch_count: Reg::unsigned(fetch),
            in_head: Wire::bit(),
            last_fetch: Wire::bit(),
            taps: Wire::unsigned(16),
            last_tap: Wire::bit(),
            last_phase: Wire::bit(),
            last_channel: Wire::bit(),
            next_left: Wire::unsigned(16),
            next_channel: Wire::unsigned(address),
            ends_run: Wire::bit(),
            ends_phase: Wire::bit(),
        }
    }
}

impl Logic for OsPlaneLoops {
    describe!("os_plane_loops", "Loops over a position's steps: channel, phase of filter columns, filter row, tap.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, chunk_left, chunk_channel, left, channel, count, phase, tap, ahead, fetch_count);
        self.rows.clock.next = self.clock.val();
        self.rows.filter_rows_m1.next = self.layer.filter_rows_m1.val();
        self.rows.row_width.next = self.layer.row_width.val();
        self.rows.stride_h.next = self.stride_h.val();
        self.rows.block_words.next = self.block_words.val();
        self.rows.start.next = self.start.val();
        self.in_head.next = (!self.tap.q.val().any()).into();
        self.last_fetch.next = (self.fetch_count.q.val() == self.plane.fetches_m1.val()).into();
        self.long.next = (self.phase.q.val() < self.plane.long_phases.val()).into();
        self.taps.next = self.plane.phase_taps.val();
        if !self.long.val().any() {
            self.taps.next = self.plane.phase_taps.val() - 1;
        }
        self.last_tap.next = (self.tap.q.val() + 1 == self.taps.val()).into();
        self.ends_run.next = self.advance.val() & self.last_tap.val();
        self.rows.advance.next = self.ends_run.val();
        self.ends_phase.next = self.ends_run.val() & self.rows.last.val();
        self.last_phase.next = (self.phase.q.val() == self.plane.phases_m1.val()).into();
        self.completes.next = (self.left.q.val() == 1).into();
        self.last_channel.next = (self.count.q.val() == self.plane.chunk_m1.val() || self.left.q.val() == 1).into();
        self.column.next = self.phase.q.val();
        if !self.in_head.val().any() {
            self.column.next = self.phase.q.val() + self.ahead.q.val();
        }
        self.offset.next = self.rows.place.val() + self.phase.q.val() + self.ahead.q.val();
        self.line.next = self.rows.line.val();
        self.own.next = self.rows.own.val();
        self.source.next = self.rows.source.val();
        self.head.next = self.in_head.val();
        self.fetch.next = self.fetch_count.q.val();
        self.reads_ahead.next = self.in_head.val() & !self.last_fetch.val();
        self.first.next = (self.in_head.val().any()
            && !self.count.q.val().any()
            && !self.phase.q.val().any()
            && self.rows.first.val().any())
        .into();
        self.last.next = self.last_tap.val() & self.rows.last.val() & self.last_phase.val() & self.last_channel.val();
        self.next_left.next = self.left.q.val() - 1;
        self.next_channel.next = self.channel.q.val() + self.layer.group_stride.val();

        self.rows.base.next = self.channel.q.val();
        if self.last_phase.val().any() {
            self.rows.base.next = self.next_channel.val();
            if self.last_channel.val().any() && !self.finishes.val().any() {
                self.rows.base.next = self.chunk_channel.q.val();
            }
        }
        if self.start.val().any() {
            self.rows.base.next = 0.into();
            self.chunk_left.d.next = self.channels.val();
            self.chunk_channel.d.next = 0.into();
            self.left.d.next = self.channels.val();
            self.channel.d.next = 0.into();
            self.count.d.next = 0.into();
            self.phase.d.next = 0.into();
            self.tap.d.next = 0.into();
            self.ahead.d.next = 0.into();
            self.fetch_count.d.next = 0.into();
        } else if self.reads_ahead.val().any() {
            self.fetch_count.d.next = self.fetch_count.q.val() + 1;
            self.ahead.d.next = self.ahead.q.val() + self.plane.fetch_step.val();
        } else if self.advance.val().any() {
            self.fetch_count.d.next = 0.into();
            self.tap.d.next = self.tap.q.val() + 1;
            self.ahead.d.next = self.ahead.q.val() + self.stride_w.val();
            if self.in_head.val().any() {
                // The word behind that of the last column
                self.ahead.d.next = self.plane.window_step.val();
            }
            if self.last_tap.val().any() {
                self.tap.d.next = 0.into();
                self.ahead.d.next = 0.into();
            }
            if self.ends_phase.val().any() {
                self.phase.d.next = self.phase.q.val() + 1;
                if self.last_phase.val().any() {
                    self.phase.d.next = 0.into();
                    self.count.d.next = self.count.q.val() + 1;
                    self.left.d.next = self.next_left.val();
                    self.channel.d.next = self.next_channel.val();
                    if self.last_channel.val().any() {
                        self.count.d.next = 0.into();
                        if self.finishes.val().any() {
                            self.chunk_left.d.next = self.next_left.val();
                            self.chunk_channel.d.next = self.next_channel.val();
                        } else {
                            self.left.d.next = self.chunk_left.q.val();
                            self.channel.d.next = self.chunk_channel.q.val();
                        }
                    }
                }
            }
        }
    }
}
