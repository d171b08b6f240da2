//! The queue between two clocks against a `VecDeque`, and the synchroniser under it.

use hw::rtl::prelude::*;
use hw::shell::async_fifo::AsyncFifo;
use std::collections::VecDeque;

struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % n
    }
}

/// When the clocks of a queue rise: each period is `periods`, and up to `jitter` more at random.
struct Clocks {
    now: u64,
    next: [u64; 2],
    periods: [u64; 2],
    jitter: u64,
    random: Random,
}

impl Clocks {
    fn new(periods: [u64; 2], jitter: u64, seed: u64) -> Self {
        let mut random = Random(seed);
        let next = periods.map(|period| random.below(period));
        Clocks { now: 0, next, periods, jitter, random }
    }

    /// Which clocks rise at the next edge: of the queue's entrance, of its exit, or both.
    fn rising(&mut self) -> [bool; 2] {
        self.now = self.next[0].min(self.next[1]);
        let rising = self.next.map(|at| at == self.now);
        for side in 0..2 {
            if rising[side] {
                self.next[side] += self.periods[side] + self.random.below(self.jitter + 1);
            }
        }
        rising
    }
}

/// A queue of 16-bit entries in parts of 12 and 4 bits, out of reset.
fn queue(depth: usize, clocks: &mut Clocks) -> AsyncFifo {
    let mut uut = AsyncFifo::new(depth, &[12, 4]);
    uut.connect_all();
    rust_hdl::prelude::check_all(&uut).unwrap();
    reset(&mut uut, clocks);
    uut
}

fn edge(uut: &mut AsyncFifo, [enq, deq]: [bool; 2], reset: bool) {
    settle(uut);
    if enq {
        uut.enq_clock.next = uut.enq_clock.next.rise(reset);
    }
    if deq {
        uut.deq_clock.next = uut.deq_clock.next.rise(reset);
    }
    settle(uut);
}

/// Holds both resets for four edges of each clock; they fall one after the other, as it comes.
fn reset(uut: &mut AsyncFifo, clocks: &mut Clocks) {
    let mut edges = [0; 2];
    uut.enq_valid.next = 0.into();
    while edges[0] < 4 || edges[1] < 4 {
        let rising = clocks.rising();
        edges = [0, 1].map(|side| edges[side] + rising[side] as u32);
        edge(uut, rising, true);
    }
    assert!(!uut.deq_valid.val().any(), "an entry after a reset");
}

/// Sends `words` through the queue; each side is willing in `willing` of 8 cycles. Gives the edges of each clock that it took.
#[track_caller]
fn send(uut: &mut AsyncFifo, depth: usize, clocks: &mut Clocks, words: u64, willing: [u64; 2]) -> [u64; 2] {
    let mut model: VecDeque<u64> = VecDeque::new();
    let (mut sent, mut received, mut edges) = (0, 0, [0; 2]);
    while received < words {
        assert!(edges[0] + edges[1] < 1000 * words, "stuck with {received} of {words} received");
        // A side changes what it drives behind its own edges alone.
        let rising = clocks.rising();
        let word = |n: u64| n.wrapping_mul(40503) & 0xffff;
        settle(uut);
        let put = rising[0] && uut.enq_valid.val().any() && uut.enq_ready.val().any();
        let take = rising[1] && uut.deq_valid.val().any() && uut.deq_ready.val().any();
        if uut.deq_valid.val().any() {
            let entry = uut.deq[0].val().index() as u64 | (uut.deq[1].val().index() as u64) << 12;
            assert_eq!(Some(&entry), model.front(), "entry {received} of {words}, at time {}", clocks.now);
        }
        edge(uut, rising, false);
        if take {
            model.pop_front();
            received += 1;
        }
        if put {
            model.push_back(word(sent));
            sent += 1;
            assert!(model.len() <= depth + 1, "{} entries in a queue of {depth} and one", model.len());
        }
        if rising[0] {
            // An offer stays until it is taken.
            let offered = uut.enq_valid.val().any() && !put;
            let offers = sent < words && (offered || clocks.random.below(8) < willing[0]);
            uut.enq_valid.next = offers.into();
            uut.enq[0].next = ((word(sent) & 0xfff) as usize).into();
            uut.enq[1].next = ((word(sent) >> 12) as usize).into();
        }
        if rising[1] {
            uut.deq_ready.next = (clocks.random.below(8) < willing[1]).into();
        }
        edges = [0, 1].map(|side| edges[side] + rising[side] as u64);
    }
    edges
}

