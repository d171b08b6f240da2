//! The global buffer against an array of numbers, with every port busy.

use hw::arch::{Arch, ArchSpec, BANK_LINES, LANES};
use hw::glb::Glb;
use hw::rtl::prelude::*;
use hw::Dataflow;

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % n
    }
    fn flip(&mut self) -> bool {
        self.below(2) == 1
    }
    fn word(&mut self, bits: usize) -> Word {
        let raw = (0..4).fold(0i128, |raw, _| raw << 20 ^ self.below(1 << 30) as i128);
        Word::new(raw, bits, true)
    }
    /// A line of the banks `from..to`; one of few, so that ports often meet.
    fn line(&mut self, from: usize, to: usize) -> usize {
        (from + self.below(to - from)) * BANK_LINES + [0, 1, 2, BANK_LINES - 1][self.below(4)]
    }
}

fn glb(width: usize, psum_width: usize, glb_kb: usize) -> (Arch, Glb) {
    let arch = ArchSpec { width, psum_width, glb_kb, ..Default::default() }.check().unwrap();
    let mut uut = Glb::new(&arch);
    uut.connect_all();
    rust_hdl::prelude::check_all(&uut).unwrap();
    tick!(uut, true);
    (arch, uut)
}

/// What a port was asked in this cycle and in the one before, and what it should show.
#[derive(Clone, Copy, Default)]
struct Port {
    asked: Option<Word>,
    due: Option<Word>,
    shows: Word,
}

impl Port {
    fn edge(&mut self) {
        self.shows = self.due.unwrap_or(self.shows);
        self.due = self.asked.take();
    }
}

/// Every port takes a request each cycle, its word comes 2 cycles later and stays; wrong banks are not written.
#[track_caller]
fn check(width: usize, psum_width: usize, glb_kb: usize, cycles: usize) {
    let (arch, mut uut) = glb(width, psum_width, glb_kb);
    let mut random = Random((width * 100 + psum_width) as u64);
    let k = arch.psum_lanes;
    let lent = arch.lent_banks();
    let banks = 1 + random.below(arch.banks - lent - 1);
    uut.ifmap_banks.next = banks.into();
    let mut ifmap = vec![Word::from(0usize); arch.glb_lines() * LANES];
    // What is lent is the partner's, so a lane does not use it itself.
    let own = arch.banks - lent;
    let psum_line = |random: &mut Random, from: usize| match random.below(4) < 3 || lent == 0 {
        true => random.line(from, own),
        false => random.line(arch.banks, arch.banks + lent),
    };
    let mut psums = vec![vec![Word::from(0usize); arch.glb_lines() + lent * BANK_LINES]; k];
    let (mut ifmap_port, mut psum_port, mut drain_port) = (Port::default(), vec![Port::default(); k], Port::default());
    for cycle in 0..cycles {
        // Reads see what was written in earlier cycles; nothing that is read is written in the same cycle
        let mut read_line = vec![usize::MAX; k];
        let read = random.below(4) > 0;
        let address = random.line(0, banks) * LANES + random.below(LANES);
        uut.ifmap_read.next = read.into();
        uut.ifmap_address.next = address.into();
        ifmap_port.asked = read.then(|| ifmap[address]);
        for lane in 0..k {
            let (read, line) = (random.flip(), psum_line(&mut random, banks));
            uut.psum_read[lane].next = read.into();
            uut.psum_read_line[lane].next = line.into();
            psum_port[lane].asked = read.then(|| psums[lane][line]);
            read_line[lane] = if read { line } else { usize::MAX };
        }
        let (drain, lane, line) = (random.flip(), random.below(k), psum_line(&mut random, banks));
        uut.drain_read.next = drain.into();
        uut.drain_lane.next = lane.into();
        uut.drain_line.next = line.into();
        settle(&mut uut);
        assert_eq!(uut.drain_grant.val().any(), psum_port[lane].asked.is_none(), "cycle {cycle}: grant");
        if drain && psum_port[lane].asked.is_none() {
            psum_port[lane].asked = Some(psums[lane][line]);
            drain_port.asked = psum_port[lane].asked;
            read_line[lane] = line;
        }

        let (mut loads, mut writes) = (0, 0);
        for lane in 0..LANES {
            let write = random.below(4) > 0;
            let to = if random.below(8) == 0 { arch.banks } else { banks };
            let (line, word) = (random.line(0, to), random.word(width));
            let write = write && !(read && line * LANES + lane == address);
            uut.load_write[lane].next = write.into();
            uut.load_line[lane].next = line.into();
            uut.load_word[lane].next = word;
            loads += write as usize;
            if write && line < banks * BANK_LINES {
                ifmap[line * LANES + lane] = word;
            }
        }
        for lane in 0..k {
            let write = random.below(4) > 0;
            let from = if random.below(8) == 0 { 0 } else { banks };
            let (line, word) = (psum_line(&mut random, from), random.word(psum_width));
            let write = write && line != read_line[lane];
            uut.psum_write[lane].next = write.into();
            uut.psum_write_line[lane].next = line.into();
            uut.psum_write_word[lane].next = word;
            writes += write as usize;
            if write && line >= banks * BANK_LINES {
                psums[lane][line] = word;
            }
        }
        let reads = psum_port.iter().filter(|port| port.asked.is_some()).count();

        tick!(uut);
        assert_eq!(uut.ifmap_reads.val().any(), read, "cycle {cycle}");
        assert_eq!(uut.ifmap_writes.val(), loads, "cycle {cycle}");
        assert_eq!(uut.psum_reads.val(), reads, "cycle {cycle}");
        assert_eq!(uut.psum_writes.val(), writes, "cycle {cycle}");
        ifmap_port.edge();
        assert_eq!(uut.ifmap_word.val(), ifmap_port.shows, "cycle {cycle}: ifmap word");
        for lane in 0..k {
            psum_port[lane].edge();
            assert_eq!(uut.psum_read_word[lane].val(), psum_port[lane].shows, "cycle {cycle}: psum, lane {lane}");
        }
        let drained = drain_port.due;
        drain_port.edge();
        if drained.is_some() {
            assert_eq!(uut.drain_word.val(), drain_port.shows, "cycle {cycle}: drained psum");
        }
    }
}

