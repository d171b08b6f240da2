//! The row-stationary array: PEs, the networks that feed them, and the configuration chain.

pub mod event;
mod island;
mod layer;
mod line_unpacker;
mod pe;
mod pe_row;
mod psum_lane;
mod ring;
mod row_buffer;
mod walk;
mod x_bus;

pub use event::{event_bits, EVENTS};
pub use island::{Island, Registered};
pub use layer::LayerIn;
pub use line_unpacker::LineUnpacker;
pub use pe::Pe;
pub use pe_row::PeRow;
pub use psum_lane::{LaneIn, LaneOut};
pub use ring::Ring;
pub use row_buffer::{MulticastIn, RowBuffer};
pub use walk::Walk;
pub use x_bus::XBus;

use crate::arch::FILTER_BUS_WORDS;
use crate::rtl::prelude::*;
use crate::Arch;

/// The row-stationary array (ISCA 2016; JSSC 2017, sections V-C and V-D): `rows × cols` PEs, row 0 on top.
///
/// Multicast: a word on the ifmap or the filter bus with tag (y, x) moves when every row whose ID is y has room in its row buffer, to all of
/// them; from there to every enabled PE whose ID is x. Latency: 1 cycle to the PEs. A word whose y is no row's is dropped.
/// Psums: lane l serves the columns c with c mod `psum_lanes` = l, as lane column c / `psum_lanes`; `psum_in_ready` and
/// `psum_out_valid` are those of the addressed PE, combinational from the address. A PE that does not use its lane is not valid on it and takes
/// nothing from it: a psum that is sent there is lost.
/// No handshake runs through another: what a PE or a row buffer is ready for is a register of its, and all that wait for it choose or join such
/// registers in one place, the X-bus, the Y-bus, the lane here, the row below.
///
/// A reset holds for two cycles, as the rows' follow in the second; no word is shifted in in the cycle after it. All inputs but the layer's constants
/// are low until then.
///
/// Configuration chain: a shift moves each word one place on, through the rows from row 0 on; in a row through the row's own word and then its PEs from
/// column 0 on. So the last place's word is sent first. A row's word, from bit 0: ID on the ifmap bus, ID on the filter bus (`tag_y_bits` each).
/// A PE's word: enable, psums come from the lane, psums go to the lane (1 bit each), ifmap ID (`ifmap_x_bits`), filter ID (`filter_x_bits`).
#[derive(LogicBlock)]
pub struct RsArray {
    pub clock: Wire<In, Clk>,
    pub chain_shift: Wire<In>,
    pub chain_word: Wire<In>,
    // Layer constants, as in `LayerIn`
    pub taps_m1: Wire<In>,
    pub step: Wire<In>,
    pub filters_m1: Wire<In>,
    pub windows_m1: Wire<In>,
    pub images_m1: Wire<In>,
    pub psum_shift: Wire<In>,
    // Ifmap bus
    pub ifmap_valid: Wire<In>,
    pub ifmap_ready: Wire<Out>,
    pub ifmap_y: Wire<In>,
    pub ifmap_x: Wire<In>,
    pub ifmap_word: Wire<In>,
    // Filter bus: of four words those from `filter_first` on
    pub filter_valid: Wire<In>,
    pub filter_ready: Wire<Out>,
    pub filter_y: Wire<In>,
    pub filter_x: Wire<In>,
    pub filter_first: Wire<In>,
    pub filter_word: Vec<Wire<In>>,
    // Psum lanes in
    pub psum_in_valid: Vec<Wire<In>>,
    pub psum_in_ready: Vec<Wire<Out>>,
    pub psum_in_row: Vec<Wire<In>>,
    pub psum_in_col: Vec<Wire<In>>,
    pub psum_in_word: Vec<Wire<In>>,
    // Psum lanes out
    pub psum_out_row: Vec<Wire<In>>,
    pub psum_out_col: Vec<Wire<In>>,
    pub psum_out_take: Vec<Wire<In>>,
    pub psum_out_valid: Vec<Wire<Out>>,
    pub psum_out_word: Vec<Wire<Out>>,
    /// How often each of [`event`] happened in a cycle: MACs, gated ones and psums three cycles before, words two.
    pub events: Vec<Wire<Out>>,
    rows: Vec<PeRow>,
    /// The reset of each row: high from the cycle after the array's on; a row's falls a cycle after that of the row before it.
    row_reset: Vec<Reg>,
    event_count: Vec<Reg>,
    event_sum: Vec<Wire<Local>>,
    ifmap_hit: Vec<Wire<Local>>,
    ifmap_all_ready: Wire<Local>,
    ifmap_zero: Wire<Local>,
    filter_hit: Vec<Wire<Local>>,
    filter_all_ready: Wire<Local>,
    filter_line: Wire<Local>,
    /// Of each lane: the room of the PEs of the row that it addresses.
    psum_room: Vec<Wire<Local>>,
    event_kinds: Const,
    gates: Const,
    row_count: Const,
    cols: Const,
    lanes: Const,
    /// Width of a word, of two, of three.
    width: Const,
    width_2: Const,
    width_3: Const,
    filter_x_bits: Const,
}

