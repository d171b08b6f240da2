//! Compressed slots, as far as time depends on them: `RlcDecoder` and `RlcEncoder`.

use super::parts::Queue;
use hw::arch::LANES;
use hw::rlc::CODE_BYTES;
use hw::Arch;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

/// Codes that wait to be expanded; codes, and their number, that wait for the packer.
const CODES: usize = 2;

/// Words that each code of a slot stands for, by the slot's address.
pub type Codes = HashMap<u64, Vec<u64>>;

pub(super) struct Decoder {
    codes: Rc<Codes>,
    /// Codes in a beat are two, or half a one, or one.
    two: bool,
    half: bool,
    /// Slots whose length was asked for, and the one that is known.
    asked: VecDeque<u64>,
    slot: u64,
    known: bool,
    open: bool,
    /// Codes that have come in; words of those that wait, and of the one that is expanded.
    entered: usize,
    queue: Queue<u64>,
    rest: u64,
    has_low: bool,
    second: bool,
}

impl Decoder {
    pub fn new(arch: &Arch, codes: Rc<Codes>) -> Decoder {
        Decoder {
            codes,
            two: arch.link_bytes() > CODE_BYTES,
            half: arch.link_bytes() < CODE_BYTES,
            asked: VecDeque::new(),
            slot: 0,
            known: false,
            open: false,
            entered: 0,
            queue: Queue::new(CODES),
            rest: 0,
            has_low: false,
            second: false,
        }
    }

    /// The length of a slot is asked for.
    pub fn ask(&mut self, slot: u64) {
        self.asked.push_back(slot);
    }

    fn list(&self) -> &[u64] {
        self.codes.get(&self.slot).map_or(&[], Vec::as_slice)
    }

    /// Codes of the slot, from when they are known until they are asked for.
    pub fn length(&self) -> Option<u64> {
        (self.known && !self.open).then(|| self.list().len() as u64)
    }

    /// Words that can be taken.
    pub fn available(&self) -> u64 {
        self.rest.min(LANES as u64)
    }

    /// Whether a beat is worked on.
    fn wants(&self) -> bool {
        !self.known || self.open && self.entered < self.list().len() && self.queue.has_room()
    }

    fn beat_ends(&self) -> bool {
        !self.two || self.second || !self.known || self.entered + 1 == self.list().len()
    }

    /// Whether it is done with the beat.
    pub fn ready(&self) -> bool {
        self.wants() && self.beat_ends()
    }

    /// A cycle: words that are taken, whether they are the slot's last, whether its codes are asked for, whether a beat is offered.
    pub fn step(&mut self, take: u64, finish: bool, go: bool, offered: bool) {
        let (taken, ends) = (offered && self.wants(), self.beat_ends());
        self.rest -= take;
        if self.rest == 0 && !self.queue.is_empty() {
            self.rest = self.queue.pop().unwrap_or(0);
        }
        self.open |= go;
        if taken && (!self.half || self.has_low) {
            if self.known {
                self.queue.put(self.list()[self.entered]);
                self.entered += 1;
            } else {
                self.slot = self.asked.pop_front().unwrap_or_default();
                (self.known, self.entered) = (true, 0);
            }
        }
        if taken {
            self.has_low = self.half && !self.has_low;
            self.second = self.two && !ends;
        }
        if finish {
            (self.known, self.open, self.rest) = (false, false, 0);
        }
        self.queue.tick();
    }
}

pub(super) struct Encoder {
    codes: Rc<Codes>,
    /// Codes of the slot that were made, and words of the next one.
    made: usize,
    words: u64,
    /// Their number is to be made; it has not been taken.
    ending: bool,
    closed: bool,
    /// Codes and their number: whether it is the slot's last code or the number, and whether the latter.
    queue: Queue<(bool, bool)>,
}

impl Encoder {
    pub fn new(codes: Rc<Codes>) -> Encoder {
        Encoder { codes, made: 0, words: 0, ending: false, closed: false, queue: Queue::new(CODES) }
    }

    pub fn offered(&self) -> Option<(bool, bool)> {
        self.queue.head().copied()
    }

    /// A cycle of a slot, in which what is offered may be taken, and a word, perhaps the last one, may be there: whether it is taken.
    pub fn step(&mut self, slot: u64, word: Option<bool>, code_taken: bool) -> bool {
        let (room, closed) = (self.queue.has_room(), self.closed);
        if self.queue.pop_if(code_taken).is_some_and(|(_, is_head)| is_head) {
            self.closed = false;
        }
        if self.ending && room {
            (self.ending, self.made) = (false, 0);
            self.queue.put((true, true));
        }
        if closed {
            return false;
        }
        let emits = self.codes.get(&slot).and_then(|codes| codes.get(self.made)) == Some(&(self.words + 1));
        let Some(is_last) = word.filter(|_| !emits || room) else { return false };
        self.words += 1;
        if emits {
            self.words = 0;
            self.made += 1;
            (self.ending, self.closed) = (is_last, is_last);
            self.queue.put((is_last, false));
        }
        true
    }

    pub fn tick(&mut self) {
        self.queue.tick();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hw::ArchSpec;

    fn codes(list: &[u64]) -> Rc<Codes> {
        Rc::new(HashMap::from([(16, list.to_vec())]))
    }

    /// The words of each cycle of a slot whose beats are there in time.
    #[track_caller]
    fn check(link_width: usize, list: &[u64], expected: &[u64]) {
        let arch = ArchSpec { link_width, ..ArchSpec::default() }.check().unwrap();
        let mut decoder = Decoder::new(&arch, codes(list));
        decoder.ask(16);
        while decoder.length().is_none() {
            decoder.step(0, false, false, true);
        }
        assert_eq!(decoder.length(), Some(list.len() as u64));
        decoder.step(0, false, true, false);
        let mut left: u64 = list.iter().sum();
        let mut taken = Vec::new();
        while left > 0 {
            let take = decoder.available();
            left -= take;
            taken.push(take);
            decoder.step(take, left == 0, false, true);
        }
        assert_eq!(taken, expected);
        assert_eq!(decoder.length(), None);
    }

    #[test]
    fn a_code_is_worked_off_four_words_a_cycle() {
        check(64, &[11, 3, 3], &[0, 0, 4, 4, 3, 3, 3]);
        check(32, &[11, 3, 3], &[0, 0, 0, 4, 4, 3, 3, 3]);
        check(128, &[11, 3, 3], &[0, 0, 4, 4, 3, 3, 3]);
    }

    #[test]
    fn a_code_is_offered_behind_its_words_and_at_the_end_their_number() {
        let mut encoder = Encoder::new(codes(&[2, 1]));
        let mut seen = Vec::new();
        for word in [Some(false), Some(false), Some(true), None, None, None] {
            seen.push((encoder.offered(), encoder.step(16, word, encoder.offered().is_some())));
            encoder.tick();
        }
        let (code, last, head) = (Some((false, false)), Some((true, false)), Some((true, true)));
        let expected = [(None, true), (None, true), (code, true), (last, false), (head, false), (None, false)];
        assert_eq!(seen, expected);
    }
}
