use super::jitter::Jitter;
use super::MemoryTiming;

/// When a link's own clock rises, beside the core's.
pub(super) struct LinkPace {
    /// Edges of the link in edges of the core.
    ratio: (u64, u64),
    /// What has passed of the link's cycle, in parts of the core's; an edge comes when there are `ratio.1`.
    phase: u64,
    jitter: Jitter,
}

impl LinkPace {
    pub fn new(timing: &MemoryTiming) -> LinkPace {
        let ratio = (u64::from(timing.ratio.0), u64::from(timing.ratio.1));
        // Other numbers than those of memory and host.
        let mut jitter = Jitter::new(timing.jitter.map(|seed| seed.rotate_left(32) ^ 0x6c69_6e6b));
        let phase = jitter.up_to(ratio.1 - 1);
        LinkPace { ratio, phase, jitter }
    }

    /// Edges of the link before the core's next one. With jitter, the time between two edges of the core is 0 to 2 of its periods.
    #[inline]
    pub fn edges(&mut self) -> u64 {
        self.phase += match self.jitter.is_on() {
            true => self.jitter.up_to(2 * self.ratio.0),
            false => self.ratio.0,
        };
        let edges = self.phase / self.ratio.1;
        self.phase %= self.ratio.1;
        edges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_come_in_the_ratio_that_is_asked_for() {
        for (ratio, jitter) in
            [((60, 200), None), ((60, 200), Some(1)), ((7, 3), None), ((7, 3), Some(2)), ((1, 64), None)]
        {
            let mut pace = LinkPace::new(&MemoryTiming { ratio, jitter, ..MemoryTiming::default() });
            let counts: Vec<u64> = (0..20_000).map(|_| pace.edges()).collect();
            let (edges, expected) = (counts.iter().sum::<u64>() as f64, 20_000.0 * ratio.0 as f64 / ratio.1 as f64);
            assert!(
                (edges / expected - 1.0).abs() < 0.02,
                "{ratio:?}, {jitter:?}: {edges} edges instead of {expected}"
            );
            let spread = counts.iter().max().unwrap() - counts.iter().min().unwrap();
            assert!(if jitter.is_some() { spread > 0 } else { spread <= 1 }, "{ratio:?}, {jitter:?}: {spread}");
        }
    }
}
