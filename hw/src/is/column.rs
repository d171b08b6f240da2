use super::IsBank;
use crate::matrix::MatrixRotator;
use crate::rtl::prelude::*;
use crate::Arch;

/// A column's accumulators: a bank for each row of the array, and what scatters the column's products to them.
///
/// Bank b gets the product of row (b + `turn`) mod rows, one cycle after the products; banks, places and latencies are as in [`IsBank`]. Nothing is added up in a column that has no
/// filter. A drain reads a place of one bank, `column_word` one cycle later, otherwise 0.
#[derive(LogicBlock)]
pub struct IsColumn {
    pub clock: Wire<In, Clk>,
    /// The column has a filter.
    pub exists: Wire<In>,
    // Products, by row
    pub turn: Wire<In>,
    pub addend: Vec<Wire<In>>,
    // Banks
    pub read_half: Wire<In>,
    pub reads: Vec<Wire<In>>,
    pub read_place: Vec<Wire<In>>,
    pub write_half: Wire<In>,
    pub writes: Vec<Wire<In>>,
    pub write_place: Vec<Wire<In>>,
    pub forwards: Vec<Wire<In>>,
    // Drain
    pub drain_read: Wire<In>,
    pub drain_half: Wire<In>,
    pub drain_bank: Wire<In>,
    pub drain_place: Wire<In>,
    pub column_word: Wire<Out>,
    pub clear: Wire<In>,
    pub clear_place: Wire<In>,
    rotator: MatrixRotator,
    term: Vec<Reg>,
    drained_place: Reg,
    bank: Vec<IsBank>,
    word: Wire<Local>,
    rows: Const,
}

impl IsColumn {
    /// A column of `arch`.
    pub fn new(arch: &Arch) -> Self {
        let (p, rows, place) = (arch.psum_width, arch.rows, address_bits(arch.bank_places()));
        let bits = || (0..rows).map(|_| Wire::bit()).collect::<Vec<_>>();
        let places = || (0..rows).map(|_| Wire::unsigned(place)).collect::<Vec<_>>();
        IsColumn {
            clock: Default::default(),
            exists: Wire::bit(),
            turn: Wire::unsigned(address_bits(rows)),
            addend: (0..rows).map(|_| Wire::signed(p)).collect(),
            read_half: Wire::bit(),
            reads: bits(),
            read_place: places(),
            write_half: Wire::bit(),
            writes: bits(),
            write_place: places(),
            forwards: bits(),
            drain_read: Wire::bit(),
            drain_half: Wire::bit(),
            drain_bank: Wire::unsigned(address_bits(rows)),
            drain_place: Wire::unsigned(place),
            column_word: Wire::signed(p),
            clear: Wire::bit(),
            clear_place: Wire::unsigned(place),
            rotator: MatrixRotator::new(rows, p, true),
            term: (0..rows).map(|_| Reg::data(p, true)).collect(),
            drained_place: Reg::data(place, false),
            bank: (0..rows).map(|_| IsBank::new(arch)).collect(),
            word: Wire::signed(p),
            rows: Const::new(rows),
        }
    }
}

impl Logic for IsColumn {
    describe!("is_column", "A column's accumulators: banks, and what scatters products to them.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, drained_place);
        self.drained_place.d.next = self.drain_place.val();
        self.rotator.by.next = self.turn.val();
        for b in 0..self.rows.index() {
            self.rotator.word[b].next = self.addend[b].val();
            self.term[b].clock.next = self.clock.val();
            self.term[b].d.next = self.rotator.turned[b].val();
            self.bank[b].clock.next = self.clock.val();
            self.bank[b].half.next = self.read_half.val();
            self.bank[b].read.next = self.reads[b].val() & self.exists.val();
            self.bank[b].place.next = self.read_place[b].val();
            self.bank[b].write_half.next = self.write_half.val();
            self.bank[b].write.next = self.writes[b].val() & self.exists.val();
            self.bank[b].write_place.next = self.write_place[b].val();
            self.bank[b].forwards.next = self.forwards[b].val();
            self.bank[b].term.next = self.term[b].q.val();
            self.bank[b].drain_read.next = (self.drain_read.val().any() && self.drain_bank.val() == b).into();
            self.bank[b].drain_half.next = self.drain_half.val();
            self.bank[b].drain_place.next = self.drain_place.val();
            self.bank[b].drained_place.next = self.drained_place.q.val();
            self.bank[b].clear.next = self.clear.val();
            self.bank[b].clear_place.next = self.clear_place.val();
        }
        self.word.next = self.bank[0].drain_word.val();
        for b in 1..self.rows.index() {
            self.word.next = self.word.val() | self.bank[b].drain_word.val();
        }
        self.column_word.next = self.word.val();
    }
}
