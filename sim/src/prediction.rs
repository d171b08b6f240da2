//! What a run counted, beside what was predicted of it.

use crate::machine::Done;
use gen::mapper::{cycles_with_data, Accesses, Counts, LayerProgram, Link};
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// A figure of a run that is not what was predicted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The counter, or the accesses and the counters that show them.
    pub what: &'static str,
    pub counted: u64,
    pub predicted: u64,
}

impl Difference {
    /// Of a figure, if it is one.
    pub fn of(what: &'static str, counted: u64, predicted: u64) -> Option<Difference> {
        (counted != predicted).then_some(Difference { what, counted, predicted })
    }
}

impl Display for Difference {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        write!(f, "{} is {}, predicted {}", self.what, self.counted, self.predicted)
    }
}

/// Accesses by level and what is moved, each with the counters that it is made of.
pub fn figures(accesses: &Accesses) -> [(&'static str, u64); FIGURES] {
    let Accesses { macs, rf, array, accumulators, glb, dram, control } = accesses;
    [
        ("MACs (MACS)", *macs),
        ("RF ifmap (MACS, IFMAP_BUS_WORDS)", rf.ifmap),
        ("RF filter (MACS)", rf.filter),
        ("RF psum (MACS, PSUM_SPAD_WRITES)", rf.psum),
        ("array ifmap (IFMAP_SPAD_WRITES)", array.ifmap),
        ("array filter (FILTER_SPAD_WRITES)", array.filter),
        ("array psum (PSUM_HOPS)", array.psum),
        ("accumulators (PSUM_SPAD_WRITES)", *accumulators),
        ("GLB ifmap (GLB_IFMAP_READS)", glb.ifmap),
        ("GLB filter (FILTER_BUS_LINES, MACS, FILTER_SPAD_WRITES)", glb.filter),
        ("GLB psum (GLB_PSUM_READS, GLB_PSUM_WRITES)", glb.psum),
        ("DRAM ifmap (IFMAP_BEATS)", dram.ifmap),
        ("DRAM filter (FILTER_BEATS)", dram.filter),
        ("DRAM ofmap (WRITE_BYTES)", dram.psum),
        ("DRAM commands (READ_BEATS)", *control),
    ]
}

/// Counters whose values are predicted, and figures of accesses.
pub const COUNTERS: usize = 14;
pub const FIGURES: usize = 15;

/// Accesses that are not what was predicted.
pub fn differing(counted: &Accesses, predicted: &Accesses) -> impl Iterator<Item = Difference> {
    let pairs = figures(counted).into_iter().zip(figures(predicted));
    pairs.filter_map(|((what, counted), (_, predicted))| Difference::of(what, counted, predicted))
}

impl Done {
    /// A counter of the hardware.
    pub fn count(&self, name: &str) -> u64 {
        self.run.counters.get(name).unwrap_or_default()
    }

    /// The cycles that the hardware must count on a memory without jitter, behind a link without a clock of its own; none if they are
    /// more than `most`.
    pub fn predicted_cycles(&self, link: &Link, most: u64) -> Option<u64> {
        cycles_with_data(self.plan.arch(), &self.program, link, self.codes.clone(), most)
    }

    /// What the hardware's counters must show, by name.
    pub fn predicted_counts(&self) -> [(&'static str, u64); COUNTERS] {
        let LayerProgram { counts, read_beats, .. } = &self.program;
        [
            ("MACS", counts.macs),
            ("IFMAP_BUS_WORDS", counts.ifmap_bus_words),
            ("FILTER_BUS_LINES", counts.filter_bus_lines),
            ("GLB_IFMAP_READS", counts.ifmap_reads),
            ("GLB_IFMAP_WRITES", counts.ifmap_writes),
            ("GLB_PSUM_READS", counts.psum_reads + counts.psum_drains),
            ("GLB_PSUM_WRITES", counts.psum_writes),
            ("READ_BEATS", read_beats.all()),
            ("COMMAND_BEATS", read_beats.commands),
            ("FILTER_BEATS", read_beats.filters),
            ("IFMAP_BEATS", read_beats.ifmap),
            ("WRITE_BYTES", counts.dram_write_bytes),
            ("RLC_READ_CODES", counts.rlc_read_codes),
            ("RLC_WRITE_CODES", counts.rlc_write_codes),
        ]
    }

    /// Accesses as the counters show them, those included that zeros spared: which they are, nobody predicts.
    pub fn counted_accesses(&self) -> Accesses {
        Accesses::counted(self.plan.arch(), |name| if name == "GATED_MACS" { 0 } else { self.count(name) })
    }

    /// Accesses as the mapper predicts them for these counts of the program; memory is read in whole beats, which the program knows.
    pub fn predicted_accesses(&self, counts: &Counts) -> Accesses {
        let known = self.predicted_counts();
        let of = |name: &str| known.iter().find(|(known, _)| *known == name).map_or(0, |(_, count)| *count);
        let Accesses { dram, control, .. } = Accesses::counted(self.plan.arch(), of);
        Accesses { dram, control, ..self.plan.costed().accesses(counts) }
    }

    /// All counters and accesses that are not what was predicted for these counts of the program.
    pub fn differences(&self, counts: &Counts) -> Vec<Difference> {
        let counters = self.predicted_counts().into_iter();
        let counters = counters.filter_map(|(name, predicted)| Difference::of(name, self.count(name), predicted));
        counters.chain(differing(&self.counted_accesses(), &self.predicted_accesses(counts))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gen::mapper::Words;
    use std::collections::HashSet;

    /// Each number of `accesses`.
    fn numbers(accesses: &mut Accesses) -> Vec<&mut u64> {
        let Accesses { macs, rf, array, accumulators, glb, dram, control } = accesses;
        let levels = [rf, array, glb, dram].into_iter();
        let words = levels.flat_map(|Words { ifmap, filter, psum }| [ifmap, filter, psum]);
        [macs, accumulators, control].into_iter().chain(words).collect()
    }

    /// An access more at any place is seen, and named.
    #[test]
    fn every_figure_of_accesses_is_compared() {
        let mut right = Accesses::default();
        for (index, number) in numbers(&mut right).into_iter().enumerate() {
            *number = 100 + index as u64;
        }
        assert_eq!(differing(&right, &right).count(), 0);
        let mut seen = HashSet::new();
        for index in 0..FIGURES {
            let mut other = right;
            *numbers(&mut other)[index] += 1;
            let found: Vec<_> = differing(&other, &right).collect();
            assert_eq!(found.len(), 1, "{other:?}: {found:?}");
            assert_eq!((found[0].counted, found[0].predicted), (101 + index as u64, 100 + index as u64));
            seen.insert(found[0].what);
        }
        assert_eq!(seen.len(), FIGURES);
    }
}
