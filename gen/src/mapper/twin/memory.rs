//! The memory behind the link, as the simulated host has it, and the accelerator's two ports to it.

use super::parts::Queue;
use crate::mapper::Link;
use std::collections::VecDeque;

/// Bursts in each direction that the memory takes before it has served the first of them.
const TAKEN: usize = 16;
/// Read bursts that may be on the way.
const OUTSTANDING: usize = 8;
/// Beats between the bus and the units.
const BEATS: usize = 2;
/// Most beats of a write burst.
pub(super) const WRITE_BEATS: u64 = 16;
/// Write bursts that wait.
const BURSTS: usize = 8;
/// Write bursts that may be unanswered.
const MOST_OPEN: usize = 15;

/// What the accelerator drives on the link.
pub(super) struct Pins {
    /// Beats of the burst that is asked for.
    pub ar: Option<u64>,
    pub rready: bool,
    pub aw: Option<u64>,
    pub wvalid: bool,
    pub bready: bool,
}

/// The memory: serves bursts in order, each direction on its own.
pub(super) struct Memory {
    latency: u64,
    bandwidth: Option<(i64, i64)>,
    /// Beats that the link may carry, times the denominator of its bandwidth.
    credit: i64,
    // What the memory drives
    pub arready: bool,
    pub awready: bool,
    pub wready: bool,
    /// A beat of read data; whether it is its burst's last.
    pub read_beat: Option<bool>,
    pub answer: bool,
    /// Read bursts: from when on they are served, and beats to come.
    reads: VecDeque<(u64, u64)>,
    writes: VecDeque<u64>,
    answers: VecDeque<u64>,
}

impl Memory {
    pub fn new(link: &Link) -> Memory {
        let bandwidth = link.bandwidth.map(|(beats, cycles)| (i64::from(beats), i64::from(cycles)));
        Memory {
            latency: link.latency,
            bandwidth,
            credit: bandwidth.map_or(0, |(beats, _)| 2 * beats),
            arready: true,
            awready: true,
            wready: false,
            read_beat: None,
            answer: false,
            reads: VecDeque::new(),
            writes: VecDeque::new(),
            answers: VecDeque::new(),
        }
    }

    /// A beat has moved over the link.
    fn charge(&mut self) {
        if let Some((_, cycles)) = self.bandwidth {
            self.credit -= cycles;
        }
    }

    pub fn step(&mut self, now: u64, pins: &Pins) {
        if let Some((beats, _)) = self.bandwidth {
            self.credit = (self.credit + beats).min(2 * beats);
        }
        if self.read_beat.is_some() && pins.rready {
            self.read_beat = None;
            self.charge();
            if let Some((_, beats)) = self.reads.front_mut() {
                *beats -= 1;
                if *beats == 0 {
                    self.reads.pop_front();
                }
            }
        }
        self.answer &= !pins.bready;
        if pins.wvalid && self.wready {
            self.charge();
            if let Some(beats) = self.writes.front_mut() {
                *beats -= 1;
                if *beats == 0 {
                    self.writes.pop_front();
                    self.answers.push_back(now + self.latency);
                }
            }
        }
        if let Some(beats) = pins.ar.filter(|_| self.arready) {
            self.reads.push_back((now + self.latency, beats));
        }
        if let Some(beats) = pins.aw.filter(|_| self.awready) {
            self.writes.push_back(beats);
        }
        self.decide(now + 1);
    }

    /// Decides what to drive in cycle `next`.
    fn decide(&mut self, next: u64) {
        self.arready = self.reads.len() < TAKEN;
        self.awready = self.writes.len() < TAKEN;
        let is_free = self.credit >= 0;
        self.wready = is_free && !self.writes.is_empty();
        if self.read_beat.is_none() && is_free {
            self.read_beat = self.reads.front().filter(|(at, _)| *at <= next).map(|(_, beats)| *beats == 1);
        }
        if !self.answer && self.answers.front().is_some_and(|at| *at <= next) {
            self.answers.pop_front();
            self.answer = true;
        }
    }
}

/// Units that read, in the order of their numbers: commands, filters, ifmaps, parameters.
pub(super) const READERS: usize = 4;

/// The read master.
pub(super) struct ReadPort {
    turn: usize,
    picked: bool,
    /// Beats of the burst that is asked for.
    pub asking: Option<u64>,
    /// Whose beats come next.
    pub order: Queue<usize>,
    /// Whose beats wait to be taken.
    pub beats: Queue<usize>,
}

impl ReadPort {
    pub fn new() -> ReadPort {
        ReadPort { turn: 0, picked: false, asking: None, order: Queue::new(OUTSTANDING), beats: Queue::new(BEATS) }
    }

    /// Whether a beat is taken from the bus, if there is one.
    pub fn rready(&self) -> bool {
        !self.order.is_empty() && self.beats.has_room()
    }

    /// A beat comes from the bus, its burst's last or not; the one that is offered is taken by its unit, or not.
    pub fn beat(&mut self, come: Option<bool>, taken: bool) {
        self.beats.pop_if(taken);
        if let (Some(is_last), Some(unit)) = (come, self.order.head().copied()) {
            self.beats.put(unit);
            self.order.pop_if(is_last);
        }
        self.order.tick();
        self.beats.tick();
    }

