use crate::arch::{Arch, BANK_LINES};
use crate::rtl::prelude::*;

/// One lane of every bank that holds psums, of a buffer whose other banks belong to ifmap ports.
///
/// Lines are those of the whole buffer; a write to a bank of a port is as if it had not been, and a read from one gives zero. Latency of a read:
/// 1 cycle; the output is 0 unless there was a read in the cycle before.
#[derive(LogicBlock)]
pub struct PsumLane {
    pub clock: Wire<In, Clk>,
    pub psum_read: Wire<In>,
    pub psum_read_line: Wire<In>,
    pub psum_read_part: Wire<Out>,
    pub psum_write: Wire<In>,
    pub psum_write_line: Wire<In>,
    pub psum_write_part: Wire<In>,
    bank: Vec<Sram>,
    due: Reg,
    from: Reg,
    read_bank: Wire<Local>,
    write_bank: Wire<Local>,
    banks: Const,
    number: Vec<Const>,
    index_bits: Const,
}

impl PsumLane {
    /// A lane of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let line = arch.line_bits();
        let bank = line - address_bits(BANK_LINES);
        let first = arch.ifmap_ports() * arch.port_banks();
        PsumLane {
            clock: Default::default(),
            psum_read: Wire::bit(),
            psum_read_line: Wire::unsigned(line),
            psum_read_part: Wire::unsigned(arch.lane_width),
            psum_write: Wire::bit(),
            psum_write_line: Wire::unsigned(line),
            psum_write_part: Wire::unsigned(arch.lane_width),
            bank: (first..arch.banks).map(|_| Sram::new(BANK_LINES, arch.lane_width, false)).collect(),
            due: Reg::bit(),
            from: Reg::data(bank, false),
            read_bank: Wire::unsigned(bank),
            write_bank: Wire::unsigned(bank),
            banks: Const::new(arch.banks - first),
            number: (first..arch.banks).map(Const::new).collect(),
            index_bits: Const::new(address_bits(BANK_LINES)),
        }
    }
}

impl Logic for PsumLane {
    describe!("glb_psum_lane", "One lane of the psum banks of the global buffer.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, due, from);
        self.read_bank.next = self.psum_read_line.val() >> self.index_bits.val();
        self.write_bank.next = self.psum_write_line.val() >> self.index_bits.val();
        self.due.d.next = self.psum_read.val();
        self.from.d.next = self.read_bank.val();
        self.psum_read_part.next = 0.into();
        for b in 0..self.banks.index() {
            self.bank[b].clock.next = self.clock.val();
            self.bank[b].read.next =
                (self.psum_read.val().any() && self.read_bank.val() == self.number[b].val()).into();
            self.bank[b].read_address.next = self.psum_read_line.val();
            self.bank[b].write.next =
                (self.psum_write.val().any() && self.write_bank.val() == self.number[b].val()).into();
            self.bank[b].write_address.next = self.psum_write_line.val();
            self.bank[b].write_data.next = self.psum_write_part.val();
            if self.due.q.val().any() && self.from.q.val() == self.number[b].val() {
                self.psum_read_part.next = self.bank[b].read_data.val();
            }
        }
    }
}