#[test]
fn every_port_moves_a_word_a_cycle() {
    check(16, 32, 12, 4000); // two lanes of psums
}

#[test]
fn a_psum_of_a_lane_fills_one_lane() {
    check(8, 8, 9, 3000);
}

#[test]
fn a_psum_of_four_lanes_fills_the_line() {
    check(16, 64, 20, 3000);
}

#[test]
fn lanes_wider_than_words_and_psums_narrower_than_their_lanes() {
    check(4, 21, 9, 3000); // lanes of 6 bits, psums of 3.5 lanes
    check(8, 13, 9, 1000); // psums of 1.6 lanes
    check(2, 64, 30, 1000); // lanes of 16 bits for words of 2
}

#[test]
fn a_lane_uses_its_partner_s_last_banks_past_its_own() {
    for (psum_width, lent) in [(16, 1), (32, 1)] {
        let (arch, _) = glb(16, psum_width, 14);
        assert_eq!((arch.banks, arch.lent_banks()), (3, lent));
        check(16, psum_width, 14, 3000);
    }
    // The last bank first, from the partner's side
    let (arch, mut uut) = glb(16, 16, 108);
    assert_eq!(arch.lent_banks(), 3);
    uut.ifmap_banks.next = 1.into();
    for bank in 0..3 {
        uut.psum_write[0].next = true.into();
        uut.psum_write_line[0].next = ((25 + bank) * BANK_LINES + 7).into();
        uut.psum_write_word[0].next = Word::new(100 + bank as i128, 16, true);
        tick!(uut);
    }
    uut.psum_write[0].next = false.into();
    for bank in 0..3 {
        uut.psum_read[2].next = true.into();
        uut.psum_read_line[2].next = ((24 - bank) * BANK_LINES + 7).into();
        tick!(uut);
        uut.psum_read[2].next = false.into();
        tick!(uut);
        assert_eq!(uut.psum_read_word[2].val(), Word::new(100 + bank as i128, 16, true), "bank {}", 24 - bank);
    }
}

