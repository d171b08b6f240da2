//! What a layer moves at each level of storage, and the energy of that with the costs of ISCA 2016 (Table IV).
//!
//! Counted as there: of ifmaps and filters what a level gives to the one below; of psums reads and writes. One MAC is the unit of energy.
//!
//! Accumulators beside the array cost what the global buffer does: they are memories outside the PEs, and as large as scratchpads or larger. The paper's
//! weight-stationary arrays keep these psums in the global buffer itself. A table of costs by size tells them apart ([`super::EnergyTable`]).

use hw::arch::FILTER_BUS_WORDS;
use hw::{Arch, Dataflow};
use serde::Serialize;
use std::ops::Add;

/// Energy of a 16-bit access, in MACs.
pub(crate) const RF: f64 = 1.0;
pub(crate) const ARRAY: f64 = 2.0;
pub(crate) const GLB: f64 = 6.0;
pub(crate) const DRAM: f64 = 200.0;

/// Words by what they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Ifmap words.
    pub ifmap: u64,
    /// Filter words.
    pub filter: u64,
    /// Psums; in DRAM, ofmap words.
    pub psum: u64,
}

/// Accesses of a layer at each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Accesses {
    /// Multiply-accumulates, those on padding included; of a run, without gated ones.
    pub macs: u64,
    /// Scratchpads, accumulators and weight registers in PEs.
    pub rf: Words,
    /// Words delivered to PEs by the networks; psums from PE to PE.
    pub array: Words,
    /// Psums in accumulators beside the array, reads and writes.
    pub accumulators: u64,
    /// Global buffer, filter staging included.
    pub glb: Words,
    /// Memory.
    pub dram: Words,
    /// Words of commands and parameters, from memory.
    pub control: u64,
}

/// Energy of a layer by level, in MACs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Energy {
    /// Multiply-accumulates.
    pub alu: f64,
    /// Scratchpads.
    pub rf: f64,
    /// Networks.
    pub array: f64,
    /// Global buffer and accumulators.
    pub glb: f64,
    /// Memory.
    pub dram: f64,
}

impl Energy {
    /// In all.
    pub fn total(&self) -> f64 {
        self.alu + self.rf + self.array + self.glb + self.dram
    }
}

/// Energy of a layer by what is moved, in MACs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct EnergyByType {
    /// Multiply-accumulates.
    pub alu: f64,
    /// Ifmaps.
    pub ifmap: f64,
    /// Filters.
    pub filter: f64,
    /// Psums and ofmaps.
    pub psum: f64,
    /// Commands and parameters.
    pub control: f64,
}

impl Add for Energy {
    type Output = Energy;
    fn add(self, other: Energy) -> Energy {
        Energy {
            alu: self.alu + other.alu,
            rf: self.rf + other.rf,
            array: self.array + other.array,
            glb: self.glb + other.glb,
            dram: self.dram + other.dram,
        }
    }
}

