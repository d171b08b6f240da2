//! Energy of a layer's accesses by a table of what one of them costs, with widths, zeros and sizes of memories taken into account.
//!
//! After the estimate of Eyeriss's authors (Yang, Chen, Emer, Sze, Asilomar 2017): data costs accesses × width, a multiplication the product
//! of its operands' widths, and a MAC that is gated nothing but the look at its ifmap word.

use super::costed::Costed;
use super::counts::Counts;
use super::energy::{self, Accesses};
use super::layer_energy::{LayerEnergy, Split};
use crate::problems::Problems;
use hw::Arch;
use serde::Deserialize;
use thiserror::Error;

/// What accesses and MACs cost.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnergyTable {
    /// Where the figures stand.
    pub source: String,
    /// Of all energies: pJ, or what `source` expresses them in.
    pub unit: String,
    /// Whether an ifmap or a filter word costs where it is written, too; where not, only what a level gives is counted, as in ISCA 2016.
    pub writes: bool,
    /// A multiplication of two words of this width; in proportion to the product of the widths.
    pub multiply: Action,
    /// An addition of this width; in proportion to it.
    #[serde(default)]
    pub add: Action,
    /// Scratchpads of a PE.
    pub rf: Spads,
    /// A word delivered to a PE, or a psum from PE to PE.
    pub array: Action,
    /// The global buffer, filter staging included; accumulators cost what a buffer of their size does.
    pub glb: Memory,
    /// A word read from memory, or written.
    pub dram: Action,
}

/// An operation or a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    pub energy: f64,
    /// Bits.
    pub width: f64,
}

impl Default for Action {
    fn default() -> Self {
        Action { energy: 0.0, width: 1.0 }
    }
}

/// The scratchpads of a PE.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spads {
    pub ifmap: Memory,
    pub filter: Memory,
    pub psum: Memory,
}

/// A memory on the chip.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    /// Bits of an access; a word costs its share of them.
    pub width: f64,
    pub read: Cost,
    /// As much as a read, if it is not given.
    pub write: Option<Cost>,
}

/// Energy of an access.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Cost {
    /// Whatever the size of the memory.
    Flat(f64),
    /// Sizes in bytes, ascending, and the energy at each. Between two of them a power of the size; beyond them, its square root, as the
    /// length of bit lines and word lines grows.
    BySize(Vec<(f64, f64)>),
}

/// What is wrong with a table.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum TableError {
    #[error("`{field}` is {value}; an energy is zero or more")]
    Energy { field: String, value: f64 },
    #[error("`{field}.width` is {value}; it is the bits of an access, more than zero")]
    Width { field: String, value: f64 },
    #[error("`{field}` has no sizes; write an energy, or pairs of a size in bytes and an energy")]
    NoSizes { field: String },
    #[error("`{field}` has the size {size} after {before}; sizes are more than zero and ascend")]
    Sizes { field: String, size: f64, before: f64 },
}

impl Action {
    /// Of `width` bits, in proportion to them.
    fn of(&self, width: usize) -> f64 {
        self.energy * width as f64 / self.width
    }
}

impl Cost {
    /// Of an access to a memory of `bytes`.
    fn at(&self, bytes: f64) -> f64 {
        let points = match self {
            Cost::Flat(energy) => return *energy,
            Cost::BySize(points) => points,
        };
        let (first, last) = (points[0], points[points.len() - 1]);
        let root = |(size, energy): (f64, f64)| energy * (bytes / size).sqrt();
        match points.windows(2).find(|pair| (pair[0].0..=pair[1].0).contains(&bytes)) {
            _ if bytes <= first.0 => root(first),
            Some(pair) => {
                let ((low, cheap), (high, dear)) = (pair[0], pair[1]);
                let cheap = cheap.max(f64::MIN_POSITIVE);
                cheap * (dear / cheap).powf((bytes / low).ln() / (high / low).ln())
            }
            None => root(last),
        }
    }

    fn check(&self, field: &str, found: &mut Vec<TableError>) {
        let one = [(1.0, 0.0)];
        let (points, energies): (&[(f64, f64)], Vec<f64>) = match self {
            Cost::Flat(energy) => (&one, vec![*energy]),
            Cost::BySize(points) => (points, points.iter().map(|point| point.1).collect()),
        };
        if points.is_empty() {
            found.push(TableError::NoSizes { field: field.into() });
        }
        let mut before = 0.0;
        for (size, _) in points {
            if !(size.is_finite() && *size > before) {
                found.push(TableError::Sizes { field: field.into(), size: *size, before });
            }
            before = *size;
        }
        for value in energies {
            energy_in_range(field, value, found);
        }
    }
}

fn energy_in_range(field: &str, value: f64, found: &mut Vec<TableError>) {
    if !(value.is_finite() && value >= 0.0) {
        found.push(TableError::Energy { field: field.into(), value });
    }
}

