//! A memory behind an AXI4 port: random latency, random stalls, and the rules of the protocol checked in every cycle.

use hw::rtl::Word;
use std::collections::{HashMap, HashSet, VecDeque};

/// A generator of random numbers; the seed is printed where a test fails.
#[derive(Clone)]
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
    pub fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 16) % n
    }
    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// How the memory behaves.
#[derive(Clone, Copy)]
pub struct Timing {
    /// Cycles from a read's address to its first beat, and from a write's last beat to its answer: up to this many.
    pub latency: u64,
    /// Chance in a hundred that a channel rests in a cycle.
    pub stall: u64,
}

pub const FAST: Timing = Timing { latency: 1, stall: 0 };
pub const SLOW: Timing = Timing { latency: 40, stall: 50 };

/// What a master drives.
#[derive(Clone, Default)]
pub struct Outputs {
    pub araddr: u64,
    pub arlen: u64,
    pub arvalid: bool,
    pub rready: bool,
    pub awaddr: u64,
    pub awlen: u64,
    pub awvalid: bool,
    pub wdata: u128,
    pub wstrb: u64,
    pub wlast: bool,
    pub wvalid: bool,
    pub bready: bool,
}

/// What the memory drives.
#[derive(Clone, Default)]
pub struct Inputs {
    pub arready: bool,
    pub rdata: u128,
    pub rresp: u64,
    pub rlast: bool,
    pub rvalid: bool,
    pub awready: bool,
    pub wready: bool,
    pub bresp: u64,
    pub bvalid: bool,
}

struct Read {
    address: u64,
    beats: u64,
    due: u64,
}

pub struct Memory {
    pub bytes: HashMap<u64, u8>,
    pub random: Random,
    pub timing: Timing,
    /// Pages of 4 KiB that answer reads with an error, and those that answer writes so.
    pub bad_reads: HashSet<u64>,
    pub bad_writes: HashSet<u64>,
    /// Nothing moves while set.
    pub frozen: bool,
    pub now: u64,
    pub read_beats: u64,
    pub read_bursts: u64,
    pub write_beats: u64,
    pub write_bytes: u64,
    pub write_bursts: u64,
    pub most_reads: usize,
    pub inputs: Inputs,
    beat_bytes: u64,
    reads: VecDeque<Read>,
    addresses: VecDeque<(u64, u64)>,
    beats: VecDeque<(u128, u64, bool)>,
    answers: VecDeque<(u64, u64)>,
    last: Outputs,
    last_inputs: Inputs,
}

impl Memory {
    pub fn new(link_width: usize, timing: Timing, seed: u64) -> Self {
        Memory {
            bytes: HashMap::new(),
            random: Random(seed | 1),
            timing,
            bad_reads: HashSet::new(),
            bad_writes: HashSet::new(),
            frozen: false,
            now: 0,
            read_beats: 0,
            read_bursts: 0,
            write_beats: 0,
            write_bytes: 0,
            write_bursts: 0,
            most_reads: 0,
            inputs: Inputs::default(),
            beat_bytes: link_width as u64 / 8,
            reads: VecDeque::new(),
            addresses: VecDeque::new(),
            beats: VecDeque::new(),
            answers: VecDeque::new(),
            last: Outputs::default(),
            last_inputs: Inputs::default(),
        }
    }

