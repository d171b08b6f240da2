//! The array: PEs with their real queues, a window and filter at a time.

use super::queue::Queue;
use super::{fault, signed, Fault};
use hw::arch::IFMAP_AHEAD;
use hw::program::layer;
use hw::Arch;
use std::collections::HashMap;

/// Constants of a layer that PEs know.
#[derive(Clone, Copy, Debug, Default)]
struct Constants {
    taps: usize,
    step: usize,
    filters: usize,
    windows: usize,
    images: usize,
    shift: u32,
    psum_width: usize,
}

struct Pe {
    enabled: bool,
    from_bus: bool,
    to_bus: bool,
    ifmap: Queue,
    filter: Queue,
    psum: Queue,
    out: Queue,
    filter_now: usize,
    window: usize,
    image: usize,
}

/// The array, its configuration and its networks.
pub(super) struct Array {
    cols: usize,
    constants: Constants,
    pes: Vec<Pe>,
    chain: Vec<u64>,
    ifmap_targets: HashMap<(usize, usize), Vec<usize>>,
    filter_targets: HashMap<(usize, usize), Vec<usize>>,
    pub macs: u64,
}

impl Array {
    pub fn new(arch: &Arch) -> Array {
        let pe = || Pe {
            enabled: false,
            from_bus: false,
            to_bus: false,
            ifmap: Queue::new(arch.ifmap_spad + IFMAP_AHEAD),
            filter: Queue::new(arch.filter_spad),
            psum: Queue::new(arch.psum_spad),
            out: Queue::new(1),
            filter_now: 0,
            window: 0,
            image: 0,
        };
        Array {
            cols: arch.cols,
            constants: Constants { psum_width: arch.psum_width, ..Default::default() },
            pes: (0..arch.pes()).map(|_| pe()).collect(),
            chain: Vec::new(),
            ifmap_targets: HashMap::new(),
            filter_targets: HashMap::new(),
            macs: 0,
        }
    }

    pub fn layer(&mut self, command: &[u64]) -> Result<(), Fault> {
        let get = |field: hw::program::Field| field.get(command) as usize;
        self.constants = Constants {
            taps: get(layer::TAPS_M1) + 1,
            step: get(layer::STEP),
            filters: get(layer::FILTERS_M1) + 1,
            windows: get(layer::WINDOWS_M1) + 1,
            images: get(layer::IMAGES_M1) + 1,
            shift: get(layer::PSUM_SHIFT) as u32,
            psum_width: self.constants.psum_width,
        };
        let Constants { taps, step, filters, .. } = self.constants;
        if get(layer::FILTER_WORDS) != taps * filters || step > taps || step == 0 {
            return fault!(
                "LAYER says {filters} filters of {taps} taps, {} words, step {step}",
                get(layer::FILTER_WORDS)
            );
        }
        Ok(())
    }

    /// A word of the chain; the last rows · (cols + 1) count.
    pub fn shift_chain(&mut self, arch: &Arch, word: u64) {
        self.chain.push(word);
        let length = arch.rows * (arch.cols + 1);
        if self.chain.len() < length {
            return;
        }
        let recent = &self.chain[self.chain.len() - length..];
        self.ifmap_targets.clear();
        self.filter_targets.clear();
        let bits = |word: u64, low: usize, count: usize| (word >> low & ((1 << count) - 1)) as usize;
        for (index, words) in recent.chunks(arch.cols + 1).enumerate() {
            let row = arch.rows - 1 - index;
            let (ifmap_y, filter_y) = (
                bits(words[arch.cols], 0, arch.tag_y_bits()),
                bits(words[arch.cols], arch.tag_y_bits(), arch.tag_y_bits()),
            );
            for (index, &word) in words[..arch.cols].iter().enumerate() {
                let place = row * arch.cols + arch.cols - 1 - index;
                let pe = &mut self.pes[place];
                pe.enabled = bits(word, 0, 1) == 1;
                pe.from_bus = bits(word, 1, 1) == 1;
                pe.to_bus = bits(word, 2, 1) == 1;
                let ifmap_x = bits(word, 3, arch.ifmap_x_bits());
                let filter_x = bits(word, 3 + arch.ifmap_x_bits(), arch.filter_x_bits());
                if pe.enabled {
                    self.ifmap_targets.entry((ifmap_y, ifmap_x)).or_default().push(place);
                    self.filter_targets.entry((filter_y, filter_x)).or_default().push(place);
                }
            }
        }
    }

    /// Sends an ifmap word; `false` if one of its PEs has no room.
    pub fn send_ifmap(&mut self, y: usize, x: usize, word: i64) -> Result<bool, Fault> {
        let Some(targets) = self.ifmap_targets.get(&(y, x)) else { return fault!("no PE takes ifmap tag ({y}, {x})") };
        if targets.iter().any(|pe| !self.pes[*pe].ifmap.has_room(1)) {
            return Ok(false);
        }
        targets.iter().for_each(|pe| self.pes[*pe].ifmap.push(word));
        Ok(true)
    }