/// Equal wires.
fn wires<D: Direction>(n: usize, bits: usize, signed: bool) -> Vec<Wire<D>> {
    (0..n).map(|_| Wire::of(bits, signed)).collect()
}

impl RsArray {
    /// The array of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (w, p, rows, lanes) = (arch.width, arch.psum_width, arch.rows, arch.psum_lanes);
        let layer = LayerIn::new(arch);
        RsArray {
            clock: Default::default(),
            chain_shift: Wire::bit(),
            chain_word: Wire::unsigned(arch.chain_bits()),
            taps_m1: layer.taps_m1,
            step: layer.step,
            filters_m1: layer.filters_m1,
            windows_m1: layer.windows_m1,
            images_m1: layer.images_m1,
            psum_shift: layer.psum_shift,
            ifmap_valid: Wire::bit(),
            ifmap_ready: Wire::bit(),
            ifmap_y: Wire::unsigned(arch.tag_y_bits()),
            ifmap_x: Wire::unsigned(arch.ifmap_x_bits()),
            ifmap_word: Wire::signed(w),
            filter_valid: Wire::bit(),
            filter_ready: Wire::bit(),
            filter_y: Wire::unsigned(arch.tag_y_bits()),
            filter_x: Wire::unsigned(arch.filter_x_bits()),
            filter_first: Wire::unsigned(address_bits(FILTER_BUS_WORDS)),
            filter_word: wires(FILTER_BUS_WORDS, w, true),
            psum_in_valid: wires(lanes, 1, false),
            psum_in_ready: wires(lanes, 1, false),
            psum_in_row: wires(lanes, address_bits(rows), false),
            psum_in_col: wires(lanes, arch.lane_col_bits(), false),
            psum_in_word: wires(lanes, p, true),
            psum_out_row: wires(lanes, address_bits(rows), false),
            psum_out_col: wires(lanes, arch.lane_col_bits(), false),
            psum_out_take: wires(lanes, 1, false),
            psum_out_valid: wires(lanes, 1, false),
            psum_out_word: wires(lanes, p, true),
            events: event_bits(arch.pes()).map(Wire::unsigned).into(),
            rows: (0..rows).map(|_| PeRow::new(arch)).collect(),
            row_reset: (0..rows).map(|_| Reg::new(1, false, 1)).collect(),
            event_count: event_bits(arch.pes()).map(Reg::unsigned).into(),
            event_sum: event_bits(arch.pes()).map(Wire::unsigned).into(),
            ifmap_hit: wires(rows, 1, false),
            ifmap_all_ready: Wire::bit(),
            ifmap_zero: Wire::bit(),
            filter_hit: wires(rows, 1, false),
            filter_all_ready: Wire::bit(),
            filter_line: Wire::unsigned(FILTER_BUS_WORDS * w),
            psum_room: wires(lanes, arch.lane_cols(), false),
            event_kinds: Const::new(EVENTS),
            gates: Const::new(arch.zero_gating as usize),
            row_count: Const::new(rows),
            cols: Const::new(arch.cols),
            lanes: Const::new(lanes),
            width: Const::new(w),
            width_2: Const::new(2 * w),
            width_3: Const::new(3 * w),
            filter_x_bits: Const::new(arch.filter_x_bits()),
        }
    }
}

impl Logic for RsArray {
    describe!(
        "rs_array",
        "Row-stationary array of PEs with its multicast networks, psum lanes and configuration chain."
    );

