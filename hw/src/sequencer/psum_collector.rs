use super::fields::sources_bits;
use super::layer_in::{PsumLayer, SourceEntry};
use super::psum_walker::PsumWalker;
use crate::arch::Arch;
use crate::rtl::prelude::*;

/// Takes the psums of one lane from the array, in the walker's order, and writes them to the buffer.
///
/// The PE that is polled is the walker's: whether it has a psum decides in a queue alone, and nowhere else, if the next one's turn comes.
/// Throughput: a psum a cycle. Latency: the first PE is polled 3 cycles after `start`; a psum is on the buffer's port in the cycle
/// after it was taken.
#[derive(LogicBlock)]
pub struct PsumCollector {
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
    /// Until the last write of the pass has been on the buffer's port.
    pub busy: Wire<Out>,
    // Network
    pub psum_out_row: Wire<Out>,
    pub psum_out_col: Wire<Out>,
    pub psum_out_take: Wire<Out>,
    pub psum_out_valid: Wire<In>,
    pub psum_out_word: Wire<In>,
    // Global buffer
    pub psum_write: Wire<Out>,
    pub psum_write_line: Wire<Out>,
    pub psum_write_word: Wire<Out>,
    walker: PsumWalker,
    working: Reg,
    // The psum at the buffer's port
    write: Reg,
    write_line: Reg,
    write_word: Reg,
    write_last: Reg,
    moved: Wire<Local>,
}

impl PsumCollector {
    /// The collector of a lane of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let line = arch.line_bits();
        let (row, col) = (arch.tag_y_bits(), arch.lane_col_bits());
        PsumCollector {
            clock: Default::default(),
            layer: PsumLayer::new(arch),
            sources: Wire::unsigned(sources_bits(arch)),
            table_write: Wire::bit(),
            entry: SourceEntry::new(arch),
            start: Wire::bit(),
            base: Wire::unsigned(line),
            busy: Wire::bit(),
            psum_out_row: Wire::unsigned(row),
            psum_out_col: Wire::unsigned(col),
            psum_out_take: Wire::bit(),
            psum_out_valid: Wire::bit(),
            psum_out_word: Wire::signed(arch.psum_width),
            psum_write: Wire::bit(),
            psum_write_line: Wire::unsigned(line),
            psum_write_word: Wire::signed(arch.psum_width),
            walker: PsumWalker::new(arch),
            working: Reg::bit(),
            write: Reg::bit(),
            write_line: Reg::data(line, false),
            write_word: Reg::data(arch.psum_width, true),
            write_last: Reg::data(1, false),
            moved: Wire::bit(),
        }
    }
}

impl Logic for PsumCollector {
    describe!("psum_collector", "Takes the psums of a lane from the array and writes them to the buffer.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, working, write, write_line, write_word, write_last);
        self.walker.clock.next = self.clock.val();
        PsumLayer::link(&mut self.layer, &mut self.walker.layer);
        SourceEntry::link(&mut self.entry, &mut self.walker.entry);
        self.walker.sources.next = self.sources.val();
        self.walker.table_write.next = self.table_write.val();
        self.walker.start.next = self.start.val();
        self.walker.base.next = self.base.val();
        self.walker.flag.next = false.into();

        // One PE is polled; as its psum moves, the next PE's turn comes
        self.psum_out_row.next = self.walker.row.val();
        self.psum_out_col.next = self.walker.col.val();
        self.psum_out_take.next = self.walker.valid.val();
        self.walker.ready.next = self.psum_out_valid.val();
        self.moved.next = self.walker.valid.val() & self.psum_out_valid.val();

        self.write.d.next = self.moved.val();
        self.write_line.d.next = self.walker.line.val();
        self.write_word.d.next = self.psum_out_word.val();
        self.write_last.d.next = self.walker.last.val();
        self.psum_write.next = self.write.q.val();
        self.psum_write_line.next = self.write_line.q.val();
        self.psum_write_word.next = self.write_word.q.val();

        self.busy.next = self.working.q.val();
        if self.start.val().any() {
            self.working.d.next = self.sources.val().any().into();
        } else if self.write.q.val().any() && self.write_last.q.val().any() {
            self.working.d.next = false.into();
        }
    }
}
