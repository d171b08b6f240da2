use crate::arch::{Arch, BANK_LINES, LANES};
use crate::rtl::prelude::*;

/// One bank of the global buffer: four lanes, each a memory of [`BANK_LINES`] words with one read and one write a cycle at
/// addresses of its own (Eyeriss: 512 × 64 b, given whole to ifmap or psum, JSSC 2017, section V).
///
/// A bank sees the requests of all ports and answers those that name its `number` and come from the side that it serves:
/// `for_ifmap` says which. Others are as if they had not been. Latency of a read: 1 cycle; the word stays until the lane's next read.
#[derive(LogicBlock)]
pub struct GlbBank {
    pub clock: Wire<In, Clk>,
    /// The place of this bank in the buffer, tied by the parent.
    pub number: Wire<In>,
    pub for_ifmap: Wire<In>,
    // Ifmap side: a word address, and a line for each lane
    pub ifmap_read: Wire<In>,
    pub ifmap_address: Wire<In>,
    pub load_write: Vec<Wire<In>>,
    pub load_line: Vec<Wire<In>>,
    pub load_word: Vec<Wire<In>>,
    // Psum side: a line for each psum lane
    pub psum_read: Vec<Wire<In>>,
    pub psum_read_line: Vec<Wire<In>>,
    pub psum_write: Vec<Wire<In>>,
    pub psum_write_line: Vec<Wire<In>>,
    pub psum_write_word: Vec<Wire<In>>,
    pub read_word: Vec<Wire<Out>>,
    lane: Vec<Sram>,
    /// Address bits within the bank.
    index_bits: Const,
    lane_bits: Const,
    psum_lanes: Const,
    /// Lanes that a psum fills.
    parts: Const,
}

impl GlbBank {
    /// A bank of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let each = |count, bits| (0..count).map(|_| Wire::unsigned(bits)).collect();
        let signed = |count, bits| (0..count).map(|_| Wire::signed(bits)).collect();
        let k = arch.psum_lanes;
        GlbBank {
            clock: Default::default(),
            number: Wire::unsigned(arch.line_bits() - address_bits(BANK_LINES)),
            for_ifmap: Wire::bit(),
            ifmap_read: Wire::bit(),
            ifmap_address: Wire::unsigned(arch.word_address_bits()),
            load_write: each(LANES, 1),
            load_line: each(LANES, arch.line_bits()),
            load_word: signed(LANES, arch.width),
            psum_read: each(k, 1),
            psum_read_line: each(k, arch.line_bits()),
            psum_write: each(k, 1),
            psum_write_line: each(k, arch.line_bits()),
            psum_write_word: signed(k, arch.psum_width),
            read_word: (0..LANES).map(|_| Wire::unsigned(arch.lane_width)).collect(),
            lane: (0..LANES).map(|_| Sram::new(BANK_LINES, arch.lane_width, false)).collect(),
            index_bits: Const::new(address_bits(BANK_LINES)),
            lane_bits: Const::new(arch.lane_width),
            psum_lanes: Const::new(k),
            parts: Const::new(LANES / k),
        }
    }
}

impl Logic for GlbBank {
    describe!("glb_bank", "One bank of the global buffer: four lanes with addresses of their own.");

    #[hdl_gen]
    fn update(&mut self) {
        for j in 0..4 {
            self.lane[j].clock.next = self.clock.val();
            self.read_word[j].next = self.lane[j].read_data.val();
        }
        if self.for_ifmap.val().any() {
            for j in 0..4 {
                self.lane[j].read.next = (self.ifmap_read.val().any()
                    && bit_cast(self.ifmap_address.val(), 2) == j
                    && self.ifmap_address.val() >> 2 >> self.index_bits.val() == self.number.val())
                .into();
                self.lane[j].read_address.next = self.ifmap_address.val() >> 2;
                self.lane[j].write.next = (self.load_write[j].val().any()
                    && self.load_line[j].val() >> self.index_bits.val() == self.number.val())
                .into();
                self.lane[j].write_address.next = self.load_line[j].val();
                self.lane[j].write_data.next = self.load_word[j].val();
            }
        } else {
            for l in 0..self.psum_lanes.index() {
                for m in 0..self.parts.index() {
                    self.lane[l * self.parts.index() + m].read.next = (self.psum_read[l].val().any()
                        && self.psum_read_line[l].val() >> self.index_bits.val() == self.number.val())
                    .into();
                    self.lane[l * self.parts.index() + m].read_address.next = self.psum_read_line[l].val();
                    self.lane[l * self.parts.index() + m].write.next = (self.psum_write[l].val().any()
                        && self.psum_write_line[l].val() >> self.index_bits.val() == self.number.val())
                    .into();
                    self.lane[l * self.parts.index() + m].write_address.next = self.psum_write_line[l].val();
                    self.lane[l * self.parts.index() + m].write_data.next =
                        self.psum_write_word[l].val() >> (m * self.lane_bits.index());
                }
            }
        }
    }
}
