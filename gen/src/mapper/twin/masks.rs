//! Compressed slots with masks, as far as time depends on them: `MaskDecoder` and `MaskEncoder`.

use super::parts::Queue;
use hw::arch::LANES;
use hw::rlc::masks;
use hw::Arch;

/// Units beyond those of a code that the decoder holds.
const AHEAD: usize = 8;
/// Masks that wait in the encoder for the units of the one before.
const MASKS: usize = 2;
/// Words that wait in the encoder, beside those of a mask.
const SPARE: usize = 2;

pub(super) struct MaskDecoder {
    unit_bits: usize,
    units: usize,
    /// Units that have come; turns of four words that are left of the mask.
    have: usize,
    turns: usize,
    /// Words of the window that are left, and place of the word that comes behind it.
    count: usize,
    place: usize,
}

impl MaskDecoder {
    pub fn new(arch: &Arch) -> MaskDecoder {
        let (unit_bits, units) = (masks::unit_bits(arch.width), masks::units(arch.width));
        MaskDecoder { unit_bits, units, have: 0, turns: 0, count: 0, place: 0 }
    }

    /// Words that can be taken.
    pub fn available(&self) -> u64 {
        self.count as u64
    }

    /// Whether a code that is offered is taken.
    pub fn has_room(&self) -> bool {
        self.have <= AHEAD
    }

    /// A cycle of a stream of which these words are not zero: words that are taken, whether they are its last, whether a code comes.
    pub fn step(&mut self, filled: &[bool], take: u64, finish: bool, code: bool) {
        let empties = take == self.count as u64;
        let levels = match self.turns {
            0 => 0,
            _ => filled.iter().skip(self.place).take(LANES).filter(|filled| **filled).count(),
        };
        let fills = empties && self.turns > 0 && self.have >= levels;
        let opens = self.have > levels && (self.turns == 0 || fills && self.turns == 1);
        self.have -= if fills { levels } else { 0 } + usize::from(opens);
        self.have += if code { self.units } else { 0 };
        self.count -= take as usize;
        if fills {
            self.turns -= 1;
            self.place += LANES;
            self.count = LANES;
        }
        if opens {
            self.turns = self.unit_bits / LANES;
        }
        if finish {
            (self.have, self.turns, self.count, self.place) = (0, 0, 0, 0);
        }
    }
}

pub(super) struct MaskEncoder {
    unit_bits: usize,
    /// Place of the word that comes next in its stream; words of the mask so far that are not zero.
    place: usize,
    count: usize,
    words: Queue<()>,
    /// Words behind a mask, and whether it is its stream's last.
    masks: Queue<(usize, bool)>,
    left: usize,
    is_last: bool,
}

impl MaskEncoder {
    pub fn new(arch: &Arch) -> MaskEncoder {
        let unit_bits = masks::unit_bits(arch.width);
        MaskEncoder {
            unit_bits,
            place: 0,
            count: 0,
            words: Queue::new(unit_bits + SPARE),
            masks: Queue::new(MASKS),
            left: 0,
            is_last: false,
        }
    }

    /// Whether the unit that is offered is its stream's last, if one is.
    pub fn offered(&self) -> Option<bool> {
        match self.left {
            0 => self.masks.head().map(|(count, is_last)| *count == 0 && *is_last),
            left => (!self.words.is_empty()).then_some(self.is_last && left == 1),
        }
    }

    /// A cycle in which a word may be there, perhaps the last one, of a stream of which these are not zero, and a unit may be taken:
    /// whether the word is.
    pub fn step(&mut self, filled: &[bool], word: Option<bool>, unit_taken: bool) -> bool {
        let (word_room, mask_room) = (self.words.has_room(), self.masks.has_room());
        if unit_taken && self.left > 0 {
            self.words.pop();
            self.left -= 1;
        } else if let Some((count, is_last)) = self.masks.pop_if(unit_taken) {
            (self.left, self.is_last) = (count, is_last);
        }
        let Some(is_last) = word else { return false };
        let is_filled = filled.get(self.place).copied().unwrap_or_default();
        let closes = is_last || self.place % self.unit_bits == self.unit_bits - 1;
        if is_filled && !word_room || closes && !mask_room {
            return false;
        }
        if is_filled {
            self.words.put(());
            self.count += 1;
        }
        self.place += 1;
        if closes {
            self.masks.put((std::mem::take(&mut self.count), is_last));
        }
        if is_last {
            self.place = 0;
        }
        true
    }

    pub fn tick(&mut self) {
        self.words.tick();
        self.masks.tick();
    }
}
