use super::plane_row::TAKE;
use super::PASSED_TAILS;
use crate::rtl::prelude::*;
use crate::Arch;

/// Cycles from a step to the words of its port.
const LANES: usize = 3;

/// What the walker of an array of one ofmap plane says of a step, or of a read of a head before its last, on its way to where its words come from ports and where PEs take them.
///
/// Latencies: `turn`, `source` and `lanes_own` 3 cycles after `address`, `source_in` and `own_in`; all else 4 cycles after what it is made of.
#[derive(LogicBlock)]
pub struct OsPlaneStages {
    pub clock: Wire<In, Clk>,
    // Layer constants
    pub stride_h: Wire<In>,
    pub long_tails: Wire<In>,
    // The step in the walker
    pub address: Wire<In>,
    pub source_in: Wire<In>,
    pub reads_in: Wire<In>,
    pub head_in: Wire<In>,
    pub own_in: Wire<In>,
    pub fetch_in: Wire<In>,
    pub long_in: Wire<In>,
    /// Columns that have a window.
    pub columns_in: Wire<In>,
    // Where its words come
    pub turn: Wire<Out>,
    pub source: Wire<Out>,
    pub lanes_own: Wire<Out>,
    // Where they are taken
    pub reads: Wire<Out>,
    pub head: Wire<Out>,
    pub own: Wire<Out>,
    pub fetch: Wire<Out>,
    /// Steps with a tail from one filter row of the phase to `stride_h` rows further.
    pub tails: Wire<Out>,
    /// By column.
    pub columns: Vec<Wire<Out>>,
    turns: Vec<Reg>,
    sources: Vec<Reg>,
    read: Vec<Reg>,
    is_head: Vec<Reg>,
    is_own: Vec<Reg>,
    fetches: Vec<Reg>,
    long: Vec<Reg>,
    valid_cols: Vec<Reg>,
    cols: Const,
    to_lanes: Const,
    take: Const,
}

fn delays(cycles: usize, bits: usize) -> Vec<Reg> {
    (0..cycles).map(|_| Reg::unsigned(bits)).collect()
}

impl OsPlaneStages {
    /// For this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (turn, port) = (address_bits(arch.port_lanes()), address_bits(arch.rows));
        let (fetch, cols, tails) = (address_bits(arch.cols), count_bits(arch.cols), count_bits(PASSED_TAILS));
        OsPlaneStages {
            clock: Default::default(),
            stride_h: Wire::unsigned(16),
            long_tails: Wire::unsigned(tails),
            address: Wire::unsigned(address_bits(arch.port_words())),
            source_in: Wire::unsigned(port),
            reads_in: Wire::bit(),
            head_in: Wire::bit(),
            own_in: Wire::bit(),
            fetch_in: Wire::unsigned(fetch),
            long_in: Wire::bit(),
            columns_in: Wire::unsigned(cols),
            turn: Wire::unsigned(turn),
            source: Wire::unsigned(port),
            lanes_own: Wire::bit(),
            reads: Wire::bit(),
            head: Wire::bit(),
            own: Wire::bit(),
            fetch: Wire::unsigned(fetch),
            tails: Wire::unsigned(tails),
            columns: (0..arch.cols).map(|_| Wire::bit()).collect(),
            turns: delays(LANES, turn),
            sources: delays(LANES, port),
            read: delays(TAKE, 1),
            is_head: delays(TAKE, 1),
            is_own: delays(TAKE, 1),
            fetches: delays(TAKE, fetch),
            long: delays(TAKE, 1),
            valid_cols: delays(TAKE, cols),
            cols: Const::new(arch.cols),
            to_lanes: Const::new(LANES),
            take: Const::new(TAKE),
        }
    }
}

impl Logic for OsPlaneStages {
    describe!("os_plane_stages", "What is said of a step of a plane on its way to where its words are taken.");

    #[hdl_gen]
    fn update(&mut self) {
        self.turns[0].d.next = self.address.val();
        self.sources[0].d.next = self.source_in.val();
        for i in 1..self.to_lanes.index() {
            self.turns[i].d.next = self.turns[i - 1].q.val();
            self.sources[i].d.next = self.sources[i - 1].q.val();
        }
        for i in 0..self.to_lanes.index() {
            self.turns[i].clock.next = self.clock.val();
            self.sources[i].clock.next = self.clock.val();
        }
        self.turn.next = self.turns[self.to_lanes.index() - 1].q.val();
        self.source.next = self.sources[self.to_lanes.index() - 1].q.val();
        self.lanes_own.next = self.is_own[self.to_lanes.index() - 1].q.val();

        self.read[0].d.next = self.reads_in.val();
        self.is_head[0].d.next = self.head_in.val();
        self.is_own[0].d.next = self.own_in.val();
        self.fetches[0].d.next = self.fetch_in.val();
        self.long[0].d.next = self.long_in.val();
        self.valid_cols[0].d.next = self.columns_in.val();
        for i in 1..self.take.index() {
            self.read[i].d.next = self.read[i - 1].q.val();
            self.is_head[i].d.next = self.is_head[i - 1].q.val();
            self.is_own[i].d.next = self.is_own[i - 1].q.val();
            self.fetches[i].d.next = self.fetches[i - 1].q.val();
            self.long[i].d.next = self.long[i - 1].q.val();
            self.valid_cols[i].d.next = self.valid_cols[i - 1].q.val();
        }
        for i in 0..self.take.index() {
            self.read[i].clock.next = self.clock.val();
            self.is_head[i].clock.next = self.clock.val();
            self.is_own[i].clock.next = self.clock.val();
            self.fetches[i].clock.next = self.clock.val();
            self.long[i].clock.next = self.clock.val();
            self.valid_cols[i].clock.next = self.clock.val();
        }
        self.reads.next = self.read[self.take.index() - 1].q.val();
        self.head.next = self.is_head[self.take.index() - 1].q.val();
        self.own.next = self.is_own[self.take.index() - 1].q.val();
        self.fetch.next = self.fetches[self.take.index() - 1].q.val();
        for j in 0..self.cols.index() {
            self.columns[j].next = (self.valid_cols[self.take.index() - 1].q.val() > j).into();
        }
        self.tails.next = self.long_tails.val();
        if !self.long[self.take.index() - 1].q.val().any() {
            self.tails.next = self.long_tails.val() - self.stride_h.val();
        }
    }
}