impl Accesses {
    /// Those of a run on `arch`, with all that the hardware's counters show: `count` gives a counter by its name.
    ///
    /// Of the accumulations in row-stationary PEs, which no counter shows, there is one for each MAC but the first of each psum that a PE takes. After
    /// an error, psums may have been taken for which there was no MAC. Other arrays accumulate behind the columns, and
    /// an activation that a PE takes is no access to storage of its own; without local reuse a weight is read from a buffer for each MAC,
    /// in an output-stationary array for each step and column (of one plane for each step), as in an input-stationary one, where a PE's word is read for each MAC and its product, unless it is gated,
    /// goes through the array to its bank.
    pub fn counted(arch: &Arch, count: impl Fn(&str) -> u64) -> Accesses {
        let (done, accumulated) = (count("MACS") - count("GATED_MACS"), count("PSUM_SPAD_WRITES"));
        let held = |filter| Words { filter, ..Words::default() };
        let (rf, beside, weights) = match arch.dataflow {
            Dataflow::Rs => {
                let psum = 2 * count("MACS").saturating_sub(accumulated);
                (Words { ifmap: count("MACS"), filter: done, psum }, 0, 0)
            }
            // With convolution engines each pixel is written to all row FIFOs of its engine and read from them.
            Dataflow::Ws => {
                let shifted = 2 * (arch.kernel() as u64 - 1) * count("IFMAP_BUS_WORDS");
                (Words { ifmap: shifted, ..held(done) }, accumulated, 0)
            }
            Dataflow::Nlr => (held(0), accumulated, done),
            Dataflow::Os => {
                let columns = if arch.is_of_planes() { arch.cols as u64 } else { 1 };
                (Words { psum: 2 * done, ..Words::default() }, accumulated, count("FILTER_SPAD_WRITES") / columns)
            }
            // Of what its counters say of psums, gated MACs are none.
            Dataflow::Is => {
                let gated = count("GATED_MACS");
                let held = Words { ifmap: done, ..Words::default() };
                (held, accumulated.saturating_sub(gated), count("FILTER_SPAD_WRITES"))
            }
        };
        let words = |bytes: u64| bytes / arch.word_bytes() as u64;
        let beats = |name: &str| count(name) * arch.link_bytes() as u64;
        let read = beats("IFMAP_BEATS") + beats("FILTER_BEATS");
        Accesses {
            macs: done,
            rf,
            array: Words {
                ifmap: count("IFMAP_SPAD_WRITES"),
                filter: count("FILTER_SPAD_WRITES"),
                psum: match arch.dataflow {
                    Dataflow::Is => count("PSUM_HOPS").saturating_sub(count("GATED_MACS")),
                    _ => count("PSUM_HOPS"),
                },
            },
            accumulators: 2 * beside,
            glb: Words {
                ifmap: count("GLB_IFMAP_READS"),
                filter: FILTER_BUS_WORDS as u64 * count("FILTER_BUS_LINES") + weights,
                psum: count("GLB_PSUM_READS") + count("GLB_PSUM_WRITES"),
            },
            dram: Words {
                ifmap: words(beats("IFMAP_BEATS")),
                filter: words(beats("FILTER_BEATS")),
                psum: words(count("WRITE_BYTES")),
            },
            control: words(beats("READ_BEATS") - read),
        }
    }

    /// The energy of these accesses by level, as [`Accesses::layer_energy`] has it.
    pub fn energy(&self, psum_words: f64) -> Energy {
        self.layer_energy(psum_words).by_level()
    }

    /// Their energy by what is moved; the sum is that of [`Accesses::energy`].
    pub fn energy_by_type(&self, psum_words: f64) -> EnergyByType {
        self.layer_energy(psum_words).by_type()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hw::ArchSpec;

    #[test]
    fn a_run_that_stopped_before_its_first_mac_has_no_accumulations() {
        let arch = ArchSpec::default().check().unwrap();
        let accesses = Accesses::counted(&arch, |name| if name == "PSUM_SPAD_WRITES" { 7 } else { 0 });
        assert_eq!(accesses, Accesses::default());
    }

    #[test]
    fn energy_by_level_and_by_type_are_of_the_same_accesses() {
        let words = |ifmap, filter, psum| Words { ifmap, filter, psum };
        let accesses = Accesses {
            macs: 11,
            rf: words(1, 20, 300),
            array: words(4, 50, 600),
            accumulators: 17,
            glb: words(7, 80, 900),
            dram: words(3, 5, 8),
            control: 13,
        };
        let by_type = accesses.energy_by_type(1.5);
        assert_eq!(
            accesses.energy(1.5).total(),
            by_type.alu + by_type.ifmap + by_type.filter + by_type.psum + by_type.control
        );
        assert_eq!(by_type.filter, 20.0 + 2.0 * 50.0 + 6.0 * 80.0 + 200.0 * 5.0);
    }
}
