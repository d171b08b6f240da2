//! The command fetch and the command unit.

use super::parts::{Buffer, Burst, Queue, Widen};
use hw::program::{op, table, COMMAND_BYTES, COMMAND_WORDS, OPCODE};
use hw::Arch;

/// Commands that are read ahead.
const AHEAD: usize = 8;
/// Bytes of a word.
const WORD_BYTES: usize = 8;

/// How beats of the link become words of 64 bits.
enum Resize {
    Widen(Widen),
    Same,
    /// Beats that are held, and words of the first that have been given.
    Narrow(Queue<()>, usize, usize),
}

/// Reads a program ahead of its execution.
pub(super) struct CommandFetch {
    address: u64,
    beats: u64,
    /// Words to come.
    words_left: usize,
    active: bool,
    room: usize,
    /// There is room for the burst that waits.
    allow: bool,
    beat_units: usize,
    word_units: usize,
    burst: Burst,
    resize: Resize,
    words: Buffer,
}

impl CommandFetch {
    /// A program of `bytes` bytes at `address`.
    pub fn new(arch: &Arch, address: u64, bytes: usize) -> CommandFetch {
        let beat = arch.link_bytes();
        let unit = beat.min(WORD_BYTES);
        CommandFetch {
            address,
            beats: (bytes / beat) as u64,
            words_left: bytes / WORD_BYTES,
            active: false,
            room: AHEAD * COMMAND_BYTES / unit,
            allow: false,
            beat_units: beat / unit,
            word_units: WORD_BYTES / unit,
            burst: Burst::new(beat, AHEAD * COMMAND_BYTES / 2 / beat),
            resize: match beat.cmp(&WORD_BYTES) {
                std::cmp::Ordering::Less => Resize::Widen(Widen::new(WORD_BYTES / beat)),
                std::cmp::Ordering::Equal => Resize::Same,
                std::cmp::Ordering::Greater => Resize::Narrow(Queue::new(2), 0, beat / WORD_BYTES),
            },
            words: Buffer::default(),
        }
    }

    pub fn request(&self) -> Option<u64> {
        self.burst.request().filter(|_| self.allow)
    }

    pub fn read_ready(&self) -> bool {
        match &self.resize {
            Resize::Widen(widen) => widen.has_room(),
            Resize::Same => true,
            Resize::Narrow(held, ..) => held.has_room(),
        }
    }

    pub fn has_word(&self) -> bool {
        self.words.is_valid()
    }

    /// A cycle: whether its request is taken, a beat comes, a word is taken.
    pub fn step(&mut self, taken: bool, beat: bool, word_taken: bool) {
        let put = match &mut self.resize {
            Resize::Widen(widen) => {
                let put = widen.is_valid();
                if put {
                    widen.pop();
                }
                if beat {
                    widen.put();
                }
                widen.tick();
                put
            }
            Resize::Same => beat,
            Resize::Narrow(held, word, words) => {
                let put = !held.is_empty();
                if put {
                    *word += 1;
                    if word == words {
                        *word = 0;
                        held.pop();
                    }
                }
                if beat {
                    held.put(());
                }
                held.tick();
                put
            }
        };
        self.words.step(put, word_taken);
        let fits = |beats: u64| self.room >= beats as usize * self.beat_units;
        let allow = !taken && self.burst.request().is_some_and(fits);
        if taken {
            self.room -= self.request().map_or(0, |beats| beats as usize * self.beat_units);
            self.burst.taken();
        }
        if !self.active && self.words_left > 0 {
            self.active = true;
            self.burst.start(self.address, self.beats);
        } else if word_taken {
            self.room += self.word_units;
            self.words_left -= 1;
        }
        self.allow = allow;
    }
}

/// What the command unit does.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Collect,
    /// The last word is looked at.
    Look,
    Check,
    Dispatch,
    Payload,
    Total,
}

/// A command's words.
pub(super) type Words = [u64; COMMAND_WORDS];

/// Assembles commands from words and gives them to their units.
pub(super) struct CommandUnit<'a> {
    program: &'a [u64],
    position: usize,
    stage: Stage,
    /// Words of a command or of a block that are here.
    place: usize,
    index: usize,
    command: Words,
}

/// What comes of a cycle of the command unit.
pub(super) enum Event {
    None,
    /// A table's entry: target, index, word.
    Entry(u64, usize, u64),
    /// A command is ready for its unit.
    Offer(u64, Words),
}

impl<'a> CommandUnit<'a> {
    pub fn new(program: &'a [u64]) -> CommandUnit<'a> {
        CommandUnit { program, position: 0, stage: Stage::Collect, place: 0, index: 0, command: [0; COMMAND_WORDS] }
    }

    pub fn takes_words(&self) -> bool {
        matches!(self.stage, Stage::Collect | Stage::Payload)
    }

    /// A cycle, in which a word comes with `word`. What is offered is to be answered by [`CommandUnit::dispatched`], if it is taken.
    pub fn step(&mut self, word: bool) -> Event {
        match self.stage {
            Stage::Collect if word => {
                let place = self.place;
                self.command[place] = self.next_word();
                if self.place == 0 {
                    self.stage = Stage::Look;
                }
            }
            Stage::Look => self.stage = Stage::Check,
            Stage::Check => {
                self.index = 0;
                self.stage = Stage::Dispatch;
            }
            Stage::Dispatch => return Event::Offer(OPCODE.get(&self.command), self.command),
            Stage::Payload if word => {
                let count = table::COUNT.get(&self.command) as usize;
                let (index, word) = (self.index, self.next_word());
                self.index += 1;
                if self.place == 0 && self.index >= count {
                    self.stage = Stage::Total;
                }
                if index < count {
                    return Event::Entry(table::TARGET.get(&self.command), index, word);
                }
            }
            Stage::Total => self.stage = Stage::Collect,
            _ => {}
        }
        Event::None
    }

    /// The next word; `place` is 0 after the last one of a command or a block.
    fn next_word(&mut self) -> u64 {
        self.position += 1;
        self.place = (self.place + 1) % COMMAND_WORDS;
        self.program[self.position - 1]
    }

    /// The command that was offered is taken.
    pub fn dispatched(&mut self) {
        self.stage = match OPCODE.get(&self.command) {
            op::TABLE => Stage::Payload,
            _ => Stage::Collect,
        };
    }
}
