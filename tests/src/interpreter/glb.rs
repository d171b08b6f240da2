//! The global buffer: words that know who touched them last.

use super::order::{Clock, Unit};
use super::{fault, signed, Fault};
use hw::arch::{BANK_LINES, LANES};
use hw::Arch;

#[derive(Clone, Copy, Debug)]
struct Cell {
    value: u64,
    writer: Option<(Unit, u32)>,
    /// Last reads since the write: by the ifmap walker or a feeder, and by the store unit.
    reader: u32,
    store: u32,
}

/// The buffer's lanes, line by line.
pub(super) struct Glb {
    cells: Vec<Cell>,
    lane_width: usize,
    width: usize,
    psum_width: usize,
    /// Lanes that a psum fills.
    psum_cells: usize,
    ifmap_banks: usize,
    banks: usize,
    lent_banks: usize,
}

impl Glb {
    pub fn new(arch: &Arch) -> Glb {
        let empty = Cell { value: 0, writer: None, reader: 0, store: 0 };
        Glb {
            cells: vec![empty; arch.glb_lines() * LANES],
            lane_width: arch.lane_width,
            width: arch.width,
            psum_width: arch.psum_width,
            psum_cells: LANES / arch.psum_lanes,
            ifmap_banks: 0,
            banks: arch.banks,
            lent_banks: arch.lent_banks(),
        }
    }

    pub fn set_ifmap_banks(&mut self, banks: usize) {
        self.ifmap_banks = banks;
    }

    /// Everything is idle: all accesses so far are ordered before all to come.
    pub fn settle(&mut self) {
        for cell in &mut self.cells {
            cell.writer = cell.writer.map(|(unit, _)| (unit, 0));
            (cell.reader, cell.store) = (0, 0);
        }
    }

    pub fn write_ifmap(&mut self, word: usize, value: i64, time: u32, clock: &Clock) -> Result<(), Fault> {
        let at = self.ifmap_cell(word)?;
        let mask = (1 << self.width) - 1;
        let cell = &mut self.cells[at];
        if cell.reader > clock.knows(Unit::Walker) {
            return fault!("LOAD {time} overwrites word {word}, which pass {} may still read", cell.reader);
        }
        *cell = Cell { value: value as u64 & mask, writer: Some((Unit::Loader, time)), reader: 0, store: 0 };
        Ok(())
    }

    pub fn read_ifmap(&mut self, word: usize, time: u32, clock: &Clock) -> Result<i64, Fault> {
        let at = self.ifmap_cell(word)?;
        let cell = &mut self.cells[at];
        match cell.writer {
            Some((Unit::Loader, load)) if load <= clock.knows(Unit::Loader) => {}
            Some((Unit::Loader, load)) => {
                return fault!("pass {time} reads word {word}, which LOAD {load} may still write")
            }
            _ => return fault!("pass {time} reads word {word}, which no LOAD wrote"),
        }
        cell.reader = time;
        Ok(signed(cell.value as i64, self.width))
    }

    pub fn write_psum(&mut self, lane: usize, line: usize, value: i64, time: u32, clock: &Clock) -> Result<(), Fault> {
        let at = self.psum_cell(lane, line)?;
        let first = self.cells[at];
        if first.store > clock.knows(Unit::Store) {
            return fault!(
                "pass {time} overwrites line {line} of lane {lane}, which STORE {} may still read",
                first.store
            );
        }
        // The feeder's read for this psum, or an earlier pass's, came before: it is what the sum began with.
        if first.reader > time {
            return fault!("pass {time} overwrites line {line} of lane {lane}, which pass {} read", first.reader);
        }
        for part in 0..self.psum_cells {
            let value = value as u64 >> (part * self.lane_width).min(63) & ((1 << self.lane_width) - 1);
            let writer = Some((Unit::Collector(lane), time));
            self.cells[at + part] = Cell { value, writer, reader: 0, store: 0 };
        }
        Ok(())
    }

    /// A feeder's or the store unit's read.
    pub fn read_psum(&mut self, unit: Unit, lane: usize, line: usize, time: u32, clock: &Clock) -> Result<i64, Fault> {
        let at = self.psum_cell(lane, line)?;
        match self.cells[at].writer {
            Some((collector @ Unit::Collector(from), pass)) if from == lane => {
                if pass > clock.knows(collector) {
                    return fault!(
                        "{unit:?} {time} reads line {line} of lane {lane}, which pass {pass} may still write"
                    );
                }
            }
            _ => return fault!("{unit:?} {time} reads line {line} of lane {lane}, which no pass wrote"),
        }
        let cell = &mut self.cells[at];
        match unit {
            Unit::Store => cell.store = time,
            _ => cell.reader = time,
        }
        let parts = self.cells[at..at + self.psum_cells].iter().enumerate();
        let value = parts.fold(0, |value, (part, cell)| value | u128::from(cell.value) << (part * self.lane_width));
        Ok(signed(value as i64, self.psum_width))
    }

    fn ifmap_cell(&self, word: usize) -> Result<usize, Fault> {
        match word < self.ifmap_banks * BANK_LINES * LANES {
            true => Ok(word),
            false => fault!("word {word} is used for ifmaps, outside their {} banks", self.ifmap_banks),
        }
    }

    fn psum_cell(&self, lane: usize, line: usize) -> Result<usize, Fault> {
        let (mut at, behind) = (line * LANES + lane * self.psum_cells, (line / BANK_LINES).saturating_sub(self.banks));
        if line >= self.banks * BANK_LINES && behind < self.lent_banks {
            // A bank of the partner, half of the lanes away, the last one first
            let line = (self.banks - 1 - behind) * BANK_LINES + line % BANK_LINES;
            at = line * LANES + (lane * self.psum_cells + LANES / 2) % LANES;
        }
        match at >= self.ifmap_banks * BANK_LINES * LANES && at < self.cells.len() {
            true => Ok(at),
            false => fault!("line {line} is used for psums, outside their banks"),
        }
    }
}
