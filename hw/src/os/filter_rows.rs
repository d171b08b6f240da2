use crate::matrix::COORDINATE_BITS;
use crate::rtl::prelude::*;
use crate::Arch;

/// The filter rows of what a position works on, one after the other, and where their ifmap rows lie: in the first `stride_h` of them all rows of the array read their own ports (`own`), after that the last row
/// alone from the ports that follow, as the others take from the row below.
///
/// `advance` goes on to the next filter row, and from the `last` one to the first again, whose words begin at `base`, as they do with `start`. Latency: the next filter row stands in the cycle after.
/// Products of counters and strides are kept as running sums.
#[derive(LogicBlock)]
pub struct OsFilterRows {
    pub clock: Wire<In, Clk>,
    pub filter_rows_m1: Wire<In>,
    pub row_width: Wire<In>,
    pub stride_h: Wire<In>,
    /// Port words from a block of rows to the next.
    pub block_words: Wire<In>,
    pub start: Wire<In>,
    pub advance: Wire<In>,
    /// Port words from a position's word to that of the first filter row to come.
    pub base: Wire<In>,
    pub line: Wire<Out>,
    pub own: Wire<Out>,
    pub source: Wire<Out>,
    /// Port words from the position's word to the filter row's.
    pub place: Wire<Out>,
    pub first: Wire<Out>,
    pub last: Wire<Out>,
    filter_row: Reg,
    /// Filter row modulo the stride.
    turn: Reg,
    reads_all: Reg,
    port: Reg,
    block: Reg,
    row: Reg,
    last_row: Wire<Local>,
    last_port: Const,
}

impl OsFilterRows {
    /// The rows for this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (address, port) = (address_bits(arch.port_words()), address_bits(arch.ifmap_ports()));
        OsFilterRows {
            clock: Default::default(),
            filter_rows_m1: Wire::unsigned(16),
            row_width: Wire::unsigned(16),
            stride_h: Wire::unsigned(16),
            block_words: Wire::unsigned(address),
            start: Wire::bit(),
            advance: Wire::bit(),
            base: Wire::unsigned(address),
            line: Wire::signed(COORDINATE_BITS),
            own: Wire::bit(),
            source: Wire::unsigned(port),
            place: Wire::unsigned(address),
            first: Wire::bit(),
            last: Wire::bit(),
            filter_row: Reg::unsigned(16),
            turn: Reg::unsigned(16),
            reads_all: Reg::bit(),
            port: Reg::unsigned(port),
            block: Reg::unsigned(address),
            row: Reg::unsigned(address),
            last_row: Wire::bit(),
            last_port: Const::new(arch.ifmap_ports() - 1),
        }
    }
}

impl Logic for OsFilterRows {
    describe!("os_filter_rows", "Filter rows one after the other, and the ports that their words are in.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, filter_row, turn, reads_all, port, block, row);
        self.last_row.next = (self.filter_row.q.val() == self.filter_rows_m1.val()).into();
        self.line.next = self.filter_row.q.val();
        self.own.next = self.reads_all.q.val();
        self.source.next = self.port.q.val();
        self.place.next = self.row.q.val();
        self.first.next = (!self.filter_row.q.val().any()).into();
        self.last.next = self.last_row.val();
        if self.start.val().any() || (self.advance.val().any() && self.last_row.val().any()) {
            self.filter_row.d.next = 0.into();
            self.turn.d.next = 0.into();
            self.reads_all.d.next = true.into();
            self.port.d.next = self.last_port.val();
            self.block.d.next = self.base.val();
            self.row.d.next = self.base.val();
        } else if self.advance.val().any() {
            self.filter_row.d.next = self.filter_row.q.val() + 1;
            self.turn.d.next = self.turn.q.val() + 1;
            self.row.d.next = self.row.q.val() + self.row_width.val();
            if self.turn.q.val() + 1 == self.stride_h.val() {
                // What the other rows need from here on is on its way from the row below.
                self.turn.d.next = 0.into();
                self.reads_all.d.next = false.into();
                self.row.d.next = self.block.q.val();
                self.port.d.next = self.port.q.val() + 1;
                if self.port.q.val() == self.last_port.val() {
                    self.port.d.next = 0.into();
                    self.block.d.next = self.block.q.val() + self.block_words.val();
                    self.row.d.next = self.block.q.val() + self.block_words.val();
                }
            }
        }
    }
}
