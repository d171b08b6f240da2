//! A first-in, first-out queue of words that lie next to each other.

/// A queue of at most `capacity` words.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    words: Vec<i64>,
    head: usize,
    capacity: usize,
}

impl Queue {
    pub fn new(capacity: usize) -> Queue {
        Queue { words: Vec::with_capacity(2 * capacity + 64), head: 0, capacity }
    }

    pub fn len(&self) -> usize {
        self.words.len() - self.head
    }

    pub fn has_room(&self, count: usize) -> bool {
        self.len() + count <= self.capacity
    }

    pub fn push(&mut self, word: i64) {
        if self.words.len() == self.words.capacity() {
            self.words.drain(..self.head);
            self.head = 0;
        }
        self.words.push(word);
    }

    pub fn words(&self) -> &[i64] {
        &self.words[self.head..]
    }

    pub fn drop_front(&mut self, count: usize) {
        self.head += count;
        if self.head == self.words.len() {
            self.words.clear();
            self.head = 0;
        }
    }

    pub fn pop(&mut self) -> Option<i64> {
        let word = self.words().first().copied()?;
        self.drop_front(1);
        Some(word)
    }
}