fn width_in_range(field: &str, value: f64, found: &mut Vec<TableError>) {
    if !(value.is_finite() && value > 0.0) {
        found.push(TableError::Width { field: field.into(), value });
    }
}

impl Memory {
    /// Every access alike, of words of 16 bits, whatever the size.
    fn flat(energy: f64) -> Memory {
        Memory { width: 16.0, read: Cost::Flat(energy), write: None }
    }

    /// Energy of a read and of a write of a word of `width` bits in a memory of `bytes`.
    fn word(&self, width: usize, bytes: f64) -> [f64; 2] {
        [Some(&self.read), self.write.as_ref()]
            .map(|cost| cost.unwrap_or(&self.read).at(bytes) * width as f64 / self.width)
    }
}

impl EnergyTable {
    /// The costs of ISCA 2016, Table IV, in MACs of 16 bits.
    pub fn isca16() -> EnergyTable {
        let rf = Memory::flat(energy::RF);
        EnergyTable {
            source: "Chen, Emer, Sze, ISCA 2016, Table IV".into(),
            unit: "MACs".into(),
            writes: false,
            multiply: Action { energy: 1.0, width: 16.0 },
            add: Action::default(),
            rf: Spads { ifmap: rf.clone(), filter: rf.clone(), psum: rf },
            array: Action { energy: energy::ARRAY, width: 16.0 },
            glb: Memory::flat(energy::GLB),
            dram: Action { energy: energy::DRAM, width: 16.0 },
        }
    }

    /// Every problem with this table.
    pub fn check(&self) -> Result<(), Problems<TableError>> {
        let mut found = Vec::new();
        let actions = [("multiply", self.multiply), ("add", self.add), ("array", self.array), ("dram", self.dram)];
        for (field, action) in actions {
            energy_in_range(&format!("{field}.energy"), action.energy, &mut found);
            width_in_range(field, action.width, &mut found);
        }
        let memories = [
            ("rf.ifmap", &self.rf.ifmap),
            ("rf.filter", &self.rf.filter),
            ("rf.psum", &self.rf.psum),
            ("glb", &self.glb),
        ];
        for (field, memory) in memories {
            width_in_range(field, memory.width, &mut found);
            memory.read.check(&format!("{field}.read"), &mut found);
            if let Some(write) = &memory.write {
                write.check(&format!("{field}.write"), &mut found);
            }
        }
        Problems::none_of(found)
    }

    /// Energy of a plan with these counts; `zeros` is the share of ifmap words that are zero, 0 to 1.
    pub fn energy(&self, plan: &dyn Costed, counts: &Counts, zeros: f64) -> LayerEnergy {
        let (arch, accesses, memories) = (plan.arch(), plan.accesses(counts), plan.memories());
        let (word, psum) = (arch.width, arch.psum_width);
        let macs = counts.macs as f64;
        let made = match arch.zero_gating {
            true => (1.0 - zeros) * plan.macs_on_ifmap(counts),
            false => macs,
        };
        // Ifmaps and filters: reads, and what was written for them.
        let data = |memory: &Memory, bytes: f64, reads: f64, writes: f64| {
            let [read, write] = memory.word(word, bytes);
            read * reads + if self.writes { write * writes } else { 0.0 }
        };
        let both = |memory: &Memory, bytes: f64, reads: f64, writes: f64| {
            let [read, write] = memory.word(psum, bytes);
            read * reads + write * writes
        };
        // Of psums that are added to, half of the accesses are reads.
        let twice = |memory: &Memory, bytes: Option<f64>, accesses: u64| {
            let half = accesses as f64 / 2.0;
            bytes.map_or(0.0, |bytes| both(memory, bytes, half, half))
        };
        let glb_bytes = glb_bytes(arch);
        let Accesses { rf, array, accumulators, glb, dram, control, .. } = accesses;
        let link = |words: u64, width: usize| words as f64 * self.array.of(width);
        let memory = |words: u64| words as f64 * self.dram.of(word);
        LayerEnergy {
            alu: made * (self.multiply.of(word) * word as f64 / self.multiply.width + self.add.of(psum)),
            rf: Split {
                ifmap: memories.ifmap.map_or(0.0, |bytes| data(&self.rf.ifmap, bytes, macs, array.ifmap as f64)),
                filter: memories.filter.map_or(0.0, |bytes| data(&self.rf.filter, bytes, made, array.filter as f64)),
                psum: twice(&self.rf.psum, memories.psum, rf.psum),
            },
            array: Split {
                ifmap: link(array.ifmap, word),
                filter: link(array.filter, word),
                psum: link(array.psum, psum),
            },
            glb: Split {
                ifmap: data(&self.glb, glb_bytes, glb.ifmap as f64, counts.ifmap_writes as f64),
                filter: data(&self.glb, glb_bytes, glb.filter as f64, dram.filter as f64),
                psum: both(
                    &self.glb,
                    glb_bytes,
                    (counts.psum_reads + counts.psum_drains) as f64,
                    counts.psum_writes as f64,
                ) + twice(&self.glb, memories.accumulator, accumulators),
            },
            dram: Split { ifmap: memory(dram.ifmap), filter: memory(dram.filter), psum: memory(dram.psum) },
            control: memory(control),
        }
    }
}

