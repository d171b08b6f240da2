//! The global buffer: banks of memory that ifmaps and psums share, and the ports to it.

mod glb_lane;
mod ifmap_port;
mod psum_lane;
mod wide_port;

pub use glb_lane::GlbLane;
pub use ifmap_port::IfmapPort;
pub use psum_lane::PsumLane;
pub use wide_port::WideIfmapPort;

use crate::arch::{Arch, LANES};
use crate::rtl::prelude::*;

/// The global buffer (Eyeriss: 25 banks, 100 KB, JSSC 2017, section V).
///
/// Banks below `ifmap_banks` hold ifmap words, the others psums. A word address is line · 4 + lane; a psum fills
/// `4 / psum_lanes` adjacent lanes of a line, its low part in the lowest. Where a lane is wider than a word or what is left of
/// a psum, the value is sign-extended into it and cut when it is read.
///
/// Every port takes a request each cycle. A word read is on its port 2 cycles later and stays until the port's next one. A drain read waits
/// for a cycle in which the psum read port of its lane is idle: `drain_grant` says so and does not depend on `drain_read`.
/// A psum lane's lines past the last bank are in the last banks of its partner, half of the lanes away (`Arch::lent_banks`); who uses a bank of both
/// lanes at a time is served by the partner's.
/// Where banks are not shared (`Arch::banks_are_shared`), there is an ifmap port for each of `Arch::ifmap_ports`. Port v reads its own banks, the `Arch::port_banks` from bank
/// `v · port_banks` on, at word addresses that begin with 0 there; the loader writes the same words behind `v · port_words`. The banks behind those
/// of all ports hold psums, and none is lent.
/// Where a port reads several words at once (`Arch::port_lanes`), its word is those of its lanes, as [`WideIfmapPort`] has them, and the array says how many of them it takes (`port_taken`).
/// A write can be read from the next cycle on. A port that addresses a bank of the other kind reads nothing useful and writes nothing.
///
/// `*_reads` and `*_writes` are the numbers of words (psums) that moved in the cycle before.
#[derive(LogicBlock)]
pub struct Glb {
    pub clock: Wire<In, Clk>,
    // Ifmap walker, if banks are shared
    pub ifmap_banks: Optional<Wire<In>>,
    pub ifmap_read: Optional<Wire<In>>,
    pub ifmap_address: Optional<Wire<In>>,
    pub ifmap_word: Optional<Wire<Out>>,
    // Ifmap ports, if banks are not
    pub port_read: Vec<Wire<In>>,
    pub port_address: Vec<Wire<In>>,
    pub port_word: Vec<Wire<Out>>,
    /// Words that the array takes in a cycle, where ports read several at once.
    pub port_taken: Vec<Wire<In>>,
    // Loader, by lane
    pub load_write: Vec<Wire<In>>,
    pub load_line: Vec<Wire<In>>,
    pub load_word: Vec<Wire<In>>,
    // Psum feeders and collectors, by psum lane
    pub psum_read: Vec<Wire<In>>,
    pub psum_read_line: Vec<Wire<In>>,
    pub psum_read_word: Vec<Wire<Out>>,
    pub psum_write: Vec<Wire<In>>,
    pub psum_write_line: Vec<Wire<In>>,
    pub psum_write_word: Vec<Wire<In>>,
    // Store unit
    pub drain_read: Wire<In>,
    pub drain_lane: Wire<In>,
    pub drain_line: Wire<In>,
    pub drain_grant: Wire<Out>,
    pub drain_word: Wire<Out>,
    // Events
    pub ifmap_reads: Wire<Out>,
    pub ifmap_writes: Wire<Out>,
    pub psum_reads: Wire<Out>,
    pub psum_writes: Wire<Out>,
    lane: Vec<GlbLane>,
    port: Vec<IfmapPort>,
    wide_port: Vec<WideIfmapPort>,
    psum_lane: Vec<PsumLane>,
    /// The ifmap read of the last cycle.
    ifmap_due: Optional<Reg>,
    ifmap_data: Optional<Reg>,
    /// The psum reads of the last cycle.
    psum_due: Vec<Reg>,
    psum_data: Vec<Reg>,
    /// Lane of the drain read of the last cycle and of the one before.
    drain_1: Reg,
    drain_2: Reg,
    read_count: Reg,
    write_count: Reg,
    load_count: Reg,
    /// Psum reads with those for the store unit among them.
    read: Vec<Wire<Local>>,
    read_line: Vec<Wire<Local>>,
    read_word: Vec<Wire<Local>>,
    reads: Wire<Local>,
    writes: Wire<Local>,
    loads: Wire<Local>,
    /// Pairs of psum lanes that lend each other banks, and the way from one to the other.
    pairs: Const,
    half: Const,
    shared: Const,
    /// Buffer lanes and psum lanes whose banks are shared, and psum lanes whose are not.
    shared_lanes: Const,
    shared_psums: Const,
    own_psums: Const,
    /// Ifmap ports with banks of their own that read a word at once, and several, how many these are, and the first bank of each port.
    ports: Const,
    wide_ports: Const,
    wide: Const,
    port_lanes: Const,
    first_bank: Vec<Const>,
    psum_lanes: Const,
    parts: Const,
    lane_bits: Const,
}

