//! The mapping that costs least of those that a dataflow offers.

use super::area::Chip;
use super::layer::Layer;
use super::reuse::{Input, Levels, Psums};
use crate::mapper::{LayerEnergy, Objective, Split};

/// A way to run a layer.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    pub ifmap: Input,
    pub filter: Input,
    pub psums: Psums,
    /// PEs with work.
    pub pes: usize,
    /// Words that must be in the buffer at a time.
    pub buffer_words: usize,
}

/// A dataflow's choice for a layer.
#[derive(Clone, Debug)]
pub struct Mapped {
    pub candidate: Candidate,
    /// Mapping parameters by name.
    pub choices: Vec<(&'static str, usize)>,
    pub macs: f64,
}

impl Mapped {
    /// Energy by level and by what is moved, in MACs.
    pub fn energy(&self) -> LayerEnergy {
        self.candidate.energy(self.macs)
    }

    /// Words read from DRAM or written.
    pub fn dram_words(&self) -> f64 {
        self.candidate.accesses().iter().map(|levels| levels.dram).sum()
    }

    /// MACs over PEs with work: cycles, if each makes one in each.
    pub fn delay(&self) -> f64 {
        self.macs / self.candidate.pes as f64
    }
}

impl Candidate {
    /// Accesses of ifmaps, filters and psums.
    pub fn accesses(&self) -> [Levels; 3] {
        [self.ifmap.accesses(), self.filter.accesses(), self.psums.accesses()]
    }

    fn energy(&self, macs: f64) -> LayerEnergy {
        let [ifmap, filter, psum] = self.accesses().map(|levels| levels.energy());
        let split = |of: fn(&Levels) -> f64| Split { ifmap: of(&ifmap), filter: of(&filter), psum: of(&psum) };
        LayerEnergy {
            alu: macs,
            rf: split(|levels| levels.rf),
            array: split(|levels| levels.array),
            glb: split(|levels| levels.buffer),
            dram: split(|levels| levels.dram),
            control: 0.0,
        }
    }
}

/// The best of the mappings that have been offered.
pub struct Search {
    macs: f64,
    buffer_words: usize,
    objective: Objective,
    /// What is wanted little of: first this, then that.
    least: [f64; 2],
    best: Option<Mapped>,
}

impl Search {
    pub fn new(layer: &Layer, chip: &Chip, objective: Objective) -> Search {
        let (macs, buffer_words) = (layer.macs(), chip.buffer_words);
        Search { macs, buffer_words, objective, least: [f64::INFINITY; 2], best: None }
    }

    /// Keeps a mapping if the buffer holds what it needs and none before it was as good.
    pub fn offer(&mut self, candidate: Candidate, choices: &[(&'static str, usize)]) {
        if candidate.buffer_words > self.buffer_words {
            return;
        }
        let energy = candidate.accesses().iter().map(|levels| levels.energy().total()).sum();
        let score = self.score(energy, candidate.pes);
        if score < self.least {
            self.least = score;
            self.best = Some(Mapped { candidate, choices: choices.to_vec(), macs: self.macs });
        }
    }

    /// What is wanted little of, first this, then that: of a mapping whose accesses cost `energy` beside its MACs, on `pes` PEs.
    pub fn score(&self, energy: f64, pes: usize) -> [f64; 2] {
        let (energy, delay) = (self.macs + energy, self.macs / pes as f64);
        match self.objective {
            Objective::Energy => [energy, delay],
            Objective::Cycles => [delay, energy],
            Objective::Edp => [energy * delay, energy],
        }
    }

    /// Whether no mapping of this score or more could be better than the best one so far.
    pub fn is_beaten(&self, score: [f64; 2]) -> bool {
        score >= self.least
    }

    /// The best mapping; none if none was offered.
    pub fn finish(self) -> Option<Mapped> {
        self.best
    }
}
