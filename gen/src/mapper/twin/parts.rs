//! What the units of the accelerator are made of. A registered signal is seen as it was when the cycle began: what happens to a part shows
//! after [`Queue::tick`] or its like, so that units can be stepped in any order.

use std::collections::VecDeque;

/// A queue (`Fifo`, `WideFifo`) with registered `ready` and `valid`.
#[derive(Debug)]
pub(super) struct Queue<T> {
    items: VecDeque<T>,
    depth: usize,
    /// Entries when the cycle began.
    level: usize,
}

impl<T> Queue<T> {
    pub fn new(depth: usize) -> Queue<T> {
        Queue { items: VecDeque::with_capacity(depth), depth, level: 0 }
    }

    pub fn level(&self) -> usize {
        self.level
    }

    pub fn is_empty(&self) -> bool {
        self.level == 0
    }

    pub fn has_room(&self) -> bool {
        self.level < self.depth
    }

    /// The entry that is offered; not to be asked for after [`Queue::pop`] in the same cycle.
    pub fn head(&self) -> Option<&T> {
        self.items.front().filter(|_| self.level > 0)
    }

    pub fn put(&mut self, item: T) {
        self.items.push_back(item);
    }

    pub fn pop(&mut self) -> Option<T> {
        self.items.pop_front()
    }

    /// The entry that is offered, taken if `taken`.
    pub fn pop_if(&mut self, taken: bool) -> Option<T> {
        if taken {
            self.pop()
        } else {
            None
        }
    }

    pub fn tick(&mut self) {
        self.level = self.items.len();
    }
}

/// A counting semaphore.
#[derive(Debug, Default)]
pub(super) struct Semaphore {
    count: usize,
    posted: usize,
}

impl Semaphore {
    pub fn is_available(&self) -> bool {
        self.count > 0
    }

    pub fn post(&mut self) {
        self.posted += 1;
    }

    pub fn take(&mut self) {
        self.count -= 1;
    }

    pub fn tick(&mut self) {
        self.count += std::mem::take(&mut self.posted);
    }
}

/// `Buffer`: a queue in block RAM behind a registered output.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    count: usize,
    shown: bool,
}

impl Buffer {
    pub fn is_valid(&self) -> bool {
        self.shown
    }

    pub fn is_empty(&self) -> bool {
        !self.shown && self.count == 0
    }

    pub fn count(&self) -> usize {
        self.count
    }

    /// A cycle in which an entry may be `put`, and the one that is shown is taken if it is `taken`.
    pub fn step(&mut self, put: bool, taken: bool) {
        let fetch = self.count > 0 && (!self.shown || taken);
        self.count = self.count + usize::from(put) - usize::from(fetch);
        self.shown = fetch || self.shown && !taken;
    }
}

/// `Widen`: several words of a stream become one.
#[derive(Debug)]
pub(super) struct Widen {
    words: usize,
    word: usize,
    joined: Queue<()>,
}

impl Widen {
    pub fn new(words: usize) -> Widen {
        Widen { words, word: 0, joined: Queue::new(2) }
    }

    pub fn has_room(&self) -> bool {
        self.word + 1 < self.words || self.joined.has_room()
    }

    pub fn put(&mut self) {
        self.word += 1;
        if self.word == self.words {
            self.word = 0;
            self.joined.put(());
        }
    }

    pub fn is_valid(&self) -> bool {
        !self.joined.is_empty()
    }

    pub fn pop(&mut self) {
        self.joined.pop();
    }

    pub fn tick(&mut self) {
        self.joined.tick();
    }
}

/// `Burst`: cuts a run of beats into bursts.
#[derive(Debug)]
pub(super) struct Burst {
    active: bool,
    beat: u64,
    left: u64,
    most: u64,
    beat_bytes: u64,
}

impl Burst {
    /// Bursts of at most `most` beats, a power of two.
    pub fn new(beat_bytes: usize, most: usize) -> Burst {
        Burst { active: false, beat: 0, left: 0, most: most as u64, beat_bytes: beat_bytes as u64 }
    }