impl Glb {
    /// The buffer of this architecture.
    pub fn new(arch: &Arch) -> Self {
        let k = arch.psum_lanes;
        let line = arch.line_bits();
        let shared = arch.banks_are_shared();
        let ports = if shared { 0 } else { arch.ifmap_ports() };
        let port_address = address_bits(arch.port_words());
        let (lanes, wide) = (arch.port_lanes(), arch.is_of_planes() as usize);
        let wide_ports = ports * wide;
        Glb {
            clock: Default::default(),
            ifmap_banks: Optional::new(shared, Wire::unsigned(8)),
            ifmap_read: Optional::new(shared, Wire::bit()),
            ifmap_address: Optional::new(shared, Wire::unsigned(arch.word_address_bits())),
            ifmap_word: Optional::new(shared, Wire::signed(arch.width)),
            port_read: (0..ports).map(|_| Wire::bit()).collect(),
            port_address: (0..ports).map(|_| Wire::unsigned(port_address)).collect(),
            port_word: (0..ports * lanes).map(|_| Wire::signed(arch.width)).collect(),
            port_taken: (0..wide).map(|_| Wire::unsigned(arch.ifmap_word_bits())).collect(),
            load_write: (0..LANES).map(|_| Wire::bit()).collect(),
            load_line: (0..LANES).map(|_| Wire::unsigned(line)).collect(),
            load_word: (0..LANES).map(|_| Wire::signed(arch.width)).collect(),
            psum_read: (0..k).map(|_| Wire::bit()).collect(),
            psum_read_line: (0..k).map(|_| Wire::unsigned(line)).collect(),
            psum_read_word: (0..k).map(|_| Wire::signed(arch.psum_width)).collect(),
            psum_write: (0..k).map(|_| Wire::bit()).collect(),
            psum_write_line: (0..k).map(|_| Wire::unsigned(line)).collect(),
            psum_write_word: (0..k).map(|_| Wire::signed(arch.psum_width)).collect(),
            drain_read: Wire::bit(),
            drain_lane: Wire::unsigned(2),
            drain_line: Wire::unsigned(line),
            drain_grant: Wire::bit(),
            drain_word: Wire::signed(arch.psum_width),
            ifmap_reads: Wire::unsigned(arch.ifmap_word_bits()),
            ifmap_writes: Wire::unsigned(3),
            psum_reads: Wire::unsigned(3),
            psum_writes: Wire::unsigned(3),
            lane: (0..if shared { LANES } else { 0 }).map(|_| GlbLane::new(arch)).collect(),
            port: (wide_ports..ports).map(|_| IfmapPort::new(arch)).collect(),
            wide_port: (0..wide_ports).map(|_| WideIfmapPort::new(arch)).collect(),
            psum_lane: (0..if shared { 0 } else { LANES }).map(|_| PsumLane::new(arch)).collect(),
            ifmap_due: Optional::new(shared, Reg::bit()),
            ifmap_data: Optional::new(shared, Reg::data(arch.width, true)),
            psum_due: (0..k).map(|_| Reg::bit()).collect(),
            psum_data: (0..k).map(|_| Reg::data(arch.psum_width, true)).collect(),
            drain_1: Reg::data(2, false),
            drain_2: Reg::data(2, false),
            read_count: Reg::unsigned(3),
            write_count: Reg::unsigned(3),
            load_count: Reg::unsigned(3),
            read: (0..k).map(|_| Wire::bit()).collect(),
            read_line: (0..k).map(|_| Wire::unsigned(line)).collect(),
            read_word: (0..k).map(|_| Wire::unsigned(arch.lane_width * (LANES / k))).collect(),
            reads: Wire::unsigned(3),
            writes: Wire::unsigned(3),
            loads: Wire::unsigned(3),
            pairs: Const::new(if shared && arch.lent_banks() > 0 { k / 2 } else { 0 }),
            half: Const::new(k / 2),
            shared: Const::new(shared as usize),
            shared_lanes: Const::new(if shared { LANES } else { 0 }),
            shared_psums: Const::new(if shared { k } else { 0 }),
            own_psums: Const::new(if shared { 0 } else { k }),
            ports: Const::new(ports - wide_ports),
            wide_ports: Const::new(wide_ports),
            wide: Const::new(wide),
            port_lanes: Const::new(lanes),
            first_bank: (0..ports).map(|v| Const::new(v * arch.port_banks())).collect(),
            psum_lanes: Const::new(k),
            parts: Const::new(LANES / k),
            lane_bits: Const::new(arch.lane_width),
        }
    }
}