    /// The byte at an address; what was never written differs from place to place.
    pub fn byte(&self, address: u64) -> u8 {
        self.bytes.get(&address).copied().unwrap_or((address.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8)
    }

    pub fn write(&mut self, address: u64, bytes: &[u8]) {
        for (i, byte) in bytes.iter().enumerate() {
            self.bytes.insert(address + i as u64, *byte);
        }
    }

    /// A little-endian number of `bytes` bytes.
    pub fn number(&self, address: u64, bytes: usize) -> u64 {
        (0..bytes as u64).map(|i| (self.byte(address + i) as u64) << (8 * i)).sum()
    }

    /// Nothing is on its way.
    pub fn quiet(&self) -> bool {
        self.reads.is_empty() && self.addresses.is_empty() && self.beats.is_empty() && self.answers.is_empty()
    }

    /// All writes have been answered.
    pub fn writes_done(&self) -> bool {
        self.addresses.is_empty() && self.beats.is_empty() && self.answers.is_empty()
    }

    /// What the memory drives in the cycle to come. A word that is offered stays until it is taken.
    pub fn drive(&mut self) -> Inputs {
        let stall = self.timing.stall;
        let frozen = self.frozen;
        let goes = |random: &mut Random| !frozen && !random.chance(stall);
        let mut next = Inputs {
            arready: goes(&mut self.random),
            awready: goes(&mut self.random),
            wready: goes(&mut self.random),
            ..Default::default()
        };
        let held = self.last_inputs.rvalid && !self.last.rready;
        if held || goes(&mut self.random) {
            if let Some(read) = self.reads.front().filter(|read| held || read.due <= self.now) {
                next.rvalid = true;
                next.rlast = read.beats == 1;
                next.rresp = if self.bad_reads.contains(&(read.address >> 12)) { 2 } else { 0 };
                next.rdata =
                    (0..self.beat_bytes).map(|i| (self.byte(read.address + i) as u128) << (8 * i)).sum::<u128>();
            }
        }
        let held = self.last_inputs.bvalid && !self.last.bready;
        if held || goes(&mut self.random) {
            if let Some((_, response)) = self.answers.front().filter(|answer| held || answer.0 <= self.now) {
                next.bvalid = true;
                next.bresp = *response;
            }
        }
        self.inputs = next.clone();
        next
    }

    /// Takes what moves in this cycle and checks it against the protocol.
    pub fn observe(&mut self, o: Outputs) {
        let (last, i) = (self.last.clone(), self.inputs.clone());
        if last.arvalid && !self.last_inputs.arready {
            assert!(o.arvalid && (o.araddr, o.arlen) == (last.araddr, last.arlen), "AR changed before it was taken");
        }
        if last.awvalid && !self.last_inputs.awready {
            assert!(o.awvalid && (o.awaddr, o.awlen) == (last.awaddr, last.awlen), "AW changed before it was taken");
        }
        if last.wvalid && !self.last_inputs.wready {
            assert!(
                o.wvalid && (o.wdata, o.wstrb, o.wlast) == (last.wdata, last.wstrb, last.wlast),
                "W changed before it was taken"
            );
        }
        if o.arvalid && i.arready {
            self.burst(o.araddr, o.arlen);
            let due = self.now + 1 + self.random.below(self.timing.latency.max(1));
            self.reads.push_back(Read { address: o.araddr, beats: o.arlen + 1, due });
            self.most_reads = self.most_reads.max(self.reads.len());
            self.read_bursts += 1;
        }
        if i.rvalid && o.rready {
            self.read_beats += 1;
            let read = self.reads.front_mut().unwrap();
            read.address += self.beat_bytes;
            read.beats -= 1;
            if read.beats == 0 {
                self.reads.pop_front();
            }
        }
        if o.awvalid && i.awready {
            self.burst(o.awaddr, o.awlen);
            self.addresses.push_back((o.awaddr, o.awlen + 1));
            self.write_bursts += 1;
        }
        if o.wvalid && i.wready {
            assert!(o.wstrb != 0, "a beat without bytes");
            self.write_beats += 1;
            self.write_bytes += o.wstrb.count_ones() as u64;
            self.beats.push_back((o.wdata, o.wstrb, o.wlast));
        }
        if i.bvalid && o.bready {
            self.answers.pop_front();
        }
        self.finish_writes();
        self.last = o;
        self.last_inputs = i;
        self.now += 1;
    }

    fn burst(&self, address: u64, len: u64) {
        assert_eq!(address % self.beat_bytes, 0, "burst at {address:#x} is not aligned to a beat");
        assert!(len < 64, "burst of {} beats", len + 1);
        let end = address + (len + 1) * self.beat_bytes - 1;
        assert_eq!(address >> 12, end >> 12, "burst {address:#x}..={end:#x} crosses 4 KiB");
    }

    fn finish_writes(&mut self) {
        while let Some(&(address, beats)) = self.addresses.front() {
            if (self.beats.len() as u64) < beats {
                assert!(self.beats.iter().all(|beat| !beat.2), "WLAST before the last beat");
                return;
            }
            for n in 0..beats {
                let (data, strobe, last) = self.beats.pop_front().unwrap();
                assert_eq!(last, n + 1 == beats, "WLAST at beat {n} of {beats}");
                for i in (0..self.beat_bytes).filter(|i| strobe >> i & 1 == 1) {
                    self.bytes.insert(address + n * self.beat_bytes + i, (data >> (8 * i)) as u8);
                }
            }
            self.addresses.pop_front();
            let response = if self.bad_writes.contains(&(address >> 12)) { 2 } else { 0 };
            self.answers.push_back((self.now + 1 + self.random.below(self.timing.latency.max(1)), response));
        }
    }
}

/// A 128-bit number as an unsigned word of `bits` bits.
pub fn wide(value: u128, bits: usize) -> Word {
    Word::new(value as i128, bits, false)
}

/// Drives the read side of a block from the memory, lets it settle, and shows the memory what the block does.
#[macro_export]
macro_rules! memory_cycle {
    ($uut:expr, $memory:expr, read $(, $write:ident)?) => {{
        let i = $memory.drive();
        let bits = $uut.m_axi_rdata.width();
        $uut.m_axi_arready.next = i.arready.into();
        $uut.m_axi_rvalid.next = i.rvalid.into();
        $uut.m_axi_rdata.next = $crate::shell_bench::memory::wide(i.rdata, bits);
        $uut.m_axi_rresp.next = (i.rresp as usize).into();
        $uut.m_axi_rlast.next = i.rlast.into();
        $(let _ = stringify!($write);
        $uut.m_axi_awready.next = i.awready.into();
        $uut.m_axi_wready.next = i.wready.into();
        $uut.m_axi_bvalid.next = i.bvalid.into();
        $uut.m_axi_bresp.next = (i.bresp as usize).into();)?
        settle(&mut $uut);
        #[allow(unused_mut)]
        let mut o = $crate::shell_bench::memory::Outputs {
            araddr: $uut.m_axi_araddr.val().raw() as u64,
            arlen: $uut.m_axi_arlen.val().raw() as u64,
            arvalid: $uut.m_axi_arvalid.val().any(),
            rready: $uut.m_axi_rready.val().any(),
            ..Default::default()
        };
        $(let _ = stringify!($write);
        o.awaddr = $uut.m_axi_awaddr.val().raw() as u64;
        o.awlen = $uut.m_axi_awlen.val().raw() as u64;
        o.awvalid = $uut.m_axi_awvalid.val().any();
        o.wdata = $uut.m_axi_wdata.val().raw();
        o.wstrb = $uut.m_axi_wstrb.val().raw() as u64;
        o.wlast = $uut.m_axi_wlast.val().any();
        o.wvalid = $uut.m_axi_wvalid.val().any();
        o.bready = $uut.m_axi_bready.val().any();)?
        $memory.observe(o);
    }};
}