#[test]
fn the_chip_s_buffer_has_25_banks() {
    let (arch, _) = glb(16, 32, 108);
    assert_eq!((arch.banks, arch.psum_lanes), (25, 2));
    check(16, 32, 108, 500);
}

/// A buffer whose banks belong to ports: all ports read, the loader writes anywhere, psums are moved beside them.
#[track_caller]
fn check_ports(rows: usize, width: usize, psum_width: usize, glb_kb: usize, cycles: usize) {
    let spec = ArchSpec { dataflow: Dataflow::Ws, rows, width, psum_width, glb_kb, ..Default::default() };
    let arch = spec.check().unwrap();
    let mut uut = Glb::new(&arch);
    uut.connect_all();
    rust_hdl::prelude::check_all(&uut).unwrap();
    tick!(uut, true);
    let mut random = Random((rows * 100 + width) as u64);
    let (ports, port_words, k) = (arch.ifmap_ports(), arch.port_words(), arch.psum_lanes);
    let first = ports * arch.port_banks();
    assert_eq!((ports, uut.port_read.len()), (rows, rows));
    let mut ifmap = vec![Word::from(0usize); arch.glb_lines() * LANES];
    let mut psums = vec![vec![Word::from(0usize); arch.glb_lines()]; k];
    let (mut ifmap_port, mut psum_port) = (vec![Port::default(); ports], vec![Port::default(); k]);
    for cycle in 0..cycles {
        let (mut ifmap_reads, mut read_words, mut read_line) = (0, vec![], vec![usize::MAX; k]);
        for v in 0..ports {
            let read = random.below(4) > 0;
            let address = random.line(0, arch.port_banks()) * LANES + random.below(LANES);
            uut.port_read[v].next = read.into();
            uut.port_address[v].next = address.into();
            ifmap_port[v].asked = read.then(|| ifmap[v * port_words + address]);
            read_words.extend(read.then_some(v * port_words + address));
            ifmap_reads += read as usize;
        }
        for lane in 0..k {
            let (read, line) = (random.flip(), random.line(first, arch.banks));
            uut.psum_read[lane].next = read.into();
            uut.psum_read_line[lane].next = line.into();
            psum_port[lane].asked = read.then(|| psums[lane][line]);
            read_line[lane] = if read { line } else { usize::MAX };
        }
        for lane in 0..LANES {
            let (write, line, word) = (random.below(4) > 0, random.line(0, arch.banks), random.word(width));
            let write = write && !read_words.contains(&(line * LANES + lane));
            uut.load_write[lane].next = write.into();
            uut.load_line[lane].next = line.into();
            uut.load_word[lane].next = word;
            if write && line < first * BANK_LINES {
                ifmap[line * LANES + lane] = word;
            }
        }
        for lane in 0..k {
            let (write, line, word) = (random.below(4) > 0, random.line(0, arch.banks), random.word(psum_width));
            let write = write && line != read_line[lane];
            uut.psum_write[lane].next = write.into();
            uut.psum_write_line[lane].next = line.into();
            uut.psum_write_word[lane].next = word;
            if write && line >= first * BANK_LINES {
                psums[lane][line] = word;
            }
        }
        tick!(uut);
        assert_eq!(uut.ifmap_reads.val(), ifmap_reads, "cycle {cycle}");
        for v in 0..ports {
            ifmap_port[v].edge();
            assert_eq!(uut.port_word[v].val(), ifmap_port[v].shows, "cycle {cycle}: port {v}");
        }
        for lane in 0..k {
            psum_port[lane].edge();
            assert_eq!(uut.psum_read_word[lane].val(), psum_port[lane].shows, "cycle {cycle}: psum, lane {lane}");
        }
    }
}

#[test]
fn every_port_reads_a_word_of_its_own_banks_a_cycle() {
    check_ports(4, 8, 16, 64, 2000); // several banks a port
    check_ports(5, 16, 32, 40, 2000); // a bank a port
    check_ports(1, 4, 21, 9, 2000); // lanes wider than words
    check_ports(3, 32, 64, 80, 1000);
}
