/// Cycles for which a channel keeps its odds.
const SPELL: u64 = 64;

/// Odds of a stall, of 256, among which a channel draws for each spell: never, sometimes, mostly.
const ODDS: [u8; 6] = [0, 0, 32, 128, 224, 250];

/// Seeded random stalls and delays; none at all without a seed.
#[derive(Clone, Debug)]
pub(super) struct Jitter {
    on: bool,
    state: u64,
    cycle: u64,
    odds: [u8; 8],
    draws: [u8; 8],
}

impl Jitter {
    pub fn new(seed: Option<u64>) -> Jitter {
        // An xorshift generator must not start at 0.
        let state = seed.unwrap_or(0).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        Jitter { on: seed.is_some(), state, cycle: 0, odds: [0; 8], draws: [0; 8] }
    }

    pub fn is_on(&self) -> bool {
        self.on
    }

    /// Begins a cycle.
    #[inline]
    pub fn advance(&mut self) {
        if !self.on {
            return;
        }
        if self.cycle.is_multiple_of(SPELL) {
            self.odds = self.next().to_le_bytes().map(|b| ODDS[b as usize % ODDS.len()]);
        }
        self.cycle += 1;
        self.draws = self.next().to_le_bytes();
    }

    /// Whether `channel`, 0 to 7, stalls in this cycle.
    #[inline]
    pub fn stalls(&self, channel: usize) -> bool {
        self.on && self.draws[channel] < self.odds[channel]
    }

    /// A number from 0 to `most`; 0 without a seed.
    #[inline]
    pub fn up_to(&mut self, most: u64) -> u64 {
        match self.on {
            true => self.next() % (most + 1),
            false => 0,
        }
    }

    /// Random bits (xorshift64*).
    #[inline]
    pub fn next(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
}
