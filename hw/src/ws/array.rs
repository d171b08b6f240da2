use super::{WsNextWeights, WsRow};
use crate::arch::Arch;
use crate::matrix::{control, Position, WeightLine};
use crate::rtl::prelude::*;

/// A systolic array: activations to the right, psums down, each row a cycle behind the one above.
///
/// Its ports are those of every array in [`crate::matrix::MatrixCore`], which has the meaning of what they carry.
#[derive(LogicBlock)]
pub struct WsArray {
    pub clock: Wire<In, Clk>,
    pub psum_shift: Wire<In>,
    pub position: Position,
    pub control_out: Wire<Out>,
    // Weights
    pub launch: Wire<In>,
    pub full: Wire<Out>,
    pub room: Wire<Out>,
    pub line: WeightLine,
    // Ifmap ports, by row
    pub ifmap_read: Vec<Wire<Out>>,
    pub ifmap_address: Vec<Wire<Out>>,
    pub ifmap_read_word: Vec<Wire<In>>,
    // Psums, by column
    pub psum: Vec<Wire<Out>>,
    // Counts
    pub macs: Wire<Out>,
    pub gated: Wire<Out>,
    row: Vec<WsRow>,
    next_weights: WsNextWeights,
    rows: Const,
    cols: Const,
}

impl WsArray {
    /// The array of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let address = address_bits(arch.port_words());
        let counts = count_bits(arch.rows);
        WsArray {
            clock: Default::default(),
            psum_shift: Wire::unsigned(arch.shift_bits()),
            position: Position::new(arch),
            control_out: Wire::unsigned(control::BITS),
            launch: Wire::bit(),
            full: Wire::bit(),
            room: Wire::bit(),
            line: WeightLine::new(arch),
            ifmap_read: (0..arch.rows).map(|_| Wire::bit()).collect(),
            ifmap_address: (0..arch.rows).map(|_| Wire::unsigned(address)).collect(),
            ifmap_read_word: (0..arch.rows).map(|_| Wire::signed(arch.width)).collect(),
            psum: (0..arch.cols).map(|_| Wire::signed(arch.psum_width)).collect(),
            macs: Wire::unsigned(counts),
            gated: Wire::unsigned(counts),
            row: (0..arch.rows).map(|_| WsRow::new(arch)).collect(),
            next_weights: WsNextWeights::new(arch.cols + 2),
            rows: Const::new(arch.rows),
            cols: Const::new(arch.cols),
        }
    }
}

impl Logic for WsArray {
    describe!("ws_array", "Systolic array: weights stay, activations move right, psums move down.");

    #[hdl_gen]
    fn update(&mut self) {
        // Weights
        self.next_weights.clock.next = self.clock.val();
        self.next_weights.line_end.next = self.line.end.val();
        self.next_weights.launch.next = self.launch.val();
        self.full.next = self.next_weights.full.val();
        self.room.next = self.next_weights.room.val();
        self.row[0].line_valid_in.next = self.line.valid.val();
        self.row[0].line_row_in.next = self.line.row.val();
        self.row[0].line_group_in.next = self.line.group.val();
        self.row[0].line_in.next = self.line.words.val();

        // Rows
        self.row[0].control_in.next = self.position.control.val();
        self.row[0].inside_in.next = self.position.inside.val();
        self.row[0].left_in.next = self.position.left.val();
        self.row[0].address_in.next = self.position.address.val();
        self.row[0].macs_in.next = 0.into();
        self.row[0].gated_in.next = 0.into();
        for i in 1..self.rows.index() {
            self.row[i].line_valid_in.next = self.row[i - 1].line_valid_out.val();
            self.row[i].line_row_in.next = self.row[i - 1].line_row_out.val();
            self.row[i].line_group_in.next = self.row[i - 1].line_group_out.val();
            self.row[i].line_in.next = self.row[i - 1].line_out.val();
            self.row[i].control_in.next = self.row[i - 1].control_out.val();
            self.row[i].inside_in.next = self.row[i - 1].inside_out.val();
            self.row[i].left_in.next = self.row[i - 1].left_out.val();
            self.row[i].address_in.next = self.row[i - 1].address_out.val();
            self.row[i].macs_in.next = self.row[i - 1].macs_out.val();
            self.row[i].gated_in.next = self.row[i - 1].gated_out.val();
        }
        for i in 0..self.rows.index() {
            self.row[i].clock.next = self.clock.val();
            self.row[i].psum_shift.next = self.psum_shift.val();
            self.ifmap_read[i].next = self.row[i].ifmap_read.val();
            self.ifmap_address[i].next = self.row[i].ifmap_address.val();
            self.row[i].ifmap_read_word.next = self.ifmap_read_word[i].val();
        }
        for c in 0..self.cols.index() {
            self.row[0].psum_in[c].next = 0.into();
            for i in 1..self.rows.index() {
                self.row[i].psum_in[c].next = self.row[i - 1].psum_out[c].val();
            }
            self.psum[c].next = self.row[self.rows.index() - 1].psum_out[c].val();
        }
        self.control_out.next = self.row[self.rows.index() - 1].control_out.val();
        self.macs.next = self.row[self.rows.index() - 1].macs_out.val();
        self.gated.next = self.row[self.rows.index() - 1].gated_out.val();
    }
}
