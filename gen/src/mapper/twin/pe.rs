//! A PE's control: rings, pipeline, finished sums.

/// What is counted the same in all PEs of a section.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sizes {
    pub taps: u32,
    pub step: u32,
    pub filters: u32,
    pub windows: u32,
    pub images: u32,
    // What a PE holds
    pub ifmap_ring: u32,
    pub filter_ring: u32,
    pub psum_queue: u32,
}

/// A memory that is read in sliding windows: words put, the word read next, the first word that is kept; all counted from the start.
#[derive(Clone, Copy, Debug, Default)]
struct Ring {
    put: u32,
    read: u32,
    base: u32,
}

impl Ring {
    fn has_room(&self, depth: u32) -> bool {
        self.put - self.base < depth
    }

    fn is_available(&self) -> bool {
        self.read < self.put
    }

    /// Whether the next `words` words are there.
    fn holds(&self, words: u32) -> bool {
        self.put - self.read >= words
    }

    fn take(&mut self, free: bool, rewind: bool) {
        self.read += 1;
        if free {
            self.base = self.read;
        } else if rewind {
            self.read = self.base;
        }
    }
}

/// What a stage of the pipeline holds: tap 0 of a sum, its last tap.
#[derive(Clone, Copy, Debug, Default)]
struct Stage {
    first: bool,
    last: bool,
}

/// Taps after the first of a sum from which on the pipeline holds nothing of the sum before.
const SETTLED: u32 = 4;

/// A PE. What comes in a cycle is put after [`Pe::step`], the edge, as nothing sees it before the next one.
#[derive(Clone, Debug, Default)]
pub(super) struct Pe {
    ifmap: Ring,
    filter: Ring,
    /// Words of a filter line that are still to be put.
    unpacking: u32,
    psums: u32,
    /// Psums whose tap 0 has not been issued.
    psums_free: u32,
    stages: [Stage; 3],
    done: bool,
    spare: bool,
    // The tap to come
    tap: u32,
    filter_number: u32,
    window: u32,
    image: u32,
    /// The sum that is offered is taken in this cycle.
    pub sum_taken: bool,
    /// Cycles for which taps are issued and nothing else happens, and those of them that are over: they are made good together.
    asleep: u32,
    slept: u32,
}

impl Pe {
    pub fn ifmap_ready(&self, sizes: &Sizes) -> bool {
        self.ifmap.has_room(sizes.ifmap_ring)
    }

    pub fn line_ready(&self, sizes: &Sizes) -> bool {
        self.unpacking == 0 || self.unpacking == 1 && self.filter.has_room(sizes.filter_ring)
    }

    pub fn psum_ready(&self, sizes: &Sizes) -> bool {
        self.psums < sizes.psum_queue
    }

    /// A sum is offered.
    pub fn has_sum(&self) -> bool {
        self.done || self.spare
    }

    pub fn put_ifmap(&mut self) {
        self.ifmap.put += 1;
    }

    /// A line of `words` filter words.
    pub fn put_line(&mut self, words: u32) {
        self.wake();
        self.unpacking = words;
    }

    pub fn put_psum(&mut self) {
        self.psums += 1;
        self.psums_free += 1;
    }

    /// The edge.
    #[inline]
    pub fn step(&mut self, sizes: &Sizes) {
        if self.slept < self.asleep {
            self.slept += 1;
        } else {
            self.step_awake(sizes);
        }
    }

    fn step_awake(&mut self, sizes: &Sizes) {
        self.wake();
        let go = !self.done || !self.spare;
        let first = self.tap == 0;
        let issues = go && self.ifmap.is_available() && self.filter.is_available() && (!first || self.psums_free > 0);
        self.spare = self.has_sum() && !self.sum_taken;
        self.sum_taken = false;
        if go {
            let [operands, product, addend] = self.stages;
            self.psums -= u32::from(addend.first);
            self.done = addend.last;
            let issued = Stage { first: issues && first, last: issues && self.tap + 1 == sizes.taps };
            self.stages = [issued, operands, product];
        }
        if self.unpacking > 0 && self.filter.has_room(sizes.filter_ring) {
            self.unpacking -= 1;
            // What is issued in this cycle was there before.
            self.filter.put += 1;
        }
        if issues {
            self.psums_free -= u32::from(first);
            self.issue(sizes);
        }
    }

