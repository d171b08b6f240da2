//! Compressed slots, as far as time depends on them: `RlcDecoder` and `RlcEncoder`, which have their parts for masks in `masks`.

use super::masks::{MaskDecoder, MaskEncoder};
use super::parts::Queue;
use hw::arch::LANES;
use hw::rlc::{masks, runs, Codec, Format, CODE_BYTES};
use hw::Arch;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

/// Codes that wait to be expanded; codes, and their number, that wait for the packer.
const CODES: usize = 2;

/// What a slot holds, as far as time depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Words that each code stands for.
    Runs(Vec<u64>),
    /// The number of codes, and which words are not zero.
    Masks {
        /// The number of codes.
        codes: usize,
        /// Whether each word has a unit.
        filled: Vec<bool>,
    },
}

/// The content of slots, by their addresses.
pub type Codes = HashMap<u64, Content>;

impl Content {
    /// Of a slot with these codes, which stand for `words`.
    pub fn new(codec: Codec, codes: &[u64], words: &[i64]) -> Content {
        match codec.format {
            Format::Runs => Content::Runs(runs::words_of(codes, codec.width, words.len())),
            Format::Masks => {
                Content::Masks { codes: codes.len(), filled: words.iter().map(|word| *word != 0).collect() }
            }
        }
    }

    /// Number of codes.
    pub fn codes(&self) -> usize {
        match self {
            Content::Runs(words) => words.len(),
            Content::Masks { codes, .. } => *codes,
        }
    }
}

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
    masks: MaskDecoder,
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
            masks: MaskDecoder::new(arch),
            has_low: false,
            second: false,
        }
    }

    /// The length of a slot is asked for.
    pub fn ask(&mut self, slot: u64) {
        self.asked.push_back(slot);
    }

    /// Codes of the slot.
    fn count(&self) -> usize {
        self.codes.get(&self.slot).map_or(0, Content::codes)
    }

    /// Words that a code stands for, if runs say so.
    fn words(&self, code: usize) -> u64 {
        match self.codes.get(&self.slot) {
            Some(Content::Runs(words)) => words[code],
            _ => 0,
        }
    }

    /// Codes of the slot, from when they are known until they are asked for.
    pub fn length(&self) -> Option<u64> {
        (self.known && !self.open).then(|| self.count() as u64)
    }

    /// Words that can be taken.
    pub fn available(&self) -> u64 {
        // One of them has none.
        self.masks.available() + self.rest.min(LANES as u64)
    }

    /// Whether a beat is worked on.
    fn wants(&self) -> bool {
        !self.known || self.open && self.entered < self.count() && self.queue.has_room()
    }

    fn beat_ends(&self) -> bool {
        !self.two || self.second || !self.known || self.entered + 1 == self.count()
    }

    /// Whether it is done with the beat.
    pub fn ready(&self) -> bool {
        self.wants() && self.beat_ends()
    }

    /// A cycle: words that are taken, whether they are the slot's last, whether its codes are asked for, whether a beat is offered.
    pub fn step(&mut self, take: u64, finish: bool, go: bool, offered: bool) {
        let (taken, ends) = (offered && self.wants(), self.beat_ends());
        let codes = self.codes.clone();
        match codes.get(&self.slot) {
            Some(Content::Masks { filled, .. }) if self.open => {
                let code = self.masks.has_room() && !self.queue.is_empty();
                self.queue.pop_if(code);
                self.masks.step(filled, take, finish, code);
            }
            _ => {
                self.rest -= take;
                if self.rest == 0 && !self.queue.is_empty() {
                    self.rest = self.queue.pop().unwrap_or(0);
                }
            }
        }
        self.open |= go;
        if taken && (!self.half || self.has_low) {
            if self.known {
                self.queue.put(self.words(self.entered));
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
    units: usize,
    /// Codes of the slot that were made; words of the next one, or its units.
    made: usize,
    words: u64,
    masks: MaskEncoder,
    /// Their number is to be made; it has not been taken.
    ending: bool,
    closed: bool,
    /// Codes and their number: whether it is the slot's last code or the number, and whether the latter.
    queue: Queue<(bool, bool)>,
}

impl Encoder {
    pub fn new(arch: &Arch, codes: Rc<Codes>) -> Encoder {
        Encoder {
            codes,
            units: masks::units(arch.width),
            made: 0,
            words: 0,
            masks: MaskEncoder::new(arch),
            ending: false,
            closed: false,
            queue: Queue::new(CODES),
        }
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
        let word = word.filter(|_| !closed);
        let codes = self.codes.clone();
        match codes.get(&slot) {
            Some(Content::Masks { filled, .. }) => self.mask(filled, word, room),
            Some(Content::Runs(words)) => {
                let emits = words.get(self.made) == Some(&(self.words + 1));
                let Some(is_last) = word.filter(|_| !emits || room) else { return false };
                self.enter(emits, is_last);
                self.closed |= emits && is_last;
                true
            }
            None => word.is_some(),
        }
    }

    /// The same for a slot with masks, of which these words are not zero.
    fn mask(&mut self, filled: &[bool], word: Option<bool>, room: bool) -> bool {
        let unit = self.masks.offered();
        let emits = unit.is_some_and(|is_last| is_last || self.words as usize + 1 == self.units);
        let unit = unit.filter(|_| !emits || room);
        if let Some(is_last) = unit {
            self.enter(emits, is_last);
        }
        let taken = self.masks.step(filled, word, unit.is_some());
        self.closed |= taken && word == Some(true);
        taken
    }

    /// A word or a unit enters a code, which it may complete.
    fn enter(&mut self, emits: bool, is_last: bool) {
        self.words += 1;
        if emits {
            self.words = 0;
            self.made += 1;
            self.ending = is_last;
            self.queue.put((is_last, false));
        }
    }

    pub fn tick(&mut self) {
        self.queue.tick();
        self.masks.tick();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hw::ArchSpec;

    fn codes(list: &[u64]) -> Rc<Codes> {
        Rc::new(HashMap::from([(16, Content::Runs(list.to_vec()))]))
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
        let arch = ArchSpec::default().check().unwrap();
        let mut encoder = Encoder::new(&arch, codes(&[2, 1]));
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
