//! What a plan of any dataflow costs: the one interface for whoever compares mappings or designs, or adds up energy.

use super::cost::{cost, estimate, Cost};
use super::counts::Counts;
use super::dataflows::AnyMapping;
use super::energy::{Accesses, Words};
use super::link::Link;
use super::plan::Plan;
use super::tally::tally;
use crate::shape::ConvShape;
use hw::arch::FILTER_BUS_WORDS;
use hw::Arch;

/// A plan as far as its cost goes. A dataflow implements this once; reports, energy tables and exploration know nothing else of it.
pub trait Costed {
    /// The layer.
    fn shape(&self) -> &ConvShape;
    /// The accelerator.
    fn arch(&self) -> &Arch;
    /// The choices.
    fn mapping(&self) -> AnyMapping;
    /// The time of the program, with what each part takes of it; ofmap words have `ofmap_bytes` bytes in memory.
    fn time(&self, link: &Link, ofmap_bytes: usize) -> Cost;
    /// The same by closed forms alone.
    fn quick_time(&self, link: &Link, ofmap_bytes: usize) -> Cost;
    /// What the hardware's counters show for the program, without it.
    fn counts(&self, ofmap_bytes: usize) -> Counts;
    /// Accesses at each level by what is moved, for these counts.
    fn accesses(&self, counts: &Counts) -> Accesses;
    /// MACs of these whose ifmap word exists: not those on padding.
    fn macs_on_ifmap(&self, counts: &Counts) -> f64;
    /// The memories that the accesses on the chip go to, the buffer aside.
    fn memories(&self) -> Memories;

    /// Words that a psum is wide.
    fn psum_words(&self) -> f64 {
        self.arch().psum_width as f64 / self.arch().width as f64
    }

    /// Energy with the costs of ISCA 2016, MACs.
    fn energy(&self, ofmap_bytes: usize) -> f64 {
        self.accesses(&self.counts(ofmap_bytes)).energy(self.psum_words()).total()
    }
}

/// Sizes in bytes of each of the memories on the chip, the buffer aside; none where there is no such memory.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memories {
    /// Scratchpads of a PE.
    pub ifmap: Option<f64>,
    pub filter: Option<f64>,
    pub psum: Option<f64>,
    /// A column's accumulator.
    pub accumulator: Option<f64>,
}

/// Bytes of a memory of `words` words of `bits` bits.
pub(super) fn bytes(words: usize, bits: usize) -> Option<f64> {
    Some((words * bits) as f64 / 8.0)
}

impl Costed for Plan {
    fn shape(&self) -> &ConvShape {
        &self.shape
    }

    fn arch(&self) -> &Arch {
        &self.arch
    }

    fn mapping(&self) -> AnyMapping {
        self.mapping.into()
    }

    fn time(&self, link: &Link, ofmap_bytes: usize) -> Cost {
        estimate(self, link, ofmap_bytes)
    }

    fn quick_time(&self, link: &Link, ofmap_bytes: usize) -> Cost {
        cost(self, link, ofmap_bytes)
    }

    fn counts(&self, ofmap_bytes: usize) -> Counts {
        tally(self, ofmap_bytes)
    }

    fn accesses(&self, counts: &Counts) -> Accesses {
        let (shape, mapping) = (&self.shape, &self.mapping);
        let stack = mapping.stack() as u64;
        // PEs of the passes of all strips: each takes every column that its stream sends, for each image.
        let pes = (self.strip_passes() * shape.e() * mapping.t()) as u64 * stack;
        let deliveries = pes * (mapping.q * self.all_sent_cols() * shape.n) as u64;
        let places = (self.image_groups * self.column_segments) as u64;
        let in_pes = counts.psum_writes * stack;
        Accesses {
            rf: Words { ifmap: counts.macs, filter: counts.macs, psum: 2 * (counts.macs - in_pes) },
            array: Words {
                ifmap: deliveries,
                filter: places * pes * self.filter_words() as u64,
                psum: in_pes - counts.psum_writes,
            },
            ..Accesses::outside(counts, &self.arch)
        }
    }

    fn macs_on_ifmap(&self, counts: &Counts) -> f64 {
        let psums = self.turns() as u64 * self.shape.ofmap_dims().iter().product::<usize>() as u64;
        // Of filters that do not exist there are MACs, too.
        self.shape.macs_on_ifmap() as f64 * (counts.psum_writes as f64 / psums as f64)
    }

    fn memories(&self) -> Memories {
        let arch = &self.arch;
        Memories {
            ifmap: bytes(arch.ifmap_spad, arch.width),
            filter: bytes(arch.filter_spad, arch.width),
            psum: bytes(arch.psum_spad, arch.psum_width),
            accumulator: None,
        }
    }
}

impl Accesses {
    /// MACs and the accesses outside the array, which are the same counts for all dataflows.
    pub(super) fn outside(counts: &Counts, arch: &Arch) -> Accesses {
        let word = arch.word_bytes() as u64;
        Accesses {
            macs: counts.macs,
            glb: Words {
                ifmap: counts.ifmap_reads,
                filter: FILTER_BUS_WORDS as u64 * counts.filter_bus_lines,
                psum: counts.psum_reads + counts.psum_writes + counts.psum_drains,
            },
            dram: Words {
                ifmap: counts.dram_ifmap_bytes / word,
                filter: counts.dram_filter_bytes / word,
                psum: counts.dram_write_bytes / word,
            },
            control: (counts.dram_param_bytes + counts.dram_program_bytes) / word,
            ..Accesses::default()
        }
    }
}
