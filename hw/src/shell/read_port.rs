use super::wide_fifo::WideFifo;
use crate::rtl::prelude::*;

/// Units that read from DRAM, in the order of their numbers.
pub const READERS: usize = 4;
/// The command unit.
pub const COMMANDS: usize = 0;
/// The filter loader.
pub const FILTERS: usize = 1;
/// The ifmap loader.
pub const LOADS: usize = 2;
/// The store unit, for the output stage's parameters.
pub const PARAMS: usize = 3;
/// Bursts that may be on the way.
const OUTSTANDING: usize = 8;
/// Beats between the bus and the units.
const BEATS: usize = 2;

/// The AXI4 read master, shared by [`READERS`] units.
///
/// A burst is taken every second cycle, in turn, and its beats go to the unit that asked, in the order of the requests.
/// Two beats wait for their unit, so that `m_axi_rready` does not depend on a unit's ready; latency: 1 cycle. While `halt` is high no burst is
/// asked for and all data is discarded; `drained` says that nothing is on the way to here.
#[derive(LogicBlock)]
pub struct ReadPort {
    pub clock: Wire<In, Clk>,
    pub halt: Wire<In>,
    // Requests
    pub request_valid: Vec<Wire<In>>,
    pub request_ready: Vec<Wire<Out>>,
    pub request_address: Vec<Wire<In>>,
    pub request_beats_m1: Vec<Wire<In>>,
    // Data
    pub read_valid: Vec<Wire<Out>>,
    pub read_ready: Vec<Wire<In>>,
    pub read_data: Wire<Out>,
    // The bus
    pub m_axi_araddr: Wire<Out>,
    pub m_axi_arlen: Wire<Out>,
    pub m_axi_arvalid: Wire<Out>,
    pub m_axi_arready: Wire<In>,
    pub m_axi_rdata: Wire<In>,
    pub m_axi_rresp: Wire<In>,
    pub m_axi_rlast: Wire<In>,
    pub m_axi_rvalid: Wire<In>,
    pub m_axi_rready: Wire<Out>,
    // What happened in the last cycle
    pub drained: Wire<Out>,
    pub moved: Wire<Out>,
    pub beat: Wire<Out>,
    /// For each unit.
    pub beat_of: Vec<Wire<Out>>,
    pub error: Wire<Out>,
    // State
    turn: Reg,
    picked: Reg,
    address: Reg,
    beats_m1: Reg,
    asking: Reg,
    beat_seen: Reg,
    seen: Vec<Reg>,
    ask_seen: Reg,
    bad_seen: Reg,
    order: Fifo,
    /// Beats, and whose they are.
    beats: WideFifo,
    capture: Wire<Local>,
    take: Wire<Local>,
    readers: Const,
}

impl ReadPort {
    /// For a link of `link_width` bits.
    pub fn new(link_width: usize) -> Self {
        let turn_bits = address_bits(READERS);
        let bits = |n| (0..READERS).map(|_| Wire::unsigned(n)).collect();
        ReadPort {
            clock: Default::default(),
            halt: Wire::bit(),
            request_valid: bits(1),
            request_ready: (0..READERS).map(|_| Wire::bit()).collect(),
            request_address: bits(64),
            request_beats_m1: bits(6),
            read_valid: (0..READERS).map(|_| Wire::bit()).collect(),
            read_ready: bits(1),
            read_data: Wire::unsigned(link_width),
            m_axi_araddr: Wire::unsigned(64),
            m_axi_arlen: Wire::unsigned(8),
            m_axi_arvalid: Wire::bit(),
            m_axi_arready: Wire::bit(),
            m_axi_rdata: Wire::unsigned(link_width),
            m_axi_rresp: Wire::unsigned(2),
            m_axi_rlast: Wire::bit(),
            m_axi_rvalid: Wire::bit(),
            m_axi_rready: Wire::bit(),
            drained: Wire::bit(),
            moved: Wire::bit(),
            beat: Wire::bit(),
            beat_of: (0..READERS).map(|_| Wire::bit()).collect(),
            error: Wire::bit(),
            turn: Reg::unsigned(turn_bits),
            picked: Reg::bit(),
            address: Reg::unsigned(64),
            beats_m1: Reg::unsigned(6),
            asking: Reg::bit(),
            beat_seen: Reg::bit(),
            seen: (0..READERS).map(|_| Reg::bit()).collect(),
            ask_seen: Reg::bit(),
            bad_seen: Reg::bit(),
            order: Fifo::new(OUTSTANDING, turn_bits, false),
            beats: WideFifo::new(BEATS, &[link_width, turn_bits]),
            capture: Wire::bit(),
            take: Wire::bit(),
            readers: Const::new(READERS),
        }
    }
}

