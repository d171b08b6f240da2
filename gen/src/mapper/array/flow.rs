//! When the array does what, event by event: buses, row buffers, rings, psum queues and lanes, each waiting for the others as in the hardware.
//!
//! Every unit works in order, and what it waits for was there earlier: so the time of each event follows from those of others, whoever is looked at first.

use super::pe::Pe;
use super::work::Work;

/// Words that a reader of the buffer has on the way to the array at the most.
const IN_FLIGHT: usize = 8;
/// Cycles from a word's claim in its reader until it is offered to the array.
const OFFER: u64 = 6;
/// Cycles from the start of a pass in a reader to its first claim, and from its last claim to the next start.
const CLAIM: u64 = 1;
/// Words of a row buffer.
const ROW_BUFFER: usize = 2;
/// Cycles from the start of a pass in the collectors to the first psum that they can take.
const POLL: u64 = 4;
/// Cycles from the last psum that they take to the end of the pass, when the next one can start.
const WRITTEN: u64 = 2;

/// When a pass may start at the earliest, by what it needs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Earliest {
    pub ifmap: u64,
    pub feed: u64,
    pub filter: u64,
    pub collect: u64,
}

/// When a pass did what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Times {
    /// The last ifmap word is read.
    pub ifmap_end: u64,
    /// The last psum is read.
    pub feed_end: u64,
    /// The last filter line is on its bus.
    pub filter_end: u64,
    /// All psums are back in the buffer.
    pub collected: u64,
}

/// A reader's way to the array.
#[derive(Clone, Default)]
struct Reader {
    claims: Vec<u64>,
    moved: Vec<u64>,
}

/// A row's buffer of words from a bus, by their numbers there.
#[derive(Clone, Default)]
struct Row {
    words: Vec<usize>,
    moved: Vec<u64>,
}

struct Flow<'a> {
    work: &'a Work,
    earliest: &'a [Earliest],
    times: Vec<Times>,
    pes: Vec<Pe>,
    ifmap: Reader,
    ifmap_rows: Vec<Row>,
    filter: Vec<u64>,
    filter_rows: Vec<Row>,
    feeders: Vec<Reader>,
    feed_pass: usize,
    collectors: Vec<Vec<u64>>,
    collect_pass: usize,
}

/// The times of as many passes as there are earliest starts; none if the model stands still, which the hardware does not.
pub(super) fn run(work: &Work, earliest: &[Earliest]) -> Option<Vec<Times>> {
    let mut flow = Flow {
        work,
        earliest,
        times: vec![Times::default(); earliest.len()],
        pes: vec![Pe::default(); work.below.len()],
        ifmap: Reader::default(),
        ifmap_rows: vec![Row::default(); work.rows],
        filter: Vec::new(),
        filter_rows: vec![Row::default(); work.rows],
        feeders: vec![Reader::default(); work.lanes.len()],
        feed_pass: 0,
        collectors: vec![Vec::new(); work.lanes.len()],
        collect_pass: 0,
    };
    while flow.turn() {}
    (flow.collect_pass == earliest.len()).then_some(flow.times)
}

/// One cycle after the last of these.
fn after(times: &[u64]) -> u64 {
    times.last().map_or(0, |time| time + 1)
}

/// One cycle after the word `places` before number `number` has gone, which makes room for it; none if that is not known yet.
fn room(gone: &[u64], number: usize, places: usize) -> Option<u64> {
    match number.checked_sub(places) {
        Some(before) => gone.get(before).map(|time| time + 1),
        None => Some(0),
    }
}