    pub fn is_active(&self) -> bool {
        self.active
    }

    pub fn start(&mut self, address: u64, beats: u64) {
        (self.active, self.beat, self.left) = (true, address / self.beat_bytes, beats);
    }

    /// Beats of the request that is offered, if there is one.
    pub fn request(&self) -> Option<u64> {
        self.active.then(|| self.left.min(self.most - self.beat % self.most))
    }

    /// The request is taken.
    pub fn taken(&mut self) {
        let beats = self.request().unwrap_or(0);
        self.beat += beats;
        self.left -= beats;
        self.active = self.left > 0;
    }
}

/// `ReadStream`: words that a port of the buffer returns some cycles after they were claimed, with their tags.
#[derive(Debug)]
pub(super) struct ReadStream {
    words: VecDeque<(u64, usize)>,
    in_flight: usize,
}

/// Words that a read stream has claimed at the most.
const IN_FLIGHT: usize = 8;

impl ReadStream {
    pub fn new() -> ReadStream {
        ReadStream { words: VecDeque::with_capacity(IN_FLIGHT), in_flight: 0 }
    }

    pub fn has_room(&self) -> bool {
        self.in_flight < IN_FLIGHT
    }

    pub fn is_idle(&self) -> bool {
        self.in_flight == 0
    }

    /// Claims a word with this tag that is offered from cycle `at` on.
    pub fn claim(&mut self, at: u64, tag: usize) {
        self.words.push_back((at, tag));
    }

    /// The tag of the word that is offered.
    pub fn offered(&self, now: u64) -> Option<usize> {
        self.words.front().filter(|(at, _)| *at <= now).map(|(_, tag)| *tag)
    }

    pub fn pop(&mut self) {
        self.words.pop_front();
    }

    pub fn tick(&mut self) {
        self.in_flight = self.words.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_shows_an_entry_in_the_next_cycle_and_takes_one_at_its_end_while_full() {
        let mut queue = Queue::new(2);
        queue.put(1);
        assert!(queue.head().is_none() && queue.has_room());
        queue.tick();
        queue.put(2);
        queue.tick();
        assert!(!queue.has_room());
        assert_eq!(queue.pop(), Some(1));
        // Ready comes from a register.
        assert!(!queue.has_room());
        queue.tick();
        assert!(queue.has_room());
        assert_eq!(queue.head(), Some(&2));
    }

    #[test]
    fn a_buffer_takes_two_cycles_and_then_an_entry_a_cycle() {
        let mut buffer = Buffer::default();
        let valid: Vec<bool> = (0..5)
            .map(|cycle| {
                let valid = buffer.is_valid();
                buffer.step(cycle < 3, true);
                valid
            })
            .collect();
        assert_eq!(valid, [false, false, true, true, true]);
        assert!(buffer.is_empty());
    }

    #[test]
    fn a_run_is_cut_where_its_longest_burst_would_end() {
        let mut burst = Burst::new(8, 16);
        burst.start(8 * 13, 36);
        let mut beats = Vec::new();
        while let Some(request) = burst.request() {
            beats.push(request);
            burst.taken();
        }
        assert_eq!(beats, [3, 16, 16, 1]);
    }

    #[test]
    fn words_join_and_two_of_them_wait() {
        let mut widen = Widen::new(2);
        let mut taken = 0;
        for _ in 0..10 {
            if widen.has_room() {
                widen.put();
                taken += 1;
            }
            widen.tick();
        }
        // Two that are whole, and the first part of a third.
        assert_eq!(taken, 5);
        assert!(widen.is_valid());
    }

    #[test]
    fn eight_words_are_on_the_way_at_the_most() {
        let mut stream = ReadStream::new();
        let mut claimed = 0;
        for now in 0..20 {
            if stream.has_room() {
                stream.claim(now + 5, claimed);
                claimed += 1;
            }
            stream.tick();
        }
        assert_eq!(claimed, 8);
        assert_eq!((stream.offered(4), stream.offered(5)), (None, Some(0)));
    }
}
