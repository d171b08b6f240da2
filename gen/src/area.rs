//! Area of a design without synthesis, in NAND2 equivalents: what its blocks are made of, at what each kind of part takes on standard cells.

use crate::generate::verilog;
use crate::verilog::{EmitError, Part, Structure};
use hw::Arch;
use serde::{Deserialize, Serialize};

/// NAND2 of osu018 that a bit of each part takes, in the order of [`Part::ALL`]: fitted to the netlists of `scripts/synth-asic` by
/// `cargo run --release -p tessera-gen --example fit_area -- FOLDER…`.
const NAND2: [f64; Part::ALL.len()] = [4.24, 5.44, 3.53, 4.03, 10.46, 3.65, 2.62, 5.51, 1.12, 0.46];

/// A memory that is read at the clock's edge takes `MEMORY.0 · bits ^ MEMORY.1` NAND2. Fitted to macros that are made from CACTI's figures
/// (bsg_fakeram's `fakeram45` of 512 × 64, 1024 × 32, 256 × 16 and 64 × 32 bits, one port, in the Nangate45 platform of OpenROAD-flow-scripts: 17,301, 16,406,
/// 3,155 and 1,241 µm², where a NAND2 is 0.798 µm²), within 17 % of each. A port for reads beside one for writes takes more than that.
const MEMORY: (f64, f64) = (1.84, 0.9);

/// Area in NAND2 equivalents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Logic, registers, queues and spads that are read at once: what `scripts/synth-asic` counts.
    pub logic: f64,
    /// Memories that are read at the clock's edge: buffer, filter spads, accumulators, staging, link buffers.
    pub memories: f64,
}

impl Area {
    /// All that the model's figures follow from.
    pub fn model() -> String {
        format!("{NAND2:?} {MEMORY:?}")
    }

    /// Of an accelerator.
    pub fn of(arch: &Arch) -> Result<Area, EmitError> {
        Ok(Area::of_structure(&verilog(arch)?.whole))
    }

    /// Of what is made of these parts.
    pub fn of_structure(structure: &Structure) -> Area {
        let memory = |(&bits, &count): (&usize, &usize)| count as f64 * MEMORY.0 * (bits as f64).powf(MEMORY.1);
        Area {
            logic: Part::ALL.into_iter().zip(NAND2).map(|(part, nand2)| structure[part] as f64 * nand2).sum(),
            memories: structure.memories.iter().map(memory).sum(),
        }
    }

    /// In all.
    pub fn total(&self) -> f64 {
        self.logic + self.memories
    }
}