/// Bytes of the buffer, filter staging included.
fn glb_bytes(arch: &Arch) -> f64 {
    let staging = arch.staging_lines * hw::arch::FILTER_BUS_WORDS * arch.width / 8;
    (arch.banks * hw::arch::BANK_LINES * 4 * arch.lane_width / 8 + staging) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapper::{quick_map_any, AnyPlan};
    use crate::shape::ConvShape;
    use expect_test::expect;
    use hw::{ArchSpec, Dataflow};

    fn plan(shape: ConvShape, spec: ArchSpec) -> AnyPlan {
        let arch = spec.check().unwrap();
        quick_map_any(&shape, &arch).unwrap().check(&shape, &arch).unwrap()
    }

    fn small() -> ConvShape {
        ConvShape { m: 12, c: 5, h: 14, w: 14, r: 3, s: 3, pad_h: 1, pad_w: 1, ..Default::default() }
    }

    #[test]
    fn without_gating_the_table_of_isca_2016_gives_what_the_mapper_minimises() {
        for (psum_width, dataflow) in [(16, Dataflow::Rs), (32, Dataflow::Rs), (16, Dataflow::Ws), (32, Dataflow::Ws)] {
            let plan = plan(small(), ArchSpec { dataflow, zero_gating: false, psum_width, ..Default::default() });
            let (plan, counts) = (plan.costed(), plan.costed().counts(2));
            let energy = EnergyTable::isca16().energy(plan, &counts, 0.5);
            let mapper = plan.accesses(&counts).energy(plan.psum_words());
            let table = energy.by_level();
            for (table, mapper) in [
                (table.alu, mapper.alu),
                (table.rf, mapper.rf),
                (table.array, mapper.array),
                (table.glb, mapper.glb),
                (table.dram, mapper.dram),
            ] {
                assert!((table / mapper - 1.0).abs() < 1e-12, "{table} {mapper}");
            }
            let by_type = energy.by_type();
            let types = by_type.alu + by_type.ifmap + by_type.filter + by_type.psum + by_type.control;
            assert!((types / energy.by_level().total() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn half_the_width_is_a_quarter_of_the_multiplication_and_half_of_the_data() {
        let energy = |width| {
            let plan = plan(small(), ArchSpec { width, psum_width: width, ..Default::default() });
            let counts = Counts { macs: 1000, ifmap_reads: 100, ..Counts::default() };
            EnergyTable::isca16().energy(plan.costed(), &counts, 0.0)
        };
        let (wide, narrow) = (energy(16), energy(8));
        assert_eq!(narrow.alu, wide.alu / 4.0);
        assert_eq!((narrow.glb.ifmap, narrow.rf.ifmap), (wide.glb.ifmap / 2.0, wide.rf.ifmap / 2.0));
    }

    #[test]
    fn a_cost_by_size_meets_its_points_and_goes_on_with_the_square_root() {
        let cost = Cost::BySize(vec![(16.0, 1.0), (64.0, 4.0), (256.0, 4.0)]);
        let at = [4.0, 16.0, 32.0, 64.0, 128.0, 256.0, 1024.0].map(|bytes| (cost.at(bytes) * 1e9).round() / 1e9);
        assert_eq!(at, [0.5, 1.0, 2.0, 4.0, 4.0, 4.0, 8.0]);
        assert_eq!(Cost::BySize(vec![(2.0, 0.0), (8.0, 0.0)]).at(4.0), 0.0);
    }

    #[test]
    fn every_problem_of_a_table_is_named() {
        let mut table = EnergyTable::isca16();
        table.multiply.energy = -1.0;
        table.dram.width = 0.0;
        table.rf.psum.write = Some(Cost::BySize(vec![]));
        table.glb.read = Cost::BySize(vec![(8.0, 1.0), (8.0, f64::NAN)]);
        expect![[r#"
            `multiply.energy` is -1; an energy is zero or more
            `dram.width` is 0; it is the bits of an access, more than zero
            `rf.psum.write` has no sizes; write an energy, or pairs of a size in bytes and an energy
            `glb.read` has the size 8 after 8; sizes are more than zero and ascend
            `glb.read` is NaN; an energy is zero or more"#]]
        .assert_eq(&table.check().unwrap_err().to_string());
    }
}
