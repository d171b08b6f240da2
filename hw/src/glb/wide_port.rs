use crate::arch::{Arch, BANK_LINES, LANES};
use crate::rtl::prelude::*;

/// The banks of one ifmap port that reads adjacent words at once (`Arch::port_lanes`), of a buffer that has several: bank `first_bank` and those after it.
///
/// Lines of the port are in `Arch::side_banks` banks in turns, so that words from any one on are each in a memory of its own. A read takes the word address of the first within the port, line · 4 + lane;
/// the word with address a is `lane` a mod lanes, 2 cycles later, until the next read. A write takes a line of the whole buffer for each lane of it; one that is not the port's is as if it had not been.
/// It can be read from the next cycle on.
#[derive(LogicBlock)]
pub struct WideIfmapPort {
    pub clock: Wire<In, Clk>,
    /// A constant, a multiple of the banks side by side.
    pub first_bank: Wire<In>,
    pub read: Wire<In>,
    pub address: Wire<In>,
    pub lane: Vec<Wire<Out>>,
    // Loader, by lane of a line
    pub load_write: Vec<Wire<In>>,
    pub load_line: Vec<Wire<In>>,
    pub load_word: Vec<Wire<In>>,
    /// Lane p of set q of banks is element q · lanes + p.
    bank: Vec<Sram>,
    reading: Reg,
    from: Vec<Reg>,
    data: Vec<Reg>,
    /// Line of each lane's word, of all banks side by side.
    line: Vec<Wire<Local>>,
    set: Vec<Wire<Local>>,
    load_bank: Vec<Wire<Local>>,
    /// Bank side by side that a line is written to.
    load_side: Vec<Wire<Local>>,
    load_place: Vec<Wire<Local>>,
    lanes: Const,
    lane_bits: Const,
    sets: Const,
    side_banks: Const,
    side_bits: Const,
    index_bits: Const,
}

impl WideIfmapPort {
    /// A port of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let (lanes, side) = (arch.port_lanes(), arch.side_banks());
        let sets = arch.port_banks() / side;
        let bank = arch.line_bits() - address_bits(BANK_LINES);
        let address = address_bits(arch.port_words());
        let line = address - lanes.ilog2() as usize;
        let wires = |bits: usize| (0..LANES).map(|_| Wire::unsigned(bits)).collect::<Vec<_>>();
        WideIfmapPort {
            clock: Default::default(),
            first_bank: Wire::unsigned(bank),
            read: Wire::bit(),
            address: Wire::unsigned(address),
            lane: (0..lanes).map(|_| Wire::signed(arch.width)).collect(),
            load_write: (0..LANES).map(|_| Wire::bit()).collect(),
            load_line: (0..LANES).map(|_| Wire::unsigned(arch.line_bits())).collect(),
            load_word: (0..LANES).map(|_| Wire::signed(arch.width)).collect(),
            bank: (0..sets * lanes).map(|_| Sram::new(BANK_LINES, arch.width, true)).collect(),
            reading: Reg::bit(),
            from: (0..lanes).map(|_| Reg::data(address_bits(sets), false)).collect(),
            data: (0..lanes).map(|_| Reg::data(arch.width, true)).collect(),
            line: (0..lanes).map(|_| Wire::unsigned(line)).collect(),
            set: (0..lanes).map(|_| Wire::unsigned(address_bits(sets))).collect(),
            load_bank: wires(bank),
            load_side: wires(address_bits(side)),
            load_place: wires(address_bits(BANK_LINES)),
            lanes: Const::new(lanes),
            lane_bits: Const::new(lanes.ilog2() as usize),
            sets: Const::new(sets),
            side_banks: Const::new(side),
            side_bits: Const::new(side.ilog2() as usize),
            index_bits: Const::new(address_bits(BANK_LINES)),
        }
    }
}

impl Logic for WideIfmapPort {
    describe!(
        "glb_wide_ifmap_port",
        "The banks of one ifmap port that reads adjacent words at once; a read takes 2 cycles."
    );

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, reading);
        for j in 0..4 {
            self.load_bank[j].next = self.load_line[j].val() >> self.index_bits.val();
            self.load_side[j].next = 0.into();
            if self.side_banks.val() > 1 {
                self.load_side[j].next = self.load_line[j].val();
            }
            self.load_place[j].next = self.load_line[j].val() >> self.side_bits.val();
        }
        self.reading.d.next = self.read.val();
        for p in 0..self.lanes.index() {
            // Words before the first one's lane are those of the next line.
            self.line[p].next = self.address.val() >> self.lane_bits.val();
            if bit_cast(self.address.val(), self.lane_bits.index()) > p {
                self.line[p].next = (self.address.val() >> self.lane_bits.val()) + 1;
            }
            self.set[p].next = 0.into();
            if self.sets.val() > 1 {
                self.set[p].next = self.line[p].val() >> self.index_bits.val();
            }
            for q in 0..self.sets.index() {
                self.bank[q * self.lanes.index() + p].clock.next = self.clock.val();
                self.bank[q * self.lanes.index() + p].read.next =
                    (self.read.val().any() && self.set[p].val() == q).into();
                self.bank[q * self.lanes.index() + p].read_address.next = self.line[p].val();
            }
        }
        for b in 0..self.side_banks.index() {
            for j in 0..4 {
                for q in 0..self.sets.index() {
                    self.bank[q * self.lanes.index() + b * 4 + j].write.next = (self.load_write[j].val().any()
                        && self.load_side[j].val() == b
                        && self.load_bank[j].val() >= self.first_bank.val() + q * self.side_banks.index()
                        && self.load_bank[j].val() < self.first_bank.val() + (q + 1) * self.side_banks.index())
                    .into();
                    self.bank[q * self.lanes.index() + b * 4 + j].write_address.next = self.load_place[j].val();
                    self.bank[q * self.lanes.index() + b * 4 + j].write_data.next = self.load_word[j].val();
                }
            }
        }
        for p in 0..self.lanes.index() {
            // In the next cycle the word is taken
            self.from[p].clock.next = self.clock.val();
            self.data[p].clock.next = self.clock.val();
            self.from[p].d.next = self.set[p].val();
            self.data[p].d.next = self.data[p].q.val();
            if self.reading.q.val().any() {
                for q in 0..self.sets.index() {
                    if self.from[p].q.val() == q {
                        self.data[p].d.next = self.bank[q * self.lanes.index() + p].read_data.val();
                    }
                }
            }
            self.lane[p].next = self.data[p].q.val();
        }
    }
}
