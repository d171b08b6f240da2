//! Energy of a layer by level and by what is moved at each.

use super::energy::{Accesses, Energy, EnergyByType, Words, ARRAY, DRAM, GLB, RF};
use serde::Serialize;
use std::ops::Add;

/// A level's energy by what is moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Split {
    pub ifmap: f64,
    pub filter: f64,
    /// Psums; in DRAM, ofmaps.
    pub psum: f64,
}

/// Energy of a layer by level and by what is moved, in the unit of its table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct LayerEnergy {
    /// Multiply-accumulates.
    pub alu: f64,
    pub rf: Split,
    pub array: Split,
    pub glb: Split,
    pub dram: Split,
    /// Commands and parameters, from DRAM.
    pub control: f64,
}

impl Split {
    /// In all.
    pub fn total(&self) -> f64 {
        self.ifmap + self.filter + self.psum
    }
}

impl Add for Split {
    type Output = Split;
    fn add(self, other: Split) -> Split {
        Split { ifmap: self.ifmap + other.ifmap, filter: self.filter + other.filter, psum: self.psum + other.psum }
    }
}

impl Add for LayerEnergy {
    type Output = LayerEnergy;
    fn add(self, other: LayerEnergy) -> LayerEnergy {
        LayerEnergy {
            alu: self.alu + other.alu,
            rf: self.rf + other.rf,
            array: self.array + other.array,
            glb: self.glb + other.glb,
            dram: self.dram + other.dram,
            control: self.control + other.control,
        }
    }
}

impl LayerEnergy {
    /// By level.
    pub fn by_level(&self) -> Energy {
        Energy {
            alu: self.alu,
            rf: self.rf.total(),
            array: self.array.total(),
            glb: self.glb.total(),
            dram: self.dram.total() + self.control,
        }
    }

    /// By what is moved.
    pub fn by_type(&self) -> EnergyByType {
        let all = self.rf + self.array + self.glb + self.dram;
        EnergyByType { alu: self.alu, ifmap: all.ifmap, filter: all.filter, psum: all.psum, control: self.control }
    }
}

impl Accesses {
    /// The energy of these accesses with the costs of ISCA 2016, in MACs; a psum costs as many accesses as it is words wide.
    pub fn layer_energy(&self, psum_words: f64) -> LayerEnergy {
        let split = |cost: f64, Words { ifmap, filter, psum }: Words, psum_words: f64| Split {
            ifmap: cost * ifmap as f64,
            filter: cost * filter as f64,
            psum: cost * psum as f64 * psum_words,
        };
        let glb = Words { psum: self.glb.psum + self.accumulators, ..self.glb };
        LayerEnergy {
            alu: self.macs as f64,
            rf: split(RF, self.rf, psum_words),
            array: split(ARRAY, self.array, psum_words),
            glb: split(GLB, glb, psum_words),
            // Ofmaps are words there.
            dram: split(DRAM, self.dram, 1.0),
            control: DRAM * self.control as f64,
        }
    }
}
