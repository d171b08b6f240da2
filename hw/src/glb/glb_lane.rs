use crate::arch::{Arch, BANK_LINES};
use crate::rtl::prelude::*;

/// One lane of every bank: memories of [`BANK_LINES`] words, each with one read and one write a cycle at addresses of its own.
///
/// Banks below `ifmap_banks` answer to the ifmap side, the others to the psum side; a write to a bank of the other side is as if it had not
/// been, and a read from one gives any word. Latency of a read: 1 cycle; an output is 0 unless there was a read in the cycle before.
///
/// The last banks can be lent to the partner lane: they are bank `banks` and those after it to its psum side, the last one first. A bank answers to
/// one of the lanes in a cycle, to the partner if both ask.
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
    // The partner's psum side, if banks can be lent
    pub guest_read: Vec<Wire<In>>,
    pub guest_read_line: Vec<Wire<In>>,
    pub guest_read_part: Vec<Wire<Out>>,
    pub guest_write: Vec<Wire<In>>,
    pub guest_write_line: Vec<Wire<In>>,
    pub guest_write_part: Vec<Wire<In>>,
    bank: Vec<Sram>,
    /// Whether there was a read in the last cycle, and from which bank.
    ifmap_due: Reg,
    ifmap_from: Reg,
    psum_due: Reg,
    psum_from: Reg,
    guest_due: Vec<Reg>,
    guest_from: Vec<Reg>,
    ifmap_bank: Wire<Local>,
    load_bank: Wire<Local>,
    read_bank: Wire<Local>,
    write_bank: Wire<Local>,
    guest_read_bank: Vec<Wire<Local>>,
    guest_write_bank: Vec<Wire<Local>>,
    /// The psum side of each bank that can be lent: its own lane's or the partner's.
    lent_read: Vec<Wire<Local>>,
    lent_read_index: Vec<Wire<Local>>,
    lent_write: Vec<Wire<Local>>,
    lent_write_index: Vec<Wire<Local>>,
    lent_write_part: Vec<Wire<Local>>,
    /// Banks that are never lent, those that can be, and the numbers of these to their own lane and to the partner.
    kept: Const,
    lent: Const,
    lent_number: Vec<Const>,
    guest_number: Vec<Const>,
    /// Partners: 1, or 0 if no bank can be lent.
    guests: Const,
    banks: Const,
    /// Address bits within a bank.
    index_bits: Const,
}

impl GlbLane {
    /// A lane of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let line = arch.line_bits();
        let index = address_bits(BANK_LINES);
        let bank = line - index;
        let lent = arch.lent_banks();
        let guests = lent.min(1);
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
            guest_read: (0..guests).map(|_| Wire::bit()).collect(),
            guest_read_line: (0..guests).map(|_| Wire::unsigned(line)).collect(),
            guest_read_part: (0..guests).map(|_| Wire::unsigned(arch.lane_width)).collect(),
            guest_write: (0..guests).map(|_| Wire::bit()).collect(),
            guest_write_line: (0..guests).map(|_| Wire::unsigned(line)).collect(),
            guest_write_part: (0..guests).map(|_| Wire::unsigned(arch.lane_width)).collect(),
            bank: (0..arch.banks).map(|_| Sram::new(BANK_LINES, arch.lane_width, false)).collect(),
            ifmap_due: Reg::bit(),
            ifmap_from: Reg::data(bank, false),
            psum_due: Reg::bit(),
            psum_from: Reg::data(bank, false),
            guest_due: (0..guests).map(|_| Reg::bit()).collect(),
            guest_from: (0..guests).map(|_| Reg::data(bank, false)).collect(),
            ifmap_bank: Wire::unsigned(bank),
            load_bank: Wire::unsigned(bank),
            read_bank: Wire::unsigned(bank),
            write_bank: Wire::unsigned(bank),
            guest_read_bank: (0..guests).map(|_| Wire::unsigned(bank)).collect(),
            guest_write_bank: (0..guests).map(|_| Wire::unsigned(bank)).collect(),
            lent_read: (0..lent).map(|_| Wire::bit()).collect(),
            lent_read_index: (0..lent).map(|_| Wire::unsigned(index)).collect(),
            lent_write: (0..lent).map(|_| Wire::bit()).collect(),
            lent_write_index: (0..lent).map(|_| Wire::unsigned(index)).collect(),
            lent_write_part: (0..lent).map(|_| Wire::unsigned(arch.lane_width)).collect(),
            kept: Const::new(arch.banks - lent),
            lent: Const::new(lent),
            lent_number: (0..lent).map(|b| Const::new(arch.banks - lent + b)).collect(),
            guest_number: (0..lent).map(|b| Const::new(arch.banks + lent - 1 - b)).collect(),
            guests: Const::new(guests),
            banks: Const::new(arch.banks),
            index_bits: Const::new(index),
        }
    }
}

