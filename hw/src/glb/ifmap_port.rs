use crate::arch::{Arch, BANK_LINES, LANES};
use crate::rtl::prelude::*;

/// The banks of one ifmap port, of a buffer that has several: bank `first_bank` and those after it.
///
/// A read takes a word address within the port, line · 4 + lane; its word is there 2 cycles later and stays until the next read. A
/// write takes a line of the whole buffer for each lane; one that is not the port's is as if it had not been. It can be read from the next cycle on.
#[derive(LogicBlock)]
pub struct IfmapPort {
    pub clock: Wire<In, Clk>,
    /// A constant.
    pub first_bank: Wire<In>,
    pub read: Wire<In>,
    pub address: Wire<In>,
    pub word: Wire<Out>,
    // Loader, by lane
    pub load_write: Vec<Wire<In>>,
    pub load_line: Vec<Wire<In>>,
    pub load_word: Vec<Wire<In>>,
    /// There was a read in the cycle before.
    pub due: Wire<Out>,
    /// Lane j of bank b is element j · banks + b.
    bank: Vec<Sram>,
    reading: Reg,
    from: Reg,
    data: Reg,
    place: Wire<Local>,
    load_bank: Vec<Wire<Local>>,
    banks: Const,
    index_bits: Const,
}

impl IfmapPort {
    /// A port of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let banks = arch.port_banks();
        let bank = arch.line_bits() - address_bits(BANK_LINES);
        let address = address_bits(arch.port_words());
        let place = (address - address_bits(BANK_LINES)).max(2);
        IfmapPort {
            clock: Default::default(),
            first_bank: Wire::unsigned(bank),
            read: Wire::bit(),
            address: Wire::unsigned(address),
            word: Wire::signed(arch.width),
            load_write: (0..LANES).map(|_| Wire::bit()).collect(),
            load_line: (0..LANES).map(|_| Wire::unsigned(arch.line_bits())).collect(),
            load_word: (0..LANES).map(|_| Wire::signed(arch.width)).collect(),
            due: Wire::bit(),
            bank: (0..LANES * banks).map(|_| Sram::new(BANK_LINES, arch.width, true)).collect(),
            reading: Reg::bit(),
            from: Reg::data(place, false),
            data: Reg::data(arch.width, true),
            place: Wire::unsigned(place),
            load_bank: (0..LANES).map(|_| Wire::unsigned(bank)).collect(),
            banks: Const::new(banks),
            index_bits: Const::new(address_bits(BANK_LINES)),
        }
    }
}

impl Logic for IfmapPort {
    describe!("glb_ifmap_port", "The banks of one ifmap port of the global buffer; a read takes 2 cycles.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, reading, from, data);
        // Bank and lane of the word that is read
        self.place.next = ((self.address.val() >> (self.index_bits.val() + 2)) << 2) | bit_cast(self.address.val(), 2);
        for j in 0..4 {
            self.load_bank[j].next = self.load_line[j].val() >> self.index_bits.val();
            for b in 0..self.banks.index() {
                self.bank[j * self.banks.index() + b].clock.next = self.clock.val();
                self.bank[j * self.banks.index() + b].read.next =
                    (self.read.val().any() && self.place.val() == b * 4 + j).into();
                self.bank[j * self.banks.index() + b].read_address.next = self.address.val() >> 2;
                self.bank[j * self.banks.index() + b].write.next =
                    (self.load_write[j].val().any() && self.load_bank[j].val() == self.first_bank.val() + b).into();
                self.bank[j * self.banks.index() + b].write_address.next = self.load_line[j].val();
                self.bank[j * self.banks.index() + b].write_data.next = self.load_word[j].val();
            }
        }

        // In the next cycle the word is taken
        self.reading.d.next = self.read.val();
        self.from.d.next = self.place.val();
        self.due.next = self.reading.q.val();
        if self.reading.q.val().any() {
            for j in 0..4 {
                for b in 0..self.banks.index() {
                    if self.from.q.val() == b * 4 + j {
                        self.data.d.next = self.bank[j * self.banks.index() + b].read_data.val();
                    }
                }
            }
        }
        self.word.next = self.data.q.val();
    }
}
