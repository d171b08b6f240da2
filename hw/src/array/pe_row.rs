use super::event::{event_bits, EVENTS};
use super::island::Island;
use super::layer::LayerIn;
use super::pe::Pe;
use super::psum_lane::{LaneIn, LaneOut};
use super::row_buffer::MulticastIn;
use super::wires;
use super::x_bus::XBus;
use crate::arch::FILTER_BUS_WORDS;
use crate::rtl::prelude::*;
use crate::Arch;

/// A row of PEs: its part of the configuration chain, its X-buses, its ends of the psum lanes, and its links to the rows
/// above and below.
///
/// A PE takes psums from its lane or from below, and gives them to its lane or to the row above, as its word of the chain says.
/// Psum lane l reaches PE `j·lanes + l` as its lane column j. The psum paths are combinational between ports and PEs, but for `psum_room`, which
/// is the PEs' registers themselves; a word takes 1 cycle from the Y-bus to the PEs. Words of the chain: see [`super::RsArray`].
#[derive(LogicBlock)]
pub struct PeRow {
    pub clock: Wire<In, Clk>,
    pub chain_shift: Wire<In>,
    pub chain_in: Wire<In>,
    pub chain_out: Wire<Out>,
    pub layer: LayerIn,
    pub ifmap: MulticastIn,
    /// The row's ID on the ifmap Y-bus.
    pub ifmap_id: Wire<Out>,
    pub filter: MulticastIn,
    /// The row's ID on the filter Y-bus.
    pub filter_id: Wire<Out>,
    pub psum_in: Vec<LaneIn>,
    /// Of each lane: whether its PEs have room for a psum, a bit for each lane column; from the lane or from below, as the PE's word says.
    pub psum_room: Vec<Wire<Out>>,
    pub psum_out: Vec<LaneOut>,
    pub below: Vec<StreamIn>,
    pub above: Vec<StreamOut>,
    /// How often each of [`super::event`] happened in a cycle: MACs, gated ones and psums two cycles before, words in the cycle before.
    pub events: Vec<Wire<Out>>,
    row_word: Reg,
    pe_word: Vec<Reg>,
    ifmap_bus: XBus,
    filter_bus: XBus,
    pes: Vec<Island<Pe>>,
    event_count: Vec<Reg>,
    event_sum: Vec<Wire<Local>>,
    from_lane: Vec<Wire<Local>>,
    to_lane: Vec<Wire<Local>>,
    /// Room of a PE and those of its lane before it.
    room: Vec<Wire<Local>>,
    event_kinds: Const,
    cols: Const,
    lanes: Const,
    /// The lane column of each PE.
    lane_col: Vec<Const>,
    tag_y_bits: Const,
    filter_x_bits: Const,
    /// Place of the filter ID in a PE's word of the chain.
    filter_id_low: Const,
}