    /// Sends a line of filter words; `false` if one of its PEs has no room.
    pub fn send_filter(&mut self, y: usize, x: usize, words: &[i64]) -> Result<bool, Fault> {
        let Some(targets) = self.filter_targets.get(&(y, x)) else {
            return fault!("no PE takes filter tag ({y}, {x})");
        };
        if targets.iter().any(|pe| !self.pes[*pe].filter.has_room(words.len())) {
            return Ok(false);
        }
        for pe in targets {
            words.iter().for_each(|word| self.pes[*pe].filter.push(*word));
        }
        Ok(true)
    }

    /// Sends a psum from the bus; `false` if its PE has no room.
    pub fn send_psum(&mut self, row: usize, col: usize, psum: i64) -> Result<bool, Fault> {
        let pe = self.pe(row, col, "takes psums from the bus", |pe| pe.from_bus)?;
        let room = pe.psum.has_room(1);
        if room {
            pe.psum.push(psum);
        }
        Ok(room)
    }

    /// Takes a finished psum, if there is one.
    pub fn take_psum(&mut self, row: usize, col: usize) -> Result<Option<i64>, Fault> {
        Ok(self.pe(row, col, "sends psums to the bus", |pe| pe.to_bus)?.out.pop())
    }

    fn pe(&mut self, row: usize, col: usize, does: &str, test: impl Fn(&Pe) -> bool) -> Result<&mut Pe, Fault> {
        match self.pes.get_mut(row * self.cols + col) {
            Some(pe) if col < self.cols && pe.enabled && test(pe) => Ok(pe),
            _ => fault!("no PE at row {row}, column {col} {does}"),
        }
    }

    /// Lets every PE, from the bottom up, work as long as it can, `most` filters and windows in all; returns how many it were.
    pub fn work(&mut self, most: usize) -> Result<usize, Fault> {
        let mut done = 0;
        for place in (0..self.pes.len()).rev() {
            while done < most && self.fire(place)? {
                done += 1;
            }
        }
        Ok(done)
    }

    /// One filter of one window of a PE, if all its words are there and the sum has somewhere to go.
    fn fire(&mut self, place: usize) -> Result<bool, Fault> {
        let Constants { taps, step, filters, windows, images, shift, psum_width } = self.constants;
        let (above, rest) = self.pes.split_at_mut(place);
        let pe = &mut rest[0];
        if !pe.enabled {
            return Ok(false);
        }
        let last_window = pe.window == windows - 1;
        let last_of_pass = last_window && pe.image == images - 1;
        // Filters go as the last window of the pass is done with them.
        let first = if last_of_pass { 0 } else { pe.filter_now * taps };
        let (ifmap, filter) = (pe.ifmap.words(), pe.filter.words());
        if ifmap.len() < taps || filter.len() < first + taps || pe.psum.len() == 0 {
            return Ok(false);
        }
        let target = match pe.to_bus {
            true => &mut pe.out,
            false => match place.checked_sub(self.cols) {
                Some(up) if above[up].enabled && !above[up].from_bus => &mut above[up].psum,
                _ => return fault!("PE {place} sends psums up, where no PE takes them"),
            },
        };
        if !target.has_room(1) {
            return Ok(false);
        }
        let products = ifmap[..taps].iter().zip(&filter[first..]).map(|(a, b)| (a * b) >> shift);
        let sum = products.fold(pe.psum.pop().unwrap_or_default(), i64::wrapping_add);
        target.push(signed(sum, psum_width));
        self.macs += taps as u64;
        if last_of_pass {
            pe.filter.drop_front(taps);
        }
        pe.filter_now += 1;
        if pe.filter_now == filters {
            pe.filter_now = 0;
            pe.ifmap.drop_front(if last_window { taps } else { step });
            pe.window = if last_window { 0 } else { pe.window + 1 };
            pe.image = if last_of_pass { 0 } else { pe.image + usize::from(last_window) };
        }
        Ok(true)
    }

    /// A fault if a PE holds anything.
    pub fn check_empty(&self) -> Result<(), Fault> {
        for (place, pe) in self.pes.iter().enumerate() {
            let left = [("ifmap", &pe.ifmap), ("filter", &pe.filter), ("psum", &pe.psum), ("sum", &pe.out)];
            for (what, queue) in left {
                if queue.len() > 0 {
                    let (row, col) = (place / self.cols, place % self.cols);
                    return fault!("{} {what} words are left in the PE at row {row}, column {col}", queue.len());
                }
            }
            if (pe.filter_now, pe.window, pe.image) != (0, 0, 0) {
                return fault!("PE {place} is left in the middle of a pass");
            }
        }
        Ok(())
    }
}
