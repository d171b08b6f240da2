use super::fields::sources_bits;
use super::layer_in::{PsumLayer, SourceEntry};
use super::psum_walker::PsumWalker;
use super::read_stream::ReadStream;
use crate::arch::Arch;
use crate::rtl::prelude::*;

/// Sends the psums of one lane to the array: those of an earlier pass from the buffer, or zeros.
///
/// Throughput: a psum a cycle. Latency: the first psum of a pass is offered 7 cycles after `start`.
#[derive(LogicBlock)]
pub struct PsumFeeder {
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
    /// The psums are zeros.
    pub first: Wire<In>,
    pub busy: Wire<Out>,
    /// Every psum of the passes started has been taken.
    pub idle: Wire<Out>,
    // Global buffer
    pub psum_read: Wire<Out>,
    pub psum_read_line: Wire<Out>,
    pub psum_read_word: Wire<In>,
    // Network
    pub psum_in_valid: Wire<Out>,
    pub psum_in_ready: Wire<In>,
    pub psum_in_row: Wire<Out>,
    pub psum_in_col: Wire<Out>,
    pub psum_in_word: Wire<Out>,
    walker: PsumWalker,
    stream: ReadStream,
    // The request at the buffer's port
    put: Reg,
    read: Reg,
    line: Reg,
    tag: Reg,
    take: Wire<Local>,
    row_bits: Const,
}

impl PsumFeeder {
    /// The feeder of a lane of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let line = arch.line_bits();
        let (row, col) = (arch.tag_y_bits(), arch.lane_col_bits());
        PsumFeeder {
            clock: Default::default(),
            layer: PsumLayer::new(arch),
            sources: Wire::unsigned(sources_bits(arch)),
            table_write: Wire::bit(),
            entry: SourceEntry::new(arch),
            start: Wire::bit(),
            base: Wire::unsigned(line),
            first: Wire::bit(),
            busy: Wire::bit(),
            idle: Wire::bit(),
            psum_read: Wire::bit(),
            psum_read_line: Wire::unsigned(line),
            psum_read_word: Wire::signed(arch.psum_width),
            psum_in_valid: Wire::bit(),
            psum_in_ready: Wire::bit(),
            psum_in_row: Wire::unsigned(row),
            psum_in_col: Wire::unsigned(col),
            psum_in_word: Wire::signed(arch.psum_width),
            walker: PsumWalker::new(arch),
            stream: ReadStream::new(row + col, arch.psum_width),
            put: Reg::bit(),
            read: Reg::bit(),
            line: Reg::data(line, false),
            tag: Reg::data(row + col, false),
            take: Wire::bit(),
            row_bits: Const::new(row),
        }
    }
}

impl Logic for PsumFeeder {
    describe!("psum_feeder", "Sends the psums of a lane from the buffer, or zeros, to the array.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, put, read, line, tag);
        self.walker.clock.next = self.clock.val();
        self.stream.clock.next = self.clock.val();
        PsumLayer::link(&mut self.layer, &mut self.walker.layer);
        SourceEntry::link(&mut self.entry, &mut self.walker.entry);
        self.walker.sources.next = self.sources.val();
        self.walker.table_write.next = self.table_write.val();
        self.walker.start.next = self.start.val();
        self.walker.base.next = self.base.val();
        self.walker.flag.next = self.first.val();
        self.walker.ready.next = self.stream.room.val();
        self.busy.next = self.walker.busy.val();
        self.idle.next = self.walker.idle.val() & self.stream.idle.val();

        self.take.next = self.walker.valid.val() & self.stream.room.val();
        self.put.d.next = self.take.val();
        self.read.d.next = (self.take.val().any() && !self.walker.flagged.val().any()).into();
        self.line.d.next = self.walker.line.val();
        self.tag.d.next = self.walker.row.val() | (self.walker.col.val() << self.row_bits.val());
        self.psum_read.next = self.read.q.val();
        self.psum_read_line.next = self.line.q.val();

        self.stream.claim.next = self.take.val();
        self.stream.put.next = self.put.q.val();
        self.stream.fetch.next = self.read.q.val();
        self.stream.tag.next = self.tag.q.val();
        self.stream.mark.next = false.into();
        self.stream.read_word.next = self.psum_read_word.val();
        self.psum_in_valid.next = self.stream.out_valid.val();
        self.psum_in_row.next = self.stream.out_tag.val();
        self.psum_in_col.next = self.stream.out_tag.val() >> self.row_bits.val();
        self.psum_in_word.next = self.stream.out_word.val();
        self.stream.out_ready.next = self.psum_in_ready.val();
    }
}
