use super::accumulator::MatrixAccumulator;
use super::control;
use super::row_places::MatrixRowPlaces;
use super::timing::ArrayTiming;
use crate::arch::{Arch, Dataflow, WINDOW_BITS};
use crate::rtl::prelude::*;

/// The accumulators of all columns.
///
/// A position that comes in cycle c meets `psum_in` of column 0 in c + `meets`, that of column j in the same cycle or, if the array is skewed, j cycles later
/// ([`ArrayTiming`]). A psum that is read (`column_read`, from one half and place in all columns) comes in the next cycle.
#[derive(LogicBlock)]
pub struct MatrixAccumulators {
    pub clock: Wire<In, Clk>,
    /// Places from a row's psum to the next row's, less one, where psums of several rows come one after the other.
    pub windows_m1: Vec<Wire<In>>,
    // Positions
    pub control: Wire<In>,
    /// By column.
    pub psum_in: Vec<Wire<In>>,
    /// The last psum of a half is being written in the last column.
    pub ended: Wire<Out>,
    // Drain
    pub column_read: Vec<Wire<In>>,
    pub drain_half: Wire<In>,
    pub drain_place: Wire<In>,
    pub column_word: Vec<Wire<Out>>,
    column: Vec<MatrixAccumulator>,
    /// Positions on their way to column 0.
    delay: Vec<Reg>,
    arriving: Reg,
    /// Where a position's psum belongs within the half.
    place: Reg,
    row_places: Optional<MatrixRowPlaces>,
    delays: Const,
    skewed: Const,
    is_of_rows: Const,
    cols: Const,
    swap_bit: Const,
}

impl MatrixAccumulators {
    /// The accumulators of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let p = arch.psum_width;
        // A column takes a position three cycles before its psum, and one register holds the place beside the last of these.
        let timing = ArrayTiming::of(arch);
        let delays = timing.meets - 4;
        let is_of_rows = arch.dataflow == Dataflow::Os;
        MatrixAccumulators {
            clock: Default::default(),
            windows_m1: (0..is_of_rows as usize).map(|_| Wire::unsigned(WINDOW_BITS)).collect(),
            control: Wire::unsigned(control::bits(arch)),
            psum_in: (0..arch.cols).map(|_| Wire::signed(p)).collect(),
            ended: Wire::bit(),
            column_read: (0..arch.cols).map(|_| Wire::bit()).collect(),
            drain_half: Wire::bit(),
            drain_place: Wire::unsigned(address_bits(arch.accumulators)),
            column_word: (0..arch.cols).map(|_| Wire::signed(p)).collect(),
            column: (0..arch.cols).map(|_| MatrixAccumulator::new(arch)).collect(),
            delay: (0..delays).map(|_| Reg::unsigned(control::bits(arch))).collect(),
            arriving: Reg::unsigned(control::BITS),
            place: Reg::unsigned(address_bits(arch.accumulators)),
            row_places: Optional::new(is_of_rows, MatrixRowPlaces::new(arch)),
            delays: Const::new(delays),
            skewed: Const::new(timing.skewed as usize),
            is_of_rows: Const::new(is_of_rows as usize),
            cols: Const::new(arch.cols),
            swap_bit: Const::new(control::SWAP),
        }
    }
}

impl Logic for MatrixAccumulators {
    describe!("matrix_accumulators", "Accumulators of all columns.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, arriving, place);

        // Positions go to column 0, and from column to column or to all at once
        self.delay[0].d.next = self.control.val();
        for i in 1..self.delays.index() {
            self.delay[i].d.next = self.delay[i - 1].q.val();
        }
        for i in 0..self.delays.index() {
            self.delay[i].clock.next = self.clock.val();
        }
        self.arriving.d.next = self.delay[self.delays.index() - 1].q.val();
        if self.delay[self.delays.index() - 1].q.val().get_bit(0) {
            self.place.d.next = self.place.q.val() + 1;
            if self.delay[self.delays.index() - 1].q.val().get_bit(self.swap_bit.val()) {
                self.place.d.next = 0.into();
            }
        }
        for i in 0..self.is_of_rows.index() {
            self.row_places.windows_m1.next = self.windows_m1[i].val();
        }
        if self.is_of_rows.val().any() {
            self.row_places.clock.next = self.clock.val();
            self.row_places.control.next = self.delay[self.delays.index() - 1].q.val();
            self.row_places.before.next = self.place.q.val();
            self.place.d.next = self.row_places.place.val();
        }
        self.column[0].control_in.next = self.arriving.q.val();
        self.column[0].place_in.next = self.place.q.val();
        for c in 1..self.cols.index() {
            self.column[c].control_in.next = self.arriving.q.val();
            self.column[c].place_in.next = self.place.q.val();
            if self.skewed.val().any() {
                self.column[c].control_in.next = self.column[c - 1].control_out.val();
                self.column[c].place_in.next = self.column[c - 1].place_out.val();
            }
        }
        for c in 0..self.cols.index() {
            self.column[c].clock.next = self.clock.val();
            self.column[c].psum_in.next = self.psum_in[c].val();
            self.column[c].drain_read.next = self.column_read[c].val();
            self.column[c].drain_half.next = self.drain_half.val();
            self.column[c].drain_place.next = self.drain_place.val();
            self.column_word[c].next = self.column[c].drain_word.val();
        }
        self.ended.next = self.column[self.cols.index() - 1].ended.val();
    }
}
