//! A PE's taps, one after the other.

use super::work::Work;
use std::ops::Range;

/// Cycles from the issue of a psum's tap 0 until the psum leaves its queue.
const ADDED: u64 = 3;
/// Cycles from the issue of a last tap until its sum is offered.
const SUM: u64 = 4;

/// A PE: when each word came and went, and how far its taps are.
#[derive(Clone, Debug, Default)]
pub(super) struct Pe {
    /// When each word came.
    pub ifmap: Vec<u64>,
    pub filter: Vec<u64>,
    pub psum: Vec<u64>,
    /// When each word was used for the last time.
    pub ifmap_gone: Vec<u64>,
    pub filter_gone: Vec<u64>,
    pub psum_gone: Vec<u64>,
    /// When each sum was done, and when it left.
    sums: Vec<u64>,
    pub left: Vec<u64>,
    /// Sums of which it is known whether they stopped the pipeline.
    known: usize,
    /// Cycles, first and last, in which the pipeline stood, and those of them that taps have passed.
    stands: Vec<(u64, u64)>,
    passed: usize,
    // The tap to come
    pass: usize,
    image: usize,
    window: usize,
    filter_number: usize,
    tap: usize,
    next: u64,
}

impl Pe {
    /// When sum `number` is offered, if that is known.
    pub fn offered(&mut self, number: usize) -> Option<u64> {
        self.look_back();
        (number <= self.known).then(|| self.sums.get(number).copied()).flatten()
    }

    /// Sees when the pipeline stood: a sum that is done while the one before it is still there stops it.
    fn look_back(&mut self) {
        while self.known < self.sums.len() {
            let sum = self.known;
            if sum > 0 {
                let Some(&left) = self.left.get(sum - 1) else { break };
                let done = self.sums[sum];
                if left >= done {
                    for later in &mut self.sums[sum + 1..] {
                        *later += left + 1 - done;
                    }
                    self.stands.push((done, left));
                }
            }
            self.known += 1;
        }
    }

    /// The first cycle from `at` on in which a tap can be issued; none if that is not known yet.
    fn moving(&mut self, mut at: u64) -> Option<u64> {
        while let Some(&(first, last)) = self.stands.get(self.passed) {
            if at < first {
                break;
            }
            at = at.max(last + 1);
            self.passed += 1;
        }
        let unknown = self.sums.get(self.known).is_some_and(|done| *done <= at);
        (!unknown).then_some(at)
    }

    /// Whether the pipeline is known not to stand in these cycles.
    fn moves_on(&self, cycles: Range<u64>) -> bool {
        let stands = self.stands.get(self.passed).is_some_and(|(first, _)| *first < cycles.end);
        !stands && self.sums.get(self.known).is_none_or(|done| *done >= cycles.end)
    }

    /// When the sum is done whose last tap is issued at `at`.
    fn done(&self, at: u64) -> u64 {
        let later = self.stands[self.passed..].iter();
        later.fold(at + SUM, |done, (first, last)| if *first <= done { done + last + 1 - first } else { done })
    }

    /// Issues taps of `passes` passes, as far as it is known when; whether there were any.
    pub fn walk(&mut self, work: &Work, passes: usize) -> bool {
        let mut any = false;
        while self.pass < passes {
            self.look_back();
            if self.tap == 0 && self.filters(work) || self.one(work) {
                any = true;
            } else {
                break;
            }
        }
        any
    }

    /// The number of the next tap's ifmap word, and of its filter word.
    fn words(&self, work: &Work) -> (usize, usize) {
        let row = (self.pass * work.images + self.image) * work.row_words();
        let filters = self.pass * work.filter_words();
        (row + self.window * work.step + self.tap, filters + self.filter_number * work.taps + self.tap)
    }

    /// All taps of a filter, if all its words are there and none of them goes.
    fn filters(&mut self, work: &Work) -> bool {
        let last_window = self.window + 1 == work.windows && self.image + 1 == work.images;
        if self.filter_number == 0 || self.filter_number + 1 == work.filters || last_window {
            return false;
        }
        let (_, weight) = self.words(work);
        let sum = self.sums.len();
        let (Some(weight), Some(psum)) = (self.filter.get(weight + work.taps - 1), self.psum.get(sum)) else {
            return false;
        };
        let at = self.next.max(psum + 1);
        let end = at + work.taps as u64;
        if *weight >= at || !self.moves_on(at..end) {
            return false;
        }
        self.psum_gone.push(at + ADDED);
        self.sums.push(self.done(end - 1));
        self.filter_number += 1;
        self.next = end;
        true
    }

    /// One tap.
    fn one(&mut self, work: &Work) -> bool {
        let (word, weight) = self.words(work);
        let (Some(word), Some(weight)) = (self.ifmap.get(word), self.filter.get(weight)) else { return false };
        let mut at = self.next.max(word + 1).max(weight + 1);
        if self.tap == 0 {
            let Some(psum) = self.psum.get(self.sums.len()) else { return false };
            at = at.max(psum + 1);
        }
        let Some(at) = self.moving(at) else { return false };
        let last_filter = self.filter_number + 1 == work.filters;
        let last_window = self.window + 1 == work.windows;
        if last_filter && (last_window || self.tap < work.step) {
            self.ifmap_gone.push(at);
        }
        if last_window && self.image + 1 == work.images {
            self.filter_gone.push(at);
        }
        if self.tap == 0 {
            self.psum_gone.push(at + ADDED);
        }
        self.next = at + 1;
        self.tap += 1;
        if self.tap == work.taps {
            self.sums.push(self.done(at));
            self.tap = 0;
            self.after_filter(work);
        }
        true
    }

    fn after_filter(&mut self, work: &Work) {
        for (count, all) in
            [(&mut self.filter_number, work.filters), (&mut self.window, work.windows), (&mut self.image, work.images)]
        {
            *count += 1;
            if *count < all {
                return;
            }
            *count = 0;
        }
        self.pass += 1;
    }
}
