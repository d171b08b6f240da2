use crate::arch::{Arch, FILTER_BUS_WORDS};
use crate::array::event::{FILTER, GATED, HOP, IFMAP, MAC, PSUM};
use crate::array::{event_bits, EVENTS};
use crate::rtl::prelude::*;

/// Counts what happens in all columns of an array, by event.
///
/// `macs`, `gated` and `taken` (which take an activation) are rows whose columns all do the same, or, where all PEs work on one plane, PEs, `moves` the psums of a column that go from PE to PE, `psums` those that each column's
/// accumulators take, `words` are words of weights in all. Latency: 1 cycle for `MAC`, `IFMAP` and `GATED`, 0 for the others.
#[derive(LogicBlock)]
pub struct MatrixEvents {
    pub clock: Wire<In, Clk>,
    pub macs: Wire<In>,
    pub gated: Wire<In>,
    pub taken: Wire<In>,
    pub words: Wire<In>,
    pub psums: Wire<In>,
    pub moves: Wire<In>,
    pub events: Vec<Wire<Out>>,
    all_macs: Reg,
    all_gated: Reg,
    all_taken: Reg,
    cols: Const,
    /// Columns that do the same.
    alike: Const,
    mac_event: Const,
    gated_event: Const,
    ifmap_event: Const,
    filter_event: Const,
    psum_event: Const,
    hop_event: Const,
}

impl MatrixEvents {
    /// The events of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (rows, bits) = (count_bits(arch.rows), event_bits(arch.pes()));
        let (alike, counts) = match arch.is_of_planes() {
            true => (1, arch.ifmap_word_bits()),
            false => (arch.cols, rows),
        };
        MatrixEvents {
            clock: Default::default(),
            macs: Wire::unsigned(counts),
            gated: Wire::unsigned(counts),
            taken: Wire::unsigned(counts),
            words: Wire::unsigned(count_bits(arch.pass_filters().max(FILTER_BUS_WORDS))),
            psums: Wire::unsigned(rows),
            moves: Wire::unsigned(rows),
            events: bits.map(Wire::unsigned).into(),
            all_macs: Reg::unsigned(bits[MAC]),
            all_gated: Reg::unsigned(bits[GATED]),
            all_taken: Reg::unsigned(bits[IFMAP]),
            cols: Const::new(arch.cols),
            alike: Const::new(alike),
            mac_event: Const::new(MAC),
            gated_event: Const::new(GATED),
            ifmap_event: Const::new(IFMAP),
            filter_event: Const::new(FILTER),
            psum_event: Const::new(PSUM),
            hop_event: Const::new(HOP),
        }
    }
}

/// Every event is assigned by name.
const _: () = assert!(EVENTS == 6);

impl Logic for MatrixEvents {
    describe!("matrix_events", "Counts what happens in all columns of an array.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, all_macs, all_gated, all_taken);
        self.all_macs.d.next = self.macs.val() * self.alike.val();
        self.all_gated.d.next = self.gated.val() * self.alike.val();
        self.all_taken.d.next = self.taken.val() * self.alike.val();
        self.events[self.mac_event.index()].next = self.all_macs.q.val();
        self.events[self.ifmap_event.index()].next = self.all_taken.q.val();
        self.events[self.gated_event.index()].next = self.all_gated.q.val();
        self.events[self.filter_event.index()].next = self.words.val();
        self.events[self.psum_event.index()].next = self.psums.val() * self.cols.val();
        self.events[self.hop_event.index()].next = self.moves.val() * self.cols.val();
    }
}