    /// A tap is issued.
    fn issue(&mut self, sizes: &Sizes) {
        let last = self.tap + 1 == sizes.taps;
        let last_filter = self.filter_number + 1 == sizes.filters;
        let last_window = self.window + 1 == sizes.windows;
        let ifmap_free = last_filter && (last_window || self.tap < sizes.step);
        let filter_free = last_window && self.image + 1 == sizes.images;
        self.ifmap.take(ifmap_free, last && !ifmap_free);
        self.filter.take(filter_free, last && last_filter && !filter_free);
        self.tap += 1;
        if last {
            self.next_sum(sizes);
        } else if self.tap == SETTLED && !filter_free {
            let frees = last_filter && (last_window || self.tap < sizes.step);
            let taps = sizes.taps - 1 - self.tap;
            let there = self.ifmap.holds(taps) && self.filter.holds(taps) && self.unpacking == 0;
            if !frees && there && !self.has_sum() {
                (self.asleep, self.slept) = (taps, 0);
            }
        }
    }

    /// Makes good the taps of the cycles that are over.
    fn wake(&mut self) {
        let taps = std::mem::take(&mut self.slept);
        self.asleep = 0;
        self.tap += taps;
        self.ifmap.read += taps;
        self.filter.read += taps;
    }

    fn next_sum(&mut self, sizes: &Sizes) {
        self.tap = 0;
        let counters = [&mut self.filter_number, &mut self.window, &mut self.image];
        for (count, all) in counters.into_iter().zip([sizes.filters, sizes.windows, sizes.images]) {
            *count += 1;
            if *count < all {
                break;
            }
            *count = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(taps: u32, step: u32, filters: u32, windows: u32, images: u32) -> Sizes {
        Sizes { taps, step, filters, windows, images, ifmap_ring: 16, filter_ring: 224, psum_queue: 24 }
    }

    fn offer(pe: &mut Pe, ifmap: bool, line: bool, psum: bool) {
        if ifmap {
            pe.put_ifmap();
        }
        if line {
            pe.put_line(4);
        }
        if psum {
            pe.put_psum();
        }
    }

    /// Runs a PE that is given all that it takes until it has given `sums` sums: cycles from its first tap to its last sum.
    fn cycles(sizes: &Sizes, sums: u32) -> u32 {
        let mut pe = Pe::default();
        let (mut cycle, mut first, mut given) = (0, None, 0);
        while given < sums {
            let (ifmap, line, psum) = (pe.ifmap_ready(sizes), pe.line_ready(sizes), pe.psum_ready(sizes));
            pe.sum_taken = pe.has_sum();
            given += u32::from(pe.has_sum());
            let can_begin = pe.ifmap.is_available() && pe.filter.is_available() && pe.psums_free > 0;
            if can_begin {
                first.get_or_insert(cycle);
            }
            pe.step(sizes);
            offer(&mut pe, ifmap, line, psum);
            cycle += 1;
        }
        cycle - first.unwrap_or(0)
    }

    /// As `hw/tests/array/rate.rs` measures in the PE: a MAC a cycle over windows, rows, images and passes; a sum 4 cycles after its last tap.
    #[test]
    fn a_pe_issues_a_tap_each_cycle() {
        for (taps, step, filters, windows, images) in [
            (12, 4, 16, 6, 2),
            (11, 4, 16, 6, 1),
            (12, 12, 4, 3, 2),
            (12, 1, 1, 9, 2),
            (3, 1, 1, 1, 1),
            (2, 2, 1, 5, 2),
            (1, 1, 16, 5, 2),
            (1, 1, 1, 5, 2),
            (1, 1, 1, 1, 1),
        ] {
            let sums = 3 * filters * windows * images;
            let took = cycles(&sizes(taps, step, filters, windows, images), sums);
            assert_eq!(took, sums * taps + 4, "{taps} {step} {filters} {windows} {images}");
        }
    }

    /// With nobody to take sums, two are held and the pipeline stops.
    #[test]
    fn a_third_sum_stops_the_pipeline() {
        let sizes = sizes(1, 1, 1, 100, 1);
        let mut pe = Pe::default();
        for _ in 0..200 {
            let (ifmap, line, psum) = (pe.ifmap_ready(&sizes), pe.line_ready(&sizes), pe.psum_ready(&sizes));
            pe.step(&sizes);
            offer(&mut pe, ifmap, line, psum);
        }
        // Two finished sums, and one in each stage.
        assert_eq!((pe.done, pe.spare, pe.window), (true, true, 5));
    }
}