    /// Whose request is taken in this cycle; `requests` are the beats that each unit asks for.
    pub fn step(&mut self, requests: &[Option<u64>; READERS], arready: bool) -> Option<usize> {
        if self.picked && self.asking.is_none() && self.order.has_room() {
            self.picked = false;
            self.asking = requests[self.turn];
            self.order.put(self.turn);
            return Some(self.turn);
        }
        if !self.picked {
            let mut asking = (0..READERS).filter(|unit| requests[*unit].is_some());
            let next = asking.clone().find(|unit| *unit > self.turn).or(asking.next());
            if let Some(unit) = next {
                (self.picked, self.turn) = (true, unit);
            }
        }
        if arready {
            self.asking = None;
        }
        None
    }
}

/// The write master.
pub(super) struct WritePort {
    beats: Queue<()>,
    bursts: Queue<u64>,
    asking: bool,
    sending: bool,
    /// Beats of the burst in work, and of these those that have been sent.
    burst: u64,
    sent: u64,
    open: usize,
    /// There is room for a beat and a burst.
    room: bool,
}

impl WritePort {
    pub fn new() -> WritePort {
        WritePort {
            beats: Queue::new(2 * WRITE_BEATS as usize),
            bursts: Queue::new(BURSTS),
            asking: false,
            sending: false,
            burst: 0,
            sent: 0,
            open: 0,
            room: false,
        }
    }

    pub fn is_idle(&self) -> bool {
        self.bursts.is_empty() && self.open == 0
    }

    /// Whether a beat, and a burst with it, can be taken.
    pub fn has_room(&self) -> bool {
        self.room
    }

    /// Takes a beat; with `burst`, the last one of a burst of as many.
    pub fn put(&mut self, burst: Option<u64>) {
        self.beats.put(());
        if let Some(beats) = burst {
            self.bursts.put(beats);
        }
    }

    /// What it drives: the beats of an address, whether there is data, whether an answer is taken.
    pub fn pins(&self) -> (Option<u64>, bool, bool) {
        (self.asking.then_some(self.burst), self.sending, self.open > 0)
    }

    pub fn step(&mut self, memory: &Memory) {
        let taken = self.sending && memory.wready;
        let is_last = self.sent + 1 == self.burst;
        let answered = memory.answer && self.open > 0;
        let next = *self.bursts.head().unwrap_or(&0);
        let starts = next > 0
            && (!self.asking || memory.awready)
            && (!self.sending || taken && is_last)
            && self.open != MOST_OPEN;
        if taken {
            self.beats.pop();
        }
        if starts {
            self.bursts.pop();
            (self.asking, self.sending, self.burst, self.sent) = (true, true, next, 0);
        } else {
            self.asking &= !memory.awready;
            if taken {
                self.sent += 1;
                self.sending = !is_last;
            }
        }
        self.open = self.open + usize::from(starts) - usize::from(answered);
        // A register says so, which does not see what comes in this cycle.
        self.room = self.beats.level() + 1 < 2 * WRITE_BEATS as usize && self.bursts.level() + 1 < BURSTS;
        self.beats.tick();
        self.bursts.tick();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a burst of `beats` beats that is asked for in cycle 0: the cycles of its first and last beat.
    fn read(link: Link, beats: u64) -> (u64, u64) {
        let mut memory = Memory::new(&link);
        let (mut first, mut now) = (None, 0);
        loop {
            let ar = (now == 0).then_some(beats);
            let beat = memory.read_beat;
            memory.step(now, &Pins { ar, rready: true, aw: None, wvalid: false, bready: false });
            if beat.is_some() {
                first.get_or_insert(now);
            }
            if beat == Some(true) {
                return (first.unwrap_or(now), now);
            }
            now += 1;
        }
    }

    #[test]
    fn a_burst_takes_the_latency_and_a_beat_a_cycle() {
        assert_eq!(read(Link { latency: 20, bandwidth: None }, 10), (20, 29));
        assert_eq!(read(Link { latency: 1, bandwidth: None }, 1), (1, 1));
    }

    #[test]
    fn a_limited_link_carries_its_share() {
        let (first, last) = read(Link { latency: 20, bandwidth: Some((60, 200)) }, 61);
        // 60 beats in 200 cycles; the first comes as early as can be.
        assert_eq!((first, last - first), (20, 199));
    }

    #[test]
    fn units_take_turns_and_a_burst_is_taken_each_second_cycle() {
        let mut port = ReadPort::new();
        let requests = [Some(4), None, Some(4), Some(4)];
        let mut taken = Vec::new();
        for cycle in 0..13 {
            if let Some(unit) = port.step(&requests, true) {
                taken.push((cycle, unit));
            }
            port.order.tick();
        }
        assert_eq!(taken, [(1, 2), (3, 3), (5, 0), (7, 2), (9, 3), (11, 0)]);
    }

    #[test]
    fn no_more_than_eight_reads_are_on_the_way() {
        let mut port = ReadPort::new();
        let taken = (0..100).filter(|_| {
            let taken = port.step(&[Some(1); READERS], true).is_some();
            port.order.tick();
            taken
        });
        assert_eq!(taken.count(), OUTSTANDING);
    }

    #[test]
    fn a_write_is_answered_after_the_latency() {
        let mut memory = Memory::new(&Link { latency: 5, bandwidth: None });
        let mut port = WritePort::new();
        port.put(None);
        port.put(Some(2));
        let mut busy = 0;
        for now in 0..30 {
            let (aw, wvalid, bready) = port.pins();
            let pins = Pins { ar: None, rready: false, aw, wvalid, bready };
            port.step(&memory);
            memory.step(now, &pins);
            busy += u64::from(!port.is_idle());
        }
        // Begin, address, two beats, the latency of the answer.
        assert_eq!(busy, 9);
        assert!(port.is_idle());
    }
}