impl PeRow {
    /// A row of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (w, p, cols, lanes) = (arch.width, arch.psum_width, arch.cols, arch.psum_lanes);
        let (ifmap_x, filter_x, chain) = (arch.ifmap_x_bits(), arch.filter_x_bits(), arch.chain_bits());
        let (filter_tag, line) = (filter_x + address_bits(FILTER_BUS_WORDS), FILTER_BUS_WORDS * w);
        PeRow {
            clock: Default::default(),
            chain_shift: Wire::bit(),
            chain_in: Wire::unsigned(chain),
            chain_out: Wire::unsigned(chain),
            layer: LayerIn::new(arch),
            ifmap: MulticastIn::new(ifmap_x, arch.ifmap_bus_bits()),
            ifmap_id: Wire::unsigned(arch.tag_y_bits()),
            filter: MulticastIn::new(filter_tag, line),
            filter_id: Wire::unsigned(arch.tag_y_bits()),
            psum_in: (0..lanes).map(|_| LaneIn::new(arch.lane_col_bits(), p)).collect(),
            psum_room: wires(lanes, arch.lane_cols(), false),
            psum_out: (0..lanes).map(|_| LaneOut::new(arch.lane_col_bits(), p)).collect(),
            below: (0..cols).map(|_| StreamIn::new(p, true)).collect(),
            above: (0..cols).map(|_| StreamOut::new(p, true)).collect(),
            events: event_bits(cols).map(Wire::unsigned).into(),
            row_word: Reg::unsigned(chain),
            pe_word: (0..cols).map(|_| Reg::unsigned(chain)).collect(),
            ifmap_bus: XBus::new(cols, ifmap_x, ifmap_x, arch.ifmap_bus_bits()),
            filter_bus: XBus::new(cols, filter_x, filter_tag, line),
            pes: (0..cols).map(|_| Island::new(Pe::new(arch))).collect(),
            event_count: event_bits(cols).map(Reg::unsigned).into(),
            event_sum: event_bits(cols).map(Wire::unsigned).into(),
            from_lane: wires(cols, 1, false),
            to_lane: wires(cols, 1, false),
            room: (0..cols).map(|c| Wire::unsigned(c / lanes + 1)).collect(),
            event_kinds: Const::new(EVENTS),
            cols: Const::new(cols),
            lanes: Const::new(lanes),
            lane_col: (0..cols).map(|c| Const::new(c / lanes)).collect(),
            tag_y_bits: Const::new(arch.tag_y_bits()),
            filter_x_bits: Const::new(filter_x),
            filter_id_low: Const::new(3 + ifmap_x),
        }
    }
}

impl Logic for PeRow {
    describe!(
        "pe_row",
        "A row of PEs with its X-buses, its ends of the psum lanes and its part of the configuration chain."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, row_word);
        self.ifmap_bus.clock.next = self.clock.val();
        self.filter_bus.clock.next = self.clock.val();

        // Configuration chain.
        for c in 0..self.cols.index() {
            self.pe_word[c].clock.next = self.clock.val();
            self.pe_word[c].d.next = self.pe_word[c].q.val();
        }
        if self.chain_shift.val().any() {
            self.row_word.d.next = self.chain_in.val();
            self.pe_word[0].d.next = self.row_word.q.val();
            for c in 1..self.cols.index() {
                self.pe_word[c].d.next = self.pe_word[c - 1].q.val();
            }
        }
        self.chain_out.next = self.pe_word[self.cols.index() - 1].q.val();
        self.ifmap_id.next = self.row_word.q.val();
        self.filter_id.next = self.row_word.q.val() >> self.tag_y_bits.val();

        // Multicast.
        MulticastIn::link(&mut self.ifmap, &mut self.ifmap_bus.y_bus);
        MulticastIn::link(&mut self.filter, &mut self.filter_bus.y_bus);
        for c in 0..self.cols.index() {
            self.pes[c].clock.next = self.clock.val();
            LayerIn::link(&mut self.layer, &mut self.pes[c].layer);
            self.pes[c].enable.next = self.pe_word[c].q.val();
            self.ifmap_bus.listens[c].next = self.pe_word[c].q.val();
            self.ifmap_bus.id[c].next = self.pe_word[c].q.val() >> 3;
            self.ifmap_bus.pe_ready[c].next = self.pes[c].ifmap.ready.val();
            self.pes[c].ifmap.valid.next = self.ifmap_bus.pe_put[c].val();
            self.pes[c].ifmap.payload.next = self.ifmap_bus.word.val();
            self.filter_bus.listens[c].next = self.pe_word[c].q.val();
            self.filter_bus.id[c].next = self.pe_word[c].q.val() >> self.filter_id_low.val();
            self.filter_bus.pe_ready[c].next = self.pes[c].filter.ready.val();
            self.pes[c].filter.valid.next = self.filter_bus.pe_put[c].val();
            self.pes[c].filter.payload.next = self.filter_bus.word.val();
            self.pes[c].filter_first.next = self.filter_bus.tag.val() >> self.filter_x_bits.val();
        }