#[test]
fn entries_come_out_in_order_at_any_ratio_under_random_stalls() {
    let mut random = Random(7);
    for trial in 0..60 {
        let depth = [4, 8, 16][trial % 3];
        let periods = [1 + random.below(40), 1 + random.below(40)];
        let willing = [1 + random.below(8), 1 + random.below(8)];
        let mut clocks = Clocks::new(periods, random.below(20), trial as u64);
        let mut uut = queue(depth, &mut clocks);
        send(&mut uut, depth, &mut clocks, 300, willing);
    }
}

#[test]
fn a_queue_of_sixteen_moves_an_entry_at_each_edge_of_the_slower_clock() {
    for periods in [[1, 1], [10, 10], [10, 11], [11, 10], [10, 20], [20, 10], [10, 27], [27, 10], [3, 100], [100, 3]] {
        let mut clocks = Clocks::new(periods, 0, 3);
        let mut uut = queue(16, &mut clocks);
        let edges = send(&mut uut, 16, &mut clocks, 2000, [8, 8]);
        let slower = edges[0].min(edges[1]);
        assert!(slower <= 2000 + 20, "periods {periods:?}: {slower} edges of the slower clock for 2000 entries");
    }
}

#[test]
fn a_reset_of_both_sides_empties_it() {
    for seed in 0..40 {
        let mut random = Random(seed);
        let mut clocks = Clocks::new([1 + random.below(30), 1 + random.below(30)], 5, seed);
        let mut uut = queue(8, &mut clocks);
        send(&mut uut, 8, &mut clocks, 30, [8, 8]);
        // Some entries that nobody takes.
        uut.deq_ready.next = 0.into();
        uut.enq_valid.next = 1.into();
        for _ in 0..random.below(60) {
            let rising = clocks.rising();
            edge(&mut uut, rising, false);
        }
        reset(&mut uut, &mut clocks);
        send(&mut uut, 8, &mut clocks, 50, [8, 8]);
    }
}

/// Values of a counter of 4 bits, coded by `code`, that its synchroniser shows, as the numbers that they stand for; the counter's
/// clock is a little faster than the synchroniser's.
fn seen(code: impl Fn(u64) -> u64) -> Vec<u64> {
    let mut uut = Synchronizer::new(4);
    uut.connect_all();
    let (mut clocks, mut count, mut seen) = (Clocks::new([9, 10], 0, 1), 0, vec![]);
    while seen.len() < 400 {
        let [counts, samples] = clocks.rising();
        settle(&mut uut);
        if samples {
            uut.clock.next = uut.clock.next.rise(false);
        }
        settle(&mut uut);
        if counts {
            count = (count + 1) % 16;
            uut.d.next = (code(count) as usize).into();
            settle(&mut uut);
        }
        if samples {
            let q = uut.q.val().index() as u64;
            seen.extend((0..16).find(|&n| code(n) == q));
        }
    }
    seen
}

/// Steps of the values that are seen: 0 to 3 of a counter that makes 0 to 2 between two samples, each a cycle late or not.
fn is_followed(seen: &[u64]) -> bool {
    seen.windows(2).all(|pair| (pair[1] + 16 - pair[0]) % 16 <= 3)
}

#[test]
fn a_gray_code_is_sampled_as_a_value_that_it_had_and_a_binary_one_is_not() {
    assert!(is_followed(&seen(|n| n ^ n >> 1)));
    assert!(!is_followed(&seen(|n| n)), "the model of a sampling flip-flop finds no fault with a binary counter");
}