impl Logic for ReadPort {
    describe!(
        "read_port",
        "AXI4 read master shared by four units; bursts in turn, beats in the order of the requests."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, turn, picked, address, beats_m1, asking, beat_seen, ask_seen, bad_seen);
        self.order.clock.next = self.clock.val();
        self.beats.clock.next = self.clock.val();

        // Pick a unit in one cycle, take its request in a later one: the lowest number above the last turn, else the lowest.
        self.capture.next = (self.picked.q.val().any()
            && !self.asking.q.val().any()
            && self.order.enq.ready.val().any()
            && !self.halt.val().any())
        .into();
        self.order.enq.valid.next = self.capture.val();
        self.order.enq.payload.next = self.turn.q.val();
        for i in 0..4 {
            self.request_ready[i].next = (self.capture.val().any() && self.turn.q.val() == i).into();
        }
        if self.capture.val().any() {
            self.picked.d.next = 0.into();
            for i in 0..4 {
                if self.turn.q.val() == i {
                    self.address.d.next = self.request_address[i].val();
                    self.beats_m1.d.next = self.request_beats_m1[i].val();
                }
            }
        } else if !self.picked.q.val().any() {
            for i in 0..4 {
                if self.request_valid[3 - i].val().any() {
                    self.picked.d.next = 1.into();
                    self.turn.d.next = (3 - i).into();
                }
            }
            for i in 0..4 {
                if self.request_valid[3 - i].val().any() && self.turn.q.val() < (3 - i) {
                    self.turn.d.next = (3 - i).into();
                }
            }
        }

        self.m_axi_araddr.next = self.address.q.val();
        self.m_axi_arlen.next = self.beats_m1.q.val();
        self.m_axi_arvalid.next = self.asking.q.val();
        self.ask_seen.d.next = (self.asking.q.val().any() && self.m_axi_arready.val().any()).into();
        if self.capture.val().any() {
            self.asking.d.next = 1.into();
        } else if self.m_axi_arready.val().any() {
            self.asking.d.next = 0.into();
        }

        self.read_data.next = self.beats.deq[0].val();
        self.beats.deq_ready.next = self.halt.val();
        for i in 0..4 {
            self.read_valid[i].next =
                (self.beats.deq_valid.val().any() && self.beats.deq[1].val() == i && !self.halt.val().any()).into();
            if self.beats.deq[1].val() == i && self.read_ready[i].val().any() {
                self.beats.deq_ready.next = 1.into();
            }
        }
        self.m_axi_rready.next = self.beats.enq_ready.val() & self.order.deq.valid.val();
        self.take.next = (self.m_axi_rvalid.val().any() && self.m_axi_rready.val().any()).into();
        self.beats.enq_valid.next = self.take.val();
        self.beats.enq[0].next = self.m_axi_rdata.val();
        self.beats.enq[1].next = self.order.deq.payload.val();
        self.order.deq.ready.next = (self.take.val().any() && self.m_axi_rlast.val().any()).into();

        self.beat_seen.d.next = self.take.val();
        for i in 0..self.readers.index() {
            self.seen[i].clock.next = self.clock.val();
            self.seen[i].d.next = (self.take.val().any() && self.order.deq.payload.val() == i).into();
            self.beat_of[i].next = self.seen[i].q.val();
        }
        self.bad_seen.d.next = (self.take.val().any() && self.m_axi_rresp.val().any()).into();
        self.beat.next = self.beat_seen.q.val();
        self.error.next = self.bad_seen.q.val();
        self.moved.next = self.beat_seen.q.val() | self.ask_seen.q.val();
        self.drained.next = (!self.asking.q.val().any() && !self.order.deq.valid.val().any()).into();
    }
}
