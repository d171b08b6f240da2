//! When a link that many units share has carried what each of them asks for.

/// Cycles of a slot of the calendar.
const SLOT: u64 = 256;

/// What is left of a link's capacity, slot by slot. Who asks first is served first, and whoever comes later takes what is left, be it earlier.
pub(super) struct Calendar {
    /// What a slot carries, and what a beat takes of it.
    capacity: u64,
    beat: u64,
    /// Capacity that is taken, and of that by who takes a part alone.
    taken: Vec<u64>,
    parts: Vec<u64>,
    /// A slot from which on the next one with room is looked for: itself, or one behind full ones.
    next: Vec<usize>,
}

impl Calendar {
    /// A link that carries `beats` beats in `cycles` cycles.
    pub fn new(beats: u64, cycles: u64) -> Calendar {
        Calendar { capacity: SLOT * beats, beat: cycles, taken: Vec::new(), parts: Vec::new(), next: Vec::new() }
    }

    /// Carries `beats` beats from cycle `from` on; the cycle in which the last one has moved.
    pub fn carry(&mut self, from: u64, beats: u64) -> u64 {
        self.carry_slowly(from, beats, self.capacity)
    }

    /// [`Calendar::carry`] for one who comes by no more than a beat each `cycles` cycles, and gets no more than `share` of 1024 parts
    /// of the link, as others want the rest.
    pub fn carry_part(&mut self, from: u64, beats: u64, cycles: u64, share: u64) -> u64 {
        self.carry_slowly(from, beats, (SLOT * self.beat / cycles.max(1)).min(self.capacity * share / 1024).max(1))
    }

    fn carry_slowly(&mut self, from: u64, beats: u64, most: u64) -> u64 {
        let part_only = most < self.capacity;
        let mut left = beats * self.beat;
        let per_cycle = self.capacity / SLOT;
        let mut at = from;
        while left > 0 {
            let slot = self.free_slot((at / SLOT) as usize);
            let (begin, end) = (slot as u64 * SLOT, (slot as u64 + 1) * SLOT);
            at = at.max(begin);
            let mut room = (self.capacity - self.taken[slot]).min((end - at) * per_cycle);
            if part_only {
                room = room.min(most.saturating_sub(self.parts[slot]));
            }
            let part = room.min(left);
            self.taken[slot] += part;
            left -= part;
            let mut packed = begin + self.taken[slot].div_ceil(per_cycle);
            if part_only {
                self.parts[slot] += part;
                packed = begin + (SLOT * self.parts[slot]).div_ceil(most);
            }
            at = if left > 0 { end } else { packed.max(at + part / per_cycle).min(end) };
        }
        at
    }

    /// The first slot from `slot` on that has room.
    fn free_slot(&mut self, slot: usize) -> usize {
        let mut found = slot;
        loop {
            self.reach(found);
            if self.taken[found] < self.capacity {
                break;
            }
            if self.next[found] == found {
                self.next[found] = found + 1;
            }
            let ahead = self.next[found];
            self.reach(ahead);
            self.next[found] = self.next[ahead];
            found = ahead;
        }
        found
    }

    fn reach(&mut self, slot: usize) {
        while self.taken.len() <= slot {
            self.next.push(self.taken.len());
            self.taken.push(0);
            self.parts.push(0);
        }
    }
}