        // Psums along the columns; the lanes change what is theirs.
        for c in 0..self.cols.index() {
            self.from_lane[c].next = self.pe_word[c].q.val() >> 1;
            self.to_lane[c].next = self.pe_word[c].q.val() >> 2;
            self.pes[c].psum_in.payload.next = self.below[c].payload.val();
            self.pes[c].psum_in.valid.next = self.below[c].valid.val();
            self.below[c].ready.next = self.pes[c].psum_in.ready.val();
            self.above[c].payload.next = self.pes[c].psum_out.payload.val();
            self.above[c].valid.next = self.pes[c].psum_out.valid.val();
            self.pes[c].psum_out.ready.next = self.above[c].ready.val();
            if self.from_lane[c].val().any() {
                self.pes[c].psum_in.valid.next = 0.into();
            }
            if self.to_lane[c].val().any() {
                self.above[c].valid.next = 0.into();
                self.pes[c].psum_out.ready.next = 0.into();
            }
        }
        for l in 0..self.lanes.index() {
            self.psum_room[l].next = 0.into();
            self.psum_out[l].valid.next = 0.into();
            self.psum_out[l].word.next = 0.into();
        }
        for c in 0..self.cols.index() {
            self.room[c].next = self.pes[c].psum_in.ready.val();
        }
        for c in self.lanes.index()..self.cols.index() {
            self.room[c].next =
                (self.pes[c].psum_in.ready.val() << self.lane_col[c].val()) | self.room[c - self.lanes.index()].val();
        }
        for c in 0..self.cols.index() {
            self.psum_room[c % self.lanes.index()].next = self.room[c].val();
            if self.from_lane[c].val().any() {
                self.pes[c].psum_in.payload.next = self.psum_in[c % self.lanes.index()].word.val();
                if self.psum_in[c % self.lanes.index()].col.val() == self.lane_col[c].val() {
                    self.pes[c].psum_in.valid.next = self.psum_in[c % self.lanes.index()].valid.val();
                }
            }
            if self.to_lane[c].val().any()
                && self.psum_out[c % self.lanes.index()].select.val().any()
                && self.psum_out[c % self.lanes.index()].col.val() == self.lane_col[c].val()
                && self.pes[c].psum_out.valid.val().any()
            {
                self.psum_out[c % self.lanes.index()].valid.next = 1.into();
                self.psum_out[c % self.lanes.index()].word.next =
                    self.psum_out[c % self.lanes.index()].word.val() | self.pes[c].psum_out.payload.val();
                self.pes[c].psum_out.ready.next = self.psum_out[c % self.lanes.index()].take.val();
            }
        }

        // Events of the row, in the order of their numbers.
        for i in 0..self.event_kinds.index() {
            self.event_sum[i].next = 0.into();
        }
        for c in 0..self.cols.index() {
            self.event_sum[0].next = self.event_sum[0].val() + self.pes[c].mac.val();
            self.event_sum[1].next = self.event_sum[1].val() + self.pes[c].gated.val();
            self.event_sum[4].next = self.event_sum[4].val() + self.pes[c].fed.val();
            self.event_sum[5].next = self.event_sum[5].val() + (self.pes[c].fed.val() & !self.from_lane[c].val());
        }
        self.event_sum[2].next = self.ifmap_bus.takers.val();
        // Of a line as many words as there are places from its first one on.
        self.event_sum[3].next = (self.filter_bus.takers.val() << 2)
            - self.filter_bus.takers.val() * (self.filter_bus.tag.val() >> self.filter_x_bits.val());
        for i in 0..self.event_kinds.index() {
            self.event_count[i].clock.next = self.clock.val();
            self.event_count[i].d.next = self.event_sum[i].val();
            self.events[i].next = self.event_count[i].q.val();
        }
    }
}