impl Flow<'_> {
    /// Every unit goes as far as it can; whether any got anywhere.
    fn turn(&mut self) -> bool {
        let mut any = false;
        while self.ifmap_word().is_some() {
            any = true;
        }
        while self.filter_line().is_some() {
            any = true;
        }
        for row in 0..self.work.rows {
            while self.ifmap_to_pes(row).is_some() || self.filter_to_pes(row).is_some() {
                any = true;
            }
        }
        for lane in 0..self.work.lanes.len() {
            while self.feed(lane).is_some() {
                any = true;
            }
        }
        any |= self.end_feeding();
        // From below to above, as psums go.
        for pe in (0..self.pes.len()).rev() {
            while self.rise(pe).is_some() {
                any = true;
            }
            any |= self.pes[pe].walk(self.work, self.earliest.len());
        }
        for lane in 0..self.work.lanes.len() {
            while self.collect(lane).is_some() {
                any = true;
            }
        }
        any | self.end_collecting()
    }

    /// A word on the ifmap bus, to all rows that it is for.
    fn ifmap_word(&mut self) -> Option<()> {
        let (work, word) = (self.work, self.ifmap.moved.len());
        let (pass, within) = (word / work.ifmap_words(), word % work.ifmap_words());
        let earliest = self.earliest.get(pass)?;
        let mut claim = after(&self.ifmap.claims).max(room(&self.ifmap.moved, word, IN_FLIGHT)?);
        if within == 0 {
            claim = claim.max(earliest.ifmap.max(after(&self.ifmap.claims)) + CLAIM);
        }
        let mut at = after(&self.ifmap.moved).max(claim + OFFER);
        let rows = &work.ifmap[work.stream(within)];
        for (row, _) in rows {
            let row = &self.ifmap_rows[*row];
            at = at.max(room(&row.moved, row.words.len(), ROW_BUFFER)?);
        }
        for (row, _) in rows {
            self.ifmap_rows[*row].words.push(word);
        }
        self.ifmap.claims.push(claim);
        self.ifmap.moved.push(at);
        self.times[pass].ifmap_end = claim;
        Some(())
    }

    /// A word from a row's buffer to the PEs that it is for, once all have room.
    fn ifmap_to_pes(&mut self, row: usize) -> Option<()> {
        let work = self.work;
        let buffer = &self.ifmap_rows[row];
        let word = *buffer.words.get(buffer.moved.len())?;
        let (_, pes) = work.ifmap[work.stream(word % work.ifmap_words())].iter().find(|(at, _)| *at == row)?;
        let mut at = after(&buffer.moved).max(self.ifmap.moved[word] + 1);
        for pe in pes {
            let pe = &self.pes[*pe];
            at = at.max(room(&pe.ifmap_gone, pe.ifmap.len(), work.ifmap_ring)?);
        }
        for pe in pes {
            self.pes[*pe].ifmap.push(at);
        }
        self.ifmap_rows[row].moved.push(at);
        Some(())
    }

    /// A line on the filter bus, to all rows that it is for.
    fn filter_line(&mut self) -> Option<()> {
        let (work, line) = (self.work, self.filter.len());
        let (pass, within) = (line / work.filter_lines(), line % work.filter_lines());
        let mut at = after(&self.filter).max(self.earliest.get(pass)?.filter + within as u64);
        let rows = &work.filter[within % work.filter.len()];
        for (row, _) in rows {
            let row = &self.filter_rows[*row];
            at = at.max(room(&row.moved, row.words.len(), ROW_BUFFER)?);
        }
        for (row, _) in rows {
            self.filter_rows[*row].words.push(line);
        }
        self.filter.push(at);
        self.times[pass].filter_end = at;
        Some(())
    }

    /// A line from a row's buffer to the PEs that it is for, once all have unpacked the one before, and on into their spads.
    fn filter_to_pes(&mut self, row: usize) -> Option<()> {
        let work = self.work;
        let buffer = &self.filter_rows[row];
        let line = *buffer.words.get(buffer.moved.len())?;
        let within = line % work.filter_lines();
        let words = work.line_words(within);
        let (_, pes) = work.filter[within % work.filter.len()].iter().find(|(at, _)| *at == row)?;
        let mut at = after(&buffer.moved).max(self.filter[line] + 1);
        for pe in pes {
            let pe = &self.pes[*pe];
            at = at.max(pe.filter.last().copied().unwrap_or(0));
            room(&pe.filter_gone, pe.filter.len() + words - 1, work.filter_ring)?;
        }
        for pe in pes {
            let pe = &mut self.pes[*pe];
            let mut word_at = at;
            for _ in 0..words {
                let room = room(&pe.filter_gone, pe.filter.len(), work.filter_ring).unwrap_or(0);
                word_at = (word_at + 1).max(room);
                pe.filter.push(word_at);
            }
        }
        self.filter_rows[row].moved.push(at);
        Some(())
    }

    /// A psum from the buffer to the bottom of its stack.
    fn feed(&mut self, lane: usize) -> Option<()> {
        let work = self.work;
        let (sources, number) = (&work.lanes[lane], self.feeders[lane].moved.len());
        let of_pass = sources.len() * work.sums();
        let pass = number / of_pass;
        let earliest = self.earliest.get(pass).filter(|_| pass <= self.feed_pass)?;
        let reader = &self.feeders[lane];
        let mut claim = after(&reader.claims).max(room(&reader.moved, number, IN_FLIGHT)?);
        if number % of_pass == 0 {
            // All lanes start a pass together.
            let next = if pass > 0 { self.times[pass - 1].feed_end + 1 } else { 0 };
            claim = claim.max(earliest.feed.max(next) + CLAIM);
        }
        let pe = &mut self.pes[sources[number % sources.len()].0];
        let at = after(&reader.moved).max(claim + OFFER).max(room(&pe.psum_gone, pe.psum.len(), work.psum_queue)?);
        pe.psum.push(at);
        self.feeders[lane].claims.push(claim);
        self.feeders[lane].moved.push(at);
        self.times[pass].feed_end = self.times[pass].feed_end.max(claim);
        Some(())
    }

    fn end_feeding(&mut self) -> bool {
        let of_pass = |lane: usize| self.work.lanes[lane].len() * self.work.sums();
        let fed = |(lane, reader): (usize, &Reader)| reader.claims.len() >= (self.feed_pass + 1) * of_pass(lane);
        let all = self.feed_pass < self.earliest.len() && self.feeders.iter().enumerate().all(fed);
        self.feed_pass += usize::from(all);
        all
    }

    /// A sum to the PE above.
    fn rise(&mut self, pe: usize) -> Option<()> {
        let below = self.work.below[pe]?;
        let number = self.pes[pe].psum.len();
        let room = room(&self.pes[pe].psum_gone, number, self.work.psum_queue)?;
        let at = self.pes[below].offered(number)?.max(after(&self.pes[below].left)).max(room);
        self.pes[below].left.push(at);
        self.pes[pe].psum.push(at);
        Some(())
    }

    /// A sum from the top of its stack to the buffer.
    fn collect(&mut self, lane: usize) -> Option<()> {
        let work = self.work;
        let (sources, number) = (&work.lanes[lane], self.collectors[lane].len());
        let pass = self.collect_pass;
        let earliest = self.earliest.get(pass).filter(|_| number < (pass + 1) * sources.len() * work.sums())?;
        let start = earliest.collect.max(if pass > 0 { self.times[pass - 1].collected } else { 0 });
        let pe = &mut self.pes[sources[number % sources.len()].1];
        let offered = pe.offered(number / sources.len())?.max(after(&pe.left));
        let at = offered.max(after(&self.collectors[lane])).max(start + POLL);
        pe.left.push(at);
        self.collectors[lane].push(at);
        Some(())
    }

    fn end_collecting(&mut self) -> bool {
        let Some(times) = self.times.get_mut(self.collect_pass) else { return false };
        let sums = (self.collect_pass + 1) * self.work.sums();
        let mut lanes = self.work.lanes.iter().zip(&self.collectors);
        if lanes.any(|(sources, taken)| taken.len() < sources.len() * sums) {
            return false;
        }
        times.collected = self.collectors.iter().map(|taken| after(taken)).max().unwrap_or(0) + WRITTEN - 1;
        self.collect_pass += 1;
        true
    }
}