impl Logic for GlbLane {
    describe!("glb_lane", "One lane of every bank of the global buffer.");

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, ifmap_due, ifmap_from, psum_due, psum_from);
        self.ifmap_bank.next = self.ifmap_line.val() >> self.index_bits.val();
        self.load_bank.next = self.load_line.val() >> self.index_bits.val();
        self.read_bank.next = self.psum_read_line.val() >> self.index_bits.val();
        self.write_bank.next = self.psum_write_line.val() >> self.index_bits.val();
        for b in 0..self.kept.index() {
            self.bank[b].clock.next = self.clock.val();
            if self.ifmap_banks.val() > b {
                self.bank[b].read.next = (self.ifmap_read.val().any() && self.ifmap_bank.val() == b).into();
                self.bank[b].read_address.next = self.ifmap_line.val();
                self.bank[b].write.next = (self.load_write.val().any() && self.load_bank.val() == b).into();
                self.bank[b].write_address.next = self.load_line.val();
                self.bank[b].write_data.next = self.load_word.val();
            } else {
                self.bank[b].read.next = (self.psum_read.val().any() && self.read_bank.val() == b).into();
                self.bank[b].read_address.next = self.psum_read_line.val();
                self.bank[b].write.next = (self.psum_write.val().any() && self.write_bank.val() == b).into();
                self.bank[b].write_address.next = self.psum_write_line.val();
                self.bank[b].write_data.next = self.psum_write_part.val();
            }
        }
        for g in 0..self.guests.index() {
            self.guest_read_bank[g].next = self.guest_read_line[g].val() >> self.index_bits.val();
            self.guest_write_bank[g].next = self.guest_write_line[g].val() >> self.index_bits.val();
            for b in 0..self.lent.index() {
                if self.guest_read[g].val().any() && self.guest_read_bank[g].val() == self.guest_number[b].val() {
                    self.lent_read[b].next = true.into();
                    self.lent_read_index[b].next = self.guest_read_line[g].val();
                } else {
                    self.lent_read[b].next =
                        (self.psum_read.val().any() && self.read_bank.val() == self.lent_number[b].val()).into();
                    self.lent_read_index[b].next = self.psum_read_line.val();
                }
                if self.guest_write[g].val().any() && self.guest_write_bank[g].val() == self.guest_number[b].val() {
                    self.lent_write[b].next = true.into();
                    self.lent_write_index[b].next = self.guest_write_line[g].val();
                    self.lent_write_part[b].next = self.guest_write_part[g].val();
                } else {
                    self.lent_write[b].next =
                        (self.psum_write.val().any() && self.write_bank.val() == self.lent_number[b].val()).into();
                    self.lent_write_index[b].next = self.psum_write_line.val();
                    self.lent_write_part[b].next = self.psum_write_part.val();
                }
            }
        }
        for b in 0..self.lent.index() {
            self.bank[b + self.kept.index()].clock.next = self.clock.val();
            if self.ifmap_banks.val() > self.lent_number[b].val() {
                self.bank[b + self.kept.index()].read.next =
                    (self.ifmap_read.val().any() && self.ifmap_bank.val() == self.lent_number[b].val()).into();
                self.bank[b + self.kept.index()].read_address.next = self.ifmap_line.val();
                self.bank[b + self.kept.index()].write.next =
                    (self.load_write.val().any() && self.load_bank.val() == self.lent_number[b].val()).into();
                self.bank[b + self.kept.index()].write_address.next = self.load_line.val();
                self.bank[b + self.kept.index()].write_data.next = self.load_word.val();
            } else {
                self.bank[b + self.kept.index()].read.next = self.lent_read[b].val();
                self.bank[b + self.kept.index()].read_address.next = self.lent_read_index[b].val();
                self.bank[b + self.kept.index()].write.next = self.lent_write[b].val();
                self.bank[b + self.kept.index()].write_address.next = self.lent_write_index[b].val();
                self.bank[b + self.kept.index()].write_data.next = self.lent_write_part[b].val();
            }
        }

        // The word of the bank that was read
        self.ifmap_due.d.next = self.ifmap_read.val();
        self.ifmap_from.d.next = self.ifmap_bank.val();
        self.ifmap_word.next = 0.into();
        if self.ifmap_due.q.val().any() {
            for b in 0..self.banks.index() {
                if self.ifmap_from.q.val() == b {
                    self.ifmap_word.next = self.bank[b].read_data.val();
                }
            }
        }
        self.psum_due.d.next = self.psum_read.val();
        self.psum_from.d.next = self.read_bank.val();
        self.psum_read_part.next = 0.into();
        if self.psum_due.q.val().any() {
            for b in 0..self.banks.index() {
                if self.psum_from.q.val() == b {
                    self.psum_read_part.next = self.bank[b].read_data.val();
                }
            }
        }
        for g in 0..self.guests.index() {
            self.guest_due[g].clock.next = self.clock.val();
            self.guest_from[g].clock.next = self.clock.val();
            self.guest_due[g].d.next = self.guest_read[g].val();
            self.guest_from[g].d.next = self.guest_read_bank[g].val();
            self.guest_read_part[g].next = 0.into();
            if self.guest_due[g].q.val().any() {
                for b in 0..self.lent.index() {
                    if self.guest_from[g].q.val() == self.guest_number[b].val() {
                        self.guest_read_part[g].next = self.bank[b + self.kept.index()].read_data.val();
                    }
                }
            }
        }
    }
}