    #[hdl_gen]
    fn update(&mut self) {
        // Words as the PEs take them: with zero gating, a flag for zeros.
        self.ifmap_zero.next = 0.into();
        if self.gates.val().any() {
            self.ifmap_zero.next = (self.ifmap_word.val() == 0).into();
        }
        self.filter_line.next = (bit_cast(self.filter_word[3].val(), self.width.index()) << self.width_3.val())
            | (bit_cast(self.filter_word[2].val(), self.width.index()) << self.width_2.val())
            | (bit_cast(self.filter_word[1].val(), self.width.index()) << self.width.val())
            | bit_cast(self.filter_word[0].val(), self.width.index());

        // Y-buses: a word moves when all rows that it is for are ready.
        self.ifmap_all_ready.next = 1.into();
        self.filter_all_ready.next = 1.into();
        for r in 0..self.row_count.index() {
            self.ifmap_hit[r].next = (self.rows[r].ifmap_id.val() == self.ifmap_y.val()).into();
            self.filter_hit[r].next = (self.rows[r].filter_id.val() == self.filter_y.val()).into();
            if self.ifmap_hit[r].val().any() && !self.rows[r].ifmap.ready.val().any() {
                self.ifmap_all_ready.next = 0.into();
            }
            if self.filter_hit[r].val().any() && !self.rows[r].filter.ready.val().any() {
                self.filter_all_ready.next = 0.into();
            }
        }
        self.ifmap_ready.next = self.ifmap_all_ready.val();
        self.filter_ready.next = self.filter_all_ready.val();
        for r in 0..self.row_count.index() {
            self.rows[r].ifmap.put.next = self.ifmap_valid.val() & self.ifmap_hit[r].val() & self.ifmap_all_ready.val();
            self.rows[r].ifmap.tag.next = self.ifmap_x.val();
            self.rows[r].ifmap.word.next =
                (self.ifmap_zero.val() << self.width.val()) | bit_cast(self.ifmap_word.val(), self.width.index());
            self.rows[r].filter.put.next =
                self.filter_valid.val() & self.filter_hit[r].val() & self.filter_all_ready.val();
            self.rows[r].filter.tag.next = (self.filter_first.val() << self.filter_x_bits.val()) | self.filter_x.val();
            self.rows[r].filter.word.next = self.filter_line.val();
        }

        // Psum lanes.
        for l in 0..self.lanes.index() {
            self.psum_room[l].next = 0.into();
            self.psum_out_valid[l].next = 0.into();
            self.psum_out_word[l].next = 0.into();
            for r in 0..self.row_count.index() {
                self.rows[r].psum_in[l].valid.next =
                    (self.psum_in_valid[l].val().any() && self.psum_in_row[l].val() == r).into();
                self.rows[r].psum_in[l].col.next = self.psum_in_col[l].val();
                self.rows[r].psum_in[l].word.next = self.psum_in_word[l].val();
                if self.psum_in_row[l].val() == r {
                    self.psum_room[l].next = self.rows[r].psum_room[l].val();
                }
                self.rows[r].psum_out[l].select.next = (self.psum_out_row[l].val() == r).into();
                self.rows[r].psum_out[l].col.next = self.psum_out_col[l].val();
                self.rows[r].psum_out[l].take.next = self.psum_out_take[l].val();
                self.psum_out_valid[l].next = self.psum_out_valid[l].val() | self.rows[r].psum_out[l].valid.val();
                self.psum_out_word[l].next = self.psum_out_word[l].val() | self.rows[r].psum_out[l].word.val();
            }
            self.psum_in_ready[l].next = self.psum_room[l].val() >> self.psum_in_col[l].val();
        }

        // Columns: psums go from a row to the one above it; nothing comes from below the last row or goes above the first.
        for c in 0..self.cols.index() {
            for r in 1..self.row_count.index() {
                self.rows[r - 1].below[c].payload.next = self.rows[r].above[c].payload.val();
                self.rows[r - 1].below[c].valid.next = self.rows[r].above[c].valid.val();
                self.rows[r].above[c].ready.next = self.rows[r - 1].below[c].ready.val();
            }
            self.rows[0].above[c].ready.next = 0.into();
            self.rows[self.row_count.index() - 1].below[c].payload.next = 0.into();
            self.rows[self.row_count.index() - 1].below[c].valid.next = 0.into();
        }

        // Resets: no wire goes to all PEs, and no two registers are alike, which tools would make one. A word of the configuration chain takes longer to a
        // row than the end of a reset, and a row that has none takes part in nothing.
        for r in 0..self.row_count.index() {
            self.row_reset[r].clock.next = self.clock.val();
            self.row_reset[r].d.next = 0.into();
        }
        for r in 1..self.row_count.index() {
            self.row_reset[r].d.next = self.row_reset[r - 1].q.val();
        }

        // Configuration chain, layer constants.
        self.rows[0].chain_in.next = self.chain_word.val();
        for r in 1..self.row_count.index() {
            self.rows[r].chain_in.next = self.rows[r - 1].chain_out.val();
        }
        for r in 0..self.row_count.index() {
            self.rows[r].clock.next = self.clock.val() << self.row_reset[r].q.val();
            self.rows[r].chain_shift.next = self.chain_shift.val();
            self.rows[r].layer.taps_m1.next = self.taps_m1.val();
            self.rows[r].layer.step.next = self.step.val();
            self.rows[r].layer.filters_m1.next = self.filters_m1.val();
            self.rows[r].layer.windows_m1.next = self.windows_m1.val();
            self.rows[r].layer.images_m1.next = self.images_m1.val();
            self.rows[r].layer.psum_shift.next = self.psum_shift.val();
        }

        // Events.
        for i in 0..self.event_kinds.index() {
            self.event_sum[i].next = 0.into();
            for r in 0..self.row_count.index() {
                self.event_sum[i].next = self.event_sum[i].val() + self.rows[r].events[i].val();
            }
            self.event_count[i].clock.next = self.clock.val();
            self.event_count[i].d.next = self.event_sum[i].val();
            self.events[i].next = self.event_count[i].q.val();
        }
    }
}