impl Logic for Glb {
    describe!("glb", "Global buffer: banks of four lanes for ifmaps and psums; a read takes 2 cycles.");

    #[hdl_gen]
    fn update(&mut self) {
        if self.shared.val().any() {
            dff_setup!(self, clock, ifmap_due, ifmap_data);
        }
        dff_setup!(self, clock, drain_1, drain_2, read_count, write_count, load_count);

        // The store unit reads through the psum read port of its lane
        self.drain_grant.next = true.into();
        for l in 0..self.psum_lanes.index() {
            if self.drain_lane.val() == l {
                self.drain_grant.next = !self.psum_read[l].val();
            }
            self.read[l].next = self.psum_read[l].val();
            self.read_line[l].next = self.psum_read_line[l].val();
            if !self.psum_read[l].val().any() {
                self.read[l].next = (self.drain_read.val().any() && self.drain_lane.val() == l).into();
                self.read_line[l].next = self.drain_line.val();
            }
        }

        // Each lane of the buffer is one of the ifmap side's and part of a psum lane
        if self.shared.val().any() {
            for j in 0..self.shared_lanes.index() {
                self.lane[j].clock.next = self.clock.val();
                self.lane[j].ifmap_banks.next = self.ifmap_banks.val();
                self.lane[j].ifmap_read.next =
                    (self.ifmap_read.val().any() && bit_cast(self.ifmap_address.val(), 2) == j).into();
                self.lane[j].ifmap_line.next = self.ifmap_address.val() >> 2;
                self.lane[j].load_write.next = self.load_write[j].val();
                self.lane[j].load_line.next = self.load_line[j].val();
                self.lane[j].load_word.next = self.load_word[j].val();
            }
            for l in 0..self.shared_psums.index() {
                for m in 0..self.parts.index() {
                    self.lane[l * self.parts.index() + m].psum_read.next = self.read[l].val();
                    self.lane[l * self.parts.index() + m].psum_read_line.next = self.read_line[l].val();
                    self.lane[l * self.parts.index() + m].psum_write.next = self.psum_write[l].val();
                    self.lane[l * self.parts.index() + m].psum_write_line.next = self.psum_write_line[l].val();
                    self.lane[l * self.parts.index() + m].psum_write_part.next =
                        self.psum_write_word[l].val() >> (m * self.lane_bits.index());
                }
            }
        } else {
            for v in 0..self.ports.index() {
                self.port[v].clock.next = self.clock.val();
                self.port[v].first_bank.next = self.first_bank[v].val();
                self.port[v].read.next = self.port_read[v].val();
                self.port[v].address.next = self.port_address[v].val();
                self.port_word[v].next = self.port[v].word.val();
                for j in 0..4 {
                    self.port[v].load_write[j].next = self.load_write[j].val();
                    self.port[v].load_line[j].next = self.load_line[j].val();
                    self.port[v].load_word[j].next = self.load_word[j].val();
                }
            }
            for v in 0..self.wide_ports.index() {
                self.wide_port[v].clock.next = self.clock.val();
                self.wide_port[v].first_bank.next = self.first_bank[v].val();
                self.wide_port[v].read.next = self.port_read[v].val();
                self.wide_port[v].address.next = self.port_address[v].val();
                for p in 0..self.port_lanes.index() {
                    self.port_word[v * self.port_lanes.index() + p].next = self.wide_port[v].lane[p].val();
                }
                for j in 0..4 {
                    self.wide_port[v].load_write[j].next = self.load_write[j].val();
                    self.wide_port[v].load_line[j].next = self.load_line[j].val();
                    self.wide_port[v].load_word[j].next = self.load_word[j].val();
                }
            }
            for l in 0..self.own_psums.index() {
                for m in 0..self.parts.index() {
                    self.psum_lane[l * self.parts.index() + m].clock.next = self.clock.val();
                    self.psum_lane[l * self.parts.index() + m].psum_read.next = self.read[l].val();
                    self.psum_lane[l * self.parts.index() + m].psum_read_line.next = self.read_line[l].val();
                    self.psum_lane[l * self.parts.index() + m].psum_write.next = self.psum_write[l].val();
                    self.psum_lane[l * self.parts.index() + m].psum_write_line.next = self.psum_write_line[l].val();
                    self.psum_lane[l * self.parts.index() + m].psum_write_part.next =
                        self.psum_write_word[l].val() >> (m * self.lane_bits.index());
                }
            }
        }
        for l in 0..self.pairs.index() {
            for m in 0..self.parts.index() {
                self.lane[l * self.parts.index() + m].guest_read[0].next = self.read[l + self.half.index()].val();
                self.lane[l * self.parts.index() + m].guest_read_line[0].next =
                    self.read_line[l + self.half.index()].val();
                self.lane[l * self.parts.index() + m].guest_write[0].next =
                    self.psum_write[l + self.half.index()].val();
                self.lane[l * self.parts.index() + m].guest_write_line[0].next =
                    self.psum_write_line[l + self.half.index()].val();
                self.lane[l * self.parts.index() + m].guest_write_part[0].next =
                    self.psum_write_word[l + self.half.index()].val() >> (m * self.lane_bits.index());
                self.lane[l * self.parts.index() + m + 2].guest_read[0].next = self.read[l].val();
                self.lane[l * self.parts.index() + m + 2].guest_read_line[0].next = self.read_line[l].val();
                self.lane[l * self.parts.index() + m + 2].guest_write[0].next = self.psum_write[l].val();
                self.lane[l * self.parts.index() + m + 2].guest_write_line[0].next = self.psum_write_line[l].val();
                self.lane[l * self.parts.index() + m + 2].guest_write_part[0].next =
                    self.psum_write_word[l].val() >> (m * self.lane_bits.index());
            }
        }

        // In the next cycle what was read is taken
        if self.shared.val().any() {
            self.ifmap_due.d.next = self.ifmap_read.val();
            if self.ifmap_due.q.val().any() {
                self.ifmap_data.d.next = self.lane[0].ifmap_word.val()
                    | self.lane[1].ifmap_word.val()
                    | self.lane[2].ifmap_word.val()
                    | self.lane[3].ifmap_word.val();
            }
            self.ifmap_word.next = self.ifmap_data.q.val();
            for l in 0..self.psum_lanes.index() {
                self.read_word[l].next = self.lane[l * self.parts.index()].psum_read_part.val();
                for m in 1..self.parts.index() {
                    self.read_word[l].next = self.read_word[l].val()
                        | (self.lane[l * self.parts.index() + m].psum_read_part.val() << (m * self.lane_bits.index()));
                }
            }
        } else {
            for l in 0..self.psum_lanes.index() {
                self.read_word[l].next = self.psum_lane[l * self.parts.index()].psum_read_part.val();
                for m in 1..self.parts.index() {
                    self.read_word[l].next = self.read_word[l].val()
                        | (self.psum_lane[l * self.parts.index() + m].psum_read_part.val()
                            << (m * self.lane_bits.index()));
                }
            }
        }
        for l in 0..self.pairs.index() {
            for m in 0..self.parts.index() {
                self.read_word[l].next = self.read_word[l].val()
                    | (self.lane[l * self.parts.index() + m + 2].guest_read_part[0].val()
                        << (m * self.lane_bits.index()));
                self.read_word[l + self.half.index()].next = self.read_word[l + self.half.index()].val()
                    | (self.lane[l * self.parts.index() + m].guest_read_part[0].val() << (m * self.lane_bits.index()));
            }
        }
        for l in 0..self.psum_lanes.index() {
            self.psum_due[l].clock.next = self.clock.val();
            self.psum_data[l].clock.next = self.clock.val();
            self.psum_due[l].d.next = self.read[l].val();
            self.psum_data[l].d.next = self.psum_data[l].q.val();
            if self.psum_due[l].q.val().any() {
                self.psum_data[l].d.next = self.read_word[l].val();
            }
            self.psum_read_word[l].next = self.psum_data[l].q.val();
        }
        self.drain_1.d.next = self.drain_lane.val();
        self.drain_2.d.next = self.drain_1.q.val();
        self.drain_word.next = self.psum_data[0].q.val();
        for l in 1..self.psum_lanes.index() {
            if self.drain_2.q.val() == l {
                self.drain_word.next = self.psum_data[l].q.val();
            }
        }

        // Events
        self.loads.next = self.load_write[0].val();
        for j in 1..4 {
            self.loads.next = self.loads.val() + self.load_write[j].val();
        }
        self.reads.next = self.read[0].val();
        self.writes.next = self.psum_write[0].val();
        for l in 1..self.psum_lanes.index() {
            self.reads.next = self.reads.val() + self.read[l].val();
            self.writes.next = self.writes.val() + self.psum_write[l].val();
        }
        self.load_count.d.next = self.loads.val();
        self.read_count.d.next = self.reads.val();
        self.write_count.d.next = self.writes.val();
        if self.shared.val().any() {
            self.ifmap_reads.next = self.ifmap_due.q.val();
        } else {
            self.ifmap_reads.next = 0.into();
            for v in 0..self.ports.index() {
                self.ifmap_reads.next = self.ifmap_reads.val() + self.port[v].due.val();
            }
            for i in 0..self.wide.index() {
                self.ifmap_reads.next = self.port_taken[i].val();
            }
        }
        self.ifmap_writes.next = self.load_count.q.val();
        self.psum_reads.next = self.read_count.q.val();
        self.psum_writes.next = self.write_count.q.val();
    }
}
