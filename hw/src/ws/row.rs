use super::pe::WsPe;
use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::matrix::{control, MatrixReader};
use crate::rtl::prelude::*;

/// A row of the array, with what it reads from its ifmap port and takes from the stream of weights.
///
/// What comes from above is for this row and, a cycle later, for the row below: *positions*, each with its address in the port, and *lines* of
/// weights, each with the number of rows that it has yet to pass. A position is read if it lies within the ifmap (`inside`) and the row's channel
/// exists (`left` is not 0; each row takes one from it); in the padding it is a zero. With zero gating a zero adds nothing in any PE.
///
/// Latencies, for a position that comes in cycle c: the buffer is read in c + 1, its word comes in c + 3, the first PE takes it in c + 4, PE j in c + 4 + j.
/// A line that comes in cycle c is in the PEs' next weights from cycle c + 2 on. Of a position that came in cycle c, `macs_out` and `gated_out` are sent in
/// c + 5: how many rows down to this one have a channel for it, and in how many of them it was gated.
#[derive(LogicBlock)]
pub struct WsRow {
    pub clock: Wire<In, Clk>,
    pub psum_shift: Wire<In>,
    // Positions
    /// Bits as in [`control`].
    pub control_in: Wire<In>,
    pub inside_in: Wire<In>,
    pub left_in: Wire<In>,
    pub address_in: Wire<In>,
    pub control_out: Wire<Out>,
    pub inside_out: Wire<Out>,
    pub left_out: Wire<Out>,
    pub address_out: Wire<Out>,
    // Lines of weights
    pub line_valid_in: Wire<In>,
    pub line_row_in: Wire<In>,
    pub line_group_in: Wire<In>,
    pub line_in: Wire<In>,
    pub line_valid_out: Wire<Out>,
    pub line_row_out: Wire<Out>,
    pub line_group_out: Wire<Out>,
    pub line_out: Wire<Out>,
    // Ifmap port
    pub ifmap_read: Wire<Out>,
    pub ifmap_address: Wire<Out>,
    pub ifmap_read_word: Wire<In>,
    // Psums, by column
    pub psum_in: Vec<Wire<In>>,
    pub psum_out: Vec<Wire<Out>>,
    // Counts
    pub macs_in: Wire<In>,
    pub gated_in: Wire<In>,
    pub macs_out: Wire<Out>,
    pub gated_out: Wire<Out>,
    pe: Vec<WsPe>,
    control: Reg,
    inside: Reg,
    left: Reg,
    address: Reg,
    reader: MatrixReader,
    // The swap on its way to the first PE, beside the word
    swap_1: Reg,
    swap_2: Reg,
    swap: Reg,
    line_valid: Reg,
    line_row: Reg,
    line_group: Reg,
    line: Reg,
    macs_count: Reg,
    gated_count: Reg,
    hit: Wire<Local>,
    cols: Const,
    /// For each column, its group of four and where its word begins in a line.
    group_of: Vec<Const>,
    place_of: Vec<Const>,
    swap_bit: Const,
}

impl WsRow {
    /// A row of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let address = address_bits(arch.port_words());
        let (left, row) = (count_bits(arch.rows), address_bits(arch.rows));
        let group = address_bits(arch.cols.div_ceil(FILTER_BUS_WORDS));
        let line = FILTER_BUS_WORDS * arch.width;
        WsRow {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            control_in: Wire::unsigned(control::BITS),
            inside_in: Wire::bit(),
            left_in: Wire::unsigned(left),
            address_in: Wire::unsigned(address),
            control_out: Wire::unsigned(control::BITS),
            inside_out: Wire::bit(),
            left_out: Wire::unsigned(left),
            address_out: Wire::unsigned(address),
            line_valid_in: Wire::bit(),
            line_row_in: Wire::unsigned(row),
            line_group_in: Wire::unsigned(group),
            line_in: Wire::unsigned(line),
            line_valid_out: Wire::bit(),
            line_row_out: Wire::unsigned(row),
            line_group_out: Wire::unsigned(group),
            line_out: Wire::unsigned(line),
            ifmap_read: Wire::bit(),
            ifmap_address: Wire::unsigned(address),
            ifmap_read_word: Wire::signed(arch.width),
            psum_in: (0..arch.cols).map(|_| Wire::signed(arch.psum_width)).collect(),
            psum_out: (0..arch.cols).map(|_| Wire::signed(arch.psum_width)).collect(),
            macs_in: Wire::unsigned(left),
            gated_in: Wire::unsigned(left),
            macs_out: Wire::unsigned(left),
            gated_out: Wire::unsigned(left),
            pe: (0..arch.cols).map(|_| WsPe::new(arch)).collect(),
            control: Reg::unsigned(control::BITS),
            inside: Reg::data(1, false),
            left: Reg::data(left, false),
            address: Reg::data(address, false),
            reader: MatrixReader::new(arch),
            swap_1: Reg::bit(),
            swap_2: Reg::bit(),
            swap: Reg::bit(),
            line_valid: Reg::bit(),
            line_row: Reg::data(row, false),
            line_group: Reg::data(group, false),
            line: Reg::data(line, false),
            macs_count: Reg::unsigned(left),
            gated_count: Reg::unsigned(left),
            hit: Wire::bit(),
            cols: Const::new(arch.cols),
            group_of: (0..arch.cols).map(|c| Const::new(c / FILTER_BUS_WORDS)).collect(),
            place_of: (0..arch.cols).map(|c| Const::new(c % FILTER_BUS_WORDS * arch.width)).collect(),
            swap_bit: Const::new(control::SWAP),
        }
    }
}

