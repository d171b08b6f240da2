use crate::arch::{Arch, BANK_LINES};
use crate::rtl::prelude::*;

/// One lane of every bank: memories of [`BANK_LINES`] words, each with one read and one write a cycle at addresses of its own.
///
/// Banks below `ifmap_banks` answer to the ifmap side, the others to the psum side; a write to a bank of the other side is as if it had not
/// been, and a read from one gives any word. Latency of a read: 1 cycle; an output is 0 unless there was a read in the cycle before.
#[derive(LogicBlock)]
pub struct GlbLane {
    pub clock: Wire<In, Clk>,
    pub ifmap_banks: Wire<In>,
    // Ifmap side
    pub ifmap_read: Wire<In>,
    pub ifmap_line: Wire<In>,
    pub ifmap_word: Wire<Out>,
    pub load_write: Wire<In>,
    pub load_line: Wire<In>,
    pub load_word: Wire<In>,
    // Psum side: a part of a psum
    pub psum_read: Wire<In>,
    pub psum_read_line: Wire<In>,
    pub psum_read_part: Wire<Out>,
    pub psum_write: Wire<In>,
    pub psum_write_line: Wire<In>,
    pub psum_write_part: Wire<In>,
    mem: Vec<Sram>,
    /// Whether there was a read in the last cycle, and from which bank.
    ifmap_due: Reg,
    ifmap_from: Reg,
    psum_due: Reg,
    psum_from: Reg,
    /// Which bank each access goes to.
    ifmap_in: Wire<Local>,
    load_in: Wire<Local>,
    read_in: Wire<Local>,
    psum_in: Wire<Local>,
    banks: Const,
    /// Address bits within a bank.
    index_bits: Const,
}

impl GlbLane {
    /// A lane of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let line = arch.line_bits();
        let bank = line - address_bits(BANK_LINES);
        GlbLane {
            clock: Default::default(),
            ifmap_banks: Wire::unsigned(8),
            ifmap_read: Wire::bit(),
            ifmap_line: Wire::unsigned(line),
            ifmap_word: Wire::signed(arch.width),
            load_write: Wire::bit(),
            load_line: Wire::unsigned(line),
            load_word: Wire::signed(arch.width),
            psum_read: Wire::bit(),
            psum_read_line: Wire::unsigned(line),
            psum_read_part: Wire::unsigned(arch.lane_width),
            psum_write: Wire::bit(),
            psum_write_line: Wire::unsigned(line),
            psum_write_part: Wire::unsigned(arch.lane_width),
            mem: (0..arch.banks).map(|_| Sram::new(BANK_LINES, arch.lane_width, false)).collect(),
            ifmap_due: Reg::bit(),
            ifmap_from: Reg::unsigned(bank),
            psum_due: Reg::bit(),
            psum_from: Reg::unsigned(bank),
            ifmap_in: Wire::unsigned(bank),
            load_in: Wire::unsigned(bank),
            read_in: Wire::unsigned(bank),
            psum_in: Wire::unsigned(bank),
            banks: Const::new(arch.banks),
            index_bits: Const::new(address_bits(BANK_LINES)),
        }
    }
}

impl Logic for GlbLane {
    describe!("glb_lane", "One lane of every bank of the global buffer.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, ifmap_due, ifmap_from, psum_due, psum_from);
        self.ifmap_in.next = self.ifmap_line.val() >> self.index_bits.val();
        self.load_in.next = self.load_line.val() >> self.index_bits.val();
        self.read_in.next = self.psum_read_line.val() >> self.index_bits.val();
        self.psum_in.next = self.psum_write_line.val() >> self.index_bits.val();
        for b in 0..self.banks.index() {
            self.mem[b].clock.next = self.clock.val();
            if self.ifmap_banks.val() > b {
                self.mem[b].read.next = (self.ifmap_read.val().any() && self.ifmap_in.val() == b).into();
                self.mem[b].read_address.next = self.ifmap_line.val();
                self.mem[b].write.next = (self.load_write.val().any() && self.load_in.val() == b).into();
                self.mem[b].write_address.next = self.load_line.val();
                self.mem[b].write_data.next = self.load_word.val();
            } else {
                self.mem[b].read.next = (self.psum_read.val().any() && self.read_in.val() == b).into();
                self.mem[b].read_address.next = self.psum_read_line.val();
                self.mem[b].write.next = (self.psum_write.val().any() && self.psum_in.val() == b).into();
                self.mem[b].write_address.next = self.psum_write_line.val();
                self.mem[b].write_data.next = self.psum_write_part.val();
            }
        }

        // The word of the bank that was read
        self.ifmap_due.d.next = self.ifmap_read.val();
        self.ifmap_from.d.next = self.ifmap_in.val();
        self.ifmap_word.next = 0.into();
        if self.ifmap_due.q.val().any() {
            for b in 0..self.banks.index() {
                self.ifmap_word.next =
                    self.ifmap_word.val() | (self.mem[b].read_data.val() & signed_cast(self.ifmap_from.q.val() == b));
            }
        }
        self.psum_due.d.next = self.psum_read.val();
        self.psum_from.d.next = self.read_in.val();
        self.psum_read_part.next = 0.into();
        if self.psum_due.q.val().any() {
            for b in 0..self.banks.index() {
                if self.psum_from.q.val() == b {
                    self.psum_read_part.next = self.mem[b].read_data.val();
                }
            }
        }
    }
}