impl Logic for WsRow {
    describe!("ws_row", "A row of weight-stationary PEs with its ifmap port and its place in the stream of weights.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, control, inside, left, address, swap_1, swap_2, swap, macs_count, gated_count);
        dff_setup!(self, clock, line_valid, line_row, line_group, line);
        self.reader.clock.next = self.clock.val();

        // Positions
        self.control.d.next = self.control_in.val();
        self.inside.d.next = self.inside_in.val();
        self.left.d.next = self.left_in.val();
        self.address.d.next = self.address_in.val();
        self.reader.valid_in.next = (self.control_in.val().get_bit(0) && self.left_in.val().any()).into();
        self.reader.inside_in.next = self.inside_in.val();
        self.control_out.next = self.control.q.val();
        self.inside_out.next = self.inside.q.val();
        self.left_out.next = 0.into();
        if self.left.q.val().any() {
            self.left_out.next = self.left.q.val() - 1;
        }
        self.address_out.next = self.address.q.val();

        // The buffer's word
        self.ifmap_read.next = self.reader.ifmap_read.val();
        self.ifmap_address.next = self.address.q.val();
        self.reader.ifmap_read_word.next = self.ifmap_read_word.val();
        self.swap_1.d.next = self.control.q.val() >> self.swap_bit.val();
        self.swap_2.d.next = self.swap_1.q.val();
        self.swap.d.next = self.swap_2.q.val();
        self.macs_count.d.next = self.macs_in.val() + (self.reader.adds.val() | self.reader.gated.val());
        self.gated_count.d.next = self.gated_in.val() + self.reader.gated.val();
        self.macs_out.next = self.macs_count.q.val();
        self.gated_out.next = self.gated_count.q.val();

        // Lines of weights
        self.line_valid.d.next = self.line_valid_in.val();
        self.line_row.d.next = self.line_row_in.val();
        self.line_group.d.next = self.line_group_in.val();
        self.line.d.next = self.line_in.val();
        self.hit.next = (self.line_valid.q.val().any() && !self.line_row.q.val().any()).into();
        self.line_valid_out.next = (self.line_valid.q.val().any() && self.line_row.q.val().any()).into();
        self.line_row_out.next = self.line_row.q.val() - 1;
        self.line_group_out.next = self.line_group.q.val();
        self.line_out.next = self.line.q.val();

        // PEs
        for c in 0..self.cols.index() {
            self.pe[c].clock.next = self.clock.val();
            self.pe[c].psum_shift.next = self.psum_shift.val();
            self.pe[c].load.next = (self.hit.val().any() && self.line_group.q.val() == self.group_of[c].val()).into();
            self.pe[c].weight_in.next = self.line.q.val() >> self.place_of[c].val();
            self.pe[c].psum_in.next = self.psum_in[c].val();
            self.psum_out[c].next = self.pe[c].psum_out.val();
        }
        self.pe[0].act_in.next = self.reader.act.val();
        self.pe[0].adds_in.next = self.reader.adds.val();
        self.pe[0].swap_in.next = self.swap.q.val();
        for c in 1..self.cols.index() {
            self.pe[c].act_in.next = self.pe[c - 1].act_out.val();
            self.pe[c].adds_in.next = self.pe[c - 1].adds_out.val();
            self.pe[c].swap_in.next = self.pe[c - 1].swap_out.val();
        }
    }
}
